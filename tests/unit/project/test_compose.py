"""docker-compose.yml and the Dockerfile say what the code says: broker settings, commands, settings, versions."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from firstwire import config
from firstwire.broker.embedded import PROPERTIES
from firstwire.broker.jars import KAFKA_VERSION, POM
from firstwire.commands.cli import cli
from firstwire.daemon import PARTS

ROOT = Path(__file__).resolve().parents[3]
SERVICES: dict[str, Any] = YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text())["services"]
OURS = {name: service for name, service in SERVICES.items() if name != "kafka"}
SECRETS = {"FIRSTWIRE_SLACK_URL", "FIRSTWIRE_CONSOLE_TOKEN"}
"""Variables that firstwire.toml names for its receivers and the console; they are no settings."""

OF_THE_MACHINE = {
    "listeners",
    "advertised.listeners",
    "listener.security.protocol.map",
    "controller.quorum.voters",
    "log.dirs",
}
"""Addresses and folders: in a container they are others."""


def environment_of_kafka() -> dict[str, str]:
    return {name: str(value) for name, value in SERVICES["kafka"]["environment"].items()}


def command_of(service: dict[str, Any]) -> list[str]:
    """The words after `firstwire`."""
    if "entrypoint" not in service:
        return list(service["command"])
    (script,) = service["command"]
    words = shlex.split(script)
    return words[words.index("firstwire") + 1 :]


def variables_of(service: dict[str, Any]) -> set[str]:
    inline = re.findall(r"\b(FIRSTWIRE_[A-Z_]+)=", " ".join(service["command"]))
    return {*service["environment"], *inline}


def test_every_property_of_the_embedded_broker_is_set_the_same() -> None:
    alone = PROPERTIES.format(node=1, port=0, controller_port=0, folder="", voters="", replicas=1, in_sync=1)
    properties = dict(line.split("=", 1) for line in alone.splitlines() if line and not line.startswith("#"))
    environment = environment_of_kafka()
    for key, value in properties.items():
        name = f"KAFKA_{key.upper().replace('.', '_')}"
        assert name in environment, f"docker-compose.yml does not set {name}"
        if key not in OF_THE_MACHINE:
            assert environment[name] == value, name
    known = {f"KAFKA_{key.upper().replace('.', '_')}" for key in properties}
    assert environment.keys() - known == {"KAFKA_HEAP_OPTS"}


def test_version_of_kafka_is_one_everywhere() -> None:
    assert SERVICES["kafka"]["image"] == f"apache/kafka:{KAFKA_VERSION}"
    assert f"<artifactId>kafka_2.13</artifactId><version>{KAFKA_VERSION}<" in POM.read_text()


def test_every_port_is_bound_to_this_host_only() -> None:
    for service in SERVICES.values():
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:")


COMMANDS = {command for command, *_ in PARTS.values()}


def test_there_is_one_container_for_every_command_that_run_supervises() -> None:
    commands = [command_of(service) for service in OURS.values()]
    assert sorted(commands) == sorted([["topics", "init"], *([command] for command in COMMANDS)])


@pytest.mark.parametrize("name", OURS)
def test_command_exists(name: str) -> None:
    command: click.Command = cli
    for word in command_of(OURS[name]):
        assert isinstance(command, click.Group)
        assert word in command.commands
        command = command.commands[word]


@pytest.mark.parametrize("name", OURS)
def test_variables_are_settings(name: str) -> None:
    settings = {
        f"FIRSTWIRE_{key}".upper().replace(".", "_")
        for key, _, _ in config.described(config.load(None, {}))
        if "." in key
    }
    assert variables_of(OURS[name]) - settings <= SECRETS
    assert "FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS" in variables_of(OURS[name])


def test_address_of_kafka_is_one_that_it_advertises() -> None:
    address = OURS["poll"]["environment"]["FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS"]
    assert f"PLAINTEXT://{address}" in environment_of_kafka()["KAFKA_ADVERTISED_LISTENERS"].split(",")
    assert address in SERVICES["kafka"]["healthcheck"]["test"][1].replace("localhost", "kafka")


def test_processes_wait_for_the_topics_and_start_again() -> None:
    for name in COMMANDS:
        assert SERVICES[name]["depends_on"] == {"topics": {"condition": "service_completed_successfully"}}
        assert SERVICES[name]["restart"] == "unless-stopped"
    assert SERVICES["topics"]["depends_on"] == {"kafka": {"condition": "service_healthy"}}


def test_every_worker_has_an_id_of_its_own() -> None:
    assert "FIRSTWIRE_WORKER_ID=$$HOSTNAME" in SERVICES["work"]["command"][0]


def test_mounted_files_exist_and_volumes_are_declared() -> None:
    volumes = YAML(typ="safe", pure=True).load((ROOT / "docker-compose.yml").read_text())["volumes"]
    for service in SERVICES.values():
        for source in (volume.split(":")[0] for volume in service.get("volumes", [])):
            assert (ROOT / source).exists() if source.startswith("./") else source in volumes


def test_image_carries_every_package_and_runs_as_nobody_special() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    for package in ("agents", "schemas", "firstwire", "seeds"):
        assert f"COPY {package} /opt/firstwire/{package}" in dockerfile
        assert f"!{package}\n" in (ROOT / ".dockerignore").read_text()
    assert "USER firstwire" in dockerfile
    assert "--require-hashes" in dockerfile
    assert dockerfile.count("requirements-runtime.lock") == 2


def test_every_process_has_a_health_check_at_its_address_and_logs_that_end() -> None:
    for name in COMMANDS:
        assert any("/healthz" in word for word in SERVICES[name]["healthcheck"]["test"])
        port = SERVICES[name]["environment"]["FIRSTWIRE_METRICS_LISTEN"].rpartition(":")[2]
        assert f":{port}/healthz" in SERVICES[name]["healthcheck"]["test"][-1]
    assert SERVICES["kafka"]["healthcheck"]["test"]
    for service in SERVICES.values():
        assert service["logging"]["options"].keys() == {"max-size", "max-file"}
