"""Six-byte keys: what is looked up by an id or an address is a number in the index, a fifth of its text.

Two things may share a key, however unlikely: who looks something up compares the record that it finds.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from firstwire.core.stories.pages import page_key

KEY_BYTES = 6
"""SQLite keeps integers in 1, 2, 3, 4, 6 or 8 bytes. Two of 300,000 articles share six in one of 6,000 indexes."""
_HEX_DIGITS = 2 * KEY_BYTES
_HEX = re.compile(r"[0-9a-f]+")
_LOWEST = -(1 << (8 * KEY_BYTES - 1))
"""Of integers of this size."""


def key_of(record_id: str) -> int:
    """The key of an id. Ids of hexadecimal digits keep their order, so that the beginning of one is a range."""
    if len(record_id) >= _HEX_DIGITS and _HEX.fullmatch(record_id):
        return int(record_id[:_HEX_DIGITS], 16) + _LOWEST
    return hashed(record_id)


def keys_meant(wanted: str, shortest: int) -> tuple[int, int, int]:
    """The key of an id, and the lowest and highest of those that begin like this, if it has `shortest` characters."""
    key = key_of(wanted)
    if not shortest <= len(wanted) < _HEX_DIGITS or not _HEX.fullmatch(wanted):
        return key, key, key
    lowest, highest = (int(wanted.ljust(_HEX_DIGITS, digit), 16) + _LOWEST for digit in "0f")
    return key, lowest, highest


def key_of_page(url: str) -> int:
    """The key of a web page, the same for all of its addresses."""
    return hashed(page_key(url))


def hashed(text: str) -> int:
    digest = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=KEY_BYTES).digest()
    return int.from_bytes(digest, signed=True)
