"""Properties of decoding and repair that hold for any text: hypothesis tries to break them."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.core.blocks import segment
from newsbot.core.errors import ExtractionError
from newsbot.core.mojibake_signs import CODECS, Surroundings
from newsbot.core.page import read_page
from newsbot.items.repair import needs_repair, repair_text, undo

SOURCES = (
    "Aé’“”‘—…• ñüßøłřőçğ ЖиÑ ΔλÎ 中文测试。、漢字かなカナﾊﾝ 한국어 鈥锛銆茅 â€™Ã© &amp;&#39;"
    " \xa0\xad\u200b\ufffd\x92\x01e\u0301😀"
)
DAMAGES = [
    (codec, errors)
    for codec in ("gbk", "gb18030", "big5", "cp932", "cp949", "euc_jp", "latin-1", "cp1252", "cp1251", "mac-roman")
    for errors in ("ignore", "replace")
]
DECODERS = sorted(CODECS)
texts = st.one_of(
    st.text(alphabet=st.sampled_from(SOURCES), max_size=60),
    st.text(alphabet=st.characters(), max_size=40),
    st.text(alphabet=st.characters(codec=None), max_size=20),
)
languages = st.sampled_from([None, "en", "fr", "de", "ru", "zh", "ja", "ko", "vi"])
layers = st.lists(st.sampled_from(DAMAGES), max_size=2)


def _damaged(text: str, damages: list[tuple[str, str]]) -> str:
    for codec, errors in damages:
        text = text.encode("utf-8", "surrogatepass").decode(codec, errors)
    return text


@settings(max_examples=200, deadline=None, derandomize=True)
@given(texts, languages, layers, st.lists(texts, max_size=2), st.booleans(), st.sets(st.sampled_from(DECODERS)))
def test_repair_is_idempotent_reversible_and_sound(
    text: str,
    language: str | None,
    damages: list[tuple[str, str]],
    elsewhere: list[str],
    is_whole_elsewhere: bool,
    codecs: set[str],
) -> None:
    """Whatever stands in the page's other texts, the damaged one whole among them or not."""
    came = _damaged(text, damages)
    whole = (*elsewhere, text) if is_whole_elsewhere else tuple(elsewhere)
    words = frozenset(word for other in whole for word in re.findall(r"[^\W\d_]{3,}", other.lower()))
    around = Surroundings(language, frozenset(codecs), whole, words)
    repaired, repairs = repair_text(came, around)
    assert repaired.encode("utf-8").decode("utf-8") == repaired
    assert unicodedata.is_normalized("NFC", repaired)
    assert len(repaired) <= 2 * len(came) + 1
    assert undo(repaired, repairs) == came
    assert repair_text(repaired, around)[0] == repaired
    for repair in repairs:
        assert repaired[repair.start : repair.end] == repair.after
        assert repair.certainty in ("certain", "inferred", "marked")
        assert repair.certainty != "marked" or repair.before == repair.after
    assert needs_repair(came) or not repairs


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    st.binary(max_size=300),
    st.sampled_from([None, "utf-8", "latin1", "gbk", "shift_jis", "utf-16", "iso-2022-jp", "x"]),
)
def test_decode_never_fails_and_keeps_utf8(body: bytes, label: str | None) -> None:
    content_type = f"text/html; charset={label}" if label else None
    try:
        page = read_page(body, "https://a.test/", content_type=content_type)
    except ExtractionError:
        return
    text = page.html.decode("utf-8")
    assert "\0" not in text
    try:
        truth = body.decode("utf-8")
    except UnicodeDecodeError:
        return
    if "\0" not in truth and page.encoding_used == "utf-8":
        assert text == truth.removeprefix("\ufeff")


@settings(max_examples=200, deadline=None, derandomize=True)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<div class=x>", "</div>", "<a href='/b'>", "</a>", "<br>", "<script>",
    "</script>", "<!--", "-->", "<li", " a=1>", "text ", "“q” ", "&amp;", "&#0;", "\0", "<b>", "<h1>", "<img src=a>",
    "<table><tr><td>", "]]>", "<![CDATA[", "<template>", "<svg>", "é", "\ud83d\ude00"]), max_size=80))  # fmt: skip
def test_segments_hold_together(parts: list[str]) -> None:
    body = "".join(parts).encode("utf-8", "surrogatepass")
    try:
        page = read_page(body, "https://a.test/")
    except ExtractionError:
        return
    segments = segment(page)
    for index, block in enumerate(segments.blocks):
        assert block.index == index and block.text == " ".join(block.text.split()) and block.text
        assert all(0 <= piece.start < piece.end <= len(block.text) for piece in block.pieces)
    for node in segments.nodes:
        assert node.first_block <= node.end_block <= len(segments.blocks)
        assert node.index < node.end_node <= len(segments.nodes)
