"""Text damage undone, each change recorded so that it can be taken back.

What comes in: a `Capture` as loaded, or a text of anybody's. What goes out: the same with damage undone, and a
`Repair` for each change. Knows no markup, no network and no site.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from newsbot.core.edits import Certainty, Edit, apply_edits, compose, with_marks
from newsbot.core.mojibake import is_doubtful, undo_mojibake
from newsbot.core.mojibake_signs import (
    CODECS,
    NOTHING_KNOWN,
    SINGLE_BYTE_PAIR,
    SUSPECT_SIGNS,
    Surroundings,
    damaged_places,
    has_suspect_pair,
    is_suspect,
)
from newsbot.core.mojibake_whole import reads_as_utf8, roughly_read
from newsbot.core.text import ODD_SIGNS, beyond_ascii, clean, is_unclean
from newsbot.items.model import BodyBlock, Capture, Repair, Story, Teaser

# Layers of damage (a wrong decoding, then an entity, then a wrong decoding ...) undone at most; deeper is noise.
_MAX_ROUNDS = 5


def repair_text(text: str, around: Surroundings = NOTHING_KNOWN, *, field: str = "text") -> tuple[str, list[Repair]]:
    """*text* with its damage undone, and a record of each change. Idempotent, linear, never raises.

    >>> repair_text("says the province鈥檚 watchdog")[0]
    'says the province’s watchdog'
    """
    edits = find_edits(text, around)
    return apply_edits(text, edits), list(records_of(text, edits, field)) if edits else []


def find_edits(text: str, around: Surroundings = NOTHING_KNOWN, *, windows: int | None = None) -> list[Edit]:
    """The edits that `repair_text` makes, in order; marks leave the text as it is.

    Long texts are repaired window by window, so that the work is linear; what a window proves counts for those after.
    Damaged windows beyond the first *windows* are marked and stay as they came.
    """
    if not needs_repair(text):
        return []
    if len(text) <= WINDOW:
        return _edits_of_window(text, around)
    edits: list[Edit] = []
    looked_into = 0
    for start, end in _windows(text):
        window = text[start:end]
        if not needs_repair(window):
            continue
        looked_into += 1
        is_left = windows is not None and looked_into > windows
        found = _left(window) if is_left else _edits_of_window(window, around)
        proven = {edit.rule.partition("+")[0] for edit in found if edit.certainty is Certainty.CERTAIN}
        if not proven & CODECS.keys() <= around.codecs:
            around = replace(around, codecs=around.codecs | (proven & CODECS.keys()))
        edits += (replace(edit, start=edit.start + start, end=edit.end + start) for edit in found)
    return edits


def _edits_of_window(text: str, around: Surroundings) -> list[Edit]:
    if sum(1 for _ in islice(_ODD_OR_LOST.finditer(text), MAX_SIGNS + 1)) > MAX_SIGNS:
        wiped = _wiped(text)
        rest = apply_edits(text, wiped)
        return compose(text, wiped, _edits_of_window(rest, around)) if wiped else _left(text)
    if damaged_places(text, MAX_PLACES) > MAX_PLACES:
        return _left(text)
    edits: list[Edit] = []
    marks: list[Edit] = []
    current = text
    for _ in range(_MAX_ROUNDS):
        found = undo_mojibake(current, around)
        marks = [edit for edit in found if edit.certainty is Certainty.MARKED]
        step = [edit for edit in found if edit.certainty is not Certainty.MARKED]
        between = apply_edits(current, step)
        step = compose(current, step, clean(between, _damaged_lines(current, found, between)))
        if not step:
            break
        edits = compose(text, edits, step)
        current = apply_edits(text, edits)
    else:
        return _left(text)  # noise of more layers than any real text has
    return with_marks(text, edits, marks)


def _damaged_lines(before: str, found: Sequence[Edit], after: str) -> frozenset[str]:
    """The lines of *after* that still show damage: marks among the edits *found* of *before*, or suspect pairs."""
    if not found and not has_suspect_pair(after, beyond_ascii(after)):
        return frozenset()
    damaged = {line for line in after.split("\n") if SINGLE_BYTE_PAIR.search(line)}
    shift = 0
    for edit in found:
        if edit.certainty is Certainty.MARKED:
            start = edit.start + shift
            end = after.find("\n", start)
            damaged.add(after[after.rfind("\n", 0, start) + 1 : end if end >= 0 else len(after)])
        else:
            shift += len(edit.after) - (edit.end - edit.start)
    return frozenset(damaged)


def _left(text: str) -> list[Edit]:
    """A mark at the first sign of damage in *text*, which stays as it came: it is too much to look into."""
    first = _SUSPECT.search(text)
    if first is None:
        return []
    start, end = first.span()
    return [Edit(start, end, first.group(), "mojibake", "too_dense", Certainty.MARKED)]


_SUSPECT = re.compile(f"[{SUSPECT_SIGNS}]")


def _windows(text: str) -> Iterator[tuple[int, int]]:
    """Parts of *text* of at most `WINDOW` characters: whole lines; of a longer line, up to a space between words."""
    start = 0
    while len(text) - start > WINDOW:
        end = text.rfind("\n", start, start + WINDOW) + 1
        if not end:
            last = deque(_BETWEEN_WORDS.finditer(text, start + WINDOW // 2, start + WINDOW), maxlen=1)
            end = last[0].end() if last else start + WINDOW
        yield start, end
        start = end
    yield start, len(text)


_BETWEEN_WORDS = re.compile(r"\S (?=\S)")
WINDOW = 50_000
# A window with more signs of damage than this is noise, and each costs a tenth of a millisecond to look into: its odd
# signs are taken out line by line, and nothing is guessed.
MAX_SIGNS = 5_000
MAX_PLACES = 10_000
_ODD_OR_LOST = re.compile(f"[\x00-\x08\x0b\x0e-\x1f\x7f\ufffd{ODD_SIGNS}]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")  # records show them escaped: `undo` reads them so by the rule
_ODD_ALONE = re.compile(f"[\x00-\x08\x0b\x0e-\x1f\x7f{ODD_SIGNS}]+")


def _wiped(text: str) -> list[Edit]:
    """One edit for each line of *text* that holds odd signs: the line without; beside damage only surrogates go."""
    edits = []
    at = 0
    for line in text.split("\n"):
        kept = (_LONE_SURROGATE if SINGLE_BYTE_PAIR.search(line) else _ODD_ALONE).sub("", line)
        if kept != line:
            rule = "too_many_signs+surrogate" if _LONE_SURROGATE.search(line) else "too_many_signs"
            edits.append(Edit(at, at + len(line), kept, "noise", rule))
        at += len(line) + 1
    return edits


def needs_repair(text: str) -> bool:
    """Whether *text* may hold damage: one look at each character, in C; right to say so too often, never too seldom."""
    beyond = beyond_ascii(text)
    if is_unclean(text, beyond):
        return True
    return bool(beyond) and (_SUSPECT.search(beyond) is not None or has_suspect_pair(text, beyond))


def damage(text: str, around: Surroundings = NOTHING_KNOWN) -> int:
    """The number of places in *text* where wrong decoding shows; 0 for good text, at hardly any cost."""
    return len(undo_mojibake(text, around)) + text.count("\ufffd") if is_suspect(text) else 0


def undo(text: str, repairs: Iterable[Repair]) -> str:
    """*text* of one field as it came, before *repairs* (all of that field)."""
    in_order = sorted(repairs, key=lambda repair: (repair.start, repair.end))
    for repair in reversed(in_order):  # among deletions at one place the last goes first
        before = _SURROGATE.sub(_unescaped, repair.before) if "surrogate" in repair.rule else repair.before
        text = text[: repair.start] + before + text[repair.end :]
    return text


# JSON has no lone surrogates: records show them escaped.
_SURROGATE = re.compile(r"\\u(d[89a-f][0-9a-f]{2})")


def _unescaped(found: re.Match[str]) -> str:
    return chr(int(found.group(1), 16))


def records_of(text: str, edits: Sequence[Edit], field: str) -> Iterator[Repair]:
    """A record of each of *edits*, with its place in the changed text."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        before = text[edit.start : edit.end]
        shift += len(edit.after) - len(before)
        yield Repair(
            field=field,
            kind=edit.kind,
            start=start,
            end=start + len(edit.after),
            before=before.encode("utf-8", "backslashreplace").decode(),
            after=edit.after,
            rule=edit.rule,
            certainty=edit.certainty.name.lower(),
        )


# --- captures


@dataclass(frozen=True, slots=True)
class _Slot:
    """One text of an item: its name in records, its value, and how a new value is put in."""

    name: str
    text: str
    put: Callable[[str], None]


def repair(capture: Capture, elsewhere: Sequence[str] = ()) -> Capture:
    """*capture* itself, with the damage in its texts undone and recorded. Idempotent; costs little on good text.

    *elsewhere* are texts of the page that are in no field, as its metadata: what is broken in one field and whole in
    another, or in one of these, is taken from there.
    """
    if not needs_repair("\n".join(_all_texts(capture))):
        return capture
    story = capture.story
    slots = [(story.repairs, list(_story_slots(story)))] if story is not None else []
    slots += [(teaser.repairs, list(_teaser_slots(teaser))) for teaser in capture.teasers]
    around = _surroundings(story, [slot.text for _, item in slots for slot in item], elsewhere)
    for records, item in slots:
        for slot in item:
            if needs_repair(slot.text):
                _repair_slot(slot, records, around, story)
    return capture


def _all_texts(capture: Capture) -> Iterator[str]:
    """Every text that `_story_slots` and `_teaser_slots` name, without their names: most captures need no more."""
    if capture.story is not None:
        yield from filter(None, _story_texts(capture.story))
    for teaser in capture.teasers:
        for text in (
            teaser.headline,
            teaser.summary,
            teaser.label,
            teaser.byline,
            teaser.block_heading,
            teaser.date_printed,
        ):
            if text:
                yield text


def _story_texts(story: Story) -> Iterator[str | None]:
    yield from (story.headline, story.alternative_headline, story.description, story.body)
    yield from (story.publisher, story.section, story.date_published_raw)
    for texts in (story.headline_variants, story.agencies, story.keywords, story.corrections):
        yield from texts
    yield from (author.name for author in story.authors)
    yield from (credit.name for credit in story.credits)
    for image in story.images:
        yield from (image.caption, image.credit, image.photographer, image.agency, image.alt)
    for video in story.videos:
        yield video.caption
    if story.dateline is not None:
        yield from (story.dateline.text, story.dateline.place, story.dateline.agency)
    if story.rights is not None:
        yield story.rights.copyright_notice


def _repair_slot(slot: _Slot, records: list[Repair], around: Surroundings, story: Story | None) -> None:
    edits = find_edits(slot.text, around, windows=_MAX_WINDOWS)
    if not edits:
        return
    records += _unknown(list(records_of(slot.text, edits, slot.name)), records)
    if slot.name == "body" and story is not None:
        story.body_blocks = _moved(story.body_blocks, edits)
    slot.put(apply_edits(slot.text, edits))


# Longer damaged texts of a page take so long that its crawl would stand still.
_MAX_WINDOWS = 4


def _unknown(found: list[Repair], records: Sequence[Repair]) -> list[Repair]:
    """Those of *found* that *records* do not have; no mark on what a recorded change has put there."""
    known = [record for record in records if record.field == found[0].field]
    if not known:
        return found
    keys = set(map(_key, known))
    written = {place for record in known for place in range(record.start, record.end)}
    return [
        record
        for record in found
        if _key(record) not in keys and (record.certainty != "marked" or record.start not in written)
    ]


def _key(record: Repair) -> tuple[int, int, str, str]:
    return record.start, record.end, record.before, record.rule


def _surroundings(story: Story | None, texts: Sequence[str], elsewhere: Sequence[str]) -> Surroundings:
    """The page's language, the wrong decoders that its texts prove, and what stands whole in other texts."""
    language = (story.language or story.language_detected) if story is not None else None
    if language is None and any(map(is_suspect, texts)):
        language = detected_language(texts)
    around = Surroundings(language)
    doubtful = [text for text in texts if is_doubtful(text, language)]
    if not doubtful:
        return around
    proven = {
        edit.rule.partition("+")[0]
        for text in doubtful
        for edit in undo_mojibake(text[:WINDOW], around)
        if edit.certainty is Certainty.CERTAIN
    }
    whole = tuple(dict.fromkeys(text[:_MAX_WHOLE_CHARS] for text in (*elsewhere, *texts)))[:_MAX_WHOLE]
    words = frozenset(
        word for text in whole for word in _WORD.findall(text.lower()) if not word.isascii() and not is_suspect(word)
    )
    return Surroundings(language, frozenset(proven & CODECS.keys()), whole, words)


_WORD = re.compile(r"[^\W\d_]{3,}")
# Texts of the page that are looked into for what is broken in another: the first ones, metadata before all.
_MAX_WHOLE, _MAX_WHOLE_CHARS = 60, 40_000


def detected_language(texts: Sequence[str]) -> str | None:
    """The language of *texts* by their words; ``None`` below 200 characters, where a guess is worth nothing.

    Of texts that are damaged throughout it is told by what is left beneath: they look Chinese or Korean.
    """
    sample = "\n".join(texts)[:10_000]
    if reads_as_utf8(sample):
        sample = roughly_read(sample, ())
    if len(sample) < 200:
        return None
    from resiliparse.parse.lang import detect_fast  # compiled; only pages with damage need it

    language, distance = detect_fast(sample)
    return language if distance < 1200 and language != "unknown" else None


def _moved(blocks: Sequence[BodyBlock], edits: Sequence[Edit]) -> list[BodyBlock]:
    """*blocks* with their places after *edits*; an edit never reaches over the end of a block."""
    places = sorted({place for block in blocks for place in (block.start, block.end)})
    moved: dict[int, int] = {}
    shift, at = 0, 0
    for place in places:
        while at < len(edits) and edits[at].end <= place:
            shift += len(edits[at].after) - (edits[at].end - edits[at].start)
            at += 1
        moved[place] = place + shift
    return [BodyBlock(kind=block.kind, start=moved[block.start], end=moved[block.end]) for block in blocks]


def _attribute(owner: object, name: str, shown: str) -> Iterator[_Slot]:
    value = getattr(owner, name)
    if isinstance(value, str) and value:
        yield _Slot(shown, value, lambda text: setattr(owner, name, text))


def _entries(values: list[str], shown: str) -> Iterator[_Slot]:
    for at, value in enumerate(values):
        yield _Slot(f"{shown}[{at}]", value, lambda text, at=at: values.__setitem__(at, text))  # type: ignore[misc]


_STORY_TEXTS = ("headline", "alternative_headline", "description", "body", "publisher", "section", "date_published_raw")
_STORY_LISTS = ("headline_variants", "agencies", "keywords", "corrections")
_IMAGE_TEXTS = ("caption", "credit", "photographer", "agency", "alt")
_TEASER_TEXTS = ("block_heading", "label", "headline", "summary", "byline", "date_printed")


def _story_slots(story: Story) -> Iterator[_Slot]:
    for name in _STORY_TEXTS:
        yield from _attribute(story, name, name)
    for name in _STORY_LISTS:
        yield from _entries(getattr(story, name), name)
    for at, author in enumerate(story.authors):
        yield from _attribute(author, "name", f"authors[{at}].name")
    for at, credit in enumerate(story.credits):
        yield from _attribute(credit, "name", f"credits[{at}].name")
    for at, image in enumerate(story.images):
        for name in _IMAGE_TEXTS:
            yield from _attribute(image, name, f"images[{at}].{name}")
    for at, video in enumerate(story.videos):
        yield from _attribute(video, "caption", f"videos[{at}].caption")
    if story.dateline is not None:
        for name in ("text", "place", "agency"):
            yield from _attribute(story.dateline, name, f"dateline.{name}")
    if story.rights is not None:
        yield from _attribute(story.rights, "copyright_notice", "rights.copyright_notice")


def _teaser_slots(teaser: Teaser) -> Iterator[_Slot]:
    for name in _TEASER_TEXTS:
        yield from _attribute(teaser, name, name)
