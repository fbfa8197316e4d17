"""The fields of story records, and how each compares with the demo's truth."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from newsbot.demo.truth import TrueStory
from newsbot.items.model import STORY_SCHEMA

Record = dict[str, Any]


def blocks(line: Record) -> list[tuple[str, str]]:
    """(kind, text) of the body's blocks, without the lead."""
    return [
        (block["kind"], line["body"][block["start"] : block["end"]])
        for block in line["body_blocks"]
        if block["kind"] != "lead"
    ]


def lead(line: Record) -> str | None:
    """The text of the lead block."""
    leads = [line["body"][block["start"] : block["end"]] for block in line["body_blocks"] if block["kind"] == "lead"]
    return leads[0] if leads else None


# field -> (what the line says, what is true)
FIELDS: dict[str, tuple[Callable[[Record], Any], Callable[[TrueStory], Any]]] = {
    "schema": (lambda line: line["schema"], lambda true: STORY_SCHEMA),
    "url": (lambda line: line["url"], lambda true: true.url),
    "headline": (lambda line: line["headline"], lambda true: true.headline),
    "lead": (lead, lambda true: true.lead),
    "body_text": (lambda line: [text for _, text in blocks(line)], lambda true: [text for _, text in true.body]),
    "body_kinds": (lambda line: [kind for kind, _ in blocks(line)], lambda true: [kind for kind, _ in true.body]),
    "authors": (lambda line: tuple(a["name"] for a in line["authors"]), lambda true: true.authors),
    "credits": (lambda line: tuple((c["role"], c["name"]) for c in line["credits"]), lambda true: true.credits),
    "dateline": (
        lambda line: line["dateline"] and (line["dateline"]["text"], line["dateline"]["place"]),
        lambda true: (true.dateline, true.place) if true.dateline else None,
    ),
    "date_published": (lambda line: line["date_published"], lambda true: true.date_published),
    "date_modified": (lambda line: line["date_modified"], lambda true: true.date_modified),
    "language": (lambda line: line["language"], lambda true: true.language),
    "keywords": (lambda line: tuple(line["keywords"]), lambda true: true.keywords),
    "captions": (
        lambda line: tuple((i["caption"], i["credit"], i["photographer"]) for i in line["images"] if i["caption"]),
        lambda true: true.captions,
    ),
    "corrections": (lambda line: tuple(line["corrections"]), lambda true: true.corrections),
    "is_truncated": (lambda line: line["completeness"] == "truncated", lambda true: true.is_truncated),
    "publisher": (lambda line: line["publisher"], lambda true: "The Saltmere Courier"),
}
