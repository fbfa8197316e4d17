"""Injected names and lines: taken out of every field, recorded, and nothing else with them."""

from __future__ import annotations

import copy

from newsbot.items.contamination import set_contamination_apart
from newsbot.items.model import BodyBlock, Capture, PageVisit, Repair, Story, Teaser

PROSE = "The council met on Tuesday to look at the plans for the old mill, which has stood empty for years. " * 4


def capture(url: str = "https://mill-news.test/1", **fields: object) -> Capture:
    body = PROSE.strip()
    blocks = [BodyBlock(kind="paragraph", start=0, end=len(body))]
    story = Story(language="en", body=body, body_blocks=blocks, **fields)  # type: ignore[arg-type]
    return Capture(page=PageVisit(url=url), story=story)


def test_foreign_names_leave_every_field_of_a_story_and_are_recorded() -> None:
    page = capture(
        headline="Old mill to open again_青石新闻网",
        description="青石新闻网 | The mill opens in May",
        publisher="青石新闻网",
        keywords=["mill", "青石"],
    )
    set_contamination_apart(page)
    story = page.story
    assert story is not None
    assert (story.headline, story.description, story.publisher, story.keywords) == (
        "Old mill to open again",
        "The mill opens in May",
        None,
        ["mill"],
    )
    assert [(entry.field, entry.text) for entry in story.contamination] == [
        ("publisher", "青石新闻网"),
        ("headline", "青石新闻网"),
        ("description", "青石新闻网"),
        ("keywords", "青石"),
    ]
    before = copy.deepcopy(page)
    set_contamination_apart(page)
    assert page == before


def test_foreign_names_leave_teasers_and_are_recorded_with_the_page() -> None:
    page = capture(headline="Old mill to open again")
    repair = Repair(
        field="headline", kind="mojibake", start=11, end=12, before="鈥", after="—", rule="x", certainty="inferred"
    )
    page.teasers = [
        Teaser(headline="青石网 | Ferry — back", label="头条", block_heading="More news", repairs=[repair]),
        Teaser(headline="Bakery wins", summary="Bread of the year - 青石网"),
    ]
    repair.start, repair.end = 12, 13
    set_contamination_apart(page)
    first, second = page.teasers
    assert (first.headline, first.label, first.block_heading, second.summary) == (
        "Ferry — back",
        None,
        "More news",
        "Bread of the year",
    )
    assert first.headline is not None and first.headline[repair.start : repair.end] == "—"
    assert [(entry.field, entry.text) for entry in page.page.contamination] == [
        ("teasers[0].headline", "青石网"),
        ("teasers[1].summary", "青石网"),
        ("teasers[0].label", "头条"),
    ]


def test_a_script_of_the_country_of_the_language_or_of_the_story_stays() -> None:
    for page in (
        capture("https://mill.test.cn/1", headline="Old mill opens | 青石日报"),
        capture(headline="The sign 茶 means tea", publisher="Mill News"),
        capture(headline="Tea | 茶", keywords=["tea"]),
    ):
        if page.story is not None and page.story.headline == "Tea | 茶":
            page.story.body = f"{PROSE}The sign 茶 hangs over the door."
        before = copy.deepcopy(page)
        set_contamination_apart(page)
        assert page == before
