"""What regressions make of a sentence in a language without a parser: which acts it tells, of what status, by whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from firstwire.core.events.act_features import Candidate
from firstwire.core.events.learned_acts import FAMILIES, group_of
from firstwire.core.events.unparsed_features import UnparsedFeatures
from firstwire.core.language.linear_models import LinearModel, crossed

_PLACES = frozenset({"field:summary", "field:lead", "field:body"})
_SHARE_AT_LEAST = 0.25
"""Of a family's probability, for each of several acts in one sentence."""


@dataclass(frozen=True, eq=False)
class ActModels:
    """`families`: whether a sentence tells an act of the family; `acts`: which; `firsts`: whether it tells that a
    nation is the first to do something; the status of an act or first; the part of a name."""

    families: dict[str, LinearModel]
    acts: dict[str, LinearModel]
    firsts: LinearModel
    status: LinearModel
    parties: LinearModel


@dataclass(frozen=True, eq=False)
class RegressedSentence:
    """A sentence as the regressions see it (`Likelihoods` of `learned_acts`)."""

    looked: UnparsedFeatures
    models: ActModels

    @property
    def names(self) -> Sequence[Candidate]:
        return self.looked.candidates

    def acts(self) -> Mapping[str, float]:
        """A sentence may tell several acts of a family: one that is half as likely as all others counts whole."""
        found = {}
        features = self.looked.of_sentence
        for family, model in self.models.families.items():
            (probability,) = model.probabilities(features).values()
            shares = self.models.acts[family].probabilities(features)
            for action, share in shares.items():
                is_one_of_several = share >= _SHARE_AT_LEAST
                found[action] = probability * min(1.0, share * 2) if is_one_of_several else probability * share
        return found

    def first(self) -> float:
        (probability,) = self.models.firsts.probabilities(self.looked.of_sentence).values()
        return probability

    def statuses(self, action: str) -> Mapping[str, float]:
        return self.models.status.probabilities(status_features(self.looked.of_sentence, action))

    def parts(self, action: str) -> Sequence[Mapping[str, float]]:
        group = group_of(action)
        return [self.models.parties.probabilities(crossed(name.features, group)) for name in self.names]

    def word_of(self, action: str) -> int:
        """The word that says most for the act, of those that the lexicon knows, if there is one."""
        family = "recognition" if action in FAMILIES["recognition"] else "relations"
        model, acts = self.models.families[family], self.models.acts[family]
        worth = [
            model.weight(model.classes[0], f"w:{stem}") + acts.weight(action, f"w:{stem}") if stem[:1] != "#" else -1.0
            for stem in self.looked.stems
        ]
        known = self.looked.known_words() or range(len(worth))
        return max(known, key=lambda at: (worth[at], -at))


def status_features(features: dict[str, float], action: str) -> dict[str, float]:
    """What decides the status: not where the sentence stands, as nearly all of a body is history."""
    kept = {name: value for name, value in features.items() if name not in _PLACES}
    return kept | {f"{action}&{name}": value for name, value in features.items() if name[:2] in {"G:", "e:"}}
