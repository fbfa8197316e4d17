"""What happened to a story: its versions, its events, and where and how it was promoted, out of the lines alone.

What comes in: an output folder and a story's id or URL. What goes out: a `History`. It reads files only, so it works on
a copy, without the state. Knows no database.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import msgspec

from newsbot.items.identity import url_key
from newsbot.items.model import Event, PageVisit, Story, Teaser

# Beyond this a text is compared by its blocks: comparing sequences is quadratic.
MAX_SENTENCES = 1_000

_SENTENCE_END = re.compile(r"(?<=[.!?…。！？])[\"'”’»)]{0,2}\s+")
_R = TypeVar("_R", Story, Teaser, Event, PageVisit)


@dataclass(frozen=True, slots=True)
class Change:
    """One step of a comparison: ``sign`` is ``+``, ``-`` or a space."""

    sign: str
    text: str


@dataclass(frozen=True, slots=True)
class Stay:
    """A teaser as it stood on a page: from when, until when (``None``: still there as far as is known)."""

    teaser: Teaser
    since: str
    until: str | None


@dataclass(frozen=True, slots=True)
class Standing:
    """A block of a page in which the story stood, over all its moves.

    ``last_seen`` is the page's last visit that found it there; ``best_rank`` counts from 1; ``is_over`` says that a
    later visit did not find it.
    """

    page_url: str
    block_heading: str | None
    first_seen: str
    last_seen: str
    best_rank: int | None
    is_over: bool
    headlines: tuple[str, ...]


@dataclass(slots=True)
class History:
    """All that the lines tell of one story; every list in the order of time."""

    story_id: str
    versions: list[Story] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    stays: list[Stay] = field(default_factory=list)
    standings: list[Standing] = field(default_factory=list)


def story_ids(folder: Path, text: str) -> list[str]:
    """The stories that *text* names: an id, or a URL in any spelling; in the order of first sight."""
    if "://" not in text:
        needle = msgspec.json.encode(text)
        return list(
            dict.fromkeys(
                story.story_id
                for story in _records(folder, "stories", Story, [needle])
                if story.story_id and text in (story.story_id, story.version_id, story.cluster_id)
            )
        )
    key, tail = url_key(text), _tail(text)
    found = [
        story.story_id
        for story in _records(folder, "stories", Story, [tail])
        if story.story_id and key in {url_key(url) for url in (story.url, story.canonical_url) if url}
    ]
    for event in _records(folder, "events", Event, [tail]):
        if event.kind == "moved" and key in {url_key(url) for url in (event.before, event.after) if url}:
            found.append(event.story_id or "")
    return list(dict.fromkeys(found))


def read_history(folder: Path, story_id: str) -> History:
    """The history of the story *story_id*; empty for one that no line names."""
    needle = [msgspec.json.encode(story_id)]
    history = History(story_id)
    history.versions = [each for each in _records(folder, "stories", Story, needle) if each.story_id == story_id]
    history.versions.sort(key=lambda story: story.revision or 0)
    resolved = [each for each in _records(folder, "events", Event, needle) if each.story_id == story_id]
    history.events = sorted(resolved, key=lambda event: event.at or "")
    teaser_ids = {event.teaser_id for event in resolved if event.kind == "resolved"}
    history.stays = _stays(folder, story_id, teaser_ids, {story.url for story in history.versions})
    history.standings = standings(
        history.stays, _visits(folder, {stay.teaser.page_url or "" for stay in history.stays})
    )
    return history


def standings(stays: list[Stay], visits: dict[str, list[str]]) -> list[Standing]:
    """One `Standing` a page and block, in the order of first sight; *visits* are the times of each page, in order."""
    together: dict[tuple[str, str | None], list[Stay]] = {}
    for stay in stays:
        together.setdefault((stay.teaser.page_url or "", stay.teaser.block_heading), []).append(stay)
    return [_standing(url, heading, group, visits.get(url, [])) for (url, heading), group in together.items()]


def _standing(url: str, heading: str | None, stays: list[Stay], visits: list[str]) -> Standing:
    is_over = all(stay.until is not None for stay in stays)
    until = max((stay.until or "" for stay in stays), default="") if is_over else None
    seen = [at for at in visits if until is None or at < until]
    texts = (stay.teaser.headline or stay.teaser.summary for stay in stays)
    return Standing(
        page_url=url,
        block_heading=heading,
        first_seen=min(stay.since for stay in stays),
        last_seen=max([*seen[-1:], *(stay.since for stay in stays)]),
        best_rank=min((stay.teaser.rank_in_block for stay in stays if stay.teaser.rank_in_block), default=None),
        is_over=is_over,
        headlines=tuple(dict.fromkeys(text for text in texts if text)),
    )


def _visits(folder: Path, urls: set[str]) -> dict[str, list[str]]:
    """When each of *urls* was read, or found unchanged; in order."""
    needles = list({_tail(url) for url in urls})
    times: dict[str, list[str]] = {}
    for visit in _records(folder, "pages", PageVisit, needles) if urls else ():
        if visit.url in urls and visit.fetched_at and visit.outcome not in ("failed", "rejected"):
            times.setdefault(visit.url, []).append(visit.fetched_at)
    return {url: sorted(found) for url, found in times.items()}


def _stays(folder: Path, story_id: str, teaser_ids: set[str | None], urls: set[str | None]) -> list[Stay]:
    keys = {url_key(url) for url in urls if url}
    needles = [msgspec.json.encode(each) for each in (story_id, *sorted(filter(None, teaser_ids)))]
    needles += [_tail(url) for url in sorted(filter(None, urls))]
    teasers = [
        teaser
        for teaser in _records(folder, "teasers", Teaser, needles)
        if teaser.target_story_id == story_id
        or teaser.teaser_id in teaser_ids
        or (teaser.target_url and url_key(teaser.target_url) in keys)
    ]
    teasers.sort(key=lambda teaser: teaser.observed_at or "")
    ids = [msgspec.json.encode(teaser.teaser_id) for teaser in teasers]
    gone: dict[str | None, list[str]] = {}
    for event in _records(folder, "events", Event, list(dict.fromkeys(ids))):
        if event.kind == "teaser_gone":
            gone.setdefault(event.teaser_id, []).append(event.at or "")
    return [_stay(teaser, teasers[number + 1 :], gone) for number, teaser in enumerate(teasers)]


def _stay(teaser: Teaser, later: list[Teaser], gone: dict[str | None, list[str]]) -> Stay:
    """Until the same teaser changed or was gone, whichever came first."""
    since = teaser.observed_at or ""
    ends = [each.observed_at or "" for each in later if each.teaser_id == teaser.teaser_id]
    ends += [at for at in gone.get(teaser.teaser_id, []) if at > since]
    return Stay(teaser, since, min(ends, default=None))


def _tail(url: str) -> bytes:
    """The end of a URL's path, which stands in every spelling of it and can be looked for in a line's bytes."""
    path = url.partition("://")[2].partition("?")[0].partition("#")[0].rstrip("/")
    last = path.rpartition("/")[2]
    return last.encode() if last.isascii() and "%" not in last else b""


def _records(folder: Path, name: str, shape: type[_R], needles: list[bytes]) -> Iterator[_R]:
    """The records of a folder in whose bytes one of *needles* stands; the others are not parsed.

    A line that is no record of ours is passed over: ``scrapy doctor`` names such.
    """
    decoder = msgspec.json.Decoder(shape)
    for path in sorted((folder / name).glob("*.jsonl")):
        with path.open("rb") as stream:
            for line in stream:
                if any(needle in line for needle in needles):
                    try:
                        yield decoder.decode(line)
                    except msgspec.DecodeError:
                        continue


# -- comparing two versions -----------------------------------------------------------------------


def sentences(text: str | None) -> list[str]:
    """The sentences of *text*, block by block; whole blocks where there are very many.

    >>> sentences("It sailed. It sank!\\nNobody was hurt.")
    ['It sailed.', 'It sank!', 'Nobody was hurt.']
    """
    blocks = [block for block in (text or "").split("\n") if block.strip()]
    found = [part.strip() for block in blocks for part in _split(block) if part.strip()]
    return found if len(found) <= MAX_SENTENCES else blocks


def _split(block: str) -> Iterator[str]:
    start = 0
    for match in _SENTENCE_END.finditer(block):
        yield block[start : match.end()]
        start = match.end()
    yield block[start:]


def changes(before: str | None, after: str | None) -> list[Change]:
    """How *after* came out of *before*, sentence by sentence; unchanged ones are there too, with a space.

    >>> [f"{step.sign}{step.text}" for step in changes("It sailed. It is late.", "It sailed. It sank.")]
    [' It sailed.', '-It is late.', '+It sank.']
    """
    old, new = sentences(before), sentences(after)
    steps: list[Change] = []
    for tag, i, j, k, m in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            steps += [Change(" ", text) for text in old[i:j]]
        else:
            steps += [Change("-", text) for text in old[i:j]] + [Change("+", text) for text in new[k:m]]
    return steps
