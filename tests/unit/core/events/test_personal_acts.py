"""A personal act of an office-holder is no first of the nation; an act of office is."""

from __future__ import annotations

import pytest

from tests.support.detections import detect


def _ranked_actors(title: str) -> list[list[tuple[str, str]]]:
    return [
        [(actor.id, actor.kind) for actor in event.actors]
        for event in detect(title).events
        if event.ordinal is not None and event.status == "asserted"
    ]


PERSONAL = [
    "Emmanuel Macron becomes the first president to test positive for measles",
    "Emmanuel Macron becomes the first leader to be vaccinated against measles",
    "Emmanuel Macron becomes first president to join a picket line",
    "Emmanuel Macron becomes the first head of state to publish a cookbook",
    "Emmanuel Macron becomes the first leader to receive the award twice",
    "Emmanuel Macron becomes the first sitting president to go on trial",
    "Emmanuel Macron becomes the first president to swim across the bay",
    "Emmanuel Macron joins a picket line, the first president to do so",
    "Emmanuel Macron, the first president to do so, joined a picket line",
    "Emmanuel Macron first to test positive",
    "In a world first, Emmanuel Macron is vaccinated at sea",
]
OF_OFFICE = [
    "Emmanuel Macron becomes the first French president to visit Lima",
    "Emmanuel Macron becomes the first leader to meet the rebels",
    "Emmanuel Macron becomes the first president to recognize Kosovo",
    "Emmanuel Macron becomes the first head of state to sign a decree on whales",
    "Emmanuel Macron becomes the first leader to deploy troops in space",
    "Emmanuel Macron becomes the first president to ratify the treaty on whales",
    "Emmanuel Macron becomes the first leader to ban video games",
    "Emmanuel Macron becomes the first president to order vaccination of all soldiers",
    "Emmanuel Macron bans video games, the first president to do so",
]


@pytest.mark.parametrize("title", PERSONAL)
def test_a_personal_act_is_that_of_the_leader_alone(title: str) -> None:
    assert _ranked_actors(title) == [[("emmanuel-macron", "leader")]]


@pytest.mark.parametrize("title", OF_OFFICE)
def test_an_act_of_office_is_that_of_the_nation_too(title: str) -> None:
    assert _ranked_actors(title) == [[("emmanuel-macron", "leader"), ("france", "nation")]]


@pytest.mark.parametrize(
    "title",
    [
        "Emmanuel Macron becomes the first French president to appear in a video game",
        "Emmanuel Macron has joined a picket line. He is the first president to do so.",
    ],
)
def test_a_personal_act_told_at_a_distance_is_no_act_of_the_nation(title: str) -> None:
    assert not {kind for actors in _ranked_actors(title) for _, kind in actors} & {"nation"}


def test_an_office_without_a_name_does_nothing_personal_for_its_nation() -> None:
    assert _ranked_actors("French president becomes first leader to test positive") == []


@pytest.mark.parametrize(
    "title",
    [
        "Peru becomes the first country to put a game on trial",
        "Peru becomes first nation to give every child a book",
        "Peru becomes the first state to hold a parade at sea",
    ],
)
def test_a_rank_among_nations_is_always_that_of_the_nation(title: str) -> None:
    assert _ranked_actors(title) == [[("peru", "nation")]]
