"""What the house adds behind a story is no part of it; a paragraph that looks like it is."""

import pytest

from newsbot.core.blocks import Block, segment
from newsbot.core.house_notes import house_notes, stands_at_offer
from newsbot.core.page import read_page

PROSE = "The council decided on Tuesday to close the oldest pier of the harbour to cars until spring."
STORY = f"<div class=t><p>{PROSE}</p><p>{PROSE} Again.</p><p>{PROSE} Twice.</p></div>"


def blocks_of(html: str) -> list[Block]:
    return segment(read_page(html.encode(), "https://example.org/a")).blocks


def notes(html: str, *authors: str) -> list[str]:
    blocks = blocks_of(html)
    return [blocks[index].text for index in sorted(house_notes(blocks, range(len(blocks)), None, authors))]


@pytest.mark.parametrize(
    "offer",
    [
        "Good journalism costs money. Support the Courier.",
        "Subscribe to read on.",
        "Jetzt Probeabo sichern.",
        "Abonnez-vous pour lire la suite.",
        "この記事は有料会員限定です。",
    ],
)
def test_an_offer_behind_the_story_is_a_note(offer: str) -> None:
    assert notes(f"{STORY}<div><p>{offer}</p></div>") == [offer]


def test_a_paragraph_that_speaks_of_subscribers_is_none() -> None:
    said = f"<p>{PROSE}</p><p>The paper lost a thousand subscribers in a year.</p>"
    assert notes(said) == []
    assert notes(f"<div><p>The paper lost a thousand subscribers.</p></div>{STORY}") == []


def test_a_paragraph_of_its_own_look_is_none_without_a_word_or_name() -> None:
    assert notes(f"{STORY}<div><p>The road stays open.</p></div>", "Tor Hagen") == []


def test_a_note_on_the_author_begins_with_the_name() -> None:
    assert notes(f"{STORY}<div><p>Tor Hagen taught history.</p></div>", "Tor Hagen") == ["Tor Hagen taught history."]
    assert notes(f"{STORY}<div><p>Hagen taught history.</p></div>", "Tor Hagen") == ["Hagen taught history."]
    assert notes(f"{STORY}<div><p>Torsten taught history.</p></div>", "Tor Hagen") == []


def test_a_word_of_a_name_makes_no_note() -> None:
    for said in ("Will the plan work?", "May was the month of rain.", "Von der Leyen said so."):
        assert notes(f"{STORY}<div class=b><p>{said}</p></div>", "Will May", "Ludwig von Berg") == []


def test_the_further_containers_of_a_story_are_its_own() -> None:
    said = "<p>Residents can subscribe to the scheme.</p><p>Tor Hagen, who swims, disagrees.</p>"
    assert notes(f"{STORY}<div class=t>{said}</div>", "Tor Hagen") == []


def test_a_heading_that_says_what_comes_is_no_about() -> None:
    assert notes(STORY + "<div><h3>About 300 children must move</h3><p>Buses will be paid for.</p></div>") == []


def test_the_name_of_an_author_is_known_from_the_line_above_the_story() -> None:
    box = "<div><h4>Tor Hagen</h4><p>He never won a race.</p></div>"
    blocks = blocks_of(f"<h1>Pier</h1><p>By Tor Hagen, sports editor</p>{STORY}{box}")
    assert house_notes(blocks, [2, 3, 4, 5, 6], 0, ()) == {5, 6}
    assert house_notes(blocks, [2, 3, 4, 6], 0, ()) == {6}


def test_what_stands_under_about_is_a_note_and_its_heading_goes_with_it() -> None:
    about = "<div><h3>About Fenwick</h3><p>Fenwick was founded in 1931.</p></div>"
    assert notes(STORY + about) == ["About Fenwick", "Fenwick was founded in 1931."]
    assert notes(STORY + "<div><h3>Abroad</h3><p>Fenwick was founded in 1931.</p></div>") == []


def test_an_offer_stands_shortly_behind_a_line() -> None:
    assert stands_at_offer(blocks_of(f"<p>{PROSE}</p><h2>Subscribers only</h2>"), 0)
    assert not stands_at_offer(blocks_of(f"<p>{PROSE}</p><h2>Read on</h2>"), 0)
