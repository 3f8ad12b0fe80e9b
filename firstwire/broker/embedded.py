"""A real Apache Kafka in KRaft mode as a child process, for one machine and for tests.

Data stays in the given folder; the ports are random, and kept when the broker of the same folder is restarted.
"""

from __future__ import annotations

import asyncio
import base64
import fcntl
import os
import socket
import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import uuid4

from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import KafkaError

from firstwire.broker.closing import closed
from firstwire.broker.first_answer import first_to_answer
from firstwire.broker.jars import ensure_jars, find_java
from firstwire.broker.limits import FIRST_ANSWER_SECONDS
from firstwire.errors import ConfigError, TransientError
from firstwire.process import start_child

BROKER_READY_LIMIT_SECONDS = 60.0
BROKER_STOP_LIMIT_SECONDS = 5.0

PROPERTIES = """\
process.roles=broker,controller
node.id={node}
controller.listener.names=CONTROLLER
inter.broker.listener.name=PLAINTEXT
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.quorum.voters={voters}
log.dirs={folder}/data
offsets.topic.replication.factor={replicas}
offsets.topic.num.partitions=1
transaction.state.log.replication.factor={replicas}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor={replicas}
share.coordinator.state.topic.min.isr={in_sync}
min.insync.replicas={in_sync}
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
log.cleaner.dedupe.buffer.size=16777216
# Without these a restart after kill -9 waits 9 s for the old registration to lapse; with them it takes 3 s
broker.session.timeout.ms=1500
broker.heartbeat.interval.ms=300
# A group's offsets must survive a vacation: by default they expire after 7 days without members
offsets.retention.minutes=525600
"""

LOGGING = """\
status=error
appender.f.type=RollingFile
appender.f.name=F
appender.f.fileName={folder}/broker.log
appender.f.filePattern={folder}/broker.log.%i
appender.f.layout.type=PatternLayout
appender.f.layout.pattern=[%d] %p %m (%c)%n
appender.f.policies.type=Policies
appender.f.policies.size.type=SizeBasedTriggeringPolicy
appender.f.policies.size.size=10MB
appender.f.strategy.type=DefaultRolloverStrategy
appender.f.strategy.max=2
rootLogger.level=WARN
rootLogger.appenderRef.f.ref=F
"""


@dataclass(frozen=True)
class Quorum:
    """The nodes of one cluster on this machine, each with two ports: one for clients, one for its controller."""

    cluster_id: str
    ports: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, nodes: int) -> Quorum:
        """A new cluster on free ports."""
        return cls(_new_cluster_id(), tuple((_free_port(), _free_port()) for _ in range(nodes)))

    @property
    def voters(self) -> str:
        return ",".join(f"{node}@127.0.0.1:{controller}" for node, (_, controller) in enumerate(self.ports, start=1))

    @property
    def in_sync(self) -> int:
        """How many nodes must have a record before it counts: all but one, so that one may be down."""
        return max(1, len(self.ports) - 1)


class EmbeddedBroker:
    """`start()`, use `bootstrap_servers`, `stop()`. Start it from the main thread: it dies with its parent."""

    def __init__(
        self,
        folder: Path,
        progress: Callable[[str], None] = lambda line: None,
        *,
        quorum: Quorum | None = None,
        node: int = 1,
    ) -> None:
        """`node`: its number in a `quorum`, from 1; without one it is alone, on ports of its own choice."""
        self.folder = folder.resolve()
        self._progress = progress
        self._quorum, self._node = quorum, node
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: IO[str] | None = None
        self._ports: tuple[int, int] | None = None

    @property
    def bootstrap_servers(self) -> str:
        if self._ports is None:
            raise RuntimeError("the broker was not started")
        return f"127.0.0.1:{self._ports[0]}"

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process is not None else None

    def exit_code(self) -> int | None:
        """The exit code if the broker has ended, None while it runs or before its start."""
        return self._process.poll() if self._process is not None else None

    async def start(self) -> None:
        """Start and wait until the broker answers a client.

        Raises ConfigError if Java or Maven is missing or the folder is in use, TransientError if it does not start.
        """
        java, jars = find_java(), ensure_jars(self._progress)
        self._take_folder()
        quorum = self._quorum or self._alone()
        self._ports = quorum.ports[self._node - 1]
        properties = self.folder / "server.properties"
        logging = self.folder / "log4j2.properties"
        port, controller_port = self._ports
        settings = PROPERTIES.format(
            node=self._node,
            port=port,
            controller_port=controller_port,
            folder=self.folder,
            voters=quorum.voters,
            replicas=len(quorum.ports),
            in_sync=quorum.in_sync,
        )
        try:
            properties.write_text(settings, encoding="utf-8")
            logging.write_text(LOGGING.format(folder=self.folder), encoding="utf-8")
        except OSError as err:
            raise TransientError(f"cannot write there: {err.strerror}", place=str(self.folder)) from err
        base = [
            java, "-Xmx512m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Djava.awt.headless=true",
            f"-Dlog4j2.configurationFile={logging}", "-cp", f"{jars}/*",
        ]  # fmt: skip
        if not holds_data(self.folder):
            await self._format(base, properties, quorum.cluster_id)
        with (self.folder / "console.log").open("wb") as console:
            self._process = start_child([*base, "kafka.Kafka", str(properties)], output=console)
        await self._wait_until_ready()
        (self.folder / "bootstrap").write_text(self.bootstrap_servers, encoding="utf-8")

    async def stop(self) -> None:
        """Terminate the broker, kill it if it does not stop, and free the folder, unless another process owns it."""
        process, self._process = self._process, None
        if process is not None:
            if process.poll() is None:
                process.terminate()
                try:
                    await asyncio.to_thread(process.wait, BROKER_STOP_LIMIT_SECONDS)
                except subprocess.TimeoutExpired:
                    process.kill()
            await asyncio.to_thread(process.wait)
        if self._lock is not None:
            (self.folder / "bootstrap").unlink(missing_ok=True)
            self._lock.close()
            self._lock = None

    def _take_folder(self) -> None:
        if self._lock is not None:
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as err:
            lock.close()
            raise ConfigError("another firstwire runs its broker here; stop it first", place=str(self.folder)) from err
        self._lock = lock

    def _alone(self) -> Quorum:
        """A quorum of one, on the ports that it had before if they are still free."""
        if self._ports is not None and _is_free(*self._ports):
            return Quorum(_new_cluster_id(), (self._ports,))
        return Quorum.of(1)

    async def _format(self, base: list[str], properties: Path, cluster: str) -> None:
        command = [
            *base, "kafka.tools.StorageTool", "format", "--ignore-formatted",
            "-t", cluster, "-c", str(properties),
        ]  # fmt: skip
        done = await asyncio.to_thread(subprocess.run, command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise TransientError(f"cannot format the broker's folder: {done.stderr[-400:]}", place=str(self.folder))

    async def _wait_until_ready(self) -> None:
        deadline = asyncio.get_running_loop().time() + BROKER_READY_LIMIT_SECONDS
        while True:
            code = self.exit_code()
            if code is not None:
                output = (self.folder / "console.log").read_text(encoding="utf-8", errors="replace")[-600:]
                raise TransientError(
                    f"Kafka ended with exit code {code} while starting; see {self.folder}/broker.log {output}",
                    place=str(self.folder),
                )
            if await answers(self.bootstrap_servers):
                return
            if asyncio.get_running_loop().time() > deadline:
                raise TransientError(
                    f"Kafka did not answer within {BROKER_READY_LIMIT_SECONDS:.0f} s; see {self.folder}/broker.log",
                    place=str(self.folder),
                )
            await asyncio.sleep(0.1)


def running_broker(folder: Path) -> str | None:
    """The address of the broker that another process runs in this folder; None if no file gives one."""
    try:
        return (folder / "bootstrap").read_text(encoding="utf-8").strip() or None
    except OSError:
        return None


async def answers(bootstrap_servers: str, limit_seconds: float = FIRST_ANSWER_SECONDS) -> bool:
    """Whether a broker at one of these addresses describes its cluster; others of them may be down, or hang."""
    # Without a client first, which logs an error for every connection that is refused
    address = await first_to_answer(bootstrap_servers, limit_seconds)
    if address is None:
        return False
    admin = AIOKafkaAdminClient(bootstrap_servers=address, request_timeout_ms=int(limit_seconds * 1000))
    try:
        await admin.start()
        cluster = await admin.describe_cluster()
        return bool(cluster["brokers"])
    except KafkaError:
        return False
    finally:
        await closed(admin.close())


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _is_free(*ports: int) -> bool:
    for port in ports:
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                return False
    return True


def _new_cluster_id() -> str:
    """A random id in Kafka's format; one that begins with a dash would be parsed as an option."""
    while True:
        text = base64.urlsafe_b64encode(uuid4().bytes).decode().rstrip("=")
        if not text.startswith("-"):
            return text


def holds_data(folder: Path) -> bool:
    """Whether a broker ever ran in this folder."""
    return (folder / "data" / "meta.properties").exists()


def broker_folder(data_dir: Path) -> Path:
    """The folder of the embedded broker in a data directory."""
    return Path(os.fspath(data_dir)) / "kafka"
