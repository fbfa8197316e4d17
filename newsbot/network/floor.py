"""The floor of a transfer: a server that sends a body byte by byte holds a slot for as long as it likes.

What comes in: the bytes of bodies as they arrive. What goes out: a stop with `TooSlow`, after some seconds, where they
come slower than the floor. The limit of the whole request is Scrapy's own. Knows no page.
"""

from __future__ import annotations

import time
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request

from newsbot.network.errors import TooSlow


class RateFloor:
    """Counts what arrives for each request, from its first byte on."""

    def __init__(self, after_s: float, bytes_per_s: float) -> None:
        self.after_s = after_s
        self.bytes_per_s = bytes_per_s

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        floor = cls(settings.getfloat("NEWSBOT_NET_FLOOR_AFTER_S"), settings.getfloat("NEWSBOT_NET_FLOOR_BYTES_PER_S"))
        crawler.signals.connect(floor.bytes_received, signals.bytes_received)
        return floor

    def process_request(self, request: Request) -> None:
        """Begin to count anew: another try is another transfer."""
        request.meta.pop("transfer", None)

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Raise `TooSlow` for a body that has come below the floor."""
        now = time.monotonic()
        since, size = request.meta.get("transfer", (now, 0))
        request.meta["transfer"] = (since, size + len(data))
        elapsed_s = now - since
        if elapsed_s > self.after_s and size + len(data) < elapsed_s * self.bytes_per_s:
            raise TooSlow
