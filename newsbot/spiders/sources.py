"""Where a run begins: the sites and sources that the arguments of a spider name.

What comes in: the arguments' text and site files. What goes out: sites by name and `Source`s in their order, or a
`ConfigError` that says what would be right. Asks nobody.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from newsbot.core.errors import ConfigError
from newsbot.core.urls import clean_url
from newsbot.sites.loader import load_sites
from newsbot.sites.model import Site
from newsbot.spiders.sites import SiteBook

# Sources first, then what they offer in their order: a run that is cut short has at least seen every source.
SOURCE_PRIORITY: Final = 100
_KINDS: Final = {"section": "section", "feed": "feed", "news_sitemap": "sitemap", "sitemap": "sitemap"}


@dataclass(frozen=True, slots=True)
class Source:
    """Where a run begins: a section, a feed or a sitemap of *site*."""

    url: str
    kind: str
    site: str


def named_sites(names: Sequence[str], url: str | None, folder: str | None) -> dict[str, Site]:
    """The sites that ``-a sites=`` names; none for ``-a url=``. Raises `ConfigError`."""
    if bool(names) == bool(url):
        raise ConfigError("one of -a sites=a,b,c (or sites=all) and -a url=https://… is wanted")
    if url:
        return {}
    return load_sites(None if tuple(names) == ("all",) else names, folder)


def source_of_url(given: str, book: SiteBook) -> Source:
    """The source that ``-a url=`` names. Raises `ConfigError`."""
    url = clean_url(given if "://" in given else f"https://{given}")
    if url is None:
        raise ConfigError(f"-a url={given}: no http or https URL")
    return Source(url, "section", book.name_of(url))


def sources_of_site(site: Site, sections: Sequence[str]) -> Iterator[Source]:
    """The sources of *site*, those that *sections* names where any are given. Raises `ConfigError`."""
    sources = [Source(url, _KINDS[kind], site.name) for kind, url in site.sources()]
    chosen = [source for source in sources if _is_wanted(source, sections)]
    if sections and not chosen:
        names = ", ".join(_section_name(source.url) for source in sources if source.kind == "section")
        raise ConfigError(f"-a sections={','.join(sections)}: {site.name} has {names or 'no sections'}")
    yield from chosen


def _is_wanted(source: Source, sections: Sequence[str]) -> bool:
    return not sections or (source.kind == "section" and bool({source.url, _section_name(source.url)} & {*sections}))


def _section_name(url: str) -> str:
    """A section's name on the command line: its path without slashes, ``home`` for the root."""
    return urlsplit(url).path.strip("/") or "home"
