"""A hostile site on 127.0.0.1: every byte of every answer is ours.

`ChaosSite` serves a table path -> behaviour over raw asyncio, in a thread of its own, and keeps a log of what it was
asked: politeness and refusals are judged from the server's side.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
import threading
import time
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Asked:
    """One request as the server saw it."""

    at: float
    host: str
    path: str
    headers: dict[str, str]


@dataclass
class Exchange:
    """One connection's current request, and the way to answer it."""

    asked: Asked
    writer: asyncio.StreamWriter
    hits: int

    def send(self, raw: bytes) -> None:
        self.writer.write(raw)

    def answer(
        self, body: bytes, *, status: str = "200 OK", kind: str = "text/html; charset=utf-8", **headers: str
    ) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}"]
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
        self.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body)


Behaviour = Callable[[Exchange], Awaitable[None]]

PARAGRAPHS = [
    "The harbour board of Little Wexcombe voted on Tuesday to rebuild the eastern pier after the storms.",
    "Work is to begin in the spring and will cost four million crowns, the chairwoman told reporters after it.",
    "Fishing crews have landed their catch at the southern quay since January, and say that it costs them an hour.",
    "The ferry company said that it would keep its winter timetable until the pier opens again for passengers.",
    "Two members of the board voted against the plan because it leaves out the lighthouse at the far end of the pier.",
]


def story_html(title: str) -> bytes:
    """A plain page with one story."""
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    return (
        f'<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><main><article><h1>{title}</h1>{body}</article></main></body></html>"
    ).encode()


@dataclass
class ChaosSite:
    """The server; ``with ChaosSite(routes) as site`` serves until the block ends."""

    routes: dict[str, Behaviour]
    tls: ssl.SSLContext | None = None
    log: list[Asked] = field(default_factory=list)
    port: int = 0

    def __enter__(self) -> ChaosSite:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()
        self._ready.wait(10)
        return self

    def __exit__(self, *exc: object) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    def asked_for(self, path: str) -> list[Asked]:
        return [asked for asked in self.log if asked.path.partition("?")[0] == path]

    def _serve(self) -> None:
        asyncio.run(self._run())

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self.tls)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        async with server:
            await self._stop.wait()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 30)
            asked = _asked(head)
            hits = sum(1 for other in self.log if other.path == asked.path and other.host == asked.host)
            self.log.append(asked)
            behave = self._behaviour(asked)
            await behave(Exchange(asked, writer, hits))
            await writer.drain()
        except (TimeoutError, OSError, asyncio.IncompleteReadError, asyncio.CancelledError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    def _behaviour(self, asked: Asked) -> Behaviour:
        path = asked.path.partition("?")[0]
        name = asked.host.partition(".")[0]
        for key in (
            f"{name}:{path}",
            path,
            next((r for r in self.routes if r.endswith("*") and path.startswith(r[:-1])), ""),
        ):
            if key in self.routes:
                return self.routes[key]
        return not_found


def _asked(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {
        name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)
    }
    return Asked(time.monotonic(), headers.get("host", "").partition(":")[0], first.split(" ")[1], headers)


# -- behaviours ----------------------------------------------------------------------------------------------


async def not_found(x: Exchange) -> None:
    x.answer(b"<html><body>nothing here</body></html>", status="404 Not Found")


def page(body: bytes, **kwargs: str) -> Behaviour:
    async def behave(x: Exchange) -> None:
        x.answer(body, **kwargs)

    return behave


def story(title: str, **kwargs: str) -> Behaviour:
    return page(story_html(title), **kwargs)


def raw(answer: bytes) -> Behaviour:
    async def behave(x: Exchange) -> None:
        x.send(answer)

    return behave


def status(line: str, **headers: str) -> Behaviour:
    return page(b"<html><body>no</body></html>", status=line, **headers)


def redirect(to: str) -> Behaviour:
    return page(b"", status="302 Found", Location=to)


async def redirect_to_parameter(x: Exchange) -> None:
    """``/redirect?to=URL``"""
    x.answer(b"", status="302 Found", Location=x.asked.path.partition("?to=")[2])


async def reset(x: Exchange) -> None:
    """A connection that is reset."""
    sock = x.writer.get_extra_info("socket")
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    x.writer.transport.abort()


async def hang(x: Exchange) -> None:
    await asyncio.sleep(60)


async def slow_head(x: Exchange) -> None:
    for byte in b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n":
        x.send(bytes([byte]))
        await x.writer.drain()
        await asyncio.sleep(0.5)


async def slow_body(x: Exchange) -> None:
    x.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 100000\r\n\r\n<html>")
    while True:
        x.send(b"a")
        await x.writer.drain()
        await asyncio.sleep(0.2)


def announced(body: bytes, length: int) -> Behaviour:
    """A Content-Length that is not the body's."""
    return raw(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n\r\n" % length + body)


def chunk_cut(body: bytes) -> Behaviour:
    chunk = b"%x\r\n" % len(body) + body + b"\r\n"
    return raw(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + b"500\r\n<p>and"
    )


def encoded(body: bytes, encoding: str) -> Behaviour:
    return page(body, Content_Encoding=encoding)


def gzip_bomb(mebibytes: int) -> Behaviour:
    packer = zlib.compressobj(9, wbits=31)
    parts = [packer.compress(b"a" * (1 << 20)) for _ in range(mebibytes)]
    return encoded(b"".join([*parts, packer.flush()]), "gzip")


def flap(code: str, times: int, body: bytes, **headers: str) -> Behaviour:
    """*code* for the first *times* requests, then the page."""

    async def behave(x: Exchange) -> None:
        if x.hits < times:
            x.answer(b"later", status=code, **headers)
        else:
            x.answer(body)

    return behave


def sitemap(*urls: str) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc></url>" for url in urls)
    return (
        f'<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</urlset>'.encode()
    )


def sitemap_index(*urls: str) -> bytes:
    entries = "".join(f"<sitemap><loc>{url}</loc></sitemap>" for url in urls)
    return (
        f'<?xml version="1.0"?><sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{entries}</sitemapindex>'
    ).encode()


def rss(*items: tuple[str, str]) -> bytes:
    entries = "".join(f"<item><title>{title}</title><link>{url}</link></item>" for title, url in items)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title>{entries}</channel></rss>'.encode()


def xml(body: bytes) -> Behaviour:
    return page(body, kind="application/xml")
