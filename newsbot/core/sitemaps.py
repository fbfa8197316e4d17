"""Sitemaps and sitemap indexes, streamed.

What comes in: a sitemap's bytes. What goes out: its entries and the further sitemaps it names; a bad ``<loc>`` costs
one entry, a file that is cut gives what stands before the cut. No DTD, no network, no file. Knows no page.
Formats: sitemaps.org 0.9, Google's news extension, plain text with a URL a line.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from newsbot.core.errors import SourceError
from newsbot.core.feeds import MAX_TITLE_CHARS, refuse_dtd
from newsbot.core.urls import clean_url

MAX_URLS: Final = 50_000
MAX_BYTES: Final = 50 * 1024 * 1024
_SITEMAP: Final = re.compile(rb"<(?:[A-Za-z0-9_]{1,20}:)?(urlset|sitemapindex)[\s>]")
_GZIP: Final = b"\x1f\x8b"
_MAX_VALUE_CHARS: Final = 4096
_STEP_BYTES: Final = 64 * 1024
_VALUES: Final = frozenset(("loc", "lastmod", "publication_date", "title"))
# Extensions whose elements have the same names: a photo's title is no headline.
_FOREIGN: Final = re.compile("sitemap-(?:image|video)")


@dataclass(frozen=True, slots=True)
class SitemapEntry:
    """One page: ``date`` is the news extension's publication date, ``lastmod`` what the sitemap says of changes."""

    url: str
    title: str | None = None
    date: str | None = None
    lastmod: str | None = None


@dataclass(slots=True)
class Sitemap:
    """What a sitemap holds, in its own order."""

    entries: list[SitemapEntry] = field(default_factory=list)
    sitemaps: list[SitemapEntry] = field(default_factory=list)
    bad_entries: int = 0
    is_partial: bool = False
    cut: list[str] = field(default_factory=list)


def is_sitemap(head: bytes) -> bool:
    """Whether a document that begins with *head* is a sitemap or an index of sitemaps."""
    return bool(_SITEMAP.search(head[:4096]))


def gunzipped(body: bytes, *, max_bytes: int = MAX_BYTES) -> tuple[bytes, bool]:
    """A ``.xml.gz`` unpacked, up to *max_bytes*, and whether it is whole; other bytes as they are."""
    if not body.startswith(_GZIP):
        return body, True
    stream = zlib.decompressobj(wbits=31)
    try:
        unpacked = stream.decompress(body, max_bytes)
    except zlib.error:
        return b"", False
    return unpacked, stream.eof


def read_sitemap(body: bytes, url: str, *, max_urls: int = MAX_URLS, max_bytes: int = MAX_BYTES) -> Sitemap:
    """The entries of a sitemap, or the sitemaps of an index. Raises `SourceError` when it is neither."""
    body, is_whole = gunzipped(body, max_bytes=max_bytes)
    refuse_dtd(body)
    out = Sitemap(is_partial=not is_whole)
    if body.lstrip()[:4] == b"http":
        _read_lines(body, out, max_urls)
        return out
    if not is_sitemap(body):
        raise SourceError("no sitemap: neither urlset nor sitemapindex, nor a list of URLs")
    for values, is_index in _elements(body, out):
        place = out.sitemaps if is_index else out.entries
        if len(place) >= max_urls:
            out.cut.append("urls")
            break
        entry = _entry(values, url)
        if entry is None:
            out.bad_entries += 1
        else:
            place.append(entry)
    return out


def _read_lines(body: bytes, out: Sitemap, max_urls: int) -> None:
    """Whole URLs only, one a line; the last line of a cut file may be a part of one."""
    if out.is_partial:
        body = body[: body.rfind(b"\n") + 1]
    for line in io.BytesIO(body):
        url = clean_url(line.decode("utf-8", "replace").strip()) if line.strip() else None
        if len(out.entries) >= max_urls:
            out.cut.append("urls")
            return
        if url is not None:
            out.entries.append(SitemapEntry(url))
        elif line.strip():
            out.bad_entries += 1


def _elements(body: bytes, out: Sitemap) -> Iterator[tuple[dict[str, str], bool]]:
    """The texts of each ``url`` or ``sitemap`` element by tag, as they end; what is read is freed at once.

    The parser is never told that the document is over: it would close what a cut left open, and a URL that is
    cut short would pass for a whole one.
    """
    parser = etree.XMLPullParser(events=("end",), recover=True, resolve_entities=False, no_network=True, load_dtd=False)
    values: dict[str, str] = {}
    ended = ""
    for start in range(0, len(body), _STEP_BYTES):
        try:
            parser.feed(body[start : start + _STEP_BYTES])
        except etree.XMLSyntaxError:
            break
        for _, element in parser.read_events():
            if not isinstance(element, etree._Element):  # other events bring other things
                continue
            name = _name(element)
            tag = ended = name.rpartition("}")[2].lower()
            if tag in ("url", "sitemap"):
                yield values, tag == "sitemap"
                values = {}
                _free(element)
            elif tag in _VALUES and tag not in values and not _FOREIGN.search(name):
                values[tag] = _text(element)
    if ended not in ("urlset", "sitemapindex") or parser.feed_error_log:
        out.is_partial = True


def _name(element: etree._Element) -> str:
    """The element's name with its namespace; empty where that holds a lone surrogate, as in `_text`."""
    try:
        return element.tag if isinstance(element.tag, str) else ""
    except UnicodeDecodeError:
        return ""


def _text(element: etree._Element) -> str:
    """The element's own text; empty where it holds a lone surrogate (``&#xD800;``), which libxml2 lets pass."""
    try:
        return (element.text or "").strip()[:_MAX_VALUE_CHARS]
    except UnicodeDecodeError:
        return ""


def _free(element: etree._Element) -> None:
    """Let go of *element* and of what stands before it."""
    element.clear()
    while element.getprevious() is not None:
        parent = element.getparent()
        if parent is None:
            return
        del parent[0]


def _entry(values: dict[str, str], base: str) -> SitemapEntry | None:
    location = values.get("loc")
    url = clean_url(location, base) if location else None
    if url is None:
        return None
    title = " ".join(values.get("title", "").split())[:MAX_TITLE_CHARS]
    return SitemapEntry(url, title or None, values.get("publication_date") or None, values.get("lastmod") or None)
