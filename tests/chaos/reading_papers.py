"""One crawl of the make-believe newspaper, and what must hold of it.

What comes in: a seed, a folder. What goes out: a `Verdict`: what was served whole and did not come out, what came out
and was never written, who asked inner hosts, and the exit code beside the one that the server's own log calls for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.chaos import site as c
from tests.chaos.newspaper import SITES, Newspaper
from tests.running import Finished, crawl


@dataclass(frozen=True)
class Verdict:
    """What came of a run; everything but the counts is empty where all is well."""

    seed: int
    stories: int
    served_whole: int
    came_out: int
    answers: int
    faults: int
    lost: tuple[str, ...]
    not_as_written: tuple[str, ...]
    suppressed: tuple[str, ...]
    asked_inner: tuple[str, ...]
    code: int
    right_code: int
    peak_memory_mb: float

    @property
    def is_good(self) -> bool:
        """Whether nothing is lost, invented, suppressed or asked, and the code is right."""
        wrong = (self.lost, self.not_as_written, self.suppressed, self.asked_inner)
        return not any(wrong) and self.code == self.right_code


@contextmanager
def served(seed: int, *, size: int = 300, share: float = 0.2) -> Iterator[tuple[Newspaper, c.ChaosSite, c.ChaosSite]]:
    """The newspaper on a port of its own, and a trap on another that nobody may ask."""
    with c.ChaosSite({}) as trap, c.ChaosSite({}) as site:
        paper = Newspaper(seed, site.port, trap.port, size=size, share=share)
        site.routes.update(paper.routes)
        yield paper, site, trap


def read_paper(
    paper: Newspaper, site: c.ChaosSite, folder: Path, *, sites: Sequence[str] = SITES, out: str = "out"
) -> Finished:
    """Crawl *sites* of *paper* into the folder *out* of *folder*; what failed before is due at once."""
    paper.write_sites(folder / "sites")
    return crawl(
        "news",
        "-a",
        f"sites={','.join(sites)}",
        output=folder / out,
        timeout=600,
        NEWSBOT_SITES=folder / "sites",
        TWISTED_DNS_RESOLVER="tests.chaos.resolver.ChaosResolver",
        NEWSBOT_NET_ALLOW_PRIVATE=f"127.0.0.1:{site.port}",
        NEWSBOT_NET_PORTS=f"{site.port},{paper.trap_port}",  # so that it is the guard that refuses the trap
        DOWNLOAD_TIMEOUT="20",  # a busy machine is no fault of the paper's
        NEWSBOT_NET_DOWN_FAILURES="100000",
        NEWSBOT_RETRY_CAP_S="0.1",
        NEWSBOT_RECHECK_RETRY_FIRST_S="0",
        NEWSBOT_RECHECK_SOURCE_MIN_S="0",
        CONCURRENT_REQUESTS_PER_DOMAIN="8",
    )


def verdict(paper: Newspaper, site: c.ChaosSite, trap: c.ChaosSite, run: Finished) -> Verdict:
    """Judge *run* by what the server knows."""
    lines = run.lines("stories")
    out = {line["url"]: line for line in lines}
    whole = {url for url, times in paper.whole.items() if times and url in paper.stories}
    wrong = [line["url"] for line in lines if not _is_as_written(line, paper)]
    inner = {asked.host for asked in site.log if asked.host.startswith("inner")} | {asked.host for asked in trap.log}
    victims = {story.claims for story in paper.stories.values() if story.claims}
    return Verdict(
        seed=paper.seed,
        stories=len(paper.stories),
        served_whole=len(whole),
        came_out=len(out),
        answers=paper.answers,
        faults=paper.faults,
        lost=tuple(sorted(whole - out.keys())),
        not_as_written=tuple(sorted(wrong)),
        suppressed=tuple(sorted((victims & whole) - out.keys())),
        asked_inner=tuple(sorted(inner)),
        code=run.code,
        right_code=_right_code(paper),
        peak_memory_mb=run.last["peak_memory_mb"],
    )


def _is_as_written(line: dict[str, Any], paper: Newspaper) -> bool:
    """Whether a line is one of the paper's stories, whole and under its own name."""
    truth = paper.stories.get(line["url"])
    return truth is not None and line["body"] == truth.body and line["headline"] == truth.headline


def _right_code(paper: Newspaper) -> int:
    """0 if every source was served whole, 4 if none was, else 3."""
    read = [paper.whole[url] > 0 for url in paper.sources]
    return 0 if all(read) else 3 if any(read) else 4
