"""Lines of a span of days as CSV or Parquet.

What comes in: an output folder, a kind of record, days. What goes out: one file. The lines stay what they are: CSV is
for spreadsheets, where a cell that begins like a formula is one; Parquet has a type for every column.
"""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

import msgspec

from newsbot.core.errors import ConfigError, OutputError
from newsbot.items.model import Event, PageVisit, Run, Story, Teaser
from newsbot.storage.lines import FOLDERS

SHAPES: dict[str, type[Any]] = dict(zip(FOLDERS, (Story, Teaser, PageVisit, Event, Run), strict=True))
_DAY_FIELDS = ("fetched_at", "observed_at", "at", "started_at")
_BATCH_LINES = 2_000
# What a spreadsheet takes for a formula (OWASP, "CSV Injection"); a leading quote makes it text.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%")


def records(folder: Path, kind: str, *, since: str | None, until: str | None) -> Iterator[dict[str, Any]]:
    """The records of *kind* made from the day *since* to the day *until*, both included (``2026-03-01``, UTC)."""
    for path in sorted((folder / kind).glob("*.jsonl")):
        with path.open("rb") as stream:
            for data in stream:
                record: dict[str, Any] = msgspec.json.decode(data)
                day = next((record[name][:10] for name in _DAY_FIELDS if record.get(name)), "")
                if (since or "") <= day and (until is None or day <= until):
                    yield record


def write_csv(rows: Iterator[dict[str, Any]], kind: str, target: Path) -> int:
    """Write *rows* as CSV with a header; nested values are JSON. The number of rows. Raises `OutputError`."""
    names = [each.name for each in fields(SHAPES[kind])]
    count = 0
    try:
        with target.open("x", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")  # RFC 4180
            writer.writerow(names)
            for row in rows:
                writer.writerow([cell(row.get(name)) for name in names])
                count += 1
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror}") from error
    return count


def cell(value: Any) -> str:
    """A value as the text of a cell, which no spreadsheet takes for a formula.

    >>> cell("=HYPERLINK()"), cell(None), cell(["a"]), cell(-1)
    ("'=HYPERLINK()", '', '["a"]', '-1')
    """
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return f"'{text}" if text.startswith(_FORMULA) else text


def write_parquet(rows: Iterator[dict[str, Any]], kind: str, target: Path) -> int:
    """Write *rows* as Parquet, typed by the record's dataclass. The number of rows.

    Raises `ConfigError` where pyarrow is not installed (``pip install newsbot[parquet]``), and `OutputError`.
    """
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise ConfigError("Parquet needs pyarrow: pip install newsbot[parquet]") from error
    schema = pa.schema(list(_arrow_fields(SHAPES[kind], pa)))
    count = 0
    try:
        if os.path.lexists(target):
            raise FileExistsError(17, "File exists")
        with pq.ParquetWriter(target, schema, compression="zstd") as writer:
            for batch in _batches(rows):
                writer.write_table(pa.Table.from_pylist(batch, schema=schema))
                count += len(batch)
    except OSError as error:
        raise OutputError(f"cannot write {target}: {error.strerror or error}") from error
    return count


def _batches(rows: Iterator[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH_LINES:
            yield batch
            batch = []
    if batch:
        yield batch


def _arrow_fields(shape: type[Any], pa: Any) -> Iterator[Any]:  # Any: pyarrow ships no types
    for name, hint in get_type_hints(shape).items():
        yield pa.field(name, _arrow_type(hint, pa))


def _arrow_type(hint: Any, pa: Any) -> Any:  # Any: types, and pyarrow's
    inner = [each for each in get_args(hint) if each is not NoneType]
    if getattr(hint, "__origin__", None) is list:
        return pa.list_(_arrow_type(inner[0], pa))
    if inner:
        return _arrow_type(inner[0], pa)
    if isinstance(hint, type) and is_dataclass(hint):
        return pa.struct(list(_arrow_fields(hint, pa)))
    return {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}[hint]
