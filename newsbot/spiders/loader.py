"""A spider for each site file: what ``scrapy crawl <site>`` finds.

What comes in: the settings. What goes out: spider classes: those of ``SPIDER_MODULES``, newsbot's own, and one made
for each site file. Newsbot's are imported when they are asked for: the demo's templates and the archives' worker pool
are no concern of a crawl. Knows where site files are, not what stands in them.
"""

from __future__ import annotations

from importlib import import_module
from typing import Final, Self

import scrapy
from scrapy.settings import BaseSettings
from scrapy.spiderloader import SpiderLoader

from newsbot.core.errors import ConfigError
from newsbot.sites.loader import site_names

# Name of the spider: (module, class).
OWN: Final = {
    "archive": ("newsbot.spiders.archive", "ArchiveSpider"),
    "demo": ("newsbot.spiders.demo", "DemoSpider"),
    "news": ("newsbot.spiders.news", "NewsSpider"),
}
_OTHERWISE: Final = "`scrapy probe https://…` writes a site file, `scrapy crawl news -a url=https://…` needs none"


class SiteSpiderLoader(SpiderLoader):
    """Scrapy's spider loader, which also knows the site files."""

    def __init__(self, settings: BaseSettings) -> None:
        super().__init__(settings)
        self.folder: str | None = settings.get("NEWSBOT_SITES") or None

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> Self:
        return cls(settings)

    def load(self, spider_name: str) -> type[scrapy.Spider]:
        """The spider of that name. Raises `KeyError`, which names the nearest good names."""
        if spider_name in self._spiders:
            return self._spiders[spider_name]
        if spider_name in OWN:
            return own_spider(spider_name)
        if spider_name not in site_names(self.folder):
            raise KeyError(f"no spider and no site file {spider_name!r}{self._nearest(spider_name)}; {_OTHERWISE}")
        return site_spider(spider_name)

    def list(self) -> list[str]:
        """The names of all spiders and site files."""
        return sorted({*self._spiders, *OWN, *site_names(self.folder)})

    def _nearest(self, name: str) -> str:
        from difflib import get_close_matches

        found = get_close_matches(name, self.list(), n=3)
        return f"; did you mean {', '.join(found)}?" if found else "; `scrapy list` shows all"


def own_spider(name: str) -> type[scrapy.Spider]:
    """One of newsbot's own spiders."""
    module, class_name = OWN[name]
    spider: type[scrapy.Spider] = getattr(import_module(module), class_name)
    return spider


def site_spider(name: str) -> type[scrapy.Spider]:
    """The spider class of the site file *name*."""
    if not name:
        raise ConfigError("a site needs a name")
    return type("SiteSpider", (own_spider("news"),), {"name": name, "site_name": name, "__module__": __name__})
