"""Extraction in several processes, for archives.

What comes in: pages. What goes out: their captures, asked for in order, so that the output is that of one process.
Workers extract only: one process commits. A worker that hangs or dies ends the run with code 1, as a hang in one
process does; the page is named, and gets its strike at the next start.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import multiprocessing
import os
import signal
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from typing import Final, Never

import msgspec

from newsbot.core.errors import ExtractionError
from newsbot.extensions.collector import calm_collector
from newsbot.extract import Visit, read_capture
from newsbot.items.model import Capture
from newsbot.storage.base import Store

logger = logging.getLogger(__name__)

# Pages under way for each worker: enough that none of them waits for the one that commits.
PAGES_A_WORKER: Final = 4
_PR_SET_PDEATHSIG: Final = 1


@dataclass(frozen=True, slots=True)
class Page:
    """What a worker needs to read one page."""

    body: bytes
    url: str
    visit: Visit


class ExtractPool:
    """*jobs* processes that extract; ``capture`` waits for one of them."""

    def __init__(self, jobs: int, store: Store, limit_s: float) -> None:
        context = multiprocessing.get_context("forkserver")  # a fork of this process would share its event loop
        context.set_forkserver_preload(["newsbot.extract"])
        self.executor = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin)
        self.window = jobs * PAGES_A_WORKER
        self.store = store
        self.limit_s = limit_s

    def submit(self, page: Page) -> Future[bytes]:
        """Begin to read *page*."""
        return self.executor.submit(_extracted, page.body, page.url, page.visit)

    async def capture(self, page: Page, future: Future[bytes]) -> Capture:
        """The capture of *page*. Raises what `read_capture` raises."""
        try:
            async with asyncio.timeout(self.limit_s * self.window):  # others may stand before it
                encoded = await asyncio.wrap_future(future)
        except (TimeoutError, BrokenProcessPool):
            self._end(page.url)
        return msgspec.msgpack.decode(encoded, type=Capture)

    def _end(self, url: str) -> Never:
        """End the run: what is stored is stored, the workers end with us."""
        logger.critical("a worker hung or died, probably while reading %s", url)
        self.store.parsing(url)
        logging.shutdown()
        os._exit(1)

    def close(self) -> None:
        """Let the workers go; what they were at is read again by the next run."""
        self.executor.shutdown(wait=False, cancel_futures=True)


def _begin() -> None:
    """In a worker: leave signals to the parent, do not outlive it, and collect as seldom as the parent does."""
    calm_collector()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    except (OSError, AttributeError):  # not Linux: the executor's pipe ends an idle worker
        return


def _extracted(body: bytes, url: str, visit: Visit) -> bytes:
    """In a worker: the page's capture, encoded. An `ExtractionError` comes back as one of the same code."""
    try:
        return msgspec.msgpack.encode(read_capture(body, url, visit))
    except ExtractionError as error:
        raise Unread(error.code) from None


class Unread(ExtractionError):
    """An `ExtractionError` that came from a worker; only its code does."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
