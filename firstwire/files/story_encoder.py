"""The transformer that reads two articles together, run by ONNX Runtime on one thread."""

from __future__ import annotations

from array import array
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import seeds as shipped
from firstwire.core.stories.second_look import DIGITS, SecondLook
from firstwire.files.encoder import BEGIN, END, NumberedPieces, english_pieces, session_of

if TYPE_CHECKING:
    from onnxruntime import InferenceSession

MODEL = Path(shipped.__path__[0]) / "encoder-stories" / "model.onnx"
"""Takes the vocabulary of the encoder of English."""
PIECES = 48
"""Of an article: its title and some 25 words of its text."""
TEXT_WORDS = 32
_NUMBER = "H"
"""Pieces are remembered in two bytes each."""


class StoryEncoder:
    """Loads its model at the first use; takes 60 MB."""

    def __init__(self, model: Path = MODEL) -> None:
        self._model = model

    def load(self) -> None:
        _ = self._session, self._known

    @cached_property
    def _session(self) -> InferenceSession:
        return session_of(self._model)

    @cached_property
    def _known(self) -> NumberedPieces:
        return english_pieces()

    def pieces(self, title: str, text: str) -> bytes:
        found = self._of(title.split())[: PIECES - 2]
        words = text.split(maxsplit=TEXT_WORDS)[:TEXT_WORDS]
        if words:
            found = [*found, self._known.numbers[END], *self._of(words)]
        return array(_NUMBER, found[:PIECES]).tobytes()

    def _of(self, words: list[str]) -> list[int]:
        return [piece for word in words for piece in self._known.of_word(word)]

    def __call__(self, article: bytes, earlier: bytes) -> SecondLook:
        import numpy as np

        one, other = array(_NUMBER, article).tolist(), array(_NUMBER, earlier).tolist()
        begin, end = self._known.numbers[BEGIN], self._known.numbers[END]
        numbers = [begin, *one, end, *other, end]
        segments = [0] * (len(one) + 2) + [1] * (len(other) + 1)
        (found,) = self._session.run(
            None,
            {
                "input_ids": np.array([numbers], np.int64),
                "attention_mask": np.ones((1, len(numbers)), np.int64),
                "token_type_ids": np.array([segments], np.int64),
            },
        )
        same, repeats = found[0].round(DIGITS).tolist()
        return SecondLook(same, repeats)
