"""Identity: ids, digests and folded text.

What comes in: URLs and texts. What goes out: ids that start with a letter and are the same on every
machine and in every run. Knows no storage.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

# Quotes, dashes, ellipses and spaces that editors change without changing the text.
_TYPOGRAPHY = {
    **dict.fromkeys(map(ord, "‘’‚‛′`´ʼ"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»「」『』"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("…"): "...",
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff")),
}
_SPACES = re.compile(r"\s+")


def short_hash(*parts: str) -> str:
    """The first 16 bytes of the SHA-256 of *parts* (unit separator between them), as 32 hexadecimal digits."""
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def folded(text: str | None) -> str:
    """*text* without what typography changes: NFKC, case, quotes, dashes, invisible characters, white space.

    >>> folded("It’s  “here” – now")
    'it\\'s "here" - now'
    """
    if not text:
        return ""
    text = unicodedata.normalize("NFKC", text).translate(_TYPOGRAPHY).casefold()
    return _SPACES.sub(" ", text).strip().replace(" - ", " - ")


def version_id(headline: str | None, body: str | None) -> str:
    """The id of a text: a change of typography alone keeps it."""
    return "v" + short_hash(folded(headline), folded(body))
