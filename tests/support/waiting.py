"""Waiting for something to be so, with an end and a name for what did not come."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")
PATIENCE_SECONDS = 60.0
LOOK_EVERY_SECONDS = 0.05


async def until(condition: Callable[[], Awaitable[bool]], what: str, patience: float = PATIENCE_SECONDS) -> None:
    """Wait until a condition holds; fail by name if it never does."""
    await found_once(condition, bool, what, patience)


async def found_once(
    look: Callable[[], Awaitable[T]],
    is_enough: Callable[[T], bool],
    what: str = "",
    patience: float = PATIENCE_SECONDS,
) -> T:
    """What is found once it is enough; fail with its name, or with what was found last."""
    deadline = asyncio.get_running_loop().time() + patience
    while not is_enough(found := await look()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(f"not in {patience:.0f} s: {what or f'enough, but {found!r}'}")
        await asyncio.sleep(LOOK_EVERY_SECONDS)
    return found
