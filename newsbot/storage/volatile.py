"""Blocks that change at every fetch, and what a text is without them.

What comes in: the hashes of a body's blocks, as they were and as they are, and the slots kept of it. What goes out: the
slots to keep, and the stable text. Pure; knows no database.

A *slot* is a block of the body known by its two neighbours. A slot that differs at three fetches in a row while
nothing else changes is volatile (a counter, a ticker, a date of today) and leaves the hash; when it has stood still
for three fetches it comes back, so no text is lost for good.
"""

from __future__ import annotations

import msgspec

from newsbot.items.model import Story

VOLATILE_AFTER = 3


class Slot(msgspec.Struct, array_like=True):
    """A block that changes: its neighbours' hashes, its last own one, and how long it has been so."""

    before: bytes
    after: bytes
    last: bytes
    streak: int
    still: int = 0

    @property
    def is_volatile(self) -> bool:
        return self.streak >= VOLATILE_AFTER


_SLOTS = msgspec.json.Decoder(list[Slot])


def encoded(slots: list[Slot]) -> str | None:
    """*slots* as they are kept in the database; ``None`` for none."""
    return msgspec.json.encode(slots).decode() if slots else None


def decoded(text: str | None) -> list[Slot]:
    """The slots that `encoded` made *text* of."""
    return _SLOTS.decode(text) if text else []


def same_outside(old: list[bytes], hashes: list[bytes], slots: list[Slot]) -> bool:
    """Whether only volatile blocks differ from the text known before."""
    if len(hashes) != len(old):
        return False
    volatile = {position for slot in slots if slot.is_volatile for position in _positions(slot, hashes)}
    return all(
        one == other or position in volatile for position, (one, other) in enumerate(zip(hashes, old, strict=True))
    )


def slots_after(old: list[bytes], before: list[Slot], hashes: list[bytes], *, is_comparable: bool) -> list[Slot]:
    """The slots after this fetch: those that changed again, that still are volatile, or that begin to be suspect.

    *old* are the blocks known, *before* their slots; blocks are not compared when the headline changed too.
    """
    kept: list[Slot] = []
    for slot in before:
        if slot.is_volatile:
            position = next(iter(_positions(slot, hashes)), None)
            if position is None:
                continue
            still = slot.still + 1 if hashes[position] == slot.last else 0
            if still < VOLATILE_AFTER:
                kept.append(Slot(slot.before, slot.after, hashes[position], slot.streak, still))
    if not is_comparable or len(old) != len(hashes):
        return kept
    volatile = {position for slot in kept for position in _positions(slot, hashes)}
    changed = [
        position
        for position, (one, other) in enumerate(zip(hashes, old, strict=True))
        if one != other and position not in volatile
    ]
    if not changed:
        # Nothing differs: a suspect keeps its streak only if it goes on at the very next fetch.
        return kept
    for position in changed:
        above, below = _neighbours(hashes, position)
        earlier = [slot for slot in before if not slot.is_volatile and (slot.before, slot.after) == (above, below)]
        streak = earlier[0].streak + 1 if earlier else 1
        kept.append(Slot(above, below, hashes[position], streak))
    return kept


def _neighbours(hashes: list[bytes], position: int) -> tuple[bytes, bytes]:
    before = hashes[position - 1] if position else b""
    after = hashes[position + 1] if position + 1 < len(hashes) else b""
    return before, after


def _positions(slot: Slot, hashes: list[bytes]) -> list[int]:
    """Where the block of *slot* stands in *hashes*: between the same neighbours."""
    return [at for at in range(len(hashes)) if _neighbours(hashes, at) == (slot.before, slot.after)]


def stable_body(story: Story, hashes: list[bytes], slots: list[Slot]) -> str:
    """The body without its volatile blocks."""
    body = story.body or ""
    volatile = {position for slot in slots if slot.is_volatile for position in _positions(slot, hashes)}
    if not volatile or len(story.body_blocks) != len(hashes):
        return body
    kept = (block for position, block in enumerate(story.body_blocks) if position not in volatile)
    return "\n".join(body[block.start : block.end] for block in kept)
