"""The sentences of the benchmark, written for it: frames in 21 languages with made-up places.

What goes out: `Sentence`s, in a fixed order. A file of ``sentences/`` is one language: its first line lists names,
every other line is a frame with ``{n}`` where a name goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).with_name("sentences")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence and the primary subtag of its language."""

    language: str
    text: str


def read_sentences(folder: Path = FOLDER) -> list[Sentence]:
    """All sentences: each frame with each name."""
    found = []
    for path in sorted(folder.glob("*.txt")):
        first, *frames = path.read_text(encoding="utf-8").splitlines()
        names = [name.strip() for name in first.removeprefix("names:").split(",")]
        found += [Sentence(path.stem, frame.replace("{n}", name)) for frame in frames if frame for name in names]
    return found
