"""Good text that repair must leave as it is.

Nothing of it is stored: it is read, when the benchmark runs, from the translated manual pages and message catalogues
of this machine and from the pages of a kit. Changes that a reader asks for (invisible signs, spaces, entities,
Unicode's normal form) are counted apart from false ones.
"""

from __future__ import annotations

import gettext
import glob
import gzip
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from newsbot.core.blocks import segment
from newsbot.core.errors import ExtractionError
from newsbot.core.mojibake_signs import CODECS, Surroundings
from newsbot.core.page import read_page
from newsbot.items.repair import repair_text

HARD = Path(__file__).with_name("hard.txt")
_SENTENCE_END = re.compile(r"(?<=[.!?。！？…])\s+|\n")
# "Ã" or "Â" before a sign that no language writes there: UTF-8 that somebody's tool took for Latin-1.
_IS_DAMAGED = re.compile("[ÂÃ][\x80-\xbfƒŠŒŽšœžŸ‚-™]")
_ROFF = re.compile(r"\\f.|\\[-&|]|\\\(..|^[.'].*$", re.MULTILINE)


def report_hard() -> dict[str, float]:
    """Print what repair does to the hard cases (lines of language, tab, text), and return how often it changes one."""
    lines = [line.split("\t", 1) for line in HARD.read_text(encoding="utf-8").splitlines() if line]
    # On a page of which other text is damaged, too: by each wrong decoder, and by all of them.
    proven = [frozenset[str](), *(frozenset((name,)) for name in CODECS), frozenset(CODECS)]
    changed = [
        (text, repaired)
        for language, text in lines
        for codecs in proven
        for repaired in [repair_text(text, Surroundings(language, codecs))[0]]
        if repaired != text
    ]
    print(f"hard cases: {len(lines)} texts, each beside {len(proven)} kinds of other text, {len(changed)} changed")
    for text, repaired in changed:
        print(f"    {text!r} -> {repaired!r}")
    return {"hard_changed": len(changed)}


def report_clean(kit: Path | None, limit: int, *, samples: int) -> dict[str, float]:
    """Print the changes in up to *limit* good sentences by kind, and return how many of wrong decoding are false.

    Some sentences stand damaged where they are kept (`_IS_DAMAGED`): they are no good text, and are counted apart. The
    false changes are listed, up to *samples* or twenty. Marks leave the text alone and are counted apart.
    """
    counts: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    languages: Counter[str] = Counter()
    shown: list[str] = []
    damaged = 0
    seen: set[int] = set()
    for source, language, text in _sources(kit):
        key = hash(text)
        if key in seen:
            continue
        seen.add(key)
        if _IS_DAMAGED.search(text):
            damaged += 1
            continue
        counts[source] += 1
        languages[language] += 1
        for repair in repair_text(text, Surroundings(language or None))[1]:
            kinds["marked" if repair.certainty == "marked" else repair.kind] += 1
            if repair.kind == "mojibake" and repair.certainty != "marked":
                shown.append(
                    f"{language} {repair.certainty} {repair.rule} {repair.before!r} -> {repair.after!r}: {text[:160]!r}"
                )
        if counts.total() % 10_000 == 0:
            print(f"clean: {counts.total()} sentences", file=sys.stderr, flush=True)
        if counts.total() >= limit:
            break
    print(
        f"good text: {counts.total()} sentences {dict(counts)}, {len(languages)} languages; "
        f"changes by kind: {dict(kinds)}; "
        f"left out: {damaged} that are damaged where they are kept"
    )
    for line in shown[: max(samples, 20)]:
        print("   ", line)
    return {"clean_changed": len(shown)}


def _sources(kit: Path | None) -> Iterator[tuple[str, str, str]]:
    """(source, language, sentence), the three sources in turn so that a limit takes from each."""
    streams = [iter(_manual_pages()), iter(_catalogues())] + ([iter(_kit_pages(kit))] if kit else [])
    while streams:
        for stream in list(streams):
            item = next(stream, None)
            if item is None:
                streams.remove(stream)
            else:
                yield item


def _sentences(text: str) -> Iterator[str]:
    for part in _SENTENCE_END.split(text):
        part = part.strip()
        if len(part) >= 12:
            yield part


def _interleaved(groups: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """(language, file) by turns, so that no language fills the sample."""
    while groups:
        for language in sorted(groups):
            yield language, groups[language].pop()
            if not groups[language]:
                del groups[language]


def _manual_pages() -> Iterator[tuple[str, str, str]]:
    groups: dict[str, list[str]] = {}
    for path in sorted(glob.glob("/usr/share/man/*/man*/*.gz")):
        groups.setdefault(path.split("/")[4].partition(".")[0], []).append(path)
    for language, path in _interleaved(groups):
        with gzip.open(path) as stream:
            data = stream.read()
        if data.isascii():
            continue
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            continue
        for sentence in _sentences(_ROFF.sub(" ", text)):
            yield "manual", language, sentence


def _catalogues() -> Iterator[tuple[str, str, str]]:
    groups: dict[str, list[str]] = {}
    for pattern in ("/usr/share/locale*/*/LC_MESSAGES/*.mo", "/usr/share/vim/*/lang/*/LC_MESSAGES/*.mo"):
        for path in sorted(glob.glob(pattern)):
            groups.setdefault(path.split("/")[-3].partition(".")[0], []).append(path)
    for language, path in _interleaved(groups):
        with open(path, "rb") as stream:
            try:
                catalogue = gettext.GNUTranslations(stream)
            except (OSError, UnicodeDecodeError, ValueError):
                continue
        messages: Iterable[object] = catalogue._catalog.values()  # type: ignore[attr-defined]
        for message in messages:
            if isinstance(message, str) and not message.isascii():
                for sentence in _sentences(message):
                    yield "catalogue", language, sentence


def _kit_pages(kit: Path) -> Iterator[tuple[str, str, str]]:
    for path in sorted(kit.glob("**/*.html.gz")):
        with gzip.open(path) as stream:
            body = stream.read()
        try:
            segments = segment(read_page(body, "https://kit.test/"))
        except ExtractionError:
            continue
        language = next((node.attrs.get("lang", "") for node in segments.nodes if node.tag == "html"), "")
        for block in segments.blocks:
            for sentence in _sentences(block.text):
                if not sentence.isascii():
                    yield "kit", language, sentence
