"""``python -m benchmarks.fuzz.guards``: what the guards cost on good pages, beside what the page costs, in one run.

What comes in: the demo's pages, or those of ``--kit FOLDER`` (its ``*.html`` and ``*.html.gz`` files). What goes out:
the share of the guards: the gates before parsing, the checks of each request and answer, and those of each link that
is followed.
"""

from __future__ import annotations

import argparse
import gzip
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from newsbot.core.page import check_markup, refuse_foreign
from newsbot.core.urls import clean_url, is_pathological, is_same_site
from newsbot.demo.press import Press
from newsbot.extract import extract_page
from newsbot.network.addresses import AddressPolicy
from newsbot.network.robots import parse_rules

GOAL = 0.05
BASE = "https://paper.example"
ROBOTS = b"User-agent: *\n" + b"".join(b"Disallow: /closed-%d/\n" % n for n in range(60)) + b"Disallow: /*?print=\n"


@dataclass(frozen=True)
class GoodPage:
    """A page and the links that a crawl would follow from it."""

    url: str
    body: bytes
    links: tuple[str, ...]


def main() -> int:
    """Measure page by page, guards and page in turn; 1 if the share is above the goal."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz.guards")
    parser.add_argument("--kit", type=Path, help="a folder of HTML files instead of the demo's pages")
    parser.add_argument("--limit", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    pages = list(_kit_pages(chosen.kit, chosen.limit) if chosen.kit else _demo_pages())[: chosen.limit]
    rules = parse_rules(ROBOTS)
    policy = AddressPolicy()

    def guard(page: GoodPage) -> None:
        _check_request(page.url, rules.allows, policy)
        refuse_foreign(page.body, page.url)
        check_markup(page.body, page.url)
        for link in page.links:
            is_same_site(page.url, link)
            is_pathological(link)

    guards_s, pages_s = [], []
    for page in pages:
        times = [(_seconds(guard, page), _seconds(_read, page)) for _ in range(chosen.rounds)]
        guards_s.append(min(one for one, _ in times))
        pages_s.append(min(one for _, one in times))
    share = sum(guards_s) / sum(pages_s)
    print(f"{len(pages)} pages, {sum(len(page.body) for page in pages) / len(pages) / 1024:.0f} KiB on average")
    print(f"guards {median(guards_s) * 1e6:.0f} us a page, the page {median(pages_s) * 1e3:.2f} ms (medians)")
    print(f"share of the guards: {share:.1%}, the goal is {GOAL:.0%}")
    return int(share > GOAL)


def _check_request(url: str, allows: Callable[[str, str], bool], policy: AddressPolicy) -> None:
    """What each request is asked before it is made, and its answer when it came."""
    clean_url(url)
    allows(url, "newsbot")
    policy.refusal("93.184.216.34", 443)
    policy.refusal("93.184.216.34", 443)


def _read(page: GoodPage) -> None:
    extract_page(page.body, page.url)


def _seconds(work: Callable[[GoodPage], None], page: GoodPage) -> float:
    start = time.process_time()
    work(page)
    return time.process_time() - start


def _demo_pages() -> list[GoodPage]:
    press = Press(1, BASE)
    answers = [(path, press.answer(path)) for path in press.views]
    return [_good(BASE + path, answer.body) for path, answer in answers if answer.status == 200]


def _kit_pages(folder: Path, limit: int) -> list[GoodPage]:
    paths = sorted([*folder.rglob("*.html"), *folder.rglob("*.html.gz")])
    bodies = ((path, path.read_bytes()) for path in paths[:limit])
    unpacked = ((path, gzip.decompress(body) if path.suffix == ".gz" else body) for path, body in bodies)
    return [_good(f"{BASE}/{path.stem}", body) for path, body in unpacked]


def _good(url: str, body: bytes) -> GoodPage:
    return GoodPage(url, body, tuple(link.url for link in extract_page(body, url).links))


if __name__ == "__main__":
    sys.exit(main())
