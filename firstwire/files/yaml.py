"""YAML files with places: file, line and column of every value are known, so that every error can name them.

`load(path, Kind)` reads YAML 1.2 (`no` is a word, dates stay text), lets msgspec convert it into a Struct and returns a
`WrittenFile`: the value, and `place("watches", 3, "query")` for errors that only its reader can find.

Nodes with their places take ten times the memory of the values, so a file is first read without them: plain JSON as
JSON, regular YAML from the parser's events. Whatever is wrong or unusual, and every place, comes from the nodes.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from firstwire.core.text.known_words import fields_of, inner_type, with_known_words
from firstwire.core.text.nearest import nearest
from firstwire.errors import ConfigError
from firstwire.files.json import NotPlainJsonError, find_in_json, read_json
from firstwire.files.regular_yaml import DEPTH_LIMIT, IrregularYamlError, read_regular_yaml
from firstwire.files.yaml_scalars import TAG, scalar_of

T = TypeVar("T")


class WrittenFile(Generic[T]):
    """The value of a file, and the places in it. Without a `root` the nodes are composed when a place is wanted."""

    def __init__(self, value: T, path: Path, text: str, root: Node | None = None, *, is_json: bool = False) -> None:
        self.value = value
        self.path = path
        self.text = text
        self._root = root
        self._is_json = is_json

    def place(self, *keys: str | int) -> str:
        """`file:line:column` of the value that the keys lead to, or of the last one that exists."""
        if self._is_json:
            line, column = find_in_json(self.text, keys)
            return f"{self.path}:{line}:{column}"
        node = self._composed()
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            node = found
        return _place(self.path, node)

    def place_within(self, at: int, *keys: str | int) -> str:
        """The place of character `at` of a text if it is written verbatim on one line; else of the whole value."""
        node = None if self._is_json else _descendant(self._composed(), keys)
        if isinstance(node, ScalarNode):
            written = self.text[node.start_mark.index : node.end_mark.index]
            inside = written[1:-1] if node.style else written
            if inside == node.value and "\n" not in inside:
                column = node.start_mark.column + (1 if node.style else 0) + at + 1
                return f"{self.path}:{node.start_mark.line + 1}:{column}"
        return self.place(*keys)

    def span(self, *keys: str | int) -> tuple[int, int] | None:
        """The span of the value that the keys lead to, in characters of the file; None if there is none."""
        node = _descendant(self._composed(), keys)
        return None if node is None else (node.start_mark.index, node.end_mark.index)

    def _composed(self) -> Node:
        if self._root is None:
            self._root = _compose(self.path, self.text)
        return self._root


def load(path: Path, kind: type[T]) -> WrittenFile[T]:
    """A file as `kind`. Raises ConfigError with a place for broken YAML, unknown or duplicate keys and wrong types."""
    text = _text(path)
    if text.lstrip()[:1] == "{":
        try:
            return WrittenFile(read_json(text, kind), path, text, is_json=True)
        except NotPlainJsonError:
            pass  # the slow reader reports what is wrong, and where
    try:
        return WrittenFile(msgspec.convert(read_regular_yaml(text), kind), path, text)
    except (IrregularYamlError, msgspec.ValidationError):
        pass
    root = _compose(path, text)
    plain = _plain(root, path, {})
    try:
        return WrittenFile(msgspec.convert(plain, kind), path, text, root)
    except msgspec.ValidationError as err:
        raise _located(err, plain, kind, root, path, "the file") from err


def yaml_paths(paths: Iterable[Path]) -> list[Path]:
    """The files of a list of files and directories; a directory yields its `*.yaml` and `*.yml`, sorted by name."""
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"})
            if not inside:
                raise ConfigError("no YAML file in this directory", place=str(path))
            found.extend(inside)
        else:
            found.append(path)
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as err:
        raise ConfigError(f"cannot read it: {err.strerror}", place=str(path)) from err
    except UnicodeDecodeError as err:
        raise ConfigError("not UTF-8 text", place=str(path)) from err


def _compose(path: Path, text: str) -> Node:
    root: Node | None = _composed_in_c(text)
    if root is not None:
        return root
    try:
        root = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as err:
        mark = err.problem_mark or err.context_mark
        place = f"{path}:{mark.line + 1}:{mark.column + 1}" if mark is not None else str(path)
        raise ConfigError(f"not YAML: {err.problem or err.context}", place=place) from err
    except YAMLError as err:
        raise ConfigError(f"not YAML: {str(err).splitlines()[0]}", place=str(path)) from err
    except RecursionError as err:
        raise ConfigError("nested too deeply", place=str(path)) from err
    if root is None:
        raise ConfigError("the file is empty", place=str(path))
    return root


def _composed_in_c(text: str) -> Node | None:
    """The same nodes from libyaml, seven times as fast; None if the pure reader must report an error.

    libyaml composes recursively and would crash the process on deep nesting, so the levels are counted first.
    """
    depth = 0
    try:
        for event in YAML(typ="safe", pure=False).parse(text):
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
                if depth > DEPTH_LIMIT:
                    return None
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
        root: Node | None = YAML(typ="safe", pure=False).compose(text)
    except (YAMLError, RecursionError):
        return None
    return root


def _place(path: Path, node: Node) -> str:
    return f"{path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _descendant(node: Node | None, keys: Iterable[str | int]) -> Node | None:
    for key in keys:
        node = _child(node, key)
    return node


def _child(node: Node | None, key: str | int) -> Node | None:
    found: Node | None = None
    if isinstance(node, MappingNode):
        found = next((value for name, value in node.value if name.value == key), None)
    elif isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        found = node.value[key]
    return found


def _plain(node: Node, path: Path, made: dict[Node, Any], depth: int = 0) -> Any:
    """The plain value of a node, for msgspec to convert. Raises ConfigError for nodes without a plain value.

    The target of an alias is made once and shared through `made`, so that nested aliases cannot grow exponentially; a
    node that contains itself is nested too deeply.
    """
    if isinstance(node, ScalarNode):
        return _scalar(node, path)
    if depth > DEPTH_LIMIT:
        raise ConfigError("nested too deeply", place=_place(path, node))
    if node not in made and isinstance(node, SequenceNode):
        made[node] = [_plain(item, path, made, depth + 1) for item in node.value]
    elif node not in made:
        keys: dict[str, Node] = {}
        for key, _ in node.value:
            if not isinstance(key, ScalarNode):
                raise ConfigError("a key must be plain text", place=_place(path, key))
            if (first := keys.setdefault(key.value, key)) is not key:
                line = first.start_mark.line + 1
                raise ConfigError(f"duplicate key {key.value!r}, first in line {line}", place=_place(path, key))
        made[node] = {key.value: _plain(value, path, made, depth + 1) for key, value in node.value}
    return made[node]


def _scalar(node: ScalarNode, path: Path) -> Any:
    try:
        return scalar_of(node)
    except (LookupError, ValueError) as err:  # `!!int x`
        raise ConfigError(
            f"{node.value!r} is not of type {str(node.tag)[len(TAG) :]}", place=_place(path, node)
        ) from err


def _located(err: msgspec.ValidationError, value: Any, kind: Any, node: Node, path: Path, what: str) -> ConfigError:
    """The error at the place of the innermost value that does not convert: msgspec's own path omits keys."""
    fields = fields_of(kind)
    pairs: Iterable[tuple[Any, Node]] = (
        node.value if isinstance(node, MappingNode) else enumerate(node.value if isinstance(value, list) else ())
    )
    for written, child in pairs:
        key = written.value if isinstance(written, Node) else written
        if fields and isinstance(key, str) and key not in fields:
            return ConfigError(f"unknown key {key!r}{nearest(key, list(fields))}", place=_place(path, written))
        inner = inner_type(kind, key)
        try:
            msgspec.convert(value[key], inner)
        except msgspec.ValidationError as inside:
            name = key if isinstance(key, str) else f"{what}[{key}]"
            return _located(inside, value[key], inner, child, path, name)
    message = with_known_words(f"{what}: {str(err)[:1].lower()}{str(err)[1:]}", kind)
    if fields and isinstance(value, dict):
        missing = [repr(name) for name, field in fields.items() if field.required and name not in value]
        message = f"{what} lacks {', '.join(missing)}" if missing else message
    elif fields and str(err).startswith("Expected `object`"):
        message = f"{what} must be a mapping of {', '.join(fields)}"
    return ConfigError(message, place=_place(path, node))
