"""Pages from templates. Every text that is put in is escaped, and loses what could hide or reorder it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from firstwire import __version__
from firstwire.core.text.durations import rounded_duration
from firstwire.core.text.wording import counted, cut, day, harmless, one_line, span_of_time
from firstwire.notifier.rendering import safe_url
from firstwire.web.access import Person
from firstwire.web.console import CLIENT, PERSON, console_of
from firstwire.web.written import WRITTEN, WrittenForm
from schemas.times import parse_timestamp

_HERE = Path(__file__).parent
STATIC = _HERE / "static"

NAVIGATION = (
    ("/", "Now", "n"),
    ("/stories", "Stories", "s"),
    ("/search", "Search", "f"),
    ("/why", "Why not?", "w"),
    ("/rules", "Rules", "r"),
    ("/ledger", "Ledger", "l"),
    ("/feeds", "Feeds", "e"),
    ("/deliveries", "Deliveries", "d"),
    ("/silences", "Silences", "m"),
    ("/system", "System", "y"),
)
"""Address, name, and the key that follows `g`."""


def page(request: web.Request, name: str, *, status: int = 200, **values: Any) -> web.Response:
    """A page of `templates/`."""
    text = _template(name).render(**_shared(request), **values)
    return web.Response(status=status, text=text, content_type="text/html")


def fragment(name: str, **values: Any) -> str:
    """A part of a page alone, for live streams."""
    return _template(name).render(**values)


def error_page(request: web.Request, status: int, text: str) -> str:
    """What went wrong, in words."""
    return _template("error.html.jinja").render(**_shared(request), status=status, text=text)


def clock(timestamp: str) -> str:
    """`3 Jul 2025 14:02:11 UTC`."""
    return f"{day(timestamp[:10])} {timestamp[11:19]} UTC"


def segment(text: str) -> str:
    """A text as one part of a path: ids of articles may be addresses."""
    return quote(text, safe="")


@cache
def asset(name: str) -> str:
    """The address of a static file, which changes with its content."""
    return f"/static/{name}?{sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def _shared(request: web.Request) -> Mapping[str, Any]:
    console = console_of(request)
    person: Person | None = request.get(PERSON)
    said = request.query.get("said")
    lost_since = console.following.lost_since
    return {
        "person": person,
        "form_token": "" if person is None else console.access.form_token(person),
        "may_write": person is not None and person.may_write,
        "is_open": console.access.is_open,
        "client": request.get(CLIENT),
        "navigation": NAVIGATION,
        "path": request.path,
        "said": None if said is None else console.sayings.take(said),
        "now": console.now(),
        "version": __version__,
        "lost_seconds": None if lost_since is None else max(0.0, console.clock().timestamp() - lost_since),
        "is_loading": not console.following.ready.is_set(),
        "parameters": request.query,
        "written": request.get(WRITTEN, WrittenForm()),
    }


def _template(name: str) -> Template:
    return _environment().get_template(name)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_shown,
    )
    environment.filters |= {
        "ago": _ago,
        "clock": clock,
        "counted": counted,
        "cut": cut,
        "day": day,
        "line": one_line,
        "number": lambda number: f"{number:,}",
        "segment": segment,
        "span": span_of_time,
        "duration": rounded_duration,
        "written": _written,
    }
    environment.globals |= {"asset": asset, "safe_url": safe_url}
    return environment


def _shown(value: Any) -> Any:
    """What stands for a value on a page."""
    if isinstance(value, Markup):
        return value
    if isinstance(value, str):
        return harmless(value)
    return "" if value is None else value


def _written(text: str) -> Markup:
    """Text of several lines, for text areas and preformatted blocks."""
    return Markup("\n").join(Markup.escape(harmless(line)) for line in text.split("\n"))


def _ago(timestamp: str, now: str) -> str:
    """`12 s ago`, `3 h ago`, `in 2 h`: rounded down in the largest unit that gives at least 2."""
    seconds = (parse_timestamp(now) - parse_timestamp(timestamp)).total_seconds()
    size = abs(seconds)
    told = next(
        (
            f"{int(size // unit)} {name}"
            for name, unit in (("d", 86_400), ("h", 3_600), ("min", 60))
            if size >= 2 * unit
        ),
        f"{int(size)} s",
    )
    return f"{told} ago" if seconds >= 0 else f"in {told}"
