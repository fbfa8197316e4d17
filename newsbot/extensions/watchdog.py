"""A hang becomes a crash, and a crash loses nothing.

What comes in: the time a callback may take. What goes out: the end of the process with code 1 and the traceback of
the line that hangs. `faulthandler` stops what neither a signal handler (a parser in C) nor a thread (a regular
expression) can. The page is named by the store before it is parsed, and gets a strike at the next start.
"""

from __future__ import annotations

import faulthandler
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

# Times a limit that the timer is wound up again; what hangs is found at the latest this much late.
_WINDINGS = 12


class Watchdog:
    """Winds up a timer from the event loop; when the loop stands still for too long, the timer ends the process."""

    def __init__(self, limit_s: float) -> None:
        self.limit_s = limit_s
        self.loop: AsyncioLoopingCall | LoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        watchdog = cls(crawler.settings.getfloat("NEWSBOT_WATCHDOG_S"))
        crawler.signals.connect(watchdog.engine_started, signals.engine_started)
        crawler.signals.connect(watchdog.engine_stopped, signals.engine_stopped)
        return watchdog

    def engine_started(self) -> None:
        """Begin to watch."""
        if self.limit_s > 0:
            self.loop = create_looping_call(self.wind_up)
            self.loop.start(self.limit_s / _WINDINGS)

    def wind_up(self) -> None:
        """Give the next callbacks their time."""
        faulthandler.dump_traceback_later(self.limit_s, exit=True)

    def engine_stopped(self) -> None:
        """Watch no more."""
        faulthandler.cancel_dump_traceback_later()
        if self.loop is not None and self.loop.running:
            self.loop.stop()
