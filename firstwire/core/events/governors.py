"""Verbs and nouns that govern an act, "refuses to", "plans to", "urged to", with the status that each gives it."""

from __future__ import annotations

import re

from schemas.event import Status

WITHDRAWING = re.compile(
    r"(?:withdr|revok|rescind|cancel|revers|overturn|suspend|fr[eo]ez|retract|end(?:s|ed|ing)?$|annul|renounc|drop"
    r"|pull|nullif|void|repudiat)"
)
"""Words that withdraw a recognition or the decision to recognize."""


def _stems(text: str) -> tuple[str, ...]:
    return tuple(text.split())


# Verbs and nouns before "to recognize", "recognizing", "recognition", by the beginning of the word.
GOVERNORS: tuple[tuple[Status, tuple[str, ...]], ...] = (
    ("negated", _stems("refus declin fail reluctan unwilling oppos rejec avoid forbid prohibit hesita abstain balk")),
    (
        "negated",
        _stems("withh deny denie denying exclud fell fall stop stopp stops halt unable delay postpon impossib"),
    ),
    (
        "demanded",
        _stems(
            "ask asks asked asking urg call demand push press requir request appeal encourag implor beg lobb insist"
            " forced forcing ultimatum"
        ),
    ),
    (
        "demanded",
        _stems("recommend advocat campaign favour favor must bid effort time seek sought petition resist pressur"),
    ),
    ("conditional", _stems("offer threat willing warn precondition condition")),
    (
        "unconfirmed",
        _stems(
            "likely unlikely expect consider mull ponder weigh contemplat possib may might rumor rumour speculat believ"
        ),
    ),
    (
        "unconfirmed",
        _stems("appear seem discuss debat explor review stud talks negotiat potential prospect hint suggest"),
    ),
    ("planned", _stems("plan vow pledg promis agree intend intention prepar ready readiness announcing due poised")),
    (
        "planned",
        _stems(
            "process position hurry rush commit want wish aim hope going about set sets path way begin start try tries"
            " attempt mov"
        ),
    ),
    (
        "planned",
        _stems("bill motion propos schedul step agreement deal draft wait eager keen resolv determined closer"),
    ),
    (
        "asserted",
        _stems(
            "decid vot chose choos opt proceed treaty proclam declar statement decree order document law resolution"
        ),
    ),
    ("asserted", _stems("announc sign signs issu approv formal join adopt pass hand grant")),
    (
        "historical",
        _stems("decision choice continu agreed-upon thank prais welcom hail condemn criti protest angr react blam"),
    ),
)


_EXACT = {
    "time",
    "may",
    "might",
    "must",
    "set",
    "sets",
    "due",
    "law",
    "way",
    "bid",
    "about",
    "going",
    "talks",
    "ask",
    "asks",
    "asked",
    "asking",
    "sign",
}


def governing_status(word: str) -> Status | None:
    """The status that a verb or noun gives to the act it governs; None if it governs none."""
    for status, stems in GOVERNORS:
        if any(word == stem if stem in _EXACT else word.startswith(stem) for stem in stems):
            return status
    return None
