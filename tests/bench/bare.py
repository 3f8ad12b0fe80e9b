"""The peer: a bare Faust agent that consumes and sends, with Faust's own consumer and producer, on uvloop as ours."""

from __future__ import annotations

import sys
import tempfile

import faust


def main() -> None:
    bootstrap, source, target = sys.argv[1:4]
    app = faust.App(
        f"bare-{source}",
        broker=f"kafka://{bootstrap}",
        value_serializer="raw",
        key_serializer="raw",
        topic_disable_leader=True,
        topic_replication_factor=1,
        consumer_auto_offset_reset="earliest",
        broker_session_timeout=6,
        broker_heartbeat_interval=1,
        broker_rebalance_timeout=4,
        table_standby_replicas=0,
        web_enabled=False,
        datadir=tempfile.mkdtemp(),
    )
    incoming, outgoing = app.topic(source, value_type=bytes), app.topic(target, value_type=bytes)

    @app.agent(incoming)
    async def pass_on(stream):  # type: ignore[no-untyped-def]
        async for event in stream.events():
            await outgoing.send(key=event.key, value=event.value)

    sys.argv = ["bare", "-L", "uvloop", "worker", "--without-web", "-l", "warn"]
    app.main()


if __name__ == "__main__":
    main()
