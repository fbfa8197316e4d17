"""Selectors on nodes: the same elements as lxml selects on a tree, and a clear error for the rest."""

from __future__ import annotations

import lxml.html
import pytest

from newsbot.core.blocks import segment
from newsbot.core.errors import ConfigError
from newsbot.core.page import read_page
from newsbot.core.select import compile_selector

HTML = """<main id=m><article class="story wide" data-kind="news-item"><h1 id=h>H</h1>
<div id=d1 class=text lang=en-GB><p id=p1 class=lead>One</p><p id=p2>Two</p><ul id=u><li id=l1>x</li></ul></div>
<aside id=as class="box ad-slot"><p id=p3>Ad</p></aside></article>
<div id=d2 class=text><p id=p4>Foot</p></div></main>"""


@pytest.mark.parametrize(
    "css",
    ["p", "*", ".text", "#d1", "div.text", "article p", "article > p", "article > div > p", "main .text p.lead",
     "[lang]", "[data-kind=news-item]", "[data-kind^=news]", "[data-kind$=item]", "[data-kind*='s-i']", "[lang|=en]",
     "[class~=ad-slot]", "div.text > p:not(.lead)", "h1, aside p, #p4", "article :not(p)", "#m #d1 #p2"],
)  # fmt: skip
def test_selects_what_lxml_selects(css: str) -> None:
    selector = compile_selector(css)
    nodes = segment(read_page(HTML.encode(), "https://a.org/")).nodes
    expected = [node.get("id") for node in lxml.html.fromstring(HTML).cssselect(css) if node.get("id")]
    assert [n.attrs["id"] for n in nodes if "id" in n.attrs and selector.matches(n)] == expected


@pytest.mark.parametrize(
    "css", ["", "p[", "p::text", "p:first-child", "p:hover", "h1 + p", "h1 ~ p", "strong", "p:nth-child(2)", "[a!=b]"]
)
def test_what_a_node_cannot_answer_is_refused(css: str) -> None:
    with pytest.raises(ConfigError, match="selector"):
        compile_selector(css)


def test_covers_looks_at_what_is_around() -> None:
    nodes = segment(read_page(HTML.encode(), "https://a.org/")).nodes
    item = next(node for node in nodes if node.attrs.get("id") == "l1")
    assert compile_selector("div.text").covers(item)
    assert not compile_selector("aside").covers(item)
