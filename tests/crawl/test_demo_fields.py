"""Every story line of the tour against the truth, field by field."""

from __future__ import annotations

import pytest

from newsbot.demo.editions import desks, edition
from newsbot.demo.truth import TrueStory, true_story
from newsbot.demo.views import views
from tests.crawl.tour import Record, Tour
from tests.demo.fields import FIELDS

pytestmark = pytest.mark.timeout(400)  # the first test to run makes the tour

NUMBERS = [desk.number for desk in desks()]


def pairs(tour: Tour) -> list[tuple[str, Record, TrueStory]]:
    """(edition and story, line, truth) of every version written; that no others are is test_demo_crawl's."""
    found = []
    for number in NUMBERS:
        now = edition(number)
        truth = {
            f"s:demo:{true.story_id}": true
            for view in views(now).values()
            if (true := true_story(now, view, tour.base)) is not None
        }
        found += [
            (f"{number}/{line['story_id']}", line, truth[line["story_id"]]) for line in tour.of(number).lines["stories"]
        ]
    return found


# Shares of the versions that are right at least: the known defects of extraction, by field.
KNOWN: dict[str, float] = {}


@pytest.mark.parametrize("field", FIELDS)
def test_field_of_every_version_is_as_the_newsroom_wrote_it(tour: Tour, field: str) -> None:
    said, true = FIELDS[field]
    found = pairs(tour)
    wrong = [(where, said(line), true(truth)) for where, line, truth in found if said(line) != true(truth)]

    assert 1 - len(wrong) / len(found) >= KNOWN.get(field, 1.0), wrong
    assert wrong or field not in KNOWN, "right everywhere now: take it off KNOWN"


def test_there_are_versions_to_compare(tour: Tour) -> None:
    assert len(pairs(tour)) >= 60


def test_foreign_name_is_contamination_and_nowhere_else(tour: Tour) -> None:
    line = next(line for line in tour.of(1).lines["stories"] if line["story_id"] == "s:demo:40107")
    page = next(page for page in tour.of(1).lines["pages"] if page["requested_url"].endswith("-40107"))

    assert {found["text"] for found in line["contamination"] + page["contamination"]} == {"蜜桃影院"}
    everything = {name: value for name, value in line.items() if name != "contamination"}
    assert "蜜桃影院" not in str(everything)
