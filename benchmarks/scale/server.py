"""A site of any number of small made-up stories, each with a text of its own, in a process of its own.

    python -m benchmarks.scale.server COUNT

What comes in: how many stories. What goes out: the port, as the first line; then `benchmarks.speed.server`'s list
pages, and under them stories of six sentences with three teasers of their neighbours. Knows nothing of newsbot.
"""

from __future__ import annotations

import asyncio
import random
import sys

from benchmarks.speed.server import Server

_WORDS = (
    "harbour ferry council budget storm bridge mayor school train river market festival museum winter orchard quay"
    " library signal garden tariff ballot canal depot engine forest gallery hospital island jury kiosk lantern mill"
).split()
_SENTENCES, _SENTENCE_WORDS, _TEASERS = 6, 14, 3


class SmallSite(Server):
    """Lists of stories as `Server`'s; the stories are made when they are asked for."""

    def __init__(self, count: int) -> None:
        super().__init__([], count)

    def story(self, number: int) -> bytes:
        """The page of a story: always the same for the same number, and like no other."""
        chance = random.Random(number)
        paragraphs = "".join(f"<p>{_sentence(chance)} {_sentence(chance)}</p>" for _ in range(_SENTENCES // 2))
        others = (number + step for step in range(1, _TEASERS + 1) if number + step < self.count)
        cards = "".join(f'<li><a href="{path(other)}">{headline(other)}</a></li>' for other in others)
        return (
            f"<!doctype html><html lang=en><head><title>{headline(number)}</title></head><body><article>"
            f"<h1>{headline(number)}</h1><p>By Ada Holm</p>{paragraphs}</article>"
            f"<aside><h2>More</h2><ul>{cards}</ul></aside></body></html>"
        ).encode()


def headline(number: int) -> str:
    """The headline of a story, as its page and its teasers give it."""
    first, second = _WORDS[number % len(_WORDS)], _WORDS[number // len(_WORDS) % len(_WORDS)]
    return f"What the {first} means to the {second}, part {number}"


def path(number: int) -> str:
    """Where a story is: the path that `Server`'s list pages link to."""
    return f"/news/the-story-of-the-day-number-{number}"


def _sentence(chance: random.Random) -> str:
    return " ".join(chance.choice(_WORDS) for _ in range(_SENTENCE_WORDS)).capitalize() + "."


async def serve(count: int) -> None:
    """Serve until the process is ended."""
    server = await asyncio.start_server(SmallSite(count).answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
