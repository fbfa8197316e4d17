"""The groups of rows, and how much each measures; one of them in a process of its own.

    python -m benchmarks.speed.groups NAME PLAN

What comes in: a group's name and a `Plan` as JSON. What goes out: a line of JSON a figure, as soon as it is known.
`benchmarks.speed` starts one such process a group, so that none can hold up, use up or bring down another.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from types import MappingProxyType

from benchmarks.speed.measure import Figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How much is measured: pages (0: all of the kit), rounds, and what each group makes by itself."""

    pages: int
    rounds: int
    start_rounds: int
    links: tuple[int, int] = (10_000, 100_000)
    crawl_pages: int
    crawl_rounds: int
    archive_pages: int
    archive_rounds: int
    choice_pages: int = 600
    urls: int = 10_000_000
    versions: int = 2_000_000
    signatures: int = 1_000_000
    commits: int = 2_000
    long_crawl: int = 100_000


SIZES = MappingProxyType(
    {
        "usual": Sizes(
            pages=100, rounds=3, start_rounds=5, crawl_pages=300, crawl_rounds=2, archive_pages=900, archive_rounds=1
        ),
        "full": Sizes(
            pages=0, rounds=5, start_rounds=9, crawl_pages=2_000, crawl_rounds=3, archive_pages=1_000, archive_rounds=3
        ),
        # Whether everything runs; its figures say nothing.
        "tiny": Sizes(
            pages=3,
            rounds=1,
            start_rounds=1,
            links=(100, 1_000),
            crawl_pages=12,
            crawl_rounds=1,
            archive_pages=6,
            archive_rounds=1,
            choice_pages=6,
            urls=2_000,
            versions=100,
            signatures=100,
            commits=5,
            long_crawl=40,
        ),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is measured on which pages; *folder* is for what the groups make, and stays from one to the next."""

    size: str
    kit: str | None
    folder: str
    pages: int | None = None
    rounds: int | None = None

    @property
    def sizes(self) -> Sizes:
        """The sizes of that name, with what was asked for instead."""
        given = {name: value for name in ("pages", "rounds") if (value := getattr(self, name)) is not None}
        return Sizes(**asdict(SIZES[self.size]) | given)


@dataclass(frozen=True, slots=True)
class Group:
    """Some rows that are measured together: what they are of, and after how many minutes something must be wrong."""

    about: str
    limit_min: int
    long_limit_min: int
    figures: Callable[[Plan], Iterator[Figure]]
    is_long: bool = False


def _extraction(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import extraction
    from benchmarks.speed.pages import of_plan

    return extraction.figures(of_plan(plan.kit, plan.sizes.pages), plan.sizes.rounds)


def _scaling(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import scaling
    from benchmarks.speed.pages import of_plan

    return scaling.figures(of_plan(plan.kit, plan.sizes.pages), plan.sizes.rounds, plan.sizes.links)


def _peers(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import peers

    kit = Path(plan.kit) if plan.kit else None
    rows = peers.measured(kit, plan.sizes.pages, 1)
    peers.keep(rows, Path(plan.folder))
    return peers.figures(rows)


def _starts(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import startup
    from benchmarks.speed.pages import of_plan

    return startup.figures(of_plan(plan.kit, plan.sizes.pages), plan.sizes.start_rounds, Path(plan.folder))


def _crawl(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import crawl
    from benchmarks.speed.pages import of_plan

    pages = of_plan(plan.kit, plan.sizes.pages)
    return crawl.figures(pages, Path(plan.folder), plan.sizes.crawl_pages, plan.sizes.crawl_rounds)


def _archive(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import archive, peers
    from benchmarks.speed.pages import of_plan

    yardstick = peers.kept_ms(Path(plan.folder), "trafilatura + metadata")
    pages = archive.enough(of_plan(plan.kit, plan.sizes.pages), plan.sizes.archive_pages)
    return archive.figures(pages, Path(plan.folder), plan.sizes.archive_rounds, yardstick)


def _choices(plan: Plan) -> Iterator[Figure]:
    from benchmarks.speed import choices
    from benchmarks.speed.pages import of_plan

    pages = of_plan(plan.kit, min(plan.sizes.pages or 100, 100))
    return choices.figures(pages, Path(plan.folder), plan.sizes.rounds, plan.sizes.choice_pages)


def _state(plan: Plan) -> Iterator[Figure]:
    from benchmarks.scale import __main__ as state

    sizes = plan.sizes
    return state.figures(
        Path(plan.folder) / "state",
        urls=sizes.urls,
        versions=sizes.versions,
        signatures=sizes.signatures,
        pages=sizes.commits,
    )


def _growth(plan: Plan) -> Iterator[Figure]:
    from benchmarks.scale import crawls

    return crawls.figures(Path(plan.folder) / "growth", pages=plan.sizes.long_crawl)


# In the order in which they run: the replay's yardstick is the time that a peer took.
GROUPS = MappingProxyType(
    {
        "extraction": Group("each stage beside a bare parse, the slowest page", 15, 90, _extraction),
        "scaling": Group("time per byte as a page grows", 15, 30, _scaling),
        "peers": Group("other extractors on the same pages (their packages first, once)", 30, 120, _peers),
        "startup": Group("whole processes from their start", 10, 20, _starts),
        "crawl": Group("crawls beside bare Scrapy, memory, a second run", 15, 90, _crawl),
        "archive": Group("archives, by one process and by two", 15, 60, _archive),
        "choices": Group("each setting that was chosen, and what instead of it", 20, 60, _choices),
        "state": Group("the state of ten million URLs and a million signatures", 60, 120, _state, is_long=True),
        "growth": Group("one crawl of 100,000 pages, and a second one", 180, 240, _growth, is_long=True),
    }
)


def main() -> None:
    """Measure one group."""
    name, plan = sys.argv[1], Plan(**json.loads(sys.argv[2]))
    for figure in GROUPS[name].figures(plan):
        print(json.dumps(asdict(figure)), flush=True)


if __name__ == "__main__":
    main()
