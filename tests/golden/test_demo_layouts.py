"""Every page of the demo's first edition, read without a crawl: the story and the teasers, field by field.

A field is right on every page of a layout, unless `KNOWN` says at least what share is: the defects that are
known, in one place. Raise a share when extraction learns.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from functools import cache
from typing import Any

import pytest

from newsbot.demo.press import Press
from newsbot.demo.truth import true_story, true_teasers
from newsbot.demo.views import View
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture
from newsbot.sites.loader import load_site
from tests.demo.fields import FIELDS

BASE = "http://127.0.0.1:8070"
DAY = dt.date(2026, 3, 3)
PRESS = Press(1, BASE)
# Further pages of a story are joined by the crawl.
PAGES = [
    path
    for path, view in PRESS.views.items()
    if PRESS.answer(path).status == 200 and not (view.story and (view.previous_path or view.next_path))
]
LAYOUTS = sorted({PRESS.views[path].layout for path in PAGES})
STORY_LAYOUTS = [layout for layout in LAYOUTS if not layout.startswith("front")]
TEASER_FIELDS = (
    *("target_url", "block_heading", "block_kind", "rank_in_block", "label", "headline", "summary", "byline"),
    "is_sponsored",
)
# (field, layout) -> the share that is right at least; of teasers 0.04 less than measured, for the next training.
KNOWN: dict[tuple[str, str], float] = {
    ("captions", "gallery"): 0.00,
    ("teaser.target_url", "front_hashed"): 0.86,
    ("teaser.target_url", "front_table"): 0.86,
    ("teaser.target_url", "table"): 0.82,
    ("teaser.target_url", "world"): 0.79,
    ("teaser.block_heading", "classic"): 0.94,
    ("teaser.block_heading", "front_hashed"): 0.86,
    ("teaser.block_heading", "front_table"): 0.86,
    ("teaser.block_heading", "graph"): 0.94,
    ("teaser.block_heading", "table"): 0.82,
    ("teaser.block_heading", "world"): 0.79,
    ("teaser.block_kind", "front_grid"): 0.71,
    ("teaser.block_kind", "front_hashed"): 0.86,
    ("teaser.block_kind", "front_home"): 0.89,
    ("teaser.block_kind", "front_micro"): 0.86,
    ("teaser.block_kind", "front_table"): 0.86,
    ("teaser.block_kind", "table"): 0.82,
    ("teaser.block_kind", "world"): 0.71,
    ("teaser.rank_in_block", "front_hashed"): 0.86,
    ("teaser.rank_in_block", "front_table"): 0.86,
    ("teaser.rank_in_block", "table"): 0.82,
    ("teaser.rank_in_block", "world"): 0.79,
    ("teaser.label", "classic"): 0.94,
    ("teaser.label", "front_classic"): 0.86,
    ("teaser.label", "front_hashed"): 0.86,
    ("teaser.label", "front_table"): 0.86,
    ("teaser.label", "hashed"): 0.91,
    ("teaser.label", "table"): 0.82,
    ("teaser.label", "video"): 0.89,
    ("teaser.label", "world"): 0.79,
    ("teaser.headline", "front_hashed"): 0.86,
    ("teaser.headline", "front_home"): 0.89,
    ("teaser.headline", "front_table"): 0.86,
    ("teaser.headline", "table"): 0.82,
    ("teaser.headline", "world"): 0.79,
    ("teaser.summary", "classic"): 0.94,
    ("teaser.summary", "front_hashed"): 0.86,
    ("teaser.summary", "front_home"): 0.89,
    ("teaser.summary", "front_micro"): 0.86,
    ("teaser.summary", "front_table"): 0.41,
    ("teaser.summary", "hashed"): 0.91,
    ("teaser.summary", "table"): 0.82,
    ("teaser.summary", "video"): 0.89,
    ("teaser.summary", "world"): 0.79,
    ("teaser.byline", "front_classic"): 0.92,
    ("teaser.byline", "front_hashed"): 0.86,
    ("teaser.byline", "front_home"): 0.89,
    ("teaser.byline", "front_table"): 0.86,
    ("teaser.byline", "table"): 0.82,
    ("teaser.byline", "world"): 0.79,
    ("teaser.is_sponsored", "front_hashed"): 0.86,
    ("teaser.is_sponsored", "front_table"): 0.86,
    ("teaser.is_sponsored", "table"): 0.82,
    ("teaser.is_sponsored", "world"): 0.79,
}


@cache
def capture_of(path: str) -> Capture:
    answer = PRESS.answer(path)
    view = PRESS.views[path]
    visit = Visit(
        content_type=answer.headers["Content-Type"],
        fetched_at="2026-03-03T06:00:00+00:00",
        hints=load_site("demo").hints(DAY),
        page_type=view.page_type if view.story is None else None,  # a crawl knows its sections
    )
    return extract_page(answer.body, BASE + path, visit)


def pages_of(layout: str) -> list[tuple[str, View]]:
    return [(path, PRESS.views[path]) for path in PAGES if PRESS.views[path].layout == layout]


def wrong_stories(field: str, layout: str) -> tuple[list[tuple[str, Any, Any]], int]:
    """(page, said, true) of each story whose *field* is wrong, and how many stories there are."""
    said, true = FIELDS[field]
    wrong, count = [], 0
    for path, view in pages_of(layout):
        truth, story = true_story(PRESS.edition, view, BASE), capture_of(path).story
        assert truth is not None
        assert story is not None
        count += 1
        if said(asdict(story)) != true(truth):
            wrong.append((path, said(asdict(story)), true(truth)))
    return wrong, count


def wrong_teasers(field: str, layout: str) -> tuple[list[tuple[str, Any, Any]], int]:
    """The same of teasers; one that is not found is wrong in every field, and so is one that is none."""
    wrong, count = [], 0
    for path, view in pages_of(layout):
        found: dict[str, list[Any]] = {}
        for teaser in capture_of(path).teasers:
            found.setdefault(teaser.target_url or "", []).append(teaser)
        for truth in true_teasers(view, BASE):
            count += 1
            same = found.get(truth.target_url)
            said = _said(same.pop(0), field, view) if same else "not found"
            if said != getattr(truth, field):
                wrong.append((path, said, getattr(truth, field)))
        wrong += [(path, teaser.target_url, "is none") for rest in found.values() for teaser in rest]
    return wrong, count


def _said(teaser: Any, field: str, view: View) -> Any:
    """The title of a section may stand for the heading of its list."""
    value = getattr(teaser, field)
    return None if field == "block_heading" and value == view.title and view.page_type == "section" else value


@pytest.mark.parametrize("layout", LAYOUTS)
def test_story_is_there_where_the_page_tells_one(layout: str) -> None:
    got = {path: capture_of(path).story is not None for path, _ in pages_of(layout)}

    assert got == {path: view.story is not None for path, view in pages_of(layout)}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_page_type(layout: str) -> None:
    got = {path: capture_of(path).page.page_type for path, _ in pages_of(layout)}

    assert got == {path: view.page_type for path, view in pages_of(layout)}


@pytest.mark.parametrize("layout", STORY_LAYOUTS)
@pytest.mark.parametrize("field", FIELDS)
def test_story_field(layout: str, field: str) -> None:
    wrong, count = wrong_stories(field, layout)

    assert 1 - len(wrong) / count >= KNOWN.get((field, layout), 1.0), wrong


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("field", TEASER_FIELDS)
def test_teaser_field(layout: str, field: str) -> None:
    wrong, count = wrong_teasers(f"{field}", layout)

    assert 1 - len(wrong) / count >= KNOWN.get((f"teaser.{field}", layout), 1.0), wrong
