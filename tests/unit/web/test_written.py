"""Refused forms: what is wrong, and in which field."""

from __future__ import annotations

from firstwire.web.written import FieldError


def test_what_is_wrong_with_no_field_in_particular_names_none() -> None:
    assert str(FieldError("write one rule", field="")) == "write one rule"
    assert str(FieldError("no time", field="for")) == "for: no time"
