"""What an article tells as its news, and what it only recalls."""

from __future__ import annotations

import pytest

from firstwire.core.events.background import genre_of
from tests.support.detections import detect, told

NEWS = "Kenya has recognized Kosovo, its foreign ministry said on Tuesday."
FILLER = " ".join(f"Traders in the port spoke of prices for the {number} ships at anchor." for number in range(5))


def _statuses(title: str, body: str) -> dict[str, str]:
    return {f"{each[0]} {'+'.join(each[1])}": each[3] for each in map(told, detect(title, body=body).events)}


def test_an_act_of_a_later_paragraph_without_a_day_is_background() -> None:
    found = _statuses(
        "Kenya recognizes Kosovo", f"{NEWS}\n\n{FILLER}\n\nChad severed ties with Iran over a border post."
    )
    assert found["recognize kenya"] == "asserted"
    assert found.get("sever_relations chad", "historical") == "historical"


def test_the_news_told_again_below_is_the_same_act() -> None:
    found = _statuses("Kenya recognizes Kosovo", f"{NEWS}\n\n{FILLER}\n\nKenya recognizes Kosovo as a sovereign state.")
    assert found["recognize kenya"] == "asserted"


@pytest.mark.parametrize(
    ("title", "genre"),
    [
        ("Explainer: who recognizes Kosovo, and why", "explainer"),
        ("What we know about the border row", "explainer"),
        ("2025: the year the embassies moved", "review"),
        ("What if Kenya severed ties with Iran?", "scenario"),
        ("How the allies could go", "scenario"),
        ("Obituary: the envoy who opened doors", "obituary"),
        ("Opinion: it is time to recognize Kosovo", "opinion"),
        ("Middle East live: what happened on Tuesday", "digest"),
        ("Kenya recognizes Kosovo", None),
        ("Chile expels Iran's ambassador over attack", None),
    ],
)
def test_the_genre_is_read_from_the_title(title: str, genre: str | None) -> None:
    assert genre_of(title) == genre


def test_a_scenario_tells_no_news() -> None:
    found = _statuses(
        "What if the allies go?", "Spring comes. Chad severs ties with Iran. Kenya follows and recognizes Kosovo."
    )
    assert "asserted" not in found.values()


def test_a_feature_may_tell_its_news_late() -> None:
    found = _statuses(
        "A flag goes up on the hill, and Kenya is back",
        "The caretaker wound the clock in the hall as he had every morning. The garden was green and the gate was open."
        "\n\nOn Tuesday Kenya reopened its embassy in Damascus, the foreign ministry in Nairobi said."
        "\n\nChad opened one there in 2019, and Oman had never closed its own.",
    )
    assert found["open_embassy kenya"] == "asserted"
    assert found.get("open_embassy chad", "historical") == "historical"


def test_what_the_title_tells_stays_news_in_the_body() -> None:
    body = f"{FILLER}\n\n{FILLER}\n\nThe decree recognizes Kosovo as a state, and Kenya recognizes its passports."
    found = _statuses("Kenya recognizes Kosovo", body)
    assert found["recognize kenya"] == "asserted"


def test_a_standing_fact_of_the_body_is_no_news() -> None:
    body = f"{FILLER} {FILLER}\n\nTanzania, which severed ties with Iran in 1998, buys little there."
    assert "asserted" not in _statuses("Prices rise at the port of Mombasa", body).values()


def test_a_sentence_that_is_said_twice_is_no_surer() -> None:
    once = detect("Kosovo welcomes visitors", body="He said Kenya had recognized Kosovo.").events
    twice = detect("Kosovo welcomes visitors", body=" ".join(["He said Kenya had recognized Kosovo."] * 2)).events
    assert [event.certainty for event in (*twice, *once)] == ["unsure", "unsure"]


def test_history_of_a_country_is_none_of_the_body_that_rules_it_now() -> None:
    body = "Russia formally recognized the Taliban on Thursday. Russia first recognized Afghanistan in 1919."
    events = detect("Russia recognizes the Taliban", body=body).events
    assert {(*told(event)[2], event.status) for event in events} == {
        ("taliban", "asserted"),
        ("afghanistan", "historical"),
    }


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("en", "Kenya recognizes Kosovo in ²⁰²⁵"),
        ("en", "Kenya recognizes Kosovo in ፩፪፫፬"),
        ("de", "Kenia erkennt Kosovo im Jahr ፩፪፫፬ an"),
        ("fa", "کنیا کوزوو را در سال ²⁰²⁵ به رسمیت شناخت"),
    ],
)
def test_digits_that_are_no_numbers_end_nothing(language: str, title: str) -> None:
    assert told(detect(title, language=language).events[0])[2] == ["kosovo"]
