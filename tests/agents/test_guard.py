"""The guard: poison is put away, the transient tried again, all else ends the process with nothing written."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import orjson
import pytest
from prometheus_client import CollectorRegistry

from agents.alert import AlertOnEvents
from agents.analyze import Analyze
from agents.batch import Batch
from agents.deduplicate import Deduplicate
from agents.guard import ATTEMPTS_LIMIT
from agents.source import Source
from agents.stage import Judged, Writer, handed_on_ms
from agents.wiring import Wiring
from firstwire.broker.commit_notes import Noted, Suspect
from firstwire.broker.dead_letters import VALUE_LIMIT_BYTES
from firstwire.broker.reader import Received
from firstwire.broker.topics import ALERT_STATE, DEAD_LETTERS, DEDUPLICATE_STATE, OUTCOMES, STORIES
from firstwire.broker.transaction import UnsettledError
from firstwire.core.alerts.states import EventAlertState
from firstwire.core.state import Change, State
from firstwire.core.stories.news_state import NewsState
from firstwire.errors import EXIT_FATAL, FatalError, PoisonError, TransientError
from firstwire.metrics import StageMetrics
from schemas.codec import RECORD_LIMIT_BYTES, DecodeError, RecordTooLargeError, decode, encode
from schemas.outcome import DeadLetter, Outcome
from schemas.times import to_milliseconds
from tests.fakes.stages import Counted, PassOn
from tests.support.exits import Exits
from tests.support.knowledge import knowledge_of, story_knowledge
from tests.support.producer import NOW, PREFIX, FakeProducer, batch, guarded, partition, record, values
from tests.support.records import FIRST_RULE, RUSSIA, article, event, rulebook, seeds

WRITER = Writer(PREFIX)
WIRING = Wiring(clock=lambda: NOW, leave=Exits(SystemExit).leave)


def metrics() -> StageMetrics:
    return StageMetrics(CollectorRegistry())


def failing(on: bytes, *errors: BaseException) -> Callable[[Received], None]:
    """Raises the errors one after the other when the record with this value comes."""
    left: Iterator[BaseException] = iter(errors)

    def fail(one: Received) -> None:
        if one.value == on:
            error = next(left, None)
            if error is not None:
                raise error

    return fail


def numbered(count: int) -> list[Received]:
    return [record(offset, f"n{offset}".encode()) for offset in range(count)]


def letters(producer: FakeProducer) -> list[DeadLetter]:
    return [decode(message.value, DeadLetter) for message in producer.sent_to(DEAD_LETTERS)]


def outcomes(producer: FakeProducer) -> list[Outcome]:
    return [decode(message.value, Outcome) for message in producer.sent_to(OUTCOMES)]


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agents.guard.FIRST_BACKOFF_SECONDS", 0.0)


async def test_judged_records_are_written_with_their_state_and_offset() -> None:
    producer, state = FakeProducer(), Counted()
    one = batch(partition(state, producer), numbered(3))
    _, exits = await guarded(PassOn(PREFIX), one)
    assert values(producer.sent_to(STORIES)) == [b"n0", b"n1", b"n2"]
    assert [message.partition for message in producer.sent_to(DEDUPLICATE_STATE)] == [0, 0, 0]
    assert (len(producer.committed), await one.done, exits.codes) == (1, 3, [])


@pytest.mark.parametrize(
    "error", [PoisonError("no title"), DecodeError("not JSON"), RecordTooLargeError("too large")], ids=repr
)
async def test_poison_is_a_dead_letter_in_the_same_transaction_and_the_rest_goes_on(error: Exception) -> None:
    producer, state = FakeProducer(), Counted()
    one = batch(partition(state, producer), numbered(3))
    guard, exits = await guarded(PassOn(PREFIX, failing(b"n1", error)), one)
    assert values(producer.sent_to(STORIES)) == [b"n0", b"n2"]
    (letter,) = letters(producer)
    assert (letter.error, letter.place.offset, letter.attempts, letter.value_bytes) == (str(error), 1, 1, 2)
    assert (len(producer.committed), set(state.seen), await one.done, exits.codes) == (1, {"n0", "n2"}, 3, [])
    assert guard.counts["deduplicate"].poison == 1


@pytest.mark.parametrize(
    "value",
    [None, b"", b"nonsense", b"[]", b"{}", b'{"schema":"story"}', b'{"title":"\\ud800"}', b"\xff", b"x" * 200_000],
)
async def test_an_article_that_cannot_be_decoded_ends_as_dead_letter_and_outcome(value: bytes | None) -> None:
    producer = FakeProducer()
    state = NewsState(timedelta(hours=72))
    good = record(1, encode(article()))
    one = batch(partition(state, producer), [record(0, value), good])
    _, exits = await guarded(Deduplicate(WRITER, timedelta(hours=72), story_knowledge()), one)
    (letter,) = letters(producer)
    assert letter.value_bytes == len(value or b"")
    assert len(letter.value_base64 or "") <= VALUE_LIMIT_BYTES * 4 / 3 + 4
    (outcome,) = outcomes(producer)
    assert (outcome.outcome, outcome.place and outcome.place.offset) == ("rejected", 0)
    assert (len(producer.sent_to(STORIES)), list(state.articles.articles), exits.codes) == (1, ["a"], [])
    assert len(producer.committed) == 1


async def test_a_story_that_cannot_be_decoded_ends_as_dead_letter_and_outcome() -> None:
    producer = FakeProducer()
    stage = Analyze(WRITER, knowledge_of(rulebook()), 4)
    told = record(4, b'{"schema":"story","article_id":"x"}', (("article_place", b"2:17"),))
    _, exits = await guarded(stage, batch(partition(stage.new_state(), producer, next_offset=4), [told]))
    (outcome,) = outcomes(producer)
    assert outcome.place is not None
    assert (outcome.outcome, outcome.place.partition, outcome.place.offset) == ("rejected", 2, 17)
    assert (len(letters(producer)), exits.codes) == (1, [])


async def test_a_transient_failure_takes_everything_back_and_is_tried_again_in_place() -> None:
    producer, state = FakeProducer(), Counted()
    seen_by_state: list[set[str]] = []
    fail = failing(b"n2", TransientError("unwell"), TransientError("still unwell"))

    def watch(one: Received) -> None:
        if one.value == b"n0":
            seen_by_state.append(set(state.seen))
        fail(one)

    one = batch(partition(state, producer), numbered(3))
    guard, exits = await guarded(PassOn(PREFIX, watch), one)
    assert seen_by_state == [set(), set(), set()]
    assert values(producer.sent_to(STORIES)) == [b"n0", b"n1", b"n2"]
    assert (producer.calls.count("begin"), guard.counts["deduplicate"].retried, exits.codes) == (1, 2, [])


async def test_a_commit_that_fails_for_now_is_tried_again_and_nothing_is_doubled() -> None:
    producer, state = FakeProducer([TransientError("no replicas"), TransientError("again")]), Counted()
    one = batch(partition(state, producer), numbered(2))
    _, exits = await guarded(PassOn(PREFIX), one)
    assert producer.calls.count("abort") == 2
    assert (values(producer.sent_to(STORIES)), await one.done, exits.codes) == ([b"n0", b"n1"], 2, [])


@pytest.mark.parametrize("error", [ZeroDivisionError(), KeyError("x"), RecursionError(), AssertionError()], ids=repr)
async def test_an_unknown_error_blames_its_record_and_leaves_with_nothing_written(error: Exception) -> None:
    producer, state = FakeProducer(), Counted()
    part = partition(state, producer)
    one = batch(part, numbered(3))
    _, exits = await guarded(PassOn(PREFIX, failing(b"n1", error)), one)
    assert exits.codes == [EXIT_FATAL]
    assert (producer.sent, state.seen, part.next_offset) == ([], {}, 0)
    (noted,) = producer.offsets
    assert (noted.offset, Noted.read(noted.metadata).named()) == (0, Suspect(1, 1))
    assert isinstance(one.done.exception(), FatalError)


@pytest.mark.parametrize("error", [MemoryError(), OSError(28, "No space left on device"), TimeoutError()], ids=repr)
async def test_running_out_of_memory_or_disk_leaves_and_blames_nobody(error: Exception) -> None:
    producer, state = FakeProducer(), Counted()
    _, exits = await guarded(PassOn(PREFIX, failing(b"n1", error)), batch(partition(state, producer), numbered(3)))
    assert (exits.codes, producer.calls, state.seen) == ([EXIT_FATAL], [], {})


async def test_a_commit_whose_end_is_unknown_is_made_again_by_a_new_producer() -> None:
    producer, state = FakeProducer([UnsettledError("the outcome of the commit is unknown")]), Counted()
    one = batch(partition(state, producer), numbered(2))
    _, exits = await guarded(PassOn(PREFIX), one)
    assert (values(producer.sent_to(STORIES)), await one.done, exits.codes) == ([b"n0", b"n1"], 2, [])
    assert producer.calls.index("renew") > producer.calls.index("abort")


async def test_a_commit_that_turns_out_to_have_been_made_leaves() -> None:
    error = FatalError("another process has committed 2, this one 0")

    async def renew() -> None:
        raise error

    producer, state = FakeProducer([UnsettledError("the outcome of the commit is unknown")]), Counted()
    part = partition(state, producer)
    part.renew = renew
    one = batch(part, numbered(2))
    _, exits = await guarded(PassOn(PREFIX), one)
    assert (exits.codes, producer.committed, state.seen) == ([EXIT_FATAL], [], {})
    assert one.done.exception() is error


async def test_a_record_whose_outputs_the_broker_refuses_is_found_and_becomes_a_dead_letter() -> None:
    producer, state = FakeProducer(refuses=(b"n1",)), Counted()
    part = partition(state, producer)
    while part.next_offset < 3:
        rest = [one for one in numbered(3) if one.offset >= part.next_offset]
        _, exits = await guarded(PassOn(PREFIX), batch(part, rest))
        assert exits.codes == []
    assert values(producer.sent_to(STORIES)) == [b"n0", b"n2"]
    (letter,) = letters(producer)
    assert (letter.place.offset, letter.error) == (1, "the broker takes no record this large")
    assert set(state.seen) == {"n0", "n2"}
    assert producer.calls.count("renew") == producer.calls.count("abort")


async def test_when_not_even_the_dead_letter_is_taken_the_process_leaves() -> None:
    producer, state = FakeProducer(refuses=(b"n0", b"{")), Counted()
    _, exits = await guarded(PassOn(PREFIX), batch(partition(state, producer), numbered(1)))
    assert (exits.codes, producer.committed, state.seen) == ([EXIT_FATAL], [], {})


async def test_cancelling_writes_nothing_and_is_no_exit() -> None:
    producer, state = FakeProducer(), Counted()
    with pytest.raises(asyncio.CancelledError):
        await guarded(
            PassOn(PREFIX, failing(b"n1", asyncio.CancelledError())), batch(partition(state, producer), numbered(2))
        )
    assert (producer.calls, state.seen) == ([], {})


async def test_a_record_that_made_its_agent_raise_so_often_is_poison() -> None:
    """From the first crash to the dead letter, each attempt in a process of its own."""
    broken = failing(b"n1", *[ZeroDivisionError()] * 10)
    next_offset, suspect = 0, None
    for attempt in range(1, ATTEMPTS_LIMIT + 1):
        producer = FakeProducer()
        part = partition(Counted(), producer, next_offset=next_offset, suspect=suspect)
        stage = PassOn(PREFIX, broken)
        for _ in range(2):  # a suspect stands alone: first what is before it, then itself
            rest = [one for one in numbered(3) if one.offset >= part.next_offset]
            _, exits = await guarded(stage, batch(part, rest))
            if exits.codes:
                break
        assert exits.codes == [EXIT_FATAL]
        next_offset, suspect = part.next_offset, Noted.read(producer.offsets[-1].metadata).named()
        assert suspect == Suspect(1, attempt)
    producer = FakeProducer()
    part = partition(Counted(), producer, next_offset=next_offset, suspect=suspect)
    while part.next_offset < 3:
        _, exits = await guarded(
            PassOn(PREFIX, broken), batch(part, [one for one in numbered(3) if one.offset >= part.next_offset])
        )
        assert exits.codes == []
    (letter,) = letters(producer)
    assert (letter.place.offset, letter.attempts) == (1, ATTEMPTS_LIMIT)
    assert values(producer.sent_to(STORIES)) == [b"n2"]


async def test_a_long_batch_commits_what_is_done_and_the_source_hands_out_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agents.guard.BATCH_SECONDS", -1.0)
    producer = FakeProducer()
    part = partition(Counted(), producer)
    stage = PassOn(PREFIX, is_transactional_input=True)
    sizes: list[int] = []

    async def put(one: Batch) -> None:
        sizes.append(len(one.records))
        await guarded(stage, one)

    shown = CollectorRegistry()
    source = Source(
        stage, bootstrap_servers="x", prefix=PREFIX, member="m", put=put, wiring=WIRING, metrics=StageMetrics(shown)
    )
    await source._hand_out(part, numbered(3))
    assert sizes == [3, 2, 1]
    assert [at.offset for at in producer.offsets] == [1, 2, 3]
    assert values(producer.sent_to(STORIES)) == [b"n0", b"n1", b"n2"]
    assert source.committed_batches == 3
    assert shown.get_sample_value("firstwire_batch_seconds_count", {"stage": stage.name}) == 3
    assert shown.get_sample_value("firstwire_hop_seconds_count", {"stage": stage.name}) == 3
    # From the fetch of the records until the clock of this test
    took = (to_milliseconds(NOW) - numbered(1)[0].timestamp_ms) / 1000
    assert shown.get_sample_value("firstwire_hop_seconds_sum", {"stage": stage.name}) == pytest.approx(3 * took)


async def test_the_source_never_hands_out_what_went_back() -> None:
    stage = PassOn(PREFIX)

    async def put(one: Batch) -> None:
        raise AssertionError("nothing may be handed out")

    source = Source(stage, bootstrap_servers="x", prefix=PREFIX, member="m", put=put, wiring=WIRING, metrics=metrics())
    with pytest.raises(FatalError, match="went back"):
        await source._hand_out(partition(Counted(), FakeProducer(), next_offset=5), numbered(3))


class LargeState(PassOn):
    """Remembers more than a record holds for the record n1."""

    def judge(self, state: State, record: Received, stamp: str) -> Judged:
        judged = super().judge(state, record, stamp)
        if record.value == b"n1":
            judged.changes = [
                Change(one.topic, one.key, msgspec.structs.replace(one.value, text_hash="x" * RECORD_LIMIT_BYTES))  # type: ignore
                for one in judged.changes
            ]
        return judged


async def test_a_state_record_too_large_is_poison_and_changes_no_state() -> None:
    producer, state = FakeProducer(), Counted()
    _, exits = await guarded(LargeState(PREFIX), batch(partition(state, producer), numbered(3)))
    (letter,) = letters(producer)
    assert (letter.place.offset, "over the limit" in letter.error) == (1, True)
    assert (set(state.seen), values(producer.sent_to(STORIES)), exits.codes) == ({"n0", "n2"}, [b"n0", b"n2"], [])


async def test_a_story_too_large_is_poison_with_its_outcome_and_is_not_remembered() -> None:
    producer, state = FakeProducer(), NewsState(timedelta(hours=72))
    large = encode(article("large", body="x" * (RECORD_LIMIT_BYTES - 400)))
    flow = [record(0, encode(article("a"))), record(1, large), record(2, encode(article("b", source="AFP")))]
    stage = Deduplicate(WRITER, timedelta(hours=72), story_knowledge())
    _, exits = await guarded(stage, batch(partition(state, producer), flow))
    assert ([letter.place.offset for letter in letters(producer)], exits.codes) == ([1], [])
    assert [outcome.outcome for outcome in outcomes(producer)] == ["rejected"]
    assert set(state.articles.articles) == {"a", "b"}
    assert all(story.articles <= 2 for story in state.stories)


async def test_an_alert_too_large_is_poison_and_leaves_ledger_and_alerts_as_they_were() -> None:
    producer = FakeProducer()
    known = knowledge_of(rulebook(FIRST_RULE))
    stage = AlertOnEvents(WRITER, known, seeds())
    state = stage.new_state()
    assert isinstance(state, EventAlertState)
    told = event(RUSSIA)
    large = msgspec.structs.replace(told, context=msgspec.structs.replace(told.context, title="x" * 600_000))
    flow = [record(0, encode(large)), record(1, encode(event(RUSSIA, hours=1)))]
    _, exits = await guarded(stage, batch(partition(state, producer), flow))
    assert ([letter.place.offset for letter in letters(producer)], exits.codes) == ([0], [])
    (memory,) = state.alerts.values()
    assert len(memory.reports) == 1
    assert len(producer.sent_to(ALERT_STATE)) == 1


async def test_a_dead_letter_fits_however_long_key_error_and_value_are() -> None:
    producer = FakeProducer()
    told = Received(
        topic="t-articles",
        partition=0,
        offset=0,
        key="k" * 100_000,
        value=b"v" * 1_000_000,
        headers=(),
        timestamp_ms=0,
    )
    fail: Callable[[Received], Any] = failing(told.value or b"", PoisonError("e" * 1_000_000))
    _, exits = await guarded(PassOn(PREFIX, fail), batch(partition(Counted(), producer), [told]))
    (message,) = producer.sent_to(DEAD_LETTERS)
    assert (len(message.value or b"") < RECORD_LIMIT_BYTES, exits.codes) == (True, [])
    assert orjson.loads(message.value or b"")["value_bytes"] == 1_000_000


@pytest.mark.parametrize(
    ("headers", "at"),
    [
        ((), 0),
        ((("article_place", b"0:1"),), 0),
        ((("deduplicated_at", b"2025-07-03T12:00:00.250Z"),), 250),
        ((("deduplicated_at", b"2025-07-03T12:00:00.250Z"), ("analyzed_at", b"2025-07-03T12:00:00.500Z")), 500),
        ((("analyzed_at", b"\xff"),), 0),
        ((("analyzed_at", b"yesterday"),), 0),
    ],
)
def test_a_hop_begins_with_the_latest_stamp_or_the_fetch(headers: tuple[tuple[str, bytes], ...], at: int) -> None:
    fetched = msgspec.structs.replace(record(0, b"", headers), timestamp_ms=to_milliseconds(NOW))
    assert handed_on_ms(fetched) == to_milliseconds(NOW) + at
