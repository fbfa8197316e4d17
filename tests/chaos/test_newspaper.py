"""The make-believe newspaper: whatever a fifth of its answers does, what was served whole comes out whole.

Twenty seeds of 300 stories: ``python -m benchmarks.fuzz.newspaper``.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.newspaper import Newspaper
from tests.chaos.reading_papers import Verdict, read_paper, served, verdict
from tests.running import Finished


@pytest.fixture(scope="module", params=[3])
def runs(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Newspaper, Verdict, Verdict, Finished]]:
    """A crawl of the faulty newspaper, and one after its faults are gone."""
    folder = tmp_path_factory.mktemp("newspaper")
    with served(request.param, size=60) as (paper, site, trap):
        first = verdict(paper, site, trap, read_paper(paper, site, folder))
        paper.share = 0.0
        last = read_paper(paper, site, folder)
        yield paper, first, verdict(paper, site, trap, last), last


def test_faults_cost_nothing_that_was_served(runs: tuple[Newspaper, Verdict, Verdict, Finished]) -> None:
    _, first, _, _ = runs
    assert first.faults > 10 and first.served_whole > 20
    assert first.is_good, first


def test_next_run_brings_the_rest_and_nothing_twice(runs: tuple[Newspaper, Verdict, Verdict, Finished]) -> None:
    _, first, second, last = runs
    assert second.is_good, second
    assert second.code == 0
    assert second.came_out == second.served_whole > first.came_out
    lines = last.lines("stories")
    assert len({line["story_id"] for line in lines}) == len(lines) == second.came_out
    assert {line["revision"] for line in lines} == {1}


def test_copy_of_another_sites_story_stands_beside_it(runs: tuple[Newspaper, Verdict, Verdict, Finished]) -> None:
    """Whichever was first: both come out, under their own names; they may share a cluster."""
    paper, _, _, last = runs
    out = {line["url"]: line for line in last.lines("stories")}
    copies = [story for story in paper.stories.values() if story.claims and {story.url, story.claims} <= out.keys()]
    assert copies
    for copy in copies:
        assert out[copy.url]["story_id"] != out[copy.claims]["story_id"]
        assert out[copy.url]["site"] != out[copy.claims]["site"]


def test_the_paper_is_the_same_for_a_seed() -> None:
    one, other = (Newspaper(7, 1, 2, size=40) for _ in range(2))
    assert one.stories == other.stories
    assert one.stories != Newspaper(8, 1, 2, size=40).stories


def test_pages_are_where_the_site_files_say(tmp_path: Path) -> None:
    paper = Newspaper(7, 8001, 8002, size=40)
    paper.write_sites(tmp_path)
    assert sorted(path.stem for path in tmp_path.iterdir()) == ["alpha", "bravo", "carol", "delta"]
    assert len(paper.sources) == 16
