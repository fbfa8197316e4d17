"""Forests of symmetric trees: what they add up, and that a file gives back the same."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from newsbot.core.features import NAMES
from newsbot.core.forest import Forest, load_forest, pack, unpack


def two_trees() -> Forest:
    """Tree 0 asks "feature 0 above 1?" and "feature 1 above 2?", tree 1 only the first; tables of four."""
    return Forest(
        feature=np.array([[0, 0], [1, 0]], np.int32),
        border=np.array([[1.0, 1.0], [2.0, np.inf]], np.float32),
        value=np.array([[1.0], [2.0], [4.0], [8.0], [0.5], [0.25], [0.0], [0.0]], np.float32),
        bias=np.array([100.0], np.float32),
        features=2,
    )


@pytest.mark.parametrize(
    ("row", "score"),
    [
        pytest.param([0.0, 0.0], 101.5, id="both answers no"),
        pytest.param([1.0, 2.0], 101.5, id="the border itself is not above it"),
        pytest.param([2.0, 0.0], 102.25, id="first yes"),
        pytest.param([0.0, 3.0], 104.5, id="second yes"),
        pytest.param([2.0, 3.0], 108.25, id="both yes"),
    ],
)
def test_a_score_is_the_bias_and_one_value_of_each_tree(row: list[float], score: float) -> None:
    assert two_trees().scores([row]).tolist() == [[score]]


def test_many_rows_score_as_few_do(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [[0.0, 0.0], [2.0, 0.0], [0.0, 3.0], [2.0, 3.0]]
    few = two_trees().scores(rows).tolist()
    ways = set()
    for name in ("_few_places", "_many_places"):
        way = getattr(Forest, name)
        monkeypatch.setattr(Forest, name, lambda *given, way=way, name=name: (ways.add(name), way(*given))[1])
    one = two_trees()
    copies = 12  # of both trees: so many trees and rows that their levels are taken one after another
    many = dataclasses.replace(
        one,
        feature=np.tile(one.feature, (1, copies)),
        border=np.tile(one.border, (1, copies)),
        value=np.tile(one.value, (copies, 1)),
    )
    found = many.scores(rows * 1_000)
    assert ways == {"_many_places"}
    assert found.tolist() == [[100.0 + copies * (score - 100.0)] for (score,) in few] * 1_000


def test_no_rows_give_no_scores() -> None:
    assert two_trees().scores([]).shape == (0, 1)


def test_rows_of_another_width_are_refused() -> None:
    with pytest.raises(ValueError, match="rows have 3 numbers, the forest knows 2"):
        two_trees().scores([[1.0, 2.0, 3.0]])


def test_a_forest_comes_back_from_its_file() -> None:
    rows = [[0.0, 0.0], [2.0, 0.0], [0.0, 3.0], [2.0, 3.0]]
    assert unpack(pack(two_trees())).scores(rows).tolist() == two_trees().scores(rows).tolist()


def explaining() -> Forest:
    """The same trees, with names, and how many rows of training fell into each place."""
    counts = np.array([1, 1, 1, 1, 3, 1, 0, 0], np.float32)
    return dataclasses.replace(two_trees(), names=("x", "y"), counts=counts)


def test_contributions_lead_from_the_mean_to_the_score() -> None:
    forest, row = explaining(), np.array([2.0, 3.0], np.float32)
    mean = 100 + (1 + 2 + 4 + 8) / 4 + (3 * 0.5 + 0.25) / 4
    found = forest.contributions(row)
    assert mean + sum(found.values()) == pytest.approx(float(forest.scores([row.tolist()])[0, 0]), abs=1e-3)
    assert list(found) == ["y", "x"]  # the strongest first


def test_a_forest_without_counts_cannot_explain_itself() -> None:
    with pytest.raises(ValueError, match="no counts"):
        two_trees().contributions(np.zeros(2, np.float32))


def test_names_and_counts_come_back_from_a_file() -> None:
    found = unpack(pack(explaining()))
    assert found.names == ("x", "y")
    assert found.counts is not None and found.counts.tolist() == [1, 1, 1, 1, 3, 1, 0, 0]


def test_the_story_forest_asks_about_the_features_that_are_measured() -> None:
    forest = load_forest("story")
    assert forest.names == NAMES
    assert forest.features == len(NAMES) > forest.feature.max()


def test_more_rows_than_a_chunk_are_scored_alike() -> None:
    columns = np.random.default_rng(3).uniform(0, 4, (2, 5_001)).astype(np.float32)
    forest = two_trees()
    one_by_one = [forest.column_scores(columns[:, at : at + 1])[0, 0] for at in range(0, 5_001, 500)]
    assert forest.column_scores(columns)[::500, 0].tolist() == one_by_one


def test_rows_are_scored_alike_alone_and_together() -> None:
    draw = np.random.default_rng(7)
    forest = Forest(
        feature=draw.integers(0, 6, (5, 9)).astype(np.int32),
        border=draw.normal(size=(5, 9)).astype(np.float32),
        value=draw.normal(size=(9 * 32, 3)).astype(np.float32),
        bias=np.zeros(3, dtype=np.float32),
        features=6,
    )
    rows = draw.normal(size=(20, 6)).astype(np.float32)
    wanted = []
    for row in rows:
        above = row[forest.feature] > forest.border  # the plain way: question by question, tree by tree
        leaves = [sum(int(above[level, tree]) << level for level in range(5)) for tree in range(9)]
        wanted.append(sum(forest.value[tree * 32 + leaf].astype(np.float64) for tree, leaf in enumerate(leaves)))
    assert np.allclose(forest.scores(rows), wanted)
    assert np.array_equal(forest.scores(rows.tolist()), forest.scores(rows))
