"""What a damaged stretch of text was, when bytes of it are lost: every text that would show so, and the likeliest.

What comes in: a stretch without spaces as a wrong decoder shows it, the line on both sides, the language. What goes
out: `Piece`s of the stretch with what each was and how sure that is. Knows no pages.

Nothing is guessed that the damage contradicts: a text is looked at only if the wrong decoder, run over its bytes
again, shows exactly what came. Among these the vocabulary of the language and the rules about signs choose, and a
piece is told only if nearly all of the likelihood is on one text.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Sequence
from dataclasses import dataclass
from math import exp

from newsbot.core.alphabets import is_east_asian
from newsbot.core.gaps import sign_score
from newsbot.core.lost_paths import Ending, endings
from newsbot.core.vocabulary import Vocabulary, vocabulary
from newsbot.core.wrong_decoders import WrongDecoder

# A piece is inferred if its text has this share of the likelihood (benchmarks/repair prints how often it is right).
SURE = 0.99
SURE_OF_REPLACED = 0.998  # where nothing is left of the bytes themselves


@dataclass(frozen=True, slots=True)
class Piece:
    """``shown[start:end]`` was *text*; *share* is how much of the likelihood says so, *is_whole*: no byte is lost."""

    start: int
    end: int
    text: str
    share: float
    is_whole: bool


@dataclass(slots=True)
class Effort:
    """How many steps of search are left for one text: damage that leaves too much open is not worth more."""

    left: int

    @classmethod
    def of(cls, text: str) -> Effort:
        """What *text* is worth: by its length, and at most about two seconds."""
        return cls(min(20_000 + 30 * len(text), 1_000_000))


def pieces(
    shown: str,
    decoders: Sequence[WrongDecoder],
    before: str,
    after: str,
    words: Vocabulary,
    effort: Effort,
    on_page: Container[str] = (),
) -> list[Piece]:
    """The pieces of *shown* in order, as far apart as they can be told; empty if no text of the language shows so.

    *decoders* are of one family: which of them it was is not known. Empty as well if the search takes more than what
    is left of *effort*.
    """
    by_text: dict[str, Ending] = {}
    for decoder in decoders:
        steps, found = endings(shown, decoder, words.language) if effort.left > 0 else (0, ())
        effort.left -= steps
        for ending in found:
            by_text.setdefault(ending.text, ending)
    if not by_text or effort.left < 0:
        return []
    texts, paths = list(by_text), list(by_text.values())
    is_signs = is_east_asian(words.language)
    scores = [
        path.score if is_signs else text_score(text, before, after, words, on_page)
        for path, text in zip(paths, texts, strict=True)
    ]
    best = max(scores)
    shares = [exp(score - best) for score in scores]
    total = sum(shares)
    if "\ufffd" in shown and not is_signs and not _is_listed(texts[scores.index(best)], words, on_page):
        return []  # of a replaced letter nothing is left: only a word that is known tells it
    return list(_agreed(shown, decoders, paths, texts, [share / total for share in shares]))


def _is_listed(text: str, words: Vocabulary, on_page: Container[str]) -> bool:
    """Whether all words of *text* with a letter outside ASCII are known words."""
    found = (word for word in _WORD.findall(text.lower()) if not word.isascii())
    return "\xa0" not in text and all(word in words.words or word in on_page for word in found)


_WORD = re.compile(r"[^\W\d_]+")


def _agreed(
    shown: str, decoders: Sequence[WrongDecoder], paths: Sequence[Ending], texts: Sequence[str], shares: Sequence[float]
) -> Iterator[Piece]:
    """The pieces between places at which all paths of weight have nothing pending."""
    weighty = [at for at, share in enumerate(shares) if share > 1e-4]
    cuts = {at: paths[at].cuts for at in weighty}
    common = set.intersection(*(set(found) for found in cuts.values())) | {len(shown)}
    start = 0
    starts = dict.fromkeys(weighty, 0)
    for end in sorted(common):
        if end == start:
            continue
        by_text: dict[str, float] = {}
        for at in weighty:
            stop = cuts[at].get(end, len(texts[at])) if end < len(shown) else len(texts[at])
            text = texts[at][starts[at] : stop]
            by_text[text] = by_text.get(text, 0.0) + shares[at]
            starts[at] = stop
        text, share = max(by_text.items(), key=lambda item: item[1])
        yield Piece(start, end, text, share, is_whole=any(_turns_back(shown[start:end], text, one) for one in decoders))
        start = end


def _turns_back(shown: str, text: str, decoder: WrongDecoder) -> bool:
    try:
        return shown.encode(decoder.codec) == text.encode("utf-8")
    except UnicodeError:
        return False


def text_score(text: str, before: str, after: str, words: Vocabulary, on_page: Container[str]) -> float:
    """How likely *text* stands between *before* and *after*, as a logarithm: its words, their capitals, its signs."""
    score = 0.0
    at = 0
    length = len(text)
    while at < length:
        char = text[at]
        if char.isalpha():
            end = at
            while end < length and (text[end].isalpha()):
                end += 1
            word = text[at:end]
            score += words.word_score(word.lower(), on_page) + _case_score(word)
            at = end
            continue
        if not char.isascii():
            score += sign_score(char, before + text[:at], text[at + 1 :] + after, words.language)
        at += 1
    return score


def _case_score(word: str) -> float:
    if word == word.lower():
        return 0.0
    if word[1:] == word[1:].lower():
        return -1.5
    return -3.0 if word == word.upper() else -12.0


# --- a letter of which only replacement characters are left


def replaced_letter(
    gap: str, before: str, after: str, language: str, on_page: Collection[str], effort: Effort
) -> str | None:
    """The letter in place of *gap*, replacement characters inside a word, if one word fits far better than any other.

    A word that the page has elsewhere is taken first; else the vocabulary's, if it is common and the next that fits is
    not. One replacement character stands for one letter, several for one or for as many.
    """
    left, right = _WORD_END.search(before), _WORD_START.match(after)
    head, tail = left.group() if left else "", right.group() if right else ""
    words = vocabulary(language)
    if words is None or effort.left <= 0 or len(head) + len(tail) < 3 or not (head or _starts_sentence(before)):
        return None
    effort.left -= _STEPS_OF_A_WORD
    pattern = re.compile(
        re.escape(head.lower()) + "([^\x00-\x7f])" + re.sub("\ufffd+", "[^\x00-\x7f]{1,2}", re.escape(tail.lower()))
    )
    if len(gap) > _MOST_BYTES and language != "vi":
        return None
    fits = sorted({found.group(1) for word in on_page if (found := pattern.fullmatch(word))})
    if len(fits) != 1:
        listed = ((score, found.group(1)) for word, score in words.words.items() if (found := pattern.fullmatch(word)))
        scores: dict[str, float] = {}
        for score, letter in listed:
            scores[letter] = max(score, scores.get(letter, score))
        ranked = sorted(scores.items(), key=lambda item: -item[1])
        if not ranked or ranked[0][1] < _COMMON_WORD or (len(ranked) > 1 and ranked[0][1] - ranked[1][1] < _FAR):
            return None
        fits = [ranked[0][0]]
    letter = fits[0]
    if letter not in words.letters:
        return None
    is_capital = (not head) or (len(head) > 1 and head == head.upper())
    return letter.upper() if is_capital else letter


def _starts_sentence(before: str) -> bool:
    return not before.strip() or before.rstrip()[-1:] in ".!?:"


_WORD_END = re.compile(r"[^\W\d_]+$")
_WORD_START = re.compile("(?:[^\\W\\d_]|\ufffd)+")
_STEPS_OF_A_WORD = 400
_COMMON_WORD = -14.0
_FAR = 3.0
_MOST_BYTES = 2
