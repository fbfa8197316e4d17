"""When pages are read again: between bounds, by age, past changes and promotion."""

from __future__ import annotations

import pytest

from newsbot.storage.base import RecheckPolicy
from newsbot.storage.schedule import retry_wait_s, source_wait_s, story_wait_s

HOUR, DAY = 3600.0, 86_400.0
POLICY = RecheckPolicy(source_min_s=300, source_max_s=6 * HOUR)


def test_source_waits_longer_the_longer_it_stands_still_between_its_bounds() -> None:
    waits = [source_wait_s(unchanged=unchanged, depth=0, policy=POLICY) for unchanged in range(12)]
    assert waits[:6] == [300, 300, 600, 1200, 2400, 4800]
    assert waits == sorted(waits) and waits[-1] == 6 * HOUR


@pytest.mark.parametrize(("depth", "wait"), [(0, 300), (1, HOUR), (3, 3 * HOUR), (50, 6 * HOUR)])
def test_later_page_of_a_section_waits_an_hour_a_page(depth: int, wait: float) -> None:
    assert source_wait_s(unchanged=0, depth=depth, policy=POLICY) == wait


def test_source_that_stood_still_for_years_overflows_nothing() -> None:
    assert source_wait_s(unchanged=10**6, depth=0, policy=POLICY) == 6 * HOUR


@pytest.mark.parametrize(
    ("age_s", "unchanged", "is_promoted", "wait"),
    [
        pytest.param(0, 0, False, HOUR / 2, id="new"),
        pytest.param(0, 3, False, 4 * HOUR, id="stands-still"),
        pytest.param(0, 3, True, HOUR, id="on-a-front-page"),
        pytest.param(2 * DAY, 0, False, 8 * HOUR, id="two-days-old"),
        pytest.param(29 * DAY, 30, False, 7 * DAY, id="longest"),
        pytest.param(31 * DAY, 0, True, None, id="left-alone"),
    ],
)
def test_story_waits_by_age_past_and_promotion(
    age_s: float, unchanged: int, is_promoted: bool, wait: float | None
) -> None:
    assert story_wait_s(age_s=age_s, unchanged=unchanged, is_promoted=is_promoted, policy=POLICY) == wait


def test_failed_page_is_tried_less_and_less_and_then_no_more() -> None:
    waits = [retry_wait_s(failures=failures, policy=POLICY) for failures in range(1, 10)]
    assert waits[:3] == [600, 1200, 2400]
    assert waits[-2:] == [None, None] and max(wait for wait in waits if wait is not None) <= DAY
