"""newsbot as the functions that the extraction kits call: no site file, no state, one page at a time."""

from __future__ import annotations

from typing import Any

from newsbot.extract import extract_page
from newsbot.items.model import Story


def story(html: bytes, url: str) -> dict[str, Any]:
    """The story of the page: title, authors, published, body."""
    found = extract_page(html, url).story
    if found is None:
        return {"title": None, "authors": [], "published": None, "body": ""}
    return {
        "title": found.headline,
        "authors": [author.name for author in found.authors],
        "published": found.date_published,
        "body": _body(found),
    }


def _body(found: Story) -> str:
    """The body as the kits' truth has it: without the times of a live blog's entries."""
    body = found.body or ""
    blocks = [block for block in found.body_blocks if block.kind != "entry_time"]
    return "\n".join(body[block.start : block.end] for block in blocks)


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
