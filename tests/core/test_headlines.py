"""The headline is what most places agree on, without the site's name and without its kicker."""

import pytest

from newsbot.core.blocks import segment
from newsbot.core.headlines import headline_candidates
from newsbot.core.metadata import read_metadata
from newsbot.core.page import read_page
from newsbot.core.roles import Role

HEADLINE = "Harbour bridge closes for a year"


def headlines(html, headline=0, url="https://www.courier.example/a"):
    segments = segment(read_page(html.encode(), url))
    roles = [Role.HEADLINE if block.index == headline else Role.CHROME for block in segments.blocks]
    return [(one.value, one.source) for one in headline_candidates(segments, read_metadata(segments), roles)]


def json_ld(**values):
    fields = ",".join(f'"{key}":"{value}"' for key, value in values.items())
    return f'<script type="application/ld+json">{{"@type":"NewsArticle",{fields}}}</script>'


def test_places_that_agree_stand_together_and_first():
    html = (
        f'<title>{HEADLINE} | Courier</title><meta property="og:title" content="Bridge to close">'
        f"{json_ld(headline=HEADLINE)}<h1>{HEADLINE}</h1>"
    )
    assert headlines(html) == [
        (HEADLINE, "visible"),
        (HEADLINE, "jsonld"),
        (HEADLINE, "title"),
        ("Bridge to close", "meta"),
    ]


@pytest.mark.parametrize(
    "title",
    [
        f"{HEADLINE} | Courier",
        f"{HEADLINE} - Courier",
        f"{HEADLINE} – courier.example",
        f"Courier: {HEADLINE}",
        f"Courier » {HEADLINE}",
        f"{HEADLINE} - Local news - Courier",
    ],
)
def test_the_sites_name_is_cut_from_a_title(title):
    html = f'<meta property="og:site_name" content="Courier"><title>{title}</title><h1>{HEADLINE}</h1>'
    assert {text for text, _ in headlines(html)} == {HEADLINE}


def test_a_kicker_in_an_element_of_its_own_is_left_out():
    html = f"<title>{HEADLINE}</title><h1><span>Transport</span> {HEADLINE}</h1>"
    assert headlines(html)[0] == (HEADLINE, "visible")


def test_a_kicker_stays_where_the_page_says_so_elsewhere():
    full = f"Transport: {HEADLINE}"
    heading = f"<h1><span>Transport:</span> {HEADLINE}</h1>"
    html = f'{json_ld(headline=full)}<meta property="og:title" content="{full}">{heading}'
    assert headlines(html)[0][0] == full


def test_h1_and_og_title_together_outvote_json_ld():
    html = f'{json_ld(headline="Another line")}<meta property="og:title" content="{HEADLINE}"><h1>{HEADLINE}</h1>'
    assert headlines(html)[0] == (HEADLINE, "visible")


def test_another_heading_wins_if_the_title_confirms_it_alone():
    html = f"<title>{HEADLINE}</title><h1>The Daily Something</h1><h2>{HEADLINE}</h2>"
    assert headlines(html)[0] == (HEADLINE, "visible")


def test_a_page_without_headings_has_the_line_that_its_title_confirms():
    lines = f"<p>The Daily Something</p><p><b>{HEADLINE}</b><br>By Jane Doe</p>"
    html = f"<title>The Daily Something - {HEADLINE}</title>{lines}"
    assert headlines(html)[0] == (HEADLINE, "visible")


def test_typography_and_invisible_signs_do_not_part_voters():
    html = f'{json_ld(headline="It’s “here”")}<h1>It\'s "he&shy;re"</h1>'
    assert len({source for _, source in headlines(html)}) == 2
    assert headlines(html)[0][1] == "visible"


def test_a_page_that_says_nothing_has_no_headline():
    assert headlines("<p>Text.</p>", headline=None) == []
