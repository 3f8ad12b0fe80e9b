"""The console as a web application: guards, pages, API, static files. Others may add routes of their own."""

from __future__ import annotations

from pathlib import Path

from aiohttp import web

from firstwire.web import login
from firstwire.web.console import CONSOLE, Console
from firstwire.web.guards import BODY_LIMIT_BYTES, add_headers, answer_errors, guard
from firstwire.web.pages import alerts, deliveries, drafts, feeds, ledger, rules, search, silences, stories, system, why
from firstwire.web.rendering import STATIC

STATIC_TYPES = {"console.css": "text/css", "console.js": "text/javascript", "icon.svg": "image/svg+xml"}
OPENAPI = Path(__file__).with_name("openapi.json")
A_YEAR = "public, max-age=31536000, immutable"


def create_application(console: Console) -> web.Application:
    """All of it, for `web.AppRunner` or a test's server."""
    app = web.Application(middlewares=[answer_errors, guard], client_max_size=BODY_LIMIT_BYTES)
    app[CONSOLE] = console
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/static/{name}", _static)
    app.router.add_get("/api/v1/openapi.json", _description)
    for part in (login, alerts, stories, search, why, rules, drafts, ledger, feeds, deliveries, silences, system):
        part.add_routes(app)
    return app


async def _description(request: web.Request) -> web.Response:
    return web.Response(body=OPENAPI.read_bytes(), content_type="application/json")


async def _static(request: web.Request) -> web.Response:
    name = request.match_info["name"]
    if name not in STATIC_TYPES:
        raise web.HTTPNotFound(text="There is no such file.")
    # Addresses carry a hash of the content, so that an upgrade is seen at once
    return web.Response(
        body=(STATIC / name).read_bytes(), content_type=STATIC_TYPES[name], headers={"Cache-Control": A_YEAR}
    )
