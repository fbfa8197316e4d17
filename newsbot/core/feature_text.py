"""The shape of each block's text, and how far it agrees with what the metadata claims.

What comes in: `Segments`, `Claims`. What goes out: columns of the matrix of `newsbot.core.features`. Characters are
counted, not words of a known language: the codes of all characters of a page are looked up in one table at once.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import BOLD_TAGS, EMPHASIS_TAGS, HIDDEN_ARIA, NOT_DRAWN, Block, Node, Segments
from newsbot.core.roles import Claims
from newsbot.core.words import TEXT_GROUPS, TEXT_OF_WORD

Matrix = NDArray[np.float32]
Column = NDArray[np.float32]

TEXT_NAMES = tuple(
    """chars log_chars words word_length full_stops commas ends_sentence ends_stop ends_colon ends_question
    starts_upper starts_lower starts_digit starts_mark starts_quote upper_share digits has_clock has_year
    has_copyright has_at has_bar has_web cjk link_share n_links bold_share italic_share starts_bold pieces
    drawn_hidden aria_hidden copies image_before images_in_parent""".split()
)
TEXT = {name: number for number, name in enumerate(TEXT_NAMES)}
CLAIM_NAMES = tuple(
    """has_article_body start_in_body end_in_body is_description like_description is_headline in_headline
    names_author""".split()
)
CLAIM = {name: number for number, name in enumerate(CLAIM_NAMES)}
_START_IN_BODY, _END_IN_BODY, _NAMES_AUTHOR = CLAIM["start_in_body"], CLAIM["end_in_body"], CLAIM["names_author"]

# Numbers above these say nothing more; they keep a freak text from looking like nothing that was learnt.
MAX_CHARS, MAX_WORDS, MAX_WORD_LENGTH, MAX_PIECES, MAX_IMAGES = 3_000, 400, 40, 50, 10
SHORT_CHARS = 300
MAX_WORDY_CHARS = 400
MIN_ARTICLE_BODY_CHARS = 200
MIN_HEADLINE_CHARS = 10
MIN_DESCRIPTION_CHARS = 20
MIN_AGREEING_CHARS = 8
MAX_BYLINE_CHARS = 160
# How many characters at its start make a text like the description; at both ends, a part of `articleBody`.
LIKE_CHARS = 30
PROBE_CHARS = 24
# Characters of `articleBody` to search in, so that a hostile page costs no more than a large one.
SEARCH_ROOM = 30_000_000

SENTENCE_END = frozenset(".!?…。！？।؟۔:;»”“\"'’」』)）")
FULL_STOP = ".!?…。！？।؟۔"
FULL_STOPS = frozenset(FULL_STOP)
_CLOCK = re.compile(r"\d[:.h]\d\d")  # its first digit, if it has two, needs no look
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# What a character is: one class each, to count; and flags, for a text's first and last character.
_CLASSES = ("other", "space", "comma", "stop", "upper", "lower", "digit", "ideograph", "copyright", "at", "bar")
_SPACE, _COMMA, _STOP, _UPPER, _LOWER, _DIGIT, _IDEOGRAPH, _COPYRIGHT, _AT, _BAR = range(1, len(_CLASSES))
_CLASS_BITS = 4
_IDEOGRAPHS = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_CLOSERS = frozenset("\"'”’»)」』）")
_QUOTES = frozenset("\"'„“«»”‘「『")
_TABLE_SIZE = 0x10000


@cache
def _classes() -> NDArray[np.uint8]:
    """The class of each character of the first plane; the last entry stands for all other planes."""
    table = np.zeros(_TABLE_SIZE + 1, np.uint8)
    for low, high in _IDEOGRAPHS:
        table[low : high + 1] = _IDEOGRAPH
    for code in (*range(0x2000), *range(0x2C00, 0x2E00), *range(0xA640, 0xA700)):
        char = chr(code)
        if char.isupper():
            table[code] = _UPPER
        elif char.islower():
            table[code] = _LOWER
        elif char.isdigit():
            table[code] = _DIGIT
    for number, chars in (
        (_SPACE, " "),
        (_COMMA, ",，、،"),
        (_STOP, FULL_STOP),
        (_COPYRIGHT, "©"),
        (_AT, "@"),
        (_BAR, "|"),
    ):
        for char in chars:
            table[ord(char)] = number
    return table


def matrix_of(columns: Sequence[Any]) -> Matrix:
    """*columns* of any type, equally long, side by side; far cheaper than to let numpy find a common type."""
    out = np.empty((len(columns), len(columns[0])), np.float32)
    for row, column in zip(out, columns, strict=True):
        row[:] = column
    return out.T


def text_matrix(segments: Segments, blocks: Sequence[Block], joined: str) -> Matrix:
    """The shape of the texts of *blocks*, columns as `TEXT_NAMES`; *joined* has a line a block."""
    n = len(blocks)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _classes()[np.minimum(codes, _TABLE_SIZE)]
    length = np.array([len(block.text) for block in blocks])
    owner = np.repeat(np.arange(n), length + 1)[:-1]  # the block of each character, the line's end included
    count = np.bincount((owner << _CLASS_BITS) + classes, minlength=n << _CLASS_BITS).reshape(n, -1)
    stops = np.flatnonzero(classes[:-1] == _STOP)
    mid_stops = owner[stops[(classes[stops + 1] == _SPACE) | (codes[stops] >= _IDEOGRAPHS[0][0])]]
    chars = length + 1.5 * count[:, _IDEOGRAPH]  # a Chinese character says about as much as 2.5 Latin ones
    words = count[:, _SPACE] + 1
    short = length < SHORT_CHARS
    digits = np.where(short, count[:, _DIGIT], 0)
    copies = Counter([block.text for block in segments.blocks])
    image_blocks = {image.block for image in segments.images}
    ends = (np.array([_ends(block.text) for block in blocks])[:, None] >> _END_BITS) & 1
    inline = inline_rows(blocks)
    marks = np.zeros((n, 3))
    for at in np.flatnonzero(short & (digits > 0)).tolist():
        text = blocks[at].text
        marks[at, 0] = _CLOCK.search(text) is not None
        marks[at, 1] = ("20" in text or "19" in text) and _YEAR.search(text) is not None
    for at in np.flatnonzero(short & (count[:, _STOP] > 0)).tolist():
        text = blocks[at].text
        marks[at, 2] = "www." in text or "http" in text
    columns = [
        np.minimum(chars, MAX_CHARS),
        np.log1p(chars),
        np.minimum(words, MAX_WORDS),
        np.minimum(length / words, MAX_WORD_LENGTH),
        np.bincount(mid_stops, minlength=n) + ends[:, 1],
        count[:, _COMMA],
        *ends.T,
        np.where(short, count[:, _UPPER], 0) / length,
        digits / length,
        marks[:, 0],
        marks[:, 1],
        count[:, _COPYRIGHT] > 0,
        count[:, _AT] > 0,
        count[:, _BAR] > 0,
        marks[:, 2],
        count[:, _IDEOGRAPH] / length,
        inline[:, 0] / length,
        inline[:, 1],
        inline[:, 2] / length,
        inline[:, 3] / length,
        inline[:, 4],
        inline[:, 5],
        [block.hidden & NOT_DRAWN != 0 for block in blocks],
        [block.hidden & HIDDEN_ARIA != 0 for block in blocks],
        [copies[block.text] for block in blocks],
        [block.index in image_blocks for block in blocks],
        [min(_images_of_parent(block.node), MAX_IMAGES) for block in blocks],
    ]
    return matrix_of(columns)


_END_BITS = np.arange(9)


def _ends(text: str) -> int:
    """How the text ends (as a sentence, with a full stop behind closing marks, a colon, a question) and begins
    (with a capital, a small letter, a digit, no letter or digit, a quote), a bit each, the lowest first."""
    last = text[-1]
    inner = text.rstrip("\"'”’»)」』） ")[-1:] if last in _CLOSERS else last
    return _end_bits(last, inner) | _start_bits(text[0])


@lru_cache(maxsize=1024)
def _end_bits(last: str, inner: str) -> int:
    is_colon, is_question = last in (":", "："), inner in ("?", "？")
    return (last in SENTENCE_END) | (inner in FULL_STOPS) << 1 | is_colon << 2 | is_question << 3


@lru_cache(maxsize=1024)
def _start_bits(first: str) -> int:
    letter = first.isupper() << 4 | first.islower() << 5
    return letter | first.isdigit() << 6 | (not first.isalnum()) << 7 | (first in _QUOTES) << 8


def _images_of_parent(node: Node) -> int:
    parent = node.parent or node
    return parent.end_image - parent.first_image


def inline_rows(blocks: Sequence[Block]) -> NDArray[np.float64]:
    """For each block: characters in links, number of links, bold and italic characters, starts bold, pieces."""
    rows = [_inline_row(block) for block in blocks]
    return np.fromiter(chain.from_iterable(rows), np.float64, 6 * len(rows)).reshape(len(rows), 6)


def _inline_row(block: Block) -> tuple[int, int, int, int, bool, int]:
    pieces = block.pieces
    if len(pieces) == 1:
        piece = pieces[0]
        size, tag = piece.end, piece.tag
        linked = piece.link is not None
        bold = tag == "b" or tag == "strong"
        return size * linked, linked, size * bold, size * (tag == "em" or tag == "i"), bold, 1
    link = bold_chars = italic = links = 0
    before = None
    for piece in pieces:
        size = piece.end - piece.start
        if piece.link is not None:
            link += size
            if piece.link is not before:
                links += 1
                before = piece.link
        tag = piece.tag
        if tag in EMPHASIS_TAGS:
            if tag in BOLD_TAGS:
                bold_chars += size
            else:
                italic += size
    return link, links, bold_chars, italic, pieces[0].tag in BOLD_TAGS, min(len(pieces), MAX_PIECES)


_TEXT_WORDS = frozenset(TEXT_OF_WORD)
_PUNCTUATION = '.,:;!?()"«»“”„-–|/'


def text_words(joined: str) -> Matrix:
    """Whether a short block holds one of the words of `TEXT_GROUPS`; *joined* has a line a block."""
    plain = joined.lower()
    for mark in _PUNCTUATION:
        plain = plain.replace(mark, " ")
    lines = plain.split("\n")
    out = np.zeros((len(lines), len(TEXT_GROUPS)), np.float32)
    has_none = _TEXT_WORDS.isdisjoint
    for index, line in enumerate(lines):
        if len(line) < MAX_WORDY_CHARS:
            words = line.split()
            if not has_none(words):
                for word in _TEXT_WORDS.intersection(words):
                    out[index, TEXT_OF_WORD[word]] = 1.0
    return out


def claim_matrix(blocks: Sequence[Block], joined: str, claims: Claims) -> Matrix:
    """Agreement of each block with what the metadata say, white space and case aside; *joined* has a line a block."""
    lines = joined.replace(" ", "").casefold().split("\n")
    out = np.zeros((len(blocks), len(CLAIM_NAMES)), np.float32)
    body = squeeze(claims.article_body or "")
    headlines = {squeeze(text) for text in claims.headlines}
    long_headlines = [text for text in sorted(headlines) if len(text) > MIN_HEADLINE_CHARS]
    all_headlines = "\n".join(long_headlines)
    shortest = min(map(len, long_headlines), default=SHORT_CHARS)
    descriptions = {text for text in map(squeeze, claims.descriptions) if len(text) >= MIN_DESCRIPTION_CHARS}
    starts = {text[:LIKE_CHARS] for text in descriptions}
    authors = [name.lower() for name in claims.authors if len(name) > 4]
    room = SEARCH_ROOM
    has_body = len(body) > MIN_ARTICLE_BODY_CHARS
    out[:, CLAIM["has_article_body"]] = has_body
    for row, block, folded in zip(out, blocks, lines, strict=True):
        size = len(folded)
        if size < MIN_AGREEING_CHARS:
            continue
        if has_body and size > PROBE_CHARS and room > 0:
            room -= 2 * len(body)
            row[_START_IN_BODY] = folded[:PROBE_CHARS] in body
            row[_END_IN_BODY] = folded[-PROBE_CHARS:] in body
        if folded[:LIKE_CHARS] in starts:
            row[CLAIM["like_description"]] = 1.0
            row[CLAIM["is_description"]] = folded in descriptions
        if size < SHORT_CHARS:
            if folded in headlines:
                row[CLAIM["is_headline"]] = 1.0
            elif folded in all_headlines or (size >= shortest and any(text in folded for text in long_headlines)):
                row[CLAIM["in_headline"]] = 1.0
            if authors and size < MAX_BYLINE_CHARS:
                low = block.text.lower()
                for name in authors:
                    if name in low:
                        row[_NAMES_AUTHOR] = 1.0
                        break
    return out


def squeeze(text: str) -> str:
    """*text* without white space, case folded: how two copies of a text are compared."""
    return "".join(text.split()).casefold()
