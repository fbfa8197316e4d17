"""Bodies are whole or refused."""

from __future__ import annotations

import gzip
import zlib

import brotli
import pytest
from backports import zstd

from newsbot.network.body import content_encodings, decode_body
from newsbot.network.errors import BodyError

TEXT = b"<html>" + b"The quick brown fox jumps over the lazy dog. " * 2000 + b"</html>"
RAW_DEFLATE = zlib.compress(TEXT)[2:-4]
ENCODED = {
    "gzip": gzip.compress(TEXT),
    "x-gzip": gzip.compress(TEXT),
    "deflate": zlib.compress(TEXT),
    "br": brotli.compress(TEXT),
    "zstd": zstd.compress(TEXT),
}


@pytest.mark.parametrize("name", ENCODED)
def test_whole_body_comes_back(name: str) -> None:
    assert decode_body(ENCODED[name], [name], max_bytes=1 << 20) == TEXT


@pytest.mark.parametrize("name", ENCODED)
@pytest.mark.parametrize("share", [0.0, 0.3, 0.9, 0.999])
def test_cut_body_is_refused(name: str, share: float) -> None:
    body = ENCODED[name]
    with pytest.raises(BodyError) as raised:
        decode_body(body[: int(len(body) * share)] or body[:1], [name], max_bytes=1 << 20)
    assert raised.value.code.startswith(("truncated_", "encoding_broken"))


@pytest.mark.parametrize("name", ENCODED)
def test_limit_holds_after_decoding(name: str) -> None:
    with pytest.raises(BodyError) as raised:
        decode_body(ENCODED[name], [name], max_bytes=1000)
    assert raised.value.code == "too_large"


def test_raw_deflate_is_read_as_some_servers_send_it() -> None:
    assert decode_body(RAW_DEFLATE, ["deflate"], max_bytes=1 << 20) == TEXT


def test_members_of_gzip_are_joined_and_padding_ignored() -> None:
    assert decode_body(gzip.compress(b"one ") + gzip.compress(b"two") + b"\0" * 9, ["gzip"], max_bytes=99) == b"one two"


def test_markup_under_a_false_name_is_kept() -> None:
    assert decode_body(b"<html>plain</html>", ["gzip"], max_bytes=99) == b"<html>plain</html>"


def test_layers_are_counted() -> None:
    twice = gzip.compress(gzip.compress(TEXT))
    assert decode_body(twice, ["gzip", "gzip"], max_bytes=1 << 20) == TEXT
    with pytest.raises(BodyError, match="too_many_encodings"):
        decode_body(gzip.compress(twice), ["gzip"] * 3, max_bytes=1 << 20)


def test_encodings_are_read_in_their_order() -> None:
    assert content_encodings([b"identity, GZIP", b"br"]) == ["gzip", "br"]
