"""A story over several pages becomes one."""

from newsbot.items.joining import join_pages
from newsbot.items.model import BodyBlock, Capture, Image, PageVisit, Repair, Story


def _capture(body: str | None, **fields) -> Capture:
    blocks = [BodyBlock(kind="paragraph", start=0, end=len(body))] if body else []
    story = Story(body=body, body_blocks=blocks, word_count=len((body or "").split()), **fields)
    return Capture(page=PageVisit(url="https://example.org/a"), story=story)


def test_second_page_stands_behind_the_first_with_its_offsets() -> None:
    change = Repair(
        field="body", kind="quote", start=4, end=5, before="?", after="’", rule="lost_quote", certainty="inferred"
    )
    first = _capture("One page.", images=[Image(url="https://example.org/1.jpg")])
    second = _capture(
        "Its’s end.", repairs=[change], images=[Image(url="https://example.org/1.jpg"), Image(caption="new")]
    )
    story = join_pages(first, second).story
    assert story is not None
    assert story.body == "One page.\nIts’s end."
    assert [story.body[block.start : block.end] for block in story.body_blocks] == ["One page.", "Its’s end."]
    assert story.body[story.repairs[0].start : story.repairs[0].end] == "s"
    assert story.word_count == 4
    assert [image.caption for image in story.images] == [None, "new"]


def test_page_without_a_story_changes_nothing() -> None:
    second = Capture(page=PageVisit(url="https://example.org/a?page=2"))
    assert join_pages(_capture("One page."), second) == _capture("One page.")
