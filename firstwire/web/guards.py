"""What every request passes before a page sees it: its host, its size and time, who asks, and whether they may.

Also what every answer carries: a policy under which a browser runs no script and loads nothing but ours.
"""

from __future__ import annotations

import asyncio
import math
import time
import traceback
from base64 import b64decode

import orjson
import structlog
from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from firstwire.errors import ConfigError, TransientError
from firstwire.web.access import Person
from firstwire.web.console import CLIENT, PERSON, Console, console_of
from firstwire.web.rendering import error_page
from firstwire.web.same_site import client_of, is_own_origin

COOKIE = "firstwire-session"
FORM_HEADER = "X-CSRF-Token"
FORM_FIELD = "csrf"
API = "/api/"
BODY_LIMIT_BYTES = 512 * 1024
"""A text to explain is an article: 100 kB."""
BODY_SECONDS = 15.0
CHANGING = frozenset({"POST"})
SERVER = "firstwire"
"""What every answer names itself, also to `firstwire check`."""
OPEN_PATHS = frozenset({"/login", "/healthz", "/readyz"})
"""Asked for by those who have no session yet, and by programs that watch the daemon."""
LOGIN_PATH = "/login"
ASKING = frozenset({"/why", "/api/v1/explain", "/feeds/check", "/logout"})
"""Posts that change nothing, so that those who may only look may send them."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # `no-referrer` would make browsers send `Origin: null` with our own forms
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Server": SERVER,
}

log = structlog.get_logger("firstwire.web")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Signal `on_response_prepare`: what every answer carries."""
    response.headers.update(HEADERS)
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn what goes wrong into a page, or into JSON for programs."""
    connections = console_of(request).connections
    connections.request_begins(request.transport)
    try:
        return await handler(request)
    except web.HTTPException as err:
        if err.status < 400 or (err.body and err.content_type != "text/plain"):
            raise
        return _failure(request, err.status, _in_words(err), err.headers)
    except TransientError as err:
        if request.method not in CHANGING:
            return _failure(request, 503, f"{err.message[:1].upper()}{err.message[1:]}.", {"Retry-After": "5"})
        log.warning("console_change_failed", path=request.path, reason=str(err))
        return _failure(request, 503, f"Kafka did not take it: {err.message}. Nothing is known to have changed.")
    except ConfigError as err:
        return _failure(request, 400, str(err))
    except Exception:
        log.error("console_request_failed", path=request.path, error=traceback.format_exc())
        return _failure(request, 500, "This went wrong here. The log says why: console_request_failed.")
    finally:
        connections.request_ends(request.transport)


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request through if it is meant for this console, of bearable size, and its sender may ask for it."""
    console = console_of(request)
    peer = (request.transport.get_extra_info("peername") or ("",))[0] if request.transport is not None else ""
    forwarded = request.headers.get("X-Forwarded-For"), request.headers.get("X-Forwarded-Proto")
    client = client_of(str(peer), *forwarded, console.trusted_proxies)
    request[CLIENT] = client
    if not console.own_names.includes(request.host):
        raise web.HTTPMisdirectedRequest(
            text="The console is not known by this name. If it should be, set web.public_url to it."
        )
    _refuse_unexpected_proxy(request, console)
    if request.method in CHANGING:
        site = request.headers.get("Sec-Fetch-Site")
        if not is_own_origin(request.headers.get(hdrs.ORIGIN), site, client.scheme, request.host):
            raise web.HTTPForbidden(text="This was asked for by a page of another site.")
        await _read_body(request)
    person = _person(request, console)
    if person is not None:
        request[PERSON] = person
    elif not _is_open(request):
        raise _login_first(request)
    if person is not None and request.method in CHANGING and request.path != LOGIN_PATH:
        await _check_change(request, console, person)
    return await handler(request)


def may_push(request: web.Request) -> bool:
    """Whether the sender of a request that was let through may publish articles."""
    return PERSON in request and request[PERSON].may_write


def _is_open(request: web.Request) -> bool:
    """Whether somebody may ask for it whom nobody knows."""
    if request.method in CHANGING:
        return request.path == LOGIN_PATH
    return request.path in OPEN_PATHS or request.path.startswith("/static/")


def throttle(request: web.Request, console: Console) -> None:
    """Refuse another token from an address that sent too many wrong ones."""
    wait = console.wrong_tokens.wait_seconds(request[CLIENT].address, time.monotonic())
    if wait > 0:
        raise web.HTTPTooManyRequests(
            text=f"Too many wrong tokens came from your address. Wait {math.ceil(wait / 60)} minutes.",
            headers={"Retry-After": str(math.ceil(wait))},
        )


def note_wrong_token(request: web.Request, console: Console) -> None:
    address = request[CLIENT].address
    console.wrong_tokens.note(address, time.monotonic())
    log.warning("console_token_refused", client=address)


def _refuse_unexpected_proxy(request: web.Request, console: Console) -> None:
    """Without tokens everybody behind a proxy would be `local`."""
    names = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-IP", "Via")
    if console.access.is_open and any(name in request.headers for name in names):
        raise web.HTTPForbidden(
            text="This came through a proxy, and the console needs no login yet: anybody could change everything. "
            "List who may use it in web.tokens."
        )


async def _read_body(request: web.Request) -> None:
    if request.content_type not in ("application/x-www-form-urlencoded", "application/json") and request.body_exists:
        raise web.HTTPUnsupportedMediaType(text="Send a form (application/x-www-form-urlencoded) or JSON.")
    try:
        async with asyncio.timeout(BODY_SECONDS):
            await request.read()
    except TimeoutError as err:
        raise web.HTTPRequestTimeout(text=f"The request did not arrive within {BODY_SECONDS:.0f} s.") from err


def _person(request: web.Request, console: Console) -> Person | None:
    access = console.access
    if access.is_open:
        return access.local()
    header = request.headers.get(hdrs.AUTHORIZATION)
    if header is not None:
        throttle(request, console)
        token = _sent_token(header, request.method)
        person = None if token is None else access.by_token(token)
        if person is None:
            note_wrong_token(request, console)
            raise _unauthorized("The token is wrong.")
        return person
    cookie = request.cookies.get(COOKIE)
    return None if cookie is None else access.by_session(cookie, time.time())


def _sent_token(header: str, method: str) -> str | None:
    """The token of `Authorization`. Browsers send HTTP Basic by themselves, so that it only opens what is looked at."""
    scheme, _, sent = header.partition(" ")
    if scheme.lower() == "bearer":
        return sent.strip()
    if scheme.lower() == "basic" and method in ("GET", "HEAD"):
        try:
            return b64decode(sent.strip(), validate=True).decode().partition(":")[2]
        except ValueError:
            return None
    return None


def _login_first(request: web.Request) -> web.HTTPException:
    if request.path.startswith(API) or request.method in CHANGING or request.path == "/metrics":
        return _unauthorized("Send a token of web.tokens: Authorization: Bearer …")
    return web.HTTPSeeOther(str(request.rel_url.with_path(LOGIN_PATH).with_query(next=request.path_qs)))


def _unauthorized(text: str) -> web.HTTPUnauthorized:
    return web.HTTPUnauthorized(text=text, headers={hdrs.WWW_AUTHENTICATE: 'Bearer realm="firstwire"'})


async def _check_change(request: web.Request, console: Console, person: Person) -> None:
    if not person.may_write and request.path not in ASKING:
        raise web.HTTPForbidden(text=f"{person.name} may look, but change nothing (role read in web.tokens).")
    if hdrs.AUTHORIZATION in request.headers and not console.access.is_open:
        return  # no browser sends a bearer's token by itself
    given = request.headers.get(FORM_HEADER)
    if given is None and request.content_type == "application/x-www-form-urlencoded":
        given = str((await request.post()).get(FORM_FIELD, ""))
    if not console.access.is_form_token(person, given or ""):
        raise web.HTTPForbidden(
            text="The form's token is missing or old: the console was started again since the page was opened. Go "
            f"back, reload the page and send it again. Programs send the header {FORM_HEADER}, from /api/v1/session."
        )


def _in_words(err: web.HTTPException) -> str:
    """What a page said of it; of what the router refuses, something better than its number."""
    words = {404: "There is nothing at this address.", 405: "This cannot be asked for in this way."}
    is_plain = err.text is None or err.text == f"{err.status}: {err.reason}"
    return words.get(err.status, err.reason) if is_plain else str(err.text)


def _failure(request: web.Request, status: int, text: str, headers: object = None) -> web.Response:
    kept = {
        name: value
        for name, value in (headers.items() if hasattr(headers, "items") else ())
        if name in ("Retry-After", hdrs.WWW_AUTHENTICATE, hdrs.ALLOW)
    }
    if request.path.startswith(API):
        body = orjson.dumps({"error": text, "status": status})
        return web.Response(status=status, body=body, content_type="application/json", headers=kept)
    return web.Response(status=status, text=error_page(request, status, text), content_type="text/html", headers=kept)
