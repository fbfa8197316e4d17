"""The roles of a page's blocks: what is story, what is teaser, what is neither.

What comes in: `Segments` (and what a site file says of its pages). What goes out: `Regions`, in which each
block has exactly one role. Never fails: "no story" is a value.
"""

from __future__ import annotations

from collections.abc import Mapping
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
class Regions:
    """A page explained: one role a block, and what the roles make together."""

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
