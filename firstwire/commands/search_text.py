"""What a search found: as a table with the words marked, as lines that count it, and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from rich import box
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from firstwire.core.text.wording import one_line
from firstwire.index.results import SearchHit, SearchPage
from schemas.record import Span

SHOWN_ID = 8
BEFORE, AFTER = 40, 80
"""Characters around the first words of a text that make a query true."""
BARS = "▁▂▃▄▅▆▇█"


def table(hits: Sequence[SearchHit]) -> RenderableType:
    """A row for each article, with the words where they are not in the title."""
    shown = Table(box=box.SIMPLE_HEAD, padding=(0, 1, 0, 0), expand=True)
    shown.add_column("Fetched", no_wrap=True, width=len("11-29 22:17"))
    shown.add_column("Article", no_wrap=True, width=SHOWN_ID)
    shown.add_column("Outlet", no_wrap=True, width=14, overflow="ellipsis")
    shown.add_column("Title, and where else it stands", overflow="fold", ratio=1)
    for hit in hits:
        story = hit.story
        shown.add_row(
            story.fetched_at[5:16].replace("T", " "),
            Text(one_line(story.article_id)[:SHOWN_ID]),
            Text(one_line(story.source or "unknown outlet")),
            _quoted(hit),
        )
    return shown


def counts(page: SearchPage) -> list[str]:
    """How much was found, and how often a watch with that query would tell something."""
    if not page.days:
        return ["no article is on record in that time"]
    shown = "" if len(page.hits) == page.articles else f"{len(page.hits)} shown of "
    found = f"{shown}{page.articles:,} article{'' if page.articles == 1 else 's'}"
    per_day = page.messages / len(page.days)
    lines = [
        f"{found} on {len(page.days)} day{'' if len(page.days) == 1 else 's'}, from {page.days[0].day} to "
        f"{page.days[-1].day}",
        f"as a watch: {page.messages:,} message{'' if page.messages == 1 else 's'}, {per_day:.1f} a day",
    ]
    if len(page.days) > 1:
        highest = max(max(day.messages for day in page.days), 1)
        bars = "".join(BARS[day.messages * (len(BARS) - 1) // highest] for day in page.days)
        lines[-1] += f"  {bars}"
    if page.counted_since is not None:
        lines.append(f"counted since {page.counted_since}: before, too much would have to be read")
    return lines


def as_json(hit: SearchHit) -> dict[str, Any]:
    """The article without its text, and the words that make the query true."""
    story = hit.story
    kept = ("article_id", "story_id", "relation", "title", "url", "source", "author", "language", "published_at")
    return {
        **{name: getattr(story, name) for name in (*kept, "fetched_at")},
        "evidence": msgspec.to_builtins(hit.evidence),
    }


def _quoted(hit: SearchHit) -> Text:
    """The title with its words marked; and around the first words elsewhere."""
    title = _marked(hit.story.title, [span for span in hit.evidence if span.field == "title"])
    elsewhere = next((span for span in hit.evidence if span.field != "title"), None)
    if elsewhere is None:
        return title
    text: str = getattr(hit.story, elsewhere.field)
    start, end = _window(text, elsewhere)
    around = _marked(text, [elsewhere], start, end)
    return Text.assemble(title, "\n", "… " if start else "", around, " …" if end < len(text) else "")


def _window(text: str, span: Span) -> tuple[int, int]:
    """The part of a text around a span that is shown, cut between words where there are spaces."""
    start, end = max(0, span.start - BEFORE), min(len(text), span.end + AFTER)
    if start:
        start = max(start, text.find(" ", start, span.start) + 1)
    if end < len(text):
        end = max(span.end, text.rfind(" ", span.end, end)) if " " in text[span.end : end] else end
    return start, end


def _marked(text: str, spans: Sequence[Span], start: int = 0, end: int | None = None) -> Text:
    """A part of a text on one line, with spans in bold."""
    end = len(text) if end is None else end
    parts: list[Text] = []
    at = start
    for span in sorted(spans, key=lambda one: one.start):
        parts += [Text(_spaced(text[at : span.start])), Text(_spaced(text[span.start : span.end]), style="bold")]
        at = max(at, span.end)
    return Text.assemble(*parts, Text(_spaced(text[at:end])))


def _spaced(text: str) -> str:
    """Harmless, on one line, and apart from what is beside it as it was."""
    line = one_line(text)
    before = " " if line and text[:1].isspace() else ""
    after = " " if text[-1:].isspace() else ""
    return f"{before}{line}{after}"
