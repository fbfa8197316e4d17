"""Dedupe: every record of a capture gets its id. What is new among them, the store decides in its transaction."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from newsbot.items.identity import identify
from newsbot.items.model import Capture


class DedupePipeline:
    """Set the ids of the page, its story and its teasers."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    def process_item(self, item: Capture) -> Capture:
        """See `newsbot.items.identity.identify`; the site's pattern comes from the spider."""
        patterns: dict[str, str] = getattr(self._crawler.spider, "id_patterns", {})
        identify(item, id_pattern=patterns.get(item.page.site or ""))
        return item
