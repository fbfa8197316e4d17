"""Budgets of a run: pages, time, memory, free disk. Each stop has a name, and the next run goes on.

What comes in: the limits. What goes out: ``run.stop(name)``. Reads the clock, the process's memory and the disk.
"""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.utils.asyncio import AsyncioLoopingCall, create_looping_call
from twisted.internet.task import LoopingCall

from newsbot.extensions.run import RunExtension, run_of

_MB = 1024 * 1024
# How often the limits are looked at; a page takes longer than a look.
_EVERY_S = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The limits of one run; 0 is none."""

    pages: int
    seconds: float
    memory_mb: int
    disk_mb: int


class Budget:
    """Looks at the limits once a second."""

    def __init__(self, crawler: Crawler, limits: Limits, folder: Path) -> None:
        self.crawler = crawler
        self.limits = limits
        self.folder = folder
        self.began = time.monotonic()
        self.loop: AsyncioLoopingCall | LoopingCall | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        limits = Limits(
            pages=settings.getint("NEWSBOT_RUN_MAX_PAGES"),
            seconds=settings.getfloat("NEWSBOT_RUN_MAX_S"),
            memory_mb=settings.getint("NEWSBOT_RUN_MAX_MEMORY_MB"),
            disk_mb=settings.getint("NEWSBOT_RUN_MIN_DISK_MB"),
        )
        budget = cls(crawler, limits, Path(settings["NEWSBOT_OUTPUT"]))
        crawler.signals.connect(budget.engine_started, signals.engine_started)
        crawler.signals.connect(budget.engine_stopped, signals.engine_stopped)
        return budget

    def engine_started(self) -> None:
        """Begin to look; the first look is now, before the first request."""
        self.loop = create_looping_call(self.look)
        self.loop.start(_EVERY_S)

    def engine_stopped(self) -> None:
        """Look no more."""
        if self.loop is not None and self.loop.running:
            self.loop.stop()

    def look(self) -> None:
        """Stop the run when a limit is met."""
        run = run_of(self.crawler)
        name = self.met(run)
        if name is not None:
            run.stop(name)

    def met(self, run: RunExtension) -> str | None:
        """The name of the first limit that is met."""
        limits = self.limits
        if limits.pages and run.facts.pages_tried >= limits.pages and not run.is_archive:
            return "max_pages"
        if limits.seconds and time.monotonic() - self.began >= limits.seconds and not run.is_archive:
            return "max_time"
        if limits.memory_mb and memory_bytes() >= limits.memory_mb * _MB:
            return "max_memory"
        if limits.disk_mb and free_disk_bytes(self.folder) < limits.disk_mb * _MB:
            return "disk_floor"
        return None


def memory_bytes() -> int:
    """The resident memory of this process."""
    try:
        with open("/proc/self/statm", "rb") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024  # the peak, where there is no /proc


def free_disk_bytes(folder: Path) -> int:
    """What is free for us on the file system of *folder*."""
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize
