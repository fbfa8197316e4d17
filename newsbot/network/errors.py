"""Why a request came to nothing: errors of the network room, and every other error as a reason code.

What comes in: exceptions of ours, of Scrapy and of Twisted. What goes out: the code that stands in a page's
``reasons``. Knows no page.
"""

from __future__ import annotations

from typing import Final

from scrapy import exceptions as scrapy_errors
from scrapy.exceptions import IgnoreRequest, StopDownload
from twisted.internet import error as twisted_errors
from twisted.web import _newclient as client_errors


class Refused(IgnoreRequest):
    """A request that is not made, or not made again; ``code`` is the page's reason, ``also`` what stands behind it."""

    def __init__(self, code: str, detail: str = "", also: str | None = None) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.also = also


class BodyError(Refused):
    """An answer whose body is not whole, or larger than its limit."""


class TooSlow(StopDownload):
    """A body that comes slower than the floor."""


# Most special first. Truncation has its own code: half a story is no story.
_CODES: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (scrapy_errors.ResponseDataLossError, "truncated"),
    (scrapy_errors.DownloadTimeoutError, "timeout"),
    (TooSlow, "too_slow"),
    (scrapy_errors.CannotResolveHostError, "dns"),
    (scrapy_errors.DownloadConnectionRefusedError, "refused"),
    (scrapy_errors.DownloadCancelledError, "too_large"),
    (scrapy_errors.UnsupportedURLSchemeError, "scheme"),
    (twisted_errors.DNSLookupError, "dns"),
    (twisted_errors.TimeoutError, "timeout"),
    (twisted_errors.ConnectionRefusedError, "refused"),
    (client_errors.ParseError, "bad_response"),
    (scrapy_errors.DownloadFailedError, "connection"),
    (twisted_errors.ConnectError, "connection"),
    (twisted_errors.ConnectionClosed, "connection"),
    (ValueError, "bad_response"),
    (OSError, "connection"),
)
# Worth another try: the fault may be gone in a minute.
RETRIED_CODES: Final = frozenset(
    (
        "connection",
        "dns",
        "refused",
        "timeout",
        "tls",
        "too_slow",
        "truncated",
        "truncated_br",
        "truncated_deflate",
        "truncated_gzip",
        "truncated_zstd",
    )
)


def reasons_of(error: BaseException) -> tuple[str, ...]:
    """The reason codes of *error*, most important first."""
    also = error.also if isinstance(error, Refused) else None
    return (reason_of(error), also) if also else (reason_of(error),)


def reason_of(error: BaseException) -> str:
    """The reason code of *error*.

    >>> reason_of(Refused("robots")), reason_of(RuntimeError())
    ('robots', 'download')
    """
    if isinstance(error, Refused):
        return error.code
    if _is_tls(error):
        return "tls"
    if _holds(error, client_errors.ParseError) or _holds(error, ValueError):
        return "bad_response"
    return next((code for kind, code in _CODES if isinstance(error, kind)), "download")


def _is_tls(error: BaseException) -> bool:
    from OpenSSL import SSL
    from service_identity import VerificationError

    return _holds(error, SSL.Error) or _holds(error, VerificationError)


def _holds(error: BaseException, kind: type[BaseException]) -> bool:
    """Whether *error*, its cause or one of the failures it wraps is of *kind*."""
    seen: BaseException | None = error
    for _ in range(5):
        if seen is None:
            return False
        reasons = getattr(seen, "reasons", None) or seen.args
        inner = [getattr(reason, "value", reason) for reason in reasons if reason is not seen]
        if isinstance(seen, kind) or any(isinstance(value, kind) for value in inner):
            return True
        seen = seen.__cause__ or seen.__context__
    return False
