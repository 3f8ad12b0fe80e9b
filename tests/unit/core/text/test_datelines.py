"""Datelines: where a text begins after place, day and agency."""

from __future__ import annotations

import pytest

from firstwire.core.text.datelines import dateline_end, sentences_told
from tests.support.detections import detect, told

TEXT = "Kenya has recognized Kosovo."


@pytest.mark.parametrize(
    "dateline",
    [
        "NAIROBI, July 3 (Reuters) - ",
        "NAIROBI, Kenya (AP) — ",
        "Nairobi, Jul 3 (EFE).- ",
        "NAIROBI, July 3. /TASS/. ",
        "Nairobi, Jul 3 (PTI) ",
        "NAIROBI/KAMPALA (dpa) - ",
        "July 3, 2026 (NAIROBI) – ",
        "(ANSA) - NAIROBI, JUL 3 - ",
        "NAIROBI, July 3 – ",
        "Nairobi, Kenya – ",
        "ADDIS ABABA — ",
        "NAIROBI: ",
        "NAIROBI. ",
        "NAIROBI // ",
        "Nairobi | ",
        "NAIROBI\n\n",
        "NAIROBI, Kenya—",
        "HÀ NỘI - ",
        "22:41 — ",
        "10:05 GMT – ",
    ],
)
def test_a_dateline_is_no_part_of_the_first_sentence(dateline: str) -> None:
    assert dateline_end(dateline + TEXT) == len(dateline)


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        "CLAIM: Kenya has recognized Kosovo.",
        "FACT CHECK: Kenya has not recognized Kosovo.",
        "THREE decades of talks ended on Monday.",
        "Kenya's tea-growing north is dry.",
        "Chad-Sudan trade is growing.",
        "At 4.47 in the morning the lights went on.",
        "No, it is not so.",
        "",
    ],
)
def test_other_beginnings_stay(text: str) -> None:
    assert dateline_end(text) == 0


def test_sentences_are_counted_after_the_dateline() -> None:
    text = f"NAIROBI. {TEXT} Others wait."
    assert [text[start:end] for start, end in sentences_told(text, 1)] == [TEXT]
    text = f"NAIROBI, July 3 (AP) — {TEXT}"
    assert [text[start:end] for start, end in sentences_told(text, 5)] == [TEXT]


def test_the_government_is_that_of_the_dateline() -> None:
    body = "NAIROBI, July 3 (Reuters) - The government on Monday expelled Iran's ambassador over an attack."
    assert [each[:3] for each in map(told, detect("A busy Monday", body=body).events)] == [
        ("expel_ambassador", ["kenya"], ["iran"])
    ]
