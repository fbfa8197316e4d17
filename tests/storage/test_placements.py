"""Placements of teasers: written at first sight and when text, block or rank changes; gone; tied to stories."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsbot.items.model import Teaser
from newsbot.storage.sqlite import SqliteStore
from tests.storage.samples import HOME, T0, capture, end, lines, open_at, story, story_url, teaser, visit


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_at(tmp_path / "output")


def show(store: SqliteStore, hour: int, *teasers: Teaser, **page: Any) -> tuple[int, int]:
    """(teasers, events) written by a visit to the home page."""
    at = T0 + 3600 * hour
    committed = store.commit(capture(HOME, at=at, teasers=teasers, **page), None, now=at)
    return committed.teasers, committed.events


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, (0, 0), id="nothing"),
        pytest.param({"headline": "Ferry  1 sails on"}, (0, 0), id="typography"),
        pytest.param({"headline": "Ferry 1 sinks"}, (1, 0), id="headline"),
        pytest.param({"summary": "It was late."}, (1, 0), id="summary"),
        pytest.param({"label": "Live"}, (1, 0), id="label"),
        pytest.param({"rank": 2}, (1, 0), id="rank"),
        pytest.param({"heading": "Sea"}, (1, 1), id="another-block"),
    ],
)
def test_a_placement_is_written_when_text_block_or_rank_changes(
    store: SqliteStore, change: dict[str, Any], expected: tuple[int, int]
) -> None:
    assert show(store, 0, teaser(1)) == (1, 0)
    assert show(store, 1, teaser(1, **change)) == expected


def test_a_teaser_that_is_gone_has_an_event_and_comes_back_as_a_new_line(store: SqliteStore) -> None:
    show(store, 0, teaser(1), teaser(2, rank=2))
    assert show(store, 1, teaser(1)) == (0, 1)
    assert show(store, 2, teaser(1), teaser(2, rank=2)) == (1, 0)
    end(store)
    written = [(line["headline"], line["observed_at"][11:16]) for line in lines(store.folder, "teasers")]
    assert written == [("Ferry 1 sails on", "06:00"), ("Ferry 2 sails on", "06:00"), ("Ferry 2 sails on", "08:00")]
    ids = [line["teaser_id"] for line in lines(store.folder, "teasers")]
    gone = [(line["kind"], line["teaser_id"]) for line in lines(store.folder, "events")]
    assert gone == [("teaser_gone", ids[1])] and ids[1] == ids[2]


@pytest.mark.parametrize("outcome", ["failed", "rejected", "not_modified"])
def test_a_page_that_was_not_read_says_nothing_of_its_teasers(store: SqliteStore, outcome: str) -> None:
    show(store, 0, teaser(1))
    assert show(store, 1, outcome=outcome) == (0, 0)
    assert show(store, 2, teaser(1)) == (0, 0)


def test_the_same_story_twice_in_one_block_is_two_placements(store: SqliteStore) -> None:
    assert show(store, 0, teaser(1), teaser(1, rank=2)) == (2, 0)
    assert show(store, 1, teaser(1), teaser(1, rank=2)) == (0, 0)


def test_teasers_of_known_stories_say_how_they_are_known(store: SqliteStore) -> None:
    visit(store, capture(story_url(1), story=story(1), requested_url="https://harbour.test/s/1"))
    shown = [
        teaser(1),
        teaser(1, rank=2, target_url="https://harbour.test/s/1?utm_source=home"),
        teaser(1, rank=3, target_url="https://harbour.test/sea/other-slug-1"),
        teaser(1, rank=4, target_url=None),
        teaser(9, rank=5),
        teaser(1, rank=6, target_url=None, headline="Live"),
    ]
    show(store, 0, *shown)
    end(store)
    found = [line["resolution"] for line in lines(store.folder, "teasers")]
    assert [each and each["method"] for each in found] == ["url", "redirect", "site_id", "text", None, None]
    assert [line["target_story_id"] for line in lines(store.folder, "teasers")] == ["s:harbour.test:1"] * 4 + [None] * 2


def test_a_teaser_is_resolved_by_an_event_when_its_story_is_read(store: SqliteStore) -> None:
    show(store, 0, teaser(1))
    show(store, 1, teaser(1, rank=2))
    visit(store, capture(story_url(1), story=story(1)))
    visit(store, capture(story_url(1), at=T0 + 9, story=story(1)))
    end(store)
    found = [(line["kind"], line["teaser_id"], line["after"]) for line in lines(store.folder, "events")]
    assert found == [("resolved", lines(store.folder, "teasers")[0]["teaser_id"], "url")]


def test_a_teaser_without_link_is_known_by_its_text(store: SqliteStore) -> None:
    bare = {"target_url": None, "headline": None}
    assert show(store, 0, teaser(1, summary="The ferry is back in port.", **bare)) == (1, 0)
    assert show(store, 1, teaser(1, summary="The ferry is back in port.", **bare)) == (0, 0)
    assert show(store, 2, teaser(1, summary="The ferry is lost.", **bare)) == (1, 1)


def test_headlines_that_teasers_gave_before_are_variants_and_later_ones_events(store: SqliteStore) -> None:
    show(
        store,
        0,
        teaser(1, headline="Ferry sails at last"),
        teaser(1, rank=2),
        teaser(1, rank=3, headline="ferry sails  at last"),
    )
    visit(store, capture(story_url(1), at=T0 + 3600, story=story(1)))
    assert show(store, 2, teaser(1, headline="Back at sea"), teaser(1, rank=2)) == (1, 2)
    assert show(store, 3, teaser(1, headline="Ferry sails at last"), teaser(1, rank=2, headline="Back at sea")) == (
        2,
        0,
    )
    later = T0 + 4 * 3600
    visit(store, capture(story_url(1), at=later, story=story(1, "It sank.")))
    end(store)

    told = lines(store.folder, "stories")
    assert [line["headline_variants"] for line in told] == [
        ["Ferry sails at last"],
        ["Ferry sails at last", "Back at sea"],
    ]
    called = [line for line in lines(store.folder, "events") if line["kind"] == "headline_variant"]
    assert [(line["story_id"], line["after"]) for line in called] == [(told[0]["story_id"], "Back at sea")]
    assert called[0]["teaser_id"] == lines(store.folder, "teasers")[0]["teaser_id"]


def test_another_site_puts_no_words_into_the_mouth_of_a_story(store: SqliteStore) -> None:
    show(store, 0, teaser(1, headline="They lie"), site="elsewhere")
    visit(store, capture(story_url(1), at=T0 + 3600, story=story(1)))
    show(store, 2, teaser(1, headline="They still lie"), site="elsewhere")
    end(store)
    assert [line["headline_variants"] for line in lines(store.folder, "stories")] == [[]]
    assert [line["kind"] for line in lines(store.folder, "events")] == ["resolved"]
