"""What segmentation costs in Python and in C, in bare lxml parses of the same pages.

    python -m benchmarks.compiled --kit FOLDER

Builds ``segment.c`` with the machine's C compiler into a temporary folder and runs it on the libxml2 inside lxml's own
module, so that parser and pages are the same on both sides. Prints how many blocks came out the same, too: the
prototype leaves some of `newsbot.core.blocks` out (landmarks, React's streamed parts, limits).
"""

from __future__ import annotations

import argparse
import ctypes
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import lxml
import numpy as np
from lxml import etree

from benchmarks.speed.measure import in_turn, ratio
from benchmarks.speed.pages import saved_pages
from newsbot.core.blocks import _WORDS as KIND_WORDS
from newsbot.core.blocks import segment
from newsbot.core.page import Page, read_page

SOURCE = Path(__file__).with_name("segment.c")
# As `enum Kind` of segment.c has them; a tag that stands in several lists keeps its last kind, and <br> is a break.
KINDS = (("inline", 2), ("format", 3), ("untext", 6))
UNTEXT_VOID = "base meta link"
BLOCK_FIELDS = """node start end first_piece end_piece hidden
    chars words digits capitals stops commas link_chars""".split()
BLOCK = np.dtype([(name, np.int32) for name in BLOCK_FIELDS])


class Silent:
    """A parser target that does nothing: what lxml's calls into Python cost alone."""

    def start(self, _name: str, _attrs: dict[str, str]) -> None:
        """An element begins."""

    def end(self, _name: str) -> None:
        """An element ends."""

    def data(self, _text: str) -> None:
        """Text."""

    def close(self) -> None:
        """The document ends."""


def built(folder: Path) -> ctypes.CDLL:
    """The compiled prototype; `SystemExit` with the compiler's words if it cannot be built."""
    library = folder / "segment.so"
    includes = Path(lxml.__file__).parent / "includes"
    command = [
        "cc",
        "-O2",
        "-shared",
        "-fPIC",
        f"-I{includes}",
        f"-I{includes}/libxml",
        str(SOURCE),
        "-o",
        str(library),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{SOURCE.name} was not compiled (a C compiler is needed): {done.stderr[-600:]}")
    ctypes.CDLL(etree.__file__, mode=ctypes.RTLD_GLOBAL)  # the libxml2 that lxml brings
    core = ctypes.CDLL(str(library))
    core.items.restype = ctypes.c_void_p
    for words, kind in KINDS:
        core.name_kind(KIND_WORDS[words].encode(), kind)
    core.name_kind(UNTEXT_VOID.encode(), 5)
    core.name_kind(b"br", 4)
    return core


def compiled_segments(core: ctypes.CDLL) -> Callable[[Page], list[str]]:
    """Segmentation in C, with what Python needs of it.

    Texts of blocks, names and values of attributes as `str`; nodes, blocks, pieces and links as rows of numbers;
    scripts that hold data as bytes.
    """

    def items(which: int) -> bytes:
        size = ctypes.c_int()
        start = core.items(which, ctypes.byref(size))
        return ctypes.string_at(start, size.value) if start else b""

    def work(page: Page) -> list[str]:
        core.segment(page.html, len(page.html))
        blocks = np.frombuffer(items(1), BLOCK)
        for which in (0, 2, 3):
            np.frombuffer(items(which), np.int32)
        items(5).decode("utf-8", "replace").split("\0")
        items(6)
        text, ends = items(4), blocks["end"].tolist()
        return [text[start:end].decode() for start, end in zip(blocks["start"].tolist(), ends, strict=True)]

    return work


def bare_parse(page: Page) -> object:
    """lxml's tree."""
    return etree.fromstring(page.html, etree.HTMLParser(encoding="utf-8", huge_tree=True))


def silent_parse(page: Page) -> object:
    """lxml with a target that does nothing."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, target=Silent())
    return etree.fromstring(page.html, parser)


def main() -> None:
    """Measure, compare, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.compiled", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--kit", type=Path, help="folder with *.html.gz below it; default: the demo newsroom's pages")
    parser.add_argument("--limit", type=int, default=100, help="at most so many pages, evenly taken (default 100)")
    parser.add_argument("--rounds", type=int, default=3, help="rounds in turn (default 3)")
    options = parser.parse_args()
    pages = [read_page(page.body, page.url) for page in saved_pages(options.kit, options.limit)]
    with tempfile.TemporaryDirectory() as folder:
        in_c = compiled_segments(built(Path(folder)))
        works = {
            "bare parse": bare_parse,
            "target that does nothing": silent_parse,
            "segment in Python": segment,
            "segment in C": in_c,
        }
        timed = in_turn(works, pages, options.rounds)
        same = total = 0
        for page in pages:
            ours = Counter(block.text for block in segment(page).blocks)
            same += sum((ours & Counter(in_c(page))).values())
            total += sum(ours.values())
    for name, timing in timed.items():
        value, spread = ratio(timing, timed["bare parse"])
        print(f"{name:28} {value:6.2f} ± {spread:.2f} bare parses")
    print(f"{same} of {total} blocks of {len(pages)} pages have the same text in both")


if __name__ == "__main__":
    main()
