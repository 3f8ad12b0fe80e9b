"""The processes of one `firstwire run`, each of which reports on a loopback port of its own, gathered into one report.

Their addresses are files in the data folder, as that of the embedded broker is. `/metrics` of all has a label `part`.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import orjson
from prometheus_client import generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.registry import Collector
from prometheus_client.samples import Sample

from firstwire.health import Reporter, reporting
from firstwire.metrics import PART_READY, PART_UP

PART_VARIABLE = "FIRSTWIRE_SUPERVISED_PART"
"""The environment variable in which the supervisor tells a process which of its parts it is."""

ANSWER_LIMIT_SECONDS = 3.0
LOOPBACK = "127.0.0.1:0"


def part_of_environment() -> str | None:
    """The name of this process among those of `firstwire run`; None if nobody supervises it."""
    return os.environ.get(PART_VARIABLE) or None


def expect_parts(data_dir: Path, parts: Iterable[str]) -> None:
    """Forget the addresses of an earlier run; of these parts one is expected from now on."""
    forget_parts(data_dir)
    _folder(data_dir).mkdir(parents=True)
    for part in parts:
        (_folder(data_dir) / part).touch()


def forget_parts(data_dir: Path) -> None:
    """Expect no part any more: they were stopped."""
    shutil.rmtree(_folder(data_dir), ignore_errors=True)


@asynccontextmanager
async def reporting_as(part: str, data_dir: Path, reporter: Reporter) -> AsyncIterator[None]:
    """Report on a part of `firstwire run` for the body, at an address that `AllParts` finds."""
    file = _folder(data_dir) / part
    async with reporting(reporter, LOOPBACK) as address:
        file.parent.mkdir(parents=True, exist_ok=True)
        new = file.with_name(f".{part}.new")
        new.write_text(address, encoding="ascii")
        new.replace(file)
        yield


def console_reporter(data_dir: Path, own: Reporter) -> Reporter:
    """Who reports where the console is: on all parts if it is one of `firstwire run`, else on its own process."""
    return own if part_of_environment() is None else AllParts(data_dir)


@dataclass(frozen=True)
class PartReport:
    """What a part answered; all None if it did not."""

    part: str
    metrics: str | None = None
    lacking: Mapping[str, str] | None = None


@dataclass(frozen=True)
class AllParts:
    """Reports on all parts of the `firstwire run` with this data folder."""

    data_dir: Path

    async def metrics(self) -> bytes:
        return generate_latest(_Gathered(await self._reports()))

    async def lacking(self) -> Mapping[str, str]:
        found: dict[str, str] = {}
        reports = await self._reports()
        if not reports:
            return {"run": "has started no process yet"}
        for report in reports:
            if report.lacking is None:
                found[report.part] = "does not answer"
            else:
                found |= {f"{report.part}: {what}": reason for what, reason in report.lacking.items()}
        return found

    async def _reports(self) -> list[PartReport]:
        timeout = aiohttp.ClientTimeout(total=ANSWER_LIMIT_SECONDS)
        async with aiohttp.ClientSession(timeout=timeout) as session:
            asked = (_report(session, part, address) for part, address in _addresses(self.data_dir))
            return list(await asyncio.gather(*asked))


def _addresses(data_dir: Path) -> list[tuple[str, str]]:
    """The parts that are expected, each with its address; it is empty until the part has started."""
    folder = _folder(data_dir)
    if not folder.is_dir():
        return []
    files = sorted(file for file in folder.iterdir() if not file.name.startswith("."))
    return [(file.name, file.read_text(encoding="ascii")) for file in files]


async def _report(session: aiohttp.ClientSession, part: str, address: str) -> PartReport:
    try:
        async with session.get(f"http://{address}/metrics") as answer:
            metrics = await answer.text()
        async with session.get(f"http://{address}/readyz") as answer:
            return PartReport(part, metrics, orjson.loads(await answer.read())["lacking"])
    except (OSError, ValueError, KeyError, TimeoutError, aiohttp.ClientError):
        return PartReport(part)


class _Gathered(Collector):
    """The metrics of several parts as one: equal names together, each sample with its part."""

    def __init__(self, reports: Iterable[PartReport]) -> None:
        self._reports = list(reports)

    def collect(self) -> Iterator[Metric]:
        families: dict[str, Metric] = {}
        for report in self._reports:
            for family in text_string_to_metric_families(report.metrics or ""):
                known = families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                known.samples += [_of_part(sample, report.part) for sample in family.samples]
        for declared, holds in (
            (PART_UP, lambda report: report.metrics is not None),
            (PART_READY, lambda report: report.lacking == {}),
        ):
            family = Metric(declared.name, declared.meaning, declared.kind)
            for report in self._reports:
                family.add_sample(declared.name, {"part": report.part}, float(holds(report)))
            families[declared.name] = family
        yield from families.values()


def _of_part(sample: Sample, part: str) -> Sample:
    return sample if "part" in sample.labels else sample._replace(labels={**sample.labels, "part": part})


def _folder(data_dir: Path) -> Path:
    return data_dir / "parts"
