"""What one site says never changes what is stored of another: with and without the attacker, their lines are equal."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.newspaper import SITES, Newspaper, Truth
from tests.chaos.reading_papers import read_paper, served
from tests.running import Finished

*HONEST, ATTACKER = SITES
# What differs from run to run, and the cluster: that a like text stands elsewhere is said, and suppresses nothing.
OF_THE_RUN = ("run_id", "page_id", "fetched_at", "elapsed_ms", "cluster_id", "provenance")


def _forging(paper: Newspaper) -> dict[str, Truth]:
    """The stories of *paper*, each of the attacker's a copy of another site's that claims its address."""
    honest = [story for story in paper.stories.values() if story.site != ATTACKER]
    forged = dict(paper.stories)
    for number, story in enumerate(story for story in paper.stories.values() if story.site == ATTACKER):
        victim = honest[number % len(honest)]
        forged[story.url] = replace(story, headline=victim.headline, paragraphs=victim.paragraphs, claims=victim.url)
    return forged


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Finished, Finished]]:
    """Without the attacker, and with."""
    folder = tmp_path_factory.mktemp("interference")
    with served(1, size=48, share=0.0) as (paper, site, _):
        paper.stories = _forging(paper)
        alone = read_paper(paper, site, folder, sites=HONEST, out="alone")
        yield alone, read_paper(paper, site, folder, out="beside")


def _of_honest_sites(run: Finished, kind: str) -> dict[str, dict[str, Any]]:
    """The lines of the honest sites by URL, without what differs from run to run."""
    lines = [line for line in run.lines(kind) if line["site"] and line["site"].partition(".")[0] in HONEST]
    return {line["url"]: {key: value for key, value in line.items() if key not in OF_THE_RUN} for line in lines}


@pytest.mark.parametrize("kind", ["stories", "pages"])
def test_lines_of_the_others_are_equal(runs: tuple[Finished, Finished], kind: str) -> None:
    alone, beside = runs
    assert len(_of_honest_sites(alone, kind)) >= 36
    assert _of_honest_sites(alone, kind) == _of_honest_sites(beside, kind)


def test_the_attackers_pages_are_its_own(runs: tuple[Finished, Finished]) -> None:
    _, beside = runs
    own = [line for line in beside.lines("stories") if line["site"].partition(".")[0] == ATTACKER]
    others = {line["story_id"] for line in beside.lines("stories")} - {line["story_id"] for line in own}
    assert len(own) == 12 and len(others) == 36
