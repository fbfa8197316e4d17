"""Symmetric decision trees as arrays: the learned judgement of blocks.

What comes in: a matrix of features. What goes out: one log-odds a row, and on demand what each feature
contributed. A model is a file of arrays below ``newsbot/core/data`` (no pickle), written by
``benchmarks/quality/train.py``. Knows nothing of pages.

In a symmetric tree all nodes of a level ask the same question, so that a leaf's number is just the row of
answers: a page's blocks go through all trees in a few array operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Trees:
    """Questions ``row[feature] > border``, and trees that look up a leaf by the answers to a few of them.

    ``feature`` and ``border``: one entry a question; ``question``: (trees, depth) numbers of questions;
    ``leaves`` and ``counts``: (trees, 2 ** depth), the values and how many training rows fell there.
    """

    names: tuple[str, ...]
    feature: NDArray[np.int32]
    border: NDArray[np.float32]
    question: NDArray[np.int32]
    leaves: NDArray[np.float32]
    counts: NDArray[np.float32]
    bias: float

    def log_odds(self, matrix: NDArray[np.float32]) -> NDArray[np.float64]:
        """One value a row; 0.0 is even odds."""
        if not len(matrix):
            return np.zeros(0)
        values = self.leaves.ravel().take(self._leaf_numbers(matrix))
        total: NDArray[np.float64] = values.sum(axis=0, dtype=np.float64) + self.bias
        return total

    def contributions(self, row: NDArray[np.float32]) -> dict[str, float]:
        """What each feature added to the row's log-odds, the strongest first.

        Each answer moves the expected value of the tree (over the training rows that remain possible) from what
        it was before; the move is that feature's (Saabas' rule).
        """
        answers = row[self.feature] > self.border
        total: dict[str, float] = {}
        for tree in range(len(self.question)):
            leaves, counts = self.leaves[tree], self.counts[tree] + 1e-6
            possible = np.ones(len(leaves), bool)
            before = float(np.average(leaves, weights=counts))
            for level in reversed(range(self.question.shape[1])):
                number = int(self.question[tree, level])
                possible &= ((np.arange(len(leaves)) >> level) & 1) == answers[number]
                after = float(np.average(leaves[possible], weights=counts[possible]))
                name = self.names[self.feature[number]]
                total[name] = total.get(name, 0.0) + after - before
                before = after
        return dict(sorted(total.items(), key=lambda item: (-abs(item[1]), item[0])))

    def _leaf_numbers(self, matrix: NDArray[np.float32]) -> NDArray[np.intp]:
        """(trees, rows) places in ``leaves.ravel()``."""
        # `take` copies whole rows, which plain indexing does value by value.
        answers = (np.ascontiguousarray(matrix.T).take(self.feature, axis=0) > self.border[:, None]).view(np.uint8)
        numbers = np.zeros((len(self.question), len(matrix)), np.uint8)
        for level in reversed(range(self.question.shape[1])):
            numbers += numbers  # one more binary digit, before the answer that fills it
            numbers |= answers.take(self.question[:, level], axis=0)
        first = np.arange(len(self.question), dtype=np.intp) * self.leaves.shape[1]
        places: NDArray[np.intp] = numbers + first[:, None]
        return places


@lru_cache(maxsize=8)
def load_trees(name: str) -> Trees:
    """The model ``newsbot/core/data/<name>.npz``."""
    path = files("newsbot.core") / "data" / f"{name}.npz"
    with np.load(BytesIO(path.read_bytes()), allow_pickle=False) as arrays:
        return Trees(
            names=tuple(str(n) for n in arrays["names"]),
            feature=arrays["feature"],
            border=arrays["border"],
            question=arrays["question"].astype(np.int32),
            leaves=arrays["leaves"].astype(np.float32),
            counts=arrays["counts"].astype(np.float32),
            bias=float(arrays["bias"]),
        )
