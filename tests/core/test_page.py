"""Decoding: which reading of a page's bytes is taken, and what is refused before parsing."""

from __future__ import annotations

import contextlib
import time

import pytest

from newsbot.core.encodings import decode_as, encoding_name
from newsbot.core.errors import EmptyPage, ExtractionError, NotHtml, TooLarge
from newsbot.core.page import check_markup, header_label, meta_label, read_page

GERMAN = "<html><body><p>Größere Häuser, süße Äpfel – und „schöne“ Grüße aus Köln.</p>"
RUSSIAN = "<html><body><p>Правительство объявило о новых мерах поддержки малого бизнеса в регионах.</p>"
GREEK = "<html><body><p>Η κυβέρνηση ανακοίνωσε νέα μέτρα στήριξης για τις μικρές επιχειρήσεις.</p>"
CHINESE = "<html><body><p>政府今天宣布了支持小企业的新措施，记者从北京报道。</p>"
JAPANESE = "<html><body><p>政府は今日、中小企業を支援する新しい対策を発表しました。</p>"
KOREAN = "<html><body><p>정부는 오늘 중소기업을 지원하는 새로운 대책을 발표했다.</p>"
TURKISH = "<html lang=tr><body><p>Hükümet bugün küçük işletmeler için yeni destek önlemleri açıkladı, dedi.</p>"
PLACES = "<html lang=tr><body><p>İncesuı Çınarlı Şirinköy Gölbaşı Işıklar Ağaçören Yeşilyurt Üçpınar Düzağaç</p>"
POLISH = "<html lang='pl'><body><p>Rząd ogłosił dziś nowe środki wsparcia dla małych przedsiębiorstw, źródła.</p>"


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("ISO-8859-1", "windows-1252"),
        (" latin1 ", "windows-1252"),
        ("us-ascii", "windows-1252"),
        ("gb2312", "gb18030"),
        ("GBK", "gb18030"),
        ("x-sjis", "shift_jis"),
        ("ks_c_5601-1987", "euc-kr"),
        ("iso-8859-9", "windows-1254"),
        ("tis-620", "windows-874"),
        ("UTF8", "utf-8"),
        ("utf-7", None),
        ("hz-gb-2312", None),
        ("", None),
    ],
)
def test_label_is_read_as_browsers_do(label: str, name: str | None) -> None:
    assert encoding_name(label) == name


def test_every_encoding_reads_every_byte() -> None:
    from newsbot.core.encodings import _LABELS

    for name in _LABELS:
        assert decode_as(b"<p>" + bytes(range(256)), name)


@pytest.mark.parametrize(
    ("header", "label"),
    [
        ("text/html; charset=UTF-8", "utf-8"),
        ("text/html;charset='gbk'; x=y", "gbk"),
        ("text/html", None),
        ("text/html; charset=", None),
        (None, None),
    ],
)
def test_header_label(header: str | None, label: str | None) -> None:
    assert header_label(header) == label


@pytest.mark.parametrize(
    ("head", "label"),
    [
        (b'<meta charset="Shift_JIS">', "shift_jis"),
        (b"<META CHARSET=big5 />", "big5"),
        (b'<meta http-equiv="Content-Type" content="text/html; charset=windows-1251">', "windows-1251"),
        (b"<meta content='text/html;charset=euc-kr' http-equiv=content-type>", "euc-kr"),
        (b'<!-- <meta charset="big5"> --><meta charset="gbk">', "gbk"),
        (b'<meta name="description" content="charset=utf-16">', None),
        (b'<?xml version="1.0" encoding="ISO-8859-2"?><html>', "iso-8859-2"),
        (b'<!-- <meta charset="big5">', None),
        (b"<p>charset=gbk</p>", None),
    ],
)
def test_meta_label(head: bytes, label: str | None) -> None:
    assert meta_label(head) == label


@pytest.mark.parametrize("before", range(9))
@pytest.mark.parametrize("between", range(1, 25))
def test_bytes_that_stand_apart_are_not_read_as_one_utf8_sequence(before: int, between: int) -> None:
    apart = b"<p>" + b"a" * before + "é".encode()[:1] + b"b" * between + "é".encode()[1:] + b"c" * 40
    whole = b"<p>" + b"a" * before + "日é\ufffd".encode() + b"b" * between + "é".encode()
    assert read_page(apart, "https://a.test/").encoding_reason != "utf8_valid"
    page = read_page(whole, "https://a.test/")
    assert (page.encoding_reason, page.replaced_chars, page.html) == ("utf8_valid", 1, whole)


@pytest.mark.parametrize(
    ("text", "codec", "content_type", "used", "reason"),
    [
        pytest.param(GERMAN, "utf-8", "text/html; charset=iso-8859-1", "utf-8", "utf8_valid", id="utf8-as-latin1"),
        pytest.param(GERMAN, "utf-8-sig", "text/html; charset=gbk", "utf-8", "bom", id="utf8-bom"),
        pytest.param(GERMAN, "utf-16", None, "utf-16le", "bom", id="utf16-bom"),
        pytest.param(GERMAN, "utf-16-be", None, "utf-16be", "detected", id="utf16-bare"),
        pytest.param(GERMAN, "cp1252", "text/html; charset=ISO-8859-1", "windows-1252", "header", id="latin1"),
        pytest.param(RUSSIAN, "cp1251", "text/html; charset=windows-1251", "windows-1251", "header", id="cp1251"),
        pytest.param(RUSSIAN, "cp1251", "text/html; charset=utf-8", "windows-1251", "detected", id="cp1251-as-utf8"),
        pytest.param(RUSSIAN, "cp1251", "text/html; charset=latin1", "windows-1251", "detected", id="cp1251-as-latin1"),
        pytest.param(RUSSIAN, "koi8-r", None, "koi8-r", "detected", id="koi8-undeclared"),
        pytest.param(GREEK, "cp1253", "text/html; charset=iso-8859-7", "iso-8859-7", "header", id="greek"),
        pytest.param(CHINESE, "gb18030", "text/html; charset=gb2312", "gb18030", "header", id="gb2312"),
        pytest.param(CHINESE, "gb18030", None, "gb18030", "detected", id="gbk-undeclared"),
        pytest.param(JAPANESE, "cp932", "text/html; charset=x-sjis", "shift_jis", "header", id="sjis"),
        pytest.param(JAPANESE, "euc-jp", None, "euc-jp", "detected", id="eucjp-undeclared"),
        pytest.param(JAPANESE, "iso-2022-jp", "text/html; charset=iso-2022-jp", "iso-2022-jp", "header", id="iso2022"),
        pytest.param(JAPANESE, "iso-2022-jp", None, "iso-2022-jp", "detected", id="iso2022-undeclared"),
        pytest.param(
            JAPANESE, "iso-2022-jp", "text/html; charset=latin1", "iso-2022-jp", "detected", id="iso2022-latin1"
        ),
        pytest.param(KOREAN, "cp949", "text/html; charset=euc-kr", "euc-kr", "header", id="euckr"),
        pytest.param(KOREAN, "cp949", "text/html; charset=iso-8859-1", "euc-kr", "detected", id="euckr-as-latin1"),
        pytest.param(KOREAN, "cp949", None, "euc-kr", "detected", id="euckr-undeclared"),
        pytest.param(POLISH, "cp1250", "text/html; charset=windows-1250", "windows-1250", "header", id="polish"),
        pytest.param(POLISH, "cp1250", "text/html; charset=latin1", "windows-1250", "detected", id="polish-as-latin1"),
        pytest.param(POLISH, "iso8859-2", "text/html; charset=latin1", "iso-8859-2", "detected", id="latin2-as-latin1"),
        pytest.param(POLISH, "iso8859-2", "text/html; charset=utf-8", "iso-8859-2", "detected", id="latin2-as-utf8"),
        pytest.param(GREEK, "iso8859-7", "text/html; charset=latin1", "windows-1253", "detected", id="greek-as-latin1"),
        pytest.param(RUSSIAN, "iso8859-5", None, "iso-8859-5", "detected", id="iso-cyrillic-undeclared"),
        pytest.param(TURKISH, "iso8859-9", "text/html; charset=utf-8", "windows-1254", "detected", id="turkish"),
        pytest.param(PLACES, "iso8859-9", "text/html; charset=latin1", "windows-1254", "detected", id="turkish-places"),
    ],
)
def test_text_is_read_as_what_it_is(text: str, codec: str, content_type: str | None, used: str, reason: str) -> None:
    page = read_page(text.encode(codec), "https://a.test/", content_type=content_type)
    assert (page.html.decode(), page.encoding_used, page.encoding_reason) == (text, used, reason)


@pytest.mark.parametrize(
    ("text", "codec", "header", "meta", "reason"),
    [
        (RUSSIAN, "cp1251", "koi8-r", "windows-1251", "scored_meta"),
        (RUSSIAN, "cp1251", "windows-1251", "koi8-r", "scored_header"),
        (GERMAN, "cp1252", "windows-1252", "windows-1251", "scored_header"),
        (GERMAN, "cp1252", "windows-1251", "windows-1252", "scored_meta"),
        (CHINESE, "gb18030", "iso-8859-1", "gb2312", "scored_meta"),
        (KOREAN, "cp949", "shift_jis", "euc-kr", "scored_meta"),
    ],
)
def test_declarations_disagree_and_the_better_reading_wins(
    text: str, codec: str, header: str, meta: str, reason: str
) -> None:
    whole = f'<meta charset="{meta}">' + text
    page = read_page(whole.encode(codec), "https://a.test/", content_type=f"text/html; charset={header}")
    assert page.html.decode() == whole
    assert (page.encoding_declared, page.encoding_reason) == (f"{header}, {meta}", reason)


def test_damaged_utf8_stays_utf8_and_is_counted() -> None:
    body = (GERMAN * 3).encode() + b"<p>caf\xe9 cut\xe2\x80</p>"
    page = read_page(body, "https://a.test/", content_type="text/html; charset=utf-8")
    assert (page.encoding_used, page.encoding_reason, page.replaced_chars) == ("utf-8", "utf8_damaged", 2)
    assert page.notes == ()


def test_many_replaced_characters_are_noted() -> None:
    page = read_page("<p>a\ufffdb\ufffdc</p>".encode(), "https://a.test/")
    assert (page.replaced_chars, page.notes) == (2, ("encoding_doubtful",))


def test_nul_characters_are_taken_out_and_counted() -> None:
    page = read_page(b"<p>a\0b\0\0c\tg</p>\n", "https://a.test/")
    assert page.html.decode() == "<p>abc\tg</p>\n"
    assert page.control_chars == 3


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", EmptyPage),
        (b" \n\t ", EmptyPage),
        (b"\0\0\0", EmptyPage),
        (b"%PDF-1.7\n<html>", NotHtml),
        (b"\x89PNG\r\n\x1a\n", NotHtml),
        (b'<?xml version="1.0"?>\n<rss version="2.0">', NotHtml),
        (b"\xef\xbb\xbf<?xml version='1.0'?><!-- x --><urlset>", NotHtml),
        (b'{"a": 1}', NotHtml),
        (b"<p>" + b"a" * 100, TooLarge),
    ],
)
def test_what_is_no_page_is_refused(body: bytes, error: type[ExtractionError]) -> None:
    with pytest.raises(error):
        read_page(body, "https://a.test/", max_bytes=100)


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"<i>" * 300_001, id="tags"),
        pytest.param(b"<p " + b"a " * 1_001 + b">", id="attributes"),
        pytest.param(b"<p " + b"a='>' " * 400_000 + b">", id="attributes behind quoted ends"),
        pytest.param(b"<p>" + b"<p " + b"".join(b'a%d="x y"\n' % i for i in range(1_001)) + b">", id="with values"),
        pytest.param(b"<p " + b"a " * 1_001, id="unclosed"),
    ],
)
def test_markup_over_a_limit_is_refused(html: bytes) -> None:
    with pytest.raises(TooLarge):
        check_markup(html, "https://a.test/")


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(b"<i>" * 300_000, id="tags"),
        pytest.param(b"<p " + b"a=1 " * 1_000 + b">", id="attributes"),
        pytest.param(b"<path d='" + b"M 1 2 " * 5_000 + b"'/>", id="long value"),
        pytest.param(b"<script>if (i<n) x = [" + b"1, " * 5_000 + b"]</script>", id="script"),
        pytest.param(b"<!-- <p " + b"a " * 5_000 + b"-->", id="comment"),
        pytest.param(b"a < b " * 5_000, id="text"),
    ],
)
def test_markup_within_the_limits_passes(html: bytes) -> None:
    check_markup(html, "https://a.test/")


@pytest.mark.parametrize(
    "unit", [b"<", b"<a ", b"<a '", b'<a "', b"<!--", b"<script>", b">", b"<a b=", b"\xff", b"<script><p "]
)
def test_gates_are_linear(unit: bytes) -> None:
    def seconds(size: int) -> float:
        body = b"<p>" + unit * (size // len(unit))
        start = time.process_time()
        with contextlib.suppress(TooLarge):
            read_page(body, "https://a.test/")
        return time.process_time() - start

    assert seconds(4_000_000) < 4 * seconds(1_000_000) * 2 + 0.5
