"""Names in a text that holds names: a byline, a field of the metadata.

What comes in: a short text, and the folded names of the site. What goes out: `Name` values: people, organisations,
agencies. Role words, addresses and social handles are removed; a name is never invented: what does not look like one
is none. Knows no page and no publisher; the word lists are of languages, not of sites.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from newsbot.core.agencies import agency_of
from newsbot.core.printed_dates import printed_dates

MAX_NAME_CHARS = 60
MAX_NAME_WORDS = 5
MAX_TEXT_CHARS = 660

_WORD = re.compile(r"\w+")
_DIGIT = re.compile(r"\d")
# What stands before a name, at the start of a byline.
BY = re.compile(
    r"(?:(?:(?:text|texte|texto|testo|tekst|bericht|interview|story|words|foto|fotos|photo|photos|bilder|video)"
    r"(?:\s?(?:&|und|and|et|y|e|,)\s?)?){1,3}(?:\s?:|\sby|\svon|\spar|\spor|\sdi)|"
    r"(?:posted|written|published|reported|veröffentlicht|verfasst|geschrieben|erstellt|eingestellt|gespeichert|"
    r"publié|écrit|publicado|escrito|pubblicato|scritto)(?: on)?\s(?:by|von|par|por|da)|"
    r"(?:by|von|par|por|di|da|av|af|door|przez|od|autor|autorin|autoren|autorin/autor|author|authors|auteur|autore|"
    r"autora|autores|redaktor|redaktion(?=\s?:)|kolumnist\*in|reporter|journalist|kirjoittaja|toimittaja|szerző|yazar|yazan|"
    r"tekst|text|skrevet av|автор|текст|文|記者|记者|责编|責編|编辑|編輯|取材|기자|מאת)(?:\s?:|\s|(?=：)))"
    r"[\s:：|]{0,3}",
    re.IGNORECASE,
)
_SPLIT = re.compile(
    r"\s?[,;/|·•、&+]\s?|\s(?:im [gG]espräch mit|im [iI]nterview mit|in conversation with|en conversación con|"
    r"And|AND|and|UND|und|et|och|og|with|mit|avec|con|y|e|i|és|ja|en|ve|и|та|a)\s|\s[–—-]\s"
)
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
    " group ressort company association department office editorial board"
    " audio podcast montag dienstag mittwoch donnerstag freitag samstag sonntag monday tuesday wednesday"
    " thursday friday saturday sunday"
    " publisher sekretariat developer website web blog webteam".split()
)
# A heading above what follows the story: "About Jane Doe".
_ABOUT = frozenset(("about", "über", "à", "sobre", "om"))
# Names of accounts behind which nobody is named.
_NOBODY = frozenset(
    "admin administrator superuser webmaster root user author editor anonymous anónimo anonimo anonyme anonym unknown"
    " unbekannt guest gast gastautor staff default test nobody none null undefined".split()
)
_SENTENCE_WORDS = frozenset(
    "posted updated published publié publicado actualizado aktualisiert veröffentlicht pubblicato modifié erstellt"
    " is are was were has have ist sind war hat haben est sont es son è che que qui who and the to in on for with as at"
    " from im am aus bei mit für auf nach über unter der die das ein eine un une una il lo gli".split()
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and what bears it: ``person``, ``organization`` or ``agency``."""

    text: str
    kind: str
    url: str | None = None


def names_in(text: str, site: frozenset[str] = frozenset()) -> list[Name]:
    """The names in *text*, a byline or a field that holds names; *site* are the folded names of the site.

    >>> [n.text for n in names_in("By Jane Doe and John Q. Public, Berlin | 3 May 2024")]
    ['Jane Doe', 'John Q. Public']
    >>> [(n.text, n.kind) for n in names_in("dpa/Erika Muster")]
    [('dpa', 'agency'), ('Erika Muster', 'person')]
    """
    text = _bare(text[:MAX_TEXT_CHARS])
    if not text or text.casefold() in _NOBODY:
        return []
    if name_key(text) in site:
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
    found = BY.match(text)
    while found is not None and found.end() < len(text):
        text = text[found.end() :].strip(" |·•,;:-–—/")
        found = BY.match(text)
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
    if not words or words[0].casefold() in _ABOUT or len(words) > MAX_NAME_WORDS or len(part) > MAX_NAME_CHARS:
        return None
    text = " ".join(words)
    folded = {word.casefold().strip(".,:") for word in words}
    if _HANDLE.match(text) or any(char.isdigit() for char in text):
        return Name(text, "organization") if _HANDLE.match(text) else None
    if name_key(text) in site:
        return Name(text, "organization")
    if (folded - _PARTICLES) & _SENTENCE_WORDS and not text.istitle():
        return None
    if folded & _HOUSE_WORDS or text.casefold().endswith(("-redaktion", "_redaktion")):
        return Name(text, "organization")
    if ":" in text or "：" in text or ">" in text or (after and len(words) == 1):
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


def people(names: Sequence[Name]) -> list[Name]:
    """The people of *names*; of full names and single words the full names."""
    people = [name for name in names if name.kind == "person"]
    full = [name for name in people if " " in name.text or not name.text.isascii()]
    return full or people


def distinct(names: Iterable[Name]) -> list[Name]:
    found: dict[str, Name] = {}
    for name in names:
        found.setdefault(name_key(name.text), name)
    return list(found.values())


def name_key(text: str) -> str:
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text).casefold()))
