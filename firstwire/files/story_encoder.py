"""The transformers of stories, run by ONNX Runtime on one thread: one reads an article and a story together, the other
says in which direction an article alone goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

import seeds as shipped
from firstwire.core.language.word_pieces import WordPieces
from firstwire.core.stories.meanings import direction_of
from firstwire.core.stories.second_look import DIGITS, SecondLook, TextPart
from firstwire.files.encoder import BEGIN, END, WORDS_KEPT, english_vocabulary, inputs_of, session_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(shipped.__path__[0]) / "encoder-stories" / "model.onnx"
MEANINGS = MODEL.with_name("meanings.onnx")
"""Both take the vocabulary of the encoder of English."""
PIECES = 48
"""Of an article: its title and the first words of its text."""
PIECES_OF_MANY = 30
"""The same of each article of a story that has several."""
TEXT_WORDS = 32
"""As many as it was fitted with."""
PARTS = 4
"""Of the rest of a text, at most: some hundred words in all."""
_REST_WORDS = TEXT_WORDS + PARTS * PIECES
_OVERLAP = 8
"""Pieces that a part shares with the one before, so that what a cut divides is read."""
_LEAST_UNREAD = 4
"""Pieces: what is shorter says nothing of its own."""
_TITLE_CHARACTERS, _WORD_CHARACTERS = 480, 100
"""Nothing further on is looked at: titles and words have no limit."""
_NUMBER = np.dtype("<u2")
"""Pieces are remembered in two bytes each."""


class StoryEncoder:
    """Loads its models at the first use; takes 120 MB."""

    def __init__(self, model: Path = MODEL, meanings: Path = MEANINGS) -> None:
        self._model = model
        self._meanings = meanings

    def load(self) -> None:
        _ = self._session, self._session_of_meanings, self._split

    def beginning(self, title: str, text: str) -> bytes:
        """The numbers of the pieces of title and text, PIECES at most, two bytes each."""
        words = text.split(maxsplit=TEXT_WORDS)[:TEXT_WORDS]
        found = list(islice(self._pieces(title[:_TITLE_CHARACTERS].split()), PIECES - 2))
        if words:
            found = list(islice(chain(found, [self._numbers[END]], self._pieces(words)), PIECES))
        return np.array(found, _NUMBER).tobytes()

    def rest(self, title: str, text: str) -> tuple[TextPart, ...]:
        """The parts of a text after its beginning, each under the title; of a long one PARTS at most."""
        head = list(islice(self._pieces(title[:_TITLE_CHARACTERS].split()), PIECES - 2))
        words = text.split(maxsplit=_REST_WORDS)[:_REST_WORDS]
        begun = min(PIECES - len(head) - 1, sum(1 for _ in self._pieces(words[:TEXT_WORDS])))
        head = [*head[: PIECES // 2], self._numbers[END]]
        room = PIECES - len(head)
        pieces = [(at, piece) for at, word in enumerate(words) for piece in self._pieces([word])]
        pieces = pieces[: begun + PARTS * (room - _OVERLAP)]
        parts = (pieces[at : at + room] for at in _begins(begun - _OVERLAP, len(pieces), room))
        return tuple(
            TextPart(
                np.array([*head, *(piece for _, piece in part)], _NUMBER).tobytes(),
                " ".join(word[:_WORD_CHARACTERS] for word in words[part[0][0] : part[-1][0] + 1]),
            )
            for part in parts
        )

    def meaning(self, beginning: bytes) -> bytes:
        """The direction of a beginning: see `meanings`."""
        (found,) = self._session_of_meanings.run(None, inputs_of(*self.numbered(beginning, ())))
        return direction_of(found[0])

    def __call__(self, article: bytes, story: Sequence[bytes]) -> SecondLook:
        """What reading the beginnings of an article and of a story's articles says."""
        (found,) = self._session.run(None, inputs_of(*self.numbered(article, story)))
        same, repeats = found[0].round(DIGITS).tolist()
        return SecondLook(same, repeats)

    def numbered(self, article: bytes, story: Sequence[bytes]) -> tuple[list[int], list[int]]:
        """What is read, in numbers: the pieces, and for each 1 if it is of the story, else 0."""
        begin, end = self._numbers[BEGIN], self._numbers[END]
        numbers = [begin, *_numbers_in(article), end]
        size, at_most = len(numbers), PIECES if len(story) == 1 else PIECES_OF_MANY
        for each in story:
            numbers += [*_numbers_in(each)[:at_most], end]
        return numbers, [0] * size + [1] * (len(numbers) - size)

    @cached_property
    def _session(self) -> InferenceSession:
        return session_of(self._model)

    @cached_property
    def _session_of_meanings(self) -> InferenceSession:
        return session_of(self._meanings)

    @cached_property
    def _vocabulary(self) -> tuple[dict[str, int], WordPieces]:
        return english_vocabulary()

    @property
    def _numbers(self) -> dict[str, int]:
        return self._vocabulary[0]

    @cached_property
    def _split(self) -> Callable[[str], list[int]]:
        return lru_cache(maxsize=WORDS_KEPT)(self._vocabulary[1])

    def _pieces(self, words: Iterable[str]) -> Iterator[int]:
        for word in words:
            yield from self._split(word[:_WORD_CHARACTERS])


def _numbers_in(beginning: bytes) -> list[int]:
    found: list[int] = np.frombuffer(beginning, _NUMBER).tolist()
    return found


def _begins(first: int, end: int, room: int) -> Iterator[int]:
    """Where parts of `room` pieces begin: those after the first at the overlap, the last so that it ends at the end."""
    at = max(0, first)
    while end - at >= _OVERLAP + _LEAST_UNREAD:
        yield max(0, min(at, end - room))
        at += room - _OVERLAP
