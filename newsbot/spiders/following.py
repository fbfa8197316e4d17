"""Which offered links of a capture go to the frontier: limits that keep a crawl on its site and out of traps.

What comes in: a capture with its links. What goes out: the links to follow, and the names of the limits that cut.
Knows sites and counts, not what a page says.
"""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Self

from scrapy.settings import BaseSettings

from newsbot.core.urls import is_pathological
from newsbot.items.model import Capture, Link
from newsbot.spiders.sites import SiteBook
from newsbot.storage.base import Lease

logger = logging.getLogger(__name__)

# Paths whose query variants are counted at a time; beyond it the count begins anew.
_MAX_PATHS = 50_000


class LinkFilter:
    """Refuses what leads off the site or into a trap; each refusal has its name in ``page.cut``."""

    def __init__(
        self,
        book: SiteBook,
        *,
        max_links: int,
        max_depth: int,
        max_variants: int,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> None:
        self.book = book
        self.max_links = max_links
        self.max_depth = max_depth
        self.max_variants = max_variants
        self.since = since
        self.until = until
        self._variants: dict[str, set[str]] = {}

    @classmethod
    def from_settings(
        cls, settings: BaseSettings, book: SiteBook, *, since: datetime | None, until: datetime | None
    ) -> Self:
        """The filter with the limits of the settings."""
        return cls(
            book,
            max_links=settings.getint("NEWSBOT_LINKS_PER_PAGE"),
            max_depth=settings.getint("NEWSBOT_DEPTH"),
            max_variants=settings.getint("NEWSBOT_QUERY_VARIANTS"),
            since=since,
            until=until,
        )

    def followed(self, capture: Capture, lease: Lease) -> tuple[list[Link], list[str]]:
        """The links to follow in their order, and the names of the limits that refused others."""
        page_url = capture.page.url or lease.url
        from_source = capture.page.outcome == "source"
        links = capture.links
        cut: list[str] = []
        if not from_source and len(links) > self.max_links:
            links = links[: self.max_links]
            cut.append("links")
        kept = []
        for link in links:
            reason = self._refusal(link, page_url, lease)
            logger.debug(
                "%s: %s %s (%s)", page_url, "not followed:" if reason else "follows", link.url, reason or link.reason
            )
            if reason is None:
                kept.append(link)
            elif reason not in cut:
                cut.append(reason)
        return kept, cut

    def _refusal(self, link: Link, page_url: str, lease: Lease) -> str | None:
        if lease.depth >= self.max_depth and link.kind != "sitemap":
            return "links_depth"
        if not self.book.belong_together(page_url, link.url):
            return "links_foreign"
        if is_pathological(link.url):
            return "links_loop"
        if link.kind == "story" and not self._is_in_span(link.date):
            return "links_date"
        return self._over_count(link.url)

    def _is_in_span(self, date: str | None) -> bool:
        """Whether a dated link lies between `since` and `until`; one without a date is looked at."""
        if date is None or (self.since is None and self.until is None):
            return True
        try:
            when = datetime.fromisoformat(date)
        except ValueError:
            return True
        when = when if when.tzinfo else when.replace(tzinfo=UTC)
        return (self.since is None or when >= self.since) and (self.until is None or when < self.until)

    def _over_count(self, url: str) -> str | None:
        path, _, query = url.partition("?")
        if query:
            if len(self._variants) >= _MAX_PATHS:
                self._variants.clear()
            variants = self._variants.setdefault(path, set())
            if query not in variants:
                if len(variants) >= self.max_variants:
                    return "links_variants"
                variants.add(query)
        return None
