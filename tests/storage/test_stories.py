"""Versions of stories, and which story a page tells."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from newsbot.items.model import Access, Story
from newsbot.storage.base import StoreSettings
from newsbot.storage.sqlite import SqliteStore
from tests.storage.samples import T0, capture, end, lines, open_at, story, story_url

DAY = 86_400
BASE = ("The ferry sailed at six.", "It carried forty people.", "Nobody was hurt.")


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_at(tmp_path / "output")


def tell(store: SqliteStore, hour: float, told: Story | None, url: str = story_url(1), **page: Any) -> str:
    """Commit a visit *hour* hours later; the verdict on its story."""
    at = T0 + hour * 3600
    return str(store.commit(capture(url, at=at, story=told, **page), None, now=at).story)


def stories(store: SqliteStore) -> list[dict[str, Any]]:
    end(store)
    return lines(store.folder, "stories")


def events(store: SqliteStore) -> list[tuple[str, str | None, str | None]]:
    end(store)
    return [(line["kind"], line["before"], line["after"]) for line in lines(store.folder, "events")]


@pytest.mark.parametrize(
    ("paragraphs", "headline", "verdict"),
    [
        pytest.param(BASE, None, "unchanged", id="same"),
        pytest.param(("The ferry  sailed at six.", *BASE[1:]), None, "unchanged", id="spaces"),
        pytest.param(BASE, "Ferry 1 sails\u00a0on", "unchanged", id="typography-of-headline"),
        pytest.param(("The ferry sailed at seven.", *BASE[1:]), None, "revision", id="one-word"),
        pytest.param((*BASE[:2], "Nobody was hurt"), None, "revision", id="one-full-stop"),
        pytest.param(BASE, "Ferry 1 sails no more", "revision", id="headline"),
        pytest.param(BASE[:2], None, "revision", id="paragraph-gone"),
        pytest.param(("The ferry sailed at six. It carried forty people.", BASE[2]), None, "unchanged", id="joined"),
    ],
)
def test_t05_any_real_change_of_text_is_a_version(
    store: SqliteStore, paragraphs: tuple[str, ...], headline: str | None, verdict: str
) -> None:
    assert tell(store, 0, story(1, *BASE)) == "new"
    assert tell(store, 1, story(1, *paragraphs, headline=headline)) == verdict


def test_a_revision_names_its_predecessor(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE))
    tell(store, 1, story(1, *BASE, "It was the first."))
    first, second = stories(store)
    assert (first["revision"], first["previous_version_id"]) == (1, None)
    assert (second["revision"], second["previous_version_id"]) == (2, first["version_id"])
    assert second["version_id"] != first["version_id"]


def test_a_return_to_an_earlier_text_is_a_new_revision_with_the_old_version_id(store: SqliteStore) -> None:
    for hour, told in enumerate((story(1, *BASE), story(1, *BASE[:2]), story(1, *BASE))):
        tell(store, hour, told)
    told = stories(store)
    assert [line["revision"] for line in told] == [1, 2, 3]
    assert told[2]["version_id"] == told[0]["version_id"]
    assert told[2]["previous_version_id"] == told[1]["version_id"]


def test_a_block_that_differs_three_times_in_a_row_leaves_the_hash(store: SqliteStore) -> None:
    def at(counter: int, last: str = BASE[2]) -> Story:
        return story(1, *BASE[:2], f"{counter} people read this.", last)

    verdicts = [tell(store, hour, at(hour)) for hour in range(7)]
    assert verdicts == ["new", "revision", "revision", *["unchanged"] * 4]
    assert tell(store, 7, at(7, "One man was hurt.")) == "revision"


def test_a_volatile_block_that_stands_still_comes_back_with_its_text(store: SqliteStore) -> None:
    def at(dead: int) -> Story:
        return story(1, BASE[0], f"{dead} people died.", BASE[2])

    deaths = (10, 12, 14, 17, 17, 17, 17, 17)
    verdicts = [tell(store, hour, at(dead)) for hour, dead in enumerate(deaths)]
    assert verdicts == ["new", "revision", "revision", "unchanged", "unchanged", "unchanged", "revision", "unchanged"]
    assert "17 people died." in stories(store)[-1]["body"]


def test_two_changes_with_a_pause_between_are_versions(store: SqliteStore) -> None:
    bodies = ((1, 1), (2, 1), (2, 1), (3, 1), (3, 1), (4, 1))
    verdicts = [tell(store, hour, story(1, f"{a} boats.", f"{b} men.")) for hour, (a, b) in enumerate(bodies)]
    assert verdicts == ["new", "revision", "unchanged", "revision", "unchanged", "revision"]


def test_t06_versions_are_capped_counted_and_marked(tmp_path: Path) -> None:
    store = open_at(tmp_path / "output", settings=StoreSettings(max_versions=4))
    verdicts = [tell(store, hour, story(1, *[f"{hour} {n}" for n in range(hour + 1)])) for hour in range(7)]
    assert verdicts == ["new", "revision", "revision", "revision", "capped", "capped", "capped"]
    end(store)
    assert [line["notes"] for line in lines(store.folder, "pages")][3:] == [[], *[["versions_capped"]] * 3]


def test_a_story_behind_a_paywall_later_keeps_its_text(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE))
    assert tell(store, 1, story(1, BASE[0], access=Access(observed="truncated"))) == "unchanged"
    assert tell(store, 2, story(1, BASE[0])) == "revision"


def test_events_of_a_new_version(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE))
    tell(store, 1, story(1, *BASE, headline="Ferry sinks", corrections=["An earlier version said six."]))
    assert events(store) == [
        ("headline_changed", "Ferry 1 sails on", "Ferry sinks"),
        ("corrected", None, "An earlier version said six."),
    ]


def test_earlier_headlines_are_variants_of_the_next_line(store: SqliteStore) -> None:
    for hour, headline in enumerate(("One", "Two", "Three")):
        tell(store, hour, story(1, *BASE, headline=headline))
    assert [line["headline_variants"] for line in stories(store)] == [[], ["One"], ["One", "Two"]]


def test_a_story_found_under_another_url_has_moved(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE))
    other = "https://harbour.test/sea/ferry-sails-1"
    assert [tell(store, hour, story(1, *BASE), url=other) for hour in (1, 2)] == ["unchanged"] * 2
    assert tell(store, 3, story(1, *BASE)) == "unchanged"
    assert events(store) == [("moved", story_url(1), other)]


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        pytest.param([(1, 410)], ["withdrawn"], id="410-at-once"),
        pytest.param([(1, 404)], [], id="404-not-at-once"),
        pytest.param([(1, 404), (26, 404)], ["withdrawn"], id="404-for-a-day"),
        pytest.param([(1, 410), (26, 410)], ["withdrawn"], id="once-only"),
        pytest.param([(1, 503), (26, 503)], [], id="an-outage-is-no-withdrawal"),
    ],
)
def test_a_withdrawn_story(store: SqliteStore, answers: list[tuple[int, int]], kinds: list[str]) -> None:
    tell(store, 0, story(1, *BASE))
    for hour, status in answers:
        tell(store, hour, None, outcome="failed", status=status, reasons=[f"http_{status}"])
    assert [kind for kind, _, _ in events(store)] == kinds


def test_a_story_that_is_no_longer_available_is_withdrawn_after_a_day(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE))
    for hour in (1, 26):
        tell(store, hour, None, outcome="rejected", reasons=["gone"])
    assert [kind for kind, _, _ in events(store)] == ["withdrawn"]


# -- which story -----------------------------------------------------------------------------------


def test_a_story_known_by_its_url_keeps_its_id_when_the_site_gets_a_pattern(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE), id_pattern=None)
    assert tell(store, 1, story(1, *BASE, "More."), id_pattern="/{section}/{slug}-{id:digits}") == "revision"
    first, second = stories(store)
    assert first["story_id"] == second["story_id"] and not first["story_id"].startswith("s:")


def test_a_url_that_tells_another_story_by_the_sites_id_is_another_story(store: SqliteStore) -> None:
    live = "https://harbour.test/live"
    for number in (1, 2):
        page = capture(live, at=T0 + number, story=story(number, *BASE, f"Day {number}."), id_pattern=None)
        assert page.story is not None
        page.story.story_id = f"s:harbour.test:{number}"
        assert store.commit(page, None, now=T0).story == "new"
    assert [line["story_id"] for line in stories(store)] == ["s:harbour.test:1", "s:harbour.test:2"]


def test_the_print_twin_is_the_same_story_by_its_canonical_url(store: SqliteStore) -> None:
    assert tell(store, 0, story(1, *BASE), id_pattern=None) == "new"
    twin = story(1, *BASE, canonical_url=story_url(1))
    assert tell(store, 1, twin, url="https://harbour.test/print/1", id_pattern=None) == "unchanged"


def test_t01_a_canonical_of_another_site_is_a_claim_only(store: SqliteStore) -> None:
    assert tell(store, 0, story(1, *BASE), id_pattern=None) == "new"
    thief = story(1, *BASE, canonical_url=story_url(1))
    assert tell(store, 1, thief, url="https://thief.test/copy", id_pattern=None) == "new"
    assert len({line["story_id"] for line in stories(store)}) == 2


def test_t03_a_canonical_of_another_text_on_the_host_is_a_claim_only(store: SqliteStore) -> None:
    tell(store, 0, story(1, *BASE), id_pattern=None)
    other = story(1, "Buy my boat.", "It is cheap.", canonical_url=story_url(1))
    assert tell(store, 1, other, url="https://harbour.test/user/9", id_pattern=None) == "new"
    assert tell(store, 2, story(1, *BASE), id_pattern=None) == "unchanged"
    end(store)
    assert [line["notes"] for line in lines(store.folder, "pages")] == [[], ["canonical_unlike"], []]


def test_t02_canonicals_of_a_host_are_off_after_three_unlike_texts(store: SqliteStore) -> None:
    wrong = "https://harbour.test/news"
    for hour in range(6):
        told = story(hour, f"Text {hour}.", f"More of {hour}.", canonical_url=wrong)
        assert tell(store, hour, told, url=story_url(hour), id_pattern=None) == "new"
    end(store)
    notes = [line["notes"] for line in lines(store.folder, "pages")]
    assert notes == [[], *[["canonical_unlike"]] * 3, *[["canonical_distrusted"]] * 2]
    assert len({line["story_id"] for line in lines(store.folder, "stories")}) == 6
