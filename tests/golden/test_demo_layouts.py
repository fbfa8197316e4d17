"""Every page of the demo's first edition, read without a crawl: the story and the teasers, field by field.

A field is right on every page of a layout, unless `known_demo.toml` says what share is at least. Such a test fails
as soon as the field is right everywhere: take it off (``python -m tests.golden.known --write``).
"""

from __future__ import annotations

import pytest

from tests.golden.demo import ASKED, LAYOUTS, PAGES, PRESS, capture_of, known_shares, pages_of, share_right
from tests.golden.golden import lines, teaser_texts


@pytest.mark.parametrize("layout", LAYOUTS)
def test_story_is_there_where_the_page_tells_one(layout: str) -> None:
    got = {path: capture_of(path).story is not None for path, _ in pages_of(layout)}

    assert got == {path: view.story is not None for path, view in pages_of(layout)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_type(layout: str) -> None:
    got = {path: capture_of(path).page.page_type for path, _ in pages_of(layout)}

    assert got == {path: view.page_type for path, view in pages_of(layout)}


@pytest.mark.parametrize(("field", "layout"), [pair for pair in ASKED if pair not in known_shares()])
def test_field_is_right_on_every_page(field: str, layout: str) -> None:
    _, wrong = share_right(field, layout)

    assert wrong == []


@pytest.mark.parametrize(("field", "layout"), sorted(known_shares()))
def test_known_share_is_reached_and_not_all(field: str, layout: str) -> None:
    assert (field, layout) in ASKED, "no such field or layout"
    share, wrong = share_right(field, layout)

    assert share >= known_shares()[field, layout], wrong
    assert wrong != [], "right everywhere now: take it off known_demo.toml"


def test_no_text_is_story_and_teaser() -> None:
    assert len(PAGES) >= 60
    shared = {path: set(lines(capture_of(path))) & teaser_texts(capture_of(path).teasers) for path in PAGES}

    assert {path: texts for path, texts in shared.items() if texts} == {}


def test_home_has_every_kind_of_block_and_two_fronts_another_script() -> None:
    styles = {block.style for path in PAGES for block in PRESS.views[path].blocks}

    assert styles >= {"lead", "river", "column", "grid", "ticker", "banner", "tab", "opinion", "sponsored", "carousel"}
    assert {view.language for view in PRESS.views.values() if view.layout == "front_world"} == {"ar", "ja"}
