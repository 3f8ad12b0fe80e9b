"""Wrong tokens by address."""

from __future__ import annotations

from firstwire.web.attempts_limit import ADDRESSES_AT_MOST, WINDOW_SECONDS, WRONG_AT_MOST, WrongTokens


def after(count: int, address: str = "192.0.2.1", at: float = 100.0) -> WrongTokens:
    found = WrongTokens()
    for _ in range(count):
        found.note(address, at)
    return found


def test_some_may_be_wrong_before_one_must_wait() -> None:
    assert after(WRONG_AT_MOST - 1).wait_seconds("192.0.2.1", 101.0) == 0
    assert after(WRONG_AT_MOST).wait_seconds("192.0.2.1", 101.0) == WINDOW_SECONDS - 1


def test_the_wait_ends_with_the_window() -> None:
    found = after(WRONG_AT_MOST)
    assert found.wait_seconds("192.0.2.1", 100.0 + WINDOW_SECONDS) == 0
    found.note("192.0.2.1", 100.0 + WINDOW_SECONDS)
    assert found.wait_seconds("192.0.2.1", 101.0 + WINDOW_SECONDS) == 0


def test_one_address_does_not_lock_out_another() -> None:
    assert after(WRONG_AT_MOST).wait_seconds("192.0.2.2", 101.0) == 0


def test_addresses_of_one_network_count_as_one() -> None:
    assert after(WRONG_AT_MOST, "2001:db8::1").wait_seconds("2001:db8::ffff:2", 101.0) > 0
    assert after(WRONG_AT_MOST, "2001:db8::1").wait_seconds("2001:db8:0:1::1", 101.0) == 0
    assert after(WRONG_AT_MOST, "::ffff:192.0.2.1").wait_seconds("::ffff:192.0.2.2", 101.0) == 0


def test_memory_is_bounded() -> None:
    found = WrongTokens()
    for number in range(ADDRESSES_AT_MOST + 10):
        found.note(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}", 100.0)
    assert len(found._seen) == ADDRESSES_AT_MOST
