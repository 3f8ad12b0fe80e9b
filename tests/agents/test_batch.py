"""A batch: one transaction with outputs, state and offset; all of it or nothing."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from agents.batch import Batch, Out
from firstwire.broker.commit_notes import Noted, Suspect, Tally
from firstwire.broker.producer import Message
from firstwire.core.state import Change
from firstwire.errors import FatalError, TransientError
from schemas.state import ArticleMemory
from schemas.times import EPOCH
from tests.fakes.stages import Counted
from tests.support.producer import FakeProducer, batch, partition, record

DEDUPLICATE_STATE = "deduplicate-state"


def change(key: str) -> Change:
    memory = ArticleMemory(
        article_id=key, contents=(), text_hash=key, story_id=key, origin_id=key, first_seen_at=EPOCH, seen_at=EPOCH
    )
    return Change(DEDUPLICATE_STATE, key, memory)


def message(value: bytes) -> Message:
    return Message("t-stories", "k", value)


def records(*offsets: int) -> list:  # type: ignore[type-arg]
    return [record(offset, str(offset).encode()) for offset in offsets]


async def test_outputs_and_offset_are_one_transaction() -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = batch(part, records(0, 1))
    async with one as out:
        out.add(one.records[0], [message(b"a"), message(b"b")], [change("a")])
        out.add(one.records[1], [message(b"c")], [])
        assert producer.calls == []  # nothing before the end
    assert producer.calls == ["begin", "send", "send", "send", "offsets", "commit"]
    assert [sent.value for sent in producer.sent] == [b"a", b"b", b"c"]
    assert [at.offset for at in producer.offsets] == [2]
    assert (part.next_offset, await one.done) == (2, 2)


async def test_a_body_that_raises_writes_nothing_and_takes_its_state_back() -> None:
    producer, state = FakeProducer(), Counted()
    part = partition(state, producer)
    one = batch(part, records(0, 1))
    with pytest.raises(ZeroDivisionError):
        async with one as out:
            out.add(one.records[0], [message(b"a")], [change("a"), change("b"), change("a")])
            raise ZeroDivisionError
    assert (producer.calls, state.seen, part.next_offset, one.done.done()) == ([], {}, 0, False)


async def test_a_body_that_is_cancelled_writes_nothing() -> None:
    producer, state = FakeProducer(), Counted()
    one = batch(partition(state, producer), records(0))
    with pytest.raises(asyncio.CancelledError):
        async with one as out:
            out.add(one.records[0], [message(b"a")], [change("a")])
            raise asyncio.CancelledError
    assert (producer.calls, state.seen) == ([], {})


async def test_a_commit_that_fails_takes_the_state_back_and_may_be_tried_again() -> None:
    producer, state = FakeProducer([TransientError("no replicas")]), Counted()
    part = partition(state, producer)
    one = batch(part, records(0))
    with pytest.raises(TransientError):
        async with one as out:
            out.add(one.records[0], [message(b"a")], [change("a")])
    assert (producer.calls[-1], state.seen, part.next_offset, one.done.done()) == ("abort", {}, 0, False)
    async with one as out:
        assert out.messages == []
        out.add(one.records[0], [message(b"a")], [change("a")])
    assert (len(producer.sent), set(state.seen), part.next_offset) == (1, {"a"}, 1)


async def test_writing_after_the_batch_ended_is_fatal() -> None:
    one = batch(partition(Counted(), FakeProducer()), records(0, 1))
    async with one as out:
        out.add(one.records[0], [], [])
    with pytest.raises(FatalError, match="outside its batch"):
        out.add(one.records[1], [message(b"late")], [])


async def test_writing_after_the_batch_was_aborted_is_fatal() -> None:
    producer = FakeProducer()
    one = batch(partition(Counted(), producer), records(0))
    kept: list[Out] = []
    with pytest.raises(ValueError, match="mistake"):
        async with one as out:
            kept.append(out)
            raise ValueError("mistake")
    with pytest.raises(FatalError):
        kept[0].add(one.records[0], [message(b"late")], [])
    assert producer.calls == []


async def test_a_batch_cannot_be_entered_twice_at_a_time() -> None:
    one = batch(partition(Counted(), FakeProducer()), records(0))
    async with one as out:
        with pytest.raises(FatalError, match="entered twice"):
            async with one:
                raise AssertionError
        out.add(one.records[0], [], [])


@pytest.mark.parametrize("enters", [False, True], ids=["passed by", "entered with nothing added"])
async def test_a_step_that_does_not_judge_resolves_nothing_and_moves_no_offset(enters: bool) -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = batch(part, records(0))
    if enters:
        async with one:
            pass
    assert (producer.calls, part.next_offset, one.done.done()) == ([], 0, False)


async def test_a_part_of_the_records_commits_as_far_as_it_came() -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = batch(part, records(0, 1, 2))
    async with one as out:
        out.add(one.records[0], [message(b"a")], [])
    assert (await one.done, part.next_offset, [at.offset for at in producer.offsets]) == (1, 1, [1])


async def test_holes_between_offsets_are_committed_past() -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer, next_offset=3)
    one = batch(part, records(5, 9))
    async with one as out:
        for each in one.records:
            out.add(each, [], [])
    assert [at.offset for at in producer.offsets] == [10]


@pytest.mark.parametrize(
    ("suspect", "offsets", "handed_out"),
    [
        (None, [0, 1, 2], [0, 1, 2]),
        (Suspect(1, 1), [0, 1, 2], [0]),
        (Suspect(1, 1), [1, 2, 3], [1]),
        (Suspect(1, 1), [2, 3], [2, 3]),
        (Suspect(1, 1), [1], [1]),
        (Suspect(9, 1), [0, 1, 2], [0, 1, 2]),
        (Suspect(0, 2), [0, 1], [0]),
    ],
)
async def test_a_suspect_stands_alone(suspect: Suspect | None, offsets: list[int], handed_out: list[int]) -> None:
    one = batch(partition(Counted(), FakeProducer(), suspect=suspect), records(*offsets))
    assert [each.offset for each in one.records] == handed_out


async def test_blame_is_noted_beside_the_offset_that_did_not_move_and_kept_until_passed() -> None:
    producer = FakeProducer()
    part = partition(Counted(), producer)
    one = batch(part, records(0, 1, 2))
    await one.blame(Suspect(1, 1))
    assert [(at.offset, Noted.read(at.metadata).named()) for at in producer.offsets] == [(0, Suspect(1, 1))]
    for offset in (0, 1):
        small = batch(part, records(*range(offset, 3)))
        async with small as out:
            out.add(small.records[0], [], [])
    assert [(at.offset, Noted.read(at.metadata).named()) for at in producer.offsets[1:]] == [
        (1, Suspect(1, 1)),
        (2, None),
    ]
    assert producer.sent == []


@pytest.mark.parametrize(
    "metadata",
    ["", "null", "[]", "nonsense", "{}", '{"suspect": 1}', '{"suspect": "x", "attempts": 1}', '{"suspect": null}', "7"],
)
def test_other_metadata_names_no_suspect(metadata: str) -> None:
    assert Noted.read(metadata).named() is None


def test_a_suspect_and_the_counts_survive_their_metadata() -> None:
    noted = Noted.of(Suspect(2**62, 3), Tally(read=5, outcomes={"no_match": 4}))
    assert Noted.read(noted.written()) == noted
    assert Noted.read(noted.written()).named() == Suspect(2**62, 3)


async def test_every_commit_is_counted() -> None:
    counted: list[int] = []
    one = Batch.of(partition(Counted(), FakeProducer()), records(0), lambda committed: counted.append(len(committed)))
    await one.blame(Suspect(0, 1))
    assert counted == []
    async with one as out:
        out.add(one.records[0], [], [])
    assert counted == [1]


async def test_what_a_batch_counts_is_committed_with_its_offset_and_only_then() -> None:
    producer = FakeProducer([TransientError("no replicas")])
    part = partition(Counted(), producer)
    one = batch(part, records(0, 1, 2))
    for _ in range(2):  # the first commit fails
        with contextlib.suppress(TransientError):
            async with one as out:
                out.add(one.records[0], [message(b"a"), message(b"b")], [], Tally(matches=2, outcomes={"alerting": 1}))
                out.add(one.records[1], [message(b"c")], [], Tally(outcomes={"no_match": 1}))
        if not producer.offsets:
            assert part.tally == Tally()
    expected = Tally(read=2, matches=2, written={"t-stories": 3}, outcomes={"alerting": 1, "no_match": 1})
    assert part.tally == expected
    assert [Noted.read(at.metadata).tally for at in producer.offsets] == [expected]
    other = batch(part, records(2))
    async with other as out:
        out.add(other.records[0], [], [], Tally(outcomes={"no_match": 1}))
    assert part.tally == Tally.sum([expected, Tally(read=1, outcomes={"no_match": 1})])
