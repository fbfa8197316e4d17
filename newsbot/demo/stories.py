"""The stories of the newsroom as they stand in an edition.

What comes in: ``news/*.toml`` (texts) and the edits of ``editions.toml``. What goes out: `DemoStory` values.
Knows nothing of pages, layouts or HTTP.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import PurePosixPath

import msgspec

from newsbot.core.errors import ConfigError


class Line(msgspec.Struct, frozen=True):
    """One block of a story's text. Kinds as in `newsbot.items.model.BodyBlock`, and ``see`` (text: a story's id)."""

    kind: str
    text: str


class Picture(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A photo: the credit is printed after the caption; ``credit_twice`` repeats it, as careless systems do."""

    file: str
    caption: str
    photographer: str | None = None
    agency: str | None = None
    alt: str = ""
    credit_twice: bool = False

    @property
    def credit(self) -> str | None:
        """The credit as printed: ``AGENCY/Name``, either of them, or nothing."""
        named = [name for name in (self.agency, self.photographer) if name]
        return "/".join(named) or None


class WireCredit(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Somebody named in the closing line of wire copy."""

    role: str
    name: str


class DemoStory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A story as it stands in one edition; ``edition`` is the first that prints it."""

    id: int
    slug: str
    section: str
    headline: str
    summary: str
    body: str
    published: datetime
    modified: datetime | None = None
    edition: int = 1
    kind: str = "news"
    layout: str = "classic"
    language: str = "en"
    authors: tuple[str, ...] = ()
    lead: str | None = None
    short: str | None = None
    label: str | None = None
    dateline: str | None = None
    place: str | None = None
    agency: str | None = None
    credits: tuple[WireCredit, ...] = ()
    keywords: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    video: str | None = None
    correction: str | None = None
    related: tuple[int, ...] = ()
    free: bool = True
    consent: bool = False
    damage: str | None = None
    injected: str | None = None
    split_after: int | None = None
    straight: bool = False

    @property
    def path(self) -> str:
        """Where the story stands on the site."""
        return f"/{self.section}/{self.slug}-{self.id}"

    @property
    def wire_line(self) -> str | None:
        """``(Reporting by A in B; Editing by C)``, or nothing."""
        if not self.credits:
            return None
        return "(" + "; ".join(f"{_ROLE_WORDS[c.role]} by {c.name}" for c in self.credits) + ")"

    @property
    def lines(self) -> tuple[Line, ...]:
        """The text in blocks, in order."""
        return tuple(_line(chunk) for chunk in re.split(r"\n\s*\n", self.body.strip()))


class Edit(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A change of one story in one edition. ``replace`` holds pairs (old, new), each found in a text of the story."""

    story: int
    kind: str
    at: datetime
    replace: tuple[tuple[str, str], ...] = ()
    append: str | None = None
    prepend: str | None = None
    headline: str | None = None
    short: str | None = None
    correction: str | None = None


_ROLE_WORDS = {"reporter": "Reporting", "editor": "Editing", "writer": "Writing"}
_MARKS = (("## ", "subheading"), ("> ", "quote"), ("- ", "list_item"), ("@@ ", "see"), ("@ ", "entry_time"))
_LINK = re.compile(r"\[([^\[\]]{1,200})\]\(([^()\s]{1,200})\)")


def _line(chunk: str) -> Line:
    text = " ".join(chunk.split())
    for mark, kind in _MARKS:
        if text.startswith(mark):
            return Line(kind, text[len(mark) :])
    return Line("paragraph", text)


def without_links(text: str) -> str:
    """*text* as read: ``[words](address)`` becomes ``words``."""
    return _LINK.sub(r"\1", text)


def linked_parts(text: str) -> list[tuple[str, str | None]]:
    """*text* cut at its links: pairs of words and address (``None`` outside links)."""
    parts: list[tuple[str, str | None]] = []
    start = 0
    for match in _LINK.finditer(text):
        parts.append((text[start : match.start()], None))
        parts.append((match.group(1), match.group(2)))
        start = match.end()
    parts.append((text[start:], None))
    return [part for part in parts if part[0]]


@cache
def first_texts() -> dict[int, DemoStory]:
    """All stories as first printed, by id, with the typography of their files (straight quotes, ``--``)."""
    stories: dict[int, DemoStory] = {}
    folder = files("newsbot.demo") / "news"
    for entry in sorted(folder.iterdir(), key=lambda path: path.name):
        if PurePosixPath(entry.name).suffix != ".toml":
            continue
        raw = tomllib.loads(entry.read_text("utf-8"))
        for story in msgspec.convert(raw["story"], list[DemoStory]):
            if story.id in stories:
                raise ConfigError(f"{entry.name}: story {story.id} is there twice")
            stories[story.id] = story
    return stories


def apply_edits(stories: dict[int, DemoStory], edits: Iterable[Edit]) -> dict[int, DemoStory]:
    """A new dict with *edits* made. Raises `ConfigError` for an edit that finds nothing to change."""
    changed = dict(stories)
    for edit in edits:
        changed[edit.story] = _edited(changed[edit.story], edit)
    return changed


def _edited(story: DemoStory, edit: Edit) -> DemoStory:
    if edit.kind == "typography":
        return msgspec.structs.replace(story, straight=not story.straight, modified=edit.at)
    texts = {"headline": edit.headline or story.headline, "summary": story.summary, "body": story.body.strip()}
    for old, new in edit.replace:
        if not any(old in text for text in texts.values()):
            raise ConfigError(f"editions.toml: story {story.id} has no text {old!r}")
        texts = {name: text.replace(old, new) for name, text in texts.items()}
    if edit.append:
        texts["body"] += "\n\n" + edit.append.strip()
    if edit.prepend:
        texts["body"] = edit.prepend.strip() + "\n\n" + texts["body"]
    kept = {"correction": edit.correction or story.correction, "short": edit.short or story.short}
    return msgspec.structs.replace(story, modified=edit.at, **kept, **texts)


def typeset(story: DemoStory) -> DemoStory:
    """*story* with printers' quotes, dashes and ellipses in all its texts (straight ones if it says so)."""
    setter = _straight if story.straight else _curly
    changes: dict[str, object] = {"body": setter(story.body.strip())}
    for name in ("headline", "summary", "lead", "short", "correction"):
        value = getattr(story, name)
        if value is not None:
            changes[name] = setter(value)
    changes["pictures"] = tuple(msgspec.structs.replace(p, caption=setter(p.caption)) for p in story.pictures)
    return msgspec.structs.replace(story, **changes)


_OPENING = re.compile(r"(^|[\s(\[“‘—])(['\"])", re.MULTILINE)


def _curly(text: str) -> str:
    text = text.replace(" -- ", " — ").replace("...", "…")
    for _ in range(2):  # twice: a quote may open inside a quote
        text = _OPENING.sub(lambda m: m.group(1) + ("“" if m.group(2) == '"' else "‘"), text)
    return text.replace('"', "”").replace("'", "’")


def _straight(text: str) -> str:
    return text.replace(" -- ", " - ")
