"""``scrapy crawl archive -a warc=FILE[,GLOB]``: stored pages through the same line as fetched ones.

What comes in: WARC and WET files. What goes out: a `Capture` a record, fetched when the record says. Makes no
request: no link of a stored page is followed. Knows no rule about news.
"""

from __future__ import annotations

import glob
import logging
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import scrapy

from newsbot.core.errors import ConfigError, SourceError
from newsbot.extensions.run import rfc3339, run_of
from newsbot.extract import Visit
from newsbot.items.identity import page_id
from newsbot.items.model import Capture
from newsbot.spiders.arguments import refuse_unknown, whole_number, words
from newsbot.spiders.reading import PageReader, unread
from newsbot.spiders.sites import SiteBook
from newsbot.spiders.warcs import BadRecord, StoredPage, stored_pages

logger = logging.getLogger(__name__)


class ArchiveSpider(scrapy.Spider):
    """Reads stored pages; a second run over the same files writes nothing new."""

    name = "archive"
    asks_the_world = False

    def __init__(self, warc: str | None = None, max_pages: str | None = None, **arguments: Any) -> None:
        super().__init__()
        refuse_unknown(arguments, ("warc", "max_pages"), self.name)
        self.files = files_of(warc)
        self.max_pages = whole_number("max_pages", max_pages)
        self.is_stopping = False

    async def start(self) -> AsyncIterator[Capture]:
        """Every record's capture, file after file."""
        run = run_of(self.crawler)
        run.begin([])
        self.sites = SiteBook(self.settings.get("NEWSBOT_SITES") or None)
        self.id_patterns = self.sites.patterns
        self.reader = PageReader(run.store, self.crawler.stats)
        given = 0
        for path in self.files:
            for capture in self.captures(path):
                if self.is_stopping:
                    return
                if capture is not None:
                    yield capture
                    given += 1
                if self.max_pages and given >= self.max_pages:
                    run.stop("max_pages")

    def stop_reading(self) -> None:
        """Take no further record."""
        self.is_stopping = True

    def captures(self, path: Path) -> Iterator[Capture | None]:
        """The captures of one file, ``None`` for a record that is stored already; its state goes to the run."""
        run, count = run_of(self.crawler), 0
        try:
            for record in stored_pages(path):
                count += isinstance(record, StoredPage)
                yield self.capture(record)
        except (SourceError, OSError) as error:
            self.crawler.stats.inc_value("newsbot/archive/files_damaged")
            logger.error("%s", error)
            run.source(path.name, "partial" if count else f"unreadable: {error}")
        else:
            run.source(path.name, "ok")

    def capture(self, record: StoredPage | BadRecord) -> Capture | None:
        """The capture of one record; ``None`` where there is nothing to store."""
        run = run_of(self.crawler)
        if isinstance(record, BadRecord):
            self.crawler.stats.inc_value(f"newsbot/archive/{record.reason}")
            logger.warning("record at byte %d: %s", record.offset, record.reason)
            if record.url is None or record.fetched_at is None:
                return None
            visit = Visit(status=0, fetched_at=rfc3339(record.fetched_at.timestamp()), run_id=run.run_id)
            return unread(record.url, visit, "failed", record.reason)
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
            return unread(record.url, visit, "failed", f"http_{record.status}")
        capture = self.reader.read(record.body, record.url, visit)
        capture.page.site = self.sites.name_of(record.url)
        capture.links = []
        return capture


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
