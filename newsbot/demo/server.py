"""The newsroom on a socket: HTTP on 127.0.0.1, one thread a connection.

What comes in: a `Press` and a port. What goes out: its answers, conditional requests answered with 304.
Knows nothing of stories.
"""

from __future__ import annotations

import threading
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast

from newsbot.demo.press import Answer, Press

HOST = "127.0.0.1"
IDLE_TIMEOUT_S = 30


class DemoServer(ThreadingHTTPServer):
    """Serves *press* from a thread of its own until `stop`."""

    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.press: Press | None = None
        self._thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base_url(self) -> str:
        """The address without a slash at the end."""
        return f"http://{HOST}:{self.server_address[1]}"

    def show(self, edition: int) -> None:
        """Serve *edition* from now on."""
        self.press = Press(edition, self.base_url)

    def start(self) -> None:
        """Answer requests until `stop`; `show` an edition first."""
        self._thread.start()

    def stop(self) -> None:
        """Stop answering and free the port."""
        if self._thread.is_alive():
            self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "SaltmerePress/1"
    sys_version = ""
    timeout = IDLE_TIMEOUT_S

    def do_GET(self) -> None:
        self._send(self._asked(), with_body=True)

    def do_HEAD(self) -> None:
        self._send(self._asked(), with_body=False)

    def date_time_string(self, timestamp: float | None = None) -> str:
        """The newsroom's clock, so that the same edition gives the same bytes on any day."""
        return format_datetime(self._press.edition.at, usegmt=True)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the crawler's own log tells what was fetched."""

    @property
    def _press(self) -> Press:
        press = cast(DemoServer, self.server).press
        if press is None:
            raise RuntimeError("show an edition before start")
        return press

    def _asked(self) -> Answer:
        answer = self._press.answer(self.path)
        if answer.status == 200 and self._is_unchanged(answer):
            kept = {name: answer.headers[name] for name in ("ETag", "Last-Modified")}
            return Answer(304, kept)
        return answer

    def _is_unchanged(self, answer: Answer) -> bool:
        """RFC 9110, 13.2.2: ``If-None-Match`` decides where it is given, else ``If-Modified-Since``."""
        tags = self.headers.get("If-None-Match")
        if tags is not None:
            return answer.headers["ETag"] in {tag.strip().removeprefix("W/") for tag in tags.split(",")} or tags == "*"
        since = _http_date(self.headers.get("If-Modified-Since"))
        changed = _http_date(answer.headers["Last-Modified"])
        return since is not None and changed is not None and changed <= since

    def _send(self, answer: Answer, *, with_body: bool) -> None:
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if answer.status != 304:
            self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        if with_body and answer.status != 304:
            self.wfile.write(answer.body)


def _http_date(text: str | None) -> datetime | None:
    """The time of an HTTP date; ``None`` if it is missing or no date."""
    try:
        return parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
