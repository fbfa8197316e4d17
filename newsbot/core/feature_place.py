"""Where each block stands: in which elements, among which siblings, and at which distance from the story's middle.

What comes in: `Segments` and the shape of the texts. What goes out: columns of the matrix of
`newsbot.core.features`. Class and id attributes are used in two ways: equal ones make blocks look alike, whatever
they say, and a few common words in them are weak hints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import Block, Node, Segments
from newsbot.core.feature_text import CLAIM, TEXT, Column, Matrix, matrix_of
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
HEADINGS = slice(OWN_TAGS.index("h1"), OWN_TAGS.index("h6") + 1)
_LEVELS = np.arange(1, 7, dtype=np.float32)
NEAR = ("log_chars", "link_share", "ends_stop", "running", "is_heading", "is_p", "same_parent", "same_kind")
LAGS = (-3, -2, -1, 1, 2, 3)

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
# Each word as `_CLASS_WORD` may find it: in small letters or with a capital.
_BIT_OF_WORD = {
    written: 1 << (_HINT_SHIFT + number)
    for word, number in HINT_OF_WORD.items()
    for written in (word, word.capitalize())
}
_CLASS_WORD = re.compile(r"[a-z]+|[A-Z][a-z]*")
MAX_CLASS_CHARS = 200

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
    def of(cls, text: Matrix, rows: NDArray[np.intp], length: NDArray[np.intp], foreign: NDArray[np.bool_]) -> Texts:
        """From the matrix of `text_matrix` for the blocks *rows*; all other blocks are nothing but links.

        *length* has the characters of every block; *foreign* tells which of *rows* stand where no running text does.
        """
        chars = length.astype(np.float32)
        chars[rows] = text[:, TEXT["chars"]]
        link_share = np.ones(len(length), np.float32)
        link_share[rows] = text[:, TEXT["link_share"]]
        ends_stop, sentence, drawn = (np.zeros(len(length), np.float32) for _ in range(3))
        ends_stop[rows] = text[:, TEXT["ends_stop"]]
        sentence[rows] = text[:, TEXT["ends_sentence"]]
        drawn[rows] = text[:, TEXT["drawn_hidden"]] == 0
        drawn[rows[foreign]] = 0
        is_running = (drawn * sentence > 0) & (link_share < MAX_RUNNING_LINKS) & (chars >= MIN_RUNNING_CHARS)
        running = is_running.astype(np.float32)
        weight = running * np.minimum(chars, MAX_WEIGHT_CHARS)
        return cls(chars, np.log1p(chars), link_share, ends_stop, running, weight)


@dataclass(frozen=True, slots=True)
class Context:
    """What blocks stand in: elements and microdata, hints near and far."""

    tags: Matrix
    near_hints: Matrix
    far_hints: Matrix
    foreign: NDArray[np.bool_]


def context_of(blocks: Sequence[Block]) -> Context:
    """What each block stands in, itself included; *near* is its own element and the one around it."""
    known: dict[int, tuple[int, int]] = {}
    inherited, hinted = [], []
    for block in blocks:
        inner, node = block.pieces[0].node, block.node
        own, hints = known.get(inner.index) or _bits_of(inner, known)
        if node is not inner:
            hints |= known[node.index][1] if node.index in known else _bits_of(node, known)[1]
        if node.parent is not None:  # walked through on the way to *node*
            hints |= known[node.parent.index][1]
        inherited.append(own)
        hinted.append(hints)
    bits = np.array(inherited, dtype=np.int64)
    near = np.array(hinted, dtype=np.int64)
    shift = np.arange(_HINT_SHIFT, _N_BITS)
    return Context(
        tags=((bits[:, None] >> np.arange(_HINT_SHIFT)) & 1).astype(np.float32),
        near_hints=((near[:, None] >> shift) & 1).astype(np.float32),
        far_hints=((bits[:, None] >> shift) & 1).astype(np.float32),
        foreign=(bits & _FOREIGN_BITS) != 0,
    )


def _bits_of(node: Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """The bits of all that *node* stands in, itself included, and its own hint bits; *known* is filled on the way."""
    found = known.get(node.index)
    if found is not None:
        return found
    chain: list[Node] = []
    walk: Node | None = node
    while walk is not None and walk.index not in known:
        chain.append(walk)
        walk = walk.parent
    inherited = known[walk.index][0] if walk is not None else 0
    found = (inherited, 0)
    for step in reversed(chain):
        tag, attrs = step.tag, step.attrs
        inherited |= _TAG_BIT.get(tag, 0)
        hints = 0
        if attrs:
            if "class" in attrs:
                hints = hint_bits(attrs["class"])
            if "id" in attrs:
                hints |= hint_bits(attrs["id"])
            if tag != "body":
                inherited |= hints
            if "role" in attrs:
                inherited |= _TAG_BIT.get(_ARIA_ROLES.get(attrs["role"], ""), 0)
            if "itemprop" in attrs:
                for word in attrs["itemprop"].lower().split():
                    if word in _ITEMPROPS:
                        inherited |= 1 << (_ITEM_SHIFT + _ITEMPROPS[word])
        found = known[step.index] = (inherited, hints)
    return found


@lru_cache(maxsize=8192)
def hint_bits(name: str) -> int:
    """The groups of the words in a class or id attribute; remembered, since a site's pages repeat them."""
    bits = 0
    for word in _CLASS_WORD.findall(name[:MAX_CLASS_CHARS]):
        if word in _BIT_OF_WORD:
            bits |= _BIT_OF_WORD[word]
    return bits


def one_hot(tags: Sequence[str], names: Sequence[str]) -> Matrix:
    """A column a name: 1.0 where the tag is that name."""
    number = {name: i for i, name in enumerate(names)}
    index = np.array([number.get(tag, -1) for tag in tags])
    out: Matrix = (index[:, None] == np.arange(len(names))).astype(np.float32)
    return out


def is_heading(own_tags: Matrix) -> Column:
    """1.0 where the block is a heading, of the columns `OWN_TAGS`."""
    found: Column = own_tags[:, HEADINGS].sum(axis=1)
    return found


def kinds(segments: Segments) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """For each block the number of its kind and of its shape.

    Blocks of one kind have the same tag and class below the same tag and class: they look the same to a reader.
    Blocks of one shape have the same tags on the three levels above them, at the same depth.
    """
    of_kind: dict[tuple[str, str, str, str], int] = {}
    of_shape: dict[tuple[str, str, str, int], int] = {}
    known: dict[int, tuple[int, int]] = {}
    kinds_found, shapes_found = [], []
    for block in segments.blocks:
        node = block.node
        numbers = known.get(node.index)
        if numbers is None:
            parent = node.parent or node
            grand = parent.parent or parent
            kind = (node.tag, node.attrs.get("class", ""), parent.tag, parent.attrs.get("class", ""))
            shape = (node.tag, parent.tag, grand.tag, node.depth)
            numbers = of_kind.setdefault(kind, len(of_kind)), of_shape.setdefault(shape, len(of_shape))
            known[node.index] = numbers
        kinds_found.append(numbers[0])
        shapes_found.append(numbers[1])
    return np.array(kinds_found, dtype=np.intp), np.array(shapes_found, dtype=np.intp)


def groups(keys: Sequence[NDArray[np.intp]], texts: Texts, rows: NDArray[np.intp]) -> Matrix:
    """Sums and means over the blocks that share a key, for each block of *rows*: `GROUP_NAMES` for each of *keys*."""
    key, size = stacked(keys)
    times = len(keys)
    chars, running = texts.chars, texts.running
    count = np.bincount(key, minlength=size)
    total = np.bincount(key, np.tile(chars, times), size)
    links = np.bincount(key, np.tile(chars * texts.link_share, times), size)
    run = np.bincount(key, np.tile(running, times), size)
    run_chars = np.bincount(key, np.tile(running * chars, times), size)
    stops = np.bincount(key, np.tile(texts.ends_stop, times), size)
    page = max(float(chars.sum()), 1.0)
    page_run = max(float((running * chars).sum()), 1.0)
    wanted = key.reshape(times, -1)[:, rows].ravel()
    count, total, links, run, run_chars, stops = (
        sums.take(wanted) for sums in (count, total, links, run, run_chars, stops)
    )
    safe = np.maximum(count, 1)
    columns = (
        count,
        total,
        links / np.maximum(total, 1),
        run,
        total / safe,
        total / page,
        run_chars / page_run,
        stops / safe,
    )
    table = matrix_of(columns).T.reshape(len(columns), times, len(rows))
    return table.transpose(2, 1, 0).reshape(len(rows), -1)


def stacked(keys: Sequence[NDArray[np.intp]]) -> tuple[NDArray[np.intp], int]:
    """All *keys* one after the other, made distinct, and how many numbers they use."""
    out, size = [], 0
    for key in keys:
        out.append(key + size)
        size += int(key.max()) + 1
    return np.concatenate(out), size


def main_node(segments: Segments, parent: NDArray[np.intp], weight: Column) -> Node:
    """The element that most directly holds the running text."""
    nodes = segments.nodes
    scores = np.bincount(parent, weight)
    extra: dict[int, float] = {}
    direct = {index: float(scores[index]) for index in np.flatnonzero(scores).tolist()}
    for index, score in direct.items():
        node = nodes[index].parent
        share = 0.7
        for _ in range(3):
            if node is None:
                break
            extra[node.index] = extra.get(node.index, 0.0) + share * score
            share *= 0.7
            node = node.parent
    whole = {index: direct.get(index, 0.0) + extra.get(index, 0.0) for index in direct.keys() | extra.keys()}
    return nodes[min(whole, key=lambda index: (-whole[index], index), default=0)]


def places(
    segments: Segments,
    texts: Texts,
    rows: NDArray[np.intp],
    parent: NDArray[np.intp],
    kind: NDArray[np.intp],
    own_tags: Matrix,
    heading: Column,
    claim: Matrix,
) -> Matrix:
    """Where each block of *rows* stands: on the page, to the headline, to the main element, to the running text.

    *claim* has a row for each of *rows*, everything else for each block.
    """
    blocks, chars, running = segments.blocks, texts.chars, texts.running
    n = len(blocks)
    index = np.arange(n)
    depth = np.array([b.node.depth for b in blocks])
    before = np.cumsum(chars) - chars
    main = main_node(segments, parent, texts.weight)
    headline = _headline_index(own_tags[rows], claim)
    headline = int(rows[headline]) if headline >= 0 else -1
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
    heading_at = np.where(heading > 0, index, -1)
    last_heading = np.maximum.accumulate(heading_at)
    since = np.where(last_heading >= 0, index - last_heading, 99)
    level_of = own_tags[:, HEADINGS] @ _LEVELS
    level = np.where(last_heading >= 0, level_of[np.maximum(last_heading, 0)], 0)
    next_heading = np.minimum.accumulate(np.where(heading > 0, index, n + 99)[::-1])[::-1]
    main_first_depth = depth[first] if len(inside) else 0
    columns = [
        depth,
        depth - main.depth,
        index / n,
        before / max(float(chars.sum()), 1.0),
        np.minimum(index, 500),
        np.minimum(n - index, 500),
        index > headline if headline >= 0 else np.zeros(n, bool),
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
    return matrix_of([column[rows] for column in columns])


def _headline_index(own_tags: Matrix, claim: Matrix) -> int:
    """The block that is most likely the headline: a heading that the metadata names, else an h1; -1 if none."""
    score = own_tags[:, 1] * 2 + own_tags[:, HEADINGS][:, 1:].sum(axis=1) + claim[:, CLAIM["is_headline"]] * 4
    score += claim[:, CLAIM["in_headline"]]
    if score.max() < 2:
        return -1
    return int(score.argmax())


def neighbours(
    texts: Texts,
    rows: NDArray[np.intp],
    own_tags: Matrix,
    heading: Column,
    parent: NDArray[np.intp],
    kind: NDArray[np.intp],
) -> Matrix:
    """The columns `NEAR` of the blocks before and after each of *rows*."""
    base = np.stack(
        [texts.log_chars, texts.link_share, texts.ends_stop, texts.running, heading, own_tags[:, 0]], axis=1
    )
    n = len(base)
    other = rows[:, None] + np.array(LAGS)
    there = np.clip(other, 0, n - 1)
    same = np.stack([parent[rows][:, None] == parent[there], kind[rows][:, None] == kind[there]], axis=2)
    out = np.concatenate([base[there], same.astype(np.float32)], axis=2)
    out[(other < 0) | (other >= n)] = -1.0
    return out.reshape(len(rows), -1)
