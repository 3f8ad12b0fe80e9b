"""Takes the place of ending the process."""

from __future__ import annotations

import asyncio
from typing import NoReturn


class Exits:
    """Remembers the codes, and raises in whoever asked: by default what cancels a task of a running app."""

    def __init__(self, raises: type[BaseException] = asyncio.CancelledError) -> None:
        self.codes: list[int] = []
        self.happened = asyncio.Event()
        self._raises = raises

    def leave(self, code: int) -> NoReturn:
        self.codes.append(code)
        self.happened.set()
        raise self._raises(code)
