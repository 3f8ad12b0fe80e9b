"""The file of the index: its tables, and what becomes of one that is damaged, of another version or of other settings.

It holds nothing that the topics do not: it is made anew whenever in doubt.
"""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from firstwire import __version__
from firstwire.core.text.digest import digest
from firstwire.errors import TransientError
from firstwire.index.marks import TOKENIZER
from firstwire.index.packing import checksum
from firstwire.index.place import DamagedContentError, IndexPlace, file_id, is_damaged, put_aside, remove

FORMAT = 6
"""Increases with every change of the tables or of what is written into them: tokens, marks, the finder of names."""

BUSY_LIMIT_SECONDS = 10.0
PAGE_BYTES = 16_384
"""Packed articles of half a kilobyte leave less of large pages empty: 11 bytes of each, of 4,096-byte pages 57."""
CACHE_KB = 64_000
WAL_LIMIT_BYTES = 64 * 1024 * 1024

TABLES = """
CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE positions (
    topic TEXT, partition INTEGER, next_offset INTEGER NOT NULL, PRIMARY KEY (topic, partition)
) WITHOUT ROWID;
CREATE TABLE dictionaries (id INTEGER PRIMARY KEY, content BLOB NOT NULL, checksum INTEGER NOT NULL);

CREATE TABLE articles (
    id INTEGER PRIMARY KEY, fetched_ms INTEGER NOT NULL, article_key INTEGER NOT NULL, story_key INTEGER NOT NULL,
    page_key INTEGER, outlet_key INTEGER, is_news INTEGER NOT NULL
);
CREATE INDEX articles_by_article ON articles (article_key);
CREATE INDEX articles_by_story ON articles (story_key);
CREATE INDEX articles_by_page ON articles (page_key) WHERE page_key IS NOT NULL;
CREATE TABLE texts (id INTEGER PRIMARY KEY, record BLOB NOT NULL);

CREATE TABLE judgments (
    id INTEGER PRIMARY KEY, article_key INTEGER NOT NULL, alert_key INTEGER, kind INTEGER NOT NULL, record BLOB NOT NULL
);
CREATE INDEX judgments_by_article ON judgments (article_key);
CREATE INDEX judgments_by_alert ON judgments (alert_key) WHERE alert_key IS NOT NULL;

CREATE TABLE alerts (
    alert_id TEXT PRIMARY KEY, raised_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL, life TEXT NOT NULL,
    is_shadow INTEGER NOT NULL, receipt BLOB NOT NULL, record BLOB NOT NULL
);
CREATE INDEX alerts_by_time ON alerts (raised_ms DESC, alert_id);
CREATE TABLE alert_labels (
    label TEXT, value TEXT, alert_id TEXT, PRIMARY KEY (label, value, alert_id)
) WITHOUT ROWID;
CREATE INDEX alert_labels_by_alert ON alert_labels (alert_id);
CREATE TABLE about_alerts (
    topic TEXT, key TEXT, alert_id TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (topic, key)
);
CREATE INDEX about_alerts_by_alert ON about_alerts (alert_id, topic);
CREATE TABLE taken_down (article_id TEXT PRIMARY KEY) WITHOUT ROWID;
"""
"""The ids of `articles`, `texts` and `judgments` are those of `row_id`: a day is a range of them."""

DAY_TABLES = """
CREATE VIRTUAL TABLE words_{day} USING fts5(
    body, title, summary, marks, content='', columnsize=0, tokenize="{tokenizer}"
);
CREATE VIRTUAL TABLE vocabulary_{day} USING fts5vocab(words_{day}, row);
"""
"""One full text a day, so that a day is forgotten at once, and the newest is asked first.

The body is its first column: every entry of another one takes two bytes more, which were 270 of an article.
"""

_SEQUENCE_BITS = 32


def contents_of(prefix: str, names: str) -> str:
    """What an index is of: the topics' prefix and the names that are found in texts, as this version reads them."""
    return digest("index", str(FORMAT), __version__, prefix, names)


def row_id(day: int, number: int) -> int:
    """The id of the row with a number, from 1, of a day counted since 1970."""
    return (day << _SEQUENCE_BITS) | number


def day_and_number(row: int) -> tuple[int, int]:
    """What `row_id` made an id of."""
    return row >> _SEQUENCE_BITS, row & ((1 << _SEQUENCE_BITS) - 1)


@contextmanager
def alone(folder: Path) -> Iterator[bool]:
    """Whether this process may write into a folder's index: only one may at a time.

    Raises TransientError if nobody can.
    """
    with ExitStack() as stack:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = stack.enter_context((folder / "lock").open("a"))
        except OSError as err:
            raise TransientError(f"the index cannot be written: {err.strerror}", place=str(folder)) from err
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def open_to_write(place: IndexPlace) -> sqlite3.Connection:
    """The index, made anew if there is none, if it is damaged, which is put aside, or if it is of something else.

    Raises TransientError if the folder cannot be written to, or the disk is full.
    """
    try:
        place.folder.mkdir(parents=True, exist_ok=True)
        try:
            found = _opened(place)
        except sqlite3.DatabaseError as err:
            if not is_damaged(err):
                raise
            put_aside(place, err)
            found = None
        if found is not None:
            return found
        remove(place)
        return _created(place)
    except (OSError, sqlite3.Error) as err:
        raise TransientError(f"the index cannot be written: {err}", place=str(place.folder)) from err


def open_to_read(place: IndexPlace) -> sqlite3.Connection:
    """The index as it is. Raises TransientError if there is none yet, or only one of something else."""
    read = file_id(place)
    try:
        with _closed_on_error(_connection(place, "ro")) as connection:
            if _contents(connection) == place.contents:
                return connection
            connection.close()
    except sqlite3.DatabaseError as err:
        raise unreadable(place, err, read) from err
    raise TransientError("the index is of other topics, names or another version; it is made anew when the console "
                         "starts", place=str(place.file))  # fmt: skip


def unreadable(place: IndexPlace, err: Exception, read: tuple[int, int] | None) -> TransientError:
    """What a reader says of an index that is missing or damaged. The damaged file that was `read` is put aside."""
    try:
        if is_damaged(err) and read is not None and put_aside(place, err, read):
            return TransientError(f"the index was damaged ({err}); it is made anew", place=str(place.file))
    except OSError:
        pass  # there is none, or its folder belongs to somebody else
    if not place.file.exists():
        return TransientError("there is no index yet; it is made when the console starts", place=str(place.file))
    return TransientError(f"the index cannot be read: {err}; delete it, and it is made anew", place=str(place.file))


def is_full(err: sqlite3.Error) -> bool:
    """Whether the disk is full."""
    return getattr(err, "sqlite_errorcode", 0) & 0xFF == sqlite3.SQLITE_FULL


def days_in(connection: sqlite3.Connection) -> list[int]:
    """The days of which there is a full text, the earliest first."""
    rows = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'vocabulary_*'")
    return sorted(int(name.removeprefix("vocabulary_")) for (name,) in rows)


def dictionary_of(connection: sqlite3.Connection, number: int | None = None) -> bytes | None:
    """A dictionary of packed records, by default the first; None if there is none.

    Raises DamagedContentError if it is not as it was written: records would be read wrongly without anybody noticing.
    """
    row = connection.execute(
        "SELECT content, checksum FROM dictionaries WHERE id = coalesce(?, id) ORDER BY id LIMIT 1", (number,)
    ).fetchone()
    if row is not None and checksum(row[0]) != row[1]:
        raise DamagedContentError("the dictionary of its records is not the one that was written")
    return None if row is None else bytes(row[0])


def add_dictionary(connection: sqlite3.Connection, number: int, content: bytes) -> None:
    connection.execute("INSERT INTO dictionaries VALUES (?, ?, ?)", (number, content, checksum(content)))


def create_day(connection: sqlite3.Connection, day: int) -> None:
    for statement in DAY_TABLES.format(day=day, tokenizer=TOKENIZER).split(";\n"):
        if statement.strip():
            connection.execute(statement)


def pack_day(connection: sqlite3.Connection, day: int) -> None:
    """Write the full text of a day that is over as one piece: smaller, and faster to search."""
    connection.execute(f"INSERT INTO words_{day} (words_{day}) VALUES ('optimize')")


def drop_day(connection: sqlite3.Connection, day: int) -> None:
    """Forget the articles of a day, and what was decided on them."""
    connection.execute(f"DROP TABLE IF EXISTS vocabulary_{day}")
    connection.execute(f"DROP TABLE IF EXISTS words_{day}")
    for table in ("articles", "texts", "judgments"):
        connection.execute(f"DELETE FROM {table} WHERE id BETWEEN ? AND ?", (row_id(day, 0), row_id(day + 1, 0) - 1))


def used_bytes(connection: sqlite3.Connection) -> int:
    """The size of what the index holds; the file may be larger by pages that are free again."""
    numbers = {name: connection.execute(f"PRAGMA {name}").fetchone()[0]
               for name in ("page_count", "freelist_count", "page_size")}  # fmt: skip
    return int((numbers["page_count"] - numbers["freelist_count"]) * numbers["page_size"])


def _opened(place: IndexPlace) -> sqlite3.Connection | None:
    """The index that is there; None if there is none, or one of something else."""
    if not place.file.exists():
        return None
    with _closed_on_error(_connection(place, "rw")) as connection:
        if _contents(connection) == place.contents:
            return _prepared(connection)
        connection.close()
    return None


def _created(place: IndexPlace) -> sqlite3.Connection:
    with _closed_on_error(_connection(place, "rwc")) as connection:
        connection.execute(f"PRAGMA page_size = {PAGE_BYTES}")
        _prepared(connection)
        connection.execute("BEGIN")
        for statement in TABLES.split(";\n"):
            if statement.strip():
                connection.execute(statement)
        connection.execute("INSERT INTO about VALUES ('contents', ?)", (place.contents,))
        connection.execute("COMMIT")
        return connection


def _prepared(connection: sqlite3.Connection) -> sqlite3.Connection:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")  # a crash of the machine may lose the end: it is read again
    connection.execute(f"PRAGMA journal_size_limit = {WAL_LIMIT_BYTES}")
    return connection


@contextmanager
def _closed_on_error(connection: sqlite3.Connection) -> Iterator[sqlite3.Connection]:
    try:
        yield connection
    except BaseException:
        connection.close()
        raise


def _connection(place: IndexPlace, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{place.file.absolute().as_uri()}?mode={mode}",
        uri=True,
        timeout=BUSY_LIMIT_SECONDS,
        isolation_level=None,
        check_same_thread=False,
    )
    connection.execute(f"PRAGMA cache_size = -{CACHE_KB}")
    return connection


def _contents(connection: sqlite3.Connection) -> str | None:
    """What the index says it is of; None if it says nothing."""
    if not connection.execute("SELECT count(*) FROM sqlite_schema WHERE name = 'about'").fetchone()[0]:
        return None
    row = connection.execute("SELECT value FROM about WHERE name = 'contents'").fetchone()
    return None if row is None else str(row[0])
