"""How often rules match over an archive, article by article; only counts are kept."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from hashlib import blake2b

from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge, analyze, raise_alerts, split_targets
from firstwire.core.rules.rulebook import ANY, EventRule
from firstwire.core.state import apply_all
from firstwire.core.text.folding import fold_value
from firstwire.core.text.nearest import meant_by
from firstwire.core.watches.printer import print_query
from firstwire.core.watches.query import values_in
from firstwire.core.watches.wildcards import compiled
from firstwire.files.articles import UnreadableLine
from firstwire.files.rules import WrittenRule, rulebook_of
from firstwire.rules.examples import story_of
from firstwire.rules.lint import LintFinding
from schemas.article import Article
from schemas.times import parse_timestamp

BROAD_SHARE = 0.05
"""A watch that finds a greater share of an archive is too broad."""
ENOUGH_ARTICLES = 100
"""With fewer, a share means nothing."""
ENOUGH_MATCHES = 3
"""With fewer, two watches may find the same by chance."""
_DAY_SECONDS = 86_400


@dataclass
class RuleRate:
    """The matches of one rule. `count` is a watch's matches, or the alerts that an event rule would have raised."""

    rule_id: str
    is_watch: bool
    count: int = 0
    articles: int = 0
    """Articles that matched: for an event rule those that raised or joined an alert."""
    last_at: str = ""
    last_title: str = ""
    signature: int = 0
    """Equal for rules that found the same articles."""
    alerts: set[str] = field(default_factory=set)

    def add(self, article: Article, mark: int) -> None:
        self.articles += 1
        self.signature ^= mark
        if article.fetched_at >= self.last_at:
            self.last_at, self.last_title = article.fetched_at, article.title


class Rates:
    """Counts over the articles added. Their order only matters for the last of articles fetched at the same time."""

    def __init__(self, written: Sequence[WrittenRule], knowledge: Knowledge, seeds: Seeds) -> None:
        self._knowledge = replace(knowledge, rules=rulebook_of(written))
        self._written = {each.line.id: each for each in written}
        self._state = EventAlertState(seeds)
        self.rules = {each.line.id: RuleRate(each.line.id, each.kind == "watch") for each in written}
        self.articles = 0
        self.unreadable = 0
        self.first_at = self.last_at = ""
        self._outlets: dict[str, str] = {}
        """By folded name, as queries compare it: an outlet of the archive."""

    @property
    def days(self) -> float:
        """Days from the first article fetched to the last."""
        if not self.articles:
            return 0.0
        return (parse_timestamp(self.last_at) - parse_timestamp(self.first_at)).total_seconds() / _DAY_SECONDS

    def add(self, article: Article | UnreadableLine) -> None:
        """Judge one article as the agents would."""
        if isinstance(article, UnreadableLine):
            self.unreadable += 1
            return
        self.articles += 1
        mark = int.from_bytes(blake2b(self.articles.to_bytes(8), digest_size=16).digest())
        self.first_at = min(self.first_at or article.fetched_at, article.fetched_at)
        self.last_at = max(self.last_at, article.fetched_at)
        if article.source is not None:
            self._outlets.setdefault(fold_value(article.source), article.source)
        analyzed = analyze(self._knowledge, story_of(article))
        for match in analyzed.matches:
            rate = self.rules[match.rule_id]
            rate.count += 1
            rate.add(article, mark)
        matched: set[str] = set()
        for event in split_targets(analyzed.events):
            alerted = raise_alerts(self._state, event, self._knowledge)
            apply_all(self._state, alerted.changes)
            for verdict in alerted.verdicts:
                if verdict.alert_id is not None:
                    matched.add(verdict.rule_id)
                    self.rules[verdict.rule_id].alerts.add(verdict.alert_id)
        for rule_id in matched:
            rate = self.rules[rule_id]
            rate.count = len(rate.alerts)
            rate.add(article, mark)

    def per_day(self, rate: RuleRate) -> float | None:
        """Matches per day; None if the archive spans less than a day, of which a day's news cannot be told."""
        return rate.count / self.days if self.days >= 1 else None

    def share(self, rate: RuleRate) -> float:
        """The share of the archive's articles that the rule matches, 0 to 1."""
        return rate.articles / self.articles if self.articles else 0.0

    def matched(self) -> list[RuleRate]:
        """The rules with matches, those with the most first."""
        return sorted((rate for rate in self.rules.values() if rate.articles), key=lambda rate: -rate.count)

    def unmatched(self) -> list[str]:
        """The rules without matches, in the order of the files."""
        return [rate.rule_id for rate in self.rules.values() if not rate.articles]

    def findings(self, known: Sequence[LintFinding] = ()) -> list[LintFinding]:
        """Watches that find too much, the same as another one, unless `known` has that already, or name no outlet."""
        doubled = {finding.rule_id for finding in known if finding.kind == "duplicate"}
        found: list[LintFinding] = []
        first: dict[tuple[int, int], str] = {}
        for rate in self.rules.values():
            each = self._written[rate.rule_id]
            found += self._unknown_sources(each)
            if not rate.is_watch:
                continue
            if self.articles >= ENOUGH_ARTICLES and self.share(rate) > BROAD_SHARE:
                message = f"finds {self.share(rate):.1%} of the archive's articles; add a rarer word with AND"
                found.append(LintFinding(each.place("query"), rate.rule_id, "too broad", "warning", message))
            if rate.articles < ENOUGH_MATCHES:
                continue
            other = first.setdefault((rate.articles, rate.signature), rate.rule_id)
            if other != rate.rule_id and rate.rule_id not in doubled:
                message = f"finds the same {rate.articles:,} articles as {other}; is one enough?"
                found.append(LintFinding(each.place("query"), rate.rule_id, "same matches", "warning", message))
        return found

    def _unknown_sources(self, each: WrittenRule) -> Iterator[LintFinding]:
        """The outlets that a rule names and that no article of the archive is from."""
        if not self.articles:
            return
        if isinstance(each.rule, EventRule):
            named = [(source, source, each.place("source")) for source in each.rule.source if source != ANY]
        else:
            values = values_in(each.rule.query.root, "source")
            named = [(one.pattern, print_query(one), each.place_within(one.at[0], "query")) for one in values]
        for pattern, shown, place in named:
            if any(map(compiled(pattern).fullmatch, self._outlets)):
                continue
            near = meant_by(pattern, self._outlets)
            meant = f"; the nearest is {self._outlets[near]!r}" if near else ""
            message = f"no article of the archive is from `{shown}`{meant}"
            yield LintFinding(place, each.line.id, "unknown source", "warning", message)
