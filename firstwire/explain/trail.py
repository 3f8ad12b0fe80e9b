"""`firstwire explain`: the trail of an alert or an article, read from the topics."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from firstwire.broker.reader import read_all
from firstwire.broker.takedowns import read_takedowns
from firstwire.broker.topics import ALERTS, DELIVERIES, OUTCOMES, RULES, STORIES, VERDICTS, topic_name
from firstwire.core.alerts.redaction import redacted
from firstwire.core.entities.gazetteer import Gazetteer
from firstwire.core.stories.pages import page_key
from firstwire.core.stories.passages import longest_shared_passage
from firstwire.core.stories.urls import canonical_url
from firstwire.core.text.wording import cut, one_line
from firstwire.core.watches.near_misses import AskedWatch
from firstwire.errors import ConfigError
from firstwire.explain.silent_watches import silent_lines, silent_watches, watches_in_force
from schemas.alert import Alert, Verdict
from schemas.article import Story
from schemas.codec import DecodeError, decode
from schemas.delivery import Delivery
from schemas.outcome import Outcome
from schemas.record import Record
from schemas.rules import RuleVersion
from schemas.takedown import Takedown

R = TypeVar("R", bound=Record)

SHORTEST_ID = 4
PASSAGE_CHARACTERS = 300


@dataclass
class Trail:
    """Everything on record about one alert or one article."""

    alert: Alert | None = None
    deliveries: list[Delivery] = field(default_factory=list)
    stories: list[Story] = field(default_factory=list)
    partners: list[Story] = field(default_factory=list)
    """Every revision of the articles with which `stories` were compared, in the topic's order."""
    outcomes: list[Outcome] = field(default_factory=list)
    verdicts: list[Verdict] = field(default_factory=list)
    watches: list[AskedWatch] = field(default_factory=list)
    """Those in force now; of an article that is not taken down."""
    taken_down: Takedown | None = None
    """Who took the article down; then it has no stories, and of an alert what quotes it is left out."""


async def find_trail(bootstrap_servers: str, prefix: str, wanted: str) -> Trail:
    """The trail of an alert id, an article id (or a prefix of either), or an article's URL.

    Raises ConfigError if nothing, or more than one thing, is found.
    """
    if len(wanted) < SHORTEST_ID:
        raise ConfigError(f"give at least {SHORTEST_ID} characters of the id", place=wanted)

    async def select(topic: str, kind: type[R], keep: Callable[[R], bool]) -> list[R]:
        kept = []
        async for record in read_all(bootstrap_servers, topic_name(prefix, topic)):
            try:
                value = decode(record.value, kind)
            except DecodeError:
                continue
            if keep(value):
                kept.append(value)
        return kept

    page = page_key(wanted)
    taken_down, raised, outcomes, stories = await asyncio.gather(
        read_takedowns(bootstrap_servers, prefix),
        select(ALERTS, Alert, lambda a: a.alert_id.startswith(wanted)),
        select(OUTCOMES, Outcome, lambda o: o.article_id.startswith(wanted)),
        select(
            STORIES, Story, lambda s: s.article_id.startswith(wanted) or (s.url is not None and page_key(s.url) == page)
        ),
    )
    alerts = {alert.alert_id: alert for alert in raised}
    # Several articles may stand on one page; a URL with the fragment of one means that one
    exact = canonical_url(wanted, keep_fragment=True)
    stories = [story for story in stories if story.url == exact] or stories
    articles = {outcome.article_id for outcome in outcomes} | {story.article_id for story in stories}
    if wanted in alerts or wanted in articles:  # a full id is not taken as the prefix of another
        alerts = {alert_id: alert for alert_id, alert in alerts.items() if alert_id == wanted}
        articles &= {wanted}
        outcomes = [outcome for outcome in outcomes if outcome.article_id == wanted]
        stories = [story for story in stories if story.article_id == wanted]
    if len(alerts) + len(articles) > 1:
        names = ", ".join([*alerts, *sorted(articles)][:6])
        raise ConfigError(f"{wanted!r} is ambiguous: {names}")
    if alerts:
        (alert_id, alert), *_ = alerts.items()
        verdicts, deliveries = await asyncio.gather(
            select(VERDICTS, Verdict, lambda v: v.alert_id == alert_id),
            select(DELIVERIES, Delivery, lambda d: d.alert_id == alert_id),
        )
        shown = redacted(alert, taken_down)
        if shown is None:
            raise ConfigError(f"all articles of the alert {alert_id} were taken down")
        return Trail(alert=shown, verdicts=verdicts, deliveries=_latest(deliveries))
    if articles:
        (article_id,) = articles
        if article_id in taken_down:
            return Trail(outcomes=outcomes, taken_down=taken_down[article_id])
        if not outcomes:
            outcomes = await select(OUTCOMES, Outcome, lambda o: o.article_id == article_id)
        verdicts = await select(VERDICTS, Verdict, lambda v: v.article_id == article_id)
        compared = {article_id for story in stories for article_id in _compared_with(story)}
        compared |= {verdict.partner for verdict in verdicts if verdict.partner is not None}
        partners = await select(STORIES, Story, lambda s: s.article_id in compared) if compared else []
        partners = [one for one in partners if one.article_id not in taken_down]
        versions = await select(RULES, RuleVersion, lambda v: v.kind == "watch") if stories else []
        watches = watches_in_force(sorted(versions, key=lambda v: v.release))
        return Trail(stories=stories, partners=partners, outcomes=outcomes, verdicts=verdicts, watches=watches)
    raise ConfigError(f"no alert and no article {wanted!r} on record")


def _compared_with(story: Story) -> list[str]:
    """The articles that a story names as its partners."""
    return [each for each in (story.copy_of, story.development_of, *story.retells) if each is not None]


def _latest(deliveries: list[Delivery]) -> list[Delivery]:
    """The newest state of each delivery: the topic may contain older ones until it is compacted."""
    return list({(one.revision, one.destination): one for one in deliveries}.values())


def trail_lines(trail: Trail, gazetteer: Gazetteer | None = None) -> list[str]:
    """The trail of an article as lines; the alert itself is rendered by the notifier's renderer.

    With a gazetteer also which watches in force do not match its newest revision, and why.
    """
    lines = []
    if (taken := trail.taken_down) is not None:
        reason = f": {taken.reason}" if taken.reason else ""
        lines.append(f"taken down {taken.made_at} by {taken.author}{reason}")
    for story in trail.stories:
        published = "publication date unknown" if story.published_at is None else f"published {story.published_at}"
        lines += [
            f"{story.title}",
            f"  article {story.article_id}, {story.relation} · story {story.story_id}",
            f"  {story.source or 'unknown outlet'} · {story.language} · {published} · fetched {story.fetched_at}",
            f"  {story.relation}: {story.reason}",
            *_partner_lines(story, trail.partners),
            *_news_lines(story, trail.partners),
        ]
    for outcome in trail.outcomes:
        judged = f" · rules of release {outcome.release}" if outcome.release else ""
        lines.append(f"outcome  {outcome.outcome}: {outcome.reason}{judged}")
        lines += [
            f"  {step.stage}: {step.verdict}{f' — {step.detail}' if step.detail else ''}" for step in outcome.trail
        ]
    for verdict in trail.verdicts:
        alert = f" · alert {verdict.alert_id[:12]}" if verdict.alert_id else ""
        lines.append(f"verdict  {verdict.rule_id} v{verdict.rule_version}: {verdict.verdict} — {verdict.reason}{alert}")
        if verdict.partner is not None:
            lines.append(f"  compared with {_named(verdict.partner, trail.partners)}")
    if not trail.verdicts and trail.outcomes and trail.taken_down is None:
        lines.append("verdict  none: no rule covers it")
    if gazetteer is not None and trail.stories:
        lines += silent_lines(silent_watches(trail.watches, trail.stories[-1], gazetteer))
    return lines


def _partner_lines(story: Story, partners: list[Story]) -> list[str]:
    """The article that it is a copy or update of, their similarity, and the words they share."""
    if story.copy_of is None:
        return []
    known = [one for one in partners if one.article_id == story.copy_of and one != story]
    if not known:
        return [f"    article {story.copy_of} is no longer on record"]
    partner = ([one for one in known if one.fetched_at <= story.fetched_at] or known)[-1]
    lines = [
        f"    “{one_line(partner.title)}” · article {partner.article_id} · {partner.source or 'unknown outlet'}"
        f" · fetched {partner.fetched_at}"
    ]
    alike = f"similarity {story.similarity:.2f}; " if story.similarity is not None else ""
    text, other = (one.body or one.summary or one.title for one in (story, partner))
    passage = longest_shared_passage(text, other)
    if passage is None:
        return [*lines, f"    {alike}no five words in a row are the same"]
    shared = cut(one_line(text[passage.start : passage.end]), PASSAGE_CHARACTERS)
    return [*lines, f"    {alike}{passage.words} words in a row are the same: “{shared}”"]


def _news_lines(story: Story, partners: list[Story]) -> list[str]:
    """What it adds to its story, what it carries on, and what it retells."""
    lines = [f"  news: {one_line(story.news)}"] if story.news else []
    if story.development_of is not None:
        lines.append(f"  carries on {_named(story.development_of, partners)}")
    return lines + [f"  retells {_named(article_id, partners)}" for article_id in story.retells]


def _named(article_id: str, partners: list[Story]) -> str:
    """An article by its title, id, outlet and time, as its newest revision has them."""
    known = [one for one in partners if one.article_id == article_id]
    if not known:
        return f"article {article_id}, no longer on record"
    newest = known[-1]
    outlet = newest.source or "unknown outlet"
    return f"“{one_line(newest.title)}” · article {article_id} · {outlet} · fetched {newest.fetched_at}"


def delivery_lines(deliveries: list[Delivery]) -> list[str]:
    """The deliveries of an alert, one per line."""
    if not deliveries:
        return ["delivery  none yet"]
    return [
        f"delivery  {one.destination}: {one.state}, attempt {one.attempt}, {one.result or 'not attempted yet'}"
        f"{f' at {one.attempted_at}' if one.attempted_at else ''}"
        for one in sorted(deliveries, key=lambda one: (one.destination, one.revision))
    ]
