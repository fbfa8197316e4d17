"""The roles of a page's blocks: what is story, what is teaser, what is neither.

What comes in: `Segments`, what the page's metadata claims, and roles that a site file forces. What goes out:
`Regions`, in which each block has exactly one role. Never fails: "no story" is a value.

The story comes first (`newsbot.core.judge`), then the teasers, which know the story; what is left over is told by
its place: captions, bylines and dates stand at the story, everything else is chrome.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping, Sequence

from newsbot.core.blocks import HEADING_TAGS, NOT_DRAWN, Block, Node, Segments
from newsbot.core.copy_marks import copy_marks
from newsbot.core.feature_text import SENTENCE_END, squeeze
from newsbot.core.foreign import foreign_blocks
from newsbot.core.judge import Judgement, faint_story_blocks, judge, story_blocks
from newsbot.core.pagetype import LISTINGS, page_type
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
from newsbot.core.surround import captions_of, is_byline, is_date, is_signature, surrounding_roles
from newsbot.core.teasers import find_teasers

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

_PART_KINDS = {"li": "list_item", "dd": "list_item", "dt": "list_item", "blockquote": "quote", "pre": "preformatted"}
_CELLS = frozenset(("td", "th"))
MIN_TITLE_CHARS = 12
_TITLE_GAP = re.compile(r"\s[|\-–—·•»:]{1,2}\s|[|｜]")
_HEADLINE_RANKS = {"h1": 2, "h2": 1, "h3": 1}
DOUBTFUL = 0.2
MIN_LEAD_CHARS, MAX_LEAD_CHARS, MAX_LEAD_DISTANCE = 20, 1_200, 3
MAX_ENTRY_TIME_CHARS = 40
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
    found = story_blocks(blocks, judgement.probability)
    found = [*_doubtful_lead(blocks, judgement, found, headline), *found]
    body, teasers = _story_and_teasers(segments, judgement, found, headline, forced)
    kind = page_type(segments, claims, [blocks[index] for index in body], teasers.blocks)
    if not body and kind not in LISTINGS:
        found = faint_story_blocks(blocks, judgement.probability)
        body, teasers = _story_and_teasers(segments, judgement, found, headline, forced)
        kind = page_type(segments, claims, [blocks[index] for index in body], teasers.blocks)
    if kind in LISTINGS:
        body = [index for index in body if forced.get(index) is Role.BODY]
    if kind == "live_blog":
        body = _with_entry_times(segments, body, teasers.roles)
    marks = copy_marks(blocks, body, headline, teasers.roles)
    body = [index for index in body if index not in marks.roles or forced.get(index) is Role.BODY]
    body = _without_imprint(blocks, body, forced, is_live=kind == "live_blog")
    lead = _lead(segments, claims, body, headline)

    roles = [Role.HIDDEN if block.hidden & NOT_DRAWN else Role.CHROME for block in blocks]
    for index, role in surrounding_roles(segments, claims, body, headline).items():
        roles[index] = role
    for index, role in teasers.roles.items():
        roles[index] = role
    for index, role in marks.roles.items():
        roles[index] = role
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
    texts = {role: tuple(b.text for b in blocks if roles[b.index] is role) for role in (Role.BYLINE, Role.DATE)}
    return Regions(
        roles=tuple(roles),
        page_type=kind,
        headline=blocks[headline].text if headline is not None else None,
        lead=blocks[lead].text if lead is not None else None,
        body=_parts(segments, body, lead, kind),
        bylines=texts[Role.BYLINE],
        dates=texts[Role.DATE],
        dateline=marks.dateline,
        wire_credits=tuple(marks.wire_credits),
        corrections=tuple(marks.corrections),
        captions=captions_of(segments, roles),
        teaser_blocks=teasers.blocks,
        contamination=tuple(blocks[index].text for index in foreign),
        reasons=_reasons(judgement, roles) if explain else {},
    )


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

    Of such blocks between 0.2 and 0.5, seven of ten are standfirsts (out of fold, on the pages of training).
    """
    if headline is None or not found or found[0] <= headline:
        return []
    for block in blocks[headline + 1 : min(headline + 1 + MAX_LEAD_DISTANCE, found[0])]:
        size = len(block.text)
        is_sentence = MIN_LEAD_CHARS <= size <= MAX_LEAD_CHARS and block.text[-1] in SENTENCE_END
        if judgement.probability[block.index] >= DOUBTFUL and is_sentence and 3 * block.link_chars < size:
            return [block.index]
    return []


def _story_and_teasers(
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
    teasers = find_teasers(segments, view)
    kept = [index for index in body if teasers.roles.get(index) is not Role.TEASER or forced.get(index) is Role.BODY]
    return kept, teasers


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
    smallest = min(sizes, default=0)
    best: tuple[int, int] | None = None
    for block in segments.blocks:
        rank = _HEADLINE_RANKS.get(block.node.tag, 0)
        text = block.text
        size = len(text)
        agrees = size >= smallest and size - text.count(" ") in sizes and squeeze(text) in wanted
        if not rank and not agrees:
            continue
        score = rank + 3 * agrees - 3 * bool(block.hidden & NOT_DRAWN) - 2 * (block.link_chars == len(block.text))
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
    if len(body) < 2:
        return None
    first, second = segments.blocks[body[0]], segments.blocks[body[1]]
    if len(first.text) > MAX_LEAD_CHARS or first.node.tag in HEADING_TAGS - {"h2", "h3", "h4"}:
        return None
    if headline is not None and body[0] < headline and headline - body[0] > 3:
        return None
    folded = squeeze(first.text)
    if any(folded[:60] == squeeze(text)[:60] for text in claims.descriptions if text):
        return first.index
    stands_at_headline = headline is not None and 0 < body[0] - headline <= MAX_LEAD_DISTANCE
    looks_alike = _look(first.node) == _look(second.node)
    if first.node.parent is second.node.parent or (looks_alike and not stands_at_headline):
        return None
    is_text = len(first.text) >= MIN_LEAD_CHARS and not is_date(first)
    return first.index if is_text and not is_byline(first, [name.lower() for name in claims.authors]) else None


def _look(node: Node) -> tuple[str, str]:
    return node.tag, node.attrs.get("class", "")


def _with_entry_times(segments: Segments, body: Sequence[int], taken: Container[int]) -> list[int]:
    """*body* with the times of a live blog's entries: short blocks in ``<time>`` that look alike, at least two."""
    if not body:
        return []
    alike: dict[tuple[str, str], list[int]] = {}
    for node in segments.times:
        for block in segments.blocks[node.first_block : node.end_block]:
            is_free = block.index not in taken and not block.hidden & NOT_DRAWN
            if is_free and len(block.text) <= MAX_ENTRY_TIME_CHARS and body[0] - 2 <= block.index <= body[-1]:
                alike.setdefault(_look(block.node), []).append(block.index)
    times = {index for indexes in alike.values() if len(indexes) > 1 for index in indexes}
    return sorted(times.union(body))


def _parts(segments: Segments, body: Sequence[int], lead: int | None, kind: str) -> tuple[BodyPart, ...]:
    timed = {index for node in segments.times for index in range(node.first_block, node.end_block)}
    parts = []
    for index in body:
        block = segments.blocks[index]
        if index == lead:
            what = "lead"
        elif kind == "live_blog" and index in timed and len(block.text) <= MAX_ENTRY_TIME_CHARS:
            what = "entry_time"
        else:
            what = _part_kind(block)
        parts.append(BodyPart(what, block.text, index))
    return tuple(parts)


def _part_kind(block: Block) -> str:
    """What a block of the body is, from the nearest element that says so."""
    node: Node | None = block.node
    if block.node.tag in HEADING_TAGS:
        return "subheading"
    if block.node.tag in _CELLS and block.node.end_block - block.node.first_block == 1:
        return "table_row"
    for _ in range(3):
        if node is None:
            break
        if node.tag in _PART_KINDS:
            return _PART_KINDS[node.tag]
        node = node.parent
    return "paragraph"


def _reasons(judgement: Judgement, roles: Sequence[Role]) -> dict[int, str]:
    """Why each block got its role: how likely it is story, and the features that say so."""
    return {index: f"{role}; {judgement.reason(index)}" for index, role in enumerate(roles)}
