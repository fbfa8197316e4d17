"""Pages that kill the process that parses them: named before they are parsed, struck when it died, set aside at last.

What comes in: the URL of the page about to be parsed, and that it came through. What goes out: which page the last
process died over, and which pages have died too often. Its writes belong to the caller's transaction. Knows no page.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from pathlib import Path

from newsbot.core.errors import StateError
from newsbot.items.identity import url_key

# What the process is parsing, written without fsync: only a process's own death is of interest.
PARSING_FILE = "parsing"
_BYTES = 4096


class Strikes:
    """The table ``strike`` and the file in *folder* that names the page being parsed. Raises `StateError`."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, *, to_poison: int) -> None:
        self._db = connection
        self._to_poison = to_poison
        self._file = _opened(folder / PARSING_FILE)

    def parsing(self, url: str) -> None:
        """Name the page about to be parsed."""
        os.pwrite(self._file, url.encode("utf-8", "replace")[: _BYTES - 1].ljust(_BYTES, b"\0"), 0)

    def parsed(self) -> None:
        """The page named last came through."""
        os.pwrite(self._file, b"\0", 0)

    def died_over(self) -> str | None:
        """The URL of the page that the last process died over."""
        return os.pread(self._file, _BYTES, 0).partition(b"\0")[0].decode("utf-8", "replace") or None

    def strike(self, url: str) -> None:
        """Count that a process died over *url*."""
        self._db.execute(
            "INSERT INTO strike VALUES (?, ?, 1) ON CONFLICT (key) DO UPDATE SET count = count + 1",
            (url_key(url), url),
        )

    def is_poison(self, url: str) -> bool:
        """Whether *url* has been set aside."""
        row = self._db.execute("SELECT count FROM strike WHERE key = ?", (url_key(url),)).fetchone()
        return row is not None and row[0] >= self._to_poison

    def poisoned(self) -> tuple[str, ...]:
        """All URLs that have been set aside, in order."""
        rows = self._db.execute("SELECT url FROM strike WHERE count >= ? ORDER BY url", (self._to_poison,))
        return tuple(row[0] for row in rows)

    def close(self) -> None:
        """Close the file; the table is its connection's."""
        with contextlib.suppress(OSError):
            os.close(self._file)


def _opened(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)
    except OSError as error:
        raise StateError(f"cannot open {path}: {error.strerror}") from error
