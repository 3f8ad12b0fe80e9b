"""What adding a feed means: what is new, what changes, and what nobody asked to change."""

from __future__ import annotations

from io import StringIO

import msgspec
import pytest
from rich.console import Console

from firstwire.commands.feeds import SETTINGS_OF_A_FEED
from firstwire.commands.feeds_text import status_table, table
from firstwire.errors import ConfigError
from firstwire.poller.feed_accounts import as_json, counts, is_wanted, next_visit_at, shown_health, told_of, worst_first
from firstwire.poller.feed_additions import SETTINGS, Addition, addition, imported, pause, resumption, visited_every
from firstwire.poller.feed_choice import given_settings
from firstwire.poller.feed_list import FeedList, added, removed
from firstwire.poller.feed_options import FeedOptions
from firstwire.poller.links import same_feed_key
from firstwire.poller.opml import read_opml, write_opml
from firstwire.poller.subscriptions import Subscription, listed, pauses, polled_subscriptions
from schemas.feed import FeedState
from schemas.subscription import SubscriptionChange

AT, LATER = "2025-07-03T14:00:00.000Z", "2025-07-03T15:00:00.000Z"
BEE = "https://bee.example/atom.xml"


def known(*changes: SubscriptionChange, of_files: tuple[Subscription, ...] = (), moved_to: str = "") -> FeedList:
    decided = {same_feed_key(change.url): change for change in changes}
    states = {same_feed_key(BEE): FeedState(url=BEE, address=moved_to or None)}
    return FeedList(of_files, decided, states)


def bee(**settings: object) -> SubscriptionChange:
    return added(BEE, AT, None, **settings)  # type: ignore[arg-type]


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


def test_the_new_address_of_a_paused_feed_is_said_to_be_paused_and_how_to_resume_it() -> None:
    hive = "https://hive.example/feed"
    stopped = pause(known(bee()), known(bee()).meant(BEE), AT).change
    assert stopped is not None
    for url, is_found in ((hive, False), (BEE, True)):
        found = addition(known(stopped, moved_to=hive), url, LATER, given_settings(), is_found=is_found)
        assert (found.change, found.after) == (None, None)
        assert found.told.endswith(f"; it is paused, and stays so until you resume {BEE}")
    polled = "https://other.example/"
    states = {same_feed_key(each): FeedState(url=each, address=hive) for each in (BEE, polled)}
    changes = {same_feed_key(BEE): stopped, same_feed_key(polled): added(polled, AT, None)}
    both = addition(FeedList((), changes, states), hive, LATER, given_settings())
    assert both.told == f"already subscribed: {polled}, which has moved to {hive}; nothing is changed"


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


def test_a_paused_feed_stays_subscribed_with_its_settings_until_it_is_resumed() -> None:
    of_file = Subscription(url=BEE, title="Bee", place="a.opml")
    listed = known(of_files=(of_file,))
    change = pause(listed, listed.meant(BEE), AT).change
    assert change is not None
    assert change.decision == "remove"  # so that a program of before this field does not poll it either
    stopped = known(change, of_files=(of_file,))
    assert stopped.meant(BEE) == Subscription(url=BEE, title="Bee", place="a.opml", is_paused=True, decided_at=AT)
    assert polled_subscriptions([of_file], stopped.changes) == {}
    assert pause(stopped, stopped.meant(BEE), LATER) == Addition(None, f"{BEE} is paused already")
    again = resumption(stopped, stopped.meant(BEE), LATER).change
    assert again == added(BEE, LATER, None)
    assert resumption(listed, of_file, LATER) == Addition(None, f"{BEE} is not paused")


def test_what_a_pause_kept_is_what_resuming_and_adding_bring_back() -> None:
    before = bee(title="The Bee", tags=("wires",))
    change = pause(known(before), known(before).meant(BEE), AT).change
    assert change is not None
    stopped = known(change)
    assert resumption(stopped, stopped.meant(BEE), LATER).change == added(BEE, LATER, before)
    told = addition(stopped, BEE, LATER, given_settings(language="de"))
    assert told.told == f"{BEE}: resumed; language not set → de"
    assert told.change == added(BEE, LATER, before, language="de")


def test_a_record_of_before_that_removes_a_feed_and_has_settings_pauses_it() -> None:
    console = msgspec.structs.replace(bee(title="The Bee"), decision="remove")
    assert known(console).meant(BEE).is_paused
    assert known(removed(BEE, AT)).subscribed == {}


def test_a_feed_of_a_file_that_was_removed_by_hand_is_listed_and_can_be_resumed() -> None:
    of_file = Subscription(url=f"{BEE}?key=1", place="a.opml")
    gone = known(removed(of_file.url, AT), removed("https://nobody.example/", AT), of_files=(of_file,))
    assert gone.subscribed == {} == polled_subscriptions([of_file], gone.changes)
    (shown,) = gone.listed.values()
    state = gone.state_of(shown)
    assert (shown_health(shown, state), next_visit_at(shown, state)) == ("removed", None)
    assert (
        told_of(shown, state, LATER) == "removed by hand, not visited since 2025-07-03 14:00 UTC, until it is resumed"
    )
    assert counts([(shown, state)]) == "1 feed: 1 removed"
    assert as_json(shown, state) | {"is_paused": False, "is_removed": True} == as_json(shown, state)
    for url in (of_file.url, f"{BEE}?key=***"):
        assert resumption(gone, gone.resumable(url), LATER).change == added(of_file.url, LATER, None)
        with pytest.raises(ConfigError, match="no feed"):
            gone.meant(url)
    again = known(added(of_file.url, LATER, None), of_files=(of_file,))
    assert again.listed == again.subscribed


def test_lists_show_what_is_paused_the_worst_first_and_find_by_words() -> None:
    dead = Subscription(url="https://dead.example/", tags=("wires",), place="a.opml"), FeedState(url="d", health="dead")
    stale = Subscription(url="https://old.example/", title="Old", place="a.opml"), FeedState(url="o", health="stale")
    off = Subscription(url=BEE, title="Bee", place="command", is_paused=True), FeedState(url=BEE, health="dead")
    feeds = [off, stale, dead]
    assert worst_first(feeds) == [dead, stale, off]
    assert counts(feeds) == "3 feeds: 1 dead, 1 stale, 1 paused"
    assert as_json(*off) | {"is_paused": True, "next_poll_at": None} == as_json(*off)
    assert [is_wanted(*each, words=["WIRE", "example"], health=None) for each in feeds] == [False, False, True]
    assert [is_wanted(*each, words=[], health="paused") for each in feeds] == [True, False, False]


def test_tables_show_settings_and_where_a_feed_has_moved_within_80_columns() -> None:
    options = FeedOptions(interval_seconds=300.0, language="de")
    feed = Subscription(url=BEE, title="[b]Bee[/b]", tags=("wires",), options=options, place="[[feeds]]")
    state = FeedState(url=BEE, address="https://hive.example/feed", read_at=AT, checked_at=AT, health="gone")
    screen = Console(width=80, file=StringIO())
    screen.print(table([(feed, state)], LATER))
    screen.print(status_table([(feed, msgspec.structs.replace(state, health="blocked", last_error="HTTP 403"))], LATER))
    shown = screen.file.getvalue()  # type: ignore[attr-defined]
    for line in (
        "[b]Bee[/b]",
        "moved to https://hive.example/feed",
        "no entries so far",
        "tags wires · de · every 5m · from [[feeds]]",
        "never",
    ):
        assert line in shown
    assert max(map(len, shown.splitlines())) <= 80


def test_a_list_adds_what_is_new_and_neither_renames_nor_resumes_what_is_subscribed() -> None:
    moved = FeedState(url=BEE, address="https://hive.example/feed", title="The Bee says")
    before = pause(known(bee(title="The Bee")), known(bee()).meant(BEE), AT).change
    assert before is not None
    list_of_bee = FeedList((), {same_feed_key(BEE): before}, {same_feed_key(BEE): moved})
    entries = [
        Subscription(url="https://hive.example/feed", title="Hive", place="a.opml"),
        Subscription(url="https://new.example/", title="New", tags=("Asia",), place="a.opml"),
        Subscription(url="http://new.example/", place="a.opml"),
    ]
    found = imported(list_of_bee, entries, LATER)
    assert found.counts == "1 added, 0 changed, 1 subscribed already, 1 listed twice"
    assert found.changes == (added("https://new.example/", LATER, None, title="New", tags=("Asia",)),)
    assert found.left_paused == (f"{BEE}, which has moved to https://hive.example/feed",)
    assert imported(list_of_bee, [msgspec.structs.replace(entries[0], is_paused=True)], LATER).left_paused == ()
    tagged = imported(list_of_bee, [msgspec.structs.replace(entries[0], tags=("Asia",))], LATER)
    assert tagged.changed == (f"{BEE}: tags none → Asia",)
    assert pauses(tagged.changes[0]) and tagged.changes[0].title == "The Bee"


def test_what_is_exported_comes_back_as_it_was() -> None:
    subscribed = Subscription(url=BEE, tags=("Asia",), place="command", is_paused=True)
    state = FeedState(url=BEE, title="The Bee says", address="https://hive.example/feed")
    text = write_opml([listed(subscribed, state)])
    assert 'text="The Bee says" xmlUrl="https://hive.example/feed"' in text
    (read,) = read_opml(text.encode(), "a.opml")
    assert (read.is_own_title, read.is_paused, read.tags) == (True, True, ("Asia",))


def test_it_is_said_how_often_a_feed_is_visited_that_is_added_or_was_already() -> None:
    usual = "visited every 15m, more rarely if its publisher asks"
    for found in (adding(BEE), adding(BEE, bee()), addition(known(bee()), BEE, LATER, given_settings(), is_found=True)):
        assert found.after is not None
        assert visited_every(found.after, "15m") == usual
    chosen = adding(BEE, bee(), interval="1h").after
    assert chosen is not None
    assert visited_every(chosen, "15m") == "visited every 1h, more rarely if its publisher asks"
