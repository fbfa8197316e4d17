"""Dates of a page: what may be one, in order of trust, and one form for all.

What comes in: metadata, microdata, ``<time>`` elements, printed dates near the headline, the URL. What goes out:
`Candidate` values, best first, and `Moment` values (RFC 3339 with an offset, and how precise they are).
Dates are never invented, and a date of publication is never taken for one of change or the reverse.
No clock: how late a date may be is an argument.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from newsbot.core.blocks import Segments
from newsbot.core.metadata import Candidate, Metadata, plain
from newsbot.core.places import Place, story_place
from newsbot.core.printed_dates import PrintedDate, has_date, is_change, is_publication, printed_dates
from newsbot.core.roles import Role

EARLIEST_YEAR = 1990
MAX_FUTURE = timedelta(hours=48)
MAX_RAW_CHARS = 80

PUBLISHED_METAS = (
    "article:published_time og:article:published_time article:published article.published datepublished"
    " og:published_time og:pubdate parsely-pub-date sailthru.date cxenseparse:recs:publishtime cxenseparse:publishtime"
    " pub_date pubdate publishdate publish-date publish_date publicationdate publication_date publication-date"
    " article_date_original dc.date.issued dcterms.issued article:post_time"
).split()
# Systems fill these with the day of publication, of creation or of the last saving: below what is printed.
VAGUE_METAS = "dc.date.created dcterms.created dcterms.date dc.date datecreated date displaydate".split()
MODIFIED_METAS = (
    "article:modified_time og:article:modified_time og:modified_time datemodified og:updated_time last-modified"
    " lastmod dc.date.modified dcterms.modified article.updated revision_date"
).split()

# The zone of a country with one zone, or of most of its people, by the last label of a host.
_COUNTRY_ZONES = {
    label: zone
    for zone, labels in {
        "Europe/Berlin": "de", "Europe/Vienna": "at", "Europe/Zurich": "ch li", "Europe/London": "uk",
        "Europe/Dublin": "ie", "Europe/Paris": "fr", "Europe/Madrid": "es cat", "Europe/Lisbon": "pt",
        "Europe/Rome": "it", "Europe/Amsterdam": "nl", "Europe/Brussels": "be", "Europe/Luxembourg": "lu",
        "Europe/Copenhagen": "dk", "Europe/Oslo": "no", "Europe/Stockholm": "se", "Europe/Helsinki": "fi",
        "Atlantic/Reykjavik": "is", "Europe/Warsaw": "pl", "Europe/Prague": "cz", "Europe/Bratislava": "sk",
        "Europe/Budapest": "hu", "Europe/Bucharest": "ro", "Europe/Sofia": "bg", "Europe/Athens": "gr",
        "Europe/Zagreb": "hr", "Europe/Ljubljana": "si", "Europe/Belgrade": "rs", "Europe/Kyiv": "ua",
        "Europe/Moscow": "ru", "Europe/Minsk": "by", "Europe/Vilnius": "lt", "Europe/Riga": "lv",
        "Europe/Tallinn": "ee", "Europe/Istanbul": "tr", "Asia/Jerusalem": "il", "Asia/Tokyo": "jp",
        "Asia/Seoul": "kr", "Asia/Shanghai": "cn", "Asia/Taipei": "tw", "Asia/Hong_Kong": "hk",
        "Asia/Singapore": "sg", "Asia/Kuala_Lumpur": "my", "Asia/Bangkok": "th", "Asia/Ho_Chi_Minh": "vn",
        "Asia/Manila": "ph", "Asia/Kolkata": "in", "Asia/Karachi": "pk", "Asia/Dhaka": "bd", "Asia/Kathmandu": "np",
        "Asia/Colombo": "lk", "Asia/Dubai": "ae", "Asia/Riyadh": "sa", "Asia/Tehran": "ir", "Africa/Cairo": "eg",
        "Africa/Johannesburg": "za na", "Africa/Lagos": "ng", "Africa/Nairobi": "ke tz ug",
        "Africa/Casablanca": "ma", "Africa/Algiers": "dz", "Africa/Tunis": "tn", "Pacific/Auckland": "nz",
        "America/Argentina/Buenos_Aires": "ar", "America/Santiago": "cl", "America/Bogota": "co",
        "America/Lima": "pe", "America/Caracas": "ve", "America/Sao_Paulo": "br", "America/La_Paz": "bo",
        "America/Guayaquil": "ec", "America/Asuncion": "py", "America/Montevideo": "uy", "America/Guatemala": "gt sv",
        "America/Costa_Rica": "cr", "America/Panama": "pa", "America/Mexico_City": "mx",
    }.items()
    for label in labels.split()
}  # fmt: skip

_ZONE_NAMES = {
    name: int(60 * hours)
    for hours, names in {
        0: "z gmt utc wet ut", 1: "cet bst west mez", 2: "cest eet sast mesz", 3: "eest msk", 5.5: "ist", 8: "sgt hkt",
        9: "jst kst", 10: "aest", 11: "aedt", 12: "nzst", 13: "nzdt", -3: "brt art adt", -4: "edt ast",
        -5: "est cdt", -6: "cst mdt", -7: "mst pdt", -8: "pst akdt",
    }.items()
    for name in names.split()
}  # fmt: skip

_ISO = re.compile(
    r"(\d{4})-?(\d\d)-?(\d\d)"
    r"(?:[T ]{1,2}(\d\d):?(\d\d)(?::?(\d\d)(?:[.,:]\d{1,9})?)?\s?([A-Za-z]{1,5}(?![A-Za-z])|[+-]\d\d:?\d\d|[+-]\d\d)?)?"
)
_ISO_ZONE = re.compile(r"([+-])(\d\d):?(\d\d)?$")
_UNIX_DATE = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d?) (\d\d:\d\d:\d\d) (?:([A-Z]{2,5}) )?(\d{4})$")
_URL_DATE = re.compile(r"/((?:19|20)\d\d)[/-]?(\d\d)[/-]?(\d\d)(?=[/_.-]|$)")


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time as RFC 3339 text; *precision* is ``second``, ``minute`` or ``day``.

    ``zone_assumed``: the source named no offset, the page's zone was taken.
    """

    text: str
    precision: str
    zone_assumed: bool


@dataclass(frozen=True, slots=True)
class DateChoice:
    """The candidate that won a date field, read; and all candidates, best first."""

    moment: Moment | None
    candidates: tuple[Candidate, ...]


def read_moment(raw: str, zone: tzinfo = UTC, *, day_first: bool = True) -> Moment | None:
    """The point in time that *raw* names, or None; *zone* holds where it names none.

    >>> read_moment("2024-05-03T15:47:42.389Z")
    Moment(text='2024-05-03T15:47:42+00:00', precision='second', zone_assumed=False)
    >>> read_moment("3. Mai 2024").precision
    'day'
    """
    raw = raw[:MAX_RAW_CHARS].strip()
    if raw.isdecimal() and len(raw) in (10, 13):
        return _moment(datetime.fromtimestamp(int(raw[:10]), UTC), "second", False)
    found = _ISO.match(raw)
    if found:
        return _from_iso(found, zone)
    found = _UNIX_DATE.match(raw)
    if found:
        month, day, time, name, year = found.groups()
        raw = f"{day} {month} {year} {time} {name or ''}"
    elif raw[-4:] in (" GMT", " UTC") or raw[-5:-4] in ("+", "-"):
        try:
            return _moment(parsedate_to_datetime(raw), "second", False)
        except (ValueError, OverflowError):
            pass
    printed = next(printed_dates(raw, day_first=day_first), None)
    return None if printed is None else _from_printed(printed, zone)


def _from_iso(found: re.Match[str], zone: tzinfo) -> Moment | None:
    year, month, day, hour, minute, second, name = found.groups()
    named = _named_zone(name)
    try:
        moment = datetime(
            int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0), tzinfo=named or zone
        )
    except ValueError:
        return None
    if hour is None:
        return _moment(moment, "day", True)
    return _moment(moment, "second" if second is not None else "minute", named is None)


def _from_printed(printed: PrintedDate, zone: tzinfo) -> Moment | None:
    named = _named_zone(printed.zone)
    try:
        moment = datetime(printed.year, printed.month, printed.day, tzinfo=named or zone)
        if printed.hour is None:
            return _moment(moment, "day", True)
        moment = moment.replace(hour=printed.hour, minute=printed.minute or 0, second=printed.second or 0)
    except ValueError:
        return None
    return _moment(moment, "minute" if printed.second is None else "second", named is None)


def _named_zone(name: str | None) -> tzinfo | None:
    if not name:
        return None
    found = _ISO_ZONE.match(name)
    if found:
        sign, hours, minutes = found.groups()
        offset = 60 * int(hours) + int(minutes or 0)
        if offset >= 24 * 60:
            return None
        return timezone(timedelta(minutes=-offset if sign == "-" else offset))
    minutes_east = _ZONE_NAMES.get(name.lower())
    return None if minutes_east is None else timezone(timedelta(minutes=minutes_east))


def _moment(moment: datetime, precision: str, zone_assumed: bool) -> Moment | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    if moment.year < EARLIEST_YEAR:
        return None
    try:
        return Moment(moment.isoformat(timespec="seconds"), precision, zone_assumed)
    except ValueError:
        return None


def page_zone(metadata: Metadata, time_zone: str | None = None) -> tzinfo:
    """The zone for times that name none: the site file's, the one of the page's country, the offset of the
    page's other dates, UTC."""
    names = [time_zone, _COUNTRY_ZONES.get(_host(metadata.url).rpartition(".")[2])]
    for name in names:
        if name:
            try:
                return ZoneInfo(name)
            except (ZoneInfoNotFoundError, ValueError):
                continue
    for _, raw in _machine_dates(metadata):
        found = _ISO.match(raw)
        named = _named_zone(found.group(7)) if found else None
        if named is not None and named.utcoffset(None):
            return named
    return UTC


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _machine_dates(metadata: Metadata) -> Iterator[tuple[str, str]]:
    for key in ("datePublished", "dateModified", "dateCreated"):
        raw = plain(metadata.article.get(key))
        if raw:
            yield key, raw
    for name in (*PUBLISHED_METAS[:2], *MODIFIED_METAS[:2]):
        for raw in metadata.metas.get(name, ()):
            yield name, raw


def is_day_first(metadata: Metadata, language: str | None) -> bool:
    """Whether 3/5/2024 is the third of May: everywhere but in English of no other country than the USA."""
    if not language or not language.lower().startswith("en"):
        return True
    region = language.lower().replace("_", "-").partition("-")[2]
    if region:
        return region not in ("us", "ph")
    return _host(metadata.url).rpartition(".")[2] in ("uk", "ie", "au", "nz", "in", "za", "ng", "ke", "sg", "my", "hk")


def choose_date(
    candidates: Iterable[Candidate], zone: tzinfo, *, day_first: bool = True, latest: str | None = None
) -> DateChoice:
    """The first candidate that is a date; a more precise one of the same day wins over a bare day.

    *latest* is when the page was fetched: what lies more than 48 hours after it is refused.
    """
    read: list[tuple[Candidate, Moment]] = []
    local = zone if isinstance(zone, ZoneInfo) else None
    losers: list[Candidate] = []
    limit = datetime.fromisoformat(latest) + MAX_FUTURE if latest else None
    for one in candidates:
        moment = read_moment(one.value, zone, day_first=day_first)
        if moment is None:
            losers.append(replace(one, reason="not a date"))
        elif limit is not None and datetime.fromisoformat(moment.text) > limit:
            losers.append(replace(one, reason="in the future"))
        else:
            read.append((one, _in_zone(moment, local)))
    if not read:
        return DateChoice(None, tuple(losers))
    best = _elected(read)
    if best[1].precision == "day" or best[1].text[11:19] == "00:00:00":
        same_day = [pair for pair in read if pair[1].text[:10] == best[1].text[:10] and pair[1].precision != "day"]
        best = next((pair for pair in same_day if pair[1].text[11:19] != "00:00:00"), best)
    rest = [one for one, _ in read if one is not best[0]]
    return DateChoice(best[1], (best[0], *rest, *losers))


# Each kind of source has one vote, for the day of its first candidate: a date that the page prints by its headline and
# that one more source confirms outvotes JSON-LD, which some systems fill with another date. By order alone 2 % fewer
# days are right on the dev pages.
_VOTES = {
    "jsonld": 2.0,
    "meta": 1.5,
    "offered": 1.5,
    "microdata": 1.0,
    "visible": 1.0,
    "vague": 0.7,
    "url": 0.6,
    "time": 0.5,
}


def _elected(read: Sequence[tuple[Candidate, Moment]]) -> tuple[Candidate, Moment]:
    """The first candidate of the day that has most votes; of equal days the one named first."""
    votes: dict[str, float] = {}
    voted = set()
    for one, moment in read:
        voter = "vague" if one.locator in VAGUE_METAS else one.source
        if voter not in voted:
            voted.add(voter)
            votes[moment.text[:10]] = votes.get(moment.text[:10], 0.0) + _VOTES[voter]
    day = max(votes, key=lambda day: votes[day])
    return next(pair for pair in read if pair[1].text[:10] == day)


def _in_zone(moment: Moment, zone: ZoneInfo | None) -> Moment:
    """*moment* as clocks in *zone* show it, if it was given in UTC: the day is the one that readers saw."""
    if zone is None or moment.precision == "day" or not moment.text.endswith("+00:00"):
        return moment
    return replace(moment, text=datetime.fromisoformat(moment.text).astimezone(zone).isoformat(timespec="seconds"))


@dataclass(frozen=True, slots=True)
class DateCandidates:
    """What may be the date of publication, and what that of the last change, each in order of trust."""

    published: tuple[Candidate, ...]
    modified: tuple[Candidate, ...]


def date_candidates(
    segments: Segments, metadata: Metadata, roles: Sequence[Role], *, day_first: bool = True
) -> DateCandidates:
    """All places of the page that name a date of its story."""
    printed = _printed(segments, roles, day_first)
    return DateCandidates(
        tuple(_published(segments, metadata, roles, [one for one in printed if one.locator is None])),
        tuple(_modified(segments, metadata, roles, [one for one in printed if one.locator is not None])),
    )


def _published(
    segments: Segments, metadata: Metadata, roles: Sequence[Role], printed: Sequence[Candidate]
) -> Iterator[Candidate]:
    yield from _json_ld(metadata.article, "datePublished")
    yield from _metas(metadata, PUBLISHED_METAS)
    yield from _microdata(segments, metadata, "datepublished", roles)
    if not metadata.article:
        yield from _json_ld(metadata.webpage, "datePublished")
        yield from _json_ld(metadata.webpage, "uploadDate")
    yield from _json_ld(metadata.article, "dateCreated")
    yield from printed
    yield from _metas(metadata, VAGUE_METAS)
    found = _URL_DATE.search(metadata.url.partition("?")[0])
    if found:
        yield Candidate("-".join(found.groups()), "url")


def _modified(
    segments: Segments, metadata: Metadata, roles: Sequence[Role], printed: Sequence[Candidate]
) -> Iterator[Candidate]:
    yield from _json_ld(metadata.article, "dateModified")
    yield from _metas(metadata, MODIFIED_METAS)
    yield from _microdata(segments, metadata, "datemodified", roles)
    if not metadata.article:
        yield from _json_ld(metadata.webpage, "dateModified")
    yield from printed


def _json_ld(node: dict[str, object], key: str) -> Iterator[Candidate]:
    raw = plain(node.get(key))
    if raw:
        yield Candidate(raw[:MAX_RAW_CHARS], "jsonld", key)


def _metas(metadata: Metadata, names: Sequence[str]) -> Iterator[Candidate]:
    for name in names:
        for raw in metadata.metas.get(name, ()):
            yield Candidate(raw[:MAX_RAW_CHARS], "meta", name)


def _microdata(segments: Segments, metadata: Metadata, name: str, roles: Sequence[Role]) -> Iterator[Candidate]:
    for node in metadata.itemprops.get(name, ()):
        if _is_foreign(node.first_block, node.end_block, roles):
            continue
        raw = node.attrs.get("content") or node.attrs.get("datetime")
        raw = raw or _text(segments, node.first_block, node.end_block)
        if raw:
            yield Candidate(raw[:MAX_RAW_CHARS], "microdata", name)


def _is_foreign(first: int, end: int, roles: Sequence[Role]) -> bool:
    return Role.TEASER in roles[first:end]


def _text(segments: Segments, first: int, end: int) -> str:
    return " ".join(block.text for block in segments.blocks[first:end][:2])


def _printed(segments: Segments, roles: Sequence[Role], day_first: bool) -> list[Candidate]:
    """Printed dates and ``<time>`` elements around the story's head, the nearest to the headline first.

    A candidate with a locator (``updated``) is one of change.
    """
    place = story_place(roles)
    start = place.headline if place.headline is not None else max(0, (place.first or 0) - 4)
    found: list[tuple[float, int, Candidate]] = []
    for node in segments.times:
        raw = node.attrs.get("datetime", "").strip()
        if raw and not _is_foreign(node.first_block, node.end_block, roles):
            text = _text(segments, node.first_block, node.end_block)
            far = _distance(node.first_block, start, place)
            locator = "updated" if is_change(text, len(text)) or is_change(node.hint, len(node.hint)) else None
            found.append((40.0 if far is None else far, 0, Candidate(raw[:MAX_RAW_CHARS], "time", locator)))
    last = (place.last if place.last is not None else start) + LABELLED_BLOCKS
    for block in segments.blocks[max(0, start - HEAD_BLOCKS) : last]:
        if len(block.text) > MAX_DATE_LINE_CHARS:
            continue
        role = roles[block.index]
        if role in _UNDATED or not has_date(block.text):
            continue
        far = _distance(block.index, start, place)
        for printed in printed_dates(block.text, day_first=day_first):
            labelled = is_publication(block.text, printed.start)
            if far is None and not labelled:
                break
            if role is Role.BODY and len(block.text) - (printed.end - printed.start) > MAX_WORDS_BESIDE_DATE:
                break
            locator = "updated" if is_change(block.text, printed.start) else None
            raw = block.text[printed.start : printed.end]
            rank = (20.0 if far is None else far) - (10.0 if labelled else 0.0)
            found.append((rank, 1, Candidate(raw[:MAX_RAW_CHARS], "visible", locator)))
    found.sort(key=lambda one: one[:2])
    return [one for _, _, one in found]


# Blocks around the headline and below the body in which a date line stands; a longer block is prose. Of blocks of
# the body only those count that hold little but the date; farther below, only a date that says what it is.
HEAD_BLOCKS = 12
FOOT_BLOCKS = 6
LABELLED_BLOCKS = 40
MAX_DATE_LINE_CHARS = 200
MAX_WORDS_BESIDE_DATE = 60
_UNDATED = frozenset((Role.TEASER, Role.CAPTION))


def _distance(block: int, headline: int, place: Place) -> float | None:
    """How far a block stands from where dates of stories stand, or None: under the headline best, then above it,
    then below the body."""
    after = block - headline
    if 0 <= after <= HEAD_BLOCKS or (place.first is not None and after >= 0 and block <= place.first + 3):
        return float(after)
    if -HEAD_BLOCKS <= after < 0:
        return 5.0 - after
    if place.last is not None and 0 <= block - place.last <= FOOT_BLOCKS:
        return 30.0 + block - place.last
    return None
