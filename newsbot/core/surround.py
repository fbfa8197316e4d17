"""What stands around the story: captions and credits of its images, its byline, its date.

What comes in: `Segments`, claims, the numbers of the story's blocks. What goes out: roles of other blocks. Only
what stands at the story counts: the byline inside a teaser is left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from newsbot.core.blocks import NOT_DRAWN, Block, Node, Segments
from newsbot.core.landmarks import IN_CAPTION, TAG_BITS
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
_BY_INITIALS = frozenset(initial for word in _BY for initial in (word[0], word[0].upper()))
MAX_SIGNATURE_WORDS = 7
# What an element says of the texts in it, a bit each. Words of class attributes only ever speak of short texts.
_CAPTION, _CAPTION_WORD, _BYLINE, _BYLINE_WORD = 1, 2, 4, 8
_TAG_SIGNS = {"figure": _CAPTION, "figcaption": _CAPTION, "caption": _CAPTION, "address": _BYLINE}
# Where an element around that says caption is not to be excluded: a table has one of its own.
_MAY_BE_CAPTION = TAG_BITS["figure"] | TAG_BITS["figcaption"] | TAG_BITS["table"] | IN_CAPTION
_DATE = re.compile(r"\b(?:19|20)\d\d\b|\b\d{1,2}[:.h]\d\d\b|\b\d{1,2}[./]\d{1,2}[./]\d{2,4}\b|\d{4}年")
_DIGIT = re.compile(r"\d")
_CREDIT = re.compile(
    r"^\W{0,3}(?:©|\(c\)|photo\b|foto\b|image\b|bild\b|credit\b|quelle\b|source\b|getty\b|reuters\b|afp\b|ap\b|dpa\b)",
    re.IGNORECASE,
)
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
    signs = Signs()
    roles: dict[int, Role] = {}
    for block in segments.blocks[max(0, first - REACH) : last + REACH + 1]:
        index = block.index
        if index in own or block.hidden & NOT_DRAWN:
            continue
        said = signs.next_to(block)
        if first - 3 <= index <= last and is_caption(block, signs, said, after_image=index in after_image):
            roles[index] = Role.CREDIT if _is_credit(block.text) else Role.CAPTION
        elif is_byline(block, authors, said):
            roles[index] = Role.BYLINE
        elif is_date(block):
            roles[index] = Role.DATE
    return roles


class Signs(dict[Node, int]):
    """What elements say of the texts in them; each is read when it is first asked, as blocks share what is around."""

    def __missing__(self, node: Node) -> int:
        signs = _TAG_SIGNS.get(node.tag, 0)
        attrs = node.attrs
        if attrs:
            item = attrs.get("itemprop")
            if item == "caption":
                signs |= _CAPTION
            if item == "author" or attrs.get("rel") == "author":
                signs |= _BYLINE
            name = attrs.get("class")
            if name:
                signs |= _class_signs(name[:MAX_CLASS_CHARS])
        self[node] = signs
        return signs

    def next_to(self, block: Block) -> int:
        """What the `HINT_STEPS` elements next around the text say."""
        node: Node | None = block.pieces[0].node
        said = 0
        for _ in range(HINT_STEPS):
            if node is None:
                break
            said |= self[node]
            node = node.parent
        return said


@lru_cache(maxsize=8192)
def _class_signs(name: str) -> int:
    """What the words of (the beginning of) a class attribute say; remembered, since a site's pages repeat them."""
    words = frozenset(word.lower() for word in _CLASS_WORD.findall(name))
    caption = 0 if words.isdisjoint(_CAPTION_WORDS) else _CAPTION_WORD
    return caption if words.isdisjoint(_BYLINE_WORDS) else caption | _BYLINE_WORD


def is_caption(block: Block, signs: Signs, said: int, *, after_image: bool) -> bool:
    """Whether the block stands in a figure, or is the text of a small element that holds an image.

    *said* is what the elements next around it say; *after_image*: an image stands directly before it. Without one, a
    class word must say caption.
    """
    node: Node | None = block.pieces[0].node
    if not (after_image or said & (_CAPTION | _CAPTION_WORD) or block.pieces[0].node.inside & _MAY_BE_CAPTION):
        return False  # most blocks: nothing around them speaks of a caption
    hinted = after_image
    for step in range(CAPTION_STEPS):
        if node is None:
            return False
        own = signs[node]
        if own & _CAPTION:
            return True
        hinted = hinted or (step < HINT_STEPS and own & _CAPTION_WORD != 0)
        if hinted and node.first_image < node.end_image:
            return node.end_block - node.first_block <= MAX_CAPTION_BLOCKS
        node = node.parent
    return False


def _is_credit(text: str) -> bool:
    return len(text) <= MAX_CREDIT_CHARS and _CREDIT.match(text) is not None


def is_byline(block: Block, authors: Sequence[str], said: int) -> bool:
    """Whether the block names an author (*authors*: lower case), or an element next around it says so (*said*)."""
    text = block.text
    size = len(text)
    if size > MAX_BYLINE_CHARS:
        return False
    if said & (_BYLINE | _BYLINE_WORD if size <= MAX_HINTED_BYLINE_CHARS else _BYLINE) or is_signature(text):
        return True
    if authors:
        low = text.lower()
        for name in authors:
            if name in low:
                return True
    return False


def is_signature(text: str) -> bool:
    """Whether *text* is "by" in one of some languages and a name, and nothing else.

    >>> is_signature("By Marit Eide"), is_signature("By noon the pier was empty.")
    (True, False)
    """
    if text[:1] not in _BY_INITIALS or text[: text.find(" ")].lower() not in _BY:
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


def captions_of(segments: Segments, roles: Sequence[Role]) -> tuple[CaptionRegion, ...]:
    """The captions with their images: runs of caption and credit blocks, each with the image it stands at."""
    caption, credit = Role.CAPTION, Role.CREDIT
    told = [index for index, role in enumerate(roles) if role is caption or role is credit]
    if not told:
        return ()
    images = [image.block for image in segments.images]  # in document order
    runs = [[told[0]]]
    for before, index in pairwise(told):
        # A run ends where another block stands, or an image.
        if index > before + 1 or bisect_right(images, before) < bisect_right(images, index):
            runs.append([])
        runs[-1].append(index)
    return tuple(_caption(segments, images, run) for run in runs)


def _caption(segments: Segments, images: Sequence[int], run: Sequence[int]) -> CaptionRegion:
    text = " ".join(dict.fromkeys(segments.blocks[index].text for index in run))
    before = bisect_right(images, run[0])
    return CaptionRegion(text, tuple(run), before - 1 if before else None)
