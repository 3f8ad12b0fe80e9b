"""YAML files: checked against types, every error at file, line and column."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import msgspec
import pytest
from ruamel.yaml.nodes import Node

from firstwire.errors import ConfigError
from firstwire.files import yaml as yaml_files
from firstwire.files.yaml import load, yaml_paths


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    id: str
    level: Literal["low", "high"] = "low"
    targets: str | tuple[str, ...] = "*"
    count: int | None = None


class Span(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    first: int
    last: int

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("it ends before it begins")


class Sheet(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    items: tuple[Item, ...] = ()
    spans: dict[str, tuple[Span, ...]] = {}
    level: float = 0


def write(folder: Path, content: str) -> Path:
    file = folder / "sheet.yaml"
    file.write_text(content, encoding="utf-8")
    return file


def test_values_keep_their_places(tmp_path: Path) -> None:
    document = load(write(tmp_path, "items:\n  - id: a\n    targets: [x, y]\n  - id: 'b'\n    count: 3\n"), Sheet)
    assert document.value.items == (Item(id="a", targets=("x", "y")), Item(id="b", count=3))
    assert document.place("items", 1, "count").endswith("sheet.yaml:5:12")
    assert document.place("items", 1, "absent").endswith("sheet.yaml:4:5")


def test_words_and_dates_of_yaml_one_stay_text(tmp_path: Path) -> None:
    document = load(write(tmp_path, "items: [{id: no}, {id: 2021-08-15}]"), Sheet)
    assert [item.id for item in document.value.items] == ["no", "2021-08-15"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("items:\n  - id: a\n    lvel: low", "3:5: unknown key 'lvel'; did you mean 'level'?"),
        ("items:\n  - id: a\n    level: middle", "3:12: level: invalid enum value 'middle'; allowed are low, high"),
        ("items:\n  - level: low", "2:5: items[0] lacks 'id'"),
        ("items:\n  - id: 1", "2:9: id: expected `str`, got `int`"),
        ("items: nothing", "1:8: items: expected `array`, got `str`"),
        ("items:\n  - id: a\n   - id: b", "not YAML"),
        ("- a", "1:1: the file must be a mapping of items"),
        ("spans:\n  a: [{first: 1, last: 2}]\n  b: [{first: 1, last: x}]", "3:24: last: expected `int`, got `str`"),
        ("spans:\n  a: [{first: 1, last: 2}]\n  b: [{first: 2, last: 1}]", "3:7: b[0]: it ends before it begins"),
        ("spans:\n  a: []\n  b: [{first: 1, last: 2, lst: 2}]", "3:27: unknown key 'lst'; did you mean 'last'?"),
        ("spans:\n  a: []\n  b: [{}]", "3:7: b[0] lacks 'first', 'last'"),
        ("spans:\n  a: []\n  b: 7", "3:6: b: expected `array`, got `int`"),
        ("spans:\n  a: &a [{first: 2, last: x}]\n  b: *a", "2:27: last: expected `int`, got `str`"),
        ("level: !!int x", "1:8: 'x' is not of type int"),
        ("level: !!bool maybe", "1:8: 'maybe' is not of type bool"),
        ("items: [{id: a}]\nitems: []", "2:1: duplicate key 'items', first in line 1"),
        ("items: [{id: &i [*i]}]", "nested too deeply"),
    ],
)
def test_an_error_names_line_and_column(tmp_path: Path, content: str, message: str) -> None:
    file = write(tmp_path, content)
    with pytest.raises(ConfigError) as caught:
        load(file, Sheet)
    assert str(caught.value).startswith(str(file))
    assert message in str(caught.value)


def test_an_alias_stands_for_the_same_value_wherever_it_is(tmp_path: Path) -> None:
    content = "items: [{id: &id a}, {id: *id}]\nspans:\n  a: &a [{first: 1, last: 2}]\n" + "".join(
        f"  a{number}: *a\n" for number in range(3)
    )
    sheet = load(write(tmp_path, content), Sheet).value
    assert sheet.items == (Item(id="a"), Item(id="a"))
    assert sheet.spans == dict.fromkeys(("a", "a0", "a1", "a2"), (Span(first=1, last=2),))


@pytest.mark.parametrize(
    ("written", "read"),
    [("0o17", 15), ("017", 17), ("0x1f", 31), ("1_000", 1000), ("1e3", 1000), (".5", 0.5), ("-.inf", float("-inf"))],
)
def test_numbers_are_those_of_yaml_one_two(tmp_path: Path, written: str, read: float) -> None:
    assert load(write(tmp_path, f"level: {written}"), Sheet).value.level == read


def test_plain_json_is_read_as_yaml_reads_it(tmp_path: Path) -> None:
    items = [
        {"id": "a/b é 👍"},
        {"id": "no", "targets": ["x", "y"], "count": 3, "level": "high"},
        {"id": "", "count": None},
    ]
    for indent in (None, 1):
        for ascii_only in (True, False):
            content = json.dumps({"items": items}, indent=indent, ensure_ascii=ascii_only)
            value = load(write(tmp_path, content), Sheet).value
            assert value == msgspec.convert({"items": items}, Sheet)
            if not ascii_only:  # a comment makes it YAML
                assert load(write(tmp_path, f"# no JSON\n{content}"), Sheet).value == value


def test_plain_json_keeps_its_places(tmp_path: Path) -> None:
    document = load(write(tmp_path, '{"items": [\n  {"id": "a"},\n  {"id": "b", "count": 3}]}'), Sheet)
    assert document.place("items", 1, "count").endswith("sheet.yaml:3:24")


def test_places_in_plain_json_are_those_in_the_same_yaml(tmp_path: Path) -> None:
    items = [{"id": "a,]}:"}, {"id": 'é "\n', "targets": ["x", "y"], "count": 3}, {"targets": [], "id": ""}]
    wanted: list[tuple[str | int, ...]] = [(), ("items",), ("absent",), ("items", 0), ("items", 2), ("items", 3)]
    wanted += [("items", 0, "id"), ("items", 1, "targets", 1), ("items", 2, "id"), ("items", 1, "count", 0)]
    for indent in (None, 1):
        content = json.dumps({"items": items}, indent=indent, ensure_ascii=False)
        quick = load(write(tmp_path, content), Sheet)
        slow = load(write(tmp_path, content + " # no JSON"), Sheet)
        assert [quick.place(*keys) for keys in wanted] == [slow.place(*keys) for keys in wanted]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('{"items": [\n {"id": "a", "id": "b"}]}', "2:14: duplicate key 'id', first in line 2"),
        ('{"items": [\n {"id": "a", "level": "middle"}]}', "2:23: level: invalid enum value 'middle'"),
        ('{"items": [\n {"id": "a", "count": 1.5}]}', "2:23: count: expected `int | null`, got `float`"),
        ('{"items": [\n {"id": "a", "count": NaN}]}', "2:23: count: expected `int | null`"),
        ('{"items": [\n {"id": "a"}', "not YAML"),
        ("{" + '"items": [' * 5000, "nested too deeply"),
    ],
    ids=["twice", "enum", "float", "nan", "open", "deep"],
)
def test_an_error_in_json_names_line_and_column(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ConfigError) as caught:
        load(write(tmp_path, content), Sheet)
    assert message in str(caught.value)


def test_a_flow_mapping_that_is_no_json_is_yaml(tmp_path: Path) -> None:
    assert load(write(tmp_path, "{items: [{id: a}]}"), Sheet).value.items == (Item(id="a"),)


def test_a_missing_file_is_a_configuration_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot read it"):
        load(tmp_path / "absent.yaml", Sheet)


def test_a_directory_gives_its_yaml_files_by_name(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yml", "notes.txt"):
        (tmp_path / name).write_text("items: []", encoding="utf-8")
    assert [path.name for path in yaml_paths([tmp_path])] == ["a.yml", "b.yaml"]
    with pytest.raises(ConfigError, match="no YAML file"):
        yaml_paths([tmp_path / "empty"]) if (tmp_path / "empty").mkdir() is None else None


DEEP = ["[" * 100_000, "{a: " * 50_000, "- " * 50_000 + "a"]


@pytest.mark.slow
@pytest.mark.parametrize("text", DEEP, ids=lambda text: text[:8])
def test_levels_without_end_are_an_error_and_no_crash(tmp_path: Path, text: str) -> None:
    path = tmp_path / "deep.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError):
        load(path, dict)


def test_both_readers_of_yaml_see_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast one where it is installed, the pure one for what is wrong."""
    text = Path("seeds/entities.yaml").read_text(encoding="utf-8")

    def seen(node: Node) -> list[tuple[object, ...]]:
        found: list[tuple[object, ...]] = [(str(node.tag), node.start_mark.index, node.end_mark.index)]
        for part in node.value if isinstance(node.value, list) else [node.value]:
            for one in part if isinstance(part, tuple) else (part,):
                found += seen(one) if isinstance(one, Node) else [(one,)]
        return found

    fast = yaml_files._composed_in_c(text)
    assert fast is not None
    monkeypatch.setattr(yaml_files, "_composed_in_c", lambda text: None)
    assert seen(yaml_files._compose(Path("x"), text)) == seen(fast)
