"""Count the text that is story and teaser at once, on every page of a kit: there should be none.

    python -m benchmarks.quality.overlap --kit FOLDER [--every N] [--list]

Three counts: lines of a body that newsbot itself also gives as a teaser's text; headlines that the kit labels as
teasers and that stand as a line in the body newsbot found; paragraphs that the kit's truth holds for story and that
newsbot gives as a teaser's headline or summary. Exit code 1 if any is above zero.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from newsbot.core.errors import ExtractionError
from newsbot.extract import extract_page
from newsbot.items.identity import folded
from newsbot.items.model import Capture

# Shorter lines may stand on a page twice by chance ("Read more", a subheading).
MIN_CHARS = 30


def main(argv: list[str] | None = None) -> int:
    """Run the command line; 1 if some text is both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kit", type=Path, required=True, help="folder with pages/ and teasers/")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth page of pages/")
    parser.add_argument("--list", action="store_true", help="print each such text")
    args = parser.parse_args(argv)
    counts: Counter[str] = Counter()
    for what, page, text in found(args.kit, args.every, counts):
        counts[what] += 1
        if args.list:
            print(f"{what}\t{page}\t{text[:120]}")
    kinds = ("body line is a teaser", "labelled teaser in body", "true paragraph in teaser")
    print(f"{counts['pages']} pages, {counts['unread']} unread")
    for kind in kinds:
        print(f"{kind}: {counts[kind]}")
    return int(any(counts[kind] for kind in kinds))


def found(kit: Path, every: int, counts: Counter[str]) -> Iterator[tuple[str, str, str]]:
    """(kind, page, text) of all text that is both, page by page; pages are counted in *counts*."""
    for label in sorted((kit / "teasers" / "labels").glob("*.json")):
        truth = json.loads(label.read_text("utf-8"))
        capture = _capture(kit / "teasers" / "pages" / f"{label.stem}.html.gz", truth["url"], counts)
        if capture is None:
            continue
        yield from (("body line is a teaser", truth["id"], text) for text in _shared(capture))
        lines = _lines(capture)
        for block in truth["blocks"]:
            for teaser in block["teasers"]:
                if folded(teaser["title"]) in lines and not block.get("neutral"):
                    yield "labelled teaser in body", truth["id"], teaser["title"]
    for number, line in enumerate((kit / "pages" / "truth.jsonl").read_text("utf-8").splitlines()):
        if number % every:
            continue
        truth = json.loads(line)
        capture = _capture(kit / "pages" / truth["file"], truth["url"], counts)
        if capture is None:
            continue
        yield from (("body line is a teaser", truth["id"], text) for text in _shared(capture))
        texts = _teaser_texts(capture)
        for paragraph in truth.get("paragraphs") or ():
            if len(paragraph) >= MIN_CHARS and folded(paragraph) in texts:
                yield "true paragraph in teaser", truth["id"], paragraph


def _capture(path: Path, url: str, counts: Counter[str]) -> Capture | None:
    counts["pages"] += 1
    try:
        return extract_page(gzip.decompress(path.read_bytes()), url)
    except ExtractionError:
        counts["unread"] += 1
        return None


def _lines(capture: Capture) -> set[str]:
    body = capture.story.body if capture.story is not None else None
    return {folded(line) for line in (body or "").splitlines() if len(line) >= MIN_CHARS}


def _teaser_texts(capture: Capture) -> set[str]:
    texts = [text for teaser in capture.teasers for text in (teaser.headline, teaser.summary)]
    return {folded(text) for text in texts if text and len(text) >= MIN_CHARS}


def _shared(capture: Capture) -> list[str]:
    return sorted(_lines(capture) & _teaser_texts(capture))


if __name__ == "__main__":
    sys.exit(main())
