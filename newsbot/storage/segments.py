"""Lines into files: collect, seal, publish.

What comes in: the bytes of lines. What goes out: files under ``output/FOLDER/`` that appear whole, under names that
grow, and never change. Knows no records and no URLs.

A seal is one fully synchronous transaction: it gives the open lines of a folder a number and fixes the sha256 of their
file. From then on the file is a function of rows that cannot change, under a name that cannot change, so publishing
any number of times, in any state of the disk, ends in the same file.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import sqlite3
from pathlib import Path

from newsbot.core.errors import OutputError, StateError
from newsbot.storage.base import Point, StoreSettings
from newsbot.storage.disk import Disk, file_sha256, sync_folder, write_all
from newsbot.storage.lines import FOLDERS
from newsbot.storage.schema import state_errors, transaction

SEALED, PUBLISHED = 0, 1
PART_SUFFIX = ".part"

# Crockford's digits: no letter is taken for another, and the order of the alphabet is that of the numbers.
_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_NAME = re.compile(rf"[{_DIGITS}]{{10}}(?:-[0-9]{{8,12}}\.jsonl)?")


def database_id(now: float) -> str:
    """A short id for a new database: the time in seven digits, so that later ones sort later, and three by chance.

    >>> database_id(1_795_385_974)[:7]
    '1ng6tkp'
    """
    number, digits = int(now), ""
    for _ in range(7):
        number, digit = divmod(number, 32)
        digits = _DIGITS[digit] + digits
    return digits + "".join(secrets.choice(_DIGITS) for _ in range(3))


def time_of_id(name: str) -> int | None:
    """The seconds in a segment's name or a database's id; ``None`` for a name that is none of ours.

    >>> time_of_id("1ng6tkpabc-00000007.jsonl"), time_of_id("notes.jsonl")
    (1795385974, None)
    """
    if not _NAME.fullmatch(name):
        return None
    number = 0
    for digit in name[:7]:
        number = number * 32 + _DIGITS.index(digit)
    return number


def last_published(folder: Path, database_id: str) -> int:
    """The greatest number in the names of the files that the database *database_id* has put under *folder*; else 0."""
    prefix = f"{database_id}-"
    names = (entry.name for name in FOLDERS for entry in os.scandir(folder / name))
    ours = (name for name in names if name.startswith(prefix) and _NAME.fullmatch(name))
    return max((int(name.removeprefix(prefix).removesuffix(".jsonl")) for name in ours), default=0)


class Segments:
    """The tables ``line`` and ``segment``, and the files that they become."""

    def __init__(
        self, connection: sqlite3.Connection, folder: Path, settings: StoreSettings, disk: Disk, point: Point
    ) -> None:
        self._db = connection
        self._folder = folder
        self._settings = settings
        self._disk = disk
        self._point = point
        self.database_id = str(connection.execute("SELECT value FROM meta WHERE name = 'id'").fetchone()[0])
        self._lines = [0] * len(FOLDERS)
        self._bytes = [0] * len(FOLDERS)
        self._since: list[float | None] = [None] * len(FOLDERS)

    # -- collecting: called inside a transaction, then `note` when it is through

    def append(self, lines: list[tuple[int, bytes]]) -> None:
        """Keep lines, each with the number of its folder; they belong to the page's transaction."""
        self._db.executemany("INSERT INTO line (folder, bytes) VALUES (?, ?)", lines)

    def note(self, folder: int, size: int, *, now: float) -> None:
        """Count a line that has been committed."""
        self._lines[folder] += 1
        self._bytes[folder] += size
        if self._since[folder] is None:
            self._since[folder] = now

    def recount(self, *, now: float) -> None:
        """Count the open lines that an earlier process left."""
        rows = self._db.execute(
            "SELECT folder, COUNT(*), SUM(LENGTH(bytes)) FROM line WHERE segment IS NULL GROUP BY folder"
        )
        for folder, lines, size in rows:
            self._lines[folder], self._bytes[folder], self._since[folder] = lines, size, now

    def due(self, *, now: float) -> list[int]:
        """The folders whose open lines are many, large or old enough; a clock set back counts as old."""
        return [folder for folder in range(len(FOLDERS)) if self._is_due(folder, now)]

    def _is_due(self, folder: int, now: float) -> bool:
        since = self._since[folder]
        return since is not None and (
            self._lines[folder] >= self._settings.segment_lines
            or self._bytes[folder] >= self._settings.segment_bytes
            or not 0 <= now - since < self._settings.segment_age_s
        )

    def open_folders(self) -> list[int]:
        """The folders that have open lines."""
        return [folder for folder, since in enumerate(self._since) if since is not None]

    # -- sealing and publishing

    def seal(self, folder: int, *, now: float) -> None:
        """Give the open lines of *folder* their segments; afterwards nothing about these can change."""
        self._point("before_seal")
        self._db.execute("PRAGMA synchronous = FULL")
        try:
            with transaction(self._db, "cannot seal a segment"):
                while self._seal_one(folder, now):
                    pass
        finally:
            self._db.execute("PRAGMA synchronous = NORMAL")
        self._lines[folder], self._bytes[folder], self._since[folder] = 0, 0, None
        self._point("after_seal")

    def _seal_one(self, folder: int, now: float) -> bool:
        """Seal the first open lines, as many as a segment holds; whether there were any."""
        rows = self._db.execute(
            "SELECT seq, bytes FROM line WHERE segment IS NULL AND folder = ? ORDER BY seq LIMIT ?",
            (folder, self._settings.segment_lines),
        )
        digest, count, size, last = hashlib.sha256(), 0, 0, 0
        for seq, data in rows:
            if count and size + len(data) + 1 > self._settings.segment_bytes:
                break
            digest.update(data + b"\n")
            count, size, last = count + 1, size + len(data) + 1, seq
        if not count:
            return False
        number = int(self._db.execute("SELECT value FROM meta WHERE name = 'last_segment'").fetchone()[0]) + 1
        self._db.execute("UPDATE meta SET value = ? WHERE name = 'last_segment'", (number,))
        self._db.execute(
            "INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",
            (number, folder, f"{self.database_id}-{number:08d}.jsonl", digest.hexdigest(), count, size, SEALED, now),
        )
        self._db.execute(
            "UPDATE line SET segment = ? WHERE segment IS NULL AND folder = ? AND seq <= ?", (number, folder, last)
        )
        return True

    def publish_sealed(self) -> int:
        """Publish every sealed segment, in the order of their numbers; how many. Raises `OutputError`."""
        with state_errors("cannot read the sealed segments"):
            rows = self._db.execute(
                "SELECT number, folder, name, sha256 FROM segment WHERE state = ? ORDER BY number", (SEALED,)
            ).fetchall()
        for number, folder, name, sha256 in rows:
            try:
                self._publish(number, self._folder / FOLDERS[folder], name, sha256)
            except OSError as error:
                raise OutputError(f"cannot publish {FOLDERS[folder]}/{name}: {error.strerror or error}") from error
        return len(rows)

    def _publish(self, number: int, folder: Path, name: str, sha256: str) -> None:
        final, part = folder / name, folder / f".{name}{PART_SUFFIX}"
        self._write_part(part, number, sha256)
        self._point("before_link")
        try:
            self._disk.link(str(part), str(final))
        except FileExistsError:
            # An earlier process died between link and mark, or somebody put a file of that name there.
            if final.is_symlink() or file_sha256(final) != sha256:
                self._disk.unlink(str(part))
                raise OutputError(f"{final} is there already with other content; it is not replaced") from None
        self._point("after_link")
        self._disk.unlink(str(part))
        sync_folder(self._disk, folder)
        self._point("after_folder_sync")
        with transaction(self._db, "cannot mark a segment as published"):
            self._db.execute("UPDATE segment SET state = ? WHERE number = ?", (PUBLISHED, number))
        self._point("published")

    def _write_part(self, part: Path, number: int, sha256: str) -> None:
        """The whole file under a hidden name, on the disk; what cannot be finished is removed."""
        # A segment has up to 8 MB: joined line by line, and written in halves without a copy, it is in memory once.
        data = bytearray()
        for (text,) in self._db.execute("SELECT bytes FROM line WHERE segment = ? ORDER BY seq", (number,)):
            data += text
            data += b"\n"
        if hashlib.sha256(data).hexdigest() != sha256:
            raise StateError(f"the lines of segment {number} are not those that were sealed: the database is damaged")
        with contextlib.suppress(FileNotFoundError):
            self._disk.unlink(str(part))
        descriptor = self._disk.open(str(part), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW)
        try:
            half = len(data) // 2
            write_all(self._disk, descriptor, memoryview(data)[:half])
            self._point("mid_write")
            write_all(self._disk, descriptor, memoryview(data)[half:])
            self._point("before_fsync")
            self._disk.fsync(descriptor)
        except BaseException:
            self._disk.close(descriptor)
            with contextlib.suppress(OSError):
                self._disk.unlink(str(part))
            raise
        self._disk.close(descriptor)

    def remove_parts(self) -> int:
        """Remove the part files that a killed process left; how many."""
        removed = 0
        for name in FOLDERS:
            for path in sorted((self._folder / name).glob(f".*{PART_SUFFIX}")):
                with contextlib.suppress(FileNotFoundError):
                    self._disk.unlink(str(path))
                    removed += 1
        return removed

    def prune_lines(self, *, before: float) -> int:
        """Forget the bytes of lines whose segments were published before; at most 10,000 segments at once."""
        with transaction(self._db, "cannot prune the lines"):
            old = "SELECT number FROM segment WHERE state = ? AND has_lines = 1 AND at < ? LIMIT 10000"
            numbers = self._db.execute(old, (PUBLISHED, before)).fetchall()
            self._db.executemany("DELETE FROM line WHERE segment = ?", numbers)
            self._db.executemany("UPDATE segment SET has_lines = 0 WHERE number = ?", numbers)
        return len(numbers)
