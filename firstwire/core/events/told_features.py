"""What decides whether an act or first that was read without a parse is told: how likely its parts are, and the words.

The model that weighs it is fitted on what the others read in items that they were not fitted on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from firstwire.core.events.learned_acts import FAMILIES, FIRST, LearnedAct, LearnedFirst
from firstwire.core.events.parties import bodies_of
from firstwire.core.events.unparsed_sentence import UnparsedSentence
from firstwire.core.language.linear_models import log_odds
from firstwire.core.language.word_classes import STANDINGS
from schemas.record import Entity

KINDS = ("recognition", "relations", "firsts")
_LEAST = 0.005
"""Of a probability, so that its logarithm stays small."""
_MANY = 3


@dataclass(frozen=True)
class ReadAct:
    """An act of a sentence, or its first, as the first models see it."""

    action: str
    probability: float
    statuses: Mapping[str, float]
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    sides: tuple[float, float]
    at: int
    """The position of the word that tells it."""
    looked: UnparsedSentence

    @property
    def kind(self) -> str:
        if self.action == FIRST:
            return "firsts"
        return "recognition" if self.action in FAMILIES["recognition"] else "relations"

    @property
    def is_of_bodies(self) -> bool:
        """Whether a state or organization does it, and somebody is recognized."""
        return bool(bodies_of(self.actors)) and (bool(self.targets) or self.kind != "recognition")


def act_of(act: LearnedAct, looked: UnparsedSentence) -> ReadAct:
    actors, targets = (_without_phrases(side, looked) for side in (act.actors, act.targets))
    if act.action in FAMILIES["recognition"]:
        targets = tuple(each for each in targets if not looked.is_seat(each, targets)) or targets
    return ReadAct(act.action, act.act_probability, act.statuses, actors, targets, act.sides, act.at, looked)


def _without_phrases(parties: tuple[Entity, ...], looked: UnparsedSentence) -> tuple[Entity, ...]:
    """The parties without phrases beside names: "the government in Moscow" is Russia."""
    phrases = {each.entity.id for each in looked.candidates if each.origin == "body"}
    return tuple(each for each in parties if each.id not in phrases) or parties


def first_of(first: LearnedFirst, looked: UnparsedSentence) -> ReadAct:
    sides = (first.actor_probability, 0.0)
    return ReadAct(FIRST, first.probability, first.statuses, first.actors, (), sides, looked.word_of(FIRST), looked)


def told_features(act: ReadAct, every: Sequence[ReadAct]) -> dict[str, float]:
    """The features of an act among all that are read in its article."""
    found = {f"{act.kind}:{name}": value for name, value in _likelihoods(act)}
    alike = [each for each in every if each is not act and each.kind == act.kind]
    found["others"] = _log_odds(max((_asserted(each) for each in alike), default=0.0))
    found["others-not"] = _log_odds(max((each.probability - _asserted(each) for each in alike), default=0.0))
    found[f"act:{act.action}"] = 1.0
    found[f"actors:{min(_MANY, len(act.actors))}"] = 1.0
    found[f"targets:{min(_MANY, len(act.targets))}"] = 1.0
    found["bodies"] = float(act.is_of_bodies)
    found[f"field:{act.looked.sentence.field}"] = 1.0
    found[f"lang:{act.looked.language}"] = 1.0
    for name in {each.name for each in act.looked.classed} - STANDINGS:
        found[f"C:{name}"] = found[f"{act.kind}&C:{name}"] = 1.0
    return found


def _likelihoods(act: ReadAct) -> Iterator[tuple[str, float]]:
    parts = (_log_odds(act.probability), _log_odds(act.statuses["asserted"]), _log_odds(act.sides[0]))
    yield from zip(("act", "asserted", "actor"), parts, strict=True)
    yield "target", _log_odds(act.sides[1])
    yield "least", min(parts)
    yield from ((status, _log_odds(share)) for status, share in act.statuses.items() if status != "asserted")


def _asserted(act: ReadAct) -> float:
    return act.probability * act.statuses["asserted"]


def _log_odds(probability: float) -> float:
    return log_odds(probability, _LEAST)
