"""Which addresses may be contacted.

What comes in: addresses that names resolved to. What goes out: why one is refused, or ``None``. Pure but for the
addresses that a run opens for itself (the demo's). Knows no names: spelling tricks end where names are resolved.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

from newsbot.core.errors import ConfigError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

# What `is_global` of Python 3.11 lets pass although nothing public answers there, or although it leads to an
# address inside another (measured; from the IANA special-purpose registries).
_REFUSED: Final[tuple[Network, ...]] = tuple(
    ip_network(text)
    for text in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent on a public address
        "169.254.0.0/16",
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/96",  # unspecified, loopback, IPv4-compatible
        "::ffff:0:0/96",  # IPv4-mapped: no name has such an address
        "::ffff:0:0:0/96",  # IPv4-translated
        "64:ff9b::/96",  # NAT64
        "64:ff9b:1::/48",
        "100::/64",
        "2001::/23",  # protocol assignments, with Teredo
        "2001:db8::/32",
        "2002::/16",  # 6to4
        "3fff::/20",
        "5f00::/16",
        "fc00::/7",
        "fe80::/10",
        "fec0::/10",
        "ff00::/8",
    )
)


@dataclass(slots=True)
class AddressPolicy:
    """The operator's open networks, each with a port or ``None`` for all; *opened* by the run itself."""

    allowed: tuple[tuple[Network, int | None], ...] = ()
    opened: set[tuple[str, int]] = field(default_factory=set)

    def refusal(self, text: str, port: int | None) -> str | None:
        """Why the address *text* may not be contacted on *port*; ``None`` if it may."""
        try:
            address = ip_address(text.partition("%")[0])
        except ValueError:
            return "no address"
        if port is not None and (str(address), port) in self.opened:
            return None
        for network, allowed_port in self.allowed:
            if address.version == network.version and address in network and allowed_port in (None, port):
                return None
        return None if is_public(address) else "inner address"

    def open(self, host: str, port: int) -> None:
        """Let one address and port pass for this run."""
        self.opened.add((str(ip_address(host)), port))


def is_public(address: Address) -> bool:
    """Whether *address* is one of the public internet.

    >>> is_public(ip_address("93.184.216.34")), is_public(ip_address("64:ff9b::7f00:1"))
    (True, False)
    """
    return address.is_global and not any(
        address.version == network.version and address in network for network in _REFUSED
    )


def policy_of(allow: Iterable[str]) -> AddressPolicy:
    """The policy of the setting ``NEWSBOT_NET_ALLOW_PRIVATE``. Raises `ConfigError`."""
    return AddressPolicy(tuple(_entry(text.strip()) for text in allow if text.strip()))


def _entry(text: str) -> tuple[Network, int | None]:
    """``10.0.0.0/8``, ``127.0.0.1:8080``, ``[fd00::1]:8080`` or ``fd00::/8``."""
    network, port = text, ""
    if text.startswith("["):
        network, _, port = text[1:].partition("]")
        port = port.removeprefix(":")
    elif text.count(":") == 1:
        network, _, port = text.partition(":")
    try:
        return ip_network(network), int(port) if port else None
    except ValueError as error:
        raise ConfigError(f"NEWSBOT_NET_ALLOW_PRIVATE: {text!r}: {error}") from error
