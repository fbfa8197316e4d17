"""A tour of the editions: what the desk changed, and which lines a crawl wrote about it.

What comes in: the number of an edition; an output folder and the names of the files known before. What goes out:
plain values to show. Knows nothing of Scrapy and of how they are shown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from newsbot.demo.editions import edition

KINDS = ("stories", "teasers", "events", "pages", "runs")


@dataclass(frozen=True, slots=True)
class DeskNews:
    """What the desk did for an edition, as (what, headline)."""

    number: int
    clock: str
    changes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of one crawl: versions as (revision, headline), the others counted, and the files they are in."""

    versions: tuple[tuple[int, str], ...] = ()
    teasers: int = 0
    events: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    files: tuple[tuple[Path, int], ...] = ()


def desk_news(number: int) -> DeskNews:
    """What is new in edition *number*."""
    now = edition(number)
    changes = [("new", story.headline) for story in now.latest() if story.edition == number]
    changes += [(edit.kind, now.stories[edit.story].headline) for edit in now.desk.edit if edit.story in now.stories]
    changes += [("withdrawn", now.withdrawn[key].headline) for key in now.desk.withdrawn]
    if number == 1:
        changes = [("new", f"{len(now.stories)} stories")]
    return DeskNews(number, f"{now.at:%A} {now.at.day} {now.at:%B %Y, %H:%M}", tuple(changes))


def files_of(output: Path) -> frozenset[Path]:
    """The published files below *output*."""
    return frozenset(path for kind in KINDS for path in (output / kind).glob("*.jsonl"))


def written_since(output: Path, known: frozenset[Path]) -> Written:
    """What the files say that are there now and were not *known*."""
    fresh = sorted(files_of(output) - known)
    lines = {path: list(_lines(path)) for path in fresh}
    by_kind = {kind: [line for path in fresh if path.parent.name == kind for line in lines[path]] for kind in KINDS}
    return Written(
        versions=tuple((int(str(line["revision"])), str(line["headline"])) for line in by_kind["stories"]),
        teasers=len(by_kind["teasers"]),
        events=Counter(str(line["kind"]) for line in by_kind["events"]),
        pages=Counter(str(line["outcome"]) for line in by_kind["pages"]),
        files=tuple((path, len(lines[path])) for path in fresh),
    )


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=dict[str, object])
