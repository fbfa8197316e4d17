"""Progress: one living line on a terminal, a plain log line now and then elsewhere.

What comes in: the run's counts. What goes out: text on stderr. Knows nothing else.
"""

from __future__ import annotations

import logging
import sys
import time
from typing import Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

from newsbot.extensions.run import RunExtension, run_of

logger = logging.getLogger(__name__)

_TERMINAL_S: Final = 0.5
_LOG_S: Final = 60.0
# Nobody who has just started a run waits a minute for a sign of life.
_FIRST_LOG_S: Final = 10.0


class Progress:
    """Shows pages, stories, teasers, queue and rate while the run goes on."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler = crawler
        self.began = time.monotonic()
        self.next_log_s = 0.0
        self.loop: AsyncioLoopingCall | LoopingCall | None = None
        self.live: Any = None  # rich.live.Live, imported only on a terminal

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        progress = cls(crawler)
        crawler.signals.connect(progress.engine_started, signals.engine_started)
        crawler.signals.connect(progress.spider_closed, signals.spider_closed)
        return progress

    def engine_started(self) -> None:
        """Begin to show."""
        self.began = time.monotonic()
        if sys.stderr is not None and sys.stderr.isatty():
            from rich.console import Console
            from rich.live import Live

            self.live = Live(console=Console(stderr=True), transient=True, auto_refresh=False, redirect_stderr=True)
            self.live.start()
        self.loop = create_looping_call(self.show)
        self.loop.start(_TERMINAL_S if self.live else _FIRST_LOG_S, now=False)

    def show(self) -> None:
        """Show how far the run is; a log has its first line soon, and the others now and then."""
        elapsed_s = time.monotonic() - self.began
        if self.live is None and elapsed_s < self.next_log_s:
            return
        self.next_log_s = _LOG_S * (elapsed_s // _LOG_S + 1)
        line = progress_line(run_of(self.crawler), elapsed_s)
        if self.live is not None:
            self.live.update(line, refresh=True)
        else:
            logger.info("%s", line)

    def spider_closed(self) -> None:
        """Take the line away."""
        if self.loop is not None and self.loop.running:
            self.loop.stop()
        if self.live is not None:
            self.live.stop()
            self.live = None


def progress_line(run: RunExtension, elapsed_s: float) -> str:
    """How far *run* is, in one line."""
    counts = run.record.counts
    rate = counts.pages / elapsed_s if elapsed_s > 0 else 0.0
    waiting = 0 if run.is_closed else run.store.counts().todo
    return (
        f"{counts.pages:,} pages · {counts.stories:,} stories · {counts.teasers:,} teasers · {waiting:,} waiting"
        f" · {counts.failed + counts.rejected:,} failed or rejected · {rate:.1f} pages/s"
    )
