"""A text as a few numbers, by which its copies are found again: edited, trimmed, or with other text around it.

What comes in: the text of a story and its site. What goes out: hashes of its sentences, and a `Sketch`: the smallest
hashes of its 5-word shingles, from which the likeness of two texts is estimated. Knows no database and no other text.

A sketch is a bottom-k sample: up to the smaller of the last values of two sketches each of them holds all that its
text has, so what they share up to there is a fair sample of what the texts share. Of short texts it is everything.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from newsbot.items.identity import folded

Hashes = NDArray[np.uint64]

VALUES = 112
SHINGLE_WORDS = 5
# Shorter texts (tickers, picture stories) have too few shingles for an estimate.
MIN_SHINGLES = 20
# Fixed on the first half of the pairs of benchmarks/scale/duplicates.py, measured on the second.
MIN_JACCARD = 0.15
MIN_CONTAINMENT = 0.60
# What somebody said stands in the stories of all who heard it, to the letter. A mark without its twin ends soon.
_QUOTE = re.compile('"[^"]{1,600}"')
# ... unless most of a text is that: an interview is known by its answers.
MIN_TOLD_SHARE = 0.3
# Numbers differ between two fillings of one template.
_OF_NUMBERS = b"0123456789.,:"
# A hash of a sentence is a whole number of SQLite.
_HASH_BYTES = 8
# Scripts without spaces: a character stands for a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_SPACE = 32
# Of the bytes of a character in UTF-8 all but the first begin with the bits 10.
_TOP_BITS, _CONTINUES = 0xC0, 0x80
_LARGEST = (1 << 64) - 1
# Some 20,000 words; of longer texts only the beginning is compared.
MAX_BYTES = 1 << 17
# A shingle is hashed as a polynomial modulo 2^64 of its bytes, all shingles of a text from one running sum. Base and
# mixer are odd numbers with as many ones as zeros; the mixer lets every bit bear on the highest ones, which order.
_POWERS = np.cumprod(np.full(MAX_BYTES, 0x9E3779B97F4A7C15, np.uint64))
_MIXER = 0xBF58476D1CE4E5B9
# The first of some hashes in ascending order differs from the one before.
_FIRST = np.ones(1, np.bool_)
_POWERS.flags.writeable = _FIRST.flags.writeable = False


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts compared: the shares of shingles, estimated from 112 or more (standard error up to 0.047).

    The containment rests on *fewer* of these, those of the shorter text: of a tenth of the other's length some eleven.
    """

    jaccard: float
    containment: float
    fewer: int

    @property
    def is_duplicate(self) -> bool:
        """Whether one is a copy of the other, edited or trimmed."""
        # Counted with one more value that is not shared: two of three by chance are no copy, all of three are.
        certain = self.containment * self.fewer / (self.fewer + 1)
        return self.jaccard >= MIN_JACCARD or certain >= MIN_CONTAINMENT


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text: the smallest hashes of its shingles in ascending order, and how many shingles it has."""

    values: Hashes
    size: int

    def likeness(self, other: Sketch) -> Likeness:
        """How alike the two texts are."""
        end = min(self._end, other._end)
        one, two = self._up_to(end), other._up_to(end)
        shared = len(np.intersect1d(one, two, assume_unique=True))
        # Of the values of the shorter text: of a trimmed copy all are the original's, however few they are.
        _, fewer = min((self.size, len(one)), (other.size, len(two)))
        return Likeness(shared / max(1, len(one) + len(two) - shared), shared / max(1, fewer), fewer)

    @property
    def _end(self) -> int:
        """Up to here all hashes of the text are known."""
        return int(self.values[-1]) if self.size > len(self.values) else _LARGEST

    def _up_to(self, end: int) -> Hashes:
        return self.values[: int(np.searchsorted(self.values, np.uint64(end), "right"))]


def read_sketch(values: bytes, size: int) -> Sketch:
    """The sketch whose values were once written as *values*."""
    return Sketch(np.frombuffer(values, np.uint64), size)


def sentence_hashes(body: str | None, site: str | None) -> list[tuple[int, str]]:
    """(hash of site and text without numbers, folded text) of each sentence, in order.

    The site is the key: sentences made to have one hash on a site of one's own have different ones on all others.
    """
    salt = blake2b((site or "").encode("utf-8", "surrogatepass"), digest_size=blake2b.SALT_SIZE).digest()
    own = blake2b(digest_size=_HASH_BYTES, salt=salt)
    found = []
    for block in (body or "").split("\n"):
        for sentence in _sentences(folded(block)):
            masked = sentence.encode("utf-8", "surrogatepass").translate(None, _OF_NUMBERS)
            if masked:
                made = own.copy()
                made.update(masked)
                found.append((int.from_bytes(made.digest(), "big", signed=True), sentence))
    return found


def _sentences(text: str) -> list[str]:
    """The sentences of a folded text, which has no white space but single spaces."""
    text = text.replace(". ", ".\n").replace("! ", "!\n").replace("? ", "?\n")
    if not text.isascii():
        text = text.replace("。 ", "。\n").replace("！ ", "！\n").replace("？ ", "？\n")
    return text.split("\n")


def sketch(sentences: Iterable[str]) -> Sketch | None:
    """The sketch of a text given by its sentences, quotes left out; ``None`` when it is too short to compare."""
    text = " ".join(sentences)
    if '"' in text:
        told = " ".join(_QUOTE.sub('"', text).split())
        text = told if len(told) >= MIN_TOLD_SHARE * len(text) else text
    hashes = _shingle_hashes(text)
    if len(hashes) < MIN_SHINGLES:
        return None
    hashes.sort()
    distinct = hashes[np.concatenate((_FIRST, hashes[1:] != hashes[:-1]))]
    return Sketch(distinct[:VALUES].copy(), len(distinct)) if len(distinct) >= MIN_SHINGLES else None


def _shingle_hashes(text: str) -> Hashes:
    """The hash of each shingle of *text*: five words, or five characters where no spaces are written."""
    is_spaced = text.isascii() or not _UNSPACED.search(text)
    told = f" {text} " if is_spaced else f" {text.replace(' ', '')} "
    codes = np.frombuffer(told.encode("utf-8", "surrogatepass")[:MAX_BYTES], np.uint8)
    # A shingle begins behind one edge and ends with another: a space, or the last byte of a character.
    edges = np.flatnonzero(codes == _SPACE if is_spaced else codes[1:] & _TOP_BITS != _CONTINUES)
    starts, ends = edges[:-SHINGLE_WORDS], edges[SHINGLE_WORDS:]
    sums = np.cumsum(np.multiply(codes, _POWERS[: len(codes)], dtype=np.uint64))
    # What lies between two places of the running sum, times a power that makes its own place in the text unimportant.
    hashes: Hashes = (sums[ends] - sums[starts]) * _POWERS[MAX_BYTES - 1 - starts]
    hashes ^= hashes >> np.uint64(32)
    hashes *= np.uint64(_MIXER)
    return hashes
