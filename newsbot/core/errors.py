"""The errors of newsbot: one hierarchy.

Absence is a value (``None``, ``()``), damage is an exception; the two are never the same thing.

    NewsbotError
    ├── ExtractionError          a page that cannot be read at all; `code` is the page's reason
    │   ├── NotHtml              the bytes are no text page (a PDF, an image, a feed)
    │   ├── EmptyPage            nothing to read
    │   ├── TooLarge             over the limit of bytes, tags or attributes
    │   └── TooDeep              nested beyond the limit
    ├── ConfigError              a site file, setting or argument is wrong (exit code 2)
    ├── StorageError             the store cannot go on
    │   ├── OutputError          a segment cannot be published (exit code 5)
    │   ├── StateError           the database is locked, corrupt, newer or missing (exit code 6)
    │   └── LockHeld             another run holds the output folder (exit code 75)
    └── SourceError              a feed or sitemap that cannot be read
"""

from __future__ import annotations


class NewsbotError(Exception):
    """The base of all errors that newsbot raises on purpose."""


class ExtractionError(NewsbotError):
    """A page that cannot be read; ``code`` is the reason stored with the page."""

    code = "extraction"

    def __init__(self, message: str, *, url: str | None = None) -> None:
        super().__init__(f"{message} ({url})" if url else message)
        self.url = url


class NotHtml(ExtractionError):
    """The bytes are no page of text."""

    code = "not_html"


class EmptyPage(ExtractionError):
    """The page holds nothing to read."""

    code = "empty"


class TooLarge(ExtractionError):
    """The page is over a limit of bytes, tags or attributes."""

    code = "too_large"


class TooDeep(ExtractionError):
    """The page is nested beyond the limit, below which a parser would drop text in silence."""

    code = "too_deep"


class ConfigError(NewsbotError):
    """A site file, a setting or an argument is wrong, or a file of a package is missing.

    The message names file, key and the nearest good key.
    """


class StorageError(NewsbotError):
    """The store cannot go on; nothing committed is lost."""


class OutputError(StorageError):
    """A segment cannot be published: the disk is full, or the folder is not writable."""


class StateError(StorageError):
    """The state database is locked, corrupt, of a newer newsbot, or missing."""


class LockHeld(StorageError):
    """Another run holds the lock of this output folder."""


class SourceError(NewsbotError):
    """A feed or a sitemap cannot be read."""
