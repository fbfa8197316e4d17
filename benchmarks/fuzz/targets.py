"""What is fuzzed: each reader of strangers' bytes with the properties that must hold for any input.

What comes in: bytes. What goes out: nothing, or an exception where a property fails. An error that the reader
raises by its contract (`ExtractionError`, `SourceError`, `BodyError`, `ConfigError`) is an answer, not a failure.
"""

from __future__ import annotations

import json
import math
import socket
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import NoReturn
from urllib.parse import urlsplit

from newsbot.core.article_ids import article_id
from newsbot.core.credits import caption_parts, dateline_parts, wire_credits
from newsbot.core.dates import read_moment
from newsbot.core.encodings import encoding_name
from newsbot.core.errors import ConfigError, ExtractionError, SourceError
from newsbot.core.feeds import MAX_ENTRIES, MAX_TITLE_CHARS, read_feed
from newsbot.core.jsonld import read_json_ld
from newsbot.core.mojibake_signs import Surroundings
from newsbot.core.names import names_in
from newsbot.core.page import header_label, meta_label
from newsbot.core.printable import printable
from newsbot.core.printed_dates import printed_dates
from newsbot.core.sitemaps import Sitemap, read_sitemap
from newsbot.core.urls import clean_url, host_label, host_of, is_same_site, normalise_url
from newsbot.extract import Visit, extract_page
from newsbot.items.identity import folded, url_key
from newsbot.items.model import Capture
from newsbot.items.repair import repair, repair_text, undo
from newsbot.network.addresses import AddressPolicy, is_public
from newsbot.network.body import content_encodings, decode_body
from newsbot.network.errors import BodyError
from newsbot.network.retry import retry_after_s
from newsbot.network.robots import parse_rules
from newsbot.sites.loader import site_from_text
from newsbot.storage.export import cell
from newsbot.storage.lines import Record, line

PAGE = "https://paper.example/2026/11/22/pier"
CONTENT_TYPES = (
    "text/html; charset=utf-8", None, "text/html", "text/html; charset=windows-1252", "text/plain",
    "text/html; charset=gb18030", "text/html; charset=utf-16", "text/html; charset=iso-2022-jp",
)  # fmt: skip
LANGUAGES = (None, "en", "de", "fr", "ru", "zh", "ja", "ko", "vi", "pl")
ENCODINGS = ("gzip", "deflate", "br", "zstd", "gzip, gzip", "identity, gzip", "gzip, br", "none", "x-gzip")
MAX_BODY_BYTES = 1 << 20
# No JSON-LD of a page may nest deeper than this in what is handed on; `json` and `msgspec` recurse.
MAX_JSON_DEPTH = 500


class BadLine(AssertionError):
    """A record whose line is not one line of strict JSON."""


@dataclass(frozen=True, slots=True)
class Target:
    """A reader under test; ``share`` is its part of a run's inputs, in thousandths."""

    name: str
    check: Callable[[bytes], None]
    share: int


def text_of(data: bytes) -> str:
    """*data* as text in which lone surrogates may stand, as JSON and entities of pages can bring them."""
    return "\ud800".join(part.decode("utf-8", "replace") for part in data.split(b"\xed\xa0\x80"))


# --- pages


def check_page(data: bytes) -> None:
    """Extraction never raises, its lines are strict JSON, its offsets and URLs hold, and repair is done once."""
    kind = CONTENT_TYPES[data[0] % len(CONTENT_TYPES)] if data else None
    try:
        capture = extract_page(data[1:], PAGE, Visit(content_type=kind, fetched_at="2026-11-22T12:00:00Z"))
    except ExtractionError:
        return
    lines = check_capture(capture)
    records = [*([capture.story] if capture.story is not None else []), *capture.teasers]
    repairs = [[*record.repairs] for record in records]
    repair(capture)
    for record, before in zip(records, repairs, strict=True):
        record.repairs = before  # it may mark a sign of damage that the first one could only uncover
    assert lines == check_capture(capture), "a second repair changes a text"


def check_capture(capture: Capture) -> list[bytes]:
    """The lines of *capture*, each of them strict JSON."""
    story = capture.story
    records: list[Record] = [capture.page, *capture.teasers, *([story] if story is not None else [])]
    if story is not None:
        size = len(story.body or "")
        assert all(0 <= block.start <= block.end <= size for block in story.body_blocks), "a block outside the body"
    for link in capture.links:
        assert clean_url(link.url) == link.url, f"a link that is not clean: {link.url!r}"
    return [strict_line(record) for record in records]


def strict_line(record: Record) -> bytes:
    """The line of *record*. Raises `BadLine`."""
    data = line(record)
    try:
        text = data.decode("utf-8")
        json.loads(text, parse_constant=_no_constant)
        text.encode("utf-8")
    except ValueError as error:
        raise BadLine(str(error)) from error
    if len(text.splitlines()) != 1:
        raise BadLine("more than one line")
    return data


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def check_json_ld(data: bytes) -> None:
    """Reading never raises, and what is read can be written as strict JSON."""
    found = read_json_ld(text_of(data).split("\x1e"))
    for one in found.objects:
        assert "@type" in one
        json.dumps(one, allow_nan=False).encode("utf-8")
        assert _depth(one) <= MAX_JSON_DEPTH


def _depth(value: object) -> int:
    """How deep *value* nests, counted without recursion."""
    level, depth = [value], 0
    while level:
        level = [
            below
            for one in level
            if isinstance(one, dict | list)
            for below in (one.values() if isinstance(one, dict) else one)
        ]
        depth += 1
    return depth


# --- sources


def check_feed(data: bytes) -> None:
    """A feed is read or refused; a cut one gives a part of the whole one's entries, in their order."""
    try:
        feed = read_feed(data, PAGE)
    except SourceError:
        return
    assert len(feed.entries) <= MAX_ENTRIES
    for entry in feed.entries:
        assert clean_url(entry.url) == entry.url
        assert entry.title is None or 0 < len(entry.title) <= MAX_TITLE_CHARS
    if not feed.is_partial:
        urls = [entry.url for entry in feed.entries]
        assert urls[: len(cut := _cut_feed_urls(data))] == cut, "a cut feed gives other URLs"


def _cut_feed_urls(data: bytes) -> list[str]:
    try:
        return [entry.url for entry in read_feed(data[: len(data) * 2 // 3], PAGE).entries]
    except SourceError:
        return []


def check_sitemap(data: bytes) -> None:
    """A sitemap is read or refused, and cut at any byte it gives the first of its URLs, none of them shortened."""
    whole = _sitemap(data)
    if whole is None:
        return
    for entry in (*whole.entries, *whole.sitemaps):
        assert clean_url(entry.url) == entry.url
    cut = _sitemap(data[: len(data) * 2 // 3])
    if cut is None:
        return
    for some, all_of_them in ((cut.entries, whole.entries), (cut.sitemaps, whole.sitemaps)):
        # Nothing in a list of lines tells that its last one was cut; its length does, where it was fetched.
        some = some if cut.is_partial else some[:-1]
        assert some == all_of_them[: len(some)], "a cut sitemap gives other URLs"


def _sitemap(data: bytes) -> Sitemap | None:
    try:
        return read_sitemap(data, PAGE, max_bytes=MAX_BODY_BYTES)
    except SourceError:
        return None


def check_robots(data: bytes) -> None:
    """Rules are read, and asked; a delay is a number."""
    rules = parse_rules(data)
    for path in ("/", "/a/b.html?c=d&e", "/" + "a" * 500, "/ü%zz*$"):
        assert rules.allows("https://paper.example" + path, "newsbot") in (True, False)
    assert math.isfinite(rules.delay_s("newsbot")) and rules.delay_s("newsbot") >= 0.0


# --- the head and the body of an answer


def check_headers(data: bytes) -> None:
    """What headers say is read or ignored."""
    value = data.decode("latin-1")
    seconds = retry_after_s(value, 1_800_000_000.0)
    assert seconds is None or (seconds >= 0.0 and math.isfinite(seconds))
    for label in (header_label(value), header_label("text/html; charset=" + value), meta_label(data)):
        encoding_name(label)
    content_encodings(data.split(b"\n"))
    url = clean_url(data.decode("utf-8", "replace"), PAGE)
    assert url is None or url.startswith(("http://", "https://"))
    names = dict.fromkeys(("content-language", "x-robots-tag", "tdm-reservation", "tdm-policy", "link"), value)
    if len(data) % 8 == 0:  # one in eight: a page costs a hundred times what a header costs
        extract_page(b"<p>a", PAGE, Visit(content_type=value, headers=names, fetched_at=value))


def check_body(data: bytes) -> None:
    """A body is decoded up to its limit, or refused."""
    encodings = content_encodings([ENCODINGS[data[0] % len(ENCODINGS)].encode()]) if data else []
    try:
        assert len(decode_body(data[1:], encodings, max_bytes=MAX_BODY_BYTES)) <= max(MAX_BODY_BYTES, len(data))
    except BodyError:
        return


# --- addresses


def check_url(data: bytes) -> None:
    """A URL is refused, or it is http(s), ASCII, free of controls, cleaned once, and read alike by other parsers."""
    text = text_of(data)
    key = normalise_url(text)
    assert normalise_url(key) == key, "normalising twice"
    for base in (None, PAGE):
        url = clean_url(text, base)
        if url is None:
            continue
        assert url.isascii() and url.startswith(("http://", "https://")), url
        assert not set(url) & set(' \r\n\t\\<>"#\x7f') and min(url) > " ", url
        assert clean_url(url) == url, "cleaning twice"
        assert (urlsplit(url).hostname or "") == host_of(url).strip("[]"), url
        assert url_key(url) == url_key(normalise_url(url)), "the key of the normalised form"
        is_same_site(url, PAGE)
        article_id("/{section}/{slug}-{id:digits}", url)


def check_host(data: bytes) -> None:
    """What the system reads as an inner address is refused under every spelling."""
    text = data.decode("utf-8", "replace")
    host = host_label(text.strip())
    if host is None:
        return
    try:
        address = ip_address(host.strip("[]"))
    except ValueError:
        _no_hidden_address(host)
        return
    refused = AddressPolicy().refusal(str(address), 80) is not None
    assert refused is not is_public(address)
    if address.version == 4:
        assert socket.inet_ntoa(socket.inet_aton(host)) == str(address), "read as another address"


def _no_hidden_address(host: str) -> None:
    try:
        socket.inet_aton(host)
    except (OSError, UnicodeError, ValueError):
        return
    raise AssertionError(f"{host!r} is an address to the system, and a name to us")


# --- texts


def check_dates(data: bytes) -> None:
    """Dates are read or not; what is read is a moment that can be written."""
    text = data.decode("utf-8", "replace")
    for day_first in (True, False):
        moment = read_moment(text, day_first=day_first)
        assert moment is None or str(moment)
        for found in printed_dates(text, day_first=day_first):
            assert str(found)


def check_names(data: bytes) -> None:
    """Bylines, datelines and credits are taken apart without harm; terminals and tables get nothing to obey."""
    text = data.decode("utf-8", "replace")
    names_in(text)
    dateline_parts(text)
    wire_credits(text)
    caption_parts(text)
    folded(text)
    shown = printable(text)
    assert not any(char < " " or "\x7f" <= char < "\xa0" for char in shown) and len(shown.splitlines()) <= 1
    assert not cell(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def check_repair(data: bytes) -> None:
    """Repair is idempotent, bounded, reversible, and its text is Unicode."""
    language = LANGUAGES[data[0] % len(LANGUAGES)] if data else None
    came = text_of(data[1:])
    around = Surroundings(language)
    text, repairs = repair_text(came, around)
    text.encode("utf-8")
    assert len(text) <= 2 * len(came) + 1, "longer than twice"
    assert undo(text, repairs) == came, "not reversible"
    assert repair_text(text, around)[0] == text, "repairing twice"


def check_site_file(data: bytes) -> None:
    """A site file from a stranger is data: it is a site, or a `ConfigError`."""
    try:
        site_from_text(data.decode("utf-8", "replace"), "paper.example")
    except ConfigError:
        return


TARGETS = {
    target.name: target
    for target in (
        Target("page", check_page, 5),
        Target("json_ld", check_json_ld, 120),
        Target("feed", check_feed, 6),
        Target("sitemap", check_sitemap, 80),
        Target("robots", check_robots, 120),
        Target("headers", check_headers, 20),
        Target("body", check_body, 120),
        Target("url", check_url, 200),
        Target("host", check_host, 250),
        Target("dates", check_dates, 50),
        Target("names", check_names, 7),
        Target("repair", check_repair, 4),
        Target("site_file", check_site_file, 18),
    )
}
