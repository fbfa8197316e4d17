"""Drafts of site files: what a front page offers, the guess at the id, and a file that loads."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.sites.draft import Draft, Source, guess_id_pattern, site_toml, survey
from newsbot.sites.loader import read_site

FRONT = b"""<html lang="de-AT"><head><meta property="og:site_name" content="Der \x1b Bote">
<link rel="alternate" type="application/rss+xml" href="/rss"><link rel=alternate type="text/html" href="/en">
<link rel="alternate home" type="application/atom+xml" href="https://feeds.bote.test/atom"></head><body>
<header><a href="/">Bote</a><nav><a href="/politik">Politik</a><a href="/politik">Politik</a><a href="/sport/">Sport</a>
<a href="https://else.test/x">Anderswo</a><a href="/suche?q=">Suche</a><a href="/2026/05/01">Heute</a>
<a href="/a/b/c">Tief</a><a href="javascript:void(0)">Menu</a><a href="/app.pdf">PDF</a>
<a href="/lang">Ein Verweis mit viel zu langer Beschriftung</a></nav></header>
<main><a href="/kultur">Kultur im Text</a></main></body></html>"""


def test_front_page_is_surveyed() -> None:
    seen = survey(FRONT, "https://www.bote.test/")
    assert seen.language == "de-AT"
    assert seen.publisher == "Der ␛ Bote"
    assert seen.feeds == ("https://www.bote.test/rss", "https://feeds.bote.test/atom")
    assert seen.sections == (("https://www.bote.test/politik", "Politik"), ("https://www.bote.test/sport/", "Sport"))


def test_section_has_its_own_name_and_not_that_of_all_links_to_sections() -> None:
    page = b"""<header><a href="/world"><img src="w.png"></a><a href="/world">World</a><a href="/world">See all</a>
    <a href="/sport">See all</a><a href="/arts%20and-books/">See all</a></header>"""
    assert survey(page, "https://www.bote.test/").sections == (
        ("https://www.bote.test/world", "World"),
        ("https://www.bote.test/sport", "sport"),
        ("https://www.bote.test/arts%20and-books/", "arts and-books"),
    )


def test_page_without_anything_is_an_empty_survey() -> None:
    seen = survey(b"<p>Hello", "https://www.bote.test/")
    assert (seen.language, seen.publisher, seen.feeds, seen.sections) == (None, None, (), ())


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        pytest.param("https://a.test/news/uk-{0}", "/{*}/{slug}-{id:digits}", id="slug_dash_number"),
        pytest.param("https://a.test/{0}.html", "/{id:digits}.html", id="number_alone"),
        pytest.param("https://a.test/x/art{0}", "/{*}/art{id:digits}", id="letters_and_number"),
        pytest.param("https://a.test/x/{0}-title", "/{*}/{id:digits}-{slug}", id="number_first"),
        pytest.param("https://a.test/x/{0}/title-of-story", "/{*}/{id:digits}/{slug}", id="number_in_its_own_segment"),
        pytest.param("https://a.test/x/t-{0:x}af-0{0}", "/{*}/{slug}-{id:digits}", id="number_wins_over_hash"),
        pytest.param("https://a.test/2026/05/01/plain-title-{1}", None, id="no_id"),
        pytest.param("https://a.test/title-20260501", None, id="a_day_is_no_id"),
    ],
)
def test_id_pattern_is_guessed_from_urls(form: str, expected: str | None) -> None:
    urls = [form.format(1048576 + n * 17, "abcdefghij"[n] * 3) for n in range(10)]
    assert guess_id_pattern(urls) == expected


def test_one_number_on_all_pages_is_no_id() -> None:
    assert guess_id_pattern(f"https://a.test/{name}-99999" for name in "abcdefgh") is None


def test_few_urls_make_no_rule() -> None:
    assert guess_id_pattern(["https://a.test/a-10001", "https://a.test/b-10002"]) is None


def test_draft_loads_as_a_site_whatever_the_page_wrote(tmp_path: Path) -> None:
    draft = Draft(
        url="https://www.bote.test/",
        domain="bote.test",
        publisher='Der "Bote" \\ \x7f',
        language="de",
        sections=[Source("https://www.bote.test/politik", "Politik\n]: 7 stories")],
        feeds=[Source("https://www.bote.test/rss", "20 entries"), Source("https://www.bote.test/rss2", "1 entries")],
        story_urls=[f"https://www.bote.test/politik/titel-{n}" for n in range(30001, 30011)],
        left_out=[Source("https://www.bote.test/suche\nfeeds = []", "0 stories")],
    )
    path = tmp_path / "bote.test.toml"
    path.write_text(site_toml(draft), "utf-8")
    site = read_site(path)
    assert list(site.sources()) == [
        ("section", "https://www.bote.test/politik"),
        ("feed", "https://www.bote.test/rss"),
        ("feed", "https://www.bote.test/rss2"),
    ]
    assert (site.publisher, site.domain, site.language) == ('Der "Bote" \\ <007F>', "bote.test", "de")
    assert (site.id_pattern, site.expect.story_links) == ("/{*}/{slug}-{id:digits}", 5)


def test_empty_draft_loads_too(tmp_path: Path) -> None:
    path = tmp_path / "bote.test.toml"
    path.write_text(site_toml(Draft(url="https://bote.test/", domain="bote.test")), "utf-8")
    assert list(read_site(path).sources()) == []
