"""What can be measured of each block of a page, as one matrix.

What comes in: `Segments` and what the page's metadata claims of its story. What goes out: a matrix with one row
a block and one column a name of `NAMES`, and a second one that knows a first judgement of all blocks. Knows no
label, no model, no role, no publisher.

Most columns are structure (tags, landmarks, links, repetition, position) and the shape of the text in characters,
so that no language and no script is left out. The words of class and id attributes and a few words of the
text give columns too; the model is trained to do without the former (see ``benchmarks/quality/train.py``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import HEADING_TAGS, Block, Segments
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
    context_of,
    groups,
    is_heading,
    kinds,
    neighbours,
    one_hot,
    places,
    stacked,
)
from newsbot.core.feature_text import (
    CLAIM_NAMES,
    FULL_STOPS,
    TEXT_NAMES,
    Column,
    Matrix,
    claim_matrix,
    matrix_of,
    text_matrix,
    text_words,
)
from newsbot.core.roles import Claims
from newsbot.core.words import HINT_GROUPS, TEXT_GROUPS

_GROUPS = ("parent", "grandparent", "kind", "shape")

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
    """The features of the blocks *rows*; the other columns have a value for every block of the page.

    A block that is one link and no sentence gets no row: it is navigation or a teaser. ``parent``, ``grand``, ``kind``
    and ``shape`` are the numbers of the groups that a block belongs to.
    """

    matrix: Matrix
    rows: NDArray[np.intp]
    chars: Column
    parent: NDArray[np.intp]
    grand: NDArray[np.intp]
    kind: NDArray[np.intp]
    shape: NDArray[np.intp]
    heading: Column


def measure(segments: Segments, claims: Claims) -> Measured:
    """The features of the page's blocks. Linear in blocks and nodes."""
    blocks = segments.blocks
    above = [block.node.parent or block.node for block in blocks]
    own_tags = one_hot([block.node.tag for block in blocks], OWN_TAGS)
    heading = is_heading(own_tags)
    length = np.array([len(block.text) for block in blocks], dtype=np.intp)
    rows = _candidates(blocks)
    parent = np.array([node.index for node in above], dtype=np.intp)
    grand = np.array([(node.parent or node).index for node in above], dtype=np.intp)
    kind, shape = kinds(segments)
    if not len(rows):
        none = np.zeros((0, len(NAMES)), np.float32)
        return Measured(none, rows, length.astype(np.float32), parent, grand, kind, shape, heading)
    own = [blocks[row] for row in rows.tolist()]
    context = context_of(own)
    joined = "\n".join([block.text for block in own])
    text = text_matrix(segments, own, joined)
    claim = claim_matrix(own, joined, claims)
    texts = Texts.of(text, rows, length, context.foreign)
    matrix = np.concatenate(
        [
            text,
            own_tags[rows],
            one_hot([above[row].tag for row in rows.tolist()], PARENT_TAGS),
            context.tags,
            context.near_hints,
            context.far_hints,
            text_words(joined),
            claim,
            groups((parent, grand, kind, shape), texts, rows),
            places(segments, texts, rows, parent, kind, own_tags, heading, claim),
            neighbours(texts, rows, own_tags, heading, parent, kind),
        ],
        axis=1,
    )
    return Measured(matrix, rows, texts.chars, parent, grand, kind, shape, heading)


def _candidates(blocks: Sequence[Block]) -> NDArray[np.intp]:
    """The blocks that are more than one link: those with other text, sentences, and headings."""
    return np.array([index for index, block in enumerate(blocks) if _is_more_than_link(block)], dtype=np.intp)


def _is_more_than_link(block: Block) -> bool:
    pieces, text = block.pieces, block.text
    if len(pieces) == 1:
        if pieces[0].link is None:
            return True
        linked = pieces[0].end
    else:
        linked = block.link_chars
    return linked < len(text) or text[-1] in FULL_STOPS or block.node.tag in HEADING_TAGS


_P_LAGS = (-4, -3, -2, -1, 1, 2, 3, 4)
_REACH = 4
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

    ``first`` is the probability that a block is story, one for each of ``measured.rows``; other blocks have 0.0.
    """
    n, rows = len(measured.chars), measured.rows
    p = np.zeros(n)
    p[rows] = first
    index = np.arange(n)
    chars = measured.chars.astype(np.float64)
    safe = np.clip(p, 1e-5, 1 - 1e-5)
    padded = np.concatenate([np.full(_REACH, -0.1), p, np.full(_REACH, -0.1)])
    own = [p, np.log(safe / (1 - safe)), *(padded[_REACH + lag : _REACH + lag + n] for lag in _P_LAGS)]
    others = _others((measured.parent, measured.grand, measured.kind, measured.shape), p, chars, rows)
    columns: list[NDArray[Any]] = []
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
    after = np.append(p, np.zeros(3))
    columns.append(np.maximum(np.maximum(after[1 : n + 1], after[2 : n + 2]), after[3 : n + 3]))
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
    return matrix_of([*(column[rows] for column in own), *others, *(column[rows] for column in columns)])


def _others(
    keys: Sequence[NDArray[np.intp]], p: NDArray[np.float64], chars: NDArray[np.float64], rows: NDArray[np.intp]
) -> list[NDArray[Any]]:
    """For each key: mean p of the others with the same one, the same by characters, the greatest p, their number.

    *keys*, *p* and *chars* have a value for every block; what goes out, for each of *rows*.
    """
    key, size = stacked(keys)
    times = len(keys)
    every_p, every_chars = np.tile(p, times), np.tile(chars, times)
    wanted = key.reshape(times, -1)[:, rows].ravel()
    own_p, own_chars = np.tile(p[rows], times), np.tile(chars[rows], times)
    count = np.bincount(key, minlength=size)[wanted]
    all_chars = np.bincount(key, every_chars, size)[wanted]
    greatest = np.zeros(size)
    np.maximum.at(greatest, key, every_p)
    sum_p = np.bincount(key, every_p, size)[wanted] - own_p
    sum_chars = np.bincount(key, every_p * every_chars, size)[wanted] - own_p * own_chars
    alone = count < 2
    table = np.array(
        [
            np.where(alone, -0.1, sum_p / np.maximum(count - 1, 1)),
            np.where(alone, -0.1, sum_chars / np.maximum(all_chars - own_chars, 1)),
            greatest[wanted],
            count,
        ]
    ).reshape(4, times, -1)
    return [table[number, which] for which in range(times) for number in range(4)]


def _window(p: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Mean p of the blocks up to *reach* before and after, the block itself left out."""
    padded = np.concatenate([np.zeros(reach), p, np.zeros(reach)])
    return (np.convolve(padded, np.ones(2 * reach + 1), "valid") - p) / (2 * reach)
