"""What the words of a heading or of a mark on a card say, in many languages.

What comes in: a short text. What goes out: the kinds it names, by the data file ``teaser_words.json``. A word never
makes a teaser; it names what structure has found, or tips a doubtful list.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from newsbot.core.teaser_units import weight


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases and the kinds they name; those of scripts that put no space between words are looked up as parts."""

    phrases: dict[str, frozenset[str]]
    first: frozenset[str]  # the words that phrases begin with
    unspaced: tuple[tuple[str, str], ...]  # phrase, kind
    ad_marks: frozenset[str]  # what stands over the place of an advertisement

    def kinds_of(self, text: str) -> tuple[frozenset[str], frozenset[str]]:
        """What `kinds_of` says, looked up anew."""
        folded = text.casefold()
        tokens = _WORD.findall(folded)[:_MAX_TOKENS]
        found = at_start = _NO_KINDS
        for start, token in enumerate(tokens):
            if token in self.first:
                kinds = self._phrases_at(tokens, start)
                found |= kinds
                if not start:
                    at_start = kinds
        if not folded.isascii() and weight(folded) > len(folded):
            found |= {kind for phrase, kind in self.unspaced if phrase in folded}
            begun = _MARKS.sub("", folded)
            at_start |= {kind for phrase, kind in self.unspaced if begun.startswith(phrase)}
        return found, at_start

    def is_ad_mark(self, text: str) -> bool:
        """Is *text* nothing but the mark of an advertisement?"""
        return text.casefold().strip(" :–-") in self.ad_marks

    def _phrases_at(self, tokens: list[str], start: int) -> frozenset[str]:
        found = _NO_KINDS
        phrase = ""
        for token in tokens[start : start + _MAX_PHRASE]:
            phrase = f"{phrase} {token}" if phrase else token
            found |= self.phrases.get(phrase, _NO_KINDS)
        return found


_NO_KINDS: frozenset[str] = frozenset()
_WORD = re.compile(r"[^\W_]+(?:['’+-][^\W_]+)*")
_MARKS = re.compile(r"^[\W_]+")  # brackets, arrows and stars before the first word
_MAX_TOKENS = 12
_MAX_PHRASE = 4  # words of the longest phrases
_MAX_CHARS = 120


def kinds_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The kinds named anywhere in *text*, in whole words, and those that it begins with."""
    return _kinds_of(text[:_MAX_CHARS])


# Headings and marks come again and again: at several cards of a page, and on all pages of a site.
@lru_cache(maxsize=2_048)
def _kinds_of(text: str) -> tuple[frozenset[str], frozenset[str]]:
    return words().kinds_of(text)


@lru_cache(maxsize=1)
def words() -> Words:
    """The words of the data file."""
    raw = json.loads(files("newsbot.core").joinpath("data", "teaser_words.json").read_text(encoding="utf-8"))
    phrases: dict[str, set[str]] = {}
    unspaced = []
    for kind, found in raw.items():
        for word in found if kind not in ("_", "ad_mark") else ():
            folded = word.casefold()
            if weight(folded) > len(folded):
                unspaced.append((folded, kind))
            else:
                phrases.setdefault(" ".join(_WORD.findall(folded)), set()).add(kind)
    return Words(
        {phrase: frozenset(kinds) for phrase, kinds in phrases.items()},
        frozenset(phrase.partition(" ")[0] for phrase in phrases),
        tuple(unspaced),
        frozenset(word.casefold() for word in raw["ad_mark"]),
    )


BLOCK_KINDS = ("sponsored", "most_read", "related", "video", "newsletter_list", "recirculation", "rail")


def kind_of(heading: str | None) -> str | None:
    """The kind that the words of a heading name, or None.

    >>> kind_of("Most read in Sport"), kind_of("関連記事"), kind_of("Politics")
    ('most_read', 'related', None)
    """
    if not heading:
        return None
    kinds, _ = kinds_of(heading)
    return next((kind for kind in BLOCK_KINDS if kind in kinds), None)


def lead_in(text: str) -> bool:
    """Does *text* begin with words that lead to another story ("Read more:")?"""
    return "lead_in" in kinds_of(text)[1]
