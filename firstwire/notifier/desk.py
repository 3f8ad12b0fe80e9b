"""What all destinations share: the log, the writer, the clock, and each other when one of them is in trouble."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from firstwire.notifier.clock import Clock
from firstwire.notifier.counters import Counters
from firstwire.notifier.delivery_log import DeliveryLog, LoggedDelivery
from firstwire.notifier.replies import Reply, ReplyVerdict, Request
from firstwire.notifier.template_book import NO_TEMPLATES, TemplateBook
from firstwire.notifier.transaction_writer import TransactionWriter

if TYPE_CHECKING:
    from firstwire.notifier.destination import Destination

Post = Callable[[Request], Awaitable[Reply | ReplyVerdict]]


class TroubleDesk:
    """Who is told when a destination accepts nothing more: these receivers, or by default all others."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._destinations: Mapping[str, Destination] = {}

    def open(self, destinations: Mapping[str, Destination]) -> None:
        """Take in the destinations, which are made with this desk."""
        self._destinations = destinations

    def rename(self, names: Sequence[str]) -> None:
        """Tell these from now on."""
        self._names = names

    def told_of(self, parked: str) -> list[str]:
        """The names of those that still work."""
        names = self._names or tuple(self._destinations)
        return [name for name in names if name != parked and self._works(name)]

    def offer(self, entries: Sequence[LoggedDelivery]) -> None:
        for entry in entries:
            if (destination := self._destinations.get(entry.delivery.destination)) is not None:
                destination.offer(entry)

    def _works(self, name: str) -> bool:
        destination = self._destinations.get(name)
        return destination is not None and not destination.is_parked


@dataclass
class Desk:
    """The log and its topics, how to post and in which words, the clock, and for how long to try."""

    log: DeliveryLog
    writer: TransactionWriter
    topic: str
    dead_letters: str
    post: Post
    clock: Clock
    give_up_after_seconds: float
    expire_after_seconds: float
    counters: Counters
    trouble: TroubleDesk
    templates: TemplateBook = NO_TEMPLATES
    """A reload changes them."""

    def now(self) -> datetime:
        return self.clock.now()
