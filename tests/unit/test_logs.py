"""Logs: one event per line, also where several processes write to one stream."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
import structlog

from firstwire.logs import configure_logs


class Written(StringIO):
    """A stream that remembers what was written at once."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def write(self, text: str) -> int:
        self.parts.append(text)
        return super().write(text)


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.basicConfig(force=True)


def test_a_line_is_written_with_its_end_so_that_no_two_are_on_one() -> None:
    stream = Written()
    configure_logs("info", "test", stream)
    structlog.get_logger().info("one", retried=0)
    assert len(stream.parts) == 1
    assert stream.parts[0].endswith("retried=0\n")
