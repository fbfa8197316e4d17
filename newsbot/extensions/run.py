"""A run from its first moment to its record: opens the store, keeps the facts, closes and publishes.

What comes in: signals of Scrapy, commits of the store pipeline, requests to stop. What goes out: one line in
``runs/`` and an `Exit`. Others ask it for the store, the time and the run's id; nobody else opens the store or
reads the clock. Holds no rule about news.
"""

from __future__ import annotations

import logging
import platform
import resource
import secrets
import sqlite3
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Self

import scrapy
from lxml import etree
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.settings import BaseSettings
from scrapy.utils.defer import _schedule_coro
from twisted.python.failure import Failure

from newsbot import __version__
from newsbot.core.errors import ConfigError, StorageError
from newsbot.core.suffixes import require_list
from newsbot.extensions.collector import calm_collector
from newsbot.extensions.descriptors import ask_for_descriptors
from newsbot.extensions.exitcodes import YIELD_FELL, Exit, RunFacts, exit_of
from newsbot.extensions.health import Health
from newsbot.extensions.numbers import number, refuse_bad_numbers, refuse_unknown_settings, refuse_unknown_variables
from newsbot.items.clock import CLOCK_DIFFERS
from newsbot.items.identity import identify
from newsbot.items.model import Capture, Count, Run, Versions
from newsbot.items.rejection import reject
from newsbot.storage.base import Added, Committed, Lease, RecheckPolicy, Store, StoreSettings
from newsbot.storage.sqlite import open_store

logger = logging.getLogger(__name__)

# A page that met a bug is asked for again after this: by a later run, perhaps with the bug mended.
BUG_WAIT_S: Final = 3600.0


class RunExtension:
    """The run: ``run_of(crawler)`` finds it."""

    def __init__(self, crawler: Crawler, store: Store, *, now: Callable[[], float] = time.time) -> None:
        self.crawler = crawler
        self.store = store
        self.now = now
        self.began = time.monotonic()
        self.run_id = new_run_id(now())
        self.facts = RunFacts()
        self.record = Run(run_id=self.run_id, started_at=rfc3339(now()))
        self.reasons: Counter[str] = Counter()
        self.health = Health()
        self.exit: Exit = Exit.BUG
        self.is_closed = False
        # Stored pages only: the budgets of a crawl are no concern of theirs.
        self.is_archive = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        refuse_jobdir(settings)
        ask_for_descriptors()
        refuse_unknown_settings(settings)
        refuse_unknown_variables()
        refuse_bad_numbers(settings)
        require_list()
        folder = Path(settings["NEWSBOT_OUTPUT"])
        run = cls(crawler, open_store(folder, store_settings(settings), now=time.time()))
        crawler.signals.connect(run.engine_started, signals.engine_started)
        crawler.signals.connect(run.spider_error, signals.spider_error)
        crawler.signals.connect(run.item_error, signals.item_error)
        crawler.signals.connect(run.item_dropped, signals.item_dropped)
        crawler.signals.connect(run.spider_closed, signals.spider_closed)
        return run

    def engine_started(self) -> None:
        """The imports are done: see `newsbot.extensions.collector`."""
        calm_collector()

    # -- asked by spiders, pipelines and commands ------------------------------------------------------------

    def stamp(self) -> str:
        """The time now, RFC 3339 in UTC with milliseconds."""
        return rfc3339(self.now())

    def begin(self, sites: list[str] | None) -> None:
        """Begin the run in the store; URLs are leased for *sites* only (``None``: all, empty: none)."""
        spider = self.crawler.spider
        self.record.spider = spider.name if spider else None
        self.record.sites = sorted(sites or [])
        self.is_archive = sites == []
        self.record.versions = versions()
        self.store.begin_run(self.record, sites=sites, now=self.now())

    def entered(self, added: Added) -> None:
        """Count what became of URLs offered to the frontier."""
        counts = self.record.counts
        counts.urls_new += added.new
        counts.urls_known += added.known
        counts.urls_due += added.due
        counts.urls_waiting += added.waiting
        self.crawler.stats.inc_value("newsbot/frontier/postponed", added.left)

    def source(self, name: str, state: str) -> None:
        """Note that the source *name* was read (``ok``, ``partial``), or why it was not."""
        self.facts.sources[name] = state

    def store_page(self, capture: Capture) -> None:
        """Commit *capture*, publish what is due; an error of the store ends the run: nothing more could be stored."""
        store, now = self.store, self.now()
        try:
            self.committed(capture, store.commit(capture, store.lease_of(capture.page.requested_url or ""), now=now))
            store.publish(now=now)
        except StorageError as error:
            self.fail(error)

    def committed(self, capture: Capture, result: Committed) -> None:
        """Count a page that is stored."""
        if result.repeated:
            self.crawler.stats.inc_value("newsbot/store/repeated")
        else:
            self._count(capture, result)
        self.entered(result.added)

    def _count(self, capture: Capture, result: Committed) -> None:
        counts, page = self.record.counts, capture.page
        counts.pages += 1
        counts.stories += result.story in ("new", "revision")
        counts.revisions += result.story == "revision"
        counts.unchanged += result.story == "unchanged"
        counts.teasers += result.teasers
        counts.events += result.events
        counts.failed += page.outcome == "failed"
        counts.rejected += page.outcome == "rejected"
        self.facts.pages_tried += page.outcome != "source"
        self.facts.pages_failed += page.outcome == "failed"
        if capture.story is not None:
            self.health.story_seen(page.site or "", capture.story)
        self.facts.page_bugs += page.outcome == "failed" and "bug" in page.reasons
        self.facts.poisoned += "poison" in page.reasons
        if CLOCK_DIFFERS in page.notes:
            self._doubt_clock(page.url or "")
        self.reasons.update(page.reasons)

    def _doubt_clock(self, url: str) -> None:
        """A server's time is more than a day from ours: said once, counted always."""
        if not self.crawler.stats.get_value("newsbot/clock/differs"):
            logger.warning("the clock differs by more than a day from that of %s; dates are not judged by it", url)
        self.crawler.stats.inc_value("newsbot/clock/differs")

    def fail(self, error: Exception) -> None:
        """Stop at once: *error* means that nothing more can be stored."""
        if not self.facts.errors:
            logger.error("the run cannot go on: %s", error)
            self.crawler.stats.inc_value("newsbot/run/errors")
        self.facts.errors.append(error)
        self._close(type(error).__name__)

    def stop(self, limit: str) -> None:
        """Take no more URLs because of *limit*, finish what is in flight, end with code 7."""
        if self.facts.stopped_by is None:
            logger.info("stopping: %s; the next run goes on from here", limit)
            self.facts.stopped_by = limit
            self._drain()

    def drain(self, signum: int) -> None:
        """Take no more URLs because of a signal, and finish what is in flight."""
        if self.facts.signal is None:
            self.facts.signal = signum
            self._drain()

    # -- signals ---------------------------------------------------------------------------------------------

    def spider_error(self, failure: Failure, response: Response | Failure) -> None:
        """An exception that no page boundary caught, in a callback or (of a failed request) an errback."""
        self.facts.bugs += 1
        request = getattr(response, "request", None)
        self._let_go(request.meta.get("lease") if request is not None else None)

    def item_error(self, item: object, failure: Failure) -> None:
        """A pipeline's exception: of the store (which tells us itself) or a bug."""
        if isinstance(failure.value, StorageError):
            return
        self.facts.bugs += 1
        if isinstance(item, Capture):
            self._let_go(self.store.lease_of(item.page.requested_url or ""))

    def item_dropped(self, item: object) -> None:
        """A pipeline of the project's own dropped it: the page is stored all the same, as rejected."""
        if not isinstance(item, Capture):
            return
        if not self.is_archive and self.store.lease_of(item.page.requested_url or "") is None:
            return  # dropped behind the store pipeline: it is stored already
        reject(item, "dropped")
        identify(item)
        self.store_page(item)

    def _let_go(self, lease: Lease | None) -> None:
        """Leave a page that met a bug to a later run: this one would wait for the end of its lease for ever."""
        if lease is None or self.is_closed:
            return
        now = self.now()
        try:
            self.store.postpone(lease, now=now, not_before=now + BUG_WAIT_S)
        except StorageError as error:
            self.fail(error)

    async def spider_closed(self, reason: str) -> None:
        """The regular end."""
        self.facts.finished = reason in ("finished", "drained", "limit")
        self.finish()

    def finish(self) -> Exit:
        """Write the run's line, publish everything, give up the lock; the exit code. Safe to call twice."""
        if self.is_closed:
            return self.exit
        self.is_closed = True
        try:
            self.facts.published = True
            self._fill_record()
            self.store.end_run(self.record, now=self.now())
        except StorageError as error:
            self._not_published(error)
        finally:
            self.store.close()
        self.exit = exit_of(self.facts)
        return self.exit

    def _not_published(self, error: StorageError) -> None:
        """The run's line tells of it; the next start publishes both."""
        logger.error("publishing failed: %s", error)
        self.crawler.stats.inc_value("newsbot/run/unpublished")
        self.facts.published = False
        self.facts.errors.append(error)
        try:
            self._fill_record()
            self.store.note_run(self.record, now=self.now())
        except StorageError as second:
            logger.error("the run's record could not be kept: %s", second)

    def _fill_record(self) -> None:
        record, facts = self.record, self.facts
        self._note_health()
        code = exit_of(facts)
        record.ended_at = self.stamp()
        record.elapsed_ms = round((time.monotonic() - self.began) * 1000)
        record.exit_code, record.exit_name = int(code), code.name.lower()
        record.reasons = self._run_reasons()
        record.counts.urls_left = self.store.counts().todo
        self.crawler.stats.set_value("newsbot/run/peak_memory_mb", peak_memory_mb())
        names = {**{f"page/{name}": n for name, n in self.reasons.items()}, **self._stats()}
        record.stats = [Count(name=name, count=count) for name, count in sorted(names.items())]

    def _note_health(self) -> None:
        """Compare this run with the site's own past, and add it to that; a run cut short says nothing."""
        facts = self.facts
        if self.record.health or self.is_archive or facts.signal is not None or facts.stopped_by:
            return
        self.record.health = self.health.measures(self.store)
        for one in self.record.health:
            self.store.record_health(one.site, one.measure, one.value, now=self.now())
            if one.is_alarm:
                name = one.measure.removeprefix("links:")
                facts.sources[name if name != one.measure else f"{one.site} {name}"] = YIELD_FELL
                logger.warning("%s: %s fell to %g (usually %s)", one.site, one.measure, one.value, one.median)
                self.crawler.stats.inc_value("newsbot/health/alarms")

    def _run_reasons(self) -> list[str]:
        facts = self.facts
        reasons = [facts.stopped_by] if facts.stopped_by else []
        reasons += [f"{type(error).__name__}: {error}" for error in facts.errors[:5]]
        return reasons + [f"{name}: {state}" for name, state in sorted(facts.sources.items()) if state != "ok"]

    def _stats(self) -> dict[str, int]:
        stats = self.crawler.stats.get_stats()
        return {name: value for name, value in stats.items() if name.startswith("newsbot/") and isinstance(value, int)}

    # -- stopping --------------------------------------------------------------------------------------------

    def _drain(self) -> None:
        engine = self.crawler.engine
        stop_leasing = getattr(engine.scheduler, "stop_leasing", None)
        if stop_leasing is not None:
            stop_leasing()
        stop_reading = getattr(self.crawler.spider, "stop_reading", None)
        if stop_reading is not None:
            stop_reading()
        if engine.scheduler is not None and engine._slot is not None:
            engine._slot.nextcall.schedule()

    def _close(self, reason: str) -> None:
        engine = self.crawler.engine
        if engine.spider is not None:
            _schedule_coro(engine.close_spider_async(reason=reason))


def peak_memory_mb() -> int:
    """The most resident memory that this process ever had."""
    try:
        with open("/proc/self/status", encoding="ascii", errors="replace") as file:
            found = next((line for line in file if line.startswith("VmHWM:")), "0 0 kB")
        return int(found.split()[1]) // 1024
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def run_of(crawler: Crawler) -> RunExtension:
    """The run of *crawler*. Raises `RuntimeError` where the extension is not enabled."""
    run = crawler.get_extension(RunExtension)
    if run is None:
        raise RuntimeError("newsbot.extensions.run.RunExtension is not enabled; see newsbot.addon")
    return run


def refuse_jobdir(settings: BaseSettings) -> None:
    """Raise `ConfigError` when Scrapy's own persistence is asked for, which loses URLs when it is killed."""
    if settings.get("JOBDIR"):
        raise ConfigError(
            "JOBDIR is set, but newsbot keeps its frontier in NEWSBOT_OUTPUT/.newsbot: every run goes on where the"
            " last one ended, also after a kill. Take JOBDIR out"
        )


def new_run_id(now: float) -> str:
    """An id that sorts by time: ``r20261122T2230-1a2b3c``."""
    return f"r{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"


def rfc3339(now: float) -> str:
    """*now*, epoch seconds, as RFC 3339 in UTC with milliseconds.

    >>> rfc3339(0.25)
    '1970-01-01T00:00:00.250+00:00'
    """
    return datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds")


def versions() -> Versions:
    """The software of this run."""
    return Versions(
        newsbot=__version__,
        python=platform.python_version(),
        scrapy=scrapy.__version__,
        lxml=".".join(map(str, etree.LXML_VERSION)),
        sqlite=sqlite3.sqlite_version,
    )


def store_settings(settings: BaseSettings) -> StoreSettings:
    """The store's numbers out of Scrapy's settings: ``NEWSBOT_STORE_<NAME>`` and ``NEWSBOT_RECHECK_<NAME>``."""
    own = _numbers(settings, "NEWSBOT_STORE_", StoreSettings())
    own["per_host"] = settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
    own["strikes_to_poison"] = settings.getint("NEWSBOT_WATCHDOG_STRIKES")
    return StoreSettings(**own, recheck=RecheckPolicy(**_numbers(settings, "NEWSBOT_RECHECK_", RecheckPolicy())))


def _numbers(settings: BaseSettings, prefix: str, defaults: StoreSettings | RecheckPolicy) -> dict[str, Any]:
    """The settings that name a number of *defaults*, as its type."""
    found: dict[str, Any] = {}  # Any: each as the field is declared
    for name in defaults.__dataclass_fields__:
        default, key = getattr(defaults, name), prefix + name.upper()
        if settings.get(key) is None:
            continue
        if isinstance(default, (bool, int, float)):
            found[name] = number(settings, key, type(default))
    return found
