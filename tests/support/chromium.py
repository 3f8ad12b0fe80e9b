"""A real Chromium for tests, by its DevTools protocol: pages are opened, looked at, typed into, and pictured.

https://chromedevtools.github.io/devtools-protocol/. The browser is the one that FIRSTWIRE_CHROMIUM names, else
`chromium` or `google-chrome` of the PATH.
"""

from __future__ import annotations

import asyncio
import base64
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import orjson

VARIABLE = "FIRSTWIRE_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome")
PATIENCE_SECONDS = 60.0
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--mute-audio",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-extensions",
    "--disable-default-apps", "--no-default-browser-check", "--hide-scrollbars", "--remote-debugging-port=0",
    "--disable-features=Translate,OptimizationHints,MediaRouter,DialMediaRouteProvider",
)  # fmt: skip


def chromium() -> str:
    """The browser's path. Raises RuntimeError, which says how to install one."""
    given = os.environ.get(VARIABLE)
    found = given or next(filter(None, map(shutil.which, NAMES)), None)
    if found is None or shutil.which(found) is None:
        raise RuntimeError(
            f"no Chromium{f' at {given}' if given else ''}: install it (Debian and Ubuntu: apt install chromium), "
            f"or name it: {VARIABLE}=/path/to/chromium"
        )
    return found


@dataclass
class Page:
    """One tab, and what happened in it."""

    browser: _Browser
    session: str
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What its console says as errors: exceptions, refused scripts, failed requests."""
    loaded: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        return await self.browser.send(method, parameters, self.session)

    async def look_like(self, *, width: int, height: int = 900, dark: bool = False) -> None:
        """A screen of this size and color scheme."""
        await self.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self.send("Emulation.setEmulatedMedia", features=[scheme])

    async def open(self, url: str) -> None:
        """Go to an address and wait until it is loaded."""
        self.loaded.clear()
        found = await self.send("Page.navigate", url=url)
        assert "errorText" not in found, found["errorText"]
        await self.wait_until_loaded()

    async def wait_until_loaded(self) -> None:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await self.loaded.wait()

    async def run(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        found = await self.send("Runtime.evaluate", expression=script, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    async def until(self, script: str) -> Any:
        """The value of an expression once it is true."""
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not (value := await self.run(script)):  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
        return value

    async def press(self, key: str) -> None:
        text = {"text": "\r"} if key == "Enter" else {"text": key} if len(key) == 1 else {}
        code = {"windowsVirtualKeyCode": 13} if key == "Enter" else {}
        await self.send("Input.dispatchKeyEvent", type="keyDown", key=key, **text, **code)
        await self.send("Input.dispatchKeyEvent", type="keyUp", key=key, **code)

    async def submit(self, form: str) -> None:
        """Send a form by its first button, and wait for the page that follows."""
        self.loaded.clear()
        await self.run(f"document.querySelector({form!r}).querySelector('button:not([type=button])').click()")
        await self.wait_until_loaded()

    async def picture(self, *, whole: bool = True) -> bytes:
        """A PNG of the page, or of what fits the screen."""
        found = await self.send("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(found["data"])

    def note(self, method: str, told: dict[str, Any]) -> None:
        if method == "Page.loadEventFired":
            self.loaded.set()
        elif method == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif method == "Runtime.exceptionThrown":
            self.complaints.append(str(told["exceptionDetails"].get("text")))
        elif method == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.complaints.append(f"{told['entry']['text']} {told['entry'].get('url', '')}")
        elif method == "Runtime.consoleAPICalled" and told["type"] in ("error", "assert"):
            self.complaints.append(str(told["args"]))


class _Browser:
    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._pages: dict[str, Page] = {}

    async def send(self, method: str, parameters: dict[str, Any], session: str | None = None) -> dict[str, Any]:
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        await self._socket.send_str(orjson.dumps(message).decode())
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await self._waiting[number]

    async def listen(self) -> None:
        async for message in self._socket:
            told = orjson.loads(message.data)
            if "id" in told:
                waiting = self._waiting.pop(told["id"])
                if "error" in told:
                    waiting.set_exception(RuntimeError(str(told["error"])))
                else:
                    waiting.set_result(told["result"])
            elif (page := self._pages.get(told.get("sessionId", ""))) is not None:
                page.note(told["method"], told["params"])

    async def page(self) -> Page:
        """A new tab, with cookies of its own."""
        context = (await self.send("Target.createBrowserContext", {}))["browserContextId"]
        target = await self.send("Target.createTarget", {"url": "about:blank", "browserContextId": context})
        attached = await self.send("Target.attachToTarget", {"targetId": target["targetId"], "flatten": True})
        page = Page(self, attached["sessionId"])
        self._pages[page.session] = page
        for domain in ("Page", "Runtime", "Log", "Network"):
            await page.send(f"{domain}.enable")
        return page


@asynccontextmanager
async def open_browser() -> AsyncIterator[_Browser]:
    """A browser without a window, with a profile of its own that is gone at the end."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        process = await asyncio.create_subprocess_exec(
            chromium(), *FLAGS, f"--user-data-dir={profile}", stderr=asyncio.subprocess.PIPE, start_new_session=True
        )
        try:
            address = await asyncio.wait_for(_address(process), PATIENCE_SECONDS)
            async with (
                aiohttp.ClientSession() as session,
                session.ws_connect(address, max_msg_size=0) as socket,
            ):
                browser = _Browser(socket)
                listening = asyncio.ensure_future(browser.listen())
                yield browser
                listening.cancel()
                await asyncio.gather(listening, return_exceptions=True)
        finally:
            process.terminate()
            await process.wait()


async def _address(process: asyncio.subprocess.Process) -> str:
    assert process.stderr is not None
    said = []
    async for line in process.stderr:
        text = line.decode(errors="replace").strip()
        said.append(text)
        if text.startswith("DevTools listening on "):
            return text.removeprefix("DevTools listening on ")
    raise RuntimeError(f"Chromium did not start: {said[-5:]}")
