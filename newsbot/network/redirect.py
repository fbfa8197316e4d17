"""Redirects: few hops, within the site, to what may be asked.

What comes in: answers 301 to 308. What goes out: the next request under the same lease, or `Refused`. Knows the
spider only as the one who says which hosts belong together.
"""

from __future__ import annotations

from typing import Final, Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from newsbot.core.urls import clean_url, is_same_site
from newsbot.network.errors import Refused

_STATUSES: Final = frozenset((301, 302, 303, 307, 308))


class RedirectMiddleware:
    """Follows at most *max_hops* redirects; robots.txt may lead elsewhere, pages only within their site."""

    def __init__(self, crawler: Crawler, max_hops: int) -> None:
        self.crawler = crawler
        self.max_hops = max_hops

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(crawler, crawler.settings.getint("REDIRECT_MAX_TIMES"))

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """The answer, or the request for where it leads. Raises `Refused`."""
        location = response.headers.get(b"Location")
        if response.status not in _STATUSES or location is None:
            return response
        hops = request.meta.get("redirect_times", 0) + 1
        if hops > self.max_hops:
            raise Refused("redirects", f"more than {self.max_hops}")
        url = clean_url(location.decode("utf-8", "replace"), request.url)
        if url is None:
            raise Refused("redirect_url")
        if not request.meta.get("robots") and not self._is_allowed(request, url):
            raise Refused("redirect_foreign", url[:200])
        redirected = request.replace(url=url)
        redirected.meta["redirect_times"] = hops
        redirected.meta["redirect_urls"] = [*request.meta.get("redirect_urls", ()), request.url]
        redirected.meta.pop("download_slot", None)
        return redirected

    def _is_allowed(self, request: Request, url: str) -> bool:
        origin = request.meta.get("source_url", request.url)
        book = getattr(self.crawler.spider, "book", None)
        return bool(book.belong_together(origin, url)) if book is not None else is_same_site(origin, url)
