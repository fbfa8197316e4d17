"""From an answer of a site to a capture: a page, a feed, a sitemap, nothing new, or why there is nothing.

What comes in: a response and the lease it answers. What goes out: one `Capture`, with all links that it offers. Which
of them are followed is `newsbot.spiders.following`'s; pages are read by `newsbot.spiders.reading`, feeds and sitemaps
by `newsbot.core`. Holds no rule about news.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from scrapy.http import Response
from scrapy.settings import BaseSettings

from newsbot.core.errors import SourceError
from newsbot.core.feeds import is_feed, read_feed
from newsbot.core.sitemaps import Sitemap, is_sitemap, read_sitemap
from newsbot.extensions.run import RunExtension
from newsbot.items.model import Capture, Link, Validators
from newsbot.spiders.reading import PageReader, unread
from newsbot.spiders.sites import SiteBook
from newsbot.storage.base import Lease

if TYPE_CHECKING:
    from newsbot.extract import Visit

logger = logging.getLogger(__name__)

# What a feed or a sitemap shows of itself stands at its beginning.
_HEAD_BYTES = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """How much of a feed or a sitemap is read; what is cut is named in ``page.cut``."""

    feed_entries: int
    sitemap_urls: int
    sitemap_files: int
    sitemap_depth: int
    max_bytes: int

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        """The limits of the settings."""
        return cls(
            feed_entries=settings.getint("NEWSBOT_FEED_ENTRIES"),
            sitemap_urls=settings.getint("NEWSBOT_SITEMAP_URLS"),
            sitemap_files=settings.getint("NEWSBOT_SITEMAP_FILES"),
            sitemap_depth=settings.getint("NEWSBOT_SITEMAP_DEPTH"),
            max_bytes=settings.getint("NEWSBOT_SOURCE_MAX_BYTES"),
        )


class AnswerReader:
    """Reads the answers of one run; what kind each is, its lease and its first bytes say."""

    def __init__(self, run: RunExtension, book: SiteBook, limits: SourceLimits) -> None:
        self.run = run
        self.book = book
        self.limits = limits

    def capture(self, response: Response, lease: Lease, pages: PageReader, page_type: str | None) -> Capture:
        """What stands in the answer; *page_type* is what the site file says of it, *pages* reads a page."""
        redirects = response.meta.get("redirect_urls", ())
        headers = _headers(response)
        visit = self.visit(lease, response.url, response.status, redirects, headers, page_type)
        if response.status == 304:
            if not (lease.etag or lease.last_modified):  # nobody asked for it: there is nothing it could confirm
                return unread(response.url, visit, "failed", "unasked_304")
            return unread(response.url, visit, "not_modified")
        if not 200 <= response.status < 300:
            self.run.crawler.stats.inc_value(f"newsbot/failed/http_{response.status}")
            return unread(response.url, visit, "failed", f"http_{response.status}")
        try:
            source = self._source(response, lease, visit)
        except SourceError as error:
            logger.warning("%s: %s", response.url, error)
            self.run.crawler.stats.inc_value("newsbot/source/unreadable")
            return unread(response.url, visit, "rejected", "source_unreadable")
        return source or _page(response, visit, pages)

    def visit(
        self,
        lease: Lease,
        url: str,
        status: int,
        redirects: Sequence[str],
        headers: dict[str, str] | None = None,
        page_type: str | None = None,
    ) -> Visit:
        """What is known of this visit."""
        from newsbot.extract import Visit  # by the first answer, see `newsbot.spiders.reading`

        return Visit(
            status=status,
            content_type=(headers or {}).get("content-type"),
            headers=headers or {},
            fetched_at=self.run.stamp(),
            requested_url=lease.url,
            redirects=tuple(redirects),
            run_id=self.run.run_id,
            hints=self.book.hints(url, dt.datetime.fromtimestamp(self.run.now(), dt.UTC).date()),
            page_type=page_type,
            offered_title=lease.title,
            offered_date=lease.date,
            offered_by=lease.reason,
        )

    def _source(self, response: Response, lease: Lease, visit: Visit) -> Capture | None:
        """The capture of a feed or a sitemap; ``None`` for a page. Raises `SourceError`."""
        body = response.body
        if lease.kind == "feed" or (lease.kind != "story" and is_feed(body[:_HEAD_BYTES])):
            return self._feed(body, response.url, visit)
        if lease.kind == "sitemap" or (lease.kind != "story" and is_sitemap(body[:_HEAD_BYTES])):
            return self._sitemap(body, response.url, visit, lease)
        return None

    def _feed(self, body: bytes, url: str, visit: Visit) -> Capture:
        """No story, only links with the titles and dates that the feed claims."""
        feed = read_feed(body, url, content_type=visit.content_type, max_entries=self.limits.feed_entries)
        capture = unread(url, visit, "source")
        capture.page.page_type = "feed"
        capture.page.cut = [f"feed_{name}" for name in feed.cut]
        capture.links = [
            Link(url=entry.url, kind="story", title=entry.title, date=entry.date, reason="feed")
            for entry in feed.entries
        ]
        _note_source(capture, feed.bad_entries, feed.is_partial)
        return capture

    def _sitemap(self, body: bytes, url: str, visit: Visit, lease: Lease) -> Capture:
        """The sitemap's pages, or the sitemaps that it names."""
        found = read_sitemap(body, url, max_urls=self.limits.sitemap_urls, max_bytes=self.limits.max_bytes)
        capture = unread(url, visit, "source")
        capture.page.page_type = "sitemap"
        capture.page.cut = [f"sitemap_{name}" for name in found.cut]
        capture.links = [*self._sitemaps(found, lease, capture), *_stories(found)]
        _note_source(capture, found.bad_entries, found.is_partial)
        return capture

    def _sitemaps(self, found: Sitemap, lease: Lease, capture: Capture) -> Iterator[Link]:
        """The sitemaps of an index, unless it is the third below another."""
        if found.sitemaps and lease.depth + 1 >= self.limits.sitemap_depth:
            capture.page.cut.append("sitemap_depth")
            return
        if len(found.sitemaps) > self.limits.sitemap_files:
            capture.page.cut.append("sitemap_files")
        for entry in found.sitemaps[: self.limits.sitemap_files]:
            yield Link(url=entry.url, kind="sitemap", date=entry.lastmod, reason="sitemap_index")


def _page(response: Response, visit: Visit, pages: PageReader) -> Capture:
    capture = pages.read(response.body, response.url, visit)
    latency_s = response.meta.get("download_latency")
    capture.page.elapsed_ms = round(latency_s * 1000) if latency_s is not None else None
    if _is_cut_by_length(response):
        capture.page.cut.append("length")
    return capture


def _stories(found: Sitemap) -> Iterator[Link]:
    for entry in found.entries:
        yield Link(url=entry.url, kind="story", title=entry.title, date=entry.date or entry.lastmod, reason="sitemap")


def _note_source(capture: Capture, bad_entries: int, is_partial: bool) -> None:
    page = capture.page
    page.counts.links = len(capture.links)
    if bad_entries:
        page.notes.append(f"bad_entries:{bad_entries}")
    if is_partial:
        page.notes.append("partial")


def _headers(response: Response) -> dict[str, str]:
    return {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in response.headers.items()
    }


def validators(capture: Capture, response: Response) -> Validators | None:
    """What a conditional GET sends next time; none for a page that was not read."""
    if capture.page.outcome in ("failed", "rejected"):
        return None
    headers = response.headers
    return Validators(etag=_text(headers.get("ETag")), last_modified=_text(headers.get("Last-Modified")))


def _text(value: bytes | None) -> str | None:
    """A header's value as it can be sent back; ``None`` for one that could not, or is longer than a validator."""
    if not value or len(value) > 1024:
        return None
    return value.decode("latin-1")


def _is_cut_by_length(response: Response) -> bool:
    """Whether the announced length ended the body in the middle of its markup.

    A server that counts wrongly sends more than it announces; what lies behind is lost without a word.
    """
    if b"Content-Length" not in response.headers or b"Content-Encoding" in response.headers:
        return False
    tail = response.body[-2048:].lower()
    return b"<html" in response.body[:4096].lower() and b"</html" not in tail and b"</body" not in tail
