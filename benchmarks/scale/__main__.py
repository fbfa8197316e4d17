"""The state at the size of a year: start, look-ups, commits and bytes.

    python -m benchmarks.scale --urls 10000000 --versions 2000000 --signatures 1000000

What comes in: how many known URLs, versions of stories and signatures of texts. What goes out: seconds to start,
look-ups a second, microseconds to find near duplicates, milliseconds a commit, bytes a URL. Times are CPU times but for
starts and what is not cached, so that they hold on a busy machine. The database is filled by SQL as the store's own
code would have filled it row by row (the keys are hashes, in the order of chance), which takes minutes, not hours.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import secrets
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.speed.measure import Figure, line
from newsbot.items.identity import KEY_BYTES, identify, url_key
from newsbot.items.model import BodyBlock, Capture, Link, PageVisit, Run, Story, Teaser
from newsbot.storage.base import Entry, StoreSettings
from newsbot.storage.clusters import KEYS, Clusters, keys_of
from newsbot.storage.lines import rfc3339
from newsbot.storage.sketch import VALUES, Sketch, sentence_hashes, sketch
from newsbot.storage.sqlite import SqliteStore, open_store

NOW = 1_772_344_800.0
INSERT_STORY = """
    INSERT INTO story (id, story_id, site, url, revision, version_id, stable_id, headline, headline_key, first_at)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
"""
# What a signature is and is found by: random numbers of the size and range of those of texts of 400 words, whose 32
# smallest hashes lie in the first twelfth, of stories without texts.
INSERT_SIGNATURES = (
    """
    INSERT INTO signature WITH RECURSIVE story (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM story WHERE n < :count)
    SELECT n, randomblob(:bytes), 400, :now FROM story WHERE :count > 0
    """,
    """
    INSERT INTO band
    WITH RECURSIVE story (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM story WHERE n < :count),
                   place (p) AS (SELECT 1 UNION ALL SELECT p + 1 FROM place WHERE p < :keys)
    SELECT (random() & 140737488355327) / 12, n FROM story, place WHERE :count > 0 ORDER BY 1
    """,
)
# More than are ever made here: none is let go of.
MAX_SIGNATURES = 100_000_000
SITES = 10
DAY_S = 86_400


def fill(store: SqliteStore, urls: int, versions: int, signatures: int) -> dict[str, float]:
    """Make the state know so many URLs, versions and signatures; bytes of each."""
    database = store.database
    database.execute("PRAGMA cache_size = -2000000")  # rows in the order of chance touch the whole of a table
    signature = {"count": signatures, "keys": KEYS, "bytes": 8 * VALUES, "now": NOW}
    steps: dict[str, tuple[int, list[tuple[str, Any]]]] = {  # Any: rows of any table
        "known URL": (urls, [("INSERT OR IGNORE INTO known VALUES (?, ?)", _known(urls))]),
        "version": (
            versions,
            [
                (INSERT_STORY, _stories(versions)),
                ("INSERT INTO version VALUES (?, 1, ?)", _versions(versions)),
                ("INSERT INTO alias VALUES (?, ?, 0)", _aliases(versions)),
            ],
        ),
        "signature": (signatures, [(statement, [signature]) for statement in INSERT_SIGNATURES]),
    }
    sizes: dict[str, float] = {}
    for name, (count, statements) in steps.items():
        print(f"  filling in {count:,} rows of each {name}", file=sys.stderr, flush=True)
        before = _size(store)
        database.execute("BEGIN")
        for statement, rows in statements:
            database.executemany(statement, rows)
        database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes[name] = (_size(store) - before) / max(1, count)
    return sizes


def _size(store: SqliteStore) -> int:
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(store.database.execute("PRAGMA page_size").fetchone()[0])


def _known(count: int) -> Iterator[tuple[bytes, int]]:
    # Half of these are URLs that `url_of` gives, so that look-ups can hit. Their spelling is normal already.
    assert hashlib.sha256(url_of(1).encode()).digest()[:KEY_BYTES] == url_key(url_of(1))
    for number in range(0, count, 2):
        yield hashlib.sha256(url_of(number).encode()).digest()[:KEY_BYTES], 20_000
        yield secrets.token_bytes(KEY_BYTES), 20_000


def _stories(count: int) -> Iterator[tuple[object, ...]]:
    for number in range(1, count + 1):
        version = secrets.token_bytes(16)
        headline = f"A headline of about sixty characters, as papers write them {number}"
        url = f"https://paper{number % SITES}.test/section/a-slug-of-some-words-{number}"
        key = secrets.token_bytes(8)
        yield (
            number,
            f"s{secrets.token_hex(16)}",
            f"paper{number % SITES}.test",
            url,
            version,
            version,
            headline,
            key,
            0.0,
        )


def _versions(count: int) -> Iterator[tuple[int, bytes]]:
    return ((number, secrets.token_bytes(16)) for number in range(1, count + 1))


def _aliases(count: int) -> Iterator[tuple[bytes, int]]:
    return ((secrets.token_bytes(KEY_BYTES), number) for number in range(1, count + 1))


def url_of(number: int) -> str:
    return f"https://paper{number % SITES}.test/2026/section/a-slug-of-some-words-{number}"


def opened(folder: Path, number: int, now: float = NOW) -> tuple[SqliteStore, float]:
    """The store, ready to lease, and the seconds that took."""
    began = time.perf_counter()
    store = open_store(folder, StoreSettings(per_host=10_000, cluster_stories=MAX_SIGNATURES), now=now)
    store.begin_run(Run(run_id=f"r{number}"), sites=None, now=now)
    store.lease(now=now)
    return store, time.perf_counter() - began


def look_ups(store: SqliteStore, count: int, urls: int, clock: Callable[[], float] = time.process_time) -> float:
    """Look-ups a second; half of the URLs are known."""
    chance = random.Random(2)
    keys = [url_key(url_of(chance.randrange(urls))) for _ in range(count)]
    began = clock()
    found = sum(store.is_known(key) for key in keys)
    took = clock() - began
    assert 0.4 < found / count < 0.6
    return count / took


def _size_mb(folder: Path) -> float:
    return sum(path.stat().st_size for path in (folder / ".newsbot").iterdir()) / 1e6


def leave_the_cache(folder: Path) -> None:
    """Have the kernel forget what it holds of the state, so that the next look is at the disk."""
    for path in (folder / ".newsbot").iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def commits(store: SqliteStore, count: int, *, new_links: int) -> Figure:
    """What a story's commit takes, with 20 teasers and 20 links, of which *new_links* are of stories that nobody has
    named before; the others are those of the stories before.
    """
    chance, used, took = random.Random(3), [], []
    for number in range(new_links * 1_000_000, new_links * 1_000_000 + count):
        store.add([Entry(url=story_url(number), kind="story", site=_site(number), priority=100)], now=NOW)
        lease = store.lease(now=NOW)
        assert lease is not None
        page = _page(lease.url, number, chance, new_links)
        began, cpu = time.perf_counter(), time.process_time()
        store.commit(page, lease, now=NOW + number)
        used.append((time.process_time() - cpu) * 1000)
        took.append((time.perf_counter() - began) * 1000)
        store.publish(now=NOW)
    name = f"commit of a story, 20 teasers, {new_links} new links, median"
    late = f"{statistics.quantiles(used, n=100)[98]:.1f} ms at 99 %; by the clock {statistics.median(took):.1f} ms"
    return Figure(name=name, value=statistics.median(used), reach=1, aim=0.7, unit="ms", note=late)


def _site(number: int) -> str:
    return f"paper{number % SITES}.test"


def story_url(number: int) -> str:
    """Where the story *number* of the commits is."""
    return f"https://{_site(number)}/today/story-{number}"


def _page(url: str, number: int, chance: random.Random, new_links: int) -> Capture:
    words = [_word(chance) for _ in range(400)]
    paragraphs = [" ".join(words[at : at + 40]) + "." for at in range(0, 400, 40)]
    body, blocks = "\n".join(paragraphs), []
    for paragraph in paragraphs:
        start = blocks[-1].end + 1 if blocks else 0
        blocks.append(BodyBlock(kind="paragraph", start=start, end=start + len(paragraph)))
    site = _site(number)
    # The stories of the same site before this one, and new ones.
    others = [story_url(number - SITES * (each + 1)) for each in range(20 - new_links)]
    others += [f"https://{site}/today/other-{number}-{each}" for each in range(new_links)]
    made = Capture(
        page=PageVisit(
            url=url, requested_url=url, site=site, status=200, outcome="story", fetched_at=rfc3339(NOW + number)
        ),
        story=Story(url=url, headline=f"Story {number}", body=body, body_blocks=blocks),
        teasers=[
            Teaser(headline=f"Other {at}", target_url=other, block_index=1, rank_in_block=at + 1)
            for at, other in enumerate(others)
        ],
        links=[Link(url=other, kind="story") for other in others],
    )
    identify(made)
    return made


def _word(chance: random.Random) -> str:
    """A made-up word of two or three syllables, one of some ten thousand."""
    return "".join(chance.choice("bdfgklmnprst") + chance.choice("aeiou") for _ in range(chance.choice((2, 2, 3))))


def near_duplicates(store: SqliteStore, count: int) -> tuple[float, float]:
    """Median microseconds to sign a story of 400 words, and to learn that it is no copy of any other."""
    clusters, chance = Clusters(store.database), random.Random(4)
    signing, asking = [], []
    for number in range(count):
        story = _told(number, chance)
        began = time.process_time()
        made = _signed(story.body)
        signing.append((time.process_time() - began) * 1e6)
        began = time.process_time()
        found = clusters.most_alike(made, keys_of(made.values.tobytes()))
        asking.append((time.process_time() - began) * 1e6)
        assert found is None
    return statistics.median(signing), statistics.median(asking)


def near_copies(store: SqliteStore, count: int, signatures: int) -> float:
    """Median microseconds to find the original of a copy: whole, cut in half, or with as much other text around it.

    The originals take the places of some of the *signatures*, all over the table.
    """
    clusters, chance = Clusters(store.database), random.Random(5)
    places = [1 + at * max(1, signatures // count) for at in range(count)]
    bodies = [_told(number, chance).body or "" for number in places]
    with store.database:
        for number, body in zip(places, bodies, strict=True):
            made = _signed(body)
            values = made.values.tobytes()
            store.database.execute("REPLACE INTO signature VALUES (?, ?, ?, ?)", (number, values, made.size, NOW))
            rows = [(key, number) for key in keys_of(values)]
            store.database.executemany("INSERT OR IGNORE INTO band VALUES (?, ?)", rows)
    took, right = [], 0
    for at in chance.sample(range(count), count):
        other = _told(at, chance).body or ""
        made = _signed((bodies[at], bodies[at][: len(bodies[at]) // 2], f"{other}\n{bodies[at]}")[at % 3])
        began = time.process_time()
        found = clusters.most_alike(made, keys_of(made.values.tobytes()))
        took.append((time.process_time() - began) * 1e6)
        right += found is not None and found[1] == places[at]
    assert right >= 0.99 * count
    return statistics.median(took)


def _told(number: int, chance: random.Random) -> Story:
    story = _page(story_url(number), number, chance, 0).story
    assert story is not None
    return story


def _signed(body: str | None) -> Sketch:
    made = sketch(text for _, text in sentence_hashes(body, "paper.test"))
    assert made is not None
    return made


def figures(
    folder: Path, *, urls: int = 10_000_000, versions: int = 2_000_000, signatures: int = 1_000_000, pages: int = 2_000
) -> Iterator[Figure]:
    """Each figure of a state of such a size, made in *folder*."""
    store, empty_s = opened(folder, 0)
    sizes = fill(store, urls, versions, signatures)
    for name, reach, aim in (("known URL", 40, 30), ("version", None, None), ("signature", None, None)):
        yield Figure(name=f"bytes a {name}", value=sizes[name], reach=reach, aim=aim, unit="B")
    store.add([Entry(url=url_of(-1), kind="section", site="paper.test")], now=NOW)
    store.close()
    note = f"{urls:,} URLs, {versions:,} versions; an empty state {empty_s:.2f} s"
    for number, name in enumerate(("with the day's check of the whole", "", "nothing cached"), 1):
        print(f"  opening the state of {_size_mb(folder):,.0f} MB", file=sys.stderr, flush=True)
        if name == "nothing cached":
            leave_the_cache(folder)
        store, start_s = opened(folder, number, NOW + DAY_S)
        yield Figure(name=f"start of the store {name}", value=start_s, reach=2, aim=1, unit="s", note=note)
        if name != "nothing cached":
            store.close()
    cold = 1e6 / look_ups(store, min(2_000, urls), urls, time.perf_counter)
    yield Figure(name="look-up of a URL, nothing cached", value=cold, reach=100, aim=100, unit="µs")
    look_ups(store, min(200_000, urls), urls)
    warm = look_ups(store, min(200_000, urls), urls)
    yield Figure(
        name="look-up of a URL", value=1e6 / warm, reach=20, aim=15, unit="µs", note=f"{warm:,.0f} look-ups a second"
    )
    signing, asking = near_duplicates(store, pages)
    yield Figure(name="near duplicates: a signature", value=signing, reach=200, aim=120, unit="µs")
    note = f"{signatures:,} signatures"
    name = "near duplicates: query of a story that is no copy"
    yield Figure(name=name, value=asking, reach=100, aim=70, unit="µs", note=note)
    finding = near_copies(store, pages, signatures)
    yield Figure(name="near duplicates: query of a copy", value=finding, reach=None, aim=None, unit="µs", note=note)
    for new_links in (20, 1):
        yield commits(store, pages, new_links=new_links)
    store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--versions", type=int, default=200_000)
    parser.add_argument("--signatures", type=int, default=100_000)
    parser.add_argument("--pages", type=int, default=2_000, help="stories committed at the end")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsbot-scale-") as work:
        for figure in figures(Path(work) / "output", **vars(options)):
            print(line(figure), flush=True)


if __name__ == "__main__":
    main()
