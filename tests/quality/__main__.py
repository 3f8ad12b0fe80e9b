"""`python -m tests.quality [PART …] [--errors]`: prints the figures; with --page writes them to docs/quality.md.

The data stands beside the repository, in ../shared/data; what is missing is said.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from tests.bench import many_articles
from tests.quality import ledger, near_duplicates, recognition, stories, tagging, watches

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "quality.md"
HEAD = "Written by `make quality`, on two shared cores."


class Part(Protocol):
    """One section of the page, a module: what it says before the figures, and what makes them, as lines of Markdown."""

    TITLE: str
    TOLD: str

    def report(self, data: Path, errors: bool) -> Iterator[str]: ...


PARTS: dict[str, Part] = {
    "near-duplicates": near_duplicates,
    "stories": stories,
    "watches": watches,
    "tagging": tagging,
    "recognition": recognition,
    "ledger": ledger,
    "many-articles": many_articles,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], help="sections; all if none is named")
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "data", help="folder of the test data")
    parser.add_argument("--errors", action="store_true", help="show every wrong item")
    parser.add_argument("--page", action="store_true", help="write docs/quality.md")
    options = parser.parse_args()
    for name in options.parts or PARTS:
        part = PARTS[name]
        lines = [part.TOLD, ""]
        print(f"\n## {part.TITLE}\n\n{part.TOLD}\n")
        for line in part.report(options.data, options.errors):
            lines.append(line)
            print(line, flush=True)
        if options.page:
            _write(part.TITLE, lines)


def _write(title: str, lines: list[str]) -> None:
    """Put a section in its place on the page; the others stay as they were measured."""
    sections = {part.TITLE: "" for part in PARTS.values()}
    if PAGE.exists():
        for section in PAGE.read_text(encoding="utf-8").split("\n## ")[1:]:
            name, _, text = section.partition("\n\n")
            if name in sections:
                sections[name] = text.rstrip("\n")
    sections[title] = "\n".join(lines)
    told = [f"\n## {name}\n\n{text}\n" for name, text in sections.items() if text]
    PAGE.write_text(f"# Quality\n\n{HEAD}\n{''.join(told)}", encoding="utf-8")


if __name__ == "__main__":
    main()
