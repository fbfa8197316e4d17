"""Validation: refused dates, rejected pages; nothing is dropped."""

from __future__ import annotations

import pytest

from newsbot.items.model import Capture, PageVisit, Provenance, Story
from newsbot.items.validate import Problem, validate

NOW = "2026-03-01T12:00:00+00:00"


@pytest.mark.parametrize(
    ("date", "code"),
    [
        ("2026-03-03T13:00:00+00:00", "date_in_future"),
        ("1970-01-01T00:00:00+00:00", "date_too_early"),
        ("yesterday", "date_unreadable"),
    ],
)
def test_date_out_of_range_is_refused_and_kept_as_a_claim(date: str, code: str) -> None:
    story = Story(body="Some text.", date_published=date, date_precision="second")
    capture = Capture(page=PageVisit(url="https://a.test/1", fetched_at=NOW, outcome="story"), story=story)
    assert validate(capture) == [Problem(code, "date_published", date)]
    assert capture.story is story
    assert (story.date_published, story.date_precision) == (None, None)
    assert capture.page.claims == [Provenance(field="date_published", source=code, locator=date)]
    assert validate(capture) == []


@pytest.mark.parametrize("date", ["2026-03-03T11:00:00+00:00", "1990-01-01T00:00:00+00:00", None])
def test_date_in_range_stays(date: str | None) -> None:
    story = Story(body="Some text.", date_published=date)
    capture = Capture(page=PageVisit(url="https://a.test/1", fetched_at=NOW), story=story)
    assert validate(capture) == []
    assert story.date_published == date
