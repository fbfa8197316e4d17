"""Repairs held against the truth: exact sentences, right and wrong changes by certainty, lost characters found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from benchmarks.repair.damage import Damaged
from newsbot.items.model import Repair


@dataclass(slots=True)
class Score:
    """Counts over sentences. ``found`` and ``wrong`` count lost characters; the rest of ``lost`` is marked."""

    sentences: int = 0
    exact: int = 0
    ftfy_exact: int = 0
    certain: int = 0
    certain_right: int = 0
    inferred: int = 0
    inferred_right: int = 0
    lost: int = 0
    found: int = 0
    gone: int = 0
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
        for repair in repairs:
            if repair.certainty == "marked" or not repair.after or repair.kind == "normal_form":
                continue  # the normal form of a damaged text is no claim about what stood there
            is_right = right is None or all(place in right for place in range(repair.start, repair.end))
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
