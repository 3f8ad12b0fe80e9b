"""`python -m tests.quality.alert_scores BATCH …`: how labeled items are read, by what deserves an alert.

A batch is one of `reading_sets` ("train-83") or `language_sets` ("pl-1"), or a file of such lines. An item counts for a
recognition, another act between states, or a nation's first if an editor should be told of it; what editors could see
either way is left out. `--errors` shows the items that are read wrongly, `--encoder FILE` reads English with another
encoder. A score is a first one only for a batch that neither models nor rules have seen.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from firstwire.core.events.detection import DetectedEvent, detect_events
from firstwire.core.events.learned_acts import FAMILIES
from firstwire.core.events.parties import bodies_of
from firstwire.core.events.reading import ReadingKnowledge
from firstwire.core.text.word_lists import word_set
from firstwire.files.encoder import EnglishEncoder
from firstwire.files.reading_models import load_reading
from tests.quality import language_sets, reading_sets
from tests.quality.reading_sets import Item
from tests.support.knowledge import shipped_gazetteer

KINDS = ("recognitions", "other acts", "firsts")
RELATIONS = word_set(
    "establish_relations restore_relations upgrade_relations downgrade_relations suspend_relations sever_relations "
    "open_embassy close_embassy accredit_ambassador expel_ambassador recall_ambassador summon_ambassador "
    "impose_sanctions lift_sanctions delist_terror"
)
Counts = Counter[tuple[str, str]]
"""By kind and result: "hit", "false", "missed", and the first two of those that are sure."""


def items_of(batch: str) -> list[Item]:
    if Path(batch).exists():
        rows = (json.loads(line) for line in Path(batch).read_text(encoding="utf-8").splitlines())
        return [language_sets.item_in(row) if "language" in row else reading_sets.item_of(row) for row in rows]
    return reading_sets.load_items(batch) if batch in reading_sets.BATCHES else language_sets.load_items(batch)


def told(events: Iterable[DetectedEvent]) -> dict[str, bool]:
    """The kinds of which an alert would be raised; whether it is sure."""
    found: dict[str, bool] = {}
    for event in events:
        bodies = bodies_of(event.actors)
        if event.status != "asserted" or not bodies:
            continue
        for kind, is_told in (
            ("recognitions", event.action in FAMILIES["recognition"] and bool(event.targets)),
            ("other acts", event.action in RELATIONS and bool(event.targets)),
            ("firsts", event.claims_first and any(one.kind == "nation" for one in bodies)),
        ):
            if is_told:
                found[kind] = found.get(kind, False) or event.certainty == "sure"
    return found


def scored(items: Iterable[Item], reading: ReadingKnowledge, *, shows_errors: bool = False) -> Counts:
    counts: Counts = Counter()
    for item in items:
        if item.is_debatable:
            continue
        events = detect_events(item.article, shipped_gazetteer(), reading).events
        got = told(events)
        for kind, is_wanted in zip(KINDS, item.alerts, strict=True):
            if not (kind in got or is_wanted):
                continue
            result = "missed" if kind not in got else "hit" if is_wanted else "false"
            counts[kind, result] += 1
            if got.get(kind):
                counts[kind, f"sure {result}"] += 1
            if shows_errors and result != "hit":
                print(f"{result}: {kind} · {item.article.title} · {item.article.summary}")
                for event in events:
                    parties = [[each.id for each in side] for side in (event.actors, event.targets)]
                    print(f"    {event.action} {parties} {event.reason} · {event.certainty}")
    return counts


def as_lines(name: str, counts: Counts) -> Iterator[str]:
    """Precision and recall, and those of what is sure."""
    for kind in KINDS:
        wanted = counts[kind, "hit"] + counts[kind, "missed"]
        parts = []
        for before in ("", "sure "):
            hits, false = counts[kind, f"{before}hit"], counts[kind, f"{before}false"]
            parts.append(f"{hits / max(1, hits + false):.3f} / {hits / max(1, wanted):.3f}")
        yield f"{name:10} {kind:13} {parts[0]}  sure {parts[1]}  of {wanted}, {counts[kind, 'false']} false"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("batches", nargs="+")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--encoder", type=Path)
    given = parser.parse_args()
    reading = load_reading()
    if given.encoder is not None:
        reading.encoder = EnglishEncoder(given.encoder)
    every: Counts = Counter()
    for batch in given.batches:
        counts = scored(items_of(batch), reading, shows_errors=given.errors)
        every += counts
        print(*as_lines(Path(batch).stem, counts), sep="\n", flush=True)
    print(*as_lines("all", every), sep="\n")


if __name__ == "__main__":
    main()
