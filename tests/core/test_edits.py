"""Edits of several passes merge into edits of the first text."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.core.edits import Certainty, Edit, apply_edits, compose


@st.composite
def edits_of(draw: st.DrawFn, length: int) -> list[Edit]:
    places = sorted(draw(st.lists(st.integers(0, length), max_size=8)))
    found = []
    for start, end in zip(places[::2], places[1::2], strict=False):
        if end > start:
            after = draw(st.text("xyz", max_size=3))
            found.append(Edit(start, end, after, "kind", "rule", draw(st.sampled_from(list(Certainty)))))
    return found


@settings(max_examples=300, deadline=None, derandomize=True)
@given(st.data())
def test_composed_edits_do_what_both_passes_do(data: st.DataObject) -> None:
    text = data.draw(st.text("abcdef", max_size=12))
    first = data.draw(edits_of(len(text)))
    between = apply_edits(text, first)
    second = data.draw(edits_of(len(between)))
    both = compose(text, first, second)
    assert apply_edits(text, both) == apply_edits(between, second)
    assert all(one.end <= other.start for one, other in pairwise(both))


def test_edits_that_only_touch_stay_apart() -> None:
    first = [Edit(0, 1, "", "control", "a")]
    second = [Edit(0, 2, "xy", "mojibake", "b", Certainty.MARKED)]
    assert compose("\x01xyz", first, second) == [first[0], Edit(1, 3, "xy", "mojibake", "b", Certainty.MARKED)]


def test_an_edit_over_undone_decoding_is_of_that_kind_and_inferred_at_most() -> None:
    form = [Edit(1, 2, "y", "normal_form", "nfc")]
    decoded = [Edit(0, 3, "q", "mojibake", "euc-jp")]
    assert compose("axb", form, decoded) == [Edit(0, 3, "q", "mojibake", "nfc+euc-jp", Certainty.INFERRED)]
    layer = [Edit(1, 2, "y", "mojibake", "gb18030")]
    assert compose("axb", layer, [Edit(1, 2, "z", "mojibake", "gb18030")]) == [
        Edit(1, 2, "z", "mojibake", "gb18030", Certainty.CERTAIN)
    ]
