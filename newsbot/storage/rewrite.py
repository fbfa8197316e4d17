"""What changes published files: forget a story, apply a retention, join small files. By hand only, never by a crawl.

What comes in: an output folder whose lock is free. What goes out: files replaced whole by others, and a state that
knows it. What is to be done is noted in the state before a file is touched, so that the next call carries through what
a killed process had begun; in between, lines that are joined stand twice, and none is lost.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

from newsbot.core.errors import OutputError
from newsbot.items.identity import event_id, story_key, url_key
from newsbot.items.model import Event
from newsbot.storage.base import Point, StoreSettings, no_point
from newsbot.storage.disk import Disk, file_sha256, replace_file
from newsbot.storage.history import read_history
from newsbot.storage.lines import FOLDERS, rfc3339, seconds
from newsbot.storage.opening import STATE_FILE, STATE_FOLDER
from newsbot.storage.schema import transaction
from newsbot.storage.segments import PUBLISHED
from newsbot.storage.sqlite import SqliteStore, open_store

_DAY_S = 86_400.0


class _Stamps(msgspec.Struct):
    """When a line of any kind was made, and whom it is about."""

    kind: str | None = None
    story_id: str | None = None
    teaser_id: str | None = None
    target_story_id: str | None = None
    page_story_id: str | None = None
    before: str | None = None
    run_id: str | None = None
    url: str | None = None
    requested_url: str | None = None
    target_url: str | None = None
    fetched_at: str | None = None
    observed_at: str | None = None
    at: str | None = None
    ended_at: str | None = None
    started_at: str | None = None

    @property
    def made_at(self) -> float | None:
        stamp = self.fetched_at or self.observed_at or self.at or self.ended_at or self.started_at
        return seconds(stamp)


_STAMPS = msgspec.json.Decoder(_Stamps)


@dataclass(frozen=True, slots=True)
class Rewritten:
    """What was done: files taken away, files made in their place, lines taken out."""

    files_before: int = 0
    files_after: int = 0
    lines_removed: int = 0


@contextlib.contextmanager
def _opened(folder: Path, now: float, disk: Disk | None, point: Point) -> Iterator[SqliteStore]:
    store = open_store(folder, StoreSettings(), now=now, disk=disk, point=point)
    try:
        store.database.execute("PRAGMA secure_delete = ON")  # what is taken out is overwritten, too
        _settle(store)
        store.publish_all(now=now)
        yield store
    finally:
        store.close()


def forget(
    folder: Path, story_id: str, *, now: float, disk: Disk | None = None, point: Point = no_point
) -> Rewritten | None:
    """Take every line of the story *story_id* out of all files, and keep it from being written again.

    Its teasers, visits and events go with it, and any copy of the state that an upgrade kept; one event,
    ``forgotten``, says that it was done. Its URLs are never fetched again. ``None``: neither the state nor a line
    knows that story. Raises `LockHeld`, `StateError`, `OutputError`.
    """
    with _opened(folder, now, disk, point) as store:
        row = store.database.execute("SELECT site FROM story WHERE story_id = ?", (story_id,)).fetchone()
        history = read_history(store.folder, story_id)
        if row is None and not history.versions:
            return None
        urls = {story.url for story in history.versions} - {None}
        for copy in (store.folder / STATE_FOLDER).glob(f"{STATE_FILE}.v*"):
            copy.unlink()  # an upgrade kept it, with the story in it
        done = _filter(store, _is_about(story_id, urls, {stay.teaser.teaser_id for stay in history.stays}))
        event = Event(kind="forgotten", at=rfc3339(now), story_id=story_id)
        event.site = row[0] if row is not None else history.versions[0].site
        event.event_id = event_id(event)
        store.write_event(event, lambda: _forget_state(store, story_id, urls, now), now=now)
        store.publish_all(now=now)
    return done


def _is_about(story_id: str, urls: set[str | None], teasers: set[str | None]) -> Callable[[str, bytes], bool]:
    """A function that says of a line whether it may stay."""

    def is_kept(name: str, data: bytes) -> bool:
        stamps = _STAMPS.decode(data)
        about = {stamps.story_id, stamps.target_story_id, stamps.page_story_id, stamps.before}
        is_teaser = name in ("teasers", "events") and stamps.teaser_id in teasers
        leads_there = not urls.isdisjoint((stamps.url, stamps.requested_url, stamps.target_url))
        return (story_id not in about or stamps.kind == "forgotten") and not is_teaser and not leads_there

    return is_kept


def _forget_state(store: SqliteStore, story_id: str, urls: set[str | None], now: float) -> None:
    """Let the state know nothing of the story but the keys of its id and URLs, which are done with."""
    database = store.database
    row = database.execute("SELECT id, url FROM story WHERE story_id = ?", (story_id,)).fetchone()
    keys = {url_key(url) for url in urls if url} | {story_key(story_id)}
    if row is not None:
        keys |= {each[0] for each in database.execute("SELECT key FROM alias WHERE story = ?", (row[0],))}
        keys.add(url_key(row[1]))
        for table in ("version", "alias", "placement", "band", "signature"):
            database.execute(f"DELETE FROM {table} WHERE story = ?", (row[0],))
        database.execute("DELETE FROM story WHERE id = ?", (row[0],))
    for key in sorted(keys):
        database.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (key,))
        database.execute("DELETE FROM url WHERE key = ?", (key,))
        database.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (key, int(now // _DAY_S)))


def prune(folder: Path, *, before: float, now: float, disk: Disk | None = None, point: Point = no_point) -> Rewritten:
    """Take out every line made before *before* (epoch seconds); what is known of the stories stays known."""

    def is_kept(name: str, data: bytes) -> bool:
        made_at = _STAMPS.decode(data).made_at
        return made_at is None or made_at >= before

    with _opened(folder, now, disk, point) as store:
        return _filter(store, is_kept)


def lines_of_young_runs(folder: Path, *, before: float) -> int:
    """How many of the lines that `prune` takes out are of runs that began at *before* or later.

    Pages read out of an archive are as old as its records: a run of today makes lines of years ago. Changes nothing.
    """
    young = {run.run_id for run in _stamps(folder, "runs") if (seconds(run.started_at) or 0.0) >= before}
    if not young:
        return 0
    kinds = [name for name in FOLDERS if name != "runs"]
    lines = (each for name in kinds for each in _stamps(folder, name) if each.run_id in young)
    return sum(each.made_at is not None and each.made_at < before for each in lines)


def _stamps(folder: Path, name: str) -> Iterator[_Stamps]:
    for path in sorted((folder / name).glob("*.jsonl")):
        with path.open("rb") as stream:
            yield from map(_STAMPS.decode, stream)


def compact(
    folder: Path, *, now: float, max_bytes: int = 128 * 1024 * 1024, disk: Disk | None = None, point: Point = no_point
) -> Rewritten:
    """Join the small files of days that are over: the files of one folder that were published on one day.

    A joined file has the name of its last part, so that a reader's cursor (the last name read) stands as it did;
    a reader that was in the middle of the day reads that day's lines again. Lines and their order do not change.
    """
    today = int(now // _DAY_S)
    before = after = 0
    with _opened(folder, now, disk, point) as store:
        for group in _groups(store.database, today, max_bytes):
            _join(store, group)
            before, after = before + len(group), after + 1
    return Rewritten(before, after, 0)


@dataclass(frozen=True, slots=True)
class _File:
    number: int
    folder: int
    name: str
    size: int

    def path(self, root: Path) -> Path:
        return root / FOLDERS[self.folder] / self.name


def _groups(database: sqlite3.Connection, today: int, max_bytes: int) -> list[list[_File]]:
    """Runs of neighbouring files of one folder and one day before today, at least two and not too large together."""
    rows = database.execute(
        "SELECT number, folder, name, size, CAST(at / 86400 AS INTEGER) FROM segment WHERE state = ?"
        " ORDER BY folder, name",
        (PUBLISHED,),
    ).fetchall()
    groups: list[list[_File]] = []
    last: tuple[int, int] | None = None
    total = 0
    for number, folder, name, size, day in rows:
        if day >= today:
            continue
        if (folder, day) != last or total + size > max_bytes:
            groups.append([])
            last, total = (folder, day), 0
        groups[-1].append(_File(number, folder, name, size))
        total += size
    return [group for group in groups if len(group) > 1]


def _join(store: SqliteStore, group: list[_File]) -> None:
    data = b"".join(_read(store, file) for file in group)
    *parts, last = group
    _change(store, last, data, [part.number for part in parts])


def _filter(store: SqliteStore, is_kept: Callable[[str, bytes], bool]) -> Rewritten:
    """Rewrite each file that holds a line that is not kept; a file of which nothing is left goes."""
    before = after = removed = 0
    rows = store.database.execute(
        # Versions and events last: a call after a kill finds by them what is still to be taken out.
        "SELECT number, folder, name, size FROM segment WHERE state = ? ORDER BY folder = 0, folder = 3, number",
        (PUBLISHED,),
    ).fetchall()
    for file in (_File(*row) for row in rows):
        if not file.path(store.folder).exists():
            continue  # somebody has taken it away: scrapy doctor names it
        data = _read(store, file)
        kept = [each for each in data.splitlines(keepends=True) if is_kept(FOLDERS[file.folder], each)]
        gone = data.count(b"\n") - len(kept)
        if not gone:
            continue
        before, removed = before + 1, removed + gone
        after += bool(kept)
        if kept:
            _change(store, file, b"".join(kept), [])
        else:
            _change(store, None, b"", [file.number])
    return Rewritten(before, after, removed)


def _read(store: SqliteStore, file: _File) -> bytes:
    """The bytes of a file that is as it was published. Raises `OutputError` for another."""
    sha256 = store.database.execute("SELECT sha256 FROM segment WHERE number = ?", (file.number,)).fetchone()[0]
    path = file.path(store.folder)
    try:
        data = path.read_bytes()
    except OSError as error:
        raise OutputError(f"cannot read {path}: {error.strerror}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise OutputError(f"{path} is not as it was published; scrapy doctor says what to do")
    return data


class _Intent(msgspec.Struct):
    """What is about to be done to files, kept in the state until it is done."""

    remove: list[int]
    number: int | None = None
    sha256: str = ""
    lines: int = 0
    size: int = 0


def _change(store: SqliteStore, file: _File | None, data: bytes, remove: list[int]) -> None:
    """Put *data* in the place of *file* and take the files numbered *remove* away, as one step.

    The intent is in the state, synced, before a file is touched; `_settle` carries it through after a kill.
    """
    intent = _Intent(remove)
    if file is not None:
        sha256 = hashlib.sha256(data).hexdigest()
        intent = _Intent(remove, file.number, sha256, data.count(b"\n"), len(data))
    store.database.execute("PRAGMA synchronous = FULL")
    with transaction(store.database, "cannot note what is to be rewritten"):
        value = msgspec.json.encode(intent).decode()
        store.database.execute("INSERT OR REPLACE INTO meta VALUES ('rewriting', ?)", (value,))
    if file is not None:
        path = file.path(store.folder)
        try:
            replace_file(store.disk, path, data)
        except OSError as error:
            raise OutputError(f"cannot write {path}: {error.strerror}") from error
    store.point("replaced")
    _finish(store, intent)


def _settle(store: SqliteStore) -> None:
    """Carry through what a killed process had begun; what had not reached a file yet is dropped."""
    row = store.database.execute("SELECT value FROM meta WHERE name = 'rewriting'").fetchone()
    if row is None:
        return
    intent = msgspec.json.decode(row[0], type=_Intent)
    if intent.number is not None:
        path = _file(store, intent.number).path(store.folder)
        if not path.exists() or file_sha256(path) != intent.sha256:
            store.database.execute("DELETE FROM meta WHERE name = 'rewriting'")
            return
    _finish(store, intent)


def _finish(store: SqliteStore, intent: _Intent) -> None:
    for number in intent.remove:
        path = _file(store, number).path(store.folder)
        try:
            store.disk.unlink(str(path))
        except FileNotFoundError:
            continue
        except OSError as error:
            raise OutputError(f"cannot remove {path}: {error.strerror}") from error
    store.point("removed")
    with transaction(store.database, "cannot note what has been rewritten"):
        gone = [(number,) for number in (*intent.remove, intent.number) if number is not None]
        store.database.executemany("DELETE FROM line WHERE segment = ?", gone)
        store.database.executemany("DELETE FROM segment WHERE number = ?", gone[: len(intent.remove)])
        store.database.execute(
            "UPDATE segment SET sha256 = ?, lines = ?, size = ?, has_lines = 0 WHERE number = ?",
            (intent.sha256, intent.lines, intent.size, intent.number),
        )
        store.database.execute("DELETE FROM meta WHERE name = 'rewriting'")


def _file(store: SqliteStore, number: int) -> _File:
    query = "SELECT number, folder, name, size FROM segment WHERE number = ?"
    return _File(*store.database.execute(query, (number,)).fetchone())
