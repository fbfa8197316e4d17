"""What is wrong with a capture, and whether that rejects the page.

What comes in: a `Capture` as loaded and repaired. What goes out: `Problem`s; a fatal one rejects the page: its
outcome becomes ``rejected``, with reasons, and it has no story and no teasers (its counts keep what it held).
The page itself is never dropped. Knows no markup.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from newsbot.items.clock import CLOCK_DIFFERS
from newsbot.items.contamination import set_contamination_apart
from newsbot.items.foreign_evidence import NOTHING_SAID, OwnWords
from newsbot.items.model import Capture, Provenance, Story
from newsbot.items.walls import wall

# Stories are printed as of tomorrow in some time zones and by some content systems; two days cover both.
MAX_AHEAD = timedelta(hours=48)
# There was no news on the web before; an earlier date is a content system's zero (1970-01-01) or a mistake.
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with a capture: a code, the field it is about, and the value; a fatal one rejects the page."""

    code: str
    field: str | None = None
    detail: str | None = None
    fatal: bool = False


def validate(capture: Capture, own: OwnWords = NOTHING_SAID) -> list[Problem]:
    """The problems of *capture*, fatal ones first; marks it accordingly. Calling it again changes nothing more.

    *own* is what the page says of its site, known while it is read.
    """
    problems: list[Problem] = []
    set_contamination_apart(capture, own)
    if capture.story is not None:
        kind = wall(capture.page, capture.story)
        if kind is not None:
            problems.append(Problem(kind, "body", capture.story.headline, fatal=True))
        is_believed = CLOCK_DIFFERS not in capture.page.notes
        problems += _dates(capture.story, capture.page.fetched_at if is_believed else None)
        for problem in problems:
            _refuse(capture, capture.story, problem)
    problems.sort(key=lambda problem: not problem.fatal)
    reasons = [problem.code for problem in problems if problem.fatal]
    if reasons:
        capture.page.outcome = "rejected"
        capture.page.reasons = [*reasons, *(reason for reason in capture.page.reasons if reason not in reasons)]
        capture.story = None
        capture.teasers = []
    return problems


def _dates(story: Story, fetched_at: str | None) -> Iterator[Problem]:
    """Dates out of range; without the time of the visit, or a clock to believe, the future is not judged."""
    now = _moment(fetched_at)
    for field in ("date_published", "date_modified"):
        value = getattr(story, field)
        if value is None:
            continue
        moment = _moment(value)
        if moment is None:
            yield Problem("date_unreadable", field, value)
        elif moment < EARLIEST:
            yield Problem("date_too_early", field, value)
        elif now is not None and moment > now + MAX_AHEAD:
            yield Problem("date_in_future", field, value)


def _moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


def _refuse(capture: Capture, story: Story, problem: Problem) -> None:
    """Take a refused date out of the story; what the page claims is kept with the page."""
    if problem.field is None or not problem.code.startswith("date_"):
        return
    capture.page.claims.append(Provenance(field=problem.field, source=problem.code, locator=problem.detail))
    setattr(story, problem.field, None)
    if problem.field == "date_published":
        story.date_precision = None
