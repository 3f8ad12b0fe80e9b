"""Events as they are detected in a text of a known day, with their evidence checked."""

from __future__ import annotations

from firstwire.core.events.detection import DetectedEvent, Detection, detect_events
from firstwire.core.events.reading import ReadingKnowledge
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

DAY = "2031-05-14"  # a Wednesday


def detect(
    title: str,
    *,
    summary: str = "",
    body: str = "",
    language: str = "en",
    tags: tuple[str, ...] = (),
    is_dated: bool = True,
    reading: ReadingKnowledge | None = None,
) -> Detection:
    moment = f"{DAY}T09:00:00.000Z"
    article = ArticleText(
        article_id="a",
        title=title,
        summary=summary,
        body=body,
        language=language,
        publisher_tags=tags,
        published_at=moment if is_dated else None,
        fetched_at=moment,
    )
    detection = detect_events(article, shipped_gazetteer(), reading or load_reading())
    for event in detection.events:
        for span in event.evidence:
            assert getattr(article, span.field)[span.start : span.end] == span.text
    return detection


def told(event: DetectedEvent) -> tuple[str, list[str], list[str], str]:
    return event.action, [each.id for each in event.actors], [each.id for each in event.targets], event.status


def only(title: str, action: str = "recognize", *, is_dated: bool = True) -> DetectedEvent:
    (event,) = [event for event in detect(title, is_dated=is_dated).events if event.action == action]
    return event
