"""Credit lines: which agency an article says it has its text from, and which it only mentions."""

from __future__ import annotations

import msgspec
import pytest

from firstwire.core.stories.credits import credited_agency
from schemas.article import Article
from tests.support.records import TEXT, article


def credited(body: str, *, source: str | None = "Harbour Post", author: str | None = None) -> str | None:
    one: Article = msgspec.structs.replace(article(body=body, source=source), author=author)
    return credited_agency(one)


@pytest.mark.parametrize(
    ("start", "agency"),
    [
        ("MOSCOW, July 3 (Reuters) - ", "reuters"),
        ("MOSCOW, 3 July (Reuters) — ", "reuters"),
        ("KABUL, Afghanistan (AP) — ", "ap"),
        ("Kabul (AFP) – ", "afp"),
        ("KABUL: (AFP) ", "afp"),
        ("MOSCOW, July 3 (Xinhua) -- ", "xinhua"),
        ("MOSCOW, July 3 (Xinhua) ", "xinhua"),
        ("MOSCOW, July 3. /TASS/. ", "tass"),
        ("МОСКВА, 3 июля. /ТАСС/. ", "tass"),
        ("МОСКВА, 3 июл - РИА Новости. ", "ria"),
        ("Москва. 3 июля. Интерфакс - ", "interfax"),
        ("MOSCOW. July 3 (Interfax) - ", "interfax"),
        ("Moskau (dpa) - ", "dpa"),
        ("Moskau (dpa/AFP) - ", "dpa"),
        ("Moscú, 3 jul (EFE).- ", "efe"),
        ("ANKARA (AA) - ", "anadolu"),
        ("(ANSA) - ROMA, 03 LUG - ", "ansa"),
        ("New Delhi, Jul 3 (PTI) ", "pti"),
        ("NEW DELHI, July 3 (PTI) ", "pti"),
        ("TOKYO, July 3 (Kyodo) -- ", "kyodo"),
        ("KYODO NEWS - Jul 3, 2025 - ", "kyodo"),
        ("SEOUL, July 3 (Yonhap) -- ", "yonhap"),
        ("(서울=연합뉴스) 김 기자 = ", "yonhap"),
        ("新华社北京7月3日电 ", "xinhua"),
        ("（新华社）", "xinhua"),
        ("【ロンドン共同】", "kyodo"),
        ("【共同通信】", "kyodo"),
    ],
)
def test_datelines(start: str, agency: str | None) -> None:
    assert credited(start + TEXT) == agency


@pytest.mark.parametrize(
    ("end", "agency"),
    [
        ("\n\n Reuter\n\x03", "reuters"),
        (" (Reuters)", "reuters"),
        (" – AFP", "afp"),
        ("\nAP", "ap"),
        (" (With inputs from ANI)", "ani"),
        ("\nSource: Xinhua", "xinhua"),
        ("\n© 2025 AFP", "afp"),
        ("\nCopyright 2025 The Associated Press. All rights reserved.", "ap"),
        ("\n(Reporting by A. Writer in Kabul; Writing by B. Writer; Editing by C. Editor)", "reuters"),
        ("\nOur Standards: The Thomson Reuters Trust Principles.", "reuters"),
        (" The minister said so to Reuters.", None),
        (" He told the AP.", None),
        (" It was first reported by the newspaper.", None),
    ],
)
def test_signatures(end: str, agency: str | None) -> None:
    assert credited(TEXT + end) == agency


@pytest.mark.parametrize(
    ("author", "agency"),
    [
        ("Reuters", "reuters"),
        ("By REUTERS", "reuters"),
        ("Reuters Staff", "reuters"),
        ("A. Writer, Associated Press", "ap"),
        ("The Associated Press", "ap"),
        ("AFP", "afp"),
        ("Agence France-Presse", "afp"),
        ("A. Writer", None),
        ("Apa Afpson", None),
    ],
)
def test_bylines(author: str, agency: str | None) -> None:
    assert credited(TEXT, author=author) == agency


@pytest.mark.parametrize(
    ("source", "agency"),
    [("Reuters", "reuters"), ("AP News", "ap"), ("TASS", "tass"), ("Anadolu Agency", "anadolu"), ("Pa News", None)],
)
def test_outlets_that_are_agencies(source: str, agency: str | None) -> None:
    assert credited(TEXT, source=source) == agency


@pytest.mark.parametrize(
    "start",
    [
        "The Aam Aadmi Party (AAP) won the seat. ",
        "Agence France-Presse (AFP) said that its man was freed. ",
        "A spokesman told Reuters that ",
        "The Palestinian Authority (PA) and its courts ",
        "Reuters reported that ",
    ],
)
def test_an_agency_in_the_news_is_not_credited(start: str) -> None:
    assert credited(start + TEXT) is None


def test_the_dateline_counts_before_the_outlet() -> None:
    assert credited("KABUL (AP) - " + TEXT, source="Reuters") == "ap"
