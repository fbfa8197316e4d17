"""Archive replay: pages a CPU second beside trafilatura's extraction alone, and what a second process brings.

What comes in: pages, and the CPU time that trafilatura with metadata takes for the same ones. A WARC file is made of
them; ``scrapy crawl archive`` reads it into an empty folder, to the last published line. The speed-up is given in
CPU time as well as by the clock: with work that is evenly spread, two free cores take half of all CPU seconds or
those of the busiest process, whichever is more, and that figure does not depend on what else the machine does.
"""

from __future__ import annotations

import ctypes
import gzip
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks.speed.measure import Figure, half_range
from benchmarks.speed.pages import SavedPage
from benchmarks.speed.processes import ROOT, SCRAPY, chosen, compiled, cpu_of, environment, newsbot_settings

CORES = 2
_PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True, slots=True)
class Replay:
    """One replay: seconds by the clock, CPU seconds of the process that commits and of all others."""

    wall_s: float
    main_s: float
    others_s: float

    @property
    def cpu_s(self) -> float:
        return self.main_s + self.others_s

    @property
    def least_s(self) -> float:
        """How long it takes on `CORES` free cores."""
        return max(self.main_s, self.cpu_s / CORES)


def figures(pages: list[SavedPage], folder: Path, rounds: int, trafilatura_ms: float | None) -> Iterator[Figure]:
    """Pages a CPU second ÷ trafilatura's with metadata; one process ÷ two."""
    compiled()
    warc, empty = folder / "pages.warc.gz", folder / "empty.warc.gz"
    write_warc(pages, warc)
    write_warc([], empty)
    ones, twos = [], []
    start = _replay(empty, folder / "archive-empty", 1).cpu_s
    for turn in range(rounds):
        ones.append(_replay(warc, folder / f"archive-one{turn}", 1))
        twos.append(_replay(warc, folder / f"archive-two{turn}", CORES))
    a_page_ms = statistics.median(1000 * (one.cpu_s - start) / len(pages) for one in ones)
    note = f"{len(pages)} pages, {1000 / a_page_ms:.0f} a CPU second ({a_page_ms:.1f} ms each)"
    if trafilatura_ms is None:
        yield Figure(name="archive replay, a page", value=a_page_ms, unit="ms", note=note)
    else:
        ratios = [trafilatura_ms / (1000 * (one.cpu_s - start) / len(pages)) for one in ones]
        value, spread = statistics.median(ratios), half_range(ratios)
        note += f"; trafilatura {trafilatura_ms:.1f} ms, in a process of its own before"
        name = "archive replay ÷ trafilatura + metadata, pages a s"
        yield Figure(name=name, value=value, spread=spread, reach=3.5, aim=5, more_is_better=True, note=note)
    by_cpu = [one.cpu_s / two.least_s for one, two in zip(ones, twos, strict=True)]
    by_clock = statistics.median(one.wall_s / two.wall_s for one, two in zip(ones, twos, strict=True))
    load = f"by the clock {by_clock:.2f} (load {os.getloadavg()[0]:.1f}), committing process {twos[0].main_s:.1f} s"
    value, spread = statistics.median(by_cpu), half_range(by_cpu)
    name = "archive --jobs 2 ÷ one process, by CPU time"
    yield Figure(name=name, value=value, spread=spread, reach=1.8, more_is_better=True, note=load)


def enough(pages: list[SavedPage], count: int) -> list[SavedPage]:
    """*pages*, again under other addresses until there are *count*.

    The start of the workers (a second of CPU) must be a small part, as in any archive.
    """
    times = -(-count // len(pages))
    return [replace(page, url=f"{page.url}?copy={turn}") for turn in range(times) for page in pages]


def write_warc(pages: list[SavedPage], path: Path) -> None:
    """*pages* as a WARC file, a gzip member each."""
    with path.open("wb") as file:
        for page in pages:
            file.write(gzip.compress(_record(page), compresslevel=1))


def _record(page: SavedPage) -> bytes:
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % len(page.body) + page.body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {page.url}\r\nWARC-Date: 2026-03-01T12:00:00Z\r\n"
        f"WARC-Record-ID: <urn:newsbot:{page.name}>\r\nContent-Type: application/http; msgtype=response\r\n"
        f"Content-Length: {len(answer)}\r\n\r\n"
    )
    return head.encode() + answer + b"\r\n\r\n"


def _replay(warc: Path, output: Path, jobs: int) -> Replay:
    """Read *warc* in *jobs* processes. Workers outlive the command, so this process takes over as their parent."""
    ctypes.CDLL(None).prctl(_PR_SET_CHILD_SUBREAPER, 1)
    settings = newsbot_settings(output)
    command = [SCRAPY, "crawl", "archive", "-a", f"warc={warc}", "--jobs", str(jobs), *chosen(settings)]
    began = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert process.stderr is not None
    said = process.stderr.read()
    _, status, used = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 3, 4):
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said.decode()[-2000:]}")
    return Replay(wall_s, cpu_of(used), sum(_left_over()))


def _left_over() -> Iterator[float]:
    """The CPU seconds of each process that the command left behind, once it has ended."""
    while True:
        try:
            yield cpu_of(os.wait4(-1, 0)[2])
        except ChildProcessError:
            return
