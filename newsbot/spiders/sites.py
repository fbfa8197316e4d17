"""Which site a page belongs to, asked once a page.

What comes in: URLs. What goes out: the site's name and hints. A page belongs to the site of its host, whichever
spider fetched it; without a site file the registrable domain is the site's name. Reads site files, each once.
"""

from __future__ import annotations

import datetime as dt

from newsbot.core.hints import SiteHints
from newsbot.core.urls import host_of, registrable_domain, same_host_family
from newsbot.sites.loader import SiteIndex, load_site
from newsbot.sites.model import Site

_NO_SITE = SiteHints()


class SiteBook:
    """The site files that a run meets; *sites* are those it was given by itself (the demo's, on its port)."""

    def __init__(self, folder: str | None = None, sites: dict[str, Site] | None = None) -> None:
        self._folder = folder
        self._index = SiteIndex(folder)
        self._sites: dict[str, Site] = {}
        # The id_pattern of each site met so far.
        self.patterns: dict[str, str] = {}
        for site in (sites or {}).values():
            self._keep(site)
        self._hints: dict[tuple[str, dt.date], SiteHints] = {}

    def name_of(self, url: str) -> str:
        """The name of the page's site."""
        host = host_of(url)
        return self._index.site_of_host(host) or registrable_domain(host)

    def site_of(self, url: str) -> Site | None:
        """The site file of the page's host."""
        name = self._index.site_of_host(host_of(url))
        if name is None:
            return None
        if name not in self._sites:
            self._keep(load_site(name, self._folder))
        return self._sites[name]

    def _keep(self, site: Site) -> None:
        self._sites[site.name] = site
        if site.id_pattern is not None:
            self.patterns[site.name] = site.id_pattern

    def hints(self, url: str, day: dt.date) -> SiteHints:
        """What the site file says of a page fetched on *day*."""
        site = self.site_of(url)
        if site is None:
            return _NO_SITE
        key = (site.name, day)
        if key not in self._hints:
            if len(self._hints) > 4096:  # an archive of many sites and days
                self._hints.clear()
            self._hints[key] = site.hints(day)
        return self._hints[key]

    def belong_together(self, source_url: str, url: str) -> bool:
        """Whether a source may send us to *url*: the same site by file or by registrable domain."""
        source, host = host_of(source_url), host_of(url)
        if same_host_family(source, host):
            return True
        site = self.site_of(source_url)
        return site is not None and site.owns(host)
