"""Memory and time of one long crawl: a local server, the real ``scrapy crawl``, and what its process uses as it goes.

    python -m benchmarks.scale.crawls --pages 100000

What comes in: how many pages. What goes out: resident memory after 10,000 pages and at the end, and the CPU time of a
page after 1,000, 10,000 and 100,000; then what a second run costs that finds nothing new. The pages are small
and made up (`benchmarks.scale.server`), so that the crawler's own growth shows and not that of parsing.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.speed.measure import Figure, line

ROOT = Path(__file__).resolve().parents[2]
_EVERY_S = 0.5
_TOLD_PAGES = 10_000
_TICK_S = 1 / os.sysconf("SC_CLK_TCK")
_PAGE_MB = os.sysconf("SC_PAGE_SIZE") / 1e6
_SETTINGS = {
    "DOWNLOAD_DELAY": "0",
    "CONCURRENT_REQUESTS_PER_DOMAIN": "16",
    "LOG_LEVEL": "ERROR",
    "NEWSBOT_CONTACT": "bench@example.org",
    "NEWSBOT_NET_ALLOW_PRIVATE": "127.0.0.0/8",
    "NEWSBOT_NET_PORTS": "1-65535",
    "NEWSBOT_PAGES_PER_HOST": "0",
    "NEWSBOT_RUN_MAX_PAGES": "0",
    "NEWSBOT_RUN_MAX_S": "0",
    "NEWSBOT_DEPTH": "1000000",
    # The first crawl takes longer than stories are left alone: the second one is to find nothing that is due.
    "NEWSBOT_RECHECK_STORY_FIRST_S": "1000000",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """A crawl at one moment: pages committed, resident memory, CPU seconds so far."""

    pages: int
    memory_mb: float
    cpu_s: float


def crawl(output: Path, base: str) -> list[Sample]:
    """Crawl the site at *base* into *output*; a sample each half second. Raises `SystemExit` when it fails."""
    settings = _SETTINGS | {"NEWSBOT_OUTPUT": str(output)}
    chosen = [part for name, value in settings.items() for part in ("-s", f"{name}={value}")]
    command = [sys.executable, "-m", "scrapy", "crawl", "news", "-a", f"url={base}/list/0", *chosen]
    samples: list[Sample] = []
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        while process.poll() is None:
            time.sleep(_EVERY_S)
            now = _sample(process.pid, output)
            if now is None:
                continue
            if samples and now.pages // _TOLD_PAGES > samples[-1].pages // _TOLD_PAGES:
                _tell(f"{now.pages:,} pages: {now.memory_mb:.0f} MB, {now.cpu_s:,.0f} s CPU")
            samples.append(now)
        assert process.stderr is not None
        said = process.stderr.read().decode(errors="replace")
    if process.returncode not in (0, 3):
        raise SystemExit(f"the crawl ended with {process.returncode}:\n{said[-2000:]}")
    return samples


def _tell(what: str) -> None:
    print(f"  {what}", file=sys.stderr, flush=True)


def _sample(pid: int, output: Path) -> Sample | None:
    """What the process *pid* uses now; ``None`` before its run has begun and after it has ended."""
    state = output / ".newsbot" / "state.sqlite"
    if not state.exists():
        return None
    try:
        fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
        with closing(sqlite3.connect(f"{state.as_uri()}?mode=ro", uri=True)) as database:
            pages = database.execute("SELECT pages FROM run ORDER BY started DESC LIMIT 1").fetchone()
    except (OSError, sqlite3.Error):
        return None
    if pages is None or fields[0] == "Z":
        return None
    return Sample(pages[0], int(fields[21]) * _PAGE_MB, (int(fields[11]) + int(fields[12])) * _TICK_S)


def cpu_ms(samples: list[Sample], first: int, last: int) -> float:
    """CPU milliseconds a page between the pages *first* and *last*."""
    start, end = _at(samples, first), _at(samples, last)
    return (end.cpu_s - start.cpu_s) * 1000 / max(1, end.pages - start.pages)


def _at(samples: list[Sample], pages: int) -> Sample:
    """The first sample with so many pages, or the last of all."""
    return next((each for each in samples if each.pages >= pages), samples[-1])


def figures(folder: Path, *, pages: int = 100_000) -> Iterator[Figure]:
    """Memory and CPU time of a crawl of so many pages into *folder*, and of a second one."""
    with site(pages) as base:
        began = time.monotonic()
        samples = crawl(folder, base)
        note = f"{samples[-1].pages:,} pages in {time.monotonic() - began:,.0f} s"
        yield from _cpu_figures(samples, pages, note)
        early, late = _at(samples, min(10_000, pages // 10)), samples[-1]
        note = f"{early.memory_mb:.0f} MB after {early.pages:,} pages, {late.memory_mb:.0f} MB after {late.pages:,}"
        grown = late.memory_mb - early.memory_mb
        yield Figure(name="memory growth of a long crawl", value=grown, reach=25, aim=12, unit="MB", note=note)
        again = crawl(folder, base)[-1]
    share = again.cpu_s / samples[-1].cpu_s
    note = f"{again.cpu_s:.1f} s CPU, the start of the process with it"
    yield Figure(name="second run with nothing new ÷ first", value=share, reach=0.05, aim=0.01, note=note)


def _cpu_figures(samples: list[Sample], pages: int, note: str) -> Iterator[Figure]:
    """CPU a page at 10³, 10⁴ and 10⁵ pages; a tenth of the pages before is measured, all at about this size."""
    counts = [count for count in (1_000, 10_000, 100_000) if count <= pages]
    found = [cpu_ms(samples, count // 2 if count == 1_000 else count * 9 // 10, count) for count in counts]
    for count, value in zip(counts, found, strict=True):
        yield Figure(name=f"CPU a page at {count:,} pages", value=value, unit="ms", note=note)
    if len(found) > 1:
        name = f"CPU a page at {counts[-1]:,} pages ÷ at 1,000"
        yield Figure(name=name, value=found[-1] / found[0], reach=1.15, aim=1.05)


@contextmanager
def site(count: int) -> Iterator[str]:
    """The address of a server of *count* stories."""
    command = [sys.executable, "-m", "benchmarks.scale.server", str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}"
        finally:
            server.terminate()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=100_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsbot-crawls-") as work:
        for figure in figures(Path(work) / "output", pages=options.pages):
            print(line(figure), flush=True)


if __name__ == "__main__":
    main()
