"""Memories of articles as bytes: a third smaller than records, and one object each, against fragmentation."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping

import msgspec

from schemas.state import ArticleMemory

_Digest = bytes
"""See `packed_digest`."""
_ArticleRow = tuple[
    tuple[_Digest, ...],  # contents
    _Digest,  # text_hash
    _Digest,  # story_id
    _Digest | None,  # origin_id; null: its own
    str | None,  # source
    bytes,  # grams
    int,  # thinned
    str | None,  # agency
    bool,  # is_on_title
    str,  # first_seen_at
    str | None,  # seen_at; null: at first
]
_ROW_DECODER = msgspec.msgpack.Decoder(_ArticleRow)
_DIGEST_CHARACTERS = 32


class PackedArticles(MutableMapping[str, ArticleMemory]):
    """Memories by article id, returned equal to those stored."""

    def __init__(self) -> None:
        self._rows: dict[str, bytes] = {}

    def __getitem__(self, article_id: str) -> ArticleMemory:
        return _memory(article_id, self._rows[article_id])

    def find(self, article_id: str) -> ArticleMemory | None:
        """The memory of an article; None for most lookups, as most articles are new."""
        row = self._rows.get(article_id)
        return None if row is None else _memory(article_id, row)

    def __setitem__(self, article_id: str, memory: ArticleMemory) -> None:
        assert memory.article_id == article_id
        row = (
            [packed_digest(content) for content in memory.contents],
            packed_digest(memory.text_hash),
            packed_digest(memory.story_id),
            None if memory.origin_id == article_id else packed_digest(memory.origin_id),
            memory.source,
            memory.grams,
            memory.thinned,
            memory.agency,
            memory.is_on_title,
            memory.first_seen_at,
            None if memory.seen_at == memory.first_seen_at else memory.seen_at,
        )
        self._rows[article_id] = trimmed(msgspec.msgpack.encode(row))

    def __delitem__(self, article_id: str) -> None:
        del self._rows[article_id]

    def __contains__(self, article_id: object) -> bool:
        return article_id in self._rows

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


def _memory(article_id: str, row: bytes) -> ArticleMemory:
    contents, text_hash, story_id, origin_id, source, grams, thinned, agency, is_on_title, first_seen_at, seen_at = (
        _ROW_DECODER.decode(row)
    )
    return ArticleMemory(
        article_id=article_id,
        contents=tuple([_unpacked(content) for content in contents]),
        text_hash=_unpacked(text_hash),
        story_id=_unpacked(story_id),
        origin_id=article_id if origin_id is None else _unpacked(origin_id),
        source=source,
        grams=grams,
        thinned=thinned,
        agency=agency,
        is_on_title=is_on_title,
        first_seen_at=first_seen_at,
        seen_at=first_seen_at if seen_at is None else seen_at,
    )


def trimmed(data: bytes) -> bytes:
    """A copy of the bytes without spare capacity: the encoder allocates half as much again."""
    return bytes(memoryview(data))


def packed_digest(text: str) -> _Digest:
    """A digest's 32 hexadecimal characters as 16 bytes, any other id unchanged; the first byte tags which."""
    if len(text) == _DIGEST_CHARACTERS:
        try:
            data = bytes.fromhex(text)
        except ValueError:
            data = b""
        if data.hex() == text:
            return b"\x01" + data
    return b"\x02" + text.encode("utf-8", "surrogatepass")


def _unpacked(digest: _Digest) -> str:
    return digest[1:].hex() if digest[0] == 1 else digest[1:].decode("utf-8", "surrogatepass")
