"""Months as CLDR names them: `python -m tests.support.month_names` writes them to `seeds/dates/months.json`.

Asking CLDR while feeds are read would take a second and 80 MB in every worker process.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

from babel.dates import get_month_names

FILE = Path(__file__).resolve().parents[2] / "seeds" / "dates" / "months.json"
LOCALES = re.findall(
    r"\w+",
    """
    af ar ar_DZ ar_LB az be bg bn bs ca cs cy da de de_AT el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it
    ja ka kk km kn ko ky lo lt lv mk ml mn mr ms mt my nb ne nl nn pa pl ps pt ro ru si sk sl sq sr sr_Latn sv sw ta te
    th tr uk ur uz vi zh
    """,
)


def month_names() -> dict[str, list[list[str]]]:
    """By language, the names of the twelve months, in every form and length but the single letter."""
    found: dict[str, list[set[str]]] = {}
    for locale in LOCALES:
        months = found.setdefault(locale.partition("_")[0], [set() for _ in range(12)])
        for width in ("wide", "abbreviated"):
            for context in ("format", "stand-alone"):
                for number, name in get_month_names(width, context, locale=locale).items():
                    months[number - 1].add(str(name))
    return {language: [sorted(names) for names in months] for language, months in found.items()}


def text() -> str:
    """The content of the file."""
    lines = (
        f"  {json.dumps(language)}: {json.dumps(names, ensure_ascii=False)}"
        for language, names in month_names().items()
    )
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(text(), encoding="utf-8")
