"""Learned forests: symmetric trees as plain arrays.

What comes in: rows of numbers. What goes out: raw scores. A forest is a file of arrays under
``newsbot/core/data`` (no pickle, no code), written by a training script of ``benchmarks/quality``.
Knows nothing of pages.

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

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forest:
    """*trees* trees of *depth* questions each, at most eight.

    ``feature[depth, trees]`` and ``border[depth, trees]`` are the questions ("is the feature above the border?"; the
    answer to question ``d`` is bit ``d``), ``value[trees * 2**depth, outputs]`` the tables one after another,
    ``bias[outputs]`` what is added at the end.
    """

    feature: NDArray[np.int32]
    border: NDArray[np.float32]
    value: NDArray[np.float32]
    bias: NDArray[np.float32]
    features: int

    def scores(self, rows: Sequence[Sequence[float]] | NDArray[np.float32]) -> NDArray[np.float64]:
        """Raw scores (log odds), one row a row and one column an output."""
        outputs = len(self.bias)
        if not len(rows):
            return np.zeros((0, outputs))
        data = _table(rows)
        if data.shape[1] != self.features:
            raise ValueError(f"rows have {data.shape[1]} numbers, the forest knows {self.features}")
        depth, trees = self.feature.shape
        # Rows of numbers lie far apart, columns do not: all questions are asked of whole columns, at one go.
        columns = np.ascontiguousarray(data.T)
        above = (columns.take(self.feature, axis=0) > self.border[:, :, None]).view(np.uint8)
        answers = above[depth - 1]
        for level in range(depth - 2, -1, -1):
            answers += answers
            answers += above[level]
        place = answers.T + (np.arange(trees, dtype=np.int32) << depth)
        if outputs == 1:
            total: NDArray[np.float64] = self.value[:, 0].take(place).sum(axis=1, dtype=np.float64)
            return total[:, None] + self.bias
        parts = self.value.take(place.ravel(), axis=0).reshape(len(data), trees, outputs)
        totals: NDArray[np.float64] = parts.sum(axis=1, dtype=np.float64)
        return totals + self.bias


def _table(rows: Sequence[Sequence[float]] | NDArray[np.float32]) -> NDArray[np.float32]:
    """*rows*, all as long as the first, as one array."""
    if isinstance(rows, np.ndarray):
        return np.asarray(rows, dtype=np.float32)
    # Faster than `np.asarray`, which looks at each row by itself.
    width = len(rows[0])
    return np.fromiter(chain.from_iterable(rows), dtype=np.float32, count=len(rows) * width).reshape(-1, width)


def pack(forest: Forest) -> bytes:
    """The forest as the content of a file."""
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        feature=forest.feature.astype(np.int16),
        border=forest.border,
        value=forest.value,
        bias=forest.bias,
        features=np.array([forest.features], dtype=np.int16),
    )
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
        )


@lru_cache(maxsize=8)
def load_forest(name: str) -> Forest:
    """The forest shipped as ``newsbot/core/data/NAME.npz``; read once a process."""
    return unpack(files("newsbot.core").joinpath("data", f"{name}.npz").read_bytes())
