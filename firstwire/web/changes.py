"""Changes that people ask for, on a page or by the API: planned, put on record with their author, then made."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import orjson
import structlog
from aiohttp import web

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import AUDIT, topic_name
from firstwire.core.text.wording import cut, one_line
from firstwire.errors import ConfigError
from firstwire.web.access import Person
from firstwire.web.console import CLIENT, PERSON, Console, console_of
from firstwire.web.written import WRITTEN, FieldError, WrittenForm
from schemas.audit import AuditEntry
from schemas.codec import encode

VALUE_LIMIT = 100_000
"""Characters of a field: a text to explain is an article."""
WHAT_LIMIT = 1_000

log = structlog.get_logger("firstwire.web")


@dataclass(frozen=True)
class PlannedChange:
    """A change that is sound, and not made yet."""

    about: str
    """What kind of thing: for the record."""
    what: str
    """In words, for the record."""
    make: Callable[[], Awaitable[str | None]]
    """Makes it, and may say more of it."""
    then: str
    """The page that shows it."""
    result: Any = None
    """For programs."""


@dataclass(frozen=True)
class Asked:
    """What somebody asks for: the values of a form or of a JSON object, and the address's variable parts."""

    console: Console
    person: Person
    fields: Mapping[str, str]
    path: Mapping[str, str]

    def text(self, name: str, default: str = "") -> str:
        return self.fields.get(name, default).strip()

    def required(self, name: str, what: str) -> str:
        """Raises ConfigError if it is missing or empty."""
        found = self.text(name)
        if not found:
            raise FieldError(f"give {what}", field=name)
        return found


Plan = Callable[[Asked], Awaitable[PlannedChange]]


Show = Callable[[web.Request], Awaitable[web.Response]]


def add_change(app: web.Application, address: str, plan: Plan, again: Show | None = None) -> None:
    """Let a change be asked for by a form at an address, and as JSON below `/api/v1`.

    `again` shows the page with the form: once more, with what was written and what is wrong, if it is refused.
    """
    app.router.add_post(address, _page_door(plan, again))
    app.router.add_post(f"/api/v1{address}", _door(plan, "api"))


def _page_door(plan: Plan, again: Show | None) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    made = _door(plan, "page")

    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await made(request)
        except ConfigError as err:
            if again is None:
                raise
            request[WRITTEN] = WrittenForm.refused(request.path, await fields_of(request), err)
            answer = await again(request)
            answer.set_status(422)
            return answer

    return handle


def _door(plan: Plan, door: Literal["page", "api"]) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    async def handle(request: web.Request) -> web.StreamResponse:
        console, person = console_of(request), request[PERSON]
        planned = await plan(Asked(console, person, await fields_of(request), request.match_info))
        what = cut(one_line(planned.what), WHAT_LIMIT)
        await _record(console, person, request[CLIENT].address, door, planned.about, what)
        more = await planned.make()
        said = what if more is None else f"{what}: {more}"
        if door == "api":
            answer = {"done": said, "result": msgspec.to_builtins(planned.result)}
            return web.Response(body=orjson.dumps(answer), content_type="application/json")
        then, _, place = planned.then.partition("#")
        then += ("&" if "?" in then else "?") + f"said={console.sayings.keep(said[:1].upper() + said[1:])}"
        raise web.HTTPSeeOther(f"{then}#{place}" if place else then)

    return handle


async def fields_of(request: web.Request) -> dict[str, str]:
    """The values of a form or a JSON object, as texts. Raises ConfigError for anything else."""
    if request.content_type == "application/json":
        try:
            value = orjson.loads(await request.read() or b"{}")
        except orjson.JSONDecodeError as err:
            raise ConfigError(f"the body is not JSON: {err}") from err
        if not isinstance(value, dict):
            raise ConfigError("the body must be a JSON object")
        found = {name: _as_text(name, each) for name, each in value.items() if each is not None}
    else:
        form = await request.post()
        found = {name: each for name, each in form.items() if isinstance(each, str)}
    for name, text in found.items():
        if len(text) > VALUE_LIMIT:
            raise ConfigError(f"{name} is longer than {VALUE_LIMIT:,} characters")
    return found


def _as_text(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "\n".join(value)
    if not isinstance(value, str | int | float):
        raise ConfigError(f"{name} must be a text, a number or a list of texts")
    return str(value)


async def _record(
    console: Console, person: Person, client: str, door: Literal["page", "api"], about: str, what: str
) -> None:
    entry = AuditEntry(author=person.name, client=client, door=door, about=about, what=what, asked_at=console.now())
    async with open_producer(console.bootstrap_servers) as producer:
        await producer.send(Message(topic_name(console.prefix, AUDIT), person.name, encode(entry), partition=0))
    log.info("console_change", author=person.name, client=client, about=about, what=what)
