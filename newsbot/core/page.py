"""A page's bytes, decoded.

What comes in: bytes, URL, content type. What goes out: `Page`, its markup as UTF-8.
Knows nothing of blocks, stories or teasers.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from newsbot.core.errors import EmptyPage, TooLarge

MAX_BYTES = 16 * 1024 * 1024

_META_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_:.-]{2,40})""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Page:
    """One page as UTF-8 markup; ``html`` is parsed once, by `newsbot.core.blocks.segment`.

    ``replaced_chars`` counts the U+FFFD that decoding had to put in.
    """

    url: str
    html: bytes
    size_bytes: int
    content_type: str | None = None
    encoding_declared: str | None = None
    encoding_used: str = "utf-8"
    encoding_reason: str = "utf8_valid"
    replaced_chars: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Page:
    """Decode *body*; *url* is the page's final one.

    ``headers`` has lower-case names. Raises `TooLarge`, `EmptyPage`.
    """
    if len(body) > max_bytes:
        raise TooLarge(f"{len(body)} bytes, the limit is {max_bytes}", url=url)
    if not body.strip():
        raise EmptyPage("no bytes", url=url)
    declared = declared_encoding(body, content_type)
    used, reason, text = decode(body, declared)
    return Page(
        url=url,
        html=text.replace("\0", "").encode("utf-8", "replace"),
        size_bytes=len(body),
        content_type=content_type,
        encoding_declared=declared,
        encoding_used=used,
        encoding_reason=reason,
        replaced_chars=text.count("\ufffd"),
        headers=headers or {},
    )


def declared_encoding(body: bytes, content_type: str | None) -> str | None:
    """The charset label of the HTTP header, else of the first meta element that names one."""
    if content_type and "charset=" in content_type.lower():
        return content_type.lower().partition("charset=")[2].strip(" \"';").split(";")[0] or None
    found = _META_CHARSET.search(body[:4096])
    return found.group(1).decode("ascii").lower() if found else None


def decode(body: bytes, declared: str | None) -> tuple[str, str, str]:
    """(encoding used, why, text) of *body*: BOM, valid UTF-8, the declared label, windows-1252."""
    if body.startswith(codecs.BOM_UTF8):
        return "utf-8", "bom", body[3:].decode("utf-8", "replace")
    try:
        return "utf-8", "utf8_valid", body.decode("utf-8")
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            return declared, "declared", body.decode(declared, "replace")
        except LookupError:
            pass
    return "windows-1252", "fallback", body.decode("cp1252", "replace")
