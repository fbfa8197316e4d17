"""Feeds and sitemaps, whole and damaged."""

from __future__ import annotations

import gzip
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.core.errors import SourceError
from newsbot.core.feeds import MAX_BYTES, FeedEntry, is_feed, read_feed
from newsbot.core.sitemaps import SitemapEntry, gunzipped, read_sitemap

URL = "https://paper.example/"
ATOM = b"""<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"><title>Paper</title>
<entry><title type="html">Pier &amp;amp; harbour</title><link href="/a-1"/>
<published>2026-11-22T10:00:00+01:00</published></entry><entry><title>No link</title></entry></feed>"""
NEWS = (
    b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    b' xmlns:news="http://www.google.com/schemas/sitemap-news/0.9" xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">'
    b"<url><loc> https://paper.example/a-1 </loc><lastmod>2026-11-22</lastmod><image:image><image:loc>https://x.example/i.jpg"
    b"</image:loc><image:title>Photo</image:title></image:image><news:news><news:publication><news:name>P</news:name>"
    b"</news:publication><news:publication_date>2026-11-21T08:00:00Z</news:publication_date><news:title>Pier</news:title>"
    b"</news:news></url><url><loc>https://paper.example/b-2</loc></url></urlset>"
)


def _urlset(*locations: str) -> bytes:
    entries = "".join(f"<url><loc>{location}</loc></url>" for location in locations)
    return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()


def test_atom_entries_with_titles_and_dates() -> None:
    feed = read_feed(ATOM, URL)
    assert feed.entries == (FeedEntry("https://paper.example/a-1", "Pier & harbour", "2026-11-22T09:00:00+00:00"),)
    assert (feed.title, feed.bad_entries, feed.is_partial) == ("Paper", 1, False)


def test_dates_that_cannot_be_are_none() -> None:
    item = "<item><title>T</title><link>https://paper.example/a</link><pubDate>{}</pubDate></item>"
    dates = ["soon", "Thu, 99 Foo 2026 99:99:99 GMT", ""]
    body = f"<rss version='2.0'><channel>{''.join(item.format(date) for date in dates)}</channel></rss>".encode()
    assert [entry.date for entry in read_feed(body, URL).entries] == [None, None, None]


@pytest.mark.parametrize("body", [b"", b"<html><body>no feed</body></html>", b"\0\1\2", b"{}"])
def test_what_is_no_feed_raises(body: bytes) -> None:
    with pytest.raises(SourceError):
        read_feed(body, URL)


@pytest.mark.parametrize("read", [read_feed, read_sitemap])
def test_document_type_is_refused(read) -> None:
    with pytest.raises(SourceError, match="document type"):
        read(b'<!DOCTYPE r [<!ENTITY a "b">]><rss><channel/></rss>', URL)


def test_kinds_are_told_by_their_first_element() -> None:
    assert is_feed(ATOM) and is_feed(b"<?xml version='1.0'?><rdf:RDF xmlns:rdf='x'>")
    assert not is_feed(b"<html><head><link type='application/rss+xml'></head>" + b"x" * 600 + b"<rss ")
    assert not is_feed(NEWS)


def test_news_sitemap_keeps_its_own_titles_and_dates() -> None:
    found = read_sitemap(NEWS, URL)
    assert found.entries == [
        SitemapEntry("https://paper.example/a-1", "Pier", "2026-11-21T08:00:00Z", "2026-11-22"),
        SitemapEntry("https://paper.example/b-2"),
    ]
    assert (found.bad_entries, found.is_partial) == (0, False)


def test_bad_location_costs_one_entry() -> None:
    found = read_sitemap(_urlset("https://paper.example/a", "http://[broken", "", "file:///etc/passwd", "/b"), URL)
    assert [entry.url for entry in found.entries] == ["https://paper.example/a", "https://paper.example/b"]
    assert found.bad_entries == 3


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_cut_sitemap_gives_what_stands_before_the_cut(share: float) -> None:
    urls = [f"https://paper.example/{n}" for n in range(50)]
    whole = _urlset(*urls)
    found = read_sitemap(whole[: int(len(whole) * share)], URL)
    assert found.is_partial
    assert found.entries and [entry.url for entry in found.entries] == urls[: len(found.entries)]


def test_no_cut_leaves_a_shorter_url() -> None:
    """A document cut within an entry gives the entries before it, never a part of a URL."""
    urls = ["https://paper.example/story-1", "https://paper.example/story-22"]
    items = "".join(f"<item><title>T</title><link>{url}</link></item>" for url in urls)
    feed = f"<rss version='2.0'><channel><title>P</title>{items}</channel></rss>".encode()
    for read, body in ((read_feed, feed), (read_sitemap, _urlset(*urls))):
        for end in range(len(body)):
            try:
                found = read(body[:end], URL)
            except SourceError:
                continue
            assert found.is_partial or end > len(body) - 7
            assert [entry.url for entry in found.entries] in ([], urls[:1], urls)


def test_reference_to_a_surrogate_costs_one_entry() -> None:
    bad = "https://paper.example/&#xD800;"
    found = read_sitemap(_urlset(bad, "https://paper.example/b"), URL)
    assert ([entry.url for entry in found.entries], found.bad_entries) == (["https://paper.example/b"], 1)
    feed = f"<rss><channel><item><title>a &#55296;</title><link>{bad}</link></item></channel></rss><broken".encode()
    assert [entry.title for entry in read_feed(feed, URL).entries] == ["a \ufffd"]


def test_more_urls_than_allowed_are_cut_with_a_mark() -> None:
    found = read_sitemap(_urlset(*(f"/{n}" for n in range(30))), URL, max_urls=20)
    assert (len(found.entries), found.cut) == (20, ["urls"])


def test_packed_sitemap_is_unpacked_up_to_its_limit() -> None:
    packed = gzip.compress(_urlset("/a"))
    assert [entry.url for entry in read_sitemap(packed, URL).entries] == ["https://paper.example/a"]
    body, is_whole = gunzipped(gzip.compress(b"a" * 10_000), max_bytes=100)
    assert (len(body), is_whole) == (100, False)


def test_index_names_sitemaps() -> None:
    body = (
        _urlset("/a.xml")
        .replace(b"urlset", b"sitemapindex")
        .replace(b"<url>", b"<sitemap>")
        .replace(b"</url>", b"</sitemap>")
    )
    found = read_sitemap(body, URL)
    assert ([entry.url for entry in found.sitemaps], found.entries) == (["https://paper.example/a.xml"], [])


def test_list_of_urls_is_a_sitemap_too() -> None:
    found = read_sitemap(b"https://paper.example/a\n\nhttps://paper.example/b\r\n", URL)
    assert [entry.url for entry in found.entries] == ["https://paper.example/a", "https://paper.example/b"]


@given(st.binary(max_size=400))
def test_no_bytes_do_harm(body: bytes) -> None:
    for read in (read_feed, read_sitemap):
        for source in (body, b"<rss><channel>" + body, b"<urlset><url><loc>" + body):
            try:
                read(source, URL)
            except SourceError:
                continue


def test_entries_over_the_limit_are_never_parsed() -> None:
    """Half a million entries take no longer than the thousand that count."""
    item = "<item><title>Ferry {0}</title><link>https://p.test/{0}</link></item>"
    items = "".join(item.format(number) for number in range(30_000))
    body = f'<rss version="2.0"><channel><title>Paper</title>{items}</channel></rss>'.encode()
    steps = read_steps(body, "https://p.test/feed", max_entries=20)
    assert steps < 50_000
    feed = read_feed(body, "https://p.test/feed", max_entries=20)
    assert [entry.url for entry in feed.entries] == [f"https://p.test/{number}" for number in range(20)]
    assert (feed.cut, feed.is_partial) == (("entries",), False)


def read_steps(body: bytes, url: str, *, max_entries: int) -> int:
    """How many calls `read_feed` makes: a measure of work that no clock disturbs."""
    calls = 0

    def count(frame: object, event: str, argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    sys.setprofile(count)
    try:
        read_feed(body, url, max_entries=max_entries)
    finally:
        sys.setprofile(None)
    return calls


def test_one_token_without_end_is_read_as_far_as_a_feed_goes() -> None:
    """The XML parser's time grows with the square of a token: 40 MiB took it over a minute."""
    with pytest.raises(SourceError, match="no feed"):
        read_feed(b"a" * (MAX_BYTES * 10), "https://p.test/feed")
    assert read_feed(b'<rss><channel a="' + b"x " * (MAX_BYTES * 5), "https://p.test/feed").cut == ("bytes",)
