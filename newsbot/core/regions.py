"""The roles of a page's blocks: what is story, what is teaser, what is neither.

What comes in: `Segments`, what the page's metadata claims, and roles that a site file forces. What goes out:
`Regions`, in which each block has exactly one role. Never fails: "no story" is a value.

The story comes first (`newsbot.core.judge`), then the teasers, which know the story; what is left over is told by
its place: captions, bylines and dates stand at the story, everything else is chrome.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from newsbot.core.apart import keep_apart
from newsbot.core.blocks import HEADING_TAGS, NOT_DRAWN, Block, Segments
from newsbot.core.body import body_parts, drawn, look, with_entries, with_whole_tables
from newsbot.core.copy_marks import copy_marks
from newsbot.core.feature_text import SENTENCE_END, squeeze
from newsbot.core.foreign import foreign_blocks
from newsbot.core.house_notes import house_notes, stands_at_offer
from newsbot.core.judge import Judgement, faint_story_blocks, judge, story_blocks
from newsbot.core.landmarks import IN_DESCRIPTION
from newsbot.core.pagetype import (
    LISTINGS,
    MAX_SUMMARY_CHARS,
    MIN_TEASERS,
    claims_story,
    is_list_of_cards,
    page_type,
)
from newsbot.core.roles import (
    NO_CLAIMS,
    BodyPart,
    CaptionRegion,
    Claims,
    FoundTeasers,
    Regions,
    Role,
    StoryView,
    TeaserBlock,
    TeaserRegion,
)
from newsbot.core.surround import Signs, captions_of, is_byline, is_date, is_signature, surrounding_roles
from newsbot.core.teasers import TeaserSearch

__all__ = [
    "BodyPart",
    "CaptionRegion",
    "Claims",
    "FoundTeasers",
    "Regions",
    "Role",
    "StoryView",
    "TeaserBlock",
    "TeaserRegion",
    "split",
]

MIN_TITLE_CHARS = 12
_TITLE_GAP = re.compile(r"\s[|\-–—·•»:]{1,2}\s|[|｜]")
_HEADLINE_RANKS = {"h1": 2, "h2": 1, "h3": 1}
DOUBTFUL = 0.2
# What a page is called that says nothing of itself and may still be a list of stories.
_UNSURE = frozenset(("article", "other"))
MIN_LEAD_CHARS, MAX_LEAD_CHARS, MAX_LEAD_DISTANCE = 20, 1_200, 3
# A byline or a date that reads like the story's first lines is one of so many, and so short.
IMPRINT_BLOCKS, IMPRINT_CHARS = 4, 48
_WORK = frozenset("photographs photos pictures images text words story written reported fotos photographies".split())
_DIGITS = re.compile(r"\d+")


def split(
    segments: Segments,
    claims: Claims = NO_CLAIMS,
    forced: Mapping[int, Role] | None = None,
    *,
    explain: bool = False,
) -> Regions:
    """Explain the page: `Regions` with one role for each of ``segments.blocks``.

    ``forced`` holds what a site file says of single blocks; it wins over what is found.
    """
    blocks = segments.blocks
    forced = forced or {}
    judgement = judge(segments, claims)
    headline = _headline(segments, claims, forced)
    body, teasers, kind = _content(segments, claims, judgement, headline, forced)
    marks = copy_marks(blocks, body, headline, teasers.roles)
    body = [index for index in body if index not in marks.roles or forced.get(index) is Role.BODY]
    body = _without_imprint(blocks, body, forced, is_live=kind == "live_blog")
    notes = house_notes(blocks, body, headline, claims.authors).difference(forced)
    body = [index for index in body if index not in notes]
    lead = _lead(segments, claims, body, headline)

    hidden, chrome = Role.HIDDEN, Role.CHROME  # reading a member from its class takes longer than all else in the loop
    roles = [hidden if block.hidden & NOT_DRAWN else chrome for block in blocks]
    for found in (surrounding_roles(segments, claims, body, headline), teasers.roles, marks.roles):
        for index, role in found.items():
            roles[index] = role
    for index in notes:
        roles[index] = Role.CHROME
    for index in body:
        roles[index] = Role.BODY
    if lead is not None:
        roles[lead] = Role.ALTERNATIVE_HEADLINE
    if headline is not None:
        roles[headline] = Role.HEADLINE
    foreign = foreign_blocks(blocks, roles, "".join(blocks[index].text for index in body[:20])) if body else []
    for index in foreign:
        roles[index] = Role.CONTAMINATION
    for index, role in forced.items():
        roles[index] = role
    return Regions(
        roles=tuple(roles),
        page_type=kind,
        headline=blocks[headline].text if headline is not None else None,
        lead=blocks[lead].text if lead is not None else None,
        body=body_parts(segments, body, lead, kind),
        bylines=_texts(blocks, roles, Role.BYLINE),
        dates=_texts(blocks, roles, Role.DATE),
        dateline=marks.dateline,
        wire_credits=tuple(marks.wire_credits),
        corrections=tuple(marks.corrections),
        captions=captions_of(segments, roles),
        teaser_blocks=teasers.blocks,
        contamination=tuple(blocks[index].text for index in foreign),
        reasons=_reasons(judgement, roles) if explain else {},
    )


def _texts(blocks: Sequence[Block], roles: Sequence[Role], wanted: Role) -> tuple[str, ...]:
    return tuple([blocks[index].text for index, role in enumerate(roles) if role is wanted])


def _content(
    segments: Segments, claims: Claims, judgement: Judgement, headline: int | None, forced: Mapping[int, Role]
) -> tuple[list[int], FoundTeasers, str]:
    """The blocks of the body, the teasers, and what kind of page it is: each depends on the others."""
    blocks = segments.blocks
    found = drawn(blocks, story_blocks(blocks, judgement.probability))
    found = [*_doubtful_lead(blocks, judgement, found, headline), *found]
    search = TeaserSearch(segments)
    body, teasers = _story_and_teasers(search, segments, judgement, found, headline, forced)
    kind = page_type(segments, claims, [blocks[index] for index in body], teasers.blocks)
    if not body and kind not in LISTINGS:
        found = drawn(blocks, faint_story_blocks(blocks, judgement.probability))
    if found and not body and kind not in LISTINGS:
        body, teasers = _story_and_teasers(search, segments, judgement, found, headline, forced)
        kind = page_type(segments, claims, [blocks[index] for index in body], teasers.blocks)
    if kind in _UNSURE and not forced and not claims_story(segments, claims):
        cards = _cards_only(search, segments, body, teasers)
        if cards is not None:
            return [], cards, "section"
    if kind in LISTINGS:
        return [index for index in body if forced.get(index) is Role.BODY], teasers, kind
    if not forced and kind != "live_blog":
        body, teasers = keep_apart(segments, body, teasers)
    body = with_whole_tables(segments, body, teasers.roles)
    return with_entries(segments, body, teasers.roles) if kind == "live_blog" else body, teasers, kind


def _without_imprint(
    blocks: Sequence[Block], body: Sequence[int], forced: Mapping[int, Role], *, is_live: bool
) -> list[int]:
    """*body* without the byline and the printed date among its first blocks; in a live blog, dates are entries'."""
    imprint = set()
    for index in body[:IMPRINT_BLOCKS]:
        text = blocks[index].text
        is_imprint = (
            is_signature(text)
            or _names_photographer(text)
            or (
                not is_live
                and len(_DIGITS.findall(text[:IMPRINT_CHARS])) >= 2
                and len(text) <= IMPRINT_CHARS
                and text[-1] not in SENTENCE_END
                and is_date(blocks[index])
            )
        )
        if is_imprint and forced.get(index) is not Role.BODY:
            imprint.add(index)
    return [index for index in body if index not in imprint]


def _names_photographer(text: str) -> bool:
    """ "Photographs by" and a name, and its like."""
    first, _, rest = text.partition(" ")
    return first.lower() in _WORK and is_signature(rest)


def _doubtful_lead(
    blocks: Sequence[Block], judgement: Judgement, found: Sequence[int], headline: int | None
) -> list[int]:
    """A block that is not quite likely to be story, but stands as a sentence right below the headline.

    Of such blocks between 0.2 and 0.5, seven of ten are standfirsts (out of fold, on the pages of training). What the
    page marks as its description (microdata) is one however unlikely it looks.
    """
    if headline is None or not found or found[0] <= headline:
        return []
    for block in blocks[headline + 1 : min(headline + 1 + MAX_LEAD_DISTANCE, found[0])]:
        size = len(block.text)
        if not MIN_LEAD_CHARS <= size <= MAX_LEAD_CHARS or 3 * block.link_chars >= size or block.hidden & NOT_DRAWN:
            continue
        is_sentence = block.text[-1] in SENTENCE_END and judgement.probability[block.index] >= DOUBTFUL
        if is_sentence or block.node.inside & IN_DESCRIPTION:
            return [block.index]
    return []


def _story_and_teasers(
    search: TeaserSearch,
    segments: Segments,
    judgement: Judgement,
    found: Sequence[int],
    headline: int | None,
    forced: Mapping[int, Role],
) -> tuple[list[int], FoundTeasers]:
    """The story's blocks and the teasers: a block of the story that is nothing but a teaser leaves it."""
    body = [index for index in _apply_forced(found, forced) if index != headline]
    own = frozenset(body) if headline is None else frozenset((headline, *body))
    view = StoryView(
        own=own,
        first=min(own, default=-1),
        last=max(own, default=-1),
        headline=segments.blocks[headline].text if headline is not None else None,
        body_probability=judgement.probability.tolist(),
    )
    teasers = search.beside(view)
    kept = [index for index in body if teasers.roles.get(index) is not Role.TEASER or forced.get(index) is Role.BODY]
    return kept, teasers


def _cards_only(
    search: TeaserSearch, segments: Segments, body: Sequence[int], teasers: FoundTeasers
) -> FoundTeasers | None:
    """The teasers of a page that is nothing but a list of stories; what was taken for *body* is their summaries."""
    story = [segments.blocks[index] for index in body]
    if any(len(block.text) > MAX_SUMMARY_CHARS for block in story):
        return None
    cards = search.beside(None) if story else teasers
    if sum(len(block.teasers) for block in cards.blocks) < MIN_TEASERS or not is_list_of_cards(story, cards):
        return None
    return cards


def _apply_forced(found: Sequence[int], forced: Mapping[int, Role]) -> list[int]:
    kept = {index for index in found if forced.get(index, Role.BODY) is Role.BODY}
    return sorted(kept.union(index for index, role in forced.items() if role is Role.BODY))


def _headline(segments: Segments, claims: Claims, forced: Mapping[int, Role]) -> int | None:
    """The block that shows the headline: a heading that the metadata name, else any heading of the first rank."""
    named = [index for index, role in forced.items() if role is Role.HEADLINE]
    if named:
        return min(named)
    wanted = {squeeze(text) for text in claims.headlines}
    sizes = {len(text) for text in wanted}
    # White space is folded: a text that has one of the sizes without it is less than twice as long with it.
    smallest, largest = min(sizes, default=1), 2 * max(sizes, default=0)
    best: tuple[int, int] | None = None
    for block in segments.blocks:
        rank = _HEADLINE_RANKS.get(block.node.tag, 0)
        text = block.text
        agrees = smallest <= len(text) < largest and len(text) - text.count(" ") in sizes and squeeze(text) in wanted
        if not rank and not agrees:
            continue
        score = rank + 3 * agrees - 3 * bool(block.hidden & NOT_DRAWN) - 2 * (block.link_chars == len(text))
        if score >= 2 and (best is None or score > best[0]):
            best = (score, block.index)
    return best[1] if best else _titled(segments, claims)


def _titled(segments: Segments, claims: Claims) -> int | None:
    """On a page without headings: the block that says the longest part of the page's title (not the site's name)."""
    parts = {squeeze(max(_TITLE_GAP.split(text), key=len)) for text in claims.headlines}
    parts = {part for part in parts if len(part) >= MIN_TITLE_CHARS}
    if not parts:
        return None
    shortest, longest = min(map(len, parts)), 2 * max(map(len, parts))  # white space is gone from the parts
    alike = [
        block
        for block in segments.blocks
        if shortest <= len(block.text) <= longest
        and not block.hidden & NOT_DRAWN
        and block.link_chars < len(block.text)
        and squeeze(block.text) in parts
    ]
    best = max(alike, key=lambda block: (len(block.text), -block.index), default=None)
    return best.index if best is not None else None


def _lead(segments: Segments, claims: Claims, body: Sequence[int], headline: int | None) -> int | None:
    """The standfirst: the story's first block, if the metadata use it as the description or its look differs.

    To look different is to stand in another element than the text below and to be of another tag or class.
    """
    if not body:
        return None
    first = segments.blocks[body[0]]
    if len(body) == 1:
        is_described = squeeze(first.text) in {squeeze(text) for text in claims.descriptions}
        return first.index if is_described and stands_at_offer(segments.blocks, first.index) else None
    second = segments.blocks[body[1]]
    if len(first.text) > MAX_LEAD_CHARS or first.node.tag in HEADING_TAGS - {"h2", "h3", "h4"}:
        return None
    if headline is not None and body[0] < headline and headline - body[0] > 3:
        return None
    folded = squeeze(first.text)
    if any(folded[:60] == squeeze(text)[:60] for text in claims.descriptions if text):
        return first.index
    stands_at_headline = headline is not None and 0 < body[0] - headline <= MAX_LEAD_DISTANCE
    looks_alike = look(first.node) == look(second.node)
    if first.node.parent is second.node.parent or (looks_alike and not stands_at_headline):
        return None
    is_text = len(first.text) >= MIN_LEAD_CHARS and not is_date(first)
    if not is_text or is_byline(first, [name.lower() for name in claims.authors], Signs().next_to(first)):
        return None
    return first.index


def _reasons(judgement: Judgement, roles: Sequence[Role]) -> dict[int, str]:
    """Why each block got its role: how likely it is story, and the features that say so."""
    return {index: f"{role}; {judgement.reason(index)}" for index, role in enumerate(roles)}
