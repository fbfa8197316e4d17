"""Near duplicates: which stories tell the same text, on one site or on several.

What comes in: new stories. What goes out: the cluster each belongs to. Nothing is ever suppressed. Its writes belong
to the caller's transaction, and it depends on nothing but the stories before: a killed run clusters as any other.

A story is known by the 5-word shingles of its sentences, as a MinHash of 128 values (rensa). Candidates share two of
the first 28 values (two texts that have a fifth of their shingles in common do with a probability of 98 %); they are
judged by the estimates of the Jaccard index and of the containment, which a trimmed copy keeps. Sentences that
several stories of the site have had (boilerplate: disclaimers, templates with other numbers) are left out before.
"""

from __future__ import annotations

import hashlib
import re
import sqlite3
from array import array
from collections.abc import Iterable
from dataclasses import dataclass

from rensa import RMinHash

from newsbot.items.identity import folded, short_hash
from newsbot.items.model import Story

VALUES = 128
# Values under which a story is found, one row each, and how many of them a candidate shares: bands of one value
# and two hits find more than bands of two values, with fewer rows to write.
KEYS = 28
MIN_COMMON_KEYS = 2
# Of those that share most; more are many copies of one text, of which one is enough.
MAX_CANDIDATES = 50
SHINGLE_WORDS = 5
# Shorter texts (tickers, picture stories) have too few shingles for an estimate.
MIN_SHINGLES = 20
# Fixed on the first half of the pairs of benchmarks/scale/duplicates.py, measured on the second.
MIN_JACCARD = 0.15
MIN_CONTAINMENT = 0.50
# A sentence that so many stories of one site have had says nothing about a text ...
BOILERPLATE_STORIES = 3
# ... unless these are copies of each other: a story most of whose sentences the site has had is not counted.
MAX_KNOWN_SHARE = 0.8
# What somebody said stands in the stories of all who heard it, to the letter. A mark without its twin ends soon.
_QUOTE = re.compile('"[^"]{1,600}"')
# ... unless most of a text is that: an interview is known by its answers.
MIN_TOLD_SHARE = 0.3
# Numbers differ between two fillings of one template.
_NUMBER = re.compile(r"[0-9]+(?:[.,:][0-9]+)*")
_SENTENCE_ENDS = (". ", "! ", "? ", "。 ", "！ ", "？ ")
# Scripts without spaces: a character stands for a word.
_UNSPACED = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_MASK = (1 << 63) - 1


@dataclass(frozen=True, slots=True)
class Likeness:
    """Two texts compared: the shares of shingles, estimated from 128 values (standard error up to 0.044)."""

    jaccard: float
    containment: float

    @property
    def is_duplicate(self) -> bool:
        """Whether one is a copy of the other, edited or trimmed."""
        return self.jaccard >= MIN_JACCARD or self.containment >= MIN_CONTAINMENT


@dataclass(frozen=True, slots=True)
class Sketch:
    """What is kept of a text: the MinHash values and the number of shingles."""

    values: array[int]
    size: int

    def likeness(self, other: Sketch) -> Likeness:
        """How alike the two texts are."""
        same = sum(map(int.__eq__, self.values, other.values))
        jaccard = same / VALUES
        common = jaccard * (self.size + other.size) / (1 + jaccard)
        return Likeness(jaccard, min(1.0, common / max(1, min(self.size, other.size))))

    def hashes(self) -> list[int]:
        """The numbers under which the text is found: a value and its place."""
        return [value * KEYS + place for place, value in enumerate(self.values[:KEYS])]


@dataclass(frozen=True, slots=True)
class Match:
    """The cluster a new story belongs to; ``kind`` is ``exact``, ``near`` or ``syndicated``.

    ``first`` is the number of the story that began the cluster when it had none before.
    """

    cluster_id: str
    kind: str
    score: float
    origin: str
    first: int | None


def sentence_hashes(body: str | None, site: str | None) -> list[tuple[int, str]]:
    """(hash of site and text without numbers, folded text) of each sentence, in order."""
    found = []
    salt = hashlib.blake2b((site or "").encode("utf-8", "surrogatepass"), digest_size=16).digest()
    empty = hashlib.blake2b(digest_size=8, salt=salt)
    for block in (body or "").split("\n"):
        text = folded(block)
        # No number has a space in it, so both texts have the same sentences.
        for sentence, masked in zip(_sentences(text), _sentences(_NUMBER.sub("#", text)), strict=True):
            if masked:
                digest = empty.copy()
                digest.update(masked.encode("utf-8", "surrogatepass"))
                found.append((int.from_bytes(digest.digest(), "big") & _MASK, sentence))
    return found


def _sentences(text: str) -> list[str]:
    """The sentences of a folded text, which has no white space but single spaces."""
    for end in _SENTENCE_ENDS:
        text = text.replace(end, f"{end[0]}\n")
    return text.split("\n")


def sketch(sentences: Iterable[str]) -> Sketch | None:
    """The sketch of a text given by its sentences, quotes left out; ``None`` when it is too short to compare."""
    text = " ".join(sentences)
    told = " ".join(_QUOTE.sub('"', text).split()) if '"' in text else text
    text = told if len(told) >= MIN_TOLD_SHARE * len(text) else text
    is_spaced = text.isascii() or not _UNSPACED.search(text)
    words = text.split(" ") if is_spaced else list(text.replace(" ", ""))
    shingles = list(map(" ".join, zip(*(words[at:] for at in range(SHINGLE_WORDS)), strict=False)))
    size = len(set(shingles))
    if size < MIN_SHINGLES:
        return None
    minhash = RMinHash(num_perm=VALUES, seed=1)
    minhash.update(shingles)
    return Sketch(array("I", minhash.digest()), size)


class Clusters:
    """The tables ``signature``, ``band`` and ``sentence``: the stories of the last days."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def place(self, story: Story, number: int, *, now: float) -> Match | None:
        """The cluster of a new story, or ``None``; keeps it for those that come after."""
        sentences = sentence_hashes(story.body, story.site)
        counts = self._counts(sentences)
        made = sketch(text for key, text in sentences if counts.get(key, 0) < BOILERPLATE_STORIES)
        if len(counts) < MAX_KNOWN_SHARE * len({key for key, _ in sentences}):
            self._db.executemany(
                "INSERT INTO sentence VALUES (?, 1, ?) ON CONFLICT (hash) DO UPDATE SET stories = stories + 1, at = ?",
                [(key, now, now) for key in dict.fromkeys(key for key, _ in sentences)],
            )
        if made is None:
            return None
        keys = made.hashes()
        match = self._match(story, made, keys)
        self._db.execute(
            "INSERT OR REPLACE INTO signature VALUES (?, ?, ?, ?)", (number, made.values.tobytes(), made.size, now)
        )
        self._db.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", [(key, number) for key in keys])
        return match

    def _counts(self, sentences: list[tuple[int, str]]) -> dict[int, int]:
        """How many stories of the site have had each sentence, of those that any has had."""
        counts: dict[int, int] = {}
        for at in range(0, len(sentences), 500):
            keys = [key for key, _ in sentences[at : at + 500]]
            marks = ", ".join("?" * len(keys))
            counts.update(self._db.execute(f"SELECT hash, stories FROM sentence WHERE hash IN ({marks})", keys))
        return counts

    def candidates(self, keys: list[int]) -> list[int]:
        """The numbers of the stories that share most of *keys*, the most alike first."""
        marks = ", ".join("?" * len(keys))
        rows = self._db.execute(
            f"SELECT story FROM band WHERE hash IN ({marks}) GROUP BY story HAVING COUNT(*) >= ?"
            " ORDER BY COUNT(*) DESC, story LIMIT ?",
            (*keys, MIN_COMMON_KEYS, MAX_CANDIDATES),
        )
        return [row[0] for row in rows]

    def _match(self, story: Story, made: Sketch, keys: list[int]) -> Match | None:
        """The most alike of the stories that share keys."""
        best: tuple[float, int] | None = None
        for number in self.candidates(keys):
            likeness = made.likeness(self._sketch(number))
            score = max(likeness.jaccard, likeness.containment)
            if likeness.is_duplicate and (best is None or score > best[0]):
                best = (score, number)
        return self._joined(story, *best) if best else None

    def _sketch(self, number: int) -> Sketch:
        row = self._db.execute("SELECT values_, size FROM signature WHERE story = ?", (number,)).fetchone()
        return Sketch(array("I", row[0]), row[1])

    def _joined(self, story: Story, score: float, number: int) -> Match:
        row = self._db.execute(
            "SELECT story_id, site, version_id, cluster_id, url FROM story WHERE id = ?", (number,)
        ).fetchone()
        story_id, site, version, cluster_id, _ = row
        kind = "exact" if story.version_id == "v" + version.hex() else "near"
        if site != (story.site or "") and (kind == "exact" or story.agencies):
            kind = "syndicated"
        made = cluster_id or "c" + short_hash(story_id)
        return Match(made, kind, round(score, 3), self._origin(made, story_id), None if cluster_id else number)

    def _origin(self, cluster_id: str, story_id: str) -> str:
        """The story of the cluster that was seen first."""
        row = self._db.execute(
            "SELECT story_id FROM story WHERE cluster_id = ? ORDER BY id LIMIT 1", (cluster_id,)
        ).fetchone()
        return str(row[0]) if row else story_id

    def prune(self, *, before: float, most: int) -> int:
        """Let go of stories that were first seen before, and of the oldest beyond *most*; how many."""
        old = self._db.execute(
            "SELECT story FROM signature WHERE at < ? OR story IN"
            " (SELECT story FROM signature ORDER BY story DESC LIMIT -1 OFFSET ?)",
            (before, most),
        ).fetchall()
        for (number,) in old:
            rows = [(key, number) for key in self._sketch(number).hashes()]
            self._db.executemany("DELETE FROM band WHERE hash = ? AND story = ?", rows)
        self._db.executemany("DELETE FROM signature WHERE story = ?", old)
        self._db.execute("DELETE FROM sentence WHERE at < ?", (before,))
        return len(old)
