"""JSON-LD as pages really have it.

What comes in: the raw texts of a page's JSON-LD scripts. What goes out: their objects as plain
dictionaries in document order, and a note for each damage. Knows nothing of fields, stories or
vocabularies beyond ``@graph``, ``@id`` and ``@type``. Never raises: a broken script costs its own data only.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec

MAX_BLOCKS = 64
MAX_BLOCK_CHARS = 512 * 1024
MAX_DEPTH = 64
MAX_OBJECTS = 5_000
# Above this many digits an integer is a typing error or an attack; int() of thousands of digits is quadratic.
MAX_INT_DIGITS = 18

# What a JSON object holds is unknown until a reader asks for it, hence Any.
JsonObject = dict[str, Any]

_WRAPPING = re.compile(r"^\s*(?:<!--|//\s{0,9}<!\[CDATA\[|/\*\s{0,9}<!\[CDATA\[\s{0,9}\*/|<!\[CDATA\[)")
_TOKEN = re.compile(r'["{}\[\],:]|//|/\*|[^\s"{}\[\],:/]+|/')


@dataclass(frozen=True, slots=True)
class JsonLd:
    """The objects of a page's JSON-LD that have a type, outer ones first, and what was damaged.

    ``by_id`` finds an object by its ``@id`` (the first that says more than its id).
    """

    objects: tuple[JsonObject, ...]
    by_id: dict[str, JsonObject]
    notes: tuple[str, ...]


def read_json_ld(texts: Iterable[str]) -> JsonLd:
    """The objects of all scripts; linear in their length."""
    notes: list[str] = []
    roots: list[Any] = []
    for number, text in enumerate(texts):
        if number >= MAX_BLOCKS:
            notes.append("json_ld_too_many")
            break
        if not text or text.isspace():
            continue
        if len(text) > MAX_BLOCK_CHARS:
            notes.append("json_ld_too_large")
            continue
        roots.append(read_json(text, notes))
    return _flatten(roots, notes)


def read_json(text: str, notes: list[str]) -> Any:
    """The value of *text*, strictly read if that goes, else as well as can be; None if nothing can be read.

    What had to be overlooked is added to *notes*.
    """
    try:
        return msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeEncodeError):
        pass
    except RecursionError:
        notes.append("json_ld_too_deep")
        return None
    value = _tolerant(text, notes)
    if value is None:
        notes.append("json_ld_invalid")
    return value


def _tolerant(text: str, notes: list[str]) -> Any:
    """Read with Python's reader, which takes control characters; then once more after mending."""
    text = text.encode("utf-8", "replace").decode("utf-8").lstrip("\ufeff")
    wrapping = _WRAPPING.match(text)
    if wrapping:
        text = text[wrapping.end() :]
    text = text.strip()
    if '"' not in text and "&quot;" in text:
        text = text.replace("&quot;", '"').replace("&amp;", "&")
    for attempt in (text, None):
        try:
            value = _values(mended(text) if attempt is None else attempt, notes)
        except (ValueError, RecursionError):
            continue
        notes.append("json_ld_repaired" if attempt is None else "json_ld_damaged")
        return value
    return None


def _values(text: str, notes: list[str]) -> Any:
    """All values that stand one after the other in *text*."""

    def number(digits: str) -> int | None:
        if len(digits) <= MAX_INT_DIGITS:
            return int(digits)
        notes.append("json_ld_number")
        return None

    def real(digits: str) -> float | None:
        value = float(digits)
        if value - value == 0.0:
            return value
        notes.append("json_ld_number")
        return None

    def constant(_name: str) -> None:
        notes.append("json_ld_number")

    decoder = json.JSONDecoder(strict=False, parse_int=number, parse_float=real, parse_constant=constant)
    values: list[Any] = []
    at, end = 0, len(text)
    while at < end:
        value, at = decoder.raw_decode(text, at)
        values.append(_without_surrogates(value))
        while at < end and (text[at].isspace() or text[at] in ",;"):
            at += 1
        if text.startswith(("-->", "//", "/*", "]]>"), at):
            break
    if not values:
        raise ValueError("no value")
    return values[0] if len(values) == 1 else values


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list):
        return [_without_surrogates(one) for one in value]
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(one) for key, one in value.items()}
    return value


def mended(text: str) -> str:
    """*text* as JSON, as far as its structure can be told: comments and trailing commas out, missing commas in,
    quotes inside strings escaped, what is open at the end closed. One pass over the tokens.

    >>> mended('{"a": [1, 2,], // note' + chr(10) + '"b": "say "no" twice" "c": 3')
    '{"a":[1,2],"b":"say \\\\"no\\\\" twice","c":3}'
    """
    out: list[str] = []
    closers: list[str] = []
    at, end = 0, len(text)
    while at < end:
        found = _TOKEN.search(text, at)
        if found is None:
            break
        token, at = found.group(), found.end()
        if token == "//":
            line_end = text.find("\n", at)
            at = end if line_end < 0 else line_end + 1
        elif token == "/*":
            close = text.find("*/", at)
            at = end if close < 0 else close + 2
        elif token == '"':
            at = _mend_string(text, at, out)
        elif token in "{[":
            _separate(out)
            out.append(token)
            closers.append("}" if token == "{" else "]")
        elif token in "}]":
            _drop_comma(out)
            if closers and closers[-1] == token:
                out.append(closers.pop())
        elif token == ",":
            if out and out[-1] not in ",{[:":
                out.append(",")
        elif token == ":":
            out.append(":")
        else:
            _separate(out)
            out.append(token if token not in ("undefined", "None") else "null")
    _drop_comma(out)
    if out and out[-1] == ":":
        out.append("null")
    out.extend(reversed(closers))
    return "".join(out)


def _separate(out: list[str]) -> None:
    """Put in the comma that is missing between two values."""
    if out and out[-1][-1] not in ",{[:":
        out.append(",")


def _drop_comma(out: list[str]) -> None:
    if out and out[-1] == ",":
        out.pop()


def _mend_string(text: str, start: int, out: list[str]) -> int:
    """Add the string that begins at *start*; where it ends. A quote ends a string if structure follows it."""
    _separate(out)
    parts = ['"']
    at, end = start, len(text)
    while at < end:
        quote = text.find('"', at)
        if quote < 0:
            quote = end
        backslashes = quote
        while backslashes > at and text[backslashes - 1] == "\\":
            backslashes -= 1
        parts.append(text[at:quote])
        at = quote + 1
        if quote < end and (quote - backslashes) % 2:
            parts.append('"')
            continue
        if quote >= end or _ends_string(text, at):
            break
        parts.append('\\"')
    parts.append('"')
    out.append("".join(parts))
    return min(at, end)


# After a string stands a bracket, a colon, a comma and the next value, the next key (its comma forgotten),
# a comment, or nothing.
_AFTER_STRING = re.compile(
    r"\s{0,200}(?:[}\]:]|,\s{0,200}[\"{}\[\]\-\d/tfn]|\"\s{0,20}[\w@]{1,40}\"\s{0,20}:|//|/\*|,?\s{0,200}$)"
)


def _ends_string(text: str, at: int) -> bool:
    return _AFTER_STRING.match(text, at) is not None


def _flatten(roots: list[Any], notes: list[str]) -> JsonLd:
    """The typed objects of *roots*, outer before inner, in document order."""
    objects: list[JsonObject] = []
    by_id: dict[str, JsonObject] = {}
    level: list[Any] = list(roots)
    for _depth in range(MAX_DEPTH):
        if not level or len(objects) > MAX_OBJECTS:
            break
        below: list[Any] = []
        for value in level:
            if isinstance(value, list):
                below.extend(value)
            elif isinstance(value, dict):
                name = value.get("@id")
                if isinstance(name, str) and len(value) > 1:
                    by_id.setdefault(name, value)
                if "@type" in value:
                    objects.append(value)
                below.extend(one for one in value.values() if isinstance(one, (dict, list)))
        level = below
    if level:
        notes.append("json_ld_too_deep")
    return JsonLd(tuple(objects), by_id, tuple(dict.fromkeys(notes)))
