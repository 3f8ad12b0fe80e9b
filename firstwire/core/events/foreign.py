"""Headlines of recognition in other languages: who, the verb, whom, by a small table of forms."""

from __future__ import annotations

from collections.abc import Sequence

from firstwire.core.events.entities import Mention
from firstwire.core.events.findings import Finding
from schemas.record import Field


def find_foreign(
    field: Field, text: str, mentions: Sequence[Mention], published_on: str, language: str
) -> list[Finding]:
    """The recognitions that a title in a listed language reports."""
    return []
