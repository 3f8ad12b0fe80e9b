"""The systemd unit and the Kubernetes manifests: commands, settings and ports exist, and nobody special runs them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import click
import msgspec
from ruamel.yaml import YAML

from firstwire import config
from firstwire.commands.cli import cli
from firstwire.errors import EXIT_CONFIG

ROOT = Path(__file__).resolve().parents[3]
UNIT_FILE = ROOT / "deploy" / "systemd" / "firstwire-run.service"
ITEMS: list[dict[str, Any]] = YAML(typ="safe", pure=True).load(
    (ROOT / "deploy" / "kubernetes" / "manifests.yaml").read_text(encoding="utf-8")
)["items"]
SETTINGS = {
    f"FIRSTWIRE_{key}".upper().replace(".", "_") for key, _, _ in config.described(config.load(None, {})) if "." in key
}


def unit() -> dict[str, list[str]]:
    """The values of each key of [Service]."""
    found: dict[str, list[str]] = {}
    for line in UNIT_FILE.read_text(encoding="utf-8").partition("[Service]")[2].partition("\n[")[0].splitlines():
        key, sign, value = line.partition("=")
        if sign and not line.startswith("#"):
            found.setdefault(key, []).append(value)
    return found


def command(words: list[str]) -> click.Command:
    found: click.Command = cli
    for word in words:
        assert isinstance(found, click.Group)
        found = found.commands[word]
    return found


def pods() -> dict[str, dict[str, Any]]:
    """The pod templates by their component."""
    templates = [item["spec"]["template"] for item in ITEMS if "template" in item.get("spec", {})]
    return {each["metadata"]["labels"]["app.kubernetes.io/component"]: each["spec"] for each in templates}


def test_the_unit_starts_a_command_and_gives_up_on_a_wrong_configuration() -> None:
    service = unit()
    (start,) = service["ExecStart"]
    words = start.split()
    assert (Path(words[0]).name, words[1]) == ("firstwire", "run")
    assert {option for parameter in command(["run"]).params for option in parameter.opts} >= {words[2]}
    assert service["RestartPreventExitStatus"] == [str(EXIT_CONFIG)]
    variables = {each.split("=")[0] for each in service["Environment"]}
    assert {each for each in variables if each.startswith("FIRSTWIRE_")} <= SETTINGS


def test_pods_run_the_processes_as_nobody_special() -> None:
    assert pods().keys() == {"topics", "poll", "work", "notify"}
    for name, pod in pods().items():
        (container,) = pod["containers"]
        command(container["args"])
        assert pod["securityContext"]["runAsNonRoot"] is True
        assert f"--uid {pod['securityContext']['runAsUser']} " in (ROOT / "Dockerfile").read_text(encoding="utf-8")
        locked = container["securityContext"]
        assert (locked["readOnlyRootFilesystem"], locked["allowPrivilegeEscalation"]) == (True, False)
        assert locked["capabilities"] == {"drop": ["ALL"]}
        assert {each["name"] for each in container.get("env", ())} <= SETTINGS
        mounted, volumes = ({each["name"] for each in part} for part in (container["volumeMounts"], pod["volumes"]))
        assert mounted == volumes
        if name != "topics":
            probes = [container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")]
            assert [probe["path"] for probe in probes] == ["/healthz", "/healthz", "/readyz"]
            assert {probe["port"] for probe in probes} == {port["name"] for port in container["ports"]}


def test_the_configuration_of_the_pods_is_one_and_serves_where_they_are_asked() -> None:
    (settings,) = [item["data"]["firstwire.toml"] for item in ITEMS if item["kind"] == "ConfigMap"]
    read = msgspec.convert(tomllib.loads(settings), config.Settings)
    containers = [each for pod in pods().values() for each in pod["containers"]]
    ports = {port["containerPort"] for each in containers for port in each.get("ports", ())}
    assert {read.metrics.listen.rpartition(":")[2]} == {str(port) for port in ports}
    for each in containers:
        assert read.kafka.data_dir in {mount["mountPath"] for mount in each["volumeMounts"]}


def test_there_is_one_notifier_and_every_worker_has_an_id_of_its_own() -> None:
    by_name = {item["metadata"]["name"]: item for item in ITEMS if item["kind"] in ("Deployment", "StatefulSet")}
    notify, work = by_name["firstwire-notify"]["spec"], by_name["firstwire-work"]
    assert (notify["replicas"], notify["strategy"]) == (1, {"type": "Recreate"})
    assert work["kind"] == "StatefulSet"
    (variable,) = work["spec"]["template"]["spec"]["containers"][0]["env"]
    assert variable == {"name": "FIRSTWIRE_WORKER_ID", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}
