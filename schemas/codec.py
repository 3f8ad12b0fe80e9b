"""Encodes and decodes records. Failures are ValueErrors that name the field."""

from __future__ import annotations

from typing import Any, TypeVar, Union

import msgspec
import orjson

from schemas.record import Record
from schemas.upgrades import upgraded

R = TypeVar("R", bound=Record)
S = TypeVar("S", bound=Record)
T = TypeVar("T", bound=Record)

RECORD_LIMIT_BYTES = 900_000
"""Largest encoded record: below the broker's default `message.max.bytes` (1,048,588), with room for key and headers."""

ARTICLE_LIMIT_BYTES = 800_000
"""Largest encoded article: the records made from it repeat its text and add to it, and must still fit."""


_ENCODER = msgspec.json.Encoder()


class DecodeError(ValueError):
    """The bytes are not a record of the expected schema; the message names the field."""


class RecordTooLargeError(ValueError):
    """The encoded record is larger than the broker accepts."""


def encode(record: Record, limit_bytes: int = RECORD_LIMIT_BYTES) -> bytes:
    """UTF-8 JSON of a record, fields in declared order, so that equal records have equal bytes.

    Raises RecordTooLargeError over `limit_bytes`, DecodeError for text that UTF-8 cannot encode (lone surrogates).
    """
    try:
        data = _ENCODER.encode(record)
    except (TypeError, UnicodeEncodeError) as err:
        raise DecodeError(f"{type(record).__name__} cannot be written as JSON: {err}") from err
    if len(data) > limit_bytes:
        raise RecordTooLargeError(
            f"{type(record).__name__} of {len(data):,} bytes is over the limit of {limit_bytes:,}"
        )
    return data


def decode(data: bytes | None, kind: type[R]) -> R:
    """The record in `data`. Unknown fields are ignored, so that an older reader accepts a newer writer's records."""
    found: R = _decoded(data, kind, kind.__name__)
    return found


def decode_one_of(data: bytes | None, one: type[R], other: type[S], third: type[T]) -> R | S | T:
    """The record in `data`, of one of these kinds, as its `schema` specifies."""
    names = f"{one.__name__}, {other.__name__} or {third.__name__}"
    found: R | S | T = _decoded(data, one | other | third, names)
    return found


def decode_any(data: bytes | None, kinds: type[Record] | tuple[type[Record], ...]) -> Record:
    """The record in `data`, of any of these kinds, as its `schema` specifies."""
    if not isinstance(kinds, tuple):
        return decode(data, kinds)
    found: Record = _decoded(data, Union[kinds], " or ".join(kind.__name__ for kind in kinds))  # noqa: UP007
    return found


def _decoded(data: bytes | None, kind: Any, name: str) -> Any:
    if data is None:
        raise DecodeError(f"no value where a {name} was expected")
    try:
        value: Any = orjson.loads(data)
    except orjson.JSONDecodeError as err:
        raise DecodeError(f"not JSON: {err}") from err
    if isinstance(value, dict) and "schema" not in value:
        raise DecodeError(f"not a {name}: no field `schema` that says what it is")
    try:
        return msgspec.convert(_in_current_version(value), kind)
    except msgspec.ValidationError as err:
        raise DecodeError(f"not a {name}: {err}") from err


def _in_current_version(value: Any) -> Any:
    try:
        return upgraded(value)
    except (AttributeError, KeyError, TypeError, ValueError) as err:
        raise DecodeError(f"not a record of an earlier version: {err!r}") from err
