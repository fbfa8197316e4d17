"""From an answer to a `Capture`, whatever the answer is: the page boundary of the crawl.

What comes in: bytes, a URL and a `Visit`, or an error. What goes out: always a `Capture`; what cannot be read
becomes one without a story, with its reason. Knows the store only as the place where a page is named before it
is parsed, so that one which never ends is found at the next start.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from scrapy.statscollectors import StatsCollector

from newsbot.core.errors import ExtractionError
from newsbot.items.model import Capture, PageVisit
from newsbot.storage.base import Store

if TYPE_CHECKING:
    from newsbot.extract import Visit

logger = logging.getLogger(__name__)

# So many exceptions of one run are told one by one.
MAX_TOLD = 10

Extract = Callable[[bytes, str, "Visit"], Capture]


class PageReader:
    """Reads pages one after the other; an exception of ours costs one page, never the run."""

    def __init__(self, store: Store, stats: StatsCollector, extract: Extract | None = None) -> None:
        self.store = store
        self.stats = stats
        self.extract = extract or _extract

    def read(self, body: bytes, url: str, visit: Visit) -> Capture:
        """The page's capture. A page that cannot be read is ``rejected``, one that meets a bug of ours ``failed``.

        One that has hung often enough is not read at all.
        """
        if self.store.is_poison(url):
            self.stats.inc_value("newsbot/page/poison")
            return unread(url, visit, "failed", "poison")
        self.store.parsing(url)
        try:
            return self.extract(body, url, visit)
        except Exception as error:
            return self.unread(error, url, visit)
        finally:
            self.store.parsed()

    def unread(self, error: Exception, url: str, visit: Visit) -> Capture:
        """The capture of a page whose extraction raised *error*; what is no `ExtractionError` is a bug, and told."""
        if isinstance(error, ExtractionError):
            return unread(url, visit, "rejected", error.code)
        self._bug(url)
        return unread(url, visit, "failed", "bug")

    def _bug(self, url: str) -> None:
        """Count it; the first of a run is told with its traceback, some with a line, all in the pages' records."""
        seen = self.stats.get_value("newsbot/page/bugs", 0)
        self.stats.inc_value("newsbot/page/bugs")
        if seen < MAX_TOLD:
            logger.error("reading a page raised an exception: %s", url, exc_info=not seen)


def unread(url: str, visit: Visit, outcome: str, *reasons: str) -> Capture:
    """The capture of a page that was not read."""
    return Capture(
        page=PageVisit(
            url=url,
            requested_url=visit.requested_url or url,
            redirects=list(visit.redirects),
            status=visit.status or None,
            outcome=outcome,
            reasons=list(reasons),
            content_type=visit.content_type,
            fetched_at=visit.fetched_at,
            run_id=visit.run_id,
        )
    )


def _extract(body: bytes, url: str, visit: Visit) -> Capture:
    """See `read_capture`, which is imported by the first page: the models and tables of extraction take longer to
    load than the rest of newsbot, and the first request has gone out by then.
    """
    from newsbot.extract import read_capture

    return read_capture(body, url, visit)
