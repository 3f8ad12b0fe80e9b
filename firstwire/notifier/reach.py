"""Whether a receiver can be reached, and how it takes a test message; without Kafka, once, at a person's request."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from firstwire.config import Configuration
from firstwire.errors import EXIT_CONFIG, EXIT_OK, EXIT_UNAVAILABLE
from firstwire.notifier.notices import trial_notice
from firstwire.notifier.receiver import Receiver
from firstwire.notifier.receiver_types import receivers_from
from firstwire.notifier.replies import Reply, ReplyVerdict
from firstwire.notifier.transport import Transport, open_transport

NO_SUCH_METHOD = (405, 501)
"""Answers of servers that are there, and know POST alone."""
ONLY_A_MESSAGE = "only a message shows more, firstwire receivers test NAME"


@dataclass(frozen=True)
class Reach:
    """What came of it, in words without the URL. `exit_code`: 0 if the receiver is fine."""

    message: str
    exit_code: int


async def reached(transport: Transport, receiver: Receiver) -> Reach:
    """Ask a receiver without a message (HEAD). Any reply shows that it is there, whatever it thinks of the method."""
    if receiver.url.startswith("apprise:"):
        return Reach(f"not asked: {ONLY_A_MESSAGE}", EXIT_OK)
    answer = await transport.ask(receiver.url)
    if isinstance(answer, ReplyVerdict):
        return _unreached(answer)
    if answer.status in NO_SUCH_METHOD:
        return Reach(f"reached; it takes no HEAD ({answer.status}): {ONLY_A_MESSAGE}", EXIT_OK)
    if answer.status >= 500:
        return Reach(f"reached, but it answers {answer.status}", EXIT_UNAVAILABLE)
    if 300 <= answer.status < 400:
        return Reach(f"it redirects ({answer.status}), which is not followed: give the final address", EXIT_CONFIG)
    if receiver.url.startswith("file:"):
        return Reach("can be written", EXIT_OK)
    asked = "HEAD" if receiver.url.startswith("http") else "a connection"
    return Reach(f"reached, answers {answer.status} to {asked}", EXIT_OK)


async def sent_test(configuration: Configuration, name: str, now: Callable[[], datetime]) -> Reach:
    """Send a receiver a message that is marked as a test. Raises ConfigError if there is no such receiver."""
    receiver = receivers_from([configuration.receiver(name)])[name]
    notice = trial_notice(name, now())
    async with open_transport(configuration.settings.notifier, now) as transport:
        answer = await transport.send(receiver.notice_request(notice, f"test:{notice.happened_at}:{name}", now()))
    verdict = receiver.judge(answer, plain=True) if isinstance(answer, Reply) else answer
    if verdict.verdict == "delivered":
        return Reach(f"accepted: {verdict.result}", EXIT_OK)
    return _unreached(verdict)


def _unreached(verdict: ReplyVerdict) -> Reach:
    if verdict.verdict == "parked":
        return Reach(f"{verdict.result}; mend it, or {verdict.setting} in the settings", EXIT_CONFIG)
    return Reach(verdict.result, EXIT_UNAVAILABLE)
