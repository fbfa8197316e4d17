"""A few pages fetched for a command, by the crawl's own network line: guard, robots.txt, pace, limits.

What comes in: settings, and work that asks for pages one after the other. What goes out: what the work returns.
Nothing is stored. Imports Scrapy's machinery when it is used: other commands start without it.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from newsbot.core.errors import ConfigError

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import Settings

T = TypeVar("T")

# A person waits for a page or two: no store, no frontier, one try.
_SETTINGS: dict[str, Any] = {  # Any: what settings hold
    "SCHEDULER": "scrapy.core.scheduler.Scheduler",
    "ITEM_PIPELINES": {},
    "EXTENSIONS": {"scrapy.extensions.telnet.TelnetConsole": None},
    "RETRY_TIMES": 0,
}


@dataclass(frozen=True, slots=True)
class Fetched:
    """One answer, or none: then ``status`` is 0 and ``reason`` says why."""

    requested_url: str
    url: str
    status: int
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: str = ""
    reason: str | None = None

    @property
    def is_good(self) -> bool:
        """Whether it is a page as asked for."""
        return 200 <= self.status < 300


Fetch = Callable[[str], Awaitable[Fetched]]


def with_fetcher(settings: Settings, work: Callable[[Fetch], Awaitable[T]]) -> T:
    """What *work* makes of the pages it asks for. Once a process: a reactor starts once.

    Raises `ConfigError` where nothing may be asked (no contact), and what *work* raises.
    """
    from scrapy import Request, Spider
    from scrapy.crawler import AsyncCrawlerProcess

    from newsbot.extensions.numbers import refuse_bad_numbers, refuse_unknown_settings, refuse_unknown_variables

    refuse_unknown_settings(settings)
    refuse_unknown_variables()
    refuse_bad_numbers(settings)
    results: list[T] = []
    errors: list[BaseException] = []

    class FetchSpider(Spider):
        """Does the work in place of a crawl."""

        name = "fetch"
        custom_settings = _SETTINGS

        async def start(self) -> AsyncIterator[Request]:
            async def fetch(url: str) -> Fetched:
                return await _fetch(self.crawler.engine.download_async, Request(url, dont_filter=True))

            try:
                results.append(await work(fetch))
            except Exception as error:  # raised again by with_fetcher, where the command can see it
                errors.append(error)
            no_requests: tuple[Request, ...] = ()
            for request in no_requests:
                yield request

    settings = settings.copy()
    # Above the project's level, which is that of a crawl, and below what the command line says.
    settings.set("LOG_LEVEL", "WARNING", "spider")
    settings.set("SPIDER_LOADER_CLASS", "scrapy.spiderloader.DummySpiderLoader", "cmdline")
    process = AsyncCrawlerProcess(settings)
    task = process.crawl(FetchSpider)
    process.start(install_signal_handlers=False)
    if task.done() and not task.cancelled() and (error := task.exception()) is not None:
        errors.append(error)
    if errors:
        raise errors[0]
    if not results:
        raise ConfigError("nothing was fetched; the log says why")
    return results[0]


async def _fetch(download: Callable[[Request], Awaitable[Response]], request: Request) -> Fetched:
    from newsbot.network.errors import reason_of

    try:
        response = await download(request)
    except Exception as error:  # a page boundary: every fault of the network becomes the page's reason
        return Fetched(request.url, request.url, 0, reason=reason_of(error))
    headers = {
        name.decode("latin-1").lower(): (response.headers.get(name) or b"").decode("latin-1")
        for name in response.headers
    }
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return Fetched(request.url, response.url, response.status, response.body, headers, now)
