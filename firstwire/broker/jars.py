"""Kafka's jars, resolved once by Maven into a per-user cache."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from firstwire.errors import ConfigError, TransientError

KAFKA_VERSION = "4.1.1"
JAVA_MINIMUM = 17
MAVEN_LIMIT_SECONDS = 600
POM = Path(__file__).parent / "kafka" / "pom.xml"

ALTERNATIVES = (
    "or use a Kafka of your own: set FIRSTWIRE_KAFKA_BOOTSTRAP_SERVERS=host:port, or start one with Docker: "
    "docker compose up kafka"
)


def jars_dir(environment: dict[str, str] | None = None) -> Path:
    """The folder of the jars: one per Kafka version in the user's cache."""
    values = os.environ if environment is None else environment
    cache = values.get("XDG_CACHE_HOME") or str(Path(values.get("HOME") or "/tmp") / ".cache")  # noqa: S108
    return Path(cache) / "firstwire" / f"kafka-{KAFKA_VERSION}"


def find_java() -> str:
    """The path of a Java that can run Kafka. Raises ConfigError with what is missing and the alternatives."""
    java_home = os.environ.get("JAVA_HOME")
    candidate = str(Path(java_home) / "bin" / "java") if java_home else "java"
    java = shutil.which(candidate)
    if java is None:
        raise ConfigError(f"Java {JAVA_MINIMUM}+ is missing: install a JDK or JRE, {ALTERNATIVES}")
    done = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60, check=False)
    found = re.search(r'version "(\d+)', done.stderr + done.stdout)
    if found is None or int(found[1]) < JAVA_MINIMUM:
        version = found[1] if found else "unknown"
        raise ConfigError(f"Java {JAVA_MINIMUM}+ is needed but {java} is version {version}: install it, {ALTERNATIVES}")
    return java


def ensure_jars(progress: Callable[[str], None]) -> Path:
    """The folder with Kafka's jars, fetched by Maven if it does not exist yet.

    Raises ConfigError if Maven is missing, TransientError if it cannot fetch them.
    """
    target = jars_dir()
    if target.is_dir():
        return target
    maven = shutil.which("mvn")
    if maven is None:
        raise ConfigError(f"Maven is missing; it fetches Kafka {KAFKA_VERSION}: install it, {ALTERNATIVES}")
    target.parent.mkdir(parents=True, exist_ok=True)
    progress(f"fetching Kafka {KAFKA_VERSION} with Maven into {target} (43 MB, once)")
    with tempfile.TemporaryDirectory(dir=target.parent, prefix="fetching-") as folder:
        libs = Path(folder) / "libs"
        command = [
            maven, "-q", "-B", "-f", str(POM), "dependency:copy-dependencies",
            "-DincludeScope=runtime", f"-DoutputDirectory={libs}",
        ]  # fmt: skip
        try:
            done = subprocess.run(
                command, capture_output=True, text=True, timeout=MAVEN_LIMIT_SECONDS, cwd=folder, check=False
            )
        except subprocess.TimeoutExpired as err:
            raise TransientError(f"Maven did not finish in {MAVEN_LIMIT_SECONDS} s; try again") from err
        if done.returncode != 0 or not any(libs.glob("kafka_2.13-*.jar")):
            lines = [line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line]
            raise TransientError(f"Maven could not fetch Kafka {KAFKA_VERSION}: {' '.join(lines[:2])[:400]}")
        try:
            libs.rename(target)
        except OSError:
            if not target.is_dir():  # another process may have been first
                raise
    return target
