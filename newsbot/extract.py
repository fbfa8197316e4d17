"""The extraction line: a page's bytes become a `Capture`.

What comes in: bytes, the page's URL and what is known of the visit. What goes out: one `Capture`, pure data.
No I/O, no clock, no settings: the same bytes give the same capture, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsbot.core.blocks import segment
from newsbot.core.metadata import claims, read_metadata
from newsbot.core.page import read_page
from newsbot.core.regions import split
from newsbot.items.model import Capture, PageVisit
from newsbot.loaders.story import StorySources, load_story


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of a visit beside the bytes and the URL.

    ``headers`` have lower-case names; ``offered_title`` and ``offered_date`` are what the source that led
    here (``offered_by``: ``feed``, ``sitemap`` or ``teaser``) said of the story.
    """

    status: int = 200
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: str | None = None
    requested_url: str | None = None
    redirects: tuple[str, ...] = ()
    run_id: str | None = None
    page_type: str | None = None
    offered_title: str | None = None
    offered_date: str | None = None
    offered_by: str | None = None


BARE_VISIT = Visit()


def extract_page(body: bytes, url: str, visit: Visit = BARE_VISIT) -> Capture:
    """All that newsbot makes of one page. Raises `ExtractionError` if it cannot be read at all."""
    page = read_page(body, url, content_type=visit.content_type, headers=visit.headers)
    segments = segment(page)
    metadata = read_metadata(segments)
    regions = split(segments, claims(metadata))
    visited = PageVisit(
        url=url,
        requested_url=visit.requested_url or url,
        redirects=list(visit.redirects),
        status=visit.status,
        page_type=regions.page_type,
        content_type=visit.content_type,
        fetched_at=visit.fetched_at,
        run_id=visit.run_id,
    )
    story = load_story(StorySources(segments, metadata, regions))
    return Capture(page=visited, story=story)
