"""What splitting a page yields: one role a block, and what the roles make together.

What comes in: nothing. What goes out: the types that `newsbot.core.regions` (the story) and
`newsbot.core.teasers` (the cards) share. Holds no rule about news.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Role(StrEnum):
    """What a block is. The characters of all roles add up to all text of the page."""

    HEADLINE = "headline"
    ALTERNATIVE_HEADLINE = "alternative_headline"
    BYLINE = "byline"
    DATELINE = "dateline"
    DATE = "date"
    BODY = "body"
    CAPTION = "caption"
    CREDIT = "credit"
    WIRE_CREDIT = "wire_credit"
    CORRECTION = "correction"
    TEASER = "teaser"
    BLOCK_HEADING = "block_heading"
    LABEL = "label"
    CHROME = "chrome"
    HIDDEN = "hidden"
    CONTAMINATION = "contamination"


@dataclass(frozen=True, slots=True)
class Claims:
    """What the page's metadata says of its story, as plain text (no tags, no entities); the best first.

    ``types`` are the schema.org types of the page's main entity (``NewsArticle``, ``LiveBlogPosting``).
    """

    headlines: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    article_body: str | None = None
    authors: tuple[str, ...] = ()
    types: tuple[str, ...] = ()


NO_CLAIMS = Claims()


@dataclass(frozen=True, slots=True)
class BodyPart:
    """A block of the body as text; *kind* as in `newsbot.items.model.BodyBlock`."""

    kind: str
    text: str
    block: int


@dataclass(frozen=True, slots=True)
class CaptionRegion:
    """The caption text of an image of the story, with the blocks it came from."""

    text: str
    blocks: tuple[int, ...]
    image: int | None  # index into Segments.images


@dataclass(frozen=True, slots=True)
class TeaserRegion:
    """One card: the texts of one promoted story. ``href`` is as written; ``block`` is where it starts."""

    block: int
    href: str | None
    headline: str | None
    label: str | None = None
    summary: str | None = None
    byline: str | None = None
    date_printed: str | None = None
    image_url: str | None = None
    is_sponsored: bool = False


@dataclass(frozen=True, slots=True)
class TeaserBlock:
    """A run of cards under one heading (or none), in document order.

    Kinds: ``related``, ``inline``, ``most_read``, ``rail``, ``section_list``, ``recirculation``, ``video``,
    ``newsletter_list``, ``sponsored``, ``other``.
    """

    heading: str | None
    kind: str
    teasers: tuple[TeaserRegion, ...]


@dataclass(frozen=True, slots=True)
class StoryView:
    """What the search for teasers knows of the story.

    ``own`` are the numbers of the blocks that are headline, lead or body; ``first`` and ``last`` the first and
    last of them (-1: no story). ``body_probability`` has one value a block.
    """

    own: frozenset[int]
    first: int
    last: int
    headline: str | None
    body_probability: Sequence[float]


@dataclass(frozen=True, slots=True)
class FoundTeasers:
    """The teasers of a page, and the roles of their blocks (never of a block of the story)."""

    blocks: tuple[TeaserBlock, ...] = ()
    roles: Mapping[int, Role] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Regions:
    """A page explained: one role a block, and what the roles make together.

    ``body`` is the story in reading order, its lead (kind ``lead``) included; ``lead`` is that part's text.
    ``page_type`` is ``article``, ``live_blog``, ``gallery``, ``video``, ``section``, ``home`` or ``other``.
    """

    roles: tuple[Role, ...]
    page_type: str
    headline: str | None = None
    lead: str | None = None
    body: tuple[BodyPart, ...] = ()
    bylines: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    dateline: str | None = None
    wire_credits: tuple[str, ...] = ()
    corrections: tuple[str, ...] = ()
    captions: tuple[CaptionRegion, ...] = ()
    teaser_blocks: tuple[TeaserBlock, ...] = ()
    contamination: tuple[str, ...] = ()
    reasons: Mapping[int, str] = field(default_factory=dict)  # block -> why; only when explained
