"""The pages of an edition as values: which story, which blocks of cards, in which order.

What comes in: an `Edition`. What goes out: a `View` for each HTML page, by path. Templates draw views,
`newsbot.demo.truth` reads them: both see the same data, so a page and its truth cannot drift apart.
Knows nothing of HTML or HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from newsbot.demo.editions import Edition
from newsbot.demo.stories import DemoStory, Line

PAGE_SIZE = 5
LATEST_SIZE = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One teaser as printed. ``href`` is as written in the page, ``path`` where it leads in the end."""

    href: str
    path: str
    story: int | None
    headline: str | None
    summary: str | None = None
    label: str | None = None
    byline: str | None = None
    date: datetime | None = None
    image: str | None = None
    sponsor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBlock:
    """A run of cards under one heading; *style* names the template, *kind* is `newsbot`'s block kind."""

    style: str
    kind: str
    cards: tuple[Card, ...]
    heading: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Inline:
    """A "read also" line between two paragraphs."""

    lead_in: str
    card: Card


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """One HTML page. Blocks *before* stand above the story, *after* below or beside it in the markup."""

    path: str
    page_type: str
    layout: str
    title: str
    language: str = "en"
    section: str | None = None
    story: DemoStory | None = None
    parts: tuple[Line | Inline, ...] = ()
    before: tuple[CardBlock, ...] = ()
    after: tuple[CardBlock, ...] = ()
    previous_path: str | None = None
    next_path: str | None = None
    damage: str | None = None
    injected: str | None = None

    @property
    def blocks(self) -> list[CardBlock]:
        """All blocks of cards in the order of the markup; each inline line is a block of its own."""
        inline = [
            CardBlock(style="inline", kind="inline", cards=(part.card,))
            for part in self.parts
            if isinstance(part, Inline)
        ]
        return [block for block in (*self.before, *inline, *self.after) if block.cards]

    @property
    def runs(self) -> list[CardBlock]:
        """The blocks as a reader counts them: a run of cards under one heading, or under none."""
        runs: list[CardBlock] = []
        for block in self.blocks:
            last = runs[-1] if runs else None
            if last is not None and (last.heading, last.kind) == (block.heading, block.kind) == (None, "rail"):
                runs[-1] = replace(last, cards=last.cards + block.cards)
            else:
                runs.append(block)
        return runs


@dataclass(frozen=True, slots=True)
class Front:
    """A section: its name in the menu, the language and layout of its pages, and the style of its list."""

    name: str
    layout: str
    style: str
    language: str = "en"


FRONTS = {
    "harbour": Front("Harbour", "front_classic", "river"),
    "council": Front("Council", "front_grid", "grid"),
    "business": Front("Business", "front_table", "rows"),
    "sport": Front("Sport", "front_hashed", "hashed"),
    "culture": Front("Culture", "front_micro", "micro"),
    "opinion": Front("Opinion", "front_classic", "columnists"),
    "watch": Front("Watch", "front_grid", "carousel"),
    "ar": Front("العربية", "front_world", "world", "ar"),
    "ja": Front("日本語", "front_world", "world", "ja"),
}

_HEADINGS = {
    "en": ("Related stories", "Most read", "More from {}"),
    "ar": ("أخبار ذات صلة", "الأكثر قراءة", "المزيد"),
    "ja": ("関連記事", "アクセスランキング", "新着記事"),
}
_WORLD_HEADINGS = {"ar": ("آخر الأخبار", "بالصور"), "ja": ("新着ニュース", "写真特集")}
# The style of the blocks beside a story, by the story's layout: related, most read, more.
_ASIDES = {
    "classic": ("aside", "ranked", "thumbs"),
    "hashed": ("hashed", "hashed", "hashed"),
    "table": ("rows", "rows", "rows"),
    "micro": ("micro", "ranked", "micro"),
    "graph": ("grid", "tabs", "thumbs"),
    "world": ("world", "world", "world"),
}
_DESKS = ("harbour", "council", "business", "sport", "culture")
_SPONSORED = (
    ("Why more Brindle families are choosing heat pumps this spring", "warm-rooms", "Paid for by Fenwick Heating"),
    ("Five questions to ask before you remortgage", "remortgage", "Paid for by Saltmere Mutual"),
    ("The weekend cruise that leaves from your own harbour", "cruise", "Paid for by Greyling Line"),
)


def views(edition: Edition) -> dict[str, View]:
    """Every HTML page of *edition* by path (with its query), in a fixed order."""
    pages = [_home(edition)]
    for section, front in FRONTS.items():
        pages += _section(edition, section) if front.language == "en" else [_world_front(edition, section)]
    pages += _latest(edition)
    for story in edition.latest() + edition.latest(language="ar") + edition.latest(language="ja"):
        pages += _article(edition, story)
    return {page.path: page for page in pages}


def card(story: DemoStory, *, summary: bool = True, label: bool = True, image: bool = False) -> Card:
    """The plain card of *story*."""
    picture = story.pictures[0].file if image and story.pictures else None
    return Card(
        href=story.path,
        path=story.path,
        story=story.id,
        headline=story.headline,
        summary=story.summary if summary else None,
        label=story.label if label else None,
        image=f"/images/{picture}.jpg" if picture else None,
    )


def _cards(edition: Edition, ids: Sequence[int], **how: bool) -> tuple[Card, ...]:
    return tuple(card(edition.stories[key], **how) for key in ids if key in edition.stories)


def _heads(edition: Edition, ids: Sequence[int]) -> tuple[Card, ...]:
    """Cards of a headline only, in its short form where the desk wrote one."""
    return tuple(
        replace(card(edition.stories[key], summary=False, label=False), headline=_short(edition.stories[key]))
        for key in ids
        if key in edition.stories
    )


def _short(story: DemoStory) -> str:
    return story.short or story.headline


def _home(edition: Edition) -> View:
    desk = edition.desk
    lead = _cards(edition, desk.lead[:1], image=True) + _heads(edition, desk.lead[1:])
    blocks = [
        CardBlock(style="lead", kind="rail", cards=lead),
        CardBlock(style="river", kind="rail", cards=_cards(edition, desk.river, image=True)),
        CardBlock(style="opinion", kind="section_list", heading="Opinion", cards=_columns(edition, desk.opinion)),
        CardBlock(style="tab", kind="most_read", heading="Most read", cards=_heads(edition, desk.most_read)),
        CardBlock(style="tab", kind="most_read", heading="Most shared", cards=_heads(edition, desk.most_shared)),
    ]
    blocks += [_grid(edition, section) for section in _DESKS if edition.latest(section)]
    blocks += [
        CardBlock(
            style="carousel",
            kind="video",
            heading="Watch",
            cards=_cards(edition, desk.video, summary=False, image=True),
        ),
        CardBlock(
            style="spotlight", kind="rail", heading="Around the county", cards=_summaries(edition, desk.spotlight)
        ),
        CardBlock(style="sponsored", kind="sponsored", heading="From our partners", cards=_sponsored()),
    ]
    ticker = CardBlock(style="ticker", kind="rail", heading="Latest", cards=_timed(edition, desk.ticker))
    top = [ticker]
    if desk.live is not None:
        banner = replace(_cards(edition, (desk.live,), summary=False)[0], label="Live")
        top.append(CardBlock(style="banner", kind="rail", cards=(banner,)))
    return View(path="/", page_type="home", layout="front_home", title="The Saltmere Courier", before=(*top, *blocks))


def _columns(edition: Edition, ids: Sequence[int]) -> tuple[Card, ...]:
    stories = [edition.stories[key] for key in ids if key in edition.stories]
    return tuple(replace(card(s, summary=False, label=False), byline=" and ".join(s.authors)) for s in stories)


def _timed(edition: Edition, ids: Sequence[int]) -> tuple[Card, ...]:
    stories = [edition.stories[key] for key in ids if key in edition.stories]
    return tuple(replace(card(s, summary=False, label=False), headline=_short(s), date=s.published) for s in stories)


def _summaries(edition: Edition, ids: Sequence[int]) -> tuple[Card, ...]:
    return tuple(replace(one, headline=None, label=None) for one in _cards(edition, ids))


def _sponsored() -> tuple[Card, ...]:
    return tuple(
        Card(
            href=f"https://partners.saltmerecourier.example/{slug}",
            path=f"https://partners.saltmerecourier.example/{slug}",
            story=None,
            headline=headline,
            label=sponsor,
            sponsor=sponsor,
        )
        for headline, slug, sponsor in _SPONSORED
    )


def _grid(edition: Edition, section: str) -> CardBlock:
    stories = edition.latest(section)[:4]
    cards = (card(stories[0], label=False, image=True), *_heads(edition, [story.id for story in stories[1:]]))
    return CardBlock(style="column", kind="section_list", heading=FRONTS[section].name, cards=cards)


def _section(edition: Edition, section: str) -> list[View]:
    front = FRONTS[section]
    stories = edition.latest(section, front.language)
    return [
        replace(
            page,
            before=(CardBlock(style=front.style, kind=_kind(section), cards=_list_cards(front, chunk)),),
            after=_section_rails(edition, section, number),
        )
        for number, (page, chunk) in enumerate(_chunks(f"/{section}/", front, section, stories, PAGE_SIZE))
    ]


def _world_front(edition: Edition, section: str) -> View:
    """The front of another language: a lead, the latest, a ranking and a row of pictures."""
    front = FRONTS[section]
    stories = edition.latest(section, front.language)
    latest, pictures = _WORLD_HEADINGS[front.language]
    ids = [story.id for story in stories]
    blocks = (
        CardBlock(style="world", kind="rail", cards=_cards(edition, ids[:1], image=True)),
        CardBlock(style="world", kind="rail", heading=latest, cards=_cards(edition, ids[1:])),
        CardBlock(
            style="world_ranked",
            kind="most_read",
            heading=_HEADINGS[front.language][1],
            cards=_heads(edition, sorted(ids)),
        ),
        CardBlock(
            style="world_pictures",
            kind="video",
            heading=pictures,
            cards=_cards(edition, [s.id for s in stories if s.pictures], summary=False, label=False, image=True),
        ),
    )
    return View(
        path=f"/{section}/",
        page_type="section",
        layout=front.layout,
        title=front.name,
        language=front.language,
        section=section,
        before=tuple(block for block in blocks if block.cards),
    )


def _kind(section: str) -> str:
    return "video" if section == "watch" else "section_list"


def _chunks(
    path: str, front: Front, section: str | None, stories: list[DemoStory], size: int
) -> list[tuple[View, list[DemoStory]]]:
    """The pages of a list with the stories of each; the first has no ``?page=``."""
    count = max(1, -(-len(stories) // size))
    paths = [path, *(f"{path}?page={number}" for number in range(2, count + 1))]
    return [
        (
            View(
                path=own,
                page_type="section",
                layout=front.layout,
                title=front.name,
                language=front.language,
                section=section,
                previous_path=paths[number - 1] if number else None,
                next_path=paths[number + 1] if number + 1 < count else None,
            ),
            stories[number * size : (number + 1) * size],
        )
        for number, own in enumerate(paths)
    ]


def _list_cards(front: Front, stories: list[DemoStory]) -> tuple[Card, ...]:
    if front.style == "columnists":
        return tuple(replace(card(s, label=False), byline=" and ".join(s.authors)) for s in stories)
    if front.style == "carousel":
        return tuple(card(s, image=True, label=False) for s in stories)
    if front.style == "rows":
        return tuple(replace(card(s, label=False), date=s.published) for s in stories)
    return tuple(card(s, image=front.style != "hashed") for s in stories)


def _section_rails(edition: Edition, section: str, number: int) -> tuple[CardBlock, ...]:
    front = FRONTS[section]
    if number:
        return ()
    style = {"front_table": "rows", "front_hashed": "hashed"}.get(front.layout, "ranked")
    return (
        CardBlock(style=style, kind="most_read", heading="Most read", cards=_heads(edition, edition.desk.most_read)),
    )


def _latest(edition: Edition) -> list[View]:
    front = Front("Latest stories", "front_classic", "stamped")
    return [
        replace(page, before=(CardBlock(style="stamped", kind="rail", cards=_stamped(chunk)),))
        for page, chunk in _chunks("/latest/", front, None, edition.latest(), LATEST_SIZE)
    ]


def _stamped(stories: list[DemoStory]) -> tuple[Card, ...]:
    return tuple(
        replace(card(s, summary=False, label=False), label=FRONTS[s.section].name, date=s.published) for s in stories
    )


def _article(edition: Edition, story: DemoStory) -> list[View]:
    lines = story.lines
    if not story.free:
        lines = lines[:2]
    halves = [lines]
    if story.split_after:
        halves = [lines[: story.split_after], lines[story.split_after :]]
    paths = [story.path, *(f"{story.path}?page={number}" for number in range(2, len(halves) + 1))]
    return [
        View(
            path=path,
            page_type={"live_blog": "live_blog", "gallery": "gallery", "video": "video"}.get(story.kind, "article"),
            layout=story.layout,
            title=story.headline,
            language=story.language,
            section=story.section,
            story=story,
            parts=_parts(edition, half),
            after=_asides(edition, story),
            previous_path=paths[number - 1] if number else None,
            next_path=paths[number + 1] if number + 1 < len(paths) else None,
            damage=story.damage,
            injected=story.injected,
        )
        for number, (path, half) in enumerate(zip(paths, halves, strict=True))
    ]


def _parts(edition: Edition, lines: Sequence[Line]) -> tuple[Line | Inline, ...]:
    parts: list[Line | Inline] = []
    for line in lines:
        if line.kind != "see":
            parts.append(line)
        elif int(line.text) in edition.stories:
            other = card(edition.stories[int(line.text)], summary=False, label=False)
            parts.append(Inline(lead_in="Read more:", card=other))
    return tuple(parts)


def _asides(edition: Edition, story: DemoStory) -> tuple[CardBlock, ...]:
    related, most_read, more = _HEADINGS[story.language]
    styles = _ASIDES.get(story.layout, _ASIDES["classic"])
    others = [other.id for other in edition.latest(story.section, story.language) if other.id != story.id]
    section = FRONTS[story.section].name
    most = [key for key in edition.desk.most_read if key != story.id] if story.language == "en" else []
    fresh = [key for key in others if key not in story.related][:3]
    alike = _cards(edition, story.related)
    latest = _cards(edition, fresh, summary=False, label=story.layout != "table", image=styles[2] == "thumbs")
    if story.layout == "table":  # the oldest layout has no labels and links by the addresses of its own time
        alike = tuple(replace(one, href=f"/archive.php?sid={one.story}", label=None) for one in alike)
    blocks = (
        CardBlock(style=styles[0], kind="related", heading=related, cards=alike),
        CardBlock(style=styles[1], kind="most_read", heading=most_read, cards=_heads(edition, most)),
        CardBlock(
            style=styles[2],
            kind="video" if story.section == "watch" else "recirculation",
            heading=more.format(section),
            cards=latest,
        ),
    )
    return tuple(block for block in blocks if block.cards)
