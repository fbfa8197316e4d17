"""Golden pages of our own: one folder a layout or phenomenon, one test a field.

`known.toml` lists the fields that newsbot still gets wrong. Such a test fails as soon as the field is right: take it
off the list (``python -m tests.golden.known --write`` makes the list anew).
"""

from __future__ import annotations

from itertools import pairwise

import pytest

from tests.golden.golden import HERE, PAGES, capture_of, fields_of, known, said_and_true, truth_of

FIELDS = [(name, field) for name in PAGES for field in fields_of(name)]


@pytest.mark.parametrize(("name", "field"), [pair for pair in FIELDS if pair not in known()])
def test_field(name: str, field: str) -> None:
    said, true = said_and_true(name, field)

    assert said == true


@pytest.mark.parametrize(("name", "field"), sorted(known()))
def test_known_miss_is_still_one(name: str, field: str) -> None:
    assert (name, field) in FIELDS, "no such page or field"
    said, true = said_and_true(name, field)

    assert said != true, "newsbot gets this right now: take it off known.toml"


@pytest.mark.parametrize("name", PAGES)
def test_ranks_and_blocks_count_up(name: str) -> None:
    teasers = capture_of(name).teasers

    assert [one.rank_on_page for one in teasers] == list(range(1, len(teasers) + 1))
    for before, after in pairwise(teasers):
        same_block = before.block_index == after.block_index
        assert after.rank_in_block == ((before.rank_in_block or 0) + 1 if same_block else 1)


def test_readme_names_every_folder_and_no_other() -> None:
    rows = [line for line in (HERE / "README.md").read_text("utf-8").splitlines() if line.startswith("| `")]

    assert {row.split("`")[1]: row.split(" | ", 1)[1].removesuffix(" |") for row in rows} == {
        name: truth_of(name)["shows"] for name in PAGES
    }
