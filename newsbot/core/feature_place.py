"""Where each block stands: in which elements, among which siblings, and at which distance from the story's middle.

What comes in: `Segments` and the shape of the texts. What goes out: columns of the matrix of
`newsbot.core.features`. Class and id attributes are used in two ways: equal ones make blocks look alike, whatever
they say, and a few common words in them are weak hints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import Node, Segments
from newsbot.core.feature_text import CLAIM, TEXT, Column, Matrix
from newsbot.core.words import HINT_GROUPS, HINT_OF_WORD

CONTEXT_TAGS = tuple(
    """article main header footer nav aside figure figcaption form button ul ol dl table blockquote section a label
    address details iframe dialog time""".split()
)
OWN_TAGS = tuple("p h1 h2 h3 h4 h5 h6 li div blockquote td figcaption section article dd dt pre body".split())
PARENT_TAGS = tuple("div li article section blockquote td figure header aside a ul".split())
ITEM_NAMES = ("body", "description", "headline", "author", "date", "caption")
GROUP_NAMES = ("count", "chars", "link_share", "running", "mean_chars", "share_of_page", "running_share", "mean_stop")
PLACE_NAMES = tuple(
    """depth depth_to_main index_share chars_share index from_end after_headline headline_distance in_main main_parent
    up_to_main down_from_common before_first after_last from_first from_last since_heading heading_level until_heading
    node_blocks main_kind running_before running_after log_page_blocks log_page_running same_as_main_depth""".split()
)
NEAR = ("log_chars", "link_share", "ends_stop", "running", "is_heading", "is_p", "same_parent", "same_kind")
LAGS = (-3, -2, -1, 1, 2, 3)

_CLASS_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
_ITEMPROPS = {
    "articlebody": 0,
    "description": 1,
    "headline": 2,
    "author": 3,
    "datepublished": 4,
    "caption": 5,
    "name": 3,
}
_ARIA_ROLES = {
    "navigation": "nav",
    "complementary": "aside",
    "contentinfo": "footer",
    "banner": "header",
    "main": "main",
    "article": "article",
    "figure": "figure",
    "dialog": "dialog",
    "button": "button",
}
_TAG_BIT = {tag: 1 << i for i, tag in enumerate(CONTEXT_TAGS)}
_ITEM_SHIFT = len(CONTEXT_TAGS)
_HINT_SHIFT = _ITEM_SHIFT + len(ITEM_NAMES)
_N_BITS = _HINT_SHIFT + len(HINT_GROUPS)

_FOREIGN_BITS = sum(
    _TAG_BIT[t] for t in ("nav", "footer", "aside", "figure", "figcaption", "button", "address", "dialog")
)


# Running text: what fills a story. Only used to find its middle; which blocks are story is learnt.
MAX_RUNNING_LINKS = 0.35
MIN_RUNNING_CHARS = 40
MAX_WEIGHT_CHARS = 600


@dataclass(frozen=True, slots=True)
class Texts:
    """The columns of the texts' shape that the places are measured with, and which blocks are running text."""

    chars: Column
    log_chars: Column
    link_share: Column
    ends_stop: Column
    running: Column
    weight: Column

    @classmethod
    def of(cls, text: Matrix, foreign: NDArray[np.bool_]) -> Texts:
        """From the matrix of `text_matrix`; *foreign* blocks stand in elements that are not for running text."""
        chars, link_share = text[:, TEXT["chars"]], text[:, TEXT["link_share"]]
        running = (
            (text[:, TEXT["drawn_hidden"]] == 0)
            & ~foreign
            & (link_share < MAX_RUNNING_LINKS)
            & (chars >= MIN_RUNNING_CHARS)
            & (text[:, TEXT["ends_sentence"]] > 0)
        ).astype(np.float32)
        weight = running * np.minimum(chars, MAX_WEIGHT_CHARS)
        return cls(chars, text[:, TEXT["log_chars"]], link_share, text[:, TEXT["ends_stop"]], running, weight)


@dataclass(frozen=True, slots=True)
class Context:
    """What each block stands in: elements, microdata, hints near and far; ``path`` numbers its way from the top."""

    tags: Matrix
    near_hints: Matrix
    far_hints: Matrix
    foreign: NDArray[np.bool_]
    path: NDArray[np.intp]


def context_matrices(segments: Segments) -> Context:
    """What each block stands in; *near* is the block's own element and the one around it."""
    blocks = segments.blocks
    inherited, own_hints, path_of = _contexts(segments.nodes)
    bits = np.array([inherited[block.pieces[0].node.index] for block in blocks], dtype=np.int64)
    near = np.array(
        [
            own_hints[block.pieces[0].node.index]
            | own_hints[block.node.index]
            | own_hints[(block.node.parent or block.node).index]
            for block in blocks
        ],
        dtype=np.int64,
    )
    hints = np.arange(_HINT_SHIFT, _N_BITS)
    return Context(
        tags=((bits[:, None] >> np.arange(_HINT_SHIFT)) & 1).astype(np.float32),
        near_hints=((near[:, None] >> hints) & 1).astype(np.float32),
        far_hints=((bits[:, None] >> hints) & 1).astype(np.float32),
        foreign=(bits & _FOREIGN_BITS) != 0,
        path=np.array([path_of[block.node.index] for block in blocks], dtype=np.intp),
    )


def _contexts(nodes: Sequence[Node]) -> tuple[list[int], list[int], list[int]]:
    """For each node with text: the bits of all it stands in, itself included; its own hint bits alone; and the
    number of its path of tags from the top."""
    inherited = [0] * len(nodes)
    own_hints = [0] * len(nodes)
    path_of = [0] * len(nodes)
    seen: dict[str, int] = {}
    paths: dict[tuple[int, str], int] = {}
    tag_bit = _TAG_BIT.get
    for node in nodes:
        if node.first_block == node.end_block:
            continue
        index, tag, parent = node.index, node.tag, node.parent
        above = parent.index if parent is not None else 0
        bits = inherited[above] | tag_bit(tag, 0)
        path_of[index] = paths.setdefault((path_of[above], tag), len(paths) + 1)
        attrs = node.attrs
        if attrs:
            name = attrs.get("class", "")
            if "id" in attrs:
                name = f"{name} {attrs['id']}"
            if name:
                hints = seen.get(name)
                if hints is None:
                    hints = seen[name] = _hint_bits(name)
                own_hints[index] = hints
                if tag != "body" and tag != "html":
                    bits |= hints
            if "role" in attrs:
                bits |= tag_bit(_ARIA_ROLES.get(attrs["role"], ""), 0)
            if "itemprop" in attrs:
                for word in attrs["itemprop"].lower().split():
                    if word in _ITEMPROPS:
                        bits |= 1 << (_ITEM_SHIFT + _ITEMPROPS[word])
        inherited[index] = bits
    return inherited, own_hints, path_of


def _hint_bits(name: str) -> int:
    bits = 0
    for word in _CLASS_WORD.findall(name[:200]):
        number = HINT_OF_WORD.get(word.lower())
        if number is not None:
            bits |= 1 << (_HINT_SHIFT + number)
    return bits


def one_hot(tags: Sequence[str], names: Sequence[str]) -> Matrix:
    """A column a name: 1.0 where the tag is that name."""
    number = {name: i for i, name in enumerate(names)}
    index = np.array([number.get(tag, -1) for tag in tags])
    out: Matrix = (index[:, None] == np.arange(len(names))).astype(np.float32)
    return out


def up(node: Node, steps: int) -> Node:
    """The element *steps* above *node*, or the top."""
    for _ in range(steps):
        if node.parent is None:
            break
        node = node.parent
    return node


def kinds(segments: Segments) -> NDArray[np.intp]:
    """For each block the number of its kind: blocks of the same tag and class below the same tag and class
    look the same to a reader."""
    numbers: dict[tuple[str, str, str, str], int] = {}
    names: dict[int, int] = {}
    kind = []
    for block in segments.blocks:
        node = block.node
        number = names.get(node.index)
        if number is None:
            parent = node.parent or node
            name = (node.tag, node.attrs.get("class", ""), parent.tag, parent.attrs.get("class", ""))
            number = names[node.index] = numbers.setdefault(name, len(numbers))
        kind.append(number)
    return np.array(kind, dtype=np.intp)


def group(key: NDArray[np.intp], texts: Texts) -> Matrix:
    """Sums and means over the blocks that share *key*, for each block."""
    chars, running = texts.chars, texts.running
    size = int(key.max()) + 1
    count = np.bincount(key, minlength=size)
    total = np.bincount(key, chars, size)
    links = np.bincount(key, chars * texts.link_share, size)
    run = np.bincount(key, running, size)
    run_chars = np.bincount(key, running * chars, size)
    stops = np.bincount(key, texts.ends_stop, size)
    page = max(float(chars.sum()), 1.0)
    page_run = max(float((running * chars).sum()), 1.0)
    safe = np.maximum(count, 1)
    columns = np.stack(
        [
            count,
            total,
            links / np.maximum(total, 1),
            run,
            total / safe,
            total / page,
            run_chars / page_run,
            stops / safe,
        ],
        axis=1,
    )
    out: Matrix = columns[key].astype(np.float32)
    return out


def main_node(segments: Segments, parent: NDArray[np.intp], weight: Column) -> Node:
    """The element that most directly holds the running text."""
    nodes = segments.nodes
    scores = np.zeros(len(nodes))
    np.add.at(scores, parent, weight)
    direct = np.flatnonzero(scores)
    extra = np.zeros(len(nodes))
    for index in direct.tolist():
        node = nodes[index].parent
        share = 0.7
        for _ in range(3):
            if node is None:
                break
            extra[node.index] += share * scores[index]
            share *= 0.7
            node = node.parent
    return nodes[int(np.argmax(scores + extra))]


def places(
    segments: Segments,
    texts: Texts,
    parent: NDArray[np.intp],
    kind: NDArray[np.intp],
    own_tags: Matrix,
    claim: Matrix,
) -> Matrix:
    """Where each block stands: on the page, to the headline, to the main element and to the running text."""
    blocks, chars, running = segments.blocks, texts.chars, texts.running
    n = len(blocks)
    index = np.arange(n)
    depth = np.array([b.node.depth for b in blocks])
    before = np.cumsum(chars) - chars
    main = main_node(segments, parent, texts.weight)
    headline = _headline_index(own_tags, claim)
    is_heading = own_tags[:, 1:7].sum(axis=1)
    in_main = (index >= main.first_block) & (index < main.end_block)
    inside = np.flatnonzero(in_main & (running > 0))
    first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (n, -1)
    common_depth = np.zeros(n)
    chain = []
    walk: Node | None = main
    while walk is not None:
        chain.append(walk)
        walk = walk.parent
    for node in reversed(chain):
        common_depth[node.first_block : node.end_block] = node.depth
    main_kind = int(np.bincount(kind, texts.weight * in_main).argmax()) if len(inside) else -1
    run_total = np.cumsum(running)
    heading_at = np.where(is_heading > 0, index, -1)
    last_heading = np.maximum.accumulate(heading_at)
    since = np.where(last_heading >= 0, index - last_heading, 99)
    level_of = own_tags[:, 1:7] @ np.arange(1, 7)
    level = np.where(last_heading >= 0, level_of[np.maximum(last_heading, 0)], 0)
    next_heading = np.minimum.accumulate(np.where(is_heading > 0, index, n + 99)[::-1])[::-1]
    main_first_depth = depth[first] if len(inside) else 0
    columns = [
        depth,
        depth - main.depth,
        index / n,
        before / max(float(chars.sum()), 1.0),
        np.minimum(index, 500),
        np.minimum(n - index, 500),
        index > headline if headline >= 0 else np.zeros(n),
        np.clip(index - headline, -50, 50) if headline >= 0 else np.full(n, 99),
        in_main,
        parent == main.index,
        main.depth - common_depth,
        depth - common_depth,
        index < first,
        index > last,
        np.clip(index - first, -60, 200),
        np.clip(last - index, -60, 200),
        np.minimum(since, 99),
        level,
        np.minimum(next_heading - index, 99),
        np.array([b.node.end_block - b.node.first_block for b in blocks]),
        kind == main_kind,
        np.minimum(run_total - running, 60),
        np.minimum(run_total[-1] - run_total, 60),
        np.full(n, np.log1p(n)),
        np.full(n, np.log1p(run_total[-1])),
        depth == main_first_depth,
    ]
    return np.stack(columns, axis=1).astype(np.float32)


def _headline_index(own_tags: Matrix, claim: Matrix) -> int:
    """The block that is most likely the headline: a heading that the metadata names, else an h1; -1 if none."""
    score = own_tags[:, 1] * 2 + own_tags[:, 2:7].sum(axis=1) + claim[:, CLAIM["is_headline"]] * 4
    score += claim[:, CLAIM["in_headline"]]
    if score.max() < 2:
        return -1
    return int(score.argmax())


def neighbours(texts: Texts, own_tags: Matrix, parent: NDArray[np.intp], kind: NDArray[np.intp]) -> Matrix:
    """The columns `NEAR` of the blocks before and after."""
    is_heading = own_tags[:, 1:7].sum(axis=1)
    base = np.stack(
        [texts.log_chars, texts.link_share, texts.ends_stop, texts.running, is_heading, own_tags[:, 0]], axis=1
    )
    n, width = base.shape
    parts = []
    for lag in LAGS:
        out = np.full((n, width + 2), -1.0, np.float32)
        if n > abs(lag):
            here = slice(-lag, n) if lag < 0 else slice(0, n - lag)
            there = slice(0, n + lag) if lag < 0 else slice(lag, n)
            out[here, :width] = base[there]
            out[here, width] = parent[here] == parent[there]
            out[here, width + 1] = kind[here] == kind[there]
        parts.append(out)
    return np.concatenate(parts, axis=1)
