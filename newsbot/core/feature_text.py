"""The shape of each block's text, and how far it agrees with what the metadata claims.

What comes in: the texts of blocks, `Claims`. What goes out: rows of the matrix of `newsbot.core.features`, a column a
block. Characters are counted, not words of a known language: the codes of all characters of a page are looked up in
one table at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsbot.core.roles import Claims

Matrix = NDArray[np.float32]
Column = NDArray[np.float32]

SHAPE_NAMES = tuple(
    """chars words word_length full_stops commas ends_sentence ends_stop ends_colon ends_question starts_upper
    starts_lower starts_digit starts_mark starts_quote upper_share digits has_clock has_year has_copyright has_at
    has_bar ideographs""".split()
)
CLAIM_NAMES = tuple("""end_in_body like_description is_description is_headline""".split())
_END_IN_BODY, _LIKE_DESCRIPTION, _IS_DESCRIPTION, _IS_HEADLINE = (1 << number for number in range(len(CLAIM_NAMES)))
_CLAIM_BITS = np.arange(len(CLAIM_NAMES))[:, None]

# Numbers above these say nothing more; they keep a freak text from looking like nothing that was learnt.
MAX_CHARS, MAX_WORDS, MAX_WORD_LENGTH = 3_000, 400, 40
SHORT_CHARS = 300
MIN_ARTICLE_BODY_CHARS = 200
MIN_DESCRIPTION_CHARS = 20
MIN_AGREEING_CHARS = 8
# How many characters at its start make a text like the description; at its end, a part of `articleBody`.
LIKE_CHARS = 30
PROBE_CHARS = 24
# So many characters hold more than enough without single spaces, at either end.
LONG_CHARS = 2 * max(LIKE_CHARS, PROBE_CHARS)
# Characters of `articleBody` to search in, so that a hostile page costs no more than a large one.
SEARCH_ROOM = 30_000_000

SENTENCE_END = frozenset(".!?…。！？।؟۔:;»”“\"'’」』)）")
FULL_STOP = ".!?…。！？।؟۔"
FULL_STOPS = frozenset(FULL_STOP)

# What a character is: one class each, to count, and flags.
_OTHER, _SPACE, _COMMA, _STOP, _UPPER, _LOWER, _DIGIT, _IDEOGRAPH, _COPYRIGHT, _AT, _BAR = range(11)
_CLASS_BITS = 4
_CLASS_MASK = (1 << _CLASS_BITS) - 1
_ENDS_SENTENCE, _COLON, _QUESTION, _MARK, _QUOTE, _CLOSER, _CLOCK_MARK, _CENTURY = (16 << number for number in range(8))
_FLAGS = (
    (_ENDS_SENTENCE, "".join(sorted(SENTENCE_END))),
    (_COLON, ":："),
    (_QUESTION, "?？"),
    (_QUOTE, "\"'„“«»”‘「『"),
    (_CLOSER, "\"'”’»)」』） "),
    (_CLOCK_MARK, ":.h"),
    (_CENTURY, "12"),
)
# Thai, Lao, Burmese and Khmer end a sentence with nothing or a space: a text that ends in one of their letters has
# ended one if it is as long as one.
_UNSTOPPED = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF))
MIN_UNSTOPPED_CHARS = 60
_IDEOGRAPHS = ((0x2E80, 0x9FFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFF00, 0xFFEF))
_TABLE_SIZE = 0x10000
_MAX_CLOSERS = 3
_LAST_MARK = 0x3100  # signs that are no letters stand below, but for a few wide forms


@cache
def _table() -> NDArray[np.uint16]:
    """Class and flags of each character of the first plane; the last entry stands for all other planes."""
    table = np.zeros(_TABLE_SIZE + 1, np.uint16)
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
    for code in range(_LAST_MARK):
        if not chr(code).isalnum():
            table[code] |= _MARK
    for flag, chars in _FLAGS:
        for char in chars:
            table[ord(char)] |= flag
    return table


def shape_rows(length: NDArray[np.intp], joined: str) -> Matrix:
    """The shape of texts, rows as `SHAPE_NAMES`; *joined* has a line a text, *length* their characters (none 0)."""
    n = len(length)
    codes = _codes(joined)
    table = _table().take(codes)
    classes = table & _CLASS_MASK
    owner = np.repeat(np.arange(n), length + 1)[:-1]  # the text of each character, the line's end included
    count = np.bincount((owner << _CLASS_BITS) + classes, minlength=n << _CLASS_BITS).reshape(n, -1).T
    stops = np.flatnonzero(classes[:-1] == _STOP)
    mid_stops = owner[stops[(classes[stops + 1] == _SPACE) | (codes[stops] >= _IDEOGRAPHS[0][0])]]
    start = np.cumsum(length + 1) - length - 1
    end = start + length - 1
    first, last, inner = table[start], table[end], table[_inner_ends(table, start, end)]
    unstopped = _ends_unstopped(codes[end]) & (length >= MIN_UNSTOPPED_CHARS)
    ends_stop = ((inner & _CLASS_MASK) == _STOP) | unstopped
    words = count[_SPACE] + 1
    short = length < SHORT_CHARS
    digits = np.where(short, count[_DIGIT], 0)
    clocks, years = _clocks_and_years(classes, table, owner, n)
    out = np.empty((len(SHAPE_NAMES), n), np.float32)
    # A Chinese character says about as much as 2.5 Latin ones.
    np.minimum(length + 1.5 * count[_IDEOGRAPH], MAX_CHARS, out=out[0], casting="same_kind")
    out[1] = np.minimum(words, MAX_WORDS)
    out[2] = np.minimum(length / words, MAX_WORD_LENGTH)
    out[3] = np.bincount(mid_stops, minlength=n) + ends_stop
    out[4] = count[_COMMA]
    out[5] = ((last & _ENDS_SENTENCE) != 0) | unstopped
    out[6] = ends_stop
    out[7] = (last & _COLON) != 0
    out[8] = (inner & _QUESTION) != 0
    kind = first & _CLASS_MASK
    out[9:12] = kind == np.array([[_UPPER], [_LOWER], [_DIGIT]])
    out[12] = (first & _MARK) != 0
    out[13] = (first & _QUOTE) != 0
    out[14] = np.where(short, count[_UPPER], 0) / length
    out[15] = digits / length
    out[16] = short & (clocks > 0)
    out[17] = short & (years > 0)
    out[18:21] = count[_COPYRIGHT : _BAR + 1] > 0
    out[21] = count[_IDEOGRAPH] / length
    return out


def _codes(text: str) -> NDArray[np.integer[Any]]:
    """The code of each character, those beyond the first plane as one."""
    codes = np.frombuffer(text.encode("utf-16-le", "surrogatepass"), np.uint16)
    if len(codes) == len(text):
        return codes
    return np.minimum(np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32), _TABLE_SIZE)


def _ends_unstopped(codes: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
    found = np.zeros(len(codes), bool)
    for low, high in _UNSTOPPED:
        found |= (codes >= low) & (codes <= high)
    return found


def _inner_ends(table: NDArray[np.uint16], start: NDArray[np.intp], end: NDArray[np.intp]) -> NDArray[np.intp]:
    """Where each text ends before its closing quotes and brackets."""
    for _ in range(_MAX_CLOSERS):
        end = end - (((table[end] & _CLOSER) != 0) & (end > start))
    return end


def _clocks_and_years(
    classes: NDArray[np.integer[Any]], table: NDArray[np.uint16], owner: NDArray[np.intp], n: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """How many times of day ("4:05") and years ("1987", "2024") each text holds."""
    digit = classes == _DIGIT
    pair = digit[:-1] & digit[1:]
    clock = digit[:-3] & ((table[1:-2] & _CLOCK_MARK) != 0) & pair[2:]
    year = ((table[:-3] & _CENTURY) != 0) & pair[:-2] & pair[2:]
    if len(year):
        year[1:] &= ~digit[: len(year) - 1]
        year[:-1] &= ~digit[4:]
    return (
        np.bincount(owner[:-3][clock], minlength=n),
        np.bincount(owner[:-3][year], minlength=n),
    )


def claim_rows(texts: Sequence[str], claims: Claims) -> Matrix:
    """Agreement of *texts* (white space folded) with what the metadata say, rows as `CLAIM_NAMES`.

    White space and case do not count.
    """
    agreeing = _Agreement(claims)
    bits = np.array([agreeing.bits(text) for text in texts], np.intp)
    return ((bits >> _CLAIM_BITS) & 1).astype(np.float32)


class _Agreement:
    """What the metadata say, folded once, to be compared with one text after the other."""

    def __init__(self, claims: Claims) -> None:
        body = squeeze(claims.article_body or "")
        self.body = body if len(body) > MIN_ARTICLE_BODY_CHARS else ""
        self.headlines = {squeeze(text) for text in claims.headlines}
        texts = map(squeeze, claims.descriptions)
        self.descriptions = {text for text in texts if len(text) >= MIN_DESCRIPTION_CHARS}
        self.starts = {text[:LIKE_CHARS] for text in self.descriptions}
        self.all_starts = self.starts.union(text[:LIKE_CHARS] for text in self.headlines)
        self.initials = {text[:1] for text in self.all_starts}
        self.room = SEARCH_ROOM

    def bits(self, text: str) -> int:
        """A bit for each of `CLAIM_NAMES`.

        Of a long text only the ends are folded, unless it starts like one of the claims: folding whole pages took a
        third of all that is measured of their texts.
        """
        is_long = len(text) >= LONG_CHARS
        may_start_alike = text[0].casefold()[0] in self.initials
        if not self.body and not may_start_alike:
            return 0
        folded = _folded(text[:LONG_CHARS])
        if is_long and may_start_alike and folded[:LIKE_CHARS] in self.all_starts:
            folded = _folded(text)
        size = len(folded)
        bits = 0
        if size < MIN_AGREEING_CHARS:
            return bits
        if size > PROBE_CHARS and self.body and self.room > 0:
            self.room -= len(self.body)
            end = _folded(text[-LONG_CHARS:]) if is_long else folded
            if end[-PROBE_CHARS:] in self.body:
                bits = _END_IN_BODY
        if folded[:LIKE_CHARS] in self.starts:
            bits |= _LIKE_DESCRIPTION
            if folded in self.descriptions:
                bits |= _IS_DESCRIPTION
        if folded in self.headlines:
            bits |= _IS_HEADLINE
        return bits


def _folded(text: str) -> str:
    """*text*, in which white space is single spaces, as `squeeze` does it, in less time."""
    return text.replace(" ", "").casefold()


def squeeze(text: str) -> str:
    """*text* without white space, case folded: how two copies of a text are compared."""
    return "".join(text.split()).casefold()
