"""Texts in a script in which neither a site nor its story is written: whether one is, and which part of it.

What comes in: a text, and the scripts that are known to belong. What goes out: claims and places. Knows no records
and no fields.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence, Set

from newsbot.core.alphabets import script_of, scripts

# A line this long in another script is a quotation or a second language, not a site's name or a slogan.
MAX_LINE_CHARS = 60
LOOKED_AT = 20_000  # characters of the story: one letter of the script in them, and the text belongs
# What stands between a headline and the name of a site.
BETWEEN = " \xa0|_-–—·•:：»«/\\【】（）()[]©0123456789"
_MIN_LETTERS = 200
_MIN_NAME_CHARS = 3
# Letters of another script than the main one that a text of one script may hold.
_MAX_OTHER = 0.03
# Beside a foreign name, capitals may be as much of it: the sign of a register, "京ICP备".
_MAX_CAPITALS = 1 / 3
_BEYOND_LATIN = re.compile("[\u0370-\u1dff\u2e80-\ufdff\uff21-\uffdc\U00020000-\U0003ffff]")
_ADDRESS = re.compile(r"\b(?:https?://)?(?:[A-Za-z0-9-]{1,63}\.){1,4}[A-Za-z]{2,24}\b")
_SPACE = " \t\xa0\u3000"
# One sign between two parts. What stands around it is stripped by hand: runs of white space are never looked at twice.
_SEPARATOR = re.compile(r"[|_·•：»«【】（）]|(?<=\s)[-–—:/](?=\s)|——|(?<=[.!?…])(?=\s)")
# "来源：", "Источник:": a label in front of a line.
_LABEL = re.compile(r"([^\s:：]{2,12}(?: [^\s:：]{2,12})?) ?[:：]")

# Trades that write on other people's pages, by words of theirs: betting, films, papers for students, pills, loans.
# Mirrors of news come with them: their own furniture around somebody else's story.
_TRADES = re.compile(
    "百家乐|彩票|博彩|娱乐城|娱乐平台|赌场|投注|彩金|真人视讯|老虎机|棋牌|六合彩|开户|代孕|办证|色情|免费观看|无码|伟哥|影视"
    "|新闻网|资讯网|小编|责任编辑|来源[:：]|转载|版权所有|ICP备|热门推荐|猜你喜欢"
    "|激安|カジノ|アダルト|無修正|出会い|パチンコ|카지노|바카라|먹튀|비아그라"
    "|казино|букмекер|ставки на|реферат|проститут|порно|виагр"
    "|كازينو|كازينوهات|قمار|مراهنات|سكس|فياجرا|کازینو|شرط بندی|สล็อต|คาสิโน|บาคาร่า|แทงบอล|หวย|พนัน|เว็บตรง"
    "|קזינו|הימורים|καζίνο|στοίχημα|कैसीनो|सट्टा",
    re.IGNORECASE,
)
# Words of the same trades that others use as well: a volcano, a diploma, a loan. One alone tells nothing.
_PITCHES = re.compile(
    "在线|注册|送|成人|发票|黄色|贷款|官方|平台|コピー|通販|ブランド|専門店|토토|슬롯|출장|사이트|추천|온라인"
    "|вулкан|слоты|диплом|курсов|займ|купить|недорого|бесплатно|играть|доставк|онлайн|اون لاين|ออนไลน์|แตกง่าย",
    re.IGNORECASE,
)
# Words in the names of newspapers and news sites, at an end of the name but for a few.
_HOUSES = re.compile(
    "(?:新闻|要闻|快讯|资讯|头条|日报|晚报|晨报|早报|时报|周报|新报|报社|门户|网|網|新聞|日報|時報|晚報|ニュース|通信社?|뉴스|신문|일보)$"
    r"|^(?:新闻|要闻|新聞|ニュース)"
    r"|\b(?:новости|вести|газета|ведомости|новини|ειδήσεις|εφημερίδα|חדשות|أخبار|الأخبار|صحيفة|جريدة|خبرگزاری|روزنامه)\b"
    "|ข่าว|समाचार",
    re.IGNORECASE,
)
# Scores of `trade_score`: a word of a trade, beside other signs; a pitch; two words in a line that could be prose.
TRADE, PITCH, TRADES = 2, 3, 4

# Marks that open a quotation, and what closes it.
_QUOTES = {
    "«": "»", "»": "«", "„": "“”»", "“": "”“", "”": "”", "‘": "’", "‚": "‘’", "‹": "›",
    "「": "」", "『": "』", "《": "》", '"': '"', "'": "'",
}  # fmt: skip


def is_candidate(text: str | None, known: Container[str | None]) -> bool:
    """Whether the first letter of *text* beyond Latin is of a script not in *known*: a quick look."""
    found = _BEYOND_LATIN.search(text) if text and not text.isascii() else None
    return found is not None and script_of(found.group()) not in known


def is_foreign(text: str, known: Container[str | None], *, max_chars: int = MAX_LINE_CHARS) -> bool:
    """Whether the letters of *text* are of one script not in *known*, but for the capitals of a sign."""
    if len(text) > max_chars or text.isascii():
        return False
    found = Counter(scripts(_ADDRESS.sub(" ", text)))
    capitals = found.pop("latin", 0)
    if len(found) != 1 or capitals > _MAX_CAPITALS * found.total() or (capitals and _LOWER.search(text)):
        return False
    return next(iter(found)) not in known


_LOWER = re.compile(r"\b[a-z]{2,}\b(?!\.)")


def is_label_of_line(text: str, known: Container[str | None]) -> bool:
    """Whether *text* is a short line behind a foreign label, as mirrors put below a story: "来源：Mill Courier"."""
    found = _LABEL.match(text) if len(text) <= MAX_LINE_CHARS else None
    return found is not None and is_foreign(found.group(1), known)


def trade_score(text: str) -> int:
    """How surely *text* advertises a trade that writes on other people's pages: two a word of its own, one a common."""
    if text.isascii():
        return 0
    return 2 * len(set(_TRADES.findall(text))) + len(set(_PITCHES.findall(text)))


def is_house(text: str) -> bool:
    """Whether *text* is called as newspapers and news sites are: "每日要闻", "Новости дня"."""
    return not text.isascii() and _HOUSES.search(text.strip(BETWEEN)) is not None


def is_quoted(text: str) -> bool:
    """Whether *text* stands in quotation marks from its first word to its last: somebody said or wrote it."""
    bare = text.strip(" \xa0\u3000-–—.,;!?…。，！？")
    return len(bare) > 1 and bare[-1] in _QUOTES.get(bare[0], "")


def foreign_end(text: str, known: Set[str | None]) -> tuple[int, int] | None:
    """The place of the first or last part of *text*, with what sets it off, if that part is foreign."""
    if text.isascii():
        return None
    cuts = list(_SEPARATOR.finditer(text))
    # "【name】 headline": the part may itself stand between two signs.
    for found in (*cuts[:-3:-1], *cuts[:2]):
        before, after = text[: found.start()], text[found.end() :]
        if is_foreign(after, known) and not set(scripts(after)) & set(scripts(before)):
            return len(before.rstrip(_SPACE)), len(text)
        if is_foreign(before, known) and not set(scripts(before)) & set(scripts(after)):
            return 0, len(text) - len(after.lstrip(_SPACE))
    return None


def foreign_tail(text: str, known: Container[str | None]) -> tuple[int, int] | None:
    """The place of the last words of *text* if all of them are foreign, whatever sets them off."""
    if text.isascii():
        return None
    words = text.split(" ")
    end = start = len(text)
    while words and is_foreign(words[-1], known):
        start -= len(words.pop()) + 1
    return (max(start, 0), end) if 0 < start < end else None


def foreign_names(texts: Iterable[str], known: Set[str | None]) -> list[str]:
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


def main_script(texts: Sequence[str]) -> str | None:
    """The script of nearly all letters of *texts*, those without any of it left out; ``None`` for mixed ones or few."""
    counts = [Counter(scripts(text)) for text in texts]
    total: Counter[str] = sum(counts, Counter())
    if total.total() < _MIN_LETTERS:
        return None
    script = total.most_common(1)[0][0]
    own = [count for count in counts if script in count]
    letters = sum(count.total() for count in own)
    return script if sum(count[script] for count in own) > (1 - _MAX_OTHER) * letters else None


def scripts_at_home(lines: Iterable[str], script: str) -> set[str]:
    """The scripts of those *lines* of a story that surely belong.

    They have letters of *script*, the story's own, and not only behind a foreign label; or they are long and of no
    trade that writes on other people's pages.
    """
    found = {script}
    size = 0
    for text in lines:
        if size > LOOKED_AT:
            break
        size += len(text)
        if text.isascii():
            continue
        is_own = script in scripts(text) and not is_label_of_line(text, found)
        if is_own or (len(text) > MAX_LINE_CHARS and trade_score(text) < TRADES):
            found.update(scripts(text[:LOOKED_AT]))
    return found
