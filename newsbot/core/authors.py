"""The authors of a story: chosen among what the page declares and what it prints.

What comes in: `Segments`, `Metadata`, the roles of the blocks. What goes out: `Byline`: the names of the source that is
trusted most, and those of the others. Knows no publisher: the site's names are what the page says they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from newsbot.core.blocks import Segments
from newsbot.core.bylines import MAX_BYLINE_CHARS, marked_names, printed_names, signed_names
from newsbot.core.metadata import STORY_TYPES, Candidate, Metadata, as_list, plain, types_of
from newsbot.core.names import Name, distinct, name_key, names_in, people
from newsbot.core.places import story_place
from newsbot.core.roles import Role

MAX_AUTHORS = 50

# What newsrooms declare. There the house may stand as author of what nobody signs; a recipe or a page that names its
# own site as author just fills the form.
NEWS_TYPES = frozenset(name for name in STORY_TYPES if name.endswith("newsarticle")) | {"report", "liveblogposting"}

AUTHOR_METAS = (
    "author article:author dc.creator dcterms.creator parsely-author sailthru.author cxenseparse:author byl authors"
    " og:article:author article:author_name mrf:authors citation_author creator"
).split()


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors of a story, the agencies that its byline names, and the names that were found with their sources.

    ``candidates`` begin with the *won* ones whose name stands in ``names``.
    """

    names: tuple[Name, ...]
    agencies: tuple[str, ...]
    candidates: tuple[Candidate, ...]
    won: int


def find_authors(segments: Segments, metadata: Metadata, roles: Sequence[Role], *, explain: bool = False) -> Byline:
    """The authors of the page's story.

    People of JSON-LD first, with those that the printed byline adds; else the people of the byline, of the metas (if
    the page prints their names somewhere), of microdata, of a signature; else the house or agency that JSON-LD or the
    byline names. A machine name (``jane.doe``) yields to a printed one. Without *explain* only the sources that may
    decide are read.
    """
    page = _Sources(segments, metadata, roles)
    names = _chosen(page, metadata)
    chosen = {name_key(name.text) for name in names}
    found = [
        Candidate(name.text, *source) for source in (_SOURCES if explain else tuple(page.read)) for name in page[source]
    ]
    won = [one for one in found if name_key(one.value) in chosen]
    lost = [one for one in found if name_key(one.value) not in chosen]
    agencies = [name.text for name in (*names, *page[BYLINE]) if name.kind == "agency"]
    return Byline(tuple(names), tuple(dict.fromkeys(agencies)), (*won, *lost), len(won))


JSON_LD, BYLINE, META = ("jsonld", "author"), ("visible", "byline"), ("meta", "author")
MICRODATA, SIGNATURE = ("microdata", "author"), ("visible", "signature")
_SOURCES = (JSON_LD, BYLINE, META, MICRODATA, SIGNATURE)


class _Sources:
    """The names of each source of a page, read when they are asked for, and once."""

    def __init__(self, segments: Segments, metadata: Metadata, roles: Sequence[Role]) -> None:
        self.segments, self.metadata, self.roles = segments, metadata, roles
        self.site = _site_keys(metadata)
        self.place = story_place(roles)
        self.read: dict[tuple[str, str], list[Name]] = {}

    def __getitem__(self, source: tuple[str, str]) -> list[Name]:
        if source not in self.read:
            self.read[source] = self._names(source)
        return self.read[source]

    def _names(self, source: tuple[str, str]) -> list[Name]:
        if source == JSON_LD:
            return _json_ld(self.metadata, self.site)
        if source == BYLINE:
            return printed_names(self.segments, self.roles, self.place, self.site)
        if source == META:
            return _metas(self.metadata, self.site)
        if source == MICRODATA:
            return marked_names(self.segments, self.metadata, self.roles, self.place, self.site)
        return signed_names(self.segments, self.roles, self.place, self.site)


def _chosen(page: _Sources, metadata: Metadata) -> list[Name]:
    """The names of the source that is trusted most among those that have any, each once."""
    declared, printed = page[JSON_LD], page[BYLINE]
    names = people(declared)
    if names:
        others = [name for name in declared if name.kind != "person" and name_key(name.text) not in page.site]
        names = [*_completed(names, people(printed), page), *others]
    names = (
        names
        or [name for name in people(printed) if not _is_house(name.text, page.site)]
        or _printed_somewhere(people(page[META]), page.segments, page.roles, page.site)
        or people(page[MICRODATA])
        or people(page[SIGNATURE])
    )
    if not names and not NEWS_TYPES.intersection(types_of(metadata.article)):
        declared = [name for name in declared if name_key(name.text) not in page.site]
    names = (
        names
        or declared
        or [name for name in printed if name.kind != "person"]
        or [name for name in page[SIGNATURE] if name.kind == "agency"]
    )
    return distinct(names)[:MAX_AUTHORS]


def _completed(declared: list[Name], printed: list[Name], page: _Sources) -> list[Name]:
    """*declared*, or another source's people that hold all of them and more, or the full names behind a login."""
    if all(" " not in name.text and name.text.isascii() for name in declared):
        for other in (printed, people(page[META])):
            if other and all(" " in name.text for name in other):
                return other
    ours = {name_key(name.text) for name in declared}
    theirs = {name_key(name.text): name for name in printed}
    if len(ours) < len(theirs) <= 2 * len(ours) + 1 and ours <= theirs.keys():
        return printed
    return declared


def _printed_somewhere(
    names: list[Name], segments: Segments, roles: Sequence[Role], site: frozenset[str]
) -> list[Name]:
    """Those of *names* that the page prints outside its teasers: a meta alone often names whoever made the site."""
    wanted = [
        name for name in names if (" " in name.text or not name.text.isascii()) and not _is_house(name.text, site)
    ]
    if not wanted:
        return []
    near = (block.text for block in segments.blocks if roles[block.index] in _NEAR and "©" not in block.text)
    page = "\n".join(text for text in near if len(text) <= MAX_BYLINE_CHARS).casefold()
    return [name for name in wanted if name.text.casefold() in page]


_NEAR = frozenset((Role.BYLINE, Role.DATE, Role.CHROME, Role.BODY, Role.DATELINE, Role.WIRE_CREDIT))


def _is_house(text: str, site: frozenset[str]) -> bool:
    """Whether the site bears the name: ``Feuerwehr Neustadt`` on feuerwehr-neustadt.example."""
    words = [word for word in name_key(text).split() if len(word) > 3]
    return len(words) > 1 and any(all(word in key for word in words) for key in site)


def _site_keys(metadata: Metadata) -> frozenset[str]:
    claims = [metadata.meta("og:site_name"), metadata.meta("application-name"), metadata.article.get("publisher")]
    organizations = (node for node in metadata.json_ld.objects if "organization" in " ".join(types_of(node)))
    claims += [node.get("name") for node in organizations if "person" not in types_of(node)][:5]
    keys = {name_key(plain(metadata.resolved(one))) for one in claims if one}
    try:
        host = (urlsplit(metadata.url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    keys.update((name_key(host), *(name_key(label) for label in host.split(".")[:-1] if len(label) > 3)))
    keys.update(key.replace(" ", "") for key in list(keys))
    return frozenset(keys - {""})


def _json_ld(metadata: Metadata, site: frozenset[str]) -> list[Name]:
    names: list[Name] = []
    for one in as_list(metadata.article.get("author"))[:MAX_AUTHORS]:
        node = metadata.resolved(one)
        url = None
        declared = ""
        if isinstance(node, dict):
            declared = " ".join(types_of(node)) if "person" not in types_of(node) else ""
            url = node.get("url") if isinstance(node.get("url"), str) else None
            raw = " ".join(map(plain, as_list(node.get("name"))[:1]))
        else:
            raw = plain(node)
        for name in names_in(raw, site):
            kind = "organization" if "organization" in declared and name.kind == "person" else name.kind
            names.append(Name(name.text, kind, url))
    return distinct(names)


def _metas(metadata: Metadata, site: frozenset[str]) -> list[Name]:
    """The names of the first meta that has a person, else of the first that has any."""
    first: list[Name] = []
    groups = [metadata.metas.get(name, []) for name in AUTHOR_METAS]
    label = (metadata.meta("twitter:label1") or "").casefold()
    if any(word in label for word in ("by", "von", "par", "por", "autor", "author", "av", "da ")):
        groups.append(metadata.metas.get("twitter:data1", []))
    for contents in groups:
        names = distinct(name for content in contents[:MAX_AUTHORS] for name in names_in(plain(content), site))
        if any(name.kind == "person" for name in names):
            return names
        first = first or names
    return first
