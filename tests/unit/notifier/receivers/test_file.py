"""A file: a line for each event, whole and in order, whatever happened to the one before."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.alerts import NOW, first_alert, receipt
from tests.support.receivers import attempt, listed, receiver


async def test_each_event_is_one_line(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    one = receiver("file", f"file://{path}", tmp_path)
    for key in ("a", "b"):
        assert (await attempt(one, one.request(first_alert(), receipt(), key, NOW, plain=False))).verdict == "delivered"
    await attempt(
        one, one.list_request(listed(first_alert(alert_id="x"), first_alert(alert_id="y")), "k", NOW, plain=False)
    )
    lines = [json.loads(line) for line in path.read_bytes().splitlines()]
    assert [line["type"] for line in lines] == ["alert.raised"] * 4
    assert len({line["id"] for line in lines}) == 4
    assert [line["data"]["alert"]["alert_id"] for line in lines[2:]] == ["x", "y"]


async def test_a_line_that_was_cut_off_spoils_no_other(tmp_path: Path) -> None:
    path = tmp_path / "alerts.jsonl"
    path.write_bytes(b'{"id": "half')
    one = receiver("file", f"file://{path}", tmp_path)
    await attempt(one, one.request(first_alert(), receipt(), "a", NOW, plain=False))
    half, whole = path.read_bytes().splitlines()
    assert half == b'{"id": "half'
    assert json.loads(whole)["type"] == "alert.raised"


async def test_what_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    one = receiver("file", f"file://{tmp_path}/missing/alerts.jsonl", tmp_path)
    verdict = await attempt(one, one.request(first_alert(), receipt(), "a", NOW, plain=False))
    assert (verdict.verdict, verdict.result) == ("retry", "cannot write: No such file or directory")
