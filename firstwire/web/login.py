"""Logging in with a token, and out."""

from __future__ import annotations

import secrets
import time

from aiohttp import web

from firstwire.web.access import SESSION_SECONDS
from firstwire.web.console import CLIENT, PERSON, console_of
from firstwire.web.guards import COOKIE, note_wrong_token, throttle
from firstwire.web.rendering import page
from firstwire.web.same_site import local_path


def add_routes(app: web.Application) -> None:
    app.router.add_get("/login", show_login)
    app.router.add_post("/login", log_in)
    app.router.add_post("/logout", log_out)


async def show_login(request: web.Request) -> web.Response:
    if PERSON in request:
        raise web.HTTPSeeOther("/")
    return page(request, "login.html.jinja", then=local_path(request.query.get("next", "/")), wrong=False)


async def log_in(request: web.Request) -> web.Response:
    console = console_of(request)
    throttle(request, console)
    form = await request.post()
    then = local_path(str(form.get("next", "/")))
    person = console.access.by_token(str(form.get("token", "")).strip())
    if person is None:
        note_wrong_token(request, console)
        return page(request, "login.html.jinja", status=401, then=then, wrong=True)
    response = web.HTTPSeeOther(then)
    response.set_cookie(
        COOKIE,
        console.access.session(person, time.time(), secrets.token_urlsafe(12)),
        max_age=SESSION_SECONDS,
        httponly=True,
        samesite="Lax",  # with Strict a link in a message would lead to the login
        secure=request[CLIENT].scheme == "https",
        path="/",
    )
    raise response


async def log_out(request: web.Request) -> web.Response:
    response = web.HTTPSeeOther("/login")
    response.del_cookie(COOKIE, path="/", httponly=True, samesite="Lax")
    raise response
