"""What a crawl costs beside bare Scrapy on the same local server: CPU a story page, memory, a second run.

The CPU time is that of the crawler's process as the kernel counts it when it ends; what a crawl of no page costs is
taken off each. Bare and ours take turns.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.speed.measure import Figure, half_range
from benchmarks.speed.pages import SavedPage
from benchmarks.speed.processes import FRAME, ROOT, SCRAPY, SPIDER, Cost, chosen, compiled, newsbot_settings, run

# A list that has no story: a crawl of it ends at once.
NO_PAGES = 1_000_000


def figures(pages: list[SavedPage], folder: Path, count: int, rounds: int) -> Iterator[Figure]:
    """Pipeline and settings against bare Scrapy, peak memory, and the cost of a run with nothing new."""
    compiled()
    with served(pages, folder / "pages", count) as base:
        ours = [_newsbot(base, folder / f"output{turn}", count) for turn in range(rounds)]
        bare, frame, first = [], [], []
        for turn in range(rounds):
            bare.append(run(bare_command(base, count), cwd=folder).cpu_s)
            frame.append(run(bare_command(base, count, frame={}), cwd=ROOT).cpu_s)
            first.append(run(ours[turn], cwd=ROOT))
        starts = [
            min(run(command, cwd=cwd).cpu_s for _ in range(2))
            for command, cwd in (
                (bare_command(base, 0), folder),
                (bare_command(base, 0, frame={}), ROOT),
                (_newsbot(base, folder / "none", 0), ROOT),
            )
        ]
        lines = _lines(folder / "output0" / "stories")
        again = run(ours[0], cwd=ROOT)
        new_lines = _lines(folder / "output0" / "stories") - lines
    yield from _beside_bare(bare, frame, [cost.cpu_s for cost in first], starts, f"{count} pages, {lines} stories")
    yield _peak(first, count)
    second = max(again.cpu_s - starts[2], 0) / (first[0].cpu_s - starts[2])
    name = "second run with nothing new ÷ first, a known URL"
    yield Figure(name=name, value=second, reach=0.05, aim=0.01, note=f"{new_lines} new lines")


def _beside_bare(
    bare: list[float], frame: list[float], ours: list[float], starts: list[float], what: str
) -> Iterator[Figure]:
    """The two ratios, each the median of the rounds."""
    pipelines = [(one - starts[2]) / (other - starts[0]) for one, other in zip(ours, bare, strict=True)]
    frames = [(one - starts[1]) / (other - starts[0]) for one, other in zip(frame, bare, strict=True)]
    for name, ratios, reach, aim in (
        ("whole pipeline, CPU a story page ÷ bare Scrapy", pipelines, 4, 2.5),
        ("newsbot's settings, empty callback ÷ bare Scrapy", frames, 0.7, 0.55),
    ):
        value, spread = statistics.median(ratios), half_range(ratios)
        yield Figure(name=name, value=value, spread=spread, reach=reach, aim=aim, note=what)


def _peak(costs: list[Cost], count: int) -> Figure:
    # As the process counts it: the kernel's figure for a child begins with the memory of the parent that forked it.
    peaks = [json.loads(cost.last_line)["peak_memory_mb"] for cost in costs]
    name = f"peak memory, crawl of {count} pages"
    return Figure(name=name, value=statistics.median(peaks), spread=half_range(peaks), reach=180, aim=140, unit="MB")


@contextmanager
def served(pages: list[SavedPage], folder: Path, count: int) -> Iterator[str]:
    """The address of a server that answers *count* stories with *pages* in turn; *folder* is made for them."""
    folder.mkdir()
    for number, page in enumerate(pages):
        (folder / f"{number:05}.html").write_bytes(page.body)
    command = [sys.executable, "-m", "benchmarks.speed.server", str(folder), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def bare_command(base: str, count: int, *, frame: dict[str, str] | None = None) -> list[str]:
    """Bare Scrapy over *count* stories; with *frame*, newsbot's settings and those changes to them."""
    settings = {"LOG_LEVEL": "ERROR"} | (FRAME | frame if frame is not None else {})
    return [SCRAPY, "runspider", str(SPIDER), "-a", f"base={base}", "-a", f"count={count}", *chosen(settings)]


def _newsbot(base: str, output: Path, count: int) -> list[str]:
    # The sitemap's stories and no page besides, as bare Scrapy asks for them: links of pages are read, not followed.
    settings = newsbot_settings(output) | {"NEWSBOT_DEPTH": "1"}
    target = f"{base}/sitemap.xml" if count else f"{base}/list/{NO_PAGES}"
    return [SCRAPY, "crawl", "news", "-a", f"url={target}", *chosen(settings)]


def _lines(folder: Path) -> int:
    return sum(file.read_bytes().count(b"\n") for file in sorted(folder.glob("*.jsonl")))
