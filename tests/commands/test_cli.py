"""The command line: clear lines, exit codes, help, and no secret on any screen."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from firstwire import __version__
from firstwire.commands.cli import cli
from firstwire.errors import (
    EXIT_CONFIG,
    EXIT_FATAL,
    EXIT_UNAVAILABLE,
    EXIT_USAGE,
    ConfigError,
    FatalError,
    FirstwireError,
    PoisonError,
    RefusedError,
    TransientError,
    place_of,
)
from tests.support.command_line import firstwire
from tests.support.configuration import write_configuration


def commands(group: click.Group, *before: str) -> list[tuple[str, ...]]:
    found: list[tuple[str, ...]] = [before]
    for name, command in sorted(group.commands.items()):
        found += commands(command, *before, name) if isinstance(command, click.Group) else [(*before, name)]
    return found


@pytest.mark.parametrize("path", commands(cli), ids=" ".join)
def test_every_command_explains_itself(path: tuple[str, ...]) -> None:
    for option in ("--help", "-h"):
        shown = CliRunner().invoke(cli, [*path, option])
        assert shown.exit_code == 0
        assert shown.output.startswith("Usage: ")
        described = shown.output.split("\n\n")[1].strip()
        assert described.endswith(".")
        assert "Options:" in shown.output


def test_the_help_names_every_command_with_a_line() -> None:
    shown = CliRunner().invoke(cli, ["--help"]).output
    for name in (
        "alerts",
        "archive",
        "backtest",
        "backup",
        "bench",
        "check",
        "config",
        "deliveries",
        "demo",
        "explain",
        "feedback",
        "feeds",
        "ingest",
        "takedown",
        "init",
        "ledger",
        "notify",
        "poll",
        "receivers",
        "reload",
        "replay",
        "replays",
        "restore",
        "routes",
        "rules",
        "run",
        "search",
        "setup",
        "silences",
        "stories",
        "templates",
        "topics",
        "verify",
        "web",
        "work",
    ):
        assert f"\n  {name}  " in shown


def test_the_help_is_grouped_and_cuts_nothing_at_80_columns() -> None:
    shown = CliRunner().invoke(cli, ["--help"], terminal_width=80).output
    lines = shown.splitlines()
    assert max(map(len, lines)) <= 80
    assert "..." not in shown.partition("Options:")[2]
    assert [line for line in lines if line.endswith(":")][:4] == ["Options:", "Start:", "Look:", "Change what is told:"]
    of_feeds = CliRunner().invoke(cli, ["feeds", "--help"], terminal_width=80).output
    assert "..." not in of_feeds.partition("Options:")[2]


def test_the_version_is_shown() -> None:
    assert CliRunner().invoke(cli, ["--version"]).output == f"firstwire, version {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nonsense"], "No such command 'nonsense'"),
        (["alert", "list"], "No such command 'alert'; did you mean 'alerts'?"),
        (["rnu"], "No such command 'rnu'; did you mean 'run'?"),
        (["feeds", "lst"], "No such command 'lst'; did you mean 'list'?"),
        (["--nonsense"], "No such option: --nonsense"),
        (["check", "--nonsense"], "No such option: --nonsense"),
        (["check", "extra"], "unexpected extra argument"),
        (["explain"], "give either an alert, article or URL"),
        (["config", "--config"], "requires an argument"),
        (["feeds", "add", "ftp://b.example/feed"], "scheme 'ftp' is not http or https"),
        (["feeds", "add", "https://b.example/", "--header", "Host=x"], "Host is set by the poller itself"),
        (["feeds", "add", "https://b.example/", "--interval", "often"], "'often' is not a duration"),
        (["feeds", "add", "https://b.example/", "--language", "?"], "'?' is no language tag"),
        (["search", "rain AND ("], "the query is wrong: "),
        (["search", "@nowhere"], "no entity 'nowhere' (character 1)"),
        (["alerts", "list", "--severity", "high"], "'high' is not one of 'info', 'warning', 'critical'"),
        (["topics", "nonsense"], "No such command 'nonsense'"),
    ],
)
def test_wrong_usage_exits_with_2(tmp_path: Path, arguments: list[str], message: str) -> None:
    code, out, err = firstwire(*arguments, cwd=tmp_path)
    assert (code, out) == (EXIT_USAGE, "")
    assert message in err
    assert "Traceback" not in err


@pytest.mark.parametrize(
    ("content", "environment", "message"),
    [
        ("[kafak]\n", {}, "firstwire.toml: unknown section 'kafak'; did you mean 'kafka'?"),
        ('[poller]\nintervall = "5m"\n', {}, "unknown key poller.intervall; did you mean 'interval'?"),
        ("", {"FIRSTWIRE_KAFKA_TOPIC_PREFX": "x"}, "did you mean 'FIRSTWIRE_KAFKA_TOPIC_PREFIX'?"),
        ("[stories]\nwindow = 72\n", {}, "stories.window: Expected `str`, got `int`"),
    ],
)
def test_a_wrong_setting_exits_with_78_and_one_line(
    tmp_path: Path, content: str, environment: dict[str, str], message: str
) -> None:
    write_configuration(tmp_path, more=content)
    code, out, err = firstwire("config", cwd=tmp_path, environment=environment)
    assert (code, out) == (EXIT_CONFIG, "")
    assert err.startswith("firstwire: ")
    assert message in err
    assert len(err.splitlines()) == 1


def test_config_shows_values_with_origins_and_hides_secrets(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text(
        '[[receivers]]\nname = "n"\ntype = "slack"\nurl = "https://hooks.example/s3cr3t"\n'
        '[[receivers]]\nname = "m"\ntype = "webhook"\nurl = { env = "M_URL" }\n',
        encoding="utf-8",
    )
    environment = {"FIRSTWIRE_LOG_LEVEL": "debug", "M_URL": "https://m.example/t0ken"}
    code, out, err = firstwire("config", "--config", "other.toml", cwd=tmp_path, environment=environment)
    assert (code, err) == (0, "")
    assert "log.level = debug  (FIRSTWIRE_LOG_LEVEL)\n" in out
    assert "receivers[0].url = (hidden)  (other.toml)\n" in out
    assert "receivers[1].url.env = M_URL  (other.toml)\n" in out
    assert "kafka.topic_prefix = firstwire  (default)\n" in out
    assert "s3cr3t" not in out
    assert "t0ken" not in out


def test_check_shows_the_place_of_a_broken_rule_and_looks_at_the_rest(tmp_path: Path) -> None:
    write_configuration(tmp_path, bootstrap="127.0.0.1:1", feeds=[], rules=["mine"], web="")
    (tmp_path / "mine").mkdir()
    rules = tmp_path / "mine" / "rules.yaml"
    rules.write_text("events:\n  - id: a\n    action: recognize\n    target: talban\n", encoding="utf-8")
    code, out, err = firstwire("check", cwd=tmp_path)
    assert code == EXIT_CONFIG
    assert f"{rules}:4:13: no entity 'talban'; did you mean 'taliban'?" in out
    lines = out.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "FAILED rules, entities, ledger",
        "ok     subscriptions",
        "ok     receivers",
        "FAILED kafka",
    ]
    assert "Traceback" not in out + err


def test_check_without_kafka_exits_with_69(tmp_path: Path) -> None:
    write_configuration(tmp_path, bootstrap="127.0.0.1:1", feeds=[])
    code, out, _ = firstwire("check", cwd=tmp_path)
    assert code == EXIT_UNAVAILABLE
    assert out.splitlines()[0].startswith("ok     rules: ")


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ConfigError("x"), EXIT_CONFIG),
        (TransientError("x"), EXIT_UNAVAILABLE),
        (FatalError("x"), EXIT_FATAL),
        (PoisonError("x"), 1),
        (RefusedError("x"), 1),
        (FirstwireError("x"), 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_error_has_its_exit_code(error: FirstwireError, code: int) -> None:
    assert error.exit_code == code


def test_an_error_puts_its_place_before_its_message() -> None:
    assert str(ConfigError("wrong", place="a.yaml:1:2")) == "a.yaml:1:2: wrong"
    assert place_of("articles", 0, 42) == "articles[0]@42"


@pytest.mark.parametrize("path", commands(cli)[1:], ids=" ".join)
def test_a_configuration_that_is_not_there_stops_every_command_that_takes_one(
    tmp_path: Path, path: tuple[str, ...]
) -> None:
    command: click.Command = cli
    for name in path:
        assert isinstance(command, click.Group)
        command = command.commands[name]
    if not any(parameter.name == "config_file" for parameter in command.params):
        pytest.skip("takes no configuration")
    of_ledger = ["recognize", "china", "taliban", "2023-09-13", "--source", "x"]
    required = {
        "add": {"ledger": of_ledger, "silences": ["tag=x", "--for", "1h"]}.get(
            path[0], ["https://a.example/", "--no-check"]
        ),
        "check": ["https://a.example/"] if path[0] == "feeds" else [],
        "import": ["a.opml"] if path[0] == "feeds" else ["folder"],
        "pause": ["https://a.example/"],
        "remove": ["https://a.example/"],
        "resume": ["https://a.example/"],
        "backup": ["folder"],
        "takedown": ["0b6f2c1e"],
        "restore": ["folder"],
        "correct": ["recognize", "china", "taliban", "--remove", "--source", "x"],
        "expire": ["abcdef"],
        "explain": ["abcdef"],
        "give": ["abcdef", "right"],
        "promote": ["a-rule"],
        "redrive": ["--all"],
        "preview": ["long", "abcdef"],
        "search": ["rain"],
        "shadow": ["a-rule"],
        "show": ["abcdef"] if path[0] in ("alerts", "deliveries") else [],
        "snooze": ["abcdef", "--for", "1h"],
        "test": {"receivers": ["desk"], "routes": ["abcdef"]}.get(path[0], []),
        "replay": ["--output", "out", "--articles", "a.jsonl"],
        "backtest": ["--rules", "live", "--against", "live", "--from-topic"],
        "export": ["--output", "out", "--articles", "a.jsonl"] if path[0] == "archive" else [],
        "vouch": ["recognize", "taliban", "2025-06-30", "--source", "x"],
        "unvouch": ["recognize", "taliban", "--source", "x"],
        "watches": ["--articles", "a.jsonl"],
    }.get(path[-1], [])
    shown = CliRunner().invoke(cli, [*path, "--config", str(tmp_path / "absent.toml"), *required])
    assert isinstance(shown.exception, ConfigError)
    assert "cannot read the configuration" in str(shown.exception)


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "firstwire.commands.cli", "--version"], capture_output=True, check=True, timeout=60
    )
    assert done.stdout.decode().startswith("firstwire, version ")
