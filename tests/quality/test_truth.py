"""Labels made from truth: what stands in the story gets 1, a copy elsewhere does not."""

import pytest

from benchmarks.quality.__main__ import below_floors
from benchmarks.quality.truth import UNKNOWN, label_blocks, words_of
from newsbot.core.blocks import segment
from newsbot.core.page import Page

A = "The council decided on Tuesday to close the oldest pier of the harbour."
B = "Engineers had warned in autumn that the timber piles were rotten."


def labels(html: str, truth: dict[str, object]) -> list[int]:
    data = html.encode()
    return label_blocks(truth, segment(Page(url="https://example.org/a", html=data, size_bytes=len(data)))).label


@pytest.mark.parametrize(
    ("html", "truth", "expected"),
    [
        pytest.param(
            f"<h1>Pier</h1><p>{A}</p><p>Share</p><p>{B}</p>", {"paragraphs": [A, B]}, [0, 1, 0, 1], id="plain"
        ),
        pytest.param(f"<p>{B}</p><p>{A}</p><p>{B}</p>", {"paragraphs": [A, B]}, [0, 1, 1], id="a copy before"),
        pytest.param(f"<p>{A}<br><br>{B}</p>", {"paragraphs": [f"{A} {B}"]}, [1, 1], id="two blocks, one paragraph"),
        pytest.param(f"<p>{A} {B}</p>", {"paragraphs": [A, B]}, [1], id="one block, two paragraphs"),
        pytest.param(f"<h2>Why</h2><p>{A}</p>", {"paragraphs": ["Why", A]}, [1, 1], id="short heading"),
        pytest.param(
            f"<p>{A}</p><p>{B}</p>", {"paragraphs": [A, B], "optional": [False, True]}, [1, UNKNOWN], id="optional"
        ),
        pytest.param(f"<p>{A}</p>", {"body": ""}, [0], id="no story"),
        pytest.param(
            f"<p>{A}</p><p>{B}</p><p>More</p>",
            {"with": ["close the oldest pier"], "without": ["timber piles"]},
            [1, 0, UNKNOWN],
            id="segments",
        ),
        pytest.param(
            "<p>彼は橋を渡った。</p><p>広告</p>", {"paragraphs": ["彼は橋を渡った。"]}, [1, 0], id="ideographs"
        ),
    ],
)
def test_labels(html: str, truth: dict[str, object], expected: list[int]) -> None:
    assert labels(html, truth) == expected


def test_words_of_folds_case_width_and_soft_hyphens() -> None:
    assert words_of("Ｆｕｌｌ Ge\u00adbäude 漢字 a_b") == ["full", "gebäude", "漢", "字", "a_b"]


def test_figures_below_their_floors_are_named() -> None:
    found = {"x": {"f1": 0.9, "empty": 1, "title": None}, "y": {"f1": 1.0}}
    floors = {"x": {"f1": 0.95, "empty": 0, "title": 0.5}, "y": {"f1": 0.5}, "z": {"f1": 1.0}}
    assert below_floors(found, floors) == [
        "x f1: 0.9, the floor is 0.95",
        "x empty: 1, the floor is 0",
        "x title: None, the floor is 0.5",
    ]
