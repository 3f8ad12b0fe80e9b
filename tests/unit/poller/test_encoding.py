"""Bytes to text: what is declared wrongly or not at all is read all the same."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firstwire.poller.document import FeedDocument
from firstwire.poller.encoding import decoded
from firstwire.poller.feed_reader import read_document

HEADLINES = {
    "windows-1251": "Молдавия отозвала посла из Минска",
    "koi8-r": "Молдавия отозвала посла из Минска",
    "cp1252": "Le ministre des Affaires étrangères a été reçu à l’Élysée",
    "cp1250": "Rząd ogłosił żałobę narodową, łączność zerwana",
    "cp1253": "Η Κύπρος ανακάλεσε τον πρέσβη της",
    "cp1254": "Türkiye büyükelçisini geri çağırdı, ilişkiler gergin",
    "cp1255": "קפריסין החזירה את השגריר שלה",
    "cp1256": "قبرص تستدعي سفيرها من العاصمة",
    "cp874": "ไซปรัสเรียกทูตกลับประเทศ",
    "cp932": "キプロス、大使を召還すると発表",
    "euc_jp": "キプロス、大使を召還すると発表",
    "gb18030": "塞浦路斯宣布召回驻当地大使",
    "big5": "塞浦路斯宣布召回駐當地大使",
    "cp949": "키프로스가 대사를 소환했다",
    "utf-16": "Кипр отозвал посла",
    "utf-16-le": "Кипр отозвал посла",
    "utf-32-be": "Кипр отозвал посла",
    "iso2022_jp": "キプロス、大使を召還",
    "utf-8": "Кипр — отозвал посла: 塞浦路斯",
}
WITHOUT_LETTERS_OF_THEIR_OWN = ("utf-16", "utf-16-le", "utf-32-be", "iso2022_jp")


def document(headline: str, encoding: str | None, before: str = "") -> str:
    prolog = "" if encoding is None else f'<?xml version="1.0" encoding="{encoding}"?>'
    return (
        f'{before}{prolog}<rss version="2.0"><channel><title>{headline[:12]}</title><item><title>{headline}</title>'
        "<link>https://a.example/1</link></item></channel></rss>"
    )


def title(body: bytes, content_type: str = "text/xml") -> str:
    found = read_document(body, url="https://a.example/feed", content_type=content_type, entry_limit=9)
    assert isinstance(found, FeedDocument)
    return found.entries[0].title


@pytest.mark.parametrize("encoding", HEADLINES)
def test_the_headline_arrives_whatever_the_prolog_says(encoding: str) -> None:
    headline = HEADLINES[encoding]
    declarations = [encoding] if encoding == "iso2022_jp" else [encoding, None, "utf-8", "us-ascii", "no-such-encoding"]
    for declared in declarations:
        for before in ("", "\r\n \n"):
            assert title(document(headline, declared, before).encode(encoding)) == headline, (declared, before)


@pytest.mark.parametrize("label", ["windows-1251", "iso-8859-1", "cp932", "utf-16", "koi8-r", "x"])
def test_valid_utf_8_wins_over_any_label(label: str) -> None:
    body = document(HEADLINES["utf-8"], label).encode()
    assert title(body) == title(body, f"text/xml; charset={label}") == HEADLINES["utf-8"]


@pytest.mark.parametrize("name", ["cp-1251", "win1251", "Windows1251", "CP1251", "x-cp1251", " windows-1251 "])
def test_an_encoding_is_known_by_what_it_is_called_in_the_wild(name: str) -> None:
    assert title(document("Коза", name).encode("cp1251")) == "Коза"
    assert title(document("Коза", None).encode("cp1251"), f'text/xml; charset="{name}"') == "Коза"


def test_the_header_counts_before_the_prolog_unless_it_names_what_cannot_be() -> None:
    body = document(HEADLINES["windows-1251"], "windows-1251").encode("cp1251")
    assert title(body, "text/xml; charset=iso-8859-1") == HEADLINES["windows-1251"]
    assert title(document("žluťoučký", "windows-1252").encode("cp1250"), "text/xml; charset=cp1250") == "žluťoučký"


def test_some_damage_leaves_utf_8_what_it_is() -> None:
    body = document("Кипр отозвал посла из Минска", "utf-8").encode()
    assert title(body.replace("посла".encode(), b"\xff")) == "Кипр отозвал \ufffd из Минска"
    cut = body[: body.index("Минска".encode()) + 1]
    assert decoded(cut, "text/xml").text.endswith("из \ufffd")


@pytest.mark.parametrize("label", ["undefined", "UNDEFINED"])
def test_a_codec_that_decodes_nothing_is_no_declaration(label: str) -> None:
    assert decoded("Äpfel".encode("cp1252"), f"text/xml; charset={label}").text == "Äpfel"


@given(st.binary(max_size=300), st.text(max_size=60))
def test_no_bytes_and_no_label_raise(body: bytes, label: str) -> None:
    for each in (body, b"<?xml encoding='" + label.encode("utf-8", "replace") + b"'?>" + body):
        decoded(each, f"text/xml; charset={label}").text.encode()
