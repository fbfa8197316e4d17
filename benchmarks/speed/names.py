"""What a look-up of a name costs with one resolver, in a process of its own.

    python -m benchmarks.speed.names RESOLVER

RESOLVER is what the setting ``TWISTED_DNS_RESOLVER`` takes. Prints the CPU microseconds of a first look-up and of one
whose answer is kept, as JSON. The names are spellings of ``localhost``, which every system answers without a network.
"""

from __future__ import annotations

import itertools
import json
import sys
import time
from collections.abc import Iterator
from typing import Any

from scrapy.crawler import Crawler
from scrapy.spiders import Spider
from scrapy.utils.misc import build_from_crawler, load_object
from twisted.internet import asyncioreactor, defer
from twisted.internet.interfaces import IResolutionReceiver
from zope.interface import implementer

SETTINGS = {"DNS_TIMEOUT": 10, "NEWSBOT_NET_ALLOW_PRIVATE": ["127.0.0.0/8", "::1"]}
KEPT_ROUNDS = 20


@implementer(IResolutionReceiver)
class Answer:
    """Waits for the addresses of a name."""

    def __init__(self) -> None:
        self.done: defer.Deferred[int] = defer.Deferred()
        self.addresses = 0

    def resolutionBegan(self, resolution: object) -> None:
        """Nothing to do."""

    def addressResolved(self, address: object) -> None:
        """Count it."""
        self.addresses += 1

    def resolutionComplete(self) -> None:
        """Say how many there were."""
        self.done.callback(self.addresses)


def spellings() -> Iterator[str]:
    """The 512 ways to write ``localhost`` in large and small letters: names of their own to every cache."""
    for letters in itertools.product(*((one, one.upper()) for one in "localhost")):
        yield "".join(letters)


async def measured(reactor: Any, names: list[str], rounds: int) -> float:  # Any: twisted's reactor
    """CPU microseconds a look-up, of all threads. Raises `RuntimeError` when a name has no address."""
    start = time.process_time()
    for name in names * rounds:
        answer = Answer()
        reactor.nameResolver.resolveHostName(answer, name, 80)
        if not await answer.done:
            raise RuntimeError(f"{name}: no address")
    return (time.process_time() - start) * 1e6 / (len(names) * rounds)


async def both(reactor: Any, resolver: str) -> None:  # Any: twisted's reactor
    """Print the figures of *resolver*, then end."""
    crawler = Crawler(Spider, SETTINGS)
    build_from_crawler(load_object(resolver), crawler, reactor=reactor).install_on_reactor()
    names = list(spellings())
    await measured(reactor, ["127.0.0.1"], 1)  # the thread that asks the system is there from now on
    first = await measured(reactor, names, 1)
    kept = await measured(reactor, names, KEPT_ROUNDS)
    print(json.dumps({"first_us": first, "kept_us": kept}), flush=True)
    reactor.stop()


def main() -> None:
    """Measure the resolver that the command line names."""
    asyncioreactor.install()
    from twisted.internet import reactor as installed

    reactor: Any = installed  # a module that is an object
    reactor.callWhenRunning(lambda: defer.ensureDeferred(both(reactor, sys.argv[1])).addErrback(_failed, reactor))
    reactor.run()


def _failed(failure: Any, reactor: Any) -> None:  # Any: twisted's failure and reactor
    failure.printTraceback()
    reactor.stop()


if __name__ == "__main__":
    main()
