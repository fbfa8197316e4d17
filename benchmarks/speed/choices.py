"""What each choice of a setting costs or saves: the same pages with an empty callback, one setting changed at a time.

CPU time a page beside the chosen settings, each variant less a crawl of no page with it; all take turns, and the least
of the rounds counts. No row has a goal: the figures stand behind the comments of `newsbot.settings`
(docs/decisions/speed.md).
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from scrapy.settings import default_settings

from benchmarks.speed.crawl import bare_command, served
from benchmarks.speed.extraction import bare_parse
from benchmarks.speed.measure import Figure, half_range, in_turn, ratio
from benchmarks.speed.pages import SavedPage
from benchmarks.speed.processes import ROOT, environment, run
from newsbot import settings
from newsbot.network.body import decode_body

MAX_BYTES = 16 * 1024 * 1024
GUARDED = "newsbot.network.resolver.GuardedResolver"
THREADED = "scrapy.resolver.CachingThreadedResolver"


def _with_defaults(ours: dict[str, int | None], defaults: dict[str, int]) -> str:
    """*ours* with those of Scrapy's that are switched off switched on again; they do not ask robots.txt themselves."""
    off = {name for name, order in ours.items() if order is None}
    return json.dumps(ours | {name: order for name, order in defaults.items() if name in off and "robots" not in name})


# What is changed of newsbot's settings, by the name of the row.
VARIANTS: dict[str, dict[str, str]] = {
    "as chosen": {},
    "CONCURRENT_ITEMS = 100": {"CONCURRENT_ITEMS": "100"},
    "Scrapy's downloader middlewares on again": {
        "DOWNLOADER_MIDDLEWARES": _with_defaults(
            settings.DOWNLOADER_MIDDLEWARES, default_settings.DOWNLOADER_MIDDLEWARES_BASE
        )
    },
    "Scrapy's spider middlewares on again": {
        "SPIDER_MIDDLEWARES": _with_defaults(settings.SPIDER_MIDDLEWARES, default_settings.SPIDER_MIDDLEWARES_BASE)
    },
    "Scrapy's resolver": {"TWISTED_DNS_RESOLVER": THREADED},
    "uvloop": {"ASYNCIO_EVENT_LOOP": "uvloop.Loop"},
}


def figures(pages: list[SavedPage], folder: Path, rounds: int, count: int) -> Iterator[Figure]:
    """The variants, the encodings of bodies, the resolvers."""
    yield from _variants(pages, folder, rounds, count)
    yield from _encodings(pages, rounds)
    for resolver in (GUARDED, THREADED, "scrapy.resolver.CachingHostnameResolver"):
        yield from _look_ups(resolver)


def _variants(pages: list[SavedPage], folder: Path, rounds: int, count: int) -> Iterator[Figure]:
    chosen = {name: change for name, change in VARIANTS.items() if name != "uvloop" or _has("uvloop")}
    with served(pages, folder / "choices", count) as base:
        costs = _costs(base, chosen, rounds, count)
    yield from _beside("as chosen", costs)


def _costs(base: str, variants: dict[str, dict[str, str]], rounds: int, count: int) -> dict[str, list[float]]:
    """CPU milliseconds a page with each change of settings, in each round."""
    costs: dict[str, list[float]] = {name: [] for name in variants}
    for _ in range(rounds):
        for name, change in variants.items():
            used, start = (run(bare_command(base, n, frame=change), cwd=ROOT).cpu_s for n in (count, 0))
            costs[name].append(1000 * (used - start) / count)
    return costs


def _beside(first: str, costs: dict[str, list[float]]) -> Iterator[Figure]:
    """Each variant ÷ the first one, by the least of the rounds: what else a machine does only adds."""
    for name, values in costs.items():
        ratios = [one / other for one, other in zip(values, costs[first], strict=True)]
        yield Figure(
            name=f"{name} ÷ {first}",
            value=min(values) / min(costs[first]),
            spread=half_range(ratios),
            note=f"{min(values):.2f} ms a page",
        )


def _encodings(pages: list[SavedPage], rounds: int) -> Iterator[Figure]:
    """Each encoding that is asked for, undone, in bare parses; as servers make it that encode at once."""
    import brotli  # type: ignore[import-untyped]  # ships no types
    from backports import zstd

    encoders: dict[str, Callable[[bytes], bytes]] = {
        "gzip": lambda body: gzip.compress(body, 6),
        "br": lambda body: bytes(brotli.compress(body, quality=5)),
        "zstd": lambda body: zstd.compress(body, 3),
    }
    encoded = [{name: encode(page.body) for name, encode in encoders.items()} for page in pages]
    bodies = list(zip(pages, encoded, strict=True))
    works: dict[str, Callable[[tuple[SavedPage, dict[str, bytes]]], object]] = {
        name: lambda body, name=name: decode_body(body[1][name], [name], max_bytes=MAX_BYTES)  # type: ignore[misc]
        for name in encoders
    }
    timings = in_turn(works | {"bare": lambda body: bare_parse(body[0])}, bodies, rounds)
    plain = sum(len(page.body) for page in pages)
    for name in encoders:
        value, spread = ratio(timings[name], timings["bare"])
        share = sum(len(body[name]) for body in encoded) / plain
        yield Figure(name=f"{name} undone ÷ bare parse", value=value, spread=spread, note=f"{share:.2f} of the bytes")


def _look_ups(resolver: str) -> Iterator[Figure]:
    command = [sys.executable, "-m", "benchmarks.speed.names", resolver]
    found = json.loads(subprocess.run(command, cwd=ROOT, env=environment(), check=True, capture_output=True).stdout)
    name = f"look-up of a name, {resolver.rpartition('.')[2]}"
    yield Figure(name=name, value=found["first_us"], unit="µs", note=f"{found['kept_us']:.0f} µs when it is kept")


def _has(module: str) -> bool:
    return importlib.util.find_spec(module) is not None
