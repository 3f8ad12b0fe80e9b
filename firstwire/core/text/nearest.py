"""The known name that an unknown one probably means, for error messages."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def nearest(name: str, known: Iterable[str], *, at_most: int | None = None) -> str:
    """The end of a message about an unknown name: the known one that is meant, else all, unless they are too many."""
    names = sorted(known)
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; known are {', '.join(names)}" if names and (at_most is None or len(names) <= at_most) else ""
