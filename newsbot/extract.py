"""The extraction line: a page's bytes become a `Capture`.

What comes in: bytes, the page's URL and what is known of the visit. What goes out: one `Capture`, pure data.
No I/O, no clock, no settings: the same bytes give the same capture, always.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from newsbot.core import authors, declared, headlines
from newsbot.core.blocks import NOT_DRAWN, Segments, segment
from newsbot.core.hints import SiteHints, forced_roles
from newsbot.core.links import page_offers
from newsbot.core.metadata import Metadata, claims, plain, read_metadata
from newsbot.core.page import Page, read_page
from newsbot.core.plaintext import is_plain_text, segment_text, split_text
from newsbot.core.regions import Regions, split
from newsbot.core.roles import Role
from newsbot.core.urls import absolute_url, host_of, registrable_domain
from newsbot.items.clock import clock_notes
from newsbot.items.contamination import note_foreign_names
from newsbot.items.foreign_evidence import OwnWords
from newsbot.items.identity import identify
from newsbot.items.model import Capture, Contamination, Link, PageCounts, PageVisit, Provenance, RoleChars, Story
from newsbot.items.repair import repair
from newsbot.items.validate import validate
from newsbot.loaders.story import FieldChoice, StorySources, load_story
from newsbot.loaders.teaser import load_teasers

NO_HINTS = SiteHints()
LISTINGS = frozenset(("section", "home"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What is known of a visit beside the bytes and the URL.

    ``headers`` have lower-case names. ``page_type`` is what the site file says the page is (``section``, ``home``):
    such a page has no story. ``offered_title`` and ``offered_date`` are what the source that led here
    (``offered_by``: ``feed``, ``sitemap`` or ``teaser``) said of the story.
    """

    status: int = 200
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    fetched_at: str | None = None
    requested_url: str | None = None
    redirects: tuple[str, ...] = ()
    run_id: str | None = None
    hints: SiteHints = NO_HINTS
    page_type: str | None = None
    offered_title: str | None = None
    offered_date: str | None = None
    offered_by: str | None = None


@dataclass(frozen=True, slots=True)
class Explained:
    """A capture with what led to it: the page's blocks, their roles and reasons, and each field's candidates."""

    capture: Capture
    segments: Segments
    regions: Regions
    choices: tuple[FieldChoice, ...]


BARE_VISIT = Visit()


def extract_page(body: bytes, url: str, visit: Visit = BARE_VISIT) -> Capture:
    """All that newsbot makes of one page. Raises `ExtractionError` if it cannot be read at all."""
    capture = read_capture(body, url, visit)
    identify(capture, id_pattern=visit.hints.id_pattern)
    return capture


def read_capture(body: bytes, url: str, visit: Visit = BARE_VISIT) -> Capture:
    """The same without ids: in a crawl they are made once, at the line's end, when nothing changes any more."""
    return _extract(body, url, visit, explain=False).capture


def explain_page(body: bytes, url: str, visit: Visit = BARE_VISIT) -> Explained:
    """The same with the reasons, which cost time."""
    explained = _extract(body, url, visit, explain=True)
    identify(explained.capture, id_pattern=visit.hints.id_pattern)
    return explained


def _extract(body: bytes, url: str, visit: Visit, *, explain: bool) -> Explained:
    page = read_page(body, url, content_type=visit.content_type, headers=visit.headers)
    is_text = is_plain_text(page)
    segments = segment_text(page) if is_text else segment(page)
    metadata = read_metadata(segments)
    if is_text:
        regions = split_text(segments, explain=explain)
    else:
        regions = split(segments, claims(metadata), forced_roles(segments, visit.hints), explain=explain)
    capture = Capture(page=_visited(page, visit, segments, metadata, regions))
    loaded = load_story(_sources(segments, metadata, regions, visit, explain=explain))
    if loaded is not None and visit.page_type not in LISTINGS:
        capture.story = loaded.story
        capture.story.contamination = list(capture.page.contamination)
        capture.page.cut += _limits_met(capture.story)
        capture.page.notes += loaded.notes
        capture.page.counts.notes += len(loaded.notes)
        if capture.page.page_type == "other":  # the story stood in no markup
            capture.page.page_type = "article"
    capture.teasers = load_teasers(regions, capture.page, metadata.base_url)
    stories = [(one.target_url, one.headline) for one in capture.teasers if one.target_url]
    offers, cut = page_offers(segments, url, stories)
    capture.links = [
        Link(url=one.url, kind=one.kind, title=one.title, date=one.date, reason=one.reason) for one in offers
    ]
    if cut:
        capture.page.cut.append("links")
    _conclude(capture, needs_javascript=_needs_javascript(segments))
    said = _said_of_story(metadata)
    repair(capture, said)
    shown, linked, mastheads = _shown_beside_story(segments, regions)
    own = OwnWords(tuple(_names_of_site(metadata)), tuple(mastheads), tuple(_titles(metadata)))
    validate(capture, own)
    note_foreign_names(capture, [*said, *own.names], shown, linked)
    return Explained(capture, segments, regions, loaded.choices if loaded is not None else ())


def _sources(segments: Segments, metadata: Metadata, regions: Regions, visit: Visit, *, explain: bool) -> StorySources:
    return StorySources(
        segments=segments,
        metadata=metadata,
        regions=regions,
        site=visit.hints.site or registrable_domain(host_of(segments.page.url)),
        publisher=visit.hints.publisher,
        language=visit.hints.language,
        time_zone=visit.hints.time_zone,
        # By a clock that is not believed no date is counted back, and none lies in the future.
        fetched_at=None if clock_notes(visit.fetched_at, visit.headers) else visit.fetched_at,
        offered_title=visit.offered_title,
        offered_date=visit.offered_date,
        offered_by=visit.offered_by,
        explain=explain,
    )


def _visited(page: Page, visit: Visit, segments: Segments, metadata: Metadata, regions: Regions) -> PageVisit:
    """The record of the visit, as far as the page's own bytes tell it."""
    canonical = metadata.rels.get("canonical")
    return PageVisit(
        url=page.url,
        requested_url=visit.requested_url or page.url,
        canonical_url=absolute_url(canonical[0], metadata.base_url) if canonical else None,
        redirects=list(visit.redirects),
        site=visit.hints.site or registrable_domain(host_of(page.url)),
        status=visit.status,
        page_type=visit.page_type if visit.page_type in LISTINGS else regions.page_type,
        role_chars=_role_chars(segments, regions),
        counts=PageCounts(
            bytes=page.size_bytes,
            blocks=len(segments.blocks),
            links=len(segments.links),
            images=len(segments.images),
            teaser_blocks=len(regions.teaser_blocks),
            replaced_chars=page.replaced_chars,
            control_chars=page.control_chars,
            notes=len(page.notes) + len(metadata.notes),
        ),
        content_type=visit.content_type,
        encoding_declared=page.encoding_declared,
        encoding_used=page.encoding_used,
        encoding_reason=page.encoding_reason,
        notes=[*page.notes, *metadata.notes, *clock_notes(visit.fetched_at, visit.headers)],
        claims=_refused_claims(metadata),
        contamination=[Contamination(field=None, text=text, reason="foreign_text") for text in regions.contamination],
        fetched_at=visit.fetched_at,
        run_id=visit.run_id,
    )


def _refused_claims(metadata: Metadata) -> list[Provenance]:
    """What the page says of itself and is not believed."""
    publisher = declared.foreign_publisher(metadata)
    return [Provenance(field="publisher", source="publisher_foreign", locator=publisher)] if publisher else []


def _said_of_story(metadata: Metadata) -> list[str]:
    """What the page's metadata say in words: where the visible text is broken, these may be whole."""
    said = [metadata.title, *(value for name in _TEXT_METAS for value in metadata.metas.get(name, ()))]
    said += (metadata.article.get(name) for name in _TEXT_PROPERTIES)
    return [text for text in said if isinstance(text, str)]


def _names_of_site(metadata: Metadata) -> list[str]:
    """How the page's metadata call its site."""
    names = [metadata.meta(name) for name in ("og:site_name", "application-name", "publisher")]
    return [name for name in (*names, plain(metadata.resolved(metadata.article.get("publisher")))) if name]


def _titles(metadata: Metadata) -> list[str]:
    """The titles of the page, to which a site adds its name."""
    return [title for title in (metadata.title, metadata.meta("og:title")) if title]


def _shown_beside_story(segments: Segments, regions: Regions) -> tuple[list[str], list[str], list[str]]:
    """The texts of blocks that are neither story nor teaser, those in ASCII alone left out.

    They are plain or lead elsewhere; what leads to the site's own front page is plain: its name. Of the plain ones,
    mastheads and imprints come a second time: they name the site.
    """
    host = host_of(segments.page.url)
    home = ("", ".", "#", "/index.html", f"https://{host}", f"http://{host}", f"//{host}")
    plain_texts: list[str] = []
    linked: list[str] = []
    names: list[str] = []
    for block, role in zip(segments.blocks, regions.roles, strict=True):
        if not block.text.isascii() and role in _BESIDE_STORY:
            hrefs = [piece.link.href.strip().rstrip("/") for piece in block.pieces if piece.link is not None]
            is_plain = all(href in home for href in hrefs)
            (plain_texts if is_plain else linked).append(block.text)
            if is_plain and role not in _OF_PERSONS and (any(href != "#" for href in hrefs) or "©" in block.text):
                names.append(block.text)
    return plain_texts, linked, names


_BESIDE_STORY = frozenset((Role.CHROME, Role.HIDDEN, Role.LABEL, Role.BYLINE, Role.CREDIT, Role.DATE))
_OF_PERSONS = frozenset((Role.BYLINE, Role.CREDIT))
_TEXT_METAS = ("og:title", "twitter:title", "og:description", "description", "twitter:description", "author")
_TEXT_PROPERTIES = ("headline", "alternativeHeadline", "description", "articleBody", "text")


def _role_chars(segments: Segments, regions: Regions) -> RoleChars:
    """Characters without white space by role; they add up to the page's text."""
    counts = dict.fromkeys(Role, 0)
    for block, role in zip(segments.blocks, regions.roles, strict=True):
        text = block.text
        counts[role] += len(text) - text.count(" ")
    return RoleChars(**{role.value: count for role, count in counts.items()})


def _limits_met(story: Story) -> list[str]:
    """The names of the story's fields that hold as much as a field may: they are cut."""
    sizes = {
        "headline": (len(story.headline or ""), headlines.MAX_CHARS),
        "authors": (len(story.authors), authors.MAX_AUTHORS),
        "keywords": (len(story.keywords), declared.MAX_KEYWORDS),
    }
    return [name for name, (size, limit) in sizes.items() if size >= limit]


# Below this much text of its own a page of scripts is an empty shell.
MAX_SHELL_CHARS = 400


def _needs_javascript(segments: Segments) -> bool:
    """Whether the page is a shell that scripts are to fill."""
    shown = 0
    for block in segments.blocks:
        if not block.hidden & NOT_DRAWN:
            shown += len(block.text)
            if shown >= MAX_SHELL_CHARS:
                return False
    return b"<script" in segments.page.html.lower()


def _conclude(capture: Capture, *, needs_javascript: bool) -> None:
    """Say what came of the page."""
    page, story = capture.page, capture.story
    page.counts.teasers = len(capture.teasers)
    page.counts.story_words = story.word_count or 0 if story is not None else 0
    if story is not None:
        page.outcome = "story"
    elif capture.teasers:
        page.outcome = "listing"
    else:
        page.outcome = "rejected"
        page.reasons.append("needs_javascript" if needs_javascript else "no_text")
