"""The spider of all news sites: sources in, captures out.

What comes in: arguments, and the answers to what the frontier leases. What goes out: one `Capture` for each answer
or failure, with the links that may be followed. Holds no rule about news: where a run begins is `sources`', what an
answer says is `answers`', and what is asked next is the frontier's.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Request, Response
from twisted.python.failure import Failure

from newsbot.core.errors import ConfigError
from newsbot.core.links import continues
from newsbot.extensions.run import RunExtension, run_of
from newsbot.items.joining import join_pages
from newsbot.items.model import Capture
from newsbot.network.errors import reasons_of
from newsbot.network.gateway import GatewayMiddleware
from newsbot.network.pace import set_pace
from newsbot.sites.loader import load_site
from newsbot.sites.model import Site
from newsbot.spiders.answers import AnswerReader, SourceLimits, validators
from newsbot.spiders.arguments import moment, refuse_unknown, whole_number, words
from newsbot.spiders.following import LinkFilter
from newsbot.spiders.reading import PageReader, unread
from newsbot.spiders.sites import SiteBook
from newsbot.spiders.sources import SOURCE_PRIORITY, Source, named_sites, source_of_url, sources_of_site
from newsbot.storage.base import Entry, Lease

logger = logging.getLogger(__name__)

ARGUMENTS: Final = ("sites", "url", "sections", "since", "until", "max_pages")
# A story of more pages is a book, or a loop.
MAX_STORY_PAGES: Final = 20


class NewsSpider(scrapy.Spider):
    """``scrapy crawl <site>``, ``scrapy crawl news -a sites=a,b`` and ``scrapy crawl news -a url=…``."""

    name = "news"
    # Set for the spider of one site file.
    site_name: str | None = None
    # What a spider of its own takes beside `ARGUMENTS`.
    own_arguments: tuple[str, ...] = ()
    # Set when the spider meets its crawler.
    sites: dict[str, Site]
    book: SiteBook
    sources: tuple[Source, ...]

    def __init__(self, **arguments: Any) -> None:  # Any: what stands behind -a
        super().__init__()
        known = [name for name in ARGUMENTS if name not in ("sites", "url")] if self.site_name else list(ARGUMENTS)
        refuse_unknown(arguments, [*known, *self.own_arguments], self.name)
        self.arguments = arguments
        self._host_pages: Counter[str] = Counter()
        self._pages = 0
        self.max_pages = whole_number("max_pages", arguments.get("max_pages"))
        self.since = moment("since", arguments.get("since"))
        self.until = moment("until", arguments.get("until"))

    @classmethod
    def from_crawler(cls, crawler: Any, *args: Any, **kwargs: Any) -> NewsSpider:  # Any: as Scrapy's own
        spider: NewsSpider = super().from_crawler(crawler, *args, **kwargs)
        folder = crawler.settings.get("NEWSBOT_SITES") or None
        spider.sites = spider.load_sites(folder)
        spider.book = SiteBook(folder, spider.sites)
        spider.sources = tuple(spider.find_sources())
        if not spider.sources:
            raise ConfigError(f"{spider.name}: no section, feed or sitemap to start from")
        return spider

    # -- where to begin --------------------------------------------------------------------------------------

    def load_sites(self, folder: str | None) -> dict[str, Site]:
        """The sites of this run by name. Raises `ConfigError`."""
        if self.site_name:
            return {self.site_name: load_site(self.site_name, folder)}
        return named_sites(words(self.arguments.get("sites")), self.arguments.get("url"), folder)

    def find_sources(self) -> Iterator[Source]:
        """The sources of this run, those that `sections` names where it is given."""
        if given := self.arguments.get("url"):
            yield source_of_url(given, self.book)
        wanted = words(self.arguments.get("sections"))
        for site in self.sites.values():
            yield from sources_of_site(site, wanted)

    async def start(self) -> AsyncIterator[Request]:
        """Enter the sources; requests come from the frontier only."""
        run = run_of(self.crawler)
        try:
            self.open_sources()
        except ConfigError as error:
            run.fail(error)
            return
        self._allow_ports()
        names = sorted({source.site for source in self.sources})
        run.begin(names)
        run.store.set_patterns(self.book.patterns)
        run.health.expected = {site.name: site.expect for site in self.sites.values()}
        self._set_pace()
        self.reader = PageReader(run.store, self.crawler.stats)
        self.answers = AnswerReader(run, self.book, SourceLimits.from_settings(self.settings))
        self.filter = LinkFilter.from_settings(self.settings, self.book, since=self.since, until=self.until)
        entries = [Entry(url=s.url, kind=s.kind, site=s.site, priority=SOURCE_PRIORITY) for s in self.sources]
        added = run.store.add(entries, now=run.now())
        run.entered(added)
        logger.info(
            "%d sources of %d sites: %d new, %d due, %d not yet due",
            len(entries),
            len(names),
            added.new,
            added.due,
            added.waiting,
        )
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    def open_sources(self) -> None:
        """What has to be done before the first source can be read; nothing, where sites serve themselves."""

    @property
    def id_patterns(self) -> dict[str, str]:
        """The id_pattern of each site that has one."""
        return self.book.patterns

    def _set_pace(self) -> None:
        """Give the hosts of a site the pace that its file names; never a faster one than the settings'."""
        for source in self.sources:
            site = self.sites.get(source.site)
            if site is None or (site.limits.delay_s is None and site.limits.concurrency is None):
                continue
            delay_s = max(site.limits.delay_s or 0.0, self.settings.getfloat("DOWNLOAD_DELAY"))
            most = self.settings.getint("CONCURRENT_REQUESTS_PER_DOMAIN")
            host = urlsplit(source.url).hostname or ""
            set_pace(self.crawler, host, delay_s, min(site.limits.concurrency or most, most))

    def _allow_ports(self) -> None:
        """Let the gate pass the sources' own ports."""
        gateway = self.crawler.get_downloader_middleware(GatewayMiddleware)
        if gateway is not None:
            ports = (urlsplit(source.url).port for source in self.sources)
            gateway.source_ports.update(port for port in ports if port is not None)

    # -- what the frontier leases ----------------------------------------------------------------------------

    def make_request(self, lease: Lease) -> Request:
        """The request for a leased URL, on condition that it has changed."""
        headers = {}
        if lease.etag:
            headers["If-None-Match"] = lease.etag
        if lease.last_modified:
            headers["If-Modified-Since"] = lease.last_modified
        meta: dict[str, object] = {"lease": lease, "source_url": lease.url}
        if lease.kind in ("feed", "sitemap"):
            meta["download_maxsize"] = self.settings.getint("NEWSBOT_SOURCE_MAX_BYTES")
        else:
            self._count_page()
        return Request(lease.url, headers=headers, meta=meta, callback=self.parse, errback=self.failed)

    def _count_page(self) -> None:
        """Stop with the last page that may be asked for: once it has come, others would be in flight."""
        self._pages += 1
        if self._pages == self.max_pages:
            run_of(self.crawler).stop("max_pages")

    def parse(self, response: Response, **_: Any) -> Iterator[Capture | Request]:
        """The capture of an answer, or the request for the story's next page."""
        lease: Lease = response.meta["lease"]
        capture = self.capture(response, lease)
        capture.validators = validators(capture, response)
        yield self._whole_story(capture, lease, [response.url]) or self.finished(capture, lease)

    def _whole_story(self, capture: Capture, lease: Lease, pages: list[str]) -> Request | None:
        """The request for the page after *pages* of the same story, under the lease of the first one."""
        offered = [link.url for link in capture.links if link.kind == "next_page"]
        following = next((url for url in offered if continues(pages[-1], url)), None)
        if capture.story is None or following is None:
            return None
        capture.links = [link for link in capture.links if link.kind != "next_page"]
        if len(pages) >= MAX_STORY_PAGES:
            capture.page.cut.append("story_pages")
            return None
        meta = {"lease": lease, "source_url": lease.url, "first": capture, "pages": [*pages, following]}
        return Request(following, meta=meta, callback=self.parse_following, errback=self.failed_following)

    def parse_following(self, response: Response, **_: Any) -> Iterator[Capture | Request]:
        """The story with this page behind it, or the request for the next one."""
        lease: Lease = response.meta["lease"]
        first: Capture = response.meta["first"]
        more = self.capture(response, lease)
        if more.story is None:
            first.page.cut.append("story_pages")
        joined = join_pages(first, more)
        joined.links += [link for link in more.links if link.kind == "next_page"]
        yield self._whole_story(joined, lease, response.meta["pages"]) or self.finished(joined, lease)

    def failed_following(self, failure: Failure) -> Iterator[Capture]:
        """The story as far as it could be read, with a mark."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        first: Capture = request.meta["first"]
        first.page.cut.append("story_pages")
        first.page.notes.append(f"next_page_{reasons_of(_value(failure))[0]}")
        yield self.finished(first, request.meta["lease"])

    def failed(self, failure: Failure) -> Iterator[Capture]:
        """The capture of a request that failed for good."""
        request: Request = failure.request  # type: ignore[attr-defined]  # set by Scrapy
        lease: Lease = request.meta["lease"]
        codes = reasons_of(_value(failure))
        self.crawler.stats.inc_value(f"newsbot/failed/{codes[0]}")
        logger.info("failed (%s): %s", ", ".join(codes), lease.url)
        visit = self.answers.visit(lease, request.url, 0, request.meta.get("redirect_urls", ()))
        yield self.finished(unread(request.url, visit, "failed", *codes), lease)

    def capture(self, response: Response, lease: Lease) -> Capture:
        """What stands in the answer: a page, a feed, a sitemap, nothing new, or why there is nothing."""
        return self.answers.capture(response, lease, self.reader, self._declared_type(lease))

    def _declared_type(self, lease: Lease) -> str | None:
        """What the site file says a page is: its sections, and the pages that follow them, hold no story of their own.

        The further pages of a story never have a lease: they are read under the first one's.
        """
        if lease.kind not in ("section", "next_page") or lease.site not in self.sites:
            return None
        is_home = lease.kind == "section" and urlsplit(lease.url).path in ("", "/")
        return "home" if is_home else "section"

    # -- the end of each -------------------------------------------------------------------------------------

    def finished(self, capture: Capture, lease: Lease) -> Capture:
        """The capture with its site, and only those links that may be followed."""
        page = capture.page
        page.site = self.book.name_of(page.url or lease.url)
        offered = sum(link.kind in ("story", "sitemap") for link in capture.links)
        capture.links, cut = self.filter.followed(capture, lease)
        page.cut += [name for name in cut if name not in page.cut]
        run = run_of(self.crawler)
        if lease.depth == 0 and lease.priority == SOURCE_PRIORITY:
            self._source_ended(run, capture, lease, offered)
        self._count_host(run, lease)
        return capture

    def _count_host(self, run: RunExtension, lease: Lease) -> None:
        """Leave the rest of a host to the next run when it has had its share of this one."""
        site = self.sites.get(lease.site)
        limit = self.settings.getint("NEWSBOT_PAGES_PER_HOST")
        limit = min(limit, site.limits.max_pages or limit) if site else limit
        self._host_pages[lease.host] += 1
        if self._host_pages[lease.host] == limit:
            logger.warning("%s: %d pages, which is its share of a run", lease.host, limit)
            self.crawler.stats.inc_value("newsbot/limit/host_pages")
            drop = getattr(self.crawler.engine.scheduler, "drop_host", None)
            if drop is not None:
                drop(lease.host, run.now())

    def _source_ended(self, run: RunExtension, capture: Capture, lease: Lease, offered: int) -> None:
        page = capture.page
        if page.outcome in ("failed", "rejected") and page.reasons:
            run.source(lease.url, page.reasons[0])
        else:
            run.source(lease.url, "partial" if "partial" in page.notes else "ok")
        if page.outcome not in ("failed", "rejected"):
            run.health.source_read(lease.site, lease.url, None if page.outcome == "not_modified" else offered)


def _value(failure: Failure) -> BaseException:
    error: BaseException = failure.value  # type: ignore[assignment]  # a failure without one is none
    return error
