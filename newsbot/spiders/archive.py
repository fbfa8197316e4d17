"""``scrapy crawl archive -a warc=FILE[,GLOB]``: stored pages through the same line as fetched ones.

What comes in: WARC and WET files. What goes out: a `Capture` a record, fetched when the record says. Makes no
request: no link of a stored page is followed. Knows no rule about news.
"""

from __future__ import annotations

import glob
import logging
from collections import deque
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import scrapy

from newsbot.core.errors import ConfigError, SourceError
from newsbot.extensions.run import rfc3339, run_of
from newsbot.extract import Visit
from newsbot.items.identity import page_id
from newsbot.items.model import Capture
from newsbot.spiders.arguments import refuse_unknown, whole_number, words
from newsbot.spiders.pool import ExtractPool, Page
from newsbot.spiders.reading import PageReader, unread
from newsbot.spiders.sites import SiteBook
from newsbot.spiders.warcs import BadRecord, StoredPage, stored_pages

logger = logging.getLogger(__name__)


class ArchiveSpider(scrapy.Spider):
    """Reads stored pages; a second run over the same files writes nothing new."""

    name = "archive"
    asks_the_world = False

    def __init__(
        self, warc: str | None = None, max_pages: str | None = None, jobs: str | None = None, **arguments: Any
    ) -> None:
        super().__init__()
        refuse_unknown(arguments, ("warc", "max_pages", "jobs"), self.name)
        self.files = files_of(warc)
        self.max_pages = whole_number("max_pages", max_pages)
        self.jobs = whole_number("jobs", jobs) or 1
        self.is_stopping = False

    async def start(self) -> AsyncIterator[Capture]:
        """Every record's capture, file after file."""
        run = run_of(self.crawler)
        run.begin([])
        self.sites = SiteBook(self.settings.get("NEWSBOT_SITES") or None)
        self.id_patterns = self.sites.patterns
        self.reader = PageReader(run.store, self.crawler.stats)
        given = 0
        async for capture in self._read_by_pool() if self.jobs > 1 else self._read_here():
            if self.is_stopping:
                return
            yield capture
            given += 1
            if given == self.max_pages:
                run.stop("max_pages")

    def stop_reading(self) -> None:
        """Take no further record."""
        self.is_stopping = True

    async def _read_here(self) -> AsyncIterator[Capture]:
        """The captures, one page after the other."""
        for record in self.records():
            if isinstance(record, Capture):
                yield record
            else:
                yield self._concluded(self.reader.read(record.body, record.url, record.visit))

    async def _read_by_pool(self) -> AsyncIterator[Capture]:
        """The same captures in the same order, read by several processes."""
        pool = ExtractPool(self.jobs, run_of(self.crawler).store, self.settings.getfloat("NEWSBOT_WATCHDOG_S"))
        waiting: deque[tuple[Page, Future[bytes]] | Capture] = deque()
        try:
            for record in self.records():
                if isinstance(record, Page) and self.reader.store.is_poison(record.url):
                    record = self.reader.read(record.body, record.url, record.visit)
                waiting.append((record, pool.submit(record)) if isinstance(record, Page) else record)
                if len(waiting) > pool.window:
                    yield await self._next(pool, waiting)
            while waiting:
                yield await self._next(pool, waiting)
        finally:
            pool.close()

    async def _next(self, pool: ExtractPool, waiting: deque[tuple[Page, Future[bytes]] | Capture]) -> Capture:
        first = waiting.popleft()
        if isinstance(first, Capture):
            return first
        page, future = first
        try:
            return self._concluded(await pool.capture(page, future))
        except Exception as error:
            return self._concluded(self.reader.unread(error, page.url, page.visit))

    def _concluded(self, capture: Capture) -> Capture:
        """The capture with its site, and no link: replay asks nobody."""
        capture.page.site = self.sites.name_of(capture.page.url or "")
        capture.links = []
        return capture

    def records(self) -> Iterator[Page | Capture]:
        """What is new in all files, in order: pages to read, and captures of records that cannot be read."""
        for path in self.files:
            yield from self._records_of(path)

    def _records_of(self, path: Path) -> Iterator[Page | Capture]:
        """What is new in one file; its state goes to the run."""
        run, count = run_of(self.crawler), 0
        try:
            for record in stored_pages(path):
                count += isinstance(record, StoredPage)
                found = self._page(record) if isinstance(record, StoredPage) else self._bad(record)
                if found is not None:
                    yield found
        except (SourceError, OSError) as error:
            self.crawler.stats.inc_value("newsbot/archive/files_damaged")
            logger.error("%s", error)
            run.source(path.name, "partial" if count else f"unreadable: {error}")
        else:
            run.source(path.name, "ok")

    def _bad(self, record: BadRecord) -> Capture | None:
        """The capture of a record that cannot be used; ``None`` where not even its URL and date are known."""
        self.crawler.stats.inc_value(f"newsbot/archive/{record.reason}")
        logger.warning("record at byte %d: %s", record.offset, record.reason)
        if record.url is None or record.fetched_at is None:
            return None
        fetched_at = rfc3339(record.fetched_at.timestamp())
        visit = Visit(status=0, fetched_at=fetched_at, run_id=run_of(self.crawler).run_id)
        return self._concluded(unread(record.url, visit, "failed", record.reason))

    def _page(self, record: StoredPage) -> Page | Capture | None:
        """The page to read; ``None`` for one that is stored already."""
        run = run_of(self.crawler)
        fetched_at = rfc3339(record.fetched_at.timestamp())
        if run.store.is_committed(page_id(record.url, fetched_at)):
            self.crawler.stats.inc_value("newsbot/archive/known")
            return None
        visit = Visit(
            status=record.status,
            content_type=record.content_type,
            headers=record.headers,
            fetched_at=fetched_at,
            requested_url=record.url,
            run_id=run.run_id,
            hints=self.sites.hints(record.url, record.fetched_at.date()),
        )
        if not 200 <= record.status < 300:
            return self._concluded(unread(record.url, visit, "failed", f"http_{record.status}"))
        return Page(record.body, record.url, visit)


def files_of(warc: str | None) -> tuple[Path, ...]:
    """The files that ``-a warc=`` names, globs in sorted order. Raises `ConfigError` for one that is not there."""
    if not warc:
        raise ConfigError("which archive? scrapy crawl archive -a warc=FILE[,GLOB]")
    found: list[Path] = []
    for pattern in words(warc):
        paths = sorted(glob.glob(pattern, recursive=True)) if glob.has_magic(pattern) else [pattern]
        files = [Path(path) for path in paths if Path(path).is_file()]
        if not files:
            raise ConfigError(f"-a warc={pattern}: no such file")
        found += files
    return tuple(dict.fromkeys(found))
