"""What stands around the story: captions and credits of its images, its byline, its date.

What comes in: `Segments`, claims, the numbers of the story's blocks. What goes out: roles of other blocks. Only
what stands at the story counts: the byline inside a teaser is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache

from newsbot.core.blocks import NOT_DRAWN, Block, Node, Segments
from newsbot.core.roles import CaptionRegion, Claims, Role

MAX_BYLINE_CHARS = 200
MAX_HINTED_BYLINE_CHARS = 80
MAX_DATE_CHARS = 120
MAX_PRINTED_DATE_CHARS = 60
MIN_NAME_CHARS = 3
# How far up an element may say what the block is, and how many blocks a caption's element holds at most.
CAPTION_STEPS, HINT_STEPS, MAX_CAPTION_BLOCKS = 6, 3, 4
MAX_CREDIT_CHARS = 90
# A byline or a date stands at most so many blocks from the story's ends.
REACH = 14

_BY = frozenset(("by", "von", "par", "por", "di", "av", "af", "door", "przez", "od"))
MAX_SIGNATURE_WORDS = 7
_CAPTION_TAGS = frozenset(("figure", "figcaption", "caption"))
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}年")
_DIGIT = re.compile(r"\d")
_CREDIT = re.compile(
    r"^\W{0,3}(?:©|\(c\)|photo\b|foto\b|image\b|bild\b|credit\b|quelle\b|source\b|getty\b|reuters\b|afp\b|ap\b|dpa\b)",
    re.IGNORECASE,
)
# Words of class attributes; they only ever speak of short texts at the story.
_CLASS_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
MAX_CLASS_CHARS = 200
_BYLINE_WORDS = frozenset(
    "byline author authors autor autoren auteur signature writer contributor profile bio biography reporter".split()
)
_CAPTION_WORDS = frozenset(
    """caption figcaption credit credits photo image img legend bildunterschrift picture media gallery foto
    slideshow""".split()
)


def surrounding_roles(segments: Segments, claims: Claims, body: Sequence[int], headline: int | None) -> dict[int, Role]:
    """Block number → role, for captions, credits, bylines and dates at the story."""
    own = set(body)
    if headline is not None:
        own.add(headline)
    if not own:
        return {}
    first, last = min(own), max(own)
    authors = [name.lower() for name in claims.authors if len(name) > MIN_NAME_CHARS]
    after_image = {image.block for image in segments.images}
    roles: dict[int, Role] = {}
    for block in segments.blocks[max(0, first - REACH) : last + REACH + 1]:
        index = block.index
        if index in own or block.hidden & NOT_DRAWN:
            continue
        if first - 3 <= index <= last and is_caption(block, after_image=index in after_image):
            roles[index] = Role.CREDIT if _is_credit(block.text) else Role.CAPTION
        elif is_byline(block, authors):
            roles[index] = Role.BYLINE
        elif is_date(block):
            roles[index] = Role.DATE
    return roles


def is_caption(block: Block, *, after_image: bool) -> bool:
    """Whether the block stands in a figure, or is the text of a small element that holds an image.

    *after_image*: an image stands directly before it. Without one, a class word must say caption.
    """
    node: Node | None = block.pieces[0].node
    hinted = after_image
    for step in range(CAPTION_STEPS):
        if node is None:
            return False
        if node.tag in _CAPTION_TAGS or node.attrs.get("itemprop") == "caption":
            return True
        hinted = hinted or (step < HINT_STEPS and _hints(node, _CAPTION_WORDS))
        if hinted and node.first_image < node.end_image:
            return node.end_block - node.first_block <= MAX_CAPTION_BLOCKS
        node = node.parent
    return False


def _is_credit(text: str) -> bool:
    return len(text) <= MAX_CREDIT_CHARS and _CREDIT.match(text) is not None


def is_byline(block: Block, authors: Sequence[str]) -> bool:
    """Whether the block names an author (*authors*: lower case), or stands in an element that says it does."""
    size = len(block.text)
    if size > MAX_BYLINE_CHARS:
        return False
    if is_signature(block.text):
        return True
    if authors:
        low = block.text.lower()
        if any(name in low for name in authors):
            return True
    node: Node | None = block.pieces[0].node
    for _ in range(HINT_STEPS):
        if node is None:
            return False
        attrs = node.attrs
        if node.tag == "address":
            return True
        if attrs:
            if attrs.get("itemprop") == "author" or attrs.get("rel") == "author":
                return True
            if size <= MAX_HINTED_BYLINE_CHARS and _hints(node, _BYLINE_WORDS):
                return True
        node = node.parent
    return False


def is_signature(text: str) -> bool:
    """Whether *text* is "by" in one of some languages and a name, and nothing else.

    >>> is_signature("By Marit Eide"), is_signature("By noon the pier was empty.")
    (True, False)
    """
    if text[: text.find(" ")].lower() not in _BY:
        return False
    words = text.split(" ", MAX_SIGNATURE_WORDS + 1)
    if not 2 <= len(words) <= MAX_SIGNATURE_WORDS or text[-1] in ".!?:":
        return False
    return words[1][:1].isupper() and words[-1][:1].isupper()


def is_date(block: Block) -> bool:
    """Whether the block is a date or a time: of a time element, or short and written as one."""
    size = len(block.text)
    if size > MAX_DATE_CHARS:
        return False
    node = block.pieces[-1].node
    if node.tag == "time" or (node.parent is not None and node.parent.tag == "time"):
        return True
    if size > MAX_PRINTED_DATE_CHARS or _DIGIT.search(block.text) is None:  # most lines hold no digit, seen at once
        return False
    return _DATE.search(block.text) is not None


def _hints(node: Node, words: frozenset[str]) -> bool:
    name = node.attrs.get("class")
    return name is not None and not words.isdisjoint(_class_words(name))


@lru_cache(maxsize=8192)
def _class_words(name: str) -> frozenset[str]:
    """The words of a class attribute in small letters; remembered, since a site's pages repeat them."""
    return frozenset(word.lower() for word in _CLASS_WORD.findall(name[:MAX_CLASS_CHARS]))


def captions_of(segments: Segments, roles: Sequence[Role]) -> tuple[CaptionRegion, ...]:
    """The captions with their images: runs of caption and credit blocks, each with the image it stands at."""
    if Role.CAPTION not in roles and Role.CREDIT not in roles:
        return ()
    out: list[CaptionRegion] = []
    run: list[int] = []
    images = [image.block for image in segments.images]  # in document order
    for index, role in enumerate(roles):
        if role is Role.CAPTION or role is Role.CREDIT:
            if run and bisect_right(images, run[-1]) < bisect_right(images, index):  # an image stands between them
                out.append(_caption(segments, images, run))
                run = []
            run.append(index)
        elif run:
            out.append(_caption(segments, images, run))
            run = []
    if run:
        out.append(_caption(segments, images, run))
    return tuple(out)


def _caption(segments: Segments, images: Sequence[int], run: Sequence[int]) -> CaptionRegion:
    text = " ".join(dict.fromkeys(segments.blocks[index].text for index in run))
    before = bisect_right(images, run[0])
    return CaptionRegion(text, tuple(run), before - 1 if before else None)
