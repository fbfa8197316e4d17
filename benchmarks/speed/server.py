"""A web server for measuring crawls: a list page and any number of story pages, in a process of its own.

    python -m benchmarks.speed.server FOLDER COUNT

serves the files of FOLDER, each as often as COUNT asks, and prints its port on the first line. Every answer is
made of bytes that are ready, so that the crawler and not the server is measured.
"""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

STORIES_A_LIST = 100


class Server:
    """Answers GET: ``/robots.txt``, ``/sitemap.xml``, ``/list/N`` (its stories and the next list), ``/story-N``."""

    def __init__(self, bodies: list[bytes], count: int) -> None:
        self.bodies = bodies
        self.host = "127.0.0.1"  # with its port, once it serves
        self.count = count

    def body(self, path: str) -> bytes | None:
        """The body of *path*, or ``None``: there is no such page."""
        if path == "/robots.txt":
            return b"User-agent: *\nAllow: /\n"
        if path == "/sitemap.xml":
            return self._sitemap()
        kind, _, number = path.strip("/").rpartition("/" if path.startswith("/list/") else "-")
        if not number.isdecimal():
            return None
        if kind == "list":
            return self._list(int(number))
        return self.story(int(number))

    def story(self, number: int) -> bytes:
        """The page of a story; the number makes each a story of its own."""
        found = self.bodies[number % len(self.bodies)]
        return found.replace(b"</h1>", b" %d</h1>" % number, 1)

    def _sitemap(self) -> bytes:
        """All stories at once: a crawl that follows no link of a page asks for these and no others."""
        urls = "".join(
            f"<url><loc>http://{self.host}/news/the-story-of-the-day-number-{i}</loc></url>" for i in range(self.count)
        )
        return f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'.encode()

    def _list(self, number: int) -> bytes:
        first = number * STORIES_A_LIST
        last = min(first + STORIES_A_LIST, self.count)
        items = "".join(
            f'<li><a href="/news/the-story-of-the-day-number-{i}">The story of the day that has number {i}</a></li>'
            for i in range(first, last)
        )
        more = f'<a rel="next" href="/list/{number + 1}">Next page</a>' if last < self.count else ""
        return f"<html><head><title>News</title></head><body><h1>News</h1><ul>{items}</ul>{more}</body></html>".encode()

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, kept alive."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("ascii", "replace")
                body = self.body(path)
                status = b"200 OK" if body is not None else b"404 Not Found"
                kind = b"text/plain" if path == "/robots.txt" else b"text/html; charset=utf-8"
                body = body or b""
                writer.write(
                    b'HTTP/1.1 %b\r\nContent-Type: %b\r\nContent-Length: %d\r\nETag: "1"\r\n\r\n%b'
                    % (status, kind, len(body), body)
                )
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def serve(folder: Path, count: int) -> None:
    """Serve until the process is ended."""
    bodies = [file.read_bytes() for file in sorted(folder.iterdir())]
    pages = Server(bodies, count)
    server = await asyncio.start_server(pages.answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    pages.host = f"127.0.0.1:{port}"
    print(port, flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), int(sys.argv[2])))
