"""What the encoder makes of an English sentence: which acts it tells, of what status, by whom and to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from firstwire.core.events.encoder_input import EncoderInput, Party
from firstwire.core.events.learned_acts import ACTIONS, FIRST, group_of

TOLD = (*ACTIONS, FIRST)
"""What an encoder is fitted to tell of; one that was fitted before tells of less."""
STATUSES = ("asserted", "negated", "planned", "demanded", "conditional", "historical", "unconfirmed")
GROUPS = tuple(dict.fromkeys(map(group_of, TOLD)))
PARTS = ("none", "actor", "target")
DIGITS = 4
"""Of a probability, so that the last bits of a machine's arithmetic decide nothing."""


@dataclass(frozen=True)
class Encoded:
    """What an encoder tells of a sentence, by the names above.

    `acts`: how likely each is told; `statuses`: how likely each status of it is; `words`: the place of the word that
    tells it, in the words that were given. `parts`: for each party that was given, by group of acts, how likely each
    part is; None for one that stands too far behind.
    """

    acts: Mapping[str, float]
    statuses: Mapping[str, Mapping[str, float]]
    words: Mapping[str, int]
    parts: Sequence[Mapping[str, Mapping[str, float]] | None]


class Encoder(Protocol):
    def load(self) -> None:
        """Make ready, which takes a moment; the first sentence does it otherwise."""

    def __call__(self, given: EncoderInput) -> Encoded: ...


class EncodedSentence:
    """A sentence as the encoder reads it (`Likelihoods` of `learned_acts`)."""

    def __init__(self, given: EncoderInput, encoder: Encoder) -> None:
        self._given = given
        self._encoded = encoder(given)

    @property
    def names(self) -> Sequence[Party]:
        return self._given.parties

    def acts(self) -> Mapping[str, float]:
        return {action: share for action, share in self._encoded.acts.items() if action != FIRST}

    def first(self) -> float:
        return self._encoded.acts[FIRST]

    def statuses(self, action: str) -> Mapping[str, float]:
        """Of an act of no known kind: those of a first, as it is told for being one."""
        return self._encoded.statuses.get(action) or self._encoded.statuses[FIRST]

    def parts(self, action: str) -> Sequence[Mapping[str, float]]:
        group = group_of(action)
        return [_NO_PART if each is None else each[group] for each in self._encoded.parts]

    def word_of(self, action: str) -> int:
        """The word whose last piece is the likeliest, or follows it."""
        place = self._encoded.words[action]
        places = self._given.places
        return next((at for at, each in enumerate(places) if each >= place), len(places) - 1)


_NO_PART = {"none": 1.0, "actor": 0.0, "target": 0.0}
