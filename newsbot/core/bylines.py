"""Where a page prints the authors of its story: byline, microdata, signature.

What comes in: `Segments`, the roles of the blocks, and where the story stands. What goes out: the `Name` values of
each such place. Bylines of teasers are left alone. Does not choose: that is the work of `newsbot.core.authors`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from newsbot.core.blocks import HINT_KEPT_CHARS, NOT_DRAWN, Block, Node, Segments
from newsbot.core.metadata import Metadata
from newsbot.core.names import BY, Name, distinct, names_in, people
from newsbot.core.places import Place
from newsbot.core.printed_dates import has_date
from newsbot.core.roles import Role

MAX_BYLINE_CHARS = 220
MAX_MARKED_CHARS = 100

_SEPARATOR = re.compile(r"\s?[|·•]\s?|\s[–—-]\s")
_AUTHOR_HINT = re.compile(r"author|byline|autor|auteur|verfasser|penulis|yazar|skribent|signature|firma\b")
_NOT_AUTHOR_HINT = re.compile(
    r"comment|caption|teaser|image|photo|foto|bild|related|recommend|theme-|copyright|social|source"
)
_AUTHOR_PATH = re.compile(
    r"/(?:author|authors|autor|autoren|autores|autori|auteur|auteurs|person|journalist|journalists|journalisten|by|"
    r"reporter|redakteure|by-author|contributors|columnists)/[^/?#]{2,}",
    re.IGNORECASE,
)

# Elements around a line that may be marked as a byline: its own and the two around it.
AUTHOR_STEPS = 3
HEAD_BLOCKS = 14
ABOVE_BLOCKS = 4
FOOT_BLOCKS = 6


def marked_names(
    segments: Segments, metadata: Metadata, roles: Sequence[Role], place: Place, site: frozenset[str]
) -> list[Name]:
    names: list[Name] = []
    start = head_of(place) or 0
    for node in metadata.itemprops.get("author", ())[:4]:
        if place.last is not None and not start - ABOVE_BLOCKS <= node.first_block <= place.last + FOOT_BLOCKS:
            continue
        inner = [one for one in metadata.itemprops.get("name", ()) if node.index < one.index < node.end_node] or [node]
        for one in inner[:1]:
            if Role.TEASER in roles[one.first_block : one.end_block]:
                continue
            shown = segments.blocks[one.first_block : one.end_block][:1]
            raw = one.attrs.get("content") or " ".join(block.text for block in shown)
            if len(raw) <= MAX_MARKED_CHARS:
                names.extend(names_in(raw, site))
    return distinct(names)


def head_of(place: Place) -> int | None:
    """The headline's block, or where it would be above the body."""
    if place.headline is None and place.first is not None:
        return max(0, place.first - HEAD_BLOCKS)
    return place.headline


def printed_names(segments: Segments, roles: Sequence[Role], place: Place, site: frozenset[str]) -> list[Name]:
    """The names of the byline nearest to the headline: of its first block, and of the blocks like it that follow."""
    start = head_of(place)
    if start is None:
        return []
    last = max(start + HEAD_BLOCKS, (place.first or 0) + 2)
    before = range(start - 1, max(-1, start - ABOVE_BLOCKS - 1), -1)
    run: list[Name] = []
    first: Block | None = None
    for index in (*range(start + 1, min(last, len(roles) - 1) + 1), *before):
        block = segments.blocks[index]
        if first is not None and not _alike(block, first):
            if index > first.index + 3:
                break
            continue
        names = _names_of_block(block, roles[index], site)
        if names:
            first = first if first is not None or not people(names) else block
            run.extend(names)
    return distinct(run)


def _alike(block: Block, first: Block) -> bool:
    return block.node.tag == first.node.tag and block.node.hint == first.node.hint


def _names_of_block(block: Block, role: Role, site: frozenset[str]) -> list[Name]:
    """The names in a block that is a byline: by its role, its words, its links or its class."""
    text = block.text
    if (
        role in _NEVER_BYLINE
        or len(text) > MAX_BYLINE_CHARS
        or block.hidden & NOT_DRAWN
        or "©" in text
        or _PHOTO.match(text)
        or (role is Role.CAPTION and not _has_author_hint(block))
    ):
        return []
    names = _names_of_line(block, role, site)
    return [] if names and _is_menu(block) else names


def _names_of_line(block: Block, role: Role, site: frozenset[str]) -> list[Name]:
    text = block.text
    if any(piece.link is not None for piece in block.pieces):
        linked = [name for part in _author_links(block) for name in names_in(part, site)]
        if people(linked):
            return linked
    if len(block.pieces) > 1:
        text = _with_gaps(block)
    is_ascii = text.isascii()  # then no reporter is named in Chinese or Korean
    for part in _SEPARATOR.split(text):
        reporter = None if is_ascii else _REPORTER_BEFORE.search(part)
        if reporter is not None:
            return names_in(reporter.group(1), site)
        if BY.match(part) or not (is_ascii or _REPORTER.search(part) is None):
            return names_in(part, site) or _named_in_passing(part, site)
    if role is Role.DATE or role is Role.BYLINE:
        named = _named_in_passing(text, site)
        if named:
            return named
    if role is Role.DATE:
        return _beside_date(text, site)
    if role is Role.BODY or not (role is Role.BYLINE or _has_author_hint(block)):
        return []
    names = [name for name in names_in(text, site) if " " in name.text or name.kind != "person"]
    if people(names):
        return names
    pieces = [block.text[piece.start : piece.end] for piece in block.pieces]
    return [name for piece in pieces for name in names_in(piece, site) if " " in name.text] or names


def _beside_date(text: str, site: frozenset[str]) -> list[Name]:
    """The full name that a sign parts from the date, alone with it: ``Sigurd Lien · 2 March 2026, 14:05``."""
    parts = [part.strip() for part in _SEPARATOR.split(text) if part.strip()]
    if len(parts) != 2 or has_date(parts[0]) == has_date(parts[1]):
        return []
    line = parts[1] if has_date(parts[0]) else parts[0]
    names = names_in(line, site)
    is_name = 2 <= len(line.split()) <= 3 and line == line.title()
    return names if is_name and len(names) == 1 and names[0].kind == "person" and names[0].text == line else []


# "Posted in Media by jane_doe on ...", "Gespeichert von jane am ...".
_NAMED_IN_PASSING = re.compile(
    r"\b(?:von|by|par|por)\s([^\s|·•—–]{2,30}(?:\s[^\s|·•—–]{2,30}){0,2}?)"
    r"(?=\s(?:am|um|on|at|in|under|unter|le|à|el)\s|\s?[|·•—–]|$)",
    re.IGNORECASE,
)
# Written behind the name: "김서연 기자".
_REPORTER = re.compile(r"[가-힣]{2,5}\s?(?:선임)?기자(?:\s|$)")
_REPORTER_BEFORE = re.compile(r"(?:记者|記者)[\s:：]\s?([一-鿿]{2,4})(?:\s|$)")
_NEVER_BYLINE = frozenset((Role.TEASER, Role.HEADLINE, Role.CREDIT))
_MENU_HINT = re.compile(r"menu|breadcrumb|crumbs|(?<![a-z])nav(?![a-z])")
_PHOTO = re.compile(r"(?:fotos?|photos?|bild|bilder|images?|quelle|source|credits?|来源|來源)\b", re.IGNORECASE)


def _named_in_passing(text: str, site: frozenset[str]) -> list[Name]:
    found = _NAMED_IN_PASSING.search(text)
    return names_in(found.group(1), site) if found is not None else []


def _is_menu(block: Block) -> bool:
    """Whether the block stands in a menu or a trail of crumbs."""
    node = block.node
    for _ in range(3):
        if node.tag == "nav" or _is_menu_hint(node.hint):
            return True
        if node.parent is None:
            break
        node = node.parent
    return False


def _is_menu_hint(hint: str) -> bool:
    return _kept_menu_hint(hint) if len(hint) <= HINT_KEPT_CHARS else _says_menu(hint)


def _says_menu(hint: str) -> bool:
    return _MENU_HINT.search(hint) is not None


_kept_menu_hint = lru_cache(maxsize=1024)(_says_menu)


def _with_gaps(block: Block) -> str:
    """The text of *block* with a sign where two inline elements touch: ``Jane Doe|Lifestyle Writer``."""
    parts: list[str] = []
    end = 0
    for piece in block.pieces:
        if parts and piece.start == end and block.text[end - 1].isalpha() and block.text[end : end + 1].isalnum():
            parts.append("|")
        else:
            parts.append(block.text[end : piece.start])
        parts.append(block.text[piece.start : piece.end])
        end = piece.end
    return "".join(parts)


def _author_links(block: Block) -> list[str]:
    texts: dict[int, str] = {}
    end = 0
    for piece in block.pieces:
        link = piece.link
        if link is not None and ("author" in link.node.attrs.get("rel", "") or _AUTHOR_PATH.search(link.href[:300])):
            glue = " " if link.index in texts and piece.start > end else "|"
            before = f"{texts[link.index]}{glue}" if link.index in texts else ""
            texts[link.index] = before + block.text[piece.start : piece.end]
        end = piece.end
    return list(texts.values())


def _has_author_hint(block: Block) -> bool:
    """Whether an element directly around the block, or one of its first inline ones, is marked as a byline."""
    node: Node | None = block.node
    for _ in range(AUTHOR_STEPS):
        if node is None:
            break
        if node.attrs and _is_author_hint(node.hint):
            return True
        node = node.parent
    inline = (piece.node for piece in block.pieces[:3] if piece.node is not block.node)
    return any(node.attrs and _is_author_hint(node.hint) for node in inline)


def _is_author_hint(hint: str) -> bool:
    return _kept_author_hint(hint) if len(hint) <= HINT_KEPT_CHARS else _says_author(hint)


def _says_author(hint: str) -> bool:
    return _AUTHOR_HINT.search(hint) is not None and _NOT_AUTHOR_HINT.search(hint) is None


_kept_author_hint = lru_cache(maxsize=1024)(_says_author)


def signed_names(segments: Segments, roles: Sequence[Role], place: Place, site: frozenset[str]) -> list[Name]:
    """The names below the last paragraph: ``Text: Jane Doe``, ``Von Jane Doe``."""
    if place.last is None:
        return []
    for index in range(place.last, min(place.last + 2 * FOOT_BLOCKS, len(roles))):
        block, role = segments.blocks[index], roles[index]
        if (
            role is Role.TEASER
            or role is Role.CAPTION
            or len(block.text) > MAX_BYLINE_CHARS
            or _PHOTO.match(block.text)
        ):
            continue
        named = _NAMED_IN_PASSING.search(block.text) if role is Role.BYLINE else None
        if named is not None:
            return names_in(named.group(1), site)
        if index > place.last + FOOT_BLOCKS:
            continue
        if BY.match(block.text) or (role is not Role.BODY and _has_author_hint(block)):
            names = [name for name in names_in(block.text, site) if name.kind != "person" or " " in name.text]
            if names:
                return names
    return []
