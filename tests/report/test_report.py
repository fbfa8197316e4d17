"""The report: figures that add up, and a page in which no text of a site becomes anything but text."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from collections import Counter
from html.parser import HTMLParser
from pathlib import Path

import msgspec
import pytest

from newsbot.core.printable import printable
from newsbot.items.model import Event, PageVisit, Run, Story, Teaser
from newsbot.report import charts
from newsbot.report.figures import Figures, read_figures
from newsbot.report.page import report_page, web_address
from tests.report.made import make_output
from tests.report.vectors import VECTORS
from tests.running import ROOT, environment, lines


def put(folder: Path, kind: str, *records: object) -> None:
    (folder / kind).mkdir(parents=True, exist_ok=True)
    whole = b"".join(msgspec.json.encode(record) + b"\n" for record in records)
    (folder / kind / f"{kind}-abc-000001.jsonl").write_bytes(whole)


def small_output(folder: Path, *texts: str) -> Path:
    """For each of *texts* a line of each kind that has it in every field that a site or an operator can write."""
    kinds: dict[str, list[object]] = {kind: [] for kind in ("runs", "stories", "teasers", "pages", "events")}
    for number, text in enumerate(texts):
        at = f"2026-05-01T06:00:{number:02}+00:00"
        health = [{"site": text, "measure": text, "value": 1.0, "median": 2.0, "is_alarm": True}]
        run = Run(spider=text, sites=[text, text], started_at=at, exit_name=text, reasons=[text])
        kinds["runs"].append({**msgspec.to_builtins(run), "health": health})
        story = Story(revision=1, site=text, url=text, headline=text, body=text, section=text, fetched_at=at)
        kinds["stories"].append(dataclasses.replace(story, story_id=f"s{number}", description=text, keywords=[text]))
        teaser = Teaser(teaser_id=f"t{number}", page_url=text, site=text, rank_on_page=1, headline=text, summary=text)
        kinds["teasers"].append(dataclasses.replace(teaser, target_url=text, observed_at=at))
        kinds["pages"].append(PageVisit(url=text, site=text, outcome="rejected", reasons=[text], fetched_at=at))
        kinds["events"].append(Event(kind="headline_changed", at=at, site=text, before=text, after=text))
    for kind, records in kinds.items():
        put(folder, kind, *records)
    return folder


class Reader(HTMLParser):
    """What a page is made of: its elements with their attributes, and its text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute stands twice in <{tag}>"
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def skeleton(page: str) -> Counter[tuple[str, tuple[str, ...]]]:
    """(element, names of its attributes) of the whole page."""
    return Counter((tag, tuple(sorted(attributes))) for tag, attributes in Reader(page).elements)


def addresses(page: str) -> set[str | None]:
    """All that a browser might load or open."""
    names = ("href", "src", "action", "data", "srcset", "background", "xlink:href", "style")
    return {attributes[name] for _, attributes in Reader(page).elements for name in names if name in attributes}


def test_figures_add_up_to_the_lines(tmp_path: Path) -> None:
    output = make_output(tmp_path, days=6)
    figures = read_figures(output)
    stories = lines(output, "stories")
    assert figures.totals["stories"] == sum(story["revision"] == 1 for story in stories)
    assert figures.totals["revisions"] == sum(story["revision"] == 2 for story in stories)
    assert figures.totals["teasers"] == len(lines(output, "teasers"))
    assert figures.totals["pages"] == len(lines(output, "pages"))
    assert figures.totals["events"] == len(lines(output, "events"))
    assert sum(figures.reasons.values()) == sum(page["outcome"] != "listing" for page in lines(output, "pages"))
    assert sum(site.stories for site in figures.sites.values()) == figures.totals["stories"]
    assert sum(sum(days.values()) for days in figures.stories_by_site.values()) == figures.totals["stories"]
    assert (figures.days[0], len(figures.days), figures.run_count) == ("2026-05-01", 6, 18)
    day = figures.days[2]
    of_day = [story for story in stories if story["fetched_at"].startswith(day)]
    assert figures.coverage("authors", day) == sum(bool(story["authors"]) for story in of_day) / len(of_day)


def test_placements_become_how_long_a_story_stood(tmp_path: Path) -> None:
    def teaser(number: int, page: str, at: str, rank: int) -> Teaser:
        return Teaser(
            teaser_id=f"t{number}", page_url=page, rank_on_page=rank, headline="Bridge", target_story_id="s1",
            target_url="https://a.test/1", site="a.test", observed_at=at,
        )  # fmt: skip

    put(
        tmp_path,
        "teasers",
        teaser(1, "https://a.test/", "2026-05-01T06:00:00+00:00", 4),
        teaser(1, "https://a.test/", "2026-05-01T08:00:00+00:00", 2),
        teaser(2, "https://a.test/sport", "2026-05-01T07:00:00+02:00", 9),
    )
    put(tmp_path, "events", Event(kind="teaser_gone", at="2026-05-01T10:30:00+00:00", teaser_id="t1"))
    put(
        tmp_path,
        "pages",
        PageVisit(url="https://a.test/sport", outcome="listing", fetched_at="2026-05-01T09:00:00+00:00"),
    )
    (story,) = read_figures(tmp_path).promoted
    assert (len(story.pages), story.placements, story.best_rank, story.still_there) == (2, 3, 2, True)
    assert (story.first, story.hours) == ("2026-05-01T06:00:00+00:00", 4.5)


def test_placements_from_before_the_story_was_known_count_as_its_own(tmp_path: Path) -> None:
    at = "2026-05-01T06:00:00+00:00"
    page, target = "https://a.test/", "https://a.test/1"
    early = Teaser(teaser_id="t1", page_url=page, headline="Bridge", target_url=target, site="a")
    known = Teaser(teaser_id="t2", page_url="https://a.test/x", headline="Bridge", target_story_id="s1", site="a")
    early.observed_at = known.observed_at = at
    early.rank_on_page, known.rank_on_page = 3, 7
    put(tmp_path, "teasers", early, known)
    put(tmp_path, "events", Event(kind="resolved", at=at, teaser_id="t1", story_id="s1"))
    (story,) = read_figures(tmp_path).promoted
    assert (story.key, len(story.pages), story.placements, story.best_rank) == ("s1", 2, 2, 3)


def test_span_is_counted_back_from_the_last_run(tmp_path: Path) -> None:
    figures = read_figures(make_output(tmp_path, days=10), days=3)
    assert figures.days == ["2026-05-08", "2026-05-09", "2026-05-10"]
    assert figures.run_count == 9


def test_lines_that_cannot_be_read_are_counted_and_cost_nothing_else(tmp_path: Path) -> None:
    output = make_output(tmp_path, days=2)
    before = read_figures(output)
    bad = b'{"torn": \n\xff\xfe\nnull\n[1]\n{"fetched_at": 7}\n{"fetched_at": "never"}\n'
    (output / "stories" / "stories-zzz-000009.jsonl").write_bytes(bad)
    figures = read_figures(output)
    assert (figures.unreadable, figures.totals, figures.days) == (5, before.totals, before.days)
    assert "5 lines could not be read" in report_page(figures)


def test_empty_output_is_a_page_that_says_so(tmp_path: Path) -> None:
    assert "There is nothing in the output folder yet." in report_page(read_figures(tmp_path))
    assert report_page(Figures()).startswith("<!doctype html>")


def test_same_lines_make_the_same_page(tmp_path: Path) -> None:
    output = make_output(tmp_path, days=3)
    assert report_page(read_figures(output)) == report_page(read_figures(output))


def test_page_loads_nothing_and_runs_nothing(tmp_path: Path) -> None:
    page = report_page(read_figures(make_output(tmp_path, days=3)))
    assert {name for name, _ in skeleton(page)} & {"script", "link", "img", "iframe", "object", "form", "base"} == set()
    assert all(address.startswith("https://") and ".test/" in address for address in addresses(page))
    assert "default-src 'none'" in page
    assert page.count("<svg") == 5


def test_vectors_are_many_and_all_different() -> None:
    assert len(set(VECTORS)) == len(VECTORS) >= 100


@pytest.mark.parametrize("first", range(0, len(VECTORS), 20))
def test_no_text_becomes_element_attribute_or_address(tmp_path: Path, first: int) -> None:
    vectors = VECTORS[first : first + 20]
    links = [web_address(vector) for vector in vectors]
    harmless = [f"https://plain.test/{n}" if link else f"plain {n}" for n, link in enumerate(links)]
    page = report_page(read_figures(small_output(tmp_path / "vectors", *vectors)))
    written = report_page(read_figures(small_output(tmp_path / "harmless", *harmless)))
    assert skeleton(page) == skeleton(written)
    assert addresses(page) == {link for link in links if link}
    shown = Reader(page).text
    assert [vector for vector in vectors if printable(vector).strip() not in shown] == []


@pytest.mark.parametrize("first", range(0, len(VECTORS), 8))
def test_no_name_becomes_markup_of_a_chart(first: int) -> None:
    names = VECTORS[first : first + 8]
    bars = charts.stacked_bars(names[0], names, [(name, [1.0] * len(names)) for name in names])
    flat = charts.flat_bars(names[0], [(name, 2.0) for name in names])
    for svg in (bars, flat):
        assert {tag for tag, _ in skeleton(svg)} <= {"svg", "g", "rect", "path", "line", "text", "title"}
        assert addresses(svg) == set()


@pytest.mark.parametrize("vector", VECTORS)
def test_only_whole_web_addresses_become_links(vector: str) -> None:
    found = web_address(vector)
    assert found is None or found.startswith(("https://evil.test/", "http://evil.test/"))


def test_quotes_in_a_good_address_stay_inside_its_attribute(tmp_path: Path) -> None:
    page = report_page(read_figures(small_output(tmp_path, "https://evil.test/\"onclick='alert(1)'><b>")))
    assert addresses(page) == {"https://evil.test/\"onclick='alert(1)'><b>"}
    assert all("onclick" not in names for _, names in skeleton(page))


def test_command_writes_the_page_whole_and_says_where(tmp_path: Path) -> None:
    make_output(tmp_path / "output", days=2)
    target = tmp_path / "report.html"
    done = run_report("--to", str(target), "-s", f"NEWSBOT_OUTPUT={tmp_path / 'output'}")
    assert (done.returncode, done.stderr) == (0, f"wrote {target}\n")
    assert target.read_text("utf-8").endswith("</html>")
    assert sorted(os.listdir(tmp_path)) == ["output", "report.html"]


def test_command_without_a_folder_or_place_says_so(tmp_path: Path) -> None:
    missing = run_report("-s", f"NEWSBOT_OUTPUT={tmp_path / 'none'}")
    assert (missing.returncode, "is no folder" in missing.stderr) == (2, True)
    nowhere = run_report("--to", str(tmp_path / "no" / "report.html"), "-s", f"NEWSBOT_OUTPUT={tmp_path}")
    assert (nowhere.returncode, "No such file or directory" in nowhere.stderr) == (5, True)


def run_report(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", "report", *arguments],
        cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_stories_before_the_span_are_counted_with_the_days_that_would_hold_them(tmp_path: Path) -> None:
    put(tmp_path, "runs", Run(started_at="2026-05-10T06:00:00+00:00"))
    put(tmp_path, "stories", *(Story(revision=1, fetched_at=f"2026-04-0{day}T06:00:00+00:00") for day in (1, 2)))
    figures = read_figures(tmp_path, days=30)
    assert (figures.totals["stories"], figures.older, figures.days_to_oldest) == (0, 2, 40)
    assert read_figures(tmp_path, days=40).totals["stories"] == 2
