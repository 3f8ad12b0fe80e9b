"""A taken address is waited for, tokens must be sound, and the console ends when it is asked to."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import aiohttp
import msgspec
import pytest
from aiohttp import web

from firstwire.config import Configuration, Settings, WebSection, WebToken, load
from firstwire.errors import ConfigError
from firstwire.health import Readiness
from firstwire.web.application import create_application
from firstwire.web.service import listening, make_console, tokens_of
from tests.support.console import NO_KAFKA


async def test_a_taken_address_is_served_once_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("firstwire.web.service.AGAIN_SECONDS", 0.05)
    console = make_console(Configuration(settings=Settings(), file=None, origins={}), NO_KAFKA)
    runner = web.AppRunner(create_application(console), access_log=None, shutdown_timeout=0.5)
    await runner.setup()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        readiness = Readiness()
        serving = asyncio.ensure_future(listening(runner, console, f"127.0.0.1:{port}", asyncio.Event(), readiness))
        await asyncio.sleep(0.2)
        assert not serving.done()
        assert f"cannot listen on 127.0.0.1:{port}" in readiness.lacking["web.listen"]
    server = await asyncio.wait_for(serving, 30)
    assert server is not None
    assert not readiness.lacking
    async with (
        aiohttp.ClientSession() as client,
        client.get(f"http://127.0.0.1:{port}/static/console.css") as found,
    ):
        assert found.status == 200
    server.close()
    await runner.cleanup()


async def test_waiting_for_an_address_ends_with_the_console(monkeypatch: pytest.MonkeyPatch) -> None:
    console = make_console(Configuration(settings=Settings(), file=None, origins={}), NO_KAFKA)
    runner = web.AppRunner(create_application(console), access_log=None)
    await runner.setup()
    stop = asyncio.Event()
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        serving = asyncio.ensure_future(listening(runner, console, f"127.0.0.1:{port}", stop, Readiness()))
        await asyncio.sleep(0.05)
        stop.set()
        assert await asyncio.wait_for(serving, 30) is None
    await runner.cleanup()


def token(folder: Path, name: str, text: str) -> WebToken:
    file = folder / name
    file.write_text(text, encoding="utf-8")
    return msgspec.convert({"name": name, "role": "write", "token": {"file": str(file)}}, WebToken)


@pytest.mark.parametrize(
    ("texts", "message"), [(["tiny-one"], "shorter than 16"), (["a" * 20, "a" * 20], "the same as")]
)
def test_a_token_that_is_easily_guessed_or_not_ones_own_is_refused(
    texts: list[str], message: str, tmp_path: Path
) -> None:
    tokens = tuple(token(tmp_path, f"t{number}", text) for number, text in enumerate(texts))
    with pytest.raises(ConfigError, match=message) as caught:
        tokens_of(WebSection(tokens=tokens))
    assert all(text not in str(caught.value) for text in texts)


@pytest.mark.parametrize("listen", ["0.0.0.0:8470", "[::]:8470", "192.0.2.1:80", "desk.example:80"])
def test_a_console_that_anybody_could_use_is_refused(listen: str) -> None:
    with pytest.raises(ConfigError, match=r"web\.tokens"):
        load(None, {"FIRSTWIRE_WEB_LISTEN": listen})


@pytest.mark.parametrize("listen", ["", "127.0.0.1:8470", "localhost:0", "[::1]:8470", "127.9.9.9:1"])
def test_loopback_needs_no_token(listen: str) -> None:
    assert load(None, {"FIRSTWIRE_WEB_LISTEN": listen}).settings.web.listen == listen
