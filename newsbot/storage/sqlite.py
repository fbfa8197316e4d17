"""The store on one SQLite file: ``output/.newsbot/state.sqlite``.

What comes in: captures, URLs, the time. What goes out: lines in segments, leases, counts. It ties the parts of this
room together and holds the transactions; what a story or a teaser is, `stories` and `placements` know, what is fetched
next `frontier`, how lines become files `segments`.
"""

from __future__ import annotations

import contextlib
import sqlite3
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from newsbot.core.errors import OutputError, StateError
from newsbot.items.identity import event_id, story_key, url_key
from newsbot.items.model import Capture, Event, Link, PageVisit, Run, RunCounts, Story
from newsbot.items.rejection import reject
from newsbot.storage.base import (
    Added,
    Committed,
    Entry,
    FrontierCounts,
    KeptRobots,
    Lease,
    Point,
    Recovery,
    StoreSettings,
    no_point,
)
from newsbot.storage.clusters import Clusters
from newsbot.storage.disk import Disk, FolderLock, make_folder
from newsbot.storage.frontier import SOURCE_KINDS, Frontier
from newsbot.storage.lines import FOLDER_OF, FOLDERS, Record, line, rfc3339
from newsbot.storage.opening import STATE_FOLDER, open_database, write_card
from newsbot.storage.placements import Placements
from newsbot.storage.revisits import Revisits
from newsbot.storage.robots import RobotsFiles
from newsbot.storage.schema import state_errors, transaction
from newsbot.storage.segments import Segments
from newsbot.storage.stories import MAX_HEADLINES, Judgement, Stories
from newsbot.storage.strikes import Strikes

_DAY_S = 86_400.0
# How a link's kind ranks in its host's queue: what is listed leads on, so it is read first.
_PRIORITY = {"sitemap": 40, "feed": 40, "section": 30, "next_page": 20, "story": 10}
_GONE_STATUS = 410
_MISSING_REASONS = frozenset({"soft404", "gone"})


def open_store(
    folder: Path, settings: StoreSettings, *, now: float, disk: Disk | None = None, point: Point = no_point
) -> SqliteStore:
    """Lock *folder*, check its state, put right what a killed process left, and return its store.

    Raises `LockHeld` (another run has it), `StateError` (the database is damaged, newer, or missing beside
    published segments) and `OutputError` (*folder* cannot be written to).
    """
    disk = disk or Disk()
    folder = folder.absolute()
    state = folder / STATE_FOLDER
    make_folder(disk, folder)
    try:
        make_folder(disk, state)
    except OutputError as error:
        raise StateError(str(error)) from error
    lock = FolderLock(state / "lock", command=" ".join(sys.argv[:4])[:200], now=now)
    try:
        for name in FOLDERS:
            make_folder(disk, folder / name)
        write_card(disk, folder)
        connection = open_database(folder, settings, disk, now)
        try:
            return SqliteStore(folder, connection, lock, settings, disk, point, now=now)
        except BaseException:
            connection.close()
            raise
    except BaseException:
        lock.release()
        raise


class SqliteStore:
    """`newsbot.storage.base.Store` on one SQLite file; made by `open_store`."""

    def __init__(
        self,
        folder: Path,
        connection: sqlite3.Connection,
        lock: FolderLock,
        settings: StoreSettings,
        disk: Disk,
        point: Point,
        *,
        now: float,
    ) -> None:
        self.folder = folder
        self.settings = settings
        self.database = self._db = connection
        self._lock = lock
        self.disk = disk
        self.point = point
        self._run_id: str | None = None
        self._lines: list[tuple[int, bytes]] = []
        self._segments = Segments(connection, folder, settings, disk, point)
        self._frontier = Frontier(connection, per_host=settings.per_host, host_limits=settings.host_limits)
        self._stories = Stories(connection, max_versions=settings.max_versions)
        self._placements = Placements(connection, self._stories)
        self._revisits = Revisits(self._frontier, self._stories, self._placements, settings.recheck)
        self._clusters = Clusters(connection)
        self._robots = RobotsFiles(connection)
        self._strikes = Strikes(connection, folder / STATE_FOLDER, to_poison=settings.strikes_to_poison)
        self._forgotten = frozenset(row[0] for row in connection.execute("SELECT key FROM forgotten"))
        self.recovery = self._recover(now)
        self.point("opened")

    # -- start is recovery

    def _recover(self, now: float) -> Recovery:
        """Strikes, lines of killed runs, part files, sealed segments: in this order, so that all is published."""
        try:
            parts = self._segments.remove_parts()
        except OSError as error:
            raise OutputError(f"cannot remove part files: {error.strerror}") from error
        struck = self._strike()
        self._segments.recount(now=now)
        with self._transaction("cannot recover", now):
            runs = self._close_killed_runs(now)
        published = self._segments.publish_sealed()
        before = now - self.settings.keep_lines_days * _DAY_S
        self._segments.prune_lines(before=before)
        with transaction(self._db, "cannot prune the clusters"):
            oldest = now - self.settings.cluster_days * _DAY_S
            self._clusters.prune(before=oldest, most=self.settings.cluster_stories)
        return Recovery(parts, published, runs, int(struck is not None), self._strikes.poisoned())

    def _strike(self) -> str | None:
        """Give a strike to the page that the last process died over; its URL."""
        named = self._strikes.died_over()
        if named is None:
            return None
        with transaction(self._db, "cannot note a strike"):
            self._strikes.strike(named)
        self._strikes.parsed()
        return named

    def _close_killed_runs(self, now: float) -> int:
        rows = self._db.execute(
            "SELECT record, last, pages, stories, teasers, events FROM run WHERE is_open = 1 ORDER BY started, run_id"
        ).fetchall()
        for record, last, pages, stories, teasers, events in rows:
            run = msgspec.json.decode(record, type=Run)
            run.ended_at = rfc3339(last)
            run.exit_name, run.counts = (
                "killed",
                RunCounts(pages=pages, stories=stories, teasers=teasers, events=events),
            )
            self._write(run)
        self._db.execute("UPDATE run SET is_open = 0 WHERE is_open = 1")
        return len(rows)

    # -- runs

    def begin_run(self, run: Run, *, sites: Sequence[str] | None, now: float) -> None:
        """See `Store.begin_run`."""
        self._run_id = run.run_id
        with transaction(self._db, "cannot begin the run"):
            self._db.execute(
                "INSERT INTO run (run_id, started, record, is_open, last) VALUES (?, ?, ?, 1, ?)",
                (run.run_id, now, line(run), now),
            )
            self._frontier.begin(sites, now=now, always=self.settings.recheck.always)

    def end_run(self, run: Run, *, now: float) -> None:
        """See `Store.end_run`."""
        for lease in self._frontier.open_leases():
            self._frontier.ended(lease, leaves=False)
        self.publish_all(now=now)
        self.note_run(run, now=now)
        self.publish_all(now=now)

    def note_run(self, run: Run, *, now: float) -> None:
        """See `Store.note_run`."""
        with self._transaction("cannot note the run", now):
            row = self._db.execute("SELECT is_open FROM run WHERE run_id = ?", (run.run_id,)).fetchone()
            if row is not None and not row[0]:
                self._replace_open_run(run)
                return
            # A run that met an error before it began has no row yet.
            self._db.execute(
                "INSERT INTO run (run_id, started, record, is_open, last) VALUES (?, ?, ?, 0, ?)"
                " ON CONFLICT (run_id) DO UPDATE SET is_open = 0",
                (run.run_id, now, line(run), now),
            )
            self._write(run)

    def _replace_open_run(self, run: Run) -> None:
        """Put *run* in the place of its own line, which could not be published; one that is sealed stays."""
        rows = self._db.execute(
            "SELECT seq, bytes FROM line WHERE segment IS NULL AND folder = ?", (FOLDER_OF[Run],)
        ).fetchall()
        own = [seq for seq, data in rows if msgspec.json.decode(data, type=Run).run_id == run.run_id]
        self._db.executemany("UPDATE line SET bytes = ? WHERE seq = ?", [(line(run), seq) for seq in own])

    # -- the frontier

    def add(self, entries: Iterable[Entry], *, now: float) -> Added:
        """See `Store.add`."""
        with transaction(self._db, "cannot enter URLs"):
            return self._frontier.add(entries, now=now, always=self.settings.recheck.always)

    def is_known(self, key: bytes) -> bool:
        """Whether the URL of *key* has been entered or is done with."""
        with state_errors("cannot read the frontier"):
            return self._frontier.is_known(key)

    def lease(self, *, now: float) -> Lease | None:
        """See `Store.lease`."""
        with state_errors("cannot read the frontier"):
            lease = self._frontier.lease(now=now)
        if lease is not None:
            self.point("leased")
        return lease

    def lease_of(self, url: str) -> Lease | None:
        """See `Store.lease_of`."""
        return self._frontier.lease_of(url)

    def pending(self, *, now: float) -> int:
        """See `Store.pending`."""
        return self._frontier.pending(now=now)

    def next_ready_at(self) -> float | None:
        """See `Store.next_ready_at`."""
        return self._frontier.next_ready_at()

    def put_back(self, lease: Lease, *, now: float, not_before: float | None = None) -> None:
        """See `Store.put_back`."""
        left_until = self._frontier.left_until(lease.host)
        if left_until is not None:
            self.postpone(lease, now=now, not_before=left_until)
            return
        if not_before is not None and not_before > now:
            with transaction(self._db, "cannot put a URL back"):
                self._frontier.pause(lease, not_before=not_before)
        self._frontier.ended(lease, leaves=False)

    def postpone(self, lease: Lease, *, now: float, not_before: float) -> None:
        """See `Store.postpone`."""
        with transaction(self._db, "cannot put a URL back"):
            self._frontier.wait(lease, due=not_before)
        self._frontier.ended(lease)

    def postpone_host(self, host: str, *, not_before: float) -> int:
        """See `Store.postpone_host`."""
        with transaction(self._db, "cannot postpone a host"):
            return self._frontier.wait_host(host, due=not_before)

    def pause_host(self, host: str, *, until: float) -> None:
        """See `Store.pause_host`."""
        self._frontier.pause_host(host, until=until)

    def limit_host(self, host: str, limit: int) -> None:
        """See `Store.limit_host`."""
        self._frontier.set_limit(host, limit)

    def counts(self) -> FrontierCounts:
        """See `Store.counts`."""
        with state_errors("cannot count the frontier"):
            return self._frontier.counts()

    # -- pages

    def commit(self, capture: Capture, lease: Lease | None, *, now: float) -> Committed:
        """See `Store.commit`."""
        with self._transaction("cannot store a page", now):
            if lease is None and not self._first_visit(capture.page):
                return Committed("none", 0, 0, Added(), repeated=True)
            committed = self._commit(capture, lease, now)
            self.point("before_commit")
        if lease is not None:
            self._frontier.ended(lease)
        self.point("after_commit")
        return committed

    def _first_visit(self, page: PageVisit) -> bool:
        key = bytes.fromhex((page.page_id or "")[1:])
        return self._db.execute("INSERT OR IGNORE INTO visit VALUES (?)", (key,)).rowcount == 1

    def _commit(self, capture: Capture, lease: Lease | None, now: float) -> Committed:
        page = capture.page
        if capture.story is not None and not self._fits(capture.story):
            reject(capture, "line_too_long")
        if self._forgotten:
            self._leave_out_forgotten(capture)
        events: list[Event] = []
        judgement = self._stories.judge(capture, now=now) if capture.story is not None else None
        if judgement is not None:
            events += judgement.events + self._resolve(capture.story, judgement)
            if judgement.verdict == "new" and capture.story is not None:
                events += self._cluster(capture.story, judgement.number, now)
            page.notes += [note for note in judgement.notes if note not in page.notes]
            if judgement.verdict in ("unchanged", "capped"):
                page.outcome = "unchanged"
            elif capture.story is not None:
                self._write(capture.story)
        else:
            events += self._missing(page, now)
        teasers = self._commit_teasers(capture, events)
        for event in events:
            self._write_event(event, page)
        added = self._commit_links(capture, lease, now)
        if lease is not None:
            is_still = page.outcome in ("unchanged", "not_modified") or (
                lease.kind in SOURCE_KINDS and not teasers and not added.new
            )
            self._revisits.end_lease(capture, lease, judgement, is_still, now)
        self._write(page)
        verdict = judgement.verdict if judgement is not None else "none"
        stories = verdict in ("new", "revision")
        self._db.execute(
            "UPDATE run SET pages = pages + 1, stories = stories + ?, teasers = teasers + ?, events = events + ?,"
            " last = ? WHERE run_id = ?",
            (stories, teasers, len(events), now, self._run_id),
        )
        return Committed(verdict, teasers, len(events), added)

    def _leave_out_forgotten(self, capture: Capture) -> None:
        """Let a capture say nothing of stories that are to be forgotten."""
        story, forgotten = capture.story, self._forgotten
        if story is not None and {story_key(story.story_id or ""), url_key(capture.page.url or "")} & forgotten:
            reject(capture, "forgotten")
        capture.teasers = [
            each for each in capture.teasers if not each.target_url or url_key(each.target_url) not in forgotten
        ]

    def write_event(self, event: Event, also: Callable[[], None], *, now: float) -> None:
        """Keep the line of an event that no page told, and do *also* in the same transaction."""
        with self._transaction("cannot note an event", now):
            also()
            self._write(event)

    def _cluster(self, story: Story, number: int, now: float) -> list[Event]:
        """Put a new story into the cluster of its like; the events that say so of it and of the first one."""
        match = self._clusters.place(story, number, now=now)
        if match is None:
            return []
        story.cluster_id = match.cluster_id
        events = []
        for member in filter(None, (match.first, number)):
            self._db.execute("UPDATE story SET cluster_id = ? WHERE id = ?", (match.cluster_id, member))
        if match.first is not None:
            first = self._stories.id_of(match.first)
            events.append(Event(kind="clustered", story_id=first, cluster_id=match.cluster_id, after="origin"))
        says = f"{match.kind} {match.score}"
        events.append(
            Event(
                kind="clustered",
                story_id=story.story_id,
                cluster_id=match.cluster_id,
                before=match.origin,
                after=says,
            )
        )
        return events

    def _fits(self, record: Record) -> bool:
        return len(line(record)) <= self.settings.max_line_bytes

    def _commit_teasers(self, capture: Capture, events: list[Event]) -> int:
        """Write the placements that are new or changed; a page that was not read says nothing of its teasers."""
        if capture.page.outcome not in ("story", "listing", "unchanged"):
            return 0
        for teaser in capture.teasers:
            teaser.page_story_id = capture.page.story_id
        written, gone = self._placements.update(capture)
        for teaser in written:
            self._write(teaser)
        events += gone
        return len(written)

    def _resolve(self, story: Story | None, judgement: Judgement) -> list[Event]:
        """The events of teasers that had waited for this story; their headlines go into its line, if one is written."""
        resolved, called = self._placements.resolved_by(judgement.number, judgement.new_keys)
        if not called or story is None or judgement.verdict not in ("new", "revision"):
            return resolved + called
        own = story.headline_variants
        given = [event.after for event in called if event.after]
        story.headline_variants = list(dict.fromkeys([*own, *given]))[:MAX_HEADLINES]
        if self._fits(story):
            return resolved
        story.headline_variants = own
        return resolved + called

    def _missing(self, page: PageVisit, now: float) -> list[Event]:
        """The event of a known story whose page says that it is gone."""
        is_gone = page.status == _GONE_STATUS
        if not (is_gone or page.status == 404 or _MISSING_REASONS.intersection(page.reasons)):
            return []
        found = self._stories.by_url(page.requested_url or page.url or "")
        event = self._stories.missing(found[0], is_gone=is_gone, now=now) if found else None
        return [event] if event else []

    def _write_event(self, event: Event, page: PageVisit) -> None:
        event.at, event.site, event.page_id, event.run_id = page.fetched_at, page.site, page.page_id, page.run_id
        event.event_id = event_id(event)
        self._write(event)

    def _commit_links(self, capture: Capture, lease: Lease | None, now: float) -> Added:
        depth = lease.depth if lease is not None else 0
        site = capture.page.site or ""
        entries = [_entry(link, site, depth) for link in capture.links]
        return self._frontier.add(entries, now=now, always=False) if entries else Added()

    # -- pages that are not leased, and pages that kill

    def is_committed(self, page_id: str) -> bool:
        """See `Store.is_committed`."""
        with state_errors("cannot look up a page"):
            key = bytes.fromhex(page_id[1:])
            return self._db.execute("SELECT 1 FROM visit WHERE key = ?", (key,)).fetchone() is not None

    def parsing(self, url: str) -> None:
        """See `Store.parsing`."""
        self._strikes.parsing(url)

    def parsed(self) -> None:
        """See `Store.parsed`."""
        self._strikes.parsed()

    def is_poison(self, url: str) -> bool:
        """See `Store.is_poison`."""
        with state_errors("cannot look up strikes"):
            return self._strikes.is_poison(url)

    # -- health

    def record_health(self, site: str, measure: str, value: float, *, now: float) -> None:
        """See `Store.record_health`."""
        with transaction(self._db, "cannot note a measure"):
            self._db.execute(
                "INSERT OR REPLACE INTO health VALUES (?, ?, ?, ?, ?)", (site, measure, now, self._run_id or "", value)
            )

    def health(self, site: str, measure: str, *, runs: int = 14) -> list[float]:
        """See `Store.health`."""
        with state_errors("cannot read the history"):
            rows = self._db.execute(
                "SELECT value FROM health WHERE site = ? AND measure = ? AND run_id != ? ORDER BY at DESC LIMIT ?",
                (site, measure, self._run_id or "", runs),
            )
            return [row[0] for row in rows]

    def set_patterns(self, patterns: dict[str, str]) -> None:
        """See `Store.set_patterns`."""
        self._placements.patterns = dict(patterns)

    def keep_robots(self, origin: str, body: bytes | None, *, now: float) -> int:
        """See `Store.keep_robots`."""
        with transaction(self._db, "cannot keep a robots.txt"):
            return self._robots.keep(origin, body, now=now)

    def robots(self, origin: str, *, now: float) -> KeptRobots | None:
        """See `Store.robots`."""
        with state_errors("cannot read a kept robots.txt"):
            return self._robots.read(origin, now=now)

    # -- publishing

    def publish(self, *, now: float) -> int:
        """See `Store.publish`."""
        due = self._segments.due(now=now)
        return self._publish(due, now) if due else 0

    def publish_all(self, *, now: float) -> int:
        """See `Store.publish_all`."""
        return self._publish(self._segments.open_folders(), now)

    def _publish(self, folders: list[int], now: float) -> int:
        for folder in folders:
            self._segments.seal(folder, now=now)
        return self._segments.publish_sealed()

    def close(self) -> None:
        """See `Store.close`."""
        self._db.close()
        self._strikes.close()
        self._lock.release()

    # -- lines of the transaction that is open

    @contextlib.contextmanager
    def _transaction(self, doing: str, now: float) -> Iterator[None]:
        """A transaction in which `_write` keeps lines; they are counted when it is through."""
        self._lines.clear()
        with transaction(self._db, doing):
            yield
            self._segments.append(self._lines)
        for folder, data in self._lines:
            self._segments.note(folder, len(data) + 1, now=now)
        self._lines.clear()

    def _write(self, record: Record) -> None:
        self._lines.append((FOLDER_OF[type(record)], line(record)))


def _entry(link: Link, site: str, depth: int) -> Entry:
    return Entry(
        url=link.url,
        kind=link.kind,
        site=site,
        priority=_PRIORITY.get(link.kind, 0),
        depth=depth + 1,
        title=link.title,
        date=link.date,
        reason=link.reason,
    )
