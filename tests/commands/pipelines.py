"""Pipelines with faults of ours in them, as a project may put beside newsbot's own."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Self

from scrapy.crawler import Crawler
from scrapy.exceptions import DropItem

from newsbot.items.model import Capture

# The pages that meet the fault.
_MARKED = ("/s/3", "/s/5")


class Drops:
    """Drops two pages."""

    def process_item(self, item: Capture) -> Capture:
        if (item.page.requested_url or "").endswith(_MARKED):
            raise DropItem("not for us")
        return item


class Raises:
    """Raises on two pages."""

    def process_item(self, item: Capture) -> Capture:
        if (item.page.requested_url or "").endswith(_MARKED):
            raise ZeroDivisionError(item.page.requested_url)
        return item


class BreaksState:
    """Takes a table out of the state with the first story, as a damaged file would."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_broken = False

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(Path(crawler.settings["NEWSBOT_OUTPUT"], ".newsbot"))

    def process_item(self, item: Capture) -> Capture:
        if item.story is not None and not self.is_broken:
            self.is_broken = True
            with sqlite3.connect(self.folder / "state.sqlite") as database:
                database.execute("DROP TABLE url")
        return item
