"""What headers ask for, whatever stands in them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict

from firstwire.poller.headers import Validators, seconds_fresh, seconds_until_retry, validators_of

NOW = datetime(2025, 7, 3, 12, 0, tzinfo=UTC)


HOUR = 3600.0


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Cache-Control": "max-age=600"}, 600.0),
        ({"Cache-Control": 'public, Max-Age="600"'}, 600.0),
        ({"Cache-Control": "no-cache, max-age=600"}, None),
        ({"Cache-Control": "max-age=lots"}, None),
        ({"Cache-Control": "public", "Expires": "Thu, 03 Jul 2025 13:00:00 GMT"}, None),
        ({"Expires": "Thu, 03 Jul 2025 13:00:00 GMT"}, HOUR),
        ({"Expires": "Thu, 03 Jul 2025 11:00:00 GMT"}, 0.0),
        ({"Expires": "0"}, None),
        ({"Expires": "Thu, 99 Jul 99999 99:00:00 GMT"}, None),
    ],
)
def test_freshness(headers: dict[str, str], seconds: float | None) -> None:
    assert seconds_fresh(CIMultiDict(headers), NOW) == seconds


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0.0), ("120", 120.0), ("", None), ("٣", None), ("1.5", None), ("Thu, 03 Jul 2025 13:00:00 GMT", HOUR)],
)
def test_retry_after(text: str, seconds: float | None) -> None:
    assert seconds_until_retry(CIMultiDict({"Retry-After": text}), NOW) == seconds


@given(st.text())
def test_no_header_text_raises(text: str) -> None:
    headers = CIMultiDict({"Retry-After": text, "Cache-Control": text, "Expires": text, "ETag": text})
    seconds_until_retry(headers, NOW)
    seconds_fresh(headers, NOW)
    seconds_fresh(CIMultiDict({"Expires": text}), NOW)
    validators_of(headers)


def test_a_validator_that_cannot_be_sent_back_is_not_kept() -> None:
    assert validators_of(CIMultiDict({"ETag": "x" * 2000, "Last-Modified": "a\r\nX-Evil: 1"})) == Validators()


def test_an_origin_that_wants_no_caching_gets_no_conditional_requests() -> None:
    headers = {"ETag": '"1"', "Last-Modified": "Thu, 03 Jul 2025 12:00:00 GMT"}
    for expires in ("0", " -1 "):
        assert validators_of(CIMultiDict({**headers, "Expires": expires})) == Validators()
    assert validators_of(CIMultiDict({**headers, "Expires": "Thu, 03 Jul 2025 11:00:00 GMT"})).etag == '"1"'
