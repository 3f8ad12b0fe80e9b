"""The known name that an unknown one probably means, for error messages. A wrong guess is worse than none."""

from __future__ import annotations

import re
from collections.abc import Iterable

LISTED_AT_MOST = 40
"""Known names that are all listed where none is near; more say nothing."""
_EDITS_AT_MOST = 3
_SHORTEST_PART = 3
"""Letters of a name that may be the beginning or a part of a longer one: `afghan`, `putin`."""
_BETWEEN_PARTS = re.compile(r"[-_./: ]")


def nearest(name: str, known: Iterable[str], *, at_most: int = LISTED_AT_MOST) -> str:
    """The end of a message about an unknown name: the known one that is meant, else all, unless they are too many."""
    names = sorted(known)
    meant = meant_by(name, names)
    if meant is not None:
        return f"; did you mean {meant!r}?"
    return f"; known are {', '.join(names)}" if names and len(names) <= at_most else ""


def meant_by(name: str, known: Iterable[str]) -> str | None:
    """The known name that differs by no more typing errors than its length excuses, or that it is a plain part of."""
    names = sorted(known)
    limit = _edits_excused(name)
    folded = name.casefold()
    edits = ((_edits(folded, each.casefold(), limit), each) for each in names)
    close = min(((count, each) for count, each in edits if count <= limit), default=None)
    if close is not None:
        return close[1]
    if len(name) < _SHORTEST_PART:
        return None
    longer = [each for each in names if _is_beginning(folded, each.casefold())]
    if longer:
        return min(longer, key=lambda each: (abs(len(each) - len(name)), each))
    containing = [each for each in names if folded in _BETWEEN_PARTS.split(each.casefold())]
    return containing[0] if len(containing) == 1 else None


def _edits_excused(name: str) -> int:
    """One in a word of three to seven letters, one more for every four; none in shorter ones, which mean anything."""
    return 0 if len(name) < 3 else min(max(1, len(name) // 4), _EDITS_AT_MOST)


def _is_beginning(one: str, other: str) -> bool:
    """Whether one is the beginning of the other, and at least half of it."""
    short, long = sorted((one, other), key=len)
    return len(short) >= _SHORTEST_PART and len(long) <= 2 * len(short) and long.startswith(short)


def _edits(one: str, other: str, limit: int) -> int:
    """Letters to insert, delete, replace or swap with the next one; `limit` + 1 if there are more."""
    if abs(len(one) - len(other)) > limit:
        return limit + 1
    before: list[int] = []
    last = [min(at, limit + 1) for at in range(len(other) + 1)]
    for row, letter in enumerate(one, start=1):
        current = [limit + 1] * (len(other) + 1)
        if row <= limit:
            current[0] = row
        for column in range(max(1, row - limit), min(len(other), row + limit) + 1):
            cost = min(
                last[column] + 1, current[column - 1] + 1, last[column - 1] + (letter != other[column - 1]), limit + 1
            )
            swapped = row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == other[column - 1]
            current[column] = min(cost, before[column - 2] + 1) if swapped else cost
        if min(current) > limit:
            return limit + 1
        before, last = last, current
    return last[-1]
