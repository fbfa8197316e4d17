"""The guard where names become addresses.

What comes in: host names, and literals in any spelling. What goes out: their addresses, if every one of them may be
contacted; else none, and the refusal is noted. What is checked is what is dialled, so a name that changes its
answer gains nothing. Knows no URL: redirects, robots.txt and pages all pass here.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from time import monotonic
from typing import Any, Final, Self

from scrapy.crawler import Crawler
from twisted.internet.interfaces import IHostnameResolver, IHostResolution, IResolutionReceiver
from zope.interface import implementer

from newsbot.extensions.numbers import number
from newsbot.network.addresses import AddressPolicy, policy_of

# Receivers, resolutions and addresses are zope interfaces, which a type checker cannot follow.
Receiver = Any
Resolution = Any
Address = Any

# A name is looked up again after this; long enough for a run's pages of one host, short beside any DNS change.
CACHE_S: Final = 300.0
MAX_CACHED: Final = 10_000
MAX_REFUSED: Final = 10_000


@implementer(IHostnameResolver)
class GuardedResolver:
    """Scrapy's ``TWISTED_DNS_RESOLVER``; ``refused`` holds the names that were not let through, and why."""

    def __init__(self, reactor: Any, policy: AddressPolicy, timeout_s: float) -> None:  # Any: twisted's reactor
        self.reactor = reactor
        self.policy = policy
        self.timeout_s = timeout_s
        self.inner: Any = reactor.nameResolver
        self.refused: OrderedDict[str, str] = OrderedDict()
        self._cache: OrderedDict[str, tuple[float, list[Address]]] = OrderedDict()

    @classmethod
    def from_crawler(cls, crawler: Crawler, reactor: Any) -> Self:
        settings = crawler.settings
        policy = policy_of(settings.getlist("NEWSBOT_NET_ALLOW_PRIVATE"))
        return cls(reactor, policy, number(settings, "DNS_TIMEOUT", float))

    def install_on_reactor(self) -> None:
        """Take the place of the reactor's resolver."""
        self.reactor.installNameResolver(self)

    def resolveHostName(
        self,
        resolutionReceiver: Receiver,
        hostName: str,
        portNumber: int = 0,
        addressTypes: Sequence[type[Address]] | None = None,
        transportSemantics: str = "TCP",
    ) -> Resolution:
        """Give *resolutionReceiver* the addresses of *hostName*, or none of them."""
        cached = self._cached(hostName)
        guard = _Guard(self, resolutionReceiver, hostName, portNumber)
        if cached is None:
            return self.look_up(guard, hostName, portNumber, addressTypes, transportSemantics)
        guard.resolutionBegan(_Done(hostName))
        for address in cached:
            guard.addressResolved(_with_port(address, portNumber))
        guard.resolutionComplete()
        return guard.resolution

    def look_up(
        self,
        guard: Receiver,
        host: str,
        port: int,
        types: Sequence[type[Address]] | None,
        semantics: str,
    ) -> Resolution:
        """Ask the system; tests answer from a table here."""
        return self.inner.resolveHostName(guard, host, port, types, semantics)

    def note_refusal(self, host: str, why: str) -> None:
        """Remember why *host* was refused."""
        self.refused[host] = why
        if len(self.refused) > MAX_REFUSED:
            self.refused.popitem(last=False)

    def keep(self, host: str, addresses: list[Address]) -> None:
        """Remember the addresses of *host* for a while; they are checked again at each use."""
        self._cache[host] = (monotonic(), addresses)
        if len(self._cache) > MAX_CACHED:
            self._cache.popitem(last=False)

    def _cached(self, host: str) -> list[Address] | None:
        found = self._cache.get(host)
        if found is None or monotonic() - found[0] > CACHE_S:
            return None
        return found[1]


@implementer(IResolutionReceiver)
class _Guard:
    """Collects the answer, and passes all of it on or nothing; gives up after the resolver's time."""

    def __init__(self, owner: GuardedResolver, receiver: Receiver, host: str, port: int) -> None:
        self.owner = owner
        self.receiver = receiver
        self.host = host
        self.port = port
        self.addresses: list[Address] = []
        self.resolution: Resolution = _Done(host)
        self.is_complete = False
        self.timer: Any = None  # an IDelayedCall

    def resolutionBegan(self, resolution: Resolution) -> None:
        self.resolution = resolution
        self.receiver.resolutionBegan(resolution)
        self.timer = self.owner.reactor.callLater(self.owner.timeout_s, self._give_up)

    def addressResolved(self, address: Address) -> None:
        self.addresses.append(address)

    def resolutionComplete(self) -> None:
        if self.is_complete:
            return
        self.is_complete = True
        if self.timer is not None and self.timer.active():
            self.timer.cancel()
        refusal = self._refusal()
        if refusal is not None:
            self.owner.note_refusal(self.host, refusal)
        else:
            if self.addresses:
                self.owner.keep(self.host, self.addresses)
            for address in self.addresses:
                self.receiver.addressResolved(address)
        self.receiver.resolutionComplete()

    def _refusal(self) -> str | None:
        """Why the name is refused: one bad address is enough."""
        for address in self.addresses:
            text = str(getattr(address, "host", ""))
            why = self.owner.policy.refusal(text, self.port or None)
            if why is not None:
                return f"{why} {text}"
        return None

    def _give_up(self) -> None:
        self.addresses = []
        self.resolutionComplete()


@implementer(IHostResolution)
class _Done:
    """A resolution that is there already."""

    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        """Nothing is under way."""


def _with_port(address: Address, port: int) -> Address:
    return type(address)(address.type, address.host, port)


def guard_of(reactor: Any) -> GuardedResolver | None:
    """The guard that *reactor* uses."""
    resolver = reactor.nameResolver
    return resolver if isinstance(resolver, GuardedResolver) else None
