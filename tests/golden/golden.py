"""The golden pages: what is true of each, what newsbot says of it, and which differences are known.

What comes in: ``pages/NAME/page.html`` (or ``page.txt``), ``truth.toml`` beside it, ``known.toml``. What goes out:
comparable values by the name of a field. A field that ``truth.toml`` leaves out is not asked for.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from newsbot.extract import Visit, extract_page
from newsbot.items.model import Capture, Story, Teaser

HERE = Path(__file__).parent
PAGES = sorted(folder.name for folder in (HERE / "pages").iterdir())
FETCHED_AT = "2026-03-04T12:00:00+00:00"
# Of teasers that were found; ``target_url`` asks which were, and in which order.
TEASER_FIELDS = ("target_url", "block_heading", "block_kind", "rank_in_block", "label", "headline", "summary", "byline")
Value = Any  # a JSON value


@cache
def truth_of(name: str) -> dict[str, Value]:
    """What the folder says is true."""
    return tomllib.loads((HERE / "pages" / name / "truth.toml").read_text("utf-8"))


def bytes_of(name: str) -> bytes:
    """The page as served."""
    return next((HERE / "pages" / name).glob("page.*")).read_bytes()


def extract(name: str, html: bytes) -> Capture:
    """What newsbot makes of *html* at the address and with the headers of the page *name*."""
    truth = truth_of(name)
    visit = Visit(
        content_type=truth.get("content_type", "text/html; charset=utf-8"),
        headers=truth.get("headers", {}),
        fetched_at=FETCHED_AT,
    )
    return extract_page(html, truth["url"], visit)


@cache
def capture_of(name: str) -> Capture:
    """What newsbot makes of the page."""
    return extract(name, bytes_of(name))


def fields_of(name: str) -> list[str]:
    """The fields that the truth asks for, as ``page.outcome``, ``story.lead``, ``teaser.label``."""
    truth = truth_of(name)
    asked = [f"page.{field}" for field in truth["page"]]
    asked += [f"story.{field}" for field in truth.get("story", {})] or ["story.none"]
    asked += [f"teaser.{field}" for field in TEASER_FIELDS if field == "target_url" or truth.get("block")]
    return (
        [*asked, "overlap"]
        + (["absent"] if "absent" in truth else [])
        + (["next_page"] if "next_page" in truth else [])
    )


def said_and_true(name: str, field: str) -> tuple[Value, Value]:
    """What newsbot says of *field*, and what is true; equal if it is right."""
    truth, capture = truth_of(name), capture_of(name)
    part, _, key = field.partition(".")
    if part == "page":
        return getattr(capture.page, key), truth["page"][key]
    if part == "story":
        return _said_of_story(capture.story, key), truth.get("story", {}).get(key)
    if part == "teaser":
        return _teasers(name, key)
    if part == "overlap":  # no text is story and teaser at once
        return sorted(set(lines(capture)) & teaser_texts(capture.teasers)), []
    if part == "next_page":
        return [link.url for link in capture.links if link.kind == "next_page"], truth["next_page"]
    return [text for text in truth["absent"] if text in _told(capture)], []


def lines(capture: Capture) -> list[str]:
    """The lines of the story's body; none without a story."""
    return (capture.story.body or "").splitlines() if capture.story else []


def _told(capture: Capture) -> str:
    """All text that is given as story or teaser."""
    texts = [capture.story.body, capture.story.headline] if capture.story else []
    for teaser in capture.teasers:
        texts += [teaser.block_heading, teaser.label, teaser.headline, teaser.summary, teaser.byline]
    return "\n".join(text for text in texts if text)


def _said_of_story(story: Story | None, key: str) -> Value:
    if story is None:
        return None if key == "none" else "no story"
    reader = _STORY.get(key)
    return reader(story) if reader is not None else _plain(getattr(story, key, "there is one"))


def _plain(value: Value) -> Value:
    """*value* as TOML can write it, which knows no null."""
    return "" if value is None else value


def _body(story: Story) -> list[str]:
    body = story.body or ""
    return [f"{block.kind}| {body[block.start : block.end]}" for block in story.body_blocks]


def _lead(story: Story) -> str:
    leads = [line.removeprefix("lead| ") for line in _body(story) if line.startswith("lead| ")]
    return leads[0] if leads else ""


def _names(story: Story) -> list[str]:
    return [one.name if one.type == "person" else f"{one.name} ({one.type})" for one in story.authors]


def _captions(story: Story) -> list[str]:
    shown = [image for image in story.images if image.caption]
    return [" | ".join([image.caption or "", image.credit or "-", image.photographer or "-"]) for image in shown]


_STORY = {
    "body": _body,
    "lead": _lead,
    "authors": _names,
    "captions": _captions,
    "credits": lambda story: [f"{one.role}: {one.name}" for one in story.credits],
    "dateline": lambda story: _set_keys(story.dateline),
    "rights": lambda story: _set_keys(story.rights),
    "declared_free": lambda story: story.access and story.access.declared_free,
    "observed": lambda story: story.access and story.access.observed,
    "videos": lambda story: [one.url for one in story.videos],
    "body_source": lambda story: next((one.source for one in story.provenance if one.field == "body"), "markup"),
}


def _set_keys(value: Value) -> dict[str, Value]:
    return {key: one for key, one in asdict(value).items() if one} if value is not None else {}


def _teasers(name: str, field: str) -> tuple[Value, Value]:
    """Of ``target_url`` the list; of the others the value by teaser, where it was found."""
    said, true = _keyed(_said_teasers(name)), _keyed(_true_teasers(name))
    if field == "target_url":
        return [key for key, _ in said], [key for key, _ in true]
    found, asked = dict(said), dict(true)
    both = [key for key in asked if key in found and not _is_left_open(field, asked[key])]
    return {key: found[key][field] for key in both}, {key: asked[key][field] for key in both}


def _is_left_open(field: str, true: dict[str, Value]) -> bool:
    """Whether readers may differ: a kind that is not given; the lead-in of an inline teaser as its heading."""
    return (field == "block_kind" and true[field] is None) or (
        field == "block_heading" and true["block_kind"] == "inline"
    )


def _keyed(teasers: list[dict[str, Value]]) -> list[tuple[str, dict[str, Value]]]:
    """Each with its address (or its text), and which time that stands on the page."""
    seen: Counter[str] = Counter()
    keyed = []
    for teaser in teasers:
        key = teaser["target_url"] or teaser["headline"] or teaser["summary"]
        seen[key] += 1
        keyed.append((f"{key} #{seen[key]}" if seen[key] > 1 else key, teaser))
    return keyed


def _said_teasers(name: str) -> list[dict[str, Value]]:
    """Of each teaser the fields; the page's own title may stand for the heading of its list."""
    said = [{field: getattr(teaser, field) for field in _COMPARED} for teaser in capture_of(name).teasers]
    title = truth_of(name).get("title")
    return [{**one, "block_heading": None} if title and one["block_heading"] == title else one for one in said]


_COMPARED = (*TEASER_FIELDS, "is_sponsored")


def _true_teasers(name: str) -> list[dict[str, Value]]:
    truth = truth_of(name)
    origin = "/".join(truth["url"].split("/")[:3])
    found = []
    for block in truth.get("block", []):
        for rank, one in enumerate(block["teasers"], 1):
            url = one.get("url")
            found.append(
                {
                    "target_url": origin + url if url and url.startswith("/") else url,
                    "block_heading": block.get("heading"),
                    "block_kind": block.get("kind"),
                    "rank_in_block": rank,
                    "is_sponsored": one.get("sponsored", False),
                    **{key: one.get(key) for key in ("label", "headline", "summary", "byline")},
                }
            )
    return found


def teaser_texts(teasers: list[Teaser]) -> set[str]:
    """All texts of *teasers* that could be lines of a story."""
    return {text for one in teasers for text in (one.headline, one.summary) if text}


@cache
def known() -> frozenset[tuple[str, str]]:
    """(page, field) of the differences that ``known.toml`` lists."""
    listed = tomllib.loads((HERE / "known.toml").read_text("utf-8"))
    return frozenset((name, field) for name, fields in listed.items() for field in fields)


def misses() -> dict[str, list[str]]:
    """All differences there are, by page."""
    found = {name: [field for field in fields_of(name) if _differs(name, field)] for name in PAGES}
    return {name: fields for name, fields in found.items() if fields}


def _differs(name: str, field: str) -> bool:
    said, true = said_and_true(name, field)
    return bool(said != true)
