"""`python -m tests.quality.train_others BASE`: fits the encoder of other languages, into seeds/encoder-others.

BASE is what `tests.quality.multilingual_base` writes. Takes about an hour of one core, and needs jax, onnx and
onnxruntime. `--held-out BATCH … --out FILE` fits without these batches, into another file.
"""

from __future__ import annotations

from firstwire.core.events.unparsed_input import unparsed_input
from firstwire.files.encoder import MODEL_OF_OTHERS, UNKNOWN, OthersEncoder, pieces_of_others
from tests.quality.encoder_network import BaseModel, export
from tests.quality.language_sets import every_batch, load_items
from tests.quality.train_encoder import example_of, fitted, fitting_options
from tests.quality.train_unparsed import UnparsedPlacing

RATE = 1e-4


def main() -> None:
    given = fitting_options(MODEL_OF_OTHERS)
    placing = UnparsedPlacing(OthersEncoder() if MODEL_OF_OTHERS.exists() else None)
    pieces_of = pieces_of_others()
    examples = []
    for batch in every_batch(given.held_out):
        for item in load_items(batch):
            if not item.is_debatable:
                examples += [
                    [example_of(one, unparsed_input(one.read.looked), placing, pieces_of)]
                    for one in placing.labeled(placing.read(item))
                ]
    base = BaseModel(given.base)
    marks = pieces_of.numbers[UNKNOWN] + 1
    export(base, fitted(base, examples, highest=RATE, fixed=marks), given.out)
    print(f"{given.out}: {given.out.stat().st_size / 1000:.0f} kB, from {len(examples)} sentences")


if __name__ == "__main__":
    main()
