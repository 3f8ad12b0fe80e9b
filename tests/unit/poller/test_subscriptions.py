"""Subscriptions from OPML and settings, and the shipped list."""

from __future__ import annotations

from pathlib import Path

import pytest

from firstwire.config import Configuration, FeedSettings, PollerSection, Settings
from firstwire.errors import ConfigError
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.feed_partitions import feed_partition
from firstwire.poller.links import same_feed_key
from firstwire.poller.opml import NAMESPACE, PREFIX
from firstwire.poller.subscriptions import Subscription, effective_subscriptions, read_subscriptions
from schemas.subscription import SubscriptionChange
from tests.support.shared_data import DATA

XMLNS = f'<opml xmlns:{PREFIX}="{NAMESPACE}"'
WORLD = DATA / "feeds" / "world_news_opml"


def configuration(folder: Path, *subscriptions: str) -> Configuration:
    settings = Settings(poller=PollerSection(subscriptions=subscriptions))
    return Configuration(settings=settings, file=folder / "firstwire.toml", origins={})


def opml(*outlines: str) -> str:
    return f'<opml version="2.0"><head/><body>{"".join(outlines)}</body></opml>'


def test_folders_become_tags_and_duplicates_are_merged(tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(
        opml(
            '<outline text="World"><outline type="rss" text="A" xmlUrl="https://a.example/feed"/></outline>',
            '<outline text="Asia"><outline type="rss" xmlUrl="https://A.example:443/feed"/></outline>',
            '<outline type="rss" text="F" xmlUrl="ftp://f.example/feed?token=abc"/>',
        )
    )
    found, refused = read_subscriptions(
        configuration(tmp_path, "a.opml", "https://a.example/feed#x", "feed://b.example/rss", "http://a.example/feed")
    )
    assert [(s.url, s.title, s.tags) for s in found] == [
        ("https://a.example/feed", "A", ("World", "Asia")),
        ("https://b.example/rss", None, ()),
    ]
    assert [(r.url, r.reason) for r in refused] == [
        ("ftp://f.example/feed?token=***", "scheme 'ftp' is not http or https")
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "cannot read the subscriptions 'a.opml': No such file or directory"),
        ("<html></html>", "not an OPML file"),
        ("", "not an OPML file"),
        (opml(), "the OPML file contains no feed"),
    ],
)
def test_a_file_without_feeds_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "a.opml").write_text(content)
    with pytest.raises(ConfigError, match=message) as caught:
        read_subscriptions(configuration(tmp_path, "a.opml"))
    assert str(tmp_path / "a.opml") in str(caught.value)


def test_a_setting_that_is_no_web_address_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"poller\.subscriptions: ftp://x\.example/: scheme 'ftp'"):
        read_subscriptions(configuration(tmp_path, "ftp://x.example/"))


def test_the_shipped_list_is_read(tmp_path: Path) -> None:
    found, refused = read_subscriptions(configuration(tmp_path, "seeds/feeds.opml"))
    assert len(found) >= 15
    assert refused == ()
    assert all(subscription.title and subscription.tags for subscription in found)


@pytest.mark.skipif(not WORLD.is_dir(), reason="data missing: ../shared/data/feeds/world_news_opml")
def test_lists_from_the_wild_are_read(tmp_path: Path) -> None:
    files = [str(path) for path in sorted(WORLD.rglob("*.opml"))]
    found, _ = read_subscriptions(configuration(tmp_path, *files))
    assert len(found) > 100


def test_a_feed_with_settings_of_its_own_is_subscribed_by_them(tmp_path: Path) -> None:
    (tmp_path / "a.opml").write_text(opml('<outline type="rss" text="A" xmlUrl="https://a.example/feed"/>'))
    feeds = (
        FeedSettings(url="http://A.example/feed", interval="5m", longest_interval="30m"),
        FeedSettings(url="feed://b.example/rss", ignore_http_cache=True),
    )
    settings = Settings(poller=PollerSection(subscriptions=("a.opml", "https://b.example/rss")), feeds=feeds)
    found, _ = read_subscriptions(Configuration(settings=settings, file=tmp_path / "firstwire.toml", origins={}))
    assert [(each.url, each.title, each.options) for each in found] == [
        ("https://a.example/feed", "A", FeedOptions(interval_seconds=300.0, longest_interval_seconds=1800.0)),
        ("https://b.example/rss", None, FeedOptions(ignore_http_cache=True)),
    ]
    wrong = Settings(feeds=(FeedSettings(url="ftp://a.example/"),))
    with pytest.raises(ConfigError, match=r"feeds.url: ftp://a.example/: scheme 'ftp' is not http or https"):
        read_subscriptions(Configuration(settings=wrong, file=None, origins={}))


def test_a_feed_that_one_list_pauses_and_another_lists_plainly_is_polled(tmp_path: Path) -> None:
    feed = '<outline type="rss" text="A" xmlUrl="https://a.example/feed"'
    (tmp_path / "off.opml").write_text(opml(f'{feed} firstwire:paused="true"/>').replace("<opml", XMLNS, 1))
    (tmp_path / "on.opml").write_text(opml(f"{feed}/>"))
    for files, is_paused in ((("off.opml", "on.opml"), False), (("on.opml", "off.opml"), False), (("off.opml",), True)):
        ((found,), _) = read_subscriptions(configuration(tmp_path, *files))
        assert found.is_paused == is_paused


def decided(url: str, **settings: object) -> SubscriptionChange:
    return SubscriptionChange(url=url, decision="add", decided_at="2025-07-03T14:00:00.000Z", **settings)  # type: ignore[arg-type]


def changes_of(*changes: SubscriptionChange) -> dict[str, SubscriptionChange]:
    return {same_feed_key(change.url): change for change in changes}


def test_a_decision_precedes_the_files_and_these_precede_the_feed() -> None:
    of_file = Subscription(
        url="https://a.example/feed",
        title="A",
        tags=("World",),
        options=FeedOptions(interval_seconds=900.0, language="de"),
        place="a.opml",
    )
    (found,) = effective_subscriptions(
        [of_file], changes_of(decided("http://a.example/feed", tags=("Bees",), interval_seconds=60.0))
    ).values()
    assert (found.url, found.place) == ("https://a.example/feed", "a.opml")
    assert (found.title, found.tags) == ("A", ("Bees",))
    assert found.options == FeedOptions(interval_seconds=60.0, language="de")


def test_a_feed_that_was_removed_stays_so_whatever_the_files_say() -> None:
    of_file = Subscription(url="https://a.example/feed", place="a.opml")
    removal = SubscriptionChange(url="http://a.example/feed", decision="remove", decided_at="2025-07-03T14:00:00.000Z")
    assert effective_subscriptions([of_file], changes_of(removal)) == {}
    assert effective_subscriptions([], changes_of(decided("https://b.example/"))).keys() == {"b.example/"}


def test_feeds_of_one_registrable_domain_are_on_one_partition() -> None:
    urls = ["https://feeds.bbc.co.uk/a", "http://www.bbc.co.uk/b", "https://bbc.co.uk:8443/c?d"]
    assert len({feed_partition(url, 50) for url in urls}) == 1
    others = {feed_partition(f"https://site{number}.example.org/", 4) for number in range(9)}
    assert len(others) == 1
    assert {feed_partition(f"https://site{number}.org/", 4) for number in range(40)} == {0, 1, 2, 3}
