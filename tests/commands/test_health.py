"""A site that breaks is named the day it breaks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsbot.extensions.exitcodes import Exit, RunFacts, exit_of
from newsbot.extensions.health import Health
from newsbot.items.model import Measure, Story

FEED = "links:https://example.org/rss"


@dataclass
class Past:
    values: dict[tuple[str, str], list[float]] = field(default_factory=dict)

    def health(self, site: str, measure: str, *, runs: int = 14) -> list[float]:
        return self.values.get((site, measure), [])[:runs]


@dataclass
class Expected:
    story_links: int | None = None
    fields: Mapping[str, float] = field(default_factory=dict)


def _links(links: int | None, history: list[float]) -> Measure:
    health = Health()
    health.source_read("a", "https://example.org/rss", links)
    return health.measures(Past({("a", FEED): history}))[0]


def test_source_that_offers_far_less_than_its_history_is_an_alarm() -> None:
    assert _links(3, [50, 48, 52]) == Measure(site="a", measure=FEED, value=3, median=50, spread=4, is_alarm=True)


def test_source_within_its_habits_is_none() -> None:
    assert not _links(12, [50, 48, 52]).is_alarm


def test_short_history_judges_nothing() -> None:
    assert not _links(0, [50, 48]).is_alarm


def test_unchanged_source_counts_as_it_last_did() -> None:
    assert _links(None, [50, 48, 52]) == Measure(site="a", measure=FEED, value=50, median=50, spread=4, is_alarm=False)


def test_field_that_is_lost_is_an_alarm() -> None:
    health = Health()
    for _ in range(5):
        health.story_seen("a", Story(headline="H", body="B"))
    past = Past({("a", "coverage:date_published"): [1.0, 0.9, 1.0], ("a", "coverage:authors"): [0.2, 0.1, 0.2]})
    assert [one.measure for one in health.measures(past) if one.is_alarm] == ["coverage:date_published"]


def test_expectations_of_the_site_file_hold_from_the_first_run() -> None:
    health = Health()
    health.expected = {"a": Expected(story_links=10, fields={"authors": 0.5})}
    health.source_read("a", "https://example.org/rss", 4)
    for _ in range(5):
        health.story_seen("a", Story(headline="H"))
    assert [one.measure for one in health.measures(Past()) if one.is_alarm] == [
        "coverage:authors",
        "expected:story_links",
    ]


def test_exit_codes_in_their_order() -> None:
    def code(**facts) -> Exit:
        return exit_of(RunFacts(**{"finished": True, "published": True, **facts}))

    assert code() is Exit.OK
    assert exit_of(RunFacts()) is Exit.BUG
    assert code(sources={"a": "ok", "b": "http_404"}) is Exit.PARTIAL
    assert code(sources={"a": "ok", "b": "yield fell"}) is Exit.PARTIAL
    assert code(sources={"a": "http_404"}) is Exit.NOTHING
    assert code(pages_tried=5, pages_failed=5) is Exit.NOTHING
    assert code(pages_tried=4, pages_failed=4) is Exit.OK
    assert code(stopped_by="max_pages", sources={"a": "ok", "b": "dns"}) is Exit.LIMIT
    assert code(signal=15, sources={"a": "dns"}) is Exit.SIGTERM
    assert code(signal=2, stopped_by="max_time") is Exit.SIGINT
    assert code(page_bugs=1, pages_tried=9, pages_failed=1) is Exit.BUG
    assert code(poisoned=1) is Exit.PARTIAL
