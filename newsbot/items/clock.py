"""Whether the crawler's clock can be believed: the answer's own ``Date`` beside the time of the visit.

What comes in: the time of a visit and the headers of its answer. What goes out: a note for the page, or none. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

# The page's note; where it stands, no date of its story is taken for one in the future.
CLOCK_DIFFERS: Final = "clock_differs"
# Servers' clocks are wrong by minutes, time zones by hours; a day is one of the two clocks.
_TOLERANCE: Final = timedelta(hours=24)


def clock_notes(fetched_at: str | None, headers: Mapping[str, str]) -> list[str]:
    """``[CLOCK_DIFFERS]`` when the server's time and ours are more than a day apart; *headers* have lower-case names.

    An answer out of a cache is as old as its ``Age`` says. No ``Date``, or none that can be read, says nothing.

    >>> clock_notes("2026-03-01T06:00:00Z", {"date": "Sat, 28 Feb 2026 07:00:00 GMT"})
    []
    >>> clock_notes("2021-03-01T06:00:00Z", {"date": "Sat, 28 Feb 2026 07:00:00 GMT"})
    ['clock_differs']
    """
    try:
        theirs = parsedate_to_datetime(headers["date"])
        ours = datetime.fromisoformat(fetched_at or "")
        age = timedelta(seconds=int(headers.get("age", "0")))
        apart = _aware(ours) - _aware(theirs) - age
    except (KeyError, ValueError, TypeError, IndexError, OverflowError):
        return []
    return [CLOCK_DIFFERS] if abs(apart) > _TOLERANCE else []


def _aware(moment: datetime) -> datetime:
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
