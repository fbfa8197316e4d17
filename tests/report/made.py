"""A made-up output folder: two weeks of four sites, with edits, headline changes, refusals and a site that breaks."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from newsbot.items.model import Author, Event, Image, Measure, PageVisit, Run, RunCounts, Story, Teaser

FIRST = datetime(2026, 5, 1, 6, 0, tzinfo=UTC)
SITES = ("courier.test", "gazette.test", "botschaft.test", "tribune.test")
SECTIONS = ("Politics", "Harbour", "Sport", "Culture", "Weather")
Text = Callable[[str], str]


def same(text: str) -> str:
    """What the plain folder holds."""
    return text


def make_output(folder: Path, *, days: int = 14, text: Text = same) -> Path:
    """Write the five kinds of lines below *folder*; *text* may make something else of each text of a site."""
    chance = random.Random(7)
    records: dict[str, list[Any]] = {kind: [] for kind in ("stories", "teasers", "pages", "events", "runs")}
    for day in range(days):
        for hour in (6, 12, 18):
            _run(records, chance, FIRST + timedelta(days=day, hours=hour - 6), day, text)
    for kind, lines in records.items():
        (folder / kind).mkdir(parents=True)
        half = len(lines) // 2
        for number, part in enumerate((lines[:half], lines[half:])):
            whole = b"".join(msgspec.json.encode(line) + b"\n" for line in part)
            (folder / kind / f"{kind}-abc-{number:06}.jsonl").write_bytes(whole)
    return folder


def _run(records: dict[str, list[Any]], chance: random.Random, at: datetime, day: int, text: Text) -> None:
    counts = RunCounts()
    for site in SITES:
        broken = site == "tribune.test" and day > 9
        for number in range(0 if broken else chance.randint(3, 9)):
            _story(records, chance, at, site, number, text)
            counts.stories += 1
        for _ in range(14 if broken else 1):
            reason = "soft404" if broken else chance.choice(("robots", "timeout", "not_html"))
            outcome = "rejected" if broken else "failed"
            records["pages"].append(_page(site, f"https://{site}/x", at, outcome, [text(reason)], text))
            counts.rejected += 1
        records["pages"].append(_page(site, f"https://{site}/", at, "listing", [], text))
    counts.pages = len(records["pages"])
    alarm = Measure(site=text("tribune.test"), measure="links:https://tribune.test/", value=2, median=44, is_alarm=True)
    records["runs"].append(
        Run(
            run_id=f"r{at:%d%H}", spider="news", sites=[text(site) for site in SITES], started_at=at.isoformat(),
            ended_at=at.isoformat(), elapsed_ms=chance.randint(40000, 90000), exit_code=3 if day > 9 else 0,
            exit_name="yield_fell" if day > 9 else "done", counts=counts, health=[alarm] if day > 9 else [],
            reasons=[text("tribune.test offers 2 story links, used to offer 44")] if day > 9 else [],
        )
    )  # fmt: skip


def _story(
    records: dict[str, list[Any]], chance: random.Random, at: datetime, site: str, number: int, text: Text
) -> None:
    day = at.isoformat()
    story_id = f"s{site[0]}{at:%d%H}{number}"
    headline = f"{chance.choice(('Bridge', 'Council', 'Ferry', 'Museum'))} {chance.choice(('opens', 'waits', 'pays'))}"
    story = Story(
        story_id=story_id, version_id="v" + story_id, revision=1, site=text(site), url=f"https://{site}/{story_id}",
        headline=text(f"{headline}, day {at.day}"), body=text("One paragraph."),
        authors=[Author(name=text("Ada Okafor"))] if chance.random() < 0.8 else [],
        date_published=day if chance.random() < 0.95 else None, description=text("Summary."),
        section=text(chance.choice(SECTIONS)), images=[Image(url="x")] if chance.random() < 0.7 else [], fetched_at=day,
        keywords=[text("bridge")] if chance.random() < 0.4 else [],
    )  # fmt: skip
    records["stories"].append(story)
    if chance.random() < 0.2:
        records["stories"].append(dataclasses.replace(story, revision=2, version_id=f"{story.version_id}b"))
    if chance.random() < 0.15:
        records["events"].append(
            Event(
                event_id="e" + story_id, kind="headline_changed", at=day, site=text(site), story_id=story_id,
                before=text(f"{headline}, day {at.day}"), after=text(f"{headline} at last"),
            )
        )  # fmt: skip
    for page in range(chance.randint(0, 3)):
        teaser_id = f"t{story_id}{page}"
        address = f"https://{site}/{'' if page == 0 else SECTIONS[page].lower()}"
        records["teasers"].append(
            Teaser(
                teaser_id=teaser_id, page_url=address, site=text(site), rank_on_page=number + 1,
                headline=text(f"{headline}, day {at.day}"), target_url=text(f"https://{site}/{story_id}"),
                target_story_id=story_id, observed_at=day,
            )
        )  # fmt: skip
        if chance.random() < 0.6:
            gone = (at + timedelta(hours=chance.choice((6, 12, 24)))).isoformat()
            records["events"].append(Event(event_id="g" + teaser_id, kind="teaser_gone", at=gone, teaser_id=teaser_id))


def _page(site: str, url: str, at: datetime, outcome: str, reasons: list[str], text: Text) -> PageVisit:
    return PageVisit(site=text(site), url=url, outcome=outcome, reasons=reasons, fetched_at=at.isoformat())
