"""The roles of a page's blocks: what is story, what is teaser, what is neither.

What comes in: `Segments` (and what a site file says of its pages). What goes out: `Regions`, in which each
block has exactly one role. Never fails: "no story" is a value.
"""

from __future__ import annotations

from collections.abc import Mapping

from newsbot.core.blocks import HEADING_TAGS, NOT_DRAWN, Block, Node, Segments
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

_FOREIGN = frozenset(("nav", "footer", "aside", "button", "figure", "figcaption", "address"))
_SENTENCE_END = frozenset(".!?…。！？।؟:»”\"'")


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
    roles = [Role.HIDDEN if block.hidden & NOT_DRAWN else Role.CHROME for block in segments.blocks]
    body = _body(segments)
    if forced:
        body = [b for b in segments.blocks if forced.get(b.index, Role.BODY if b in body else None) is Role.BODY]
    headline = _headline(segments, claims)
    if headline is not None:
        roles[headline.index] = Role.HEADLINE
    parts = []
    for block in body:
        if block is not headline:
            roles[block.index] = Role.BODY
            parts.append(BodyPart(_kind(block), block.text, block.index))
    for index, role in (forced or {}).items():
        roles[index] = role
    return Regions(
        roles=tuple(roles),
        page_type="article" if parts else "other",
        headline=headline.text if headline else None,
        body=tuple(parts),
    )


def _ancestors(node: Node | None) -> list[Node]:
    chain = []
    while node is not None:
        chain.append(node)
        node = node.parent
    return chain


def _body(segments: Segments) -> list[Block]:
    scores = [0.0] * len(segments.nodes)
    good = []
    for block in segments.blocks:
        if block.hidden & NOT_DRAWN or block.link_chars * 3 > len(block.text):
            continue
        chain = _ancestors(block.node)
        if any(node.tag in _FOREIGN for node in chain):
            continue
        good.append(block)
        if len(block.text) < 30 or block.text[-1] not in _SENTENCE_END:
            continue
        weight = float(len(block.text))
        for node in chain[1:4]:
            scores[node.index] += weight
            weight *= 0.7
    if not good:
        return []
    best = segments.nodes[max(range(len(scores)), key=scores.__getitem__)]
    inside = [block for block in good if best.first_block <= block.index < best.end_block]
    return [block for block in inside if len(block.text) >= 30 or block.node.tag in HEADING_TAGS]


def _headline(segments: Segments, claims: Claims) -> Block | None:
    wanted = {" ".join(text.split()).casefold() for text in claims.headlines}
    headings = [b for b in segments.blocks if b.node.tag == "h1" and not b.hidden & NOT_DRAWN]
    for block in headings:
        if block.text.casefold() in wanted:
            return block
    return headings[0] if headings else None


def _kind(block: Block) -> str:
    tag = block.node.tag
    if tag in HEADING_TAGS:
        return "subheading"
    return {"li": "list_item", "blockquote": "quote", "pre": "preformatted"}.get(tag, "paragraph")
