"""YAML files with places: every value knows its file, line and column, so that every error can name them.

`load(path, Kind)` reads YAML 1.2 (`no` is a word, dates stay text), checks it against a msgspec Struct and gives a
`Document`: the value, and `place("watches", 3, "query")` for errors that only its reader can find. A file that is
plain JSON is read at full speed, and as YAML only if something is wrong with it.
"""

from __future__ import annotations

import difflib
import types
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import MappingEndEvent, MappingStartEvent, SequenceEndEvent, SequenceStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from firstwire.errors import ConfigError
from firstwire.files.json import NotPlainJsonError, find_in_json, read_json

T = TypeVar("T")

_DEPTH_LIMIT = 50
_TAG = "tag:yaml.org,2002:"
_BOOLEANS = {"true": True, "false": False}


class WrittenFile(Generic[T]):
    """What a file holds, and where. Without a `root` its text is plain JSON."""

    def __init__(self, value: T, path: Path, text: str, root: Node | None = None) -> None:
        self.value = value
        self.path = path
        self._text = text
        self._root = root

    def place(self, *keys: str | int) -> str:
        """`file:line:column` of the value that the keys lead to, or of the last one that exists."""
        if self._root is None:
            line, column = find_in_json(self._text, keys)
            return f"{self.path}:{line}:{column}"
        node = self._root
        for key in keys:
            found = _child(node, key)
            if found is None:
                break
            node = found
        return _place(self.path, node)

    def place_within(self, at: int, *keys: str | int) -> str:
        """The place of character `at` of a text, where it is written as it is read; else of the whole value."""
        node = self._root
        for key in keys:
            node = _child(node, key) if node is not None else None
        if isinstance(node, ScalarNode):
            written = self._text[node.start_mark.index : node.end_mark.index]
            inside = written[1:-1] if node.style else written
            if inside == node.value and "\n" not in inside:
                column = node.start_mark.column + (1 if node.style else 0) + at + 1
                return f"{self.path}:{node.start_mark.line + 1}:{column}"
        return self.place(*keys)

    def span(self, *keys: str | int) -> tuple[int, int] | None:
        """Where the value that the keys lead to is written, in characters of the file; null where there is none."""
        node: Node | None = self._composed()
        for key in keys:
            node = _child(node, key) if node is not None else None
        return None if node is None else (node.start_mark.index, node.end_mark.index)

    def _composed(self) -> Node:
        if self._root is None:
            self._root = _compose(self.path, self._text)
        return self._root


def load(path: Path, kind: type[T]) -> WrittenFile[T]:
    """A file as `kind`. ConfigError with its place for broken YAML, unknown or doubled keys and wrong types."""
    text = _text(path)
    value: T
    if text.lstrip()[:1] == "{":
        try:
            return WrittenFile(read_json(text, kind), path, text)
        except NotPlainJsonError:
            pass  # the slow way says what is wrong, and where
    root = _compose(path, text)
    try:
        value = _convert(root, kind, path, "the file", 0)
    except RecursionError as err:
        raise ConfigError("nested too deeply", place=str(path)) from err
    return WrittenFile(value, path, text, root)


def yaml_paths(paths: Iterable[Path]) -> list[Path]:
    """The files of a list of files and directories; a directory gives its `*.yaml` and `*.yml`, by name."""
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


def nearest(name: str, known: Sequence[str]) -> str:
    """The end of an "unknown" message: the known name that is nearest, else all of them."""
    close = difflib.get_close_matches(name, list(known), n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else f"; known are {', '.join(sorted(known)[:20])}"


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
    """The same nodes from libyaml, seven times as fast; null for what the pure reader must explain.

    libyaml's reader of nodes calls itself for each level and would end the process: the levels are counted first.
    """
    depth = 0
    try:
        for event in YAML(typ="safe", pure=False).parse(text):
            if isinstance(event, MappingStartEvent | SequenceStartEvent):
                depth += 1
                if depth > _DEPTH_LIMIT:
                    return None
            elif isinstance(event, MappingEndEvent | SequenceEndEvent):
                depth -= 1
        root: Node | None = YAML(typ="safe", pure=False).compose(text)
    except (YAMLError, RecursionError):
        return None
    return root


def _place(path: Path, node: Node) -> str:
    return f"{path}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"


def _child(node: Node, key: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.value == str(key)), None)
    if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        child: Node = node.value[key]
        return child
    return None


def _convert(node: Node, kind: Any, path: Path, what: str, depth: int) -> Any:
    """The node as `kind`, walked together, so that each error stands at its own line."""
    if depth > _DEPTH_LIMIT:
        raise ConfigError("nested too deeply", place=_place(path, node))
    kind = _only_option(kind, node)
    origin, args = get_origin(kind), get_args(kind)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return _convert_struct(node, kind, path, what, depth)
    if origin is dict and isinstance(node, MappingNode):
        pairs = _pairs(node, path)
        return {key: _convert(value, args[1], path, key, depth + 1) for key, _, value in pairs}
    if origin in {list, tuple} and isinstance(node, SequenceNode):
        items = [_convert(item, args[0], path, f"{what}[{at}]", depth + 1) for at, item in enumerate(node.value)]
        return items if origin is list else tuple(items)
    return _checked(_plain(node), kind, _place(path, node), what)


def _convert_struct(node: Node, kind: type[msgspec.Struct], path: Path, what: str, depth: int) -> msgspec.Struct:
    if not isinstance(node, MappingNode):
        raise ConfigError(f"{what} must be a mapping of {', '.join(kind.__struct_fields__)}", place=_place(path, node))
    hints = get_type_hints(kind, include_extras=True)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    values: dict[str, Any] = {}
    for key, key_node, value in _pairs(node, path):
        if key not in fields:
            raise ConfigError(f"unknown key {key!r}{nearest(key, list(fields))}", place=_place(path, key_node))
        values[fields[key].name] = _convert(value, hints[fields[key].name], path, key, depth + 1)
    missing = [name for name, field in fields.items() if field.required and field.name not in values]
    if missing:
        raise ConfigError(f"{what} lacks {', '.join(map(repr, missing))}", place=_place(path, node))
    try:
        return kind(**values)
    except (ValueError, TypeError) as err:  # a Struct's own __post_init__
        raise ConfigError(f"{what}: {err}", place=_place(path, node)) from err


def _only_option(kind: Any, node: Node) -> Any:
    """Of `X | None` and of unions, the one option that has the node's shape, so that it can be walked."""
    if get_origin(kind) not in {types.UnionType, Union}:
        return kind
    shape: tuple[type, ...] = (dict,) if isinstance(node, MappingNode) else ()
    shape = (list, tuple) if isinstance(node, SequenceNode) else shape
    fitting = [
        option
        for option in get_args(kind)
        if get_origin(option) in shape
        or (isinstance(node, MappingNode) and isinstance(option, type) and issubclass(option, msgspec.Struct))
    ]
    return fitting[0] if len(fitting) == 1 else kind


def _pairs(node: MappingNode, path: Path) -> list[tuple[str, Node, Node]]:
    seen: dict[str, Node] = {}
    pairs: list[tuple[str, Node, Node]] = []
    for key, value in node.value:
        if not isinstance(key, ScalarNode):
            raise ConfigError("a key must be plain text", place=_place(path, key))
        if key.value in seen:
            first = seen[key.value].start_mark.line + 1
            raise ConfigError(f"{key.value!r} stands here twice, first in line {first}", place=_place(path, key))
        seen[key.value] = key
        pairs.append((key.value, key, value))
    return pairs


def _plain(node: Node) -> Any:
    """The value of a scalar. A mapping or sequence comes here only where none is wanted: its type is all that is asked.

    Nothing is unfolded, so that aliases of aliases cannot grow without end.
    """
    if isinstance(node, MappingNode):
        return {}
    if isinstance(node, SequenceNode):
        return []
    text = str(node.value)
    tag = str(node.tag).removeprefix(_TAG)
    try:
        if tag == "null":
            return None
        if tag == "bool":
            return _BOOLEANS[text.lower()]
        if tag == "int":
            return int(text, 0) if text.lstrip("+-")[:2].lower() in {"0x", "0o"} else int(text.replace("_", ""))
        return float(text.replace("_", "")) if tag == "float" else text
    except (KeyError, ValueError):
        return text


def _checked(value: Any, kind: Any, place: str, what: str) -> Any:
    try:
        return msgspec.convert(value, kind)
    except msgspec.ValidationError as err:
        message = str(err).partition(" - at ")[0]
        raise ConfigError(f"{what}: {message[:1].lower()}{message[1:]}", place=place) from err
