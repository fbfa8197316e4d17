"""Injected names and lines: taken out of every field, recorded, and nothing else with them."""

from __future__ import annotations

import copy
from functools import partial
from unittest.mock import patch

from newsbot.items import foreign_lines
from newsbot.items.contamination import set_contamination_apart
from newsbot.items.foreign_evidence import OwnWords
from newsbot.items.foreign_text import is_candidate
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
        Teaser(headline="青石网 | Ferry — back", label="青石网", block_heading="More news", repairs=[repair]),
        Teaser(headline="Bakery wins", summary="Bread of the year - 青石网"),
    ]
    repair.start, repair.end = 12, 13
    set_contamination_apart(page, OwnWords(names=("青石网",)))
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
        ("teasers[0].label", "青石网"),
        ("teasers[1].summary", "青石网"),
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


def body_of(lines: list[str]) -> Story:
    """A story of English lines and others, with a repair in every last character."""
    body, blocks, repairs = "\n".join(lines), [], []
    start = 0
    for line in lines:
        end = start + len(line)
        blocks.append(BodyBlock(kind="paragraph", start=start, end=end))
        repairs.append(
            Repair(field="body", kind="x", start=end - 1, end=end, before="", after=line[-1], rule="", certainty="")
        )
        start = end + 1
    return Story(language="en", body=body, body_blocks=blocks, repairs=repairs)


def test_blocks_and_repairs_follow_wherever_lines_are_cut() -> None:
    spam = "казино онлайн"
    lines = [spam, "One a.", spam, "Two b.", "Three c.", spam, spam, PROSE + "Four d.", "Five e.", spam, spam]
    story = body_of(lines)
    set_contamination_apart(Capture(page=PageVisit(url="https://mill-news.test/1"), story=story))
    assert story.body is not None
    assert story.body.split("\n") == [line for line in lines if line != spam]
    assert [story.body[one.start : one.end] for one in story.body_blocks] == story.body.split("\n")
    assert [story.body[one.start : one.end] for one in story.repairs] == ["."] * 5


def test_body_is_rebuilt_once_however_many_lines_are_cut() -> None:
    for spam_lines in (50, 100):
        story = body_of([*[PROSE] * 3, *(f"казино онлайн {number}" for number in range(spam_lines)), PROSE])
        made: list[BodyBlock] = []
        judged: list[str] = []
        with (
            patch.object(foreign_lines, "BodyBlock", partial(counted, made)),
            patch.object(foreign_lines, "is_candidate", partial(seen, judged)),
        ):
            set_contamination_apart(Capture(page=PageVisit(url="https://mill-news.test/1"), story=story))
        assert len(story.contamination) == spam_lines
        assert (len(made), len(story.body_blocks)) == (4, 4)
        assert len(judged) <= spam_lines + 4 + 1  # the last line once more, as the end


def counted(made: list[BodyBlock], **fields: object) -> BodyBlock:
    made.append(BodyBlock(**fields))  # type: ignore[arg-type]
    return made[-1]


def seen(judged: list[str], text: str, known: set[str | None]) -> bool:
    judged.append(text)
    return is_candidate(text, known)
