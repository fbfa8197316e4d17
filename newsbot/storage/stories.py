"""Stories: which one a page tells, and whether it tells something new.

What comes in: a capture that has its ids, and the story tables. What goes out: the story's line fields that only the
past tells (id, revision, earlier version), and the events. Its writes belong to the caller's transaction.
Knows no files and no frontier.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec

from newsbot.items.identity import (
    block_hashes,
    folded,
    is_site_id,
    short_hash,
    story_id,
    trusted_canonical,
    url_key,
    version_id,
)
from newsbot.items.model import Capture, Event, Story
from newsbot.storage.frontier import SOURCE_KINDS
from newsbot.storage.lines import seconds
from newsbot.storage.volatile import VOLATILE_AFTER, Slot, decoded, encoded, same_outside, slots_after, stable_body

# How an alias came to be, as `Resolution.method` names it.
BY_URL, BY_REDIRECT, BY_CANONICAL, BY_SITE_ID = range(4)
METHODS = ("url", "redirect", "canonical", "site_id")

MAX_HEADLINES = 20
# Two texts under one canonical URL are one story when they share this part of their blocks.
MIN_LIKENESS = 0.8
# So many unlike texts under canonical URLs of one host, and its canonical URLs are not believed any more.
MAX_UNLIKE = 3
# A page that answers 404 is withdrawn when it still does so a day later; 410 says so at once.
MISSING_S = 86_400


_HEADLINES = msgspec.json.Decoder(list[str])


@dataclass(slots=True)
class Known:
    """A row of ``story``."""

    id: int
    story_id: str
    url: str
    revision: int
    version_id: bytes
    stable_id: bytes
    blocks: list[bytes]
    slots: list[Slot]
    headline: str | None
    headlines: list[str]
    corrections: int
    first_at: float
    published_at: float | None
    missing_at: float | None
    is_withdrawn: bool
    is_capped: bool
    cluster_id: str | None


_KNOWN = (
    "id, story_id, url, revision, version_id, stable_id, blocks, slots, headline, headlines, corrections,"
    " first_at, published_at, missing_at, is_withdrawn, is_capped, cluster_id"
)


@dataclass(slots=True)
class Judgement:
    """What a capture's story is to the store: ``new``, ``revision``, ``unchanged`` or ``capped``."""

    verdict: str
    number: int
    published_at: float | None
    first_at: float
    events: list[Event] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    new_keys: list[tuple[bytes, int]] = field(default_factory=list)


class Stories:
    """The tables ``story``, ``version``, ``alias`` and ``canonical``."""

    def __init__(self, connection: sqlite3.Connection, *, max_versions: int) -> None:
        self._db = connection
        self._max_versions = max_versions

    # -- which story

    def judge(self, capture: Capture, *, now: float) -> Judgement:
        """Decide what the capture's story is, fill in what the past tells, and keep its new state."""
        story, page = capture.story, capture.page
        assert story is not None and story.story_id is not None and page.url is not None
        notes: list[str] = []
        canonical = self._believed_canonical(capture, notes)
        known = self._find(capture, canonical)
        judgement = self._enter(story, now) if known is None else self._compare(story, known, now)
        page.story_id = story.story_id
        judgement.notes[:0] = notes
        judgement.new_keys = self._add_aliases(capture, judgement.number, canonical)
        place = canonical or page.url
        if known is not None and url_key(place) in {key for key, _ in judgement.new_keys}:
            judgement.events += self._moved(story, known, place)
        return judgement

    def _believed_canonical(self, capture: Capture, notes: list[str]) -> str | None:
        """The canonical URL if it is another URL than the page's and names this story; else its claim is noted.

        It is not believed when it is a source, when it belongs to a story of another text, or when the host has
        named such too often; the story's id then goes by the page's own URL.
        """
        story, url = capture.story, capture.page.url
        canonical = trusted_canonical(capture)
        if story is None or url is None or canonical is None or url_key(canonical) == url_key(url):
            return None
        host = _host(url)
        reason = self._doubt(canonical, host, story)
        if reason is None:
            return canonical
        notes.append(reason)
        if reason == "canonical_unlike":
            self._db.execute("INSERT OR IGNORE INTO canonical VALUES (?, ?)", (host, url_key(url)))
        if story.story_id is not None and not is_site_id(story.story_id):
            story.story_id = story_id(url, story.site, None)
        return None

    def _doubt(self, canonical: str, host: str, story: Story) -> str | None:
        """Why *canonical* is not believed; ``None`` when it is."""
        key = url_key(canonical)
        row = self._db.execute("SELECT kind FROM url WHERE key = ?", (key,)).fetchone()
        if row is not None and row[0] in SOURCE_KINDS:
            return "canonical_is_source"
        if self._is_distrusted(host):
            return "canonical_distrusted"
        found = self.by_key(key)
        other = self._row("id = ?", found[0]) if found else None
        if other is not None and likeness(block_hashes(story), other.blocks) < MIN_LIKENESS:
            return "canonical_unlike"
        return None

    def _find(self, capture: Capture, canonical: str | None) -> Known | None:
        """The story that this page tells, if the store has it: by the site's id, the URL, the canonical URL."""
        story = capture.story
        assert story is not None and story.story_id is not None
        by_id = self._row("story_id = ?", story.story_id)
        own = self.by_url(capture.page.url or "")
        by_url = self._row("id = ?", own[0]) if own else None
        if is_site_id(story.story_id):
            # A story that was known by its URL before the site had a pattern keeps the id it was given.
            return by_id or (by_url if by_url and not is_site_id(by_url.story_id) else None)
        found = self.by_url(canonical) if canonical else None
        return by_url or by_id or (self._row("id = ?", found[0]) if found else None)

    def _is_distrusted(self, host: str) -> bool:
        count = self._db.execute("SELECT COUNT(*) FROM canonical WHERE host = ?", (host,)).fetchone()[0]
        return bool(count >= MAX_UNLIKE)

    def _row(self, where: str, value: object) -> Known | None:
        row = self._db.execute(
            f"SELECT {_KNOWN} FROM story WHERE {where}",
            (value,),
        ).fetchone()
        if row is None:
            return None
        return _known(row)

    def by_url(self, url: str) -> tuple[int, int] | None:
        """(number of the story, method) under which *url* is known."""
        return self.by_key(url_key(url)) if url else None

    def by_key(self, key: bytes) -> tuple[int, int] | None:
        """As `by_url`, of a key."""
        row = self._db.execute("SELECT story, method FROM alias WHERE key = ?", (key,)).fetchone()
        return (row[0], row[1]) if row else None

    def by_keys(self, keys: Iterable[bytes]) -> dict[bytes, tuple[int, int]]:
        """As `by_key`, of many keys at once; those that are not known are left out."""
        wanted = list(dict.fromkeys(keys))
        found: dict[bytes, tuple[int, int]] = {}
        for at in range(0, len(wanted), 500):
            part = wanted[at : at + 500]
            marks = ", ".join("?" * len(part))
            rows = self._db.execute(f"SELECT key, story, method FROM alias WHERE key IN ({marks})", part)
            found |= {key: (story, method) for key, story, method in rows}
        return found

    def by_story_id(self, story_id: str) -> int | None:
        """The number of a story."""
        row = self._db.execute("SELECT id FROM story WHERE story_id = ?", (story_id,)).fetchone()
        return row[0] if row else None

    def by_headline(self, site: str, headline: str) -> int | None:
        """The latest story of *site* whose headline is *headline*, typography aside."""
        row = self._db.execute(
            "SELECT id FROM story WHERE site = ? AND headline_key = ? ORDER BY id DESC LIMIT 1",
            (site, headline_key(headline)),
        ).fetchone()
        return row[0] if row else None

    def id_of(self, number: int) -> str:
        """The id of the story *number*."""
        return str(self._db.execute("SELECT story_id FROM story WHERE id = ?", (number,)).fetchone()[0])

    def called(self, number: int, given: list[tuple[str | None, str | None, str | None]]) -> list[Event]:
        """Keep the headlines of (headline, site, teaser) that nobody had given the story; an event for each.

        Only teasers of the story's own site count: others could put words into its mouth. After `MAX_HEADLINES`
        no more are taken; the lines of the teasers hold them all.
        """
        row = self._db.execute(
            "SELECT story_id, site, headline, headlines FROM story WHERE id = ?", (number,)
        ).fetchone()
        story_id, own_site, headline, encoded_headlines = row
        headlines = _HEADLINES.decode(encoded_headlines) if encoded_headlines else []
        seen = {headline_key(each) for each in (headline, *headlines)} | {None}
        events = []
        for text, site, teaser in given:
            key = headline_key(text)
            if site == own_site and key not in seen and len(headlines) < MAX_HEADLINES:
                seen.add(key)
                headlines.append(text or "")
                events.append(Event(kind="headline_variant", story_id=story_id, teaser_id=teaser, after=text))
        if events:
            self._db.execute("UPDATE story SET headlines = ? WHERE id = ?", (_encoded(headlines), number))
        return events

    # -- what is new about it

    def _enter(self, story: Story, now: float) -> Judgement:
        story.revision, story.previous_version_id = 1, None
        version = _raw(story.version_id)
        first_at = seconds(story.fetched_at) or now
        published = seconds(story.date_published)
        cursor = self._db.execute(
            "INSERT INTO story (story_id, site, url, revision, version_id, stable_id, blocks, headline, headlines,"
            " headline_key, corrections, first_at, published_at) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                story.story_id,
                story.site or "",
                story.url or "",
                version,
                version,
                b"".join(block_hashes(story)),
                story.headline,
                _encoded(_all_headlines(story)),
                headline_key(story.headline),
                len(story.corrections),
                first_at,
                published,
            ),
        )
        number = int(cursor.lastrowid or 0)
        self._db.execute("INSERT INTO version VALUES (?, 1, ?)", (number, version))
        return Judgement("new", number, published, first_at)

    def _compare(self, story: Story, known: Known, now: float) -> Judgement:
        story.story_id = known.story_id
        hashes = block_hashes(story)
        plain = _raw(story.version_id)
        judgement = Judgement("unchanged", known.id, known.published_at, known.first_at)
        if known.missing_at is not None or known.is_withdrawn:
            self._db.execute("UPDATE story SET missing_at = NULL, is_withdrawn = 0 WHERE id = ?", (known.id,))
        if known.blocks and _is_cut_down(story, hashes, known):
            judgement.notes.append("access_closed")
            return judgement
        is_comparable = folded(story.headline) == folded(known.headline)
        slots = slots_after(known.blocks, known.slots, hashes, is_comparable=is_comparable)
        version = _raw(version_id(story.headline, stable_body(story, hashes, slots))) if slots else plain
        became_volatile = (
            any(slot.is_volatile and slot.streak == VOLATILE_AFTER for slot in slots)
            and is_comparable
            and same_outside(known.blocks, hashes, slots)
        )
        same = version in (known.stable_id, known.version_id) or plain == known.version_id or became_volatile
        if same:
            if slots != known.slots or (became_volatile and version != known.stable_id) or not known.blocks:
                self._keep(known, slots, hashes, version)
            if became_volatile:
                judgement.notes.append("volatile_block")
            return judgement
        if known.revision >= self._max_versions:
            if not known.is_capped:
                self._db.execute("UPDATE story SET is_capped = 1 WHERE id = ?", (known.id,))
            judgement.verdict = "capped"
            judgement.notes.append("versions_capped")
            return judgement
        judgement.verdict = "revision"
        self._revise(story, known, hashes, slots, version)
        judgement.events = _changes(story, known)
        return judgement

    def _keep(self, known: Known, slots: list[Slot], hashes: list[bytes], stable: bytes) -> None:
        self._db.execute(
            "UPDATE story SET slots = ?, blocks = ?, stable_id = ? WHERE id = ?",
            (encoded(slots), b"".join(hashes), stable, known.id),
        )

    def _revise(self, story: Story, known: Known, hashes: list[bytes], slots: list[Slot], version: bytes) -> None:
        revision = known.revision + 1
        story.version_id = "v" + version.hex()
        story.revision, story.previous_version_id = revision, "v" + known.version_id.hex()
        earlier = [headline for headline in known.headlines if headline != story.headline]
        story.headline_variants = list(dict.fromkeys([*story.headline_variants, *earlier]))[:MAX_HEADLINES]
        headlines = list(dict.fromkeys([*known.headlines, *_all_headlines(story)]))
        story.cluster_id = story.cluster_id or known.cluster_id
        self._db.execute(
            "UPDATE story SET revision = ?, version_id = ?, stable_id = ?, blocks = ?, slots = ?, headline = ?,"
            " headlines = ?, headline_key = ?, corrections = ? WHERE id = ?",
            (
                revision,
                version,
                version,
                b"".join(hashes),
                encoded(slots),
                story.headline,
                _encoded(headlines[-MAX_HEADLINES:]),
                headline_key(story.headline),
                len(story.corrections),
                known.id,
            ),
        )
        self._db.execute("INSERT INTO version VALUES (?, ?, ?)", (known.id, revision, version))

    def restore(self, story: Story, *, now: float) -> int:
        """Enter a version as it was written, without judging it; the number of its story."""
        known = self._row("story_id = ?", story.story_id)
        if known is None:
            number = self._enter(replace(story), now).number
            self._db.execute("UPDATE story SET revision = ? WHERE id = ?", (story.revision or 1, number))
            self._db.execute("UPDATE version SET revision = ? WHERE story = ?", (story.revision or 1, number))
        elif (story.revision or 1) > known.revision:
            number, known.revision = known.id, (story.revision or 1) - 1
            self._revise(replace(story), known, block_hashes(story), [], _raw(story.version_id))
        else:
            return known.id
        if story.url:
            self._db.execute("INSERT OR REPLACE INTO alias VALUES (?, ?, ?)", (url_key(story.url), number, BY_URL))
        return number

    # -- where it is

    def _add_aliases(self, capture: Capture, number: int, canonical: str | None) -> list[tuple[bytes, int]]:
        """Enter the URLs under which the page was reached; those that are new, with their methods."""
        page = capture.page
        redirects = [page.requested_url, *page.redirects]
        urls = [(page.url, BY_URL), *((url, BY_REDIRECT) for url in redirects), (canonical, BY_CANONICAL)]
        new: list[tuple[bytes, int]] = []
        for url, method in urls:
            if not url:
                continue
            key = url_key(url)
            found = self.by_key(key)
            if found is None:
                self._db.execute("INSERT INTO alias VALUES (?, ?, ?)", (key, number, method))
                new.append((key, method))
            elif found[0] != number and method == BY_URL:
                # The address tells another story now (a site that uses its URLs again).
                self._db.execute("UPDATE alias SET story = ?, method = ? WHERE key = ?", (number, method, key))
        return new

    def _moved(self, story: Story, known: Known, place: str) -> list[Event]:
        """The event of a story found at *place*, under which it was not known; keeps it."""
        self._db.execute("UPDATE story SET url = ? WHERE id = ?", (place, known.id))
        return [Event(kind="moved", story_id=story.story_id, before=known.url, after=place)]

    def missing(self, number: int, *, is_gone: bool, now: float) -> Event | None:
        """Note that the page of a story says that it is not there; the event when that has become final."""
        row = self._db.execute(
            "SELECT missing_at, is_withdrawn, story_id, version_id, url FROM story WHERE id = ?", (number,)
        ).fetchone()
        missing_at, is_withdrawn, story_id, version, url = row
        if is_withdrawn:
            return None
        if missing_at is None:
            self._db.execute("UPDATE story SET missing_at = ? WHERE id = ?", (now, number))
        if not is_gone and (missing_at is None or now - missing_at < MISSING_S):
            return None
        self._db.execute("UPDATE story SET is_withdrawn = 1 WHERE id = ?", (number,))
        return Event(kind="withdrawn", story_id=story_id, version_id="v" + version.hex(), before=url)

    def since(self, number: int) -> float:
        """When a story was published, or first seen where it does not say."""
        row = self._db.execute("SELECT published_at, first_at FROM story WHERE id = ?", (number,)).fetchone()
        return float(row[0] if row[0] is not None else row[1])

    def is_missing_for_now(self, number: int) -> bool:
        """Whether the page of a story was missing at its last visit, and the story is not withdrawn yet."""
        row = self._db.execute("SELECT missing_at, is_withdrawn FROM story WHERE id = ?", (number,)).fetchone()
        return row[0] is not None and not row[1]

    def forget_blocks(self, number: int) -> None:
        """Let go of what only comparisons need, of a story that is not read again."""
        self._db.execute("UPDATE story SET blocks = NULL, slots = NULL WHERE id = ?", (number,))


# -- comparing texts ------------------------------------------------------------------------------


def likeness(blocks: list[bytes], others: list[bytes]) -> float:
    """The share of blocks that two texts have in common (Dice); 1.0 when one of them is not known."""
    if not blocks or not others:
        return 1.0
    return 2 * len(set(blocks) & set(others)) / (len(set(blocks)) + len(set(others)))


def _known(row: Sequence[Any]) -> Known:  # a row of mixed types
    columns = dict(zip(_KNOWN.split(", "), row, strict=True))
    blocks = columns.pop("blocks") or b""
    slots, headlines = columns.pop("slots"), columns.pop("headlines")
    return Known(
        **columns,
        blocks=[blocks[at : at + 8] for at in range(0, len(blocks), 8)],
        slots=decoded(slots),
        headlines=_HEADLINES.decode(headlines) if headlines else [],
    )


def _all_headlines(story: Story) -> list[str]:
    """The headline of *story* and the others its page gave it."""
    return [text for text in dict.fromkeys((story.headline, *story.headline_variants)) if text][:MAX_HEADLINES]


def _encoded(headlines: list[str]) -> str:
    return msgspec.json.encode(headlines).decode()


def headline_key(headline: str | None) -> bytes | None:
    """Eight bytes of the folded headline; ``None`` for none."""
    text = folded(headline)
    return bytes.fromhex(short_hash(text)[:16]) if text else None


def _is_cut_down(story: Story, hashes: list[bytes], known: Known) -> bool:
    """Whether this is the known text behind a paywall: shortened, with nothing new."""
    is_closed = story.access is not None and story.access.observed == "truncated"
    return is_closed and len(hashes) < len(known.blocks) and set(hashes) <= set(known.blocks)


def _changes(story: Story, known: Known) -> list[Event]:
    """The events that a new version brings with it."""
    events = []
    if folded(story.headline) != folded(known.headline):
        events.append(Event(kind="headline_changed", before=known.headline, after=story.headline))
    if len(story.corrections) > known.corrections:
        events.append(Event(kind="corrected", after=story.corrections[-1]))
    for event in events:
        event.story_id, event.version_id = story.story_id, story.version_id
    return events


def _raw(identifier: str | None) -> bytes:
    return bytes.fromhex((identifier or "")[1:])


def _host(url: str) -> str:
    return url.partition("://")[2].partition("/")[0].lower()
