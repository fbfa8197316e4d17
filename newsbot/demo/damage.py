"""Ways in which pages arrive damaged, done on purpose.

What comes in: a page as text and the name of a damage. What goes out: bytes and the charset label that the
server sends with them. Knows nothing of stories.
"""

from __future__ import annotations

from collections.abc import Callable


def _mislabelled_utf8(text: str) -> tuple[bytes, str]:
    """UTF-8, said to be latin-1 by the server."""
    return text.encode(), "iso-8859-1"


def _mislabelled_cp1252(text: str) -> tuple[bytes, str]:
    """windows-1252, said to be UTF-8 by the server."""
    return text.encode("windows-1252", "xmlcharrefreplace"), "utf-8"


def _read_as_cp1252(text: str) -> tuple[bytes, str]:
    """UTF-8 once read as windows-1252 (``countyâ€™s``) and stored so."""
    wrong = "".join(_cp1252(byte) for byte in text.encode())
    return wrong.encode(), "utf-8"


def _cp1252(byte: int) -> str:
    """One byte as browsers read windows-1252: the five unassigned ones are control characters."""
    try:
        return bytes([byte]).decode("windows-1252")
    except UnicodeDecodeError:
        return chr(byte)


def _read_as_gbk(text: str) -> tuple[bytes, str]:
    """UTF-8 once read through the Chinese code page 936, which dropped the bytes it did not know."""
    return text.encode().decode("gbk", "ignore").encode(), "utf-8"


def _escaped_twice(text: str) -> tuple[bytes, str]:
    """Every ampersand escaped once more: ``Marsh &amp;amp; Sons``."""
    return text.replace("&amp;", "&amp;amp;").encode(), "utf-8"


_DAMAGES: dict[str, Callable[[str], tuple[bytes, str]]] = {
    "utf8_as_latin1": _mislabelled_utf8,
    "cp1252_as_utf8": _mislabelled_cp1252,
    "mojibake": _read_as_cp1252,
    "gbk": _read_as_gbk,
    "entities": _escaped_twice,
}


def served(text: str, damage: str | None) -> tuple[bytes, str]:
    """The bytes of *text* and their charset label; ``None`` is no damage. Raises `KeyError` for an unknown one."""
    if damage is None:
        return text.encode(), "utf-8"
    return _DAMAGES[damage](text)
