"""A site as data: where its stories are offered, and what its pages do not say of themselves.

What comes in: the tables of one TOML file. What goes out: `Site`, checked; a mistake is a `ConfigError` that names
the key and the nearest good one. Knows no files, no network and no Scrapy.
"""

from __future__ import annotations

import datetime as dt
import difflib
from collections.abc import Iterator, Mapping
from typing import Annotated, Any
from urllib.parse import urljoin, urlsplit

import msgspec

from newsbot.core.article_ids import compile_id_pattern
from newsbot.core.errors import ConfigError
from newsbot.core.hints import SELECTOR_ROLES, SiteHints

Share = Annotated[float, msgspec.Meta(ge=0.0, le=1.0)]
Count = Annotated[int, msgspec.Meta(ge=0)]
Positive = Annotated[int, msgspec.Meta(ge=1)]
Seconds = Annotated[float, msgspec.Meta(ge=0.0, le=86400.0)]

URL_KEYS = ("sections", "feeds", "news_sitemaps", "sitemaps")


class Selectors(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """CSS selectors (see `newsbot.core.select`) for pages made since ``valid_from``; each is optional."""

    valid_from: dt.date = dt.date.min
    headline: str | None = None
    body: str | None = None
    byline: str | None = None
    date: str | None = None
    caption: str | None = None
    teaser: str | None = None
    ignore: str | None = None


class Expect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a healthy run of the site shows; less is exit code 3.

    ``story_links``: how many its sources offer at least, known ones included. ``fields``: the share of its
    stories that have the field.
    """

    story_links: Count | None = None
    fields: Mapping[str, Share] = msgspec.field(default_factory=dict)


class Limits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of this site where they differ from the settings; a site file can only be more careful or name a pace."""

    max_pages: Positive | None = None
    max_depth: Count | None = None
    delay_s: Seconds | None = None
    concurrency: Annotated[int, msgspec.Meta(ge=1, le=16)] | None = None


class Site(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One site file. ``name`` is the file's stem: the spider's name and ``site`` in every record.

    ``domain`` and ``hosts`` own their subdomains too. Lists keep the order of the file and hold no URL twice.
    """

    domain: str
    name: str = ""
    publisher: str | None = None
    hosts: tuple[str, ...] = ()
    country: Annotated[str, msgspec.Meta(pattern="^[a-z]{2}$")] | None = None
    language: Annotated[str, msgspec.Meta(pattern="^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}$")] | None = None
    time_zone: str | None = None
    sections: tuple[str, ...] = ()
    feeds: tuple[str, ...] = ()
    news_sitemaps: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    id_pattern: str | None = None
    selectors: tuple[Selectors, ...] = ()
    expect: Expect = Expect()
    limits: Limits = Limits()

    def owns(self, host: str) -> bool:
        """Whether pages of *host* (lower case, no port) belong to this site."""
        return any(host == own or host.endswith("." + own) for own in (self.domain, *self.hosts))

    def sources(self) -> Iterator[tuple[str, str]]:
        """(kind, URL) of all sources; kinds are ``section``, ``feed``, ``news_sitemap``, ``sitemap``."""
        for key in URL_KEYS:
            for url in getattr(self, key):
                yield key.removesuffix("s"), url

    def at(self, base_url: str) -> Site:
        """The same site with its relative URLs below *base_url*."""
        return msgspec.structs.replace(
            self, **{key: tuple(urljoin(base_url, url) for url in getattr(self, key)) for key in URL_KEYS}
        )

    def selectors_on(self, day: dt.date) -> Selectors | None:
        """The selectors for a page fetched on *day*: the latest that were valid by then."""
        valid = [selectors for selectors in self.selectors if selectors.valid_from <= day]
        return max(valid, key=lambda selectors: selectors.valid_from, default=None)

    def hints(self, day: dt.date) -> SiteHints:
        """What extraction may know of a page of this site fetched on *day*."""
        chosen = self.selectors_on(day)
        return SiteHints(
            site=self.name,
            publisher=self.publisher,
            language=self.language,
            time_zone=self.time_zone,
            id_pattern=self.id_pattern,
            selectors=_compiled(chosen) if chosen is not None else {},
        )


def site_from_tables(tables: Mapping[str, Any], name: str) -> Site:  # Any: what a TOML file holds
    """The site *name* from the tables of its file. Raises `ConfigError`."""
    _check_keys(tables, Site, "")
    if "name" in tables:
        raise ConfigError("name: a site's name is its file's, without .toml; the publisher's goes to 'publisher'")
    try:
        site = msgspec.convert({**tables, "name": name}, Site, strict=True)
    except msgspec.ValidationError as error:
        raise ConfigError(_readable(error)) from error
    _check_values(site)
    return site


def _compiled(selectors: Selectors) -> dict[str, Any]:  # Any: Selector, whose module loads cssselect only if used
    from newsbot.core.select import compile_selector

    texts = {role: getattr(selectors, role) for role in SELECTOR_ROLES}
    return {role: compile_selector(css) for role, css in texts.items() if css is not None}


def _check_keys(table: Mapping[str, Any], shape: type[msgspec.Struct], where: str) -> None:
    """Raise for a key that *shape* does not have, with the nearest that it has."""
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    known = [key for key in fields if not (shape is Site and key == "name")]
    for key, value in table.items():
        if key not in fields:
            near = difflib.get_close_matches(key, known, 1)
            hint = f"; did you mean {where}{near[0]}?" if near else f"; known are {', '.join(known)}"
            raise ConfigError(f"{where}{key}: unknown key{hint}")
        for part, inner in (("selectors", Selectors), ("expect", Expect), ("limits", Limits)):
            if shape is Site and key == part:
                for entry in value if isinstance(value, list) else [value]:
                    if isinstance(entry, Mapping):
                        _check_keys(entry, inner, f"{key}.")


def _readable(error: msgspec.ValidationError) -> str:
    """msgspec's message with the key in front, as the file writes it."""
    message, _, path = str(error).partition(" - at `$.")
    return f"{path.rstrip('`')}: {message}" if path else message


def _check_values(site: Site) -> None:
    """Raise for what the types cannot tell."""
    if not site.domain or "/" in site.domain or ":" in site.domain or site.domain != site.domain.lower():
        raise ConfigError(f"domain: {site.domain!r} is no host name; write it as in 'example.org'")
    if site.time_zone is not None:
        _check_time_zone(site.time_zone)
    if site.id_pattern is not None:
        compile_id_pattern(site.id_pattern)
    for key in URL_KEYS:
        _check_urls(key, getattr(site, key), may_be_relative=site.domain == "127.0.0.1")
    _check_expected_fields(site.expect.fields)
    for selectors in site.selectors:
        _compiled(selectors)


def _check_time_zone(name: str) -> None:
    import zoneinfo

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:
        near = difflib.get_close_matches(name, sorted(zoneinfo.available_timezones()), 1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigError(f"time_zone: {name!r} is no IANA time zone{hint}") from error


def _check_urls(key: str, urls: tuple[str, ...], *, may_be_relative: bool) -> None:
    if len(set(urls)) != len(urls):
        raise ConfigError(f"{key}: a URL stands twice")
    for url in urls:
        try:
            parts = urlsplit(url)
        except ValueError as error:
            raise ConfigError(f"{key}: {url!r}: {error}") from error
        if parts.scheme in ("http", "https") and parts.hostname and "@" not in parts.netloc:
            continue
        if may_be_relative and not parts.scheme and not parts.netloc and url.startswith("/"):
            continue
        raise ConfigError(f"{key}: {url!r} is no http or https URL")


def _check_expected_fields(fields: Mapping[str, float]) -> None:
    from dataclasses import fields as record_fields

    from newsbot.items.model import Story

    known = [field.name for field in record_fields(Story)]
    for name in fields:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigError(f"expect.fields.{name}: a story has no such field{hint}")
