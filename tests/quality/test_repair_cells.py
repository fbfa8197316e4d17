"""The repair benchmark takes its sentences evenly: from every cell as many, spread over frames and names."""

from __future__ import annotations

from benchmarks.repair.pairs import Task, scores, spread
from benchmarks.repair.sentences import read_sentences


def test_a_cell_takes_every_sentence_once_and_spreads_the_first_ones() -> None:
    german = [sentence for sentence in read_sentences() if sentence.language == "de"]
    taken = list(spread(german, 37))
    assert sorted(taken, key=german.index) == german
    places = [german.index(sentence) for sentence in taken[:4]]
    assert len({place // 10 for place in places}) == len({place % 10 for place in places}) == 4


def test_every_way_of_damage_gives_as_many_texts() -> None:
    found = scores(Task("fr", "latin-1", 0, 2))
    assert {(cell.errors, cell.times, cell.is_own) for cell in found} == {
        (errors, times, is_own)
        for errors in ("strict", "ignore", "replace")
        for times in (1, 2)
        for is_own in (True, False)
    }
    assert {score.sentences for score in found.values()} == {2}
    assert all(score.certain == score.certain_right for score in found.values())
