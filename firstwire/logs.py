"""Logs as key=value lines on stderr: one event per line, for people and for grep. Never a secret."""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

LIBRARIES = ("aiokafka", "faust", "mode", "asyncio", "aiohttp")
"""Their warnings matter; their noise during an outage is limited by level."""

_ESCAPES = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def configure_logs(level: str, process: str, stream: TextIO | None = None) -> None:
    """Set up structlog and the standard library's logs for this process. Call it once, at startup."""
    number = logging.getLevelNamesMapping()[level.upper()]
    stream = stream or sys.stderr
    renderer = structlog.processors.LogfmtRenderer(
        key_order=["timestamp", "level", "process", "event"], bool_as_flag=False
    )
    shared: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _naming(process),
        _one_line,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        # Processes share the stream: each line is written at once with its end
        logger_factory=structlog.WriteLoggerFactory(stream),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
        )
    )
    logging.basicConfig(handlers=[handler], level=logging.WARNING, force=True)
    for name in LIBRARIES:
        logging.getLogger(name).setLevel(logging.DEBUG if number <= logging.DEBUG else logging.ERROR)
    if number > logging.DEBUG:
        # During an outage aiokafka logs every attempt of every client as an error; the guard logs what matters
        logging.getLogger("aiokafka").setLevel(logging.CRITICAL)


def _naming(process: str) -> Any:
    def add(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
        event["process"] = process
        return event

    return add


def _one_line(logger: Any, method: str, event: dict[str, Any]) -> dict[str, Any]:
    """Escape line breaks, which would split an event, and control characters, which could control the terminal."""
    for key, value in event.items():
        if isinstance(value, str) and not value.isprintable():
            event[key] = "".join(
                char if char.isprintable() else _ESCAPES.get(char, f"\\u{ord(char):04x}") for char in value
            )
    return event
