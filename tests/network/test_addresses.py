"""No inner address is contacted, however it is spelled: every spelling ends at the resolver or before it."""

from __future__ import annotations

import socket

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsbot.core.errors import ConfigError
from newsbot.core.urls import clean_url, host_of
from newsbot.network.addresses import AddressPolicy, policy_of

# Spellings of hosts that lead to inner addresses without asking any name server.
SPELLINGS = """
127.0.0.1 127.1 127.0.1 127.255.255.254 0 0.0.0.0 00.00.00.00 0x7f000001 0x7f.0.0.1 0x7f.1 0X7F.0.0.1 2130706433
017700000001 0177.0.0.1 0177.1 0177.0x0.0.01 127.0.0.1. 127.000.000.001 %31%32%37.0.0.1 １２７.０.０.１ ①②⑦.⓪.⓪.①
127。0。0。1 127．0．0．1 127｡0｡0｡1 10.0.0.1 10.1 0xa000001 167772161 012.0.0.1 172.16.0.1 172.31.255.255 2886729729
0xac100001 192.168.0.1 192.168.1 0xc0a80001 3232235521 0300.0250.0.1 169.254.169.254 0xa9fea9fe 2852039166
0251.0376.0251.0376 169.254.43518 100.64.0.1 100.127.255.255 192.0.0.192 192.0.2.1 198.18.0.1 198.51.100.1
203.0.113.1 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 168.63.129.16 192.88.99.1 0.1.2.3
[::1] [::] [::ffff:127.0.0.1] [::ffff:7f00:1] [0:0:0:0:0:ffff:7f00:1] [::127.0.0.1] [::ffff:0:127.0.0.1]
[64:ff9b::127.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2001:0:7f00:1::] [fc00::1]
[fd00:ec2::254] [fe80::1] [fec0::1] [ff02::1] [2001:db8::1] [100::1] [3fff::1] [5f00::1] [0000::0001]
""".split()
PUBLIC = "93.184.216.34 8.8.8.8 [2606:2800:220:1:248:1893:25c8:1946] 0x08080808 134744072".split()


def _refused(spelling: str) -> bool:
    """Whether a URL with that host is refused before or where its name is resolved."""
    url = clean_url(f"http://{spelling}/")
    if url is None:
        return True
    addresses = {info[4][0] for info in socket.getaddrinfo(host_of(url).strip("[]"), 80, type=socket.SOCK_STREAM)}
    return any(AddressPolicy().refusal(str(address), 80) for address in addresses)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_inner_address_is_refused_in_every_spelling(spelling: str) -> None:
    assert _refused(spelling)


@pytest.mark.parametrize("spelling", PUBLIC)
def test_public_address_passes(spelling: str) -> None:
    assert not _refused(spelling)


def test_there_are_as_many_spellings_as_promised() -> None:
    assert len(set(SPELLINGS)) >= 60


@settings(max_examples=300, deadline=None)
@given(st.ip_addresses(v=4).map(int), st.sampled_from(["{0}", "0x{0:x}", "0{0:o}"]))
def test_numbers_read_as_the_system_reads_them(number: int, form: str) -> None:
    """What `inet_aton` makes of a number is what is checked."""
    spelling = form.format(number)
    url = clean_url(f"http://{spelling}/")
    assert url == f"http://{socket.inet_ntoa(socket.inet_aton(spelling))}/"


def test_open_network_passes_on_its_port_only() -> None:
    policy = policy_of(["127.0.0.1:8080", "10.1.0.0/16", "[fd00::1]:9000", "fd01::/16"])
    assert [
        policy.refusal(address, port) for address, port in (("127.0.0.1", 8080), ("10.1.2.3", 80), ("fd00::1", 9000))
    ] == [None] * 3
    assert [
        policy.refusal(address, port) for address, port in (("127.0.0.1", 80), ("10.2.0.1", 80), ("fd00::1", 80))
    ] == ["inner address"] * 3


def test_run_opens_one_address_and_port() -> None:
    policy = AddressPolicy()
    policy.open("127.0.0.1", 4711)
    assert (policy.refusal("127.0.0.1", 4711), policy.refusal("127.0.0.1", 4712)) == (None, "inner address")


def test_what_is_no_network_is_a_configuration_error() -> None:
    with pytest.raises(ConfigError, match="NEWSBOT_NET_ALLOW_PRIVATE"):
        policy_of(["everything"])
