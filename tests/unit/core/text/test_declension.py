"""Case forms of names."""

from __future__ import annotations

from firstwire.core.text.declension import declined


def test_russian_names_are_declined_and_others_left_alone() -> None:
    assert {"Германия", "Германии", "Германию", "Германией"} <= declined("Германия")
    assert {"Южная Корея", "Южной Кореи", "Южной Корее"} <= declined("Южная Корея")
    assert declined("Germany") == {"Germany"}
