"""What an extractor should find in the newsroom: the story and the teasers of each page, from the same data.

What comes in: views and the base address. What goes out: plain values to compare records with. Knows nothing
of extraction: a field whose value is a matter of an extractor's choice is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from newsbot.demo.editions import Edition
from newsbot.demo.stories import DemoStory, Line, Picture, without_links
from newsbot.demo.views import Card, View, views

# The layouts that say when a story was changed.
_SAYS_MODIFIED = frozenset({"classic", "graph", "live", "gallery", "video", "micro"})
_SHOWS_LEAD = frozenset({"classic", "graph", "live", "micro"})
_SAYS_KEYWORDS = frozenset({"graph", "classic", "micro", "live", "gallery", "video"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueStory:
    """A story as its page tells it. ``body`` holds (kind, text) of each block, page by page in order.

    ``captions`` hold text, credit and photographer of each picture.
    """

    story_id: str
    url: str
    headline: str
    lead: str | None
    body: tuple[tuple[str, str], ...]
    authors: tuple[str, ...]
    credits: tuple[tuple[str, str], ...]
    dateline: str | None
    place: str | None
    agency: str | None
    date_published: str
    date_modified: str | None
    language: str
    keywords: tuple[str, ...]
    captions: tuple[tuple[str, str | None, str | None], ...]
    corrections: tuple[str, ...]
    is_truncated: bool
    contamination: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TrueTeaser:
    """A placement; ranks count from 1 in the order of the markup, blocks from 0."""

    page_url: str
    block_heading: str | None
    block_kind: str
    block_index: int
    rank_in_block: int
    rank_on_page: int
    label: str | None
    headline: str | None
    summary: str | None
    byline: str | None
    target_url: str
    target_story_id: str | None
    is_sponsored: bool


def true_story(edition: Edition, view: View, base: str) -> TrueStory | None:
    """The story of *view*, with the text of its further pages; ``None`` for pages without one."""
    story = view.story
    if story is None or story.consent or view.previous_path is not None:
        return None
    return TrueStory(
        story_id=str(story.id),
        url=base + story.path,
        headline=story.headline,
        lead=story.lead if story.layout in _SHOWS_LEAD else None,
        body=_body(edition, view),
        authors=story.authors,
        credits=tuple((credit.role, credit.name) for credit in story.credits),
        dateline=story.dateline,
        place=story.place,
        agency=story.agency,
        date_published=story.published.isoformat(),
        date_modified=_modified(story),
        language=story.language,
        keywords=story.keywords if story.layout in _SAYS_KEYWORDS else (),
        captions=tuple(_caption(picture) for picture in story.pictures if story.layout != "video"),
        corrections=(story.correction,) if story.correction else (),
        is_truncated=not story.free,
        contamination=view.injected,
    )


def _pages_of(edition: Edition, first: View) -> list[View]:
    """*first* and the pages that continue its story."""
    if first.next_path is None:
        return [first]
    return [first, *_pages_of(edition, views(edition)[first.next_path])]


def _body(edition: Edition, view: View) -> tuple[tuple[str, str], ...]:
    """The blocks of the text; a dateline that opens the first paragraph is part of it."""
    story = view.story
    lines = [line for part in _pages_of(edition, view) for line in part.parts if isinstance(line, Line)]
    blocks = [(line.kind, without_links(line.text)) for line in lines]
    if story is not None and story.dateline and story.layout != "classic":
        kind, text = blocks[0]
        blocks[0] = (kind, f"{story.dateline} {text}")
    return tuple(blocks)


def _modified(story: DemoStory) -> str | None:
    """Layouts with structured metadata always say when, also when nothing was changed."""
    if story.layout not in _SAYS_MODIFIED:
        return None
    if story.layout == "micro" and story.modified is None:
        return None
    return (story.modified or story.published).isoformat()


def _caption(picture: Picture) -> tuple[str, str | None, str | None]:
    return picture.caption, picture.credit, picture.photographer


def true_teasers(view: View, base: str) -> list[TrueTeaser]:
    """Every placement on *view* in the order of the markup; none on a page that a consent wall hides."""
    if view.story is not None and view.story.consent:
        return []
    found: list[TrueTeaser] = []
    for index, block in enumerate(view.runs):
        for rank, card in enumerate(block.cards, 1):
            found.append(
                TrueTeaser(
                    page_url=base + view.path,
                    block_heading=block.heading,
                    block_kind=block.kind,
                    block_index=index,
                    rank_in_block=rank,
                    rank_on_page=len(found) + 1,
                    label=card.label,
                    headline=card.headline,
                    summary=card.summary,
                    byline=card.byline,
                    target_url=_absolute(card, base),
                    target_story_id=str(card.story) if card.story is not None else None,
                    is_sponsored=card.sponsor is not None,
                )
            )
    return found


def _absolute(card: Card, base: str) -> str:
    return card.href if card.href.startswith("http") else base + card.href
