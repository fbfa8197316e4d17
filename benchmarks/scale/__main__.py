"""The state at the size of a year: start, look-ups, commits and bytes.

    python -m benchmarks.scale --urls 10000000 --versions 2000000

What comes in: how many known URLs and versions of stories. What goes out: seconds to start, look-ups a second,
milliseconds a commit, bytes a URL. The database is filled by SQL as the store's own code would have filled it row by
row (the keys are hashes, in the order of chance), which takes minutes instead of hours.
"""

from __future__ import annotations

import argparse
import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from newsbot.items.identity import KEY_BYTES, identify, url_key
from newsbot.items.model import BodyBlock, Capture, Link, PageVisit, Run, Story, Teaser
from newsbot.storage.base import Entry, StoreSettings
from newsbot.storage.lines import rfc3339
from newsbot.storage.sqlite import SqliteStore, open_store

NOW = 1_772_344_800.0
INSERT_STORY = """
    INSERT INTO story (id, story_id, site, url, revision, version_id, stable_id, headline, headline_key, first_at)
    VALUES (?, ?, ?, ?, 1, ?, ?, ?, ?, ?)
"""
BATCH = 200_000


def fill(store: SqliteStore, urls: int, versions: int) -> dict[str, float]:
    """Make the state know so many URLs and versions; bytes a known URL and a version."""
    database = store.database
    sizes = [_size(store)]
    for table, count, rows in (
        ("INSERT INTO known VALUES (?, ?)", urls, _known),
        (INSERT_STORY, versions, _stories),
        ("INSERT INTO version VALUES (?, 1, ?)", versions, _versions),
        ("INSERT INTO alias VALUES (?, ?, 0)", versions, _aliases),
    ):
        for start in range(0, count, BATCH):
            database.execute("BEGIN")
            database.executemany(table, rows(start, min(BATCH, count - start)))
            database.execute("COMMIT")
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        sizes.append(_size(store))
    return {"bytes a known URL": (sizes[1] - sizes[0]) / urls, "bytes a version": (sizes[4] - sizes[1]) / versions}


def _size(store: SqliteStore) -> int:
    pages = store.database.execute("PRAGMA page_count").fetchone()[0]
    return int(pages) * int(store.database.execute("PRAGMA page_size").fetchone()[0])


def _known(start: int, count: int) -> Iterator[tuple[bytes, int]]:
    # Half of these are URLs that `url_of` gives, so that look-ups can hit.
    for number in range(start, start + count):
        yield (url_key(url_of(number)) if number % 2 == 0 else secrets.token_bytes(KEY_BYTES)), 20_000


def _stories(start: int, count: int) -> Iterator[tuple[object, ...]]:
    for number in range(start + 1, start + count + 1):
        version = secrets.token_bytes(16)
        headline = f"A headline of about sixty characters, as papers write them {number}"
        url = f"https://paper{number % 170}.test/section/a-slug-of-some-words-{number}"
        key = secrets.token_bytes(8)
        yield (
            number,
            f"s{secrets.token_hex(16)}",
            f"paper{number % 170}.test",
            url,
            version,
            version,
            headline,
            key,
            0.0,
        )


def _versions(start: int, count: int) -> Iterator[tuple[int, bytes]]:
    return ((number, secrets.token_bytes(16)) for number in range(start + 1, start + count + 1))


def _aliases(start: int, count: int) -> Iterator[tuple[bytes, int]]:
    return ((secrets.token_bytes(KEY_BYTES), number) for number in range(start + 1, start + count + 1))


def url_of(number: int) -> str:
    return f"https://paper{number % 170}.test/2026/section/a-slug-of-some-words-{number}"


def opened(folder: Path, number: int) -> tuple[SqliteStore, float]:
    """The store, ready to lease, and the seconds that took."""
    began = time.perf_counter()
    store = open_store(folder, StoreSettings(per_host=10_000), now=NOW)
    store.begin_run(Run(run_id=f"r{number}"), sites=None, now=NOW)
    store.lease(now=NOW)
    return store, time.perf_counter() - began


def look_ups(store: SqliteStore, count: int, urls: int) -> float:
    """Offered URLs a second: half of them are known, and so not entered."""
    chance = random.Random(2)
    keys = [url_key(url_of(chance.randrange(urls))) for _ in range(count)]
    began = time.perf_counter()
    found = sum(store.is_known(key) for key in keys)
    took = time.perf_counter() - began
    assert 0.4 < found / count < 0.6
    return count / took


def commits(store: SqliteStore, count: int) -> tuple[float, float]:
    """(median, 99th percentile) of the milliseconds of a story's commit, with 20 teasers, 20 links and a lease."""
    chance, took = random.Random(3), []
    for number in range(count):
        url = f"https://paper{number % 170}.test/today/story-{number}"
        store.add([Entry(url=url, kind="story", site=f"paper{number % 170}.test", priority=100)], now=NOW)
        lease = store.lease(now=NOW)
        assert lease is not None
        page = _page(lease.url, number, chance)
        began = time.perf_counter()
        store.commit(page, lease, now=NOW)
        took.append((time.perf_counter() - began) * 1000)
        store.publish(now=NOW)
    return statistics.median(took), statistics.quantiles(took, n=100)[98]


def _page(url: str, number: int, chance: random.Random) -> Capture:
    words = [f"word{chance.randrange(5000)}" for _ in range(400)]
    paragraphs = [" ".join(words[at : at + 40]) + "." for at in range(0, 400, 40)]
    body, blocks = "\n".join(paragraphs), []
    for paragraph in paragraphs:
        start = blocks[-1].end + 1 if blocks else 0
        blocks.append(BodyBlock(kind="paragraph", start=start, end=start + len(paragraph)))
    site = url.split("/")[2]
    others = [f"https://{site}/today/other-{number}-{each}" for each in range(20)]
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--urls", type=int, default=1_000_000)
    parser.add_argument("--versions", type=int, default=200_000)
    parser.add_argument("--commits", type=int, default=2_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsbot-scale-") as work:
        folder = Path(work) / "output"
        store, empty_s = opened(folder, 0)
        for name, value in fill(store, options.urls, options.versions).items():
            print(f"{name}: {value:.1f}")
        store.add([Entry(url=url_of(-1), kind="section", site="paper.test")], now=NOW)
        store.close()
        store, start_s = opened(folder, 1)
        print(f"start: {start_s:.2f} s ({empty_s:.2f} s with an empty state); {options.urls:,} URLs known")
        print(f"look-ups: {look_ups(store, 200_000, options.urls):,.0f} a second")
        median, late = commits(store, options.commits)
        print(f"commit of a story with 20 teasers and 20 links: {median:.2f} ms median, {late:.2f} ms at 99 %")
        size = sum(path.stat().st_size for path in (folder / ".newsbot").iterdir())
        print(f"the state: {size / 1e6:,.0f} MB")
        store.close()


if __name__ == "__main__":
    main()
