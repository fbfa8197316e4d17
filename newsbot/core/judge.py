"""Which blocks are the story: the learned judgement, and the set of blocks it comes to.

What comes in: `Segments` and what the metadata claims. What goes out: a probability a block, the numbers of the
story's blocks, and on demand the features that tipped a block. Knows no role but "story or not".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import Block, Segments
from newsbot.core.feature_text import Matrix
from newsbot.core.features import measure
from newsbot.core.forest import load_forest
from newsbot.core.roles import Claims

STORY = 0.5
# With no block above STORY, a page that still has one above this one is read at half of its best probability:
# an unusual layout must not come out empty.
FAINT = 0.1
MIN_FAINT_CHARS = 150
MIN_COPY_CHARS = 40
_REASONS = 6
_MODEL = "story"


@dataclass(frozen=True, slots=True)
class Judgement:
    """``probability`` has one value a block; ``matrix`` has the features of the blocks *rows*, a column a block."""

    probability: NDArray[np.float64]
    rows: NDArray[np.intp]
    matrix: Matrix

    def reason(self, block: int) -> str:
        """The features that tipped *block*, strongest first, with what each added to the log-odds."""
        at = int(np.searchsorted(self.rows, block))
        if at == len(self.rows) or self.rows[at] != block:
            return "not judged: nothing but a link"
        found = load_forest(_MODEL).contributions(self.matrix[:, at])
        strongest = list(found.items())[:_REASONS]
        told = ", ".join(f"{name} {value:+.2f}" for name, value in strongest)
        return f"story {self.probability[block]:.3f}: {told}"


def judge(segments: Segments, claims: Claims) -> Judgement:
    """How likely each block is part of the story."""
    measured = measure(segments, claims)
    probability = np.zeros(len(segments.blocks))
    if len(measured.rows):
        log_odds = load_forest(_MODEL).column_scores(measured.matrix)[:, 0]
        probability[measured.rows] = 1.0 / (1.0 + np.exp(-log_odds))
    return Judgement(probability, measured.rows, measured.matrix)


def story_blocks(blocks: Sequence[Block], probability: NDArray[np.float64], limit: float = STORY) -> list[int]:
    """The numbers of the story's blocks, in order; a longer text that stands twice is taken once."""
    seen: set[str] = set()
    out = []
    for index in np.flatnonzero(probability >= limit).tolist():
        text = blocks[index].text
        if len(text) >= MIN_COPY_CHARS:
            if text in seen:
                continue
            seen.add(text)
        out.append(index)
    return out


def faint_story_blocks(blocks: Sequence[Block], probability: NDArray[np.float64]) -> list[int]:
    """The numbers of the blocks that come nearest to a story on a page that has none.

    Empty if none comes near, or if they are no more than a line.
    """
    best = float(probability.max(initial=0.0))
    if best < FAINT:
        return []
    found = story_blocks(blocks, probability, best / 2)
    return found if sum(len(blocks[index].text) for index in found) >= MIN_FAINT_CHARS else []
