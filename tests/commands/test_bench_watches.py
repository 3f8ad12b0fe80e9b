"""`firstwire bench watches` as a user runs it: figures, bad lines by number, and clear errors."""

from __future__ import annotations

import re
from pathlib import Path

import orjson
import pytest

from firstwire.errors import EXIT_CONFIG, EXIT_USAGE
from tests.support.command_line import firstwire, lines_of

ARTICLES = lines_of(
    {"id": "1", "title": "Oslo reopens its embassy", "body": "The Taliban government said so.", "language": "en"},
    {"id": "2", "title": "Gold falls", "summary": "Oil, too."},
    b"{not json",
    {"id": "3", "body": "no title"},
    {"url": "https://news.example/4", "title": "Taliban in Oslo", "body": "", "tags": ["x"], "source": "Reuters"},
)
QUERIES = {"oslo": "oslo", "both": "@taliban AND oslo NOT gold", "oil": "oil OR (a b)", "none": "title:nothing*"}


def measured(folder: Path, rules: bytes, name: str = "rules.json") -> tuple[int, str, str]:
    (folder / "articles.jsonl").write_bytes(ARTICLES)
    (folder / name).write_bytes(rules)
    return firstwire("bench", "watches", "--articles", "articles.jsonl", "--rules", name, cwd=folder)


def json_rules(queries: dict[str, str]) -> bytes:
    return orjson.dumps({"watches": [{"id": name, "query": query} for name, query in queries.items()]})


def test_it_prints_rate_matches_build_time_and_memory(tmp_path: Path) -> None:
    code, out, err = measured(tmp_path, json_rules(QUERIES))
    assert code == 0, err
    assert re.search(r"^watches: 4, loaded in \d+\.\d\d s$", out, re.MULTILINE)
    assert re.search(r"^build: \d+\.\d\d s$", out, re.MULTILINE)
    assert re.search(r"^articles: 3, [\d,]+ articles/s, tokenizing included$", out, re.MULTILINE)
    assert "matches: 5, 1.7 per article, 41.67% of pairs\n" in out
    assert re.search(r"^memory: [\d,]+ MB matcher, [\d,]+ MB peak in total$", out, re.MULTILINE)
    assert re.findall(r"^line (\d+):", err, re.MULTILINE) == ["3", "4"]


def test_yaml_and_a_directory_give_the_same_matches(tmp_path: Path) -> None:
    text = "watches:\n" + "".join(f"  - id: {name}\n    query: '{query}'\n" for name, query in QUERIES.items())
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "all.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "articles.jsonl").write_bytes(ARTICLES)
    code, out, _ = firstwire("bench", "watches", "--articles", "articles.jsonl", "--rules", "folder", cwd=tmp_path)
    assert code == 0
    assert "matches: 5, " in out


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (json_rules({"a": "x", "b": "(y"}), "rules.json:1:54: query of watch 'b': this parenthesis is never closed"),
        (json_rules({"a": "(" * 10_000 + "x" + ")" * 10_000}), "nested more than 60 deep (character 61)"),
        (json_rules({"a": "x " * 60_000}), "a query of 120,000 characters is over the limit of 100,000"),
        (b'{"watches": [{"id": "a", "qery": "x"}]}', "rules.json:1:26: unknown key 'qery'; did you mean 'query'?"),
        (
            b'{"watches": [\n {"id": "a", "query": "x"},\n {"id": "a", "query": "y"}]}',
            "rules.json:3:9: rule 'a' exists",
        ),
        (b'{"watches": [\n {"id": "a", "query": "x", "query": "y"}]}', "rules.json:2:28: duplicate key 'query'"),
        (b'{"watches": [\n {"id": "A", "query": "x"}]}', "rules.json:2:9: id: expected `str` matching regex"),
        (b'{"watches": [\n {"id": 1, "query": "x"}]}', "rules.json:2:9: id: expected `str`, got `int`"),
    ],
    ids=["query", "deep", "long", "key", "same id", "twice", "id", "type"],
)
def test_a_broken_rule_in_json_is_named_with_its_place(tmp_path: Path, rules: bytes, message: str) -> None:
    code, out, err = measured(tmp_path, rules)
    assert (code, out) == (EXIT_CONFIG, "")
    assert message in err
    assert len(err.splitlines()) == 1


def test_articles_must_be_given_and_be_there(tmp_path: Path) -> None:
    code, _, err = firstwire("bench", "watches", cwd=tmp_path)
    assert code == EXIT_USAGE
    assert "--articles" in err
    code, _, err = firstwire("bench", "watches", "--articles", "absent.jsonl", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert "absent.jsonl: cannot read the articles" in err
