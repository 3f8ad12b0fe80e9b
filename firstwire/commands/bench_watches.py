"""The measurement of `firstwire bench watches`: articles per second that one core matches against all watches."""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.entities.mentions import find_mentions, tags_of
from firstwire.core.watches.document import document_of
from firstwire.core.watches.matcher import Matcher
from firstwire.core.watches.watch import Watch
from firstwire.files.articles import UnreadableLine
from schemas.article import Article


@dataclass(frozen=True)
class Measured:
    """The figures of a run. Seconds are CPU time of this process, so that other processes do not count."""

    watches: int
    judged_whole: int
    articles: int
    unreadable: tuple[UnreadableLine, ...]
    matches: int
    build_seconds: float
    seconds: float
    """Tokenizing and matching, without reading and decoding the articles, and without finding names."""
    matcher_bytes: int
    """How much the process grew while the matcher was built."""
    peak_bytes: int
    """The peak memory of the process, rules included."""

    @property
    def articles_per_second(self) -> float:
        return self.articles / self.seconds if self.seconds else 0.0


def measure_watches(
    watches: Sequence[Watch], articles: Iterable[Article | UnreadableLine], gazetteer: Gazetteer
) -> Measured:
    """Build a matcher, then match one article after another. Collects no evidence, since most match nothing."""
    gc.collect()
    before, began = _resident_bytes(), time.process_time()
    matcher = Matcher(watches)
    built, grown = time.process_time() - began, _resident_bytes() - before
    count, matches, spent = 0, 0, 0.0
    unreadable: list[UnreadableLine] = []
    for article in articles:
        if isinstance(article, UnreadableLine):
            unreadable.append(article)
            continue
        mentions = find_mentions(article, gazetteer)
        tags = tags_of(article, mentions, gazetteer)
        began = time.process_time()
        matches += len(matcher.numbers(document_of(article, tags, mentions)))
        spent += time.process_time() - began
        count += 1
    return Measured(
        watches=len(matcher.watches),
        judged_whole=matcher.judged_whole,
        articles=count,
        unreadable=tuple(unreadable),
        matches=matches,
        build_seconds=built,
        seconds=spent,
        matcher_bytes=max(grown, 0),
        peak_bytes=_peak_bytes(),
    )


def measured_lines(measured: Measured, load_seconds: float) -> list[str]:
    """The figures, one per line."""
    each = measured.matches / max(measured.articles, 1)
    share = each / max(measured.watches, 1)
    whole = f", {measured.judged_whole:,} of them evaluated one by one" if measured.judged_whole else ""
    return [
        f"watches: {measured.watches:,}{whole}, loaded in {load_seconds:.2f} s",
        f"build: {measured.build_seconds:.2f} s",
        f"articles: {measured.articles:,}, {measured.articles_per_second:,.0f} articles/s, tokenizing included",
        f"matches: {measured.matches:,}, {each:,.1f} per article, {share:.2%} of pairs",
        f"memory: {measured.matcher_bytes / 1e6:,.0f} MB matcher, {measured.peak_bytes / 1e6:,.0f} MB peak in total",
    ]


def _resident_bytes() -> int:
    """The current memory of the process; its peak on systems that do not report the former."""
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return _peak_bytes()
    return int(pages) * resource.getpagesize()


def _peak_bytes() -> int:
    unit = 1 if sys.platform == "darwin" else 1024  # getrusage(2): kilobytes, on macOS bytes
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
