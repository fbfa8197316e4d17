"""The gate of the repair benchmark: what is below a floor or above a limit is named."""

from __future__ import annotations

import json

from benchmarks.repair.__main__ import FLOORS, misses


def test_figures_beyond_their_limits_are_named() -> None:
    floors = {"exact": {"least": 0.9}, "changed": {"most": 0}}
    assert list(misses({"exact": 0.95, "changed": 0}, floors)) == []
    assert list(misses({"exact": 0.85, "changed": 2}, floors)) == [
        "exact is 0.8500, the floor is 0.9",
        "changed is 2.0000, the limit is 0",
    ]


def test_every_floor_has_one_limit() -> None:
    floors = json.loads(FLOORS.read_text("utf-8"))
    assert all(limits.keys() <= {"least", "most"} and len(limits) == 1 for limits in floors.values())
