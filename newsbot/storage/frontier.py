"""The frontier: every URL that newsbot knows, and whose turn it is.

What comes in: entries, the ends of leases, the time. What goes out: leases, hosts in turn. Its writes belong to the
transaction of whoever calls; `Frontier` begins none itself. Knows no records and no Scrapy.

A URL is a row of ``url`` while it will be fetched (again), and a key of 12 bytes in ``known`` afterwards. A lease
lives in memory only: the row of a leased URL stays ready, so a killed process leaves nothing to put back.
"""

from __future__ import annotations

import heapq
import sqlite3
from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from newsbot.items.identity import url_key
from newsbot.items.model import Validators
from newsbot.storage.base import Added, Entry, FrontierCounts, Lease

# The states of a row of url: to be leased, put back for later in this run, waiting for a later run.
READY, PAUSED, WAITING = 0, 1, 2

# Kinds that are read again and again for their links, and entered anew by each run.
SOURCE_KINDS = frozenset({"section", "feed", "sitemap", "next_page"})

_DAY_S = 86_400
# Hosts that a run may leave to a later one and still know; beyond it the first of them would be met again.
MAX_LEFT_HOSTS = 10_000
# One statement: each begins and ends a read of the file, which is a third of what a look-up takes.
_IS_KNOWN = "SELECT EXISTS (SELECT 1 FROM known WHERE key = ?1) OR EXISTS (SELECT 1 FROM url WHERE key = ?1)"
_COLUMNS = "id, url, host, kind, site, priority, depth, tries, title, date, reason, etag, last_modified"


@dataclass(frozen=True, slots=True)
class Past:
    """What earlier visits of a leased URL left: how many there were, and how many in a row changed nothing."""

    visits: int
    unchanged: int


def host_of(url: str) -> str:
    """The host name of *url*, by which Scrapy's downloader keeps its slots too."""
    netloc = url.partition("://")[2].partition("/")[0]
    if "@" in netloc or "[" in netloc or "?" in netloc:
        return urlsplit(url).hostname or ""
    return netloc.partition(":")[0].lower()


class Frontier:
    """The tables ``url`` and ``known``, and in memory the open leases and the turn of the hosts."""

    def __init__(self, connection: sqlite3.Connection, *, per_host: int, host_limits: Mapping[str, int]) -> None:
        self._db = connection
        self._per_host = per_host
        self._limits = dict(host_limits)
        self._sites: frozenset[str] | None = None
        self._leases: dict[str, Lease] = {}
        self._in_flight: dict[str, int] = {}
        # Hosts that may have ready rows: in turn, at their limit, or paused until a time.
        self._turn: deque[tuple[str, str]] = deque()
        self._known_hosts: set[tuple[str, str]] = set()
        self._at_limit: dict[str, list[tuple[str, str]]] = {}
        self._paused_hosts: list[tuple[float, str, str]] = []
        self._pause_until: dict[str, float] = {}
        self._paused_rows: list[tuple[float, int, str, str]] = []
        # Hosts left to a later run, and from when on their URLs are due.
        self._left: dict[str, float] = {}
        self._ready = 0
        # The number of this run, by which a URL is read at most once in it.
        self._run = -1

    # -- the beginning of a run

    def begin(self, sites: Sequence[str] | None, *, now: float, always: bool) -> None:
        """Make what is due ready, and set the hosts of *sites* in a line."""
        self._sites = None if sites is None else frozenset(sites)
        self._db.execute("INSERT INTO meta VALUES ('runs', 1) ON CONFLICT (name) DO UPDATE SET value = value + 1")
        self._run = int(self._db.execute("SELECT value FROM meta WHERE name = 'runs'").fetchone()[0])
        due = "" if always else "AND due <= :now"
        where, values = self._site_filter()
        self._db.execute(f"UPDATE url SET state = {READY} WHERE state > {READY} {due} {where}", {"now": now, **values})
        self._db.execute(f"UPDATE url SET state = {WAITING} WHERE state = {PAUSED}")
        rows = self._db.execute(
            f"SELECT site, host, COUNT(*) FROM url WHERE state = {READY} {where} GROUP BY site, host", values
        ).fetchall()
        self._turn.clear()
        self._known_hosts.clear()
        self._left.clear()
        self._ready = 0
        for site, host, count in rows:
            self._ready += count
            self._enter_host(site, host)

    def _site_filter(self) -> tuple[str, dict[str, str]]:
        if self._sites is None:
            return "", {}
        values = {f"site{number}": site for number, site in enumerate(sorted(self._sites))}
        names = ", ".join(f":{name}" for name in values)
        return f"AND site IN ({names})", values

    def _is_ours(self, site: str) -> bool:
        return self._sites is None or site in self._sites

    def _enter_host(self, site: str, host: str) -> None:
        if (site, host) not in self._known_hosts:
            self._known_hosts.add((site, host))
            self._turn.append((site, host))

    # -- adding

    def add(self, entries: Iterable[Entry], *, now: float, always: bool) -> Added:
        """Enter what is not known; a source that is known and due becomes ready again, unless its host is left."""
        offered: dict[bytes, Entry] = {}
        for entry in entries:
            offered.setdefault(url_key(entry.url), entry)
        known = self._keys_of(offered, "known", "key")
        rows = self._keys_of(offered, "url", "key, id, state, due, site, host, run")
        added = Counter[str]()
        fresh: list[tuple[bytes, Entry]] = []
        for key, entry in offered.items():
            what = self._what_is(rows.get(key), key in known and entry.kind not in SOURCE_KINDS, now, always)
            added[what] += 1
            if what == "new":
                fresh.append((key, entry))
            elif what == "due":
                self._make_ready(rows[key])
        left = self._insert(fresh, now)
        return Added(added["new"], added["known"], added["waiting"], added["due"], left)

    def _keys_of(self, offered: Iterable[bytes], table: str, columns: str) -> dict[bytes, tuple[Any, ...]]:
        """The rows of *table* with one of the keys, by key."""
        keys = list(offered)
        found: dict[bytes, tuple[Any, ...]] = {}
        for at in range(0, len(keys), 500):
            part = keys[at : at + 500]
            marks = ", ".join("?" * len(part))
            rows = self._db.execute(f"SELECT {columns} FROM {table} WHERE key IN ({marks})", part)
            found |= {row[0]: row for row in rows}
        return found

    def _what_is(self, row: tuple[Any, ...] | None, is_done: bool, now: float, always: bool) -> str:
        """What an offered URL is: the name of a field of `Added`."""
        if row is None:
            return "known" if is_done else "new"
        _, _, state, due, _, host, run = row
        if state == READY or run == self._run:
            return "known"
        return "due" if host not in self._left and (always or due <= now) else "waiting"

    def _make_ready(self, row: tuple[Any, ...]) -> None:
        self._db.execute(f"UPDATE url SET state = {READY} WHERE id = ?", (row[1],))
        self._count_ready(row[4], row[5])

    def _insert(self, fresh: list[tuple[bytes, Entry]], now: float) -> int:
        """Enter new URLs; how many of them wait, as their hosts are left."""
        rows = [self._row(key, entry, now) for key, entry in fresh]
        self._db.executemany(
            "INSERT INTO url (key, url, host, site, kind, state, priority, depth, due, title, date, reason)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            rows,
        )
        ready = [(site, host) for _, _, host, site, _, state, *_ in rows if state == READY]
        for site, host in ready:
            self._count_ready(site, host)
        return len(rows) - len(ready)

    def _row(self, key: bytes, entry: Entry, now: float) -> tuple[Any, ...]:
        host = host_of(entry.url)
        left = self._left.get(host)
        state, due = (READY, now) if left is None else (WAITING, max(now, left))
        where = (key, entry.url, host, entry.site, entry.kind)
        return (*where, state, entry.priority, entry.depth, due, entry.title, entry.date, entry.reason)

    def _count_ready(self, site: str, host: str) -> None:
        if self._is_ours(site):
            self._ready += 1
            self._enter_host(site, host)

    def is_known(self, key: bytes) -> bool:
        """Whether the URL of *key* has been entered or is done with."""
        return bool(self._db.execute(_IS_KNOWN, (key,)).fetchone()[0])

    # -- leasing

    def lease(self, *, now: float) -> Lease | None:
        """The next URL; its host is the one that has waited longest among those below their limit."""
        self._wake(now)
        for _ in range(len(self._turn)):
            site, host = self._turn.popleft()
            if self._pause_until.get(host, 0) > now:
                heapq.heappush(self._paused_hosts, (self._pause_until[host], site, host))
                continue
            if self._in_flight.get(host, 0) >= self._limits.get(host, self._per_host):
                self._at_limit.setdefault(host, []).append((site, host))
                continue
            lease = self._first_ready(site, host)
            if lease is None:
                self._known_hosts.discard((site, host))
                continue
            self._turn.append((site, host))
            self._leases[lease.url] = lease
            self._in_flight[host] = self._in_flight.get(host, 0) + 1
            return lease
        return None

    def _wake(self, now: float) -> None:
        while self._paused_hosts and self._paused_hosts[0][0] <= now:
            _, site, host = heapq.heappop(self._paused_hosts)
            self._turn.append((site, host))
        while self._paused_rows and self._paused_rows[0][0] <= now:
            _, identifier, site, host = heapq.heappop(self._paused_rows)
            self._db.execute(f"UPDATE url SET state = {READY} WHERE id = ? AND state = {PAUSED}", (identifier,))
            self._enter_host(site, host)

    def _first_ready(self, site: str, host: str) -> Lease | None:
        """The first ready row of a host that is not leased: no more rows are looked at than may be in flight."""
        rows = self._db.execute(
            f"SELECT {_COLUMNS} FROM url WHERE state = {READY} AND site = ? AND host = ?"
            " ORDER BY priority DESC, id LIMIT ?",
            (site, host, self._in_flight.get(host, 0) + 1),
        )
        for row in rows:
            if row[1] not in self._leases:
                return _lease(row)
        return None

    def lease_of(self, url: str) -> Lease | None:
        """The open lease of *url*."""
        return self._leases.get(url)

    def past(self, lease: Lease) -> Past:
        """What earlier visits left."""
        row = self._db.execute("SELECT visits, unchanged FROM url WHERE id = ?", (lease.id,)).fetchone()
        return Past(*row) if row else Past(0, 0)

    def pending(self, *, now: float) -> int:
        """URLs of this run that are neither leased nor done."""
        return self._ready - len(self._leases)

    def open_leases(self) -> list[Lease]:
        """What is out, in the order of leasing."""
        return list(self._leases.values())

    # -- the end of a lease. Each changes rows only; `ended` follows when the transaction is through.

    def ended(self, lease: Lease, *, leaves: bool = True) -> None:
        """Take *lease* off the open ones; *leaves* says that its URL is not ready in this run any more."""
        if self._leases.pop(lease.url, None) is None:
            return
        self._ready -= leaves
        self._in_flight[lease.host] -= 1
        if not self._in_flight[lease.host]:
            del self._in_flight[lease.host]
        self._turn.extend(self._at_limit.pop(lease.host, ()))

    def pause(self, lease: Lease, *, not_before: float) -> None:
        """Keep the URL of *lease* for later in this run."""
        self._db.execute(f"UPDATE url SET state = {PAUSED}, due = ? WHERE id = ?", (not_before, lease.id))
        heapq.heappush(self._paused_rows, (not_before, lease.id, lease.site, lease.host))

    def wait(self, lease: Lease, *, due: float) -> None:
        """Keep the URL of *lease*, unread, for a later run."""
        self._db.execute(f"UPDATE url SET state = {WAITING}, due = ? WHERE id = ?", (due, lease.id))

    def wait_host(self, host: str, *, due: float) -> int:
        """Leave *host* to a later run: its URLs that are not leased, whose number it says, and what comes after."""
        self._left[host] = max(due, self._left.get(host, 0))
        if len(self._left) > MAX_LEFT_HOSTS:
            del self._left[next(iter(self._left))]
        leased = [lease.id for lease in self._leases.values() if lease.host == host]
        marks = ", ".join("?" * len(leased))
        where, values = self._sites_of(host)
        count = self._db.execute(
            f"UPDATE url SET state = {WAITING}, due = MAX(due, ?) WHERE state < {WAITING} AND host = ?"
            f" {where} AND id NOT IN ({marks})",
            (due, host, *values, *leased),
        ).rowcount
        self._ready -= count
        return count

    def left_until(self, host: str) -> float | None:
        """From when on the URLs of a host left in this run are due; ``None`` for any other host."""
        return self._left.get(host)

    def _sites_of(self, host: str) -> tuple[str, list[str]]:
        if self._sites is None:
            return "", []
        sites = sorted(self._sites)
        return f"AND site IN ({', '.join('?' * len(sites))})", sites

    def read(self, lease: Lease, *, due: float, unchanged: int, validators: Validators | None, tries: int = 0) -> None:
        """Note a visit to a URL that is read again from *due* on; *tries* counts failures in a row.

        ``None`` as *validators* keeps the old ones (a 304, a failure).
        """
        self._db.execute(
            f"UPDATE url SET state = {WAITING}, due = ?, tries = ?, visits = visits + 1, unchanged = ?,"
            " run = ? WHERE id = ?",
            (due, tries, unchanged, self._run, lease.id),
        )
        if validators is not None:
            self._db.execute(
                "UPDATE url SET etag = ?, last_modified = ? WHERE id = ?",
                (validators.etag, validators.last_modified, lease.id),
            )

    def retire(self, lease: Lease, *, now: float) -> None:
        """Be done with the URL of *lease*: only its key stays."""
        self._db.execute("DELETE FROM url WHERE id = ?", (lease.id,))
        self.mark_done(url_key(lease.url), now=now)

    def mark_done(self, key: bytes, *, now: float) -> None:
        """Let the URL of *key* never be entered as new."""
        self._db.execute("INSERT OR REPLACE INTO known VALUES (?, ?)", (key, int(now // _DAY_S)))

    def mark_target(self, url: str, *, now: float) -> None:
        """Let *url*, to which a leased one led, not be fetched a second time as a URL of its own.

        A row that is only to be fetched once goes; one that is leased or read again stays, and so does a source,
        which another page's visit does not stand for.
        """
        key = url_key(url)
        row = self._db.execute("SELECT id, state, url, site, visits, kind FROM url WHERE key = ?", (key,)).fetchone()
        if row is None:
            self.mark_done(key, now=now)
            return
        identifier, state, spelling, site, visits, kind = row
        if state == READY and visits == 0 and kind not in SOURCE_KINDS and spelling not in self._leases:
            self._db.execute("DELETE FROM url WHERE id = ?", (identifier,))
            self.mark_done(key, now=now)
            self._ready -= self._is_ours(site)

    # -- hosts

    def pause_host(self, host: str, *, until: float) -> None:
        """Lease nothing of *host* before *until*."""
        self._pause_until[host] = max(until, self._pause_until.get(host, 0))

    def set_limit(self, host: str, limit: int) -> None:
        """Have at most *limit* leases of *host* open at once."""
        self._limits[host] = max(1, limit)
        self._turn.extend(self._at_limit.pop(host, ()))

    def next_ready_at(self) -> float | None:
        """When the first paused host or URL may be leased again; ``None`` when none is paused."""
        heaps = [heap[0][0] for heap in (self._paused_hosts, self._paused_rows) if heap]
        return min(heaps, default=None)

    def counts(self) -> FrontierCounts:
        """The frontier by state; counts all rows."""
        states = dict(self._db.execute("SELECT state, COUNT(*) FROM url GROUP BY state"))
        done = self._db.execute("SELECT COUNT(*) FROM known").fetchone()[0]
        leased = len(self._leases)
        return FrontierCounts(
            todo=states.get(READY, 0) - leased,
            leased=leased,
            paused=states.get(PAUSED, 0),
            waiting=states.get(WAITING, 0),
            done=done,
        )


def _lease(row: Sequence[Any]) -> Lease:  # Any: SQLite's values
    names = ("id", "url", "host", "kind", "site", "priority", "depth", "tries", "title", "date", "reason")
    return Lease(**dict(zip((*names, "etag", "last_modified"), row, strict=True)))
