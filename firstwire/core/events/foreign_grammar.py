"""The words of one language, compiled to regular expressions over masked sentences."""

from __future__ import annotations

import re

from firstwire.core.events.foreign_forms import Words
from firstwire.core.text.folding import fold_text

_PUNCTUATION = r"[,:;.!?—]"


class Grammar:
    """The regular expressions of one language. None has a repetition inside an unlimited repetition."""

    def __init__(self, words: Words) -> None:
        self._spaced = words.spaced
        self.mark = re.compile(words.mark) if words.mark else None
        self.verb_last = words.verb_last
        self.genitive = words.genitive
        acts = (f"(?P<{kind}>{self._whole(forms)})" for kind, forms in words.acts.items())
        self.act = re.compile("|".join(acts))
        between = f"{fold_text(words.small)}|{fold_text(words.state)}"
        few = self._words(between, 8)
        join = fold_text(words.joins)
        item = rf" (?:(?:{between}) ){{0,2}}§" if words.spaced else f" ?(?:{between}){{0,2}} ?§"
        self.row = re.compile(rf"§(?: ,{item})*(?:(?: ,)? ?(?:{join}){item})*")
        self.join = self._any(words.joins)
        self.gap = re.compile(few)
        over = rf"(?:§ )?{self._whole(words.over)}"
        self.over_gap = re.compile(rf"{self._words(between, 4)}{over}{few}")
        place = rf"(?:{self._whole(words.aside)}{few}§ )?"
        self.rest = re.compile(rf"{few}{place}(?:{self._whole(words.closing)} ?)?{place}[.!]? ?")
        self.tail = re.compile(r"(?: \w+){0,5} " if words.spaced else r" ?\w{0,6} ?")
        self.statehood = self._any(words.state)
        self.role = re.compile(rf" ?{self._whole(words.role)}")
        self.by = re.compile(rf"{self._whole(words.by)}{self._words(between, 3)}$")
        self.aside = re.compile(rf"{self._whole(words.aside)}{self._words(between, 2)}$")
        self.seat = re.compile(rf"{self._whole(words.state)} {self._whole(words.aside)} $")
        self.agent = re.compile(words.agent)
        self.own = re.compile(rf"{self._words(between, 3)}{self._whole(words.own)}")
        self.clause = re.compile(rf"{_PUNCTUATION}|{self._whole(words.that)}")
        self.demanded = self._any(words.demanded)
        self.cues = {
            "negated": self._any(words.negated),
            "demanded": self.demanded,
            "conditional": self._any(words.conditional),
            "unconfirmed": self._any(words.unconfirmed),
            "planned": self._any(words.planned),
            "asserted": self._any(words.decided),
        }
        self.soon = self._any(words.soon)
        self.rumour = self._any(words.rumour)
        self.historical = self._any(words.historical)
        self.withdrawn = self._any(words.withdrawn)
        self.no_longer = self._any(words.no_longer)
        opens = (
            words.soon,
            words.decided,
            words.negated,
            words.demanded,
            words.conditional,
            words.unconfirmed,
            words.planned,
            words.that,
            words.country,
        )
        opening = "|".join(self._whole(each) for each in (*opens, r"\d+|hat|haben|hatten?|" + words.over))
        self.lead_in = re.compile(rf"(?:^|[^\w\s]|{opening}){few}$")
        self.country = self._any(words.country)
        self.world = self._any(words.world)
        ranks = words.ranks.split("/")
        named = "|".join(f"(?P<r{number}>{self._whole(rank)})" for number, rank in enumerate(ranks, start=1))
        self.rank = re.compile(
            rf"(?P<only>{self._whole(words.only)})|{named}|(?<!\w)(?P<digits>\d{{1,3}}) ?[^\W\d]{{1,2}}(?!\w)"
        )
        self.counted = re.compile(rf"(?:(?: §| \w+){{0,2}}?) {self._whole(words.country)}")
        self.counted_close = re.compile(rf"\w{{0,6}}?(?:{fold_text(words.country)})|(?={self.act.pattern})")
        self.alone = re.compile(rf"(?: {self._whole(words.world)}){{0,3}} (?:{self.act.pattern})")
        self.spaced = words.spaced

    def _whole(self, alternatives: str) -> str:
        """The alternatives as whole words, in languages that separate words."""
        folded = fold_text(alternatives)
        return rf"(?<!\w)(?:{folded})(?!\w)" if self._spaced else f"(?:{folded})"

    def _any(self, alternatives: str) -> re.Pattern[str]:
        return re.compile(self._whole(alternatives))

    def _words(self, alternatives: str, limit: int) -> str:
        """Up to `limit` of the words with surrounding spaces."""
        return rf" (?:(?:{alternatives}) ){{0,{limit}}}" if self._spaced else rf" ?(?:{alternatives}){{0,{limit}}} ?"
