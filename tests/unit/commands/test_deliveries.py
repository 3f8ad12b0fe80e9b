"""Deliveries as people see them: nothing of the receiver's address, nothing that formats a terminal."""

from __future__ import annotations

from io import StringIO
from typing import Any

import orjson
import pytest
from click.testing import CliRunner
from rich.console import Console

from firstwire.commands.cli import cli
from firstwire.commands.deliveries_text import as_json, details, table
from firstwire.notifier.delivery_log import LoggedDelivery, new_entry
from firstwire.notifier.notices import parked_notices
from firstwire.notifier.replies import ReplyVerdict
from firstwire.notifier.retries import after_attempt
from schemas.times import format_timestamp
from tests.support.alerts import NOW, first_alert, later, receipt


def tried(verdict: Any, result: str = "503", **changes: Any) -> LoggedDelivery:
    queued = new_entry(first_alert(**changes), "desk", receipt(delivered_at=None), queued_at=format_timestamp(NOW))
    return after_attempt(queued, ReplyVerdict(verdict, result), later(1), later(2), 999).entry


def printed(*entries: LoggedDelivery) -> str:
    console = Console(file=StringIO(), width=100, highlight=False)
    console.print(table(entries))
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_row_says_who_got_what_and_with_which_result() -> None:
    shown = printed(tried("delivered", "204"), tried("parked", "404 \x1b[31mno_[bold]service"))
    assert "7f3a9b21    1  desk" in shown
    assert "delivered" in shown
    assert "parked" in shown
    assert "2025-07-03 14:02" in shown
    assert "\x1b" not in shown
    assert "[bold]" in shown


def test_details_of_what_did_not_arrive_hold_the_message() -> None:
    lines = details(tried("parked", "404"))
    assert lines[0] == "delivery  7f3a9b21c04de58812:1:desk"
    assert "  result: 404" in lines
    assert "  attempts: 1, 0 without a reply" in lines
    assert "  | FIRST Russia recognizes the Taliban government" in lines
    assert not any("  | " in line for line in details(tried("delivered")))
    (notice,) = parked_notices(tried("parked"), "receivers.url", ["ops"], NOW)
    assert "  | FIRSTWIRE Nothing can be delivered to the receiver desk" in details(notice)


def test_json_holds_the_record_with_its_id_and_the_headline() -> None:
    waiting, done = as_json(tried("parked", "404")), as_json(tried("delivered"))
    assert (waiting["id"], waiting["state"]) == ("7f3a9b21c04de58812:1:desk", "parked")
    assert waiting["headline"] == "Russia recognizes the Taliban government"
    assert (done["headline"], "alert" in done) == (None, False)
    assert orjson.loads(orjson.dumps([waiting]))[0]["outlets"] == ["a.example", "b.example", "c.example"]


@pytest.mark.parametrize("arguments", [[], ["--config", "firstwire.toml"]])
def test_a_redrive_of_nothing_in_particular_is_refused(arguments: list[str]) -> None:
    shown = CliRunner().invoke(cli, ["deliveries", "redrive", *arguments])
    assert shown.exit_code == 2
    assert "give deliveries, or --all" in shown.output
