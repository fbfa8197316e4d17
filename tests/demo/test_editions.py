"""The newsroom's texts: enough of them, and ageing in every way that matters to a crawler."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

import pytest

from newsbot.core.errors import ConfigError
from newsbot.demo.editions import desks, edition
from newsbot.demo.stories import Edit, apply_edits, first_texts, linked_parts, typeset
from newsbot.demo.truth import true_story, true_teasers
from newsbot.demo.views import views
from newsbot.items.identity import folded

NUMBERS = [desk.number for desk in desks()]
BASE = "http://127.0.0.1:1"


@pytest.mark.parametrize("number", NUMBERS)
def test_edition_is_large_enough(number: int) -> None:
    pages = views(edition(number))
    stories = [page for page in pages.values() if true_story(edition(number), page, BASE) is not None]
    teasers = [teaser for page in pages.values() for teaser in true_teasers(page, BASE)]

    assert len(pages) >= 60
    assert len(stories) >= 40
    assert len(teasers) >= 200


def test_editions_are_hours_apart() -> None:
    assert len(NUMBERS) >= 4
    assert all(later.at - earlier.at >= timedelta(hours=4) for earlier, later in pairwise(desks()))


def test_every_plan_names_stories_of_its_edition() -> None:
    lists = ("lead", "river", "ticker", "most_read", "most_shared", "opinion", "video", "spotlight")
    unknown = [
        (desk.number, name, key)
        for desk in desks()
        for name in lists
        for key in getattr(desk, name)
        if key not in edition(desk.number).stories and key not in edition(desk.number).withdrawn
    ]

    assert unknown == []


def test_related_stories_exist() -> None:
    stories = first_texts()

    assert [(s.id, key) for s in stories.values() for key in s.related if key not in stories] == []


def test_layouts_cover_the_kinds_of_page() -> None:
    stories = edition(1).stories.values()

    assert {story.layout for story in stories} == {
        *("classic", "hashed", "table", "micro", "graph"),
        *("live", "gallery", "video", "world"),
    }
    assert {story.kind for story in stories} == {"news", "opinion", "live_blog", "gallery", "video"}
    assert {story.damage for story in stories} == {
        None,
        *("gbk", "mojibake", "utf8_as_latin1", "cp1252_as_utf8", "entities"),
    }


def test_typography_edit_changes_characters_and_nothing_else() -> None:
    before, after = edition(1).stories[40403], edition(2).stories[40403]

    assert before.body != after.body
    assert folded(before.body) == folded(after.body)
    assert folded(before.headline) == folded(after.headline)


def test_edit_is_taken_back_to_the_letter() -> None:
    bodies = [edition(number).stories[40402].body for number in NUMBERS]

    assert bodies[0] == bodies[1] == bodies[3] != bodies[2]


def test_headline_changes_and_returns() -> None:
    headlines = [edition(number).stories[40206].headline for number in NUMBERS]

    assert headlines[0] == headlines[3] != headlines[1] == headlines[2]


def test_withdrawn_story_leaves_every_page() -> None:
    assert 40107 in edition(2).stories
    for number in (3, 4):
        assert list(edition(number).withdrawn) == [40107]
        targets = {t.target_story_id for page in views(edition(number)).values() for t in true_teasers(page, BASE)}
        assert "40107" not in targets


def test_edit_without_its_text_is_an_error() -> None:
    edit = Edit(story=40101, kind="text", at=desks()[0].at, replace=(("no such words", "x"),))

    with pytest.raises(ConfigError, match="story 40101 has no text 'no such words'"):
        apply_edits(first_texts(), [edit])


def test_unknown_edition_is_an_error() -> None:
    with pytest.raises(ConfigError, match="edition=9: the demo newsroom has editions 1 to 4"):
        edition(9)


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        pytest.param('"Stay," he said.', "“Stay,” he said.", id="double"),
        pytest.param("the county's own", "the county’s own", id="apostrophe"),
        pytest.param("\"I said: 'No.'\"", "“I said: ‘No.’”", id="nested"),
        pytest.param('("on one vote")', "(“on one vote”)", id="bracket"),
        pytest.param("west quay...", "west quay…", id="ellipsis"),
        pytest.param("the plaster -- the wound", "the plaster — the wound", id="dash"),
    ],
)
def test_typesetting(written: str, printed: str) -> None:
    import msgspec

    story = msgspec.structs.replace(first_texts()[40101], body=written, straight=False)

    assert typeset(story).body == printed


def test_linked_parts_keep_order_and_text() -> None:
    assert linked_parts("See [the list](/a) now") == [("See ", None), ("the list", "/a"), (" now", None)]
