"""Text that belongs neither to the site, nor to the language, nor to the story: injected names and lines.

What comes in: a `Capture`, loaded and repaired. What goes out: the same, with such texts out of the story's fields
and recorded as contamination. Knows no site: a text is foreign when all its letters are of a script in which neither
the language, nor the rest of the story, nor the country of the host writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from urllib.parse import urlsplit

from newsbot.core.alphabets import primary_language, script_of, script_of_language, scripts
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.model import BodyBlock, Capture, Contamination, Repair, Story, Teaser
from newsbot.items.repair import damage

_REASON = "foreign_script"
# Countries in which a second script is usual on pages in another language.
_SCRIPTS_OF_COUNTRIES = {
    **dict.fromkeys("cn tw hk mo sg jp kr my".split(), "east_asian"),
    **dict.fromkeys("ru ua by bg rs mk kz kg mn tj uz su me ba".split(), "cyrillic"),
    **dict.fromkeys("ir iq sa ae eg ma dz tn ly jo lb sy qa kw bh om ye pk af ps sd il".split(), "arabic"),
    **dict.fromkeys("gr cy".split(), "greek"),
    "th": "thai", "in": "devanagari", "np": "devanagari", "bd": "bengali", "lk": "sinhala", "ge": "georgian",
    "am": "armenian", "et": "ethiopic", "kh": "khmer", "mm": "myanmar", "la": "lao",
}  # fmt: skip
# A line this long in another script is a quotation or a second language, not a site's name or a slogan.
_MAX_LINE_CHARS = 60
_MIN_BODY_LETTERS = 200
_LOOKED_AT = 20_000  # characters of the story: one letter of the script in them, and the text belongs


def set_contamination_apart(capture: Capture) -> None:
    """Take foreign texts out of the fields of *capture* and record them. Calling it again changes nothing."""
    story = capture.story
    language = story.language if story is not None else None
    known = {script_of_language(primary_language(language)), _script_of_host(capture.page.url)}
    if not any(_is_candidate(text, known) for text in _looked_at(capture)):
        return
    own = _own_script(story) if story is not None and story.body else _script_of_teasers(capture.teasers)
    if own is None:
        return
    known.add(own)
    if story is not None and story.body:
        _clear_story(story, known)
    _clear_teasers(capture, known)


def note_foreign_names(capture: Capture, said: Sequence[str]) -> None:
    """Record the foreign names in *said*, texts of the page's metadata that the fields were chosen from.

    What was never taken into a field (a name cut off a title, an author that is none) is found nowhere else.
    """
    story = capture.story
    if story is None or not story.body:
        return
    known = {script_of_language(primary_language(story.language)), _script_of_host(capture.page.url)}
    candidates = [text for text in dict.fromkeys(said) if len(text) <= _MAX_SAID_CHARS and _is_candidate(text, known)]
    own = _own_script(story) if candidates else None
    if own is None:
        return
    known.add(own)
    around = Surroundings(story.language)
    recorded = {entry.text for entry in story.contamination}
    for text in candidates:
        part = (0, len(text)) if _is_foreign(text, known, story.body) else _foreign_end(text, known, story.body)
        name = text[slice(*part)].strip(_BETWEEN) if part is not None else ""
        if name and name not in recorded and not damage(text, around):
            recorded.add(name)
            story.contamination.append(Contamination(field=None, text=name, reason=_REASON))


_MAX_SAID_CHARS = 500


def _looked_at(capture: Capture) -> Iterator[str | None]:
    """The texts that may be foreign or end in such: every one but the inside of the body."""
    story = capture.story
    if story is not None and story.body:
        yield from (getattr(story, field) for field in (*_NAMES, *_LINES))
        yield from (author.name for author in story.authors)
        yield from story.keywords
        for block in (*story.body_blocks[:1], *story.body_blocks[-1:]):
            yield story.body[block.start : min(block.end, block.start + _MAX_LINE_CHARS)]
    for teaser in capture.teasers:
        yield from (getattr(teaser, field) for field in (*_TEASER_NAMES, *_TEASER_LINES))


# Fields that hold one name, and fields of prose, whose first or last part may be a foreign name.
_NAMES, _LINES = ("publisher", "section"), ("headline", "alternative_headline", "description")
_TEASER_NAMES, _TEASER_LINES = ("label", "byline", "block_heading"), ("headline", "summary")


def _clear_story(story: Story, known: Container[str | None]) -> None:
    body = story.body or ""
    for field in _NAMES:
        value = getattr(story, field)
        if value and _is_foreign(value, known, body.replace(value, "")):
            _record(story, field, value)
            setattr(story, field, None)
    for field in _LINES:
        value = getattr(story, field)
        if value and _is_foreign(value, known, body):
            _record(story, field, value)
            setattr(story, field, None)
        elif value and (part := _foreign_end(value, known, body)):
            _record(story, field, value[slice(*part)].strip(_BETWEEN))
            setattr(story, field, _without(value, part, field, story.repairs))
    if story.headline is None:
        story.headline = next((one for one in story.headline_variants if not _is_foreign(one, known, body)), None)
    for author in [one for one in story.authors if _is_foreign(one.name, known, body)]:
        _record(story, "authors", author.name)
        story.authors.remove(author)
    for keyword in [one for one in story.keywords if _is_foreign(one, known, body)]:
        _record(story, "keywords", keyword)
        story.keywords.remove(keyword)
    _cut_edges(story, known)


def _clear_teasers(capture: Capture, known: Container[str | None]) -> None:
    """The same for teasers, recorded with the page; a headline that is foreign throughout leads to a foreign page."""
    texts = [
        (at, teaser, field, value)
        for at, teaser in enumerate(capture.teasers)
        for field in _TEASER_LINES
        if (value := getattr(teaser, field))
    ]
    parts = [_foreign_end(value, known, "") for _, _, _, value in texts]
    rest = " ".join(
        value if part is None else value[: part[0]] + value[part[1] :]
        for (_, _, _, value), part in zip(texts, parts, strict=True)
    )[:_LOOKED_AT]
    for (at, teaser, field, value), part in zip(texts, parts, strict=True):
        if part is not None and _is_foreign(value[slice(*part)], known, rest):
            _record_with_page(capture, f"teasers[{at}].{field}", value[slice(*part)].strip(_BETWEEN))
            setattr(teaser, field, _without(value, part, field, teaser.repairs))
    for at, teaser in enumerate(capture.teasers):
        for field in _TEASER_NAMES:
            value = getattr(teaser, field)
            if value and _is_foreign(value, known, rest):
                _record_with_page(capture, f"teasers[{at}].{field}", value)
                setattr(teaser, field, None)


def _prose(teasers: Sequence[Teaser]) -> str:
    """The headlines and summaries of *teasers*, as far as they are looked into."""
    return " ".join(getattr(teaser, field) or "" for teaser in teasers for field in _TEASER_LINES)[:_LOOKED_AT]


# What stands between a headline and the name of a site.
_BETWEEN = " \xa0|_-–—·•:：»«/\\"
_SEPARATOR = re.compile(r"\s*(?:[|_·•：»«]|\s[-–—:/]\s|——)\s*")


def _foreign_end(text: str, known: Container[str | None], rest: str) -> tuple[int, int] | None:
    """The place of the first or last part of *text*, with what sets it off, if that part is foreign."""
    if text.isascii():
        return None
    cuts = [found.span() for found in _SEPARATOR.finditer(text)]
    if not cuts:
        return None
    start, end = cuts[-1]
    if _is_foreign(text[end:], known, rest + text[:start]):
        return start, len(text)
    start, end = cuts[0]
    return (0, end) if _is_foreign(text[:start], known, rest + text[end:]) else None


def _without(text: str, part: tuple[int, int], field: str, repairs: list[Repair]) -> str:
    """*text* without its first or last *part*; repairs in it go, those behind it move."""
    start, end = part
    for repair in [one for one in repairs if one.field == field]:
        if repair.end > start and repair.start < end:
            repairs.remove(repair)
        elif repair.start >= end:
            repair.start -= end - start
            repair.end -= end - start
    return text[:start] + text[end:]


def _script_of_teasers(teasers: Sequence[Teaser]) -> str | None:
    """The script of nearly all letters of the teasers; ``None`` for mixed ones or few."""
    return _main_script(_prose(teasers))


def _is_candidate(text: str | None, known: Container[str | None]) -> bool:
    """Whether the first letter of *text* beyond Latin is of a script not in *known*: a quick look."""
    found = _BEYOND_LATIN.search(text) if text and not text.isascii() else None
    return found is not None and script_of(found.group()) not in known


_BEYOND_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ufdff\uff21-\uffdc\U00020000-\U0003ffff]")


def _own_script(story: Story) -> str | None:
    """The script of nearly all letters of the body, if it is that of the language; ``None`` for mixed texts."""
    script = _main_script((story.body or "")[:2000])
    return script if script_of_language(primary_language(story.language)) in (None, script) else None


def _main_script(text: str) -> str | None:
    counts = Counter(scripts(text))
    if sum(counts.values()) < _MIN_BODY_LETTERS:
        return None
    script, count = counts.most_common(1)[0]
    return script if count > 0.97 * sum(counts.values()) else None


def _script_of_host(url: str | None) -> str | None:
    return _SCRIPTS_OF_COUNTRIES.get((urlsplit(url or "").hostname or "").rpartition(".")[2])


def _is_foreign(text: str, known: Container[str | None], rest: str) -> bool:
    """Whether all letters of *text* are of one script not in *known*, of which the *rest* of the story has none."""
    found = Counter(scripts(text))
    if len(found) != 1 or len(text) > _MAX_LINE_CHARS or "latin" in found:
        return False
    script = next(iter(found))
    if script in known:
        return False
    return script not in scripts(rest[:_LOOKED_AT])


def _cut_edges(story: Story, known: Container[str | None]) -> None:
    """Take a foreign first or last line out of the body; lines inside a story are the story's."""
    blocks = story.body_blocks
    for at in (0, -1):
        if len(blocks) < 3 or story.body is None:
            return
        block = blocks[at]
        text = story.body[block.start : block.end]
        rest = story.body[: block.start] + story.body[block.end :]
        if not _is_foreign(text, known, rest):
            continue
        _record(story, "body", text)
        blocks.pop(at)
        start, end = (0, blocks[0].start) if at == 0 else (blocks[-1].end, len(story.body))
        story.body = story.body[:start] + story.body[end:]
        cut = end if at == 0 else 0
        story.body_blocks = blocks = [
            BodyBlock(kind=one.kind, start=one.start - cut, end=one.end - cut) for one in blocks
        ]
        _move_repairs(story, cut)


def _move_repairs(story: Story, cut: int) -> None:
    """Repairs of the body keep their places; those of the line that went go with it."""
    length = len(story.body or "")
    for repair in [one for one in story.repairs if one.field == "body"]:
        repair.start -= cut
        repair.end -= cut
        if repair.start < 0 or repair.end > length:
            story.repairs.remove(repair)


def _record_with_page(capture: Capture, field: str, text: str) -> None:
    entry = Contamination(field=field, text=text, reason=_REASON)
    if entry not in capture.page.contamination:
        capture.page.contamination.append(entry)


def _record(story: Story, field: str, text: str) -> None:
    entry = Contamination(field=field, text=text, reason=_REASON)
    if entry not in story.contamination:
        story.contamination.append(entry)
