"""Keeps the events of programs small: long lists and texts are shortened, and what is left out is counted. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

import orjson

from firstwire.core.text.wording import cut

EVENT_LIMIT_BYTES = 20_000
"""As the specification of Standard Webhooks recommends: https://www.standardwebhooks.com."""
TOGETHER_LIMIT_BYTES = 1_000_000
"""Of all events in one message, as far as their shortest form allows."""
ENVELOPE_BYTES = 500
"""For what a receiver puts around an event: ids, types."""
LIST_TEXT_LIMIT_BYTES = 4_000
"""Of the text about several alerts, beside their events."""
MESSAGE_LIMIT = 8_000
"""Code points of a message in lines."""
CHANGES_LIMIT = 6
"""There are no more kinds of changes."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How much an event holds: items of each list, code points of each text, of each address and of the message."""

    items: int
    text: int
    url: int
    message: int


_FORMS = (
    _Form(items=100, text=2_000, url=2_048, message=MESSAGE_LIMIT),
    _Form(items=50, text=500, url=2_048, message=5_000),
    _Form(items=25, text=300, url=1_000, message=3_000),
    _Form(items=12, text=200, url=500, message=2_000),
    _Form(items=6, text=120, url=500, message=1_200),
    _Form(items=3, text=100, url=500, message=800),
    _Form(items=0, text=60, url=300, message=600),
)
"""From long to short. The last one is within EVENT_LIMIT_BYTES, whatever it is made of."""


def share_bytes(count: int) -> int:
    """The limit of each of so many events in one message."""
    return min(EVENT_LIMIT_BYTES - LIST_TEXT_LIMIT_BYTES, TOGETHER_LIMIT_BYTES // max(1, count))


def shortened(event: dict[str, Any], limit_bytes: int = EVENT_LIMIT_BYTES) -> dict[str, Any]:
    """The event, in the longest form that is within the limit, else in the shortest.

    `left_out` of its data counts by the path of each list the items that it lacks; texts that were cut end in an
    ellipsis, and addresses that are too long are null.
    """
    if _is_within(event, limit_bytes):
        return event
    form = event
    for each in _FORMS:
        left_out: Counter[str] = Counter()
        data = {name: _shorter(value, each, name, left_out) for name, value in event["data"].items()}
        data["alert"]["developments_dropped"] += left_out["alert.developments"]
        form = {**event, "data": {**data, "left_out": dict(+left_out)}}
        if _is_within(form, limit_bytes):
            break
    return form


def _is_within(event: dict[str, Any], limit_bytes: int) -> bool:
    return len(orjson.dumps(event)) <= limit_bytes - ENVELOPE_BYTES


def _shorter(value: Any, form: _Form, path: str, left_out: Counter[str]) -> Any:
    match value:
        case dict():
            return {name: _shorter(each, form, f"{path}.{name}", left_out) for name, each in value.items()}
        case list() | tuple():
            kept = max(form.items, CHANGES_LIMIT) if path == "changes" else form.items
            rest = max(0, len(value) - kept)
            left_out[path] += rest
            # Of these the oldest come first, and the record itself counts what it dropped of them
            newest = value[rest:] if path == "alert.developments" else value[:kept]
            return [_shorter(each, form, path, left_out) for each in newest]
        case str() if path.endswith(".url"):
            return value if len(value) <= form.url else None
        case str():
            return cut(value, form.message if path == "text" else form.text)
        case _:
            return value
