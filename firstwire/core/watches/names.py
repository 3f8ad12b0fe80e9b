"""Whether a query may ask for the names in a text: where none does, nobody needs to look for them."""

from __future__ import annotations

import re
from unicodedata import normalize

_ASKED = re.compile(r"@|tag\s*:", re.IGNORECASE)


def may_ask_for_names(query: str) -> bool:
    """Whether a query's text has anything that an entity or a tag could be written with."""
    return _ASKED.search(query if query.isascii() else normalize("NFKC", query)) is not None
