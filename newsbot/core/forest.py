"""Learned forests: boosted trees as plain arrays.

What comes in: rows of numbers. What goes out: raw scores. A forest is a file of arrays under
``newsbot/core/data`` (no pickle, no code), written by a training script of ``benchmarks/quality``.
Knows nothing of pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from io import BytesIO

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees side by side; node numbers run over all trees, a leaf leads to itself.

    ``feature``, ``threshold``, ``left``, ``right``, ``value`` have one entry a node, ``roots`` and ``output`` one a
    tree; ``depth`` is the longest way to a leaf.
    """

    feature: NDArray[np.int32]
    threshold: NDArray[np.float32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float32]
    roots: NDArray[np.int32]
    output: NDArray[np.int32]
    depth: int
    outputs: int
    features: int

    def scores(self, rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
        """Raw scores, one row a row and one column an output; 0.0 is even odds for a single output."""
        if not rows:
            return np.zeros((0, self.outputs))
        data = np.asarray(rows, dtype=np.float32)
        if data.shape[1] != self.features:
            raise ValueError(f"rows have {data.shape[1]} numbers, the forest knows {self.features}")
        count = len(data)
        flat = data.ravel()
        offset = (np.arange(count, dtype=np.int32) * self.features)[:, None]
        at = np.broadcast_to(self.roots, (count, len(self.roots)))
        for _ in range(self.depth):
            goes_left = flat[offset + self.feature[at]] <= self.threshold[at]
            at = np.where(goes_left, self.left[at], self.right[at])
        values = self.value[at]
        if self.outputs == 1:
            return values.sum(axis=1, dtype=np.float64)[:, None]
        out = np.zeros((count, self.outputs))
        for number in range(self.outputs):
            out[:, number] = values[:, self.output == number].sum(axis=1, dtype=np.float64)
        return out


def pack(forest: Forest) -> bytes:
    """The forest as a file's content."""
    buffer = BytesIO()
    np.savez_compressed(
        buffer,
        feature=forest.feature.astype(np.int16),
        threshold=forest.threshold,
        left=forest.left.astype(np.int16),
        right=forest.right.astype(np.int16),
        value=forest.value,
        roots=forest.roots.astype(np.int16),
        output=forest.output.astype(np.int16),
        sizes=np.array([forest.depth, forest.outputs, forest.features], dtype=np.int16),
    )
    return buffer.getvalue()


def unpack(content: bytes) -> Forest:
    """The forest of a file's content; raises ``ValueError`` for anything else."""
    with np.load(BytesIO(content), allow_pickle=False) as arrays:
        sizes = arrays["sizes"]
        return Forest(
            feature=arrays["feature"].astype(np.int32),
            threshold=arrays["threshold"].astype(np.float32),
            left=arrays["left"].astype(np.int32),
            right=arrays["right"].astype(np.int32),
            value=arrays["value"].astype(np.float32),
            roots=arrays["roots"].astype(np.int32),
            output=arrays["output"].astype(np.int32),
            depth=int(sizes[0]),
            outputs=int(sizes[1]),
            features=int(sizes[2]),
        )


@lru_cache(maxsize=8)
def load_forest(name: str) -> Forest:
    """The forest shipped as ``newsbot/core/data/NAME.npz``; read once a process."""
    return unpack(files("newsbot.core").joinpath("data", f"{name}.npz").read_bytes())
