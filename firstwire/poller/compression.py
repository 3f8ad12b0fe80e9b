"""Bodies that are compressed although no header says so: unpacked up to a limit. Runs in a worker process."""

from __future__ import annotations

import sys
import zlib

import brotli

from firstwire.poller.document import UnreadableFeed

if sys.version_info >= (3, 14):
    from compression.zstd import ZstdDecompressor, ZstdError
else:
    from backports.zstd import ZstdDecompressor, ZstdError

ROUNDS = 3
"""What is compressed may be compressed again on its way."""

_GZIP, _ZSTD = b"\x1f\x8b\x08", b"\x28\xb5\x2f\xfd"
_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_ANY_HEADER = 32 + zlib.MAX_WBITS
"""zlib's wbits for either header, of gzip or of zlib."""
_MARKUP = (b"<", b"{")


def unpacked(body: bytes, limit_bytes: int) -> bytes | UnreadableFeed:
    """The body itself, or what gzip, zlib, zstd or Brotli made it of; or why it cannot be unpacked."""
    for _ in range(ROUNDS):
        try:
            inner = _inner(body, limit_bytes + 1)
        except (zlib.error, ZstdError, EOFError) as err:
            return UnreadableFeed(f"the body is compressed, and damaged: {err}")
        if inner is None:
            return body
        if len(inner) > limit_bytes:
            reason = f"unpacked, the body is larger than {limit_bytes:,} bytes; poller.body_limit_bytes is the limit"
            return UnreadableFeed(reason, is_limit=True)
        body = inner
    return body


def _inner(body: bytes, most_bytes: int) -> bytes | None:
    """What the body contains, at most so much of it; None if it is not compressed."""
    if body.startswith((_GZIP, *_ZLIB)):
        return _inflated(body, most_bytes)
    if body.startswith(_ZSTD):
        return ZstdDecompressor().decompress(body, most_bytes)
    return None if _is_text(body) else _from_brotli(body, most_bytes)


def _inflated(body: bytes, most_bytes: int) -> bytes:
    whole = b""
    # A gzip file may have several members
    while body and len(whole) < most_bytes:
        member = zlib.decompressobj(_ANY_HEADER)
        whole += member.decompress(body, most_bytes - len(whole))
        body = member.unused_data if member.unused_data.startswith(_GZIP) else b""
    return whole


def _from_brotli(body: bytes, most_bytes: int) -> bytes | None:
    """Brotli has no signature: what it unpacks must look like markup."""
    try:
        inner = brotli.Decompressor().process(body, output_buffer_limit=most_bytes)
    except brotli.error:
        return None
    return inner if inner.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(_MARKUP) else None


def _is_text(body: bytes) -> bool:
    """Whether it is markup in some encoding: of the first bytes of a document in UTF-16 or UTF-32 one is a NUL."""
    start = body[:64].lstrip(b"\xef\xbb\xbf\xfe\xff \t\r\n\0")
    return start.startswith(_MARKUP) or not body
