"""Which links are teasers, and where a card begins and ends: invented pages, one phenomenon each."""

from __future__ import annotations

from collections.abc import Sequence

from newsbot.core.blocks import segment
from newsbot.core.page import read_page
from newsbot.core.roles import TeaserBlock
from newsbot.core.teasers import find_teasers

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
