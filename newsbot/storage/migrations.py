"""A state of an older newsbot, made into one of this version.

What comes in: an open database and its path. What goes out: the same with the tables of `schema.VERSION`, and a copy of
what it was beside it. All steps are one transaction: after a kill at any instant the database is of the old version
or of the new one, and the copy is whole or is made again. Knows no records.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from newsbot.core.errors import OutputError
from newsbot.storage.schema import PLACEMENT_COLUMNS, ROBOTS, ROBOTS_AT, VERSION, state_errors, transaction

logger = logging.getLogger(__name__)

# The statements that lead from a version to the next one. What is here has been released: it is never changed.
STEPS: Mapping[int, tuple[str, ...]] = MappingProxyType(
    {
        1: (ROBOTS, *(f"ALTER TABLE placement ADD COLUMN {column}" for column in PLACEMENT_COLUMNS)),
        # Texts were hashed in another way: what they were known by means nothing to the new one.
        2: (ROBOTS_AT, "DELETE FROM signature", "DELETE FROM band", "DELETE FROM sentence"),
    }
)


def migrate(connection: sqlite3.Connection, path: Path) -> None:
    """Bring the database up to `VERSION`. Raises `StateError`, and `OutputError` when there is no room for the copy."""
    with state_errors(f"cannot read the version of {path}"):
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if found == VERSION:
        return
    copy = path.with_name(f"{path.name}.v{found}")
    _keep_copy(connection, copy)
    connection.execute("PRAGMA synchronous = FULL")
    try:
        with transaction(connection, f"cannot bring {path} from version {found} to {VERSION}"):
            for version in range(found, VERSION):
                for statement in STEPS[version]:
                    connection.execute(statement)
            connection.execute(f"PRAGMA user_version = {VERSION}")
    finally:
        connection.execute("PRAGMA synchronous = NORMAL")
    logger.info("%s was of version %d and is of version %d now; a copy is kept as %s", path, found, VERSION, copy.name)


def _keep_copy(connection: sqlite3.Connection, copy: Path) -> None:
    """Write the whole database, as it is now, to *copy*; one that a killed process left is made anew."""
    part = copy.with_name(f"{copy.name}.part")
    try:
        part.unlink(missing_ok=True)
        _copy(connection, part, copy)
        os.replace(part, copy)
    except OSError as error:
        raise OutputError(f"cannot keep a copy of the state as {copy}: {error.strerror}") from error


def _copy(connection: sqlite3.Connection, part: Path, copy: Path) -> None:
    with state_errors(f"cannot keep a copy of the state as {copy}"):
        connection.execute("VACUUM INTO ?", (str(part),))
        with contextlib.closing(sqlite3.connect(part)) as made:
            # What the copy is for: an older newsbot opens it again.
            made.execute(f"PRAGMA user_version = {connection.execute('PRAGMA user_version').fetchone()[0]}")
