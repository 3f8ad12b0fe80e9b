"""The matches of an article as records: where each is judged, and how many stand together."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from aiokafka.partitioner import DefaultPartitioner

from agents.alert import AlertOnMatches
from agents.matches import LIMIT_BYTES, WATCHES_KEPT_TOGETHER, matches_in, placed
from agents.stage import Writer
from firstwire.broker.topics import ALERTS, VERDICTS
from firstwire.core.alerts.states import WatchAlertState
from schemas.codec import encode
from schemas.event import Match, MatchedWatch
from schemas.record import Span
from tests.support.producer import PREFIX, FakeProducer, batch, guarded, partition, record
from tests.support.records import RUSSIA, event

CONTEXT = event(RUSSIA).context
_partition_of = DefaultPartitioner()


def match(number: int, **fields: object) -> Match:
    return msgspec.structs.replace(
        Match(
            article_id="a",
            story_id="s",
            rule_id=f"watch-{number}",
            severity="critical",
            tell="all",
            tags=("kept",),
            evidence=(Span(field="title", start=0, end=6, text="Russia"),),
            development_of="x",
            news="31 dead",
            retells=("b",),
            context=CONTEXT,
        ),
        **fields,
    )


@pytest.mark.parametrize("partitions", [1, 2, 7])
def test_every_match_stands_once_where_its_watch_and_story_are_judged(partitions: int) -> None:
    matches = [match(number) for number in range(60)]
    numbers = list(range(partitions))
    found: Counter[str] = Counter()
    for number, value in placed(matches, partitions):
        together = matches_in(value)
        for watch in together.watches:
            assert _partition_of(f"{watch.rule_id}:s".encode(), numbers, numbers) == number
        found.update(watch.rule_id for watch in together.watches)
    assert found == Counter(one.rule_id for one in matches)
    assert len(list(placed(matches, partitions))) == partitions


def test_nothing_of_a_match_is_lost() -> None:
    ((_, value),) = placed([match(1, shadow=True, held_back="too old", rule_version=3)], 4)
    together = matches_in(value)
    one = match(1, shadow=True, held_back="too old", rule_version=3)
    for name in MatchedWatch.__struct_fields__:
        assert getattr(together.watches[0], name) == getattr(one, name)
    for name in together.__struct_fields__:
        assert name in ("watches", "version") or getattr(together, name) == getattr(one, name)
    assert matches_in(encode(one)) == together  # as an earlier version wrote it


def test_many_watches_and_long_evidence_are_split_and_the_order_kept() -> None:
    matches = [match(number) for number in range(3 * WATCHES_KEPT_TOGETHER)]
    records = [matches_in(value) for _, value in placed(matches, 1)]
    assert max(len(each.watches) for each in records) <= WATCHES_KEPT_TOGETHER
    assert [watch.rule_id for each in records for watch in each.watches] == [one.rule_id for one in matches]
    long = Span(field="body", start=0, end=1, text="x" * 50_000)
    values = [value for _, value in placed([match(number, evidence=(long,)) for number in range(20)], 1)]
    assert max(map(len, values)) <= LIMIT_BYTES
    assert [watch.rule_id for value in values for watch in matches_in(value).watches] == [
        f"watch-{number}" for number in range(20)
    ]
    over = Span(field="body", start=0, end=1, text="x" * (LIMIT_BYTES + 1))
    assert len(list(placed([match(number, evidence=(over,)) for number in range(2)], 1))) == 2


async def test_every_watch_gets_its_alert_and_its_verdict() -> None:
    producer = FakeProducer()
    values = [value for _, value in placed([match(number) for number in range(50)], 1)]
    one = batch(partition(WatchAlertState(), producer), [record(0, values[0])])
    _, exits = await guarded(AlertOnMatches(Writer(PREFIX)), one)
    assert exits.codes == []
    assert (len(producer.sent_to(ALERTS)), len(producer.sent_to(VERDICTS))) == (50, 50)
    assert len(producer.sent_to("watch-state")) == 1
    assert len({message.key for message in producer.sent_to(VERDICTS)}) == 50
