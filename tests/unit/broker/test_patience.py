"""Work that needs a broker is tried again while the broker is away, and only then."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from aiokafka.errors import KafkaConnectionError
from structlog.testing import capture_logs

from firstwire.broker import patience
from firstwire.broker.patience import patiently
from firstwire.errors import FatalError, TransientError


@pytest.fixture(autouse=True)
def short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(patience, "FIRST_PAUSE_SECONDS", 0.001)


def failing(*errors: BaseException) -> Callable[[], Awaitable[str]]:
    left = list(errors)

    async def work() -> str:
        if left:
            raise left.pop(0)
        return "done"

    return work


async def test_it_is_tried_again_until_it_succeeds_and_each_failure_is_logged() -> None:
    with capture_logs() as logs:
        work = failing(TransientError("not yet"), KafkaConnectionError("away"))
        assert await patiently(work, stage="alert", place="host:1") == "done"
    assert [(one["event"], one["stage"], one["again_in_seconds"]) for one in logs] == [
        ("waiting_for_kafka", "alert", 0.001),
        ("waiting_for_kafka", "alert", 0.002),
    ]
    assert "not yet" in logs[0]["reason"]


@pytest.mark.parametrize("error", [FatalError("owned by another"), ValueError("a defect")])
async def test_other_errors_are_raised_at_once(error: Exception) -> None:
    with pytest.raises(type(error)):
        await patiently(failing(error), stage="alert", place="host:1")


async def test_after_the_limit_the_last_reason_is_told() -> None:
    with pytest.raises(FatalError, match=r"host:1: no answer from Kafka in 0 s: .*away"):
        await patiently(failing(KafkaConnectionError("away")), stage="alert", place="host:1", limit_seconds=0)
