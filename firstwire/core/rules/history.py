"""The history of the rule set: the time of fetching determines the rules for an article, live and in replay."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.core.watches.watch import Watch

BOOKS_KEPT = 2
"""Rulebooks cached: articles arrive nearly in order of time, so at most two releases are in use together."""


@dataclass(frozen=True)
class RuleChange:
    """One rule as of a release. `rule` is None if the release removed it."""

    rule_id: str
    release: int
    effective_at: str
    rule: Watch | EventRule | None


@dataclass(frozen=True)
class Release:
    """Changes published together. Never effective before an earlier release."""

    number: int
    effective_at: str
    changes: tuple[RuleChange, ...]


class RuleHistory:
    """All releases in order. Rulebooks list rules by rule id.

    `before` is an earlier state of the same history, whose cached rulebooks are reused.
    """

    def __init__(self, changes: Iterable[RuleChange], before: RuleHistory | None = None) -> None:
        by_number: dict[int, list[RuleChange]] = {}
        for change in changes:
            by_number.setdefault(change.release, []).append(change)
        releases: list[Release] = []
        for number in sorted(by_number):
            since = max(change.effective_at for change in by_number[number])
            if releases:
                since = max(since, releases[-1].effective_at)
            releases.append(Release(number, since, tuple(by_number[number])))
        self.releases = tuple(releases)
        self._since = [release.effective_at for release in releases]
        self._books: dict[int, Rulebook] = {}
        if before is not None and before.releases == self.releases[: len(before.releases)]:
            self._books = dict(before._books)

    def at(self, moment: str) -> Rulebook:
        """The rules for an article fetched at `moment`; empty before the first release."""
        count = bisect_right(self._since, moment)
        if count not in self._books:
            while len(self._books) >= BOOKS_KEPT:
                del self._books[next(iter(self._books))]
            self._books[count] = self._book(count)
        return self._books[count]

    @property
    def newest(self) -> Rulebook:
        """The rules of the newest release, even if it is not effective yet."""
        return self.at(self._since[-1]) if self._since else Rulebook()

    def _book(self, count: int) -> Rulebook:
        rules: dict[str, Watch | EventRule] = {}
        for release in self.releases[:count]:
            for change in release.changes:
                if change.rule is None:
                    rules.pop(change.rule_id, None)
                else:
                    rules[change.rule_id] = change.rule
        ordered = [rules[rule_id] for rule_id in sorted(rules)]
        return Rulebook(
            watches=tuple(rule for rule in ordered if isinstance(rule, Watch)),
            events=tuple(rule for rule in ordered if isinstance(rule, EventRule)),
            release=self.releases[count - 1].number if count else 0,
        )
