"""Runs the examples of rules: whether each rule finds what it must and nothing it must not, with reasons."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from firstwire.core.alerts.states import EventAlertState
from firstwire.core.entities.mentions import find_mentions, tags_of
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.firsts.vouching import with_vouching
from firstwire.core.pipeline import Analyzed, Knowledge, analyze, raise_alerts, split_targets
from firstwire.core.rules.rulebook import Corroboration, EventRule, Rulebook
from firstwire.core.state import apply_all
from firstwire.core.watches.document import document_of
from firstwire.core.watches.evaluate import evaluate
from firstwire.core.watches.watch import Watch
from firstwire.errors import ConfigError
from firstwire.files.articles import article_from
from firstwire.files.rules import Example, WrittenRule
from schemas.article import Article, Story
from schemas.event import Event
from schemas.ledger import LedgerPage, Vouching
from schemas.record import Span
from schemas.times import SINCE_EVER

WORDS_SHOWN = 8


@dataclass(frozen=True)
class FailedExample:
    """An example that contradicts its rule. `wanted`: the rule was expected to find it."""

    place: str
    rule_id: str
    wanted: bool
    title: str
    why: str


@dataclass(frozen=True)
class TriedExamples:
    """The result of all examples. `untested`: the rules without any."""

    rules: int
    examples: int
    failed: tuple[FailedExample, ...]
    untested: tuple[str, ...]


def try_examples(written: Sequence[WrittenRule], knowledge: Knowledge, seeds: Seeds, now: str) -> TriedExamples:
    """Run every example of every rule alone, published at `now` unless it has a date.

    Only the ledger's eras are used, so that examples stay valid when acts are added. Raises ConfigError for an example
    that is not an article.
    """
    count = 0
    failed: list[FailedExample] = []
    for each in written:
        for wanted, example, place in _examples(each):
            count += 1
            article = _article(example, now, place)
            found, why = _judged(each.rule, article, knowledge, seeds)
            if found is not wanted:
                failed.append(FailedExample(place, each.line.id, wanted, article.title, why))
    untested = tuple(each.line.id for each in written if not any(_examples(each)))
    return TriedExamples(len(written), count, tuple(failed), untested)


def story_of(article: Article) -> Story:
    """An article as the only one of its own story."""
    fields: dict[str, Any] = {
        name: getattr(article, name) for name in Story.__struct_fields__ if hasattr(article, name)
    }
    return Story(**fields, story_id=article.article_id, origin_id=article.article_id, relation="new")


def _examples(each: WrittenRule) -> Iterator[tuple[bool, Example, str]]:
    lines = each.line.examples
    for key, examples in (("match", lines.match), ("no_match", lines.no_match)):
        for number, example in enumerate(examples):
            yield key == "match", example, each.place("examples", key, number)


def _article(example: Example, now: str, place: str) -> Article:
    value: dict[str, Any] = {"title": example} if isinstance(example, str) else msgspec.structs.asdict(example)
    value = {"published_at": now, **{key: found for key, found in value.items() if found}}
    if "tags" in value:
        value["tags"] = list(value["tags"])
    try:
        return article_from({"id": "example", **value})
    except ValueError as err:
        raise ConfigError(f"invalid example: {err}", place=place) from err


def _judged(rule: Watch | EventRule, article: Article, knowledge: Knowledge, seeds: Seeds) -> tuple[bool, str]:
    """Whether a rule finds an article, and why or why not."""
    if isinstance(rule, EventRule):
        return _judged_by_events(rule, article, knowledge, seeds)
    mentions = find_mentions(article, knowledge.gazetteer)
    tags = tags_of(article, mentions, knowledge.gazetteer)
    verdict = evaluate(rule.query, document_of(article, tags, mentions))
    return verdict.matched, _words(verdict.evidence) if verdict.matched else verdict.reason


def _judged_by_events(rule: EventRule, article: Article, knowledge: Knowledge, seeds: Seeds) -> tuple[bool, str]:
    """The same by an event rule: as if a second origin had confirmed the article, and all pages were vouched for."""
    rule = msgspec.structs.replace(rule, corroboration=Corroboration(unsure=1), max_age_seconds=None)
    knowledge = replace(knowledge, rules=Rulebook(events=(rule,)))
    analyzed = analyze(knowledge, story_of(article))
    events = split_targets(analyzed.events)
    pages = {(event.action, target.id): _vouched_page(event, target.id) for event in events for target in event.targets}
    state = EventAlertState(Seeds(pages=pages, eras=seeds.eras, groups=seeds.groups))
    reasons: list[str] = []
    for event in events:
        alerted = raise_alerts(state, event, knowledge)
        apply_all(state, alerted.changes)
        for alert in alerted.alerts:
            return True, f"raises “{alert.headline}”: {_words(alert.evidence)}"
        reasons += [verdict.reason for verdict in alerted.verdicts]
    return False, "; ".join(dict.fromkeys(reasons)) or _not_under_the_rule(analyzed)


def _vouched_page(event: Event, target: str) -> LedgerPage:
    until = (event.act_date or event.context.fetched_at)[:10]
    page = LedgerPage(action=event.action, target=target)
    return with_vouching(page, Vouching(id="example", until=until, source="example", made_at=SINCE_EVER))


def _not_under_the_rule(analyzed: Analyzed) -> str:
    if not analyzed.events:
        return analyzed.outcome.reason
    reported = [
        f"{event.action} by {_names(event.actors)} of {_names(event.targets)}"
        for event in split_targets(analyzed.events)
    ]
    return f"it reports {'; '.join(dict.fromkeys(reported))}, which the rule does not ask for"


def _names(entities: Sequence[Any]) -> str:
    return ", ".join(entity.id for entity in entities) or "no named entity"


def _words(evidence: Sequence[Span]) -> str:
    """`“Moscow”, “Taliban” in title`, of the first few."""
    if not evidence:
        return "it has the tags and values asked for"
    fields: dict[str, list[str]] = {}
    for span in evidence[:WORDS_SHOWN]:
        fields.setdefault(span.field, []).append(f"“{span.text}”")
    return ", ".join(f"{', '.join(dict.fromkeys(words))} in {field}" for field, words in fields.items())
