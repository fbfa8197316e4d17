"""``scrapy history`` after the tour: where and when stories stood, with which headlines, and what became of them.

The desk's plan (`newsbot.demo.truth`) says where each story stood in each edition; the history comes from the
published lines alone.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from newsbot.demo.editions import desks, edition
from newsbot.demo.truth import true_teasers
from newsbot.demo.views import views
from newsbot.storage.history import Stay, read_history
from tests.crawl.tour import ROOT, Tour

pytestmark = pytest.mark.timeout(400)  # the first test to run makes the tour

NUMBERS = [desk.number for desk in desks()]
# But the story behind the consent wall: nothing of it is ever read.
STORIES = sorted({s.id for number in NUMBERS for s in edition(number).stories.values() if not s.consent})
# (edition, block, rank, text): a story stood there with this text.
Place = tuple[int, str, int, str]


def home_times(tour: Tour) -> dict[int, str]:
    """When the home page was first fetched in each edition."""
    return {
        number: next(page["fetched_at"] for page in tour.of(number).lines["pages"] if page["url"] == f"{tour.base}/")
        for number in NUMBERS
    }


def said_places(tour: Tour, story: int) -> list[Place]:
    """Where the history says that *story* stood on the home page, edition by edition."""
    home = f"{tour.base}/"
    stays = [stay for stay in read_history(tour.output, f"s:demo:{story}").stays if stay.teaser.page_url == home]
    return sorted(
        place(number, stay)
        for number, at in home_times(tour).items()
        for stay in stays
        if stay.since <= at and (stay.until is None or at < stay.until)
    )


def place(number: int, stay: Stay) -> Place:
    teaser = stay.teaser
    block = teaser.block_heading or "-"
    return number, block, teaser.rank_in_block or 0, teaser.headline or teaser.summary or ""


def true_places(tour: Tour, story: int) -> list[Place]:
    """Where the desk put *story* on the home page."""
    return sorted(
        (number, one.block_heading or "-", one.rank_in_block, one.headline or one.summary or "")
        for number in NUMBERS
        for one in true_teasers(views(edition(number))["/"], tour.base)
        if one.target_story_id == str(story)
    )


def test_history_of_every_story_on_the_home_page_is_the_desks_plan(tour: Tour) -> None:
    said = {story: said_places(tour, story) for story in STORIES}

    assert said == {story: true_places(tour, story) for story in STORIES}
    assert sum(len(places) for places in said.values()) >= 150


def shown(tour: Tour, story: int) -> dict[str, Any]:
    """What the command prints as JSON."""
    command = [sys.executable, "-m", "scrapy", "history", "--json", f"s:demo:{story}"]
    output = ["-s", f"NEWSBOT_OUTPUT={tour.output}"]
    done = subprocess.run([*command, *output], cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    return json.loads(done.stdout)


def what_happened(history: dict[str, Any]) -> list[tuple[str, str | None, str | None]]:
    """The story's own events; those of its teasers are the placements' question."""
    events = [event for event in history["events"] if event["kind"] != "resolved"]
    return [(event["kind"], event["before"], event["after"]) for event in events]


def test_story_that_leads_steps_down_and_is_renamed(tour: Tour) -> None:
    history = shown(tour, 40106)

    assert said_places(tour, 40106) == [
        (1, "-", 1, "Storm Una: ferries stop, schools close early"),
        (1, "Harbour", 1, "Storm Una: ferries stop, schools close early"),
        (1, "Latest", 1, "Storm Una live: ferries stop"),
        (2, "-", 1, "Storm Una: ferries stop, schools close early"),
        (2, "Harbour", 2, "Storm Una live: ferries stop"),
        (2, "Latest", 5, "Storm Una live: ferries stop"),
        (2, "Most read", 3, "Storm Una live: ferries stop"),
        (3, "-", 1, "Storm Una: ferries stop, schools close early"),
        (3, "Harbour", 2, "Storm Una live: ferries stop"),
        (3, "Latest", 4, "Storm Una live: ferries stop"),
        (3, "Most read", 1, "Storm Una live: ferries stop"),
        (4, "-", 2, "Storm Una: how the night went"),
        (4, "Harbour", 3, "Storm Una: how the night went"),
        (4, "Most read", 2, "Storm Una: how the night went"),
    ]
    renamed = "Storm Una: the night in Brindle as it happened"
    assert what_happened(history) == [
        ("headline_variant", None, "Storm Una: how the night went"),
        ("headline_variant", None, renamed),
        ("headline_changed", "Storm Una: ferries stop, schools close early", renamed),
    ]
    assert [version["revision"] for version in history["versions"]] == [1, 2, 3, 4]


def test_story_whose_headline_changes_and_returns(tour: Tour) -> None:
    """Its variants are the headlines that teasers had given it by the time of each version."""
    history = shown(tour, 40206)
    old = "Province to take over the coast road, premier says"
    new = "Province takes the coast road off the county’s hands"
    short = "Province takes over coast road"

    assert [version["headline"] for version in history["versions"]] == [old, new, old]
    assert [version["headline_variants"] for version in history["versions"]] == [[short], [short, old], [short, new]]
    assert what_happened(history) == [
        ("headline_variant", None, new),
        ("headline_changed", old, new),
        ("headline_changed", new, old),
    ]
    assert said_places(tour, 40206) == [
        (1, "-", 7, old),
        (1, "Council", 2, short),
        (1, "Latest", 3, short),
        (2, "-", 8, new),
        (2, "Council", 3, short),
        (3, "Council", 4, short),
        (4, "Council", 4, short),
    ]


def test_summary_says_first_and_last_sight_best_rank_and_headlines(tour: Tour) -> None:
    times = home_times(tour)
    last = max(page["fetched_at"] for page in tour.of(3).lines["pages"] if page["url"] == f"{tour.base}/")
    at_home = {
        place["block_heading"]: place
        for place in shown(tour, 40106)["standings"]
        if place["page_url"] == f"{tour.base}/" and place["block_heading"]
    }

    assert at_home["Latest"] == {
        "page_url": f"{tour.base}/",
        "block_heading": "Latest",
        "first_seen": times[1],
        "last_seen": last,
        "best_rank": 1,
        "is_over": True,
        "headlines": ["Storm Una live: ferries stop"],
    }
    assert (at_home["Most read"]["first_seen"], at_home["Most read"]["last_seen"]) == (times[2], times[4])
    assert (at_home["Most read"]["best_rank"], at_home["Most read"]["is_over"]) == (1, False)
    assert at_home["Most read"]["headlines"] == ["Storm Una live: ferries stop", "Storm Una: how the night went"]


def test_teaser_keeps_its_id_while_it_stays_in_its_block(tour: Tour) -> None:
    stays = read_history(tour.output, "s:demo:40106").stays
    home = [stay.teaser for stay in stays if stay.teaser.page_url == f"{tour.base}/"]
    ids = {
        block: {one.teaser_id for one in home if one.block_heading == block} for block in ("Latest", "Harbour", None)
    }

    assert {block: len(found) for block, found in ids.items()} == {"Latest": 1, "Harbour": 1, None: 1}
    assert len(set.union(*ids.values())) == 3


def test_withdrawn_story_leaves_its_places(tour: Tour) -> None:
    headline = "Stolen anchor turns up at an auction 300 kilometres away"
    history = shown(tour, 40107)

    assert said_places(tour, 40107) == [(1, "Most read", 4, headline), (2, "Most read", 5, headline)]
    assert [kind for kind, _, _ in what_happened(history)] == ["withdrawn"]
    assert [stay for stay in history["stays"] if stay["until"] is None] == []


def test_corrected_story_says_how(tour: Tour) -> None:
    history = shown(tour, 40301)
    correction = "An earlier version of this story gave the wage as 17.40 crowns. It is 16.40."

    assert what_happened(history) == [("corrected", None, correction)]
    assert [version["corrections"] for version in history["versions"]] == [[], [correction]]


def test_targets_are_tied_by_url_or_redirect(tour: Tour) -> None:
    """A line names its story where it is known already, an event ties the others; lines are never rewritten."""
    lines = [line for run in tour.crawls for line in run.lines["teasers"]]
    events = [event for run in tour.crawls for event in run.lines["events"] if event["kind"] == "resolved"]
    first = {line["teaser_id"]: line for line in reversed(lines)}

    assert {line["resolution"]["method"] for line in lines if line["target_story_id"]} == {"url", "redirect"}
    assert {event["after"] for event in events} == {"url", "redirect"}
    assert all(first[event["teaser_id"]]["target_story_id"] is None for event in events)
    redirected = {
        (first[event["teaser_id"]]["target_url"], event["story_id"]) for event in events if event["after"] == "redirect"
    }
    assert redirected == {
        (f"{tour.base}/archive.php?sid={number}", f"s:demo:{number}") for number in (40102, 40105, 40206)
    }
