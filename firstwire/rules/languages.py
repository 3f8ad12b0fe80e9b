"""Codes of languages, for rules that name one that does not exist."""

from __future__ import annotations

from functools import cache

from babel import Locale
from babel.core import get_global

from firstwire.core.watches.wildcards import compiled, has_wildcard


def unknown_language(pattern: str) -> str | None:
    """Why no article can be in a language, of which a part may be a wildcard; None if one can."""
    code = pattern.partition("-")[0]
    names = _names()
    if code in names or (has_wildcard(code) and any(map(compiled(code).fullmatch, names))):
        return None
    meant = next((known for known, name in names.items() if name == pattern), None)
    if "_" in code and code.partition("_")[0] in names:
        meant = pattern.replace("_", "-")
    return f"no language has the code `{code}`" + (f"; did you mean {meant}?" if meant is not None else "")


@cache
def _names() -> dict[str, str]:
    """The English name of each language of CLDR by its code, in lower case; that of an alias is empty."""
    names = {code: name.lower() for code, name in Locale.parse("en").languages.items() if "_" not in code}
    return names | {code: "" for code in get_global("language_aliases") if "_" not in code and code not in names}
