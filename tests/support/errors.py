"""The one error of a configuration, as whoever loads it gets it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from firstwire.errors import EXIT_CONFIG, ConfigError


def error_of(load: Callable[[], object]) -> ConfigError:
    with pytest.raises(ConfigError) as caught:
        load()
    assert caught.value.exit_code == EXIT_CONFIG
    assert "\n" not in str(caught.value)
    return caught.value
