"""URLs as browsers read them, and the one key of many spellings."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsbot.core.urls import clean_url, host_of, is_pathological, is_same_site, normalise_url

BASE = "https://base.example/p/q?z=1"


@pytest.mark.parametrize(
    ("href", "cleaned"),
    [
        ("https://example.org/a", "https://example.org/a"),
        ("https://example.org", "https://example.org/"),
        ("  https://example.org/a#top ", "https://example.org/a"),
        ("HTTPS://EXAMPLE.ORG:443/A", "https://example.org/A"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("/x", "https://base.example/x"),
        ("x", "https://base.example/p/x"),
        ("?p=2", "https://base.example/p/q?p=2"),
        ("../../../x", "https://base.example/x"),
        ("//evil.example/x", "https://evil.example/x"),
        ("///evil.example/x", "https://evil.example/x"),
        ("/\\evil.example/x", "https://evil.example/x"),
        ("https:\\\\evil.example\\x", "https://evil.example/x"),
        ("https:x", "https://base.example/p/x"),
        ("https:/x", "https://base.example/x"),
        ("http:/evil.example", "http://evil.example/"),
        ("ht\ntps://exa\tmple.org/", "https://example.org/"),
        ("https://user:pw@example.org/", "https://example.org/"),
        ("https://good.example@evil.example/", "https://evil.example/"),
        ("https://good.example\\@evil.example/", "https://good.example/@evil.example/"),
        ("https://bücher.example/ü?ö=ß", "https://xn--bcher-kva.example/%C3%BC?%C3%B6=%C3%9F"),
        ("https://ex%61mple.org/", "https://example.org/"),
        ("https://example.org./", "https://example.org/"),
        ("https://example.org/a/./b/%2e%2e/c", "https://example.org/a/c"),
        ("https://example.org/a b", "https://example.org/a%20b"),
    ],
)
def test_href_becomes_what_a_browser_opens(href: str, cleaned: str) -> None:
    assert clean_url(href, BASE) == cleaned


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)",
        "java\nscript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "mailto:a@example.org",
        "tel:123",
        "blob:https://example.org/x",
        "data:text/html,x",
        "file:///etc/passwd",
        "ftp://example.org/",
        "https://",
        "https://exa mple.org/",
        "https://exam\u2028ple.org/",
        "https://a..b/",
        "https://1.2.3.4.5/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://example.org/\x00a",
        "https://example.org/" + "a" * 2083,
        "/\ud800",
        "//[::1",
        "https://%ff.example/",
    ],
)
def test_what_no_request_may_be_made_of_is_refused(href: str) -> None:
    assert clean_url(href, BASE) is None


@pytest.mark.parametrize(
    "spelling",
    [
        "http://www.example.org/a?b=1&c=2",
        "https://example.org:443/a?c=2&b=1",
        "https://www.example.org/a/?b=1&c=2#x",
        "http://EXAMPLE.org//a?c=2&utm_source=x&b=1&fbclid=y",
        "https://example.org/%61;jsessionid=1A2B?b=1&c=2&PHPSESSID=3",
    ],
)
def test_spellings_of_one_address_have_one_key(spelling: str) -> None:
    assert normalise_url(spelling) == "https://example.org/a?b=1&c=2"


def test_a_session_is_no_part_of_the_key_and_a_storys_number_is() -> None:
    session = normalise_url("https://example.org/a?sid=9f31c0aa72b14d0e8c55&b=1")

    assert session == normalise_url("https://example.org/a?b=1")
    assert normalise_url("https://example.org/a?sid=40105") != normalise_url("https://example.org/a?sid=40206")


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_cleaning_never_raises_and_is_stable(text: str) -> None:
    cleaned = clean_url(text, BASE)
    if cleaned is not None:
        assert cleaned.startswith(("http://", "https://"))
        assert not set(cleaned) & set(' \r\n\t\\<>"') and cleaned.isascii()
        assert clean_url(cleaned) == cleaned
        assert host_of(cleaned)


@given(st.from_regex(r"https?://[a-zA-Z0-9.%\-]{1,20}(:[0-9]{1,5})?(/[!-~]{0,20})?(\?[!-~]{0,20})?", fullmatch=True))
def test_normalising_is_idempotent(url: str) -> None:
    key = normalise_url(url)
    assert normalise_url(key) == key
    cleaned = clean_url(url)
    if cleaned is not None:
        assert normalise_url(cleaned) == key


def test_site_is_the_registrable_domain() -> None:
    assert is_same_site("https://news.paper.co.uk/a", "https://www.paper.co.uk/b")
    assert not is_same_site("https://one.github.io/", "https://two.github.io/")
    assert not is_same_site("https://127.0.0.1/", "https://127.0.0.2/")


def test_paths_that_lead_into_themselves_are_pathological() -> None:
    assert is_pathological("https://example.org/a/a/a/")
    assert is_pathological("https://example.org/" + "x/y/" * 20)
    assert not is_pathological("https://example.org/a/a/b?c=/a/a/a")


def test_keys_do_not_depend_on_the_hash_seed() -> None:
    """Keys are made of SHA-256, so nobody can choose URLs that fall together, and every process makes the same."""
    program = "from newsbot.items.identity import url_key; print(url_key('https://example.org/a').hex())"
    found = {
        subprocess.run(
            [sys.executable, "-c", program], env={**os.environ, "PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    }
    assert len(found) == 1
