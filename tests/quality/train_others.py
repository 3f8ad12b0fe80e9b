"""`python -m tests.quality.train_others BASE`: fits the encoder of other languages, into seeds/encoder-others.

BASE is what `tests.quality.multilingual_base` writes. Labeled news in English is read, too: how acts are told is much
alike in all languages. Takes an hour and a half of one core, and needs torch, onnx and onnxruntime. `--held-out BATCH …
--out FILE` fits without these batches, into another file.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from firstwire.core.events.unparsed_input import unparsed_input
from firstwire.files.encoder import (
    MODEL_OF_OTHERS,
    UNKNOWN,
    EnglishEncoder,
    NumberedPieces,
    OthersEncoder,
    pieces_of_others,
)
from tests.quality.encoder_network import BaseModel, export
from tests.quality.invented_names import CAPITALIZED, swapped_with_ending
from tests.quality.language_sets import every_batch, load_items
from tests.quality.train_encoder import SEED, SWAPS, Example, english_examples, example_of, fitted, fitting_options
from tests.quality.train_unparsed import UnparsedPlacing

RATE = 1e-4


def examples_of_others(pieces_of: NumberedPieces, held_out: Sequence[str]) -> Iterator[list[Example]]:
    """Every sentence as it is, and, in languages with capitals, with invented names for a party."""
    placing = UnparsedPlacing(OthersEncoder() if MODEL_OF_OTHERS.exists() else None)
    names = random.Random(SEED)
    for batch in every_batch(held_out):
        for item in load_items(batch):
            if item.is_debatable:
                continue
            language = item.article.language
            for one in placing.labeled(placing.read(item)):
                given = unparsed_input(one.read.looked)
                every = [given]
                if language in CAPITALIZED:
                    every += [
                        each for _ in range(SWAPS) if (each := swapped_with_ending(given, names, language)) is not None
                    ]
                yield [example_of(one, each, placing, pieces_of) for each in every]


def main() -> None:
    given = fitting_options(MODEL_OF_OTHERS)
    pieces_of = pieces_of_others()
    examples = list(examples_of_others(pieces_of, given.held_out))
    english = english_examples(EnglishEncoder(), pieces_of, given.held_out)
    base = BaseModel(given.base)
    marks = pieces_of.numbers[UNKNOWN] + 1
    export(base, fitted(base, examples, beside=english, highest=RATE, fixed=marks), given.out)
    size = given.out.stat().st_size / 1000
    print(f"{given.out}: {size:.0f} kB, from {len(examples)} sentences and {len(english)} in English")


if __name__ == "__main__":
    main()
