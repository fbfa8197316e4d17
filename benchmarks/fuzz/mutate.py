"""Bad input from good: the n-th input of a target is a pure function of the seed, so that every find comes back.

What comes in: seed inputs, tokens, and numbers. What goes out: bytes. Knows no reader.
"""

from __future__ import annotations

import random
from collections.abc import Sequence

# Most inputs are small: they reach a parser's corners as well as large ones do, and a thousand times as often.
MAX_BYTES = 4_096
# Now and then one is large, so that what grows faster than its input shows.
LARGE_BYTES = 60_000
LARGE_EVERY = 500
MAX_STEPS = 6
ODD_BYTES = b"\x00\x01\x09\x0a\x0d\x1b\x1f\x20\"#$%&'*+-/:;<=>@[\\]`{|}\x7f\x80\x85\xa0\xbf\xc0\xc3\xed\xef\xf4\xff"


def mutated(number: int, *, seed: int, target: str, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> bytes:
    """The input *number* of *target*; the same arguments give the same bytes."""
    chance = random.Random(f"{seed}/{target}/{number}")
    data = bytearray(chance.choice(seeds))
    for _ in range(chance.randint(1, MAX_STEPS)):
        _step(data, chance, seeds, tokens)
    if number % LARGE_EVERY == 0 and data:
        start = chance.randrange(len(data))
        piece = bytes(data[start : start + chance.randint(1, 200)])
        data[start:start] = piece * (LARGE_BYTES // len(piece))
        return bytes(data[: LARGE_BYTES + MAX_BYTES])
    return bytes(data[:MAX_BYTES])


def _step(data: bytearray, chance: random.Random, seeds: Sequence[bytes], tokens: Sequence[bytes]) -> None:
    """One change: a byte, a token, a piece of another seed, a repetition, a cut, a swap."""
    at = chance.randrange(len(data) + 1)
    kind = chance.randrange(9)
    if kind == 0 and data:
        data[at - 1] ^= 1 << chance.randrange(8)
    elif kind == 1:
        data[at:at] = bytes((chance.choice(ODD_BYTES),)) * chance.choice((1, 1, 2, 8))
    elif kind in (2, 3):
        end = at + chance.choice((0, 0, 1, 4, 16)) if kind == 2 else at
        data[at:end] = chance.choice(tokens)
    elif kind == 4:
        other = chance.choice(seeds)
        start = chance.randrange(len(other) + 1)
        data[at:at] = other[start : start + chance.randint(1, 200)]
    elif kind == 5:
        piece = bytes(data[at : at + chance.randint(1, 40)])
        data[at:at] = piece * chance.choice((1, 2, 10, 50))
    elif kind == 6:
        del data[at : at + chance.randint(1, max(len(data) // 4, 1))]
    elif kind == 7 and chance.randrange(4) == 0:
        del data[at:]
    elif data:
        data[at - 1] = chance.randrange(256)
