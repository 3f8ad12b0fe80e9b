"""What every record shares: its schema name and version, and the small types that several records use."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

Timestamp = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$",
        description="UTC, RFC 3339 with milliseconds. Fixed width, so that text order is time order.",
    ),
]
Date = Annotated[str, msgspec.Meta(pattern=r"^\d{4}-\d{2}-\d{2}$", description="A UTC day, ISO 8601.")]
Field = Literal["title", "summary", "body"]
EntityKind = Literal["nation", "organization", "leader", "person", "subnational", "other"]


class Record(msgspec.Struct, frozen=True, kw_only=True, tag_field="schema"):
    """A message on a topic. `schema` is its name; `version` rises when a reader of the old one would be misled.

    What was written in an earlier version is read by `schemas.upgrades`; a later one is refused.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


class Part(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of a record, without a schema name of its own."""


class Span(Part, frozen=True, kw_only=True):
    """Words of an article that prove something: code points `start` to `end` of the field as published in `stories`."""

    field: Field
    start: Annotated[int, msgspec.Meta(ge=0)]
    end: Annotated[int, msgspec.Meta(ge=0)]
    text: str


class Entity(Part, frozen=True, kw_only=True):
    """Somebody or something that acts or is acted on. `id` is the English short name, lower case, hyphenated."""

    id: str
    name: str
    kind: EntityKind
