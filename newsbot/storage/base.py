"""The store as the rest of newsbot sees it: a small protocol and the values that cross it.

What comes in: captures, URLs and the time as plain values. What goes out: leases, counts and results.
Knows no Scrapy, no settings object and no clock: settings arrive as `StoreSettings`, the time as ``now``,
seconds since the epoch in UTC. `newsbot.storage.sqlite.open_store` opens the one implementation; another
(a shared database) has to pass the same contract tests, ``tests/storage/test_contract.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from newsbot.items.model import Capture, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class RecheckPolicy:
    """When a URL that has been read is read again (`newsbot.storage.schedule` holds the function).

    A story is looked at again while it is young; a page of sources is polled between two bounds; ``always``
    makes every URL that is still looked at due in each run (the demo's editions are seconds apart).
    """

    story_first_s: float = 30 * 60
    story_max_s: float = 7 * 86_400
    story_until_s: float = 30 * 86_400
    source_min_s: float = 0
    source_max_s: float = 6 * 3600
    retry_first_s: float = 10 * 60
    retry_max_s: float = 86_400
    max_failures: int = 8
    always: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreSettings:
    """Every number of the store, with its default."""

    per_host: int = 2
    host_limits: dict[str, int] = field(default_factory=dict)
    segment_lines: int = 1_000
    segment_bytes: int = 8 * 1024 * 1024
    segment_age_s: float = 300
    max_line_bytes: int = 4 * 1024 * 1024
    max_versions: int = 20
    strikes_to_poison: int = 3
    keep_lines_days: float = 7
    cluster_days: float = 14
    cluster_stories: int = 200_000
    busy_timeout_s: float = 30
    recheck: RecheckPolicy = field(default_factory=RecheckPolicy)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A URL offered to the frontier.

    ``url`` is normalised (`newsbot.core.urls.normalise_url`); ``kind`` is a `Link.kind` (``story``, ``section``,
    ``next_page``, ``feed``, ``sitemap``); a higher ``priority`` is leased first within its host.
    """

    url: str
    kind: str
    site: str
    priority: int = 0
    depth: int = 0
    title: str | None = None
    date: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A URL handed out for fetching; it is this run's until `Store.commit` or `Store.put_back`.

    ``etag`` and ``last_modified`` are the validators of the last visit (both ``None``: fetch without condition);
    ``tries`` counts the visits that failed in a row.
    """

    id: int
    url: str
    host: str
    kind: str
    site: str
    priority: int
    depth: int
    tries: int
    title: str | None
    date: str | None
    reason: str | None
    etag: str | None
    last_modified: str | None


@dataclass(frozen=True, slots=True)
class Added:
    """What became of offered URLs; ``waiting`` are known and not yet due, ``due`` known and to be read again.

    ``left`` of the new ones wait for a later run, to which their hosts have been left.
    """

    new: int = 0
    known: int = 0
    waiting: int = 0
    due: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True)
class Committed:
    """What one commit wrote.

    ``story`` is ``new``, ``revision``, ``unchanged``, ``capped`` (over the versions a story may have) or ``none``;
    ``repeated`` says that this very page had been committed before, and nothing was written.
    """

    story: str
    teasers: int
    events: int
    added: Added
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Recovery:
    """What opening found and put right; all zero after a clean end."""

    part_files: int = 0
    segments: int = 0
    runs: int = 0
    strikes: int = 0
    poisoned: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KeptRobots:
    """A robots.txt as it was read at ``at`` (epoch seconds); ``body`` is ``None`` where the host has none."""

    body: bytes | None
    at: float


@dataclass(frozen=True, slots=True)
class FrontierCounts:
    """URLs by state: to fetch in this run, leased, put back for later in this run, waiting for a later run, done."""

    todo: int
    leased: int
    paused: int
    waiting: int
    done: int


class Store(Protocol):
    """One output folder and its state, held by one process.

    Every method that writes is one transaction: after a kill at any instant all of it is there or none.
    Methods raise `StateError` when the database cannot go on and `OutputError` when a file cannot be
    written; what was committed before is safe and the next start goes on.
    """

    @property
    def recovery(self) -> Recovery:
        """What opening this store had to put right."""

    def begin_run(self, run: Run, *, sites: Sequence[str] | None, now: float) -> None:
        """Note that *run* has begun, for *sites* only (``None``: all); what is due by *now* becomes ready."""

    def end_run(self, run: Run, *, now: float) -> None:
        """Seal and publish everything, then the run's own line. Raises `OutputError`; then `note_run` is left."""

    def note_run(self, run: Run, *, now: float) -> None:
        """Keep the line of a run whose output cannot be published now; the next start publishes it."""

    def add(self, entries: Iterable[Entry], *, now: float) -> Added:
        """Enter URLs; a known one is not entered twice. Sources that are due become ready again."""

    def lease(self, *, now: float) -> Lease | None:
        """The next URL, hosts in turn, none of them beyond its limit; ``None`` when nothing is ready now."""

    def lease_of(self, url: str) -> Lease | None:
        """The open lease of the URL that was asked for (before redirects)."""

    def pending(self, *, now: float) -> int:
        """How many URLs this run still has to lease: ready ones, and those put back for later in this run."""

    def put_back(self, lease: Lease, *, now: float, not_before: float | None = None) -> None:
        """Give *lease* back unread; it is leased again in this run, not before *not_before* (epoch seconds).

        Unless its host has been left to a later run.
        """

    def postpone(self, lease: Lease, *, now: float, not_before: float) -> None:
        """Give *lease* back unread, for a later run that begins after *not_before*."""

    def postpone_host(self, host: str, *, not_before: float) -> int:
        """Lease nothing more of *host* in this run; its URLs wait until *not_before*. Returns how many wait.

        What is entered or put back afterwards waits, too.
        """

    def pause_host(self, host: str, *, until: float) -> None:
        """Lease nothing of *host* before *until* (epoch seconds); it stays this run's."""

    def limit_host(self, host: str, limit: int) -> None:
        """Have at most *limit* leases of *host* open at once."""

    def next_ready_at(self) -> float | None:
        """When the first paused host or URL may be leased again (epoch seconds); ``None``: none is paused."""

    def commit(self, capture: Capture, lease: Lease | None, *, now: float) -> Committed:
        """Store one page whole: its lines, its links, its validators and the end of its lease.

        *lease* is ``None`` for pages that were not leased (an archive); these are known by their ``page_id``
        and written once. Fills in the capture's ids, revision and outcome.
        """

    def is_committed(self, page_id: str) -> bool:
        """Whether a page that was not leased has been committed before."""

    def parsing(self, url: str) -> None:
        """Name the page about to be parsed; if the process dies now, the page gets a strike at the next start."""

    def parsed(self) -> None:
        """The page named last came through."""

    def is_poison(self, url: str) -> bool:
        """Whether *url* has been set aside after its last strike."""

    def publish(self, *, now: float) -> int:
        """Seal and publish what is full or old enough; the number of segments. Raises `OutputError`."""

    def publish_all(self, *, now: float) -> int:
        """Seal and publish everything that is open; the number of segments. Raises `OutputError`."""

    def counts(self) -> FrontierCounts:
        """The frontier by state."""

    def record_health(self, site: str, measure: str, value: float, *, now: float) -> None:
        """Add this run's *value* of *measure* (``links:URL``, ``coverage:FIELD``) to the history of *site*."""

    def health(self, site: str, measure: str, *, runs: int = 14) -> list[float]:
        """The values of earlier runs, the latest first; this run's own is not among them."""

    def keep_robots(self, origin: str, body: bytes | None, *, now: float) -> int:
        """Keep the robots.txt of *origin* (``scheme://host:port``) for later runs; ``None``: it has none.

        Returns how many of other origins were let go of for it, the oldest, where too many are kept.
        """

    def robots(self, origin: str, *, now: float) -> KeptRobots | None:
        """The robots.txt of *origin* as it was last read, at most a week ago."""

    def set_patterns(self, patterns: dict[str, str]) -> None:
        """The ``id_pattern`` of each site, by which stories and targets of teasers are known."""

    def close(self) -> None:
        """Give up the lock; leases left open go back at the next start."""


# Called with the label of each point at which a kill is tested; in earnest it does nothing.
Point = Callable[[str], None]

# Reasons of a failed or rejected page for which it is not tried again.
PERMANENT_REASONS = frozenset(
    {
        *("not_html", "too_large", "too_deep", "empty", "not_news"),
        *("soft404", "gone", "robots", "filtered", "poison", "bad_url"),
    }
)


def no_point(label: str) -> None:
    """The `Point` of every run that is not a test."""
