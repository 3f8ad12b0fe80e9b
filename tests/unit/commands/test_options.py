"""Ids on the command line."""

from __future__ import annotations

import pytest

from firstwire.commands.options import meant_id
from firstwire.errors import ConfigError


def test_an_id_is_meant_by_its_beginning() -> None:
    assert meant_id("ab", ["abc", "b"], "alert") == "abc"
    assert meant_id("ab", ["abc", "ab"], "alert") == "ab", "a whole id is not the beginning of another"


@pytest.mark.parametrize(
    ("wanted", "says"), [("a", "'a' is ambiguous: ab, ac"), ("x", "no alert 'x'"), ("abc", "no alert 'abc'")]
)
def test_what_no_id_or_several_begin_with_is_refused(wanted: str, says: str) -> None:
    with pytest.raises(ConfigError) as error:
        meant_id(wanted, ["ac", "ab"], "alert")
    assert str(error.value) == says
