"""Validate: what is wrong with a capture, by `newsbot.items.validate`."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from newsbot.items.model import Capture


class ValidatePipeline:
    """Mark a capture with its problems; a fatal one rejects the page, which is stored all the same.

    What a page claims and is not believed is counted by its reason; why pages are rejected, the run counts.
    """

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Capture) -> Capture:
        """The same capture."""
        from newsbot.items.validate import validate  # its tables come with the first page, after the first request

        validate(item)
        for claim in item.page.claims:  # those too that extraction refused: it validates what the spider sees
            self.stats.inc_value(f"newsbot/validate/{claim.source}")
        return item
