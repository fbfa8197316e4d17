"""Measuring: CPU time of work done in turn, medians and spread, and the table of figures.

What comes in: callables. What goes out: `Figure` values. Knows nothing of newsbot.
"""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One row of the table: what was measured, and what it is to reach.

    ``reach`` and ``aim`` are upper bounds, or lower ones with ``more_is_better``; *note* says what stands behind it.
    """

    name: str
    value: float
    spread: float = 0.0
    reach: float | None = None
    aim: float | None = None
    unit: str = "x"
    more_is_better: bool = False
    note: str = ""

    @property
    def is_reached(self) -> bool | None:
        """Whether the figure is within ``reach``; ``None`` without one."""
        if self.reach is None:
            return None
        return self.value >= self.reach if self.more_is_better else self.value <= self.reach


@dataclass(frozen=True, slots=True)
class Timing:
    """CPU seconds: ``rounds[i]`` is the sum over all inputs in round *i*, ``best[j]`` the least for input *j*."""

    rounds: tuple[float, ...]
    best: tuple[float, ...]


def in_turn(works: dict[str, Callable[[T], object]], inputs: Sequence[T], rounds: int = 3) -> dict[str, Timing]:
    """Run each work on each input in turn (A B C, A B C, ...), *rounds* times; CPU time of this process.

    Taking turns on every single input keeps a slower minute of the machine from falling on one work alone.
    """
    clock = time.process_time
    sums = {name: [0.0] * rounds for name in works}
    best = {name: [float("inf")] * len(inputs) for name in works}
    for work in works.values():
        work(inputs[0])
    for turn in range(rounds):
        gc.collect()
        gc.freeze()  # as a crawl does after its start: the collector leaves alone what the imports made
        for number, value in enumerate(inputs):
            for name, work in works.items():
                start = clock()
                work(value)
                used = clock() - start
                sums[name][turn] += used
                best[name][number] = min(best[name][number], used)
    return {name: Timing(tuple(sums[name]), tuple(best[name])) for name in works}


def ratio(over: Timing, under: Timing) -> tuple[float, float]:
    """(median, half of the range) of the ratios of the rounds."""
    ratios = [a / b for a, b in zip(over.rounds, under.rounds, strict=True)]
    return statistics.median(ratios), half_range(ratios)


def half_range(values: Sequence[float]) -> float:
    """The spread that stands beside a median."""
    return (max(values) - min(values)) / 2


def line(figure: Figure) -> str:
    """One row: the figure, its spread, its goal, and whether it is reached."""
    verdict = {True: "reached", False: "MISSED", None: ""}[figure.is_reached]
    sign = "≥" if figure.more_is_better else "≤"
    goal = f"{sign} {figure.reach:.3g}" if figure.reach is not None else ""
    goal += f" (aim {figure.aim:.3g})" if figure.aim is not None else ""
    spread = f"± {figure.spread:.2g}" if figure.spread else ""
    return f"{figure.name:52} {figure.value:9.3f} {figure.unit:4} {spread:9} {goal:20} {verdict:7} {figure.note}"
