"""What can be measured of each block of a page, as one matrix.

What comes in: `Segments` and what the page's metadata claims of its story. What goes out: a matrix with one row a
name of `NAMES` and one column a block. Knows no label, no model, no role, no publisher.

The rows are structure (tags, landmarks, links, repetition, position) and the shape of the text in characters, so that
no language and no script is left out. No word of any language is known, neither of the text nor of class attributes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import Segments
from newsbot.core.feature_place import (
    GROUP_NAMES,
    INLINE_NAMES,
    LAGS,
    NEAR,
    OWN_TAGS,
    PARENT_TAGS,
    PLACE_NAMES,
    SELF_NAMES,
    Facts,
    Texts,
    facts_of,
    group_rows,
    insides_of,
    near_rows,
    place_rows,
    self_rows,
    tag_rows,
)
from newsbot.core.feature_text import (
    CLAIM_NAMES,
    FULL_STOPS,
    MIN_ARTICLE_BODY_CHARS,
    SHAPE_NAMES,
    Column,
    Matrix,
    claim_rows,
    shape_rows,
)
from newsbot.core.landmarks import ITEMS, LANDMARKS, N_BITS
from newsbot.core.roles import Claims

_GROUPS = ("parent", "grandparent", "kind", "shape")
_BITS = np.arange(N_BITS)[:, None]

NAMES: tuple[str, ...] = (
    *SHAPE_NAMES,
    *INLINE_NAMES,
    *SELF_NAMES,
    *(f"tag_{tag}" for tag in OWN_TAGS),
    *(f"parent_{tag}" for tag in PARENT_TAGS),
    *(f"in_{tag}" for tag in LANDMARKS),
    *(f"item_{name}" for name in ITEMS),
    "has_article_body",
    *CLAIM_NAMES,
    *(f"{key}_{name}" for key in _GROUPS for name in GROUP_NAMES),
    *PLACE_NAMES,
    *(f"{name}{lag:+d}" for lag in LAGS.tolist() for name in NEAR),
)


@dataclass(frozen=True, slots=True)
class Measured:
    """The features of the blocks *rows*, a column a block; ``chars`` and ``facts`` have a value for every block.

    A block that is one link and no sentence gets no column: it is navigation or a teaser.
    """

    matrix: Matrix
    rows: NDArray[np.intp]
    chars: Column
    facts: Facts


def measure(segments: Segments, claims: Claims) -> Measured:
    """The features of the page's blocks. Linear in blocks and nodes."""
    facts = facts_of(segments)
    rows = _candidates(segments, facts)
    if not len(rows):
        return Measured(np.zeros((len(NAMES), 0), np.float32), rows, facts.chars.astype(np.float32), facts)
    own = [segments.blocks[row] for row in rows.tolist()]
    insides = insides_of(own)
    lines = [block.text for block in own]
    shape = shape_rows(facts.chars[rows], "\n".join(lines))
    texts = Texts.of(facts, rows, insides, dict(zip(SHAPE_NAMES, shape, strict=True)))
    claim = claim_rows(lines, claims)
    parts = (
        shape,
        self_rows(segments, facts, rows, insides),
        *tag_rows(facts, rows),
        (insides.landmarks >> _BITS) & 1,
        np.full((1, len(rows)), len(claims.article_body or "") > MIN_ARTICLE_BODY_CHARS),
        claim,
        group_rows(facts.groups, texts, rows),
        place_rows(segments, facts, texts, rows, insides, _headline(facts, rows, claim)),
        near_rows(facts, texts, rows),
    )
    matrix = np.empty((len(NAMES), len(rows)), np.float32)
    np.concatenate(parts, out=matrix, casting="unsafe")
    return Measured(matrix, rows, texts.chars, facts)


def _candidates(segments: Segments, facts: Facts) -> NDArray[np.intp]:
    """The blocks that are more than one link: those with other text, sentences, and headings."""
    blocks = segments.blocks
    more = (facts.linked < facts.chars) | facts.is_heading
    links = np.flatnonzero(~more).tolist()
    more[[index for index in links if blocks[index].text[-1] in FULL_STOPS]] = True
    return np.flatnonzero(more)


_IS_HEADLINE = CLAIM_NAMES.index("is_headline")
_H1 = OWN_TAGS.index("h1")


def _headline(facts: Facts, rows: NDArray[np.intp], claim: Matrix) -> int:
    """The block that is most likely the headline: a heading that the metadata name, else an h1; -1 if none."""
    score = facts.is_heading[rows] + (facts.tag[rows] == _H1) + 4 * claim[_IS_HEADLINE]
    best = int(score.argmax())
    return int(rows[best]) if score[best] >= 2 else -1
