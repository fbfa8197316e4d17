"""Every page of the demo's first edition, read without a crawl, beside what is true of it.

What comes in: the newsroom, ``known_demo.toml``. What goes out: by layout and field the share that is right.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import asdict
from functools import cache
from typing import Any

from newsbot.demo.press import Press
from newsbot.demo.truth import true_story, true_teasers
from newsbot.demo.views import View
from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture
from newsbot.sites.loader import load_site
from tests.demo.fields import FIELDS
from tests.golden.golden import HERE

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
ASKED = [(f"story.{field}", layout) for layout in STORY_LAYOUTS for field in FIELDS]
ASKED += [(f"teaser.{field}", layout) for layout in LAYOUTS for field in TEASER_FIELDS]


@cache
def known_shares() -> dict[tuple[str, str], float]:
    """(field, layout) -> the share that is right at least, of those that are not right everywhere."""
    listed = tomllib.loads((HERE / "known_demo.toml").read_text("utf-8"))
    return {(field, layout): share for layout, fields in listed.items() for field, share in fields.items()}


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


def share_right(field: str, layout: str) -> tuple[float, list[tuple[str, Any, Any]]]:
    """The share of the layout's stories or teasers whose *field* is right, and (page, said, true) of the wrong ones."""
    part, _, key = field.partition(".")
    wrong, count = wrong_teasers(key, layout) if part == "teaser" else wrong_stories(key, layout)
    return 1 - len(wrong) / count, wrong


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
