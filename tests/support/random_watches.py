"""Random queries, each with the reading of a naive evaluator, and random articles, of one stock of hard words."""

from __future__ import annotations

import random
from typing import Any

from firstwire.core.watches.document import Document, Names
from tests.support import naive_watches as naive
from tests.support.small_gazetteer import GAZETTEER

WORDS = (
    "Russia Russia's RUSSIA russia’s recognise recognised Recognition café cafe\u0301 CAFE Straße STRASSE ﬁrst first",
    "Йод йод и\u0306од иод Ёлка елка Талибан ТАЛИБАН талибан طالبان طَالِبَان أفغانستان افغانستان ᾳ αι Ω ω ς σ FIRST",
    "東京 東 京都 中國 々 タリバン ﾀﾘﾊﾞﾝ がく かく か\u3099く ー ヽ ｶﾞ ガ น้ำ ไทย นา ๑๒ ລາວ မြန်မာ ខ្មែរ 한국",
    "❤️ 👍🏽 1️⃣ & — \u0301 don’t don't a_b x1 1x ½ x² İstanbul istanbul e\u0301\u0323t et U.S. US us and NEAR/3",
    "ＡＢＣ abc 𝐚𝐛𝐜 क्षेत्र हिंदी naïve naive Å a\u030a \u1112\u1161\u11ab국 the a of in to Kabul KABUL kabul",
    "طـــالبان طالبـان بطالبان وطالبان ولطالبان السعودية للسعودية وللسعودية والسعودية ايران إيران ایران",
    "لإيران ىران اىران كابل کابل كـابل موسى موسي موسی على علي ہند هند خانۀ خانهٔ ٱلله الله ٢٠٢٥ ۲۰۲۵ 2025",
    "می\u200cشود شود ميشود ﻃﺎﻟﺒﺎﻥ ﹱ ليبيا ليبيى غزة غزه \u0640\u064b بـ\u064b \u06f0\u0660",
    "ışık Işık IŞIK işik diyarbakır DİYARBAKIR Diyarbakır sığınmacılar SIĞINMACILAR Irak IRAK İRAN İran ılık",
    "Oʻzbekiston Oʼzbekiston O'zbekiston O‘zbekiston O`zbekiston O´zbekiston Hawaiʻi Пʼята П'ята Qurʾān ŉ ꞌa",
    "талибский талибского антиталибский Georgia Atlanta so\u00adft soft",
    "ರಾಜ್\u200cಕುಮಾರ್ ರಾಜ್ಕುಮಾರ್ ශ්\u200dරී ශ්රී \u200fabc \u0640 \u200d",
)
SEPARATORS = [" "] * 8 + ["", "-", ", ", "’", "\u200b", "\n", "\u00a0", " & ", ". ", "・"]
VALUES: dict[str, list[str]] = {
    "source": ["Reuters", "reuters", "El País", "Le Monde"],
    "lang": ["en", "en-US", "de", "zh-Hant-TW"],
    "tag": ["russia", "South Ossetia", "Élysée", "ガ"],
    "author": ["Ann Lee", "Žižek"],
    "url": ["https://example.com/a?b=1", "https://example.com/Straße"],
}
PATTERNS: dict[str, list[str]] = {
    "source": ["REUTERS", "el pais", "*e*", "le?monde", "reut*", "x*"],
    "lang": ["en", "EN-us", "zh", "zh-hant", "d?", "*"],
    "tag": ["Russia", "south*", "elysee", "ｶﾞ", "*"],
    "author": ["ann lee", "zizek", "*lee"],
    "url": ["*example.com*", "https://example.com/a?b=1", "*strasse"],
}


class Maker:
    """Random queries, each as its text and as what the naive evaluator reads, from a small stock of words."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        rows = WORDS if dice.random() < 0.5 else dice.sample(WORDS, 2)  # words of one row are often alike
        self.words = dice.sample(" ".join(rows).split(" "), 7)

    def text(self, longest: int) -> str:
        dice = self.dice
        count = dice.choice([0, longest, dice.randint(0, longest)])
        return "".join(dice.choice(self.words) + dice.choice(SEPARATORS) for _ in range(count))

    def article(self) -> dict[str, Any]:
        dice = self.dice
        single = {name: dice.choice([None, *values]) for name, values in VALUES.items()}
        tags = dice.sample(VALUES["tag"], dice.randint(0, 2))
        texts: dict[str, str] = {"title": self.text(5), "summary": self.text(6), "body": self.text(14)}
        return {**single, **texts, "tag": tags, "names": {field: names_in(text) for field, text in texts.items()}}

    def term(self) -> tuple[str, naive.Query]:
        """A term, phrase, wildcard, exact term or entity."""
        dice = self.dice
        while True:
            kind = dice.choice(["word", "word", "phrase", "wildcard", "exact", "entity"])
            if kind == "entity":
                name = dice.choice([entity.id for entity in GAZETTEER])
                return f"@{name}", ("entity", name)
            words = [dice.choice(self.words) for _ in range(dice.choice([2, 2, 3]) if kind == "phrase" else 1)]
            raw = words[0] + "".join(dice.choice([" ", " ", "-", ", "]) + word for word in words[1:])
            if kind == "wildcard" or (kind == "phrase" and dice.random() < 0.3):
                raw = self.wild(raw)
            if not naive.tokens(raw) or not self.early_enough(raw):
                continue
            if kind == "exact":
                return f"={self.spelled(raw)}", ("exact", raw)
            return self.spelled(raw), ("term", raw)

    def wild(self, raw: str) -> str:
        """With some of its characters changed to wildcards."""
        at = self.dice.randint(2, max(2, len(raw)))
        return raw[:at] + self.dice.choice(["*", "?", "*" + raw[at + 1 :], "?" + raw[at + 1 :], "*" + raw[-1]])

    @staticmethod
    def early_enough(raw: str) -> bool:
        """Whether two plain characters come before every wildcard."""
        return not any({"*", "?"} & set(naive.fold(token)[:2]) for token in naive.tokens(raw, wild=True))

    def spelled(self, raw: str) -> str:
        bare = not set(raw) & set(' "()\n:') and raw[0] not in "-!=@" and not raw.startswith("NEAR/")
        if bare and self.dice.random() < 0.7:
            return raw
        return self.dice.choice(['"{}"', "“{}”"]).format(raw)

    def side(self) -> tuple[str, naive.Query]:
        if self.dice.random() < 0.7:
            return self.term()
        parts = [self.term() for _ in range(self.dice.randint(1, 3))]
        return f"({' OR '.join(text for text, _ in parts)})", ("or", [part for _, part in parts])

    def near(self) -> tuple[str, naive.Query]:
        (left, left_query), (right, right_query) = self.side(), self.side()
        name, distance = self.dice.choice(["NEAR", "BEFORE"]), self.dice.choice([0, 0, 1, 2, 5])
        return f"{left} {name}/{distance} {right}", (name.lower(), left_query, right_query, distance)

    def value(self) -> tuple[str, naive.Query]:
        field = self.dice.choice(list(PATTERNS))
        patterns = self.dice.sample(PATTERNS[field], self.dice.choice([1, 1, 2]))
        spelled = [f'"{pattern}"' if " " in pattern else pattern for pattern in patterns]
        text = f"{field}:{spelled[0]}" if len(patterns) == 1 else f"{field}:({' OR '.join(spelled)})"
        return text, ("or", [("value", field, pattern) for pattern in patterns])

    def query(self, depth: int, *, inside: bool = False) -> tuple[str, naive.Query]:
        """Any expression, in parentheses where its place may need them."""
        kinds = ["term", "term", "near"] + ([] if inside else ["value", "in"])
        kinds += ["and", "and", "or", "not"] if depth else []
        match self.dice.choice(kinds):
            case "term":
                return self.term()
            case "near":
                return self.near()
            case "value":
                return self.value()
            case "in":
                field = self.dice.choice(["title", "summary", "body"])
                simple = self.dice.random() < 0.5
                text, query = self.term() if simple else self.query(max(depth - 1, 0), inside=True)
                return f"{field}:{text}" if simple else f"{field}:({text})", ("in", field, query)
            case "not":
                text, query = self.query(depth - 1, inside=inside)
                bare = query[0] in {"near", "before", "term", "exact", "entity"} and self.dice.random() < 0.8
                return f"NOT {text}" if bare else f"NOT ({text})", ("not", query)
            case kind:
                parts = [self.query(depth - 1, inside=inside) for _ in range(2)]
                join = " OR " if kind == "or" else self.dice.choice([" AND ", " "])
                loose = {"or"} if kind == "and" else set()
                return join.join(f"({text})" if part[0] in loose else text for text, part in parts), (
                    kind,
                    [part for _, part in parts],
                )


def document_of(article: dict[str, Any]) -> Document:
    return Document(
        title=article["title"],
        summary=article["summary"],
        body=article["body"],
        source=article["source"],
        language=article["lang"],
        author=article["author"],
        url=article["url"],
        tags=article["tag"],
        names=article["names"],
    )


def names_in(text: str) -> Names:
    """Where the entity finder finds each entity, but for names that only tag a nation."""
    found: dict[str, list[tuple[int, int]]] = {}
    for mention in GAZETTEER.find(text):
        if mention.role != "within":
            found.setdefault(mention.entity.id, []).append((mention.start, mention.end))
    return found
