"""`python -m tests.quality [PART …] [--errors]`: prints the figures; with --page writes docs/quality.md.

The data stands beside the repository, in ../shared/data; what is missing is said.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.bench import many_articles
from tests.quality import ledger, near_duplicates, recognition

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "quality.md"


@dataclass(frozen=True)
class Part:
    """One section of the page: what it says before the figures, and what makes them, as lines of Markdown."""

    title: str
    told: str
    report: Callable[[Path, bool], Iterator[str]]


PARTS = {
    "near-duplicates": Part(
        "Near-duplicates",
        "Every pair inside 72 h that the definition in [stories](stories.md) calls near, counted on whole sets of"
        " 5-grams without hash, sample or index, beside what is found. The rate is CPU time of one core; of datasketch"
        " the sketch and its search alone.",
        near_duplicates.report,
    ),
    "recognition": Part(
        "Recognition of governments and states, and firsts",
        "397 and 343 labelled items of 2002 to 2019, half of them hard negatives. The sets were looked at while"
        " detection was written, so other news will do worse.",
        recognition.report,
    ),
    "ledger": Part(
        "The ledger of firsts",
        "46,275 dated acts, each folded into the page of its relation and target, in several orders of arrival: a case"
        " is right when exactly the earliest actors stand first. Then again with corrections by hand among them. CPU"
        " time of one core.",
        ledger.report,
    ),
    "many-articles": Part(
        "A million articles",
        "The whole first stage, near-duplicates and stories, 72 h of event time being 300,000 articles of about 215"
        " words, all of one language and on one partition, which is the worst case. CPU time of one core; memory is"
        " what the process grew by.",
        lambda data, errors: many_articles.report(),
    ),
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
        for line in ("", f"## {part.title}", "", part.told, ""):
            page.append(line)
            print(line)
        for line in part.report(options.data, options.errors):
            page.append(line)
            print(line, flush=True)
    if options.page:
        PAGE.write_text("\n".join(page) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
