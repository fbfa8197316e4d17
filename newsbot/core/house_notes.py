"""What the house adds behind a story: notes on its author, offers, "about the company".

What comes in: a page's blocks, which of them are the body, the names of its authors. What goes out: the blocks of the
body that are such notes. A word alone never makes a note: it stands behind the story's last paragraph and is set apart
from the paragraphs by its element or look. Words come from ``data/note_words.json``. Knows no publisher.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib.resources import files

from newsbot.core.blocks import HEADING_TAGS, Block, Node
from newsbot.core.body import look

# A note is shorter than this, and so is the part of it that says what it is.
MAX_NOTE_CHARS, MAX_TELLING_CHARS = 600, 240
# The story's paragraphs are a group of blocks alike with at least so much of its text.
MIN_SHARE = 0.4
# The heading of a note stands so many blocks above it at most.
HEADING_REACH = 3
# How many blocks around a lone line an offer is looked for.
OFFER_REACH = 8
MIN_NAME_CHARS, MIN_LAST_NAME_CHARS, MAX_SHORT_NAME_CHARS = 3, 4, 60
# "About Fenwick Heating" is short; a heading of more words says what comes ("About 300 children must move").
MAX_ABOUT_WORDS = 4
# The byline stands so many blocks above the first paragraph at most.
ABOVE, MAX_BYLINE_CHARS = 10, 200


def house_notes(blocks: Sequence[Block], body: Sequence[int], headline: int | None, authors: Sequence[str]) -> set[int]:
    """The blocks of *body* that are notes of the house, and headings that nothing follows without them."""
    first, behind = _paragraphs(blocks, body)
    tail = body[behind:]
    if not tail:
        return set()
    start = headline + 1 if headline is not None and headline < first else first
    above = [block.text.casefold() for block in blocks[max(start, first - ABOVE) : first]]
    byline = "\n".join(line for line in above if len(line) <= MAX_BYLINE_CHARS)
    names = [name for name in authors if len(name) >= MIN_NAME_CHARS]
    notes: set[int] = set()
    for index in tail:
        if blocks[index].node.tag in HEADING_TAGS:
            continue
        heading = _heading_of(blocks, index, body[0])
        if _is_note(blocks[index], heading, names, byline):
            notes.add(index)
    for index in reversed(tail if notes else ()):
        if index not in notes and blocks[index].node.tag not in HEADING_TAGS:
            break
        notes.add(index)
    return notes


def stands_at_offer(blocks: Sequence[Block], index: int) -> bool:
    """Whether an offer to subscribe or to log in stands shortly behind the block."""
    return any(_is_offer(block.text) for block in blocks[index + 1 : index + 1 + OFFER_REACH])


def _paragraphs(blocks: Sequence[Block], body: Sequence[int]) -> tuple[int, int]:
    """The first of the story's paragraphs, and where in *body* they end: the blocks alike with most text."""
    groups: dict[tuple[int, tuple[str, str]], int] = {}
    group_of = [_group(blocks[index].node) for index in body]
    for group, index in zip(group_of, body, strict=True):
        groups[group] = groups.get(group, 0) + len(blocks[index].text)
    if len(groups) < 2:
        return 0, len(body)
    main = max(groups, key=groups.__getitem__)
    if groups[main] < MIN_SHARE * sum(groups.values()):
        return 0, len(body)
    # A story is often cut into containers that look alike, by chapters or by ads: all of them are its own.
    looks = [_looks(blocks[index].node) for index in body]
    alike = {of_node for group, of_node in zip(group_of, looks, strict=True) if group == main}
    own = [at for at, of_node in enumerate(looks) if of_node in alike]
    return body[own[0]], own[-1] + 1


def _group(node: Node) -> tuple[int, tuple[str, str]]:
    return (node.parent.index if node.parent is not None else -1, look(node))


def _looks(node: Node) -> tuple[tuple[str, str] | None, tuple[str, str]]:
    return (look(node.parent) if node.parent is not None else None, look(node))


def _heading_of(blocks: Sequence[Block], index: int, first: int) -> str | None:
    """The text of the heading right above the block, in the element that holds both and not the story."""
    for block in blocks[max(index - HEADING_REACH, first) : index][::-1]:
        if block.node.tag in HEADING_TAGS:
            around = block.node.parent
            holds_both = around is not None and around.first_block > first and around.end_block > index
            return block.text if holds_both else None
    return None


def _is_note(block: Block, heading: str | None, names: Sequence[str], byline: str) -> bool:
    text = block.text
    if len(text) > MAX_NOTE_CHARS:
        return False
    if _is_offer(text) or _begins_with_name(text, names) or _is_named(text[: block.pieces[0].end], byline):
        return True
    return heading is not None and (_is_offer(heading) or _is_about(heading) or _is_named(heading, byline))


def _is_named(text: str, byline: str) -> bool:
    """Whether *text* is a name of several words, and stands in the lines between the headline and the story."""
    return " " in text.strip() and len(text) <= MAX_SHORT_NAME_CHARS and text.casefold().strip(" ,:") in byline


def _begins_with_name(text: str, names: Iterable[str]) -> bool:
    """Whether *text* begins with an author's name, or with a last name that is hardly a word (not May, Fox)."""
    lasts = (name.rpartition(" ")[2] for name in names)
    starts = [*names, *(last for last in lasts if len(last) >= MIN_LAST_NAME_CHARS)]
    return any(text.startswith(start) and not text[len(start) : len(start) + 1].isalnum() for start in starts)


def _is_offer(text: str) -> bool:
    return _words("offer").search(text[:MAX_TELLING_CHARS].casefold()) is not None


def _is_about(heading: str) -> bool:
    is_short = len(heading.split()) <= MAX_ABOUT_WORDS and not any(char.isdigit() for char in heading)
    return is_short and _words("about").match(heading[:MAX_TELLING_CHARS].casefold()) is not None


@lru_cache(maxsize=4)
def _words(kind: str) -> re.Pattern[str]:
    """The phrases of *kind*; words end where they end, except in scripts that put no space between them."""
    raw = json.loads(files("newsbot.core").joinpath("data", "note_words.json").read_text(encoding="utf-8"))
    spaced = "|".join(re.escape(phrase.casefold()) for phrase in raw[kind]["spaced"])
    unspaced = "|".join(re.escape(phrase) for phrase in raw[kind]["unspaced"])
    return re.compile(rf"\b(?:{spaced})\b|(?:{unspaced})")
