"""Repair: text damage undone and recorded, by `newsbot.items.repair`."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from newsbot.items.model import Capture


class RepairPipeline:
    """Repair each capture; one that came through `extract_page` is repaired already, and stays as it is."""

    def __init__(self, stats: StatsCollector) -> None:
        self.stats = stats

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler.stats)

    def process_item(self, item: Capture) -> Capture:
        """The same capture; each repair of its story is counted by its kind."""
        from newsbot.items.repair import repair  # its tables come with the first page, after the first request

        repair(item)
        if item.story is not None:
            for change in item.story.repairs:
                self.stats.inc_value(f"newsbot/repair/{change.kind}")
        return item
