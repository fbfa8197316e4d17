"""Sentences of ours, damaged by every codec pair, repaired by newsbot and by ftfy.

A cell is a language, a codec, what the decoder does with bytes it cannot read, once or twice, and a page of the
sentence's language or of another. Every cell gives as many sentences as any other, or all it has if asked for.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product
from math import gcd
from multiprocessing import Pool
from typing import NamedTuple

import ftfy

from benchmarks.repair.damage import EAST_ASIAN, ERRORS, SINGLE_BYTE, Damaged, damage, damage_twice
from benchmarks.repair.score import Score
from benchmarks.repair.sentences import Sentence, read_sentences
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.repair import repair_text

# Good prose of a foreign page around the damage.
_PROSE = {
    "en": "The committee met on Tuesday and agreed to look at the plans again in the spring.",
    "fr": "Le comité s’est réuni mardi et a décidé de revoir les plans au printemps prochain.",
}
_FAMILIES = {**dict.fromkeys(EAST_ASIAN, "East Asian"), **dict.fromkeys(SINGLE_BYTE, "single byte")}
_STRIDE = 37  # from a cell's first sentence to the next one's: no cell begins with the same frame and name


class Cell(NamedTuple):
    """One way of damage to text of one language, on a page of the same (`is_own`) or of another."""

    language: str
    codec: str
    errors: str
    times: int
    is_own: bool


@dataclass(frozen=True, slots=True)
class Task:
    """The cells of one language and codec, and how many sentences each gives; 0 for all."""

    language: str
    codec: str
    number: int
    per_cell: int


def report(*, per_cell: int, samples: int, workers: int) -> dict[str, float]:
    """Print a line for each codec, way of decoding and number of layers, the sums, and the totals.

    Returns the figures that have floors.
    """
    cells = measure(per_cell=per_cell, workers=workers)
    languages = sorted({cell.language for cell in cells})
    sentences = f"{len(read_sentences())} sentences in {len(languages)} languages: {' '.join(languages)}"
    print(f"{sentences}; {f'{per_cell} a cell' if per_cell else 'all'}")
    print(f"{'':27} {'texts':>7} {'exact':>7} {'ftfy':>7} {'certain':>8} {'wrong':>6} "
          f"{'inferred':>8} {'right':>7} {'lost':>6} {'found':>7} {'marked':>7} {'gone':>6}")  # fmt: skip
    _lines(cells, lambda cell: f"{cell.codec:10} {cell.errors:8} {cell.times} x")
    print()
    _lines(cells, lambda cell: f"{cell.times} x, {cell.language}")
    print()
    _lines(cells, lambda cell: f"{cell.times} x, page language {'own' if cell.is_own else 'foreign'}")
    print()
    sums = _lines(cells, lambda cell: f"{cell.times} x, {_FAMILIES[cell.codec]}", samples)
    once, every = _lines(cells, lambda cell: f"{cell.times} x, all")["1 x, all"], Score()
    for score in sums.values():
        every.add(score)
    _line("total", every)
    return {
        "certain_wrong": every.certain - every.certain_right,
        "inferred_right": every.inferred_right / max(every.inferred, 1),
        "inferred_right_once": once.inferred_right / max(once.inferred, 1),
        "lost_found": once.found / max(once.lost, 1),
    }


def measure(*, per_cell: int, workers: int) -> Mapping[Cell, Score]:
    """The score of each cell that has sentences; progress goes to standard error."""
    languages = sorted({sentence.language for sentence in read_sentences()})
    tasks = [
        Task(language, codec, number, per_cell)
        for number, (language, codec) in enumerate(product(languages, (*EAST_ASIAN, *SINGLE_BYTE)))
    ]
    cells: dict[Cell, Score] = {}
    with Pool(workers) as pool:
        for done, found in enumerate(pool.imap(scores, tasks), 1):
            cells |= found
            if done % 19 == 0:
                print(f"damage: {done} of {len(tasks)} languages × codecs", file=sys.stderr, flush=True)
    return cells


def _lines(cells: Mapping[Cell, Score], name: object, samples: int = 0) -> Mapping[str, Score]:
    """Print a line for each name that *name* gives to cells, with the sum of their scores."""
    assert callable(name)
    sums: dict[str, Score] = defaultdict(Score)
    for cell, score in cells.items():
        sums[name(cell)].add(score)
    for shown, score in sorted(sums.items()):
        _line(shown, score)
        for sample in score.samples[:samples]:
            print("   ", sample)
    return sums


def scores(task: Task) -> dict[Cell, Score]:
    found: dict[Cell, Score] = {}
    for number, (errors, times, is_own) in enumerate(product(ERRORS, (1, 2), (True, False))):
        score = Score()
        first = (task.number * 12 + number) * _STRIDE
        for sentence, damaged in islice(_damaged(task, errors, times, first), task.per_cell or None):
            _judge(score, sentence, damaged, is_own=is_own)
        if score.sentences:
            found[Cell(task.language, task.codec, errors, times, is_own)] = score
    return found


@cache
def _sentences(language: str) -> list[Sentence]:
    return [sentence for sentence in read_sentences() if sentence.language == language]


def _damaged(task: Task, errors: str, times: int, first: int) -> Iterator[tuple[Sentence, Damaged]]:
    """The sentences that can be damaged so, from the one of number *first* on."""
    make = damage if times == 1 else damage_twice
    for sentence in spread(_sentences(task.language), first):
        damaged = make(sentence.text, task.codec, errors)
        if damaged is not None:
            yield sentence, damaged


def spread(sentences: Sequence[Sentence], first: int) -> Iterator[Sentence]:
    """Each of *sentences* once, neighbours of different frames and names, from number *first* on."""
    size = len(sentences)
    step = next(step for step in range(_STEP, _STEP + size) if gcd(step, size) == 1)
    for number in range(size):
        yield sentences[(first + number * step) % size]


_STEP = 51


def _judge(score: Score, sentence: Sentence, damaged: Damaged, *, is_own: bool) -> None:
    """Once after prose of the sentence's own language, once after prose of a foreign page's."""
    if is_own:
        page_language, prose = sentence.language, _own_prose(sentence)
    else:
        page_language = "fr" if sentence.language == "en" else "en"
        prose = _PROSE[page_language]
    text, repairs = repair_text(f"{prose}\n{damaged.text}", Surroundings(page_language))
    for repair in repairs:
        repair.start -= len(prose) + 1
        repair.end -= len(prose) + 1
    score.judge(sentence.text, damaged, text.removeprefix(f"{prose}\n"), repairs)
    score.ftfy_exact += ftfy.fix_encoding(damaged.text) == sentence.text


def _own_prose(sentence: Sentence) -> str:
    """Another sentence of the language, of another frame and about another place."""
    sentences = _sentences(sentence.language)
    return sentences[(sentences.index(sentence) + 31) % len(sentences)].text


def _line(name: str, score: Score) -> None:
    def share(part: int, whole: int) -> str:
        return f"{part / whole:7.2%}" if whole else "      –"

    exact, ftfy_exact = share(score.exact, score.sentences), share(score.ftfy_exact, score.sentences)
    right, found = share(score.inferred_right, score.inferred), share(score.found, score.lost)
    wrong = score.certain - score.certain_right
    print(
        f"{name:27} {score.sentences:7} {exact} {ftfy_exact} {score.certain:8} {wrong:6} "
        f"{score.inferred:8} {right} {score.lost:6} {found} {score.marked:7} {score.gone:6}",
        flush=True,
    )
