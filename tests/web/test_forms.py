"""A form that is refused is shown again, with what was written in it, and says beside the field what is wrong."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from firstwire.files.atomic import write_whole
from firstwire.files.rules import WatchLine
from firstwire.rules.console_file import text_of
from tests.support.console import NO_KAFKA, ServedConsole, serving_console, shipped_rules

ACCEPTED = 503
"""Of a form that nothing refused: these consoles have no Kafka."""
REFUSED = 422
PAGE = "/ledger/recognize/taliban"
WATCH = {"id": "kabul-desk", "query": "kabul AND embassy", "new": "yes", "tags": "asia"}


@pytest.fixture
async def served(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    async with serving_console(tmp_path, rules=shipped_rules()) as console:
        path = console.console.configuration.console_rules
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text_of([WatchLine(id="ports", query="port AND strike")]))
        yield console


async def sent(served: ServedConsole, address: str, fields: dict[str, str]) -> tuple[int, str]:
    """The status, and the page as text."""
    async with aiohttp.ClientSession() as client:
        async with client.get(f"{served.url}/api/v1/session") as session:
            headers = {"X-CSRF-Token": (await session.json())["csrf"]}
        async with client.post(served.url + address, data=fields, headers=headers, allow_redirects=False) as found:
            return found.status, html.unescape(await found.text())


def beside(page: str, field: str) -> str:
    """What is said of a field."""
    found = re.search(rf'id="wrong-{field}">(.*?)</p>', page)
    assert found is not None, page
    assert f'aria-describedby="wrong-{field}"' in page
    return found[1]


async def test_a_new_watch_replaces_none(served: ServedConsole) -> None:
    status, page = await sent(served, "/rules", WATCH | {"id": "ports"})
    assert (status, beside(page, "id")) == (
        REFUSED,
        "there is a watch 'ports' already: take another id, or change that one",
    )
    assert 'href="/rules/new?rule=ports"' in page and "kabul AND embassy" in page and 'name="new"' in page
    assert (await sent(served, "/rules", WATCH | {"id": "ports", "new": ""}))[0] == ACCEPTED
    assert (await sent(served, "/rules", WATCH))[0] == ACCEPTED
    status, answer = await sent(served, "/api/v1/rules", WATCH | {"id": "ports"})
    assert status == 400 and "there is a watch 'ports' already" in answer


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"query": "kabul AND ("}, "query", "query of watch 'kabul-desk'"),
        ({"query": "NOT kabul"}, "query", "kabul-desk"),
        ({"id": "Kabul Desk"}, "id", "'Kabul Desk' is no id: lower-case letters, digits"),
        ({"max_age": "soon"}, "max_age", "max_age"),
        ({"match": "Rain in Rome\nSun in Oslo"}, "match", "“Rain in Rome” must match, but does not"),
        ({"match": "Rain in Rome\nSun in Oslo"}, "match", "“Sun in Oslo” must match, but does not"),
        ({"no_match": "The embassy in Kabul"}, "no_match", "must not match, but does"),
    ],
)
async def test_what_is_wrong_with_a_watch_stands_beside_its_field(
    served: ServedConsole, changes: dict[str, str], field: str, message: str
) -> None:
    status, page = await sent(served, "/rules", WATCH | changes)
    said = beside(page, field)
    assert status == REFUSED and message in said and "line " not in said
    for value in (WATCH | changes).values():
        assert value in page


async def test_forms_of_the_ledger_and_of_silences_keep_what_was_written(served: ServedConsole) -> None:
    act = {"actor": "russia", "era": "since 2021-08-15", "source": "the archive"}
    status, page = await sent(served, f"{PAGE}/correct", act | {"date": "1850-01-01"})
    assert status == REFUSED and "not in the era" in beside(page, "date")
    assert 'value="1850-01-01"' in page and 'value="the archive"' in page
    status, page = await sent(served, f"{PAGE}/correct", act)
    assert status == REFUSED and beside(page, "date").startswith("say one thing: the correct day")
    status, page = await sent(served, f"{PAGE}/add", {"actor": "rusia", "date": "2025-07-03", "source": "x"})
    assert status == REFUSED and "did you mean 'russia'" in beside(page, "actor")
    status, page = await sent(served, "/silences", {"matchers": "tga=x", "for": "2h", "comment": "noise"})
    assert status == REFUSED and "no label 'tga'" in beside(page, "matchers") and 'value="noise"' in page
    status, page = await sent(served, "/silences", {"matchers": "tag=x", "for": "soon"})
    assert status == REFUSED and beside(page, "for")


async def test_vouching_is_taken_back_by_a_form_of_its_own_alone(served: ServedConsole) -> None:
    status, page = await sent(served, f"{PAGE}/vouch", {"until": "", "source": "x"})
    assert status == REFUSED and "give the day up to which" in beside(page, "until")
    assert "Nobody vouches any longer" in page
    assert (await sent(served, f"{PAGE}/vouch", {"take_back": "yes", "source": "x"}))[0] == ACCEPTED


async def test_rule_files_without_changes_are_no_error(served: ServedConsole) -> None:
    assert served.console.bootstrap_servers == NO_KAFKA
    assert (await sent(served, "/rules/apply", {}))[0] == ACCEPTED


async def test_a_watch_says_who_is_told(served: ServedConsole) -> None:
    async with aiohttp.ClientSession() as client:
        for address, said in (
            ("/rules/new", "nobody, no route takes its alerts"),
            ("/rules/first-to-recognize", "Nobody: there are no receivers."),
        ):
            async with client.get(served.url + address) as found:
                assert said in await found.text()
