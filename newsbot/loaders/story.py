"""Regions and metadata become a `Story`.

What comes in: `StorySources`, all that is known of one page. What goes out: a `Story`, its fields with
several candidates resolved by an item loader in order of trust, with the winners' sources in ``provenance``;
and the losers, for those who ask. Repairs nothing, sets no ids, knows no Scrapy.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from itemloaders import ItemLoader
from itemloaders.processors import Identity
from resiliparse.parse.lang import detect_fast

from newsbot.core import declared
from newsbot.core.authors import find_authors
from newsbot.core.blocks import Segments
from newsbot.core.credits import dateline_parts, wire_credits
from newsbot.core.dates import choose_date, date_candidates, is_day_first, page_zone
from newsbot.core.headlines import headline_candidates
from newsbot.core.metadata import Candidate, Metadata, plain
from newsbot.core.roles import BodyPart, Regions
from newsbot.core.state import StateText, state_text
from newsbot.core.urls import absolute_url
from newsbot.items.model import Access, Author, BodyBlock, Credit, Dateline, Provenance, Rights, Story
from newsbot.loaders.media import images_of, videos_of
from newsbot.loaders.processors import MostTrusted

MAX_VARIANTS = 5
# A text much shorter than what the page declares of it was cut by a paywall.
TRUNCATED_SHARE = 0.5
MIN_DETECTABLE_CHARS = 80
MAX_DETECTED_CHARS = 1_000
# Systems stamp the two dates of a first version one after the other, and some the change first.
CLOCK_SLACK = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySources:
    """All that is known of the page of a story; what the site file and the offering source say comes last."""

    segments: Segments
    metadata: Metadata
    regions: Regions
    site: str | None = None
    publisher: str | None = None
    language: str | None = None
    time_zone: str | None = None
    fetched_at: str | None = None
    offered_title: str | None = None
    offered_date: str | None = None
    offered_by: str | None = None
    explain: bool = False


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """The candidates of a field; the first *won* of them are its value, one or (authors, keywords) several."""

    field: str
    candidates: tuple[Candidate, ...]
    won: int = 1


@dataclass(frozen=True, slots=True)
class LoadedStory:
    """A story, how its fields were chosen, and what is odd about them (for the notes of the page)."""

    story: Story
    choices: tuple[FieldChoice, ...]
    notes: tuple[str, ...] = ()


class StoryLoader(ItemLoader):
    """Fields of which a page often says several things; candidates are added best first."""

    default_item_class = Story
    # One processor for every field that is loaded, named field by field: else the loader asks the item class each time.
    headline_in = description_in = section_in = publisher_in = language_in = canonical_url_in = Identity()
    headline_out = description_out = section_out = publisher_out = language_out = canonical_url_out = MostTrusted()

    def choices(self) -> tuple[FieldChoice, ...]:
        """The candidates of each field, in the order in which the fields were added."""
        return tuple(_choice(field, values) for field, values in self._values.items())


def _choice(field: str, values: Sequence[Candidate]) -> FieldChoice:
    """The winner, with those who say the same: they did not lose."""
    agreeing = [one for one in values if one.value == values[0].value]
    others = [one for one in values if one.value != values[0].value]
    return FieldChoice(field, (*agreeing, *others), len(agreeing))


def load_story(sources: StorySources) -> LoadedStory | None:
    """The story of the page, or None if the page has none."""
    regions, metadata = sources.regions, sources.metadata
    elsewhere = _text_elsewhere(sources)
    if not regions.body and elsewhere is None:
        return None
    loader = StoryLoader()
    loader.add_value("headline", _headlines(sources))
    loader.add_value("description", _descriptions(sources))
    loader.add_value("section", list(declared.section_candidates(metadata)))
    loader.add_value("publisher", _with_hint(declared.publisher_candidates(metadata), sources.publisher))
    loader.add_value("language", _with_hint(declared.language_candidates(sources.segments, metadata), sources.language))
    loader.add_value("canonical_url", _canonicals(metadata))
    story: Story = loader.load_item()
    story.url, story.site, story.fetched_at = sources.segments.page.url, sources.site, sources.fetched_at
    set_body(story, regions.body if elsewhere is None else _parts(elsewhere))
    story.alternative_headline = _second_headline(sources, story)
    dates = set_dates(story, sources)
    authors = set_authors(story, sources)
    keywords = list(declared.keywords(metadata))
    story.keywords = [one.value for one in keywords]
    set_credits(story, regions)
    names = [author.name for author in story.authors]
    story.images = images_of(sources.segments, metadata, regions, names)
    story.videos = videos_of(metadata)
    set_declarations(story, sources)
    loaded = loader.choices()
    choices = (*loaded, *dates, *authors)
    if keywords:
        choices = (*choices, FieldChoice("keywords", tuple(keywords), len(keywords)))
    if elsewhere is not None:
        body = Candidate(elsewhere.paragraphs[0], elsewhere.source, elsewhere.locator)
        choices = (*choices, FieldChoice("body", (body,)))
    story.headline_variants = _variants(loaded, story.headline)
    story.provenance = [
        Provenance(field=one.field, source=one.candidates[0].source, locator=one.candidates[0].locator)
        for one in choices
    ]
    return LoadedStory(story, choices, ("modified_before_published",) if _is_modified_before(story) else ())


def _is_modified_before(story: Story) -> bool:
    """Whether the page says that it was changed before it was published; both dates stay as found."""
    if story.date_published is None or story.date_modified is None:
        return False
    if story.date_precision == "day" or story.date_modified[11:19] == "00:00:00":
        return story.date_modified[:10] < story.date_published[:10]
    return datetime.fromisoformat(story.date_modified) + CLOCK_SLACK < datetime.fromisoformat(story.date_published)


def _text_elsewhere(sources: StorySources) -> StateText | None:
    """The story's text outside the markup, if the markup has none or not half as much and no paywall is declared."""
    shown = sum(len(part.text) for part in sources.regions.body)
    declared_body = sources.metadata.article.get("articleBody")
    declared_chars = len(declared_body) if isinstance(declared_body, str) else 0
    if shown and (shown >= TRUNCATED_SHARE * declared_chars or declared.declared_free(sources.metadata) is False):
        return None
    is_story = bool(sources.metadata.article) or bool(shown) or sources.metadata.meta("og:type") == "article"
    found = state_text(sources.segments, sources.metadata) if is_story else None
    return found if found is not None and found.chars > shown else None


def _parts(text: StateText) -> list[BodyPart]:
    return [BodyPart("paragraph", paragraph, -1) for paragraph in text.paragraphs]


def _headlines(sources: StorySources) -> list[Candidate]:
    found = list(headline_candidates(sources.segments, sources.metadata, sources.regions.roles))
    if sources.offered_title:
        found.append(Candidate(sources.offered_title, sources.offered_by or "offered", "title"))
    return found


# A second line of the headline is no sentence, and no longer than this.
MAX_LINE_CHARS = 140


def _descriptions(sources: StorySources) -> list[Candidate]:
    """The lead that the page shows, then what it declares; a lead that is but a line serves as second headline."""
    lead = sources.regions.lead
    found = list(declared.description_candidates(sources.metadata))
    if lead is None:
        return found
    shown = Candidate(lead, "visible", "lead")
    return [*found, shown] if _is_line(lead) else [shown, *found]


def _second_headline(sources: StorySources, story: Story) -> str | None:
    """The one that JSON-LD declares, else a line below the headline; never the headline or the description again."""
    known = {_folded(text) for text in (story.headline, story.description) if text}
    lead = sources.regions.lead
    declared_one = plain(sources.metadata.article.get("alternativeHeadline"))
    lines = (declared_one if len(declared_one) <= 2 * MAX_LINE_CHARS else "", lead if lead and _is_line(lead) else "")
    return next((line for line in lines if line and _folded(line) not in known), None)


def _is_line(text: str) -> bool:
    return len(text) <= MAX_LINE_CHARS and text.rstrip("\"'”“»’)")[-1:] not in tuple(".!?…。！？।؟")


def _with_hint(candidates: Iterable[Candidate], hint: str | None) -> list[Candidate]:
    return [*candidates, Candidate(hint, "site")] if hint else list(candidates)


def _canonicals(metadata: Metadata) -> list[Candidate]:
    claims = [(one, "link", "canonical") for one in metadata.rels.get("canonical", ())]
    claims.append((metadata.meta("og:url") or "", "meta", "og:url"))
    resolved = [(absolute_url(one, metadata.base_url), source, name) for one, source, name in claims if one]
    return [Candidate(url, source, name) for url, source, name in resolved if url]


def _variants(choices: Iterable[FieldChoice], headline: str | None) -> list[str]:
    """Other headlines that the page has for itself, each once."""
    values = (one.value for choice in choices if choice.field == "headline" for one in choice.candidates)
    known = {_folded(headline or "")}
    variants = []
    for value in dict.fromkeys(values):
        folded = _folded(value)
        if folded not in known:
            known.add(folded)
            variants.append(value)
    return variants[:MAX_VARIANTS]


_NO_WORD = re.compile(r"[\W_]+")


def _folded(text: str) -> str:
    return _NO_WORD.sub("", text.casefold())


def set_body(story: Story, parts: Iterable[BodyPart]) -> None:
    """Join *parts* into the body, one a line, and note where each stands."""
    texts: list[str] = []
    at = 0
    for part in parts:
        texts.append(part.text)
        story.body_blocks.append(BodyBlock(kind=part.kind, start=at, end=at + len(part.text)))
        at += len(part.text) + 1
    story.body = "\n".join(texts)
    story.word_count = count_words(story.body)
    if len(story.body) >= MIN_DETECTABLE_CHARS:
        language, _ = detect_fast(story.body[:MAX_DETECTED_CHARS])
        story.language_detected = None if language == "unknown" else language


# Letters of scripts that write without spaces: Chinese, Japanese, Thai, Lao, Khmer, Burmese.
_DENSE = re.compile("[\u2e80-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def count_words(text: str) -> int:
    """Words of *text*; of scripts without spaces the characters.

    >>> count_words("two words"), count_words("日本語")
    (2, 3)
    """
    words = len(text.split())
    if text.isascii() or _DENSE.search(text) is None:
        return words
    dense = len(_DENSE.findall(text))
    return words if dense * 4 < len(text) else dense


def set_dates(story: Story, sources: StorySources) -> list[FieldChoice]:
    """Publication and last change, each with its text as found."""
    segments, metadata, roles = sources.segments, sources.metadata, sources.regions.roles
    zone = page_zone(metadata, sources.time_zone)
    day_first = is_day_first(metadata, story.language)
    found = date_candidates(segments, metadata, roles, day_first=day_first)
    candidates = list(found.published)
    if sources.offered_date:
        candidates.append(Candidate(sources.offered_date, "offered", sources.offered_by))
    published = choose_date(candidates, zone, day_first=day_first, latest=sources.fetched_at)
    modified = choose_date(found.modified, zone, day_first=day_first, latest=sources.fetched_at)
    choices = []
    if published.moment is not None:
        story.date_published, story.date_precision = published.moment.text, published.moment.precision
        story.date_published_raw = published.candidates[0].value
        choices.append(_choice("date_published", published.candidates))
    if modified.moment is not None:
        story.date_modified, story.date_modified_raw = modified.moment.text, modified.candidates[0].value
        choices.append(_choice("date_modified", modified.candidates))
    return choices


def set_authors(story: Story, sources: StorySources) -> list[FieldChoice]:
    """The names of the byline; agencies that it names are agencies of the story."""
    byline = find_authors(sources.segments, sources.metadata, sources.regions.roles, explain=sources.explain)
    story.authors = [Author(name=name.text, url=name.url, type=name.kind) for name in byline.names]
    story.agencies = list(byline.agencies)
    return [FieldChoice("authors", byline.candidates, byline.won)] if byline.names else []


def set_credits(story: Story, regions: Regions) -> None:
    """Dateline, wire credits, corrections."""
    agencies = list(story.agencies)
    if regions.dateline:
        parts = dateline_parts(regions.dateline)
        story.dateline = Dateline(text=parts.text, place=parts.place, agency=parts.agency)
        if parts.agency:
            agencies.append(parts.agency)
    for text in regions.wire_credits:
        credits, named = wire_credits(text)
        story.credits.extend(Credit(role=one.role, name=one.name) for one in credits)
        agencies.extend(named)
    story.agencies = list(dict.fromkeys(agencies))
    story.corrections = list(regions.corrections)


def set_declarations(story: Story, sources: StorySources) -> None:
    """Type, access, completeness, rights."""
    metadata = sources.metadata
    story.article_type = declared.article_type(metadata, sources.regions.page_type)
    free = declared.declared_free(metadata)
    story.completeness = _completeness(story, metadata, free=free)
    observed = "truncated" if story.completeness != "full" else "free" if free is not None else None
    story.access = Access(declared_free=free, observed=observed)
    rights = declared.declared_rights(metadata, sources.segments.page.headers)
    story.rights = Rights(
        license=rights.license,
        copyright_notice=rights.copyright_notice,
        robots=list(rights.robots),
        tdm_reservation=rights.tdm_reservation,
        tdm_policy=rights.tdm_policy,
    )


def _completeness(story: Story, metadata: Metadata, *, free: bool | None) -> str:
    """``full``, ``truncated`` or ``teaser_only``, by what the page declares of the length and the access."""
    words = story.word_count or 0
    whole = metadata.article.get("wordCount")
    whole = int(whole) if isinstance(whole, (int, float)) or (isinstance(whole, str) and whole.isdecimal()) else 0
    body = metadata.article.get("articleBody")
    if isinstance(body, str) and len(story.body or "") < TRUNCATED_SHARE * len(body):
        return "truncated"
    if whole and words < TRUNCATED_SHARE * whole:
        return "truncated"
    if free is False and len(story.body_blocks) <= 3 and words < 150:
        return "teaser_only" if len(story.body_blocks) <= 1 else "truncated"
    return "full"
