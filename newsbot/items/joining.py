"""A story over several pages, made one.

What comes in: the captures of its pages in order. What goes out: the first one's, with the whole text. Ids are set
afterwards, as for any capture. Pure; knows no network.
"""

from __future__ import annotations

from dataclasses import replace

from newsbot.items.model import Capture, Story


def join_pages(first: Capture, following: Capture) -> Capture:
    """*first* with the text and images of *following* behind its own; offsets are those of the joined body.

    Changes and returns *first*. The teasers and the record stay those of the first page, whose URL the story has.
    """
    story, more = first.story, following.story
    if story is None or more is None or not more.body:
        return first
    _join_bodies(story, more)
    known = {image.url for image in story.images if image.url}
    story.images += [image for image in more.images if image.url not in known]
    story.videos += [video for video in more.videos if video not in story.videos]
    story.corrections += [text for text in more.corrections if text not in story.corrections]
    story.credits += [credit for credit in more.credits if credit not in story.credits]
    first.page.counts.story_words = story.word_count or 0
    first.page.notes.append("joined_page")
    return first


def _join_bodies(story: Story, more: Story) -> None:
    """Put the body of *more* behind that of *story*, each on lines of its own."""
    body, added = story.body or "", more.body or ""
    shift = len(body) + 1 if body else 0
    story.body = f"{body}\n{added}" if body else added
    story.body_blocks += [
        replace(block, start=block.start + shift, end=block.end + shift) for block in more.body_blocks
    ]
    story.repairs += [
        replace(change, start=change.start + shift, end=change.end + shift)
        for change in more.repairs
        if change.field == "body"
    ]
    story.word_count = (story.word_count or 0) + (more.word_count or 0)
