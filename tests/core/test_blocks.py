"""Segmentation: what a reader sees as one run of text is one block, and nothing is lost on the way."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from newsbot.core.blocks import HIDDEN_ARIA, HIDDEN_NOSCRIPT, HIDDEN_STYLE, Segments, segment
from newsbot.core.errors import TooDeep
from newsbot.core.page import MAX_DEPTH, Page


def segments_of(html: str | bytes) -> Segments:
    data = html.encode() if isinstance(html, str) else html
    return segment(Page(url="https://example.org/a", html=data, size_bytes=len(data)))


def texts(html: str | bytes) -> list[str]:
    return [block.text for block in segments_of(html).blocks]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>one</p><p>two</p>", ["one", "two"], id="paragraphs"),
        pytest.param("<div>one<p>two</p>three</div>", ["one", "two", "three"], id="text around a paragraph"),
        pytest.param("<p>one <b>two</b> <i>three</i>.</p>", ["one two three."], id="formatting"),
        pytest.param("<p>Fish &amp; chips f&uuml;r 5&nbsp;&euro;</p>", ["Fish & chips für 5 €"], id="entities"),
        pytest.param("<p>one<br>two</p>", ["one two"], id="one line break"),
        pytest.param("<p>one<br><br>two</p>", ["one", "two"], id="two line breaks"),
        pytest.param("<p>one<br> \n <br>two</p>", ["one", "two"], id="two line breaks with space between"),
        pytest.param("<p>one<br>and<br>two</p>", ["one and two"], id="line breaks around text"),
        pytest.param("<p>a<script>var x = 1</script>b</p><style>p{}</style>", ["ab"], id="script and style"),
        pytest.param("<p>a</p><template><p>b</p></template>", ["a"], id="template"),
        pytest.param("<ul><li>one<li>two</ul>", ["one", "two"], id="list without end tags"),
        pytest.param("<p>one<p>two</div></span>three", ["one", "twothree"], id="stray end tags"),
        pytest.param("<p>a</p></body></html><p>after the end</p>", ["a", "after the end"], id="text after html"),
        pytest.param("<my-box><my-text>one</my-text><my-text>two</my-text></my-box>", ["one", "two"], id="custom"),
        pytest.param("<a href='/x'><div>one</div><div>two</div></a>", ["one", "two"], id="link around blocks"),
        pytest.param("<p>un<wbr>break<wbr>able</p>", ["unbreakable"], id="wbr"),
        pytest.param("<p> \n\t </p><div></div>", [], id="only white space"),
        pytest.param("no markup at all", ["no markup at all"], id="bare text"),
        pytest.param("<table><tr><td>1</td><td>2</td></tr></table>", ["1", "2"], id="cells"),
        pytest.param("<p>日本語の<b>記事</b>です。</p>", ["日本語の記事です。"], id="no spaces between words"),
        pytest.param("<p dir=rtl>خبر <a href=/x>عاجل</a> اليوم</p>", ["خبر عاجل اليوم"], id="right to left"),
    ],
)
def test_blocks_of(html: str, expected: list[str]) -> None:
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>seen</p>", 0, id="shown"),
        pytest.param("<div hidden><p>x</p></div>", HIDDEN_STYLE, id="hidden attribute"),
        pytest.param("<div style='color:red; DISPLAY : none'><p>x</p></div>", HIDDEN_STYLE, id="display none"),
        pytest.param("<p style='visibility:hidden'>x</p>", HIDDEN_STYLE, id="visibility"),
        pytest.param("<p aria-hidden=true>x</p>", HIDDEN_ARIA, id="aria-hidden"),
        pytest.param("<noscript><p>x</p></noscript>", HIDDEN_NOSCRIPT, id="noscript"),
        pytest.param("<div hidden id='S:3'><p>x</p></div>", 0, id="part that a script moves into its place"),
        pytest.param("<input hidden><img hidden src=x><p>x</p>", 0, id="a hidden void element holds nothing"),
        pytest.param("<div style='display:block'><p>x</p></div>", 0, id="display block"),
    ],
)
def test_hidden_of(html: str, expected: int) -> None:
    assert [block.hidden for block in segments_of(html).blocks] == [expected]


def test_pieces_keep_links_and_tags() -> None:
    block = segments_of("<p>See <a href='/a'>one <b>bold</b></a> and <em>two</em>.</p>").blocks[0]
    found = [
        (block.text[piece.start : piece.end], piece.tag, piece.link.href if piece.link else None)
        for piece in block.pieces
    ]
    assert found == [
        ("See", "p", None),
        ("one", "a", "/a"),
        ("bold", "b", "/a"),
        ("and", "p", None),
        ("two", "em", None),
        (".", "p", None),
    ]
    assert block.link_chars == len("one") + len("bold")


def test_entities_do_not_split_a_piece() -> None:
    block = segments_of("<p>A &amp; B &quot;C&quot; d&eacute;j&agrave;</p>").blocks[0]
    assert [(piece.start, piece.end) for piece in block.pieces] == [(0, len(block.text))]


def test_ranges_of_links_nodes_and_images() -> None:
    found = segments_of("<nav><a href=/n>N</a></nav><div><a href=/c><img src=i><h2>T</h2><p>S</p></a></div><p>end</p>")
    card = next(node for node in found.nodes if node.tag == "div")
    assert [block.text for block in found.blocks[card.first_block : card.end_block]] == ["T", "S"]
    assert [link.href for link in found.links[card.first_link : card.end_link]] == ["/c"]
    assert card.end_image - card.first_image == 1
    assert [(link.href, link.first_block, link.end_block) for link in found.links] == [("/n", 0, 1), ("/c", 1, 3)]


def test_a_line_break_alone_is_no_block_of_its_element() -> None:
    found = segments_of("<p>one</p><a href=/x><br></a><p>two</p><span><br></span>")
    ranges = [(node.tag, node.first_block, node.end_block) for node in found.nodes if node.tag in ("a", "span")]
    assert ranges == [("a", 1, 1), ("span", 2, 2)]


def test_nesting_to_the_limit_is_read_and_over_it_is_told() -> None:
    assert texts("<div>" * (MAX_DEPTH - 3) + "deep") == ["deep"]
    with pytest.raises(TooDeep, match="levels"):
        segments_of("<div>" * (MAX_DEPTH + 1) + "deep")


def bare_text(html: bytes) -> str:
    """All text that lxml's own tree has outside elements that hold no text of the page."""
    tree = etree.fromstring(html, etree.HTMLParser(encoding="utf-8", huge_tree=True))
    if tree is None:
        return ""
    parts: list[str] = []
    for event, node in etree.iterwalk(tree, events=("start", "end", "comment", "pi")):
        untext = [up for up in (node, *node.iterancestors()) if up.tag in ("script", "style", "title", "template")]
        if event == "start" and not untext:
            parts.append(node.text or "")
        elif event != "start" and node is not tree and not untext[1:]:
            parts.append(node.tail or "")
    return "".join("".join(parts).split())


TAGS = ("p", "div", "a href=/x", "b", "span", "li", "ul", "h1", "img src=x", "br", "script", "table", "td", "my-tag")
CHUNKS = st.one_of(
    st.sampled_from([f"<{tag}>" for tag in TAGS] + [f"</{tag.split()[0]}>" for tag in TAGS] + [" ", "&amp;", "\n"]),
    st.text(alphabet="abcdé日ع .,", min_size=1, max_size=8),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(CHUNKS, max_size=40))
def test_no_text_is_lost_or_doubled(chunks: list[str]) -> None:
    html = "".join(["<html><body>", *chunks]).encode()
    assert "".join("".join(texts(html)).split()) == bare_text(html)


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=400))
def test_a_page_cut_at_any_byte_is_read(cut: int) -> None:
    html = (
        "<!doctype html><html><head><title>Ä</title><script type='application/ld+json'>{\"a\": 1}</script></head>"
        "<body><nav><a href='/s'>Städte</a></nav><article><h1>Brücke &amp; Tor</h1><p>Erster <b>Satz</b>.</p>"
        "<figure><img src='x'><figcaption>Bild</figcaption></figure><p>Zweiter Satz.</p></article></body></html>"
    ).encode()[:cut]
    found = segments_of(html)
    for node in found.nodes:
        assert 0 <= node.first_block <= node.end_block <= len(found.blocks)
        assert node.index < node.end_node <= len(found.nodes)
    for block in found.blocks:
        assert block.pieces[0].start == 0
        assert block.pieces[-1].end == len(block.text)
