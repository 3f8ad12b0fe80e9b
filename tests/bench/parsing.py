"""How fast documents are read: `python -m tests.bench.parsing [FOLDER …]`, by default the captured feeds.

Processor time of feedparser with its defaults, of ours, and of parts of ours, over the same files in one run, the least
of three. Ours makes plain texts, dates that are certain, and languages of it, which feedparser does not.
"""

from __future__ import annotations

import sys
import time
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import feedparser

from firstwire.poller.document import FeedDocument
from firstwire.poller.encoding import decoded
from firstwire.poller.feed_reader import read_document
from firstwire.poller.markup import repaired
from firstwire.poller.plain_xml import read_plain
from firstwire.poller.xml_feed import read_xml
from tests.support.shared_data import DATA

URL = "https://news.example/feed"
TIMES = 3


def files_of(folders: Sequence[str]) -> list[Path]:
    """The XML files below folders."""
    given = [Path(folder) for folder in folders] or sorted((DATA / "feeds").glob("captured_*"))
    kinds = (".xml", ".rss", ".atom", ".rdf")
    return [file for folder in given for file in sorted(folder.rglob("*")) if file.suffix in kinds and file.is_file()]


def _seconds(work: Callable[[], object]) -> float:
    took = []
    for _ in range(TIMES):
        began = time.process_time()
        work()
        took.append(time.process_time() - began)
    return min(took)


def measured(bodies: Sequence[bytes]) -> dict[str, float]:
    """Seconds of processor time for all bodies, by what was done."""
    texts = [repaired(decoded(body, "").text) for body in bodies]
    return {
        "feedparser, defaults": _seconds(lambda: [feedparser.parse(body) for body in bodies]),
        "ours, all": _seconds(
            lambda: [read_document(body, url=URL, content_type="", entry_limit=2_000) for body in bodies]
        ),
        "ours, without languages": _seconds(
            lambda: [read_xml(repaired(decoded(body, "").text), url=URL, entry_limit=2_000) for body in bodies]
        ),
        "ours, elements alone": _seconds(lambda: [read_plain(text, URL) for text in texts]),
    }


def main() -> None:
    """Print the figures of all files, and of those that are read without feedparser."""
    warnings.simplefilter("ignore")
    bodies = [file.read_bytes() for file in files_of(sys.argv[1:])]
    documents = [read_document(body, url=URL, content_type="", entry_limit=2_000) for body in bodies]
    plain = [body for body in bodies if read_plain(repaired(decoded(body, "").text), URL) is not None]
    entries = sum(len(document.entries) for document in documents if isinstance(document, FeedDocument))
    print(f"{len(bodies)} files, {sum(map(len, bodies)) / 1e6:.1f} MB, {entries:,} entries; {len(plain)} of them plain")
    for name, chosen in (("all", bodies), ("plain", plain)):
        found = measured(chosen)
        default = found["feedparser, defaults"]
        for what, seconds in found.items():
            if name == "all" and what == "ours, elements alone":
                continue  # of the others it reads nothing
            print(f"{name:>6}: {what:<25} {seconds:6.3f} s  {default / seconds:5.1f} times feedparser's defaults")


if __name__ == "__main__":
    main()
