"""`firstwire verify --nightly` also removes expired replays, which is no reason not to verify."""

from __future__ import annotations

from structlog.testing import capture_logs

from firstwire.commands.verify import remove_expired_replays
from tests.support.pushing import free_port


async def test_expired_replays_that_cannot_be_removed_are_logged_and_verifying_goes_on() -> None:
    with capture_logs() as logs:
        await remove_expired_replays(f"127.0.0.1:{free_port()}")
    (event,) = logs
    assert (event["event"], event["log_level"]) == ("expired_replays_not_removed", "error")
    assert "cannot manage topics" in event["reason"]
