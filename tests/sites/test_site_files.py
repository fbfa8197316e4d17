"""Site files: what they may hold, what is refused and how, and that all shipped ones load."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsbot.core.blocks import segment
from newsbot.core.errors import ConfigError
from newsbot.core.hints import forced_roles
from newsbot.core.page import read_page
from newsbot.sites.loader import SHIPPED, SiteIndex, load_site, load_sites, read_site, site_names
from newsbot.sites.model import Expect, Limits, Selectors, Site

WHOLE = """
publisher = "The Example"
domain = "example.org"
hosts = ["example-cdn.net"]
country = "gb"
language = "en-GB"
time_zone = "Europe/London"
sections = ["https://www.example.org/politics"]
feeds = ["https://www.example.org/rss"]
news_sitemaps = ["https://www.example.org/news.xml"]
sitemaps = ["https://www.example.org/sitemap.xml"]
id_pattern = "/{section}/{slug}-{id:digits}"

[[selectors]]
headline = "h1"

[[selectors]]
valid_from = 2026-05-01
headline = "h1.title"
body = "div.text"

[expect]
story_links = 20
fields = { headline = 1.0, date_published = 0.9 }

[limits]
delay_s = 2.5
concurrency = 1
"""


def written(folder: Path, text: str, name: str = "example") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(text, "utf-8")
    return path


def test_whole_file_becomes_a_site(tmp_path: Path) -> None:
    assert read_site(written(tmp_path, WHOLE)) == Site(
        name="example",
        publisher="The Example",
        domain="example.org",
        hosts=("example-cdn.net",),
        country="gb",
        language="en-GB",
        time_zone="Europe/London",
        sections=("https://www.example.org/politics",),
        feeds=("https://www.example.org/rss",),
        news_sitemaps=("https://www.example.org/news.xml",),
        sitemaps=("https://www.example.org/sitemap.xml",),
        id_pattern="/{section}/{slug}-{id:digits}",
        selectors=(
            Selectors(headline="h1"),
            Selectors(valid_from=dt.date(2026, 5, 1), headline="h1.title", body="div.text"),
        ),
        expect=Expect(story_links=20, fields={"headline": 1.0, "date_published": 0.9}),
        limits=Limits(delay_s=2.5, concurrency=1),
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        pytest.param('domain = "a.org"\nfeedz = []', "feedz: unknown key; did you mean feeds?", id="unknown_key"),
        pytest.param(
            'domain = "a.org"\nzzz = 1',
            "zzz: unknown key; known are domain, publisher, hosts, country, language, time_zone, sections, feeds,"
            " news_sitemaps, sitemaps, id_pattern, selectors, expect, limits",
            id="unknown_key_near_none",
        ),
        pytest.param(
            'domain = "a.org"\n[limits]\ndelay = 2',
            "limits.delay: unknown key; did you mean limits.delay_s?",
            id="unknown_key_in_table",
        ),
        pytest.param(
            'domain = "a.org"\n[[selectors]]\nheadlin = "h1"',
            "selectors.headlin: unknown key; did you mean selectors.headline?",
            id="unknown_key_in_list_of_tables",
        ),
        pytest.param('feeds = []', "Object missing required field `domain`", id="domain_missing"),
        pytest.param('domain = 3', "domain: Expected `str`, got `int`", id="wrong_type"),
        pytest.param('domain = "a.org"\nfeeds = "x"', "feeds: Expected `array`, got `str`", id="string_for_list"),
        pytest.param('domain = "https://a.org/"', "domain: 'https://a.org/' is no host name", id="domain_is_url"),
        pytest.param('domain = "a.org"\nname = "x"', "name: a site's name is its file's", id="name_in_file"),
        pytest.param(
            'domain = "a.org"\nfeeds = ["file:///etc/passwd"]',
            "feeds: 'file:///etc/passwd' is no http or https URL",
            id="file_url",
        ),
        pytest.param('domain = "a.org"\nfeeds = ["/rss"]', "feeds: '/rss' is no http or https URL", id="relative_url"),
        pytest.param(
            'domain = "a.org"\nfeeds = ["https://u:p@a.org/"]', "is no http or https URL", id="credentials_in_url"
        ),
        pytest.param(
            'domain = "a.org"\nfeeds = ["https://a.org/f", "https://a.org/f"]', "feeds: a URL stands twice", id="twice"
        ),
        pytest.param(
            'domain = "a.org"\ntime_zone = "Europe/Berln"',
            "time_zone: 'Europe/Berln' is no IANA time zone; did you mean Europe/Berlin?",
            id="time_zone",
        ),
        pytest.param('domain = "a.org"\nlanguage = "english"', "language: Expected `str` matching", id="language"),
        pytest.param(
            'domain = "a.org"\nid_pattern = "/{slug}"', "exactly one part is named id", id="id_pattern_without_id"
        ),
        pytest.param(
            'domain = "a.org"\n[[selectors]]\nbody = "div["', "selector 'div['", id="selector_is_no_css"
        ),
        pytest.param(
            'domain = "a.org"\n[expect]\nfields = { headlines = 1.0 }',
            "expect.fields.headlines: a story has no such field; did you mean headline?",
            id="expected_field",
        ),
        pytest.param('domain = "a.org"\n[expect]\nfields = { headline = 1.5 }', "Expected `float` <= 1.0", id="share"),
        pytest.param(
            'domain = "a.org"\n[limits]\nconcurrency = 99', "limits.concurrency: Expected `int` <= 16", id="limit"
        ),
        pytest.param('domain = ', "no TOML", id="broken_toml"),
        pytest.param('domain = "\x00"', "no TOML", id="control_character"),
    ],
)  # fmt: skip
def test_mistake_names_file_and_key(tmp_path: Path, text: str, message: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_site(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


def test_bytes_that_are_no_text_are_a_config_error(tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_bytes(b'domain = "\xff\xfe"')
    with pytest.raises(ConfigError, match="no TOML"):
        read_site(path)


def test_all_shipped_sites_load_and_offer_a_source() -> None:
    sites = load_sites()
    assert [name for name, site in sites.items() if not list(site.sources())] == []
    assert len(sites) >= 170
    assert [name for name, site in sites.items() if name not in (site.domain, "demo")] == []


def test_shipped_files_name_their_source() -> None:
    without = [
        p.name for p in SHIPPED.glob("*.toml") if p.stem != "demo" and "flairNLP/fundus (MIT)" not in p.read_text()
    ]
    assert without == []


def test_own_folder_adds_and_wins(tmp_path: Path) -> None:
    written(tmp_path, 'domain = "my.example"', "mine")
    written(tmp_path, 'domain = "derstandard.at"\npublisher = "Own"', "derstandard.at")
    assert "mine" in site_names(tmp_path)
    assert load_site("derstandard.at", tmp_path).publisher == "Own"
    assert load_site("derstandard.at").publisher == "Der Standard"


def test_unknown_site_names_the_nearest() -> None:
    with pytest.raises(ConfigError, match="no site 'derstandart.at'; did you mean derstandard.at?"):
        load_site("derstandart.at")


@pytest.mark.parametrize("name", ["../model", "/etc/hosts", "", "news"])
def test_site_names_are_no_paths(name: str) -> None:
    with pytest.raises(ConfigError, match="no site"):
        load_site(name)


def test_folder_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="NEWSBOT_SITES: .* is no folder"):
        site_names(tmp_path / "none")


def test_name_of_a_spider_is_refused(tmp_path: Path) -> None:
    written(tmp_path, 'domain = "my.example"', "archive")
    with pytest.raises(ConfigError, match="'archive' is the name of a spider"):
        site_names(tmp_path)


@pytest.mark.parametrize(
    ("host", "name"),
    [
        pytest.param("www.derstandard.at", "derstandard.at", id="subdomain"),
        pytest.param("DERSTANDARD.AT.", "derstandard.at", id="case_and_root_dot"),
        pytest.param("notderstandard.at", None, id="suffix_of_a_label_is_no_subdomain"),
        pytest.param("de.euronews.com", "de.euronews.com", id="longest_wins"),
        pytest.param("it.euronews.com", "euronews.com", id="falls_to_the_shorter"),
        pytest.param("at", None, id="top_level"),
        pytest.param("", None, id="empty"),
        pytest.param("img.my-cdn.example", "mine", id="further_host_of_own_file"),
    ],
)
def test_site_of_host(tmp_path: Path, host: str, name: str | None) -> None:
    written(tmp_path, 'domain = "my.example"\nhosts = ["my-cdn.example"]', "mine")
    assert SiteIndex(tmp_path).site_of_host(host) == name


def test_selectors_follow_the_day_of_the_page(tmp_path: Path) -> None:
    site = read_site(written(tmp_path, WHOLE))
    before, after = site.hints(dt.date(2026, 4, 30)), site.hints(dt.date(2026, 5, 1))
    assert {role: selector.css for role, selector in before.selectors.items()} == {"headline": "h1"}
    assert {role: selector.css for role, selector in after.selectors.items()} == {
        "headline": "h1.title",
        "body": "div.text",
    }
    assert (after.site, after.language, after.time_zone) == ("example", "en-GB", "Europe/London")


def test_selectors_force_roles_and_ignore_wins_over_body(tmp_path: Path) -> None:
    text = 'domain = "a.org"\n[[selectors]]\nheadline = "h1.t"\nbody = "#text"\nignore = "#text > .box"'
    hints = read_site(written(tmp_path, text)).hints(dt.date(2026, 1, 1))
    html = (
        b"<h1 class='t x'>Title</h1><div id=text><p>One</p><div class=box><p>Buy</p></div><p>Two</p></div><p>Foot</p>"
    )
    segments = segment(read_page(html, "https://a.org/1"))
    roles = forced_roles(segments, hints)
    assert {segments.blocks[index].text: role for index, role in roles.items()} == {
        "Title": "headline",
        "One": "body",
        "Buy": "chrome",
        "Two": "body",
    }
