"""Scalars of YAML 1.2 as plain values: `no` is a word, dates stay text."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, lru_cache
from operator import attrgetter
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.nodes import Node, ScalarNode

TAG = "tag:yaml.org,2002:"
REMEMBERED = 4096
"""Values of plain scalars such as `3` or `true` that are remembered."""


def scalar_of(node: ScalarNode) -> Any:
    """The value of a scalar whose tag is known. Raises LookupError or ValueError if the tag does not fit it."""
    return _constructors().get(str(node.tag), attrgetter("value"))(node)


def plain_scalar(written: str) -> Any:
    """The value of a scalar without quotes and tag; most are words, whose first character says so."""
    if written and written[0] not in _beginnings():
        return written
    return _resolved(written)


@lru_cache(maxsize=REMEMBERED)
def _resolved(written: str) -> Any:
    return scalar_of(ScalarNode(_resolver().resolve(ScalarNode, written, (True, False)), written))


@cache
def _beginnings() -> frozenset[str]:
    """The first characters of plain scalars that may be something other than text."""
    return frozenset(_resolver().versioned_resolver)


@cache
def _resolver() -> Any:
    return YAML(typ="safe", pure=True).resolver


@cache
def _constructors() -> dict[str, Callable[[Node], Any]]:
    """YAML 1.2's constructors of scalars other than text, by tag; dates remain text."""
    safe = YAML(typ="safe", pure=True).constructor
    return {TAG + kind: getattr(safe, f"construct_yaml_{kind}") for kind in ("null", "bool", "int", "float")}
