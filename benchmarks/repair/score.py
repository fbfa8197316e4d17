"""Repairs held against the truth: exact sentences, right and wrong changes by certainty, lost characters found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from benchmarks.repair.damage import Damaged
from newsbot.items.model import Repair

_FORM = "nfc"


@dataclass(slots=True)
class Score:
    """Counts over sentences, of repairs, and of characters that lost bytes.

    ``by_rule`` counts repairs by certainty, rule and whether they are right.

    ``found`` are those of ``lost`` that the repaired text has; of ``gone`` nothing is left to see. ``marked`` are
    places, of one lost character or of several.
    """

    sentences: int = 0
    exact: int = 0
    ftfy_exact: int = 0
    certain: int = 0
    certain_right: int = 0
    inferred: int = 0
    inferred_right: int = 0
    marked: int = 0
    lost: int = 0
    found: int = 0
    gone: int = 0
    by_rule: Counter[tuple[str, str, bool]] = field(default_factory=Counter)
    samples: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        """Add the counts of *other*."""
        for name in self.__slots__:
            mine, more = getattr(self, name), getattr(other, name)
            setattr(self, name, mine + more)

    def judge(self, truth: str, damaged: Damaged, repaired: str, repairs: Iterable[Repair]) -> None:
        """Count one sentence; *repairs* are of *repaired*."""
        self.sentences += 1
        self.lost += len(damaged.lost - damaged.gone)
        self.gone += len(damaged.gone)
        if repaired == truth:
            self.exact += 1
            self.found += len(damaged.lost - damaged.gone)
        right, whole = _matched(repaired, truth)
        if repaired != truth:
            self.found += sum(1 for place in damaged.lost - damaged.gone if place in whole)
        repairs = list(repairs)
        shifts = _shifts(repairs)
        for repair in repairs:
            self.marked += repair.certainty == "marked"
            if repair.certainty == "marked" or not repair.after or repair.rule == _FORM:
                continue  # the normal form of a damaged text is no claim about what stood there
            is_right = right is None or _stood_there(repair, shifts.get(id(repair), 0), truth, damaged)
            if is_right is None:
                is_right = all(place in right for place in range(repair.start, repair.end))
            self.by_rule[repair.certainty, repair.rule, is_right] += 1
            if repair.certainty == "certain":
                self.certain += 1
                self.certain_right += is_right
            else:
                self.inferred += 1
                self.inferred_right += is_right
            if not is_right and len(self.samples) < 40:
                self.samples.append(
                    f"{repair.certainty} {repair.rule}: {repair.before!r} -> {repair.after!r} in {truth!r}"
                )


def _shifts(repairs: Iterable[Repair]) -> dict[int, int]:
    """How far each repair's place in the repaired text is from its place in the damaged one."""
    shifts, shift = {}, 0
    for repair in sorted(repairs, key=lambda repair: (repair.start, repair.end)):
        shifts[id(repair)] = shift
        shift += len(repair.after) - len(repair.before)
    return shifts


def _stood_there(repair: Repair, shift: int, truth: str, damaged: Damaged) -> bool | None:
    """Whether the sentence has at this place what *repair* says; ``None`` if the place cannot be followed.

    Bytes dropped before and after the characters shown may be part of what was repaired, or not.
    """
    sources = damaged.sources
    start = repair.start - shift
    end = start + len(repair.before)
    if not damaged.lost or len(sources) != len(damaged.text) or end > len(sources) or start < 0 or start == end:
        return None
    data = truth.encode()
    gone = {len(truth[:place].encode()) for place in damaged.gone}
    firsts = {sources[start][0], sources[start - 1][1] if start else 0}
    lasts = {sources[end - 1][1], sources[end][0] if end < len(sources) else len(data)}
    return any(
        repair.after in (data[first:last].decode(), _without(data, first, last, gone))
        for first in _starts(data, firsts)
        for last in _starts(data, lasts)
        if first < last
    )


def _without(data: bytes, first: int, last: int, gone: set[int]) -> str:
    """``data[first:last]`` without the characters that begin in *gone*, of which nothing is left to see."""
    kept, at = "", first
    for char in data[first:last].decode():
        kept += char if at not in gone else ""
        at += len(char.encode())
    return kept


def _starts(data: bytes, places: set[int]) -> set[int]:
    """The beginnings of the characters that *places* are in, and of the next ones."""
    found = set()
    for place in places:
        for step in (-1, 1):
            at = place
            while 0 < at < len(data) and data[at] & 0xC0 == 0x80:
                at += step
            found.add(at)
    return found


def _matched(repaired: str, truth: str) -> tuple[set[int] | None, set[int]]:
    """The places of both texts that match each other; ``None`` for all of them."""
    if repaired == truth:
        return None, set()
    right: set[int] = set()
    whole: set[int] = set()
    for a, b, size in SequenceMatcher(None, repaired, truth, autojunk=False).get_matching_blocks():
        right.update(range(a, a + size))
        whole.update(range(b, b + size))
    return right, whole
