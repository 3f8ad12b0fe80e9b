"""Precision and recall of recognition alerts and of first-nation alerts, on labelled news items."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.unlisted_names import unknown_entity
from firstwire.core.events.detection import DetectedEvent, Detection, detect_events
from firstwire.files.reading_models import load_reading
from schemas.article import ArticleText
from tests.support.knowledge import shipped_gazetteer

TITLE = "Recognition of governments and states, and firsts"
TOLD = """397 and 343 labelled items of 2002 to 2019, half of them hard negatives. The sets were looked at while
detection was written, and both are among what the learned reading is fitted on, so other news will do worse: first
scores of news not seen before are in [events](events.md#how-well-it-reads)."""

ROOT = Path(__file__).resolve().parents[2]
OTHER_NAMES = {
    "czech-republic": "czechia",
    "macedonia": "north-macedonia",
    "sahrawi-arab-democratic-republic": "western-sahara",
    "cote-d-ivoire": "ivory-coast",
    "jerusalem-as-capital-of-israel": "jerusalem",
    "west-jerusalem-as-capital-of-israel": "jerusalem",
    "israeli-sovereignty-over-the-golan-heights": "golan-heights",
}
FALSE_ALARM_ITEMS = 10_000
ALARMS = Path(__file__).resolve().parent / "alarms_judged.csv"
"""Alerts in daily news, read by hand: line number, kind, right or wrong, why."""
ERRORS = Path(__file__).resolve().parent / "recognition_errors.csv"
"""Every wrong item read by hand: id, what, why, whether it can be mended. Never its text."""


def report(data: Path, errors: bool) -> Iterator[str]:
    """Alerts on recognition, alerts on firsts, and alarms in daily news; with `errors` every wrong item."""
    folder = data / "recognition"
    if not folder.is_dir():
        yield f"data missing: {folder}"
        return
    gazetteer = shipped_gazetteer()
    yield "| | precision | recall | hit, false, missed |"
    yield "|---|---|---|---|"
    wrong: list[tuple[str, str]] = []
    recognitions = _read(folder / "wce_2002_2019.jsonl")
    firsts = _read(folder / "wce_first_2002_2019.jsonl")
    yield from measure_recognition(gazetteer, recognitions, errors, wrong)
    yield from measure_firsts(gazetteer, firsts, errors, wrong)
    yield ""
    yield "| alerts by certainty | precision | share | hit, false |"
    yield "|---|---|---|---|"
    yield from by_certainty("recognition", gazetteer, recognitions, "alert_recognition", alerting)
    yield from by_certainty("first-nation", gazetteer, firsts, "alert_first_nation", first_alerting)
    yield ""
    yield from classified(wrong)
    stream = data / "replay" / "daily_news_2015_2019.jsonl"
    if not stream.exists():
        yield f"data missing: {stream}"
        return
    yield ""
    yield from alarms(gazetteer, stream, errors)


def classified(wrong: list[tuple[str, str]]) -> Iterator[str]:
    """Every error with what is known of it, by the item's id; new ones say that nobody has looked at them yet."""
    with ERRORS.open(encoding="utf-8", newline="") as rows:
        known = {row["id"]: row for row in csv.DictReader(rows)}
    yield "| error | what | why | fixable |"
    yield "|---|---|---|---|"
    for item_id, what in wrong:
        row = known.get(item_id, {"why": "not looked at yet", "fixable": ""})
        yield f"| {item_id} | {what} | {row['why']} | {row['fixable']} |"


def measure_recognition(
    gazetteer: Gazetteer, items: list[dict[str, Any]], errors: bool, wrong: list[tuple[str, str]]
) -> Iterator[str]:
    counts: Counter[str] = Counter()
    status_right = status_all = actors_right = targets_right = 0
    shown: list[str] = []
    for item in items:
        detection = _detect(gazetteer, item["text"], item["date"])
        found = alerting(detection)
        kind = _kind(bool(found), item["alert_recognition"])
        counts[kind] += 1
        faults = [f"{kind} alert"] if kind in ("false", "missed") else []
        if kind == "hit":
            has_actors = _ids(item["actors"]) <= {entity.id for event in found for entity in event.actors}
            has_target = bool(_ids(item["targets"]) & {entity.id for event in found for entity in event.targets})
            actors_right += has_actors
            targets_right += has_target
            faults += [name for name, is_right in (("actors", has_actors), ("target", has_target)) if not is_right]
        same = [event for event in detection.events if event.action == "recognize"]
        if item["event"] == "recognize" and same:
            is_right = item["status"] in {event.status for event in same}
            status_all += 1
            status_right += is_right
            faults += [] if is_right else ["status"]
        if faults:
            wrong.append((item["id"], ", ".join(faults)))
        if errors and faults:
            shown += _shown(", ".join(faults), item, detection)
    yield _row("recognition alerts", counts)
    yield f"| status, where recognition was found | {status_right}/{status_all} | | |"
    yield f"| all actors found, of the hits | {actors_right}/{counts['hit']} | | |"
    yield f"| target found, of the hits | {targets_right}/{counts['hit']} | | |"
    yield from shown


def measure_firsts(
    gazetteer: Gazetteer, items: list[dict[str, Any]], errors: bool, wrong: list[tuple[str, str]]
) -> Iterator[str]:
    counts: Counter[str] = Counter()
    strict: Counter[str] = Counter()
    claims: Counter[str] = Counter()
    shown: list[str] = []
    for item in items:
        detection = _detect(gazetteer, item["text"], item["date"])
        kind = _kind(bool(first_alerting(detection)), item["alert_first_nation"])
        counts[kind] += 1
        strict[kind] += "debatable" not in (item["note"] or "")
        claims[_kind(any(event.ordinal is not None for event in detection.events), item["claim"])] += 1
        if kind in ("false", "missed"):
            wrong.append((item["id"], f"{kind} first"))
            shown += _shown(f"{kind} first", item, detection) if errors else []
    yield _row("first-nation alerts", counts)
    yield _row("the same without the debatable", strict)
    yield _row("claims of any kind", claims)
    yield from shown


def by_certainty(
    name: str,
    gazetteer: Gazetteer,
    items: list[dict[str, Any]],
    wanted: str,
    alerts: Callable[[Detection], list[DetectedEvent]],
) -> Iterator[str]:
    """Precision of the items whose best reading is sure, and of those that only unsure readings would raise."""
    counts: dict[str, Counter[str]] = {"sure": Counter(), "unsure": Counter()}
    for item in items:
        found = alerts(_detect(gazetteer, item["text"], item["date"]))
        if found:
            best = min(event.certainty for event in found)  # "sure" sorts before "unsure"
            counts[best][_kind(True, item[wanted])] += 1
    total = sum(each.total() for each in counts.values())
    for certainty, count in counts.items():
        precision, share = count["hit"] / max(1, count.total()), count.total() / max(1, total)
        yield f"| {name}, {certainty} | {precision:.3f} | {share:.3f} | {count['hit']}, {count['false']} |"


def alarms(gazetteer: Gazetteer, stream: Path, show: bool) -> Iterator[str]:
    with ALARMS.open(encoding="utf-8", newline="") as rows:
        judged = {(row["line"], row["kind"]): row["judged"] for row in csv.DictReader(rows)}
    counts: dict[str, Counter[str]] = {"recognition": Counter(), "first": Counter()}
    with stream.open(encoding="utf-8") as lines:
        for number, line in enumerate(islice(lines, FALSE_ALARM_ITEMS), start=1):
            item = json.loads(line)
            detection = _detect(gazetteer, item["text"], item["date"])
            for kind, found in (("recognition", alerting(detection)), ("first", first_alerting(detection))):
                if found:
                    counts[kind][judged.get((str(number), kind), "not read yet")] += 1
                    if show:
                        yield from _shown(f"{kind} alarm in line {number}", item, detection)
    yield f"Alerts in {FALSE_ALARM_ITEMS:,} items of daily news, most of them on other matters, each read and judged:"
    yield ""
    for kind, found_of in counts.items():
        told = ", ".join(f"{count} {verdict}" for verdict, count in sorted(found_of.items()))
        yield f"- {kind}: {found_of.total()}; {told}"


def alerting(detection: Detection) -> list[DetectedEvent]:
    return [
        event
        for event in detection.events
        if event.action == "recognize" and event.status == "asserted" and event.actors and event.targets
    ]


def first_alerting(detection: Detection) -> list[DetectedEvent]:
    return [
        event
        for event in detection.events
        if event.claims_first and event.status == "asserted" and any(actor.kind == "nation" for actor in event.actors)
    ]


def _detect(gazetteer: Gazetteer, text: str, day: str) -> Detection:
    moment = f"{day}T12:00:00.000Z"
    article = ArticleText(article_id="1", title=text, language="en", published_at=moment, fetched_at=moment)
    return detect_events(article, gazetteer, load_reading())


def _ids(names: list[str]) -> set[str]:
    ids = {unknown_entity(name, "other").id for name in names}
    return {OTHER_NAMES.get(entity_id, entity_id) for entity_id in ids}


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _kind(found: bool, wanted: bool) -> str:
    if wanted:
        return "hit" if found else "missed"
    return "false" if found else "silent"


def _row(name: str, counts: Counter[str]) -> str:
    precision = counts["hit"] / max(1, counts["hit"] + counts["false"])
    recall = counts["hit"] / max(1, counts["hit"] + counts["missed"])
    return f"| {name} | {precision:.3f} | {recall:.3f} | {counts['hit']}, {counts['false']}, {counts['missed']} |"


def _shown(what: str, item: dict[str, Any], detection: Detection) -> Iterator[str]:
    yield f"{what.upper()} {item['date']} {item.get('status')} {item.get('note')}\n    {item['text'][:420]}"
    for event in detection.events:
        actors, targets = [each.id for each in event.actors], [each.id for each in event.targets]
        yield f"      {event.action} {actors} → {targets} {event.reason} {event.ordinal} {event.ordinal_scope}"
