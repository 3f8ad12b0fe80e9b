"""A second start on a data directory in use: it is refused, and the first goes on as if nothing had been."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from firstwire.broker.embedded import EmbeddedBroker, answers, broker_folder, running_broker
from firstwire.errors import EXIT_CONFIG, EXIT_OK, ConfigError
from tests.fakes.news import Feed, NewsOrigin
from tests.support.configuration import write_configuration
from tests.support.processes import exit_code, firstwire
from tests.support.waiting import until

GIVEN = "FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"

pytestmark = pytest.mark.skipif(GIVEN in os.environ, reason="about the embedded broker, and another Kafka is given")


async def test_a_second_broker_in_a_folder_leaves_the_first_ones_address(tmp_path: Path) -> None:
    first, second = EmbeddedBroker(tmp_path), EmbeddedBroker(tmp_path)
    await first.start()
    try:
        with pytest.raises(ConfigError, match="another firstwire runs its broker here"):
            await second.start()
        await second.stop()
        assert running_broker(tmp_path) == first.bootstrap_servers
        assert await answers(first.bootstrap_servers)
    finally:
        await first.stop()
    assert running_broker(tmp_path) is None


async def test_a_second_run_is_refused_and_commands_still_find_the_first(tmp_path: Path) -> None:
    async with NewsOrigin([Feed("wire", "en", [], released=0)]) as origin:
        config = str(write_configuration(tmp_path, feeds=origin.urls))
        with firstwire("run", "--config", config, log=tmp_path / "first.log") as daemon:

            async def is_up() -> bool:
                address = running_broker(broker_folder(tmp_path))
                return address is not None and await answers(address)

            await until(is_up, "the first daemon's broker answers")
            with firstwire("run", "--config", config, log=tmp_path / "second.log") as second:
                assert await exit_code(second) == EXIT_CONFIG
            assert "another firstwire runs its broker here; stop it first" in (tmp_path / "second.log").read_text()
            assert await is_up()
            with firstwire("stories", "--config", config, log=tmp_path / "stories.log") as command:
                assert await exit_code(command) == EXIT_OK
            assert "starts" not in (tmp_path / "stories.log").read_text()
            daemon.terminate()
            assert await exit_code(daemon) == EXIT_OK
