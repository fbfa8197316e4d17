"""Labels for the blocks of the kit's pages, made by aligning the kit's truth with them.

What comes in: a line of the kit's ``truth.jsonl`` and the `Segments` of its page. What goes out: for each
block a label (1 story, 0 not, -1 not known) and a weight. Used for training and for looking at errors only.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from dataclasses import dataclass
from typing import Any

from newsbot.core.blocks import Segments

_CJK = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_CJK}]|[^\W{_CJK}]+")
_INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_GRAM = 4

UNKNOWN = -1


@dataclass(frozen=True, slots=True)
class Labels:
    """One value a block; ``covered`` is the share of all truth words that stands in blocks labelled 1."""

    label: list[int]
    weight: list[float]
    covered: float


def words_of(text: str | None) -> list[str]:
    """Folded words; a Chinese or Japanese character is a word of its own (as the kit's scorer counts)."""
    folded = unicodedata.normalize("NFKC", (text or "").translate(_INVISIBLE)).casefold()
    return [word for word in _TOKEN.findall(folded) if word.strip("_")]


def label_blocks(truth: dict[str, Any], segments: Segments) -> Labels:
    """The labels of the page's blocks, from whichever kind of truth the data set has."""
    if "with" in truth:
        return _from_segments(truth, segments)
    paragraphs = truth.get("paragraphs")
    if paragraphs is None:
        paragraphs = [line for line in truth["body"].splitlines() if line.strip()]
    optional = truth.get("optional") or [False] * len(paragraphs)
    return _from_paragraphs(paragraphs, optional, segments)


def _from_paragraphs(paragraphs: list[str], optional: list[bool], segments: Segments) -> Labels:
    words: list[str] = []
    owner: list[int] = []
    bounds: set[int] = set()
    for number, text in enumerate(paragraphs):
        bounds.add(len(words))
        for word in words_of(text):
            words.append(word)
            owner.append(number)
    bounds.add(len(words))
    places: dict[tuple[str, ...], list[int]] = {}
    for size in range(1, _GRAM + 1):
        for at in range(len(words) - size + 1):
            places.setdefault(tuple(words[at : at + size]), []).append(at)

    # Candidates: (block, first truth word, number of truth words): the places where a block can stand.
    candidates: list[tuple[int, int, int, float]] = []
    for block in segments.blocks:
        block_words = words_of(block.text)
        if not block_words:
            continue
        for start, hits in _placements(block_words, places, bounds):
            share = hits / len(block_words)
            if share >= 0.5:
                candidates.append((block.index, start, len(block_words), hits * (0.2 if block.hidden else 1.0)))
    chosen = _heaviest_chain(candidates)
    label = [0] * len(segments.blocks)
    weight = [1.0] * len(segments.blocks)
    seen = {tuple(words_of(segments.blocks[at].text)) for at, *_ in chosen}
    covered = 0.0
    for index, start, length, _ in chosen:
        label[index] = 1
        covered += min(length, len(words) - start)
        if optional[owner[min(start + length // 2, len(owner) - 1)]]:
            label[index] = UNKNOWN
    picked = {index for index, *_ in chosen}
    for block in segments.blocks:  # a second copy of a story's paragraph teaches nothing
        if block.index not in picked and len(block.text) > 40 and tuple(words_of(block.text)) in seen:
            weight[block.index] = 0.3
    return Labels(label, weight, covered / len(words) if words else 1.0)


def _placements(
    block_words: list[str], places: dict[tuple[str, ...], list[int]], bounds: set[int]
) -> list[tuple[int, int]]:
    """(first truth word, words that agree) for each way the block can lie on the truth."""
    size = min(_GRAM, len(block_words))
    if len(block_words) < _GRAM:  # short text stands for itself only as a whole paragraph, or at an end of one
        spots = places.get(tuple(block_words), [])
        return [(at, size) for at in spots if at in bounds or at + size in bounds]
    votes: dict[int, set[int]] = {}
    for at in range(len(block_words) - size + 1):
        for spot in places.get(tuple(block_words[at : at + size]), ()):
            slot = (spot - at) // 8  # words that differ in number shift the rest a little
            for near in (slot, slot + 1):
                votes.setdefault(near, set()).update(range(at, at + size))
    if not votes:
        return []
    best = sorted(votes.items(), key=lambda item: (-len(item[1]), item[0]))[:4]
    return [(max(0, slot * 8), len(hit)) for slot, hit in best]


def _heaviest_chain(candidates: list[tuple[int, int, int, float]]) -> list[tuple[int, int, int, float]]:
    """The heaviest set of candidates in which blocks and truth places both grow."""
    candidates.sort(key=lambda c: (c[0], -c[1]))
    ends: list[int] = []  # truth end -> best weight so far, kept as a growing front
    best: list[tuple[float, int]] = []  # (weight, candidate)
    back: list[int] = []
    totals: list[float] = []
    i = 0
    while i < len(candidates):
        j = i
        group = []
        while j < len(candidates) and candidates[j][0] == candidates[i][0]:
            _, start, length, hits = candidates[j]
            slack = 10 if length >= _GRAM else 4
            k = bisect_left(ends, start + slack + 1) - 1
            before, link = (best[k][0], best[k][1]) if k >= 0 else (0.0, -1)
            back.append(link)
            totals.append(before + hits)
            group.append((start + length, before + hits, j))
            j += 1
        for end, total, number in group:
            k = bisect_left(ends, end)
            if (k < len(ends) and ends[k] == end and best[k][0] >= total) or (k > 0 and best[k - 1][0] >= total):
                continue
            while k < len(ends) and best[k][0] <= total:
                del ends[k], best[k]
            ends.insert(k, end)
            best.insert(k, (total, number))
        i = j
    if not best:
        return []
    chain = []
    number = best[-1][1]
    while number >= 0:
        chain.append(candidates[number])
        number = back[number]
    return chain[::-1]


def _from_segments(truth: dict[str, Any], segments: Segments) -> Labels:
    label = [UNKNOWN] * len(segments.blocks)
    for value, key in ((0, "without"), (1, "with")):
        for segment in truth[key]:
            text = " ".join(segment.split())
            where = [block for block in segments.blocks if text in block.text]
            if not where:  # a segment that spans blocks
                where = [block for block in segments.blocks if len(block.text) > 15 and block.text in text]
            drawn = [block for block in where if not block.hidden] or where
            if value:
                for block in drawn[:1] if len(drawn) == 1 else drawn:
                    label[block.index] = 1 if len(drawn) == 1 else UNKNOWN
            else:
                for block in drawn:
                    label[block.index] = 0
    return Labels(label, [1.0] * len(label), 1.0)
