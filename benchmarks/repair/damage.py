"""Damage made as the wild makes it: text as UTF-8, read with a wrong decoder.

What comes in: a sentence, a codec, what the decoder does with bytes it cannot read. What goes out: the damaged text
and which characters of the sentence lost bytes.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

EAST_ASIAN = ("gbk", "gb18030", "big5", "cp950", "cp932", "shift_jis", "cp949", "euc_kr", "euc_jp")
SINGLE_BYTE = (
    "latin-1", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859-2", "mac-roman", "cp437",
)  # fmt: skip
ERRORS = ("strict", "ignore", "replace")


@dataclass(frozen=True, slots=True)
class Damaged:
    """A damaged text; ``lost`` are the places in the sentence whose characters lost bytes, ``gone`` those among them
    of which nothing is left to see, not even a replacement character. ``sources`` are, for each character shown, the
    bytes of the sentence that it was made of."""

    text: str
    lost: frozenset[int]
    gone: frozenset[int]
    sources: tuple[tuple[int, int], ...] = ()


def damage(text: str, codec: str, errors: str) -> Damaged | None:
    """*text* read wrongly once; ``None`` where the codec does not run (``strict``) or changes nothing."""
    data = text.encode()
    dropped: set[int] = set()

    def handle(error: UnicodeError) -> tuple[str, int]:
        assert isinstance(error, UnicodeDecodeError)
        if errors == "strict":
            raise error
        dropped.update(range(error.start, error.end))
        return "\ufffd" if errors == "replace" else "", error.end

    codecs.register_error("benchmark", handle)
    try:
        shown = data.decode(codec, "benchmark")
    except UnicodeDecodeError:
        return None
    if shown == text:
        return None
    lost, gone, at = set(), set(), 0
    for place, char in enumerate(text):
        size = len(char.encode())
        bytes_dropped = sum(1 for byte in range(at, at + size) if byte in dropped)
        if bytes_dropped:
            lost.add(place)
            if bytes_dropped == size and errors == "ignore":
                gone.add(place)
        at += size
    return Damaged(shown, frozenset(lost), frozenset(gone), _sources(data, codec, errors, dropped, shown))


def _sources(data: bytes, codec: str, errors: str, dropped: set[int], shown: str) -> tuple[tuple[int, int], ...]:
    """The bytes that each character of *shown* was made of; bytes that were dropped are nobody's."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    found: list[tuple[int, int]] = []
    start = 0
    for at in range(len(data)):
        if at in dropped:
            if errors == "replace" and len(found) < len(shown) and shown[len(found)] == "\ufffd":
                found.append((at, at + 1))
            start = at + 1
            continue
        made = decoder.decode(data[at : at + 1])
        found += [(start, at + 1)] * len(made)
        if made:
            start = at + 1
    return tuple(found)


def damage_twice(text: str, codec: str, errors: str) -> Damaged | None:
    """*text* read wrongly, stored as UTF-8, and read wrongly again; what was lost is not followed."""
    once = damage(text, codec, errors)
    twice = damage(once.text, codec, errors) if once else None
    return Damaged(twice.text, frozenset(), frozenset()) if twice else None
