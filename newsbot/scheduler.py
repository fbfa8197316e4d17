"""The frontier as Scrapy's SCHEDULER: requests come from leases of the store, and from nowhere else.

What comes in: requests of ``start()`` (sources), and retries and redirects of leased pages. What goes out: one request
a lease, made by the spider, and the leased pages' own further requests, which wait in memory while the lease stands.
Knows no rule about news: whose turn it is, the store decides.
"""

from __future__ import annotations

import heapq
import itertools
import time
from typing import TYPE_CHECKING, Protocol, Self, cast

from scrapy.core.scheduler import BaseScheduler
from scrapy.http import Request
from scrapy.utils.asyncio import call_later

from newsbot.core.errors import StorageError
from newsbot.extensions.run import RunExtension, run_of
from newsbot.storage.base import Entry, Lease

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import Crawler
    from scrapy.utils.asyncio import CallLaterResult


class LeasingSpider(Protocol):
    """A spider that turns leases into requests."""

    def make_request(self, lease: Lease) -> Request:
        """The request for a leased URL, with callback and errback."""


class FrontierScheduler(BaseScheduler):
    """Leases URLs to the engine; holds the retries and redirects of leased pages until they are ready."""

    def __init__(self, crawler: Crawler, run: RunExtension) -> None:
        self._crawler = crawler
        self._run = run
        self._spider: LeasingSpider | None = None
        # (ready at by the monotonic clock, order of entry, request): a clock set back delays nothing.
        self._waiting: list[tuple[float, int, Request]] = []
        self._order = itertools.count()
        self._wake_up: CallLaterResult | None = None
        self._is_leasing = True

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, run_of(crawler))

    def open(self, spider: Spider) -> None:
        """Begin to give out requests, made by *spider*."""
        self._spider = cast(LeasingSpider, spider)

    def close(self, reason: str) -> None:
        """Stop waking up the engine; what is left in memory belongs to leases, which the store takes back."""
        if self._wake_up is not None:
            self._wake_up.cancel()
        self._waiting.clear()

    # -- asked by the engine

    def enqueue_request(self, request: Request) -> bool:
        """Hold a request of a leased page, or enter a source (``meta["source"]``); whether it was taken."""
        if isinstance(request.meta.get("lease"), Lease):
            ready_at = float(request.meta.get("not_before", 0.0))
            heapq.heappush(self._waiting, (ready_at, next(self._order), request))
            self._crawler.stats.inc_value("newsbot/frontier/again")
            return True
        source = request.meta.get("source")
        if source is None:
            self._crawler.stats.inc_value("newsbot/frontier/refused")
            return False
        try:
            added = self._run.store.add([_entry(request, source)], now=self._run.now())
        except StorageError as error:
            self._run.fail(error)
            return False
        self._run.entered(added)
        return True

    def next_request(self) -> Request | None:
        """A waiting request that is ready, else the next lease's; ``None`` when nothing is ready now."""
        if self._waiting and self._waiting[0][0] <= time.monotonic():
            return heapq.heappop(self._waiting)[2]
        lease = self._lease() if self._is_leasing else None
        if lease is None:
            self._sleep()
            return None
        assert self._spider is not None
        request = self._spider.make_request(lease)
        request.meta["lease"] = lease
        self._crawler.stats.inc_value("newsbot/frontier/leased")
        return request

    def has_pending_requests(self) -> bool:
        """Whether anything is left to give out in this run, now or later."""
        if self._waiting:
            return True
        return self._is_leasing and self._run.store.pending(now=self._run.now()) > 0

    # -- asked by the network side

    def pause_host(self, host: str, seconds: float) -> None:
        """Lease nothing of *host* for *seconds*."""
        self._run.store.pause_host(host, until=self._run.now() + seconds)

    def set_host_pace(self, host: str, delay_s: float, concurrency: int) -> None:
        """Have at most *concurrency* pages of *host* in flight; the delay is the downloader's."""
        self._run.store.limit_host(host, concurrency)

    def drop_host(self, host: str, not_before: float) -> int:
        """Leave the URLs of *host* to a run after *not_before* (epoch seconds); their number."""
        try:
            left = self._run.store.postpone_host(host, not_before=not_before)
        except StorageError as error:
            self._run.fail(error)
            return 0
        self._crawler.stats.inc_value("newsbot/frontier/postponed", left)
        return left

    def stop_leasing(self) -> None:
        """Give out no new page any more; what is in flight, with its retries, comes to its end."""
        self._is_leasing = False

    # -- within

    def _lease(self) -> Lease | None:
        try:
            return self._run.store.lease(now=self._run.now())
        except StorageError as error:
            self._run.fail(error)
            return None

    def _sleep(self) -> None:
        """Have the engine ask again when the first request, URL or host that waits is ready.

        Its own heartbeat asks every five seconds only.
        """
        waits = [self._waiting[0][0] - time.monotonic()] if self._waiting else []
        ready_at = self._run.store.next_ready_at() if self._is_leasing else None
        if ready_at is not None:
            waits.append(ready_at - self._run.now())
        if self._wake_up is not None:
            self._wake_up.cancel()
        self._wake_up = call_later(max(0.01, min(waits)), self._wake) if waits else None

    def _wake(self) -> None:
        slot = self._crawler.engine._slot if self._crawler.engine else None
        if slot is not None:
            slot.nextcall.schedule()


def _entry(request: Request, source: dict[str, str]) -> Entry:
    return Entry(url=request.url, kind=source["kind"], site=source["site"], priority=request.priority)
