"""Imported once by the server that forks the parser's workers: they share its libraries and the language model.

The model takes 0.7 s and 70 MB to load, which no worker could afford for one document.
"""

from __future__ import annotations

from firstwire.files.language_model import detect_language
from firstwire.poller import parse_worker

__all__ = ["parse_worker"]

detect_language("Lädt das Modell")
