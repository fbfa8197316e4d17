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
from functools import lru_cache
from math import exp, log

from newsbot.core.alphabets import is_east_asian
from newsbot.core.gaps import sign_score
from newsbot.core.vocabulary import Vocabulary, vocabulary
from newsbot.core.wrong_decoders import WrongDecoder

# A piece is inferred if its text has this share of the likelihood (benchmarks/repair prints how often it is right).
SURE = 0.99
SURE_OF_REPLACED = 0.998  # where nothing is left of the bytes themselves
_BEAM = 16
_MAX_CHARS = 160  # longer stretches without a space are no writing that can be told
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
SIGNS = "‘’“”–—…•„‚«»€°©®™·¿¡№′″\xa0\u202f"
_EAST_ASIAN_SIGNS = "　、。〈〉《》「」『』【】〜・！％（），．：；？～ー０１２３４５６７８９—…“”‘’·×°€"
_SIGN_SCORE = log(0.02)  # of a sign among letters, before its place is looked at


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


@dataclass(slots=True, eq=False)  # not frozen: thousands of them are made for a stretch
class _Path:
    """The text so far: its last character, the path before it, and where both stand in what is shown."""

    score: float
    previous: _Path | None
    char: str
    shown: int
    pending: bytes
    tail: str  # the last letters, for the spelling

    def text(self) -> str:
        chars = []
        path: _Path | None = self
        while path is not None:
            chars.append(path.char)
            path = path.previous
        return "".join(reversed(chars))

    def cuts(self) -> dict[int, int]:
        """Places in what is shown -> places in the text, where nothing is pending."""
        found, path, length = {}, self, 0
        steps: list[_Path] = []
        walk: _Path | None = path
        while walk is not None:
            steps.append(walk)
            walk = walk.previous
        for step in reversed(steps):
            length += len(step.char)
            if not step.pending:
                found[step.shown] = length
        return found


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
    by_text: dict[str, _Path] = {}
    for decoder in decoders:
        leads = _leads(shown, decoder) if len(shown) <= _MAX_CHARS and effort.left > 0 else None
        for path in _paths(shown, leads, decoder, words, effort) if leads is not None else ():
            by_text.setdefault(path.text(), path)
    if not by_text:
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
    shown: str, decoders: Sequence[WrongDecoder], paths: Sequence[_Path], texts: Sequence[str], shares: Sequence[float]
) -> Iterator[Piece]:
    """The pieces between places at which all paths of weight have nothing pending."""
    weighty = [at for at, share in enumerate(shares) if share > 1e-4]
    cuts = {at: paths[at].cuts() for at in weighty}
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


def _leads(shown: str, decoder: WrongDecoder) -> list[bytes | None] | None:
    """The bytes of each character outside ASCII, ``None`` for the others and the end; ``None`` if one has no bytes."""
    leads: list[bytes | None] = []
    for char in shown:
        if char.isascii() or char == "\ufffd":
            leads.append(None)
            continue
        try:
            leads.append(char.encode(decoder.codec))
        except UnicodeError:
            return None
    return [*leads, None]


def _paths(
    shown: str, leads: Sequence[bytes | None], decoder: WrongDecoder, words: Vocabulary, effort: Effort
) -> list[_Path]:
    """The likeliest texts that show as *shown*: a search from left to right that keeps the best at each place."""
    alphabet = _alphabet(words.letters, is_east_asian=is_east_asian(words.language))
    waiting: list[list[_Path]] = [[] for _ in range(len(shown) + 1)]
    first = _Path(0.0, None, "", 0, b"", "\n")
    _extend(first, shown, leads, decoder, alphabet, words, waiting, may_vanish=True)
    ends: list[_Path] = []
    most = min(effort.left, _MOST_STEPS)
    steps = 0
    for at in range(len(shown) + 1):
        steps += len(waiting[at]) + 1
        if steps > most:
            break
        for may_vanish in (True, False):  # what shows nothing itself lengthens this very row, once
            row = _best(waiting[at])
            waiting[at] = []
            for path in row:
                if at >= len(shown) - 2 and _ends(path, shown, decoder):
                    ends.append(path)
                _extend(path, shown, leads, decoder, alphabet, words, waiting, may_vanish=may_vanish)
    effort.left -= steps
    return ends if steps <= most else []


def _best(row: list[_Path]) -> list[_Path]:
    """The best of *row*, all that are as good as the last one among them: signs are told apart at the end only."""
    if len(row) <= _BEAM:
        return row
    row = sorted(row, key=lambda path: -path.score)
    end = _BEAM
    while end < min(len(row), _MOST_ALIKE) and row[end].score > row[_BEAM - 1].score - _ALIKE:
        end += 1
    return row[:end]


_MOST_ALIKE, _ALIKE = 160, 1e-6


@lru_cache(maxsize=32)
def _alphabet(letters: str, *, is_east_asian: bool) -> str:
    return "".join(dict.fromkeys(_ASCII + letters + (_EAST_ASIAN_SIGNS if is_east_asian else SIGNS)))


# A stretch that leaves more open than this many steps of search cannot be told.
_MOST_STEPS = 6_000


def _extend(
    path: _Path,
    shown: str,
    leads: Sequence[bytes | None],
    decoder: WrongDecoder,
    alphabet: str,
    words: Vocabulary,
    waiting: list[list[_Path]],
    *,
    may_vanish: bool,
) -> None:
    """Put the paths one character longer than *path* where they wait."""
    table = decoder.table(alphabet, path.pending)
    start, so_far, before = path.shown, path.score, path.tail
    known, at_once = words.scores, words.next_score
    for length in range(0 if may_vanish else 1, min(5, len(shown) + 1 - start)):
        options = table.get(shown[start : start + length])
        if options is None:
            continue
        lead = leads[start + length]
        for char, pending, letter in options:
            is_kept = lead is not None and lead.startswith(pending)
            if not length and not (pending and is_kept):
                continue  # it would leave no trace: there is no end of such texts
            if pending and lead is not None and not is_kept and not decoder.drops(pending, lead):
                continue
            if letter:
                score = known.get((before, letter))
                score = so_far + (score if score is not None else at_once(before, letter))
                tail = (before + letter)[-3:]
            else:
                score, tail = so_far + _SIGN_SCORE, "\n"
            waiting[start + length].append(_Path(score, path, char, start + length, pending, tail))


def _ends(path: _Path, shown: str, decoder: WrongDecoder) -> bool:
    """Whether a space after *path* gives the rest of what is shown."""
    if not path.pending:
        return path.shown == len(shown)
    rest, _ = decoder.step(path.pending, " ")
    return rest == shown[path.shown :] + " "


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
