"""Clusters of near duplicates: what joins them, what does not, and what the lines and events say."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

from benchmarks.scale.duplicates import Pair, brief, pairs, score, text, trimmed
from newsbot.storage.base import StoreSettings
from newsbot.storage.sqlite import SqliteStore
from tests.storage.samples import T0, capture, end, lines, open_at, story

DAY = 86_400


@pytest.fixture
def store(tmp_path: Path) -> SqliteStore:
    return open_at(tmp_path / "output")


def wire(seed: int = 1, blocks: int = 8) -> list[str]:
    return text(random.Random(seed), blocks)


def tell(store: SqliteStore, host: str, paragraphs: list[str], *, at: float = T0, **fields: Any) -> None:
    """Commit a story of the site *host*."""
    told = story(1, *paragraphs, **fields)
    told.url = f"https://{host}/town/story-{len(paragraphs)}-{int(at - T0)}"
    store.commit(capture(told.url, at=at, story=told, site=host, id_pattern=None), None, now=at)


def told(store: SqliteStore) -> tuple[list[str | None], list[tuple[str, str | None, str]]]:
    """(cluster of each story's line, each event as (cluster, origin, what))."""
    end(store, T0 + 90 * DAY)
    events = [line for line in lines(store.folder, "events") if line["kind"] == "clustered"]
    clusters = [line["cluster_id"] for line in lines(store.folder, "stories")]
    return clusters, [(each["cluster_id"], each["before"], each["after"]) for each in events]


def test_the_second_copy_makes_the_cluster_and_an_event_tells_of_the_first(store: SqliteStore) -> None:
    tell(store, "a.test", wire())
    tell(store, "b.test", wire()[:5], agencies=["Reuters"])
    tell(store, "c.test", wire())
    clusters, events = told(store)
    first = lines(store.folder, "stories")[0]["story_id"]
    assert clusters[0] is None and clusters[1] == clusters[2] and (clusters[1] or "").startswith("c")
    assert events[0] == (clusters[1], None, "origin")
    assert [(each[1], each[2].split(" ")[0]) for each in events[1:]] == [(first, "syndicated")] * 2


def test_a_copy_on_the_same_site_is_near_or_exact(store: SqliteStore) -> None:
    tell(store, "a.test", wire())
    tell(store, "a.test", wire()[:6])
    tell(store, "a.test", wire(), at=T0 + 1)
    _, events = told(store)
    assert [each[2].split(" ")[0] for each in events] == ["origin", "near", "exact"]


def test_t04_a_copy_that_came_first_suppresses_nothing(store: SqliteStore) -> None:
    tell(store, "thief.test", wire())
    tell(store, "a.test", wire())
    assert [line["site"] for line in lines_of(store)] == ["thief.test", "a.test"]


def lines_of(store: SqliteStore) -> list[dict[str, Any]]:
    end(store)
    return lines(store.folder, "stories")


def test_a_new_version_keeps_its_cluster(store: SqliteStore) -> None:
    tell(store, "a.test", wire())
    for hour, more in enumerate(([], ["It rains."])):
        revised = story(2, *wire(), *more)
        revised.url = "https://b.test/town/one"
        page = capture(revised.url, at=T0 + hour, story=revised, site="b.test", id_pattern=None)
        store.commit(page, None, now=T0 + hour)
    clusters, _ = told(store)
    assert clusters[1] is not None and clusters[1] == clusters[2]


def test_other_stories_and_briefs_of_one_template_stay_apart(store: SqliteStore) -> None:
    chance = random.Random(3)
    for number in range(8):
        tell(store, "a.test", brief(chance).split("\n"), at=T0 + number)
        tell(store, "a.test", text(chance, 7), at=T0 + 100 + number)
    clusters, _ = told(store)
    # The first briefs share what is not yet known to be boilerplate.
    assert clusters[6:] == [None] * 10


def test_short_texts_are_in_no_cluster(store: SqliteStore) -> None:
    for host in ("a.test", "b.test"):
        tell(store, host, ["The ferry sailed at six and came back at noon."])
    assert told(store) == ([None, None], [])


def test_a_text_without_spaces_is_compared_by_characters(store: SqliteStore) -> None:
    lines_ = ["市議会は火曜日に渡し船の冬季運航を延長することを決めた。", "費用は十八万クラウンで三月末まで続く。"]
    tell(store, "a.test", lines_)
    tell(store, "b.test", [*lines_[:1], "島の住民は決定を歓迎した。", *lines_[1:]])
    clusters, _ = told(store)
    assert clusters[1] is not None


def test_stories_of_long_ago_are_let_go(tmp_path: Path) -> None:
    settings = StoreSettings(cluster_days=2, cluster_stories=3)
    store = open_at(tmp_path / "output", settings=settings)
    for number in range(5):
        tell(store, "a.test", wire(number), at=T0 + number)
    end(store)
    store = open_at(tmp_path / "output", T0 + DAY, settings)
    tell(store, "b.test", wire(0), at=T0 + DAY)  # beyond the three latest
    tell(store, "b.test", wire(4), at=T0 + DAY + 1)
    end(store, T0 + DAY)
    store = open_at(tmp_path / "output", T0 + 4 * DAY, settings)
    tell(store, "c.test", wire(4), at=T0 + 4 * DAY)
    clusters, _ = told(store)
    assert [each is not None for each in clusters] == [*[False] * 5, False, True, False]


def test_precision_and_recall_on_pairs_made_up_here() -> None:
    made = pairs(7, 20)
    result = score(made)
    assert result.precision >= 0.97 and result.recall >= 0.95, (result.missed, result.wrong)


@pytest.mark.parametrize(("share", "found"), [(0.2, 0.98), (0.1, 0.8)])
@pytest.mark.parametrize("order", [1, -1], ids=["copy after original", "original after copy"])
def test_a_story_trimmed_to_little_is_mostly_known(share: float, found: float, order: int) -> None:
    chance = random.Random(2)
    assert score([Pair("", *trimmed(chance, share)[::order], True) for _ in range(60)]).recall >= found
