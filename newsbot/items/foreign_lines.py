"""Foreign lines of a story's body: which go, and the body without them.

What comes in: a `Story`, the scripts known to belong, and the evidence. What goes out: the story with such lines cut
out of body, blocks and repairs at once, and what was found. Knows no other field.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence, Set

from newsbot.items.foreign_evidence import KEPT, TAKEN_OUT, Evidence
from newsbot.items.foreign_text import TRADE, is_candidate, is_foreign, is_label_of_line, is_quoted, trade_score
from newsbot.items.model import BodyBlock, Story

# So many blocks stay: a story of fewer is too little to tell what does not belong.
_MIN_BLOCKS = 2


def clear_body(story: Story, known: Set[str | None], evidence: Evidence) -> list[tuple[str, str]]:
    """Cut the foreign lines out of the body of *story*; these and the doubtful ones that stay, with their reasons.

    What a line says is judged by the line before it that stays: "The sign over the hall reads:".
    """
    texts = [(story.body or "")[block.start : block.end] for block in story.body_blocks]
    found: list[tuple[str, str]] = []
    kept: list[int] = []

    def goes(at: int, before: int | None, *, is_end: bool) -> bool:
        is_said = story.body_blocks[at].kind == "quote" or (before is not None and texts[before].endswith((":", "：")))
        reason = None if is_said else _reason(texts[at], known, evidence, is_end=is_end)
        if reason is not None:
            found.append((texts[at], reason))
        return reason == TAKEN_OUT

    spare = len(texts) - _MIN_BLOCKS
    for at in range(len(texts)):
        if spare > 0 and goes(at, kept[-1] if kept else None, is_end=not kept):
            spare -= 1
        else:
            kept.append(at)
    while spare > 0 and goes(kept[-1], kept[-2], is_end=True):
        kept.pop()
        spare -= 1
    if len(kept) < len(texts):
        _keep_blocks(story, kept)
    return found


def _reason(text: str, known: Set[str | None], evidence: Evidence, *, is_end: bool) -> str | None:
    """Why *text* is recorded; ``None`` if it belongs."""
    if not is_candidate(text, known) or is_quoted(text):
        return None
    if is_end and (is_foreign(text, known) or is_label_of_line(text, known)):
        return evidence.of_end(text)
    if is_foreign(text, known):
        reason = evidence.of_inside(text)
        return reason if reason == TAKEN_OUT or trade_score(text) >= TRADE else None
    reason = evidence.of_prose(text)
    return TAKEN_OUT if reason != KEPT and is_foreign(text, known, max_chars=len(text)) else None


def _keep_blocks(story: Story, kept: Sequence[int]) -> None:
    """Leave only the blocks numbered *kept* in the body, and the repairs in them; everything moves once."""
    blocks, body = story.body_blocks, story.body or ""
    # A block goes with the break behind it, the last ones with the break before them.
    ends = [blocks[at + 1].start if at + 1 < len(blocks) else len(body) for at in kept]
    if kept[-1] + 1 < len(blocks):
        ends[-1] = blocks[kept[-1]].end
    pieces = [body[: blocks[0].start]]
    size = len(pieces[0])
    moved: dict[int, int] = {}
    for at, end in zip(kept, ends, strict=True):
        moved[at] = blocks[at].start - size
        pieces.append(body[blocks[at].start : end])
        size += len(pieces[-1])
    _move_repairs(story, moved)
    story.body = "".join(pieces)
    story.body_blocks = [
        BodyBlock(kind=one.kind, start=one.start - by, end=one.end - by)
        for one, by in ((blocks[at], moved[at]) for at in kept)
    ]


def _move_repairs(story: Story, moved: dict[int, int]) -> None:
    """Let the repairs in the body follow the blocks, each *moved* back by so much; those in other blocks go."""
    starts = [block.start for block in story.body_blocks]
    left = []
    for repair in story.repairs:
        if repair.field == "body":
            first, last = (moved.get(bisect_right(starts, at) - 1) for at in (repair.start, max(repair.end - 1, 0)))
            if first is None or first != last:
                continue
            repair.start -= first
            repair.end -= first
        left.append(repair)
    story.repairs[:] = left
