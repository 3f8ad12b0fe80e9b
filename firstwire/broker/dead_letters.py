"""The form of a dead letter, the same for all stages."""

from __future__ import annotations

import base64

from schemas.outcome import DeadLetter, Place

VALUE_LIMIT_BYTES = 64 * 1024
"""How much of a poison record's value is kept in its dead letter."""


def dead_letter(
    *, stage: str, place: Place, error: str, key: str, value: bytes | None, happened_at: str, attempts: int = 1
) -> DeadLetter:
    """The dead letter for a record with this key and value, if it has one."""
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
