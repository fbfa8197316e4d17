"""The headline of a story: chosen by agreement of what the page shows and what it says of itself.

What comes in: `Metadata` and the visible headings. What goes out: `Candidate` values, best first.
"""

from __future__ import annotations

from collections.abc import Sequence

from newsbot.core.metadata import Candidate, Metadata, plain


def headline_candidates(metadata: Metadata, headings: Sequence[str]) -> tuple[Candidate, ...]:
    """What may be the headline, best first, each text once."""
    found = [Candidate(text, "visible", "h1") for text in headings]
    raw = [
        ("jsonld", "headline", plain(metadata.article.get("headline"))),
        ("meta", "og:title", plain(metadata.meta("og:title"))),
        ("title", None, metadata.title or ""),
    ]
    found.extend(Candidate(text, source, locator) for source, locator, text in raw if text)
    return tuple(found)
