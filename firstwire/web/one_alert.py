"""One alert by its id: as it just came, else from the index."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from aiohttp import web

from firstwire.core.text.wording import cut, one_line
from firstwire.errors import ConfigError, TransientError
from firstwire.index.results import IndexedAlert
from firstwire.web.board import SeenAlert
from firstwire.web.console import Console


async def one_alert(console: Console, wanted: str) -> SeenAlert:
    """An alert by its id or the beginning of it. Raises HTTPNotFound."""
    held = console.board.alerts.get(wanted)
    if held is not None and held.receipt.alerted_at is not None:
        return held
    indexed = None
    try:
        indexed = await asyncio.to_thread(console.index.alert, wanted)
    except ConfigError as err:
        if held is None:
            raise web.HTTPNotFound(text=f"{err.message[:1].upper()}{err.message[1:]}.") from err
    except TransientError:
        meant = [each for each in console.board.alerts if each.startswith(wanted)]
        if len(meant) == 1:
            return console.board.alerts[meant[0]]
    if indexed is None:
        if held is None:
            raise web.HTTPNotFound(text=f"There is no alert {cut(one_line(wanted), 40)}.")
        return held
    known, held = of_index(indexed), console.board.alerts.get(indexed.alert.alert_id)
    if held is None or held.receipt.alerted_at is not None:
        return held or known
    return replace(held, receipt=known.receipt)  # the index may have seen its first raise


def of_index(one: IndexedAlert) -> SeenAlert:
    """An alert of the index."""
    return SeenAlert(one.alert, one.receipt)
