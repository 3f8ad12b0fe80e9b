"""What a type knows: words that a value may be, and keys, for messages about others; and types inside types. Pure."""

from __future__ import annotations

import re
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import msgspec
from msgspec.structs import FieldInfo

from firstwire.core.text.nearest import nearest

_UNKNOWN_WORD = "enum value"
"""How msgspec says it, in either case: `Invalid enum value 'loud'`."""
_UNKNOWN_KEY = re.compile(r"unknown field `([^`]*)`")
_STEP = re.compile(r"\.(\w+)|\[[^\]]*\]")


def with_known_words(message: str, kind: Any) -> str:
    """What msgspec says of a value; if it is none of the words that its type `kind` allows, or has an unknown key, with
    what is allowed.
    """
    if (unknown := _UNKNOWN_KEY.search(message)) is not None:
        return f"{message}{nearest(unknown[1], fields_of(kind))}"
    words = dict.fromkeys(_words_of(kind))
    return f"{message}; allowed are {', '.join(words)}" if words and _UNKNOWN_WORD in message else message


def type_at(kind: Any, path: str) -> Any:
    """The type of the value that msgspec's path leads to, as `$.web.tokens[0].role` in `kind`; Any if there is none."""
    for step in _STEP.finditer(path):
        kind = inner_type(kind, step[1] or 0)
    return kind


def inner_type(kind: Any, key: str | int) -> Any:
    """The type of the value under a key or index; of a union, in the option that has one."""
    fields = fields_of(kind)
    if isinstance(key, str) and key in fields:
        return fields[key].type
    for option in _options(kind):
        if get_origin(option) in ({list, tuple} if isinstance(key, int) else {dict}):
            return get_args(option)[0 if isinstance(key, int) else 1]
    return Any


def fields_of(kind: Any) -> Mapping[str, FieldInfo]:
    """The fields of a Struct, or of the Struct in a union, by their names as written."""
    structs = (option for option in _options(kind) if isinstance(option, type) and issubclass(option, msgspec.Struct))
    return {field.encode_name: field for struct in structs for field in msgspec.structs.fields(struct)}


def _options(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in {types.UnionType, Union} else (kind,)


def _words_of(kind: Any) -> Iterator[str]:
    """The words of its Literals, in their order: its own, or those of the options of a union, alone or in a list."""
    origin = get_origin(kind)
    if origin is Literal:
        yield from map(str, get_args(kind))
    elif origin is Annotated:
        yield from _words_of(get_args(kind)[0])
    else:
        for part in get_args(kind):
            yield from _words_of(part)
