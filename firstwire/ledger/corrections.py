"""Corrections and vouchings by hand: checked, and sent to the worker that owns the page and alone writes it."""

from __future__ import annotations

from datetime import date

from firstwire.broker.producer import Message, open_producer
from firstwire.broker.topics import EVENTS, topic_name
from firstwire.core.alerts.episodes import event_key
from firstwire.core.firsts.current_page import current_page
from firstwire.core.firsts.ledger import WHOLE_TIME, Seeds, known_act
from firstwire.core.firsts.vouching import vouching_in_force
from firstwire.core.text.digest import digest
from firstwire.errors import ConfigError
from schemas.codec import encode
from schemas.ledger import (
    Correction,
    LedgerActor,
    LedgerCorrection,
    LedgerPage,
    LedgerVouching,
    Says,
    Vouching,
)
from schemas.record import Entity
from schemas.times import to_milliseconds

BEFORE_ALL = "0001-01-01"
"""A removal up to this day removes nothing: all reports count again."""


def addition(
    page: LedgerPage, actor: Entity, day: str, *, source: str, now: str, seeds: Seeds, era: str | None = None
) -> LedgerCorrection:
    """An act that was never reported. Raises ConfigError if the actor already has one in that era, and for a day
    outside the era or in the future.
    """
    _check_past(day, now)
    era = _checked_era(seeds, page.target, era) or _era_of(seeds, page.target, day)
    if (outside := _outside(seeds, page.target, era, day)) is not None:
        raise ConfigError(f"{outside}; leave the era out, and it is that of the day")
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

    Raises ConfigError if nothing is on record of the actor, or acts in several eras and no `era` is given; for a day
    outside the act's era or in the future.
    """
    era = _checked_era(seeds, page.target, era)
    if until is not None:
        _check_day(until)
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
        _check_past(day, now)
        if (outside := _outside(seeds, page.target, found_era, day)) is not None:
            command = f"firstwire ledger add {page.action} {entity.id} {page.target} {day} --source …"
            raise ConfigError(f"{outside}; if it was an act of another era, add it there: {command}")
        return _sent(page, entity, found_era, "did", day, source, now)
    return _sent(page, entity, found_era, "did_not", until or now[:10], source, now)


def vouching(action: str, target: str, until: str | None, *, source: str, now: str, page: LedgerPage) -> LedgerVouching:
    """That a page's list of actors is whole up to a day or, with None, that nobody vouches for it any longer.

    Raises ConfigError for a day that is none or in the future, and if there is nothing to take back.
    """
    if until is not None:
        _check_day(until)
        if until > now[:10]:
            raise ConfigError(f"{until} is in the future: nobody can know yet who will have done it by then")
    elif vouching_in_force(page) is None:
        raise ConfigError(f"nobody vouches for {action} {target}")
    source = _checked_source(source)
    identity = digest("vouching", action, target, until or "", source, now)
    vouched = Vouching(id=identity, until=until, source=source, made_at=now)
    return LedgerVouching(action=action, target=target, vouching=vouched)


async def publish(bootstrap_servers: str, prefix: str, *sent: LedgerCorrection | LedgerVouching) -> None:
    """Send them through the topic of events: to the worker that owns the page, in order with its events."""
    async with open_producer(bootstrap_servers) as producer:
        await producer.send_all(
            Message(
                topic=topic_name(prefix, EVENTS),
                key=event_key(each.action, each.target),
                value=encode(each),
                timestamp_ms=to_milliseconds(each.made_at),
            )
            for each in sent
        )


def _sent(page: LedgerPage, actor: Entity, era: str, says: Says, day: str, source: str, now: str) -> LedgerCorrection:
    source = _checked_source(source)
    correction = Correction(
        id=digest("correction", page.action, page.target, actor.id, era, says, day, source, now),
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        says=says,
        date=day,
        source=source,
        made_at=now,
    )
    return LedgerCorrection(action=page.action, target=page.target, correction=correction)


def _checked_era(seeds: Seeds, target: str, era: str | None) -> str | None:
    known = [each.id for each in seeds.eras.get(target, ())] or [WHOLE_TIME]
    if era is not None and era not in known:
        raise ConfigError(f"{target!r} has no era {era!r}; it has {', '.join(known)}")
    return era


def _era_of(seeds: Seeds, target: str, day: str) -> str:
    """The era in which a day lies. Raises ConfigError for a day between eras: it would be guessed."""
    eras = seeds.eras.get(target, ())
    found = next((era.id for era in eras if era.since <= day and (era.until is None or day < era.until)), None)
    if found is None and eras:
        spans = "; ".join(f"{era.id}: {era.since} to {era.until or 'now'}" for era in eras)
        raise ConfigError(f"{day} is in no era of {target!r} ({spans}); correct the day")
    return found or WHOLE_TIME


def _outside(seeds: Seeds, target: str, era_id: str, day: str) -> str | None:
    """What is wrong with a day that is not in an era of a target; None if it is in it."""
    era = next((each for each in seeds.eras.get(target, ()) if each.id == era_id), None)
    if era is None or (era.since <= day and (era.until is None or day < era.until)):
        return None
    return f"{day} is not in the era {era.id!r} of {target!r} ({era.since} to {era.until or 'now'})"


def _checked_source(source: str) -> str:
    if not source.strip():
        raise ConfigError("give the source of this knowledge: --source")
    return source.strip()


def _check_past(day: str, now: str) -> None:
    _check_day(day)
    if day > now[:10]:
        raise ConfigError(f"{day} is in the future: the ledger holds what was done")


def _check_day(day: str) -> None:
    try:
        is_day = date.fromisoformat(day).isoformat() == day
    except ValueError:
        is_day = False
    if not is_day:
        raise ConfigError(f"{day!r} is not a valid date; write it like 2025-07-03")
