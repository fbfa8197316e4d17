"""The database file: its tables, its settings, its errors.

What comes in: a path. What goes out: a checked connection. Knows no records.

    meta        one value a name: the short id that segment names begin with, the number of the last segment, ...
    url         URLs that are fetched now or will be again, with what a visit needs
    known       12-byte keys of URLs that are done with; the other state of a URL, and by far the most
    story       a story's latest state; ``version`` its versions, ``alias`` the URLs under which it is known
    placement   the teasers that stand on a page now
    line        the bytes of every line not yet pruned, in the order of their making
    robots      robots.txt of each origin as it was last read
    segment     the files under output/: sealed (0) or published (1)
    run, health, strike, forgotten, visit, canonical, signature, band, sentence    see the modules that use them
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from newsbot.core.errors import OutputError, StateError, StorageError

# The version of the tables below, kept in SQLite's user_version.
VERSION = 3

# What version 2 has and version 1 had not.
PLACEMENT_COLUMNS = ("headline TEXT", "site TEXT")
ROBOTS = "CREATE TABLE robots (origin TEXT PRIMARY KEY, body BLOB, at REAL NOT NULL) WITHOUT ROWID"
# What version 3 has and version 2 had not.
ROBOTS_AT = "CREATE INDEX robots_at ON robots (at)"

TABLES = f"""
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

CREATE TABLE url (
    id INTEGER PRIMARY KEY, key BLOB NOT NULL UNIQUE, url TEXT NOT NULL, host TEXT NOT NULL, site TEXT NOT NULL,
    kind TEXT NOT NULL, state INTEGER NOT NULL, priority INTEGER NOT NULL, depth INTEGER NOT NULL,
    due REAL NOT NULL, tries INTEGER NOT NULL DEFAULT 0, title TEXT, date TEXT, reason TEXT,
    etag TEXT, last_modified TEXT, visits INTEGER NOT NULL DEFAULT 0, unchanged INTEGER NOT NULL DEFAULT 0,
    run INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX url_ready ON url (site, host, priority DESC, id) WHERE state = 0;
CREATE INDEX url_due ON url (due) WHERE state > 0;
CREATE TABLE known (key BLOB PRIMARY KEY, day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE visit (key BLOB PRIMARY KEY) WITHOUT ROWID;

CREATE TABLE story (
    id INTEGER PRIMARY KEY, story_id TEXT NOT NULL UNIQUE, site TEXT NOT NULL, url TEXT NOT NULL,
    revision INTEGER NOT NULL, version_id BLOB NOT NULL, stable_id BLOB NOT NULL, blocks BLOB, slots TEXT,
    headline TEXT, headlines TEXT, headline_key BLOB, corrections INTEGER NOT NULL DEFAULT 0,
    first_at REAL NOT NULL, published_at REAL, missing_at REAL, is_withdrawn INTEGER NOT NULL DEFAULT 0,
    is_capped INTEGER NOT NULL DEFAULT 0, cluster_id TEXT
);
CREATE INDEX story_headline ON story (site, headline_key);
CREATE TABLE version (
    story INTEGER NOT NULL, revision INTEGER NOT NULL, version_id BLOB NOT NULL, PRIMARY KEY (story, revision)
) WITHOUT ROWID;
CREATE TABLE alias (key BLOB PRIMARY KEY, story INTEGER NOT NULL, method INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE canonical (host TEXT NOT NULL, key BLOB NOT NULL, PRIMARY KEY (host, key)) WITHOUT ROWID;

CREATE TABLE placement (
    page BLOB NOT NULL, teaser BLOB NOT NULL, digest BLOB NOT NULL, target BLOB, story INTEGER,
    headline TEXT, site TEXT, PRIMARY KEY (page, teaser)
) WITHOUT ROWID;
CREATE INDEX placement_open ON placement (target) WHERE story IS NULL AND target IS NOT NULL;
CREATE INDEX placement_story ON placement (story) WHERE story IS NOT NULL;

CREATE TABLE line (seq INTEGER PRIMARY KEY, folder INTEGER NOT NULL, bytes BLOB NOT NULL, segment INTEGER);
CREATE INDEX line_open ON line (folder, seq) WHERE segment IS NULL;
CREATE INDEX line_segment ON line (segment) WHERE segment IS NOT NULL;
CREATE TABLE segment (
    number INTEGER PRIMARY KEY, folder INTEGER NOT NULL, name TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL,
    lines INTEGER NOT NULL, size INTEGER NOT NULL, state INTEGER NOT NULL, at REAL NOT NULL, has_lines INTEGER NOT NULL
);
CREATE INDEX segment_sealed ON segment (number) WHERE state = 0;

CREATE TABLE run (
    run_id TEXT PRIMARY KEY, started REAL NOT NULL, record BLOB NOT NULL, is_open INTEGER NOT NULL,
    pages INTEGER NOT NULL DEFAULT 0, stories INTEGER NOT NULL DEFAULT 0, teasers INTEGER NOT NULL DEFAULT 0,
    events INTEGER NOT NULL DEFAULT 0, last REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE health (
    site TEXT NOT NULL, measure TEXT NOT NULL, at REAL NOT NULL, run_id TEXT NOT NULL, value REAL NOT NULL,
    PRIMARY KEY (site, measure, run_id)
) WITHOUT ROWID;
CREATE TABLE forgotten (key BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE strike (key BLOB PRIMARY KEY, url TEXT NOT NULL, count INTEGER NOT NULL) WITHOUT ROWID;

CREATE TABLE signature (story INTEGER PRIMARY KEY, values_ BLOB NOT NULL, size INTEGER NOT NULL, at REAL NOT NULL);
CREATE INDEX signature_at ON signature (at);
CREATE TABLE band (hash INTEGER NOT NULL, story INTEGER NOT NULL, PRIMARY KEY (hash, story)) WITHOUT ROWID;
CREATE TABLE sentence (hash INTEGER PRIMARY KEY, stories INTEGER NOT NULL, at REAL NOT NULL);
CREATE INDEX sentence_at ON sentence (at);
CREATE INDEX story_cluster ON story (cluster_id) WHERE cluster_id IS NOT NULL;
{ROBOTS};
{ROBOTS_AT};
"""

# A database up to this size is checked at every start (0.2 s), a larger one once a day: the check reads all of it.
_ALWAYS_CHECKED_BYTES = 64 * 1024 * 1024
_CHECKED_FOR_S = 86_400.0


def check(path: Path, *, busy_timeout_s: float, now: float) -> bool:
    """Whether the whole database at *path* has been looked at, which is done once a day when it is large.

    Raises `StateError` when it is damaged or of a newer newsbot; it is left as it is. What is damaged between
    two checks SQLite says when it comes upon it.
    """
    with state_errors(f"{path} is damaged ({_REBUILD})"):
        uri = f"{path.absolute().as_uri()}?mode=ro"
        with contextlib.closing(sqlite3.connect(uri, uri=True, timeout=busy_timeout_s)) as connection:
            found = connection.execute("PRAGMA user_version").fetchone()[0]
            is_due = (
                path.stat().st_size <= _ALWAYS_CHECKED_BYTES or not 0 <= now - _checked_at(connection) < _CHECKED_FOR_S
            )
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0] if is_due else "ok"
            missing = _own_columns() - _columns(connection) if found == VERSION else set()
    if answer != "ok":
        raise StateError(f"{path} is damaged: {answer} ({_REBUILD})")
    if missing:
        raise StateError(f"{path} is damaged: it has no column {'.'.join(min(missing))} ({_REBUILD})")
    if found > VERSION:
        raise StateError(f"{path} is of a newer newsbot: its version is {found}, this one knows {VERSION}")
    return is_due


def _checked_at(connection: sqlite3.Connection) -> float:
    row = connection.execute("SELECT value FROM meta WHERE name = 'checked_at'").fetchone()
    return float(row[0]) if row is not None else 0.0


def _columns(connection: sqlite3.Connection) -> set[tuple[str, str]]:
    """(table, column) of all that the database has; damage within a name breaks no structure."""
    rows = connection.execute("SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c")
    return set(rows.fetchall())


def _own_columns() -> set[tuple[str, str]]:
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.executescript(TABLES)
        return _columns(connection)


_REBUILD = "scrapy doctor --rebuild makes a new one from the published files"


def connect(path: Path, *, busy_timeout_s: float, is_local: bool = True) -> sqlite3.Connection:
    """An open connection to the database at *path*, made if it is not there, of this version's tables.

    A network filesystem cannot hold a write-ahead log: unless *is_local*, the rollback journal is used.
    Raises `StateError`, `OutputError`.
    """
    with state_errors(f"cannot open {path}"):
        connection = sqlite3.connect(path, timeout=busy_timeout_s, isolation_level=None, cached_statements=256)
        try:
            connection.execute("PRAGMA journal_mode = WAL" if is_local else "PRAGMA journal_mode = TRUNCATE")
            connection.execute("PRAGMA synchronous = NORMAL" if is_local else "PRAGMA synchronous = FULL")
            connection.execute("PRAGMA temp_store = MEMORY")
            # 8 MB: with 32, 829 real pages peaked 20 MB higher, and a commit took as long.
            connection.execute("PRAGMA cache_size = -8192")
            # A page of news touches a hundred pages of the indexes: written back after 32 MB, each is so once for
            # many commits, and the disk is synced once for three hundred instead of ten.
            connection.execute("PRAGMA wal_autocheckpoint = 8000")
            if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
                connection.executescript(f"BEGIN IMMEDIATE; {TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
        except BaseException:
            connection.close()
            raise
    return connection


@contextlib.contextmanager
def state_errors(doing: str) -> Iterator[None]:
    """Turn SQLite's errors into `StateError`, or `OutputError` when the disk is full.

    Text that is no UTF-8 is damage too: SQLite does not look at it, Python's module raises on it.
    """
    try:
        yield
    except UnicodeDecodeError as error:
        raise StateError(f"{doing}: {error}") from error
    except sqlite3.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        kind: type[StorageError] = OutputError if code == sqlite3.SQLITE_FULL else StateError
        raise kind(f"{doing}: {error}") from error


@contextlib.contextmanager
def transaction(connection: sqlite3.Connection, doing: str) -> Iterator[None]:
    """All of the block or nothing of it. Raises `StateError`, `OutputError`."""
    with state_errors(doing):
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
