"""What the last `firstwire verify` found, kept in the data folder for *System*."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import msgspec

from firstwire.files.atomic import make_folder, write_whole
from firstwire.replay.verify import Verified

FILE = "last-verify.json"


class LastVerify(msgspec.Struct, frozen=True):
    """When it ended, over what, and what it found."""

    ended_at: str
    stage: str
    since: str | None
    """Alerts whose first article was fetched at or after this time; None: all on record."""
    until: str | None
    articles: int
    alerts: int
    differences: Mapping[str, int]
    """By cause."""
    unexplained: int


def keep_result(folder: Path, found: Verified, ended_at: str, since: str | None, until: str | None) -> None:
    """Keep a result in place of the one before. Raises ConfigError if it cannot be written."""
    causes = Counter(one.cause.value for one in found.differences)
    kept = LastVerify(
        ended_at, found.stage.value, since, until, found.articles, found.alerts, dict(causes), found.unexplained
    )
    make_folder(folder)
    write_whole(folder / FILE, msgspec.json.encode(kept).decode())


def last_verify(folder: Path) -> LastVerify | None:
    """The last result; None if there is none that can be read."""
    try:
        return msgspec.json.decode((folder / FILE).read_bytes(), type=LastVerify)
    except (OSError, msgspec.DecodeError):
        return None
