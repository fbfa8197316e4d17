"""The figures of a report, counted from the lines under ``output/``.

What comes in: the folder. What goes out: `Figures`, counts and tables of bounded size. Reads files and changes none;
a line that cannot be read is counted. Knows no HTML.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import msgspec

COVERED_FIELDS = ("headline", "body", "description", "authors", "date_published", "section", "images", "keywords")
OTHER = "others"

S = TypeVar("S", bound=msgspec.Struct)


class RunCountsLine(msgspec.Struct, frozen=True):
    """Counts of a run."""

    pages: int = 0
    stories: int = 0
    revisions: int = 0
    teasers: int = 0
    events: int = 0
    failed: int = 0
    rejected: int = 0


class MeasureLine(msgspec.Struct):
    """One number of a site's health."""

    site: str
    measure: str
    value: float
    median: float | None = None
    is_alarm: bool = False


class RunLine(msgspec.Struct):
    """What a report needs of a line of ``runs/``."""

    run_id: str | None = None
    spider: str | None = None
    sites: list[str] = []
    started_at: str | None = None
    elapsed_ms: int | None = None
    exit_code: int | None = None
    exit_name: str | None = None
    reasons: list[str] = []
    counts: RunCountsLine = RunCountsLine()
    health: list[MeasureLine] = []


class StoryLine(msgspec.Struct):
    """What a report needs of a line of ``stories/``."""

    story_id: str | None = None
    revision: int | None = None
    site: str | None = None
    url: str | None = None
    headline: str | None = None
    body: str | None = None
    description: str | None = None
    date_published: str | None = None
    section: str | None = None
    authors: list[msgspec.Raw] = []
    images: list[msgspec.Raw] = []
    keywords: list[msgspec.Raw] = []
    fetched_at: str | None = None


class TeaserLine(msgspec.Struct):
    """What a report needs of a line of ``teasers/``."""

    teaser_id: str | None = None
    page_url: str | None = None
    site: str | None = None
    rank_on_page: int | None = None
    headline: str | None = None
    summary: str | None = None
    target_url: str | None = None
    target_story_id: str | None = None
    observed_at: str | None = None


class PageLine(msgspec.Struct):
    """What a report needs of a line of ``pages/``."""

    url: str | None = None
    site: str | None = None
    outcome: str | None = None
    reasons: list[str] = []
    fetched_at: str | None = None


class EventLine(msgspec.Struct):
    """What a report needs of a line of ``events/``."""

    kind: str | None = None
    at: str | None = None
    site: str | None = None
    story_id: str | None = None
    teaser_id: str | None = None
    before: str | None = None
    after: str | None = None


@dataclass(slots=True)
class Promoted:
    """A story as other pages promoted it. Times are RFC 3339; ``last`` is the last moment it is known to have stood."""

    key: str
    headline: str
    site: str
    url: str | None
    placements: int = 0
    best_rank: int | None = None
    first: str = ""
    last: str = ""
    still_there: bool = False
    pages: set[str] = field(default_factory=set)

    @property
    def hours(self) -> float:
        """From first sight to last."""
        first, last = _moment(self.first), _moment(self.last)
        return max(0.0, (last - first).total_seconds() / 3600) if first and last else 0.0


@dataclass(slots=True)
class SiteFigures:
    """One site within the span."""

    name: str
    stories: int = 0
    revisions: int = 0
    teasers: int = 0
    pages: int = 0
    refused: int = 0
    last_visit: str = ""


@dataclass(slots=True)
class Figures:
    """All that a report shows. Days are ISO dates, the first to the last without a gap."""

    days: list[str] = field(default_factory=list)
    runs: list[RunLine] = field(default_factory=list)
    run_count: int = 0
    sites: dict[str, SiteFigures] = field(default_factory=dict)
    stories_by_site: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    stories_by_section: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    versions_by_day: Counter[str] = field(default_factory=Counter)
    revisions_by_day: Counter[str] = field(default_factory=Counter)
    headline_changes_by_day: Counter[str] = field(default_factory=Counter)
    covered: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    headline_changes: list[EventLine] = field(default_factory=list)
    promoted: list[Promoted] = field(default_factory=list)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    totals: Counter[str] = field(default_factory=Counter)
    unreadable: int = 0
    older: int = 0  # versions before the span
    days_to_oldest: int = 0  # the span that would hold them all

    def coverage(self, name: str, day: str) -> float | None:
        """The share of the day's versions that have the field; ``None`` on a day without."""
        versions = self.versions_by_day[day]
        return self.covered[name][day] / versions if versions else None


def read_figures(output: Path, *, days: int = 30, rows: int = 20) -> Figures:
    """The figures of the last *days* days of *output*, counted back from its last run; tables of *rows* rows."""
    reader = _Reader(output, days, rows)
    for step in (reader.runs, reader.teasers, reader.events, reader.pages, reader.stories):
        step()
    return reader.concluded()


class _Reader:
    """Goes through the five folders once."""

    def __init__(self, output: Path, days: int, rows: int) -> None:
        self.output = output
        self.rows = rows
        self.length = days
        self.out = Figures()
        self.first_day = ""
        self.by_target: dict[str, Promoted] = {}
        self.target_of: dict[str, tuple[str, str]] = {}
        self.ended: dict[str, str] = {}

    def runs(self) -> None:
        """The runs, and the span of days that they end."""
        runs = sorted(self._lines("runs", RunLine), key=lambda run: run.started_at or "")
        last = next((run.started_at for run in reversed(runs) if run.started_at), None)
        moment = _moment(last or "")
        if moment is not None:
            self.first_day = (moment.date() - timedelta(days=self.length - 1)).isoformat()
        chosen = [run for run in runs if self._in_span(run.started_at)]
        self.out.run_count = len(chosen)
        self.out.runs = chosen[-self.rows :][::-1]

    def teasers(self) -> None:
        """Placements, by the story that they promote."""
        for line in self._lines("teasers", TeaserLine):
            if not self._in_span(line.observed_at):
                continue
            self._site(line.site).teasers += 1
            self.out.totals["teasers"] += 1
            key = line.target_story_id or line.target_url
            if key is None or line.observed_at is None:
                continue
            story = self.by_target.setdefault(
                key, Promoted(key, "", line.site or "", line.target_url, first=line.observed_at)
            )
            story.headline = story.headline or line.headline or line.summary or ""
            story.placements += 1
            story.first = min(story.first, line.observed_at)
            story.last = max(story.last, line.observed_at)
            if line.rank_on_page is not None:
                story.best_rank = min(story.best_rank or line.rank_on_page, line.rank_on_page)
            story.pages.add(line.page_url or "")
            if line.teaser_id is not None:
                self.target_of[line.teaser_id] = (key, line.page_url or "")

    def events(self) -> None:
        """Headline changes, and the ends of placements."""
        changes: list[EventLine] = []
        resolved: dict[str, str] = {}  # key of a target -> the story that it turned out to be
        for line in self._lines("events", EventLine):
            if not self._in_span(line.at):
                continue
            self.out.totals["events"] += 1
            if line.kind == "headline_changed":
                self.out.headline_changes_by_day[_day(line.at)] += 1
                changes.append(line)
                if len(changes) > 50 * self.rows:
                    changes = _latest(changes, self.rows)
            elif line.kind == "teaser_gone" and line.teaser_id is not None:
                self.ended[line.teaser_id] = line.at or ""
            elif line.kind == "resolved" and line.teaser_id in self.target_of and line.story_id is not None:
                resolved[self.target_of[line.teaser_id][0]] = line.story_id
        self.out.headline_changes = _latest(changes, self.rows)
        for key, story_id in resolved.items():
            self._join(key, story_id)
        self.target_of = {
            teaser_id: (resolved.get(key, key), page) for teaser_id, (key, page) in self.target_of.items()
        }

    def _join(self, key: str, story_id: str) -> None:
        """Count what stood under a URL, before the story was known, as that story's."""
        if key == story_id or key not in self.by_target:
            return
        early = self.by_target.pop(key)
        story = self.by_target.setdefault(story_id, Promoted(story_id, "", early.site, early.url, first=early.first))
        story.headline = story.headline or early.headline
        story.placements += early.placements
        story.first, story.last = min(story.first, early.first), max(story.last, early.last)
        story.pages |= early.pages
        ranks = [rank for rank in (story.best_rank, early.best_rank) if rank is not None]
        story.best_rank = min(ranks, default=None)

    def pages(self) -> None:
        """Visits, refusals by reason, and until when placements are known to have stood."""
        wanted = {page for _, page in self.target_of.values()}
        seen: dict[str, str] = {}
        for line in self._lines("pages", PageLine):
            if not self._in_span(line.fetched_at):
                continue
            site = self._site(line.site)
            site.pages += 1
            site.last_visit = max(site.last_visit, line.fetched_at or "")
            self.out.totals["pages"] += 1
            if line.outcome in ("rejected", "failed"):
                site.refused += 1
                self.out.reasons[line.outcome, line.reasons[0] if line.reasons else "no reason given"] += 1
            elif line.url in wanted:
                seen[line.url] = max(seen.get(line.url, ""), line.fetched_at or "")
        for teaser_id, (key, page) in self.target_of.items():
            story = self.by_target[key]
            if teaser_id in self.ended:
                story.last = max(story.last, self.ended[teaser_id])
            else:
                story.still_there = True
                story.last = max(story.last, seen.get(page, ""))

    def stories(self) -> None:
        """Versions by day, site and section, and which fields they have."""
        out = self.out
        for line in self._lines("stories", StoryLine):
            if not self._in_span(line.fetched_at):
                self._count_older(line.fetched_at)
                continue
            day = _day(line.fetched_at)
            out.versions_by_day[day] += 1
            for name in COVERED_FIELDS:
                out.covered[name][day] += bool(getattr(line, name))
            if (line.revision or 1) > 1:
                out.revisions_by_day[day] += 1
                out.totals["revisions"] += 1
                self._site(line.site).revisions += 1
                continue
            out.totals["stories"] += 1
            self._site(line.site).stories += 1
            out.stories_by_site[line.site or "?"][day] += 1
            out.stories_by_section[line.section or "no section"][day] += 1
            if line.story_id in self.by_target:
                self.by_target[line.story_id].headline = line.headline or self.by_target[line.story_id].headline

    def _count_older(self, fetched_at: str | None) -> None:
        moment = _moment(fetched_at or "")
        if moment is not None:
            back = (date.fromisoformat(self.first_day) - moment.date()).days
            self.out.older += 1
            self.out.days_to_oldest = max(self.out.days_to_oldest, self.length + back)

    def concluded(self) -> Figures:
        """The figures with days without a gap, and long lists cut to their heads."""
        out = self.out
        known = [*out.versions_by_day, *out.headline_changes_by_day, *(_day(run.started_at) for run in out.runs)]
        days = sorted(day for day in known if day)
        if days:
            first, last = date.fromisoformat(days[0]), date.fromisoformat(days[-1])
            span = min((last - first).days, self.length - 1)
            out.days = [(last - timedelta(days=back)).isoformat() for back in range(span, -1, -1)]
        out.promoted = sorted(
            self.by_target.values(), key=lambda story: (-len(story.pages), -story.placements, -story.hours, story.key)
        )[: self.rows]
        out.sites = dict(sorted(out.sites.items(), key=lambda item: (-item[1].stories, item[0])))
        return out

    def _site(self, name: str | None) -> SiteFigures:
        return self.out.sites.setdefault(name or "?", SiteFigures(name or "?"))

    def _in_span(self, moment: str | None) -> bool:
        """Whether the line belongs to the span; RFC 3339 dates are compared by their first ten characters."""
        return moment is not None and _moment(moment) is not None and _day(moment) >= self.first_day

    def _lines(self, folder: str, shape: type[S]) -> Iterator[S]:
        decoder = msgspec.json.Decoder(shape)
        for path in sorted((self.output / folder).glob("*.jsonl")):
            with path.open("rb") as file:
                for line in file:
                    try:
                        yield decoder.decode(line)
                    except msgspec.DecodeError:
                        self.out.unreadable += 1


def top_series(counts: dict[str, Counter[str]], days: list[str], most: int) -> list[tuple[str, list[int]]]:
    """(name, a number a day) of the *most* largest; the rest is added up as one more."""
    names = sorted(counts, key=lambda name: (-sum(counts[name].values()), name))
    series = [(name, [counts[name][day] for day in days]) for name in names[:most]]
    if names[most:]:
        series.append((OTHER, [sum(counts[name][day] for name in names[most:]) for day in days]))
    return series


def _latest(events: list[EventLine], most: int) -> list[EventLine]:
    return sorted(events, key=lambda event: event.at or "", reverse=True)[:most]


def _day(moment: str | None) -> str:
    return (moment or "")[:10]


def _moment(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None
