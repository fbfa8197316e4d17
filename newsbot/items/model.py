"""The records that newsbot writes, as dataclasses.

What comes in: nothing. What goes out: the shapes of every line under ``output/`` and the
`Capture` in which one page travels through the pipelines. Knows no Scrapy, no storage and no
rule about news. JSON Schemas, the output documentation and the data card are generated from here.

Every field that an item loader fills defaults to ``None`` or an empty list: a loader creates
items empty and then sets attributes, so any other default would silently win.
Dates are RFC 3339 strings with an offset; offsets into text are code points of the final text.
"""

from __future__ import annotations

from dataclasses import dataclass, field

STORY_SCHEMA = "newsbot.story/1.0"
TEASER_SCHEMA = "newsbot.teaser/1.0"
PAGE_SCHEMA = "newsbot.page/1.0"
EVENT_SCHEMA = "newsbot.event/1.0"
RUN_SCHEMA = "newsbot.run/1.0"


@dataclass(slots=True, kw_only=True)
class Author:
    """One name of the byline. ``type`` is ``person``, ``organization`` or ``agency``."""

    name: str
    url: str | None = None
    type: str = "person"


@dataclass(slots=True, kw_only=True)
class Credit:
    """Somebody who worked on the story beside its authors; *role* as a lower-case noun (``editor``)."""

    role: str
    name: str


@dataclass(slots=True, kw_only=True)
class Dateline:
    """Where the story was filed: the text as printed, and its place and agency as far as named."""

    text: str
    place: str | None = None
    agency: str | None = None


@dataclass(slots=True, kw_only=True)
class BodyBlock:
    """``body[start:end]`` is one block of *kind*.

    Kinds: ``lead`` (the standfirst, also in ``description`` or ``alternative_headline``), ``paragraph``,
    ``subheading``, ``list_item``, ``quote``, ``table_row``, ``preformatted``, ``entry_time`` (of a live blog).
    """

    kind: str
    start: int
    end: int


@dataclass(slots=True, kw_only=True)
class Image:
    """An image of the story with what the page says about it."""

    url: str | None = None
    caption: str | None = None
    credit: str | None = None
    photographer: str | None = None
    agency: str | None = None
    date_taken: str | None = None
    alt: str | None = None


@dataclass(slots=True, kw_only=True)
class Video:
    """A video of the story."""

    url: str | None = None
    caption: str | None = None


@dataclass(slots=True, kw_only=True)
class Access:
    """``declared_free``: what the page's metadata say; ``observed``: ``free``, ``truncated`` or ``None`` (not told)."""

    declared_free: bool | None = None
    observed: str | None = None


@dataclass(slots=True, kw_only=True)
class Rights:
    """The machine-readable wishes of the publisher, as found and never interpreted."""

    license: str | None = None
    copyright_notice: str | None = None
    robots: list[str] = field(default_factory=list)
    tdm_reservation: str | None = None
    tdm_policy: str | None = None


@dataclass(slots=True, kw_only=True)
class Repair:
    """One undone damage: ``field[start:end]`` is *after* and was *before*.

    ``certainty`` is ``certain``, ``inferred`` or ``marked`` (left as it came: before equals after).
    Replacing from the last to the first gives back the text as it came.
    """

    field: str
    kind: str
    start: int
    end: int
    before: str
    after: str
    rule: str
    certainty: str


@dataclass(slots=True, kw_only=True)
class Contamination:
    """Text on the page that belongs neither to the site nor to the story."""

    field: str | None
    text: str
    reason: str


@dataclass(slots=True, kw_only=True)
class Provenance:
    """Which source won a field (``jsonld``, ``meta``, ``byline``, ``url``, ``feed``, ...), and where it stood."""

    field: str
    source: str
    locator: str | None = None


@dataclass(slots=True, kw_only=True)
class Story:
    """One version of one story: its first sight, or a real change of its text."""

    schema: str = STORY_SCHEMA
    story_id: str | None = None
    version_id: str | None = None
    revision: int | None = None
    previous_version_id: str | None = None
    site: str | None = None
    url: str | None = None
    canonical_url: str | None = None
    article_type: str | None = None
    headline: str | None = None
    alternative_headline: str | None = None
    headline_variants: list[str] = field(default_factory=list)
    description: str | None = None
    body: str | None = None
    body_blocks: list[BodyBlock] = field(default_factory=list)
    word_count: int | None = None
    completeness: str | None = None
    date_published: str | None = None
    date_published_raw: str | None = None
    date_modified: str | None = None
    date_modified_raw: str | None = None
    date_precision: str | None = None
    dateline: Dateline | None = None
    authors: list[Author] = field(default_factory=list)
    credits: list[Credit] = field(default_factory=list)
    agencies: list[str] = field(default_factory=list)
    publisher: str | None = None
    section: str | None = None
    keywords: list[str] = field(default_factory=list)
    language: str | None = None
    language_detected: str | None = None
    images: list[Image] = field(default_factory=list)
    videos: list[Video] = field(default_factory=list)
    access: Access | None = None
    corrections: list[str] = field(default_factory=list)
    rights: Rights | None = None
    repairs: list[Repair] = field(default_factory=list)
    contamination: list[Contamination] = field(default_factory=list)
    provenance: list[Provenance] = field(default_factory=list)
    digest: str | None = None
    cluster_id: str | None = None
    fetched_at: str | None = None
    page_id: str | None = None
    run_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Resolution:
    """How a teaser was tied to a story: ``method`` ``url``, ``redirect``, ``canonical``, ``site_id`` or ``text``."""

    method: str
    score: float


@dataclass(slots=True, kw_only=True)
class Teaser:
    """One placement: this teaser in this block of this page, as first seen or as last changed.

    Ranks count from 1. ``kind`` is ``headline``, ``summary`` or ``headline_summary``.
    ``headline`` and ``target_url`` may be null; one of ``headline`` and ``summary`` is always there.
    """

    schema: str = TEASER_SCHEMA
    teaser_id: str | None = None
    page_url: str | None = None
    page_type: str | None = None
    page_story_id: str | None = None
    site: str | None = None
    block_heading: str | None = None
    block_kind: str | None = None
    block_index: int | None = None
    rank_in_block: int | None = None
    rank_on_page: int | None = None
    kind: str | None = None
    label: str | None = None
    headline: str | None = None
    summary: str | None = None
    byline: str | None = None
    date_printed: str | None = None
    image_url: str | None = None
    target_url: str | None = None
    target_story_id: str | None = None
    resolution: Resolution | None = None
    is_sponsored: bool | None = None
    repairs: list[Repair] = field(default_factory=list)
    observed_at: str | None = None
    page_id: str | None = None
    run_id: str | None = None


@dataclass(slots=True, kw_only=True)
class RoleChars:
    """Characters of visible and hidden text a role, without white space; they add up to the page's text."""

    headline: int = 0
    alternative_headline: int = 0
    byline: int = 0
    dateline: int = 0
    date: int = 0
    body: int = 0
    caption: int = 0
    credit: int = 0
    wire_credit: int = 0
    correction: int = 0
    teaser: int = 0
    block_heading: int = 0
    label: int = 0
    chrome: int = 0
    hidden: int = 0
    contamination: int = 0


@dataclass(slots=True, kw_only=True)
class PageCounts:
    """What the page held, and what was done to it."""

    bytes: int = 0
    blocks: int = 0
    links: int = 0
    images: int = 0
    teasers: int = 0
    teaser_blocks: int = 0
    story_words: int = 0
    replaced_chars: int = 0
    control_chars: int = 0
    notes: int = 0


@dataclass(slots=True, kw_only=True)
class PageVisit:
    """One visit to a page, whatever came of it.

    ``outcome``: ``story``, ``listing`` (teasers only), ``unchanged``, ``not_modified`` (304), ``source``
    (feed, sitemap, robots), ``rejected`` (fetched, but nothing in it may be stored) or ``failed``
    (not fetched, or cut). ``reasons`` are codes, most important first (``soft404``, ``dns``, ``too_deep``).
    ``page_type``: ``article``, ``live_blog``, ``gallery``, ``video``, ``section``, ``home``, ``feed``, ``sitemap``,
    ``other``.
    """

    schema: str = PAGE_SCHEMA
    page_id: str | None = None
    url: str | None = None
    requested_url: str | None = None
    canonical_url: str | None = None
    redirects: list[str] = field(default_factory=list)
    site: str | None = None
    status: int | None = None
    page_type: str | None = None
    outcome: str | None = None
    reasons: list[str] = field(default_factory=list)
    story_id: str | None = None
    role_chars: RoleChars = field(default_factory=RoleChars)
    counts: PageCounts = field(default_factory=PageCounts)
    content_type: str | None = None
    encoding_declared: str | None = None
    encoding_used: str | None = None
    encoding_reason: str | None = None
    notes: list[str] = field(default_factory=list)
    claims: list[Provenance] = field(default_factory=list)
    contamination: list[Contamination] = field(default_factory=list)
    cut: list[str] = field(default_factory=list)
    elapsed_ms: int | None = None
    fetched_at: str | None = None
    run_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Event:
    """What was learnt later about a line that is already written.

    Kinds: ``resolved``, ``clustered``, ``headline_changed``, ``headline_variant``, ``moved``, ``withdrawn``,
    ``teaser_gone``, ``corrected``, ``forgotten``.
    """

    schema: str = EVENT_SCHEMA
    event_id: str | None = None
    kind: str | None = None
    at: str | None = None
    site: str | None = None
    story_id: str | None = None
    version_id: str | None = None
    teaser_id: str | None = None
    cluster_id: str | None = None
    before: str | None = None
    after: str | None = None
    page_id: str | None = None
    run_id: str | None = None


@dataclass(slots=True, kw_only=True)
class Count:
    """How often *name* happened: a reason, a statistic."""

    name: str
    count: int


@dataclass(slots=True, kw_only=True)
class Measure:
    """One number of a site's health in this run, beside its own history (``None``: no history yet).

    ``measure`` is ``links:URL`` (story links that a source offers) or ``coverage:FIELD`` (share of stories with it).
    """

    site: str
    measure: str
    value: float
    median: float | None = None
    spread: float | None = None
    is_alarm: bool = False


@dataclass(slots=True, kw_only=True)
class RunCounts:
    """What a run did, in lines written and URLs handled."""

    pages: int = 0
    stories: int = 0
    revisions: int = 0
    unchanged: int = 0
    teasers: int = 0
    events: int = 0
    failed: int = 0
    rejected: int = 0
    urls_new: int = 0
    urls_known: int = 0
    urls_due: int = 0
    urls_waiting: int = 0
    urls_left: int = 0


@dataclass(slots=True, kw_only=True)
class Versions:
    """The software a run was made with."""

    newsbot: str | None = None
    python: str | None = None
    scrapy: str | None = None
    lxml: str | None = None
    sqlite: str | None = None


@dataclass(slots=True, kw_only=True)
class Run:
    """One run, also a failed one; the line of a killed run is written by the next start (``exit_name`` ``killed``)."""

    schema: str = RUN_SCHEMA
    run_id: str | None = None
    spider: str | None = None
    sites: list[str] = field(default_factory=list)
    started_at: str | None = None
    ended_at: str | None = None
    elapsed_ms: int | None = None
    exit_code: int | None = None
    exit_name: str | None = None
    reasons: list[str] = field(default_factory=list)
    counts: RunCounts = field(default_factory=RunCounts)
    health: list[Measure] = field(default_factory=list)
    stats: list[Count] = field(default_factory=list)
    versions: Versions = field(default_factory=Versions)


@dataclass(slots=True, kw_only=True)
class Link:
    """A URL that a page offers to the frontier; never written to ``output/``.

    ``kind`` is ``story``, ``section``, ``next_page``, ``feed`` or ``sitemap``; ``title`` and ``date`` are what the
    offering source said of it (field sources for the story); *reason* says why it is followed.
    """

    url: str
    kind: str
    title: str | None = None
    date: str | None = None
    reason: str | None = None


@dataclass(slots=True, kw_only=True)
class Validators:
    """What a conditional GET of this URL sends next time."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(slots=True, kw_only=True)
class Capture:
    """One page as one item: its visit, its story or none, its teasers, and the links it led to.

    It goes through the pipelines as one value and is stored in one transaction.
    """

    page: PageVisit
    story: Story | None = None
    teasers: list[Teaser] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    validators: Validators | None = None
