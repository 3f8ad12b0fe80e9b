"""Ids on the command line, and what commands do where nothing ever ran."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from firstwire.commands.cli import cli
from firstwire.commands.options import meant_id
from firstwire.commands.routes import test_routes as routes_test
from firstwire.commands.templates import preview_template
from firstwire.errors import ConfigError


def test_an_id_is_meant_by_its_beginning() -> None:
    assert meant_id("ab", ["abc", "b"], "alert") == "abc"
    assert meant_id("ab", ["abc", "ab"], "alert") == "ab", "a whole id is not the beginning of another"


@pytest.mark.parametrize(
    ("wanted", "says"), [("a", "'a' is ambiguous: ab, ac"), ("x", "no alert 'x'"), ("abc", "no alert 'abc'")]
)
def test_what_no_id_or_several_begin_with_is_refused(wanted: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        meant_id(wanted, ["ac", "ab"], "alert")
    assert str(error.value) == says


def test_where_nothing_ever_ran_commands_say_so_and_start_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS", raising=False)
    monkeypatch.delenv("FIRSTWIRE_KAFKA_DATA_DIR", raising=False)
    for command in (
        *(["rules", "list"], ["rules", "apply"], ["silences", "list"], ["feedback", "list"], ["deliveries", "list"]),
        *(["stories"], ["alerts", "list"], ["search", "rain"], ["feeds", "list"], ["topics", "init"], ["check"]),
        *(["run"], ["poll"], ["work"], ["notify"], ["web"], ["receivers", "test", "me"]),
    ):
        shown = CliRunner().invoke(cli, command)
        assert isinstance(shown.exception, ConfigError), command
        assert str(shown.exception).startswith("there is no firstwire.toml in this folder: "), command
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "firstwire.toml").write_text("")
    shown = CliRunner().invoke(cli, ["rules", "list"])
    assert str(shown.exception) == f"no data in {tmp_path}/var yet: `firstwire run` makes it"
    assert [file.name for file in tmp_path.iterdir()] == ["firstwire.toml"]


def test_the_environment_may_say_which_installation_is_meant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FIRSTWIRE_KAFKA_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS", "embedded")
    shown = CliRunner().invoke(cli, ["rules", "list"])
    assert str(shown.exception) == f"no data in {tmp_path}/data yet: `firstwire run` makes it"


def test_the_file_of_a_replays_alerts_is_one_option_wherever_it_is_given() -> None:
    said = {
        command.name: next(each.to_info_dict() for each in command.params if "--alerts" in each.opts)
        for command in (routes_test, preview_template)
    }
    assert said["test"] == said["preview"]
