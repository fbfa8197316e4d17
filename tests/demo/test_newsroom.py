"""The newsroom on a real socket: conditional requests, a port that stays, an edition that is remembered."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsbot.core.errors import ConfigError
from newsbot.demo.newsroom import Newsroom, open_newsroom


@pytest.fixture
def newsroom(tmp_path: Path) -> Iterator[Newsroom]:
    room = open_newsroom(tmp_path)
    yield room
    room.close()


def fetch(room: Newsroom, target: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    connection = http.client.HTTPConnection(*room.address, timeout=5)
    try:
        connection.request(method, target, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response.status, dict(response.getheaders()), response.read()
    finally:
        connection.close()


def test_page_has_validators_and_the_newsrooms_clock(newsroom: Newsroom) -> None:
    status, headers, body = fetch(newsroom, "/")

    assert status == 200
    assert headers["Date"] == headers["Last-Modified"] == "Tue, 03 Mar 2026 06:00:00 GMT"
    assert int(headers["Content-Length"]) == len(body) > 5000


def test_unchanged_page_is_304_by_etag(newsroom: Newsroom) -> None:
    etag = fetch(newsroom, "/harbour/")[1]["ETag"]

    status, headers, body = fetch(newsroom, "/harbour/", If_None_Match=f'"other", W/{etag}')

    assert (status, headers["ETag"], body) == (304, etag, b"")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        pytest.param({"If_None_Match": '"old"'}, 200, id="other-etag"),
        pytest.param({"If_None_Match": "*"}, 304, id="any-etag"),
        pytest.param({"If_Modified_Since": "Tue, 03 Mar 2026 06:00:00 GMT"}, 304, id="not-since"),
        pytest.param({"If_Modified_Since": "Mon, 02 Mar 2026 06:00:00 GMT"}, 200, id="since"),
        pytest.param({"If_Modified_Since": "no date"}, 200, id="no-date"),
        pytest.param(
            {"If_None_Match": '"old"', "If_Modified_Since": "Tue, 03 Mar 2026 06:00:00 GMT"}, 200, id="etag-decides"
        ),
    ],
)
def test_conditional_request(newsroom: Newsroom, headers: dict[str, str], status: int) -> None:
    assert fetch(newsroom, "/", **headers)[0] == status


def test_head_has_no_body(newsroom: Newsroom) -> None:
    status, headers, body = fetch(newsroom, "/", method="HEAD")

    assert (status, body) == (200, b"")
    assert int(headers["Content-Length"]) > 5000


def test_port_and_edition_are_kept_with_the_state(tmp_path: Path) -> None:
    first = open_newsroom(tmp_path, edition=2)
    first.close()
    second = open_newsroom(tmp_path)
    second.close()

    assert (second.address, second.edition) == (first.address, 2)
    assert json.loads((tmp_path / "demo.json").read_text()) == {"port": first.address[1], "edition": 2}


def test_taken_port_is_named_and_nothing_is_changed(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        kept = json.dumps({"port": other.getsockname()[1], "edition": 3})
        (tmp_path / "demo.json").write_text(kept)

        with pytest.raises(ConfigError, match="of the demo newsroom is taken by another program"):
            open_newsroom(tmp_path, edition=1)

    assert (tmp_path / "demo.json").read_text() == kept


def test_unknown_edition_leaves_no_trace(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="editions 1 to 4"):
        open_newsroom(tmp_path, edition=0)

    assert list(tmp_path.iterdir()) == []


def test_broken_memory_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "demo.json").write_text("{")

    with pytest.raises(ConfigError, match="not what the demo newsroom wrote there"):
        open_newsroom(tmp_path)
