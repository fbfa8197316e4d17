"""Store: the end of the line. One capture is one transaction; then what is full or old enough is published."""

from __future__ import annotations

from typing import Self

from scrapy.crawler import Crawler

from newsbot.extensions.run import RunExtension, run_of
from newsbot.items.model import Capture


class StorePipeline:
    """Commit each capture under the lease of the URL that was asked for."""

    def __init__(self, run: RunExtension) -> None:
        self._run = run

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(run_of(crawler))

    def process_item(self, item: Capture) -> Capture:
        """The same capture, stored; see `RunExtension.store_page`."""
        self._run.store_page(item)
        return item
