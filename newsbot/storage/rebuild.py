"""A new state out of what has been published: for a database that is damaged or gone.

What comes in: an output folder whose lock is held. What goes out: a database that knows every story, version,
placement and page of its files, so that nothing is written a second time. What had been committed and not published
is lost with the old database, and fetched again; the URLs of young stories are due at once.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from newsbot.items.identity import story_key, teaser_digest, url_key
from newsbot.items.model import Event, PageVisit, Run, Story, Teaser
from newsbot.storage.base import Entry, StoreSettings
from newsbot.storage.disk import Disk, FolderLock, file_sha256, make_folder, sync_folder
from newsbot.storage.frontier import Frontier
from newsbot.storage.lines import FOLDERS, Record, seconds
from newsbot.storage.schema import connect, state_errors, transaction
from newsbot.storage.segments import PUBLISHED, database_id, time_of_id
from newsbot.storage.stories import BY_REDIRECT, BY_URL, Stories

_SHAPES: tuple[type[Record], ...] = (Story, Teaser, PageVisit, Event, Run)


@dataclass(slots=True)
class Rebuilt:
    """What a rebuild read; ``unreadable`` names the lines that are no JSON of ours."""

    files: int = 0
    lines: dict[str, int] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)
    kept_as: str | None = None


def rebuild(folder: Path, settings: StoreSettings, *, now: float, disk: Disk | None = None) -> Rebuilt:
    """Make a new database from the files of *folder*; an old one stays beside it under another name.

    Raises `LockHeld`, `StateError`, `OutputError`; the old database is replaced only when the new one is whole.
    """
    disk = disk or Disk()
    folder = folder.absolute()
    state = folder / ".newsbot"
    make_folder(disk, folder)
    make_folder(disk, state)
    lock = FolderLock(state / "lock", command="rebuild", now=now)
    try:
        new = state / "state.sqlite.new"
        for leftover in state.glob("state.sqlite.new*"):
            leftover.unlink()
        connection = connect(new, busy_timeout_s=settings.busy_timeout_s)
        try:
            with transaction(connection, "cannot fill the new database"):
                result = _Rebuilding(connection, folder, settings, now).run()
        finally:
            connection.close()
        result.kept_as = _swap(disk, state, new, now)
        return result
    finally:
        lock.release()


def _swap(disk: Disk, state: Path, new: Path, now: float) -> str | None:
    """Put the new database in the old one's place; the name under which the old one stays."""
    old = state / "state.sqlite"
    kept = None
    if old.exists():
        kept = f"state.sqlite.{int(now)}.old"
        os.replace(old, state / kept)
    for beside in ("state.sqlite-wal", "state.sqlite-shm"):
        if (state / beside).exists():
            os.replace(state / beside, state / f"{kept}{beside.removeprefix('state.sqlite')}")
    disk.replace(str(new), str(old))
    sync_folder(disk, state)
    return kept


class _Rebuilding:
    """One pass over all files, oldest first."""

    def __init__(self, connection: sqlite3.Connection, folder: Path, settings: StoreSettings, now: float) -> None:
        self._db = connection
        self._folder = folder
        self._settings = settings
        self._now = now
        self._stories = Stories(connection, max_versions=settings.max_versions)
        self._frontier = Frontier(connection, per_host=1, host_limits={})
        self._result = Rebuilt()
        # (page, teaser) -> the line that is in force
        self._placements: dict[tuple[str, str], Teaser] = {}
        self._by_teaser: dict[str, list[tuple[str, str]]] = {}

    def run(self) -> Rebuilt:
        with state_errors("cannot fill the new database"):
            self._enter_segments()
            for name, shape in zip(FOLDERS, _SHAPES, strict=True):
                self._read_folder(name, shape)
            self._enter_placements()
            self._enter_urls()
        return self._result

    def _enter_segments(self) -> None:
        number = 0
        for folder, name in enumerate(FOLDERS):
            for path in sorted((self._folder / name).glob("*.jsonl")):
                number += 1
                data = path.read_bytes()
                row = (number, folder, path.name, file_sha256(path), data.count(b"\n"), len(data), PUBLISHED, self._now)
                self._db.execute("INSERT INTO segment VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)", row)
        self._result.files = number
        self._db.execute("INSERT INTO meta VALUES ('id', ?)", (self._new_id(),))
        self._db.execute("INSERT INTO meta VALUES ('last_segment', ?)", (number,))

    def _new_id(self) -> str:
        """An id after all that stand in names already, so that readers' cursors go on."""
        times = (time_of_id(path.name) for path in self._folder.glob("*/*.jsonl"))
        return database_id(max([self._now, *(time + 1 for time in times if time is not None)]))

    def _read_folder(self, name: str, shape: type[Record]) -> None:
        decoder = msgspec.json.Decoder(shape)
        for path in sorted((self._folder / name).glob("*.jsonl")):
            for where, data in _lines(path):
                try:
                    record = decoder.decode(data)
                except msgspec.DecodeError:
                    self._result.unreadable.append(f"{name}/{where}")
                    continue
                self._enter(record)
                self._result.lines[name] = self._result.lines.get(name, 0) + 1

    def _enter(self, record: Record) -> None:
        match record:
            case Story():
                self._stories.restore(record, now=self._now)
            case Teaser():
                self._placements[record.page_url or "", record.teaser_id or ""] = record
            case PageVisit():
                self._enter_page(record)
            case Event():
                self._enter_event(record)
            case Run():
                self._enter_health(record)

    def _enter_page(self, page: PageVisit) -> None:
        if page.page_id:
            self._db.execute("INSERT OR IGNORE INTO visit VALUES (?)", (bytes.fromhex(page.page_id[1:]),))
        if page.outcome not in ("story", "unchanged"):
            return
        number = self._stories.by_story_id(page.story_id) if page.story_id else None
        redirects = [(url, BY_REDIRECT) for url in (page.requested_url, *page.redirects)]
        for url, method in [(page.url, BY_URL), *redirects]:
            if not url:
                continue
            self._frontier.mark_done(url_key(url), now=self._now)
            if number is not None:
                self._db.execute("INSERT OR IGNORE INTO alias VALUES (?, ?, ?)", (url_key(url), number, method))

    def _enter_event(self, event: Event) -> None:
        at = event.at or ""
        if event.kind == "teaser_gone":
            for key in self._placements_of(event.teaser_id):
                if (self._placements[key].observed_at or "") < at:
                    del self._placements[key]
        elif event.kind == "resolved":
            for key in self._placements_of(event.teaser_id):
                self._placements[key].target_story_id = event.story_id
        elif event.kind == "headline_variant":
            number = self._stories.by_story_id(event.story_id) if event.story_id else None
            if number is not None:
                self._stories.called(number, [(event.after, event.site, event.teaser_id)])
        elif event.kind == "withdrawn":
            self._db.execute("UPDATE story SET is_withdrawn = 1 WHERE story_id = ?", (event.story_id,))
        elif event.kind == "moved" and event.after:
            self._db.execute("UPDATE story SET url = ? WHERE story_id = ?", (event.after, event.story_id))
        elif event.kind == "forgotten" and event.story_id:
            self._db.execute("INSERT OR IGNORE INTO forgotten VALUES (?)", (story_key(event.story_id),))
        elif event.kind == "clustered":
            self._db.execute("UPDATE story SET cluster_id = ? WHERE story_id = ?", (event.cluster_id, event.story_id))

    def _placements_of(self, teaser_id: str | None) -> list[tuple[str, str]]:
        """The placements of one teaser. Its id holds the page, so there is one, but for a page that moved."""
        if not self._by_teaser:
            for key in self._placements:
                self._by_teaser.setdefault(key[1], []).append(key)
        return [key for key in self._by_teaser.get(teaser_id or "", []) if key in self._placements]

    def _enter_health(self, run: Run) -> None:
        at = seconds(run.ended_at) or self._now
        self._db.executemany(
            "INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?)",
            [(each.site, each.measure, at, run.run_id or "", each.value) for each in run.health],
        )

    def _enter_placements(self) -> None:
        for (page, identifier), teaser in self._placements.items():
            number = self._stories.by_story_id(teaser.target_story_id) if teaser.target_story_id else None
            target = url_key(teaser.target_url) if teaser.target_url else None
            self._db.execute(
                "INSERT OR REPLACE INTO placement VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    *(url_key(page), bytes.fromhex(identifier[1:]), teaser_digest(teaser), target, number),
                    *(teaser.headline, teaser.site),
                ),
            )

    def _enter_urls(self) -> None:
        """Let young stories be read again; what is older stays done with."""
        since = self._now - self._settings.recheck.story_until_s
        rows = self._db.execute(
            "SELECT url, site FROM story WHERE COALESCE(published_at, first_at) >= ? AND is_withdrawn = 0", (since,)
        ).fetchall()
        self._db.executemany("DELETE FROM known WHERE key = ?", [(url_key(url),) for url, _ in rows])
        entries = [Entry(url=url, kind="story", site=site, priority=10) for url, site in rows if url]
        self._frontier.add(entries, now=self._now, always=False)
        self._db.execute("UPDATE url SET visits = 1")


def _lines(path: Path) -> Iterator[tuple[str, bytes]]:
    with path.open("rb") as stream:
        for number, data in enumerate(stream, 1):
            yield f"{path.name}:{number}", data
