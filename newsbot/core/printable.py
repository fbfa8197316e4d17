"""Text of pages made safe to print.

What comes in: text that somebody else wrote. What goes out: the same on one line, without characters that could steer
a terminal or turn the reading direction of what follows.
"""

from __future__ import annotations

import unicodedata

# Controls, formats (bidirectional marks among them), surrogates, private use, line and paragraph separators.
_UNSAFE = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")


def printable(text: str, width: int | None = None) -> str:
    """*text* on one line, cut to *width* characters; what is unsafe stands as its number.

    >>> printable("red \\x1b[31m alert\\nnext")
    'red ␛[31m alert next'
    """
    line = "".join(_shown(char) for char in text)
    if width is not None and len(line) > width:
        return line[: width - 1] + "…"
    return line


def _shown(char: str) -> str:
    if char.isprintable():
        return char
    if char in "\n\r\t\x0b\x0c\u2028\u2029":
        return " "
    if char < " ":
        return chr(0x2400 + ord(char))
    if unicodedata.category(char) in _UNSAFE:
        return f"<{ord(char):04X}>"
    return " "
