"""Which words a language has, how common each is, and how its letters follow one another.

What comes in: a primary language subtag. What goes out: a `Vocabulary`, which says how likely a word is. Knows nothing
of damage and of pages.

The lists are ``data/vocabulary.zip``, written by ``tools/make_vocabulary.py``. Few pages need them: each is read when
the first text in its language has lost letters.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter, defaultdict
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from math import log
from types import MappingProxyType
from typing import Any

import numpy as np
import numpy.typing as npt

from newsbot.core.alphabets import is_east_asian, script_of, script_of_language, writes

# Languages that are listed under the name of another.
_LISTED_AS = MappingProxyType({"no": "nb", "nn": "nb", "hr": "sh", "bs": "sh", "sr": "sh", "cmn": "zh", "yue": "zh"})
_MAX_SCORES = 200_000  # kept of a language; a page needs some thousands
_LOG_OF_DECIBEL = log(10) / 10
# The share of words that are in no list: names above all.
_UNLISTED = 0.02
# What a word is worth that stands whole elsewhere on the page: as common as the language's hundredth.
_ON_PAGE = log(0.002)
_ORDER = 4
_BORDER = "\n"
_FLOOR = 1e-7


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language with their logarithmic shares of running text, and the letters outside ASCII.

    `next_score` is the logarithm of the smoothed share of a letter after up to three others, as the listed words have
    it.
    """

    language: str
    words: Mapping[str, float]
    letters: str
    scores: dict[tuple[str, str], float] = field(default_factory=dict)

    def next_score(self, before: str, letter: str) -> float:
        """How likely *letter* (lower case) follows *before*, as a logarithm; Witten and Bell's interpolation."""
        key = before[-_ORDER + 1 :], letter
        score = self.scores.get(key)
        if score is None:
            if len(self.scores) >= _MAX_SCORES:
                self.scores.clear()
            score = self.scores[key] = log(self._share(*key))
        return score

    def _share(self, before: str, letter: str) -> float:
        weights, total, kinds = _after(self.language, before)
        shorter = self._share(before[1:], letter) if before else _FLOOR
        if not kinds:
            return shorter
        number = _spelling(self.language).numbers.get(letter, 0)
        return ((weights[number] if number < len(weights) else 0.0) + kinds * shorter) / (total + kinds)

    def spelling_score(self, word: str) -> float:
        """How likely letters come together as *word* (lower case), as a logarithm."""
        at_start, score = _BORDER, 0.0
        for letter in word:
            score += self.next_score(at_start, letter)
            at_start = (at_start + letter)[-_ORDER + 1 :]
        return score + self.next_score(at_start, _BORDER)

    def word_score(self, word: str, on_page: Container[str] = ()) -> float:
        """How likely *word* (lower case) is in running text, as a logarithm; *on_page* are words that the page has."""
        listed = self.words.get(word)
        if word in on_page:
            return max(_ON_PAGE, listed or _ON_PAGE)
        return listed if listed is not None else log(_UNLISTED) + self.spelling_score(word)


@lru_cache(maxsize=8)
def vocabulary(language: str) -> Vocabulary | None:
    """The vocabulary of *language* (a primary subtag); ``None`` if it has none."""
    name = _LISTED_AS.get(language, language)
    lines = _member(name) if name not in ("", _COMMON, _LETTERS) else ()
    if not lines:
        return None
    words: dict[str, float] = {}
    for line in lines:
        step, *listed = line.split(" ")
        words.update(dict.fromkeys(listed, -int(step) * _LOG_OF_DECIBEL))
    return Vocabulary(name, words, _letters()[name])


_COMMON, _LETTERS = "common", "letters"


@cache
def _letters() -> Mapping[str, str]:
    """The letters outside ASCII of each language, lower case and capital."""
    return MappingProxyType(dict(line.split(" ") for line in _member(_LETTERS)))


def _member(name: str) -> Sequence[str]:
    """The lines of one list of the archive; empty if it has none of that name."""
    with zipfile.ZipFile(BytesIO(files("newsbot.core").joinpath("data/vocabulary.zip").read_bytes())) as archive:
        if f"{name}.txt" not in archive.NameToInfo:
            return ()
        return archive.read(f"{name}.txt").decode("utf-8").splitlines()


@cache
def _languages_of_words() -> Mapping[str, Sequence[str]]:
    """The commonest words -> the languages that have them."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for line in _member(_COMMON):
        language, *words = line.split(" ")
        for word in words:
            found[word].append(language)
    return MappingProxyType(dict(found))


def language_of_line(line: str, page_language: str) -> str:
    """The language (primary subtag) a line is written in, by its commonest words; the page's where they do not tell.

    >>> language_of_line("Die Brücke ist nicht für den Verkehr", "en"), language_of_line("Gift-a-Family", "en")
    ('de', 'en')
    """
    return _language_of_start(line[:_LINE_CHARS], page_language)


@lru_cache(maxsize=512)  # a damaged line is looked at from several sides
def _language_of_start(line: str, page_language: str) -> str:
    by_word = _languages_of_words()
    shares: defaultdict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    for word in line.lower().split():
        languages = by_word.get(word.strip(_AROUND_WORDS), ())
        counts.update(languages)
        for language in languages:
            shares[language] += 1 / len(languages)
    own = _LISTED_AS.get(page_language, page_language)
    foreign = _language_of_script(line, page_language, shares) if _GREEK_OR_CYRILLIC.search(line) else None
    if foreign is not None:
        return foreign
    letters = {char for char in line if "\xc0" <= char < "\u0250" or "\u1e00" <= char < "\u1f00"}
    for language in shares:
        shares[language] -= _FOREIGN_LETTER * sum(1 for letter in letters if not writes(language, letter))
    best = max(shares, key=lambda language: (shares[language], language == own), default=own)
    is_clear = counts[best] > 1 and shares[best] >= shares.get(own, 0.0) + _CLEARLY
    return best if best != own and is_clear else page_language


def _language_of_script(line: str, page_language: str, shares: Mapping[str, float]) -> str | None:
    """The language of a line mostly in Greek or Cyrillic letters on a page in another script; else ``None``."""
    counts = Counter(found for char in line if char.isalpha() and (found := script_of(char)))
    script, count = max(counts.items(), key=lambda item: item[1], default=("", 0))
    if script == script_of_language(page_language) or 2 * count <= counts.total():
        return None
    if script == "greek":
        return "el"
    if script != "cyrillic":
        return None
    if _UKRAINIAN.search(line):
        return "uk"
    if _RUSSIAN.search(line):
        return "ru"
    return max(("ru", "uk", "bg"), key=lambda language: shares.get(language, 0.0))


_GREEK_OR_CYRILLIC = re.compile("[\u0370-\u052f]")
_UKRAINIAN = re.compile("[іїєґ]", re.IGNORECASE)
_RUSSIAN = re.compile("[ыэё]", re.IGNORECASE)
_AROUND_WORDS = ".,;:!?()«»„“”‘’‚…\"'-–—"
_LINE_CHARS = 1000
_FOREIGN_LETTER = 0.4
_CLEARLY = 0.9


@lru_cache(maxsize=16_384)
def _after(language: str, before: str) -> tuple[list[float], float, int]:
    return _spelling(language).after(before)


@dataclass(frozen=True, slots=True, eq=False)
class _Spelling:
    """Which letter follows which others in the listed words: every letter's place, in order of what stands before it.

    `keys` are numbers of three letters before a place, the nearest first, in rising order, so that all places after the
    same one, two or three letters stand together; `letters` and `weights` are what follows there. `base` is over the
    highest number.
    """

    numbers: Mapping[str, int]
    base: int
    keys: npt.NDArray[Any]  # int32 or int64
    letters: npt.NDArray[np.int64]
    weights: npt.NDArray[np.float64]

    def after(self, before: str) -> tuple[list[float], float, int]:
        """The weight of each letter (by its number) after *before*, up to three letters, their sum, and how many."""
        low = 0
        for letter in reversed(before):
            number = self.numbers.get(letter)
            if number is None:
                return [], 0.0, 0
            low = low * self.base + number
        rest = self.base ** (_ORDER - 1 - len(before))
        start, end = self.keys.searchsorted((low * rest, (low + 1) * rest))
        found = np.bincount(self.letters[start:end], weights=self.weights[start:end])
        return found.tolist(), float(found.sum()), int(np.count_nonzero(found))


@lru_cache(maxsize=8)
def _spelling(language: str) -> _Spelling:
    """How the words of *language* are spelt, with a border before and after each.

    Writing with an alphabet is learnt from words however common, for unlisted words are like listed rare ones; writing
    with thousands of signs from their use, and without borders.
    """
    known = vocabulary(language)
    words = known.words if known is not None else {}
    by_use = is_east_asian(language)
    scores = np.fromiter(words.values(), np.float64, len(words))
    steps = scores - scores.min(initial=0.0)
    weights = np.exp(np.minimum(steps, 8.0)) if by_use else 1.0 + steps / 4
    border = "" if by_use else _BORDER
    joined = f"{_NOTHING}{border}{f'{border}{_NOTHING}{border}'.join(words)}{border}"
    codes = np.frombuffer(joined.encode("utf-32-le"), np.uint32)
    found = np.flatnonzero(np.bincount(codes))
    places = np.zeros(int(found.max()) + 1, np.int64)
    places[found] = np.arange(len(found))
    text = places[codes]  # NUL is 0
    kind = np.int32 if len(found) ** (_ORDER - 1) < 1 << 31 else np.int64  # half the time where letters are few
    keys = np.zeros(len(text), kind)
    is_inside = np.ones(len(text), bool)
    for back in range(1, _ORDER):
        shifted = np.zeros(len(text), kind)
        shifted[back:] = text[:-back]
        is_inside &= np.not_equal(shifted, 0)
        keys = keys * len(found) + np.where(is_inside, shifted, 0)
    of_word = np.cumsum(text == 0) - 1
    is_counted = np.not_equal(text, 0)
    if not by_use:
        is_counted[1:] &= np.not_equal(text[:-1], 0)  # the border before a word follows nothing
    chosen = np.flatnonzero(is_counted)
    chosen = chosen[np.argsort(keys[chosen])]
    numbers = {chr(code): at for at, code in enumerate(found.tolist())}
    return _Spelling(MappingProxyType(numbers), len(found), keys[chosen], text[chosen], weights[of_word[chosen]])


_NOTHING = "\0"
