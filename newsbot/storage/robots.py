"""robots.txt as it was last read, so that the next run need not ask again, and has it when the host does not answer.

What comes in: an origin (``scheme://host:port``), bytes, the time. What goes out: what was kept, with its time. Its
writes belong to the caller's transaction. What the bytes mean, and how old they may be, the network side knows.
"""

from __future__ import annotations

import sqlite3

from newsbot.storage.base import KeptRobots

# Origins; who crawls more in a week is asked for some of them again.
MAX_KEPT = 5_000
# RFC 9309, 2.4: no copy is used after a day, unless the host cannot be reached; after a week none is.
_KEPT_S = 7 * 86_400


class RobotsFiles:
    """The table ``robots``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def keep(self, origin: str, body: bytes | None, *, now: float) -> int:
        """Keep *body* for *origin*, and let go of what is too old to be asked for.

        Returns how many more were let go of, the oldest, to keep no more than `MAX_KEPT`.
        """
        self._db.execute("INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, body, now))
        self._db.execute("DELETE FROM robots WHERE at < ?", (now - _KEPT_S,))
        oldest = "SELECT origin FROM robots ORDER BY at DESC, origin LIMIT -1 OFFSET ?"
        return self._db.execute(f"DELETE FROM robots WHERE origin IN ({oldest})", (MAX_KEPT,)).rowcount

    def read(self, origin: str, *, now: float) -> KeptRobots | None:
        """What was kept for *origin* within the last week."""
        since = now - _KEPT_S
        row = self._db.execute("SELECT body, at FROM robots WHERE origin = ? AND at >= ?", (origin, since)).fetchone()
        return KeptRobots(*row) if row is not None else None
