"""Precision and recall of recognition alerts and of first-nation alerts, on labelled news items.

Run from the repository root: `PYTHONPATH=. .venv/bin/python tests/quality/recognition.py [--data DIR] [--errors]`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from firstwire.catalog import load_entities
from firstwire.core.events.detection import DetectedEvent, Detection, detect_events
from firstwire.core.events.entities import Gazetteer
from firstwire.core.events.objects import unknown_entity
from schemas.article import ArticleText

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


def main() -> None:
    options = _options()
    folder = options.data / "recognition"
    if not folder.is_dir():
        print(f"data missing: {folder}")
        return
    gazetteer = load_entities([ROOT / "seeds" / "entities.yaml"])
    measure_recognition(gazetteer, _read(folder / "wce_2002_2019.jsonl"), options.errors)
    measure_firsts(gazetteer, _read(folder / "wce_first_2002_2019.jsonl"), options.errors)
    stream = options.data / "replay" / "daily_news_2015_2019.jsonl"
    if stream.exists():
        list_alarms(gazetteer, stream, options.alarms)


def measure_recognition(gazetteer: Gazetteer, items: list[dict[str, Any]], errors: bool) -> None:
    counts = {"hit": 0, "false": 0, "missed": 0}
    status_right = status_all = actors_right = targets_right = firsts_false = 0
    for item in items:
        detection = _detect(gazetteer, item["text"], item["date"])
        found = alerting(detection)
        wanted = item["alert_recognition"]
        firsts_false += any(
            event.claims_first and event.action == "recognize" and not event.ordinal_scope for event in found
        )
        if wanted:
            counts["hit" if found else "missed"] += 1
            if found:
                actors_right += _ids(item["actors"]) <= {entity.id for event in found for entity in event.actors}
                targets_right += bool(
                    _ids(item["targets"]) & {entity.id for event in found for entity in event.targets}
                )
        elif found:
            counts["false"] += 1
        if item["event"] == "recognize":
            same = [event for event in detection.events if event.action == "recognize"]
            if same:
                status_all += 1
                status_right += item["status"] in {event.status for event in same}
        if errors and bool(found) != wanted:
            _show("FALSE" if found else "MISSED", item, detection)
    _print("recognition alerts", counts)
    hits = max(1, counts["hit"])
    print(f"  status {status_right}/{status_all}   actors {actors_right}/{hits}   targets {targets_right}/{hits}")
    print(f"  false first-of-all claims among the asserted: {firsts_false}")


def measure_firsts(gazetteer: Gazetteer, items: list[dict[str, Any]], errors: bool) -> None:
    counts = {"hit": 0, "false": 0, "missed": 0}
    claims = {"hit": 0, "false": 0, "missed": 0}
    strict = {"hit": 0, "false": 0, "missed": 0}
    for item in items:
        detection = _detect(gazetteer, item["text"], item["date"])
        found = bool(first_alerting(detection))
        wanted = item["alert_first_nation"]
        kind = "hit" if wanted and found else "missed" if wanted else "false" if found else ""
        if kind:
            counts[kind] += 1
            note = item["note"] or ""
            if "debatable" not in note:
                strict[kind] += 1
        claimed = any(event.ordinal is not None for event in detection.events)
        claim_kind = "hit" if item["claim"] and claimed else "missed" if item["claim"] else "false" if claimed else ""
        if claim_kind:
            claims[claim_kind] += 1
        if errors and found != wanted:
            _show("FALSE first" if found else "MISSED first", item, detection)
    _print("first-nation alerts", counts)
    _print("  without the debatable", strict)
    _print("claims of any kind by known actors", claims)


def list_alarms(gazetteer: Gazetteer, stream: Path, show: bool) -> None:
    recognized = ranked = 0
    with stream.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number == FALSE_ALARM_ITEMS:
                break
            item = json.loads(line)
            detection = _detect(gazetteer, item["text"], item["date"])
            if alerting(detection):
                recognized += 1
            if first_alerting(detection):
                ranked += 1
            if show and (alerting(detection) or first_alerting(detection)):
                _show("ALARM", item, detection)
    print(
        f"of {FALSE_ALARM_ITEMS:,} items of daily news: {recognized} recognition alerts, {ranked} first-nation alerts"
    )


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
    return detect_events(article, gazetteer)


def _ids(names: list[str]) -> set[str]:
    ids = {unknown_entity(name, "other").id for name in names}
    return {OTHER_NAMES.get(entity_id, entity_id) for entity_id in ids}


def _read(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _print(name: str, counts: dict[str, int]) -> None:
    precision = counts["hit"] / max(1, counts["hit"] + counts["false"])
    recall = counts["hit"] / max(1, counts["hit"] + counts["missed"])
    print(f"{name}: precision {precision:.3f}  recall {recall:.3f}  {counts}")


def _show(what: str, item: dict[str, Any], detection: Detection) -> None:
    print(f"{what} {item['date']} {item.get('status')} {item.get('note')}\n    {item['text'][:420]}")
    for event in detection.events:
        actors, targets = [each.id for each in event.actors], [each.id for each in event.targets]
        print(f"      {event.action} {actors} → {targets} {event.reason} {event.ordinal} {event.ordinal_scope}")


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data")
    parser.add_argument("--errors", action="store_true", help="show every wrong item")
    parser.add_argument("--alarms", action="store_true", help="show every alert of the daily news")
    return parser.parse_args()


if __name__ == "__main__":
    main()
