"""SIGKILLs at random instants of the real ``scrapy crawl archive``, many in a row on one state.

    python -m benchmarks.scale.kills --kills 200 --seed 1

What comes in: how many kills, a seed. What goes out: what was lost, doubled and torn (nothing), and how often the
output was whole between kills. After each kill the folder's invariants hold and a reader sees no file vanish or
change; whenever a process comes to its end, the lines are those of an undisturbed run, and a new folder is begun.
The pages are made up here; the test suite runs the same with 25 kills.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from newsbot.storage.check import findings

KINDS = ("stories", "teasers", "pages", "events")
_WORDS = "harbour ferry council budget storm bridge mayor school train river market festival museum winter".split()
_START_S = 60.0


@dataclass(slots=True)
class Outcome:
    """What a series of kills did; every list is empty when all went well."""

    kills: int = 0
    whole_runs: int = 0
    differences: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    vanished: list[str] = field(default_factory=list)
    codes: Counter[int] = field(default_factory=Counter)


def write_archive(path: Path, pages: int, *, seed: int = 0) -> None:
    """A WARC file of *pages* made-up stories of one site, each with two teasers of others."""
    from warcio.statusandheaders import StatusAndHeaders
    from warcio.warcwriter import WARCWriter

    chance = random.Random(seed)
    with path.open("wb") as stream:
        writer = WARCWriter(stream, gzip=True)
        for number in range(pages):
            headers = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
            record = writer.create_warc_record(
                f"https://harbour.test/town/story-{number}",
                "response",
                payload=BytesIO(_page(number, pages, chance).encode()),
                http_headers=headers,
                warc_headers_dict={
                    "WARC-Date": f"2026-03-01T{number // 3600 % 24:02d}:{number // 60 % 60:02d}:{number % 60:02d}Z"
                },
            )
            writer.write_record(record)


def _page(number: int, pages: int, chance: random.Random) -> str:
    paragraphs = "".join(f"<p>{_sentence(chance)} {_sentence(chance)} {_sentence(chance)}</p>" for _ in range(8))
    others = (chance.randrange(pages) for _ in range(2))
    cards = "".join(
        f'<li><a href="/town/story-{other}">Story {other} of the {_WORDS[other % 14]}</a></li>' for other in others
    )
    headline = f"Story {number} of the {_WORDS[number % 14]}"
    return (
        f"<!doctype html><html lang=en><head><title>{headline}</title></head><body><article><h1>{headline}</h1>"
        f"{paragraphs}</article><aside><h2>More</h2><ul>{cards}</ul></aside></body></html>"
    )


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(12)).capitalize() + "."


def command(archive: Path, output: Path) -> list[str]:
    """The crawl of *archive* into *output*, with small segments so that there is much to publish."""
    settings = ("-s", f"NEWSBOT_OUTPUT={output}", "-s", "NEWSBOT_STORE_SEGMENT_LINES=10", "-s", "LOG_LEVEL=ERROR")
    return [sys.executable, "-m", "scrapy", "crawl", "archive", "-a", f"warc={archive}", *settings]


def content(folder: Path) -> dict[str, Counter[str]]:
    """Every line of each kind, without its run's id, with how often it stands there."""
    return {
        kind: Counter(_without_run(line) for path in (folder / kind).glob("*.jsonl") for line in path.open())
        for kind in KINDS
    }


def _without_run(line: str) -> str:
    record = json.loads(line)
    del record["run_id"]
    return json.dumps(record)


def run_kills(work: Path, *, kills: int, seed: int, pages: int) -> Outcome:
    """Kill the crawl of a made-up archive *kills* times at instants spread evenly over its time."""
    archive = work / "pages.warc.gz"
    write_archive(archive, pages)
    began = time.monotonic()
    subprocess.run(command(archive, work / "undisturbed"), check=True, stderr=subprocess.DEVNULL)
    takes_s = time.monotonic() - began
    expected = content(work / "undisturbed")
    assert sum(expected["stories"].values()) == pages, "every page of the archive tells a story"
    chance, outcome, round_ = random.Random(seed), Outcome(), 0
    seen: dict[str, bytes] = {}
    while outcome.kills < kills:
        folder = work / f"killed-{round_}"
        # From the first import to the end, so that starts and ends are hit as well.
        began = time.monotonic()
        code = _start_and_kill(command(archive, folder), chance.uniform(0.05, 1.0) * takes_s)
        outcome.codes[code] += 1
        outcome.kills += code == -signal.SIGKILL
        seen = _look(folder, seen, outcome)
        if code == 0:
            takes_s = min(takes_s, time.monotonic() - began)  # the first one may have met a busy machine
            _compare(folder, expected, outcome)
            round_, seen = round_ + 1, {}
    folder = work / f"killed-{round_}"
    outcome.codes[subprocess.run(command(archive, folder), check=False, stderr=subprocess.DEVNULL).returncode] += 1
    _look(folder, seen, outcome)
    _compare(folder, expected, outcome)
    return outcome


def _start_and_kill(arguments: list[str], after_s: float) -> int:
    process = subprocess.Popen(arguments, stderr=subprocess.DEVNULL)
    try:
        return process.wait(after_s)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait(_START_S)


def _look(folder: Path, seen: dict[str, bytes], outcome: Outcome) -> dict[str, bytes]:
    """Check the invariants of a dead process's folder, and that a reader finds what it saw before."""
    parts = (each for each in findings(folder) if not (each.code == "I11" and each.where.endswith(".part")))
    outcome.broken += [f"{each.code} {each.where} {each.what}" for each in parts]
    now = {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*.jsonl")}
    outcome.vanished += [name for name, data in seen.items() if now.get(name) != data]
    return now


def _compare(folder: Path, expected: dict[str, Counter[str]], outcome: Outcome) -> None:
    outcome.whole_runs += 1
    found = content(folder)
    for kind in KINDS:
        lost, more = expected[kind] - found[kind], found[kind] - expected[kind]
        if lost or more:
            outcome.differences.append(f"{kind}: {sum(lost.values())} lost, {sum(more.values())} more")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--pages", type=int, default=600)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="newsbot-kills-") as folder:
        outcome = run_kills(Path(folder), kills=options.kills, seed=options.seed, pages=options.pages)
    print(f"{outcome.kills} kills, {outcome.whole_runs} crawls brought to their end; exit codes {dict(outcome.codes)}")
    print(f"lines lost or more: {outcome.differences or 'none'}")
    print(f"invariants broken: {outcome.broken or 'none'}; files vanished or changed: {outcome.vanished or 'none'}")
    if outcome.differences or outcome.broken or outcome.vanished:
        sys.exit(1)


if __name__ == "__main__":
    main()
