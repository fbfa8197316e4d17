"""Sketches: the likeness that is estimated is that of the texts, on every machine and of every text."""

from __future__ import annotations

import os
import random
import subprocess
import sys

import pytest

from newsbot.storage.sketch import MIN_SHINGLES, VALUES, Likeness, Sketch, read_sketch, sentence_hashes, sketch


def words(seed: int, count: int) -> list[str]:
    chance = random.Random(seed)
    return [f"{chance.choice('bdfgk')}{chance.choice('aeiou')}{chance.randrange(10_000)}" for _ in range(count)]


def made(*parts: list[str]) -> Sketch:
    found = sketch([" ".join(word for part in parts for word in part)])
    assert found is not None
    return found


@pytest.mark.parametrize("common", [40, 200, 1_000], ids=lambda count: f"{count} words")
def test_likeness_is_the_share_of_shingles_that_two_texts_have_in_common(common: int) -> None:
    same = words(1, common)
    likeness = made(words(2, common // 2), same).likeness(made(same, words(3, common // 2)))
    assert likeness.jaccard == pytest.approx(0.5, abs=0.1)
    assert likeness.containment == pytest.approx(2 / 3, abs=0.1)


def test_likeness_of_short_texts_is_exact() -> None:
    same = words(1, 44)
    one, other = made(same), made(same, words(2, 40))
    assert (one.size, other.size) == (40, 80)
    assert one.likeness(other) == other.likeness(one)
    assert (one.likeness(other).jaccard, one.likeness(other).containment) == (0.5, 1.0)


@pytest.mark.parametrize("share", [0.05, 0.1, 0.2])
def test_a_text_holds_all_of_its_own_beginning(share: float) -> None:
    whole = words(1, 1_200)
    beginning = made(whole[: round(share * 1_200)])
    assert beginning.likeness(made(whole)).containment == made(whole).likeness(beginning).containment == 1.0


@pytest.mark.parametrize(
    ("shared", "of", "is_copy"),
    [(2, 2, True), (2, 3, False), (3, 3, True), (3, 5, False), (4, 5, True), (6, 10, False)],
)
def test_few_values_tell_a_copy_when_hardly_any_is_missing(shared: int, of: int, is_copy: bool) -> None:
    assert Likeness(0.02, shared / of, of).is_duplicate is is_copy


@pytest.mark.parametrize(
    "told",
    [
        pytest.param(" ".join(words(1, 60)), id="words"),
        pytest.param(
            "市議会は火曜日に渡し船の冬季運航を三月末まで延長することを決めた。費用は十八万。", id="characters"
        ),
    ],
)
def test_where_a_passage_stands_does_not_matter(told: str) -> None:
    alone, within = made([told]), made(["Ferry", told, "harbour"])
    assert within.size > alone.size and alone.likeness(within).containment == pytest.approx(1.0)


def test_of_a_very_long_text_the_beginning_is_compared() -> None:
    same = words(1, 30_000)
    assert made(same).likeness(made(same, words(2, 30_000))).jaccard == 1.0


def test_a_text_that_repeats_itself_is_counted_once() -> None:
    assert made(words(1, 100) * 50).size <= made(words(1, 100)).size + 5


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" ".join(words(1, MIN_SHINGLES)), id="four words short of twenty shingles"),
        pytest.param("ferry " * 1_000, id="one word"),
        pytest.param("渡" * 3, id="fewer characters than a shingle"),
    ],
)
def test_what_is_too_short_to_compare_has_no_sketch(text: str) -> None:
    assert sketch([text]) is None


def test_any_text_has_hashes() -> None:
    odd = "渡し船\ud800 🚢 " + " ".join(words(1, 50)) + "\0\U0010ffff"
    assert made([odd]).likeness(made([odd])).jaccard == 1.0
    assert len(sentence_hashes(odd, "a.test\udfff")) == 1


def test_a_sketch_that_was_written_is_read_back() -> None:
    one = made(words(1, 300))
    again = read_sketch(one.values.tobytes(), one.size)
    assert len(again.values) == VALUES and again.likeness(one).jaccard == 1.0


def test_hashes_are_the_same_in_every_process() -> None:
    code = "from newsbot.storage.sketch import *; print(sketch([' '.join(map(str, range(99)))]).values.tobytes().hex())"
    seeds = ({"PYTHONHASHSEED": seed} for seed in ("1", "2"))
    first, second = (
        subprocess.run([sys.executable, "-c", code], env=os.environ | seed, check=True, stdout=subprocess.PIPE).stdout
        for seed in seeds
    )
    assert first == second != b""


def test_a_sentence_is_the_same_with_other_numbers_and_another_on_another_site() -> None:
    first, second = sentence_hashes("The index rose 1,250.5 points. It rained.", "a.test")
    assert sentence_hashes("The index rose 3 points. It snowed.", "a.test")[0][0] == first[0] != second[0]
    assert sentence_hashes("The index rose 3 points.", "b.test")[0][0] != first[0]


def test_sentences_made_to_have_one_hash_on_a_site_have_others_on_the_next() -> None:
    # Of a checksum the difference between two sites is the same for all sentences of one length.
    told = [f"The ferry to {place} sails." for place in ("esker", "pelin", "stowe", "marsh")]
    (first, second) = ([sentence_hashes(each, site)[0][0] for each in told] for site in ("a.test", "b.test"))
    assert len({one ^ other for one, other in zip(first, second, strict=True)}) == len(told)
    assert all(-(1 << 63) <= each < 1 << 63 for each in first)
