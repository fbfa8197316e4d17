"""What mutation begins with: small inputs of every kind, written for this, and the bad inputs of ``tests/bad``.

What goes out: seeds and tokens by the name of a target. Each token is something that a reader treats in a way of
its own.
"""

from __future__ import annotations

import gzip
import zlib
from functools import lru_cache
from pathlib import Path

import brotli
from backports import zstd

BAD = Path(__file__).parents[2] / "tests" / "bad"
# The longest file of ``tests/bad`` that is worth mutating.
MAX_SEED_BYTES = 8_192

STORY = (
    b'\x00<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Pier to be rebuilt - Paper</title>'
    b'<link rel="canonical" href="https://paper.example/a"><meta property="og:title" content="Pier to be rebuilt">'
    b'<meta name="author" content="Ada Long"><script type="application/ld+json">{"@context":"https://schema.org",'
    b'"@type":"NewsArticle","headline":"Pier to be rebuilt","datePublished":"2026-11-21T08:00:00Z","author":'
    b'[{"@type":"Person","name":"Ada Long"}],"isAccessibleForFree":false}</script></head><body><nav><a href="/">Home'
    b'</a></nav><article><h1>Pier to be rebuilt</h1><p class="byline">By Ada Long, 21 November 2026</p><p>LITTLE'
    b" WEXCOMBE (Wire) - The harbour board voted on Tuesday to rebuild the eastern pier after the storms.</p><p>Work"
    b' is to begin in the spring and will cost four million crowns, the chairwoman said.</p><figure><img src="/p.jpg"'
    b' srcset="/a 1x, /b 2x"><figcaption>The pier. Photo: J. Doe</figcaption></figure></article><aside><h2>More</h2>'
    b'<ul><li><a href="/b-2"><h3>Ferry keeps its winter timetable</h3></a><p>It sails.</p></li></ul></aside>'
    b'<p hidden>unseen</p><p style="display:none">unseen</p></body></html>'
)
JSON_LD = (
    b'{"@context":"https://schema.org","@graph":[{"@type":"NewsArticle","@id":"#a","headline":"Pier","author":'
    b'{"@id":"#p"},"wordCount":120,"x":[1,2.5,true,null]},{"@type":"Person","@id":"#p","name":"Ada Long"}]}'
)
SEEDS: dict[str, tuple[bytes, ...]] = {
    "page": (
        STORY, b"\x01<p>one<p>two<br>three",
        b"\x03<html><body><h1>Caf\xe9</h1><p>\x93Quoted\x94 text with a caf\xe9 in it.</p>",
        b"\x04Pier to be rebuilt\n\nBy Ada Long\n\nThe harbour board voted on Tuesday.\n\nRead more\n- Ferry sails\n",
        b"\x00<ul>" + b"".join(b'<li><a href="/%d"><b>Headline number %d of today</b></a>' % (n, n) for n in range(8)),
        b"\x00<table><tr><td><svg><template><noscript><iframe><textarea><select><option>x</table><p>y",
        "\x00<html lang=ja><h1>桟橋を再建へ</h1><p>港湾委員会は火曜日、東の桟橋の再建を決めた。</p>".encode(),
    ),
    "json_ld": (
        JSON_LD, b'[{"@type":["A","B"],"a":"\\ud83d\\ude00"}]', b'// <![CDATA[\n{"@type":"A",\'b\':1,}\n// ]]>',
        b'{&quot;@type&quot;:&quot;A&quot;}', b'{"@type":"A"} {"@type":"B"}\x1e{"@type":"C","d":[[[]]]}',
    ),
    "feed": (
        (b'<?xml version="1.0"?><rss version="2.0"><channel><title>Paper</title><item><title>Pier &amp; harbour</title>'
        b"<link>https://paper.example/a-1</link><pubDate>Sat, 21 Nov 2026 08:00:00 GMT</pubDate></item><item><title>"
        b'<![CDATA[<b>Ferry</b>]]></title><guid isPermaLink="true">https://paper.example/b</guid></item></channel></rss>'),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>P</title><entry><title type="html">&lt;b&gt;A</title>'
        b'<link href="/a"/><updated>2026-11-21T08:00:00Z</updated></entry></feed>'),
        (b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"><item>'
        b"<title>T</title><link>http://paper.example/c</link></item></rdf:RDF>"),
    ),
    "sitemap": (
        (b'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>'
        b"https://paper.example/a-1</loc><lastmod>2026-11-22</lastmod></url><url><loc>https://paper.example/b</loc></url>"
        b"<url><loc>/c</loc></url></urlset>"),
        b'<sitemapindex xmlns="x"><sitemap><loc>https://paper.example/1.xml</loc></sitemap></sitemapindex>',
        b"https://paper.example/a\nhttps://paper.example/bb\r\n\nhttps://paper.example/ccc\n",
        gzip.compress(b"<urlset><url><loc>https://paper.example/a</loc></url></urlset>", mtime=0),
    ),
    "robots": (
        b"User-agent: *\nDisallow: /a\nAllow: /a/*.html$\nCrawl-delay: 2.5\nSitemap: https://paper.example/s.xml\n",
        b"\xef\xbb\xbfUSER-AGENT : newsbot\r\nDISALLOW : *\r\rrequest-rate: 1/5\nvisit-time: 0600-0845\n",
    ),
    "headers": (
        b"120", b"Thu, 01 Jan 2026 00:00:00 GMT", b"text/html; charset=\"utf-8\"", b"gzip, br",
        b'<meta http-equiv="content-type" content="text/html; charset=gb2312">', b"https://paper.example/a?b#c",
        b'<?xml version="1.0" encoding="koi8-r"?>', b"noindex, max-snippet:-1", b"de-DE, en;q=0.5",
    ),
    "body": tuple(
        bytes((number,)) + pack(b"<html>" + b"The harbour board voted. " * 40)
        for number, pack in enumerate((gzip.compress, zlib.compress, brotli.compress, zstd.compress))
    ),
    "url": (
        b"https://user:pw@www.Paper.example:8080/a/./b/../c%7e;jsessionid=1?b=2&utm_source=x&a=1#top",
        b"//x.example/y", b"/a b?c=\xc3\xa4", b"HTTPS:\\\\b\xc3\xbccher.example\\x", b"../../x",
        b"https://[2001:db8::1]:443/", b"?p=2", b"javascript:alert(1)", b"https:x",
        b"https://xn--bcher-kva.example./", b"http://0x7f.1/", b"data:text/html,x",
    ),
    "host": (
        b"127.0.0.1", b"0x7f.0.0.1", b"2130706433", b"017700000001", b"127.1", b"[::1]", b"[::ffff:127.0.0.1]:80",
        b"\xef\xbc\x91\xef\xbc\x92\xef\xbc\x97\xe3\x80\x820.0.1", b"paper.example", b"169.254.169.254", b"[fe80::1]",
        b"[64:ff9b::7f00:1]", b"0", b"\xe2\x91\xa0\xe2\x91\xa1\xe2\x91\xa6.0.0.1", b"localhost.", b"%31%32%37.0.0.1",
    ),
    "dates": (
        b"2026-11-21T08:00:00+01:00", b"Sat, 21 Nov 2026 08:00:00 GMT", b"21/11/2026 8.05 pm", b"20261121",
        b"1795248000", b"21. November 2026, 08:00 Uhr", "2026年11月21日 8時5分".encode(),
        "21 ноября 2026 г., 08:00".encode(), "٢١ نوفمبر ٢٠٢٦".encode(),
        b"Published November 21, 2026 at 8:05 a.m. EST | Updated: 22 Nov 2026",
    ),
    "names": (
        b"By Ada Long and Ben Short, Staff Writers", b"LITTLE WEXCOMBE, Nov 21 (Wire) -", b"Photo: J. Doe/Agency",
        b"Reporting by Ada Long; Editing by Ben Short", "Von Ada Lang (Text) und Ben Kürz (Fotos)".encode(),
        "文/王小明 编辑/李雷".encode(), b"=HYPERLINK(1)", b"\x1b]0;x\x07\xe2\x80\xae", "İSTANBUL ﬁ ß".encode(),
    ),
    "repair": (
        "\x01Itâ€™s a cafÃ© â€“ â€œyesâ€\x9d".encode(), "\x05Р°Р±РІ".encode(),
        b"\x01She said ?Hello? to them &amp;amp; left", "\x06涓枃鎶ョ焊".encode(),
        "\x02Gru\u0308ße\u00ad\u200b \ufffd".encode(), b"\x01don?t &#39;go&#39; &nbsp;",
    ),
    "site_file": (
        (b'publisher = "Paper"\ndomain = "paper.example"\nlanguage = "en"\nsections = ["/"]\nfeeds = ["/rss.xml"]\n'
        b'id_pattern = "/{section}/{slug}-{id:digits}"\n[limits]\ndelay_s = 1.5\nconcurrency = 1\n'),
    ),
}  # fmt: skip
MARKUP = (
    b"<", b">", b"</", b"/>", b"<!--", b"-->", b"<![CDATA[", b"]]>", b"<!DOCTYPE", b"<?", b"?>", b"&#x", b"&#0;",
    b"&amp;", b"&#xD800;", b"&#x110000;", b"&lt;", b"<p>", b"</p>", b"<div>", b"</div>", b"<a href=", b"<br>",
    b"<script>", b"</script>", b"<style>", b"<title>", b"<table>", b"<svg>", b"<template>", b"<noscript>", b"<h1>",
    b"<ul><li>", b"<img src=", b"<base href=", b"<article>", b"<time datetime=", b"<meta name=", b"<!ENTITY",
    b" hidden ", b"style='display:none'", b"xmlns=", b"<item>", b"</item>", b"<url>", b"</url>", b"<loc>", b"</loc>",
    b"<entry>", b"<link>", b"<frameset>", b"<plaintext>", b"<math>", b"application/ld+json",
)  # fmt: skip
JSON = (
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\u", b"\\ud800", b"NaN", b"Infinity", b"-Infinity", b"1e999",
    b"9" * 400, b"-0", b"null", b"true", b"//", b"/*", b"*/", b'"@type":"NewsArticle"', b'"@id":"#a"', b'"@graph":[',
    b"'", b"undefined", b"[" * 200, b'{"a":' * 100, b"\x1e", b"\\x00",
)  # fmt: skip
TEXT = (
    "é".encode(), "ß".encode(), "İ".encode(), "漢".encode(), "한".encode(), "ا".encode(), "😀".encode(),
    b"\xed\xa0\x80", b"\xef\xbf\xbd", b"\xe2\x80\xa8", b"\xe2\x80\xae", b"\xe2\x80\x8b", b"\xef\xbb\xbf",
    b"\xc2\xa0", b"\xcc\x81", b"\xff\xfe", "â€™".encode(), "Ã©".encode(), "锟斤拷".encode(), "ГѓВ".encode(), b"?",
    "“".encode(), "»".encode(), b"\x1b[31m", b"\r\n", b"\t", "٣".encode(), "１".encode(), "②".encode(), "½".encode(),
    "ǆ".encode(), "ﬃ".encode(), "\u1e9e".encode(), b"&quot;",
)  # fmt: skip
PLACES = (
    b"http://", b"https:", b"//", b"\\", b"@", b":80", b":443", b"#", b"?", b"%2e", b"%00", b"%0d%0a", b"..",
    b"/../", b"[::", b"]", b"127.0.0.1", b"0x7f", b"0177", b"4294967295", b"256", b"xn--", b"www.", b"%ff",
    b"\xef\xbc\x8f", b"\xe3\x80\x82", b"file:", b"utm_source=", b"&", b";jsessionid=", b"..%2f", b"0x", b"1.",
    b"::ffff:", b"fe80::1%25eth0", b"a" * 70, b"a." * 130,
)  # fmt: skip
RULES = (
    b"\nDisallow: ", b"\nAllow: ", b"\nUser-agent: *", b"\nUser-agent: newsbot", b"*", b"$", b"*a*a*a*a*a*a*a*a*b",
    b"%2F", b"Crawl-delay: ", b"nan", b"inf", b"1e309", b"-1", b"#", b"\r", b"sitemap:", b"charset=", b"utf-7",
    b"GMT", b"-0000", b"gzip,", b"99999999999999", b"+9999", b"24:60:60", b"31", b"00", b"\x1f\x8b\x08",
    b"\x28\xb5\x2f\xfd", b" = ", b"[a]", b'"""', b"{id}",
)  # fmt: skip
TOKENS: dict[str, tuple[bytes, ...]] = {
    "page": MARKUP + TEXT + JSON[:12],
    "json_ld": JSON + TEXT,
    "feed": MARKUP + TEXT + PLACES[:8],
    "sitemap": MARKUP + PLACES[:12],
    "robots": RULES + PLACES[:12],
    "headers": RULES + PLACES + TEXT[:10],
    "body": RULES[-12:] + MARKUP[:4],
    "url": PLACES + TEXT,
    "host": PLACES + TEXT,
    "dates": RULES[-16:] + TEXT,
    "names": (*TEXT, b"By ", b" and ", b", ", b"/", b"(", b")", b" - ", b"Photo: ", b"Reporting by ", b"=", b"@", b"|"),
    "repair": TEXT + MARKUP[:14],
    "site_file": RULES + JSON[:8],
}


@lru_cache(maxsize=32)
def seeds_of(target: str) -> tuple[bytes, ...]:
    """The seeds of *target*: those written here, and its bad inputs, in the order of their names."""
    kept = sorted(path for path in (BAD / target).glob("*") if path.stat().st_size <= MAX_SEED_BYTES)
    return (*SEEDS[target], *(path.read_bytes() for path in kept))
