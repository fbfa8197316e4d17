"""A story's past out of the lines alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsbot.storage.history import Change, changes, read_history, story_ids
from tests.storage.samples import HOME, T0, capture, end, open_at, story, story_url, teaser, visit

HOUR = 3600


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Story 1: a teaser before it is read, three versions, a move, a place lost and won back, withdrawn."""
    folder = tmp_path_factory.mktemp("history") / "output"
    store = open_at(folder)
    visit(store, capture(HOME, teasers=[teaser(1), teaser(2, rank=2)]))
    for hour, (headline, text) in enumerate((("Sails", "One. Two."), ("Sails", "One. Three."), ("Sinks", "One."))):
        at = T0 + HOUR * hour
        store.commit(capture(story_url(1), at=at, story=story(1, text, headline=headline)), None, now=at)
    visit(store, capture(HOME, at=T0 + 3 * HOUR, teasers=[teaser(2), teaser(1, rank=2)]))
    visit(store, capture(HOME, at=T0 + 4 * HOUR, teasers=[teaser(2)]))
    visit(store, capture(HOME, at=T0 + 5 * HOUR, teasers=[teaser(2), teaser(1, rank=2, headline="Ferry 1 sinks")]))
    moved = capture("https://harbour.test/sea/ferry-1", at=T0 + 6 * HOUR, story=story(1, "One.", headline="Sinks"))
    store.commit(moved, None, now=T0 + 6 * HOUR)
    gone = capture(story_url(1), at=T0 + 7 * HOUR, outcome="failed", status=410)
    store.commit(gone, None, now=T0 + 7 * HOUR)
    store.commit(capture(story_url(3), story=story(3)), None, now=T0)
    end(store)
    return folder


@pytest.mark.parametrize(
    "name",
    [
        "s:harbour.test:1",
        story_url(1),
        "http://www.harbour.test/town/story-1/?utm_source=x",
        "https://harbour.test/sea/ferry-1",
    ],
)
def test_a_story_is_found_by_id_and_by_any_of_its_urls(folder: Path, name: str) -> None:
    assert story_ids(folder, name) == ["s:harbour.test:1"]


def test_a_name_that_no_line_has_finds_nothing(folder: Path) -> None:
    assert story_ids(folder, "s:harbour.test:9") == story_ids(folder, "https://harbour.test/none") == []


def test_versions_and_events_stand_in_the_order_of_time(folder: Path) -> None:
    history = read_history(folder, "s:harbour.test:1")
    assert [(each.revision, each.headline, each.body) for each in history.versions] == [
        (1, "Sails", "One. Two."),
        (2, "Sails", "One. Three."),
        (3, "Sinks", "One."),
    ]
    assert [event.kind for event in history.events] == [
        "resolved",
        "headline_changed",
        "headline_variant",
        "moved",
        "withdrawn",
    ]


def test_stays_of_teasers_end_where_they_change_or_go(folder: Path) -> None:
    stays = read_history(folder, "s:harbour.test:1").stays
    found = [(each.teaser.rank_in_block, each.since[11:16], each.until and each.until[11:16]) for each in stays]
    assert found == [(1, "06:00", "09:00"), (2, "09:00", "10:00"), (2, "11:00", None)]
    assert stays[-1].teaser.headline == "Ferry 1 sinks"


def test_changes_are_shown_by_sentences() -> None:
    assert changes("One. Two.\nThree.", "One. 2.\nThree. Four.") == [
        Change(" ", "One."),
        Change("-", "Two."),
        Change("+", "2."),
        Change(" ", "Three."),
        Change("+", "Four."),
    ]


def test_a_text_of_very_many_sentences_is_compared_by_blocks() -> None:
    long = "\n".join("One. " * 20 for _ in range(100))
    assert [step.sign for step in changes(long, long + "\nTwo.")] == [" "] * 100 + ["+"]
