"""Foreign lines: what a mirror or an intruder wrote at the ends of a page.

What comes in: the blocks of a page with their roles, and its prose. What goes out: the numbers of short blocks in
a script of which the prose has nothing. Knows no languages and no sites.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Sequence

from newsbot.core.blocks import Block
from newsbot.core.roles import Role

MIN_PROSE_CHARS = 200
MAX_LINE_CHARS = 40
# The scripts of a text are told by so many of its characters.
LOOKED_AT_CHARS = 4_000
# A menu of languages is no contamination.
ENDONYMS = frozenset(
    "中文 简体中文 繁體中文 日本語 한국어 العربية فارسی اردو עברית русский українська български"
    " ελληνικά हिन्दी ไทย বাংলা தமிழ்".split()
)


def foreign_blocks(blocks: Sequence[Block], roles: Sequence[Role], prose: str) -> list[int]:
    """The numbers of foreign blocks among the first two and the last two of the page; links are menus."""
    edges = sorted({0, 1, len(blocks) - 2, len(blocks) - 1})
    short = [
        index
        for index in edges
        if 0 <= index < len(blocks)
        and roles[index] is Role.CHROME
        and len(blocks[index].text) <= MAX_LINE_CHARS
        and not blocks[index].link_chars
        and blocks[index].text.casefold() not in ENDONYMS
    ]
    if not short or len(prose) < MIN_PROSE_CHARS or all(blocks[index].text.isascii() for index in short):
        return []
    own = main_scripts(prose[:LOOKED_AT_CHARS])
    return [index for index in short if (scripts := main_scripts(blocks[index].text)) and not scripts & own]


def main_scripts(text: str) -> set[str]:
    """The scripts of at least one in fifty letters of *text*, by the first word of their Unicode names.

    >>> main_scripts("Straße 5"), main_scripts("1871")
    ({'LATIN'}, set())
    """
    scripts: Counter[str] = Counter()
    for char, count in Counter(text).items():
        if char.isalpha():
            scripts[unicodedata.name(char, "?").split()[0]] += count
    return {script for script, count in scripts.items() if count * 50 >= scripts.total()}
