"""A fast reader of regular YAML: values from the parser's events, 10 µs a watch, with nothing kept but the values.

It reports no errors: what is wrong or unusual (tags, directives, aliases into themselves, several documents) is left to
`files.yaml`, which reads the same events as nodes with places.
"""

from __future__ import annotations

from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from firstwire.files.yaml_scalars import plain_scalar

DEPTH_LIMIT = 50


class IrregularYamlError(ValueError):
    """The text is not YAML, has a key twice, or has what only the reader of nodes knows."""


def read_regular_yaml(text: str) -> Any:
    """The plain value of a text. Raises IrregularYamlError, without a position, if it is not regular."""
    try:
        return _read(text)
    except (YAMLError, ValueError, LookupError) as err:
        raise IrregularYamlError(str(err)) from err


def _read(text: str) -> Any:
    documents: list[Any] = []
    innermost: Any = documents
    outer: list[tuple[Any, str | None, str | None]] = []
    """The containers around the innermost one, each with its key that waits for a value, and the inner one's anchor."""
    key: str | None = None
    anchored: dict[str, Any] = {}
    for event in YAML(typ="safe", pure=False).parse(text):
        kind = type(event)
        if kind is ScalarEvent:
            if event.tag is not None:
                raise IrregularYamlError("a tag")
            value = event.value
            if key is None and type(innermost) is dict and event.anchor is None:
                key = value
                continue
            if event.implicit[0]:
                value = plain_scalar(value)
            if event.anchor is not None:
                _anchor(event.anchor, value, anchored)
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            if event.tag is not None or len(outer) > DEPTH_LIMIT or (key is None and type(innermost) is dict):
                raise IrregularYamlError("a tag, too many levels, or a key that is no text")
            outer.append((innermost, key, event.anchor))
            innermost, key = {} if kind is MappingStartEvent else [], None
            continue
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            value = innermost
            innermost, key, anchor = outer.pop()
            if anchor is not None:
                _anchor(anchor, value, anchored)
        elif kind is AliasEvent:
            value = anchored[event.anchor]
        elif kind is DocumentStartEvent and (event.version is not None or event.tags):
            raise IrregularYamlError("a directive")
        else:
            continue
        if type(innermost) is list:
            innermost.append(value)
        elif key is None or key in innermost:
            raise IrregularYamlError("a key that is no text, or is there already")
        else:
            innermost[key] = value
            key = None
    if len(documents) != 1:
        raise IrregularYamlError("not one document")
    return documents[0]


def _anchor(name: str, value: Any, anchored: dict[str, Any]) -> None:
    """Remember a value for its aliases; one inside itself is not known yet when its alias comes."""
    if name in anchored:
        raise IrregularYamlError("an anchor twice")
    anchored[name] = value
