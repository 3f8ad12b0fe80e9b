"""`python -m tests.bench.hostile_messages [COUNT]`: hostile alerts through every type of receiver, 10,000 by default.

Whatever a publisher can write into an alert is drawn from a seed, which is printed, and may be given. Of each alert
every receiver builds its first message and one of another form; each is checked against the formats and the limits of
its service, as in the unit tests. Ends with 1 if one breaks any.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receiver_types
from firstwire.notifier.receivers.slack_bot import SlackBotReceiver
from firstwire.notifier.replies import Request
from schemas import Alert, Conflict, Entity, Lead, Notice, Novelty, Side, Span
from schemas.alert import LedgerAnswer, Removal
from tests.support.alerts import covering_article, development, first_alert, other_era, receipt, told, watch_alert
from tests.support.chat import HOSTILE
from tests.support.message_checks import check, made
from tests.support.receivers import listed

ALERTS = 10_000
PART = 250
"""So many alerts are checked by one process at a time."""
SHOWN_AT_MOST = 10
MARKUP = "<>&|*_~`!@#:/ \n\r\t\\\"'[](){}=+-.$%^"
STRANGE = "\u202e\u2066\u200b\u200d\ufeff\x00\x07\x1b\x7f\u2028\u0301\ufdfa\ufffd"
LETTERS = "abcXYZ019äßñЖявع中文字日本語한국ไทยहि😀👩‍👩‍👧🇦🇫𝒲"
PIECES = (
    *(each[:300] for each in HOSTILE),
    "<!channel>",
    "<@U123>",
    "<https://evil.example|Login>",
    "&lt;!here&gt; &amp;amp;",
    "\r\nBcc: eve@evil.example\r\n\r\n<script>alert(1)</script>",
    "=?utf-8?q?=0d=0aBcc:_eve?=",
    "[x](javascript:alert(1))",
    "<a href='tg://user?id=1'>x</a>",
    "]]></script><!--",
    "{% for x in y %}",
    "https://evil.example/" + "a" * 500,
)
TIMES = (*[1] * 24, 2, 2, 9, 9, 60, 300)
TEXT_LIMIT = 6_000
"""Beyond the limits of a field of every service. A message of many such texts is beyond those of messages."""
STATES = ("raised", "updated", "corrected", "retracted")

Check = Callable[[str, Request], None]


@dataclass
class Checked:
    """What came of it."""

    messages: Counter[str] = field(default_factory=Counter)
    """By the type of receiver."""
    broken: list[str] = field(default_factory=list)


def hostile_text(draw: random.Random) -> str:
    """Markup, controls, scripts of the world and whole attacks, short or far beyond every limit; never empty."""
    parts = []
    for _ in range(draw.randrange(1, 5)):
        pool = draw.choice((MARKUP, STRANGE, LETTERS, MARKUP + STRANGE + LETTERS))
        letters = "".join(draw.choices(pool, k=draw.randrange(1, 40)))
        parts.append(draw.choice((letters, letters, draw.choice(PIECES))))
    return ("".join(parts) * draw.choice(TIMES))[:TEXT_LIMIT]


def hostile_alert(draw: random.Random) -> Alert:
    """An alert in which all that publishers write is hostile: of an act or of a watch, young or grown."""

    def text() -> str:
        return hostile_text(draw)

    def some(most: int) -> Iterator[str]:
        return (text() for _ in range(draw.randrange(most)))

    title, body = text(), text()
    url = draw.choice((None, f"https://a.example/{text()}", text()))
    start = draw.randrange(len(title))
    end = draw.randrange(start, len(title)) + 1
    fields: dict[str, object] = {
        "alert_id": f"{draw.getrandbits(72):018x}",
        "headline": draw.choice((title, text())),
        "state": draw.choice(STATES),
        "severity": draw.choice(("info", "warning", "critical")),
        "outlets": tuple(some(6)),
        "tags": tuple(some(6)),
        "evidence": (
            Span(field="title", start=start, end=end, text=title[start:end]),
            *(Span(field="body", start=at, end=at + len(body), text=body) for at in range(draw.randrange(3))),
        ),
        "lead": Lead(article_id="a1", title=title, url=url, source=draw.choice((None, text()))),
        "coverage": tuple(
            covering_article(number, title=text(), url=url, source=text()) for number in range(draw.randrange(4))
        ),
    }
    if draw.random() < 0.4:
        news = range(1, draw.choice((1, 2, 4, 40)))
        grown = tuple(development(each, text(), title=text(), url=url, source=text()) for each in news)
        return watch_alert(**fields, developments=grown, developments_dropped=draw.choice((0, 7)))
    name = text()
    novelty = Novelty(
        claimed=draw.random() < 0.5,
        answer=draw.choice(tuple(LedgerAnswer)),
        removal=draw.choice((None, Removal(by="actor", name=name, source=text()))),
        ledger=text(),
        position=draw.choice((1, 31)),
        earlier=tuple(other_era(name, "2020-01-01") for _ in range(draw.randrange(20))),
        other_eras=(other_era(text(), "1997-05-25"),),
    )
    sides = tuple(Side(says=text(), outlets=(text(),), origins=1) for _ in range(2))
    return first_alert(
        **fields,
        status=draw.choice((None, name)),
        actor=draw.choice((None, Entity(id="x", name=name, kind="nation"))),
        target=Entity(id="y", name=text(), kind="other"),
        novelty=draw.choice((None, novelty)),
        conflicts=draw.choice(((), (Conflict(about="status", sides=sides),))),
    )


def drawn_requests(one: Receiver, alert: Alert, draw: random.Random, now: datetime) -> Iterator[Request]:
    """The first message about the alert, and one of the other forms."""
    key = f"{alert.alert_id}:1:desk"
    thread = "C9/1751551360.000100" if isinstance(one, SlackBotReceiver) else "42"
    knows = told(status="planned", outlets=(), thread=thread)
    yield one.request(alert, receipt(), key, now, plain=False)
    match draw.randrange(6):
        case 0:
            yield one.request(alert, receipt(), key, now, plain=True)
        case 1:
            yield one.request(alert, receipt(), key, now, plain=False, told=knows)
        case 2:
            yield one.request(alert, receipt(), key, now, plain=True, told=knows)
        case 3:
            several = listed(*[alert] * draw.choice((2, 30)), occasion=draw.choice(("group", "digest", "flood")))
            yield one.list_request(several, f"batch-{key}", now, plain=draw.random() < 0.5)
        case 4:
            if (edit := one.edit_request(alert, receipt(), knows)) is not None:
                yield edit
        case _:
            said = (f"Reason: 404 {hostile_text(draw)}",)
            notice = Notice(
                kind="receiver.parked", headline=alert.headline, lines=said, happened_at="2025-07-03T14:02:41.000Z"
            )
            yield one.notice_request(notice, key, now)


def checked(numbers: Iterable[int], seed: int, folder: Path, how: Check = check) -> Checked:
    """The messages about the alerts of these numbers. Each has a seed of its own, so that one can be made alone."""
    receivers = {kind: made(kind, folder) for kind in receiver_types()}
    found = Checked()
    for number in numbers:
        draw = random.Random(f"{seed}:{number}")
        alert = hostile_alert(draw)
        for kind, one in receivers.items():
            try:
                for request in drawn_requests(one, alert, draw, datetime.now(UTC)):
                    found.messages[kind] += 1
                    how(kind, request)
            except Exception as err:  # whatever a message is broken by counts
                found.broken.append(f"{kind}, alert {number} of seed {seed}: {type(err).__name__}: {str(err)[:300]}")
    return found


def _checked_alone(numbers: Sequence[int], seed: int) -> Checked:
    """In a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return checked(numbers, seed, Path(folder))


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description="Checks the messages about hostile alerts.")
    parser.add_argument("count", nargs="?", type=int, default=ALERTS)
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000))
    parser.add_argument("--processes", type=int, default=os.cpu_count())
    parser.add_argument("--only", type=int, help="number of the only alert to be made")
    given = parser.parse_args(arguments)
    numbers = range(given.count) if given.only is None else [given.only]
    found = Checked()
    with ProcessPoolExecutor(given.processes) as pool:
        parts = [numbers[at : at + PART] for at in range(0, len(numbers), PART)]
        for done, part in enumerate(pool.map(_checked_alone, parts, [given.seed] * len(parts)), start=1):
            found.messages += part.messages
            found.broken += part.broken
            for broken in part.broken:
                print(f"BROKEN {broken}", file=sys.stderr, flush=True)
            if done % 4 == 0:
                print(f"{done * PART:,} alerts, {len(found.broken):,} broken", file=sys.stderr, flush=True)
    print(f"seed {given.seed}: {len(numbers):,} hostile alerts, {found.messages.total():,} messages")
    print(", ".join(f"{kind} {count:,}" for kind, count in sorted(found.messages.items())))
    for broken in found.broken[:SHOWN_AT_MOST]:
        print(f"BROKEN {broken}")
    print(f"{len(found.broken):,} broken")
    return 1 if found.broken else 0


if __name__ == "__main__":
    sys.exit(main())
