"""The encoders of sentences: small transformers, fitted on labeled news, run by ONNX Runtime on one thread.

One reads English, the other all languages that no parser reads.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import seeds as shipped
from firstwire.core.events.encoded_acts import DIGITS, Encoded
from firstwire.core.events.encoder_input import MARKS, EncoderInput
from firstwire.core.language.word_pieces import LikeliestPieces, WordPieces

if TYPE_CHECKING:
    from numpy import float32, int64
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession

FOLDER = Path(shipped.__path__[0]) / "encoder"
MODEL, VOCABULARY = FOLDER / "model.onnx", FOLDER / "vocabulary.txt"
"""Pieces of words, one a line: a line's number is the piece's. Stories remember these numbers."""
OTHERS = Path(shipped.__path__[0]) / "encoder-others"
MODEL_OF_OTHERS, VOCABULARY_OF_OTHERS = OTHERS / "model.onnx", OTHERS / "vocabulary.tsv"
"""The same of the other languages: a tab and the logarithm of its probability stand behind a piece."""
BEGIN, END, UNKNOWN = "[CLS]", "[SEP]", "[UNK]"
FIRST_MARK = 1
"""The number of the first of MARKS: the vocabulary leaves some to those who fit on it."""
SENTENCE_PIECES = 94
"""Pieces of a sentence that are read, and with those around it PIECES in all: time grows with their square."""
PIECES = 143
WORDS_KEPT = 20_000
"""Whose pieces are remembered."""


class SentenceEncoder:
    """Loads its model at the first use, which takes a fifth of a second. Sentences are read one by one, so that nothing
    depends on a neighbor."""

    def __init__(self, model: Path, pieces: Callable[[], NumberedPieces]) -> None:
        self._model = model
        self._pieces = pieces

    def load(self) -> None:
        _ = self._names, self.pieces

    @cached_property
    def _session(self) -> InferenceSession:
        return session_of(self._model)

    @cached_property
    def pieces(self) -> NumberedPieces:
        return self._pieces()

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        """What the outputs of the model are of, as it was fitted: "told", "statuses", "groups", "parts"."""
        written = self._session.get_modelmeta().custom_metadata_map
        return {name: names.split() for name, names in written.items()}

    def __call__(self, given: EncoderInput) -> Encoded:
        import numpy as np

        numbers, segments, places = self.pieces(given)
        named = [place for party in given.parties if (place := places[party.place]) is not None]
        acts, statuses, parts, words = self._session.run(
            None,
            {**inputs_of(numbers, segments), "parties": np.array(named or [0], np.int64)},
        )
        ends = [place for place in places[: len(given.words)] if place is not None]
        scores = [words[0, begin + 1 : end + 1].max(axis=0) for begin, end in zip([0, *ends], ends, strict=False)]
        told = self._names["told"]
        best = np.stack(scores).argmax(axis=0).tolist() if scores else [0] * len(told)
        rows = iter(self._by_name(parts[0], "groups", "parts"))
        return Encoded(
            acts=dict(zip(told, acts[0].round(DIGITS).tolist(), strict=True)),
            statuses=self._by_name(statuses, "told", "statuses")[0],
            words=dict(zip(told, best, strict=True)),
            parts=[next(rows) if places[party.place] is not None else None for party in given.parties],
        )

    def _by_name(self, values: NDArray[float32], row: str, column: str) -> list[dict[str, dict[str, float]]]:
        """Tables of probabilities with names for rows and columns."""
        rows, columns = self._names[row], self._names[column]
        return [
            {name: dict(zip(columns, each, strict=True)) for name, each in zip(rows, table, strict=True)}
            for table in values.round(DIGITS).tolist()
        ]


class EnglishEncoder(SentenceEncoder):
    """Takes 60 MB."""

    def __init__(self, model: Path = MODEL) -> None:
        super().__init__(model, english_pieces)


class OthersEncoder(SentenceEncoder):
    """Takes 110 MB."""

    def __init__(self, model: Path = MODEL_OF_OTHERS) -> None:
        super().__init__(model, pieces_of_others)


def inputs_of(numbers: Sequence[int], segments: Sequence[int]) -> dict[str, NDArray[int64]]:
    """What a network is given of pieces and their segments."""
    import numpy as np

    return {
        "input_ids": np.array([numbers], np.int64),
        "attention_mask": np.ones((1, len(numbers)), np.int64),
        "token_type_ids": np.array([segments], np.int64),
    }


def session_of(model: Path) -> InferenceSession:
    """A model, ready to run on one thread."""
    from onnxruntime import InferenceSession, SessionOptions

    options = SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return InferenceSession(model, options, providers=["CPUExecutionProvider"])


def english_pieces() -> NumberedPieces:
    return NumberedPieces(*english_vocabulary())


def english_vocabulary() -> tuple[dict[str, int], WordPieces]:
    """The number of every piece, and what splits words into them."""
    lines = VOCABULARY.read_text(encoding="utf-8").splitlines()
    numbers = {piece: number for number, piece in enumerate(lines)}
    return numbers, WordPieces(numbers, numbers[UNKNOWN])


def pieces_of_others() -> NumberedPieces:
    lines = [line.split("\t") for line in VOCABULARY_OF_OTHERS.read_text(encoding="utf-8").split("\n")[:-1]]
    numbers = {line[0]: number for number, line in enumerate(lines)}
    likely = {line[0]: (number, float(line[1])) for number, line in enumerate(lines) if len(line) > 1}
    return NumberedPieces(numbers, LikeliestPieces(likely, numbers[UNKNOWN]))


class NumberedPieces:
    """Words as numbers of a vocabulary."""

    def __init__(self, numbers: Mapping[str, int], pieces: Callable[[str], list[int]]) -> None:
        self.numbers = numbers
        self._begin, self._end = numbers[BEGIN], numbers[END]
        self._marks = {mark: number for number, mark in enumerate(MARKS, start=FIRST_MARK)}
        self._pieces = pieces
        self._of_word = lru_cache(maxsize=WORDS_KEPT)(self._find)

    def __call__(self, given: EncoderInput) -> tuple[list[int], list[int], list[int | None]]:
        """Pieces and their segments, and the place of the last piece of every word: None if it is cut off."""
        numbers = [self._begin]
        places = self._add(numbers, given.words, SENTENCE_PIECES)
        numbers.append(self._end)
        segments = [0] * len(numbers)
        if given.around:
            places += self._add(numbers, given.around, PIECES)
            numbers.append(self._end)
            segments += [1] * (len(numbers) - len(segments))
        return numbers, segments, places

    def _add(self, numbers: list[int], words: Sequence[str], at_most: int) -> list[int | None]:
        places: list[int | None] = []
        for word in words:
            pieces = self._of_word(word)
            room = max(0, at_most + 1 - len(numbers))
            numbers += pieces[:room]
            places.append(len(numbers) - 1 if len(pieces) <= room else None)
        return places

    def _find(self, word: str) -> list[int]:
        mark = self._marks.get(word)
        return [mark] if mark is not None else self._pieces(word)
