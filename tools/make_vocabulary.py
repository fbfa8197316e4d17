"""Write the word lists that lost letters are inferred from: ``newsbot/core/data/vocabulary.zip``.

What comes in: the frequency lists of the package ``wordfreq`` (``pip install wordfreq``; its data are under
CC BY-SA 4.0, and so is the file made from them, see ``newsbot/core/data/README.md``). What goes out: one member a
language, ``<language>.txt``: a line a step of one decibel below certainty (10 to the power of a tenth of it is the
share of running words), each line the number and its words; ``common.txt``, the commonest words of every language; and
``letters.txt``, the letters outside ASCII of every language. Run when the lists change: ``python -m
tools.make_vocabulary``.
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice
from math import log10
from pathlib import Path

import wordfreq

from newsbot.core.alphabets import script_of, script_of_language, writes

TARGET = Path(__file__).parent.parent / "newsbot" / "core" / "data" / "vocabulary.zip"
# Norwegian is listed as Bokmål, Bosnian, Croatian and Serbian in Latin letters as one.
LANGUAGES = "bg ca cs da de el en es fi fr hu is it ja ko lt lv nb nl pl pt ro ru sh sk sl sv tr uk vi zh".split()
# Words with a letter outside ASCII: only these can lose one. Over 16,000 the file grows faster than what it tells.
MAX_WORDS = 16_000
# The commonest words of any letters, by which the language of a line is told: a line a language in ``common.txt``.
MAX_COMMON = 300
STEP_CENTIBELS = 10
# A letter belongs to a language if so many of its words have it; in Latin writing, if its alphabet has it as well.
MIN_WORDS_OF_LETTER = 12
WRITES_LIKE = {"sh": "hr"}
_WORD = r"[^\W\d_]+"
# The lists write German ß as ss: the words that are spelt with it since 1996, as common as their forms there.
SHARP_S = (
    "abschließend anschließend ausschließlich außen außer außerdem außerhalb äußern äußert äußerst äußerte äußerung"
    " beschließen beschließt bloß draußen dreißig einschließlich entschließen fließen fließt fleiß fuß fußball"
    " fußgänger füße gemäß genießen genießt gießen größe größen größer größere größeren größte größten groß große"
    " großen großer großes großartig gruß grüße hauptstraße heiß heiße heißen heißt hieß ließ ließen maß maße maßnahme"
    " maßnahmen maßstab mäßig regelmäßig schießen schließen schließlich schließt spaß stieß stoß straße straßen"
    " straßenverkehr süß verließ weiß weiße weißen weißt"
).split()
_EPOCH = (2020, 1, 1, 0, 0, 0)  # the same words give the same bytes


def main() -> None:
    """Write the file and say how large it is."""
    with zipfile.ZipFile(TARGET, "w") as archive:
        letters = ""
        for language in LANGUAGES:
            entry = zipfile.ZipInfo(f"{language}.txt", _EPOCH)
            lines = _lines(language)
            archive.writestr(entry, lines, zipfile.ZIP_LZMA)
            letters += f"{language} {_letters(language, re.findall(_WORD, lines))}\n"
        archive.writestr(zipfile.ZipInfo("letters.txt", _EPOCH), letters, zipfile.ZIP_LZMA)
        common = "".join(f"{language} {' '.join(_common(language))}\n" for language in LANGUAGES)
        archive.writestr(zipfile.ZipInfo("common.txt", _EPOCH), common, zipfile.ZIP_LZMA)
    print(f"{TARGET}: {TARGET.stat().st_size} bytes, {len(LANGUAGES)} languages")


def _lines(language: str) -> str:
    """The words of *language*, commonest first, in alphabetical order within a line."""
    steps: dict[int, list[str]] = {}
    taken = 0
    for centibels, words in enumerate(wordfreq.get_frequency_list(language, "best")):
        for word in words:
            if taken < MAX_WORDS and word.isalpha() and not word.isascii():
                taken += 1
                shown = re.sub("σ$", "ς", word)  # the lists fold the final sigma
                steps.setdefault(centibels // STEP_CENTIBELS, []).append(shown)
    if language == "de":
        for word in SHARP_S:
            step = round(-10 * log10(wordfreq.word_frequency(word, "de") or 1e-7))
            steps.setdefault(step, []).append(word)
    return "".join(f"{step} {' '.join(sorted(words))}\n" for step, words in sorted(steps.items()))


def _common(language: str) -> list[str]:
    words = (word for words in wordfreq.get_frequency_list(language, "best") for word in words if word.isalpha())
    return [re.sub("σ$", "ς", word) for word in islice(words, MAX_COMMON)]


def _letters(language: str, words: Iterable[str]) -> str:
    """The letters outside ASCII of *words*, lower case and capital: those that *language* is written with."""
    counts = Counter(chain.from_iterable(map(set, words)))
    script = script_of_language(language) or "latin"
    least = 1 if script == "east_asian" else MIN_WORDS_OF_LETTER
    found = {letter for letter, count in counts.items() if count >= least and script_of(letter) == script}
    if script == "latin":
        found = {letter for letter in found if writes(WRITES_LIKE.get(language, language), letter)}
    capitals = {letter.upper() for letter in found if len(letter.upper()) == 1}
    return "".join(sorted(letter for letter in found | capitals if not letter.isascii()))


if __name__ == "__main__":
    main()
