"""The fast reader of YAML against the reader of nodes: the same values, or none."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ruamel.yaml import YAML

from firstwire.errors import ConfigError
from firstwire.files import yaml as yaml_files
from firstwire.files.regular_yaml import IrregularYamlError, read_regular_yaml

WORDS = [
    "a", "b", "no", "yes", "on", "off", "y", "n", "true", "True", "TRUE", "false", "null", "Null", "~", "1", "-1", "+1",
    "1_000", "017", "0o17", "0x1f", "1e3", ".5", "5.", "-.inf", ".nan", "1:30", "2021-08-15", "=", "<<", "'it''s'",
    '"q\\u00e9\\n"', '""', "''", "é", "東京", "👍", "#x", "a#b", "a:", ":", "-", "?", "|", ">", "&", "*", "!", "%", "@",
    "`", ",", "[", "]", "{", "}", "&a", "&b", "*a", "*b", "!!str", "!!int", "!x",
]  # fmt: skip
LINES = st.lists(
    st.tuples(
        st.sampled_from(["", "", "  ", "    ", "- ", "  - ", "? "]),
        st.lists(st.sampled_from([*WORDS, "k:", "l:", "'k':", "[", "]", "{", "}", ",", "# c"]), max_size=4).map(
            " ".join
        ),
    ).map("".join),
    max_size=6,
).map("\n".join)
FLOWS = st.recursive(
    st.sampled_from([word for word in WORDS if word[0] not in "#?|>%@`,[]{}:-"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda parts: f"[{', '.join(parts)}]"),
        st.dictionaries(st.sampled_from(["k", "no", "1", "'l'"]), inner, max_size=3).map(
            lambda parts: "{" + ", ".join(f"{key}: {part}" for key, part in parts.items()) + "}"
        ),
    ),
    max_leaves=12,
)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False), st.text(max_size=30)),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(max_size=8), inner, max_size=4)),
    max_leaves=15,
)


def by_nodes(text: str) -> Any:
    path = Path("rules.yaml")
    return yaml_files._plain(yaml_files._compose(path, text), path, {})


def assert_same(text: str) -> None:
    try:
        found = read_regular_yaml(text)
    except IrregularYamlError:
        return
    assert repr(found) == repr(by_nodes(text))  # tells 1 from 1.0 and True, and NaN is itself


@given(st.one_of(LINES, FLOWS, st.text(alphabet="ab:-[]{},'\"#&*!|>?\n \t", max_size=25)))
def test_what_it_reads_is_what_the_nodes_say(text: str) -> None:
    assert_same(text)


@given(VALUES, st.booleans(), st.integers(20, 90))
def test_it_reads_what_a_writer_wrote(value: Any, flow: bool, width: int) -> None:
    writer = YAML(typ="safe", pure=True)
    writer.default_flow_style, writer.width = flow, width
    written = StringIO()
    writer.dump({"value": value}, written)
    assert_same(written.getvalue())


@pytest.mark.parametrize(
    "text",
    [
        "a: !!int '1'", "a: !x b", "!!map {a: b}", "a: ! 1", "{a: 1, a: 2}", "a: *b", "a: &b [*b]", "? [a]\n: b",
        "? {a: b}\n: c", "a\n---\nb", "", "# nothing", "%YAML 1.1\n---\nno", "a: &b 1\nc: &b 2\nd: *b",
        "[" * 60 + "]" * 60, "a: 'open", "a: b: c", "&a k: *a\n*a : 1", "a: \x07",
    ],
)  # fmt: skip
def test_what_is_wrong_or_unusual_is_left_to_the_nodes(text: str) -> None:
    with pytest.raises(IrregularYamlError):
        read_regular_yaml(text)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("- no\n- ~\n- 1\n- 'no'\n- 2021-08-15", ["no", None, 1, "no", "2021-08-15"]),
        ("a: &x [1, {b: c}]\nd: *x\ne: &y k\nf: *y", {"a": [1, {"b": "c"}], "d": [1, {"b": "c"}], "e": "k", "f": "k"}),
        ("a: >-\n  folded\n  text\nb: |\n  kept\n", {"a": "folded text", "b": "kept\n"}),
        ("1: one\n~: none\nno: word", {"1": "one", "~": "none", "no": "word"}),
        ("---\n[a,\n b]\n...\n", ["a", "b"]),
        ("a:\nb: ''", {"a": None, "b": ""}),
    ],
)
def test_the_usual_is_read(text: str, value: Any) -> None:
    assert read_regular_yaml(text) == value == by_nodes(text)


def test_rule_files_of_every_style_are_regular() -> None:
    for path in Path("seeds/rules").glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        assert read_regular_yaml(text) == by_nodes(text)


def test_an_error_in_a_regular_file_has_its_place(tmp_path: Path) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("- a\n- b: 1\n  b: 2\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"3:3: duplicate key 'b', first in line 2"):
        yaml_files.load(path, list)
