"""The shapes that readers are told of: every field noted, pages fresh, and lines that fit their schema."""

from __future__ import annotations

import dataclasses
import json

import jsonschema
import msgspec
import pytest

from newsbot.items import model
from newsbot.items.field_notes import note, noted
from newsbot.items.schema import RECORDS, RecordKind, data_card, json_schema
from tools.make_docs import ROOT, pages

SHAPES = {name: shape for name, shape in vars(model).items() if dataclasses.is_dataclass(shape)}
NEVER_WRITTEN = {"Capture", "Link", "Validators"}


def test_every_field_of_every_record_has_a_note() -> None:
    missing = [
        f"{name}.{field.name}"
        for name, shape in SHAPES.items()
        if name not in NEVER_WRITTEN
        for field in dataclasses.fields(shape)
        if note(name, field.name) is None
    ]
    assert missing == []


def test_no_note_is_left_without_its_field() -> None:
    known = {(name, field.name) for name, shape in SHAPES.items() for field in dataclasses.fields(shape)}
    assert [pair for pair in noted() if pair not in known] == []


@pytest.mark.parametrize("path", [pytest.param(path, id=path.name) for path in pages()])
def test_generated_page_is_fresh(path) -> None:  # a stale page: run `make docs`
    assert (ROOT / path).read_text("utf-8") == pages()[path]


@pytest.mark.parametrize("kind", [pytest.param(kind, id=kind.folder) for kind in RECORDS])
def test_line_fits_its_schema_and_a_foreign_key_does_not(kind: RecordKind) -> None:
    line = json.loads(msgspec.json.encode(kind.shape()))
    validator = jsonschema.Draft202012Validator(json_schema(kind))
    assert list(validator.iter_errors(line)) == []
    assert list(validator.iter_errors({**line, "extra": 1})) != []
    assert list(validator.iter_errors({key: value for key, value in line.items() if key != "run_id"})) != []


def test_card_names_every_record() -> None:
    card = data_card()
    assert [kind.folder for kind in RECORDS if f"- config_name: {kind.folder}\n" not in card] == []
