"""Errors, named by what happens next; each has the place where it occurred.

FirstwireError
├── ConfigError      the user must fix something: stop before start, exit 78
├── TransientError   something outside failed for now: retry in place, with backoff
├── PoisonError      this record can never be judged: dead letter and outcome, continue
├── RefusedError     forbidden by policy: counted, shown, not retried
└── FatalError       continuing would be unsafe: exit 70, nothing acknowledged
"""

from __future__ import annotations

EXIT_OK = 0
EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_UNAVAILABLE = 69  # EX_UNAVAILABLE of sysexits.h: Kafka or a receiver cannot be reached
EXIT_FATAL = 70  # EX_SOFTWARE: the supervisor restarts the process
EXIT_CONFIG = 78  # EX_CONFIG: a restart would not help


class FirstwireError(Exception):
    """Base of all errors that firstwire raises on purpose.

    `place` is a URL, `topic[partition]@offset` or `file:line:column`. It precedes the message.
    """

    exit_code = EXIT_FAILED

    def __init__(self, message: str, *, place: str | None = None) -> None:
        super().__init__(message if place is None else f"{place}: {message}")
        self.message = message
        self.place = place


class ConfigError(FirstwireError):
    """A setting, rule, entity or ledger file is wrong. A restart would not help."""

    exit_code = EXIT_CONFIG


class TransientError(FirstwireError):
    """Something outside failed for now. `retry_after_seconds` is the wait that the other side asked for, if any."""

    exit_code = EXIT_UNAVAILABLE

    def __init__(self, message: str, *, place: str | None = None, retry_after_seconds: float | None = None) -> None:
        super().__init__(message, place=place)
        self.retry_after_seconds = retry_after_seconds


class PoisonError(FirstwireError):
    """A record that can never be decoded, judged or forwarded. It ends as a dead letter and an outcome."""


class RefusedError(FirstwireError):
    """Forbidden by policy: a private address, a body over the limit, too many redirects."""


class FatalError(FirstwireError):
    """Continuing could lose or duplicate a record: exit at once with nothing acknowledged."""

    exit_code = EXIT_FATAL


def place_of(topic: str, partition: int, offset: int) -> str:
    """The place of a Kafka record, as written in every error and log: `articles[0]@42`."""
    return f"{topic}[{partition}]@{offset}"
