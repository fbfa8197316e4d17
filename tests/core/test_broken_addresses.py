"""Addresses on a page that no URL can be read from cost themselves, never the page."""

from __future__ import annotations

import pytest

from newsbot.extract import extract_page

URL = "https://paper.example/pier"
TEXT = "<p>The harbour board voted on Tuesday to rebuild the eastern pier after the storms of the winter.</p>" * 3


@pytest.mark.parametrize(
    "head",
    [
        "<link rel='canonical' href='//[::1'>",
        "<meta property='og:url' content='http://[broken'>",
        "<meta property='og:image' content='//[x'>",
        "<base href='http://['>",
        '<script type="application/ld+json">{"@type":"NewsArticle","url":"//[","image":["//[",{"url":"//["}]}</script>',
    ],
)
def test_page_with_a_broken_address_is_read(head: str) -> None:
    page = f"<html><head>{head}</head><body><article><h1>Pier</h1>{TEXT}<img src='//['></article></body></html>"
    capture = extract_page(page.encode(), URL)
    assert capture.story is not None
    assert capture.story.headline == "Pier"
    assert capture.story.canonical_url is None and capture.page.canonical_url is None
