"""The health of sites: what their sources offer and which fields their stories have, against their own past.

What comes in: counts of one run, and earlier runs' values. What goes out: `Measure`s; an alarm is a site that broke.
Knows no news and no clock.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from statistics import median
from typing import Final, Protocol

from newsbot.items.model import Measure, Story

# A source that offers less than this share of what it usually does is broken, or its page has changed.
YIELD_FLOOR: Final = 0.2
# A field that falls by more than this share of the stories has lost its place on the page.
COVERAGE_DROP: Final = 0.3
# Fewer runs, or fewer stories, are no history and no share.
MIN_RUNS: Final = 3
MIN_STORIES: Final = 5
FIELDS: Final = ("headline", "body", "date_published", "authors", "description", "section", "images", "language")


class Expected(Protocol):
    """What a site file expects of a healthy run."""

    @property
    def story_links(self) -> int | None:
        """Story links that its sources offer at least."""

    @property
    def fields(self) -> Mapping[str, float]:
        """The share of its stories that have a field."""


class Past(Protocol):
    """Where earlier values are."""

    def health(self, site: str, measure: str, *, runs: int = 14) -> list[float]:
        """The values of earlier runs, the latest first."""


class Health:
    """Counts a run's links and fields by site."""

    def __init__(self) -> None:
        self.links: dict[tuple[str, str], int | None] = {}
        self.stories: Counter[str] = Counter()
        self.fields: dict[str, Counter[str]] = defaultdict(Counter)
        self.expected: dict[str, Expected] = {}

    def source_read(self, site: str, url: str, links: int | None) -> None:
        """Note how many story links a source offers; ``None`` for one that has not changed."""
        self.links[site, url] = links

    def story_seen(self, site: str, story: Story) -> None:
        """Count which fields a story has."""
        self.stories[site] += 1
        wanted = self.expected.get(site)
        for name in {*FIELDS, *(wanted.fields if wanted else ())}:
            self.fields[site][name] += bool(getattr(story, name, None))

    def measures(self, past: Past) -> list[Measure]:
        """The run's values beside their history, in the order of their names."""
        found = [self._links(past, site, url, links) for (site, url), links in self.links.items()]
        for site, count in self.stories.items():
            if count >= MIN_STORIES:
                found += [self._coverage(past, site, name, count) for name in sorted(self.fields[site])]
        found += self._expected_links(found)
        return sorted(found, key=lambda measure: (measure.site, measure.measure))

    def _links(self, past: Past, site: str, url: str, links: int | None) -> Measure:
        name = f"links:{url}"
        history = past.health(site, name)
        value = float(links) if links is not None else (history[0] if history else 0.0)
        alarm = links is not None and len(history) >= MIN_RUNS and value < YIELD_FLOOR * median(history)
        return _measure(site, name, value, history, is_alarm=alarm)

    def _coverage(self, past: Past, site: str, field: str, stories: int) -> Measure:
        name = f"coverage:{field}"
        history = past.health(site, name)
        value = self.fields[site][field] / stories
        wanted = self.expected[site].fields.get(field) if site in self.expected else None
        fell = len(history) >= MIN_RUNS and value < median(history) - COVERAGE_DROP
        return _measure(site, name, value, history, is_alarm=fell or (wanted is not None and value < wanted))

    def _expected_links(self, links: Sequence[Measure]) -> list[Measure]:
        """The sum of a site's links beside what its file expects."""
        found = []
        for site, wanted in self.expected.items():
            values = [one.value for one in links if one.site == site and one.measure.startswith("links:")]
            if wanted.story_links is not None and values:
                is_low = sum(values) < wanted.story_links
                found.append(_measure(site, "expected:story_links", sum(values), [], is_alarm=is_low))
        return found


def _measure(site: str, name: str, value: float, history: Sequence[float], *, is_alarm: bool) -> Measure:
    spread = max(history) - min(history) if history else None
    middle = median(history) if history else None
    return Measure(site=site, measure=name, value=value, median=middle, spread=spread, is_alarm=is_alarm)
