"""Another try, later: back-off with jitter, Retry-After, and the end of a host that is down or of our own uplink.

What comes in: answers and errors. What goes out: the same request with the time before which it is not asked again,
or the error for good. Pauses hosts in the scheduler, and refuses what is still sent to one that is left alone. Knows
no page.
"""

from __future__ import annotations

import logging
import random
import time
from collections import Counter
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Final, Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from newsbot.network.body import BODY_FLAG
from newsbot.network.errors import RETRIED_CODES, BodyError, Refused, reason_of

logger = logging.getLogger(__name__)

RETRIED_STATUSES: Final = frozenset((408, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524))
# The server says that it is we who ask too much.
_SLOW_DOWN: Final = frozenset((429, 503))
# Faults of a host, not of one of its pages.
_HOST_FAULTS: Final = frozenset(("connection", "dns", "refused", "timeout", "tls"))
# Hosts left alone in a run that are known; beyond it the first of them would be asked again.
MAX_LEFT_HOSTS: Final = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryLimits:
    """The numbers of the retry, as in the settings; 0 as ``host_failures`` or ``down_failures`` is no limit."""

    tries: int
    base_s: float
    cap_s: float
    retry_after_cap_s: float
    host_failures: int
    down_failures: int
    down_hosts: int


class RetryMiddleware:
    """Sends a request back to the scheduler with a time, at most ``RETRY_TIMES`` times."""

    def __init__(self, crawler: Crawler, limits: RetryLimits) -> None:
        self.crawler = crawler
        self.limits = limits
        self._failed_hosts: list[str] = []
        # Of each host that does not answer now, how often in a row.
        self._failures: Counter[str] = Counter()
        # The hosts left alone in this run, and why.
        self._left: dict[str, str] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        limits = RetryLimits(
            tries=settings.getint("RETRY_TIMES"),
            base_s=settings.getfloat("NEWSBOT_RETRY_BASE_S"),
            cap_s=settings.getfloat("NEWSBOT_RETRY_CAP_S"),
            retry_after_cap_s=settings.getfloat("NEWSBOT_RETRY_AFTER_CAP_S"),
            host_failures=settings.getint("NEWSBOT_NET_HOST_FAILURES"),
            down_failures=settings.getint("NEWSBOT_NET_DOWN_FAILURES"),
            down_hosts=settings.getint("NEWSBOT_NET_DOWN_HOSTS"),
        )
        return cls(crawler, limits)

    def process_request(self, request: Request) -> None:
        """Refuse, but for robots.txt, what waited for a try at a host that is left alone by now, or is led to it."""
        why = self._left.get(host_key(request))
        if why is not None and not request.meta.get("robots"):
            self.crawler.stats.inc_value("newsbot/retry/left_alone")
            raise Refused(why, "its host is left alone in this run")

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request for another try. Raises `BodyError` for a body that is not whole."""
        self._failed_hosts.clear()
        self._failures.pop(host_key(request), None)
        code = next((flag[len(BODY_FLAG) :] for flag in response.flags if flag.startswith(BODY_FLAG)), None)
        if code is not None:
            again = self._again(request, code) if code in RETRIED_CODES else None
            if again is None:
                raise BodyError(code)
            return again
        if response.status not in RETRIED_STATUSES or request.meta.get("robots"):
            return response
        wait_s = self._asked_to_wait(request, response)
        return self._again(request, f"http_{response.status}", wait_s) or response

    def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """The request for another try, where the fault may be gone by then."""
        code = reason_of(exception)
        if isinstance(exception, Refused) or code not in RETRIED_CODES:
            return None
        self._note_failure(request)
        if code in _HOST_FAULTS:
            self._count_failure(host_key(request), code)
        return None if request.meta.get("robots") else self._again(request, code)

    def _asked_to_wait(self, request: Request, response: Response) -> float | None:
        """How long the server wants to be left alone; its host is paused meanwhile. Raises `Refused`."""
        if response.status not in _SLOW_DOWN:
            return None
        header = response.headers.get(b"Retry-After")
        wait_s = retry_after_s(header.decode("latin-1"), time.time()) if header else None
        host = host_key(request)
        if wait_s is not None and wait_s > self.limits.retry_after_cap_s:
            logger.warning("%s asks to be left alone for %d s: not asked again in this run", host, wait_s)
            self.crawler.stats.inc_value("newsbot/retry/hosts_ended")
            self._leave(host, "retry_after", wait_s)
            raise Refused("retry_after", f"{wait_s:.0f} s")
        wait_s = wait_s if wait_s is not None else self._back_off_s(request)
        pause = getattr(self.crawler.engine.scheduler, "pause_host", None)
        if pause is not None:
            pause(host, wait_s)
        return wait_s

    def _again(self, request: Request, code: str, wait_s: float | None = None) -> Request | None:
        tried = request.meta.get("retry_times", 0)
        if tried >= self.limits.tries or host_key(request) in self._left:
            return None
        wait_s = self._back_off_s(request) if wait_s is None else wait_s
        again = request.copy()
        again.dont_filter = True
        again.meta["retry_times"] = tried + 1
        again.meta["not_before"] = time.monotonic() + wait_s
        self.crawler.stats.inc_value(f"newsbot/retry/{code}")
        logger.info("%s: %s, again in %.1f s", request.url, code, wait_s)
        return again

    def _back_off_s(self, request: Request) -> float:
        """30 s, 60 s, 120 s …, each a half more or less, so that a broken site's pages do not come back at once."""
        tried = request.meta.get("retry_times", 0)
        wait_s = min(self.limits.cap_s, self.limits.base_s * 2.0**tried)
        return float(wait_s * random.uniform(0.5, 1.5))

    def _count_failure(self, host: str, code: str) -> None:
        """Leave *host* alone when nothing has come from it so often in a row, and each time after that."""
        if not self.limits.host_failures:
            return
        self._failures[host] += 1
        if self._failures[host] % self.limits.host_failures:
            return
        logger.warning("%s has not answered %d times in a row: left alone in this run", host, self._failures[host])
        self.crawler.stats.inc_value("newsbot/retry/hosts_down")
        self._leave(host, code, self.limits.cap_s)

    def _leave(self, host: str, why: str, wait_s: float) -> None:
        """Ask *host* for nothing more in this run; its URLs are left to one that begins after *wait_s*."""
        self._left[host] = why
        if len(self._left) > MAX_LEFT_HOSTS:
            del self._left[next(iter(self._left))]
        drop = getattr(self.crawler.engine.scheduler, "drop_host", None)
        if drop is not None:
            drop(host, time.time() + wait_s)

    def _note_failure(self, request: Request) -> None:
        """Stop the run when everything fails everywhere: then it is our own uplink."""
        self._failed_hosts.append(host_key(request))
        is_down = 0 < self.limits.down_failures <= len(self._failed_hosts)
        if is_down and len(set(self._failed_hosts)) >= self.limits.down_hosts:
            from newsbot.extensions.run import run_of

            run_of(self.crawler).stop("network_down")


def host_key(request: Request) -> str:
    """The host by which the downloader and the frontier count."""
    return urlparse_cached(request).hostname or ""


def retry_after_s(value: str, now: float) -> float | None:
    """The seconds that a Retry-After header asks for, from 0 on; ``None`` for what is neither number nor date.

    >>> retry_after_s("120", 0.0), retry_after_s("Thu, 01 Jan 1970 00:02:00 GMT", 60.0), retry_after_s("-5", 0.0)
    (120.0, 60.0, 0.0)
    """
    value = value.strip()
    digits = value.removeprefix("-")
    if digits.isascii() and digits.isdigit():
        return 0.0 if value.startswith("-") else float(digits[:12])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now)
    except (ValueError, OverflowError, TypeError):
        return None
