"""Features: one row a block, every column named, values that mean what their names say."""

import numpy as np
import pytest

from newsbot.core.blocks import segment
from newsbot.core.feature_text import squeeze
from newsbot.core.features import NAMES, measure
from newsbot.core.page import Page
from newsbot.core.roles import NO_CLAIMS, Claims


def rows_of(html: str, claims: Claims = NO_CLAIMS) -> list[dict[str, float]]:
    data = html.encode()
    matrix = measure(segment(Page(url="https://example.org/a", html=data, size_bytes=len(data))), claims).matrix
    return [dict(zip(NAMES, row, strict=True)) for row in matrix.T.tolist()]


def value(html: str, name: str, block: int = 0, claims: Claims = NO_CLAIMS) -> float:
    return round(rows_of(html, claims)[block][name], 3)


@pytest.mark.parametrize(
    ("html", "name", "expected"),
    [
        pytest.param("<p>Four <a href=/x>four</a></p>", "link_share", round(4 / 9, 3), id="link share"),
        pytest.param("<p>One. Two! Three?</p>", "full_stops", 3, id="sentence ends inside and at the end"),
        pytest.param("<p>He said: “Go.”</p>", "ends_stop", 1, id="stop behind a closing quote"),
        pytest.param("<p>彼は言った。</p>", "ends_stop", 1, id="ideographic stop"),
        pytest.param("<p>彼は言った。</p>", "chars", 6 + 1.5 * 5, id="ideographs weigh more"),
        pytest.param("<p>وصل الرئيس؟</p>", "ends_sentence", 1, id="Arabic question mark"),
        pytest.param("<p>" + "สภาเมืองมีมติเมื่อวันอังคาร " * 4 + "</p>", "ends_stop", 1, id="Thai has no full stop"),
        pytest.param("<p>สภาเมือง</p>", "ends_stop", 0, id="Thai menu word"),
        pytest.param("<p>At 14:05</p>", "has_clock", 1, id="clock"),
        pytest.param("<p>ALL CAPS</p>", "upper_share", round(7 / 8, 3), id="capitals"),
        pytest.param("<aside><div><p>x</p></div></aside>", "in_aside", 1, id="inside an aside"),
        pytest.param("<div role=navigation><p>x</p></div>", "in_nav", 1, id="ARIA role"),
        pytest.param("<p itemprop=articleBody>x</p>", "item_body", 1, id="microdata"),
        pytest.param("<p>Since 1987, they said</p>", "has_year", 1, id="year"),
        pytest.param("<p>Call 1919870 now</p>", "has_year", 0, id="a longer number is no year"),
        pytest.param("<div hidden><p>x</p></div>", "drawn_hidden", 1, id="hidden"),
        pytest.param("<p>Same words here</p><p>Same words here</p>", "copies", 2, id="text that stands twice"),
        pytest.param("<div><p>a</p><p>b</p><p>c</p></div>", "parent_count", 3, id="siblings"),
    ],
)
def test_feature(html: str, name: str, expected: float) -> None:
    assert value(html, name) == pytest.approx(expected, abs=1e-3)


def test_claims_are_compared_without_case_and_space() -> None:
    claims = Claims(headlines=("The  Pier\nCloses",), descriptions=("Walkers only from the first of May.",))
    html = "<h1>THE PIER closes</h1><p>Walkers only from the first of May.</p><p>Something else.</p>"
    found = [(row["is_headline"], row["is_description"]) for row in rows_of(html, claims)]
    assert found == [(1, 0), (0, 1), (0, 0)]


def test_no_blocks_give_no_rows() -> None:
    assert rows_of("<div></div>") == []


@pytest.mark.parametrize("html", ["x", "<p>\U0001f600</p>", "<h1>a</h1>" * 3, "<a href=/>" + "é" * 5000])
def test_values_are_numbers(html: str) -> None:
    data = html.encode()
    measured = measure(segment(Page(url="https://example.org/a", html=data, size_bytes=len(data))), NO_CLAIMS)
    assert measured.matrix.shape == (len(NAMES), len(measured.rows))
    assert np.isfinite(measured.matrix).all()


def test_class_names_say_nothing() -> None:
    html = "<div class={}><p class={}>First text.</p><p class={}>Second text.</p><em>More</em></div>"
    assert rows_of(html.format("story-body", "lead", "lead")) == rows_of(html.format("x1", "x2", "x2"))


def test_squeeze() -> None:
    assert squeeze(" Two  WORDS\u00a0ß\n") == "twowordsss"
