"""What Scrapy itself logs: no line a page, and never a body, a header or an item.

What comes in: events of the engine. What goes out: parameters of a log line, or ``None``. Text that came from a site
is shown without control characters, which a terminal would obey.
"""

from __future__ import annotations

import logging
from typing import Any, cast

from scrapy import Spider
from scrapy.http import Request, Response
from scrapy.logformatter import LogFormatter, LogFormatterResult
from twisted.python.failure import Failure

_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 8234, 8238, 8294, 8297), "�")


class QuietLogFormatter(LogFormatter):
    """Says in one line what went wrong; what went well is counted elsewhere."""

    def crawled(self, request: Request, response: Response, spider: Spider) -> LogFormatterResult:
        """Nothing: the progress line and the run record say it."""
        return _nothing()

    def scraped(self, item: Any, response: Response | Failure | None, spider: Spider) -> LogFormatterResult:
        """Nothing."""
        return _nothing()

    def dropped(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """The reason, without the item."""
        return _line(logging.WARNING, "an item was dropped: %(error)s", error=shown(str(exception)))

    def item_error(
        self, item: Any, exception: BaseException, response: Response | Failure | None, spider: Spider
    ) -> LogFormatterResult:
        """The error, without the item."""
        return _line(logging.ERROR, "storing a page failed: %(error)s", error=shown(str(exception)))

    def spider_error(
        self, failure: Failure, request: Request, response: Response | Failure, spider: Spider
    ) -> LogFormatterResult:
        """The page and the error."""
        values = {"url": shown(request.url), "error": shown(str(failure.value))}
        return _line(logging.ERROR, "reading %(url)s failed: %(error)s", **values)

    def download_error(
        self, failure: Failure, request: Request, spider: Spider, errmsg: str | None = None
    ) -> LogFormatterResult:
        """The page and the error."""
        values = {"url": shown(request.url), "error": shown(str(failure.value))}
        return _line(logging.ERROR, "fetching %(url)s failed: %(error)s", **values)


def shown(text: str, max_chars: int = 300) -> str:
    """*text* as it may stand in a log or on a terminal: one line, no escapes, not without end.

    >>> shown("a\\x1b]0;title\\x07b")
    'a\ufffd]0;title\ufffdb'
    """
    return text.translate(_CONTROLS)[:max_chars]


def _line(level: int, message: str, **values: str) -> LogFormatterResult:
    return {"level": level, "msg": message, "args": dict(values)}


def _nothing() -> LogFormatterResult:
    # Scrapy takes None for "no line"; its own annotation does not say so.
    return cast(LogFormatterResult, None)
