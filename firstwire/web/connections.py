"""Keeps slow and many connections from stopping the console: limits of time and number, around aiohttp's own protocol.

aiohttp waits without end for the rest of a request's head, and for a client that does not read its answer.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import cast

HEAD_SECONDS = 10.0
"""From the first byte of a request, or from the connection, until its head is whole."""
UNREAD_SECONDS = 30.0
"""How long a client may leave an answer unread once the buffers are full."""
CONNECTIONS_AT_MOST = 1_000


@dataclass(frozen=True)
class ConnectionLimits:
    """How long, and how many."""

    head_seconds: float = HEAD_SECONDS
    unread_seconds: float = UNREAD_SECONDS
    connections: int = CONNECTIONS_AT_MOST


@dataclass
class Connections:
    """The open connections, by their transports."""

    limits: ConnectionLimits = ConnectionLimits()
    refused: int = 0
    _open: dict[int, _LimitedProtocol] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return len(self._open)

    def limited(self, protocol: Callable[[], asyncio.Protocol]) -> Callable[[], asyncio.Protocol]:
        """The factory of protocols that hold the limits."""
        return lambda: _LimitedProtocol(protocol(), self)

    def request_begins(self, transport: asyncio.BaseTransport | None) -> None:
        """The head of a request is whole: what follows has limits of its own."""
        if (connection := self._open.get(id(transport))) is not None:
            connection.begin()

    def request_ends(self, transport: asyncio.BaseTransport | None) -> None:
        if (connection := self._open.get(id(transport))) is not None:
            connection.end()


class _LimitedProtocol(asyncio.Protocol):
    def __init__(self, inner: asyncio.Protocol, connections: Connections) -> None:
        self._inner = inner
        self._all = connections
        self._transport: asyncio.Transport | None = None
        self._busy = 0
        self._head: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self._inner.connection_made(transport)
        self._all._open[id(transport)] = self
        if len(self._all._open) > self._all.limits.connections:
            self._all.refused += 1
            self._transport.abort()
            return
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        if not self._busy and self._head is None:
            self._expect_head()
        self._inner.data_received(data)

    def eof_received(self) -> bool | None:
        return self._inner.eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        self._all._open.pop(id(self._transport), None)
        self._cancel_head()
        self._cancel_unread()
        self._inner.connection_lost(exc)

    def pause_writing(self) -> None:
        self._cancel_unread()
        self._unread = asyncio.get_running_loop().call_later(self._all.limits.unread_seconds, self._give_up)
        self._inner.pause_writing()

    def resume_writing(self) -> None:
        self._cancel_unread()
        self._inner.resume_writing()

    def begin(self) -> None:
        self._busy += 1
        self._cancel_head()

    def end(self) -> None:
        self._busy = max(0, self._busy - 1)

    def _expect_head(self) -> None:
        self._head = asyncio.get_running_loop().call_later(self._all.limits.head_seconds, self._give_up)

    def _give_up(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _cancel_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _cancel_unread(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
