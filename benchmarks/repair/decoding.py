"""Pages in every encoding, with right, wrong and no declarations: how often the text is read as what it is."""

from __future__ import annotations

from collections import Counter

from benchmarks.repair.sentences import read_sentences
from newsbot.core.encodings import MULTI_BYTE, decode_as, encoding_name
from newsbot.core.page import read_page
from newsbot.core.readings import oddness

_CODECS = {
    "cp1252": ("en", "de", "fr", "es", "it", "pt", "nl", "sv", "da"),
    "cp1250": ("pl", "cs", "hu", "ro"),
    "iso8859-2": ("pl", "cs", "hu"),
    "cp1254": ("tr",),
    "iso8859-9": ("tr",),
    "iso8859-5": ("ru", "uk"),
    "iso8859-7": ("el",),
    "cp1251": ("ru", "uk"),
    "koi8-r": ("ru",),
    "cp1253": ("el",),
    "gb18030": ("zh",),
    "big5": ("zh",),
    "shift_jis": ("ja",),
    "euc-jp": ("ja",),
    "euc-kr": ("ko",),
}
_WRONG = {"utf-8": "declared utf-8", "iso-8859-1": "declared latin-1", "": "not declared"}


def report() -> dict[str, float]:
    """Print the share of pages read right for each encoding and way of declaring it.

    Returns the least share of each family.
    """
    frames: dict[str, list[str]] = {}
    for sentence in read_sentences():
        frames.setdefault(sentence.language, []).append(sentence.text)
    print(f"{'encoding':10} {'right label':>12} {'utf-8':>8} {'latin-1':>8} {'none':>8}   oddness right/latin-1")
    least = {"decoding_single": 1.0, "decoding_multi": 1.0}
    for codec, languages in _CODECS.items():
        counts: Counter[str] = Counter()
        pages = 0
        odd = [0.0, 0.0]
        for language in languages:
            lines = frames[language]
            for start in range(0, len(lines) - 9, 10):
                body, text = _page(lines[start : start + 10], codec, language)
                pages += 1
                for label in (codec, *_WRONG):
                    header = f"text/html; charset={label}" if label else "text/html"
                    counts[label] += read_page(body, "https://a.test/", content_type=header).html.decode() == text
                name = encoding_name(codec) or codec
                odd[0] += oddness(decode_as(body, name))
                odd[1] += oddness(decode_as(body, "windows-1252"))
        shares = "".join(f"{counts[label] / pages:9.1%}" for label in (codec, *_WRONG))
        kind = "multi" if encoding_name(codec) in MULTI_BYTE else "single"
        worst = min(counts[label] / pages for label in (codec, *_WRONG))
        least[f"decoding_{kind}"] = min(least[f"decoding_{kind}"], worst)
        print(f"{codec:10} {shares}   {odd[0] / pages:.2f} {odd[1] / pages:.2f} ({pages} pages, {kind} byte)")
    return least


def _page(lines: list[str], codec: str, language: str) -> tuple[bytes, str]:
    """A page of ten sentences and its text; characters the encoding lacks are left out of both."""
    kept = "".join(f"<p>{line}</p>\n" for line in lines).encode(codec, "ignore")
    body = f"<html lang={language}><head><title>News</title></head><body>".encode() + kept
    return body, body.decode(codec)
