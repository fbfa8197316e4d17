"""A page's bytes, decoded, and refused where they are no page or over a limit.

What comes in: bytes, URL, content type, headers. What goes out: `Page`, its markup as UTF-8.
Knows nothing of blocks, stories or teasers.

The encoding is found in the order of the HTML standard (BOM, header, meta, guess), with two checks on it: what is
valid UTF-8 is never read as something else, and where declarations disagree, or the bytes contradict them, the
readings are scored. `Page` says what was declared, what was used, and why.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice

import numpy as np

from newsbot.core.encodings import MULTI_BYTE, decode_as, encoding_name
from newsbot.core.errors import EmptyPage, NotHtml, TooLarge
from newsbot.core.readings import TIE, by_words, detected, oddness

MAX_BYTES = 16 * 1024 * 1024
MAX_TAGS = 300_000
MAX_ATTRIBUTES = 1_000
# The target parser of `core.blocks` loses no text at any depth (tried to 100,000 levels); the limit bounds walks up
# the parents. The deepest of 800 real pages has 117 levels.
MAX_DEPTH = 2_048

# Over this size every page gets the full scan of its tags; below, only pages with a long tag: what a small page can
# hide behind quoted ">" costs memory in proportion to its bytes, the parser itself is linear.
_FULL_SCAN_BYTES = 2 * 1024 * 1024
_PRESCAN_BYTES = 4096
# A page with more U+FFFD than this share of its characters was not in the encoding that it was read as.
_DOUBTFUL_SHARE = 0.01
# Text for scoring a reading: enough for a hundred words, so that it costs the same for every page.
_SAMPLE_BYTES = 24 * 1024


@dataclass(frozen=True, slots=True)
class Page:
    """One page as UTF-8 markup; ``html`` is parsed once, by `newsbot.core.blocks.segment`.

    ``encoding_declared`` is the label of the header or of the meta element, both (comma between them) where they
    disagree. ``encoding_reason`` is ``bom``, ``ascii``, ``utf8_valid``, ``utf8_damaged`` (UTF-8 but for some
    bytes), ``header``, ``meta``, ``scored_header``, ``scored_meta`` (declarations disagree, this one reads better),
    ``detected`` or ``fallback``. ``replaced_chars`` counts the U+FFFD in the markup, ``control_chars`` the NULs that
    were taken out; other control characters are taken out of the texts (`newsbot.core.text`), which costs less.
    """

    url: str
    html: bytes
    size_bytes: int
    content_type: str | None = None
    encoding_declared: str | None = None
    encoding_used: str = "utf-8"
    encoding_reason: str = "utf8_valid"
    replaced_chars: int = 0
    control_chars: int = 0
    notes: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes read as one encoding: its name, why it was chosen, the markup as UTF-8, and the U+FFFD in it."""

    encoding: str
    reason: str
    html: bytes
    replaced_chars: int = 0


def read_page(
    body: bytes,
    url: str,
    *,
    content_type: str | None = None,
    headers: Mapping[str, str] | None = None,
    max_bytes: int = MAX_BYTES,
) -> Page:
    """Decode *body*; *url* is the page's final one.

    ``headers`` has lower-case names. Raises `TooLarge`, `EmptyPage`, `NotHtml`.
    """
    if len(body) > max_bytes:
        raise TooLarge(f"{len(body)} bytes, the limit is {max_bytes}", url=url)
    refuse_foreign(body, url)
    header, meta = header_label(content_type), meta_label(body)
    reading = decode(body, header, meta)
    html = reading.html.replace(b"\0", b"")
    if not html or html.isspace():
        raise EmptyPage("no text", url=url)
    check_markup(html, url)
    return Page(
        url=url,
        html=html,
        size_bytes=len(body),
        content_type=content_type,
        encoding_declared=_declared(header, meta),
        encoding_used=reading.encoding,
        encoding_reason=reading.reason,
        replaced_chars=reading.replaced_chars,
        control_chars=len(reading.html) - len(html),
        notes=("encoding_doubtful",) if reading.replaced_chars > len(html) * _DOUBTFUL_SHARE else (),
        headers=headers or {},
    )


# --- what is declared


def header_label(content_type: str | None) -> str | None:
    """The charset label of a Content-Type, in lower case; ``None`` without one.

    >>> header_label('text/html; Charset="GB2312"')
    'gb2312'
    """
    if not content_type:
        return None
    rest = content_type.lower().partition("charset=")[2]
    return rest.partition(";")[0].strip(" \t\"'") or None


def meta_label(body: bytes) -> str | None:
    """The charset label of an XML declaration or of the first meta element that names one, in lower case.

    Looks at the first 4,096 bytes, outside comments (the standard asks for 1,024; pages with longer heads are
    common, and a wrong find is scored like any other).
    """
    head = body[:_PRESCAN_BYTES]
    if head.startswith(b"<?xml"):
        found = _XML_ENCODING.search(head[: head.find(b">") + 1])
        if found:
            return found.group(1).decode("ascii").lower()
    for tag in _meta_tags(head.lower()):
        label = _charset_of(tag)
        if label:
            return label
    return None


_XML_ENCODING = re.compile(rb"""encoding\s*=\s*["']([A-Za-z0-9_:.-]{2,40})["']""")
_ATTRIBUTE = re.compile(rb"""([a-z-]{3,20})\s{0,9}=\s{0,9}(?:"([^"]{0,200})"|'([^']{0,200})'|([^\s"'>]{1,200}))""")
_CONTENT_CHARSET = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?([a-z0-9_:.-]{2,40})""")


def _meta_tags(head: bytes) -> Iterator[bytes]:
    """The meta tags of *head* (lower case) that name a charset; comments are left out."""
    at = 0
    while (meta := head.find(b"<meta", at)) >= 0:
        comment = head.find(b"<!--", at, meta)
        if comment >= 0:
            end = head.find(b"-->", comment + 2)
            if end < 0:
                return
            at = end + 3
            continue
        end = head.find(b">", meta)
        tag = head[meta : end if end >= 0 else len(head)]
        if b"charset" in tag:
            yield tag
        at = meta + 1


def _charset_of(tag: bytes) -> str | None:
    values = {name: first or second or third for name, first, second, third in reversed(_ATTRIBUTE.findall(tag))}
    label = values.get(b"charset")
    if label is None and values.get(b"http-equiv") == b"content-type":
        found = _CONTENT_CHARSET.search(values.get(b"content", b""))
        label = found.group(1) if found else None
    return label.decode("ascii", "replace").strip() or None if label else None


def _declared(header: str | None, meta: str | None) -> str | None:
    if header and meta and encoding_name(header) != encoding_name(meta):
        return f"{header}, {meta}"
    return header or meta


# --- decoding


def decode(body: bytes, header: str | None, meta: str | None) -> Reading:
    """*body* as UTF-8 markup, read as what it is: see the module's text for the order. Never fails."""
    for bom, name in ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16le"), (codecs.BOM_UTF16_BE, "utf-16be")):
        if body.startswith(bom):
            return _reading(body[len(bom) :], name, "bom")
    stated = encoding_name(header)
    if stated in ("utf-16le", "utf-16be") or b"\0" in body[:64]:
        order = _utf16_order(body, stated)
        if order:
            return _reading(body, order, "header" if stated == order else "detected")
    in_meta = encoding_name(meta)
    if in_meta in ("utf-16le", "utf-16be"):
        in_meta = "utf-8"  # The standard: a meta element that can be read as ASCII is not in UTF-16.
    if body.isascii():
        if "iso-2022-jp" in (stated, in_meta) and b"\x1b$" in body:
            return _reading(body, "iso-2022-jp", "header" if stated == "iso-2022-jp" else "meta")
        if "utf-8" not in (stated, in_meta) and _is_iso_2022_jp(body):
            return _reading(body, "iso-2022-jp", "detected")
        return Reading("utf-8", "ascii", body)
    beyond = _beyond_ascii(body)
    try:
        beyond.decode("utf-8")
    except UnicodeDecodeError:
        return _legacy(body, stated, in_meta)
    return Reading("utf-8", "utf8_valid", body, _replaced(beyond))


def _is_iso_2022_jp(body: bytes) -> bool:
    """Whether ASCII bytes shift to Japanese and back, and hold nothing but characters there."""
    if b"\x1b$B" not in body and b"\x1b$@" not in body:
        return False
    try:
        return not body.decode("iso-2022-jp").isascii()
    except UnicodeDecodeError:
        return False


_WORD_BYTES = 8
_HIGH_BITS = np.uint64(0x8080_8080_8080_8080)


def _beyond_ascii(body: bytes) -> bytes:
    """*body* without most of its ASCII; whether it is valid UTF-8, and its U+FFFD, stay as they are.

    What stays are the words of eight bytes that hold one over 0x7F, and the word behind each, so that nothing that
    stood apart is joined. On real pages that is a tenth, and costs half of decoding the whole.
    """
    whole = len(body) // _WORD_BYTES
    words = np.frombuffer(body, np.uint64, whole)
    kept = (words & _HIGH_BITS) != 0
    kept[1:] |= kept[:-1]
    stays: bytes = words[kept].tobytes()
    return stays + body[whole * _WORD_BYTES :]


def _legacy(body: bytes, stated: str | None, in_meta: str | None) -> Reading:
    """The reading of bytes that are not valid UTF-8."""
    sample = _sample(body)
    if _is_damaged_utf8(sample):
        return _reading(body, "utf-8", "utf8_damaged")
    candidates: dict[str, str] = {}
    for name, reason in ((stated, "header"), (in_meta, "meta")):
        if name and name not in ("utf-8", "iso-2022-jp") and name not in candidates:
            candidates[name] = reason
    scores = {name: oddness(decode_as(sample, name)) for name in candidates}
    best = min(scores, key=lambda name: scores[name], default=None)
    if best not in MULTI_BYTE:
        written = by_words(sample, best)
        if written is not None and written != best:
            return _reading(body, written, "detected")
    if best is not None and scores[best] <= _PLAUSIBLE:
        first = next(iter(candidates))
        if len(candidates) > 1 and scores[first] <= scores[best] + TIE:
            best = first
        reason = candidates[best]
        return _reading(body, best, f"scored_{reason}" if len(candidates) > 1 else reason)
    guess = detected(sample)
    if guess is not None and (best is None or oddness(decode_as(sample, guess)) + TIE < scores[best]):
        return _reading(body, guess, "detected")
    if best is not None:
        return _reading(body, best, candidates[best])
    return _reading(body, "windows-1252", "fallback")


# On the scale of `oddness`; a wrong single-byte reading of Cyrillic, Greek or Chinese scores over 0.5, a right one
# under 0.1 (benchmarks/repair/decoding.py prints the two distributions).
_PLAUSIBLE = 0.25


def _reading(body: bytes, name: str, reason: str) -> Reading:
    html = decode_as(body, name).encode("utf-8", "replace")
    return Reading(name, reason, html, _replaced(html))


def _replaced(html: bytes) -> int:
    """The number of U+FFFD; looking for its first byte alone is much faster, and few pages hold it."""
    return html.count(b"\xef\xbf\xbd") if b"\xef" in html else 0


def _utf16_order(body: bytes, stated: str | None) -> str | None:
    """The byte order of UTF-16 without a BOM: markup has its NUL bytes in every second place."""
    head = body[:256]
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if odd > 4 * even and odd * 4 > len(head):
        return "utf-16le"
    if even > 4 * odd and even * 4 > len(head):
        return "utf-16be"
    return stated if stated in ("utf-16le", "utf-16be") and not body.isascii() and _LONE_MARKUP not in head else None


_LONE_MARKUP = b"<html"
_UTF8_SEQUENCE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


def _is_damaged_utf8(body: bytes) -> bool:
    """Whether *body* is UTF-8 in which a few bytes were lost or are foreign.

    Text in another encoding has hardly any byte runs that are UTF-8 by chance; damaged UTF-8 has many for each
    byte that is not part of one.
    """
    good = _UTF8_SEQUENCE.findall(body)
    in_sequences = sum(map(len, good))
    stray = len(body) - len(body.translate(None, _HIGH)) - in_sequences
    return len(good) >= 2 * stray


_HIGH = bytes(range(0x80, 0x100))


def _sample(body: bytes) -> bytes:
    """Up to 24 KiB of *body* around its first bytes above 0x7F, so that a long head of markup does not fill it."""
    if len(body) <= _SAMPLE_BYTES:
        return body
    first = next((found.start() for found in _FIRST_HIGH.finditer(body)), 0)
    return body[max(first - 256, 0) : first + _SAMPLE_BYTES]


_FIRST_HIGH = re.compile(rb"[\x80-\xff]")
# --- gates


_FOREIGN_STARTS = (
    b"%PDF-", b"\x89PNG", b"GIF8", b"\xff\xd8\xff", b"PK\x03\x04", b"\x1f\x8b", b"RIFF", b"OggS", b"ID3", b"\x7fELF",
    b"wOFF", b"wOF2", b"BM\x00", b"\xd0\xcf\x11\xe0", b"\x1aE\xdf\xa3", b"Rar!", b"7z\xbc\xaf", b"SQLite format 3",
)  # fmt: skip
_FEED_STARTS = (b"<rss", b"<feed", b"<rdf:rdf", b"<urlset", b"<sitemapindex", b"<opml")
_PROLOG = re.compile(rb"\s*(?:<\?xml[^>]{0,200}\?>|<!--[^>]{0,500}-->|<\?xml-stylesheet[^>]{0,300}\?>|\s+)*+", re.ASCII)


def refuse_foreign(body: bytes, url: str) -> None:
    """Raise `NotHtml` for what is no page of text (by its first bytes), `EmptyPage` for nothing."""
    head = body[:1024]
    if not head.strip() and not body.strip():
        raise EmptyPage("no bytes", url=url)
    if head.startswith(_FOREIGN_STARTS) or head[4:8] == b"ftyp":
        raise NotHtml("the bytes are a file of another kind", url=url)
    start = _PROLOG.match(head.removeprefix(codecs.BOM_UTF8))
    rest = head.removeprefix(codecs.BOM_UTF8)[start.end() if start else 0 :].lower()
    if rest.startswith(_FEED_STARTS):
        raise NotHtml("the bytes are a feed or a sitemap", url=url)
    if rest.startswith((b"{", b"[{")) and b"<" not in head:
        raise NotHtml("the bytes are JSON", url=url)


def check_markup(html: bytes, url: str) -> None:
    """Raise `TooLarge` for over 300,000 tags, or over 1,000 attributes in one.

    Linear, and cheap on good pages: counts and jumps over the bytes come first, a scan of the tags only where
    these cannot tell.
    """
    many = len(html) > len("<b>") * MAX_TAGS and html.count(b"<") > MAX_TAGS
    if many or len(html) > _FULL_SCAN_BYTES or _has_long_tag(html):
        for tags, attributes in enumerate(_attribute_counts(html), 1):
            if attributes > MAX_ATTRIBUTES:
                raise TooLarge(f"a tag with over {MAX_ATTRIBUTES} attributes", url=url)
            if tags > MAX_TAGS:
                raise TooLarge(f"over {MAX_TAGS} tags", url=url)


def _has_long_tag(html: bytes) -> bool:
    """Whether a tag may stand in *html* that is long enough for too many attributes.

    Jumps from ``>`` to ``>``: a tag of 1,001 attributes has over 2,000 bytes. Scripts and styles are passed over.
    """
    step = 2 * MAX_ATTRIBUTES
    at, end = 0, len(html)
    while at < end - step:
        last = html.rfind(b">", at, at + step)
        if last >= 0:
            at = last + 1
            continue
        opened = html.rfind(b"<", 0, at)
        if html[opened : opened + 7].lower().startswith((b"<script", b"<style")):
            at = _end_of_script(html, at)
            continue
        close = html.find(b">", at + step)
        close = end if close < 0 else close
        if _attributes_in(html[at:close]) > MAX_ATTRIBUTES:
            return True
        at = close + 1
    return False


def _end_of_script(html: bytes, at: int) -> int:
    """Where the next ``</`` is; looking for its first byte alone is several times faster."""
    while (at := html.find(b"<", at)) >= 0:
        if html[at + 1 : at + 2] == b"/":
            return at + 2
        at += 1
    return len(html)


def _attributes_in(gap: bytes) -> int:
    """At most how many attributes the tag has that begins in *gap* and ends with it."""
    found = _TAG_START.search(gap) if b"<" in gap else None
    if found is None or len(gap[found.start() :].split(None, MAX_ATTRIBUTES)) <= MAX_ATTRIBUTES:
        return 0
    return _attributes(gap, found.end(), len(gap))


def _attributes(html: bytes, start: int, end: int) -> int:
    """The number of attributes in ``html[start:end]``, counted no further than one over the limit."""
    return sum(1 for _ in islice(_ATTRIBUTE_NAME.finditer(html, start, end), MAX_ATTRIBUTES + 1))


_TAG_START = re.compile(rb"<[A-Za-z]")
_TAG_OR_COMMENT = re.compile(rb"<(?:[A-Za-z]|!--)")
# One tag to its end, quoted ">" included. Possessive, so that it never looks back: linear.
_TAG = re.compile(rb"""<([A-Za-z][^\s/>]*+)((?:[^>"']++|"[^"]*+"|'[^']*+')*+)""")
_ATTRIBUTE_NAME = re.compile(rb"""[^\s"'>/=]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]++))?+""")
_RAW_TEXT = frozenset((b"script", b"style"))


def _attribute_counts(html: bytes) -> Iterator[int]:
    """The number of attributes of each tag, in order; comments, scripts and styles are passed over."""
    at = 0
    while (found := _TAG_OR_COMMENT.search(html, at)) is not None:
        at = found.start()
        if found.group() == b"<!--":
            at = html.find(b"-->", at + 2)
            if at < 0:
                return
            continue
        tag = _TAG.match(html, at)
        if tag is None:
            return
        yield _attributes(html, tag.start(2), tag.end(2))
        at = tag.end()
        name = tag.group(1).lower()
        if name in _RAW_TEXT:
            close = re.compile(b"</" + name, re.IGNORECASE).search(html, at)
            if close is None:
                return
            at = close.start()
