"""Labeled news items about acts between states and firsts, written for the purpose by annotators who had never seen the
product.

A line of `train-…` is an item: its texts, its date, and its `label`: the acts that it tells, the acts that are its
background, and whether somebody who asked for recognitions, for relations or for firsts by nations should be told. A
line of `natural-…` is the label of a sentence of the shared data, which stays there: its source and the beginning of
its SHA-1.
"""

from __future__ import annotations

import csv
import hashlib
import json
import lzma
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from firstwire.core.text.sentences import split_sentences
from schemas.article import ArticleText
from tests.support.shared_data import DATA, WIRE

FOLDER = Path(__file__).parent
BATCHES = tuple(sorted(path.name.removesuffix(".jsonl.xz") for path in FOLDER.glob("train-*.jsonl.xz")))
"""What models are fitted on: a blind batch from its first score on."""
NATURAL = ("natural-1", "natural-2", "natural-3", "natural-4", "natural-5")
"""The same as the first, where the shared data is."""
SENTENCES_DRAWN = {"wire": 3, "web": 5}
"""The first sentences of a text, from which labeled ones were drawn."""


@dataclass(frozen=True)
class LabeledAct:
    action: str
    actors: tuple[str, ...]
    """Names, as an annotator writes them."""
    targets: tuple[str, ...]
    status: str
    ordinal: int | None = None


@dataclass(frozen=True)
class Item:
    article: ArticleText
    acts: tuple[LabeledAct, ...]
    background: tuple[LabeledAct, ...]
    alerts: tuple[bool, bool, bool]
    """Of recognitions, of relations, of firsts by nations."""
    is_debatable: bool

    @property
    def tells_first(self) -> bool:
        return self.alerts[2]


def load_english(without: Sequence[str] = ()) -> dict[str, list[Item]]:
    """All labeled items in English, by batch. Raises FileNotFoundError without the shared data."""
    found = {batch: load_items(batch) for batch in BATCHES if batch not in without}
    found |= {batch: load_natural(batch) for batch in NATURAL if batch not in without}
    return found | {"portal": load_portal(), "portal-firsts": load_portal_firsts()}


def load_items(batch: str) -> list[Item]:
    with lzma.open(FOLDER / f"{batch}.jsonl.xz", "rt", encoding="utf-8") as lines:
        return [item_of(json.loads(line)) for line in lines]


def load_natural(batch: str) -> list[Item]:
    """Raises FileNotFoundError without the shared data."""
    found = []
    for line in (FOLDER / f"{batch}.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        texts = _texts()[row["source"]]
        text = next(
            each for each in texts if hashlib.sha1(each.encode(), usedforsecurity=False).hexdigest()[:12] == row["sha1"]
        )
        found.append(item_of({**row, "title": text}))
    return found


def load_portal() -> list[Item]:
    """The labeled recognitions of the shared data, of which each names its main act alone."""
    found = []
    with (DATA / "recognition" / "wce_2002_2019.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            is_act = row["event"] not in {"none", "other"}
            act = {"action": row["event"], **{key: row[key] for key in ("actors", "targets", "status")}}
            label = {
                "acts": [act] if is_act else [],
                "alert_recognition": row["alert_recognition"],
                "alert_relation": is_act and row["event"] != "recognize" and row["status"] == "asserted",
                "alert_first_nation": row["alert_first"],
            }
            found.append(item_of({"id": row["id"], "title": row["text"], "date": row["date"], "label": label}))
    return found


def load_portal_firsts() -> list[Item]:
    """The labeled claims of rank of the shared data, without "first since": it is a first there, and nowhere else."""
    found = []
    with (DATA / "recognition" / "wce_first_2002_2019.jsonl").open(encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            if "since" in row["text"].lower():
                continue
            act = {
                "action": "other",
                "actors": (row["actor"] or "").split("; "),
                "targets": [],
                "status": row["status"],
                "ordinal": 1 if row["claims_first"] else row["ordinal"],
            }
            is_first = row["alert_first_nation"]
            label = {
                "acts": [act] if row["claim"] and row["status"] else [],
                "alert_recognition": False,
                "alert_relation": False,
                "alert_first_nation": is_first,
                "debatable": "debatable" in (row["note"] or ""),
            }
            found.append(item_of({"id": row["id"], "title": row["text"], "date": row["date"], "label": label}))
    return found


def shared_sentences() -> Iterator[str]:
    """Every first sentence of the shared data."""
    for texts in _texts().values():
        yield from texts


@cache
def _texts() -> dict[str, list[str]]:
    """The sentences of the shared data by source: `daily:LINE`, `wire:FILE:STORY`, `web:BODY`."""
    found: dict[str, list[str]] = {}
    with (DATA / "replay" / "daily_news_2015_2019.jsonl").open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            found[f"daily:{number}"] = [json.loads(line)["text"]]
    for file in sorted(WIRE.glob("*.json")):
        for number, story in enumerate(json.loads(file.read_text(encoding="utf-8"))):
            pieces = [story.get("title") or "", *_sentences(story.get("body") or "", "wire")]
            found[f"wire:{file.name[-8:]}:{number}"] = [" ".join(piece.split()) for piece in pieces]
    csv.field_size_limit(1 << 30)
    with (DATA / "near-duplicates" / "web_articles.csv").open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            pieces = list(_sentences(row["articleBody"], "web"))
            found.setdefault(f"web:{row['Body ID']}", []).extend(" ".join(piece.split()) for piece in pieces)
    return found


def _sentences(text: str, source: str) -> Iterator[str]:
    for start, end in split_sentences(text, SENTENCES_DRAWN[source] + 1)[: SENTENCES_DRAWN[source]]:
        yield text[start:end]


def item_of(row: dict[str, Any]) -> Item:
    label = row["label"]
    moment = f"{row['date']}T12:00:00.000Z"
    return Item(
        article=ArticleText(
            article_id=row["id"],
            title=row["title"],
            summary=row.get("summary", ""),
            body=row.get("body", ""),
            language="en",
            publisher_tags=(),
            published_at=moment,
            fetched_at=moment,
        ),
        acts=tuple(_acts(label["acts"])),
        background=tuple(_acts(label.get("background") or [])),
        alerts=(label["alert_recognition"], label["alert_relation"], label["alert_first_nation"]),
        is_debatable=bool(label.get("debatable")),
    )


def _acts(rows: list[dict[str, Any]]) -> list[LabeledAct]:
    return [
        LabeledAct(row["action"], tuple(row["actors"]), tuple(row["targets"]), row["status"], row.get("ordinal"))
        for row in rows
        if row.get("status")
    ]
