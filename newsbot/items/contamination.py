"""Text that belongs neither to the site, nor to the language, nor to the story: injected names and lines.

What comes in: a `Capture`, loaded and repaired. What goes out: the same, with such texts out of its fields and
recorded as contamination. Knows no site: `newsbot.items.foreign_text` tells what is foreign, by the script in which
neither the language, nor the rest of the story, nor the country of the host writes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from urllib.parse import urlsplit

from newsbot.core.alphabets import primary_language, script_of_language, scripts
from newsbot.core.foreign import ENDONYMS
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.foreign_text import (
    BETWEEN,
    LOOKED_AT,
    MAX_LINE_CHARS,
    foreign_end,
    foreign_tail,
    is_candidate,
    is_foreign,
    is_label_of_line,
    main_script,
    scripts_at_home,
    spam_words,
)
from newsbot.items.model import BodyBlock, Capture, Contamination, Image, Repair, Story, Teaser
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
# Fields that hold one name, and fields of prose, whose first or last part may be a foreign name.
_NAMES, _LINES = ("publisher", "section"), ("headline", "alternative_headline", "description")
_IMAGE_LINES = ("caption", "alt")
_TEASER_NAMES, _TEASER_LINES = ("label", "byline", "block_heading"), ("headline", "summary")
# Names that stand in no field are recorded up to so many of so many characters.
_MAX_NOTED, _MAX_SAID_CHARS = 20, 500
_MIN_NAME_CHARS = 3
# Names in more scripts than this are a page in many languages.
_MAX_SCRIPTS = 2


def set_contamination_apart(capture: Capture) -> None:
    """Take foreign texts out of the fields of *capture* and record them. Calling it again changes nothing."""
    story = capture.story
    language = story.language if story is not None else None
    known = {script_of_language(primary_language(language)), _script_of_host(capture.page.url)}
    if not any(is_candidate(text, known) for text in _looked_at(capture)):
        return
    if story is not None and story.body:
        own = _own_script(story)
        if own is not None:
            _clear_story(story, known | scripts_at_home(_lines(story), own))
    else:
        own = main_script([_prose(capture.teasers)])
    if own is not None:
        _clear_teasers(capture, {*known, own})


def note_foreign_names(capture: Capture, said: Sequence[str], shown: Sequence[str], linked: Sequence[str]) -> None:
    """Record the foreign names that were never taken into a field, and so are found nowhere else.

    They stand in *said* (the page's metadata: a name cut off a title, an author that is none), in *shown* (what the
    page shows beside its story: masthead, imprint), or in *linked*, which leads elsewhere: a menu of languages, unless
    its words are of a trade that writes on other people's pages. The site's own languages are no contamination.
    """
    story = capture.story
    if story is None or not story.body:
        return
    known = {script_of_language(primary_language(story.language)), _script_of_host(capture.page.url)}
    odd = (text for text in linked if is_candidate(text, known) and spam_words(text))
    texts = [text for text in dict.fromkeys((*said, *shown, *odd)) if len(text) <= _MAX_SAID_CHARS]
    if not any(is_candidate(text, known) for text in texts):
        return
    known.update(script for text in (*shown, *linked) if text.casefold() in ENDONYMS for script in scripts(text))
    own = _own_script(story)
    if own is None:
        return
    known |= scripts_at_home(_lines(story), own)
    names = _foreign_names([text for text in texts if is_candidate(text, known)], known)
    if len({script for name in names for script in scripts(name)} - {"latin"}) > _MAX_SCRIPTS:
        return
    around = Surroundings(story.language)
    recorded = [entry.text for entry in (*story.contamination, *capture.page.contamination)]
    for name in names[:_MAX_NOTED]:
        if not any(name in one for one in recorded) and not damage(name, around):
            recorded.append(name)
            story.contamination.append(Contamination(field=None, text=name, reason=_REASON))


def _foreign_names(texts: Sequence[str], known: Set[str | None]) -> list[str]:
    """The foreign parts of *texts*, each once, without what sets them off."""
    names: dict[str, None] = {}
    for text in texts:
        part = (0, len(text)) if is_foreign(text, known) else foreign_end(text, known)
        part = part or _tail_of_line(text, known)
        name = text[slice(*part)].strip(BETWEEN) if part is not None else ""
        if len(name) >= _MIN_NAME_CHARS:
            names[name] = None
    return list(names)


def _tail_of_line(text: str, known: Set[str | None]) -> tuple[int, int] | None:
    """The foreign last words of a line like "By ...": behind a name of its own they are its other spelling."""
    part = foreign_tail(text, known)
    return part if part is not None and sum(map(str.isalpha, text[: part[0]].split())) <= 1 else None


def _looked_at(capture: Capture) -> Iterator[str | None]:
    """The texts that may be foreign or end in such."""
    story = capture.story
    if story is not None and story.body:
        yield from (getattr(story, field) for field in (*_NAMES, *_LINES))
        yield from story.headline_variants
        yield from (author.name for author in story.authors)
        yield from story.keywords
        yield from (getattr(image, field) for image in story.images for field in _IMAGE_LINES)
        yield from (text[:MAX_LINE_CHARS] for text in _lines(story))
    for teaser in capture.teasers:
        yield from (getattr(teaser, field) for field in (*_TEASER_NAMES, *_TEASER_LINES))


def _lines(story: Story) -> list[str]:
    """The body's blocks: one a line."""
    return (story.body or "").split("\n")


def _own_script(story: Story) -> str | None:
    """The script of nearly all letters of the story, if it is that of the language; ``None`` for mixed texts."""
    lines, size = [], 0
    for text in _lines(story):
        lines.append(text[:LOOKED_AT])
        size += len(text)
        if size > LOOKED_AT:
            break
    script = main_script(lines)
    return script if script_of_language(primary_language(story.language)) in (None, script) else None


def _script_of_host(url: str | None) -> str | None:
    return _SCRIPTS_OF_COUNTRIES.get((urlsplit(url or "").hostname or "").rpartition(".")[2])


# --- the story


def _clear_story(story: Story, known: Set[str | None]) -> None:
    for field in _NAMES:
        value = getattr(story, field)
        if value and is_foreign(value, known):
            _record(story, field, value)
            setattr(story, field, None)
    for field in _LINES:
        _clear_line(story, story, field, field, known)
    _clear_headlines(story, known)
    for author in [one for one in story.authors if is_foreign(one.name, known)]:
        _record(story, "authors", author.name)
        story.authors.remove(author)
    for keyword in [one for one in story.keywords if is_foreign(one, known)]:
        _record(story, "keywords", keyword)
        story.keywords.remove(keyword)
    for at, image in enumerate(story.images):
        for field in _IMAGE_LINES:
            _clear_line(story, image, field, f"images[{at}].{field}", known)
    _clear_body(story, known)


def _clear_line(story: Story, holder: Story | Image, field: str, path: str, known: Set[str | None]) -> None:
    """Take *field* of *holder* away if it is foreign, or its foreign first or last part."""
    value = getattr(holder, field)
    if not value:
        return
    if is_foreign(value, known):
        _record(story, path, value)
        setattr(holder, field, None)
    elif part := foreign_end(value, known) or _told_tail(story, value, known):
        _record(story, path, value[slice(*part)].strip(BETWEEN))
        setattr(holder, field, _without(value, part, path, story.repairs))


def _told_tail(story: Story, value: str, known: Set[str | None]) -> tuple[int, int] | None:
    """The foreign last words of *value* that no sign sets off, where something else tells that they are foreign.

    Another headline is the same without them, or they are words of a trade that writes on other people's pages.
    """
    part = foreign_tail(value, known)
    if part is None:
        return None
    rest = value[: part[0]].rstrip()
    return part if rest in (story.headline, *story.headline_variants) or spam_words(value[part[0] :]) else None


def _clear_headlines(story: Story, known: Set[str | None]) -> None:
    """Take foreign names off the other headlines; one that is then known already goes."""
    kept: list[str] = []
    for value in story.headline_variants:
        part = (0, len(value)) if is_foreign(value, known) else foreign_end(value, known)
        part = part or _told_tail(story, value, known)
        if part is not None:
            _record(story, "headline_variants", value[slice(*part)].strip(BETWEEN))
            value = (value[: part[0]] + value[part[1] :]).strip()
        if value and value != story.headline and value not in kept:
            kept.append(value)
    story.headline_variants[:] = kept
    if story.headline is None and kept:
        story.headline = story.headline_variants.pop(0)


def _clear_body(story: Story, known: Set[str | None]) -> None:
    """Take foreign lines out of the body: short ones at its ends; inside, and longer ones, by the words of trades."""
    at = 0
    while at < len(story.body_blocks) and len(story.body_blocks) >= 3:
        block = story.body_blocks[at]
        text = (story.body or "")[block.start : block.end]
        if is_candidate(text, known) and _is_foreign_line(text, known, at in (0, len(story.body_blocks) - 1)):
            _record(story, "body", text)
            _cut_block(story, at)
            at = max(at - 1, 0)  # what stood inside may now stand at an end
        else:
            at += 1


def _is_foreign_line(text: str, known: Set[str | None], is_end: bool) -> bool:
    if is_foreign(text, known):
        return is_end or spam_words(text) > 0
    if is_end and is_label_of_line(text, known):
        return True
    return spam_words(text) > 1 and is_foreign(text, known, max_chars=len(text))


def _cut_block(story: Story, at: int) -> None:
    """Take block *at* out of the body; the others, and the repairs in them, move."""
    blocks, body = story.body_blocks, story.body or ""
    start = blocks[at].start
    end = blocks[at + 1].start if at + 1 < len(blocks) else len(body)
    if at + 1 == len(blocks) and at:
        start = blocks[at - 1].end
    cut = end - start
    story.body = body[:start] + body[end:]
    story.body_blocks = [
        BodyBlock(kind=one.kind, start=one.start - moved, end=one.end - moved)
        for number, one in enumerate(blocks)
        if number != at
        for moved in ((cut if number > at else 0),)
    ]
    _move_repairs(story.repairs, "body", start, end)


# --- teasers


def _clear_teasers(capture: Capture, known: Set[str | None]) -> None:
    """The same for teasers, recorded with the page; one that is foreign throughout leads to a foreign page, and stays
    unless it speaks of a trade that writes on other people's pages."""
    if not any(is_candidate(text, known) for teaser in capture.teasers for text in _teaser_texts(teaser)):
        return
    texts = [
        (at, teaser, field, value)
        for at, teaser in enumerate(capture.teasers)
        for field in _TEASER_LINES
        if (value := getattr(teaser, field))
    ]
    parts = [foreign_end(value, known) for _, _, _, value in texts]
    rest = " ".join(
        value if part is None else value[: part[0]] + value[part[1] :]
        for (_, _, _, value), part in zip(texts, parts, strict=True)
        if not spam_words(value)
    )[:LOOKED_AT]
    known = known | set(scripts(rest))
    for (at, teaser, field, value), part in zip(texts, parts, strict=True):
        if part is not None and is_foreign(value[slice(*part)], known):
            _record_with_page(capture, f"teasers[{at}].{field}", value[slice(*part)].strip(BETWEEN))
            setattr(teaser, field, _without(value, part, field, teaser.repairs))
    for at, teaser in enumerate(capture.teasers):
        for field in _TEASER_NAMES:
            value = getattr(teaser, field)
            if value and is_foreign(value, known):
                _record_with_page(capture, f"teasers[{at}].{field}", value)
                setattr(teaser, field, None)
    spam = [at for at, teaser in enumerate(capture.teasers) if _is_spam(teaser, known)]
    for at in spam:
        teaser = capture.teasers[at]
        _record_with_page(capture, f"teasers[{at}]", teaser.headline or teaser.summary or "")
    capture.teasers = [teaser for at, teaser in enumerate(capture.teasers) if at not in spam]
    capture.page.counts.teasers -= len(spam)


def _is_spam(teaser: Teaser, known: Set[str | None]) -> bool:
    texts = [text for text in (teaser.headline, teaser.summary) if text]
    return bool(texts) and all(is_foreign(text, known) for text in texts) and spam_words(" ".join(texts)) > 0


def _teaser_texts(teaser: Teaser) -> Iterator[str | None]:
    return (getattr(teaser, field) for field in (*_TEASER_NAMES, *_TEASER_LINES))


def _prose(teasers: Sequence[Teaser]) -> str:
    """The headlines and summaries of *teasers*, as far as they are looked into."""
    return " ".join(getattr(teaser, field) or "" for teaser in teasers for field in _TEASER_LINES)[:LOOKED_AT]


# --- records


def _without(text: str, part: tuple[int, int], field: str, repairs: list[Repair]) -> str:
    """*text* without its first or last *part*; repairs in it go, those behind it move."""
    start, end = part
    _move_repairs(repairs, field, start, end)
    return text[:start] + text[end:]


def _move_repairs(repairs: list[Repair], field: str, start: int, end: int) -> None:
    """Let the *repairs* of *field* follow when its text from *start* to *end* goes."""
    for repair in [one for one in repairs if one.field == field]:
        if repair.end > start and repair.start < end:
            repairs.remove(repair)
        elif repair.start >= end:
            repair.start -= end - start
            repair.end -= end - start


def _record_with_page(capture: Capture, field: str, text: str) -> None:
    entry = Contamination(field=field, text=text, reason=_REASON)
    if entry not in capture.page.contamination:
        capture.page.contamination.append(entry)


def _record(story: Story, field: str, text: str) -> None:
    entry = Contamination(field=field, text=text, reason=_REASON)
    if entry not in story.contamination:
        story.contamination.append(entry)
