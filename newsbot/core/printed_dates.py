"""Dates as people print them, in many languages.

What comes in: a short text. What goes out: the dates in it, by number of day, month and year.
Linear: every repeat in the patterns is bounded. Knows no page.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

# What every date has: a year, or two numbers with a sign between.
_DIGIT = re.compile(r"\d")  # sought in C, which a choice is not
_YEAR_LIKE = re.compile(r"(?:19|20|25)\d\d|\d\s?[./|-]\s?\d")
_WORD = r"([^\s\d.,;:/()|·•–—\-]{3,16})"
_DAY = r"(?<!\d)(\d{1,2})(?:\.|st|nd|rd|th|er|º|ª|\.º)?,?[\s-]{1,2}(?:de |of |di |d')?"
_YEAR = r"((?:19|20)\d\d)"
# What a pattern needs beside digits; a text without it is not searched.
_NOTHING, _COLON, _OTHER_SCRIPT = range(3)
_PATTERNS = (
    ("ymd", re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-/.]\s?(\d{1,2})\s?[-/.]\s?(\d{1,2})(?!\d)"), _NOTHING),
    ("ymd", re.compile(r"((?:19|20)\d\d)\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]"), _OTHER_SCRIPT),
    ("dmy", re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.(\d\d)(?=\d\d:\d\d)"), _COLON),
    ("dmy", re.compile(r"(?<![\d.])(\d{1,2})\s?[./|-]\s?(\d{1,2})\s?[./|-]\s?((?:19|20)\d\d|\d\d)(?!\d)"), _NOTHING),
    ("dmy", re.compile(r"(?<![\d.])(\d{1,2})\.(\d{1,2})\.((?:19|20)\d\d)(?=\d\d:\d\d)"), _COLON),
    ("dwy", re.compile(_DAY + _WORD + r"\.?,?[\s-](?:de |del |of )?" + _YEAR), _NOTHING),
    # Thai pages count years from 543 BC: "3 มีนาคม 2569".
    ("dwb", re.compile(r"(?<!\d)(\d{1,2})\s([\u0e00-\u0e7f.]{3,16})\s(?:พ\.ศ\.\s?)?(25\d\d)(?!\d)"), _OTHER_SCRIPT),
    ("wdy", re.compile(rf"(?<!\w){_WORD}\.?\s{{1,2}}(\d{{1,2}})(?:st|nd|rd|th)?,?\s{{1,2}}((?:19|20)\d\d)"), _NOTHING),
)  # fmt: skip
_TIME = re.compile(
    r"(?<![\d:.])(\d{1,2})(?:[:.h]|\su\s|:\s)(\d\d)(?::(\d\d))?(?:\.\d{1,6})?(?!\d)"
    r"(?:\s?([ap])\.?m\b\.?)?(?:\s?(?:Uhr|hs|h)\b)?(?:\s?\(?([A-Z]{1,5}|[+-]\d\d:?\d\d)\b)?",
    re.IGNORECASE,
)
_TIME_REACH = 24
BUDDHIST_YEARS = 543
_GLUED_TIME = re.compile(r"\d\d:\d\d")
_CHANGE = re.compile(
    r"updat|modif|aktualisier|geändert|letzte änderung|mis à jour|mise à jour|actualizad|actualisé|atualizad|aggiornat|"
    r"bijgewerkt|gewijzigd|oppdatert|opdateret|uppdaterad|päivitetty|zaktualizowan|aktualizován|güncelle|обновлен|"
    r"更新|수정|עודכן|تحديث|revised|edited|editiert",
    re.IGNORECASE,
)
_PUBLICATION = re.compile(
    r"publi[sc]|publié|veröffentlicht|erschienen|erstellt|posted|datum|\bdate\b|fecha|\bdata\b|gepubliceerd|publisert|"
    r"publicerad|julkaistu|yayın|опубликован|opublikowan|publikován|发布|發布|掲載|公開|입력|게재",
    re.IGNORECASE,
)
_CHANGE_REACH = 40


@dataclass(frozen=True, slots=True)
class PrintedDate:
    """A date at ``text[start:end]``, with its time where one stands beside it."""

    start: int
    end: int
    year: int
    month: int
    day: int
    hour: int | None = None
    minute: int | None = None
    second: int | None = None
    zone: str | None = None


@lru_cache(maxsize=1)
def month_names() -> MappingProxyType[str, int]:
    """Month by its name or short name, lower case, in 68 languages (Unicode CLDR)."""
    data = json.loads(files("newsbot.core").joinpath("data/month_names.json").read_text("utf-8"))
    return MappingProxyType({name: int(number) for number, names in data["months"].items() for name in names})


def has_date(text: str) -> bool:
    """Whether *text* may hold a date: a quick look."""
    return _DIGIT.search(text) is not None and _YEAR_LIKE.search(text) is not None


def printed_dates(text: str, *, day_first: bool = True) -> Iterator[PrintedDate]:
    """The dates in *text*, in order of pattern, then of place. Without a year it is no date.

    >>> [(d.year, d.month, d.day, d.hour) for d in printed_dates("Do, 25.04.24 | 14:07 Uhr")]
    [(2024, 4, 25, 14)]
    """
    if not has_date(text):
        return
    taken = 0
    is_ascii, has_colon = text.isascii(), ":" in text
    for order, pattern, needs in _PATTERNS:
        if (needs == _OTHER_SCRIPT and is_ascii) or (needs == _COLON and not has_colon):
            continue
        for found in pattern.finditer(text):
            date = _date(order, found, day_first)
            if date is not None:
                yield _with_time(text, date)
                taken += 1
                if taken >= 4:
                    return


def _date(order: str, found: re.Match[str], day_first: bool) -> PrintedDate | None:
    a, b, c = found.groups()
    if order == "ymd":
        year, month, day = int(a), int(b), int(c)
    elif order == "dmy":
        year, first, second = int(c) if len(c) == 4 else 2000 + int(c), int(a), int(b)
        month, day = (second, first) if second <= 12 and (day_first or first > 12) else (first, second)
        if "." in found.group():
            month, day = second, first
    else:
        word, digits = (a, b) if order == "wdy" else (b, a)
        year = int(c) - (BUDDHIST_YEARS if order == "dwb" else 0)
        month, day = month_names().get(word.lower().rstrip("."), 0), int(digits)
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    return PrintedDate(found.start(), found.end(), year, month, day)


def _with_time(text: str, date: PrintedDate) -> PrintedDate:
    """*date* with the time that follows it, or stands before it."""
    around = text[date.end : date.end + _TIME_REACH]
    if _GLUED_TIME.match(around):
        around = " " + around
    found = _TIME.search(around)
    if found is None:
        before = text[max(0, date.start - _TIME_REACH) : date.start]
        times = [time for time in _TIME.finditer(before) if ":" in time.group()]
        found = times[-1] if times else None
    if found is None:
        return date
    hour, minute, second, half, zone = found.groups()
    hours = int(hour)
    if half:
        hours = hours % 12 + (12 if half.lower() == "p" else 0)
    if hours > 23 or int(minute) > 59:
        return date
    end = date.end + found.end() if found.string is around else date.end
    return PrintedDate(
        date.start, min(end, len(text)), date.year, date.month, date.day,
        hours, int(minute), int(second) if second and int(second) < 60 else None, zone,
    )  # fmt: skip


def is_publication(text: str, at: int) -> bool:
    """Whether the words just before ``text[at]`` say that what follows is the date of publication."""
    return _PUBLICATION.search(text, max(0, at - _CHANGE_REACH), at) is not None


def is_change(text: str, at: int) -> bool:
    """Whether the words just before ``text[at]`` speak of a change, not of publication."""
    return _CHANGE.search(text, max(0, at - _CHANGE_REACH), at) is not None
