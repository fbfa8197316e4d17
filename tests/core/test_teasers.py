"""Which links are teasers, and where a card begins and ends: invented pages, one phenomenon each."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.core.blocks import segment
from newsbot.core.page import read_page
from newsbot.core.roles import StoryView, TeaserBlock
from newsbot.core.teaser_features import features
from newsbot.core.teaser_units import read_links, upper_and_digits
from newsbot.core.teasers import TeaserSearch, find_teasers

PAGE_URL = "https://www.example.org/politics/council-votes-on-new-harbour-bridge-48211"
BODY = (
    "<h1>Council votes on new harbour bridge</h1>"
    + "<p>The council voted on Tuesday to build a second bridge over the harbour, after a debate of five hours.</p>" * 4
)
NAV = (
    "<nav><ul><li><a href='/politics/'>Politics</a></li><li><a href='/sport/'>Sport</a></li>"
    "<li><a href='/culture/'>Culture</a></li><li><a href='/newsletter/'>Newsletter</a></li></ul></nav>"
)


def blocks_of(*parts: str, url: str = PAGE_URL) -> tuple[TeaserBlock, ...]:
    html = f"<html><body>{NAV}<main><article>{BODY}</article></main>{''.join(parts)}</body></html>"
    return find_teasers(segment(read_page(html.encode(), url))).blocks


def headlines(blocks: Sequence[TeaserBlock]) -> list[tuple[str | None, list[str | None]]]:
    return [(block.heading, [teaser.headline for teaser in block.teasers]) for block in blocks]


STORIES = (
    ("/economy/port-expects-record-year-for-grain-48190", "Port expects record year for grain exports"),
    ("/economy/ferry-line-cancels-night-crossings-48175", "Ferry line cancels its night crossings until spring"),
    ("/sport/rowers-win-regatta-in-heavy-rain-48160", "Rowers win the regatta in heavy rain"),
    ("/culture/museum-opens-wing-for-ship-models-48155", "Museum opens a wing for ship models"),
)


def test_a_page_of_prose_and_menus_has_no_teasers() -> None:
    assert blocks_of() == ()


def test_a_list_of_headlines_is_one_block_under_its_heading() -> None:
    items = "".join(f"<li><a href='{href}'>{title}</a></li>" for href, title in STORIES)
    found = blocks_of(f"<aside><h2>Most read</h2><ol>{items}</ol></aside>")
    assert headlines(found) == [("Most read", [title for _, title in STORIES])]
    assert found[0].kind == "most_read"


def test_image_headline_and_more_link_to_one_story_are_one_card() -> None:
    cards = "".join(
        f"<div class='c'><a href='{href}'><img src='/i.jpg'></a><h3><a href='{href}?utm_source=rail'>{title}</a></h3>"
        f"<p>What it means for the town and for those who live near the water.</p><a href='{href}'>Read more</a></div>"
        for href, title in STORIES
    )
    found = blocks_of(f"<section><h2>More stories</h2>{cards}</section>")
    assert headlines(found) == [("More stories", [title for _, title in STORIES])]
    assert {teaser.summary for teaser in found[0].teasers} == {
        "What it means for the town and for those who live near the water."
    }


def test_the_page_itself_in_a_list_is_left_out_and_does_not_split_it() -> None:
    rows = [*STORIES[:2], (PAGE_URL, "Council votes on new harbour bridge"), *STORIES[2:]]
    items = "".join(f"<li><a href='{href}'>{title}</a></li>" for href, title in rows)
    found = blocks_of(f"<aside><h2>Most read</h2><ol>{items}</ol></aside>")
    assert headlines(found) == [("Most read", [title for _, title in STORIES])]


def test_a_link_in_running_text_is_no_teaser() -> None:
    prose = (
        "<p>The plan, which <a href='/economy/port-expects-record-year-for-grain-48190'>the port had asked for</a> in"
        " the spring, was opposed by residents of the old town, who fear noise and dust for years to come.</p>"
    )
    assert blocks_of(f"<main>{prose}{prose}</main>") == ()


# --- cards ---------------------------------------------------------------------------------------------------


def cards(template: str, stories: Sequence[tuple[str, str]] = STORIES) -> str:
    return "".join(template.format(href=href, title=title) for href, title in stories)


def titles(stories: Sequence[tuple[str, str]] = STORIES) -> list[str | None]:
    return [title for _, title in stories]


def one_block(*parts: str, url: str = PAGE_URL) -> TeaserBlock:
    found = blocks_of(*parts, url=url)
    assert len(found) == 1, headlines(found)
    return found[0]


CARD_FORMS = [
    pytest.param(
        "<article class='k'><a class='over' href='{href}'></a><img src='/p.jpg'><h3>{title}</h3></article>",
        id="empty link over the whole card",
    ),
    pytest.param("<li><a href='{href}'><span>{title}</span></a></li>", id="headline in a span"),
    pytest.param(
        "<div class='k'><a href='{href}'><div class='t'>{title}</div></a></div>", id="headline in no heading element"
    ),
    pytest.param("<li><span class='n'>1</span><a href='{href}'>{title}</a></li>", id="rank number"),
    pytest.param(
        "<li><a href='{href}'>{title}</a><span class='v'>12,480</span></li>", id="count of views after the headline"
    ),
    pytest.param(
        "<div class='k'><h3><a href='{href}'>{title}</a></h3><p class='b'>By <a href='/author/ada-lund/'>Ada"
        " Lund</a></p>"
        "<a class='c' href='{href}#comments'>14</a></div>",
        id="author and comment links",
    ),
    pytest.param(
        "<div class='k'><a href='{href}'><img src='/p.jpg' alt='A ship'></a>"
        "<h3><a href='{href}'>{title}</a></h3></div>",
        id="image link and headline link",
    ),
]


@pytest.mark.parametrize("template", CARD_FORMS)
def test_each_form_of_card_gives_its_headline_alone(template: str) -> None:
    block = one_block(f"<section><h2>More news</h2>{cards(template)}</section>")
    assert (block.heading, [teaser.headline for teaser in block.teasers]) == ("More news", titles())


def test_a_kicker_in_the_headline_is_the_label() -> None:
    kickers = ("Harbour", "Ferries", "Rowing", "Museums")
    items = "".join(
        f"<li><a href='{href}'><h3><span class='kicker'>{kicker}</span> <span class='head'>{title}</span></h3></a></li>"
        for kicker, (href, title) in zip(kickers, STORIES, strict=True)
    )
    block = one_block(f"<section><h2>Read next</h2><ul>{items}</ul></section>")
    assert [(teaser.label, teaser.headline) for teaser in block.teasers] == list(zip(kickers, titles(), strict=True))


def test_a_link_to_the_section_of_the_story_is_the_label() -> None:
    items = "".join(
        f"<div class='k'><p class='m'><a href='/{href.split('/')[1]}/'>{href.split('/')[1].title()}</a></p>"
        f"<h3><a href='{href}'>{title}</a></h3></div>"
        for href, title in STORIES
    )
    block = one_block(f"<section><h2>Latest</h2>{items}</section>")
    assert [teaser.label for teaser in block.teasers] == ["Economy", "Economy", "Sport", "Culture"]


def test_date_and_byline_are_fields_of_their_own() -> None:
    template = (
        "<div class='k'><h3><a href='{href}'>{title}</a></h3><span class='author'>By Ada Lund</span>"
        "<time datetime='2026-03-02'>2 March 2026</time></div>"
    )
    block = one_block(f"<section><h2>Latest</h2>{cards(template)}</section>")
    assert {(teaser.byline, teaser.date_printed) for teaser in block.teasers} == {("By Ada Lund", "2 March 2026")}


def test_the_image_of_a_card_is_the_one_that_is_loaded_late() -> None:
    template = (
        "<div class='k'><a href='{href}'><img src='data:image/gif;base64,R0' data-src='/late.jpg'></a>"
        "<h3><a href='{href}'>{title}</a></h3></div>"
    )
    block = one_block(f"<section><h2>Latest</h2>{cards(template)}</section>")
    assert {teaser.image_url for teaser in block.teasers} == {"/late.jpg"}


# --- blocks --------------------------------------------------------------------------------------------------

LIST = cards("<li><a href='{href}'>{title}</a></li>")
OTHERS = (
    ("/world/glacier-loses-a-fifth-of-its-ice-48311", "Glacier loses a fifth of its ice in ten years"),
    ("/world/election-in-the-islands-ends-in-a-tie-48302", "Election in the islands ends in a tie"),
    ("/world/rail-link-through-the-pass-reopens-48297", "Rail link through the pass reopens after a year"),
)
OTHER_LIST = cards("<li><a href='{href}'>{title}</a></li>", OTHERS)


def test_a_heading_does_not_leak_into_the_next_headless_list() -> None:
    found = blocks_of(f"<aside><div><h2>Most read</h2><ol>{LIST}</ol></div><div><ul>{OTHER_LIST}</ul></div></aside>")
    assert headlines(found) == [("Most read", titles()), (None, titles(OTHERS))]


def test_a_heading_with_nothing_under_it_yields_nothing() -> None:
    found = blocks_of(
        "<aside><div><h2>Newsletter</h2><form><p>Sign up for our letter from the harbour.</p></form></div>"
        f"<div><h2>Most read</h2><ol>{LIST}</ol></div></aside>"
    )
    assert headlines(found) == [("Most read", titles())]


def test_tab_names_head_their_panels() -> None:
    found = blocks_of(
        "<aside><ul class='tabs'><li><button>Most read</button></li><li><button>Latest</button></li></ul>"
        f"<div class='panels'><div class='p'><ol>{LIST}</ol></div>"
        f"<div class='p'><ol>{OTHER_LIST}</ol></div></div></aside>"
    )
    assert headlines(found) == [("Most read", titles()), ("Latest", titles(OTHERS))]


def test_menu_entries_and_topics_are_no_teasers() -> None:
    topics = "".join(
        f"<a href='/topic/{word}'>{word.title()}</a> " for word in ("harbour", "ferries", "bridge", "port")
    )
    pages = "".join(f"<a href='?page={number}'>{number}</a>" for number in range(1, 6))
    share = "<a href='https://social.example.com/share?u=1'>Share</a><a href='mailto:a@example.org'>Mail</a>"
    assert blocks_of(f"<div class='tags'>{topics}</div><div>{share}</div><div>{pages}</div>") == ()


def test_a_short_text_is_rated_among_headlines_but_not_among_shorter_ones() -> None:
    def list_of(*stories: tuple[str, str]) -> str:
        return "<ul>" + "".join(f"<li><a href='{href}'>{title}</a></li>" for href, title in stories) + "</ul>"

    menu = list_of(("/p/jobs-a17", "Jobs"), ("/p/rules-a18", "Rules of conduct"), ("/p/terms-a19", "Terms of sale"))
    html = menu + "<p>What else was said in town.</p>" + list_of(*STORIES, ("/sport/regatta-48111", "Rowers win again"))
    links = read_links(segment(read_page(html.encode(), PAGE_URL)))
    assert len(links.units) == 8
    units, rows = features(links)
    assert [unit.text for unit in units] == [*(title for _, title in STORIES), "Rowers win again"]
    assert len(rows) == 5


def test_a_page_searched_again_for_another_story_gives_what_a_first_search_does() -> None:
    items = "".join(f"<li><a href='{href}'>{title}</a><p>By Ann Lee</p></li>" for href, title in STORIES)
    segments = segment(read_page(f"<main>{BODY}</main><h2>Latest</h2><ul>{items}</ul>".encode(), PAGE_URL))
    story = StoryView(own=frozenset(range(5)), first=0, last=4, headline=None, body_probability=[1.0] * 5)
    search = TeaserSearch(segments)
    assert [search.beside(story), search.beside(None)] == [find_teasers(segments, story), find_teasers(segments)]
    assert len(search.beside(story).blocks[0].teasers) == 4


def test_paid_cards_are_marked() -> None:
    template = "<div class='k'><span class='mark'>Sponsored</span><h3><a href='{href}'>{title}</a></h3></div>"
    block = one_block(f"<section><h2>More stories</h2>{cards(template)}</section>")
    assert (block.kind, {(teaser.label, teaser.is_sponsored) for teaser in block.teasers}) == (
        "sponsored",
        {("Sponsored", True)},
    )


def test_the_same_story_in_two_blocks_is_two_placements() -> None:
    found = blocks_of(
        f"<aside><div><h2>Most read</h2><ol>{LIST}</ol></div><div><h2>Latest</h2><ul>{LIST}</ul></div></aside>"
    )
    assert headlines(found) == [("Most read", titles()), ("Latest", titles())]


def test_a_story_beside_another_is_not_joined_with_itself_behind_it() -> None:
    (first, first_title), (second, second_title) = STORIES[:2]

    def card(href: str, title: str, byline: str = "") -> str:
        return f"<div><h3><a href='{href}'>{title}</a></h3>{byline}<p><a href='{href}'>It ends in June.</a></p></div>"

    by = "<a href='/people/ann-lee'>Ann Lee, Port Alder office</a>"
    cards = card(first, first_title, by) + card(second, second_title) + card(first, "Grain, and more of it")
    found = blocks_of(f"<section>{cards}</section>")
    assert [(teaser.href, teaser.headline) for block in found for teaser in block.teasers] == [
        (first, first_title),
        (second, second_title),
        (first, "Grain, and more of it"),
    ]


def test_japanese_headlines_are_found_by_their_weight() -> None:
    stories = (
        ("/article/48190", "港の穀物輸出が過去最高になる見通し 新しい橋の完成で船の到着が三割増える"),
        ("/article/48175", "フェリー会社、春まで夜間便を運休 燃料の値上がりと冬の悪天候が響く"),
        ("/article/48160", "大雨の中でボート大会が開かれる 地元の高校生のチームが初めて優勝"),
    )
    block = one_block(
        f"<section><h2>関連記事</h2><ul>{cards('<li><a href={href!r}>{title}</a></li>', stories)}</ul></section>",
        url="https://www.example.org/article/48211",
    )
    assert (block.heading, block.kind, [teaser.headline for teaser in block.teasers]) == (
        "関連記事",
        "related",
        titles(stories),
    )


def test_right_to_left_headlines_are_found() -> None:
    stories = (
        ("/news/48190", "الميناء يتوقع عاما قياسيا لصادرات الحبوب"),
        ("/news/48175", "شركة العبارات تلغي الرحلات الليلية حتى الربيع"),
        ("/news/48160", "فريق التجديف يفوز بالسباق تحت المطر الغزير"),
    )
    items = cards("<li><a href={href!r}>{title}</a></li>", stories)
    block = one_block(f"<section dir='rtl'><h2>الأكثر قراءة</h2><ul>{items}</ul></section>")
    assert (block.kind, [teaser.headline for teaser in block.teasers]) == ("most_read", titles(stories))


def test_a_paragraph_of_lead_in_and_link_is_an_inline_teaser() -> None:
    href, title = STORIES[0]
    paragraph = (
        "<p>The council had debated the bridge for years before the vote on Tuesday evening in the town hall.</p>"
    )
    html = (
        f"<html><body>{NAV}<main><article><h1>Council votes on new harbour bridge</h1>{paragraph * 3}"
        f"<p><strong>Read more:</strong> <a href='{href}'>{title}</a></p>{paragraph * 3}</article></main></body></html>"
    )
    found = find_teasers(segment(read_page(html.encode(), PAGE_URL)))
    assert headlines(found.blocks) == [("Read more", [title])]


# --- front pages ---------------------------------------------------------------------------------------------


def test_a_front_page_is_blocks_in_reading_order() -> None:
    lead = (
        f"<section class='lead'><article class='k'><a href='{STORIES[0][0]}'><img src='/l.jpg'></a>"
        f"<h2><a href='{STORIES[0][0]}'>{STORIES[0][1]}</a></h2><p>Farmers and dockers talk of the best year since"
        f" the war and hope for more.</p></article><article class='k'><a href='{STORIES[1][0]}'><img src='/l.jpg'></a>"
        f"<h2><a href='{STORIES[1][0]}'>{STORIES[1][1]}</a></h2><p>The company blames the price of fuel and the weather"
        " in the straits.</p></article></section>"
    )
    river = f"<section><h2>World</h2><ul>{OTHER_LIST}</ul></section>"
    popular = f"<aside><h2>Most read</h2><ol>{LIST}</ol></aside>"
    html = f"<html><body>{NAV}<main>{lead}{river}</main>{popular}</body></html>"
    found = find_teasers(segment(read_page(html.encode(), "https://www.example.org/"))).blocks
    assert headlines(found) == [
        (None, titles(STORIES[:2])),
        ("World", titles(OTHERS)),
        ("Most read", titles()),
    ]


@given(st.text())
def test_capitals_and_digits_of_any_script_are_counted(text: str) -> None:
    assert upper_and_digits(text) == (sum(map(str.isupper, text)), sum(map(str.isdigit, text)))


def test_a_short_list_with_plain_urls_is_found_by_its_heading() -> None:
    items = "".join(f"<li><a href='/n/{number}.html'>{title}</a></li>" for number, (_, title) in enumerate(STORIES[:2]))
    found = blocks_of(f"<aside><h2>Most read</h2><ul>{items}</ul></aside>")
    assert headlines(found) == [("Most read", [title for _, title in STORIES[:2]])]


@pytest.mark.parametrize(
    "href",
    [
        pytest.param("https://social.example/sharer.php?u=https%3A%2F%2Fwww.example.org%2Fa-48211", id="sharer"),
        pytest.param("https://social.example/intent/post?text=Council+votes+on+bridge", id="intent"),
        pytest.param("/politics/council-votes-on-new-harbour-bridge-48212?share=chirp", id="share parameter"),
        pytest.param("/account/come-in-to-read-it-all-1?redirect=https://www.example.org/a-48211", id="log in"),
    ],
)
def test_links_that_share_or_log_in_are_no_teasers(href: str) -> None:
    items = "".join(f"<li><a href='{one}'>{title}</a></li>" for one, title in STORIES)
    other = f"<li><a href='{href}'>Tell your friends about this story now</a></li>"
    found = blocks_of(f"<aside><h2>Latest</h2><ul>{other}{items}</ul></aside>")
    assert [teaser.headline for block in found for teaser in block.teasers] == [title for _, title in STORIES]


@pytest.mark.parametrize("mark", ["Advertisement", "Anzeige", "広告", "❚❚"])
def test_a_mark_of_an_advertisement_or_a_button_heads_nothing(mark: str) -> None:
    cards = "".join(f"<div class='c'><h3><a href='{href}'>{title}</a></h3></div>" for href, title in STORIES)
    found = blocks_of(f"<section><div class='slot'>{mark}</div><div>{cards}</div></section>")
    assert headlines(found) == [(None, [title for _, title in STORIES])]
