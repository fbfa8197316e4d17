"""Whether a reading of damaged characters is likely writing: of one script, of the language, in plain case.

What comes in: characters as shown, a reading of them, the line's `Context`. What goes out: yes or no. Knows nothing of
how readings are found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from newsbot.core.alphabets import TYPOGRAPHY, is_east_asian, is_printed, script_of, script_of_language, writes
from newsbot.core.gaps import GENERAL_SIGNS
from newsbot.core.lost import Effort
from newsbot.core.mojibake_signs import EAST_ASIAN_RUN, EAST_ASIAN_SIGN, Surroundings
from newsbot.core.vocabulary import language_of_line, vocabulary


@dataclass(frozen=True, slots=True)
class Context:
    """What a reading is judged by: language, proven codecs, and whether the text around is East Asian."""

    language: str
    codecs: frozenset[str]
    in_east_asian: bool
    seen: dict[tuple[str, str, str], Sequence[tuple[str, str]]]  # likely readings of runs between two characters
    effort: Effort
    around: Surroundings
    is_guess: bool = False  # the codecs are the likeliest ones, not proven


def context_of(line: str, language: str, around: Surroundings, effort: Effort) -> Context:
    """What *line* of a page in *language* is judged by."""
    in_east_asian = is_in_east_asian(line, language)
    keeps = in_east_asian or is_east_asian(language)  # a Latin line of an East Asian page may hold the page's letters
    own = language if keeps else language_of_line(line, language)
    return Context(own, around.codecs, in_east_asian, {}, effort, around)


def is_in_east_asian(line: str, language: str) -> bool:
    """Whether Chinese, Japanese or Korean is what the line is written in."""
    other = 1 - sum(map(len, EAST_ASIAN_RUN.findall(line))) / len(line)
    return other < 0.8 if is_east_asian(language) else other < 0.5 and not script_of_language(language)


def is_likely(run: str, text: str, before: str, after: str, rule: str, context: Context) -> bool:
    """Whether *text* is what *run* was: it looks like the writing around it, and *run* does not."""
    found = _kind_of_writing(text)
    if found is None:
        return False
    proven = rule.partition("+")[0] in context.codecs
    touches = any(char.isascii() and char.isalpha() for char in before + text + after)
    if found == "east_asian":
        return _fits(text, context.language) and _is_likelier_east_asian(
            run, text, _LEAST_OF_PROVEN if proven else 0.2 if is_east_asian(context.language) else 0.34
        )
    if is_alone(run, before, text + after):
        return False
    if context.in_east_asian or (is_east_asian(context.language) and not touches):
        letters = sum(map(str.isalpha, text))
        return letters >= 6 and found not in ("latin", "signs") and _has_plain_case(text)
    if found == "signs":
        return touches or proven or (bool(context.language) and GENERAL_SIGNS.issuperset(text))
    if found == "latin" and not all(is_printed(char) for char in text if char.isalpha() and not char.isascii()):
        return False
    if found == "latin":
        known = all(writes(context.language, char) for char in text if char.isalpha() and not char.isascii())
        sure = (touches and (known or proven or len(run) > 1)) or (proven and known and is_word(text, context.language))
        return sure and _has_plain_case(before + text + after)
    letters = sum(1 for char in text if script_of(char) == found)
    is_own = script_of_language(context.language) == found
    return _has_plain_case(text) and (letters >= 4 or (is_own and letters >= 2 and is_word(text, context.language)))


def is_alone(run: str, before: str, after: str) -> bool:
    """Whether *run* is one East Asian character at no Latin letter: good text names such ones, whatever is proven."""
    signs = len(EAST_ASIAN_SIGN.findall(run))
    return signs == 1 and not any(char.isascii() and char.isalpha() for char in before[-1:] + after)


def stands_alone(text: str, before: str, after: str, language: str) -> bool:
    """Whether *text*, one letter or sign, is a common word of *language* or a sign that belongs in its place."""
    if text.isalpha():
        words = vocabulary(language)
        return words is not None and words.words.get(text.lower(), _RARE) > _RARE
    beside = before.rstrip()[-1:] + after.lstrip()[:1]
    return text in "«»" or any(map(str.isdigit, beside))


_RARE = -8.5


def is_word(text: str, language: str) -> bool:
    """Whether the words of *text* with a letter outside ASCII are listed in the language's vocabulary."""
    words = vocabulary(language)
    found = [word for word in re.findall(r"[^\W\d_]+", text.lower()) if not word.isascii()]
    return words is not None and bool(found) and all(word in words.words for word in found)


def _kind_of_writing(text: str) -> str | None:
    """``signs``, or the one script of the letters of *text*; ``None`` if it mixes scripts or is no text."""
    found = set()
    for char in text:
        if char.isascii():
            if char.isalpha():
                found.add("latin")
            elif char < " ":
                return None
            continue
        if char in TYPOGRAPHY or "\U0001f000" <= char <= "\U0001faff" or "\u2600" <= char <= "\u27bf":
            continue
        script = script_of(char)
        category = unicodedata.category(char)
        if script is None or category in ("Cn", "Co", "Cc", "Cs") or (script == "latin" and category[0] != "L"):
            return None
        found.add(script)
    if len(found) > 1:
        found.discard("latin" if not any(char >= "\xaa" and script_of(char) == "latin" for char in text) else "")
    if len(found) > 1:
        return None
    return found.pop() if found else "signs"


def _has_plain_case(text: str) -> bool:
    """Whether capitals stand at the start of words or fill them."""
    for word in re.findall(r"[^\W\d_]+", text):
        if len(word) > 1 and word[1:] != word[1:].lower() and word != word.upper():
            return False
    return True


def _fits(text: str, language: str) -> bool:
    """Whether East Asian *text* may be of the page's language: Korean is written in Hangul, Chinese without it."""
    hangul = sum(1 for char in text if "\uac00" <= char <= "\ud7a3")
    if language == "ko":
        return 2 * hangul >= len(text)
    return hangul == 0 if language in ("zh", "ja") else True


_LEAST_OF_PROVEN = 0.1


def _is_likelier_east_asian(run: str, text: str, least: float) -> bool:
    """Whether Chinese, Japanese or Korean *text*, *least* of it common characters, is likelier writing than *run*.

    A run that is UTF-8 by chance: three bytes in a row happen once in some hundred pairs of characters, nine of them
    never in practice (benchmarks/repair counts it).
    """
    if "\ue000" <= max(text) <= "\uf8ff":
        return False
    letters = sum(1 for char in text if script_of(char) == "east_asian")
    common = commonness(text)
    if common < commonness(run) or common < least:
        return False
    return letters >= 3 or (least == _LEAST_OF_PROVEN and letters >= 1)


# The commonest characters of Chinese (both forms) and of Japanese, beside kana. Source: written down from general
# frequency lists; which exact ones is of no weight, a wrong reading has hardly any.
_COMMON_HANGUL = frozenset(
    "이다는은을를의에가고하지한로사기어리아인대나시자도보정해일수그부제전서라들과있했으며면것지만게원장국등위상주경"
    "년월오여중무회요우마까니습합성발치공동구관선방적물연계조신화안세민심재통운진학생개비반업강내명단말모소실"
)
_COMMON_HAN = frozenset(
    "的一是不了在人有我他这中大来上个国和说地到子们时会为着学生也年你那就出要得以可下过天对能没多小自然家后事成发现么方于用法当看起想进"
    "动同行好主前面所开又从本已两开还因只日经样把些去事点新实此如心里头果部义分加此意公重全第高正与二三四五六七八九十月政府市民報道"
    "這個來國說們時會為著學對沒現後發動過進開還經樣點實裡頭義長見問間關話語電車東西南北京台灣香港美英法德俄韓記者今天昨日明表示宣布措施"
    "社会経済企業支援対策発表者内部員合同場立体理金議論決定選挙首相政党株式円億万人々県区町村地域世界歳"
    "、。，！？「」『』（）：；《》【】・"
)


def commonness(text: str) -> float:
    """The share of common characters among the East Asian ones of *text*: kana, Hangul words, frequent Han."""
    east_asian = [char for char in text if script_of(char) == "east_asian"]
    if not east_asian:
        return 0.0
    common = sum(1 for char in east_asian if char in _COMMON_HAN or "\u3041" <= char <= "\u30fe")
    common += sum(1 for char in east_asian if char in _COMMON_HANGUL)
    return common / len(east_asian)
