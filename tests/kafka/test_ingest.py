"""`firstwire ingest` as a wire uses it: a line now and then on a pipe that stays open, and Ctrl-C at the end."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
from functools import partial
from pathlib import Path

from firstwire.broker.topics import ARTICLES
from schemas.article import Article
from schemas.codec import decode
from tests.support.kafka import records
from tests.support.processes import FIRSTWIRE, exit_code, kill
from tests.support.waiting import until


async def test_a_line_is_published_as_it_comes_and_ctrl_c_waits_for_no_other(
    kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path
) -> None:
    environment = {
        **os.environ,
        "FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS": kafka_bootstrap,
        "FIRSTWIRE_KAFKA_TOPIC_PREFIX": kafka_prefix,
        "FIRSTWIRE_KAFKA_PARTITIONS": "2",
    }
    wire, written = os.pipe()
    process = await asyncio.to_thread(
        partial(subprocess.Popen, [*FIRSTWIRE, "ingest"], cwd=tmp_path, env=environment, stdin=wire)
    )
    try:
        os.close(wire)
        os.write(written, b'{"id": "one", "title": "Rain in Lima"}\n')

        async def is_there() -> bool:
            found = [decode(each.value, Article) for each in await records(kafka_bootstrap, kafka_prefix, ARTICLES)]
            return [each.article_id for each in found] == ["one"]

        await until(is_there, "the line is an article")
        process.send_signal(signal.SIGINT)
        assert await exit_code(process) == 130
    finally:
        kill(process)
        os.close(written)
