"""What can be measured of each block of a page, as one matrix.

What comes in: `Segments` and what the page's metadata claims of its story. What goes out: a matrix with one row
a block and one column a name of `NAMES`, and a second one that knows a first judgement of all blocks. Knows no
label, no model, no role, no publisher.

Most columns are structure (tags, landmarks, links, repetition, position) and the shape of the text in characters,
so that no language and no script is left out. The words of class and id attributes and a few words of the
text give columns too; the model is trained to do without the former (see ``benchmarks/quality/train.py``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import Segments
from newsbot.core.feature_place import (
    CONTEXT_TAGS,
    GROUP_NAMES,
    ITEM_NAMES,
    LAGS,
    NEAR,
    OWN_TAGS,
    PARENT_TAGS,
    PLACE_NAMES,
    Texts,
    context_matrices,
    group,
    kinds,
    neighbours,
    one_hot,
    places,
    up,
)
from newsbot.core.feature_text import CLAIM_NAMES, TEXT_NAMES, Column, Matrix, claim_matrix, text_matrix, text_words
from newsbot.core.roles import Claims
from newsbot.core.words import HINT_GROUPS, TEXT_GROUPS

_GROUPS = ("parent", "grandparent", "kind", "path")

NAMES: tuple[str, ...] = (
    *TEXT_NAMES,
    *(f"tag_{tag}" for tag in OWN_TAGS),
    *(f"parent_{tag}" for tag in PARENT_TAGS),
    *(f"in_{tag}" for tag in CONTEXT_TAGS),
    *(f"item_{name}" for name in ITEM_NAMES),
    *(f"hint_near_{name}" for name in HINT_GROUPS),
    *(f"hint_far_{name}" for name in HINT_GROUPS),
    *(f"text_{name}" for name in TEXT_GROUPS),
    *CLAIM_NAMES,
    *(f"{key}_{name}" for key in _GROUPS for name in GROUP_NAMES),
    *PLACE_NAMES,
    *(f"{name}{lag:+d}" for lag in LAGS for name in NEAR),
)
# The columns that come from class and id words: weak evidence.
HINT_COLUMNS = tuple(number for number, name in enumerate(NAMES) if name.startswith("hint_"))


@dataclass(frozen=True, slots=True)
class Measured:
    """The features of a page's blocks, and for each block the numbers of the groups that it belongs to."""

    matrix: Matrix
    parent: NDArray[np.intp]
    grand: NDArray[np.intp]
    kind: NDArray[np.intp]
    path: NDArray[np.intp]
    heading: Column


def measure(segments: Segments, claims: Claims) -> Measured:
    """One row a block. Linear in blocks and nodes."""
    blocks = segments.blocks
    if not blocks:
        none = np.zeros(0, np.intp)
        return Measured(np.zeros((0, len(NAMES)), np.float32), none, none, none, none, np.zeros(0, np.float32))
    joined = "\n".join([block.text for block in blocks])
    text = text_matrix(segments, joined)
    claim = claim_matrix(blocks, joined, claims)
    context = context_matrices(segments)
    texts = Texts.of(text, context.foreign)
    above = [block.node.parent or block.node for block in blocks]
    parent = np.array([node.index for node in above], dtype=np.intp)
    grand = np.array([up(node, 1).index for node in above], dtype=np.intp)
    kind, path = kinds(segments), context.path
    own_tags = one_hot([block.node.tag for block in blocks], OWN_TAGS)
    parent_tags = one_hot([node.tag for node in above], PARENT_TAGS)
    matrix = np.concatenate(
        [
            text,
            own_tags,
            parent_tags,
            context.tags,
            context.near_hints,
            context.far_hints,
            text_words(joined),
            claim,
            *(group(key, texts) for key in (parent, grand, kind, path)),
            places(segments, texts, parent, kind, own_tags, claim),
            neighbours(texts, own_tags, parent, kind),
        ],
        axis=1,
    )
    return Measured(matrix, parent, grand, kind, path, own_tags[:, 1:7].sum(axis=1))


_P_LAGS = (-4, -3, -2, -1, 1, 2, 3, 4)
SURROUNDING_NAMES: tuple[str, ...] = (
    "p",
    "log_odds",
    *(f"p{lag:+d}" for lag in _P_LAGS),
    *(f"{group}_{name}" for group in _GROUPS for name in ("others_p", "others_p_chars", "max_p", "size")),
    "mass_before",
    "mass_after",
    "share_before",
    "share_after",
    "gap_before",
    "gap_after",
    "near_p",
    "wide_p",
    "best_next",
    "next_section_mass",
    "section_mass",
    "section_p",
    "since_strong",
    "until_strong",
    "strong_sibling",
    "page_max_p",
    "page_sum_p",
    "rank",
)


def surroundings(measured: Measured, first: NDArray[np.float64]) -> Matrix:
    """What a first judgement of all blocks says about each: of its neighbours, siblings, section and page.

    ``first`` is the probability that a block is story, one a block, not empty.
    """
    p = first
    n = len(p)
    index = np.arange(n)
    chars = measured.matrix[:, 0].astype(np.float64)
    safe = np.clip(p, 1e-5, 1 - 1e-5)
    columns: list[NDArray[Any]] = [p, np.log(safe / (1 - safe))]
    columns += [_shifted(p, lag) for lag in _P_LAGS]
    for key in (measured.parent, measured.grand, measured.kind, measured.path):
        columns += _others(key, p, chars)
    mass = p * np.minimum(chars, 600)
    upto = np.cumsum(mass)
    total = max(float(upto[-1]), 1.0)
    columns += [upto - mass, total - upto, (upto - mass) / total, (total - upto) / total]
    strong = p > 0.6
    last = np.append(-1, np.maximum.accumulate(np.where(strong, index, -1))[:-1])
    following = np.append(np.minimum.accumulate(np.where(strong, index, n + 99)[::-1])[::-1][1:], n + 99)
    read = np.cumsum(chars)
    columns.append(np.where(last >= 0, read - chars - read[np.maximum(last, 0)], -1))
    columns.append(np.where(following < n, (read - chars)[np.minimum(following, n - 1)] - read, -1))
    columns += [_window(p, 3), _window(p, 7)]
    padded = np.append(p, np.zeros(3))
    columns.append(np.maximum(np.maximum(padded[1 : n + 1], padded[2 : n + 2]), padded[3 : n + 3]))
    heading = measured.heading > 0
    section = np.cumsum(heading)
    size = int(section[-1]) + 1
    section_mass = np.bincount(section, mass * ~heading, size)
    section_count = np.bincount(section, (~heading).astype(np.float64), size)
    section_p = np.bincount(section, p * ~heading, size) / np.maximum(section_count, 1)
    columns.append(np.where(section + 1 < size, section_mass[np.minimum(section + 1, size - 1)], 0))
    columns += [section_mass[section], section_p[section]]
    columns += [np.minimum(index - last, 60), np.minimum(following - index, 60)]
    columns.append(np.where(last >= 0, measured.parent[np.maximum(last, 0)] == measured.parent, -1))
    columns += [np.full(n, p.max()), np.full(n, p.sum()), np.argsort(np.argsort(-p, kind="stable"), kind="stable") / n]
    return np.stack(columns, axis=1).astype(np.float32)


def _shifted(values: NDArray[np.float64], lag: int) -> NDArray[np.float64]:
    out = np.full(len(values), -0.1)
    if len(values) > abs(lag):
        if lag < 0:
            out[-lag:] = values[:lag]
        else:
            out[:-lag] = values[lag:]
    return out


def _others(key: NDArray[np.intp], p: NDArray[np.float64], chars: NDArray[np.float64]) -> list[NDArray[Any]]:
    """Mean p of the other blocks with the same key, the same by characters, the greatest p, their number."""
    size = int(key.max()) + 1
    count = np.bincount(key, minlength=size)[key]
    all_chars = np.bincount(key, chars, size)[key]
    greatest = np.zeros(size)
    np.maximum.at(greatest, key, p)
    sum_p = np.bincount(key, p, size)[key] - p
    sum_chars = np.bincount(key, p * chars, size)[key] - p * chars
    alone = count < 2
    return [
        np.where(alone, -0.1, sum_p / np.maximum(count - 1, 1)),
        np.where(alone, -0.1, sum_chars / np.maximum(all_chars - chars, 1)),
        greatest[key],
        count,
    ]


def _window(p: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Mean p of the blocks up to *reach* before and after, the block itself left out."""
    padded = np.concatenate([np.zeros(reach), p, np.zeros(reach)])
    return (np.convolve(padded, np.ones(2 * reach + 1), "valid") - p) / (2 * reach)
