"""One message through Apprise, in a process of its own: it blocks, and connects by itself.

In that process an audit hook refuses every connection to an address that receivers may not have. Hooks cannot be
removed, so no plugin gets around it. Neither proxies of the environment nor redirects are followed.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import re
import sys
from collections.abc import Callable
from datetime import datetime
from typing import Any

from firstwire.addresses import refusal
from firstwire.config import Network, networks
from firstwire.notifier.replies import Reply, ReplyVerdict, Request, address_refused

SCHEME = "apprise:"
START_SECONDS = 15.0
"""For the start of the process on a busy machine, on top of the time limit of an attempt."""


async def send_by_apprise(
    request: Request, allow: tuple[Network, ...], timeout_seconds: float, now: Callable[[], datetime]
) -> Reply | ReplyVerdict:
    """200 if Apprise says that the service accepted the message; else the service's status, or 502 if it is unknown."""
    asked = {
        **json.loads(request.body),
        "url": request.url.removeprefix(SCHEME),
        "allow": [str(network) for network in allow],
        "timeout_seconds": timeout_seconds,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "firstwire.notifier.apprise_process"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")},
    )
    try:
        async with asyncio.timeout(timeout_seconds + START_SECONDS):
            out, _ = await process.communicate(json.dumps(asked).encode())
    except TimeoutError:
        return ReplyVerdict("retry", "timeout", unanswered=True)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    try:
        said = json.loads(out)
    except ValueError:
        return ReplyVerdict("retry", f"Apprise ended with {process.returncode}", unanswered=True)
    if said["refused"] is not None:
        return address_refused(said["refused"])
    return Reply(said["status"], "accepted" if said["status"] == 200 else "not accepted", now())


def main() -> None:
    """Send the message of standard input and write what came of it to standard output."""
    asked = json.load(sys.stdin)
    refused: list[str] = []
    sys.addaudithook(_guard(networks(tuple(asked["allow"])), refused))
    status = _sent(asked)
    json.dump({"status": status, "refused": refused[0] if refused and status != 200 else None}, sys.stdout)


def _guard(allow: tuple[Network, ...], refused: list[str]) -> Callable[[str, tuple[Any, ...]], None]:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event not in ("socket.connect", "socket.sendto"):
            return
        address = arguments[1]
        reason = refusal(str(address[0]), allow) if isinstance(address, tuple) else "it is no network address"
        if reason is not None:
            refused.append(f"refused by policy: {reason}")
            raise PermissionError(refused[-1])

    return hook


def _sent(asked: dict[str, Any]) -> int:
    import apprise

    service: Any = apprise.Apprise.instantiate(asked["url"])
    if service is None:
        return 400
    service.verify_certificate, service.redirects = True, False
    service.overflow_mode = apprise.OverflowMode.TRUNCATE
    service.socket_connect_timeout = service.socket_read_timeout = asked["timeout_seconds"]
    sender = apprise.Apprise()
    sender.add(service)
    captured: Any = apprise.LogCapture(level=logging.WARNING)  # type: ignore[no-untyped-call]
    with captured as log:
        accepted = sender.notify(body=asked["body"], title=asked["title"], body_format=apprise.NotifyFormat.TEXT)
        # Plugins write it so: "Failed to send JSON notification: Not Found, error=404."
        status = re.search(r"error=([1-5][0-9]{2})\b", log.getvalue())
    if accepted:
        return 200
    return int(status[1]) if status is not None else 502


if __name__ == "__main__":
    main()
