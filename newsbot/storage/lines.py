"""A record as the bytes of its line.

What comes in: records of `newsbot.items.model`. What goes out: one line of strict JSON, without its newline.
Knows no files.
"""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec

from newsbot.items.model import Event, PageVisit, Run, Story, Teaser

Record = Story | Teaser | PageVisit | Event | Run

# The folders under output/, and the number by which a line's row knows its own.
FOLDERS = ("stories", "teasers", "pages", "events", "runs")
FOLDER_OF: dict[type, int] = {Story: 0, Teaser: 1, PageVisit: 2, Event: 3, Run: 4}

_ENCODER = msgspec.json.Encoder()
# Signs outside ASCII that some readers take for the end of a line: U+2028, U+2029, U+0085.
_SEPARATORS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"), (b"\xc2\x85", b"\\u0085"))


def line(record: Record) -> bytes:
    """*record* as one line of JSON: keys in the order of the dataclass, UTF-8, no NaN, no line separators.

    Lone surrogates, which are no Unicode text, become U+FFFD.

    >>> line(Event(kind="moved"))[:63]
    b'{"schema":"newsbot.event/1.0","event_id":null,"kind":"moved","a'
    """
    try:
        data = _ENCODER.encode(record)
    except UnicodeEncodeError:
        data = _ENCODER.encode(_without_surrogates(record))
    for sign, escaped in _SEPARATORS:
        if sign in data:
            data = data.replace(sign, escaped)
    return data


def _without_surrogates(value: Any) -> Any:  # any JSON value inside a record
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, list | tuple):
        return [_without_surrogates(each) for each in value]
    if is_dataclass(value):
        return {field.name: _without_surrogates(getattr(value, field.name)) for field in fields(value)}
    return value


def rfc3339(seconds: float) -> str:
    """*seconds* since the epoch as RFC 3339 in UTC, to the millisecond.

    >>> rfc3339(0.5)
    '1970-01-01T00:00:00.500Z'
    """
    stamp = datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
    return stamp.replace("+00:00", "Z")


def seconds(stamp: str | None) -> float | None:
    """The seconds since the epoch of an RFC 3339 date; ``None`` for what is none."""
    if not stamp:
        return None
    try:
        parsed = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
