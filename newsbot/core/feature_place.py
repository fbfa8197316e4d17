"""Where each block stands: in which elements, among which siblings, and at which distance from the story's middle.

What comes in: `Segments`, and the shape of the texts. What goes out: rows of the matrix of `newsbot.core.features`,
a column a block. Class attributes are used in one way only: equal ones make blocks look alike, whatever they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from newsbot.core.blocks import BOLD_TAGS, EMPHASIS_TAGS, HIDDEN_ARIA, NOT_DRAWN, Block, Node, Piece, Segments
from newsbot.core.feature_text import Column, Matrix
from newsbot.core.landmarks import NO_PROSE

OWN_TAGS = tuple("p h1 h2 h3 h4 h5 h6 li div blockquote td figcaption section article dd dt pre".split())
PARENT_TAGS = tuple("div li article section blockquote td figure header aside a ul".split())
_TAGS = tuple(dict.fromkeys((*OWN_TAGS, *PARENT_TAGS)))
_TAG_NUMBER = {tag: number for number, tag in enumerate(_TAGS)}
_OWN = np.arange(len(OWN_TAGS))[:, None]
_PARENTS = np.array([_TAG_NUMBER[tag] for tag in PARENT_TAGS])[:, None]
_H1, _H6 = _TAG_NUMBER["h1"], _TAG_NUMBER["h6"]

INLINE_NAMES = tuple("link_share n_links bold_share italic_share starts_bold pieces".split())
SELF_NAMES = tuple("drawn_hidden aria_hidden copies image_before images_in_parent".split())
GROUP_NAMES = ("count", "chars", "link_share", "running", "mean_chars", "share_of_page", "running_share", "mean_stop")
PLACE_NAMES = tuple(
    """depth depth_to_main index_share chars_share index from_end headline_distance within_main main_parent up_to_main
    down_from_common from_first from_last since_heading heading_level until_heading node_blocks main_kind
    running_before running_after log_page_blocks log_page_running same_as_main_depth""".split()
)
NEAR = ("chars", "link_share", "ends_stop", "running", "is_heading", "is_p", "same_parent", "same_kind")
LAGS = np.array([-3, -2, -1, 1, 2, 3])

MAX_PIECES, MAX_IMAGES = 50, 10
# Running text: what fills a story. Only used to find its middle; which blocks are story is learnt.
MAX_RUNNING_LINKS = 0.35
MIN_RUNNING_CHARS = 40
MAX_WEIGHT_CHARS = 600


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of each block at one look: whole numbers, one value a block.

    ``parent``, ``grand``, ``kind`` and ``shape`` number the groups that a block belongs to. Blocks of one kind have
    the same tag and class below the same tag and class: they look the same to a reader. Blocks of one shape have the
    same tags on the three levels above them, at the same depth.
    """

    chars: NDArray[np.intp]
    linked: NDArray[np.intp]
    parent: NDArray[np.intp]
    grand: NDArray[np.intp]
    kind: NDArray[np.intp]
    shape: NDArray[np.intp]
    tag: NDArray[np.intp]
    parent_tag: NDArray[np.intp]
    depth: NDArray[np.intp]
    images: NDArray[np.intp]

    @property
    def groups(self) -> tuple[NDArray[np.intp], ...]:
        """The four groups of each block."""
        return self.parent, self.grand, self.kind, self.shape

    @property
    def is_heading(self) -> NDArray[np.bool_]:
        """Whether each block is a heading."""
        return (self.tag >= _H1) & (self.tag <= _H6)


def facts_of(segments: Segments) -> Facts:
    """The facts of all blocks, read in one loop; what siblings of one look share is found once."""
    numbers: dict[tuple[int, str, str], int] = {}
    kinds: dict[tuple[str, str, str, str], int] = {}
    shapes: dict[tuple[str, str, str, int], int] = {}
    places: list[int] = []
    table: list[int] = []
    for block in segments.blocks:
        node = block.node
        parent = node.parent or node
        key = parent.index, node.tag, node.attrs.get("class", "")
        place = numbers.get(key)
        if place is None:
            place = numbers[key] = len(numbers)
            grand = parent.parent or parent
            _, tag, name = key
            around, depth = parent.tag, node.depth
            kind = tag, name, around, parent.attrs.get("class", "")
            shape = tag, around, grand.tag, depth
            images = parent.end_image - parent.first_image
            places += (
                parent.index,
                grand.index,
                kinds.setdefault(kind, len(kinds)),
                shapes.setdefault(shape, len(shapes)),
                _TAG_NUMBER.get(tag, -1),
                _TAG_NUMBER.get(around, -1),
                depth,
                images if images < MAX_IMAGES else MAX_IMAGES,
            )  # fmt: skip
        pieces, chars = block.pieces, len(block.text)
        if len(pieces) == 1:
            table += chars, 0 if pieces[0].link is None else chars, place
        else:
            table += chars, block.link_chars, place
    chars_of, linked, place_of = _columns(table, 3)
    return Facts(chars_of, linked, *_columns(places, 8).take(place_of, axis=1))


def _columns(table: list[int], width: int) -> NDArray[np.intp]:
    """The columns of a flat *table* of rows."""
    return np.ascontiguousarray(np.fromiter(table, np.intp, len(table)).reshape(-1, width).T)


@dataclass(frozen=True, slots=True)
class Insides:
    """What is inside each of some blocks, and what they stand in: whole numbers, one value a block.

    Characters in links, in bold and in italics, links, pieces, whether it starts bold; why it is hidden, the landmarks
    around it (`newsbot.core.landmarks`), and how many blocks its element holds.
    """

    links: NDArray[np.intp]
    bold: NDArray[np.intp]
    italic: NDArray[np.intp]
    starts_bold: NDArray[np.intp]
    pieces: NDArray[np.intp]
    hidden: NDArray[np.intp]
    landmarks: NDArray[np.intp]
    node_blocks: NDArray[np.intp]


def insides_of(blocks: Sequence[Block]) -> Insides:
    """The insides of *blocks* (at least one), read in one loop."""
    table: list[int] = []
    for block in blocks:
        node, pieces = block.node, block.pieces
        piece = pieces[0]
        if len(pieces) == 1 and piece.link is None and piece.tag not in EMPHASIS_TAGS:
            table += 0, 0, 0, 0, 1, block.hidden, piece.node.inside, node.end_block - node.first_block
        else:
            table += (*_inline(pieces), block.hidden, piece.node.inside, node.end_block - node.first_block)
    return Insides(*_columns(table, 8))


def _inline(pieces: Sequence[Piece]) -> tuple[int, int, int, bool, int]:
    """Number of links, bold and italic characters, starts bold, pieces."""
    bold_chars = italic = links = 0
    before = None
    for piece in pieces:
        if piece.link is not None and piece.link is not before:
            links += 1
            before = piece.link
        tag = piece.tag
        if tag in EMPHASIS_TAGS:
            if tag in BOLD_TAGS:
                bold_chars += piece.end - piece.start
            else:
                italic += piece.end - piece.start
    return links, bold_chars, italic, pieces[0].tag in BOLD_TAGS, min(len(pieces), MAX_PIECES)


@dataclass(frozen=True, slots=True)
class Texts:
    """The texts' shape as far as places are measured with it, one value a block."""

    chars: Column
    link_share: Column
    ends_stop: Column
    running: Column
    weight: Column

    @classmethod
    def of(cls, facts: Facts, rows: NDArray[np.intp], insides: Insides, shape: Mapping[str, Column]) -> Texts:
        """From the rows ``chars``, ``ends_stop`` and ``ends_sentence`` of *shape* for the blocks *rows*."""
        n = len(facts.chars)
        chars = facts.chars.astype(np.float32)
        chars[rows] = shape["chars"]
        link_share = (facts.linked / facts.chars).astype(np.float32)
        ends_stop = np.zeros(n, np.float32)
        ends_stop[rows] = shape["ends_stop"]
        can_run = ((insides.hidden & NOT_DRAWN) == 0) & ((insides.landmarks & NO_PROSE) == 0)
        running = np.zeros(n, bool)
        running[rows] = can_run & (shape["ends_sentence"] > 0)
        running &= (link_share < MAX_RUNNING_LINKS) & (chars >= MIN_RUNNING_CHARS)
        weight = (running * np.minimum(chars, MAX_WEIGHT_CHARS)).astype(np.float32)
        return cls(chars, link_share, ends_stop, running.astype(np.float32), weight)


def tag_rows(facts: Facts, rows: NDArray[np.intp]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows ``tag_*`` as `OWN_TAGS`, rows ``parent_*`` as `PARENT_TAGS`."""
    return facts.tag[rows] == _OWN, facts.parent_tag[rows] == _PARENTS


def self_rows(segments: Segments, facts: Facts, rows: NDArray[np.intp], insides: Insides) -> Matrix:
    """Rows as `INLINE_NAMES` and `SELF_NAMES`."""
    length = facts.chars[rows]
    texts = [block.text for block in segments.blocks]
    copies = Counter(texts)
    after_image = np.zeros(len(texts) + 1, bool)
    after_image[[image.block for image in segments.images]] = True
    out = np.empty((len(INLINE_NAMES) + len(SELF_NAMES), len(rows)), np.float32)
    out[0] = facts.linked[rows] / length
    out[1] = insides.links
    out[2] = insides.bold / length
    out[3] = insides.italic / length
    out[4] = insides.starts_bold
    out[5] = insides.pieces
    out[6] = (insides.hidden & NOT_DRAWN) != 0
    out[7] = (insides.hidden & HIDDEN_ARIA) != 0
    out[8] = [copies[texts[row]] for row in rows.tolist()]
    out[9] = after_image[rows]
    out[10] = facts.images[rows]
    return out


def group_rows(keys: Sequence[NDArray[np.intp]], texts: Texts, rows: NDArray[np.intp]) -> Matrix:
    """Sums and means over the blocks that share a key, for each block of *rows*: `GROUP_NAMES` for each of *keys*."""
    places, size = stacked(keys)
    times = len(keys)
    chars, running = texts.chars, texts.running
    run_chars = running * chars
    page, page_run = max(float(chars.sum()), 1.0), max(float(run_chars.sum()), 1.0)
    wanted = places[:, rows].ravel()
    count = np.bincount(places.ravel(), minlength=size).take(wanted)
    # All sums at one go, each with places of its own: a call takes longer than what it adds up.
    added = np.array((chars, chars * texts.link_share, running, run_chars, texts.ends_stop), np.float64)
    apart = places + size * np.arange(len(added))[:, None, None]
    weights = np.broadcast_to(added[:, None], apart.shape)
    sums = np.bincount(apart.ravel(), weights.ravel(), len(added) * size)
    total, links, run, of_running, stops = sums.reshape(-1, size).take(wanted, axis=1)
    out = np.empty((len(GROUP_NAMES), len(wanted)), np.float32)
    out[0] = count
    out[1] = total
    out[2] = links / np.maximum(total, 1)
    out[3] = run
    out[4] = total / count
    out[5] = total / page
    out[6] = of_running / page_run
    out[7] = stops / count
    return out.reshape(len(GROUP_NAMES), times, len(rows)).swapaxes(0, 1).reshape(-1, len(rows))


def stacked(keys: Sequence[NDArray[np.intp]]) -> tuple[NDArray[np.intp], int]:
    """*keys* as rows with numbers of their own, and how many numbers they use."""
    places = np.array(keys)
    ends = np.cumsum(places.max(axis=1) + 1)
    places[1:] += ends[:-1, None]
    return places, int(ends[-1])


def main_node(segments: Segments, parent: NDArray[np.intp], weight: Column) -> Node:
    """The element that most directly holds the running text."""
    nodes = segments.nodes
    scores = np.bincount(parent, weight)
    whole: dict[int, float] = {}
    for index in np.flatnonzero(scores).tolist():
        share = float(scores[index])
        node: Node | None = nodes[index]
        for _ in range(4):
            if node is None:
                break
            whole[node.index] = whole.get(node.index, 0.0) + share
            share *= 0.7
            node = node.parent
    return nodes[min(whole, key=lambda index: (-whole[index], index), default=0)]


def place_rows(
    segments: Segments, facts: Facts, texts: Texts, rows: NDArray[np.intp], insides: Insides, headline: int
) -> Matrix:
    """Where each block of *rows* stands, rows as `PLACE_NAMES`.

    To the page, to the block *headline* (-1: none), to the main element, to headings, to the running text.
    """
    chars, running, depth = texts.chars, texts.running, facts.depth
    n = len(chars)
    index = np.arange(n)
    main = main_node(segments, facts.parent, texts.weight)
    inside = main.first_block + np.flatnonzero(running[main.first_block : main.end_block])
    first, last = (int(inside[0]), int(inside[-1])) if len(inside) else (n, -1)
    main_kind = int(np.bincount(facts.kind[inside], texts.weight[inside]).argmax()) if len(inside) else -1
    common_depth = np.zeros(n, np.intp)
    for node in _path(main):
        common_depth[node.first_block : node.end_block] = node.depth
    heading = facts.is_heading
    last_heading = np.maximum.accumulate(np.where(heading, index, -1))
    next_heading = np.minimum.accumulate(np.where(heading, index, n + 99)[::-1])[::-1]
    run_total = np.cumsum(running)
    own_depth, common = depth[rows], common_depth[rows]
    since, run_upto = last_heading[rows], run_total[rows]
    columns = (
        own_depth,
        own_depth - main.depth,
        rows / n,
        (np.cumsum(chars) - chars)[rows] / max(float(chars.sum()), 1.0),
        np.minimum(rows, 500),
        np.minimum(n - rows, 500),
        np.minimum(np.maximum(rows - headline, -50), 50) if headline >= 0 else 99,
        (rows >= main.first_block) & (rows < main.end_block),
        facts.parent[rows] == main.index,
        main.depth - common,
        own_depth - common,
        np.minimum(np.maximum(rows - first, -60), 200),
        np.minimum(np.maximum(last - rows, -60), 200),
        np.where(since >= 0, np.minimum(rows - since, 99), 99),
        np.where(since >= 0, facts.tag[since] - _H1 + 1, 0),
        np.minimum(next_heading[rows] - rows, 99),
        insides.node_blocks,
        facts.kind[rows] == main_kind,
        np.minimum(run_upto - running[rows], 60),
        np.minimum(run_total[-1] - run_upto, 60),
        np.log1p(n),
        np.log1p(run_total[-1]),
        own_depth == (depth[first] if len(inside) else 0),
    )
    out = np.empty((len(columns), len(rows)), np.float32)
    for row, column in enumerate(columns):
        out[row] = column
    return out


def _path(node: Node) -> list[Node]:
    """*node* and all around it, the outermost first."""
    path = [node]
    while (parent := path[-1].parent) is not None:
        path.append(parent)
    return path[::-1]


def near_rows(facts: Facts, texts: Texts, rows: NDArray[np.intp]) -> Matrix:
    """`NEAR` of the blocks before and after each of *rows*, the values of one lag together; -1 beyond the page."""
    n = len(texts.chars)
    table = np.stack((texts.chars, texts.link_share, texts.ends_stop, texts.running, facts.is_heading, facts.tag == 0))
    other = rows + LAGS[:, None]
    there = np.minimum(np.maximum(other, 0), n - 1)
    out = np.empty((len(LAGS), len(NEAR), len(rows)), np.float32)
    out[:, :6] = table[:, there].swapaxes(0, 1)
    out[:, 6] = facts.parent[rows] == facts.parent[there]
    out[:, 7] = facts.kind[rows] == facts.kind[there]
    out.swapaxes(1, 2)[(other < 0) | (other >= n)] = -1.0
    return out.reshape(-1, len(rows))
