"""Pages of plain text come apart as well as they did: the floors of the measure hold in every style."""

import pytest

from benchmarks.quality.plaintext import FLOORS, STYLES, measure, shares


@pytest.mark.parametrize("style", STYLES, ids=lambda style: style.__name__)
def test_floors_hold(style):
    found = shares(measure(style))
    assert {name: found[name] for name, floor in FLOORS.items() if found[name] < floor} == {}
