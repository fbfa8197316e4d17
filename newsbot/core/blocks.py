"""The blocks of a page, made while it is parsed: one parse, no tree.

What comes in: a `Page`. What goes out: `Segments`: nodes (elements with the ranges of blocks, links and
images below them), blocks (runs of inline text between block-level boundaries), links, images, and the
elements that carry metadata. No role is given here, nothing is dropped but script, style and template.

A *block* is what a reader sees as one run of text: the text between two boundaries of block-level
elements or ``<br><br>``. Its *pieces* keep which inline element each part of the text came from.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lxml import etree
from msgspec import Struct

from newsbot.core.errors import TooDeep
from newsbot.core.landmarks import TAG_BITS, attribute_bits
from newsbot.core.page import MAX_DEPTH, Page

# Bits of Node.hidden: why a reader may not see what is inside. They are inherited.
HIDDEN_STYLE = 1  # hidden attribute, display:none, visibility:hidden
HIDDEN_ARIA = 2  # aria-hidden=true: often still drawn, e.g. the image link of a card
HIDDEN_NOSCRIPT = 4  # inside noscript, or what a player or frame shows to a browser that has none
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
# What the parser's events do with a tag.
_BLOCK, _INLINE, _FORMAT, _BREAK, _UNTEXT_VOID, _UNTEXT = range(6)
_KINDS = (
    dict.fromkeys(INLINE_TAGS, _INLINE)
    | dict.fromkeys(FORMAT_TAGS, _FORMAT)
    | dict.fromkeys(UNTEXT_TAGS, _UNTEXT)
    | dict.fromkeys(_UNTEXT_VOID_TAGS, _UNTEXT_VOID)
    | {"br": _BREAK}
)
# Attributes that say something of all that stands in an element.
_TELLING = frozenset(("style", "hidden", "aria-hidden", "aria-modal", "role", "itemprop"))
# What stands in these is shown only where they cannot be.
_FALLBACK_TAGS = frozenset(("noscript", "video", "audio", "iframe"))
_COMMON_BLOCKS = "html body div p h1 h2 h3 h4 h5 h6 li dd dt tr td th tbody thead caption center pre hr hgroup".split()
# Nodes with more to be noted.
_LINK, _IMAGE, _TIME, _FALLBACK = range(1, 5)
_SPECIAL = {"a": _LINK, "img": _IMAGE, "time": _TIME} | dict.fromkeys(_FALLBACK_TAGS, _FALLBACK)
# All of that with one look-up for each element: what to do, its landmark, what more to note; and the tag itself, since
# the parser makes a new string each time, which would be hashed and compared anew wherever tags are told apart.
_SORTS = {
    tag: (_KINDS.get(tag, _BLOCK), TAG_BITS.get(tag, 0), _SPECIAL.get(tag, 0), tag)
    for tag in (*_COMMON_BLOCKS, *_KINDS, *TAG_BITS, *_SPECIAL)
}
HEADING_TAGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
BOLD_TAGS = frozenset(("b", "strong"))
EMPHASIS_TAGS = frozenset(("b", "strong", "em", "i"))
# What readers remember of `Node.hint`: longer ones are looked at anew, or a hostile page would fill the memory.
HINT_KEPT_CHARS = 500
_NO_ATTRS: dict[str, str] = {}


class Node(Struct, eq=False, gc=False):
    """An element of the page, except pure formatting, with what lies below it as index ranges.

    ``blocks[first_block:end_block]`` is its text, ``links[first_link:end_link]`` its links,
    ``images[first_image:end_image]`` its images, ``nodes[index + 1:end_node]`` its descendants. ``inside`` has the bits
    of `newsbot.core.landmarks` of all elements around it, itself included.
    """

    index: int
    parent: Node | None
    tag: str
    attrs: dict[str, str]
    depth: int
    is_block: bool
    hidden: int
    inside: int
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


class Piece(Struct, eq=False, gc=False):
    """``text[start:end]`` of a block comes directly from *tag* below *node*, inside *link* if there is one."""

    start: int
    end: int
    node: Node
    tag: str
    link: Link | None


class Block(Struct, eq=False, gc=False):
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


class Link(Struct, eq=False, gc=False):
    """An ``<a href>``; ``href`` is as written, ``blocks[first_block:end_block]`` holds its text.

    A link inside running text shares its block with other text: see the block's pieces.
    """

    index: int
    node: Node
    href: str
    first_block: int
    end_block: int = 0


class ImageRef(Struct, eq=False, gc=False):
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
    items: list[int] = field(default_factory=list)  # the numbers of the nodes with microdata
    titles: list[DataScript] = field(default_factory=list)


class _Target(NamedTuple):
    """What lxml's parser tells of a document."""

    start: Callable[[str, dict[str, str]], None]
    end: Callable[[str], None]
    data: Callable[[str], None]
    close: Callable[[], None]


# Text, nearest node, tag and link around it.
_Run = tuple[str, Node, str, "Link | None"]
# What holds again when an element ends: its node (None: a formatting element), the nearest block-level
# node around it, the nearest node around it, the link and the tag around it.
_Open = tuple["Node | None", Node, Node, "Link | None", str]


def segment(page: Page) -> Segments:
    """Parse *page* once and return its `Segments`. Linear; no tree is built.

    The parser tells a target what it meets: measured on real pages, that and the making of all nodes
    and blocks costs less than building lxml's tree and walking it afterwards.
    """
    out = Segments(page=page)
    target: Any = _target(out)  # lxml's stubs want `str | bytes` arguments; the HTML parser gives str
    etree.fromstring(page.html, etree.HTMLParser(encoding="utf-8", huge_tree=True, target=target))
    return out


def _target(out: Segments) -> _Target:
    """A parser target that fills *out*: what the parser meets becomes nodes, blocks, links and images at once.

    Functions around shared names, not methods around attributes: they run for each of some thousand elements
    of a page, and this way they cost a third less.
    """
    nodes, links, images, open_elements = out.nodes, out.links, out.images, list[_Open]()
    run: list[_Run] = []  # the text since the last boundary
    holder = near = Node(0, None, "html", _NO_ATTRS, 0, True, 0, 0, 0, 0, 0)
    nodes.append(near)
    tag = "html"
    link: Link | None = None
    ended_by_br = False
    skipping = 0  # how many open elements hold no text of the page
    script: DataScript | None = None
    n_nodes, n_blocks, n_links, n_images = 1, 0, 0, 0
    sort_of, says_nothing = _SORTS.get, _TELLING.isdisjoint
    add_node, add_text = nodes.append, run.append
    open_element, close_element = open_elements.append, open_elements.pop

    def start(name: str, attrs: dict[str, str]) -> None:
        nonlocal holder, near, tag, link, ended_by_br, skipping, script, n_nodes, n_blocks, n_links, n_images
        if skipping:
            skipping += 1
            return
        kind, inside, special, name = sort_of(name) or (_BLOCK, 0, 0, name)
        if kind == _UNTEXT:
            script = _untext(name, attrs, out)
            skipping = 1
            return
        if kind > _INLINE:
            # Void elements are opened too, as the parser ends each of them at once: asking every end for its name
            # took a twentieth of all that is done here.
            open_element((None, holder, near, link, tag))
            if kind == _FORMAT:
                tag = name
                ended_by_br = False
            elif kind == _BREAK:
                if ended_by_br and run and not run[-1][0].strip():
                    n_blocks += _flush(run, holder, out)
                add_text(("\n", near, tag, link))
                ended_by_br = True
            else:
                _untext(name, attrs, out)
            return
        if run and kind == _BLOCK:
            n_blocks += _flush(run, holder, out)
        hidden = near.hidden
        inside |= near.inside
        if not attrs:
            attrs = _NO_ATTRS  # lxml's empty mapping takes microseconds to say that it is empty
            if special == _FALLBACK:
                hidden |= HIDDEN_NOSCRIPT
        elif special == _FALLBACK or not says_nothing(attrs):
            hidden |= _hidden(name, attrs)
            inside |= attribute_bits(attrs)
            if "itemprop" in attrs:
                out.items.append(n_nodes)
        depth = near.depth + 1
        if depth > MAX_DEPTH:
            raise TooDeep(f"nested over {MAX_DEPTH} levels", url=out.page.url)
        node = Node(n_nodes, near, name, attrs, depth, kind == _BLOCK, hidden, inside, n_blocks, n_links, n_images)
        add_node(node)
        n_nodes += 1
        open_element((node, holder, near, link, tag))
        near = node
        tag = name
        ended_by_br = False
        if kind == _BLOCK:
            holder = node
        elif special:
            if special == _LINK:
                href = attrs.get("href")
                if href is not None:
                    link = Link(n_links, node, href, n_blocks)
                    links.append(link)
                    n_links += 1
            elif special == _IMAGE:
                images.append(ImageRef(n_images, node, attrs, n_blocks))
                n_images += 1
            elif special == _TIME:
                out.times.append(node)

    def end(name: str) -> None:
        nonlocal holder, near, tag, link, skipping, script, n_blocks
        if skipping:
            skipping -= 1
            script = None
            return
        if not open_elements:
            return
        node, outer, near, outer_link, tag = close_element()
        if node is None:
            return
        end_block = n_blocks
        if run:
            if node is holder:
                n_blocks += _flush(run, node, out)
                end_block = n_blocks
            elif run[0][0] != "\n" or any(not part[0].isspace() for part in run):
                end_block += 1  # the text of inline nodes stands in the run that is still open
        node.end_node = n_nodes
        node.end_block = end_block
        node.end_link = n_links
        node.end_image = n_images
        if link is not outer_link and link is not None:
            link.end_block = end_block
        holder = outer
        link = outer_link

    def data(text: str) -> None:
        if not skipping:
            if run or not text.isspace():
                add_text((text, near, tag, link))
        elif script is not None:
            script.parts.append(text)

    def close() -> None:
        nonlocal n_blocks
        while open_elements:
            end("")
        n_blocks += _flush(run, holder, out)
        top = nodes[0]
        top.end_node, top.end_block, top.end_link, top.end_image = n_nodes, n_blocks, n_links, n_images

    return _Target(start, end, data, close)


def _untext(name: str, attrs: dict[str, str], out: Segments) -> DataScript | None:
    """Note an element that holds no text of the page; the value is where its text goes, if that is data."""
    if name == "meta":
        out.metas.append(attrs)
    elif name == "link":
        out.link_rels.append(attrs)
    elif name == "base":
        out.base_href = out.base_href or attrs.get("href")
    elif name == "title":
        found = DataScript("title", attrs, [])
        out.titles.append(found)
        return found
    elif name == "script":
        kind = (attrs.get("type") or attrs.get("id") or "").lower()
        if "json" in kind or "data" in kind or "state" in kind:
            found = DataScript("script", attrs, [])
            out.data_scripts.append(found)
            return found
    return None


def _flush(run: list[_Run], holder: Node, out: Segments) -> int:
    """Close the run of text as a block of *holder*, unless it is only white space; the number of blocks made."""
    while run and run[-1][0].isspace():
        run.pop()
    if not run:
        return 0
    if len(run) == 1:
        # Most runs: no text beside it to be joined with.
        raw, node, tag, link = run[0]
        text = " ".join(raw.split())
        pieces = [Piece(0, len(text), node, tag, link)] if text else []
    else:
        text, pieces = _join(run)
    run.clear()
    if not pieces:
        return 0
    out.blocks.append(Block(len(out.blocks), holder, text, pieces, pieces[0].node.hidden))
    return 1


def _join(run: list[_Run]) -> tuple[str, list[Piece]]:
    """The text of a run and its pieces.

    The parser gives a text in parts (it stops at each entity): parts of one origin make one piece.
    """
    parts: list[str] = []
    pieces: list[Piece] = []
    length = at = 0
    space = False
    count = len(run)
    while at < count:
        raw, node, tag, link = run[at]
        at += 1
        while at < count and run[at][1] is node and run[at][2] == tag and run[at][3] is link:
            raw += run[at][0]
            at += 1
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
    return "".join(parts), pieces


def _hidden(name: str, attrs: dict[str, str]) -> int:
    bits = HIDDEN_NOSCRIPT if name in _FALLBACK_TAGS else 0
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
