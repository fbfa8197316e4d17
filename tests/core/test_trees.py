"""Trees as arrays: the same values as walking each tree by hand, and contributions that add up."""

import numpy as np
import pytest

from newsbot.core.trees import Trees, load_trees


def two_trees() -> Trees:
    """x > 1 or not gives 10 or 0 (depth 2, second question y > 5 adds 1); y > 5 twice gives 100 or 0."""
    return Trees(
        names=("x", "y"),
        feature=np.array([0, 1], np.int32),
        border=np.array([1.0, 5.0], np.float32),
        question=np.array([[0, 1], [1, 1]], np.int32),
        leaves=np.array([[0, 10, 1, 11], [0, 0, 0, 100]], np.float32),
        counts=np.array([[1, 1, 1, 1], [3, 0, 0, 1]], np.float32),
        bias=0.5,
    )


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((0.0, 0.0), 0.5),
        ((1.0, 5.0), 0.5),  # a border itself is not above it
        ((2.0, 0.0), 10.5),
        ((0.0, 6.0), 101.5),
        ((2.0, 6.0), 111.5),
    ],
)
def test_log_odds_of_a_row(row: tuple[float, float], expected: float) -> None:
    assert two_trees().log_odds(np.array([row], np.float32)).tolist() == [expected]


def test_log_odds_of_no_rows() -> None:
    assert two_trees().log_odds(np.zeros((0, 2), np.float32)).tolist() == []


def test_contributions_lead_from_the_mean_to_the_value() -> None:
    trees = two_trees()
    row = np.array([2.0, 6.0], np.float32)
    mean = 0.5 + (0 + 10 + 1 + 11) / 4 + 100 / 4
    found = trees.contributions(row)
    assert mean + sum(found.values()) == pytest.approx(float(trees.log_odds(row[None, :])[0]), abs=1e-3)
    assert list(found) == ["y", "x"]  # the strongest first


@pytest.mark.parametrize("name", ["story_first", "story_second"])
def test_shipped_model_asks_about_known_features(name: str) -> None:
    from newsbot.core.features import NAMES, SURROUNDING_NAMES

    trees = load_trees(name)
    names = NAMES if name == "story_first" else (*NAMES, *SURROUNDING_NAMES)
    assert trees.names == names
    assert trees.feature.max() < len(names)
    assert trees.question.max() < len(trees.feature)
    assert trees.leaves.shape == trees.counts.shape == (len(trees.question), 2 ** trees.question.shape[1])
