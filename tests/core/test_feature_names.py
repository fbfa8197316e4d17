"""Every feature of the judgement has a meaning that can be told."""

import pytest

from newsbot.core.feature_names import meaning
from newsbot.core.features import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_every_feature_has_a_meaning(name: str) -> None:
    assert meaning(name)


def test_no_feature_has_two_columns() -> None:
    assert len(set(NAMES)) == len(NAMES)
