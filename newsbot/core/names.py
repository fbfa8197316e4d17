"""Names of people, organisations and agencies: the authors of a story.

What comes in: `Segments`, `Metadata`, the roles of the blocks. What goes out: `Name` values of the source that is
trusted most, and the other sources' names. Role words, addresses and social handles are removed; a name is never
invented: what does not look like one is none. Knows no publisher; the word lists are of languages, not of sites.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlsplit

from newsbot.core.agencies import agency_of
from newsbot.core.blocks import NOT_DRAWN, Block, Segments
from newsbot.core.metadata import Candidate, Metadata, as_list, plain, types_of
from newsbot.core.printed_dates import printed_dates
from newsbot.core.roles import Role

MAX_AUTHORS = 50
MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 5
MAX_BYLINE_CHARS = 220
MAX_MARKED_CHARS = 100

AUTHOR_METAS = (
    "author article:author dc.creator dcterms.creator parsely-author sailthru.author cxenseparse:author byl authors"
    " og:article:author article:author_name mrf:authors citation_author creator"
).split()

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
# What stands before a name, at the start of a byline.
_BY = re.compile(
    r"(?:(?:(?:text|texte|texto|testo|tekst|bericht|interview|story|words|foto|fotos|photo|photos|bilder|video)"
    r"(?:\s?(?:&|und|and|et|y|e|,)\s?)?){1,3}(?:\s?:|\sby|\svon|\spar|\spor|\sdi)|"
    r"(?:posted|written|published|reported|veröffentlicht|verfasst|geschrieben|erstellt|eingestellt|gespeichert|"
    r"publié|écrit|publicado|escrito|pubblicato|scritto)(?: on)?\s(?:by|von|par|por|da)|"
    r"(?:by|von|par|por|di|da|av|af|door|przez|od|autor|autorin|autoren|autorin/autor|author|authors|auteur|autore|"
    r"autora|autores|redaktor|redaktion|kolumnist\*in|reporter|journalist|kirjoittaja|toimittaja|szerző|yazar|yazan|"
    r"tekst|text|skrevet av|автор|текст|文|記者|记者|责编|責編|编辑|編輯|取材|기자)(?:\s?:|\s|(?=：)))"
    r"[\s:：|]{0,3}",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s?[,;/|·•、&+]\s?|\s(?:and|und|et|och|og|with|mit|avec|con|y|e|i|és|ja|en|ve|и|та|a)\s|\s[–—-]\s"
)
_SEPARATOR = re.compile(r"\s?[|·•]\s?|\s[–—-]\s")
_SOFT = frozenset(("y", "e", "i", "a", "en", "ja", "ve", "con"))
_ADDRESS = re.compile(r"\S{1,64}@\S{1,80}|(?:https?://|www\.)\S{1,200}|(?<!\w)@\w{1,40}")
_HANDLE = re.compile(r"^[\w.-]{1,40}\.(?:com|de|at|ch|net|org|fr|it|es|uk|tv|info|eu|news|online)$", re.IGNORECASE)
_PARENTHESIS = re.compile(r"[(\[][^()\[\]]{0,60}[)\]]")
_READING_TIME = re.compile(r"\d{1,3}\s?(?:min|minut|words|wörter|komment|comment)\w{0,10}.{0,20}", re.IGNORECASE)
_CLOCK = re.compile(r"\d{1,2}[:.h]\d\d(?:\s?(?:uhr|am|pm|h)\b)?", re.IGNORECASE)

_PARTICLES = frozenset(
    "de del della dei di da do dos das du des la le les los las el al van von vom zu zur zum der den dem ten ter te"
    " bin ibn ben abu y e und of the mac mc o st san santa af av i d l".split()
)
_TITLES = frozenset(
    "dr dr. prof prof. professor mag mag. ing ing. dipl dipl. sir mr mr. mrs mrs. ms ms. phd msc".split()
)
# Words that make a line an office, a house or a role, not a person.
_ROLE_WORDS = frozenset(
    "redakteur redakteurin redakteure reporter reporterin reporters correspondent korrespondent korrespondentin"
    " editor editors writer writers journalist journalistin author autor autorin autoren columnist contributor"
    " contributors contributing freelance senior junior chief deputy political politics business sport sports crime"
    " lifestyle news showbiz technology science health royal world city features feature digital multimedia staff"
    " fotograf photographer producer analyst bureau director hub content desk chefredakteur"
    " chefredakteurin chefreporter volontär"
    " volontärin redactor redactora redactrice rédacteur rédactrice journaliste periodista corresponsal giornalista"
    " redactie verslaggever journalista jornalista redaktör reporterin ressortleiter ressortleiterin leiter leiterin"
    " gastautor gastautorin foto fotos photo photos bild image by von par por today 기자 記者 记者 guest twitter"
    " facebook instagram linkedin email e-mail mail follow profile bio"
    " kommentator contributor. nachrichtenagentur presse-agentur".split()
)
_ROLE_ENDINGS = (
    "redakteur", "redakteurin", "reporter", "reporterin", "experte", "expertin", "korrespondent", "korrespondentin",
    "chef", "chefin", "anwalt", "anwältin",
)  # fmt: skip
_HOUSE_WORDS = frozenset(
    "redaktion redaktionsteam redacción redaccion redazione redação redacao rédaction redactie redaksi redakcja redakce"
    " redakcia redaktionen toimitus team staff desk newsroom newsdesk online-redaktion agencies agenturen agentur"
    " agencias agências agenzie wire report reports press presse pressestelle media medien magazin magazine zeitung"
    " zeitschrift verlag news nachrichten noticias newspaper tageszeitung journal tv radio gmbh ag kg inc ltd llc ev"
    " e.v. e.v verein verband partei fraktion bundesverband stiftung foundation institut institute universität"
    " university kirche bistum ministerium ministry bund museum verwaltung stadt club shop family kitchens"
    " group ressort company association department office editorial board admin administrator superuser webmaster"
    " anonymous audio podcast montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday"
    " thursday friday saturday sunday"
    " anónimo unknown gast guest user publisher sekretariat developer website web blog".split()
)
_SENTENCE_WORDS = frozenset(
    "posted updated published publié publicado actualizado aktualisiert veröffentlicht pubblicato modifié erstellt"
    " is are was were has have ist sind war hat haben est sont es son è che que qui who and the to in on for with as at"
    " from im am aus bei mit für auf nach über unter der die das ein eine un une una il lo gli".split()
)
_AUTHOR_HINT = re.compile(r"author|byline|autor|auteur|verfasser|penulis|yazar|skribent|signature|firma\b")
_NOT_AUTHOR_HINT = re.compile(r"comment|caption|teaser|image|photo|foto|bild|related|recommend|theme-|copyright|social")
_AUTHOR_PATH = re.compile(
    r"/(?:author|authors|autor|autoren|autores|autori|auteur|auteurs|person|journalist|journalists|journalisten|by|"
    r"reporter|redakteure|by-author|contributors|columnists)/[^/?#]{2,}",
    re.IGNORECASE,
)

HEAD_BLOCKS = 14
ABOVE_BLOCKS = 4
FOOT_BLOCKS = 6


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what bears it: ``person``, ``organization`` or ``agency``."""

    text: str
    kind: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Byline:
    """The authors of a story, and every name that was found, with its source, the best source first."""

    names: tuple[Name, ...]
    candidates: tuple[Candidate, ...]


# The number of the headline's block, and those of the body.
_Place = tuple["int | None", list[int]]


def find_authors(segments: Segments, metadata: Metadata, roles: Sequence[Role]) -> Byline:
    """The authors of the page's story.

    People of JSON-LD first, with those that the printed byline adds; else the people of the byline, of the metas (if
    the page prints their names somewhere), of microdata, of a signature; else the house or agency that JSON-LD or the
    byline names. A machine name (``jane.doe``) yields to a printed one.
    """
    site = _site_keys(metadata)
    declared = _json_ld(metadata, site)
    place = _place(roles)
    printed = _printed(segments, roles, place, site)
    named = _metas(metadata, site)
    marked = _microdata(segments, metadata, roles, place, site)
    signed = _signature(segments, roles, place, site)
    sources = (
        ("jsonld", "author", declared),
        ("visible", "byline", printed),
        ("meta", "author", named),
        ("microdata", "author", marked),
        ("visible", "signature", signed),
    )
    names = _people(declared)
    if names:
        others = [name for name in declared if name.kind != "person" and _key(name.text) not in site]
        names = [*_completed(names, _people(printed), _people(named)), *others]
    else:
        printed_people = [name for name in _people(printed) if not _is_house(name.text, site)]
        names = (
            printed_people
            or _printed_somewhere(_people(named), segments, roles, site)
            or _people(marked)
            or _people(signed)
        )
    names = names or declared or [name for name in (*printed, *signed) if name.kind == "agency"]
    chosen = {_key(name.text) for name in names}
    candidates = [Candidate(name.text, kind, where) for kind, where, found in sources for name in found]
    candidates.sort(key=lambda one: _key(one.value) not in chosen)
    return Byline(tuple(_distinct(names)[:MAX_AUTHORS]), tuple(candidates))


def _people(names: Sequence[Name]) -> list[Name]:
    """The people of *names*; of full names and single words the full names."""
    people = [name for name in names if name.kind == "person"]
    full = [name for name in people if " " in name.text or not name.text.isascii()]
    return full or people


def _completed(declared: list[Name], printed: list[Name], named: list[Name]) -> list[Name]:
    """*declared*, or another source's people that hold all of them and more, or the full names behind a login."""
    if all(" " not in name.text and name.text.isascii() for name in declared):
        for other in (printed, named):
            if other and all(" " in name.text for name in other):
                return other
    ours = {_key(name.text) for name in declared}
    theirs = {_key(name.text): name for name in printed}
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
    page = "\n".join(block.text for block in segments.blocks if roles[block.index] is not Role.TEASER).casefold()
    return [name for name in wanted if name.text.casefold() in page]


def _is_house(text: str, site: frozenset[str]) -> bool:
    """Whether the site bears the name: ``Feuerwehr Neustadt`` on feuerwehr-neustadt.example."""
    words = [word for word in _key(text).split() if len(word) > 3]
    return len(words) > 1 and any(all(word in key for word in words) for key in site)


def _distinct(names: Iterable[Name]) -> list[Name]:
    found: dict[str, Name] = {}
    for name in names:
        found.setdefault(_key(name.text), name)
    return list(found.values())


def _key(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))


def _site_keys(metadata: Metadata) -> frozenset[str]:
    claims = [metadata.meta("og:site_name"), metadata.meta("application-name"), metadata.article.get("publisher")]
    organizations = (node for node in metadata.json_ld.objects if "organization" in " ".join(types_of(node)))
    claims += [node.get("name") for node in organizations if "person" not in types_of(node)][:5]
    keys = {_key(plain(metadata.resolved(one))) for one in claims if one}
    try:
        host = (urlsplit(metadata.url).hostname or "").removeprefix("www.")
    except ValueError:
        host = ""
    keys.update((_key(host), *(label for label in host.split(".")[:-1] if len(label) > 3)))
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
    return _distinct(names)


def _metas(metadata: Metadata, site: frozenset[str]) -> list[Name]:
    """The names of the first meta that has a person, else of the first that has any."""
    first: list[Name] = []
    groups = [metadata.metas.get(name, []) for name in AUTHOR_METAS]
    label = (metadata.meta("twitter:label1") or "").casefold()
    if any(word in label for word in ("by", "von", "par", "por", "autor", "author", "av", "da ")):
        groups.append(metadata.metas.get("twitter:data1", []))
    for contents in groups:
        names = _distinct(name for content in contents[:MAX_AUTHORS] for name in names_in(plain(content), site))
        if any(name.kind == "person" for name in names):
            return names
        first = first or names
    return first


def _microdata(
    segments: Segments, metadata: Metadata, roles: Sequence[Role], place: _Place, site: frozenset[str]
) -> list[Name]:
    names: list[Name] = []
    start, body = place
    for node in metadata.itemprops.get("author", ())[:4]:
        if body and not (start or 0) - ABOVE_BLOCKS <= node.first_block <= body[-1] + FOOT_BLOCKS:
            continue
        inner = [one for one in metadata.itemprops.get("name", ()) if node.index < one.index < node.end_node] or [node]
        for one in inner[:1]:
            if Role.TEASER in roles[one.first_block : one.end_block]:
                continue
            shown = segments.blocks[one.first_block : one.end_block][:1]
            raw = one.attrs.get("content") or " ".join(block.text for block in shown)
            if len(raw) <= MAX_MARKED_CHARS:
                names.extend(names_in(raw, site))
    return _distinct(names)


def _printed(segments: Segments, roles: Sequence[Role], place: _Place, site: frozenset[str]) -> list[Name]:
    """The names of the byline nearest to the headline: of its first block, and of the blocks like it that follow."""
    start, body = place
    if start is None:
        return []
    last = max(start + HEAD_BLOCKS, (body[0] if body else 0) + 2)
    before = range(start - 1, max(-1, start - ABOVE_BLOCKS - 1), -1)
    run: list[Name] = []
    first: Block | None = None
    for index in (*range(start + 1, min(last, len(roles) - 1) + 1), *before):
        block = segments.blocks[index]
        if first is not None and not _alike(block, first):
            if index > first.index + 3:
                break
            continue
        names = _names_of_block(block, roles[index], site)
        if names:
            first = first if first is not None or not _people(names) else block
            run.extend(names)
    return _distinct(run)


def _alike(block: Block, first: Block) -> bool:
    return block.node.tag == first.node.tag and block.node.hint == first.node.hint


def _place(roles: Sequence[Role]) -> _Place:
    """Where the headline stands (or would), and the blocks of the body."""
    body = [index for index, role in enumerate(roles) if role is Role.BODY]
    headline = next((index for index, role in enumerate(roles) if role is Role.HEADLINE), None)
    if headline is None and body:
        headline = max(0, body[0] - HEAD_BLOCKS)
    return headline, body


def _names_of_block(block: Block, role: Role, site: frozenset[str]) -> list[Name]:
    """The names in a block that is a byline: by its role, its words, its links or its class."""
    text = block.text
    if (
        role in _NEVER_BYLINE
        or len(text) > MAX_BYLINE_CHARS
        or block.hidden & NOT_DRAWN
        or "©" in text
        or _PHOTO.match(text)
    ):
        return []
    if any(piece.link is not None for piece in block.pieces):
        linked = [name for part in _author_links(block) for name in names_in(part, site)]
        if _people(linked):
            return linked
    if len(block.pieces) > 1:
        text = _with_gaps(block)
    for part in _SEPARATOR.split(text):
        if _BY.match(part):
            return names_in(part, site)
    if role is Role.DATE or role is Role.BYLINE:
        named = _NAMED_IN_PASSING.search(text)
        if named is not None:
            return names_in(named.group(1), site)
    if role in (Role.BODY, Role.DATE) or not (role is Role.BYLINE or _has_author_hint(block)):
        return []
    names = [name for name in names_in(text, site) if " " in name.text or name.kind != "person"]
    if _people(names):
        return names
    pieces = [block.text[piece.start : piece.end] for piece in block.pieces]
    return [name for piece in pieces for name in names_in(piece, site) if " " in name.text] or names


# "Posted in Media by jane_doe on ...", "Gespeichert von jane am ...".
_NAMED_IN_PASSING = re.compile(
    r"\b(?:von|by|par|por)\s([^\s|·•—–]{2,30}(?:\s[^\s|·•—–]{2,30}){0,2}?)"
    r"(?=\s(?:am|um|on|at|in|under|unter|le|à|el)\s|\s?[|·•—–]|$)",
    re.IGNORECASE,
)
_NEVER_BYLINE = frozenset((Role.TEASER, Role.CAPTION, Role.HEADLINE, Role.CREDIT))
_PHOTO = re.compile(r"(?:foto|photo|bild|image|quelle|source|credit)\b", re.IGNORECASE)


def _with_gaps(block: Block) -> str:
    """The text of *block* with a sign where two inline elements touch: ``Jane Doe|Lifestyle Writer``."""
    parts: list[str] = []
    end = 0
    for piece in block.pieces:
        if parts and piece.start == end and block.text[end - 1].isalpha() and block.text[end : end + 1].isalnum():
            parts.append("|")
        else:
            parts.append(block.text[end : piece.start])
        parts.append(block.text[piece.start : piece.end])
        end = piece.end
    return "".join(parts)


def _author_links(block: Block) -> list[str]:
    texts: dict[int, str] = {}
    end = 0
    for piece in block.pieces:
        link = piece.link
        if link is not None and ("author" in link.node.attrs.get("rel", "") or _AUTHOR_PATH.search(link.href[:300])):
            glue = " " if link.index in texts and piece.start > end else "|"
            before = f"{texts[link.index]}{glue}" if link.index in texts else ""
            texts[link.index] = before + block.text[piece.start : piece.end]
        end = piece.end
    return list(texts.values())


def _has_author_hint(block: Block) -> bool:
    """Whether an element directly around the block, or one of its first inline ones, is marked as a byline."""
    around = [block.node]
    while len(around) < 3 and around[-1].parent is not None:
        around.append(around[-1].parent)
    around.extend(piece.node for piece in block.pieces[:3] if piece.node is not block.node)
    return any(node.attrs and _is_author_hint(node.hint) for node in around)


@lru_cache(maxsize=1024)
def _is_author_hint(hint: str) -> bool:
    return _AUTHOR_HINT.search(hint) is not None and _NOT_AUTHOR_HINT.search(hint) is None


def _signature(segments: Segments, roles: Sequence[Role], place: _Place, site: frozenset[str]) -> list[Name]:
    """The names below the last paragraph: ``Text: Jane Doe``, ``Von Jane Doe``."""
    _, body = place
    if not body:
        return []
    for index in range(body[-1], min(body[-1] + 2 * FOOT_BLOCKS, len(roles))):
        block, role = segments.blocks[index], roles[index]
        if role is Role.TEASER or role is Role.CAPTION or len(block.text) > MAX_BYLINE_CHARS:
            continue
        named = _NAMED_IN_PASSING.search(block.text) if role is Role.BYLINE else None
        if named is not None:
            return names_in(named.group(1), site)
        if index > body[-1] + FOOT_BLOCKS:
            continue
        if _BY.match(block.text) or (role is not Role.BODY and _has_author_hint(block)):
            names = [name for name in names_in(block.text, site) if name.kind != "person" or " " in name.text]
            if names:
                return names
    return []


def names_in(text: str, site: frozenset[str] = frozenset()) -> list[Name]:
    """The names in *text*, a byline or a field that holds names; *site* are the folded names of the site.

    >>> [n.text for n in names_in("By Jane Doe and John Q. Public, Berlin | 3 May 2024")]
    ['Jane Doe', 'John Q. Public']
    >>> [(n.text, n.kind) for n in names_in("dpa/Erika Muster")]
    [('dpa', 'agency'), ('Erika Muster', 'person')]
    """
    text = _bare(text[: 3 * MAX_BYLINE_CHARS])
    if not text or text.casefold() in ("none", "null", "undefined"):
        return []
    if _key(text) in site:
        return [Name(text, "organization")]
    whole = agency_of(text)
    if whole is not None:
        return [Name(text, "agency")]
    names: list[Name] = []
    parts = _parts(text)
    for part in parts:
        name = _name(part, site, after=bool(names))
        if name is not None:
            names.append(name)
    if len(parts) > 1:
        names = [name for name in names if name.kind != "person" or " " in name.text or not name.text.isascii()]
    return names


def _bare(text: str) -> str:
    """*text* without addresses, dates, times, brackets and the words before the name."""
    if "@" in text or "http" in text or "www." in text:  # the pattern looks 64 characters ahead of each
        text = _ADDRESS.sub(" ", text)
    text = _PARENTHESIS.sub(" ", text)
    for date in list(printed_dates(text))[:1]:
        before, after = text[: date.start].strip(" |·•,-–/"), text[date.end :]
        text = before if len(before) > 2 and before.casefold() not in ("am", "on", "le", "el") else after
    if _DIGIT.search(text) is not None:
        text = _CLOCK.sub(" ", _READING_TIME.sub(" ", text))
    text = " ".join(text.split()).strip(" |·•,;:-–—/")
    found = _BY.match(text)
    while found is not None and found.end() < len(text):
        text = text[found.end() :].strip(" |·•,;:-–—/")
        found = _BY.match(text)
    return text


def _parts(text: str) -> list[str]:
    """*text* at its commas and conjunctions; a weak one (``y``, ``e``) parts only full names."""
    parts: list[str] = []
    start = 0
    for gap in _SPLIT.finditer(text):
        word = gap.group().strip().casefold()
        left, right = text[start : gap.start()], text[gap.end() :]
        if word in _SOFT and (len(left.split()) < 2 or len(right.split()) < 2 or not right[:1].isupper()):
            continue
        parts.append(left)
        start = gap.end()
    parts.append(text[start:])
    return [part.strip() for part in parts if part.strip()]


def _name(part: str, site: frozenset[str], *, after: bool) -> Name | None:
    """The name that *part* is, or None; *after* another name a single word is a place or a role."""
    if agency_of(part) is not None:
        return Name(part, "agency")
    words = part.split()
    while words and (_is_role(words[-1]) or words[-1].casefold() in _PARTICLES):
        words.pop()
    while words and _is_role(words[0]):
        words.pop(0)
    if not words or len(words) > MAX_NAME_WORDS or len(part) > MAX_NAME_CHARS:
        return None
    text = " ".join(words)
    folded = {word.casefold().strip(".,:") for word in words}
    if _HANDLE.match(text) or any(char.isdigit() for char in text):
        return Name(text, "organization") if _HANDLE.match(text) else None
    if _key(text) in site or folded & _HOUSE_WORDS or text.casefold().endswith(("-redaktion", "_redaktion")):
        return Name(text, "organization")
    if (folded - _PARTICLES) & _SENTENCE_WORDS and not text.istitle():
        return None
    if ":" in text or (after and len(words) == 1):
        return None
    return Name(text, "person") if _looks_like_person(words) else None


def _is_role(word: str) -> bool:
    folded = word.casefold().strip(".:")
    return folded in _ROLE_WORDS or folded.endswith(_ROLE_ENDINGS)


def _looks_like_person(words: Sequence[str]) -> bool:
    named = 0
    for word in words:
        if word.casefold() in _PARTICLES or word.casefold() in _TITLES:
            continue
        letter = next((char for char in word if char.isalpha()), "")
        if not letter or (letter.islower() and (len(words) > 1 or len(word) < 4)):
            return False
        if not any(char.isalpha() for char in word) or word[-1] in "!?":
            return False
        named += 1
    return named > 0
