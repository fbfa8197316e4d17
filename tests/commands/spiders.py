"""Spiders with faults of ours in them, for tests of what a fault costs."""

from __future__ import annotations

from collections.abc import AsyncIterator

from newsbot.extensions.run import run_of
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture
from newsbot.spiders.news import NewsSpider
from newsbot.spiders.reading import PageReader
from newsbot.storage.base import Lease


class BuggySpider(NewsSpider):
    """Its extraction raises on every page."""

    name = "buggy"

    async def start(self) -> AsyncIterator:
        async for request in super().start():
            yield request
        self.reader = PageReader(run_of(self.crawler).store, self.crawler.stats, _divide)


class CarelessSpider(NewsSpider):
    """Its callback raises on two pages, where no page boundary catches it."""

    name = "careless"

    def finished(self, capture: Capture, lease: Lease) -> Capture:
        if lease.url.endswith(("/s/3", "/s/5")):
            raise ZeroDivisionError(lease.url)
        return super().finished(capture, lease)


class HangingSpider(NewsSpider):
    """Its extraction of one page never ends."""

    name = "hanging"

    async def start(self) -> AsyncIterator:
        async for request in super().start():
            yield request
        self.reader = PageReader(run_of(self.crawler).store, self.crawler.stats, never_ends)


def _divide(body: bytes, url: str, visit: Visit) -> Capture:
    raise ZeroDivisionError(len(body) // 0)


def never_ends(body: bytes, url: str, visit: Visit) -> Capture:
    while url.endswith("/s/3"):
        pass
    return extract_page(body, url, visit)
