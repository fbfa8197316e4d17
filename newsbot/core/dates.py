"""Dates of a page: candidates, their order of trust, and one form for all.

What comes in: metadata, ``<time>`` elements, visible date lines, the URL. What goes out: `Candidate` values,
best first, and `Moment`: an RFC 3339 string with its precision. Dates are never invented and never copied
from one field into another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from newsbot.core.blocks import Segments
from newsbot.core.metadata import Candidate, Metadata, plain


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as RFC 3339 text; *precision* is ``second``, ``minute`` or ``day``."""

    text: str
    precision: str


def read_moment(raw: str) -> Moment | None:
    """The point in time that *raw* names, or None."""
    try:
        found = datetime.fromisoformat(raw.strip())
    except ValueError:
        return None
    return Moment(found.isoformat(), "day" if len(raw.strip()) == 10 else "second")


def published_candidates(metadata: Metadata, segments: Segments) -> Iterator[Candidate]:
    """What may be the date of publication, best first."""
    raw = plain(metadata.article.get("datePublished"))
    if raw:
        yield Candidate(raw, "jsonld", "datePublished")
    raw_meta = metadata.meta("article:published_time", "datepublished", "date")
    if raw_meta:
        yield Candidate(raw_meta, "meta", "article:published_time")
    for node in segments.times:
        value = node.attrs.get("datetime")
        if value:
            yield Candidate(value, "time", None)
