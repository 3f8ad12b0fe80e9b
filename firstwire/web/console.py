"""What every page is made with: settings, the board, access, live streams, knowledge; made once, passed on."""

from __future__ import annotations

import asyncio
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aiohttp import web

from firstwire.config import Configuration
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.errors import TransientError
from firstwire.files.entities import load_entities
from firstwire.files.rules import WrittenRule, written_rules
from firstwire.index.reading import IndexReader
from firstwire.poller.subscriptions import Subscription, read_subscriptions
from firstwire.web.access import Access, Person
from firstwire.web.attempts_limit import WrongTokens
from firstwire.web.board import Board
from firstwire.web.connections import Connections
from firstwire.web.following import Following
from firstwire.web.live import LiveStreams
from firstwire.web.same_site import Client, Network, OwnNames
from schemas.times import format_timestamp

if TYPE_CHECKING:
    from firstwire.core.firsts.ledger import Seeds
    from firstwire.core.pipeline import Knowledge

SAYINGS_KEPT = 500


@dataclass(frozen=True)
class KnownFiles:
    """What the files say: entities and models, rules, the ledger's seeds."""

    knowledge: Knowledge
    written: tuple[WrittenRule, ...]
    seeds: Seeds


@dataclass
class LoadedKnowledge:
    """Loads what the files say when it is first asked for: it takes seconds and 200 MB, which few pages need."""

    configuration: Configuration
    _known: KnownFiles | None = None
    _gazetteer: Gazetteer | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def get(self) -> KnownFiles:
        """Raises ConfigError for a broken file."""
        async with self._lock:
            if self._known is None:
                self._known = await asyncio.to_thread(_load, self.configuration)
                self._gazetteer = self._known.knowledge.gazetteer
            return self._known

    async def gazetteer(self) -> Gazetteer:
        """The entities alone, which are there much earlier. Raises ConfigError for a broken file."""
        async with self._lock:
            if self._gazetteer is None:
                paths = self.configuration.knowledge_settings()["entities"]
                self._gazetteer = await asyncio.to_thread(load_entities, paths)
            return self._gazetteer

    async def read_rules_again(self) -> tuple[WrittenRule, ...]:
        """The rules of the files as they are now. Raises ConfigError for a broken file."""
        known = await self.get()
        paths = self.configuration.rule_paths
        read = await asyncio.to_thread(written_rules, paths, known.knowledge.gazetteer, known.seeds.groups)
        self._known = replace(known, written=tuple(read))
        return self._known.written


def _load(configuration: Configuration) -> KnownFiles:
    from firstwire.files.knowledge import load_written  # it imports a parser, for which a start need not wait

    knowledge, written, seeds = load_written(**configuration.knowledge_settings())
    return KnownFiles(knowledge, tuple(written), seeds)


@dataclass
class Sayings:
    """What a page says once after a change, by an id: an address that held the words could put any words on a page."""

    _kept: OrderedDict[str, str] = field(default_factory=OrderedDict)

    def keep(self, text: str) -> str:
        key = secrets.token_urlsafe(9)
        self._kept[key] = text
        while len(self._kept) > SAYINGS_KEPT:
            self._kept.popitem(last=False)
        return key

    def take(self, key: str) -> str | None:
        return self._kept.pop(key, None)


@dataclass
class Console:
    """The parts of one console."""

    configuration: Configuration
    bootstrap_servers: str
    access: Access
    own_names: OwnNames
    trusted_proxies: tuple[Network, ...]
    following: Following
    streams: LiveStreams
    knowledge: LoadedKnowledge
    clock: Callable[[], datetime]
    reader: IndexReader | None = None
    """Of the index, once it is known what it must be of."""
    connections: Connections = field(default_factory=Connections)
    wrong_tokens: WrongTokens = field(default_factory=WrongTokens)
    sayings: Sayings = field(default_factory=Sayings)
    _of_files: tuple[Subscription, ...] | None = None

    @property
    def index(self) -> IndexReader:
        """Raises TransientError while there is none."""
        if self.reader is None:
            raise TransientError("the index is being opened; try again in a moment")
        return self.reader

    @property
    def board(self) -> Board:
        return self.following.board

    @property
    def prefix(self) -> str:
        return self.configuration.settings.kafka.topic_prefix

    def now(self) -> str:
        """The current timestamp."""
        return format_timestamp(self.clock())

    async def feeds_of_files(self) -> tuple[Subscription, ...]:
        """The feeds that the settings and OPML files name. Raises ConfigError for a broken file."""
        if self._of_files is not None:
            return self._of_files
        found, _ = await asyncio.to_thread(read_subscriptions, self.configuration)
        self._of_files = found
        return found


CONSOLE = web.AppKey("console", Console)
PERSON = web.RequestKey("person", Person)
CLIENT = web.RequestKey("client", Client)


def console_of(request: web.Request) -> Console:
    return request.app[CONSOLE]
