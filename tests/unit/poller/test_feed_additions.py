"""What adding a feed means: what is new, what changes, and what nobody asked to change."""

from __future__ import annotations

import pytest

from firstwire.commands.feeds import SETTINGS_OF_A_FEED
from firstwire.errors import ConfigError
from firstwire.poller.feed_additions import SETTINGS, Addition, addition
from firstwire.poller.feed_choice import given_settings
from firstwire.poller.feed_list import FeedList, added
from firstwire.poller.links import same_feed_key
from firstwire.poller.subscriptions import Subscription
from schemas.feed import FeedState
from schemas.subscription import SubscriptionChange

AT, LATER = "2025-07-03T14:00:00.000Z", "2025-07-03T15:00:00.000Z"
BEE = "https://bee.example/atom.xml"


def known(*changes: SubscriptionChange, of_files: tuple[Subscription, ...] = (), moved_to: str = "") -> FeedList:
    decided = {same_feed_key(change.url): change for change in changes}
    states = {same_feed_key(BEE): FeedState(url=BEE, address=moved_to or None)}
    return FeedList(of_files, decided, states)


def bee(**settings: object) -> SubscriptionChange:
    return added(BEE, AT, None, **settings)


def adding(url: str, *changes: SubscriptionChange, unset: tuple[str, ...] = (), **given: object) -> Addition:
    return addition(known(*changes), url, LATER, given_settings(**given), unset=unset)  # type: ignore[arg-type]


def test_a_feed_that_a_page_names_is_never_changed_if_it_is_polled_already() -> None:
    list_of_bee = known(bee(title="The Bee", tags=("wires",)))
    found = addition(
        list_of_bee, BEE, LATER, given_settings(), is_found=True, note=", the feed of https://bee.example/"
    )
    assert found.change is None
    assert found.told == f"already subscribed: {BEE}, the feed of https://bee.example/; nothing is changed"
    with pytest.raises(ConfigError, match=r"its settings are changed if you add https://bee\.example/atom\.xml"):
        addition(list_of_bee, BEE, LATER, given_settings(name="Garbage", tags=("trash",)), is_found=True)


def test_the_new_address_of_a_feed_that_has_moved_is_the_same_feed() -> None:
    moved = known(bee(), moved_to="https://hive.example/feed")
    found = addition(moved, "http://hive.example/feed", LATER, given_settings())
    assert found.change is None
    assert found.told == f"already subscribed: {BEE}, which has moved to http://hive.example/feed; nothing is changed"
    assert moved.meant("https://hive.example/feed").url == BEE


def test_it_is_said_what_a_change_of_settings_changes() -> None:
    before = bee(title="Bee", interval_seconds=900.0, headers={"X-Key": "a"})
    assert adding(BEE).told == f"added {BEE}"
    changed = adding(BEE, before, name="The Bee", tags=("wires",), interval="5m", headers=("X-Key=b",))
    assert changed.told == f"{BEE}: name “Bee” → “The Bee”; tags none → wires; interval 15m → 5m; other headers"
    assert adding(BEE, before, name="Bee").told == f"{BEE}: already subscribed, with these settings; it is visited now"


def test_a_setting_is_unset_by_its_name() -> None:
    before = bee(title="Bee", tags=("wires",), interval_seconds=900.0)
    found = adding(BEE, before, unset=("name", "interval"))
    assert found.change == added(BEE, LATER, None, tags=("wires",))
    assert found.told == f"{BEE}: name “Bee” → not set; interval 15m → not set"
    assert tuple(SETTINGS) == SETTINGS_OF_A_FEED


def test_commas_part_tags_and_an_empty_tag_or_name_is_refused() -> None:
    assert given_settings(tags=("a, b", "c"))["tags"] == ("a", "b", "c")
    for wrong, fault in ((("a,",), "a tag is empty"), (("",), "a tag is empty")):
        with pytest.raises(ConfigError, match=fault):
            given_settings(tags=wrong)
    with pytest.raises(ConfigError, match="the name is empty"):
        given_settings(name=" ")
