"""Records to bytes and back: exact, bounded, and every misfit is an error that names the field."""

from __future__ import annotations

from datetime import timedelta

import msgspec
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas import RECORDS, Article, Outcome, Record, Story
from schemas.codec import ARTICLE_LIMIT_BYTES, RECORD_LIMIT_BYTES, DecodeError, RecordTooLargeError, decode, encode
from schemas.times import (
    EPOCH,
    format_timestamp,
    from_milliseconds,
    parse_timestamp,
    shifted,
    to_milliseconds,
)
from tests.support.records import RUSSIA, article, event

STORY = Story(
    article_id="a",
    title="",
    language="en",
    published_at=None,
    fetched_at=EPOCH,
    story_id="s",
    relation="copy",
    copy_of="b",
    origin_id="b",
)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@given(texts.filter(bool), texts, texts, st.lists(texts, max_size=3))
def test_what_is_written_is_read_back_equal(article_id: str, title: str, body: str, tags: list[str]) -> None:
    one = article(article_id, title=title, body=body, tags=tuple(tags))
    data = encode(one)
    assert decode(data, Article) == one
    assert encode(decode(data, Article)) == data


@given(texts, st.floats(0, 1))
def test_bytes_are_the_json_that_others_write(title: str, similarity: float) -> None:
    one = msgspec.structs.replace(STORY, title=title, similarity=similarity)
    assert encode(one) == orjson.dumps(msgspec.to_builtins(one))


def test_every_record_names_its_schema_and_version() -> None:
    names = [kind.__struct_config__.tag for kind in RECORDS]
    assert len(set(names)) == len(RECORDS)
    assert orjson.loads(encode(article()))["schema"] == "article"
    assert orjson.loads(encode(event(RUSSIA)))["version"] == 1


@pytest.mark.parametrize("kind", RECORDS, ids=lambda kind: kind.__name__)
def test_records_are_frozen(kind: type[Record]) -> None:
    assert kind.__struct_config__.frozen
    assert msgspec.json.schema(kind)


GOOD = orjson.loads(encode(article()))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (None, "no value where a Article was expected"),
        (b"", "not JSON"),
        (b"\xff", "not JSON"),
        (b'{"a": "\\ud800"}', "not JSON"),
        (b"[]", "not a Article: Expected `object`"),
        (b"{}", "`schema`"),
        (orjson.dumps({**GOOD, "schema": "story"}), "Invalid value 'story'"),
        (orjson.dumps({**GOOD, "version": 2}), "version"),
        (orjson.dumps({**GOOD, "title": None}), "$.title"),
        (orjson.dumps({**GOOD, "article_id": ""}), "$.article_id"),
        (orjson.dumps({**GOOD, "fetched_at": "2025-07-03"}), "$.fetched_at"),
        (orjson.dumps({**GOOD, "fetched_at": "2025-07-03T00:00:00Z"}), "$.fetched_at"),
        (orjson.dumps({**GOOD, "publisher_tags": [1]}), "$.publisher_tags"),
        (orjson.dumps({name: value for name, value in GOOD.items() if name != "title"}), "`title`"),
    ],
)
def test_what_is_no_such_record_is_an_error_that_names_the_field(data: bytes | None, message: str) -> None:
    with pytest.raises(DecodeError) as caught:
        decode(data, Article)
    assert message in str(caught.value)


def test_fields_of_a_newer_writer_are_passed_over() -> None:
    assert decode(orjson.dumps({**GOOD, "mood": "calm"}), Article) == article()


def test_a_record_over_the_limit_is_an_error_with_both_sizes() -> None:
    large = article(body="x" * RECORD_LIMIT_BYTES)
    with pytest.raises(RecordTooLargeError, match="over the limit of 900,000"):
        encode(large)
    with pytest.raises(RecordTooLargeError):
        encode(article(body="x" * ARTICLE_LIMIT_BYTES), ARTICLE_LIMIT_BYTES)
    assert len(encode(article(body="x" * (RECORD_LIMIT_BYTES - 1000)))) <= RECORD_LIMIT_BYTES


def test_size_counts_bytes_and_not_characters() -> None:
    with pytest.raises(RecordTooLargeError):
        encode(article(body="😀" * (RECORD_LIMIT_BYTES // 4)))


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_text_that_utf_8_cannot_hold_is_an_error(text: str) -> None:
    with pytest.raises(DecodeError, match="cannot be written"):
        encode(article(title=text))


def test_equal_records_are_equal_bytes() -> None:
    assert encode(article(tags=("a", "b"))) == encode(article(tags=("a", "b")))


def test_a_record_of_one_kind_is_not_read_as_another() -> None:
    with pytest.raises(DecodeError):
        decode(encode(Outcome(article_id="a", outcome="no_match", reason="x")), Story)


@given(st.datetimes(timezones=st.just(parse_timestamp(EPOCH).tzinfo)))
def test_timestamps_have_a_fixed_width_so_that_text_order_is_time_order(moment: object) -> None:
    text = format_timestamp(moment)  # type: ignore[arg-type]
    assert len(text) == 24
    assert format_timestamp(parse_timestamp(text)) == text


@given(st.integers(-62_135_596_800_000, 253_402_300_799_999))
def test_milliseconds_survive(milliseconds: int) -> None:
    assert to_milliseconds(from_milliseconds(milliseconds)) == milliseconds


def test_a_shift_stays_inside_the_calendar() -> None:
    assert shifted("0001-01-01T00:00:00.000Z", -timedelta(days=1)) == "0001-01-01T00:00:00.000Z"
    assert shifted("9999-12-31T00:00:00.000Z", timedelta(days=400)) == "9999-12-31T23:59:59.999Z"
    assert shifted(EPOCH, timedelta(hours=1)) == "1970-01-01T01:00:00.000Z"
