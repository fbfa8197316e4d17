"""The blocks of a page, made while it is parsed: one parse, no tree.

What comes in: a `Page`. What goes out: `Segments`: nodes (elements with the ranges of blocks, links and
images below them), blocks (runs of inline text between block-level boundaries), links, images, and the
elements that carry metadata. No role is given here, nothing is dropped but script, style and template.

A *block* is what a reader sees as one run of text: the text between two boundaries of block-level
elements or ``<br><br>``. Its *pieces* keep which inline element each part of the text came from.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from newsbot.core.page import Page

# Bits of Node.hidden: why a reader may not see what is inside. They are inherited.
HIDDEN_STYLE = 1  # hidden attribute, display:none, visibility:hidden
HIDDEN_ARIA = 2  # aria-hidden=true: often still drawn, e.g. the image link of a card
HIDDEN_NOSCRIPT = 4  # inside noscript
NOT_DRAWN = HIDDEN_STYLE | HIDDEN_NOSCRIPT

_WORDS = {
    "inline": """a abbr acronym b bdi bdo big cite code data del dfn em font i img input ins kbd label mark meter nobr
        output picture progress q ruby rb rp rt s samp small source span strike strong sub sup svg time tt u var
        wbr link meta track math""",
    "format": """abbr acronym b bdi bdo big cite code dfn em font i ins kbd mark nobr q ruby rb rp rt s samp small
        strike strong sub sup tt u var wbr source track""",
    "void": "area base br col embed hr input link meta param source track wbr",
    "untext": """title base br meta link script style template svg math object applet canvas datalist select option
        textarea""",
}
INLINE_TAGS = frozenset(_WORDS["inline"].split())
# Inline elements that only style the text: they get no node of their own.
FORMAT_TAGS = frozenset(_WORDS["format"].split())
VOID_TAGS = frozenset(_WORDS["void"].split())
UNTEXT_TAGS = frozenset(_WORDS["untext"].split())
_UNTEXT_VOID_TAGS = UNTEXT_TAGS & VOID_TAGS
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
EMPHASIS_TAGS = frozenset(("b", "strong", "em", "i"))


@dataclass(slots=True, eq=False)
class Node:
    """An element of the page, except pure formatting, with what lies below it as index ranges.

    ``blocks[first_block:end_block]`` is its text, ``links[first_link:end_link]`` its links,
    ``images[first_image:end_image]`` its images, ``nodes[index + 1:end_node]`` its descendants.
    """

    index: int
    parent: Node | None
    tag: str
    attrs: dict[str, str]
    depth: int
    is_block: bool
    hidden: int
    first_block: int
    first_link: int
    first_image: int
    end_node: int = 0
    end_block: int = 0
    end_link: int = 0
    end_image: int = 0

    @property
    def hint(self) -> str:
        """Class and id words, lower case; a weak hint that may never decide alone."""
        return f"{self.attrs.get('class', '')} {self.attrs.get('id', '')}".lower()


@dataclass(slots=True, eq=False)
class Piece:
    """``text[start:end]`` of a block comes directly from *tag* below *node*, inside *link* if there is one."""

    start: int
    end: int
    node: Node
    tag: str
    link: Link | None


@dataclass(slots=True, eq=False)
class Block:
    """A run of text; ``node`` is the block-level element that holds it. White space is folded."""

    index: int
    node: Node
    text: str
    pieces: list[Piece]
    hidden: int

    @property
    def link_chars(self) -> int:
        """Characters of the text inside links."""
        return sum(piece.end - piece.start for piece in self.pieces if piece.link is not None)


@dataclass(slots=True, eq=False)
class Link:
    """An ``<a href>``; ``href`` is as written, ``blocks[first_block:end_block]`` holds its text.

    A link inside running text shares its block with other text: see the block's pieces.
    """

    index: int
    node: Node
    href: str
    first_block: int
    end_block: int = 0


@dataclass(slots=True, eq=False)
class ImageRef:
    """An ``<img>`` (or a ``<picture>``'s) below *node*, before block number *block*."""

    index: int
    node: Node
    attrs: dict[str, str]
    block: int


@dataclass(slots=True, eq=False)
class DataScript:
    """The raw text of a script that holds data, or of a title; ``parts`` as the parser gave them."""

    name: str
    attrs: dict[str, str]
    parts: list[str]

    @property
    def text(self) -> str:
        """The whole text."""
        return "".join(self.parts)


@dataclass(slots=True, eq=False)
class Segments:
    """A page read once, in document order."""

    page: Page
    nodes: list[Node] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    images: list[ImageRef] = field(default_factory=list)
    metas: list[dict[str, str]] = field(default_factory=list)
    link_rels: list[dict[str, str]] = field(default_factory=list)
    data_scripts: list[DataScript] = field(default_factory=list)
    base_href: str | None = None
    times: list[Node] = field(default_factory=list)
    titles: list[DataScript] = field(default_factory=list)


def segment(page: Page) -> Segments:
    """Parse *page* once and return its `Segments`. Linear; no tree is built.

    The parser tells a target what it meets: measured on real pages, that and the making of all nodes
    and blocks costs less than building lxml's tree and walking it afterwards.
    """
    reader = _Reader(page)
    target: Any = reader  # lxml's stubs want `str | bytes` arguments; the HTML parser gives str
    etree.fromstring(page.html, etree.HTMLParser(encoding="utf-8", huge_tree=True, target=target))
    return reader.out


# What holds again when an element ends: its node (None: a formatting element), the nearest block-level
# node around it, the nearest node around it, the link and the tag around it.
_Open = tuple["Node | None", Node, Node, "Link | None", str]


class _Reader:
    """A parser target: what the parser meets becomes nodes, blocks, links and images at once."""

    def __init__(self, page: Page) -> None:
        self.out = Segments(page=page)
        self.run: list[tuple[str, Node, str, Link | None]] = []
        self.open: list[_Open] = []
        top = Node(0, None, "html", {}, 0, True, 0, 0, 0, 0)
        self.out.nodes.append(top)
        self.holder = self.near = top
        self.link: Link | None = None
        self.tag = "html"
        self.ended_by_br = False
        self.skipping = 0
        self.script: DataScript | None = None

    def start(self, name: str, attrs: dict[str, str]) -> None:
        if self.skipping:
            self.skipping += 1
            return
        if name in FORMAT_TAGS:
            self.open.append((None, self.holder, self.near, self.link, self.tag))
            self.tag = name
            self.ended_by_br = False
            return
        if name in UNTEXT_TAGS:
            self._untext(name, attrs)
            return
        out, holder, near = self.out, self.holder, self.near
        is_block = name not in INLINE_TAGS
        if is_block and self.run:
            self._flush()
        hidden = near.hidden
        if attrs or name == "noscript":
            hidden |= _hidden(name, attrs)
        blocks, links, images = out.blocks, out.links, out.images
        node = Node(
            len(out.nodes), near, name, attrs, near.depth + 1, is_block, hidden, len(blocks), len(links), len(images)
        )
        out.nodes.append(node)
        self.open.append((node, holder, near, self.link, self.tag))
        self.near = node
        self.tag = name
        self.ended_by_br = False
        if is_block:
            self.holder = node
        elif name == "a":
            href = attrs.get("href")
            if href is not None:
                self.link = Link(len(links), node, href, len(blocks))
                links.append(self.link)
        elif name == "img":
            images.append(ImageRef(len(images), node, attrs, len(blocks)))
        elif name == "time":
            out.times.append(node)

    def end(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            self.script = None
            return
        if name in _UNTEXT_VOID_TAGS or not self.open:
            return
        node, self.holder, near, link, self.tag = self.open.pop()
        self.near = near
        if node is not None:
            if node.is_block and self.run:
                self.holder, keep = node, self.holder
                self._flush()
                self.holder = keep
            out = self.out
            node.end_node = len(out.nodes)
            # The text of inline nodes stands in the run that is still open.
            node.end_block = len(out.blocks) + (0 if node.is_block or not self.run else 1)
            node.end_link = len(out.links)
            node.end_image = len(out.images)
            if self.link is not link and self.link is not None:
                self.link.end_block = node.end_block
        self.link = link

    def data(self, text: str) -> None:
        if not self.skipping:
            if self.run or not text.isspace():
                self.run.append((text, self.near, self.tag, self.link))
        elif self.script is not None:
            self.script.parts.append(text)

    def close(self) -> Segments:
        while self.open:
            self.end("")
        self._flush()
        top = self.out.nodes[0]
        top.end_node, top.end_block = len(self.out.nodes), len(self.out.blocks)
        top.end_link, top.end_image = len(self.out.links), len(self.out.images)
        return self.out

    def _untext(self, name: str, attrs: dict[str, str]) -> None:
        """An element that holds no text of the page: metadata, a line break, a script."""
        out = self.out
        if name == "br":
            if self.ended_by_br and self.run and not self.run[-1][0].strip():
                self._flush()
            self.run.append(("\n", self.near, self.tag, self.link))
            self.ended_by_br = True
        elif name == "meta":
            out.metas.append(attrs)
        elif name == "link":
            out.link_rels.append(attrs)
        elif name == "base":
            out.base_href = out.base_href or attrs.get("href")
        elif name not in VOID_TAGS:
            self.skipping = 1
            if name == "title":
                self.script = DataScript("title", attrs, [])
                out.titles.append(self.script)
            elif name == "script":
                kind = (attrs.get("type") or attrs.get("id") or "").lower()
                if "json" in kind or "data" in kind or "state" in kind:
                    self.script = DataScript("script", attrs, [])
                    out.data_scripts.append(self.script)

    def _flush(self) -> None:
        """Close the run of text as a block, unless it is only white space."""
        run = self.run
        parts: list[str] = []
        pieces: list[Piece] = []
        length = 0
        space = False
        for raw, node, tag, link in run:
            words = raw.split()
            if not words:
                space = True
                continue
            if length and (space or raw[0].isspace()):
                parts.append(" ")
                length += 1
            text = " ".join(words)
            parts.append(text)
            end = length + len(text)
            pieces.append(Piece(length, end, node, tag, link))
            length = end
            space = raw[-1].isspace()
        run.clear()
        if parts:
            out = self.out
            out.blocks.append(Block(len(out.blocks), self.holder, "".join(parts), pieces, pieces[0].node.hidden))


def _hidden(name: str, attrs: dict[str, str]) -> int:
    bits = HIDDEN_NOSCRIPT if name == "noscript" else 0
    # React streams parts of a page as <div hidden id="S:1">, to be moved to their place by its script.
    if "hidden" in attrs and not attrs.get("id", "").startswith("S:"):
        bits |= HIDDEN_STYLE
    if attrs.get("aria-hidden") == "true":
        bits |= HIDDEN_ARIA
    style = attrs.get("style")
    if style:
        folded = style.replace(" ", "").lower()
        if "display:none" in folded or "visibility:hidden" in folded:
            bits |= HIDDEN_STYLE
    return bits
