"""Fills an archive from the topics or from a file of articles, and puts an archive's records back onto the topics."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from shlex import quote

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.retention import keep_until_read
from firstwire.broker.topics import ARTICLES, RULES, topic_name
from firstwire.broker.transaction import TransactionalProducer
from firstwire.core.stories.identity import language_key
from firstwire.core.text.lemmas import Lemmas
from firstwire.core.text.wording import counted, one_line
from firstwire.errors import ConfigError
from firstwire.files.articles import UnreadableLine, future_of, lies_in_future
from firstwire.ledger.corrections import publish
from firstwire.ledger.pages import corrections_of, read_pages
from firstwire.replay.archive import WHOLE_TIME, Archive, ArchivedKind, ArchiveWriter
from firstwire.replay.reading import Told
from firstwire.replay.readings import MatchedStory
from firstwire.replay.sources import ArchiveSource, ReplaySource
from firstwire.replay.span import ReplaySpan, Sourced
from firstwire.replay.topic import stream_topic
from firstwire.rules.releases import message_of, read_versions
from schemas.article import Article
from schemas.codec import encode
from schemas.ledger import LedgerCorrection
from schemas.rules import RuleVersion
from schemas.times import to_milliseconds

SENT_TOGETHER = 2_000

ReadArticles = Callable[[AsyncIterator[Sourced[Article | UnreadableLine]]], AsyncIterator[Sourced[Told]]]
"""Reads articles, in their order."""


@dataclass(frozen=True)
class Exported:
    """How many records of each kind an archive got, and what could not be read and is not in it."""

    records: Counter[ArchivedKind]
    unreadable: tuple[UnreadableLine, ...]
    without_stories: str
    """Why it holds no stories and events; empty if it does."""


@dataclass(frozen=True)
class Imported:
    """What an import put onto the topics, and what was there already."""

    articles: int
    articles_there: int
    releases: int
    """0 if the topic of rules had any: two histories cannot be joined."""
    releases_there: int
    corrections: int
    corrections_there: int
    kept_days: int = 0
    """For how many days the inputs of the stages are kept from now on; 0 if as long as before."""


async def export(source: ReplaySource, folder: Path, span: ReplaySpan, read: ReadArticles | None) -> Exported:
    """Write a source's records to an archive. With `read`, stories and events are read of the articles.

    Articles and stories are those of the span, events also those of before it, rules and corrections all until its
    end. Raises ConfigError if the folder cannot be written or is an archive, and what the source raises.
    """
    unreadable: list[UnreadableLine] = []
    with ArchiveWriter(folder) as archive:
        articles = _added(source.articles(span), archive, unreadable)
        without_stories = ""
        if read is None:
            async for _ in articles:
                pass
            without_stories = await source.why_not_recorded(span)
            if not without_stories:
                await _add_recorded(source, span, archive, unreadable)
        else:
            async for told in read(articles):
                _add_reading(archive, told.record)
        for version in await source.versions():
            archive.add("rules", version, version.published_at, WHOLE_TIME)
        for sent in await source.corrections(span):
            kind: ArchivedKind = "corrections" if isinstance(sent, LedgerCorrection) else "vouchings"
            archive.add(kind, sent, sent.made_at, WHOLE_TIME)
    return Exported(archive.counts, tuple(unreadable), without_stories)


async def import_archive(
    bootstrap_servers: str, prefix: str, archive: Archive, lemmas: Lemmas, *, now: str, extend_retention: bool = False
) -> Imported:
    """Put what is not there yet onto the topics: articles, rules if there are none, corrections by hand.

    Stories and events are made again by the workers: written beside theirs, they would be judged twice. Importing
    again adds nothing. Raises ConfigError, before anything is sent, for a damaged archive, for articles of the future,
    and if its articles are so old that Kafka could remove them from an input of a stage before they are read, unless
    `extend_retention`.
    """
    archive.check()
    _refuse_future(archive, now)
    kept_days = await _keep_until_read(bootstrap_servers, prefix, archive, now, extend_retention=extend_retention)
    releases, releases_there = await _import_rules(bootstrap_servers, prefix, archive)
    corrections, corrections_there = await _import_corrections(bootstrap_servers, prefix, archive, lemmas)
    articles, articles_there = await _import_articles(bootstrap_servers, prefix, archive)
    return Imported(articles, articles_there, releases, releases_there, corrections, corrections_there, kept_days)


async def _keep_until_read(
    bootstrap_servers: str, prefix: str, archive: Archive, now: str, *, extend_retention: bool
) -> int:
    """Have what is made of the articles kept until it is read; for how many days, 0 if that was so before."""
    extent = archive.extent("articles")
    if extent is None:
        return 0
    return await keep_until_read(
        bootstrap_servers,
        prefix,
        to_milliseconds(extent[0]),
        to_milliseconds(now),
        what="its articles begin",
        place=str(archive.folder),
        extend=extend_retention,
    )


def _refuse_future(archive: Archive, now: str) -> None:
    """Raise ConfigError if articles lie in the future; it names the first."""
    extent = archive.extent("articles")
    if extent is None or not lies_in_future(extent[1], now):
        return
    times = ((one.fetched_at, one.article_id) for one in archive.read("articles", Article, since=now))
    future = [(fetched_at, article_id) for fetched_at, article_id in times if lies_in_future(fetched_at, now)]
    if not future:
        return
    fetched_at, article_id = min(future)
    others = f", and that of {counted(len(future) - 1, 'other')}" if len(future) > 1 else ""
    reason = (
        f"fetched_at of the article {one_line(article_id)} is in the future, {fetched_at}{others}: nothing "
        f"was imported. If it is {now} now, correct fetched_at where the articles come from and export them anew"
    )
    if len(future) < sum(file.records for file in archive.files("articles")):
        reason += (
            f", or leave these out: firstwire archive export --archive {quote(str(archive.folder))} "
            f"--to {future_of(now)} --output NEW"
        )
    raise ConfigError(f"{reason}. Else set this machine's clock", place=str(archive.folder))


async def _import_articles(bootstrap_servers: str, prefix: str, archive: Archive) -> tuple[int, int]:
    """The articles sent, in their order and with their times, and those that were there."""
    there: Counter[bytes] = Counter()
    async for article in stream_topic(bootstrap_servers, prefix, None, None):
        if isinstance(article, Article):
            there[_digest(encode(article))] += 1
    sent = kept = 0
    articles = archive.read("articles", Article)
    async with open_producer(bootstrap_servers) as producer:
        while together := list(islice(articles, SENT_TOGETHER)):
            messages = []
            for article in together:
                value = encode(article)
                digest = _digest(value)
                if there[digest]:
                    there[digest] -= 1
                    kept += 1
                    continue
                key, at = language_key(article.language), to_milliseconds(article.fetched_at)
                messages.append(Message(topic_name(prefix, ARTICLES), key, value, timestamp_ms=at))
            await producer.send_all(messages)
            sent += len(messages)
    return sent, kept


async def _import_rules(bootstrap_servers: str, prefix: str, archive: Archive) -> tuple[int, int]:
    """The releases sent, and those that were there: if there are any, none is sent."""
    versions = list(archive.read("rules", RuleVersion))
    producer = TransactionalProducer(bootstrap_servers, topic_name(prefix, RULES))
    await producer.start()  # fences those who publish rules: what is read from here on is complete
    try:
        there = len({version.release for version in await read_versions(bootstrap_servers, prefix)})
        if there or not versions:
            return 0, there
        async with producer.transaction() as out:
            for version in versions:
                await out.send(message_of(prefix, version))
    finally:
        await producer.stop()
    return len({version.release for version in versions}), 0


async def _import_corrections(bootstrap_servers: str, prefix: str, archive: Archive, lemmas: Lemmas) -> tuple[int, int]:
    """The corrections and vouchings sent, and those that the ledger has: it takes each once, whoever sends it."""
    pages = await read_pages(bootstrap_servers, prefix, lemmas)
    there = {encode(sent) for sent in corrections_of(pages.values())}
    wanted = await ArchiveSource(archive).corrections(ReplaySpan())
    missing = [sent for sent in wanted if encode(sent) not in there]
    await publish(bootstrap_servers, prefix, *missing)
    return len(missing), len(wanted) - len(missing)


async def _added(
    articles: AsyncIterator[Sourced[Article | UnreadableLine]], archive: ArchiveWriter, unreadable: list[UnreadableLine]
) -> AsyncIterator[Sourced[Article | UnreadableLine]]:
    """The articles, each of which is in the archive when it is passed on."""
    async for each in articles:
        article = each.record
        if isinstance(article, UnreadableLine):
            unreadable.append(article)
        else:
            archive.add("articles", article, article.fetched_at)
        yield each


def _add_reading(archive: ArchiveWriter, told: Told) -> None:
    """The story and the events that were read of an article; of a duplicate there are none, as on the topics."""
    if isinstance(told, MatchedStory):
        archive.add("stories", told.story, told.story.fetched_at)
        for event in told.read.events:
            archive.add("events", event, told.story.fetched_at)


async def _add_recorded(
    source: ReplaySource, span: ReplaySpan, archive: ArchiveWriter, unreadable: list[UnreadableLine]
) -> None:
    async for each in source.stories(span):
        if isinstance(each.record, UnreadableLine):
            unreadable.append(each.record)
            continue
        archive.add("stories", each.record, each.record.fetched_at)
    async for event in source.events(span):
        if isinstance(event, UnreadableLine):
            unreadable.append(event)
            continue
        archive.add("events", event, event.context.fetched_at)


def _digest(value: bytes) -> bytes:
    return blake2b(value, digest_size=16).digest()
