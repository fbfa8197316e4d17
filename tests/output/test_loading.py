"""``output/`` loads without repair in the tools that people use, also when its first file knows little.

The first segment of each kind holds lines whose optional fields are all null, the second lines with every field.
"""

from __future__ import annotations

import json
import subprocess
import typing
from collections.abc import Iterator
from dataclasses import is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any

import duckdb
import msgspec
import pandas as pd
import pytest

from newsbot.items.schema import RECORDS, data_card, duckdb_query

FOLDERS = [kind.folder for kind in RECORDS]


def filled(shape: Any, number: int) -> Any:
    """An item of *shape* with a value in every field, down to the last."""
    return shape(**{name: value_of(name, hint, number) for name, hint in typing.get_type_hints(shape).items()})


def value_of(name: str, hint: Any, number: int) -> Any:
    if typing.get_origin(hint) is list:
        return [value_of(name, typing.get_args(hint)[0], number)] * 2
    parts = [part for part in typing.get_args(hint) if part is not NoneType] or [hint]
    kind = parts[0]
    if is_dataclass(kind):
        return filled(kind, number)
    if kind is str:
        # A raw date that looks like one in the first lines and like none later must not spoil the column.
        return f"Sept. {number}, früh" if name.endswith("_raw") else f"{name} „{number}“ \u2028 \t\\"
    return {int: number, float: number / 7, bool: True}[kind]


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    (folder / "README.md").write_text(data_card(), "utf-8")
    for kind in RECORDS:
        (folder / kind.folder).mkdir()
        for segment, lines in enumerate(([kind.shape()] * 3, [filled(kind.shape, n) for n in range(1, 4)])):
            text = b"".join(msgspec.json.encode(line) + b"\n" for line in lines)
            (folder / kind.folder / f"{kind.folder}-abc-00000{segment}.jsonl").write_bytes(text)
    return folder


def written(output: Path, folder: str) -> Iterator[dict[str, Any]]:
    for path in sorted((output / folder).glob("*.jsonl")):
        yield from map(json.loads, path.read_bytes().split(b"\n")[:-1])


@pytest.mark.parametrize("folder", FOLDERS)
def test_datasets_loads_through_the_card(output: Path, tmp_path: Path, folder: str) -> None:
    from datasets import load_dataset

    loaded = load_dataset(str(output), folder, cache_dir=str(tmp_path))["train"]
    assert list(loaded) == list(written(output, folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_duckdb_reads_a_glob(output: Path, folder: str) -> None:
    table = duckdb.sql(f"FROM '{output}/{folder}/*.jsonl'")
    expected = list(written(output, folder))
    assert table.columns == list(expected[0])
    assert len(table.fetchall()) == len(expected)


def test_duckdb_reads_with_the_types_of_the_card(output: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(output)
    for kind in RECORDS:
        with duckdb.connect() as connection:
            connection.execute(duckdb_query(kind))
            table = connection.sql(f"FROM {kind.folder}")
            rows = [dict(zip(table.columns, row, strict=True)) for row in table.fetchall()]
        assert rows == list(written(output, kind.folder))


@pytest.mark.parametrize("folder", FOLDERS)
def test_pandas_reads_each_file_and_joins_them(output: Path, folder: str) -> None:
    frames = [pd.read_json(path, lines=True) for path in sorted((output / folder).glob("*.jsonl"))]
    table = pd.concat(frames, ignore_index=True)
    expected = list(written(output, folder))
    assert list(table.columns) == list(expected[0])
    assert table["schema"].tolist() == [line["schema"] for line in expected]
    assert table["run_id"].isna().tolist() == [line["run_id"] is None for line in expected]


def test_pandas_reads_a_whole_column_of_texts(output: Path) -> None:
    frames = [pd.read_json(path, lines=True) for path in sorted((output / "stories").glob("*.jsonl"))]
    headlines = pd.concat(frames)["headline"].dropna().tolist()
    assert headlines == [line["headline"] for line in written(output, "stories") if line["headline"] is not None]


def test_lines_are_lines_for_tools_that_split_at_newlines(output: Path) -> None:
    for path in output.glob("*/*.jsonl"):
        counted = subprocess.run(["wc", "-l", path], capture_output=True, text=True, check=True).stdout.split()[0]
        assert int(counted) == len(list(map(json.loads, path.read_bytes().split(b"\n")[:-1]))) == 3


def test_card_loads_one_kind_while_the_others_have_no_file_yet(tmp_path: Path) -> None:
    from datasets import load_dataset

    (tmp_path / "README.md").write_text(data_card(), "utf-8")
    for kind in RECORDS:
        (tmp_path / kind.folder).mkdir()
    line = msgspec.json.encode(RECORDS[0].shape(headline="One"))
    (tmp_path / "stories" / "stories-abc-000001.jsonl").write_bytes(line + b"\n")
    loaded = load_dataset(str(tmp_path), "stories", cache_dir=str(tmp_path / ".cache"))["train"]
    assert loaded["headline"][:] == ["One"]
