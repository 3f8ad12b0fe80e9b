"""The docs say all that a user can meet: commands, settings, exit codes, alarms, topics; their links resolve."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

import click
import msgspec
import pytest
from babel import Locale
from ruamel.yaml import YAML

from firstwire import config, errors
from firstwire.broker.topics import TOPICS
from firstwire.commands.cli import cli
from firstwire.core.alerts.headlines import PHRASES
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.routes.settings import Inhibition, Route, RouteMatch
from firstwire.core.watches.query import TEXT_FIELDS, VALUE_FIELDS
from firstwire.core.watches.refusal import QueryError
from firstwire.core.watches.unknown_operators import parse_new
from firstwire.files.entities import load_entities
from firstwire.files.groups import GroupFile, load_groups
from firstwire.files.ledger import LedgerFile, load_ledger
from firstwire.files.rules import RuleFile, written_rules
from firstwire.files.word_classes import languages_read
from firstwire.rules.examples import try_examples
from schemas.event import Event, Status
from tests.support.knowledge import shipped_knowledge

ROOT = Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
PAGES = [
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md")),
    *sorted(DOCS.rglob("*.md")),
]
HOUSE = ("agents", "firstwire", "schemas", "seeds", "tests")
WRITTEN_BY_PROGRAMS = {"chaos.md", "benchmarks.md"}
NOW = "2025-07-03T00:00:00.000Z"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")


@pytest.fixture(scope="module")
def known() -> tuple[Knowledge, Seeds]:
    """What is shipped."""
    return shipped_knowledge()


def text_of(name: str) -> str:
    return (DOCS / name).read_text(encoding="utf-8")


def rows(name: str) -> Iterator[list[str]]:
    """Rows of a page's tables, as cells."""
    for line in text_of(name).splitlines():
        if line.startswith("|"):
            yield [cell.strip() for cell in line.strip("|").split("|")]


def commands(group: click.Group = cli, path: str = "firstwire") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from commands(command, f"{path} {name}")
        else:
            yield f"{path} {name}", command


@pytest.mark.parametrize("name", [name for name, _ in commands()])
def test_operations_names_every_command(name: str) -> None:
    assert re.search(rf"`{name}\b", text_of("operations.md"))


@pytest.mark.parametrize(("command", "page"), [("replay", "replay.md"), ("backtest", "backtesting.md")])
def test_page_names_every_option(command: str, page: str) -> None:
    (found,) = [each for name, each in commands() if name == f"firstwire {command}"]
    for option in (option for parameter in found.params for option in parameter.opts):
        assert f"`{option}" in text_of(page), option


def test_configuration_page_has_every_setting_with_its_default() -> None:
    defaults: dict[str, Any] = msgspec.to_builtins(config.Settings())
    wanted = {
        f"{section}.{key}": value
        for section, values in defaults.items()
        if isinstance(values, dict)
        for key, value in values.items()
    }
    written = {
        row[0].strip("`"): tomllib.loads(f"value = {row[1].strip('`')}")["value"]
        for row in rows("configuration.md")
        if row[0].strip("`") in wanted
    }
    assert written == {key: list(value) if isinstance(value, tuple) else value for key, value in wanted.items()}


def test_configuration_page_has_every_key_of_receivers_and_routes() -> None:
    keys = {
        *(f"receivers.{field.encode_name}" for field in msgspec.structs.fields(config.ReceiverSettings)),
        *(f"routes.{field.encode_name}" for field in msgspec.structs.fields(Route)),
        *(f"inhibitions.{field.encode_name}" for field in msgspec.structs.fields(Inhibition)),
        *(f"routes.match.{key}" for key in get_type_hints(RouteMatch)),
    }
    assert keys <= {row[0].strip("`") for row in rows("configuration.md")}


def test_operations_explains_every_exit_code() -> None:
    codes = {value for name, value in vars(errors).items() if name.startswith("EXIT_")}
    assert codes <= {int(row[0]) for row in rows("operations.md") if row[0].isdigit()}


def test_operations_explains_every_alarm() -> None:
    explained = {row[0].strip("`") for row in rows("operations.md")}
    assert alarms() - explained == set()


def test_events_of_the_log_are_words_joined_by_underscores() -> None:
    assert [event for event in sorted(logged(*LEVELS)) if not re.fullmatch(r"[a-z]+(_[a-z]+)*", event)] == []


LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


def alarms() -> set[str]:
    """Every event that the code logs as a warning or worse."""
    return logged("warning", "error", "exception", "critical")


def logged(*levels: str) -> set[str]:
    """Every event that the code logs at these levels."""
    return {
        node.args[0].value
        for package in ("agents", "firstwire")
        for file in (ROOT / package).rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in levels
        and "log" in ast.unparse(node.func.value)
        and node.args
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    }


def test_architecture_names_every_topic_and_no_other() -> None:
    names = {row[0].strip("`") for row in rows("architecture.md") if row[0].startswith("`")}
    assert names == {topic.name for topic in TOPICS}


def test_rules_page_explains_every_key() -> None:
    keys = {row[0].strip("`") for row in rows("rules.md") if row[0].startswith("`")}
    for section, kind in get_type_hints(RuleFile).items():
        assert f"{section}:" in text_of("rules.md")
        assert get_type_hints(kind.__args__[0]).keys() <= keys, section


def test_rules_page_names_every_action() -> None:
    for action in PHRASES:
        assert f"`{action}`" in text_of("rules.md"), action


def test_events_page_has_every_action_field_status_and_language() -> None:
    page = text_of("events.md")
    names = [*PHRASES, *get_type_hints(Event), *get_args(Status)]
    missing = [name for name in names if name != "version" and f"`{name}`" not in page]
    missing += [
        name for name in (Locale(each).get_display_name("en") or each for each in languages_read()) if name not in page
    ]
    assert missing == [], missing


def test_yaml_examples_are_right_and_their_queries_find_what_they_say(tmp_path: Path) -> None:
    shipped, seeds = shipped_knowledge()
    sections = set()
    for name in ("rules.md", "query-language.md"):
        for number, block in enumerate(re.findall(r"```yaml\n(.*?)```", text_of(name), re.DOTALL)):
            file = tmp_path / f"{name}-{number}.yaml"
            file.write_text(block, encoding="utf-8")
            section = block.split(":")[0]
            sections.add(section)
            if section in get_type_hints(RuleFile):
                written = written_rules([file], shipped.gazetteer)
                assert try_examples(written, shipped, seeds, NOW).failed == ()
            elif section in get_type_hints(LedgerFile):
                load_ledger([file], shipped.gazetteer)
            elif section in get_type_hints(GroupFile):
                load_groups([file], shipped.gazetteer)
            else:
                load_entities([file])
    assert sections == {"groups", "watches", "events", "nations", "eras"}


QUERIES = [
    (query, found, not_found)
    for written, _, found, not_found in (row for row in rows("query-language.md") if len(row) == 4)
    for query in re.findall(r"`([^`]+)`", written)
]
REFUSED = [
    (query, why)
    for written, why in (row for row in rows("query-language.md") if len(row) == 2)
    for query in re.findall(r"`([^`]+)`", written)
]


@pytest.mark.parametrize(("query", "found", "not_found"), QUERIES, ids=[query for query, _, _ in QUERIES])
def test_query_page_finds_what_it_says(
    known: tuple[Knowledge, Seeds], tmp_path: Path, query: str, found: str, not_found: str
) -> None:
    examples = {"match": [example_of(found)], "no_match": [example_of(not_found)]}
    path = tmp_path / "page.yaml"
    path.write_bytes(msgspec.json.encode({"watches": [{"id": "page", "query": query, "examples": examples}]}))
    knowledge, seeds = known
    tried = try_examples(written_rules([path], knowledge.gazetteer), knowledge, seeds, NOW)
    assert (tried.examples, tried.failed) == (2, ())


def example_of(cell: str) -> Any:
    """A cell of the page: a title, or an article in braces."""
    return YAML(typ="safe", pure=True).load(cell.strip("`")) if cell.startswith("`{") else cell


@pytest.mark.parametrize(("query", "why"), REFUSED, ids=[query for query, _ in REFUSED])
def test_query_page_says_why_a_query_is_refused(known: tuple[Knowledge, Seeds], query: str, why: str) -> None:
    with pytest.raises(QueryError) as caught:
        parse_new(query, known[0].gazetteer)
    assert why.split(": split")[0] in str(caught.value)


def test_query_page_has_an_example_of_every_operator() -> None:
    queries = " ".join(query for query, _, _ in QUERIES)
    for operator in ("AND", "OR", "NOT", "NEAR/", "BEFORE/", '"', "*", "?", "=", "@", "("):
        assert operator in queries, operator
    for field in (*TEXT_FIELDS, *VALUE_FIELDS):
        assert f"{field}:" in queries, field


def test_rules_page_names_every_option_of_testing_checking_and_importing() -> None:
    for name, command in commands():
        if name in ("firstwire rules test", "firstwire rules check", "firstwire rules import"):
            for option in (option for parameter in command.params for option in parameter.opts):
                assert option in ("file", "--config") or f"`{option}" in text_of("rules.md"), f"{name} {option}"


def test_libraries_page_has_a_line_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    page = text_of("decisions/0001-libraries.md")
    for name in (re.split(r"[^a-z0-9._-]", requirement, maxsplit=1)[0] for requirement in wanted):
        assert f"`{name}`" in page, name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_resolve(page: Path) -> None:
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if "://" not in target:
            path = (page.parent / target.split("#")[0]).resolve()
            assert path.exists() or path.name in WRITTEN_BY_PROGRAMS, target


def test_sample_configuration_works_and_its_examples_too() -> None:
    sample = (ROOT / "firstwire.toml").read_text(encoding="utf-8")
    config.load(ROOT / "firstwire.toml", {})
    examples = re.sub(r"^# ?(?=\[\[|\w+ = )", "", sample, flags=re.MULTILINE)
    settings = msgspec.convert(tomllib.loads(examples), config.Settings)
    assert [receiver.type for receiver in settings.receivers] == ["slack", "webhook"]
    assert settings.routes


PYTHON_FILES = [file.relative_to(ROOT).as_posix() for name in HOUSE for file in (ROOT / name).rglob("*.py")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_python_files_and_modules_that_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for name in re.findall(r"`([a-z_][a-z0-9_/]*\.py)`(?! \(\*new)", text):
        assert any(f"/{file}".endswith(f"/{name}") for file in PYTHON_FILES), name
    for name in re.findall(r"\b((?:firstwire|agents|schemas|tests)(?:\.[a-z_]+)+)\b(?!\.)", text):
        path = ROOT.joinpath(*name.split("."))
        assert name == "firstwire.toml" or path.is_dir() or path.with_suffix(".py").is_file(), name


def test_names_in_modules_that_a_page_tells_of_are_there() -> None:
    """Such as `clusters.cluster` on the page of stories."""
    told = re.findall(r"`([a-z_]+)\.([A-Za-z_]+)`", text_of("stories.md"))
    sections = get_type_hints(config.Settings)
    checked = 0
    for module, name in told:
        if module not in sections and (module, name) != ("index", "html"):
            (file,) = [ROOT / file for file in PYTHON_FILES if file.endswith(f"core/stories/{module}.py")]
            assert re.search(rf"^(?:def |class )?{name}\b", file.read_text(encoding="utf-8"), re.MULTILINE), name
            checked += 1
    assert checked >= 4
