"""A real Kafka for tests: a given address, else a container where Docker answers, else the embedded broker."""

from __future__ import annotations

import asyncio
import gc
import os
import uuid
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from firstwire.broker.embedded import EmbeddedBroker
from firstwire.broker.transaction import quiet_fencing
from tests.support.kafka import create_lasting_topics
from tests.support.notifying import Notifying

GIVEN = "FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"
IMAGE = "apache/kafka:4.1.1"


@pytest.fixture(scope="session")
def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Kafka that lives as long as the test session."""
    given = os.environ.get(GIVEN)
    if given:
        yield given
    elif docker_answers():
        yield from broker_in_docker()
    else:
        yield from embedded_broker(tmp_path_factory.mktemp("kafka"))


def docker_answers() -> bool:
    """Whether a Docker engine is there; the client alone is not enough."""
    import docker

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            return bool(docker.from_env(timeout=3).ping())
        except docker.errors.DockerException:
            return False
        finally:
            gc.collect()  # the library leaves the probe's socket open: let it be closed while nobody minds


def broker_in_docker() -> Iterator[str]:
    from testcontainers.community.kafka import KafkaContainer

    with KafkaContainer(IMAGE).with_kraft() as container:
        yield container.get_bootstrap_server()


def embedded_broker(folder: Path) -> Iterator[str]:
    broker = EmbeddedBroker(folder, progress=print)
    asyncio.run(broker.start())
    try:
        yield broker.bootstrap_servers
    finally:
        asyncio.run(broker.stop())


@pytest.fixture(autouse=True)
async def fencing_is_quiet() -> None:
    quiet_fencing(asyncio.get_running_loop())


@pytest.fixture
async def kafka_prefix(kafka_bootstrap: str) -> AsyncIterator[str]:
    """A topic prefix of this test's own, with all topics created; however old their records are, they stay."""
    prefix = f"t{uuid.uuid4().hex[:10]}"
    await create_lasting_topics(kafka_bootstrap, prefix, partitions=2)
    yield prefix


@pytest.fixture
def house(kafka_bootstrap: str, kafka_prefix: str, tmp_path: Path) -> Notifying:
    """A notifier's place on that Kafka, for those tests that deliver."""
    return Notifying(kafka_bootstrap, kafka_prefix, tmp_path)
