"""The pace of a host: how many requests at once, and how long between two.

What comes in: a host and its numbers. What goes out: the downloader's slot and the frontier's limit set so.
"""

from __future__ import annotations

import logging
from typing import Any

from scrapy.crawler import Crawler

logger = logging.getLogger(__name__)


def set_pace(crawler: Crawler, host: str, delay_s: float, concurrency: int) -> None:
    """At most *concurrency* requests of *host* at once, *delay_s* apart and never less; the slower pace stays."""
    engine = crawler.engine
    downloader: Any = engine.downloader  # its slots are no public API, and the only way to a pace a host
    known = downloader.per_slot_settings.get(host, {})
    delay_s = max(delay_s, known.get("delay", 0.0))
    concurrency = min(concurrency, known.get("concurrency", concurrency))
    # No jitter: it would now and then be less than what was asked for.
    downloader.per_slot_settings[host] = {"delay": delay_s, "concurrency": concurrency, "jitter": 0.0}
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.delay, slot.concurrency, slot.jitter = delay_s, concurrency, 0.0
    frontier_pace = getattr(engine.scheduler, "set_host_pace", None)
    if frontier_pace is not None:
        frontier_pace(host, delay_s, concurrency)
    logger.info("%s: %.3g s between requests, %d at once", host, delay_s, concurrency)
