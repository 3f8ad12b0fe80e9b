"""Bodies that are compressed without saying so."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable
from functools import partial

import brotli
import pytest
from backports import zstd
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.compression import unpacked
from firstwire.poller.document import UnreadableFeed
from tests.fakes.origin import feed, item

LIMIT = 1_000_000
WHOLE = feed(item("Кипр отозвал посла", guid="1")).body
PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "zlib": zlib.compress,
    "Brotli": partial(brotli.compress, quality=5),
    "zstd": zstd.compress,
}


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_compressed_body_is_unpacked(pack: Callable[[bytes], bytes]) -> None:
    assert unpacked(pack(WHOLE), LIMIT) == WHOLE
    assert unpacked(gzip.compress(pack(WHOLE)), LIMIT) == WHOLE


def test_all_members_of_a_gzip_file_are_unpacked() -> None:
    assert unpacked(gzip.compress(WHOLE[:50]) + gzip.compress(WHOLE[50:]), LIMIT) == WHOLE


@pytest.mark.parametrize("pack", PACKERS.values(), ids=PACKERS)
def test_a_bomb_is_unpacked_to_the_limit_only(pack: Callable[[bytes], bytes]) -> None:
    result = unpacked(pack(b"<" * 20 * LIMIT), LIMIT)
    reason = "unpacked, the body is larger than 1,000,000 bytes; poller.body_limit_bytes is the limit"
    assert result == UnreadableFeed(reason, is_limit=True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32", "utf-16-be", "cp1251", "cp037"])
def test_what_is_not_compressed_stays_as_it_is(encoding: str) -> None:
    body = WHOLE.decode().replace("Кипр отозвал посла", "Cyprus").encode(encoding)
    assert unpacked(body, LIMIT) == body


def test_a_damaged_body_says_so() -> None:
    damaged = unpacked(gzip.compress(WHOLE)[:40] + b"x" * 40, LIMIT)
    assert isinstance(damaged, UnreadableFeed)
    assert damaged.reason.startswith("the body is compressed, and damaged: ")


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd", b"\x78\x9c", b"\x78\x01"]))
def test_no_bytes_raise(body: bytes, start: bytes) -> None:
    unpacked(start + body, LIMIT)
