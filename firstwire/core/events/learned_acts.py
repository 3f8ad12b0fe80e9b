"""The learned reading: which acts a sentence tells, with what status, by whom and to whom, from labeled news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from schemas.event import Status
from schemas.record import Entity

FAMILIES = {"recognition": ("recognize", "withdraw_recognition")}
FIRST = "first"
"""What is first, whatever it is, as an act."""
MUTUAL = frozenset({"establish_relations", "restore_relations", "upgrade_relations", "sign"})
TELLS_AT = 0.5
"""Least probability that a sentence tells an act of a family."""
PARTY_AT = 0.5
"""Least probability of a party; the likeliest counts from LEAST_PARTY on, if nobody reaches it."""
LEAST_PARTY = 0.1
ACTIONS = (
    *FAMILIES["recognition"],
    *("establish_relations", "restore_relations", "upgrade_relations", "downgrade_relations", "suspend_relations"),
    *("sever_relations", "open_embassy", "close_embassy", "accredit_ambassador", "expel_ambassador"),
    *("recall_ambassador", "summon_ambassador", "impose_sanctions", "lift_sanctions", "list_terror", "delist_terror"),
    *("sign", "ratify"),
)


class Named(Protocol):
    """A name that may be a party."""

    @property
    def at(self) -> int:
        """The position of its last word."""

    @property
    def entity(self) -> Entity: ...

    @property
    def leader(self) -> Entity | None:
        """Who acts for `entity`, if the text names him."""


class Likelihoods(Protocol):
    """What models make of a sentence."""

    @property
    def names(self) -> Sequence[Named]:
        """The names that may be a party."""

    def acts(self) -> Mapping[str, float]:
        """How likely the sentence tells each act."""

    def first(self) -> float:
        """How likely it tells a nation's first."""

    def statuses(self, action: str) -> Mapping[str, float]:
        """How likely each status of an act is, or of FIRST."""

    def parts(self, action: str) -> Sequence[Mapping[str, float]]:
        """Of each name, how likely it is the "actor", and the "target", of an act, or of FIRST."""

    def word_of(self, action: str) -> int:
        """The position of the word that tells the act."""


@dataclass(frozen=True)
class LearnedAct:
    action: str
    status: Status
    actors: tuple[Entity, ...]
    targets: tuple[Entity, ...]
    act_probability: float
    probability: float
    """Of act and status."""
    at: int
    positions: tuple[int, ...]
    """Of the parties."""
    statuses: Mapping[str, float]
    """How likely each status is."""
    sides: tuple[float, float]
    """How likely the likeliest actor and the likeliest target are."""


@dataclass(frozen=True)
class LearnedFirst:
    """Whether a sentence tells a nation's first."""

    probability: float
    status: Status
    actors: tuple[Entity, ...]
    statuses: Mapping[str, float]
    """How likely each status is; empty for a sentence that tells no first."""
    actor_probability: float = 0.0
    """Of the likeliest actor."""

    @property
    def status_probability(self) -> float:
        return self.statuses.get(self.status, 0.0)


def group_of(action: str) -> str:
    """Acts whose parties stand in the same places."""
    if "recogni" in action:
        return "recognition"
    if action in MUTUAL:
        return "mutual"
    if action.endswith("relations"):
        return "relations"
    if action.endswith("embassy"):
        return "embassy"
    return "envoy" if action in {"expel_ambassador", "summon_ambassador"} else action


def read_acts(read: Likelihoods, *, at_least: float = TELLS_AT, one_is_recognized: bool = False) -> list[LearnedAct]:
    """The acts of a sentence, the likeliest first. `one_is_recognized`: of several that recognize one must be
    recognized, if nobody else is."""
    found = [
        _act(action, probability, read, one_is_recognized=one_is_recognized)
        for action, probability in sorted(read.acts().items())
        if probability >= at_least
    ]
    return sorted(found, key=lambda act: -act.probability)


def read_first(read: Likelihoods, *, at_least: float) -> LearnedFirst:
    """Whether a sentence tells that a nation is the first to do something, of whatever status."""
    probability = read.first()
    if probability < at_least:
        return LearnedFirst(probability, "asserted", (), {})
    statuses = read.statuses(FIRST)
    acting = _parts(read, FIRST)["actor"]
    actors = [one for one in acting if acting[one] >= PARTY_AT] or _likeliest(acting, ())
    return LearnedFirst(
        probability=probability,
        status=likeliest_status(statuses),
        actors=_with_leaders(actors, _by_id(read.names)),
        statuses=statuses,
        actor_probability=max((acting[one] for one in actors), default=0.0),
    )


def told_now(read: Likelihoods, action: str) -> float:
    """How likely an act that has happened is news and not history, by its sentence alone."""
    statuses = read.statuses(action)
    news, history = statuses["asserted"], statuses["historical"]
    return round(news / (news + history), 6)


def likeliest_status(statuses: Mapping[str, float]) -> Status:
    return cast("Status", max(statuses, key=lambda name: statuses[name]))


def _by_id(names: Sequence[Named]) -> dict[str, list[Named]]:
    """All that may be a party, by entity."""
    found: dict[str, list[Named]] = {}
    for name in names:
        found.setdefault(name.entity.id, []).append(name)
    return found


def _parts(read: Likelihoods, action: str) -> dict[str, dict[str, float]]:
    """By part, "actor" or "target", how likely each entity has it: as likely as the likeliest of its names."""
    found: dict[str, dict[str, float]] = {"actor": {}, "target": {}}
    for name, told in zip(read.names, read.parts(action), strict=True):
        for part, by_id in found.items():
            by_id[name.entity.id] = max(told[part], by_id.get(name.entity.id, 0.0))
    return found


def _act(action: str, probability: float, read: Likelihoods, *, one_is_recognized: bool) -> LearnedAct:
    statuses = read.statuses(action)
    status = likeliest_status(statuses)
    names = _by_id(read.names)
    parts = _parts(read, action)
    acting, affected = parts["actor"], parts["target"]
    actors = [one for one in acting if acting[one] >= PARTY_AT and acting[one] >= affected[one]]
    targets = [one for one in affected if affected[one] >= PARTY_AT and affected[one] > acting[one]]
    actors = actors or _likeliest(acting, targets)
    if not actors and len(targets) > 1:  # one of two who are affected must have done it
        actors = [max(targets, key=lambda one: acting[one])]
        targets = [one for one in targets if one not in actors]
    targets = targets or _likeliest(affected, actors)
    if one_is_recognized and not targets and len(actors) > 1 and action in FAMILIES["recognition"]:
        targets = _likeliest({one: affected[one] for one in actors}, ())
        actors = [one for one in actors if one not in targets]
    if action in MUTUAL:
        actors = targets = sorted({*actors, *targets})
    positions = [name.at for one in (*actors, *targets) for name in names[one]]
    return LearnedAct(
        action=action,
        status=status,
        actors=_with_leaders(actors, names),
        targets=tuple(names[party][0].entity for party in targets),
        act_probability=probability,
        probability=round(probability * statuses[status], 6),
        at=read.word_of(action),
        positions=tuple(sorted(set(positions))),
        statuses=statuses,
        sides=(
            max((acting[one] for one in actors), default=0.0),
            max((affected[one] for one in targets), default=0.0),
        ),
    )


def _likeliest(parts: dict[str, float], others: Sequence[str]) -> list[str]:
    left = [one for one in parts if one not in others and parts[one] > LEAST_PARTY]
    return [max(left, key=lambda one: parts[one])] if left else []


def _with_leaders(parties: Sequence[str], names: Mapping[str, Sequence[Named]]) -> tuple[Entity, ...]:
    """The parties, each after the leader who is named to act for it."""
    found: list[Entity] = []
    for party in parties:
        leader = next((name.leader for name in names[party] if name.leader is not None), None)
        found += [names[party][0].entity] if leader is None else [leader, names[party][0].entity]
    return tuple(found)
