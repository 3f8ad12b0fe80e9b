"""Lists for programs: every list of the console as JSON, as CSV, and as an RSS feed."""

from __future__ import annotations

import asyncio
import csv
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from io import StringIO
from typing import Any
from xml.etree import ElementTree

import orjson
from aiohttp import web

from firstwire.core.text.wording import harmless, one_line
from firstwire.web.console import CLIENT, console_of
from schemas.times import parse_timestamp

FEED_ROWS = 100
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""Beginnings that a spreadsheet takes for a formula (OWASP, CSV injection)."""


@dataclass(frozen=True)
class ExportedRow:
    """One row of a list: its values for programs, and what a feed reader shows of it."""

    values: Mapping[str, Any]
    title: str
    link: str
    """A path of this console."""
    at: str | None = None
    text: str = ""


@dataclass(frozen=True)
class Listing:
    """A list, or the first part of it."""

    title: str
    columns: tuple[str, ...]
    """Of the values, those that a table has."""
    rows: tuple[ExportedRow, ...]
    total: int | None = None
    next: str | None = None
    """The value of the parameter `after` for the next part; None if there is none."""
    hints: tuple[str, ...] = ()
    """Why it may be empty, in ASCII."""


ReadListing = Callable[[web.Request], Awaitable[Listing]]


def add_list(app: web.Application, address: str, read: ReadListing) -> None:
    """Offer a list at `ADDRESS.csv`, `ADDRESS.rss` and `/api/v1/ADDRESS`.

    Long ones are written in a thread, so that alerts do not wait for them.
    """

    async def as_csv(request: web.Request) -> web.Response:
        return await asyncio.to_thread(csv_of, await read(request), address.rpartition("/")[2])

    async def as_rss(request: web.Request) -> web.Response:
        return rss_of(request, await read(request), address)

    async def as_json(request: web.Request) -> web.Response:
        return await asyncio.to_thread(json_of, request, await read(request))

    app.router.add_get(f"{address}.csv", as_csv)
    app.router.add_get(f"{address}.rss", as_rss)
    app.router.add_get(f"/api/v1{address}", as_json)


def json_of(request: web.Request, found: Listing) -> web.Response:
    """A JSON array; headers say how many there are, where the next part is (RFC 8288), and why it may be empty."""
    headers: dict[str, str] = {}
    if found.total is not None:
        headers["X-Total-Count"] = str(found.total)
    if found.next is not None:
        headers["Link"] = f'<{request.rel_url.update_query(after=found.next)}>; rel="next"'
    if found.hints:
        headers["X-Hint"] = "; ".join(found.hints)
    body = orjson.dumps([row.values for row in found.rows])
    return web.Response(body=body, content_type="application/json", headers=headers)


def answer_json(value: Any) -> web.Response:
    """A JSON value."""
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def csv_of(found: Listing, name: str) -> web.Response:
    """A table for spreadsheets (RFC 4180), in which nothing is taken for a formula."""
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(found.columns)
    for row in found.rows:
        writer.writerow([_cell(row.values.get(column)) for column in found.columns])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return web.Response(body=text.getvalue().encode(), content_type="text/csv", charset="utf-8", headers=headers)


def rss_of(request: web.Request, found: Listing, address: str) -> web.Response:
    """An RSS 2.0 feed of the first rows."""
    base = base_url(request)
    rss = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(rss, "channel")
    for name, text in (("title", f"Firstwire: {found.title}"), ("link", base + address), ("description", found.title)):
        ElementTree.SubElement(channel, name).text = harmless(text)
    for row in found.rows[:FEED_ROWS]:
        item = ElementTree.SubElement(channel, "item")
        link = base + row.link
        ElementTree.SubElement(item, "title").text = one_line(row.title)
        ElementTree.SubElement(item, "link").text = link
        ElementTree.SubElement(item, "guid", isPermaLink="true").text = link
        if row.at is not None:
            ElementTree.SubElement(item, "pubDate").text = format_datetime(parse_timestamp(row.at), usegmt=True)
        ElementTree.SubElement(item, "description").text = one_line(row.text or row.title)
    body = ElementTree.tostring(rss, encoding="utf-8", xml_declaration=True)
    return web.Response(body=body, content_type="application/rss+xml", charset="utf-8")


def base_url(request: web.Request) -> str:
    """Where the console is, without a slash at the end: as the settings say, else as it was asked for."""
    public = console_of(request).configuration.settings.web.console
    return public or f"{request[CLIENT].scheme}://{request.host}"


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return _cell("; ".join(map(str, value)))
    if isinstance(value, int | float):
        return str(value)
    text = one_line(str(value))
    return f"'{text}" if text.startswith(_FORMULA) else text
