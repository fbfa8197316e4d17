"""What a link's address alone says: where it leads, its shape, and whether a menu or a service stands behind it."""

from __future__ import annotations

import pytest

from newsbot.core.teaser_links import SHAPE_NAMES, leads_to_menu, read_targets, shape

PAGE_URL = "https://www.example.org/politics/council-votes-on-bridge"


@pytest.mark.parametrize(
    ("href", "key"),
    [
        pytest.param("/a/b/?utm_source=x&ref=1&id=7#top", "example.org/a/b?id=7&ref=1", id="tracking"),
        pytest.param("/a?pos&via&Fbclid=3", "example.org/a", id="whole-words-any-case"),
        pytest.param("HTTPS://WWW.Example.org/a", "example.org/a", id="capitals"),
        pytest.param("https://WWW.Example.org:443//a//b/index.html", "example.org/a/b", id="host-and-slashes"),
        pytest.param("//other.example", "other.example", id="no-scheme"),
        pytest.param("http://other.example?q=2", "other.example?q=2", id="query-behind-host"),
        pytest.param("bridge-plan", "example.org/politics/bridge-plan", id="relative"),
        pytest.param("../sport/", "example.org/sport", id="up"),
        pytest.param("tel:112", None, id="no-page"),
        pytest.param(" #top", None, id="fragment"),
        pytest.param("?utm_source=1", None, id="the-page-itself"),
    ],
)
def test_spellings_of_an_address_are_one_target(href: str, key: str | None) -> None:
    (target,), _ = read_targets([href], PAGE_URL)
    assert (target and target.key) == key


@pytest.mark.parametrize(
    ("href", "numbers"),
    [
        pytest.param("/politics/why-the_ferry-stopped-48211", [1, 2, 27, 5, 5, 5, 5, 0, 0, 1, 0], id="slug"),
        pytest.param("/2024/05/12/city-hall-in-uproar/a", [1, 5, 1, 4, 1, 8, 4, 1, 3, 0, 0], id="wordy-part-inside"),
        pytest.param("/tag/harbour", [1, 2, 7, 1, 1, 0, 0, 0, 0, 0, 1], id="list"),
        pytest.param("https://other.example/?p=123456", [0, 0, 0, 0, 0, 6, 6, 0, -2, 0, 0], id="number-in-query"),
    ],
)
def test_the_shape_of_an_address_in_numbers(href: str, numbers: list[int]) -> None:
    (target,), own = read_targets([href], PAGE_URL)
    assert target is not None
    assert dict(zip(SHAPE_NAMES, shape(target, own), strict=True)) == dict(zip(SHAPE_NAMES, numbers, strict=True))


@pytest.mark.parametrize(
    ("href", "verdicts"),
    [
        pytest.param("/sport/", (True, True, False), id="section"),
        pytest.param("/local-news-today", (False, True, False), id="three-words"),
        pytest.param("/why-the-ferry-stopped", (False, False, False), id="slug"),
        pytest.param("/news/4821", (False, False, False), id="number"),
        pytest.param("/news/a7", (False, False, False), id="letter-and-digit"),
        pytest.param("/news/48-1", (False, True, False), id="small-number"),
        pytest.param("/share/why-the-ferry-stopped-48211", (True, True, True), id="share"),
        pytest.param("https://chat.example/send?text=https://example.org/4821", (True, True, True), id="hand-on"),
    ],
)
def test_menu_entries_and_services_by_address_for_links_of_no_short_and_long_text(
    href: str, verdicts: tuple[bool, bool, bool]
) -> None:
    (target,), _ = read_targets([href], PAGE_URL)
    assert target is not None
    assert tuple(leads_to_menu(target, chars) for chars in (0, 12, 40)) == verdicts
