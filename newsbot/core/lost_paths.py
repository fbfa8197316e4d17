"""Every text that a wrong decoder shows as a given stretch: a search from left to right that keeps the likeliest.

What comes in: a stretch without spaces as it is shown, a decoder, the vocabulary of a language. What goes out:
`Ending`s: whole texts, how likely their letters follow one another, and where they can be cut. Knows nothing of the
line around the stretch, so that a stretch is searched once for a whole text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log

from newsbot.core.alphabets import is_east_asian
from newsbot.core.vocabulary import Vocabulary, vocabulary
from newsbot.core.wrong_decoders import Table, WrongDecoder

# A stretch that leaves more open than this many steps of search cannot be told.
MOST_STEPS = 6_000
_MAX_CHARS = 160  # longer stretches without a space are no writing that can be told
_BEAM = 16
_MOST_ALIKE, _ALIKE = 160, 1e-6
_ASCII = "".join(map(chr, range(0x21, 0x7F)))
_SIGNS = "‘’“”–—…•„‚«»€°©®™·¿¡№′″\xa0\u202f"
_EAST_ASIAN_SIGNS = "　、。〈〉《》「」『』【】〜・！％（），．：；？～ー０１２３４５６７８９—…“”‘’·×°€"
_SIGN_SCORE = log(0.02)  # of a sign among letters, before its place is looked at


@dataclass(frozen=True, slots=True)
class Ending:
    """A text that shows as the stretch; ``cuts`` are places shown -> places in the text, where nothing is pending."""

    text: str
    score: float
    cuts: Mapping[int, int]


@dataclass(slots=True, eq=False)  # not frozen: thousands of them are made for a stretch
class _Path:
    """The text so far: its last character, the path before it, and where both stand in what is shown."""

    score: float
    previous: _Path | None
    char: str
    shown: int
    pending: bytes
    tail: str  # the last letters, for the spelling

    def ending(self) -> Ending:
        steps: list[_Path] = []
        path: _Path | None = self
        while path is not None:
            steps.append(path)
            path = path.previous
        steps.reverse()
        cuts, length = {}, 0
        for step in steps:
            length += len(step.char)
            if not step.pending:
                cuts[step.shown] = length
        return Ending("".join([step.char for step in steps]), self.score, cuts)


@lru_cache(maxsize=1024)
def endings(shown: str, decoder: WrongDecoder, language: str) -> tuple[int, Sequence[Ending]]:
    """How many steps it took, and the likeliest texts of *language* that *decoder* shows as *shown*.

    None where it would take over `MOST_STEPS`. Words come back on a page, and so do their stretches.
    """
    words = vocabulary(language)
    leads = _leads(shown, decoder) if len(shown) <= _MAX_CHARS else None
    if leads is None or words is None:
        return 0, ()
    return _Search(shown, leads, decoder, words).run()


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


@lru_cache(maxsize=32)
def _alphabet(letters: str, *, with_east_asian: bool) -> str:
    return "".join(dict.fromkeys(_ASCII + letters + (_EAST_ASIAN_SIGNS if with_east_asian else _SIGNS)))


class _Search:
    """One search: the paths wait at the place in what is shown that they have come to."""

    def __init__(self, shown: str, leads: Sequence[bytes | None], decoder: WrongDecoder, words: Vocabulary) -> None:
        self._shown = shown
        self._leads = leads
        self._decoder = decoder
        self._words = words
        self._alphabet = _alphabet(words.letters, with_east_asian=is_east_asian(words.language))
        self._tables: dict[bytes, Table] = {}
        self._may_follow: dict[tuple[bytes, bytes | None], int] = {}
        self._waiting: list[list[_Path]] = [[] for _ in range(len(shown) + 1)]

    def run(self) -> tuple[int, Sequence[Ending]]:
        self._extend(_Path(0.0, None, "", 0, b"", "\n"), may_vanish=True)
        ends: list[_Path] = []
        steps, last = 0, len(self._shown)
        for at in range(last + 1):
            steps += len(self._waiting[at]) + 1
            if steps > MOST_STEPS:
                return steps, ()
            for may_vanish in (True, False):  # what shows nothing itself lengthens this very row, once
                row = _best(self._waiting[at])
                self._waiting[at] = []
                for path in row:
                    if at >= last - 2 and self._ends(path):
                        ends.append(path)
                    self._extend(path, may_vanish=may_vanish)
        return steps, tuple(path.ending() for path in ends)

    def _extend(self, path: _Path, *, may_vanish: bool) -> None:
        """Put the paths one character longer than *path* where they wait."""
        table = self._tables.get(path.pending)
        if table is None:
            table = self._tables[path.pending] = self._decoder.table(self._alphabet, path.pending)
        shown, start, so_far, before = self._shown, path.shown, path.score, path.tail
        known, at_once = self._words.scores, self._words.next_score
        for length in range(0 if may_vanish else 1, min(5, len(shown) + 1 - start)):
            groups = table.get(shown[start : start + length])
            if groups is None:
                continue
            end = start + length
            lead, waiting = self._leads[end], self._waiting[end]
            for pending, chars in groups:
                follows = self._follows(pending, lead) if pending else _KEPT
                if follows == _NEVER or (not length and not (pending and follows == _KEPT)):
                    continue  # without a trace: there is no end of such texts
                for char, letter in chars:
                    if letter:
                        score = known.get((before, letter))
                        score = so_far + (score if score is not None else at_once(before, letter))
                        waiting.append(_Path(score, path, char, end, pending, (before + letter)[-3:]))
                    else:
                        waiting.append(_Path(so_far + _SIGN_SCORE, path, char, end, pending, "\n"))

    def _follows(self, pending: bytes, lead: bytes | None) -> int:
        """Whether the character of the bytes *lead*, shown next, is begun by *pending*, drops it, or neither."""
        key = pending, lead
        found = self._may_follow.get(key)
        if found is None:
            if lead is not None and lead.startswith(pending):
                found = _KEPT
            else:
                found = _DROPPED if lead is None or self._decoder.drops(pending, lead) else _NEVER
            self._may_follow[key] = found
        return found

    def _ends(self, path: _Path) -> bool:
        """Whether a space after *path* gives the rest of what is shown."""
        if not path.pending:
            return path.shown == len(self._shown)
        rest, _ = self._decoder.step(path.pending, " ")
        return rest == self._shown[path.shown :] + " "


_KEPT, _DROPPED, _NEVER = range(3)


def _best(row: list[_Path]) -> list[_Path]:
    """The best of *row*, all that are as good as the last one among them: signs are told apart at the end only."""
    if len(row) <= _BEAM:
        return row
    row = sorted(row, key=lambda path: -path.score)
    end = _BEAM
    while end < min(len(row), _MOST_ALIKE) and row[end].score > row[_BEAM - 1].score - _ALIKE:
        end += 1
    return row[:end]
