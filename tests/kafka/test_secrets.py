"""Every type of receiver fails in every way, at servers that repeat all they got: no secret comes out anywhere."""

from __future__ import annotations

import asyncio
import base64
import json
from collections import Counter
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession, web

from firstwire.broker.topics import DEAD_LETTERS, DELIVERIES
from firstwire.demo.receivers import ReceiverServer
from firstwire.notifier.delivery_history import asked_again, read_deliveries, request_redrives
from firstwire.notifier.receiver_types import receiver_types
from tests.fakes.mail import MailServer
from tests.fakes.receivers import Answer, Seen
from tests.support.kafka import records
from tests.support.notifying import Notifying, numbered
from tests.support.processes import firstwire
from tests.support.waiting import until

MARK = "sekrit"
"""In every secret. It stands in no file of the project but this one."""

WAYS = (
    Answer(400),
    Answer(401),
    Answer(403),
    Answer(404),
    Answer(410),
    Answer(413),
    Answer(422),
    Answer(429, {"Retry-After": "1"}),
    Answer(500),
    Answer(302, {"Location": "/elsewhere"}),
    Answer(reset=True),
    Answer(delay_seconds=1.5),
    Answer(200),
)
"""The one before the last is slower than the time limit. The last is a success that says what it got."""

MAIL_WAYS = ("450 later", "550 never", "554 no", "421 busy", "535 no")


class EchoingServer(ReceiverServer):
    """Answers each path in all of these ways in turn, with what it was sent: path, headers and body."""

    def __init__(self) -> None:
        super().__init__()
        self.turns: Counter[str] = Counter()

    async def answer(self, request: web.Request, seen: Seen) -> web.StreamResponse:
        kind = seen.path.split("/")[1]
        way = WAYS[self.turns[kind] % len(WAYS)]
        self.turns[kind] += 1
        await asyncio.sleep(way.delay_seconds)
        if way.reset:
            assert request.transport is not None
            request.transport.abort()
        heads = " ".join(f"{name}: {value}" for name, value in seen.headers.items())
        said = f"{heads} {request.url} {seen.path} {seen.body.decode()}"
        headers = {**way.headers, "X-Echo": seen.path}
        if "Location" in headers:
            headers["Location"] = f"{request.url}/elsewhere"
        return web.Response(status=way.status, headers=headers, text=said)


def secret(kind: str, what: str) -> str:
    """One with characters that addresses escape where it is a password."""
    return f"{MARK}-{kind}-{what}-0123456789" + ("@/:%" if what == "password" else "")


def tables(server: EchoingServer, mail: MailServer, folder: Path) -> Iterator[tuple[str, str]]:
    """The settings of a receiver of each type with a secret wherever one may be, all in files."""

    def file(kind: str, what: str, text: str | None = None) -> str:
        path = folder / f"{kind}-{what}"
        path.write_text(text or secret(kind, what))
        return f'{what} = {{ file = "{path}" }}\n'

    signing = "whsec_" + base64.b64encode(secret("webhook", "signing-key").encode()).decode()
    more = {
        "webhook": file("webhook", "secret", signing) + file("webhook", "old_secret", signing),
        "slack_bot": 'channel = "C1"\n' + file("slack_bot", "token"),
        "telegram": 'channel = "-1001"\n' + file("telegram", "token"),
        "pagerduty": file("pagerduty", "token"),
        "ntfy": file("ntfy", "token"),
        "email": 'from = "a@b.example"\nto = ["c@d.example"]\nusername = "ada"\n' + file("email", "password"),
    }
    for kind in receiver_types():
        url = f"http://127.0.0.1:{server.port}/{kind}/{secret(kind, 'url')}/hook?key={secret(kind, 'key')}"
        if kind in ("slack_bot", "telegram"):
            url = f"http://127.0.0.1:{server.port}/{kind}"
        if kind == "email":
            url = mail.url
        if kind == "apprise":
            url = f"json://127.0.0.1:{server.port}/apprise/{secret('apprise', 'url')}"
        if kind == "file":
            url = f"file://{folder / 'alerts.jsonl'}"
        (folder / f"{kind}-url").write_text(url)
        place = f'url = {{ file = "{folder / f"{kind}-url"}" }}\n'
        yield kind, f'[[receivers]]\nname = "{kind}"\ntype = "{kind}"\n{place}{more.get(kind, "")}'


@pytest.mark.timeout(300)
async def test_no_secret_is_in_logs_metrics_records_or_errors(
    house: Notifying, tmp_path: Path, unused_tcp_port: int
) -> None:
    async with EchoingServer() as server, MailServer(login=("ada", secret("email", "password"))) as mail:
        mail.answer_always(f"{way} {secret('email', 'password')}" for way in MAIL_WAYS)
        described = dict(tables(server, mail, tmp_path))
        file = tmp_path / "firstwire.toml"
        file.write_text(
            f'[kafka]\ntopic_prefix = "{house.prefix}"\n[log]\nlevel = "debug"\n[notifier]\ntimeout = "1s"\n'
            f'allow_private_addresses = ["127.0.0.0/8"]\n[metrics]\nlisten = "127.0.0.1:{unused_tcp_port}"\n'
            + "".join(described.values())
            + f"[[routes]]\nreceivers = {json.dumps(list(described))}\n"
        )
        await house.raise_alerts([numbered(0)])
        numbers = count(1)  # one alert after another: of many at once people get one message, and then none for a while
        failing = set(described) - {"email", "file"}

        async def all_failed_in_every_way() -> bool:
            found = await read_deliveries(*house.place)
            again = asked_again(found, ())
            await request_redrives(*house.place, again)
            if found and not again:
                await house.raise_alerts([numbered(next(numbers))])
            await asyncio.sleep(0.5)
            return all(server.turns[kind] > len(WAYS) for kind in failing) and len(mail.tried) > 2 * len(MAIL_WAYS)

        arguments = ("--config", str(file), "--bootstrap-servers", house.bootstrap)
        log = tmp_path / "log"
        with firstwire("notify", *arguments, log=log, PYTHONASYNCIODEBUG="1"):
            await until(all_failed_in_every_way, "every receiver failed in every way", patience=150)
            async with ClientSession() as session, session.get(f"http://127.0.0.1:{unused_tcp_port}/metrics") as answer:
                metrics = await answer.text()
        for command in (("deliveries", "list"), ("config",), ("receivers", "test", "slack"), ("check",)):
            with firstwire(*command, "--config", str(file), log=tmp_path / "commands") as process:
                await asyncio.to_thread(process.wait, 60)
    found: dict[str, Any] = {
        "log": log.read_text(),
        "metrics": metrics,
        "commands": (tmp_path / "commands").read_text(),
        **{
            topic: "".join(str(record) for record in await records(*house.place, topic))
            for topic in (DELIVERIES, DEAD_LETTERS)
        },
    }
    assert "debug" in found["log"].lower(), "nothing was logged at DEBUG"
    assert all(kind in found["log"] for kind in described)
    assert "firstwire_" in metrics
    assert found[DEAD_LETTERS]
    for place, text in found.items():
        assert MARK not in text, f"{place}: …{text[max(0, text.index(MARK) - 200) :][:300]}"
        hidden = base64.b64encode(secret("webhook", "signing-key").encode()).decode()[:20]
        assert hidden not in text, place
