"""Language tags as feeds declare them."""

from __future__ import annotations

import re

_LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]{1,8}){0,4}", re.ASCII)
_NO_LANGUAGE = frozenset({"und", "mul", "zxx", "mis"})


def language_tag(text: str | None) -> str | None:
    """A declared language in lower case, `en-us`; None if it is not a BCP 47 tag or not a single language."""
    tag = (text or "").strip().lower().replace("_", "-")
    if _LANGUAGE_TAG.fullmatch(tag) is None or tag.partition("-")[0] in _NO_LANGUAGE:
        return None
    return tag
