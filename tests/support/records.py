"""Articles, events and rules for trying the judgements, with what a test does not care about filled in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import timedelta

import msgspec
from aiokafka.partitioner import DefaultPartitioner

from firstwire.core.alerts.alerting import Alerted, correct_alerts, raise_event_alerts
from firstwire.core.alerts.episodes import event_key
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.firsts.ledger import DAYS_KEPT, MONTHS_KEPT, Era, Seeds, with_act, with_correction
from firstwire.core.firsts.vouching import with_vouching
from firstwire.core.rules.rulebook import EventRule, Rulebook
from firstwire.core.state import apply_all
from firstwire.core.stories.deduplication import Deduplication, deduplicate
from firstwire.core.stories.memories import DeduplicationState
from schemas.alert import Alert
from schemas.article import Article
from schemas.event import Context, Event, Status
from schemas.ledger import Correction, LedgerActor, LedgerCorrection, LedgerPage, LedgerVouching, Says, Vouching
from schemas.record import Certainty, Entity, EntityKind, Span
from schemas.times import SINCE_EVER, shifted

DAY_ONE = "2025-07-03T00:00:00.000Z"
WINDOW = timedelta(hours=72)

TEXT = (
    "Moscow has accepted the credentials of a new ambassador of the government in Kabul, the foreign ministry said, "
    "and with that the Russian Federation becomes the only state that treats it as the lawful one since the year 2021."
)

TALIBAN_ERAS = (
    Era(id="1996-2001", since="1996-09-27", until="2001-11-13"),
    Era(id="since 2021-08-15", since="2021-08-15"),
)
ERA_NOW = TALIBAN_ERAS[-1].id


def at(hours: float = 0) -> str:
    """The time so many hours after day one."""
    return shifted(DAY_ONE, timedelta(hours=hours))


def article(
    article_id: str = "a",
    *,
    title: str = "Russia accepts the ambassador",
    body: str = TEXT,
    summary: str = "",
    hours: float = 0,
    source: str | None = "Reuters",
    language: str = "en",
    published: str | None = None,
    tags: tuple[str, ...] = (),
) -> Article:
    return Article(
        article_id=article_id,
        title=title,
        summary=summary,
        body=body,
        language=language,
        source=source,
        publisher_tags=tags,
        published_at=published or at(hours),
        fetched_at=at(hours),
    )


def read(state: DeduplicationState, *articles: Article) -> list[Deduplication]:
    """Deduplicate articles one after the other, each remembered before the next."""
    judged = []
    for one in articles:
        found = deduplicate(state, one)
        apply_all(state, found.changes)
        judged.append(found)
    return judged


def relations(*articles: Article, window: timedelta = WINDOW) -> list[str]:
    return [found.story.relation for found in read(DeduplicationState(window), *articles)]


def entity(name: str, kind: EntityKind = "nation") -> Entity:
    return Entity(id=name.lower().replace(" ", "-"), name=name, kind=kind)


TALIBAN = entity("Taliban", "organization")
RUSSIA, CHINA, IRAN, PAKISTAN = (entity(name) for name in ("Russia", "China", "Iran", "Pakistan"))


def event(
    *actors: Entity,
    action: str = "recognize",
    target: Entity | None = TALIBAN,
    article_id: str = "",
    date: str = "2025-07-03",
    hours: float = 0,
    status: Status = "asserted",
    claims_first: bool = False,
    ordinal: int | None = None,
    scope: str | None = None,
    since: str | None = None,
    strength: int = 300,
    source: str | None = "Reuters",
    origin: str | None = None,
    reason: str = "",
    tags: tuple[str, ...] = (),
    denied_by_actor: bool = False,
    withdrawn: str = "",
    certainty: Certainty = "sure",
) -> Event:
    article_id = article_id or f"{'-'.join(actor.id for actor in actors)}-{date}-{hours:g}"
    title = f"{' and '.join(actor.name for actor in actors)} act"
    return Event(
        event_id=f"event-of-{article_id}-{action}-{status}-{strength}",
        article_id=article_id,
        story_id=f"story-of-{article_id}",
        action=action,
        actors=actors,
        targets=(target,) if target else (),
        polarity="negated" if status == "negated" else "affirmed",
        status=status,
        claims_first=claims_first,
        ordinal=1 if claims_first and ordinal is None else ordinal,
        ordinal_scope=scope,
        ordinal_since=since,
        act_date=date,
        evidence=(Span(field="title", start=0, end=len(title), text=title),),
        strength=strength,
        reason=reason,
        denied_by_actor=denied_by_actor,
        withdrawn=withdrawn,
        certainty=certainty,
        context=Context(
            title=title,
            source=source,
            language="en",
            origin_id=origin or article_id,
            relation="new",
            tags=tags,
            published_at=f"{date}T00:00:00.000Z",
            fetched_at=at(hours),
        ),
    )


def undated(reported: Event) -> Event:
    """The same from an article without a date, whose text names no day."""
    context = msgspec.structs.replace(reported.context, published_at=None)
    return msgspec.structs.replace(reported, act_date=None, context=context)


FIRST_RULE = EventRule(
    id="first-to-recognize", action=("recognize",), novelty="first", severity="critical", max_age_seconds=None
)
ANY_RULE = EventRule(id="every-recognition", action=("recognize",), max_age_seconds=None)


def rulebook(*rules: EventRule) -> Rulebook:
    return Rulebook(events=rules)


def seeds(
    *acts: tuple[Entity, str],
    target: str = "taliban",
    action: str = "recognize",
    vouched_until: str | None = "2025-12-31",
) -> Seeds:
    """A ledger that knows these acts on the Taliban, whose eras are known, and vouches that there are no others."""
    born = Seeds(eras={"taliban": TALIBAN_ERAS})
    page = LedgerPage(action=action, target=target)
    if vouched_until is not None:
        page = with_vouching(page, vouched(vouched_until))
    for actor, date in acts:
        page = with_act(
            page,
            LedgerActor(
                actor=actor.id,
                name=actor.name,
                kind=actor.kind,
                era=born.era_of(target, date),
                date=date,
                known_at=SINCE_EVER,
                sources=("public record",),
            ),
        )
    return Seeds(pages={(action, target): page}, eras=born.eras)


def vouched(until: str | None, *, hours: float | None = None) -> Vouching:
    """That a list is whole up to a day, as the ledger was seeded, or by hand so many hours after day one."""
    made_at = SINCE_EVER if hours is None else at(hours)
    return Vouching(id=f"{until} {made_at}", until=until, source="public record", made_at=made_at)


def act(actor: Entity, date: str, *, era: str = ERA_NOW, hours: float = 0, source: str = "Reuters") -> LedgerActor:
    return LedgerActor(
        actor=actor.id, name=actor.name, kind=actor.kind, era=era, date=date, known_at=at(hours), sources=(source,)
    )


def page_of(*acts: LedgerActor, target: str = "taliban") -> LedgerPage:
    page = LedgerPage(action="recognize", target=target)
    for one in acts:
        page = with_act(page, one)
    return page


def corrected_page() -> LedgerPage:
    """China reported and removed by hand, Iran added by hand, Russia reported."""
    page = page_of(act(RUSSIA, "2025-07-03"), act(CHINA, "2025-06-01"))
    page = with_correction(page, by_hand(CHINA, "did_not", "2025-07-19", hours=20).correction)
    return with_correction(page, by_hand(IRAN, "did", "2025-07-10", hours=30).correction)


def kept_days(reported: Iterable[str]) -> list[str]:
    """The days of an act that the ledger keeps, read naively: the first ones, and the first of each month."""
    days = sorted(set(reported))
    firsts = [day for at, day in enumerate(days) if at == 0 or days[at - 1][:7] != day[:7]]
    return sorted({*days[:DAYS_KEPT], *firsts[:MONTHS_KEPT]})


def by_hand(
    actor: Entity,
    says: Says = "did",
    date: str = "2025-07-01",
    *,
    hours: float = 0,
    era: str = "since 2021-08-15",
    action: str = "recognize",
    target: str = "taliban",
) -> LedgerCorrection:
    """A correction of the ledger, made so many hours after day one."""
    correction = Correction(
        id=f"{action} {target} {actor.id} {era} {says} {date} {hours:g}",
        actor=actor.id,
        name=actor.name,
        kind=actor.kind,
        era=era,
        says=says,
        date=date,
        source="the archive",
        made_at=at(hours),
    )
    return LedgerCorrection(action=action, target=target, correction=correction)


Told = Event | LedgerCorrection | LedgerVouching


def run(state: EventAlertState, told: Iterable[Told], *rules: EventRule) -> list[Alerted]:
    """Judge events and corrections one after the other, each remembered before the next."""
    alerted = []
    for one in told:
        judge = correct_alerts if isinstance(one, LedgerCorrection | LedgerVouching) else raise_event_alerts
        found = judge(state, one, rulebook(*rules))  # type: ignore[arg-type]
        apply_all(state, found.changes)
        alerted.append(found)
    return alerted


def final_alerts(told: Iterable[Told], *rules: EventRule, born: Seeds | None = None) -> dict[str, Alert]:
    """The state in which every alert ends, by id."""
    alerted = run(EventAlertState(born or seeds()), told, *rules)
    return {alert.alert_id: alert for found in alerted for alert in found.alerts}


def ended_in_any_order(told: Sequence[Told], order: object, *rules: EventRule, born: Seeds | None = None) -> set[str]:
    """Tell it in the order given and shuffled by `order`. What is raised in both must end the same; the states in which
    those end that are raised in one order only.
    """
    shuffled = list(told)
    order.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = final_alerts(told, *rules, born=born), final_alerts(shuffled, *rules, born=born)
    assert {key: one[key] for key in one.keys() & other.keys()} == {
        key: other[key] for key in one.keys() & other.keys()
    }
    return {(one | other)[key].state for key in one.keys() ^ other.keys()}


def states_by_actor(alerts: dict[str, Alert]) -> dict[str, str]:
    return {alert.subject.actor or "": alert.state for alert in alerts.values()}


def partition_of(action: str, count: int = 4) -> int:
    """The partition of so many that judges an action on the Taliban."""
    found: int = DefaultPartitioner()(event_key(action, TALIBAN.id).encode(), [*range(count)], [])
    return found
