"""The database of an output folder, opened only if it fits what lies beside it.

What comes in: a folder whose lock is held. What goes out: a connection to a checked, upgraded database that knows all
that has been published, or an error that says what to do. Knows no records and changes no lines.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from newsbot.core.errors import OutputError, StateError
from newsbot.items.schema import data_card
from newsbot.storage.base import StoreSettings
from newsbot.storage.disk import NETWORK_FILESYSTEMS, Disk, replace_file
from newsbot.storage.lines import FOLDERS
from newsbot.storage.migrations import migrate
from newsbot.storage.schema import check, connect, state_errors, transaction
from newsbot.storage.segments import database_id, last_published

STATE_FOLDER = ".newsbot"
STATE_FILE = "state.sqlite"


def write_card(disk: Disk, folder: Path) -> None:
    """The data card, which tells readers the type of every column."""
    try:
        replace_file(disk, folder / "README.md", data_card().encode())
    except OSError as error:
        raise OutputError(f"cannot write {folder / 'README.md'}: {error.strerror}") from error


def open_database(folder: Path, settings: StoreSettings, disk: Disk, now: float) -> sqlite3.Connection:
    """The checked database of *folder*, of this version's tables. Raises `StateError`, `OutputError`."""
    path = folder / STATE_FOLDER / STATE_FILE
    if path.is_symlink():
        raise StateError(f"{path} is a symbolic link; it is not followed")
    is_new = not path.exists() or path.stat().st_size == 0
    if is_new and has_segments(folder):
        raise StateError(_MISSING.format(path=path, folder=folder))
    is_checked = is_new or check(path, busy_timeout_s=settings.busy_timeout_s, now=now)
    is_local = disk.filesystem(folder) not in NETWORK_FILESYSTEMS
    connection = connect(path, busy_timeout_s=settings.busy_timeout_s, is_local=is_local)
    try:
        migrate(connection, path)
        _refuse_older(connection, path, folder)
        with transaction(connection, f"cannot set up {path}"):
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('id', ?)", (database_id(now),))
            connection.execute("INSERT OR IGNORE INTO meta VALUES ('last_segment', 0)")
            if is_checked:
                connection.execute("INSERT OR REPLACE INTO meta VALUES ('checked_at', ?)", (now,))
    except BaseException:
        connection.close()
        raise
    return connection


def _refuse_older(connection: sqlite3.Connection, path: Path, folder: Path) -> None:
    """Raise `StateError` for a database that knows less than has been published: it would publish that again."""
    with state_errors(f"cannot read {path}"):
        known = dict(connection.execute("SELECT name, value FROM meta WHERE name IN ('id', 'last_segment')"))
    if not known:
        if has_segments(folder):
            raise StateError(_MISSING.format(path=path, folder=folder))
        return
    published = last_published(folder, known["id"])
    if published > known["last_segment"]:
        raise StateError(
            f"the state is older than the files of {folder} (a backup put back, or a copy made during a run):"
            f" it knows {known['last_segment']} of them, {published} are there."
            " 'scrapy doctor --rebuild' makes a new one from them"
        )


_MISSING = (
    "{path} is missing, but {folder} holds published files: a new state would write them a second time."
    " 'scrapy doctor --adopt' reads it back from them"
)


def has_segments(folder: Path) -> bool:
    """Whether *folder* holds published files."""
    return any(next((folder / name).glob("*.jsonl"), None) is not None for name in FOLDERS)
