"""The pause of the garbage collector ends, whatever happens in it."""

from __future__ import annotations

import gc

import pytest

from firstwire.core.watches.garbage import collector_paused


def test_the_collector_pauses_and_goes_on() -> None:
    with collector_paused():
        assert not gc.isenabled()
    assert gc.isenabled()


def test_it_goes_on_after_an_error_and_a_pause_inside_a_pause_ends_nothing() -> None:
    with pytest.raises(ValueError, match="broken"), collector_paused():
        with collector_paused():
            pass
        assert not gc.isenabled()
        raise ValueError("broken")
    assert gc.isenabled()
