"""How one receiver's readers see an alert: in which time zone, and where they can read more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from urllib.parse import quote


@dataclass(frozen=True)
class View:
    """`console` is the address of the console without a slash at its end; empty if it has none that readers reach."""

    zone: tzinfo = UTC
    console: str = ""
    text: tuple[str, ...] | None = None
    """The lines of the message, if a template made it."""

    def alert_url(self, alert_id: str) -> str | None:
        """Where the console shows an alert."""
        return f"{self.console}/alerts/{quote(alert_id, safe='')}" if self.console else None


IN_UTC = View()
