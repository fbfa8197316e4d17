"""robots.txt by RFC 9309: asked once a host and day, obeyed, and never taken for granted.

What comes in: requests. What goes out: the same, or `Refused`. What was read is kept in the store for later runs. A
host whose robots.txt cannot be reached is crawled by the one that was kept, and without one is not crawled in this run
(2.3.1.4); one that has none is free (2.3.1.3). Crawl-delay becomes the host's pace. Knows no page.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any, Final, Self

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured, StopDownload
from scrapy.http import Request, Response
from scrapy.utils.httpobj import urlparse_cached

from newsbot.network.errors import Refused, reason_of
from newsbot.network.gateway import product_token, user_agent
from newsbot.network.pace import set_pace
from newsbot.network.retry import host_key

if TYPE_CHECKING:
    from newsbot.extensions.run import RunExtension
    from newsbot.storage.base import KeptRobots

logger = logging.getLogger(__name__)

# "Too many requests" is the server's trouble, not the absence of rules.
_UNREACHABLE: Final = frozenset((408, 425, 429))

_HOST_FAULTS: Final = frozenset(("dns", "refused", "tls"))


class RobotsMiddleware:
    """Holds a request back until its host's rules are known."""

    def __init__(self, crawler: Crawler) -> None:
        settings = crawler.settings
        if not settings.getbool("ROBOTSTXT_OBEY"):
            logger.warning("robots.txt is NOT obeyed (ROBOTSTXT_OBEY)")
            raise NotConfigured
        self.crawler = crawler
        self.agent = product_token(user_agent(settings))
        self.max_bytes = settings.getint("NEWSBOT_ROBOTS_MAX_BYTES")
        self.max_delay_s = settings.getfloat("NEWSBOT_NET_MAX_CRAWL_DELAY_S")
        self.delay_s = settings.getfloat("DOWNLOAD_DELAY")
        self.again_s = settings.getfloat("NEWSBOT_RETRY_CAP_S")
        self.cache_s = settings.getfloat("NEWSBOT_ROBOTS_CACHE_S")
        self.rules: dict[str, asyncio.Future[Rules]] = {}
        crawler.signals.connect(self.bytes_received, signals.bytes_received)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Let pass what the host's rules allow. Raises `Refused`."""
        if request.meta.get("robots"):
            return
        rules = await self._rules(request)
        if rules.refusal is not None:
            raise Refused(rules.refusal, also=rules.also)
        if not rules.allows(request.url, self.agent):
            self.crawler.stats.inc_value("newsbot/robots/disallowed")
            raise Refused("robots")

    def bytes_received(self, data: bytes, request: Request) -> None:
        """Read no more of a robots.txt than its limit."""
        if request.meta.get("robots"):
            size = request.meta["robots_bytes"] = request.meta.get("robots_bytes", 0) + len(data)
            if size > self.max_bytes:
                raise StopDownload(fail=False)

    async def _rules(self, request: Request) -> Rules:
        """The rules of the request's host; the first to ask fetches them, the others wait for it."""
        parts = urlparse_cached(request)
        key = f"{parts.scheme}://{parts.netloc}"
        waiting = self.rules.get(key)
        if waiting is None:
            waiting = self.rules[key] = asyncio.get_running_loop().create_future()
            try:
                waiting.set_result(await self._fresh(key, request))
            except BaseException as error:
                waiting.set_exception(error)  # or all that wait for this host would wait for ever
                waiting.exception()
                raise
        return await waiting

    async def _fresh(self, origin: str, request: Request) -> Rules:
        """The rules as an earlier run kept them, while they are fresh; else as they are now."""
        kept = self._kept(origin)
        if kept is not None and 0 <= time.time() - kept.at < self.cache_s:
            self.crawler.stats.inc_value("newsbot/robots/kept")
            return self._obeyed(kept.body, request)
        return await self._fetch(origin, request)

    async def _fetch(self, origin: str, request: Request) -> Rules:
        robots = Request(f"{origin}/robots.txt", meta={"robots": True, "retry_times": 0}, dont_filter=True)
        self.crawler.stats.inc_value("newsbot/robots/requests")
        try:
            response = await self.crawler.engine.download_async(robots)
        except Refused as error:
            return self._refused(error, origin, request)
        except Exception as error:  # a boundary: whatever goes wrong here must not end as "allowed"
            return self._unreachable(origin, request, reason_of(error))
        return self._read(response, origin, request)

    def _refused(self, error: Refused, origin: str, request: Request) -> Rules:
        if error.code == "redirects":  # RFC 9309, 2.3.1.2: as if there were none
            self.crawler.stats.inc_value("newsbot/robots/redirects")
            return Rules()
        if error.code == "inner_address":
            return Rules(refusal="inner_address")
        return self._unreachable(origin, request, error.code)

    def _unreachable(self, origin: str, request: Request, why: str) -> Rules:
        """The rules that were kept, however old; without any the host is left alone."""
        host = host_key(request)
        kept = self._kept(origin)
        if kept is not None:
            logger.warning("robots.txt of %s cannot be read (%s): the one that was kept is obeyed", host, why)
            self.crawler.stats.inc_value("newsbot/robots/kept")
            return self._obeyed(kept.body, request)
        logger.warning("robots.txt of %s cannot be read (%s): the host is left alone in this run", host, why)
        self.crawler.stats.inc_value("newsbot/robots/unreachable")
        drop = getattr(self.crawler.engine.scheduler, "drop_host", None)
        if drop is not None:
            drop(host, time.time() + self.again_s)
        if why in _HOST_FAULTS:  # then robots.txt was only the first to meet it
            return Rules(refusal=why, also="robots_unreachable")
        return Rules(refusal="robots_unreachable", also=why)

    def _read(self, response: Response, origin: str, request: Request) -> Rules:
        if response.status >= 500 or response.status in _UNREACHABLE:
            return self._unreachable(origin, request, f"http_{response.status}")
        body = response.body[: self.max_bytes] if 200 <= response.status < 300 else None
        run = self._run()
        if run is not None:
            let_go = run.store.keep_robots(origin, body, now=time.time())
            self.crawler.stats.inc_value("newsbot/robots/let_go", let_go)
        return self._obeyed(body, request)

    def _kept(self, origin: str) -> KeptRobots | None:
        run = self._run()
        return run.store.robots(origin, now=time.time()) if run is not None else None

    def _run(self) -> RunExtension | None:
        """The run, whose store outlives it; commands that fetch a few pages have none."""
        from newsbot.extensions.run import RunExtension

        return self.crawler.get_extension(RunExtension)

    def _obeyed(self, body: bytes | None, request: Request) -> Rules:
        """The rules of *body*, with the host's pace set by them; ``None`` allows everything."""
        if body is None:
            return Rules()
        rules = parse_rules(body)
        delay_s = rules.delay_s(self.agent)
        if delay_s > self.max_delay_s:
            logger.warning("%s wants %.0f s between requests: left alone", host_key(request), delay_s)
            return Rules(refusal="crawl_delay")
        if delay_s > self.delay_s:
            set_pace(self.crawler, host_key(request), delay_s, 1)
        return rules


class Rules:
    """The rules of one host; without a parser everything is allowed, with a *refusal* nothing."""

    def __init__(
        self,
        parser: Any = None,  # Any: protego ships no types
        refusal: str | None = None,
        also: str | None = None,
    ) -> None:
        self.parser = parser
        self.refusal = refusal
        self.also = also

    def allows(self, url: str, agent: str) -> bool:
        """Whether *agent* may fetch *url*."""
        return self.refusal is None and (self.parser is None or bool(self.parser.can_fetch(url, agent)))

    def delay_s(self, agent: str) -> float:
        """The Crawl-delay for *agent*, 0 where there is none."""
        found = self.parser.crawl_delay(agent) if self.parser is not None else None
        return max(0.0, float(found)) if found is not None else 0.0


def parse_rules(body: bytes) -> Rules:
    """The rules in a robots.txt; never raises: what is no rule is skipped (RFC 9309, 2.2)."""
    from protego import Protego

    text = body.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").replace("\0", "")
    return Rules(Protego.parse(text))
