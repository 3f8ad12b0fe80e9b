"""The learned reading: which acts a sentence tells, with what status, by whom and to whom, from labeled news."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from firstwire.core.events.act_features import Candidate
from firstwire.core.language.linear_models import LinearModel, crossed
from schemas.event import Status
from schemas.record import Entity

FAMILIES = {"recognition": ("recognize", "withdraw_recognition")}
FIRST = "first"
"""What is first, whatever it is, as an act."""
MUTUAL = frozenset({"establish_relations", "restore_relations", "upgrade_relations", "sign"})
_PLACES = frozenset({"field:summary", "field:lead", "field:body"})
TELLS_AT = 0.5
"""Least probability that a sentence tells an act of a family."""
PARTY_AT = 0.5
"""Least probability of a party; the likeliest counts from LEAST_PARTY on, if nobody reaches it."""
LEAST_PARTY = 0.1
SHARE_AT_LEAST = 0.25
"""Of a family's probability, for each of several acts in one sentence."""


@dataclass(frozen=True, eq=False)
class ReadingModels:
    """`families`: whether a sentence tells an act of the family; `acts`: which; `firsts`: whether it tells that a
    nation is the first to do something; `gate`: whether its words are worth a parse; `news`: whether an act of the body
    is the news of its article; the status of an act or first; the part of a name."""

    families: dict[str, LinearModel]
    acts: dict[str, LinearModel]
    firsts: LinearModel
    gate: LinearModel
    news: LinearModel
    status: LinearModel
    parties: LinearModel


class Looked(Protocol):
    """A sentence as the models see it, with a parse or without."""

    @property
    def stems(self) -> Sequence[str]: ...

    @property
    def of_sentence(self) -> dict[str, float]:
        """The features of the sentence."""

    @property
    def candidates(self) -> Sequence[Candidate]:
        """The names that may be a party."""

    def known_words(self) -> Sequence[int]:
        """The positions of words that may tell an act."""


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


def status_features(features: dict[str, float], action: str) -> dict[str, float]:
    """What decides the status: not where the sentence stands, as nearly all of a body is history."""
    kept = {name: value for name, value in features.items() if name not in _PLACES}
    return kept | {f"{action}&{name}": value for name, value in features.items() if name[:2] in {"G:", "e:"}}


def read_acts(
    looked: Looked, models: ReadingModels, *, at_least: float = TELLS_AT, one_is_recognized: bool = False
) -> list[LearnedAct]:
    """The acts of a sentence, the likeliest first. `one_is_recognized`: of several that recognize one must be
    recognized, if nobody else is."""
    features = looked.of_sentence
    found = []
    for action, probability in sorted(act_probabilities(features, models).items()):
        if probability < at_least:
            continue
        found.append(_act(action, probability, looked, models, one_is_recognized=one_is_recognized))
    return sorted(found, key=lambda act: -act.probability)


def read_first(looked: Looked, models: ReadingModels, *, at_least: float) -> LearnedFirst:
    """Whether a sentence tells that a nation is the first to do something, of whatever status."""
    features = looked.of_sentence
    (probability,) = models.firsts.probabilities(features).values()
    if probability < at_least:
        return LearnedFirst(probability, "asserted", (), {})
    statuses = models.status.probabilities(status_features(features, FIRST))
    names = _by_id(looked)
    acting = _parts(names, FIRST, models)["actor"]
    actors = [one for one in acting if acting[one] >= PARTY_AT] or _likeliest(acting, ())
    return LearnedFirst(
        probability=probability,
        status=likeliest_status(statuses),
        actors=_with_leaders(actors, names),
        statuses=statuses,
        actor_probability=max((acting[one] for one in actors), default=0.0),
    )


def told_now(features: dict[str, float], action: str, models: ReadingModels) -> float:
    """How likely an act that has happened is news and not history, by its sentence alone."""
    statuses = models.status.probabilities(status_features(features, action))
    news, history = statuses["asserted"], statuses["historical"]
    return round(news / (news + history), 6)


def likeliest_status(statuses: Mapping[str, float]) -> Status:
    return cast("Status", max(statuses, key=lambda name: statuses[name]))


def _by_id(looked: Looked) -> dict[str, list[Candidate]]:
    """All that may be a party, by entity."""
    found: dict[str, list[Candidate]] = {}
    for name in looked.candidates:
        found.setdefault(name.entity.id, []).append(name)
    return found


def _parts(names: Mapping[str, Sequence[Candidate]], action: str, models: ReadingModels) -> dict[str, dict[str, float]]:
    """By part, "actor" or "target", how likely each entity has it: as likely as the likeliest of its names."""
    group = group_of(action)
    told = {
        entity_id: [models.parties.probabilities(crossed(name.features, group)) for name in each]
        for entity_id, each in names.items()
    }
    return {
        part: {entity_id: max(each[part] for each in every) for entity_id, every in told.items()}
        for part in ("actor", "target")
    }


def act_probabilities(features: dict[str, float], models: ReadingModels) -> dict[str, float]:
    """By act. A sentence may tell several acts of a family: one that is half as likely as all others counts whole."""
    found = {}
    for family, model in models.families.items():
        (probability,) = model.probabilities(features).values()
        shares = models.acts[family].probabilities(features)
        for action, share in shares.items():
            found[action] = probability * min(1.0, share * 2) if share >= SHARE_AT_LEAST else probability * share
    return found


def _act(
    action: str, probability: float, looked: Looked, models: ReadingModels, *, one_is_recognized: bool
) -> LearnedAct:
    statuses = models.status.probabilities(status_features(looked.of_sentence, action))
    status = likeliest_status(statuses)
    names = _by_id(looked)
    parts = _parts(names, action, models)
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
        at=_word_of(action, looked, models),
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


def _with_leaders(parties: Sequence[str], names: Mapping[str, Sequence[Candidate]]) -> tuple[Entity, ...]:
    """The parties, each after the leader who is named to act for it."""
    found: list[Entity] = []
    for party in parties:
        leader = next((name.leader for name in names[party] if name.leader is not None), None)
        found += [names[party][0].entity] if leader is None else [leader, names[party][0].entity]
    return tuple(found)


def _word_of(action: str, looked: Looked, models: ReadingModels) -> int:
    """The word that says most for the act, of those that the lexicon knows, if there is one."""
    family = "recognition" if action in FAMILIES["recognition"] else "relations"
    model, acts = models.families[family], models.acts[family]
    worth = [
        model.weight(model.classes[0], f"w:{stem}") + acts.weight(action, f"w:{stem}") if stem[:1] != "#" else -1.0
        for stem in looked.stems
    ]
    known = looked.known_words() or range(len(worth))
    return max(known, key=lambda at: (worth[at], -at))
