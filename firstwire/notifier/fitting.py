"""Lines of text that fit into a message, each character escaped as the receiver's format requires. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from firstwire.core.text.wording import harmless

ELLIPSIS = "…"

Escape = Callable[[str], str]
"""What stands for one character; it is never cut in two."""


def unescaped(char: str) -> str:
    """For formats in which no character has a meaning."""
    return char


def fitted(lines: Iterable[str], limit: int, escape: Escape = unescaped) -> str:
    """The lines, without control characters, in at most `limit` UTF-16 units, with an ellipsis if they were cut."""
    units = [unit for number, line in enumerate(lines) for unit in _units(line, escape, is_first=number == 0)]
    return taken(units, limit)[0]


def fitted_bytes(lines: Iterable[str], limit: int) -> str:
    """The same in at most `limit` bytes of UTF-8."""
    text = "\n".join(map(harmless, lines))
    if len(text.encode()) <= limit:
        return text
    room = limit - len(ELLIPSIS.encode())
    return text.encode()[:room].decode("utf-8", "ignore") + ELLIPSIS


def taken(units: Sequence[str], limit: int) -> tuple[str, bool]:
    """As many units as fit, none cut in two, with an ellipsis if some are left out; and whether all fit."""
    if sum(map(length, units)) <= limit:
        return "".join(units), True
    kept: list[str] = []
    left = limit - len(ELLIPSIS)
    for unit in units:
        left -= length(unit)
        if left < 0:
            break
        kept.append(unit)
    return ("".join(kept) + ELLIPSIS if limit > 0 else ""), False


def length(text: str) -> int:
    """Length in UTF-16 units, as some services count it: never less than code points."""
    return len(text) + sum(char > "\uffff" for char in text)


def _units(line: str, escape: Escape, *, is_first: bool) -> list[str]:
    return [*([] if is_first else ["\n"]), *map(escape, harmless(line))]
