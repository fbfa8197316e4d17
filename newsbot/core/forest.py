"""Learned forests: symmetric trees as plain arrays.

What comes in: a matrix of features. What goes out: raw scores, and on demand what each feature added. A forest is a
file of arrays under ``newsbot/core/data`` (no pickle, no code), written by a training script of
``benchmarks/quality``. Knows nothing of pages.

All splits of one level of a symmetric tree ask the same question, so that a tree is a table: the answers,
read as a binary number, are the place of its value. A whole forest is then a few operations on arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO
from itertools import chain
from struct import pack as pack_values
from typing import Any

import numpy as np
from numpy.typing import NDArray

# Rows that are scored at a time: the answers of so many fit the processor's caches.
_CHUNK = 2_000
# Trees times rows up to which all levels at once are faster: by a third at 1,500, and equal at 5,000.
_FEW = 4_000
_BINARY = np.array([1, 2, 4, 8, 16, 32, 64, 128], np.uint8)


@dataclass(frozen=True, slots=True)
class Forest:
    """*trees* trees of *depth* questions each, at most eight.

    ``feature[depth, trees]`` and ``border[depth, trees]`` are the questions ("is the feature above the border?"; the
    answer to question ``d`` is bit ``d``), ``value[trees * 2**depth, outputs]`` the tables one after another,
    ``bias[outputs]`` what is added at the end. Forests that can explain themselves also have the ``names`` of their
    features, and ``counts``: for each place of the tables, how many training rows fell there.
    """

    feature: NDArray[np.int32]
    border: NDArray[np.float32]
    value: NDArray[np.float32]
    bias: NDArray[np.float32]
    features: int
    names: tuple[str, ...] = ()
    counts: NDArray[np.float32] | None = None

    def scores(self, rows: Sequence[Sequence[float]] | NDArray[np.float32]) -> NDArray[np.float64]:
        """Raw scores (log odds), one row a row and one column an output."""
        if not len(rows):
            return np.zeros((0, len(self.bias)))
        # Rows of numbers lie far apart, columns do not: all questions are asked of whole columns, at one go.
        return self.column_scores(np.ascontiguousarray(_table(rows).T))

    def column_scores(self, columns: NDArray[np.float32]) -> NDArray[np.float64]:
        """The same for a matrix with one row a feature and one column a row to be scored."""
        if len(columns) != self.features:
            raise ValueError(f"rows have {len(columns)} numbers, the forest knows {self.features}")
        count = columns.shape[1]
        if count <= _CHUNK:
            return self._scores_of(columns)
        parts = [self._scores_of(columns[:, start : start + _CHUNK]) for start in range(0, count, _CHUNK)]
        return np.concatenate(parts)

    def _scores_of(self, columns: NDArray[np.float32]) -> NDArray[np.float64]:
        depth, trees = self.feature.shape
        places = self._few_places(columns) if trees * columns.shape[1] <= _FEW else self._many_places(columns)
        first = np.arange(trees, dtype=np.intp) << depth
        found = places + first[:, None]
        if len(self.bias) == 1:
            total: NDArray[np.float64] = self.value[:, 0].take(found).sum(axis=0, dtype=np.float64)
            return total[:, None] + self.bias
        totals: NDArray[np.float64] = self.value.take(found, axis=0).sum(axis=0, dtype=np.float64)
        return totals + self.bias

    def _many_places(self, columns: NDArray[np.float32]) -> NDArray[np.uint8]:
        """In each tree's table, the place of each row; one level of all trees after another."""
        depth, trees = self.feature.shape
        places = np.zeros((trees, columns.shape[1]), np.uint8)
        for level in reversed(range(depth)):
            places += places  # one more binary digit, before the answer that fills it
            # `take` copies whole rows, which plain indexing does value by value.
            places |= columns.take(self.feature[level], axis=0) > self.border[level][:, None]
        return places

    def _few_places(self, columns: NDArray[np.float32]) -> NDArray[np.uint8]:
        """The same by all levels at once: few calls, which is what a few rows cost."""
        depth, trees = self.feature.shape
        answers = columns.take(self.feature.ravel(), axis=0) > self.border.reshape(-1, 1)
        places: NDArray[np.uint8] = _BINARY[:depth] @ answers.view(np.uint8).reshape(depth, -1)
        return places.reshape(trees, -1)

    def contributions(self, row: NDArray[np.float32]) -> dict[str, float]:
        """What each feature added to the score of *row* (one output), the strongest first.

        Each answer moves the expected value of the tree (over the training rows that remain possible) from what
        it was before; the move is that feature's (Saabas' rule). Raises ``ValueError`` without names and counts.
        """
        if self.counts is None or not self.names:
            raise ValueError("the forest has no names or no counts")
        depth, trees = self.feature.shape
        leaves, counts = self.value[:, 0].reshape(trees, -1), self.counts.reshape(trees, -1) + 1e-6
        answers = row[self.feature] > self.border
        bits = np.arange(1 << depth)
        total: dict[str, float] = {}
        for tree in range(trees):
            possible = np.ones(len(bits), bool)
            before = float(np.average(leaves[tree], weights=counts[tree]))
            for level in reversed(range(depth)):
                possible &= ((bits >> level) & 1) == answers[level, tree]
                after = float(np.average(leaves[tree][possible], weights=counts[tree][possible]))
                name = self.names[self.feature[level, tree]]
                total[name] = total.get(name, 0.0) + after - before
                before = after
        return dict(sorted(total.items(), key=lambda item: (-abs(item[1]), item[0])))


def _table(rows: Sequence[Sequence[float]] | NDArray[np.float32]) -> NDArray[np.float32]:
    """*rows*, all as long as the first, as one array."""
    if isinstance(rows, np.ndarray):
        return np.asarray(rows, dtype=np.float32)
    # A third faster than `np.asarray` and `np.fromiter`, which look at the kind of each number.
    values = tuple(chain.from_iterable(rows))
    return np.frombuffer(pack_values(f"{len(values)}f", *values), dtype=np.float32).reshape(len(rows), -1)


def pack(forest: Forest) -> bytes:
    """The forest as the content of a file."""
    arrays: dict[str, Any] = {  # the stubs take no dictionary of arrays
        "feature": forest.feature.astype(np.int16),
        "border": forest.border,
        "value": forest.value,
        "bias": forest.bias,
        "features": np.array([forest.features], dtype=np.int16),
    }
    if forest.names:
        arrays["names"] = np.array(forest.names)
    if forest.counts is not None:
        arrays["counts"] = forest.counts
    buffer = BytesIO()
    np.savez_compressed(buffer, **arrays)
    return buffer.getvalue()


def unpack(content: bytes) -> Forest:
    """The forest in the content of a file."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        return Forest(
            feature=arrays["feature"].astype(np.int32),
            border=arrays["border"].astype(np.float32),
            value=arrays["value"].astype(np.float32),
            bias=arrays["bias"].astype(np.float32),
            features=int(arrays["features"][0]),
            names=tuple(str(name) for name in arrays["names"]) if "names" in arrays else (),
            counts=arrays["counts"].astype(np.float32) if "counts" in arrays else None,
        )


@lru_cache(maxsize=8)
def load_forest(name: str) -> Forest:
    """The forest shipped as ``newsbot/core/data/NAME.npz``; read once a process."""
    return unpack(files("newsbot.core").joinpath("data", f"{name}.npz").read_bytes())
