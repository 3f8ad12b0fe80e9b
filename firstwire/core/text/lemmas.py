"""The base forms of English verbs, from a given list: `bans`, `banned`, `banning` → `ban`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from firstwire.core.text.word_lists import word_set

_TRUE_ISE = word_set(
    "advertise apprise comprise compromise excise exercise expertise improvise merchandise prise supervise surprise"
)
"""Never spelled with -ize, even if a list of all spellings contains it."""


@dataclass(frozen=True)
class Lemmas:
    """Maps verb forms to base forms."""

    verbs: Mapping[str, tuple[str, ...]]
    """By form, base forms included: the possible verbs, the most likely first."""
    guess: Callable[[str], str]
    """The verb of a form that is not in the list."""

    def verb(self, form: str, *, is_infinitive: bool = False) -> str:
        """The base form of a verb, in American spelling; a word that is no verb form is returned unchanged.

        `is_infinitive`: the form follows "to", where "found" is not a form of "find".
        """
        known = self.verbs.get(form)
        if known is None:
            return self._american(self.guess(form))
        return self._american(form if is_infinitive and form in known else known[0])

    def _american(self, verb: str) -> str:
        """American spelling, so that `legalise` and `legalize` are one action, like `programme` and `program`."""
        if verb.endswith("mme") and verb[:-2] in self.verbs:
            return verb[:-2]
        american = f"{verb[:-3]}ize"
        is_british = verb.endswith("ise") and verb not in _TRUE_ISE
        return american if is_british and (american in self.verbs or verb not in self.verbs) else verb
