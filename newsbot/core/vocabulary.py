"""Which words a language has, how common each is, and how its letters follow one another.

What comes in: a primary language subtag. What goes out: a `Vocabulary`, which says how likely a word is. Knows nothing
of damage and of pages.

The lists are ``data/vocabulary.zip``, written by ``tools/make_vocabulary.py``. Few pages need them: each is read when
the first text in its language has lost letters.
"""

from __future__ import annotations

import zipfile
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from io import BytesIO
from math import log
from types import MappingProxyType

from newsbot.core.alphabets import is_east_asian, script_of, script_of_language, writes

# Languages that are listed under the name of another.
_LISTED_AS = MappingProxyType({"no": "nb", "nn": "nb", "hr": "sh", "bs": "sh", "sr": "sh", "cmn": "zh", "yue": "zh"})
_LOG_OF_DECIBEL = log(10) / 10
# The share of words that are in no list: names above all.
_UNLISTED = 0.02
# What a word is worth that stands whole elsewhere on the page: as common as the language's hundredth.
_ON_PAGE = log(0.002)
_ORDER = 4
_BORDER = "\n"
_FLOOR = 1e-7
# A letter belongs to a language if so many of its words have it; in Latin writing, if its alphabet has it as well.
_MIN_WORDS_OF_LETTER = 12
_WRITES_LIKE = MappingProxyType({"sh": "hr"})


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
            score = self.scores[key] = log(self._share(*key))
        return score

    def _share(self, before: str, letter: str) -> float:
        following = _following(self.language).get(before)
        shorter = self._share(before[1:], letter) if before else _FLOOR
        if not following:
            return shorter
        kinds = len(following) - 1
        return (following.get(letter, 0.0) + kinds * shorter) / (following[""] + kinds)

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
    lines = _member(name) if name and name != _COMMON else ()
    if not lines:
        return None
    words: dict[str, float] = {}
    for line in lines:
        step, *listed = line.split(" ")
        words.update(dict.fromkeys(listed, -int(step) * _LOG_OF_DECIBEL))
    return Vocabulary(name, words, _letters(name, words))


_COMMON = "common"


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
    by_word = _languages_of_words()
    shares: defaultdict[str, float] = defaultdict(float)
    for word in line[:_LINE_CHARS].lower().split():
        languages = by_word.get(word.strip(_AROUND_WORDS), ())
        for language in languages:
            shares[language] += 1 / len(languages)
    own = _LISTED_AS.get(page_language, page_language)
    letters = {char for char in line[:_LINE_CHARS] if "\xc0" <= char < "\u0250" or "\u1e00" <= char < "\u1f00"}
    for language in shares:
        shares[language] -= _FOREIGN_LETTER * sum(1 for letter in letters if not writes(language, letter))
    best = max(shares, key=lambda language: (shares[language], language == own), default=own)
    return best if best != own and shares[best] >= shares.get(own, 0.0) + _CLEARLY else page_language


_AROUND_WORDS = ".,;:!?()«»„“”‘’‚…\"'-–—"
_LINE_CHARS = 1000
_FOREIGN_LETTER = 0.4
_CLEARLY = 0.9


def _letters(language: str, words: Iterable[str]) -> str:
    """The letters outside ASCII, lower case and capital."""
    counts: defaultdict[str, int] = defaultdict(int)
    for word in words:
        for letter in set(word):
            counts[letter] += 1
    script = script_of_language(language) or "latin"
    least = 1 if script == "east_asian" else _MIN_WORDS_OF_LETTER
    found = {letter for letter, count in counts.items() if count >= least and script_of(letter) == script}
    if script == "latin":
        found = {letter for letter in found if writes(_WRITES_LIKE.get(language, language), letter)}
    capitals = {letter.upper() for letter in found if len(letter.upper()) == 1}
    return "".join(sorted(letter for letter in found | capitals if not letter.isascii()))


@lru_cache(maxsize=8)
def _following(language: str) -> Mapping[str, Mapping[str, float]]:
    """Up to three letters -> weights of the next one, their sum under the empty string.

    Writing with an alphabet is learnt from words however common, for unlisted words are like listed rare ones; writing
    with thousands of signs from their use.
    """
    known = vocabulary(language)
    words = known.words if known is not None else {}
    by_use = is_east_asian(language)
    following: defaultdict[str, defaultdict[str, float]] = defaultdict(lambda: defaultdict(float))
    least = min(words.values(), default=0.0)
    for word, score in words.items():
        weight = 2.718281828 ** min(score - least, 8.0) if by_use else 1.0 + (score - least) / 4
        shown = word if by_use else f"{_BORDER}{word}{_BORDER}"
        for end in range(0 if by_use else 1, len(shown)):
            letter = shown[end]
            for start in range(max(end - _ORDER + 1, 0), end + 1):
                weights = following[shown[start:end]]
                weights[letter] += weight
                weights[""] += weight
    return MappingProxyType({before: dict(weights) for before, weights in following.items()})
