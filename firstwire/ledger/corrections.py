"""Corrections by hand: checked against the ledger, and sent to the worker that owns the page and alone writes it."""

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
"""A removal up to this day removes nothing: all reports count again."""


def addition(
    page: LedgerPage, actor: Entity, day: str, *, source: str, now: str, seeds: Seeds, era: str | None = None
) -> LedgerCorrection:
    """An act that was never reported. Raises ConfigError if the actor already has one in that era."""
    _check_day(day)
    era = _checked_era(seeds, page.target, era) or seeds.era_of(page.target, day)
    held = known_act(current_page(page), actor.id, era)
    if held is not None:
        raise ConfigError(f"{held.name} is listed already, on {held.date}: firstwire ledger correct … --date {day}")
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
    """Another day for an actor's act, or (without `day`) its removal: reports of acts up to `until` are ignored.

    Raises ConfigError if nothing is on record of the actor, or acts in several eras and no `era` is given.
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
        raise ConfigError(f"{actor!r} is listed in several eras, choose one with --era: {', '.join(sorted(held))}")
    ((found_era, entity),) = held.items()
    if day is not None:
        return _sent(page, entity, found_era, "did", day, source, now)
    return _sent(page, entity, found_era, "did_not", until or now[:10], source, now)


async def publish(bootstrap_servers: str, prefix: str, sent: LedgerCorrection) -> None:
    """Send a correction through the topic of events: to the worker that owns the page, in order with its events."""
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
        raise ConfigError("give the source of this knowledge: --source")
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
        raise ConfigError(f"{day!r} is not a valid date; write it like 2025-07-03")
