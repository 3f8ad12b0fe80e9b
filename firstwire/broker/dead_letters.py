"""The one form of a dead letter, whoever puts a record away."""

from __future__ import annotations

import base64

from schemas.outcome import DeadLetter, Place

VALUE_LIMIT_BYTES = 64 * 1024
"""How much of a poison record its dead letter repeats."""


def dead_letter(
    *, stage: str, place: Place, error: str, key: str, value: bytes | None, happened_at: str, attempts: int = 1
) -> DeadLetter:
    """The letter for a record with this key and value; `value` None: there is nothing to show."""
    return DeadLetter(
        stage=stage,
        place=place,
        error=error,
        attempts=attempts,
        key=key,
        value_base64=None if value is None else base64.b64encode(value[:VALUE_LIMIT_BYTES]).decode("ascii"),
        value_bytes=0 if value is None else len(value),
        happened_at=happened_at,
    )
