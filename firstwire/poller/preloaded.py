"""Imported once by the server that forks the parser's workers: they share its libraries, models and tables.

The language model takes 0.7 s and 70 MB to load, the tables of encodings 0.15 s and 35 MB: no worker could afford that
for one document.
"""

from __future__ import annotations

import chardet

from firstwire.files.language_model import detect_language
from firstwire.poller import parse_worker
from firstwire.poller.month_names import month_number

__all__ = ["parse_worker"]

detect_language("Lädt das Modell")
month_number("Lädt die Tabelle")
chardet.detect("Lädt die Tabellen".encode("cp1252"))
