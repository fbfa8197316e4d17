"""Text that belongs neither to the site, nor to the language, nor to the story: injected names and lines.

What comes in: a `Capture`, loaded and repaired, and what the page says of its site. What goes out: the same, with such
texts out of its fields and recorded as contamination; doubtful ones are recorded and stay. Knows no site:
`foreign_text` tells what is foreign, by the script in which neither the language, nor the rest of the story, nor the
country of the host writes, and `foreign_evidence` what of it goes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from urllib.parse import urlsplit

from newsbot.core.alphabets import primary_language, script_of_language, scripts
from newsbot.core.foreign import ENDONYMS
from newsbot.core.mojibake_signs import Surroundings
from newsbot.items.foreign_evidence import NOTHING_SAID, TAKEN_OUT, Evidence, OwnWords, evidence
from newsbot.items.foreign_lines import clear_body
from newsbot.items.foreign_text import (
    BETWEEN,
    LOOKED_AT,
    MAX_LINE_CHARS,
    PITCH,
    TRADE,
    foreign_end,
    foreign_names,
    foreign_tail,
    is_candidate,
    is_foreign,
    is_quoted,
    main_script,
    scripts_at_home,
    trade_score,
)
from newsbot.items.model import Capture, Contamination, Image, Repair, Story, Teaser
from newsbot.items.repair import damage

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
# Names in more scripts than this are a page in many languages.
_MAX_SCRIPTS = 2


def set_contamination_apart(capture: Capture, own: OwnWords = NOTHING_SAID) -> None:
    """Take foreign texts out of the fields of *capture* and record them, doubtful ones where they stand.

    *own* is what the page says of its site. Calling it again, with less known of that, changes nothing.
    """
    story = capture.story
    language = story.language if story is not None else None
    known = {script_of_language(primary_language(language)), _script_of_host(capture.page.url)}
    if not any(is_candidate(text, known) for text in _looked_at(capture)):
        return
    script = _own_script(story) if story is not None and story.body else main_script([_prose(capture.teasers)])
    if script is None:
        return
    known.add(script)
    at_home = known | scripts_at_home(_lines(story), script) if story is not None else known
    headlines = [story.headline, *story.headline_variants] if story is not None else []
    found = evidence(
        own,
        story.publisher if story is not None else None,
        [entry.text for entry in capture.page.contamination if entry.field is None],
        [text for text in headlines if text],
        at_home,
    )
    if story is not None and story.body:
        _clear_story(story, at_home, found, _Records(story.contamination))
    _clear_teasers(capture, known, found, _Records(capture.page.contamination))


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
    odd = (text for text in linked if is_candidate(text, known) and trade_score(text))
    texts = [text for text in dict.fromkeys((*said, *shown, *odd)) if len(text) <= _MAX_SAID_CHARS]
    if not any(is_candidate(text, known) for text in texts):
        return
    known.update(script for text in (*shown, *linked) if text.casefold() in ENDONYMS for script in scripts(text))
    own = _own_script(story)
    if own is None:
        return
    known |= scripts_at_home(_lines(story), own)
    names = foreign_names([text for text in texts if is_candidate(text, known)], known)
    if len({script for name in names for script in scripts(name)} - {"latin"}) > _MAX_SCRIPTS:
        return
    around = Surroundings(story.language)
    recorded = [entry.text for entry in (*story.contamination, *capture.page.contamination)]
    for name in names[:_MAX_NOTED]:
        if not any(name in one for one in recorded) and not damage(name, around):
            recorded.append(name)
            story.contamination.append(Contamination(field=None, text=name, reason=TAKEN_OUT))


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


def _clear_story(story: Story, known: Set[str | None], found: Evidence, records: _Records) -> None:
    # Nobody publishes stories under a name that their readers cannot read: doubtful or not, it is no publisher.
    for field, reason_of in (("publisher", lambda _: TAKEN_OUT), ("section", found.of_end)):
        value = getattr(story, field)
        if value and is_foreign(value, known) and records.add(field, value, reason_of(value)):
            setattr(story, field, None)
    for field in _LINES:
        _clear_line(story, story, field, field, known, found, records)
    _clear_headlines(story, known, found, records)
    story.authors = [
        one
        for one in story.authors
        if not (is_foreign(one.name, known) and records.add("authors", one.name, found.of_name(one.name)))
    ]
    story.keywords = [
        one
        for one in story.keywords
        if not (is_foreign(one, known) and records.add("keywords", one, found.of_name(one)))
    ]
    for at, image in enumerate(story.images):
        for field in _IMAGE_LINES:
            _clear_line(story, image, field, f"images[{at}].{field}", known, found, records)
    for text, reason in clear_body(story, known, found):
        records.add("body", text, reason)


def _clear_line(
    story: Story,
    holder: Story | Image,
    field: str,
    path: str,
    known: Set[str | None],
    found: Evidence,
    records: _Records,
) -> None:
    """Take *field* of *holder* away if it is foreign, or its foreign first or last part."""
    value = getattr(holder, field)
    part = _part(value, known, found) if value else None
    if part is None or not records.add(path, *_told(value, part, found)):
        return
    _move_repairs(story.repairs, path, *part)
    setattr(holder, field, value[: part[0]] + value[part[1] :] or None)


def _part(value: str, known: Set[str | None], found: Evidence) -> tuple[int, int] | None:
    """The place of what is foreign in *value*: all of it, its first or last part, or last words of which more is known.

    What is quoted is what the line speaks of.
    """
    if is_foreign(value, known):
        part: tuple[int, int] | None = (0, len(value))
    else:
        part = foreign_end(value, known)
        if part is None:
            part = foreign_tail(value, known)
            part = part if part is not None and found.of_end(value[slice(*part)]) == TAKEN_OUT else None
    return None if part is None or is_quoted(value[slice(*part)]) else part


def _told(value: str, part: tuple[int, int], found: Evidence) -> tuple[str, str]:
    """The foreign *part* of *value* and the reason of its record."""
    text = value[slice(*part)]
    return text.strip(BETWEEN), found.of_end(text)


def _clear_headlines(story: Story, known: Set[str | None], found: Evidence, records: _Records) -> None:
    """Take foreign names off the other headlines; one that is then known already goes."""
    kept: list[str] = []
    for value in story.headline_variants:
        part = _part(value, known, found)
        if part is not None and records.add("headline_variants", *_told(value, part, found)):
            value = (value[: part[0]] + value[part[1] :]).strip()
        if value and value != story.headline and value not in kept:
            kept.append(value)
    story.headline_variants[:] = kept
    if story.headline is None and kept:
        story.headline = story.headline_variants.pop(0)


# --- teasers


def _clear_teasers(capture: Capture, known: Set[str | None], found: Evidence, records: _Records) -> None:
    """The same for teasers, recorded with the page; one that is foreign throughout leads to a foreign page, and stays
    unless it speaks of a trade that writes on other people's pages."""
    if not any(is_candidate(text, known) for teaser in capture.teasers for text in _teaser_texts(teaser)):
        return
    rest = " ".join(
        _without_foreign_end(value, known)
        for teaser in capture.teasers
        for value in (teaser.headline, teaser.summary)
        if value and trade_score(value) < TRADE
    )
    known = known | set(scripts(rest[:LOOKED_AT]))
    spam = {at for at, teaser in enumerate(capture.teasers) if _is_spam(teaser, known)}
    for at in sorted(spam):
        teaser = capture.teasers[at]
        records.add(f"teasers[{at}]", teaser.headline or teaser.summary or "", TAKEN_OUT)
    capture.teasers = [teaser for at, teaser in enumerate(capture.teasers) if at not in spam]
    capture.page.counts.teasers -= len(spam)
    for at, teaser in enumerate(capture.teasers):
        _clear_teaser(teaser, f"teasers[{at}]", known, found, records)


def _without_foreign_end(text: str, known: Set[str | None]) -> str:
    start, end = foreign_end(text, known) or (0, 0)
    return text[:start] + text[end:]


def _clear_teaser(teaser: Teaser, path: str, known: Set[str | None], found: Evidence, records: _Records) -> None:
    for field in _TEASER_LINES:
        value = getattr(teaser, field)
        part = foreign_end(value, known) if value else None
        if part is None or is_quoted(value[slice(*part)]):
            continue
        if records.add(f"{path}.{field}", *_told(value, part, found)):
            _move_repairs(teaser.repairs, field, *part)
            setattr(teaser, field, value[: part[0]] + value[part[1] :])
    for field in _TEASER_NAMES:
        value = getattr(teaser, field)
        reason_of = found.of_name if field == "byline" else found.of_end
        if value and is_foreign(value, known) and records.add(f"{path}.{field}", value, reason_of(value)):
            setattr(teaser, field, None)


def _is_spam(teaser: Teaser, known: Set[str | None]) -> bool:
    texts = [text for text in (teaser.headline, teaser.summary) if text]
    return bool(texts) and all(is_foreign(text, known) for text in texts) and trade_score(" ".join(texts)) >= PITCH


def _teaser_texts(teaser: Teaser) -> Iterator[str | None]:
    return (getattr(teaser, field) for field in (*_TEASER_NAMES, *_TEASER_LINES))


def _prose(teasers: Sequence[Teaser]) -> str:
    """The headlines and summaries of *teasers*, as far as they are looked into."""
    return " ".join(getattr(teaser, field) or "" for teaser in teasers for field in _TEASER_LINES)[:LOOKED_AT]


# --- records


def _move_repairs(repairs: list[Repair], field: str, start: int, end: int) -> None:
    """Let the *repairs* of *field* follow when its text from *start* to *end* goes."""
    repairs[:] = [one for one in repairs if one.field != field or one.end <= start or one.start >= end]
    for repair in repairs:
        if repair.field == field and repair.start >= end:
            repair.start -= end - start
            repair.end -= end - start


class _Records:
    """The list of contamination of a story or a page, each entry once."""

    def __init__(self, entries: list[Contamination]) -> None:
        self._entries = entries
        self._known = {(one.field, one.text, one.reason) for one in entries}

    def add(self, field: str, text: str, reason: str) -> bool:
        """Record *text* of *field*; whether the *reason* takes it out."""
        if (field, text, reason) not in self._known:
            self._known.add((field, text, reason))
            self._entries.append(Contamination(field=field, text=text, reason=reason))
        return reason == TAKEN_OUT
