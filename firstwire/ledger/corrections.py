"""Corrections by hand: planned against what is known, and sent to the owner of the page, who alone writes it."""

from __future__ import annotations

from datetime import date

from firstwire.broker.producer import ConfirmedProducer, Message
from firstwire.broker.topics import EVENTS, topic_name
from firstwire.core.alerts.episodes import event_key
from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import WHOLE_TIME, Seeds, known_act
from firstwire.core.text.digest import digest
from firstwire.errors import ConfigError
from schemas.codec import encode
from schemas.ledger import Correction, LedgerActor, LedgerCorrection, LedgerPage, Says
from schemas.record import Entity
from schemas.times import to_milliseconds

BEFORE_ALL = "0001-01-01"
"""A removal up to this day removes nothing: reports count again as they came."""


def addition(
    page: LedgerPage, actor: Entity, day: str, *, source: str, now: str, seeds: Seeds, era: str | None = None
) -> LedgerCorrection:
    """An act that nobody has reported. ConfigError if one of the actor stands in that era already."""
    _check_day(day)
    era = _checked_era(seeds, page.target, era) or seeds.era_of(page.target, day)
    held = known_act(current_page(page), actor.id, era)
    if held is not None:
        raise ConfigError(f"{held.name} stands there already, on {held.date}: firstwire ledger correct … --date {day}")
    return _sent(page, actor, era, "did", day, source, now)


def change(
    page: LedgerPage,
    actor: str,
    *,
    source: str,
    now: str,
    seeds: Seeds,
    day: str | None = None,
    until: str | None = None,
    era: str | None = None,
) -> LedgerCorrection:
    """Another day for an actor's act, or (without a `day`) that it did not happen, whatever is reported up to `until`.

    ConfigError if nothing is on record of the actor, or something in several eras and none is named.
    """
    era = _checked_era(seeds, page.target, era)
    for given in filter(None, (day, until)):
        _check_day(given)
    on_record: list[LedgerActor | Correction] = [*page.corrections, *page.actors]
    held = {
        each.era: Entity(id=each.actor, name=each.name, kind=each.kind)
        for each in on_record
        if each.actor == actor and era in (None, each.era)
    }
    if not held:
        raise ConfigError(f"nothing on record of {actor!r} there; firstwire ledger show {page.action} {page.target}")
    if len(held) > 1:
        raise ConfigError(f"{actor!r} stands in several eras, say which with --era: {', '.join(sorted(held))}")
    ((found_era, entity),) = held.items()
    if day is not None:
        return _sent(page, entity, found_era, "did", day, source, now)
    return _sent(page, entity, found_era, "did_not", until or now[:10], source, now)


async def publish(bootstrap_servers: str, prefix: str, sent: LedgerCorrection) -> None:
    """Send a correction the way of the events on its page: to the one worker that keeps it, in their order."""
    producer = ConfirmedProducer(bootstrap_servers)
    await producer.start()
    try:
        await producer.send(
            Message(
                topic=topic_name(prefix, EVENTS),
                key=event_key(sent.action, sent.target),
                value=encode(sent),
                timestamp_ms=to_milliseconds(sent.correction.made_at),
            )
        )
    finally:
        await producer.stop()


def _sent(page: LedgerPage, actor: Entity, era: str, says: Says, day: str, source: str, now: str) -> LedgerCorrection:
    if not source.strip():
        raise ConfigError("say where it is known from: --source")
    correction = Correction(
        id=digest("correction", page.action, page.target, actor.id, era, says, day, source, now),
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        says=says,
        date=day,
        source=source.strip(),
        made_at=now,
    )
    return LedgerCorrection(action=page.action, target=page.target, correction=correction)


def _checked_era(seeds: Seeds, target: str, era: str | None) -> str | None:
    known = [each.id for each in seeds.eras.get(target, ())] or [WHOLE_TIME]
    if era is not None and era not in known:
        raise ConfigError(f"{target!r} has no era {era!r}; it has {', '.join(known)}")
    return era


def _check_day(day: str) -> None:
    try:
        is_day = date.fromisoformat(day).isoformat() == day
    except ValueError:
        is_day = False
    if not is_day:
        raise ConfigError(f"{day!r} is no day of the calendar; write it like 2025-07-03")
