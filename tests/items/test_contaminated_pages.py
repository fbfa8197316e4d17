"""Names and lines that mirrors and intruders write into a page are taken out and recorded; what belongs stays."""

from __future__ import annotations

import copy
import json
import re
import tomllib
from html import escape
from pathlib import Path

import msgspec
import pytest

from newsbot.extract import extract_page
from newsbot.items.foreign_evidence import KEPT
from newsbot.items.model import Capture
from newsbot.items.validate import validate

PAGES = tomllib.loads((Path(__file__).parent / "contaminated.toml").read_text("utf-8"))


def page(
    language: str = "en",
    *,
    title: str = "",
    site: str = "",
    publisher: str = "",
    masthead: str = "",
    author: str = "Mara Lind",
    byline: str = "",
    headline: str = "",
    description: str = "",
    section: str = "Local",
    label: str = "",
    caption: str = "",
    alt: str = "The mill",
    keywords: str = "mill,council",
    menu: str = "",
    before: str = "",
    first: str = "",
    inside: str = "",
    last: str = "",
    teaser: str = "Ferry is back after a month in the dock",
    heading: str = "Most read",
    footer: str = "",
) -> bytes:
    """A page of an invented paper, with one thing or another as an intruder left it."""
    own_site, own_headline, paragraphs = PAGES["stories"][language].values()
    name = site or own_site
    data = {
        "@type": "NewsArticle",
        "headline": title or own_headline,
        "datePublished": "2026-03-03T09:00:00+00:00",
        "author": {"@type": "Person", "name": author},
        "publisher": {"@type": "Organization", "name": publisher or own_site},
        "articleSection": section,
    }
    body = "".join(f"<p>{escape(one)}</p>{inside if at == 1 else ''}" for at, one in enumerate(paragraphs))
    figure = f'<figure><img src=/m.jpg alt="{alt}"><figcaption>{caption}</figcaption></figure>' if caption else ""
    return f"""<!DOCTYPE html><html lang={language}><meta charset=utf-8>
<title>{title or own_headline + " | " + own_site}</title>
<meta property="og:title" content="{title or own_headline}"><meta property="og:site_name" content="{name}">
<meta name=keywords content="{keywords}"><meta name=description content="{description or escape(paragraphs[0])}">
<script type="application/ld+json">{json.dumps(data)}</script>{before}
<header><a href="/">{masthead or own_site}</a><nav><ul><li><a href=/news>News</a></li>{menu}</ul></nav></header>
<main><article>{label}<h1>{headline or own_headline}</h1>{first}<p class=byline>By {byline or author}</p>
<time datetime="2026-03-03T09:00:00Z">3 March 2026</time>{figure}{body}{last}</article></main>
<aside><h2>{heading}</h2><ul><li><a href="/2026/ferry-1001.html">{teaser}</a></li>
<li><a href="/2026/choir-1002.html">The school choir sings in the church on Sunday</a></li>
<li><a href="/2026/bread-1003.html">Bread of the year comes from Port Alder</a></li></ul></aside>
<footer><p>{footer or "© 2026 " + own_site}</p></footer></html>""".encode()


@pytest.mark.parametrize(("language", "text", "place", "value"), PAGES["intruders"]["rows"])
def test_intruder_leaves_every_field_and_is_recorded(language: str, text: str, place: str, value: str) -> None:
    more = {"caption": "The mill in March."} if place == "alt" else {}
    capture = extract_page(page(language, **{place: value}, **more), "https://www.mill-courier.test/2026/old-mill.html")
    assert capture.story is not None and capture.story.headline == PAGES["stories"][language]["headline"]
    recorded = [entry.text for entry in (*capture.page.contamination, *capture.story.contamination)]
    assert any(text in entry or entry in text for entry in recorded)
    assert [place for place in _texts(capture) if text[:6] in place] == []
    before = copy.deepcopy(capture)
    validate(capture)
    assert capture == before


@pytest.mark.parametrize(("name", "places"), PAGES["mirrors"]["rows"])
def test_mirror_is_known_by_how_the_page_calls_its_site(name: str, places: dict[str, str]) -> None:
    capture = extract_page(page(**places), "https://www.mill-courier.test/2026/old-mill.html")
    assert capture.story is not None and capture.story.headline == PAGES["stories"]["en"]["headline"]
    assert any(entry.text == name for entry in capture.story.contamination)
    assert [text for text in _texts(capture) if name in text] == []
    before = copy.deepcopy(capture)
    validate(capture)
    assert capture == before


@pytest.mark.parametrize(("language", "text", "place", "value"), PAGES["doubtful"]["rows"])
def test_doubtful_text_is_recorded_and_stays(language: str, text: str, place: str, value: str) -> None:
    more = {"caption": "The mill in March."} if place == "alt" else {}
    capture = extract_page(page(language, **{place: value}, **more), "https://www.mill-courier.test/2026/old-mill.html")
    assert capture.story is not None
    entries = [*capture.page.contamination, *capture.story.contamination]
    assert any(text in entry.text for entry in entries)
    assert {entry.reason for entry in entries if entry.field is not None} == {KEPT}
    assert any(text in one for one in _texts(capture))
    before = copy.deepcopy(capture)
    validate(capture)
    assert capture == before


def test_author_whose_name_leads_home_is_no_site() -> None:
    name = "Анна Иванова"
    capture = extract_page(page(author=name, byline=f'<a href="/">{name}</a>'), "https://www.mill-courier.test/2026/1")
    assert capture.story is not None and [author.name for author in capture.story.authors] == [name]


def _texts(capture: Capture) -> list[str]:
    """All texts of story and teasers, but for what is recorded beside them."""
    story = msgspec.to_builtins(capture.story)
    del story["contamination"], story["provenance"]
    found, left = [], [story, msgspec.to_builtins(capture.teasers)]
    while left:
        value = left.pop()
        if isinstance(value, dict):
            left += value.values()
        elif isinstance(value, list):
            left += value
        elif isinstance(value, str):
            found.append(value)
    return found


@pytest.mark.parametrize("name", PAGES["belongs"])
def test_foreign_text_that_belongs_stays(name: str) -> None:
    places = dict(PAGES["belongs"][name])
    url = places.pop("_url", "https://www.mill-courier.test/2026/old-mill.html")
    capture = extract_page(page(**places), url)
    assert capture.story is not None
    assert (capture.page.contamination, capture.story.contamination) == ([], [])
    for line in (places.get(place, "") for place in ("first", "inside", "last")):
        assert all(words in (capture.story.body or "") for words in re.findall("<p>([^<>]+)</p>", line))
