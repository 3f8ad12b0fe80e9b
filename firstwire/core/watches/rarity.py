"""Fixed estimates of how rare words and values are. They decide only what is checked first, never a result."""

from __future__ import annotations

from firstwire.core.text.word_lists import word_set
from firstwire.core.watches.query import ValueField
from firstwire.core.watches.wildcards import has_wildcard, plain_prefix

VALUE_SHARES: dict[ValueField, float] = {"source": 0.05, "lang": 0.5, "tag": 0.02, "author": 0.005, "url": 0.005}
"""By field: the share of articles that have one given value."""

ENTITY_SHARE = 0.02
"""The share of articles that name one given entity."""

_COMMON_SHARES: tuple[tuple[float, frozenset[str]], ...] = (
    (0.7, word_set("of the to and a in said s")),
    (0.4, word_set("for it on is from its by at will with be year that was")),
    (0.3, word_set("an has as which not would are but one this new were have two also he last had company reuters ap")),
    (
        0.15,
        word_set(
            "about or up been more after they over other three first than may told no under government five group all "
            "today their if some could into there month president who his her she we i you what when after before "
            "people million billion percent u per out him them so any can most make made only time years four six "
            "month months week day days news state states country national world international market bank minister "
            "says say since while during against between because off down through where how being both such very"
        ),
    ),
    (0.4, word_set("de la le el en y que les des et du un une der die das und в и на не que do da di il che")),
)
_SHARES = {word: share for share, words in reversed(_COMMON_SHARES) for word in words}
_SHARE_BY_LENGTH = (0.1, 0.12, 0.1, 0.05, 0.035, 0.025, 0.02, 0.015, 0.012, 0.01)
"""The shares of words of 0, 1, 2 … letters: longer ones are rarer."""
_BY_PREFIX = (1.0, 0.9, 0.4, 0.2, 0.1, 0.06, 0.04, 0.03)
"""The shares of patterns by the number of plain characters before the first wildcard."""


def word_share(word: str) -> float:
    """The share of articles that contain a folded word, or a word that matches a pattern."""
    if has_wildcard(word):
        return _BY_PREFIX[min(len(plain_prefix(word)), len(_BY_PREFIX) - 1)]
    return _SHARES.get(word) or _SHARE_BY_LENGTH[min(len(word), len(_SHARE_BY_LENGTH) - 1)]
