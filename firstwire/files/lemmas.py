"""Loads lemminflect's list of English verb forms, once at startup; decision 0015 explains the choice."""

from __future__ import annotations

import gzip
import re
from functools import cache, lru_cache
from pathlib import Path

import lemminflect
from lemminflect import config

from firstwire.core.text.lemmas import Lemmas

_VERB = re.compile(r"^([^,]*),verb,(.*)$", re.MULTILINE)
"""A line of the list: `found,verb,find/found`. The library's own reader takes four times as long for all words."""


@cache
def load_lemmas() -> Lemmas:
    """The verbs of all listed forms, and the library's guess for others; no file is read later."""
    text = gzip.decompress(Path(config.lemma_lu_fn).read_bytes()).decode("utf-8")
    verbs = {form: tuple(lemmas.split("/")) for form, lemmas in _VERB.findall(text)}
    _guess("googles")  # loads the library's rules
    return Lemmas(verbs, _guess)


@lru_cache(maxsize=8192)
def _guess(form: str) -> str:
    (guessed,) = lemminflect.getAllLemmasOOV(form, "VERB").get("VERB", (form,))
    return guessed or form
