"""Worker processes: a document that takes too much is refused in time, alone."""

from __future__ import annotations

import asyncio
import multiprocessing
import time

import pytest

from firstwire.poller.document import FeedDocument, UnreadableFeed
from firstwire.poller.parse import Parsed, Parser
from firstwire.poller.parse_worker import Budget, ReadJob
from tests.fakes.origin import feed, item

pytestmark = pytest.mark.slow

REFUSED_SECONDS = 5.0


async def in_worker(parser: Parser, body: bytes, *, is_slow: bool = False) -> Parsed:
    job = ReadJob(body, "https://a.example/", "application/xml", 100, body_limit_bytes=20_000_000)
    return await parser.read(job, is_slow=is_slow)


async def test_a_worker_reads_what_we_read() -> None:
    async with Parser(workers=1) as parser:
        body = feed(
            item("Bonjour à tous les amis de la radio qui nous écoutent ce matin dans leur voiture", guid="1"),
            language=None,
        ).body
        parsed = await in_worker(parser, body)
    assert isinstance(parsed.document, FeedDocument)
    assert parsed.document.seen.language == "fr"
    assert not parsed.was_slow


HOSTILE = {
    "nested elements": feed(extra="<a>" * 100_000).body,
    "nested markup": feed(item(description="<div>" * 100_000)).body,
    "ampersands": feed().body.replace(b"</channel>", b"&" * 2_000_000),
    "attributes": b"<rss version='2.0'><channel " + b" ".join(b"a%d=''" % n for n in range(200_000)) + b"/></rss>",
    "namespaces": feed(extra="".join(f"<x{n}:a xmlns:x{n}='u{n}'/>" for n in range(50_000))).body,
    "items": feed(*["<item><title>x</title></item>"] * 200_000).body,
}


async def test_hostile_documents_are_refused_in_time_and_good_ones_are_read_meanwhile() -> None:
    good = feed(item("Harbour reopens", guid="1")).body
    async with Parser(workers=2) as parser:
        await in_worker(parser, good)

        async def refused_within(body: bytes) -> float:
            began = time.monotonic()
            first = await in_worker(parser, body)
            if first.was_slow:  # as the loop does, in the slow lane next time
                began = time.monotonic()
                assert isinstance((await in_worker(parser, body, is_slow=True)).document, FeedDocument | UnreadableFeed)
            return time.monotonic() - began

        took: list[float] = []
        for body in HOSTILE.values():
            hostile = asyncio.create_task(refused_within(body))
            waits = []
            while not hostile.done():
                began = time.monotonic()
                assert isinstance((await in_worker(parser, good)).document, FeedDocument)
                waits.append(time.monotonic() - began)
                await asyncio.sleep(0.01)
            took.append(await hostile)
            assert sorted(waits)[len(waits) * 9 // 10] < 0.5
        assert max(took) < REFUSED_SECONDS


async def test_what_takes_too_long_is_refused_and_the_same_worker_goes_on() -> None:
    async with Parser(workers=1, fast=Budget(0.05, 100_000_000)) as parser:
        await in_worker(parser, feed(item()).body)
        before = {child.pid for child in multiprocessing.active_children()}
        parsed = await in_worker(parser, HOSTILE["items"])
        assert parsed == Parsed(UnreadableFeed("reading it took more than 0.05 s"), was_slow=True)
        assert isinstance((await in_worker(parser, feed(item()).body)).document, FeedDocument)
        assert {child.pid for child in multiprocessing.active_children()} == before


async def test_what_takes_too_much_memory_is_refused() -> None:
    async with Parser(workers=1, fast=Budget(4.0, 10_000_000)) as parser:
        parsed = await in_worker(parser, HOSTILE["items"])
        assert parsed == Parsed(UnreadableFeed("reading it took more than 10,000,000 bytes of memory"), was_slow=True)
        assert isinstance((await in_worker(parser, feed(item()).body)).document, FeedDocument)


async def test_large_documents_keep_no_small_one_waiting() -> None:
    large = feed(item(description="word " * 200_000)).body
    async with Parser(workers=2, fast=Budget(2.0, 300_000_000)) as parser:
        await in_worker(parser, feed(item()).body)
        waiting = [asyncio.create_task(in_worker(parser, large)) for _ in range(4)]
        await asyncio.sleep(0)
        await in_worker(parser, feed(item()).body)
        assert sum(task.done() for task in waiting) < 4
        await asyncio.gather(*waiting)


@pytest.mark.parametrize("lane", [False, True])
async def test_a_worker_that_was_killed_is_replaced(lane: bool) -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    async with Parser(workers=2) as parser:
        assert isinstance((await in_worker(parser, feed(item()).body, is_slow=lane)).document, FeedDocument)
        for child in multiprocessing.active_children():
            if child.pid not in before:
                child.kill()
                child.join()
        assert isinstance((await in_worker(parser, feed(item()).body, is_slow=lane)).document, FeedDocument)
    assert {child.pid for child in multiprocessing.active_children()} == before


async def test_a_worker_that_dies_while_it_writes_or_reads_costs_its_document_alone() -> None:
    before = {child.pid for child in multiprocessing.active_children()}
    large = feed(*(item("T" * 4_000, guid=str(number)) for number in range(1_000))).body
    async with Parser(workers=1, fast=Budget(4.0, 300_000_000)) as parser:
        began = time.monotonic()
        await in_worker(parser, large)
        whole = time.monotonic() - began
        for tenth in range(1, 12):
            reading = asyncio.create_task(in_worker(parser, large))
            await asyncio.sleep(whole * tenth / 10)
            for child in multiprocessing.active_children():
                if child.pid not in before and not reading.done():
                    child.kill()
            async with asyncio.timeout(10):
                assert isinstance((await reading).document, FeedDocument | UnreadableFeed)


async def test_a_visit_that_is_dropped_frees_its_worker() -> None:
    async with Parser(workers=1, fast=Budget(4.0, 300_000_000)) as parser:
        reading = asyncio.create_task(in_worker(parser, HOSTILE["items"]))
        await asyncio.sleep(0.2)
        reading.cancel()
        await asyncio.wait([reading])
        async with asyncio.timeout(10):
            assert isinstance((await in_worker(parser, feed(item()).body)).document, FeedDocument)


async def test_entity_bombs_do_no_harm() -> None:
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    laughs = f'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY l0 "ha">{levels}]>'
    body = laughs + '<rss version="2.0"><channel><item><title>&l9;</title></item></channel></rss>'
    async with Parser(workers=1) as parser:
        assert isinstance((await in_worker(parser, body.encode())).document, FeedDocument | UnreadableFeed)


async def test_an_author_of_any_length_is_read_at_once() -> None:
    body = feed(item("Long", author="a@" * 20_000, guid="1"), item("Next", guid="2")).body
    async with Parser(workers=1) as parser:
        parsed = await in_worker(parser, body)
    assert isinstance(parsed.document, FeedDocument)
    assert [entry.title for entry in parsed.document.entries] == ["Long", "Next"]
    assert not parsed.was_slow
