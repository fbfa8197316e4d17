"""How long a process takes before it is of use, whole processes in turn (wall time: nothing else runs in them)."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.speed.measure import Figure
from benchmarks.speed.pages import SavedPage

SCRAPY = str(Path(sys.executable).with_name("scrapy"))


def figures(pages: list[SavedPage], rounds: int, folder: Path) -> Iterator[Figure]:
    """``scrapy extract`` of one page ÷ ``scrapy version``."""
    middle = sorted(pages, key=lambda page: len(page.body))[len(pages) // 2]
    saved = folder / "page.html"
    saved.write_bytes(middle.body)
    extract = [SCRAPY, "extract", str(saved), "--url", "https://example.org/a"]
    value, spread = _processes(extract, [SCRAPY, "version"], max(rounds, 5))
    yield Figure(name="scrapy extract ÷ scrapy version", value=value, spread=spread, reach=1.5, aim=1.3)


def _processes(command: list[str], yardstick: list[str], rounds: int) -> tuple[float, float]:
    ratios = []
    for _ in range(rounds):
        ratios.append(_wall(command) / _wall(yardstick))
    return statistics.median(ratios), (max(ratios) - min(ratios)) / 2


def _wall(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - start
