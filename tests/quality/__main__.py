"""`python -m tests.quality [PART …] [--errors]`: prints the figures; with --page writes docs/quality.md.

The data stands beside the repository, in ../shared/data; what is missing is said.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tests.bench import many_articles
from tests.quality import near_duplicates, recognition, stories, watches

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "quality.md"


class Part(Protocol):
    """One section of the page, a module: what it says before the figures, and what makes them, as lines of Markdown."""

    TITLE: str
    TOLD: str

    def report(self, data: Path, errors: bool) -> Iterator[str]: ...


PARTS: dict[str, Part] = {
    "near-duplicates": near_duplicates,
    "stories": stories,
    "watches": watches,
    "recognition": recognition,
    "many-articles": many_articles,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="sections; all if none is named")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the test data")
    parser.add_argument("--errors", action="store_true", help="show every wrong item")
    parser.add_argument("--page", action="store_true", help="write docs/quality.md")
    options = parser.parse_args()
    page = ["# Quality", "", "Written by `make quality`, on two shared cores. What is measured and on what:"]
    for name in options.parts or PARTS:
        part = PARTS[name]
        for line in ("", f"## {part.TITLE}", "", part.TOLD, ""):
            page.append(line)
            print(line)
        for line in part.report(options.data, options.errors):
            page.append(line)
            print(line, flush=True)
    if options.page:
        PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
