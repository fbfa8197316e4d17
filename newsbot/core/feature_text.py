"""The shape of each block's text, and how far it agrees with what the metadata claims.

What comes in: `Segments`, `Claims`. What goes out: columns of the matrix of `newsbot.core.features`. Characters are
counted, not words of a known language: the codes of all characters of a page are looked up in one table at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

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

# Numbers above these say nothing more; they keep a freak text from looking like nothing that was learnt.
MAX_CHARS, MAX_WORDS, MAX_WORD_LENGTH, MAX_PIECES, MAX_IMAGES = 3_000, 400, 40, 50, 10
SHORT_CHARS = 300
MAX_WORDY_CHARS = 400
MIN_ARTICLE_BODY_CHARS = 200
# Characters of `articleBody` to search in, so that a hostile page costs no more than a large one.
SEARCH_ROOM = 30_000_000

SENTENCE_END = frozenset(".!?…。！？।؟۔:;»”“\"'’」』)）")
_FULL_STOP = frozenset(".!?…。！？।؟۔")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")

# Classes of characters; a letter of the table is a bit.
_SPACE, _COMMA, _STOP, _UPPER, _DIGIT, _CJK, _CLOSER, _QUOTE, _ALNUM, _COLON, _SENTENCE, _LOWER = (
    1 << i for i in range(12)
)
_TABLE_SIZE = 0x10000


@cache
def _char_table() -> NDArray[np.uint16]:
    """The class bits of each character of the first plane."""
    table = np.zeros(_TABLE_SIZE + 1, np.uint16)
    for low, high in ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF)):
        table[low : high + 1] |= _CJK | _ALNUM
    for code in (*range(0x2000), *range(0x2C00, 0x2E00), *range(0xA640, 0xA700)):
        char = chr(code)
        if char.isalnum() or 0x300 <= code < 0x370 or 0x900 <= code < 0x1000:
            table[code] |= _ALNUM
        if char.isupper():
            table[code] |= _UPPER
        elif char.islower():
            table[code] |= _LOWER
        elif char.isdigit():
            table[code] |= _DIGIT
    marks = {
        _SPACE: " ",
        _COMMA: ",\uff0c\u3001\u060c",
        _STOP: _FULL_STOP,
        _CLOSER: "\"'\u201d\u2019\u00bb)\u300d\u300f\uff09",
        _QUOTE: "\"'\u201e\u201c\u00ab\u00bb\u201d\u2018\u300c\u300e",
        _COLON: ":\uff1a",
        _SENTENCE: SENTENCE_END,
    }
    for bit, chars in marks.items():
        for char in chars:
            table[ord(char)] |= bit
            table[ord(char)] &= 0xFFFF ^ (_ALNUM | _CJK)
    table[_TABLE_SIZE] = 0  # all other planes
    return table


def text_matrix(segments: Segments, joined: str) -> Matrix:
    """The shape of each text, columns as `TEXT_NAMES`; *joined* has a line a block."""
    blocks = segments.blocks
    n = len(blocks)
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    classes = _char_table()[np.minimum(codes, _TABLE_SIZE)]
    length = np.array([len(block.text) for block in blocks])
    start = np.cumsum(length + 1) - length - 1
    end = start + length - 1

    def count(flags: NDArray[np.bool_]) -> NDArray[np.float64]:
        return np.add.reduceat(flags, start, dtype=np.int64).astype(np.float64)

    stops = (classes & _STOP) != 0
    before_space = np.append(codes[1:] == 32, False)
    cjk = count((classes & _CJK) != 0)
    chars = length + 1.5 * cjk  # a Chinese character says about as much as 2.5 Latin ones
    words = count(codes == 32) + 1
    full_stops = count(stops & (before_space | ((classes & _CJK) != 0) | (codes == 0x3002)))
    first, last = classes[start], classes[end]
    inner = end
    for _ in range(3):  # look behind closing quotes and brackets
        inner = np.where(((classes[inner] & _CLOSER) != 0) & (inner > start), inner - 1, inner)
    inside, inside_code = classes[inner], codes[inner]
    full_stops += (inside & _STOP) != 0
    short = length < SHORT_CHARS
    digits = np.where(short, count((classes & _DIGIT) != 0), 0)
    upper = np.where(short, count((classes & _UPPER) != 0), 0)
    copies: dict[str, int] = {}
    for block in blocks:
        copies[block.text] = copies.get(block.text, 0) + 1
    image_blocks = {image.block for image in segments.images}
    inline = np.array([_inline_row(block) for block in blocks], dtype=np.float64)
    clock = np.zeros((n, 3))
    for at in np.flatnonzero(short & ((digits > 0) | (count(codes == 46) > 0))).tolist():
        text = blocks[at].text
        clock[at] = (
            _CLOCK.search(text) is not None,
            _YEAR.search(text) is not None,
            "http" in text or "www." in text,
        )
    columns = [
        np.minimum(chars, MAX_CHARS),
        np.log1p(chars),
        np.minimum(words, MAX_WORDS),
        np.minimum(length / words, MAX_WORD_LENGTH),
        full_stops,
        count((classes & _COMMA) != 0),
        (last & _SENTENCE) != 0,
        (inside & _STOP) != 0,
        (last & _COLON) != 0,
        (inside_code == 63) | (inside_code == 0xFF1F),
        (first & _UPPER) != 0,
        (first & _LOWER) != 0,
        (first & _DIGIT) != 0,
        (first & _ALNUM) == 0,
        (first & _QUOTE) != 0,
        upper / length,
        digits / length,
        clock[:, 0],
        clock[:, 1],
        count(codes == 0xA9) > 0,
        count(codes == 64) > 0,
        count(codes == 124) > 0,
        clock[:, 2],
        cjk / length,
        inline[:, 0] / length,
        inline[:, 1],
        inline[:, 2] / length,
        inline[:, 3] / length,
        inline[:, 4],
        inline[:, 5],
        np.array([block.hidden & NOT_DRAWN != 0 for block in blocks]),
        np.array([block.hidden & HIDDEN_ARIA != 0 for block in blocks]),
        np.array([copies[block.text] for block in blocks]),
        np.array([block.index in image_blocks for block in blocks]),
        np.array([min(_images_of_parent(block.node), MAX_IMAGES) for block in blocks]),
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _images_of_parent(node: Node) -> int:
    parent = node.parent or node
    return parent.end_image - parent.first_image


def _inline_row(block: Block) -> tuple[int, int, int, int, bool, int]:
    """Characters in links, number of links, bold and italic characters, starts bold, pieces."""
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


_PUNCTUATION = '.,:;!?()"«»“”„-–|/'


def text_words(joined: str) -> Matrix:
    """Whether a short block holds one of the words of `TEXT_GROUPS`; *joined* has a line a block."""
    plain = joined.lower()
    for mark in _PUNCTUATION:
        plain = plain.replace(mark, " ")
    lines = plain.split("\n")
    out = np.zeros((len(lines), len(TEXT_GROUPS)), np.float32)
    known = TEXT_OF_WORD.keys()
    for index, line in enumerate(lines):
        if len(line) < MAX_WORDY_CHARS:
            for word in known & set(line.split()):
                out[index, TEXT_OF_WORD[word]] = 1.0
    return out


def claim_matrix(blocks: Sequence[Block], joined: str, claims: Claims) -> Matrix:
    """Agreement of each block with what the metadata say, white space and case aside; *joined* has a line a block."""
    lines = joined.replace(" ", "").casefold().split("\n")
    out = np.zeros((len(blocks), len(CLAIM_NAMES)), np.float32)
    body = squeeze(claims.article_body or "")
    headlines = {squeeze(h) for h in claims.headlines if h}
    descriptions = [d for d in (squeeze(d) for d in claims.descriptions if d) if len(d) >= 20]
    authors = [a.lower() for a in claims.authors if len(a) > 4]
    room = SEARCH_ROOM
    has_body = len(body) > MIN_ARTICLE_BODY_CHARS
    out[:, CLAIM["has_article_body"]] = has_body
    for block, folded in zip(blocks, lines, strict=True):
        length = len(block.text)
        if length < 8:
            continue
        row = out[block.index]
        if has_body and len(folded) >= 12 and room > 0:
            room -= 2 * len(body)
            row[CLAIM["start_in_body"]] = folded[:24] in body
            row[CLAIM["end_in_body"]] = folded[-24:] in body
        for description in descriptions:
            if folded == description:
                row[CLAIM["is_description"]] = 1.0
            if folded[:30] == description[:30]:
                row[CLAIM["like_description"]] = 1.0
        if length < SHORT_CHARS:
            if folded in headlines:
                row[CLAIM["is_headline"]] = 1.0
            elif any(folded in h or h in folded for h in headlines if len(h) > 10):
                row[CLAIM["in_headline"]] = 1.0
            if authors and length < 160:
                low = block.text.lower()
                row[CLAIM["names_author"]] = any(a in low for a in authors)
    return out


def squeeze(text: str) -> str:
    """*text* without white space, case folded: how two copies of a text are compared."""
    return "".join(text.split()).casefold()
