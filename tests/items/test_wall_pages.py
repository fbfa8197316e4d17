"""Whole pages of walls in many languages are rejected with their reason; stories that speak of the same stay."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from pathlib import Path

import pytest

from newsbot.extract import extract_page
from newsbot.items.model import PageVisit, Provenance, Story
from newsbot.items.walls import wall

FOLDER = Path(__file__).parent / "walls"


def entries(name: str) -> Iterator[tuple[list[str], str, list[str]]]:
    """(words of the first line, window title, lines): "# " is a headline, "- " a button, all else a paragraph.

    The words are a wall's reason and language, or a story's language and, if it has a date, "dated".
    """
    for entry in (FOLDER / name).read_text("utf-8").strip().split("\n\n"):
        first, *lines = entry.splitlines()
        words, _, title = first.partition(" | ")
        yield words.split(), title, lines


def page_of(language: str, title: str, lines: list[str], head: str = "") -> bytes:
    marks = {"# ": "h1", "- ": "button"}
    shown = [(marks.get(line[:2], "p"), escape(line[2:] if line[:2] in marks else line)) for line in lines]
    content = "".join(f"<{name}>{text}</{name}>" for name, text in shown)
    menu = "<nav><ul><li><a href=/news>News</a></li><li><a href=/sport>Sport</a></li></ul></nav>"
    return (
        f"<!DOCTYPE html><html lang={language}><meta charset=utf-8><title>{escape(title)}</title>{head}"
        f"<header>{menu}</header><main>{content}</main><footer><p>© 2026</p></footer></html>"
    ).encode()


@pytest.mark.parametrize(("words", "title", "lines"), list(entries("walls.txt")), ids=lambda value: str(value)[:40])
def test_wall_is_rejected_with_its_reason(words: list[str], title: str, lines: list[str]) -> None:
    reason, language = words
    capture = extract_page(page_of(language, title, lines), "https://paper.test/2026/bridge.html")
    assert (capture.story, capture.page.outcome, capture.page.reasons) == (None, "rejected", [reason])


@pytest.mark.parametrize(("words", "title", "lines"), list(entries("stories.txt")), ids=lambda value: str(value)[:40])
def test_story_that_speaks_of_walls_stays(words: list[str], title: str, lines: list[str]) -> None:
    language, *is_dated = words
    head = '<meta property="article:published_time" content="2026-03-01T09:00:00Z">' if is_dated else ""
    capture = extract_page(page_of(language, title, lines, head), "https://paper.test/2026/bridge.html")
    assert capture.story is not None
    assert (capture.story.headline, capture.page.outcome) == (lines[0].removeprefix("# "), "story")


@pytest.mark.parametrize(("source", "reason"), [("meta", None), ("url", "unavailable")])
def test_error_page_is_dated_by_itself_alone(source: str, reason: str | None) -> None:
    story = Story(
        headline="Error",
        body="Our site is down for maintenance. Please try again later.",
        date_published="2026-03-01T09:00:00+00:00",
        provenance=[Provenance(field="date_published", source=source)],
    )
    assert wall(PageVisit(url="https://paper.test/2026/03/01/bridge"), story) == reason


def test_words_of_a_wall_in_the_headline_alone_make_none() -> None:
    story = Story(headline="Page not found: this page does not exist", body="Of 412 books, some have lost a page.")
    assert wall(PageVisit(url="https://paper.test/1"), story) is None


def test_signed_or_dated_text_is_no_wall() -> None:
    headline, body = "This domain is for sale", "You may buy this domain now. Make an offer to its owner today."
    page = PageVisit(url="https://paper.test/1")
    assert wall(page, Story(headline=headline, body=body)) == "parked"
    assert wall(page, Story(headline=headline, body=body * 3, date_published="2026-03-01T09:00:00+00:00")) is None
