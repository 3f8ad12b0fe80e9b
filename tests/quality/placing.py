"""Labeled items as sentences with their acts: an annotator names the acts of an item, not the sentence of each.

An act is taken to stand in the sentence that has most of its parties, and, once there are models, in the one that they
find likeliest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.sentence import Sentence, SentenceContext
from firstwire.core.events.learned_acts import ACTIONS, FIRST, Likelihoods, Named, likeliest_status
from firstwire.core.events.reading import sentences_of
from tests.quality.reading_sets import Item, LabeledAct
from tests.support.knowledge import shipped_gazetteer


@dataclass
class Read:
    """A sentence as the models see it: `names` may be parties, `looked` is what else they take."""

    sentence: Sentence
    names: Sequence[Named]
    looked: Any = None
    tells_rank: bool = False


@dataclass
class ReadItem:
    item: Item
    sentences: list[Read]

    @property
    def year(self) -> int:
        return int((self.item.article.published_at or self.item.article.fetched_at)[:4])


@dataclass
class PlacedAct:
    """An act, or a FIRST, with the part that each name of its sentence has in it."""

    action: str
    status: str | None
    """None: not known."""
    parts: list[str]


@dataclass
class LabeledSentence:
    read: Read
    acts: list[PlacedAct] = field(default_factory=list)
    open: set[str] = field(default_factory=set)
    """Acts of which nobody knows whether the sentence tells them."""

    def told(self) -> set[str]:
        return {act.action for act in self.acts}


_ALIKE_FROM, _ENDING = 4, 3
"""Letters that a name and its adjective share at least, and that one has more than the other at most."""
TOLD_AGAIN_AT = 0.5
"""Least probability, by the models before, that a sentence tells an act of its item again."""
OPEN_FROM = 0.1
"""From here on up to there it may, and counts for nothing."""

Likely = Callable[[Read], Likelihoods]
"""What models make of a sentence."""


def _is_alike(one: str, other: str) -> bool:
    """Whether two words are the same, or a name and its adjective."""
    shorter, longer = sorted((one, other), key=len)
    common = len(shorter) - 1
    is_long = common >= _ALIKE_FROM and len(longer) - len(shorter) <= _ENDING
    return one == other or (is_long and longer.startswith(shorter[:common]))


class Placing:
    """Puts the acts of items into their sentences."""

    def __init__(self, likely: Likely | None = None) -> None:
        self.gazetteer: Gazetteer = shipped_gazetteer()
        self.likely = likely

    def ids(self, names: Iterable[str]) -> set[str]:
        return {self.id_of(name) for name in names}

    def id_of(self, name: str) -> str:
        found = self.gazetteer.named(name) or self.gazetteer.named(name.title())
        return found.id if found is not None else "-".join(name.lower().replace("'", "").split())

    def names(self, entity_id: str, wanted: set[str]) -> bool:
        """Whether an entity is one of those wanted; an unlisted one may share most of its words, or their beginnings:
        "Arcadian"."""
        if entity_id in wanted:
            return True
        words = entity_id.split("-")
        for one in wanted:
            others = one.split("-")
            shared = sum(any(_is_alike(word, other) for other in others) for word in words)
            if self.gazetteer.entity(one) is None and shared >= max(1, min(len(words), len(others)) - 1):
                return True
        return False

    def parts(self, read: Read, act: LabeledAct, actors: set[str], targets: set[str]) -> list[str]:
        """The part of every name in an act of its sentence."""
        return [self._part(name.entity.id, actors, targets) for name in read.names]

    def likely_of(self, one: ReadItem) -> list[Likelihoods | None]:
        return [self.likely(read) if self.likely is not None else None for read in one.sentences]

    def labeled(self, one: ReadItem) -> list[LabeledSentence]:
        found = [LabeledSentence(read) for read in one.sentences]
        likely = self.likely_of(one)
        for act, is_background in (*((a, False) for a in one.item.acts), *((a, True) for a in one.item.background)):
            if act.action not in ACTIONS:
                continue
            actors, targets = self.ids(act.actors), self.ids(act.targets)
            place = self._place_of(one, act, actors | targets, likely, is_background=is_background)
            if place is not None:
                status = "historical" if is_background and act.status == "asserted" else act.status
                parts = self.parts(found[place].read, act, actors, targets)
                found[place].acts.append(PlacedAct(act.action, status, parts))
        for at, act in self._firsts(one, likely).items():
            parts = self.parts(found[at].read, act, self.ids(act.actors), set())
            found[at].acts.append(PlacedAct(FIRST, act.status, parts))
        return found

    def _part(self, entity_id: str, actors: set[str], targets: set[str]) -> str:
        if entity_id in actors:
            return "actor"
        return "target" if self.names(entity_id, targets) else "actor" if self._acts(entity_id, actors) else "none"

    def _acts(self, entity_id: str, actors: set[str]) -> bool:
        """Whether an unlisted name is that of an actor."""
        return self.gazetteer.entity(entity_id) is None and self.names(entity_id, actors)

    def _firsts(self, one: ReadItem, likely: list[Likelihoods | None]) -> dict[int, LabeledAct]:
        """The sentences that tell a nation's first, with what is first in them."""
        found = {}
        for act in one.item.acts:
            if act.ordinal != 1 or (act.status == "asserted" and not one.item.tells_first):
                continue
            wanted = self.ids(act.actors)
            known = [entity for each in wanted if (entity := self.gazetteer.entity(each)) is not None]
            if not one.item.tells_first and not any(entity.kind in {"nation", "organization"} for entity in known):
                continue
            worths = []
            for at, (read, told) in enumerate(zip(one.sentences, likely, strict=True)):
                worth = self._count(read, wanted) + 2.0 * read.tells_rank
                worths.append((worth if told is None else worth + 3 * told.first(), -at))
            if worths:
                found[-max(worths)[1]] = act
        return found

    def _place_of(
        self,
        one: ReadItem,
        act: LabeledAct,
        wanted: set[str],
        likely: list[Likelihoods | None],
        *,
        is_background: bool,
    ) -> int | None:
        best: tuple[float, int] | None = None
        for at, (read, told) in enumerate(zip(one.sentences, likely, strict=True)):
            worth = float(self._count(read, wanted))
            if told is not None:
                worth += 2 * told.acts().get(act.action, 0.0)
            if is_background and read.sentence.field == "title":
                worth -= 1
            if worth > 0 and (best is None or (worth, -at) > (best[0], -best[1])):
                best = (worth, at)
        return best[1] if best is not None else None

    def _count(self, read: Read, wanted: set[str]) -> int:
        return len({name.entity.id for name in read.names if self.names(name.entity.id, wanted)})


class AgainPlacing(Placing):
    """As the others; acts that are told again by other sentences are told there, too, by what models make of them."""

    def labeled(self, one: ReadItem) -> list[LabeledSentence]:
        found = super().labeled(one)
        likely = self.likely_of(one)
        for act, is_background in (*((a, False) for a in one.item.acts), *((a, True) for a in one.item.background)):
            actors, targets = self.ids(act.actors), self.ids(act.targets)
            for sentence, told in zip(found, likely, strict=True):
                if act.action not in ACTIONS or act.action in sentence.told() or told is None:
                    continue
                probability = told.acts()[act.action]
                parts = self.parts(sentence.read, act, actors, targets)
                if probability < OPEN_FROM:
                    continue
                if probability < TOLD_AGAIN_AT or "actor" not in parts:
                    sentence.open.add(act.action)
                    continue
                status = "historical" if is_background and act.status == "asserted" else act.status
                agrees = likeliest_status(told.statuses(act.action)) == status or status == "asserted"
                sentence.acts.append(PlacedAct(act.action, status if agrees else None, parts))
        return found


def english_sentences(item: Item, gazetteer: Gazetteer) -> list[tuple[Sentence, SentenceContext]]:
    return list(sentences_of(item.article, gazetteer))
