"""Common to all records: schema name and version, and the small types that several records use."""

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


class Record(msgspec.Struct, frozen=True, kw_only=True, gc=False, tag_field="schema"):
    """A message on a topic. `schema` is its name; `version` increases with incompatible changes.

    Frozen and made of frozen parts, it can be in no cycle: the garbage collector need not visit a worker's memory.

    Records of earlier versions are read through `schemas.upgrades`; later versions are refused.
    """

    version: Annotated[int, msgspec.Meta(ge=1, le=1)] = 1


Certainty = Literal["sure", "unsure"]
"""Whether a reading may be trusted alone, or only together with a second independent origin."""


class Part(msgspec.Struct, frozen=True, kw_only=True, gc=False):
    """A part of a record, without its own schema name."""


class Span(Part, frozen=True, kw_only=True):
    """Evidence in an article: code points `start` to `end` of the field as published in `stories`."""

    field: Field
    start: Annotated[int, msgspec.Meta(ge=0)]
    end: Annotated[int, msgspec.Meta(ge=0)]
    text: str


class Entity(Part, frozen=True, kw_only=True):
    """An actor or a target. `id` is the English short name, lower case, hyphenated."""

    id: str
    name: str
    kind: EntityKind
