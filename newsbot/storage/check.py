"""Is everything as it should be? The invariants of an output folder, for ``scrapy doctor`` and the tests.

What comes in: an output folder, in use or not. What goes out: findings, each with what to do. Nothing is changed.

    I0  the database passes SQLite's own check          I3  a file's sha256 is its segment's
    I1  each line is JSON, each file ends in a newline  I4  a segment published is there, a file has a segment
    I2  no record stands twice                          I8  the lines of a file are as many as its segment's
                                                        I11 nothing else lies in the folders of output
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from newsbot.storage.disk import file_sha256
from newsbot.storage.lines import FOLDERS
from newsbot.storage.schema import VERSION
from newsbot.storage.segments import PUBLISHED

# What may lie beside the folders of lines: the state, and what is made from the lines.
EXPECTED = frozenset({*FOLDERS, ".newsbot", "README.md", ".gitkeep", "schemas", "metrics.prom", "report.html"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be. ``code`` is the invariant's name."""

    code: str
    where: str
    what: str
    advice: str


class _Key(msgspec.Struct):
    """What identifies a record of any kind."""

    schema: str = ""
    story_id: str | None = None
    revision: int | None = None
    teaser_id: str | None = None
    page_id: str | None = None
    event_id: str | None = None
    run_id: str | None = None


_KEYS = msgspec.json.Decoder(_Key)


def findings(folder: Path) -> list[Finding]:
    """What is wrong with the output *folder*; empty when all is well."""
    path = folder / ".newsbot" / "state.sqlite"
    if not path.exists() and not any(folder.glob("*/*.jsonl")):
        return list(_stray_findings(folder))  # nothing has been made yet
    found = list(_database_findings(path))
    segments = None if found else read_segments(path)
    for name in FOLDERS:
        found += _folder_findings(folder / name, name, segments)
    found += _stray_findings(folder)
    return found


def _database_findings(path: Path) -> Iterator[Finding]:
    if not path.exists():
        yield Finding("I0", path.name, "the database is missing", "scrapy doctor --adopt reads it back from output")
        return
    rebuild = "keep a copy, then scrapy doctor --rebuild makes a new one from the published files"
    try:
        with _read_only(path) as connection:
            answers = [row[0] for row in connection.execute("PRAGMA quick_check(20)")]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        yield Finding("I0", path.name, f"the database cannot be read: {error}", rebuild)
        return
    if answers != ["ok"]:
        yield Finding("I0", path.name, f"the database is damaged: {'; '.join(answers)[:400]}", rebuild)
    elif version > VERSION:
        yield Finding("I0", path.name, f"its version is {version}, this newsbot knows {VERSION}", "upgrade newsbot")


def _read_only(path: Path) -> contextlib.closing[sqlite3.Connection]:
    """A connection that cannot change the database, as a context that closes it."""
    return contextlib.closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=5))


@dataclass(frozen=True, slots=True)
class Segment:
    """A row of the table of segments."""

    sha256: str
    lines: int
    is_published: bool


def read_segments(path: Path) -> dict[str, Segment]:
    """``FOLDER/NAME`` of every segment that the database knows. Raises `sqlite3.Error`.

    A process that was killed before it made the tables leaves a database of version 0: it knows none.
    """
    with _read_only(path) as connection:
        if connection.execute("PRAGMA user_version").fetchone()[0] == 0:
            return {}
        rows = connection.execute("SELECT folder, name, sha256, lines, state FROM segment")
        return {
            f"{FOLDERS[folder]}/{name}": Segment(sha256, lines, state == PUBLISHED)
            for folder, name, sha256, lines, state in rows
        }


@dataclass(frozen=True, slots=True)
class State:
    """What the database holds, in numbers."""

    ready: int
    waiting: int
    done: int
    stories: int
    versions: int
    placements: int
    open_lines: int
    sealed: int
    open_runs: int
    strikes: tuple[tuple[str, int], ...] = ()


def read_state(folder: Path) -> State | None:
    """The numbers of the state of *folder*; ``None`` where there is no state. Raises `sqlite3.Error`."""
    path = folder / ".newsbot" / "state.sqlite"
    if not path.exists():
        return None
    counts = (
        "SELECT COUNT(*) FROM url WHERE state < 2",
        "SELECT COUNT(*) FROM url WHERE state = 2",
        "SELECT COUNT(*) FROM known",
        "SELECT COUNT(*) FROM story",
        "SELECT COUNT(*) FROM version",
        "SELECT COUNT(*) FROM placement",
        "SELECT COUNT(*) FROM line WHERE segment IS NULL",
        "SELECT COUNT(*) FROM segment WHERE state = 0",
        "SELECT COUNT(*) FROM run WHERE is_open = 1",
    )
    with _read_only(path) as connection:
        numbers = [connection.execute(query).fetchone()[0] for query in counts]
        strikes = connection.execute("SELECT url, count FROM strike ORDER BY count DESC, url LIMIT 50").fetchall()
    return replace(State(*numbers), strikes=tuple(strikes))


def _folder_findings(folder: Path, name: str, segments: dict[str, Segment] | None) -> Iterator[Finding]:
    seen: set[tuple[object, ...]] = set()
    names = []
    for path in sorted(folder.glob("*.jsonl")):
        where = f"{name}/{path.name}"
        names.append(where)
        count = 0
        for number, data in enumerate(_raw_lines(path), 1):
            count += 1
            yield from _line_findings(where, number, data, seen)
        if segments is not None:
            yield from _file_findings(path, where, count, segments.get(where))
    for where, segment in sorted((segments or {}).items()):
        if segment.is_published and where.startswith(f"{name}/") and where not in names:
            yield Finding("I4", where, "the file is missing", "put it back from a backup; newsbot goes on without it")


def _raw_lines(path: Path) -> Iterator[bytes]:
    with path.open("rb") as stream:
        yield from stream


def _line_findings(where: str, number: int, data: bytes, seen: set[tuple[object, ...]]) -> Iterator[Finding]:
    if not data.endswith(b"\n"):
        yield Finding("I1", f"{where}:{number}", "the last line has no newline", "put the file back from a backup")
    try:
        key = _KEYS.decode(data)
    except msgspec.DecodeError as error:
        yield Finding("I1", f"{where}:{number}", f"no JSON: {error}", "put the file back from a backup")
        return
    identity = record_key(key)
    if identity in seen:
        yield Finding("I2", f"{where}:{number}", f"{identity} stands twice", "report it with the state's database")
    seen.add(identity)


def record_key(key: _Key) -> tuple[object, ...]:
    """What may stand once only: a version, a placement at a visit, a visit, an event, a run."""
    if key.event_id:
        return ("event", key.event_id)
    if key.teaser_id:
        return ("teaser", key.teaser_id, key.page_id)
    if key.schema.startswith("newsbot.story"):
        return ("story", key.story_id, key.revision)
    return ("page", key.page_id) if key.page_id else ("run", key.run_id)


def _file_findings(path: Path, where: str, lines: int, segment: Segment | None) -> Iterator[Finding]:
    if segment is None:
        yield Finding(
            "I4", where, "no segment of this database", "move it away, or scrapy doctor --rebuild takes it in"
        )
    elif file_sha256(path) != segment.sha256:
        yield Finding("I3", where, "it has been changed", "put it back from a backup; newsbot never overwrites it")
    elif lines != segment.lines:
        yield Finding("I8", where, f"{lines} lines, the database says {segment.lines}", "report it")


def _stray_findings(folder: Path) -> Iterator[Finding]:
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name not in EXPECTED:
            yield Finding("I11", path.name, "newsbot did not put this here", "move it away")
        elif path.name in FOLDERS:
            for inner in sorted(path.iterdir()):
                if not inner.name.endswith(".jsonl"):
                    yield Finding("I11", f"{path.name}/{inner.name}", "no file of lines", "remove it if no run is on")
