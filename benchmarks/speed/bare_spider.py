"""The yardstick of the crawl: Scrapy's defaults, every story page fetched, an empty callback.

Also run with newsbot's settings for what those alone cost or save (see `benchmarks.speed.crawl`).
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from typing import Any

import scrapy
from scrapy.http import Response


class BareSpider(scrapy.Spider):
    """Asks for stories 0 to *count* of *base*."""

    name = "bare"

    def __init__(self, base: str, count: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.base, self.count = base, int(count)

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.count):
            yield scrapy.Request(f"{self.base}/news/the-story-of-the-day-number-{number}")

    def parse(self, response: Response) -> Iterator[Any]:
        return iter(())
