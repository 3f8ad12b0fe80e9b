"""Lexicon files: YAML to the lexicon of a language, with file, line and column in every error.

Every row has an example, and what is read in it: `tests/unit/core/language/test_lexicon.py` runs all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import msgspec

import seeds as shipped
from firstwire.core.events.framed_acts import PARTY
from firstwire.core.language.lexicon import Cue, CueKind, Frame, Lexicon, PartyPlace, Sides
from firstwire.errors import ConfigError
from firstwire.files.lemmas import load_lemmas
from firstwire.files.yaml import WrittenFile, load
from schemas.event import Status

ENGLISH = Path(shipped.__path__[0]) / "lexicon" / "en.yaml"

Word = Annotated[str, msgspec.Meta(min_length=1)]
PlaceText = Annotated[str, msgspec.Meta(pattern=r"^(owner|(noun|verb) [a-z]+)$")]
StandIn = Literal["give", "call", "reject", "deny"]


class LexiconRow(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`reads`: the acts that are read in the example with this row, as `as_read` in the test writes them."""

    example: Word
    reads: Word


class ClassRow(LexiconRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    word: Word
    kind: Word = msgspec.field(name="class")


class GovernorRow(LexiconRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    word: Word
    status: Status


class CueRow(GovernorRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    cue: CueKind


class FormRow(LexiconRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    word: Word
    shown_as: StandIn


class FrameRow(LexiconRow, frozen=True, kw_only=True, forbid_unknown_fields=True):
    act: Word
    verb: Word
    noun: Word
    target: tuple[PlaceText, ...]
    sides: Sides = "one"
    needs_target: bool = True
    near: str = ""


class LexiconFile(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    frames: tuple[FrameRow, ...]
    verbs: tuple[ClassRow, ...]
    nouns: tuple[ClassRow, ...]
    nominals: tuple[ClassRow, ...]
    governors: tuple[GovernorRow, ...]
    cues: tuple[CueRow, ...]
    words: tuple[ClassRow, ...]
    forms: tuple[FormRow, ...]


@lru_cache(maxsize=1)
def load_lexicon() -> Lexicon:
    """The lexicon of English, as shipped."""
    return lexicon_of(read_lexicon(ENGLISH).value)


def read_lexicon(path: Path) -> WrittenFile[LexiconFile]:
    """The rows of a file. Raises ConfigError with the line of an error."""
    document = load(path, LexiconFile)
    for section in msgspec.structs.fields(LexiconFile):
        _check_unique(section.name, getattr(document.value, section.name), document)
    for number, frame in enumerate(document.value.frames):
        _check_frame(frame, document.value, document.place("frames", number))
    return document


def lexicon_of(rows: LexiconFile) -> Lexicon:
    return Lexicon(
        verbs=_by_word(rows.verbs),
        nouns=_by_word(rows.nouns),
        nominals=_by_word(rows.nominals),
        governors={row.word: row.status for row in rows.governors},
        cues={row.word: Cue(row.cue, row.status) for row in rows.cues},
        words=_by_class(rows.words),
        frames=tuple(_frame(row) for row in rows.frames),
        stand_ins={row.word: row.shown_as for row in rows.forms},
        lemmas=load_lemmas(),
    )


def _check_unique(section: str, rows: Sequence[LexiconRow], document: WrittenFile[LexiconFile]) -> None:
    seen: dict[str, int] = {}
    for number, key in enumerate(_keys(rows)):
        first = seen.setdefault(key, number)
        if first != number:
            message = f"{key} stands in {section} twice, first at {document.place(section, first)}"
            raise ConfigError(message, place=document.place(section, number))


def _keys(rows: Sequence[LexiconRow]) -> Iterator[str]:
    for row in rows:
        if isinstance(row, ClassRow):
            yield f"{row.word!r} as {row.kind!r}"
        elif isinstance(row, FrameRow):
            yield f"{row.act!r} of {row.verb!r} and {row.noun!r}"
        elif isinstance(row, GovernorRow | FormRow):
            yield repr(row.word)


def _check_frame(frame: FrameRow, rows: LexiconFile, place: str) -> None:
    """Every class that a frame names has a word."""
    known = (
        ("verb", frame.verb, (*rows.verbs, *rows.nominals)),
        ("noun", "" if frame.noun == PARTY else frame.noun, rows.nouns),
        ("word", frame.near, rows.words),
    )
    for what, kind, members in known:
        if kind and all(row.kind != kind for row in members):
            raise ConfigError(f"no {what} is of class {kind!r}", place=place)


def _frame(row: FrameRow) -> Frame:
    places = tuple(_place(text) for text in row.target)
    return Frame(row.act, row.verb, row.noun, places, row.sides, row.needs_target, row.near)


def _place(text: str) -> PartyPlace:
    source, _, after = text.partition(" ")
    return PartyPlace(source, after)  # type: ignore[arg-type]  # the pattern has checked it


def _by_word(rows: Sequence[ClassRow]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.word, set()).add(row.kind)
    return {word: frozenset(kinds) for word, kinds in found.items()}


def _by_class(rows: Sequence[ClassRow]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.kind, set()).add(row.word)
    return {kind: frozenset(words) for kind, words in found.items()}
