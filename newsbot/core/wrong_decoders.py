"""What a wrong decoder makes of each character, byte for byte: which bytes it keeps, drops, or leaves pending.

What comes in: the name of a decoder and whether it drops (``ignore``) or replaces (``replace``) what it cannot read.
What goes out: for every state of it the characters that lead to what is shown. Knows no languages and no pages.
"""

from __future__ import annotations

import codecs
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

# The decoders that take part in each family, by the names that records use; they differ in the pairs they know.
DECODERS: Mapping[str, Sequence[str]] = {
    "gb18030": ("gbk", "gb18030"),
    "shift_jis": ("cp932", "shift_jis"),
    "big5": ("big5", "cp950"),
    "euc-kr": ("cp949", "euc_kr"),
    "euc-jp": ("euc_jp",),
}

# What is shown -> what is pending then -> the characters that do so, each with its lower case if it is a letter.
Table = Mapping[str, Sequence[tuple[bytes, Sequence[tuple[str, str]]]]]


@dataclass(frozen=True, slots=True)
class WrongDecoder:
    """One codec that reads UTF-8 by mistake, and what it does with bytes that it cannot read."""

    codec: str
    errors: str

    def step(self, pending: bytes, char: str) -> tuple[str, bytes]:
        """What is shown when *char* follows *pending* (bytes of a pair not yet whole), and what is pending then."""
        return self.step_bytes(pending, char.encode("utf-8"))

    def step_bytes(self, pending: bytes, data: bytes) -> tuple[str, bytes]:
        """What is shown when *data* follows *pending*, and what is pending then."""
        decoder = codecs.getincrementaldecoder(self.codec)(self.errors)
        shown = decoder.decode(pending + data)
        return shown, b"" if self.codec in _SINGLE_BYTE else decoder.getstate()[0]

    def drops(self, pending: bytes, following: bytes) -> bool:
        """Whether *pending* leaves no trace where the bytes *following*, of one character shown, come after it."""
        return _drops(self, pending, following)

    def table(self, alphabet: str, pending: bytes) -> Table:
        """What each character of *alphabet* shows after *pending*, and what is pending then."""
        return _table(self, alphabet, pending)


# Encodings of one byte a character have no pending bytes, and their decoders no state to ask for.
_SINGLE_BYTE = frozenset(("cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1257"))


@lru_cache(maxsize=4096)
def _drops(decoder: WrongDecoder, pending: bytes, following: bytes) -> bool:
    return (pending + following).decode(decoder.codec, decoder.errors) == following.decode(decoder.codec, "replace")


@lru_cache(maxsize=2048)
def _table(decoder: WrongDecoder, alphabet: str, pending: bytes) -> Table:
    found: dict[str, dict[bytes, list[tuple[str, str]]]] = {}
    steps = _steps(decoder)
    for char, data, letter in _letters(alphabet):
        shown, rest = "", pending
        for byte in data:
            more, rest = steps[rest, byte]
            shown += more
        found.setdefault(shown, {}).setdefault(rest, []).append((char, letter))
    return {shown: tuple(by_rest.items()) for shown, by_rest in found.items()}


@lru_cache(maxsize=64)
def _letters(alphabet: str) -> Sequence[tuple[str, bytes, str]]:
    """Each character with its bytes and, if it is a letter, its lower case."""
    return [(char, char.encode("utf-8"), char.lower() if char.isalpha() else "") for char in alphabet]


class _Steps(dict[tuple[bytes, int], tuple[str, bytes]]):
    """What a decoder shows, and what is pending then, for what was pending and the next byte; filled as it is asked.

    Decoders go byte by byte themselves, and characters share their bytes: a table of thousands needs some hundred.
    """

    def __init__(self, decoder: WrongDecoder) -> None:
        super().__init__()
        self._decoder = decoder

    def __missing__(self, key: tuple[bytes, int]) -> tuple[str, bytes]:
        pending, byte = key
        step = self[key] = self._decoder.step_bytes(pending, bytes((byte,)))
        return step


@lru_cache(maxsize=32)
def _steps(decoder: WrongDecoder) -> _Steps:
    return _Steps(decoder)
