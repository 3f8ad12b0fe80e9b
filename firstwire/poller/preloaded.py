"""Imported once by the server that forks the parser's workers: they share its libraries, models and tables.

The language model takes 0.7 s and 70 MB to load, which no worker could afford for one document.
"""

from __future__ import annotations

from firstwire.files.language_model import detect_language
from firstwire.poller import parse_worker
from firstwire.poller.month_names import month_number

__all__ = ["parse_worker"]

detect_language("Lädt das Modell")
month_number("Lädt die Tabelle")
