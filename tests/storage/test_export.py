"""Lines as CSV and Parquet."""

from __future__ import annotations

import csv
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from newsbot.core.errors import OutputError
from newsbot.storage.export import SHAPES, cell, records, write_csv, write_parquet
from tests.storage.samples import HOME, T0, capture, end, lines, open_at, story, story_url, teaser

DAY = 86_400


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three stories on three days, one with a hostile headline; two teasers."""
    folder = tmp_path_factory.mktemp("export") / "output"
    store = open_at(folder)
    for number, headline in enumerate(("=1+1", 'Comma, "quote"\nand line', "Plain")):
        at = T0 + DAY * number
        store.commit(capture(story_url(number), at=at, story=story(number, headline=headline)), None, now=at)
    store.commit(capture(HOME, teasers=[teaser(1), teaser(2, rank=2)]), None, now=T0)
    end(store)
    return folder


@pytest.mark.parametrize("text", ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "%x", "|x", "\n=1"])
def test_t10_no_cell_is_a_formula(text: str) -> None:
    assert cell(text) == f"'{text}"


def test_t10_csv_is_read_back_with_every_field(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "stories.csv"
    assert write_csv(records(folder, "stories", since=None, until=None), "stories", target) == 3
    with target.open(newline="", encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert [row["headline"] for row in rows] == ["'=1+1", 'Comma, "quote"\nand line', "Plain"]
    assert rows[0].keys() == lines(folder, "stories")[0].keys()


@pytest.mark.parametrize("kind", SHAPES)
def test_parquet_gives_back_every_line(folder: Path, tmp_path: Path, kind: str) -> None:
    target = tmp_path / f"{kind}.parquet"
    write_parquet(records(folder, kind, since=None, until=None), kind, target)
    assert pq.read_table(target).to_pylist() == lines(folder, kind)


@pytest.mark.parametrize(
    ("since", "until", "numbers"),
    [
        pytest.param(None, None, "012", id="all"),
        pytest.param("2026-03-02", None, "12", id="since"),
        pytest.param(None, "2026-03-02", "01", id="until"),
        pytest.param("2026-03-02", "2026-03-02", "1", id="one-day"),
    ],
)
def test_days_are_both_included(folder: Path, since: str | None, until: str | None, numbers: str) -> None:
    found = records(folder, "stories", since=since, until=until)
    assert "".join(record["story_id"][-1] for record in found) == numbers


@pytest.mark.parametrize("write", [write_csv, write_parquet])
def test_an_existing_file_is_not_replaced(folder: Path, tmp_path: Path, write: object) -> None:
    assert callable(write)
    (tmp_path / "there").write_text("mine")
    with pytest.raises(OutputError, match="File exists"):
        write(records(folder, "stories", since=None, until=None), "stories", tmp_path / "there")
    assert (tmp_path / "there").read_text() == "mine"
