"""What is shipped: the wheel, the lock files, and the guard of the name `agents`."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import agents
from agents.app import refuse_shadowing
from firstwire.errors import ConfigError
from schemas import RECORDS
from schemas.generate import schema_name

ROOT = Path(__file__).resolve().parents[3]
LOCKS = ["requirements.lock", "requirements-runtime.lock"]
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*)==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel as pip builds it, without the network."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    done = subprocess.run(
        [*command, "--disable-pip-version-check", "-w", str(folder), str(ROOT)],
        capture_output=True,
        text=True,
        env={**os.environ, "PIP_FIND_LINKS": ""},
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (file,) = folder.glob("firstwire-*.whl")
    return zipfile.ZipFile(file)


def test_wheel_carries_code_and_data(wheel: zipfile.ZipFile) -> None:
    names = set(wheel.namelist())
    assert {
        "agents/app.py",
        "schemas/codec.py",
        "firstwire/commands/cli.py",
        "firstwire/core/pipeline.py",
        "firstwire/broker/kafka/pom.xml",
        "seeds/feeds.opml",
        "seeds/entities.yaml",
        "seeds/firsts.yaml",
        "seeds/story-models.json",
        "seeds/word-vectors.npz",
        "seeds/rules/firsts.yaml",
        "seeds/demo/articles.yaml",
    } <= names
    assert {f"schemas/json/{schema_name(kind)}.json" for kind in RECORDS} <= names


def test_wheel_carries_nothing_else(wheel: zipfile.ZipFile) -> None:
    tops = {name.split("/")[0] for name in wheel.namelist()}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"agents", "schemas", "firstwire", "seeds"}
    assert not [name for name in wheel.namelist() if "__pycache__" in name]


def test_wheel_has_the_command(wheel: zipfile.ZipFile) -> None:
    (entry_points,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert "firstwire = firstwire.commands.cli:main" in wheel.read(entry_points).decode()


def test_wheel_carries_the_license(wheel: zipfile.ZipFile) -> None:
    (name,) = [name for name in wheel.namelist() if name.endswith(".dist-info/licenses/LICENSE")]
    assert wheel.read(name) == (ROOT / "LICENSE").read_bytes()
    (metadata,) = [name for name in wheel.namelist() if name.endswith(".dist-info/METADATA")]
    assert "License-Expression: Apache-2.0\n" in wheel.read(metadata).decode()


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_no_index_and_pins_everything_by_hash(name: str) -> None:
    text = (ROOT / name).read_text()
    assert "://" not in text
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|--find-links|-e|-f)\b", text, re.MULTILINE)
    blocks = [block for block in re.split(r"\n(?=[a-z0-9])", text) if PINNED.match(block)]
    assert blocks
    for block in blocks:
        assert "--hash=sha256:" in block, block.splitlines()[0]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_holds_what_our_work_was_measured_on(name: str) -> None:
    pins = PINNED.findall((ROOT / name).read_text())
    assert {("faust-streaming", "0.15.3"), ("mode-streaming", "0.7.1"), ("aiokafka", "0.14.0")} <= set(pins)


def test_runtime_lock_is_a_part_of_the_whole_lock() -> None:
    whole, runtime = (set(PINNED.findall((ROOT / name).read_text())) for name in LOCKS)
    assert runtime < whole


def test_another_package_named_agents_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_shadowing()
    monkeypatch.delattr(agents, "FIRSTWIRE_AGENTS")
    with pytest.raises(ConfigError, match="another package named 'agents' hides firstwire's"):
        refuse_shadowing()
