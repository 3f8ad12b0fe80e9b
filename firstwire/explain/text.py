"""`firstwire explain --text`: entities and events in a text, and the verdicts of the rules. Stores nothing."""

from __future__ import annotations

import textwrap
from dataclasses import replace
from datetime import timedelta

from firstwire.core.entities.gazetteer import Gazetteer, Mention
from firstwire.core.entities.mentions import find_mentions
from firstwire.core.events.reading import is_english, is_worth_a_parse, sentences_of, stages_of
from firstwire.core.events.triggers import may_tell, may_tell_act, may_tell_rank
from firstwire.core.events.unparsed_reading import language_of_text, unparsed_stages
from firstwire.core.firsts.ledger import Seeds
from firstwire.core.pipeline import Knowledge
from firstwire.core.routes.receipts import receipt_of
from firstwire.core.text.sentences import split_sentences
from firstwire.core.text.wording import cut, one_line
from firstwire.core.watches.near_misses import NearMisses
from firstwire.explain.silent_watches import silent_lines, silent_watches, watches_of
from firstwire.notifier.rendering import parts_of, plain_lines
from firstwire.replay.run import Replayed, replay
from schemas.alert import Alert, Verdict
from schemas.article import Article
from schemas.event import Event
from schemas.outcome import Step
from schemas.record import Span

SHOWN_CHARACTERS = 160
NOT_TRIGGERED = "no word that triggers detection of an event"
UNREAD = "not read: it names nobody, its words tell of no act or first, or it stands too far behind"
"""Of a sentence in a language that no parser reads."""


def text_lines(text: str, knowledge: Knowledge, seeds: Seeds, *, language: str, at: str) -> list[str]:
    """Lines that explain a text, of any length, as the title of an article published at `at`."""
    return explained_text(text, knowledge, seeds, language=language, at=at)[0]


def explained_text(
    text: str, knowledge: Knowledge, seeds: Seeds, *, language: str, at: str
) -> tuple[list[str], NearMisses]:
    """The same, with the watches that did not match as values."""
    article = Article(article_id="text", title=text, language=language, published_at=at, fetched_at=at)
    found = replay([article], knowledge, seeds, timedelta(hours=1))
    read_as = language_of_text(article)
    read = "" if read_as == language else f", read as {read_as}"
    lines = [f"language  {language}{read}, published {at[:10]}", *_entities(knowledge.gazetteer, text)]
    stages = _stages(article, read_as, knowledge)
    is_unparsed = read_as in knowledge.reading.unparsed.languages
    is_read = is_english(text, article) and not is_unparsed
    unread = UNREAD if is_unparsed else NOT_TRIGGERED
    for number, (start, end) in enumerate(split_sentences(text), start=1):
        told = stages.get(number, [])
        lines += [
            *_sentence(text, number, start, end, found, is_read=is_read, is_looked_at=bool(told), unread=unread),
            *told,
        ]
    (outcome,) = found.outcomes
    lines += [f"reading  {one_line(f'{step.verdict}: {step.detail}')}" for step in outcome.trail if _is_reading(step)]
    lines.append(f"outcome  {outcome.outcome}: {outcome.reason}")
    for verdict in found.verdicts:
        of = _of_several(verdict, found.verdicts, knowledge.gazetteer)
        lines.append(f"verdict  {verdict.rule_id} v{verdict.rule_version}{of}: {verdict.verdict} — {verdict.reason}")
    if not found.verdicts:
        lines.append("verdict  none: no rule covers it")
    (story,) = found.stories
    silent = silent_watches(watches_of(knowledge.rules.at(at)), story, knowledge.gazetteer)
    lines += silent_lines(silent)
    for alert in found.alerts.values():
        lines += ["", *_alert(alert)]
    return lines, silent


def _stages(article: Article, language: str, knowledge: Knowledge) -> dict[int, list[str]]:
    """By number of sentence, from 1: what the readings made of those that they read."""
    reading = knowledge.reading
    if language in reading.unparsed.languages:
        mentions = find_mentions(article, knowledge.gazetteer)
        stages = unparsed_stages(article, mentions, language, reading.unparsed)
        return {sentence.number + 1: [f"      {one_line(line)}" for line in lines] for sentence, lines in stages}
    return {
        sentence.number + 1: [
            f"      {one_line(line)}"
            for line in stages_of(sentence, context, article.published_at or article.fetched_at, reading)
        ]
        for sentence, context in sentences_of(article, knowledge.gazetteer)
        if is_worth_a_parse(sentence, context, reading, is_triggered=may_tell(sentence.text))
    }


def _is_reading(step: Step) -> bool:
    return step.stage == "analyze" and step.verdict != "no event" and bool(step.detail)


def wrapped(line: str, width: int) -> list[str]:
    """A line as rows of at most `width` code points, continuation rows indented further."""
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    rows = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return rows or [""]


def _of_several(verdict: Verdict, verdicts: list[Verdict], gazetteer: Gazetteer) -> str:
    """The actor of a verdict, if its event has verdicts on several acts."""
    acts = {(each.target, each.actor) for each in verdicts if each.event_id == verdict.event_id}
    if verdict.actor is None or len(acts) < 2:
        return ""
    actor = gazetteer.entity(verdict.actor)
    return f", {actor.name if actor is not None else verdict.actor}"


def _entities(gazetteer: Gazetteer, text: str) -> list[str]:
    named: dict[str, list[Mention]] = {}
    for mention in gazetteer.find(text):
        named.setdefault(mention.entity.id, []).append(mention)
    if not named:
        return ["entities  none known"]
    return [f"entity  {_entity(mentions)}" for mentions in named.values()]


def _entity(mentions: list[Mention]) -> str:
    first = mentions[0]
    written = ", ".join(dict.fromkeys(f"“{one_line(mention.text)}” ({mention.role})" for mention in mentions))
    acts = f", acts for {first.nation.name}" if first.nation is not None else ""
    return f"{first.entity.name} · {first.entity.id}, {first.entity.kind}{acts} · {written}"


def _sentence(
    text: str, number: int, start: int, end: int, found: Replayed, *, is_read: bool, is_looked_at: bool, unread: str
) -> list[str]:
    triggers = ["an act between states"] if is_read and may_tell_act(text[start:end]) else []
    triggers += ["a rank"] if is_read and may_tell_rank(text[start:end]) else []
    lines = [f"sentence {number}  “{cut(one_line(text[start:end]), SHOWN_CHARACTERS)}”"]
    events: list[str] = []
    for event in found.events:
        spans = [span for span in event.evidence if start <= span.start < end]
        if spans:
            events += _event(event, spans)
    if triggers:
        lines.append(f"    mentions {' and '.join(triggers)}")
    elif is_looked_at and is_read:
        lines.append("    no word that triggers detection alone, but its words together may tell something")
    elif not (events or is_looked_at):
        lines.append(f"    {unread}")
    return lines + events


def _event(event: Event, spans: list[Span]) -> list[str]:
    actors = ", ".join(actor.name for actor in event.actors) or "no actor named"
    targets = ", ".join(target.name for target in event.targets) or "no target named"
    status = event.reason or event.status
    dated = "date unknown" if event.act_date is None else f"dated {event.act_date}"
    where = f" · in {one_line(event.place)}" if event.place else ""
    lines = [f"    event  {actors} → {event.action} → {targets} · {status} · {event.certainty} · {dated}{where}"]
    if event.ordinal is not None:
        scope = f", of: {event.ordinal_scope}" if event.ordinal_scope else ""
        claim = "claims to be the first" if event.claims_first else f"ranked number {event.ordinal}"
        lines.append(f"      {claim}{scope}")
    words = " … ".join(cut(one_line(span.text), SHOWN_CHARACTERS) for span in spans)
    return [*lines, f"      evidence  {words}"]


def _alert(alert: Alert) -> list[str]:
    # The alert is not stored, so nothing finds it by its id
    lines = plain_lines(replace(parts_of(alert, receipt_of(alert, ())), alert_id=""))
    return [*lines, "shadow rule: the alert is recorded, nobody is notified"] if alert.shadow else lines
