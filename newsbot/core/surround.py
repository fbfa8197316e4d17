"""What stands around the story: captions and credits of its images, its byline, its date.

What comes in: `Segments`, claims, the numbers of the story's blocks. What goes out: roles of other blocks. Only
what stands at the story counts: the byline inside a teaser is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from newsbot.core.blocks import NOT_DRAWN, Block, Node, Segments
from newsbot.core.roles import CaptionRegion, Claims, Role
from newsbot.core.words import HINT_GROUPS, HINT_OF_WORD

MAX_BYLINE_CHARS = 200
MAX_DATE_CHARS = 120
MAX_CREDIT_CHARS = 90
# A byline or a date stands at most so many blocks from the story's ends.
REACH = 14

_CAPTION_TAGS = frozenset(("figure", "figcaption", "caption"))
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}年")
_CREDIT = re.compile(
    r"©|\(c\)|^\W{0,3}(?:photo|foto|image|bild|credit|quelle|source|getty|reuters|afp|ap|dpa)\b", re.IGNORECASE
)
_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_BYLINE_HINT, _CAPTION_HINT = HINT_GROUPS.index("byline"), HINT_GROUPS.index("caption")


def surrounding_roles(segments: Segments, claims: Claims, body: Sequence[int], headline: int | None) -> dict[int, Role]:
    """Block number → role, for captions, credits, bylines and dates at the story."""
    own = set(body)
    if headline is not None:
        own.add(headline)
    if not own:
        return {}
    first, last = min(own), max(own)
    authors = [name.lower() for name in claims.authors if len(name) > 3]
    roles: dict[int, Role] = {}
    for block in segments.blocks[max(0, first - REACH) : last + REACH + 1]:
        if block.index in own or block.hidden & NOT_DRAWN:
            continue
        if first - 3 <= block.index <= last and _is_caption(block, segments):
            roles[block.index] = Role.CREDIT if _is_credit(block) else Role.CAPTION
        elif len(block.text) <= MAX_BYLINE_CHARS and _is_byline(block, authors):
            roles[block.index] = Role.BYLINE
        elif len(block.text) <= MAX_DATE_CHARS and _is_date(block, segments):
            roles[block.index] = Role.DATE
    return roles


def _near(node: Node, steps: int) -> list[Node]:
    chain = []
    walk: Node | None = node
    while walk is not None and len(chain) < steps:
        chain.append(walk)
        walk = walk.parent
    return chain


def _is_caption(block: Block, segments: Segments) -> bool:
    chain = _near(block.pieces[0].node, 6)
    if any(node.tag in _CAPTION_TAGS or node.attrs.get("itemprop") == "caption" for node in chain):
        return True
    if not any(_hints(node, _CAPTION_HINT) for node in chain[:3]):
        return False
    return any(node.first_image < node.end_image and node.end_block - node.first_block <= 4 for node in chain)


def _is_credit(block: Block) -> bool:
    return len(block.text) <= MAX_CREDIT_CHARS and _CREDIT.search(block.text) is not None


def _is_byline(block: Block, authors: Sequence[str]) -> bool:
    low = block.text.lower()
    if any(name in low for name in authors):
        return True
    chain = _near(block.pieces[0].node, 3)
    if any(
        node.tag == "address" or node.attrs.get("itemprop") == "author" or node.attrs.get("rel") == "author"
        for node in chain
    ):
        return True
    return len(block.text) <= 80 and any(_hints(node, _BYLINE_HINT) for node in chain)


def _is_date(block: Block, segments: Segments) -> bool:
    if any(node.tag == "time" for node in _near(block.pieces[-1].node, 2)):
        return True
    return _DATE.search(block.text) is not None and len(block.text) <= 60


def _hints(node: Node, group: int) -> bool:
    name = node.attrs.get("class")
    return bool(name) and any(HINT_OF_WORD.get(word.lower()) == group for word in _WORD.findall(str(name)[:200]))


def captions_of(segments: Segments, roles: Sequence[Role]) -> tuple[CaptionRegion, ...]:
    """The captions with their images: runs of caption and credit blocks, each with the image it stands at."""
    out: list[CaptionRegion] = []
    run: list[int] = []
    for index, role in enumerate([*roles, Role.CHROME]):
        if role is Role.CAPTION or role is Role.CREDIT:
            if run and _starts_caption(segments, run, index):
                out.append(_caption(segments, run))
                run = []
            run.append(index)
        elif run:
            out.append(_caption(segments, run))
            run = []
    return tuple(out)


def _starts_caption(segments: Segments, run: Sequence[int], index: int) -> bool:
    """Whether an image stands between the run and the block."""
    return any(run[-1] < image.block <= index for image in segments.images)


def _caption(segments: Segments, run: Sequence[int]) -> CaptionRegion:
    before = [image.index for image in segments.images if image.block <= run[0]]
    text = " ".join(dict.fromkeys(segments.blocks[index].text for index in run))
    return CaptionRegion(text, tuple(run), before[-1] if before else None)
