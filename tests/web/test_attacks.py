"""Attacks on a console that listens on a real socket: none comes through."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

from firstwire.config import WebSection
from firstwire.web.attempts_limit import WRONG_AT_MOST
from firstwire.web.connections import ConnectionLimits
from firstwire.web.guards import BODY_LIMIT_BYTES, COOKIE, HEADERS
from firstwire.web.live import STREAMS_AT_MOST, STREAMS_OF_ONE
from tests.support.console import READER, WRITER, ServedConsole, serving_console, settings_with_tokens

PAGES = (
    "/",
    "/stories",
    "/search",
    "/why",
    "/rules",
    "/rules/x/draft",
    "/feeds",
    "/deliveries",
    "/silences",
    "/system",
    "/alerts/abcd1234",
    "/api/v1/alerts",
    "/api/v1/session",
    "/alerts.rss",
    "/audit.csv",
)
CHANGES = (
    "/silences",
    "/silences/s1/expire",
    "/alerts/abcd1234/snooze",
    "/alerts/abcd1234/feedback",
    "/rules",
    "/rules/apply",
    "/rules/x/draft",
    "/rules/x/promote",
    "/rules/x/remove",
    "/ledger/recognize/taliban/add",
    "/ledger/recognize/taliban/correct",
    "/ledger/recognize/taliban/vouch",
    "/feeds",
    "/feeds/pause",
    "/feeds/resume",
    "/deliveries/redrive",
    "/receivers/desk/test",
)
NO_KAFKA = 503
"""What a change meets that nothing refused: these consoles have no Kafka."""
SILENCE = {"matchers": "tag=cricket", "for": "1h"}
BEARER = {"Authorization": f"Bearer {WRITER}"}


@pytest.fixture
async def local(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    """A console on loopback that needs no login."""
    async with serving_console(tmp_path) as served:
        yield served


@pytest.fixture
async def guarded(tmp_path: Path) -> AsyncIterator[ServedConsole]:
    """A console that wants a token."""
    async with serving_console(tmp_path, section=settings_with_tokens(tmp_path)) as served:
        yield served


@pytest.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session:
        yield session


async def status(response: aiohttp.client._RequestContextManager) -> int:
    async with response as found:
        await found.read()
        return found.status


async def form_token(client: aiohttp.ClientSession, served: ServedConsole) -> str:
    async with client.get(f"{served.url}/api/v1/session") as found:
        token: str = (await found.json())["csrf"]
        return token


async def log_in(client: aiohttp.ClientSession, served: ServedConsole, token: str = WRITER) -> None:
    form = {"token": token, "next": "/"}
    assert await status(client.post(f"{served.url}/login", data=form, allow_redirects=False)) == 303


async def raw(served: ServedConsole, text: str | bytes, *, seconds: float = 5.0) -> bytes:
    """What comes back for these bytes, until the connection is closed or nothing comes any more."""
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(text.encode() if isinstance(text, str) else text)
    found = b""
    try:
        async with asyncio.timeout(seconds):
            while part := await reader.read(65_536):
                found += part
    except (TimeoutError, ConnectionError):
        pass
    writer.close()
    return found


@pytest.mark.parametrize("path", PAGES)
async def test_without_a_token_nothing_is_shown(
    path: str, guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    async with client.get(guarded.url + path, allow_redirects=False) as found:
        if path.startswith("/api/"):
            assert found.status == 401
            assert found.headers["WWW-Authenticate"].startswith("Bearer")
        else:
            assert found.status == 303
            assert found.headers["Location"].startswith("/login?next=")


@pytest.mark.parametrize("path", CHANGES)
async def test_without_a_token_nothing_is_changed(
    path: str, guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    for door in ("", "/api/v1"):
        assert await status(client.post(guarded.url + door + path, data=SILENCE)) == 401


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/console.css", "/logout"])
async def test_what_anybody_may_look_at_nobody_may_send(
    path: str, guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    assert await status(client.post(guarded.url + path, data={})) == 401


async def test_the_address_without_any_secret_shows_the_login_and_static_files(
    guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    assert await status(client.get(f"{guarded.url}/login")) == 200
    assert await status(client.get(f"{guarded.url}/static/console.css")) == 200


@pytest.mark.parametrize(
    "header", ["Bearer wrong", "Bearer", "", "Basic ZGVzazp4", f"bearer {READER}x", f"Token {WRITER}"]
)
async def test_a_wrong_token_opens_nothing(header: str, guarded: ServedConsole, client: aiohttp.ClientSession) -> None:
    assert await status(client.get(f"{guarded.url}/api/v1/alerts", headers={"Authorization": header})) == 401


async def test_feed_readers_may_send_the_token_as_a_password_but_change_nothing(
    guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    headers = {"Authorization": aiohttp.encode_basic_auth("anybody", WRITER)}
    assert await status(client.get(f"{guarded.url}/alerts.rss", headers=headers)) == 200
    assert await status(client.post(f"{guarded.url}/api/v1/silences", json=SILENCE, headers=headers)) == 401


async def test_guessing_is_slowed_down_and_does_not_end_sessions(
    guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    await log_in(client, guarded)
    async with aiohttp.ClientSession() as guesser:
        for number in range(WRONG_AT_MOST):
            assert await status(guesser.post(f"{guarded.url}/login", data={"token": f"guess {number}"})) == 401
        async with guesser.post(f"{guarded.url}/login", data={"token": WRITER}) as found:
            assert found.status == 429
            assert int(found.headers["Retry-After"]) > 0
        assert await status(guesser.get(f"{guarded.url}/api/v1/alerts", headers=BEARER)) == 429
    assert await status(client.get(f"{guarded.url}/")) == 200


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(
    guarded: ServedConsole, client: aiohttp.ClientSession
) -> None:
    async with client.post(f"{guarded.url}/login", data={"token": WRITER}, allow_redirects=False) as found:
        cookie = found.headers["Set-Cookie"]
    assert cookie.startswith(f"{COOKIE}=desk.")
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert WRITER not in cookie


async def test_behind_https_the_cookie_is_secure(tmp_path: Path, client: aiohttp.ClientSession) -> None:
    section = settings_with_tokens(tmp_path)
    section = WebSection(listen=section.listen, tokens=section.tokens, trusted_proxies=("127.0.0.0/8",))
    async with serving_console(tmp_path, section=section) as served:
        headers = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9"}
        form = {"token": WRITER}
        async with client.post(f"{served.url}/login", data=form, headers=headers, allow_redirects=False) as found:
            assert "Secure" in found.headers["Set-Cookie"]


@pytest.mark.parametrize("path", CHANGES)
async def test_who_may_look_changes_nothing(path: str, guarded: ServedConsole, client: aiohttp.ClientSession) -> None:
    reading = {"Authorization": f"Bearer {READER}"}
    assert await status(client.post(f"{guarded.url}/api/v1{path}", json=SILENCE, headers=reading)) == 403
    await log_in(client, guarded, READER)
    token = await form_token(client, guarded)
    assert await status(client.post(guarded.url + path, data={**SILENCE, "csrf": token})) == 403


async def test_who_may_write_comes_through(guarded: ServedConsole, client: aiohttp.ClientSession) -> None:
    assert await status(client.post(f"{guarded.url}/api/v1/silences", json=SILENCE, headers=BEARER)) == NO_KAFKA
    await log_in(client, guarded)
    token = await form_token(client, guarded)
    assert await status(client.post(f"{guarded.url}/silences", data={**SILENCE, "csrf": token})) == NO_KAFKA


@pytest.mark.parametrize("path", CHANGES)
async def test_a_forged_form_changes_nothing(path: str, local: ServedConsole, client: aiohttp.ClientSession) -> None:
    for given in ({}, {"csrf": ""}, {"csrf": "0" * 64}):
        assert await status(client.post(local.url + path, data={**SILENCE, **given})) == 403
    assert await status(client.post(f"{local.url}/api/v1{path}", json=SILENCE)) == 403


async def test_a_form_of_another_session_changes_nothing(guarded: ServedConsole, client: aiohttp.ClientSession) -> None:
    await log_in(client, guarded)
    token = await form_token(client, guarded)
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as other:
        await log_in(other, guarded)
        assert await status(other.post(f"{guarded.url}/silences", data={**SILENCE, "csrf": token})) == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_a_page_of_another_site_asks_in_vain(
    headers: dict[str, str], local: ServedConsole, client: aiohttp.ClientSession
) -> None:
    token = await form_token(client, local)
    form = {**SILENCE, "csrf": token}
    assert await status(client.post(f"{local.url}/silences", data=form, headers=headers)) == 403
    assert await status(client.post(f"{local.url}/login", data={"token": "x"}, headers=headers)) == 403


async def test_a_form_of_a_plain_text_type_is_no_way_around(
    local: ServedConsole, client: aiohttp.ClientSession
) -> None:
    headers = {"Content-Type": "text/plain"}
    assert await status(client.post(f"{local.url}/api/v1/silences", data=b"{}", headers=headers)) == 415
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert await status(client.post(f"{local.url}/silences", data=b"--x--", headers=headers)) == 415


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8470", "192.0.2.7"])
async def test_a_name_that_was_rebound_shows_nothing(
    host: str, local: ServedConsole, client: aiohttp.ClientSession
) -> None:
    for path in (*PAGES, "/static/console.js", "/login"):
        assert await status(client.get(local.url + path, headers={"Host": host})) == 421


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "Via", "X-Real-IP", "X-Forwarded-Host"])
async def test_a_proxy_in_front_of_a_console_without_login_is_refused(
    header: str, local: ServedConsole, client: aiohttp.ClientSession
) -> None:
    assert await status(client.get(f"{local.url}/", headers={header: "203.0.113.9"})) == 403


@pytest.mark.parametrize(
    "path",
    [
        "/static/../console.py",
        "/static/..%2fguards.py",
        "/static/%2e%2e/guards.py",
        "/static//etc/passwd",
        "/..",
        "/%2e%2e/etc/passwd",
        "/static/console.css/../../guards.py",
        "/alerts/../../etc/passwd",
        "/static/%00",
    ],
)
async def test_no_path_leads_out(path: str, local: ServedConsole) -> None:
    found = await raw(local, f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
    assert found.split(b" ")[1] in (b"400", b"404")
    assert b"root:" not in found and b"import" not in found


async def test_a_large_body_is_refused(local: ServedConsole, client: aiohttp.ClientSession) -> None:
    token = await form_token(client, local)
    form = {"csrf": token, "matchers": "x" * BODY_LIMIT_BYTES, "for": "1h"}
    assert await status(client.post(f"{local.url}/silences", data=form)) == 413
    head = "POST /silences HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {10**12}\r\n\r\n"
    answer = await raw(local, head.encode() + b"x" * 2 * BODY_LIMIT_BYTES)
    assert answer.split(b" ")[1] == b"413"


@pytest.mark.parametrize(
    "text",
    [
        "GET /" + "a" * 20_000 + " HTTP/1.1\r\nHost: localhost\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "a" * 20_000 + "\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\n" + "".join(f"X-{n}: y\r\n" for n in range(500)) + "\r\n",
        "GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x",
        "GET / HTTP/1.1\nHost localhost\n\n",
        "\x16\x03\x01\x02\x00\x01\x00",
        "GET / HTTP/1.1\r\nHost: localhost\r\nX: a\rSet-Cookie: b\r\n\r\n",
    ],
)
async def test_requests_that_are_none_are_answered_by_400(text: str, local: ServedConsole) -> None:
    found = await raw(local, text)
    assert found.split(b" ")[1] in (b"400", b"431")


@pytest.mark.parametrize("then", ["//evil.example", "https://evil.example", "/\\evil.example", "/x\r\nSet-Cookie: a=b"])
async def test_a_login_sends_nobody_elsewhere(then: str, guarded: ServedConsole, client: aiohttp.ClientSession) -> None:
    form = {"token": WRITER, "next": then}
    async with client.post(f"{guarded.url}/login", data=form, allow_redirects=False) as found:
        assert found.headers["Location"] == "/"
        assert "a=b" not in str(found.raw_headers)


async def test_every_answer_carries_the_policy(local: ServedConsole, client: aiohttp.ClientSession) -> None:
    for path in (
        "/",
        "/nothing",
        "/alerts/none12345",
        "/api/v1/alerts",
        "/api/v1/nothing",
        "/alerts.rss",
        "/static/console.js",
    ):
        async with client.get(local.url + path) as found:
            assert {name: found.headers[name] for name in HEADERS} == HEADERS, path
    async with client.get(f"{local.url}/", headers={"Host": "evil.example"}) as found:
        assert "default-src 'none'" in found.headers["Content-Security-Policy"]


async def test_a_slow_head_is_given_up(tmp_path: Path) -> None:
    async with serving_console(tmp_path, limits=ConnectionLimits(head_seconds=0.3)) as served:
        for text in ("", "GET / HTTP/1.1\r\nHost: loc"):
            began = time.monotonic()
            assert await raw(served, text, seconds=20) == b""
            assert time.monotonic() - began < 15
        whole = "GET /static/console.css HTTP/1.1\r\nHost: localhost\r\n\r\n"
        assert (await raw(served, whole + "GET / HTTP/1.1\r\nHos", seconds=2)).startswith(b"HTTP/1.1 200")


async def test_more_connections_than_allowed_are_closed(tmp_path: Path, client: aiohttp.ClientSession) -> None:
    async with serving_console(tmp_path, limits=ConnectionLimits(connections=5)) as served:
        idle = [await asyncio.open_connection("127.0.0.1", served.port) for _ in range(5)]
        assert await raw(served, "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n") == b""
        for _, writer in idle:
            writer.close()
        async with asyncio.timeout(20):
            while served.console.connections.count:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.01)
        assert await status(client.get(f"{served.url}/silences")) == 200
        assert served.console.connections.refused == 1


async def test_a_thousand_streams_leave_the_pages_alone(local: ServedConsole, client: aiohttp.ClientSession) -> None:
    request = b"GET /alerts/events HTTP/1.1\r\nHost: localhost\r\n\r\n"
    opened = []
    refused = 0
    for _ in range(1_000):
        reader, writer = await asyncio.open_connection("127.0.0.1", local.port)
        writer.write(request)
        line = await reader.readline()
        if b" 200 " in line:
            opened.append(writer)
        else:
            assert b" 503 " in line
            refused += 1
            writer.close()
    assert len(opened) == min(STREAMS_OF_ONE, STREAMS_AT_MOST)
    assert refused == 1_000 - len(opened)
    assert await status(client.get(f"{local.url}/silences")) == 200
    for writer in opened:
        writer.close()
    async with asyncio.timeout(30):
        while local.console.streams.count:  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v1/alerts?limit={'9' * 5_000}",
        f"/stories?offset={'9' * 5_000}",
        "/?since=0001-01-01T00:00:00%2B23:00",
        "/api/v1/search?q=taliban&until=9999-12-31T23:59:59-23:00",
    ],
)
async def test_numbers_and_times_beyond_all_bounds_are_refused_in_words(
    address: str, local: ServedConsole, client: aiohttp.ClientSession
) -> None:
    async with client.get(local.url + address) as found:
        assert found.status == 400, await found.text()
