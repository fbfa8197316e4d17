"""Sentences of ours, damaged by every codec pair, repaired by newsbot and by ftfy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import ftfy

from benchmarks.repair.damage import EAST_ASIAN, ERRORS, SINGLE_BYTE, Damaged, damage, damage_twice
from benchmarks.repair.score import Score
from benchmarks.repair.sentences import Sentence, read_sentences
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.repair import repair_text

# Good prose around the damage, in the page's language.
_PROSE = {
    "en": "The committee met on Tuesday and agreed to look at the plans again in the spring.",
    "fr": "Le comité s’est réuni mardi et a décidé de revoir les plans au printemps prochain.",
    "de": "Der Ausschuss traf sich am Dienstag und will die Pläne im Frühjahr erneut prüfen.",
}


def report(*, every: int, samples: int) -> dict[str, float]:
    """Print a line for each codec, way of decoding and number of layers, the sums, and what is lost by language.

    Returns the shares that `benchmarks.repair.gate` has floors for, those of text damaged once.
    """
    sentences = read_sentences()[::every]
    languages = sorted({sentence.language for sentence in sentences})
    print(f"{len(sentences)} sentences in {len(languages)} languages: {' '.join(languages)}")
    print(f"{'codec':10} {'errors':8} {'times':>5} {'sentences':>9} {'exact':>7} {'ftfy':>7} "
          f"{'certain':>8} {'right':>8} {'inferred':>8} {'right':>7} {'lost':>6} {'found':>7} {'gone':>6}")  # fmt: skip
    families: dict[str, Score] = defaultdict(Score)
    by_language: dict[str, Score] = defaultdict(Score)
    once = Score()
    for family, codecs in (("East Asian", EAST_ASIAN), ("single byte", SINGLE_BYTE)):
        for codec in codecs:
            for errors in ERRORS:
                for times, make in ((1, damage), (2, damage_twice)):
                    score = Score()
                    for sentence, damaged in _damaged(sentences, codec, errors, make):
                        for page_language in (sentence.language, "fr" if sentence.language == "en" else "en"):
                            own = Score()
                            _judge(own, sentence, damaged, page_language)
                            score.add(own)
                            if times == 1:
                                by_language[sentence.language].add(own)
                    if score.sentences:
                        _line(f"{codec:10} {errors:8} {times:5}", score)
                        families[f"{family}, {times} x"].add(score)
                        if times == 1:
                            once.add(score)
    for name, score in families.items():
        _line(f"{name:25}", score)
        for sample in score.samples[:samples]:
            print("   ", sample)
    for language, score in sorted(by_language.items()):
        _line(f"once, {language:19}", score)
    return {
        "certain_right": once.certain_right / max(once.certain, 1),
        "inferred_right": once.inferred_right / max(once.inferred, 1),
        "lost_found": once.found / max(once.lost, 1),
    }


def _damaged(sentences: list[Sentence], codec: str, errors: str, make: object) -> Iterator[tuple[Sentence, Damaged]]:
    assert callable(make)
    for sentence in sentences:
        damaged = make(sentence.text, codec, errors)
        if damaged is not None:
            yield sentence, damaged


def _judge(score: Score, sentence: Sentence, damaged: Damaged, page_language: str) -> None:
    """Once alone in a text of the sentence's language, once after prose of the page's own language."""
    lead = _PROSE[page_language] + "\n" if page_language != sentence.language else ""
    text, repairs = repair_text(lead + damaged.text, Surroundings(page_language))
    for repair in repairs:
        repair.start -= len(lead)
        repair.end -= len(lead)
    text = text.removeprefix(lead)
    score.judge(sentence.text, damaged, text, repairs)
    score.ftfy_exact += ftfy.fix_encoding(damaged.text) == sentence.text


def _line(name: str, score: Score) -> None:
    def share(part: int, whole: int) -> str:
        return f"{part / whole:7.2%}" if whole else "      –"

    print(
        f"{name} {score.sentences:9} {share(score.exact, score.sentences)} {share(score.ftfy_exact, score.sentences)} "
        f"{score.certain:8} {share(score.certain_right, score.certain):>8} {score.inferred:8} "
        f"{share(score.inferred_right, score.inferred)} {score.lost:6} {share(score.found, score.lost)} {score.gone:6}",
        flush=True,
    )
