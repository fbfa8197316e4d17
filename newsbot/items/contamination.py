"""Text that belongs neither to the site, nor to the language, nor to the story: injected names and lines.

What comes in: a `Capture`, loaded and repaired. What goes out: the same, with such texts out of the story's fields
and recorded as contamination. Knows no site: a text is foreign when all its letters are of a script in which neither
the language, nor the rest of the story, nor the country of the host writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator
from urllib.parse import urlsplit

from newsbot.core.alphabets import primary_language, script_of, script_of_language, scripts
from newsbot.items.model import BodyBlock, Capture, Contamination, Story

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
    """Take foreign texts out of the story of *capture* and record them with it. Calling it again changes nothing."""
    story = capture.story
    if story is None or not story.body:
        return
    known = {script_of_language(primary_language(story.language)), _script_of_host(capture.page.url)}
    if not any(_is_candidate(text, known) for text in _short_texts(story)):
        return
    own = _own_script(story)
    if own is None:
        return
    known.add(own)
    for field in ("publisher", "section"):
        value = getattr(story, field)
        if value and _is_foreign(value, known, story.body.replace(value, "")):
            _record(story, field, value)
            setattr(story, field, None)
    if story.headline and _is_foreign(story.headline, known, story.body):
        _record(story, "headline", story.headline)
        story.headline = next((one for one in story.headline_variants if not _is_foreign(one, known, story.body)), None)
    for author in [one for one in story.authors if _is_foreign(one.name, known, story.body)]:
        _record(story, "authors", author.name)
        story.authors.remove(author)
    _cut_edges(story, known)


def _short_texts(story: Story) -> Iterator[str | None]:
    """The texts that may be foreign: names, the headline, the body's first and last line."""
    yield from (story.publisher, story.section, story.headline)
    yield from (author.name for author in story.authors)
    body = story.body or ""
    for block in (*story.body_blocks[:1], *story.body_blocks[-1:]):
        yield body[block.start : min(block.end, block.start + _MAX_LINE_CHARS)]


def _is_candidate(text: str | None, known: Container[str | None]) -> bool:
    """Whether the first letter of *text* beyond Latin is of a script not in *known*: a quick look."""
    found = _BEYOND_LATIN.search(text) if text and not text.isascii() else None
    return found is not None and script_of(found.group()) not in known


_BEYOND_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ufdff\uff21-\uffdc\U00020000-\U0003ffff]")


def _own_script(story: Story) -> str | None:
    """The script of nearly all letters of the body, if it is that of the language; ``None`` for mixed texts."""
    counts = Counter(scripts((story.body or "")[:2000]))
    if sum(counts.values()) < _MIN_BODY_LETTERS:
        return None
    script, count = counts.most_common(1)[0]
    of_language = script_of_language(primary_language(story.language))
    return script if count > 0.97 * sum(counts.values()) and of_language in (None, script) else None


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


def _cut_edges(story: Story, known: set[str | None]) -> None:
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


def _record(story: Story, field: str, text: str) -> None:
    entry = Contamination(field=field, text=text, reason=_REASON)
    if entry not in story.contamination:
        story.contamination.append(entry)
