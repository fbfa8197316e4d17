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
class Change:
    """What the desk did to a story, or (``story_id`` is None) to all of them."""

    what: str
    story_id: str | None
    headline: str


@dataclass(frozen=True, slots=True)
class DeskNews:
    """What the desk did for an edition."""

    number: int
    clock: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A version that was written."""

    story_id: str
    revision: int
    headline: str


@dataclass(frozen=True, slots=True)
class Written:
    """The lines of one crawl: versions, stories withdrawn, the others counted, and the files they are in."""

    versions: tuple[Version, ...] = ()
    withdrawn: frozenset[str] = frozenset()
    teasers: int = 0
    events: Counter[str] = field(default_factory=Counter)
    pages: Counter[str] = field(default_factory=Counter)
    files: tuple[tuple[Path, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A change of the desk beside what newsbot made of it."""

    what: str
    headline: str
    wrote: str


def desk_news(number: int) -> DeskNews:
    """What is new in edition *number*."""
    now = edition(number)
    changes = [Change("new", _id(story.id), story.headline) for story in now.latest() if story.edition == number]
    edits = [edit for edit in now.desk.edit if edit.story in now.stories]
    changes += [Change(edit.kind, _id(edit.story), now.stories[edit.story].headline) for edit in edits]
    changes += [Change("withdrawn", _id(key), now.withdrawn[key].headline) for key in now.desk.withdrawn]
    if number == 1:
        changes = [Change("new", None, f"{len(now.stories)} stories, one behind a consent wall")]
    return DeskNews(number, f"{now.at:%A} {now.at.day} {now.at:%B %Y, %H:%M}", tuple(changes))


def _id(number: int) -> str:
    return f"s:demo:{number}"


def paired(desk: DeskNews, written: Written) -> list[Row]:
    """Each change of the desk with what was written of it; then the versions that no change explains. Never empty."""
    versions = {version.story_id: version for version in written.versions}
    rows = [Row(change.what, change.headline, _wrote(change, versions, written)) for change in desk.changes]
    if any(change.story_id is None for change in desk.changes):
        return rows
    explained = {change.story_id for change in desk.changes}
    others = [version for version in written.versions if version.story_id not in explained]
    rows += [Row("-", version.headline, _as_text(version)) for version in others]
    return rows or [Row("nothing", "", "no version of any story")]


def _wrote(change: Change, versions: dict[str, Version], written: Written) -> str:
    if change.story_id is None:
        return f"{len(written.versions)} stories" if written.versions else "nothing"
    if change.story_id in versions:
        return _as_text(versions[change.story_id])
    return "withdrawn" if change.story_id in written.withdrawn else "nothing"


def _as_text(version: Version) -> str:
    return "new" if version.revision == 1 else f"revision {version.revision}"


def files_of(output: Path) -> frozenset[Path]:
    """The published files below *output*."""
    return frozenset(path for kind in KINDS for path in (output / kind).glob("*.jsonl"))


def written_since(output: Path, known: frozenset[Path]) -> Written:
    """What the files say that are there now and were not *known*."""
    fresh = sorted(files_of(output) - known)
    lines = {path: list(_lines(path)) for path in fresh}
    by_kind = {kind: [line for path in fresh if path.parent.name == kind for line in lines[path]] for kind in KINDS}
    return Written(
        versions=tuple(
            Version(str(line["story_id"]), int(str(line["revision"])), str(line["headline"]))
            for line in by_kind["stories"]
        ),
        withdrawn=frozenset(str(line["story_id"]) for line in by_kind["events"] if line["kind"] == "withdrawn"),
        teasers=len(by_kind["teasers"]),
        events=Counter(str(line["kind"]) for line in by_kind["events"]),
        pages=Counter(str(line["outcome"]) for line in by_kind["pages"]),
        files=tuple((path, len(lines[path])) for path in fresh),
    )


def _lines(path: Path) -> Iterator[dict[str, object]]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=dict[str, object])
