"""Removes from the index what it holds of the text of an article that was taken down."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from firstwire.core.alerts.redaction import redacted
from firstwire.index.database import day_and_number, dictionary_of
from firstwire.index.keys import key_of
from firstwire.index.packing import Packer, Unpacker
from schemas.alert import Alert
from schemas.article import Story
from schemas.codec import decode, encode

WordsOf = Callable[[Story], Sequence[str]]
"""The columns of the full text of an article, as they were written: contentless tables must be told what to forget."""


def take_down(db: sqlite3.Connection, article_id: str, packer: Packer, words_of: WordsOf, events_kind: int) -> None:
    """Remove its revisions, the words by which it is found, its events, and what alerts quote of it.

    `events_kind`: the `kind` of events among the judgments. Raises sqlite3.Error, DamagedContentError or DecodeError if
    what is there is not what was written.
    """
    unpacker = Unpacker(lambda number: dictionary_of(db, number))
    key = key_of(article_id)
    revisions = "SELECT id, record FROM articles JOIN texts USING (id) WHERE article_key = ?"
    for at, packed in db.execute(revisions, (key,)).fetchall():
        story = decode(unpacker.unpacked(packed), Story)
        if story.article_id == article_id:  # keys are hashes
            day, number = day_and_number(at)
            db.execute(
                f"INSERT INTO words_{day} (words_{day}, rowid, title, summary, body, marks) "
                "VALUES ('delete', ?, ?, ?, ?, ?)",
                (number, *words_of(story)),
            )
            for table in ("articles", "texts"):
                db.execute(f"DELETE FROM {table} WHERE id = ?", (at,))
    db.execute("DELETE FROM judgments WHERE article_key = ? AND kind = ?", (key, events_kind))
    for alert_id, packed in db.execute("SELECT alert_id, record FROM alerts").fetchall():
        alert = decode(unpacker.unpacked(packed), Alert)
        shown = redacted(alert, {article_id})
        if shown is None:
            db.execute("DELETE FROM alerts WHERE alert_id = ?", (alert_id,))
            db.execute("DELETE FROM alert_labels WHERE alert_id = ?", (alert_id,))
        elif shown is not alert:
            db.execute("UPDATE alerts SET record = ? WHERE alert_id = ?", (packer.packed(encode(shown)), alert_id))
