"""The shapes of the lines under ``output/``, for those who read them.

What comes in: the dataclasses of `newsbot.items.model`. What goes out: a JSON Schema a record, the data card that
makes ``output/`` loadable, and the page ``docs/output.md``. Pure: whoever wants files writes them
(`newsbot.storage` the card, ``make docs`` the rest).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from inspect import cleandoc
from types import NoneType, UnionType
from typing import Any, TypeGuard, Union, get_args, get_origin, get_type_hints

import msgspec

from newsbot.items import model
from newsbot.items.field_notes import note


@dataclass(frozen=True, slots=True)
class RecordKind:
    """One kind of line: its folder under ``output/``, its dataclass, and what one line is."""

    folder: str
    shape: type[Any]  # Any: a dataclass type
    line: str

    @property
    def schema_name(self) -> str:
        """The value of ``schema`` on each line, ``newsbot.story/1.0``."""
        return str(next(field.default for field in fields(self.shape) if field.name == "schema"))


RECORDS = (
    RecordKind("stories", model.Story, "a version of a story: its first sight, and each real change of its text"),
    RecordKind("teasers", model.Teaser, "a placement: this teaser in this block of this page, first seen or changed"),
    RecordKind("pages", model.PageVisit, "a visit to a page, whatever came of it"),
    RecordKind("events", model.Event, "what was learnt later about a line that is already written"),
    RecordKind("runs", model.Run, "a run, also a failed one"),
)

_PLAIN = {str: "string", int: "int64", float: "float64", bool: "bool"}
_DUCKDB = {str: "VARCHAR", int: "BIGINT", float: "DOUBLE", bool: "BOOLEAN"}


def json_schema(kind: RecordKind) -> dict[str, Any]:  # Any: JSON
    """The JSON Schema (2020-12) of one line. Every key is required, and no other is allowed."""
    _, definitions = msgspec.json.schema_components([kind.shape], ref_template="#/$defs/{name}")
    for name, definition in definitions.items():
        definition["description"] = cleandoc(definition["description"])
        definition["required"] = list(definition["properties"])
        definition["additionalProperties"] = False
        for field, value in definition["properties"].items():
            value.pop("default", None)
            meaning = note(name, field)
            if meaning:
                value["description"] = meaning
    top = definitions.pop(kind.shape.__name__)
    top["properties"]["schema"] = {"const": kind.schema_name, "description": note("", "schema")}
    dialect = "https://json-schema.org/draft/2020-12/schema"
    head = {"$schema": dialect, "$id": f"urn:{kind.schema_name.replace('/', ':')}"}
    return {**head, **top, "$defs": dict(sorted(definitions.items()))}


def data_card() -> str:
    """``output/README.md``: with it ``load_dataset("output", "stories")`` knows every column's type.

    Typed, because a reader that guesses from the first lines guesses wrong where an optional field is null there.
    """
    return _CARD.format(
        configs="".join(f"- config_name: {kind.folder}\n  data_files: {kind.folder}/*.jsonl\n" for kind in RECORDS),
        infos="".join(
            f"- config_name: {kind.folder}\n  features:\n" + "".join(_features(kind.shape, "  ")) for kind in RECORDS
        ),
        table="\n".join(f"| `{kind.folder}/*.jsonl` | {kind.line} |" for kind in RECORDS),
        queries="\n\n".join(f"```sql\n{duckdb_query(kind)}\n```" for kind in RECORDS[:2]),
    )


def duckdb_query(kind: RecordKind) -> str:
    """A DuckDB statement that reads all lines of *kind* with their types instead of guessing them."""
    columns = ", ".join(f"\"{name}\": '{_duckdb_type(hint)}'" for name, hint in _hints(kind.shape).items())
    return (
        f"CREATE VIEW {kind.folder} AS FROM read_json('{kind.folder}/*.jsonl', format = 'newline_delimited',"
        f" columns = {{{columns}}});"
    )


def output_page() -> str:
    """``docs/output.md``: every field of every record."""
    return _PAGE.format(records="\n".join(_record_section(kind) for kind in RECORDS))


def _hints(shape: type[Any]) -> Mapping[str, Any]:
    return get_type_hints(shape)


def _is_record(hint: Any) -> TypeGuard[type[Any]]:
    """Whether *hint* is the dataclass of a record, no value of one."""
    return isinstance(hint, type) and is_dataclass(hint)


def _without_none(hint: Any) -> tuple[Any, bool]:
    """(the type, whether it may be null)."""
    if get_origin(hint) in (UnionType, Union):
        rest = [part for part in get_args(hint) if part is not NoneType]
        return rest[0], True
    return hint, False


def _features(shape: type[Any], indent: str) -> Iterator[str]:
    """Lines of the card's YAML, in the form of `datasets.Features`."""
    for name, hint in _hints(shape).items():
        yield f"{indent}- name: {name}\n"
        yield from _feature(_without_none(hint)[0], indent + "  ")


def _feature(hint: Any, indent: str) -> Iterator[str]:
    if get_origin(hint) is list:
        (inner,) = get_args(hint)
        if inner in _PLAIN:
            yield f"{indent}list: {_PLAIN[inner]}\n"
        else:
            yield f"{indent}list:\n"
            yield from _features(inner, indent)
    elif _is_record(hint):
        yield f"{indent}struct:\n"
        yield from _features(hint, indent)
    else:
        yield f"{indent}dtype: {_PLAIN[hint]}\n"


def _duckdb_type(hint: Any) -> str:
    hint, _ = _without_none(hint)
    if get_origin(hint) is list:
        return _duckdb_type(get_args(hint)[0]) + "[]"
    if _is_record(hint):
        inner = ", ".join(f'"{name}" {_duckdb_type(part)}' for name, part in _hints(hint).items())
        return f"STRUCT({inner})"
    return _DUCKDB[hint]


def _type_words(hint: Any) -> str:
    """A type as the page writes it: ``text``, ``list of Author``, ``number or null``."""
    hint, nullable = _without_none(hint)
    if get_origin(hint) is list:
        words = f"list of {_type_words(get_args(hint)[0])}"
    elif _is_record(hint):
        words = f"[{hint.__name__}](#{hint.__name__.lower()})"
    else:
        words = {str: "text", int: "integer", float: "number", bool: "true or false"}[hint]
    return f"{words} or null" if nullable else words


def _record_section(kind: RecordKind) -> str:
    parts = [f"## `{kind.folder}/*.jsonl`\n\nA line is {kind.line}. `schema` is `{kind.schema_name}`.\n"]
    parts.append(_field_table(kind.shape))
    for inner in _inner_shapes(kind.shape):
        parts.append(f"### {inner.__name__}\n\n{_first_sentence(inner)}\n")
        parts.append(_field_table(inner))
    return "\n".join(parts)


def _inner_shapes(shape: type[Any]) -> list[type[Any]]:
    """The dataclasses that stand in fields of *shape* itself and were not described under an earlier record."""
    seen: list[type[Any]] = []
    for kind in RECORDS:
        own: list[type[Any]] = []
        for hint in _hints(kind.shape).values():
            inner, _ = _without_none(hint)
            if get_origin(inner) is list:
                inner = get_args(inner)[0]
            if _is_record(inner) and inner not in seen and inner not in own:
                own.append(inner)
        if kind.shape is shape:
            return own
        seen += own
    return []


def _field_table(shape: type[Any]) -> str:
    rows = (
        f"| `{name}` | {_type_words(hint)} | {(note(shape.__name__, name) or '').replace('|', '/')} |"
        for name, hint in _hints(shape).items()
    )
    return "| field | type | meaning |\n|---|---|---|\n" + "\n".join(rows) + "\n"


def _first_sentence(shape: type[Any]) -> str:
    first = (shape.__doc__ or "").strip().split("\n\n")[0]
    return " ".join(first.split()).replace("``", "`")


_CARD = """\
---
pretty_name: News stories, teasers and how both change
tags:
- news
configs:
{configs}dataset_info:
{infos}---

# What newsbot wrote

| files | a line is |
|---|---|
{table}

Files are written once and whole: a name that is here will not change. Names grow, so the last name read is a cursor.
All keys stand on every line; lists are never null; dates are RFC 3339 with an offset; ids start with a letter.
`.newsbot/` is the state of the crawl: leave it where it is, and back it up together with this folder.

```sh
duckdb -c "SELECT site, count(*) FROM 'stories/*.jsonl' GROUP BY ALL"
python -c "from datasets import load_dataset; print(load_dataset('.', 'stories'))"
jq -r '.headline' stories/*.jsonl
```

Readers that guess types from the first lines may guess wrong after millions of them. With the types given, in DuckDB:

{queries}
"""

_PAGE = """\
# The output

This page is generated from the dataclasses of `newsbot/items/model.py` by `make docs`; the JSON Schemas stand in
[newsbot/items/schemas/](../newsbot/items/schemas/), and `output/README.md` carries the same types for DuckDB and
Hugging Face `datasets`.

- Every key stands on every line, in this order. What is absent is `null`, or an empty list. Lists are never null,
  objects always have the same keys.
- Dates are RFC 3339 with an offset, beside the text they were read from (`..._raw`). No date is invented: published
  and modified are never copied into each other, and a date in a caption is the photograph's.
- Offsets count Unicode code points of the final text.
- Ids start with a letter, and are the same on every machine that saw the same bytes.
- A line is written once and never changed. What is learnt later is an event.
- A file appears whole, under a name that grows: the last name you read is your cursor.

{records}"""
