"""Stored pages out of WARC and WET files, plain or gzip.

What comes in: a path. What goes out: `StoredPage`s in the order of the file, and `BadRecord`s for what cannot be
used; one bad record costs one record. Makes no connection. Knows no page's meaning.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from fastwarc.warc import ArchiveIterator, WarcRecordType

from newsbot.core.errors import SourceError
from newsbot.core.urls import clean_url
from newsbot.network.body import content_encodings, decode_body
from newsbot.network.errors import BodyError

# More than any page may have; the page's own limit is checked where it is read.
MAX_RECORD_BYTES: Final = 64 * 1024 * 1024
_SCAN_BYTES: Final = 1024 * 1024
_GZIP: Final = b"\x1f\x8b\x08"
_PLAIN: Final = b"WARC/1."


@dataclass(frozen=True, slots=True)
class StoredPage:
    """One stored answer; ``fetched_at`` is the record's date, ``headers`` have lower-case names."""

    url: str
    body: bytes
    status: int
    content_type: str | None
    headers: Mapping[str, str]
    fetched_at: datetime


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot be used: where it stands in the file, its URL where it has one, and why."""

    offset: int
    url: str | None
    reason: str
    fetched_at: datetime | None = None


def stored_pages(path: Path) -> Iterator[StoredPage | BadRecord]:
    """All pages of the file. Raises `SourceError` when it ends in the middle, or is no such file at all.

    What was read before the end of a cut file has been given out by then. Raises `OSError` from the file system.
    """
    with path.open("rb") as file:
        is_empty = True
        for record in _records(file):
            is_empty = is_empty and record.url is None
            yield record
            if isinstance(record, BadRecord) and record.reason == "truncated":
                raise SourceError(f"{path.name} ends in the middle of a record, at byte {record.offset} or after")
        if is_empty:
            size = path.stat().st_size
            raise SourceError(f"{path.name} holds no stored page ({size} bytes)")


def _records(file: BinaryIO) -> Iterator[StoredPage | BadRecord]:
    """Records from one readable stretch to the next: a broken header ends a stretch, the next record begins one."""
    start: int | None = 0
    while start is not None:
        file.seek(start)
        last = start
        try:
            for record in ArchiveIterator(
                _From(file, start),
                record_types=WarcRecordType.response | WarcRecordType.conversion | WarcRecordType.resource,
                auto_decode="transfer",
                max_content_length=MAX_RECORD_BYTES,
            ):
                last = start + record.stream_pos
                yield _page(record, last)
        except OSError:
            yield BadRecord(last, None, "bad_record")
            start = _next_start(file, max(last, start) + 1)
            continue
        start = None
        if not _ends_whole(file, last):
            yield BadRecord(last, None, "truncated")


class _From:
    """*file* from *start* on, as a stream of its own."""

    def __init__(self, file: BinaryIO, start: int) -> None:
        self.file = file
        self.start = start

    def read(self, size: int = -1) -> bytes:
        return self.file.read(size)

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self.file.seek(self.start + offset if whence == 0 else offset, whence) - self.start

    def close(self) -> None:
        """The file belongs to whoever opened it."""

    def tell(self) -> int:
        return self.file.tell() - self.start


def _page(record: Any, offset: int) -> StoredPage | BadRecord:  # Any: fastwarc ships no types
    url = record.headers.get("WARC-Target-URI", "").strip("<> ")
    date: datetime | None = record.record_date
    if date is not None:
        date = date.astimezone(UTC)
    size = record.content_length
    body = record.reader.read()
    if clean_url(url) is None:
        return BadRecord(offset, None, "record_without_url", date)
    if date is None:
        return BadRecord(offset, url, "record_without_date", date)
    if record.record_type != WarcRecordType.response:
        if len(body) < size:
            return BadRecord(offset, url, "truncated", date)
        kind = record.headers.get("Content-Type", "text/plain")
        return StoredPage(url, body, 200, kind, {}, date)
    if record.http_headers is None:
        return BadRecord(offset, url, "bad_response", date)
    headers = {name.lower(): value for name, value in record.http_headers}
    if len(body) < size and "chunked" not in headers.get("transfer-encoding", ""):
        return BadRecord(offset, url, "truncated", date)
    try:
        encodings = content_encodings([headers.get("content-encoding", "").encode("latin-1", "replace")])
        body = decode_body(body, encodings, max_bytes=MAX_RECORD_BYTES)
    except BodyError as error:
        return BadRecord(offset, url, error.code, date)
    return StoredPage(url, body, record.http_headers.status_code or 0, headers.get("content-type"), headers, date)


def _next_start(file: BinaryIO, offset: int) -> int | None:
    """Where the next record may begin, at *offset* or after it; ``None`` at the end of the file."""
    file.seek(0)
    magic = _GZIP if file.read(3) == _GZIP else _PLAIN
    file.seek(offset)
    kept = b""
    while chunk := file.read(_SCAN_BYTES):
        found = (kept + chunk).find(magic)
        if found >= 0:
            return file.tell() - len(chunk) - len(kept) + found
        kept = chunk[-len(magic) + 1 :]
    return None


def _ends_whole(file: BinaryIO, offset: int) -> bool:
    """Whether the gzip members from *offset* on are whole; true of a file that is not compressed.

    fastwarc ends in silence at a member that is cut.
    """
    file.seek(offset)
    if file.read(3) != _GZIP:
        return True
    file.seek(offset)
    stream = zlib.decompressobj(wbits=31)
    rest = b""
    while True:
        rest = rest or file.read(_SCAN_BYTES)
        if not rest:
            return stream.eof
        if stream.eof:
            if not rest.startswith(_GZIP[: len(rest)]):
                return not rest.strip(b"\0")  # padding
            stream = zlib.decompressobj(wbits=31)
        try:
            stream.decompress(rest, _SCAN_BYTES)
        except zlib.error:
            return False
        rest = stream.unconsumed_tail or stream.unused_data
