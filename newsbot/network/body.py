"""Whole bodies or none: content encodings undone with a limit, and every cut noticed.

What comes in: an answer as it came over the wire. What goes out: its decoded bytes, or a `BodyError` whose code is the
page's reason. Scrapy's own decoder takes "as much as possible" of a cut stream, and so exports half a story.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterable
from typing import Final, Self

from scrapy.crawler import Crawler
from scrapy.http import Request, Response

from newsbot.network.errors import BodyError

# All weigh the same, and some servers take the first: undoing zstd costs 0.1 of a bare parse of the page, br 0.2, gzip
# 0.3, and each leaves a sixth of the bytes to carry (docs/decisions/speed.md).
ACCEPT_ENCODING: Final = b"zstd, br, gzip, deflate"
# Begins the flag of an answer whose body could not be decoded whole; the code follows.
BODY_FLAG: Final = "newsbot-body:"
_CHUNK_BYTES: Final = 65536
_IDENTITY: Final = frozenset(("", "identity", "none", "utf-8", "utf8", "8bit", "binary"))


class BodyMiddleware:
    """Decodes each answer; what follows sees whole bodies only."""

    def __init__(self, max_bytes: int, max_layers: int) -> None:
        self.max_bytes = max_bytes
        self.max_layers = max_layers

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        return cls(settings.getint("DOWNLOAD_MAXSIZE"), settings.getint("NEWSBOT_BODY_MAX_LAYERS"))

    def process_request(self, request: Request) -> None:
        """Say what we can decode."""
        request.headers.setdefault(b"Accept-Encoding", ACCEPT_ENCODING)

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer with its body decoded; a body that is not whole becomes a flag, for the retry to see."""
        encodings = content_encodings(response.headers.getlist(b"Content-Encoding"))
        if not encodings or not response.body:
            return response
        limit = request.meta.get("download_maxsize", self.max_bytes)
        try:
            body = decode_body(response.body, encodings, max_bytes=limit, max_layers=self.max_layers)
        except BodyError as error:
            return response.replace(body=b"", flags=[*response.flags, BODY_FLAG + error.code])
        response.headers.pop(b"Content-Encoding", None)
        return response.replace(body=body)


def content_encodings(headers: Iterable[bytes]) -> list[str]:
    """The encodings of a body in the order in which they were applied."""
    names = [name.strip().lower() for header in headers for name in header.decode("latin-1").split(",")]
    return [name for name in names if name not in _IDENTITY]


def decode_body(body: bytes, encodings: list[str], *, max_bytes: int, max_layers: int = 2) -> bytes:
    """*body* without its content encodings.

    Raises `BodyError` with ``too_large``, ``too_many_encodings``, ``encoding_unknown``, ``truncated_<encoding>`` for
    a stream that ends early, and ``encoding_broken`` for bytes that are no such stream.
    """
    if len(encodings) > max_layers:
        raise BodyError("too_many_encodings", ", ".join(encodings[:8]))
    for name in reversed(encodings):
        decoder = _DECODERS.get(name)
        if decoder is None:
            raise BodyError("encoding_unknown", name[:40])
        body = decoder(body, max_bytes)
    return body


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    if not body.startswith(b"\x1f\x8b"):
        return _not_encoded(body, "gzip")
    parts: list[bytes] = []
    size = 0
    while body.startswith(b"\x1f\x8b"):  # members; what follows the last one is padding
        member, body = _inflate_stream(zlib.decompressobj(wbits=31), body, max_bytes - size, "gzip")
        size += len(member)
        parts.append(member)
    return b"".join(parts)


def _deflate(body: bytes, max_bytes: int) -> bytes:
    try:
        return _inflate_stream(zlib.decompressobj(), body, max_bytes, "deflate")[0]
    except BodyError as error:
        if error.code != "encoding_broken":
            raise
    return _inflate_stream(zlib.decompressobj(wbits=-15), body, max_bytes, "deflate")[0]  # raw, as some servers send


def _inflate_stream(stream: zlib._Decompress, body: bytes, max_bytes: int, name: str) -> tuple[bytes, bytes]:
    """One stream and the bytes behind it."""
    parts: list[bytes] = []
    size = 0
    try:
        while not stream.eof:
            part = stream.decompress(body, _CHUNK_BYTES)
            body = stream.unconsumed_tail
            size += len(part)
            _check_size(size, max_bytes)
            parts.append(part)
            if not part and not body and not stream.eof:
                raise BodyError(f"truncated_{name}", f"the stream ends after {size} bytes")
    except zlib.error as error:
        raise BodyError("encoding_broken", f"{name}: {error}") from error
    return b"".join(parts), stream.unused_data


def _unbrotli(body: bytes, max_bytes: int) -> bytes:
    import brotli  # type: ignore[import-untyped]  # ships no types

    stream = brotli.Decompressor()
    parts: list[bytes] = []
    size = 0
    try:
        while not stream.is_finished():
            part = stream.process(body, output_buffer_limit=_CHUNK_BYTES)
            body = b""
            size += len(part)
            _check_size(size, max_bytes)
            parts.append(part)
            if not part and not stream.is_finished():
                raise BodyError("truncated_br", f"the stream ends after {size} bytes")
    except brotli.error as error:
        raise BodyError("encoding_broken", f"br: {error}") from error
    return b"".join(parts)


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    from backports import zstd

    stream = zstd.ZstdDecompressor()
    parts: list[bytes] = []
    size = 0
    try:
        while not stream.eof:
            part = stream.decompress(body, _CHUNK_BYTES)
            body = b""
            size += len(part)
            _check_size(size, max_bytes)
            parts.append(part)
            if not part and stream.needs_input:
                raise BodyError("truncated_zstd", f"the stream ends after {size} bytes")
    except zstd.ZstdError as error:
        raise BodyError("encoding_broken", f"zstd: {error}") from error
    return b"".join(parts)


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise BodyError("too_large", f"more than {max_bytes} bytes after decoding")


def _not_encoded(body: bytes, name: str) -> bytes:
    """*body* as it is if it plainly is markup all the same: some servers name an encoding that they do not use."""
    if body.lstrip()[:1] in (b"<", b"{"):
        return body
    raise BodyError("encoding_broken", f"no {name} stream")


_DECODERS: Final[dict[str, Callable[[bytes, int], bytes]]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _deflate,
    "br": _unbrotli,
    "zstd": _unzstd,
}
