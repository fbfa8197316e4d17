"""The T rows of the catalogue that no other file tries: claims of a page about itself, and what is made downstream."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks.fuzz.targets import check_capture
from newsbot.core.printable import printable
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture
from tests.chaos.site import PARAGRAPHS
from tests.report.vectors import VECTORS
from tests.storage.samples import T0, capture, end, entry, lines, open_at, story, story_url, visit

URL = "https://paper.example/news/pier"
TEXT = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)


def _read(head: str, *, title: str = "Pier to be rebuilt") -> Capture:
    page = (
        f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>{TEXT}</article></body></html>"
    )
    read = extract_page(page.encode(), URL, Visit(fetched_at="2026-11-22T12:00:00Z"))
    check_capture(read)
    return read


def test_t07_claims_that_disagree_have_one_order() -> None:
    """The page's own link before og:url before JSON-LD; an address of another site names nothing."""
    head = (
        '<link rel="canonical" href="/news/pier-rebuilt"><meta property="og:url" content="/news/other">'
        '<link rel="amphtml" href="/amp/pier"><link rel="alternate" hreflang="de" href="https://evil.example/de">'
        '<script type="application/ld+json">{"@type":"NewsArticle","url":"https://evil.example/x",'
        '"mainEntityOfPage":"https://evil.example/y"}</script>'
    )
    read = _read(head)
    assert read.story is not None
    assert read.story.canonical_url == "https://paper.example/news/pier-rebuilt"
    foreign = _read('<link rel="canonical" href="https://evil.example/pier">')
    plain = _read("")
    assert foreign.story is not None and plain.story is not None
    assert foreign.story.story_id == plain.story.story_id


@pytest.mark.parametrize(
    ("publisher", "stored", "claimed"),
    [
        pytest.param('{"name":"Paper","url":"https://www.paper.example/"}', "Paper", [], id="own address"),
        pytest.param('{"name":"Paper"}', "Paper", [], id="no address"),
        pytest.param('{"name":"World","url":"https://world.example/"}', None, ["World"], id="address of another"),
        pytest.param('{"name":"World","@id":"https://world.example/#org"}', None, ["World"], id="id of another"),
    ],
)
def test_t08_publisher_of_another_site_is_a_claim(publisher: str, stored: str | None, claimed: list[str]) -> None:
    head = f'<script type="application/ld+json">{{"@type":"NewsArticle","publisher":{publisher}}}</script>'
    read = _read(head)
    assert read.story is not None
    assert read.story.publisher == stored
    assert [claim.locator for claim in read.page.claims if claim.field == "publisher"] == claimed


@pytest.mark.parametrize("date", ["2031-01-01T00:00:00Z", "1970-01-01T00:00:00Z"])
def test_t08_forged_date_is_a_claim(date: str) -> None:
    read = _read(f'<meta property="article:published_time" content="{date}">')
    assert read.story is not None
    assert read.story.date_published is None


ESCAPES = [
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\x9b31m",
    "\u202eevil",
    "a\r\nb\x0b\x0c\x85\u2028",
    "\x1bPq\x1b\\\\",
    "\x00\x08\x7f",
]


@pytest.mark.parametrize("text", [*ESCAPES, *VECTORS])
def test_t11_no_text_of_a_page_steers_a_terminal(text: str) -> None:
    shown = printable(text)
    assert not re.search("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]", shown)
    assert len(printable(text, 20)) <= 20


def test_t12_t17_names_of_files_are_numbers_and_dates_only(tmp_path: Path) -> None:
    """Whatever a site says of itself, and also while a file is being written: readers of ``*.jsonl`` see whole ones."""
    hostile = "../../evil"
    one = story(1, "It sails.", "Again.")
    one.site = one.publisher = one.section = one.headline = hostile
    page = capture(story_url(1), story=one)
    page.page.site = hostile
    store = open_at(tmp_path / "out")
    store.add([entry(page.page.url or "", kind="story")], now=T0)
    visit(store, page)
    end(store)
    found = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file())
    assert [path for path in found if path.parts[0] != "out"] == []
    published = [path.name for path in found if path.suffix == ".jsonl"]
    assert published and all(re.fullmatch(r"[0-9a-zTZ-]+\.jsonl", name) for name in published)
    assert lines(tmp_path / "out", "stories")[0]["publisher"] == hostile
