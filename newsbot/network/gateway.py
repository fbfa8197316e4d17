"""The gate of every request: what may be asked, under which name, and of whom the answer comes.

What comes in: requests of the spider, of redirects and for robots.txt. What goes out: the same with our headers, or
`Refused`. Installs the guard where Scrapy has not done so. Knows no page.
"""

from __future__ import annotations

import logging
import os
from typing import Any, Final, Self

from scrapy.crawler import Crawler
from scrapy.exceptions import CannotResolveHostError
from scrapy.http import Request, Response
from scrapy.settings import BaseSettings

from newsbot.core.errors import ConfigError
from newsbot.core.urls import MAX_URL_CHARS
from newsbot.network.errors import Refused
from newsbot.network.resolver import GuardedResolver, guard_of

logger = logging.getLogger(__name__)

ACCEPT: Final = b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"
_PROXY_VARIABLES: Final = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


class GatewayMiddleware:
    """Checks scheme, port and length of each URL, and sets the headers that tell who asks."""

    def __init__(self, user_agent: str, ports: frozenset[int], timeout_s: float, guard: GuardedResolver) -> None:
        self.user_agent = user_agent.encode("ascii", "replace")
        self.ports = ports
        self.timeout_s = timeout_s
        self.guard = guard
        # Ports that the operator's own sources name.
        self.source_ports: set[int] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        settings = crawler.settings
        spider = crawler.spider
        if getattr(spider, "asks_the_world", True):
            check_contact(settings)
            check_proxies(settings)
        _warn_insecure(settings)
        guard = _guard(crawler)
        ports = frozenset(_ports(settings.getlist("NEWSBOT_NET_PORTS")))
        return cls(user_agent(settings), ports, settings.getfloat("DOWNLOAD_TIMEOUT"), guard)

    def process_request(self, request: Request) -> None:
        """Set our headers. Raises `Refused`."""
        self.check(request.url)
        headers = request.headers
        headers[b"User-Agent"] = self.user_agent
        headers.setdefault(b"Accept", ACCEPT)
        request.meta.setdefault("download_timeout", self.timeout_s)
        request.meta.pop("proxy", None)

    def check(self, url: str) -> None:
        """Raise `Refused` for a URL that may not be asked."""
        from scrapy.utils.httpobj import urlparse_cached

        if len(url) > MAX_URL_CHARS:
            raise Refused("url_too_long")
        parts = urlparse_cached(Request(url))
        if parts.scheme not in _DEFAULT_PORTS:
            raise Refused("scheme", parts.scheme[:20])
        if parts.username is not None:
            raise Refused("userinfo")
        port = parts.port or _DEFAULT_PORTS[parts.scheme]
        if port not in self.ports and port not in self.source_ports:
            raise Refused("port", str(port))


class PeerMiddleware:
    """Tells a refusal of the guard from a name that does not exist, and looks once more at who answered."""

    def __init__(self, guard: GuardedResolver) -> None:
        self.guard = guard

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        return cls(_guard(crawler))

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Raise `Refused` where the guard was the reason."""
        if isinstance(exception, CannotResolveHostError):
            from scrapy.utils.httpobj import urlparse_cached

            host = urlparse_cached(request).hostname or ""
            why = self.guard.refused.get(host)
            if why is not None:
                raise Refused("inner_address", why) from exception

    def process_response(self, request: Request, response: Response) -> Response:
        """The answer, unless it came from an address that was never allowed."""
        if response.ip_address is not None:
            from scrapy.utils.httpobj import urlparse_cached

            parts = urlparse_cached(request)
            port = parts.port or _DEFAULT_PORTS.get(parts.scheme)
            if self.guard.policy.refusal(str(response.ip_address), port) is not None:
                raise Refused("inner_address", f"answered by {response.ip_address}")
        return response


def user_agent(settings: BaseSettings) -> str:
    """The user agent with the contact filled in."""
    return str(settings["USER_AGENT"]).replace("{contact}", str(settings.get("NEWSBOT_CONTACT") or ""))


def product_token(agent: str) -> str:
    """The name under which robots.txt is asked (RFC 9309, 2.2.1).

    >>> product_token("newsbot/1.0 (+mailto:a@example.org)")
    'newsbot'
    """
    return agent.partition("/")[0].strip() or "newsbot"


def check_contact(settings: BaseSettings) -> None:
    """Raise `ConfigError` while nobody can be reached about this crawler."""
    if "{contact}" in str(settings["USER_AGENT"]) and not str(settings.get("NEWSBOT_CONTACT") or "").strip():
        raise ConfigError(
            "nobody could be reached about this crawler: set NEWSBOT_CONTACT to an e-mail address or a web page"
            " (in the environment, or with -s NEWSBOT_CONTACT=news-crawler@your-domain); it becomes part of the"
            " user agent. Only the demo and archives run without"
        )


def check_proxies(settings: BaseSettings) -> None:
    """Raise `ConfigError` for a proxy in the environment: the guard could not see whom it contacts."""
    found = [name for name in _PROXY_VARIABLES if os.environ.get(name)]
    if found and not settings.getbool("NEWSBOT_NET_ALLOW_PROXY"):
        raise ConfigError(
            f"{', '.join(found)} is set, and newsbot does not go through a proxy: no guard could see which addresses"
            " it contacts. Unset it, or say NEWSBOT_NET_ALLOW_PROXY=1 to go on without it"
        )


def _warn_insecure(settings: BaseSettings) -> None:
    for host in settings.getlist("NEWSBOT_NET_INSECURE_HOSTS"):
        logger.warning("certificates of %s are NOT verified (NEWSBOT_NET_INSECURE_HOSTS)", host)


def _guard(crawler: Crawler) -> GuardedResolver:
    """The guard of the reactor; installed here where another resolver stands (in projects that only add newsbot)."""
    from twisted.internet import reactor

    guard = guard_of(reactor)
    if guard is None:
        guard = GuardedResolver.from_crawler(crawler, reactor)
        guard.install_on_reactor()
    return guard


def _ports(parts: list[Any]) -> set[int]:  # Any: numbers or strings, as settings give them
    ports: set[int] = set()
    for part in parts:
        first, _, last = str(part).strip().partition("-")
        try:
            ports.update(range(int(first), int(last or first) + 1))
        except ValueError:
            raise ConfigError(f"NEWSBOT_NET_PORTS: {part!r} is no port or span of ports") from None
    return ports
