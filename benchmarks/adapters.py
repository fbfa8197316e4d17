"""newsbot as the functions that the extraction kits call: no site file, no state, one page at a time."""

from __future__ import annotations

from typing import Any

from newsbot.extract import extract_page


def story(html: bytes, url: str) -> dict[str, Any]:
    """The story of the page: title, authors, published, body."""
    found = extract_page(html, url).story
    if found is None:
        return {"title": None, "authors": [], "published": None, "body": ""}
    return {
        "title": found.headline,
        "authors": [author.name for author in found.authors],
        "published": found.date_published,
        "body": found.body,
    }


def teasers(html: bytes, url: str) -> list[dict[str, Any]]:
    """The teasers of the page in document order."""
    return [
        {
            "url": teaser.target_url,
            "title": teaser.headline,
            "summary": teaser.summary,
            "label": teaser.label,
            "block": teaser.block_heading,
            "position": teaser.rank_on_page,
            "kind": teaser.block_kind,
            "image": teaser.image_url is not None,
        }
        for teaser in extract_page(html, url).teasers
    ]
