"""Whether a server's clock and ours agree."""

from __future__ import annotations

import pytest

from newsbot.items.clock import CLOCK_DIFFERS, clock_notes

NOW = "2026-03-01T12:00:00.000+00:00"


@pytest.mark.parametrize(
    ("headers", "notes"),
    [
        pytest.param({}, [], id="none"),
        pytest.param({"date": "Sun, 01 Mar 2026 12:00:05 GMT"}, [], id="same"),
        pytest.param({"date": "Sat, 28 Feb 2026 12:00:01 GMT"}, [], id="a-day"),
        pytest.param({"date": "Sat, 28 Feb 2026 11:00:00 GMT"}, [CLOCK_DIFFERS], id="more-than-a-day"),
        pytest.param({"date": "Thu, 01 Mar 2035 12:00:00 GMT"}, [CLOCK_DIFFERS], id="ours-years-behind"),
        pytest.param({"date": "Thu, 26 Feb 2026 12:00:00 GMT", "age": "259200"}, [], id="from-a-cache"),
        pytest.param({"date": "yesterday"}, [], id="unreadable"),
        pytest.param({"date": "Sun, 01 Mar 2026 12:00:05 GMT", "age": "9" * 400}, [], id="endless-age"),
        pytest.param({"date": ""}, [], id="empty"),
    ],
)
def test_note_stands_where_the_clocks_are_more_than_a_day_apart(headers: dict[str, str], notes: list[str]) -> None:
    assert clock_notes(NOW, headers) == notes
