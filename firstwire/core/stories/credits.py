"""Credit lines: the news agency that an article credits for its text.

Datelines ("KABUL, July 3 (Reuters) -"), signatures, bylines and outlet names count; "he told Reuters" does not.
"""

from __future__ import annotations

import re
from functools import lru_cache

from firstwire.core.text.words import words_as_spelled
from schemas.article import ArticleText

AGENCIES: dict[str, tuple[str, ...]] = {
    "reuters": (
        "Reuters",
        "Reuter",
        "Thomson Reuters",
        "Reuters News Agency",
        "Рейтер",
        "路透社",
        "路透",
        "ロイター",
        "رويترز",
    ),
    "ap": ("AP", "Associated Press", "The Associated Press", "AP News", "美联社", "أسوشيتد برس"),
    "afp": ("AFP", "Agence France-Presse", "Agence France Presse", "AFP News", "法新社", "أ ف ب", "ا ف ب"),
    "upi": ("UPI", "United Press International"),
    "tass": ("TASS", "Itar-Tass", "ТАСС", "ИТАР-ТАСС", "塔斯社"),
    "ria": ("RIA", "RIA Novosti", "РИА Новости", "РИА"),
    "interfax": ("Interfax", "Interfax.ru", "Интерфакс"),
    "sputnik": ("Sputnik",),
    "xinhua": ("Xinhua", "Xinhua News Agency", "新华社", "新華社"),
    "dpa": ("dpa", "dpa international", "Deutsche Presse-Agentur"),
    "apa": ("APA", "Austria Presse Agentur"),
    "efe": ("EFE", "Agencia EFE"),
    "europa-press": ("Europa Press", "EUROPA PRESS"),
    "ansa": ("ANSA",),
    "adnkronos": ("Adnkronos",),
    "lusa": ("Lusa",),
    "anp": ("ANP",),
    "belga": ("Belga",),
    "pap": ("PAP",),
    "ukrinform": ("Ukrinform", "Укринформ", "Укрінформ"),
    "anadolu": ("Anadolu", "Anadolu Agency", "Anadolu Ajansı", "AA", "الأناضول"),
    "irna": ("IRNA",),
    "tasnim": ("Tasnim",),
    "sana": ("SANA",),
    "wam": ("WAM",),
    "spa": ("SPA", "Saudi Press Agency", "واس"),
    "qna": ("QNA",),
    "pti": ("PTI", "Press Trust of India"),
    "ani": ("ANI", "Asian News International"),
    "ians": ("IANS",),
    "uni": ("UNI",),
    "app": ("APP", "Associated Press of Pakistan"),
    "bernama": ("Bernama",),
    "antara": ("ANTARA", "Antara"),
    "vna": ("VNA", "TTXVN"),
    "kyodo": ("Kyodo", "Kyodo News", "共同", "共同通信", "共同社"),
    "jiji": ("Jiji", "Jiji Press", "時事", "時事通信"),
    "yonhap": ("Yonhap", "Yonhap News Agency", "연합뉴스", "韩联社"),
    "kcna": ("KCNA", "조선중앙통신"),
    "cna-taiwan": ("中央社",),
    "bloomberg": ("Bloomberg", "Bloomberg News"),
    "canadian-press": ("The Canadian Press", "Canadian Press"),
    "aap": ("AAP", "Australian Associated Press"),
    "pa": ("PA Media", "Press Association", "PA"),
    "telam": ("Télam",),
    "prensa-latina": ("Prensa Latina",),
    "ips": ("Inter Press Service",),
}
"""Names by agency id. Initials count in capitals only, as "ap" and "pa" are also words."""

START_CHARACTERS = 160
END_CHARACTERS = 120

_BY_SPELLING = {form: agency for agency, names in AGENCIES.items() for name in names for form in (name, name.upper())}

_LONGEST_FIRST = sorted(_BY_SPELLING, key=lambda name: (-len(name), name))
_NAME = rf"(?P<name>{'|'.join(map(re.escape, _LONGEST_FIRST))})"
_DASH = r"(?:--|[-‐‑‒–—―−])"
_IN_BRACKETS = rf"[(（\[【]\s?{_NAME}(?:\s?[/,|]\s?[^()（）\[\]]{{1,30}})?\s?[)）\]】]"
_DATELINE_DAY = r",\s?(?:[^\W\d]+\.?\s\d{1,2}|\d{1,2}\.?\s[^\W\d]+\.?)(?:,?\s\d{4})?"
_PLACE = rf"\W*(?:[A-ZÀ-Þ][A-ZÀ-Þ .'/-]{{2,40}}(?:{_DATELINE_DAY})?|[^\W\d][\w .'/-]{{2,40}}{_DATELINE_DAY})[,:]?\s*"

_DATELINES = [
    re.compile(rf"{_IN_BRACKETS}\s?(?:\.?\s?{_DASH}|:)"),  # KABUL, July 3 (Reuters) - · Berlin (dpa/tmn) - · (EFE).-
    re.compile(rf"^\W?{_IN_BRACKETS}"),  # (ANSA) ROMA, 03 LUG · 【共同通信】
    re.compile(rf"^{_PLACE}{_IN_BRACKETS}"),  # MOSCOW, July 3 (Xinhua) The · New Delhi, Jul 3 (PTI) The
    re.compile(rf"^【[^【】]{{1,12}}?{_NAME}】"),  # 【ロンドン共同】
    re.compile(rf"[(（][^()（）]{{1,12}}=\s?{_NAME}[)）]"),  # (서울=연합뉴스)
    re.compile(rf"/\s?{_NAME}\s?/"),  # MOSCOW, July 3. /TASS/.
    re.compile(rf"(?:^|[,.]\s){_NAME}\s?{_DASH}\s"),  # КИЕВ. 3 июля. Интерфакс - · KYODO NEWS -
    re.compile(rf"{_DASH}\s?{_NAME}\.\s"),  # МОСКВА, 3 июл - РИА Новости.
    re.compile(rf"^{_NAME}.{{0,14}}?\d{{1,2}}日"),  # 新华社北京7月3日电
]
_SIGNATURES = [
    re.compile(rf"[(（\[【/]\s?{_NAME}\s?[)）\]】/]\W*$"),
    re.compile(rf"(?:{_DASH}|[.!?…\"”'’»。©|\n])\s*{_NAME}\W*$"),  # … he said. – AFP
    re.compile(rf"\b(?:[Ss]ource|[Qq]uelle|[Ff]uente|[Ff]onte|[Vv]ia|[Bb]y)\s?:?\s{_NAME}\W*$"),
    re.compile(rf"(?:©|\([Cc]\)|[Cc]opyright)\s?(?:©\s?)?(?:\d{{4}}\s)?{_NAME}(?!\w)"),
    re.compile(rf"\b[Ww]ith (?:agency )?inputs? from\s(?:the\s)?{_NAME}(?!\w)"),
    re.compile(rf"\bThe {_NAME} Trust Principles"),
]
_BYLINE = re.compile(rf"(?:^|[\s,;/|(]){_NAME}(?=$|[\s,;/|).])")
_FIRST_WORDS = frozenset(word for name in _BY_SPELLING for word in words_as_spelled(name)[:1])
_OUTLET = re.compile(rf"\W*{_NAME}\W*")
_REUTERS_CREW = re.compile(r"Reporting by [^\n]{3,300}?[;,.]\s*(?:[Ww]riting by [^\n]{3,200}?[;,.]\s*)?[Ee]diting by ")
CREW_CHARACTERS = 500
"""Only Reuters ends its texts with the names of reporters and editors."""


def credited_agency(article: ArticleText) -> str | None:
    """The id of the credited agency, by dateline, end of the text, byline or outlet name, in this order."""
    text = (article.body or article.summary).strip()
    return (
        _first(_DATELINES, text[:START_CHARACTERS])
        or _first(_SIGNATURES, text[-END_CHARACTERS:])
        or ("reuters" if _REUTERS_CREW.search(text[-CREW_CHARACTERS:]) else None)
        or _first([_BYLINE], (article.author or "")[:START_CHARACTERS])
        or _agency_of_outlet(article.source or "")
    )


def _first(forms: list[re.Pattern[str]], text: str) -> str | None:
    if not text or (text.isascii() and _FIRST_WORDS.isdisjoint(words_as_spelled(text))):
        return None  # the usual case, and much cheaper than the patterns
    found = next((match for form in forms if (match := form.search(text))), None)
    return _BY_SPELLING[found["name"]] if found else None


@lru_cache(maxsize=4096)  # outlets are few, and have many articles
def _agency_of_outlet(source: str) -> str | None:
    named = _OUTLET.fullmatch(source)
    return _BY_SPELLING[named["name"]] if named else None
