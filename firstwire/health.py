"""What a process says of itself over HTTP: `/metrics` for Prometheus, `/healthz` (alive), `/readyz` (able to work)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from firstwire.errors import ConfigError

SHUTDOWN_SECONDS = 0.5
"""How long a stop waits for answers under way."""


class Readiness:
    """What a process still lacks to do its work, each with the reason. Ready when nothing is left."""

    def __init__(self) -> None:
        self._lacking: dict[str, str] = {}

    def lacks(self, what: str, reason: str) -> None:
        """The process cannot work without `what`, which it does not have now."""
        self._lacking[what] = reason

    def has(self, what: str) -> None:
        """It has `what`, or does not need it any more."""
        self._lacking.pop(what, None)

    @property
    def lacking(self) -> Mapping[str, str]:
        return dict(self._lacking)


class Reporter(Protocol):
    """Whoever knows the metrics and the readiness of a process, or of several."""

    async def metrics(self) -> bytes:
        """The metrics in Prometheus' text format."""
        ...

    async def lacking(self) -> Mapping[str, str]:
        """What is lacking to work, with reasons; empty if nothing."""
        ...


@dataclass(frozen=True)
class ProcessReporter:
    """Reports on this process, with a registry of metrics; by default an empty one, which nobody asks for."""

    registry: CollectorRegistry = field(default_factory=CollectorRegistry)
    readiness: Readiness = field(default_factory=Readiness)

    async def metrics(self) -> bytes:
        return generate_latest(self.registry)

    async def lacking(self) -> Mapping[str, str]:
        return self.readiness.lacking


def add_report_routes(app: web.Application, reporter: Reporter) -> None:
    """Add `/metrics`, `/healthz` and `/readyz` to an application. They hold no secret and no text of a publisher.

    `/healthz` answers 200 as long as the event loop turns; `/readyz` 200, or 503 with what is lacking as JSON.
    """

    async def metrics(request: web.Request) -> web.Response:
        return web.Response(body=await reporter.metrics(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    async def alive(request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def ready(request: web.Request) -> web.Response:
        lacking = await reporter.lacking()
        return web.json_response({"ready": not lacking, "lacking": lacking}, status=503 if lacking else 200)

    app.router.add_get("/metrics", metrics)
    app.router.add_get("/healthz", alive)
    app.router.add_get("/readyz", ready)


@asynccontextmanager
async def reporting(reporter: Reporter, listen: str, *, place: str = "metrics.listen") -> AsyncIterator[str]:
    """Serve these routes at `listen`, `host:port`, for the body, which gets the address with the real port.

    Serves nothing if `listen` is empty. Raises ConfigError if the address cannot be listened on.
    """
    if not listen:
        yield ""
        return
    host, _, port = listen.rpartition(":")
    app = web.Application()
    add_report_routes(app, reporter)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host.strip("[]"), int(port)).start()
        except (OSError, OverflowError, ValueError) as err:
            raise ConfigError(f"cannot listen on {listen!r}: {err}", place=place) from err
        yield f"{host}:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()
