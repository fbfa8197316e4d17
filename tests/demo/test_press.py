"""What the newsroom answers: statuses, feeds, sitemaps, damage; all from the edition's number and address."""

from __future__ import annotations

import pytest
from lxml import etree

from newsbot.demo.damage import served
from newsbot.demo.editions import desks, edition
from newsbot.demo.press import Press

BASE = "http://127.0.0.1:8070"
NUMBERS = [desk.number for desk in desks()]
NS = {
    "s": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "n": "http://www.google.com/schemas/sitemap-news/0.9",
    "a": "http://www.w3.org/2005/Atom",
}


@pytest.fixture(scope="module")
def presses() -> dict[int, Press]:
    return {number: Press(number, BASE) for number in NUMBERS}


@pytest.mark.parametrize("number", NUMBERS)
def test_every_view_is_a_page_but_the_walled_one(presses: dict[int, Press], number: int) -> None:
    press = presses[number]
    statuses = {path: press.answer(path).status for path in press.views}

    assert {path for path, status in statuses.items() if status != 200} == {
        "/culture/harbour-theatre-stages-a-trial-40503"
    }


@pytest.mark.parametrize("number", NUMBERS)
def test_same_edition_same_bytes(presses: dict[int, Press], number: int) -> None:
    again = Press(number, BASE)

    assert all(again.answer(path) == presses[number].answer(path) for path in again.views)


def test_every_link_inside_the_site_leads_somewhere_or_is_chrome(presses: dict[int, Press]) -> None:
    press = presses[1]
    story_paths = {story.path for story in press.edition.stories.values()}
    linked = set()
    for path in press.views:
        body = press.answer(path).body
        if body:
            linked |= set(etree.HTML(body).xpath("//a/@href"))

    assert story_paths <= linked
    assert {href for href in linked if href[-6:].lstrip("-").isdecimal()} == story_paths - {""}


def test_consent_wall_stands_before_one_story(presses: dict[int, Press]) -> None:
    answer = presses[1].answer("/culture/harbour-theatre-stages-a-trial-40503")

    assert (answer.status, answer.headers["Location"]) == (
        302,
        f"{BASE}/consent?back=/culture/harbour-theatre-stages-a-trial-40503",
    )
    wall = presses[1].answer(answer.headers["Location"].removeprefix(BASE))
    assert wall.status == 200
    assert b"Before you continue" in wall.body


@pytest.mark.parametrize(
    ("target", "status"),
    [
        pytest.param("/archive.php?sid=40101", 301, id="old-address"),
        pytest.param("/archive.php?sid=99999", 404, id="old-address-unknown"),
        pytest.param("/archive.php?sid=x", 404, id="old-address-no-number"),
        pytest.param("/harbour/ferry-link-to-gannet-island-to-stay-40101?utm_source=mail", 200, id="campaign"),
        pytest.param("/harbour/?page=99", 404, id="beyond-the-last-page"),
        pytest.param("/harbour/evening-ferry-cancelled-storm-40109", 404, id="not-yet-written"),
        pytest.param("/nowhere", 404, id="nowhere"),
    ],
)
def test_status(presses: dict[int, Press], target: str, status: int) -> None:
    assert presses[1].answer(target).status == status


def test_withdrawn_story_is_gone(presses: dict[int, Press]) -> None:
    path = "/harbour/stolen-anchor-turns-up-at-auction-40107"

    assert [presses[number].answer(path).status for number in NUMBERS] == [200, 200, 410, 410]


def test_last_modified_is_the_edition_that_changed_the_page(presses: dict[int, Press]) -> None:
    path = "/ar/winter-ferry-40801"
    stamps = [presses[number].answer(path).headers["Last-Modified"] for number in NUMBERS]

    assert stamps == ["Tue, 03 Mar 2026 06:00:00 GMT"] * 4
    home = [presses[number].answer("/").headers for number in NUMBERS]
    assert [headers["Last-Modified"] for headers in home] == [
        "Tue, 03 Mar 2026 06:00:00 GMT",
        "Tue, 03 Mar 2026 11:00:00 GMT",
        "Tue, 03 Mar 2026 16:30:00 GMT",
        "Wed, 04 Mar 2026 06:30:00 GMT",
    ]
    assert len({headers["ETag"] for headers in home}) == 4


def test_robots_names_delay_and_sitemap(presses: dict[int, Press]) -> None:
    lines = presses[1].answer("/robots.txt").body.decode().splitlines()

    assert "Crawl-delay: 0.05" in lines
    assert f"Sitemap: {BASE}/sitemap.xml" in lines


@pytest.mark.parametrize("number", NUMBERS)
def test_feeds_and_sitemaps_list_the_stories(presses: dict[int, Press], number: int) -> None:
    press = presses[number]
    trees = {
        name: etree.fromstring(press.answer(name).body)
        for name in ("/rss.xml", "/atom.xml", "/sitemap.xml", "/news-sitemap.xml", "/archive-sitemap.xml")
    }
    now = edition(number)

    assert trees["/rss.xml"].xpath("//item/link/text()") == [BASE + story.path for story in now.latest()[:20]]
    entries = trees["/atom.xml"].xpath("//a:entry/a:link/@href", namespaces=NS)
    assert len(entries) >= 9
    assert set(entries) <= {BASE + story.path for story in now.stories.values()}
    assert trees["/sitemap.xml"].xpath("//s:loc/text()", namespaces=NS) == [
        f"{BASE}/news-sitemap.xml",
        f"{BASE}/archive-sitemap.xml",
    ]
    listed = [
        url
        for name in ("/news-sitemap.xml", "/archive-sitemap.xml")
        for url in trees[name].xpath("//s:loc/text()", namespaces=NS)
    ]
    assert sorted(listed) == sorted(BASE + story.path for story in now.stories.values())
    titles = trees["/news-sitemap.xml"].xpath("//n:title/text()", namespaces=NS)
    assert 15 <= len(titles) < len(listed)


@pytest.mark.parametrize(
    ("damage", "text", "body", "charset"),
    [
        pytest.param(None, "é", b"\xc3\xa9", "utf-8", id="none"),
        pytest.param("utf8_as_latin1", "é", b"\xc3\xa9", "iso-8859-1", id="latin-1-label"),
        pytest.param("cp1252_as_utf8", "it’s — ا", b"it\x92s \x97 &#1575;", "utf-8", id="utf-8-label"),
        pytest.param("mojibake", "it’s “so”", "it’s “so”".encode().decode("cp1252", "ignore"), "utf-8", id="twice"),
        pytest.param("gbk", "province’s ‘Gift’ — not", "province鈥檚 鈥楪ift鈥 鈥 not", "utf-8", id="code-page"),
        pytest.param("entities", "A &amp; B", "A &amp;amp; B", "utf-8", id="entities"),
    ],
)
def test_damage(damage: str | None, text: str, body: bytes | str, charset: str) -> None:
    got = served(text, damage)
    expected = body.encode() if isinstance(body, str) else body
    if damage == "mojibake":  # the five bytes that windows-1252 leaves open stay as control characters
        got = (got[0].replace("\x9d".encode(), b""), got[1])

    assert got == (expected, charset)


def test_damaged_pages_are_damaged(presses: dict[int, Press]) -> None:
    press = presses[1]
    marks = {
        "/harbour/harbour-wall-repairs-fall-behind-40105": "鈥",
        "/council/street-lamps-off-after-one-40203": "â€™",
        "/business/shipyard-wins-order-for-two-tugs-40303": "&amp;amp;",
        "/harbour/stolen-anchor-turns-up-at-auction-40107": "蜜桃影院",
    }

    assert [path for path, mark in marks.items() if mark not in press.answer(path).body.decode()] == []
    labelled = press.answer("/council/mayor-swaps-car-for-tram-pass-40205")
    assert labelled.headers["Content-Type"] == "text/html; charset=utf-8"
    with pytest.raises(UnicodeDecodeError):
        labelled.body.decode()
