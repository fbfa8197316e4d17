"""Scrapy's HTTP handler with a stricter reading of the head of an answer.

What comes in: connections. What goes out: answers whose head is small and says its length in one way only. The
parsers are Twisted's, with lenient parts of Scrapy's, which let a head of any size pass.
"""

from __future__ import annotations

from typing import Any, Final

from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
)
from scrapy.crawler import Crawler
from twisted.internet.defer import Deferred
from twisted.web._newclient import HEADER, STATUS, HTTP11ClientProtocol, ParseError
from twisted.web.iweb import IPolicyForHTTPS
from zope.interface import implementer

# The limit of most servers and proxies on the other direction is 8 to 64 KiB.
MAX_HEAD_BYTES: Final = 64 * 1024


class StrictHTTPHandler(HTTP11DownloadHandler):
    """The handler of http and https."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _StrictFactory
        insecure = crawler.settings.getlist("NEWSBOT_NET_INSECURE_HOSTS")
        if insecure:
            by_host: Any = _ByHost(self._contextFactory, frozenset(insecure))  # Any: a zope interface
            self._contextFactory = by_host


@implementer(IPolicyForHTTPS)
class _ByHost:
    """Verifies the certificates of all hosts but those that the operator names."""

    def __init__(self, verifying: Any, insecure: frozenset[str]) -> None:  # Any: a zope interface
        self.verifying = verifying
        self.trusting = _ScrapyClientContextFactory(verify_certificates=False)
        self.insecure = insecure

    def creatorForNetloc(self, hostname: bytes, port: int) -> Any:  # Any: Twisted's options
        """The options for a connection to *hostname*."""
        chosen = self.trusting if hostname.decode("ascii", "replace") in self.insecure else self.verifying
        return chosen.creatorForNetloc(hostname, port)


class _StrictParser(_LenientHTTPClientParser):
    """Twisted's parser with a limit; Scrapy replaces the class of a made parser, and so do we."""

    head_bytes = 0

    def lineReceived(self, line: bytes) -> None:
        """Count what belongs to the head. Raises `ParseError`."""
        if self.state in (STATUS, HEADER):
            self.head_bytes += len(line) + 2
            if self.head_bytes > MAX_HEAD_BYTES:
                raise _parse_error("the head of the answer is too large", line)
        super().lineReceived(line)

    def lineLengthExceeded(self, line: bytes) -> None:
        """Name what Twisted would end without a word: a line of a head over 16 KiB. Raises `ParseError`."""
        raise _parse_error("a line of the head of the answer is too long", line)

    def allHeadersReceived(self) -> None:
        """Refuse two lengths in one answer: which one holds is what smuggling plays with. Raises `ParseError`."""
        if self.connHeaders.hasHeader(b"transfer-encoding") and self.connHeaders.hasHeader(b"content-length"):
            raise _parse_error("both Content-Length and Transfer-Encoding", b"")
        super().allHeadersReceived()  # type: ignore[no-untyped-call]  # Twisted's own


class _StrictProtocol(_LenientHTTP11ClientProtocol):
    """A connection whose answers are read by `_StrictParser`."""

    def request(self, request: Any) -> Deferred[Any]:  # Any: Twisted's request and response
        answer: Deferred[Any] = super().request(request)
        if self._parser is not None:
            self._parser.__class__ = _StrictParser
        return answer


class _StrictFactory(_LenientHTTP11ClientFactory):
    """Builds `_StrictProtocol`s."""

    def buildProtocol(self, addr: Any) -> HTTP11ClientProtocol:  # Any: Twisted's address
        return _StrictProtocol(self._quiescentCallback)  # type: ignore[no-untyped-call]  # Twisted's own


def _parse_error(reason: str, data: bytes) -> ParseError:
    error: ParseError = ParseError(reason, data[:80])  # type: ignore[no-untyped-call]  # Twisted's own
    return error
