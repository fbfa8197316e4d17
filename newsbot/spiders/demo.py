"""``scrapy crawl demo``: the embedded newsroom, served and crawled.

What comes in: the edition to serve. What goes out: the captures of `NewsSpider`. Starts the newsroom itself, opens
the guard for its address and port only, and asks without delay: it is our own server.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals

from newsbot.demo.newsroom import Newsroom, open_newsroom
from newsbot.extensions.run import run_of
from newsbot.network.gateway import PeerMiddleware
from newsbot.spiders.arguments import whole_number
from newsbot.spiders.news import NewsSpider
from newsbot.spiders.sites import SiteBook


class DemoSpider(NewsSpider):
    """The spider of the site ``demo``."""

    name = "demo"
    site_name = "demo"
    own_arguments = ("edition",)
    asks_the_world = False
    newsroom: Newsroom
    custom_settings = {  # noqa: RUF012  # declared by Scrapy as an instance's
        "DOWNLOAD_DELAY": 0,
        "NEWSBOT_RECHECK_ALWAYS": True,  # editions are hours apart, and crawled seconds apart
        "NEWSBOT_RETRY_BASE_S": 0.2,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 8,
    }

    def __init__(self, edition: str | None = None, **arguments: Any) -> None:
        super().__init__(**arguments)
        self.edition = whole_number("edition", edition)

    def open_sources(self) -> None:
        """Serve the edition, and open the guard for it; the store is locked by now, so nobody else serves it."""
        run = run_of(self.crawler)
        state = Path(self.settings["NEWSBOT_OUTPUT"], ".newsbot")
        self.newsroom = open_newsroom(state, self.edition)
        self.crawler.signals.connect(self.close_newsroom, signals.spider_closed)
        parts = urlsplit(self.newsroom.base_url)
        guard = self.crawler.get_downloader_middleware(PeerMiddleware)
        if guard is not None and parts.port is not None:
            guard.guard.policy.open(str(parts.hostname), parts.port)
        self.sites = {name: site.at(self.newsroom.base_url) for name, site in self.sites.items()}
        self.book = SiteBook(self.settings.get("NEWSBOT_SITES") or None, self.sites)
        self.sources = tuple(self.find_sources())
        run.record.reasons.append(f"edition {self.newsroom.edition}")

    def close_newsroom(self) -> None:
        """Stop serving."""
        self.newsroom.close()
