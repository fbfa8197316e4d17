"""``scrapy extract``: one page as newsbot sees it.

What comes in: a file, a URL or standard input. What goes out: the capture as JSON on standard output, or with
``--explain`` each block with its role and each field with the sources that won and lost. Nothing is stored.
"""

from __future__ import annotations

import gc
import re
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy.commands import ScrapyCommand
from scrapy.exceptions import UsageError

from newsbot.commands.helping import complain, polite, teach
from newsbot.commands.opening import GZIP, reason
from newsbot.core.errors import ConfigError, ExtractionError
from newsbot.extensions.exitcodes import Exit

if TYPE_CHECKING:
    from newsbot.core.hints import SiteHints
    from newsbot.extract import Visit
    from newsbot.items.model import Capture

# A name that no site can have (RFC 2606), for a file of which nobody said where it comes from.
UNKNOWN_SITE = "https://page.invalid/"
_WEB = re.compile(r"https?://[^/?#\s]+", re.IGNORECASE)
_TYPES = {".txt": "text/plain", ".text": "text/plain"}
_HELP = """\
Read one page and print what newsbot makes of it, as JSON: page, story, teasers. Nothing is stored.

  scrapy extract page.html --url https://news.example/a   a saved page; its address makes its links whole
  scrapy extract https://news.example/a                   a page of the web, by the rules of a crawl
  curl … | scrapy extract - --url https://news.example/a  standard input
  scrapy extract page.html --explain                      each block's role and why, each field's sources

Without --url the address is the one the page gives as its own (rel=canonical, og:url), else an invented one; standard
error says which. A page packed by gzip is unpacked.

Exit codes: 0 read; 2 usage, no such file, or NEWSBOT_CONTACT is not set; 4 the page cannot be read or was refused.
"""


class Command(ScrapyCommand):
    """Extract one page."""

    requires_project = False
    requires_crawler_process = False
    default_settings: ClassVar[dict[str, Any]] = {"LOG_LEVEL": "WARNING"}

    def syntax(self) -> str:
        return "[options] <file | url | ->"

    def short_desc(self) -> str:
        return "Show what newsbot makes of one page, as JSON"

    def add_options(self, parser: ArgumentParser) -> None:
        teach(parser, _HELP)
        super().add_options(parser)
        parser.add_argument("--url", help="the page's own address, for a file or standard input")
        parser.add_argument("--type", dest="content_type", help="its Content-Type (default: by name, else text/html)")
        parser.add_argument("--explain", action="store_true", help="say why, as text")

    @polite
    def run(self, args: list[str], opts: Namespace) -> None:
        if len(args) != 1:
            raise UsageError("one file, URL or - is wanted")
        if opts.url and not _WEB.match(opts.url):
            raise UsageError(f"--url {opts.url}: an address is wanted, such as https://news.example/a")
        try:
            body, url, visit = self._page(args[0], opts)
        except ConfigError as error:
            complain("extract", error)
            self.exitcode = int(Exit.USAGE)
            return
        except ExtractionError as error:
            complain("extract", error)
            self.exitcode = int(Exit.NOTHING)
            return
        self.exitcode = _show(body, url, visit, explain=opts.explain)
        # At its end the process would look through all that the imports made, which takes 0.2 s.
        gc.freeze()

    def _page(self, source: str, opts: Namespace) -> tuple[bytes, str, Visit]:
        """(bytes, URL, visit) of what was asked for."""
        from newsbot.extract import Visit

        folder = str(self.settings.get("NEWSBOT_SITES") or "") if self.settings is not None else ""
        if source.startswith(("http://", "https://")):
            return self._fetched(source, folder)
        path = Path("stdin" if source == "-" else source.removesuffix(".gz"))
        body = unpacked(sys.stdin.buffer.read() if source == "-" else saved_page(Path(source)))
        content_type = opts.content_type or _TYPES.get(path.suffix.lower())
        url = opts.url or _address(body, content_type, UNKNOWN_SITE + path.name)
        return body, url, Visit(content_type=content_type, hints=site_hints(url, folder))

    def _fetched(self, source: str, folder: str) -> tuple[bytes, str, Visit]:
        from newsbot.commands.fetching import with_fetcher
        from newsbot.extract import Visit

        assert self.settings is not None
        answer = with_fetcher(self.settings, lambda fetch: fetch(source))
        if answer.status == 0:
            raise ExtractionError(f"not fetched: {answer.reason}", url=source)
        visit = Visit(
            status=answer.status,
            content_type=answer.headers.get("content-type"),
            headers=answer.headers,
            fetched_at=answer.fetched_at,
            requested_url=source,
            hints=site_hints(answer.url, folder),
        )
        return answer.body, answer.url, visit


def saved_page(path: Path) -> bytes:
    """The bytes of the file. Raises `ConfigError`, which names it and says what would be right."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConfigError(
            f"{path}: {reason(error)}; a saved page, a URL beginning with https://, or - for standard input is wanted"
        ) from error


def unpacked(body: bytes) -> bytes:
    """*body* without its gzip, if it has one. Raises `ExtractionError` beyond the size that a page may have."""
    if not body.startswith(GZIP):
        return body
    from newsbot.core.page import MAX_BYTES
    from newsbot.network.body import decode_body
    from newsbot.network.errors import BodyError

    try:
        return decode_body(body, ["gzip"], max_bytes=MAX_BYTES)
    except BodyError as error:
        raise ExtractionError(f"gzip: {error}") from error


def _address(body: bytes, content_type: str | None, invented: str) -> str:
    """The address that a page gives as its own, else the *invented* one; which it is is told on standard error."""
    claimed = claimed_address(body, content_type, invented)
    how = "the page's own claim" if claimed else "invented, as the page names none"
    complain("extract", f"no --url was given: taking {claimed or invented} ({how})")
    return claimed or invented


def claimed_address(body: bytes, content_type: str | None, url: str) -> str | None:
    """The first whole web address among ``rel=canonical`` and ``og:url`` of a page of which nobody knows another."""
    from newsbot.core.blocks import segment
    from newsbot.core.metadata import read_metadata
    from newsbot.core.page import read_page
    from newsbot.core.plaintext import is_plain_text

    try:
        page = read_page(body, url, content_type=content_type)
    except ExtractionError:
        return None  # the reading that follows says why
    if is_plain_text(page):
        return None
    metadata = read_metadata(segment(page))
    claims = (*metadata.rels.get("canonical", ()), *metadata.metas.get("og:url", ()))
    return next((claim.strip() for claim in claims if _WEB.match(claim.strip())), None)


def site_hints(url: str, folder: str) -> SiteHints:
    """What the site file of the URL's host says of its pages today; nothing without one."""
    import datetime as dt

    from newsbot.core.hints import SiteHints
    from newsbot.core.urls import host_of
    from newsbot.sites.loader import SiteIndex, load_site

    name = SiteIndex(folder).site_of_host(host_of(url))
    return load_site(name, folder).hints(dt.datetime.now(dt.UTC).date()) if name is not None else SiteHints()


def as_json(capture: Capture) -> str:
    """The capture with the keys ``page``, ``story`` and ``teasers``, indented."""
    import msgspec

    parts = {"page": capture.page, "story": capture.story, "teasers": capture.teasers}
    return msgspec.json.format(msgspec.json.encode(parts), indent=2).decode()


def _show(body: bytes, url: str, visit: Visit, *, explain: bool) -> int:
    """Print the capture or its explanation; the exit code says whether there is anything in it."""
    from newsbot.extract import explain_page, extract_page

    try:
        if explain:
            from newsbot.commands.explaining import explanation

            explained = explain_page(body, url, visit)
            capture = explained.capture
            print("\n".join(explanation(explained)))
        else:
            capture = extract_page(body, url, visit)
            print(as_json(capture))
    except ExtractionError as error:
        complain("extract", f"{error.code}: {error}")
        return int(Exit.NOTHING)
    return int(Exit.NOTHING if capture.page.outcome == "rejected" else Exit.OK)
