"""What repair costs on good text, beside ftfy on the same text in the same run, and whether it is linear."""

from __future__ import annotations

import time
from collections.abc import Callable

import ftfy

from benchmarks.repair.damage import damage
from benchmarks.repair.sentences import read_sentences
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.repair import repair_text


def report() -> dict[str, float]:
    """Print the time for the good sentences of all languages, and for damaged text of 0.1 to 10 MB.

    Returns the first as a part of ftfy's.
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
    _report_growth(texts["en"])
    return {"cost": ours / theirs}


def _report_growth(text_en: str) -> None:
    for codec in ("gb18030", "cp1252"):
        broken = damage(text_en, codec, "ignore")
        assert broken is not None
        for size in (100_000, 1_000_000, 10_000_000):
            text = (broken.text * (size // len(broken.text) + 1))[:size]
            seconds = _seconds(lambda text=text: repair_text(text, Surroundings("en")), times=1)  # type: ignore[misc]
            print(f"damaged by {codec}, {size:>10} characters: {seconds:8.2f} s, {seconds / size * 1e9:7.0f} ns each")


def _seconds(work: Callable[[], object], times: int = 3) -> float:
    best = float("inf")
    for _ in range(times):
        start = time.process_time()
        work()
        best = min(best, time.process_time() - start)
    return best
