"""Repairs before parsing: one bad character, reference or element costs at most its own place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.feed_reader import read_document
from firstwire.poller.markup import repaired
from firstwire.poller.mojibake import garbled_excerpt
from tests.fakes.origin import item


def feed_of(*items: str) -> FeedDocument:
    body = f'<rss version="2.0"><channel><title>Quay</title>{"".join(items)}</channel></rss>'.encode()
    found = read_document(body, url="https://a.example/", content_type="", entry_limit=100)
    assert isinstance(found, FeedDocument)
    return found


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("Peace &#55356;&#57139; now", "Peace 🌳 now"),
        ("Peace &#xD83C;&#xDF33; now", "Peace 🌳 now"),
        ("Peace &#55356; now", "Peace \ufffd now"),
        ("Peace &#xdf33; now", "Peace \ufffd now"),
        ("Peace &#1114112; now", "Peace \ufffd now"),
        ("Peace &#1114112 now", "Peace \ufffd now"),
        ("Peace &#x110000; now", "Peace \ufffd now"),
        (f"Peace &#{'9' * 5000}; now", "Peace \ufffd now"),
        ("Peace &#0;&#x1f;&#8;now", "Peace now"),
        ("Peace \x00\x08\x1fnow", "Peace now"),
        ("Peace \ufffe\uffffnow", "Peace now"),
        ("<![CDATA[Peace &#55356;&#57139; now]]>", "Peace 🌳 now"),
        ("Peace &amp;#55356;&amp;#57139; now", "Peace 🌳 now"),
        ("Peace &amp;#1114112; now", "Peace \ufffd now"),
        ("Peace &#233;t&#xe9; &#8212; now", "Peace été — now"),
    ],
)
def test_a_bad_reference_costs_one_character(written: str, read: str) -> None:
    found = feed_of(item("Before"), f"<item><title>{written}</title></item>", item("After"))
    assert [entry.title for entry in found.entries] == ["Before", read, "After"]
    assert found.fault is None or "&#1114112 " in written


@given(st.text(), st.integers(0, 1 << 40), st.sampled_from(["&#{};", "&#x{:x};", "&#{}"]))
def test_whatever_is_repaired_can_be_encoded(text: str, number: int, form: str) -> None:
    whole = repaired(text + form.format(number) + text)
    assert "\x00" not in whole
    whole.encode()
    assert repaired(f"<a>{whole}") == f"<a>{whole}"


def test_an_entry_that_the_parser_cannot_take_costs_itself_alone() -> None:
    items = [item(f"Item {number}") for number in range(40)]
    # feedparser 6.0.14 raises TypeError for an end tag of an image's width without a start
    items[17] = "<item><title>Harm</title></width></item>"
    items[31] = "<item><title>Harm</title></height></item>"
    found = feed_of(*items)
    assert [entry.title for entry in found.entries] == [f"Item {n}" for n in range(40) if n not in (17, 31)]
    assert found.title == "Quay"
    assert found.fault is not None
    assert found.fault.startswith("some entries cannot be read: TypeError")


@pytest.mark.parametrize(
    "text",
    [
        "Кипр отозвал посла".encode().decode("latin-1"),
        "Кипр отозвал посла".encode().decode("cp1251", "replace"),
        "Nicosia’s".encode().decode("cp1252"),
        "Dél-Ciprus követe".encode().decode("cp1252"),
        "Büyükelçi çağrıldı".encode().decode("cp1254"),
        "Łączność żałoba".encode().decode("cp1252", "replace"),
        "キプロス".encode().decode("cp1252", "replace"),
        "ambassadeur rappel\ufffd \ufffd Nicosie, rappel\ufffd",
    ],
)
def test_garbled_text_is_noticed(text: str) -> None:
    assert garbled_excerpt([text]) is not None
    assert garbled_excerpt([text, *["Harbor reopens"] * 5]) is not None
    assert garbled_excerpt([text, *["Harbor reopens"] * 50]) is None


@pytest.mark.parametrize(
    "text",
    [
        "Кипр отозвал посла, СССР и РСФСР — нет",
        "Россияне: «РС» – это Республика Сербская…",
        "L’ÂGE D’OR À L’ÉLYSÉE : « ÊTRE »",
        "São Paulo, ÃO, Ñandú — Århus",
        "Łódź, Żory i Ćmielów",
        "Η Κύπρος: «ΝΑΙ»",
        "Đà Nẵng – Huế",
        "קפריסין 塞浦路斯 キプロス 키프로스 ไซปรัส قبرص",
        "",
    ],
)
def test_text_of_any_language_is_not_garbled(text: str) -> None:
    assert garbled_excerpt([text]) is None
