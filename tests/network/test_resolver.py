"""The guard gives all addresses of a name, or none."""

from __future__ import annotations

from typing import Any

import pytest
from twisted.internet.address import IPv4Address
from twisted.internet.task import Clock

from newsbot.network.addresses import AddressPolicy
from newsbot.network.resolver import GuardedResolver


class Names:
    """A name server: each question takes the next answer of its name; no answer means silence."""

    def __init__(self, answers: dict[str, list[list[str] | None]]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    def resolveHostName(self, receiver: Any, host: str, port: int, types: Any, semantics: str) -> Any:
        self.asked.append(host)
        receiver.resolutionBegan(self)
        answer = self.answers[host].pop(0)
        if answer is not None:
            for address in answer:
                receiver.addressResolved(IPv4Address("TCP", address, port))
            receiver.resolutionComplete()
        return self

    def cancel(self) -> None: ...


class Receiver:
    def __init__(self) -> None:
        self.addresses: list[tuple[str, int]] = []
        self.is_complete = False

    def resolutionBegan(self, resolution: Any) -> None: ...

    def addressResolved(self, address: IPv4Address) -> None:
        self.addresses.append((address.host, address.port))

    def resolutionComplete(self) -> None:
        assert not self.is_complete
        self.is_complete = True


@pytest.fixture
def clock() -> Clock:
    return Clock()


def _guard(clock: Clock, answers: dict[str, list[list[str] | None]]) -> GuardedResolver:
    clock.nameResolver = Names(answers)  # type: ignore[attr-defined]
    return GuardedResolver(clock, AddressPolicy(), timeout_s=10.0)


def _resolve(guard: GuardedResolver, host: str, port: int = 80) -> Receiver:
    receiver = Receiver()
    guard.resolveHostName(receiver, host, port)
    return receiver


def test_public_name_passes_with_all_its_addresses(clock: Clock) -> None:
    guard = _guard(clock, {"a.example": [["8.8.8.8", "1.1.1.1"]]})
    assert _resolve(guard, "a.example", 443).addresses == [("8.8.8.8", 443), ("1.1.1.1", 443)]


def test_one_inner_address_refuses_the_name(clock: Clock) -> None:
    guard = _guard(clock, {"a.example": [["8.8.8.8", "10.0.0.1"]]})
    receiver = _resolve(guard, "a.example")
    assert (receiver.addresses, receiver.is_complete) == ([], True)
    assert guard.refused == {"a.example": "inner address 10.0.0.1"}


def test_name_that_turns_inner_is_refused(clock: Clock) -> None:
    """A second look-up after the cache has forgotten is checked anew; what is dialled is what was checked."""
    guard = _guard(clock, {"a.example": [["8.8.8.8"], ["127.0.0.1"]]})
    assert _resolve(guard, "a.example").addresses == [("8.8.8.8", 80)]
    guard._cache.clear()
    assert _resolve(guard, "a.example").addresses == []


def test_answer_is_kept_for_other_ports_and_checked_for_each(clock: Clock) -> None:
    guard = _guard(clock, {"a.example": [["127.0.0.1"]]})
    guard.policy.open("127.0.0.1", 8080)
    assert _resolve(guard, "a.example", 8080).addresses == [("127.0.0.1", 8080)]
    assert _resolve(guard, "a.example", 9090).addresses == []
    assert guard.inner.asked == ["a.example"]


def test_name_server_that_is_silent_is_given_up(clock: Clock) -> None:
    guard = _guard(clock, {"a.example": [None]})
    receiver = _resolve(guard, "a.example")
    assert not receiver.is_complete
    clock.advance(10.0)
    assert (receiver.addresses, receiver.is_complete) == ([], True)
