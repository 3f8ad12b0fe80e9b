"""Errors, named by what happens next; each carries the place it came from.

FirstwireError
├── ConfigError      the user must mend something: stop before start, exit 78
├── TransientError   the world is unwell: again, in place, with backoff
├── PoisonError      this record can never be judged: dead letter and outcome, go on
├── RefusedError     our policy says no: counted, shown, never retried as it is
└── FatalError       going on would be unsafe: exit 70, nothing acknowledged
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h: Kafka or a receiver cannot be reached
EXIT_FATAL = 70  # EX_SOFTWARE: the supervisor starts the process again
EXIT_CONFIG = 78  # EX_CONFIG: starting again would not help


class FirstwireError(Exception):
    """Base of all errors that firstwire raises on purpose.

    `place` says where: a URL; `topic[partition]@offset`; `file:line:column`. It is put before the message.
    """

    exit_code = EXIT_FAILED

    def __init__(self, message: str, *, place: str | None = None) -> None:
        super().__init__(message if place is None else f"{place}: {message}")
        self.message = message
        self.place = place


class ConfigError(FirstwireError):
    """A setting, rule, entity or ledger file is wrong. Starting again would not help."""

    exit_code = EXIT_CONFIG


class TransientError(FirstwireError):
    """Something outside failed for now. `retry_after_seconds` is what the other side asked for, if it did."""

    exit_code = EXIT_UNAVAILABLE

    def __init__(self, message: str, *, place: str | None = None, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, place=place)
        self.retry_after_seconds = retry_after_seconds


class PoisonError(FirstwireError):
    """A record that can never be decoded, judged or sent on. It ends as a dead letter and an outcome."""


class RefusedError(FirstwireError):
    """Our own policy forbids it: a private address, a body over the limit, too many redirects."""


class FatalError(FirstwireError):
    """Continuing could lose or double a record: leave at once with nothing acknowledged."""

    exit_code = EXIT_FATAL


def place_of(topic: str, partition: int, offset: int) -> str:
    """The place of a Kafka record, as written in every error and log: `articles[0]@42`."""
    return f"{topic}[{partition}]@{offset}"
