"""The feeds of a command's list, as a person names them."""

from __future__ import annotations

import pytest

from firstwire.errors import ConfigError
from firstwire.poller.feed_list import FeedList
from firstwire.poller.subscriptions import Subscription


def listed(*urls: str) -> FeedList:
    return FeedList(tuple(Subscription(url=url, place="a.opml") for url in urls))


def test_a_feed_is_meant_by_its_address_or_as_lists_show_it() -> None:
    known = listed("https://a.example/feed?key=1", "https://b.example/feed")
    assert known.meant("http://b.example/feed").url == "https://b.example/feed"
    assert known.meant("https://a.example/feed?key=***").url == "https://a.example/feed?key=1"


def test_an_address_that_lists_show_for_several_feeds_means_none_of_them() -> None:
    known = listed("https://a.example/feed?key=1", "https://a.example/feed?key=2")
    with pytest.raises(ConfigError, match=r"several feeds are shown as 'https://a\.example/feed\?key=\*\*\*'"):
        known.meant("https://a.example/feed?key=***")
    assert known.meant("https://a.example/feed?key=2").url == "https://a.example/feed?key=2"


def test_an_address_of_no_feed_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(ConfigError) as caught:
        listed("https://a.example/feed?key=1").meant("https://a.example/food?key=2")
    message = "no feed 'https://a.example/food?key=***'; did you mean 'https://a.example/feed?key=***'?"
    assert str(caught.value) == message
