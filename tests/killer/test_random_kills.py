"""C01, C02: 25 SIGKILLs of the real ``scrapy crawl``, at random instants, many in a row on one state."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.scale.kills import run_kills


@pytest.mark.timeout(600)
def test_c01_c02_kills_at_random_instants_lose_double_and_tear_nothing(tmp_path: Path) -> None:
    outcome = run_kills(tmp_path, kills=25, seed=25, pages=60)
    assert (outcome.kills, outcome.differences, outcome.broken, outcome.vanished) == (25, [], [], [])
    assert set(outcome.codes) == {-9, 0}
