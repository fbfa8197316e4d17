"""The real ``scrapy crawl demo`` through all editions: what is written, what is not, and how the crawl ends."""

from __future__ import annotations

from collections import Counter

import pytest

from newsbot.demo.editions import desks, edition
from newsbot.demo.truth import true_story
from newsbot.demo.views import views
from newsbot.items.identity import folded
from tests.crawl.tour import SHOWN, Tour, crawl, read_lines

pytestmark = pytest.mark.timeout(400)  # the first test to run makes the tour

NUMBERS = [desk.number for desk in desks()]


def true_versions(number: int, base: str) -> dict[str, tuple[str, ...]]:
    """Every story of the edition with its text, typography aside."""
    now = edition(number)
    found = {}
    for view in views(now).values():
        story = true_story(now, view, base)
        if story is not None:
            found[f"s:demo:{story.story_id}"] = (folded(story.headline), *(folded(text) for _, text in story.body))
    return found


@pytest.mark.parametrize("index", range(len(SHOWN)))
def test_crawl_ends_well_and_says_so(tour: Tour, index: int) -> None:
    run = tour.crawls[index]

    assert (run.code, run.summary["exit"], run.summary["stopped_by"], run.summary["urls_left"]) == (0, 0, None, 0)
    assert run.summary["new"] + run.summary["updated"] == len(run.lines["stories"])
    assert run.summary["teasers"] == len(run.lines["teasers"])
    assert len(run.lines["runs"]) == 1


def test_same_edition_again_writes_nothing_new(tour: Tour) -> None:
    again = tour.crawls[1]

    assert (again.lines["stories"], again.lines["teasers"], again.lines["events"]) == ([], [], [])
    assert {page["outcome"] for page in again.lines["pages"]} <= {"not_modified", "rejected", "unchanged"}


def test_first_edition_writes_each_story_once(tour: Tour) -> None:
    written = [line["story_id"] for line in tour.of(1).lines["stories"]]

    assert sorted(written) == sorted(true_versions(1, tour.base))
    assert {line["revision"] for line in tour.of(1).lines["stories"]} == {1}


@pytest.mark.parametrize("number", NUMBERS[1:])
def test_next_edition_writes_new_and_edited_stories_only(tour: Tour, number: int) -> None:
    before, now = true_versions(number - 1, tour.base), true_versions(number, tour.base)
    expected = {key for key, text in now.items() if before.get(key) != text}

    written = Counter(line["story_id"] for line in tour.of(number).lines["stories"])

    assert written == Counter(expected)


def test_typography_is_no_version(tour: Tour) -> None:
    typography = {(desk.number, f"s:demo:{e.story}") for desk in desks() for e in desk.edit if e.kind == "typography"}
    written = {(number, line["story_id"]) for number in NUMBERS for line in tour.of(number).lines["stories"]}

    assert len(typography) == 2
    assert typography & written == set()


@pytest.mark.parametrize("story", [40402, 40206], ids=["text-taken-back", "headline-taken-back"])
def test_edit_taken_back_is_a_revision_with_the_old_version(tour: Tour, story: int) -> None:
    versions = [
        line for number in NUMBERS for line in tour.of(number).lines["stories"] if line["story_id"] == f"s:demo:{story}"
    ]

    assert [line["revision"] for line in versions] == [1, 2, 3]
    assert versions[0]["version_id"] == versions[2]["version_id"] != versions[1]["version_id"]
    assert [line["previous_version_id"] for line in versions] == [
        None,
        versions[0]["version_id"],
        versions[1]["version_id"],
    ]


def test_live_blog_grows_by_a_revision_an_edition(tour: Tour) -> None:
    live = [
        line for number in NUMBERS for line in tour.of(number).lines["stories"] if line["story_id"] == "s:demo:40106"
    ]

    assert [line["revision"] for line in live] == [1, 2, 3, 4]
    assert [sum(block["kind"] == "entry_time" for block in line["body_blocks"]) for line in live] == [2, 4, 6, 8]


def test_changed_headlines_are_events(tour: Tour) -> None:
    got = [
        (number, event["story_id"], event["before"], event["after"])
        for number in NUMBERS
        for event in tour.of(number).lines["events"]
        if event["kind"] == "headline_changed"
    ]
    expected = [
        (number, f"s:demo:{key}", edition(number - 1).stories[key].headline, story.headline)
        for number in NUMBERS[1:]
        for key, story in edition(number).stories.items()
        if key in edition(number - 1).stories
        and folded(edition(number - 1).stories[key].headline) != folded(story.headline)
    ]

    assert sorted(got) == sorted(expected)
    assert len(expected) == 4


def test_withdrawn_story_is_an_event_and_stays_withdrawn(tour: Tour) -> None:
    got = [
        (run.edition, event["story_id"])
        for run in tour.crawls
        for event in run.lines["events"]
        if event["kind"] == "withdrawn"
    ]

    assert got == [(3, "s:demo:40107")]


def test_every_line_has_an_id_of_its_own(tour: Tour) -> None:
    lines = read_lines(tour.output)
    versions = Counter((line["story_id"], line["revision"]) for line in lines["stories"])
    events = Counter(line["event_id"] for line in lines["events"])
    visits = Counter(line["page_id"] for line in lines["pages"])

    assert [key for counter in (versions, events, visits) for key, count in counter.items() if count > 1] == []


def test_every_page_has_a_visit_in_every_crawl(tour: Tour) -> None:
    for run in tour.crawls:
        paths = {path for path, view in views(edition(run.edition)).items() if not (view.story and view.previous_path)}
        visited = {page["requested_url"] for page in run.lines["pages"]}
        assert {tour.base + path for path in paths} <= visited


def test_walled_story_is_rejected_not_stored(tour: Tour) -> None:
    visits = [page for page in tour.of(1).lines["pages"] if page["requested_url"].endswith("-40503")]

    assert [(visit["outcome"], visit["reasons"][:1]) for visit in visits] == [("rejected", ["consent"])]
    assert "s:demo:40503" not in {line["story_id"] for run in tour.crawls for line in run.lines["stories"]}


def test_unknown_edition_is_a_usage_error(tour: Tour) -> None:
    result = crawl(tour.output.parent / "elsewhere", "-a", "edition=7", "-L", "ERROR")

    assert result.returncode == 2
    assert "edition=7: the demo newsroom has editions 1 to 4" in result.stderr
