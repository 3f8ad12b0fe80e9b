"""The description of the API is what the application answers, and the other way round."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from aiohttp import web

from firstwire.config import Configuration, Settings
from firstwire.poller.outbox import Outbox
from firstwire.poller.push_door import PATH, add_push_door
from firstwire.web.alert_filters import CHOICES, PARAMETERS
from firstwire.web.application import OPENAPI, create_application
from firstwire.web.guards import may_push
from firstwire.web.service import make_console

DESCRIBED: dict[str, dict[str, Any]] = orjson.loads(OPENAPI.read_bytes())["paths"]

NOWHERE = Outbox("127.0.0.1:1", "none", partitions=1, stop=asyncio.Event(), now=lambda: datetime.now(UTC))
"""Nothing is sent to it."""


@pytest.fixture(scope="module")
def app() -> web.Application:
    configuration = Configuration(settings=Settings(), file=None, origins={})
    app = create_application(make_console(configuration, "127.0.0.1:1"))
    add_push_door(app, NOWHERE, may_push, lambda: datetime.now(UTC))
    return app


def answered(app: web.Application) -> set[tuple[str, str]]:
    return {
        (route.method.lower(), route.resource.canonical)
        for route in app.router.routes()
        if route.resource is not None and route.resource.canonical.startswith("/api/") and route.method != "HEAD"
    }


def described() -> set[tuple[str, str]]:
    return {(method, path) for path, methods in DESCRIBED.items() for method in methods}


def test_every_route_is_described_and_every_description_is_a_route(app: web.Application) -> None:
    assert answered(app) == described()


def test_every_variable_part_of_a_path_is_described() -> None:
    for path, methods in DESCRIBED.items():
        for operation in methods.values():
            named = {each["name"] for each in operation["parameters"] if each["in"] == "path"}
            assert named == set(re.findall(r"{(\w+)}", path)), path


def test_filters_of_alerts_are_those_that_are_read() -> None:
    parameters = {each["name"]: each["schema"].get("enum") for each in DESCRIBED["/api/v1/alerts"]["get"]["parameters"]}
    assert parameters.keys() == {*PARAMETERS, "limit", "after"}
    assert {name: tuple(values) for name, values in parameters.items() if values} == CHOICES


def test_every_field_of_a_change_is_one_that_its_plan_reads(app: web.Application) -> None:
    import inspect

    from firstwire.web.pages import deliveries, feeds, ledger, rules, silences

    read = "".join(inspect.getsource(module) for module in (deliveries, feeds, ledger, rules, silences))
    asked = set(re.findall(r'(?:asked\.text|asked\.required)\(\s*"(\w+)"', read)) | {"match", "no_match"}
    given = {
        name
        for path, methods in DESCRIBED.items()
        if "post" in methods and path not in {"/api/v1/explain", "/api/v1/rules/{rule_id}/draft", PATH}
        for name in methods["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    }
    assert given == asked - {"then"}


def test_every_page_that_changes_something_has_the_same_door_for_programs(app: web.Application) -> None:
    changing = {
        route.resource.canonical
        for route in app.router.routes()
        if route.resource is not None and route.method == "POST" and not route.resource.canonical.startswith("/api/")
    }
    assert {f"/api/v1{path}" for path in changing - {"/login", "/logout", "/why"}} <= DESCRIBED.keys()


def test_vouching_needs_a_day_or_that_it_is_taken_back() -> None:
    body = DESCRIBED["/api/v1/ledger/{action}/{target}/vouch"]["post"]["requestBody"]
    schema = body["content"]["application/json"]["schema"]
    assert schema["oneOf"] == [{"required": ["until"]}, {"required": ["take_back"]}]
