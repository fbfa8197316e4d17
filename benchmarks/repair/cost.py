"""What repair costs on good text, beside ftfy on the same text in the same run, and that it is linear to 10 MB."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence

import ftfy

from benchmarks.repair.damage import damage
from benchmarks.repair.sentences import read_sentences
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.repair import repair_text

SIZES = (100_000, 1_000_000, 10_000_000)


def report(*, is_full: bool) -> dict[str, float]:
    """Print the time for good text of all languages, of damaged text, and of each with growing size.

    Damaged text goes to the largest size with *is_full* only. Returns the time for good text as a part of ftfy's, and
    how much dearer a character is in the largest text than in the one before.
    """
    by_language: dict[str, list[str]] = {}
    for sentence in read_sentences():
        by_language.setdefault(sentence.language, []).append(sentence.text)
    texts = {language: "\n".join(lines) for language, lines in by_language.items()}
    ours = _seconds(lambda: [repair_text(text, Surroundings(language)) for language, text in texts.items()])
    theirs = _seconds(lambda: [ftfy.fix_text(text) for text in texts.values()])
    encoding = _seconds(lambda: [ftfy.fix_encoding(text) for text in texts.values()])
    print(f"good text, {sum(map(len, texts.values()))} characters: newsbot {ours * 1000:.1f} ms, "
          f"ftfy.fix_text {theirs * 1000:.1f} ms ({ours / theirs:.3f}), "
          f"ftfy.fix_encoding {encoding * 1000:.1f} ms ({ours / encoding:.3f})")  # fmt: skip
    good = "\n".join(texts.values())
    growth = _growth("good, all languages", good, None, SIZES, beside_ftfy=True)
    for language, codec in (("en", "gb18030"), ("en", "cp1252"), ("fr", "gb18030"), ("ru", "cp932")):
        broken = damage(texts[language], codec, "ignore")
        assert broken is not None
        growth = max(
            growth, _growth(f"{language} damaged by {codec}", broken.text, language, SIZES[: None if is_full else -1])
        )
    return {"cost": ours / theirs, "growth": growth}


def _growth(name: str, text: str, language: str | None, sizes: Sequence[int], *, beside_ftfy: bool = False) -> float:
    """Print the time for *text* repeated to each size; how much dearer a character of the largest is than before."""
    each = []
    for size in sizes:
        long = (text * (size // len(text) + 1))[:size]
        seconds = _seconds(lambda long=long: repair_text(long, Surroundings(language)), times=1)  # type: ignore[misc]
        each.append(seconds / size)
        shown = f"{name:22} {size:>10} characters: {seconds:8.2f} s, {seconds / size * 1e9:7.0f} ns each"
        if beside_ftfy:
            theirs = _seconds(lambda long=long: ftfy.fix_text(long), times=1)  # type: ignore[misc]
            shown += f", ftfy.fix_text {theirs:.2f} s ({seconds / theirs:.3f})"
        print(shown, flush=True)
        print(f"cost: {name}, {size} characters", file=sys.stderr, flush=True)
    return each[-1] / each[-2]


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best
