"""Near duplicates: which stories tell the same text, on one site or on several.

What comes in: new stories. What goes out: the cluster each belongs to. Nothing is ever suppressed. Its writes belong
to the caller's transaction, and it depends on nothing but the stories before: a killed run clusters as any other.

A story is known by its text's sketch (`newsbot.storage.sketch`). Candidates share two of its keys; they are judged by
the estimates of the Jaccard index and of the containment, which a trimmed copy keeps. Sentences that several stories
of the site have had (boilerplate: disclaimers, templates with other numbers) are left out before.
"""

from __future__ import annotations

import sqlite3
from array import array
from dataclasses import dataclass
from typing import TYPE_CHECKING

from newsbot.items.identity import short_hash
from newsbot.items.model import Story

if TYPE_CHECKING:
    from newsbot.storage.sketch import Sketch

# Under so many of the values of its sketch, the smallest, a story is found. Two texts of one length that have a fifth
# of their shingles in common share a third of these; a copy trimmed to a tenth shares a tenth with its original.
KEYS = 32
MIN_COMMON_KEYS = 2
# A story that shares none of the first of its keys with any other is asked for no more, and most stories are no copies.
# A trimmed copy has its hits among the first; lost are originals that come after one: of those trimmed to a tenth 3 %.
FIRST_KEYS = 22
# 47 bits of a value are what SQLite writes in six bytes; among 32 million keys of others hardly ever one is the same by
# chance.
_KEY_SHIFT = 17
# Of those that share most; more are many copies of one text, of which one is enough.
MAX_CANDIDATES = 50
# A sentence that so many stories of one site have had says nothing about a text ...
BOILERPLATE_STORIES = 3
# ... unless these are copies of each other: a story most of whose sentences the site has had is not counted.
MAX_KNOWN_SHARE = 0.8


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


class Clusters:
    """The tables ``signature``, ``band`` and ``sentence``: the stories of the last days."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection

    def place(self, story: Story, number: int, *, now: float) -> Match | None:
        """The cluster of a new story, or ``None``; keeps it for those that come after."""
        from newsbot.storage.sketch import sentence_hashes, sketch  # numpy: not before the first story

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
        values = made.values.tobytes()
        keys = keys_of(values)
        found = self.most_alike(made, keys)
        match = self._joined(story, *found) if found else None
        self._db.execute("INSERT OR REPLACE INTO signature VALUES (?, ?, ?, ?)", (number, values, made.size, now))
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
        first = keys[:FIRST_KEYS]
        if self._db.execute(f"SELECT 1 {_of_keys(len(first))} LIMIT 1", first).fetchone() is None:
            return []
        rows = self._db.execute(
            f"SELECT story {_of_keys(len(keys))} GROUP BY story HAVING COUNT(*) >= ?"
            " ORDER BY COUNT(*) DESC, story LIMIT ?",
            (*keys, MIN_COMMON_KEYS, MAX_CANDIDATES),
        )
        return [row[0] for row in rows]

    def most_alike(self, made: Sketch, keys: list[int]) -> tuple[float, int] | None:
        """(score, number) of the most alike of the stories that share *keys*, if any is a duplicate of *made*."""
        best: tuple[float, int] | None = None
        for number in self.candidates(keys):
            likeness = made.likeness(self._sketch(number))
            score = max(likeness.jaccard, likeness.containment)
            if likeness.is_duplicate and (best is None or score > best[0]):
                best = (score, number)
        return best

    def _sketch(self, number: int) -> Sketch:
        from newsbot.storage.sketch import read_sketch

        values, size = self._db.execute("SELECT values_, size FROM signature WHERE story = ?", (number,)).fetchone()
        return read_sketch(values, size)

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
            " (SELECT story FROM signature ORDER BY at DESC, story DESC LIMIT -1 OFFSET ?)",
            (before, most),
        ).fetchall()
        for (number,) in old:
            values = self._db.execute("SELECT values_ FROM signature WHERE story = ?", (number,)).fetchone()[0]
            rows = [(key, number) for key in keys_of(values)]
            self._db.executemany("DELETE FROM band WHERE hash = ? AND story = ?", rows)
        self._db.executemany("DELETE FROM signature WHERE story = ?", old)
        self._db.execute("DELETE FROM sentence WHERE at < ?", (before,))
        return len(old)


def keys_of(values: bytes) -> list[int]:
    """The numbers under which a text is found whose sketch has *values*."""
    return [value >> _KEY_SHIFT for value in array("Q", values[: 8 * KEYS])]


def _of_keys(count: int) -> str:
    marks = ", ".join("?" * count)
    return f"FROM band WHERE hash IN ({marks})"
