"""The base forms of English verbs, by a list that is handed in: `bans`, `banned`, `banning` → `ban`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firstwire.core.text.word_lists import word_set

_TRUE_ISE = word_set(
    "advertise apprise comprise compromise excise exercise expertise improvise merchandise prise supervise surprise"
)
"""Never written with -ize, whatever a list of all spellings holds."""


@dataclass(frozen=True)
class Lemmas:
    """Which verb a form is of."""

    verbs: Mapping[str, tuple[str, ...]]
    """By form the verbs that it may be of, the likeliest first; base forms too."""
    guess: Callable[[str], str]
    """The verb of a form that the list does not have."""

    def verb(self, form: str, *, is_infinitive: bool = False) -> str:
        """The base form of a verb, in one spelling; a word that is no form of a verb comes back as it is.

        `is_infinitive`: it stands behind "to", where "found" is no form of "find".
        """
        known = self.verbs.get(form)
        if known is None:
            return self._american(self.guess(form))
        return self._american(form if is_infinitive and form in known else known[0])

    def _american(self, verb: str) -> str:
        """One spelling, so that `legalise` and `legalize` are one action, and `programme` and `program`."""
        if verb.endswith("mme") and verb[:-2] in self.verbs:
            return verb[:-2]
        american = f"{verb[:-3]}ize"
        is_british = verb.endswith("ise") and verb not in _TRUE_ISE
        return american if is_british and (american in self.verbs or verb not in self.verbs) else verb
