"""What a crawl follows from a section is exactly what the section promotes, each link with why or why not."""

from __future__ import annotations

import datetime as dt
import logging

import pytest

from newsbot.items.model import Capture, Link
from newsbot.sites.loader import load_site
from newsbot.spiders.following import LinkFilter
from newsbot.spiders.sites import SiteBook
from newsbot.storage.base import Lease
from tests.golden.demo import BASE, PAGES, PRESS, capture_of

FRONTS = [path for path in PAGES if PRESS.views[path].page_type in ("section", "home")]


def lease(url: str, *, depth: int = 0) -> Lease:
    said = dict.fromkeys(("title", "date", "reason", "etag", "last_modified"))
    return Lease(id=1, url=url, host="127.0.0.1", kind="section", site="demo", priority=0, depth=depth, tries=0, **said)


def link_filter(*, max_depth: int = 3, since: dt.datetime | None = None) -> LinkFilter:
    book = SiteBook(None, {"demo": load_site("demo").at(BASE)})
    return LinkFilter(book, max_links=500, max_depth=max_depth, max_variants=100, since=since)


def stories_of(links: list[Link]) -> list[str]:
    return [link.url for link in links if link.kind == "story"]


@pytest.mark.parametrize("path", FRONTS)
def test_offered_links_are_the_teasers_in_their_order(path: str) -> None:
    capture = capture_of(path)
    targets = list(dict.fromkeys(teaser.target_url for teaser in capture.teasers))

    assert stories_of(capture.links) == targets
    assert {link.reason for link in capture.links if link.kind == "story"} <= {"teaser"}


@pytest.mark.parametrize("path", FRONTS)
def test_followed_links_are_the_teasers_of_the_own_site(path: str) -> None:
    capture = capture_of(path)

    kept, cut = link_filter().followed(capture, lease(BASE + path))

    foreign = [url for url in stories_of(capture.links) if not url.startswith(BASE)]
    assert stories_of(kept) == [url for url in stories_of(capture.links) if url not in foreign]
    assert cut == (["links_foreign"] if foreign else [])


def test_next_page_of_a_section_is_followed_with_its_reason() -> None:
    kept, _ = link_filter().followed(capture_of("/harbour/"), lease(f"{BASE}/harbour/"))

    assert [(link.url, link.reason) for link in kept if link.kind == "next_page"] == [
        (f"{BASE}/harbour/?page=2", "rel_next")
    ]


def test_every_decision_is_logged_with_its_reason(caplog: pytest.LogCaptureFixture) -> None:
    capture = capture_of("/")

    with caplog.at_level(logging.DEBUG, "newsbot.spiders.following"):
        link_filter().followed(capture, lease(f"{BASE}/"))

    told = [record.getMessage() for record in caplog.records]
    assert len(told) == len(capture.links)
    assert f"{BASE}/: follows {BASE}/council/county-budget-passes-by-one-vote-40201 (teaser)" in told
    partner = "https://partners.saltmerecourier.example/cruise"
    assert f"{BASE}/: not followed: {partner} (links_foreign)" in told


def dated(*links: Link) -> Capture:
    capture = capture_of("/harbour/")
    return Capture(page=capture.page, links=list(links))


@pytest.mark.parametrize(
    ("link", "depth", "reason"),
    [
        pytest.param(Link(url="https://elsewhere.example/a", kind="story"), 0, "links_foreign", id="other-site"),
        pytest.param(Link(url=f"{BASE}/a", kind="story"), 3, "links_depth", id="too-deep"),
        pytest.param(Link(url=f"{BASE}/a", kind="story", date="2020-01-01"), 0, "links_date", id="before-the-span"),
        pytest.param(Link(url=f"{BASE}{'/news' * 30}", kind="story"), 0, "links_loop", id="loop"),
    ],
)
def test_link_that_is_not_followed_has_a_name_for_it(link: Link, depth: int, reason: str) -> None:
    since = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)

    kept, cut = link_filter(since=since).followed(dated(link), lease(BASE, depth=depth))

    assert (kept, cut) == ([], [reason])
