"""The D rows of the catalogue: feeds, sitemaps and sections that lie, loop or never end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos import site as c
from tests.running import Finished, crawl

LAUGHS = (
    b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 1000
    + b'"><!ENTITY c "'
    + b"&b;" * 1000
    + b'">]><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://d.test/&c;</loc></url></urlset>'
)
XXE = (
    b'<?xml version="1.0"?><!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>http://d.test/leak-&x;</loc></url></urlset>'
)
SITE_FILE = """
domain = "d.test"
feeds = [{feeds}]
sitemaps = [{sitemaps}]
sections = [{sections}]
"""
# Source -> its state in the run; every other source is "ok".
BAD_SOURCES = {
    "/laughs.xml": "source_unreadable",
    "/xxe.xml": "source_unreadable",
    "/htmlmap.xml": "source_unreadable",
    "/emptymap.xml": "source_unreadable",
    "/cutmap.xml": "partial",
    "/laughsfeed.xml": "source_unreadable",
    "/deadfeed.xml": "http_410",
}


def _routes(port: int) -> dict[str, c.Behaviour]:
    def url(path: str) -> str:
        return f"http://d.test:{port}{path}"

    stories = {f"/s/{n}": c.story(f"Story number {n} of the little harbour") for n in range(12)}
    whole = c.sitemap(url("/s/4"), url("/s/5"))
    return {
        **stories,
        "/laughs.xml": c.xml(LAUGHS),
        "/xxe.xml": c.xml(XXE),
        "/laughsfeed.xml": c.xml(LAUGHS.replace(b"urlset", b"rss")),
        "/badloc.xml": c.xml(c.sitemap(url("/s/1"), "no url at all:", "javascript:alert(1)", url("/s/2"))),
        "/maploop.xml": c.xml(c.sitemap_index(url("/maploop.xml"), url("/chain/1.xml"))),
        "/chain/*": _chain(port),
        "/big.xml": c.xml(c.sitemap(*(url(f"/s/{n % 12}?copy={n}") for n in range(300)))),
        "/htmlmap.xml": c.page(b"<html><body><p>no sitemap here</p></body></html>"),
        "/emptymap.xml": c.xml(b""),
        "/cutmap.xml": c.xml(whole[:-30]),
        "/long.rss": c.xml(c.rss(*((f"T{n} " + "x" * 2000, url("/s/6")) for n in range(50)))),
        "/bad.rss": c.xml(c.rss(("No date", url("/s/7")), ("Bad", "http://[broken"), ("Good", url("/s/8")))),
        "/foreign.rss": c.xml(c.rss(("Elsewhere", "http://evil.test/x"), ("Here", url("/s/9")))),
        "/deadfeed.xml": c.status("410 Gone"),
        "/calendar": _calendar(port),
        "/list": _list(port, 130),
    }


def _chain(port: int) -> c.Behaviour:
    """A chain of sitemap indexes without end."""

    async def behave(x: c.Exchange) -> None:
        number = int(x.asked.path.rpartition("/")[2].removesuffix(".xml"))
        x.answer(c.sitemap_index(f"http://d.test:{port}/chain/{number + 1}.xml"), kind="application/xml")

    return behave


def _calendar(port: int) -> c.Behaviour:
    """A listing whose next page always exists."""

    async def behave(x: c.Exchange) -> None:
        number = int(x.asked.path.partition("page=")[2] or 1)
        link = f'<a rel="next" href="/calendar?page={number + 1}">Next</a>'
        cards = "".join(
            f'<li><h3><a href="/s/{n}">The council decides about bridge number {n} today</a></h3>'
            f"<p>It was a long evening for everybody who came to the hall on day {number}.</p></li>"
            for n in range(6)
        )
        x.answer(f"<html><body><h1>Day {number}</h1><ul>{cards}</ul>{link}</body></html>".encode())

    return behave


def _list(port: int, count: int) -> c.Behaviour:
    """More teasers than any page has."""
    cards = "".join(
        f'<article><h3><a href="/s/{n % 12}?list={n}">The council decides about bridge number {n} today</a></h3>'
        f"<p>It was a long evening for everybody who came to the hall, and the decision was close.</p></article>"
        for n in range(count)
    )
    return c.page(f"<html><body><main>{cards}</main></body></html>".encode())


@pytest.fixture(scope="module")
def chaos() -> Iterator[c.ChaosSite]:
    with c.ChaosSite({}) as site:
        site.routes.update(_routes(site.port))
        yield site


@pytest.fixture(scope="module")
def run(chaos: c.ChaosSite, tmp_path_factory: pytest.TempPathFactory) -> Finished:
    folder = tmp_path_factory.mktemp("discovery")
    sites = folder / "sites"
    sites.mkdir()

    def listed(*paths: str) -> str:
        return ", ".join(f'"http://d.test:{chaos.port}{path}"' for path in paths)

    text = SITE_FILE.format(
        feeds=listed("/laughsfeed.xml", "/long.rss", "/bad.rss", "/foreign.rss", "/deadfeed.xml"),
        sitemaps=listed(
            "/laughs.xml", "/xxe.xml", "/badloc.xml", "/maploop.xml", "/big.xml", "/htmlmap.xml", "/emptymap.xml",
            "/cutmap.xml",
        ),
        sections=listed("/calendar", "/list"),
    )  # fmt: skip
    (sites / "dtest.toml").write_text(text)
    return crawl(
        "dtest",
        output=folder / "out",
        NEWSBOT_SITES=sites,
        TWISTED_DNS_RESOLVER="tests.chaos.resolver.ChaosResolver",
        NEWSBOT_NET_ALLOW_PRIVATE=f"127.0.0.1:{chaos.port}",
        CONCURRENT_REQUESTS_PER_DOMAIN="12",
        NEWSBOT_SITEMAP_URLS="100",
        NEWSBOT_FEED_ENTRIES="40",
        NEWSBOT_LINKS_PER_PAGE="100",
        NEWSBOT_QUERY_VARIANTS="3",
    )


def _page(run: Finished, chaos: c.ChaosSite, path: str) -> dict:
    return next(page for page in run.lines("pages") if page["requested_url"] == f"http://d.test:{chaos.port}{path}")


def test_bad_sources_are_named_and_the_others_read(run: Finished, chaos: c.ChaosSite) -> None:
    named = {url.partition(str(chaos.port))[2]: state for url, state in run.last["sources"].items()}
    assert named == BAD_SOURCES
    assert run.code == 3


def test_entities_of_a_document_are_never_expanded(run: Finished, chaos: c.ChaosSite) -> None:
    assert not [asked.path for asked in chaos.log if "leak" in asked.path or "haha" in asked.path]


def test_bad_entry_costs_one_entry(run: Finished, chaos: c.ChaosSite) -> None:
    assert "bad_entries:1" in _page(run, chaos, "/badloc.xml")["notes"]
    assert "bad_entries:1" in _page(run, chaos, "/bad.rss")["notes"]
    for number in (1, 2, 4, 5, 7, 8):
        assert _page(run, chaos, f"/s/{number}")["outcome"] in ("story", "unchanged")


def test_sitemap_loop_and_chain_are_bounded(run: Finished, chaos: c.ChaosSite) -> None:
    assert len(chaos.asked_for("/maploop.xml")) == 1
    assert sorted(asked.path for asked in chaos.log if asked.path.startswith("/chain/")) == [
        "/chain/1.xml",
        "/chain/2.xml",
    ]
    assert "sitemap_depth" in _page(run, chaos, "/chain/2.xml")["cut"]


def test_long_sources_are_cut_with_a_mark(run: Finished, chaos: c.ChaosSite) -> None:
    assert "sitemap_urls" in _page(run, chaos, "/big.xml")["cut"]
    assert {"feed_entries", "feed_title"} <= set(_page(run, chaos, "/long.rss")["cut"])


def test_foreign_host_of_a_feed_is_not_asked(run: Finished, chaos: c.ChaosSite) -> None:
    assert "links_foreign" in _page(run, chaos, "/foreign.rss")["cut"]
    assert {asked.host for asked in chaos.log} == {"d.test"}


def test_pagination_without_end_ends(run: Finished, chaos: c.ChaosSite) -> None:
    assert len(chaos.asked_for("/calendar")) <= 5


def test_query_variants_of_a_path_are_bounded(run: Finished, chaos: c.ChaosSite) -> None:
    variants = {asked.path for asked in chaos.log if asked.path.startswith("/s/1?")}
    assert len(variants) <= 3
    assert "links_variants" in _page(run, chaos, "/big.xml")["cut"]


def test_more_links_than_a_page_may_have_are_cut_with_a_mark(run: Finished, chaos: c.ChaosSite) -> None:
    page = _page(run, chaos, "/list")
    assert page["outcome"] == "listing"
    assert "links" in page["cut"]


def test_frontier_is_empty_at_the_end(run: Finished, tmp_path: Path) -> None:
    assert run.last["urls_left"] == 0
