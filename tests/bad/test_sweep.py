"""Every bad input that was found by fuzzing or thought of: each file goes through its reader, and does no harm.

``tests/bad/<target>/`` holds the inputs of a target of `benchmarks.fuzz`, named by the row of the catalogue of faults
or by what is wrong with them. What a fuzz run finds is added here.
"""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from benchmarks.fuzz.mutate import mutated
from benchmarks.fuzz.seeds import SEEDS, TOKENS, seeds_of
from benchmarks.fuzz.targets import TARGETS

FOLDER = Path(__file__).parent
FILES = sorted(path for path in FOLDER.glob("*/*") if path.is_file() and path.suffix != ".pyc")
MAX_S = 2.0


@pytest.mark.parametrize("path", [pytest.param(path, id=f"{path.parent.name}/{path.name}") for path in FILES])
def test_bad_input_is_harmless(path: Path) -> None:
    start = time.process_time()
    TARGETS[path.parent.name].check(path.read_bytes())
    assert time.process_time() - start < MAX_S


def test_every_target_has_bad_inputs() -> None:
    assert {path.parent.name for path in FILES} == {*TARGETS} == {*SEEDS} == {*TOKENS}


@pytest.mark.parametrize("name", TARGETS)
def test_mutated_input_is_harmless(name: str) -> None:
    """The first inputs of a fuzz run; ``python -m benchmarks.fuzz`` tries a million."""
    for number in range(1, 60):
        data = mutated(number, seed=7, target=name, seeds=seeds_of(name), tokens=TOKENS[name])
        TARGETS[name].check(data)


def test_an_input_is_the_same_in_every_run() -> None:
    made = [mutated(3, seed=1, target="url", seeds=SEEDS["url"], tokens=TOKENS["url"]) for _ in range(2)]
    assert made[0] == made[1]
