"""URLs: cleaned as a browser would, normalised for identity, and tied to their registrable domain.

What comes in: what pages, feeds and sitemaps write where a URL belongs. What goes out: a URL that is safe to
request, or ``None``; and the form under which two spellings of one address are the same. Knows no network.

Cleaning follows the URL standard of browsers (https://url.spec.whatwg.org): what they would open is what is
checked, so that no other spelling of a host can slip through.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise
from typing import Final
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

import idna

from newsbot.core.suffixes import suffix_labels

# As Scrapy's URLLENGTH_LIMIT: longer ones are traps or data, no server of a news site takes them.
MAX_URL_CHARS: Final = 2083
# A path that repeats a segment this often in a row, or has this many segments, is a loop of relative links.
MAX_REPEATED_SEGMENTS: Final = 2
MAX_SEGMENTS: Final = 24

_PORTS: Final = {"http": 80, "https": 443}

# Parameters that say where a reader came from, never what is read. Names are exact; prefixes end in "_".
_TRACKING: Final = frozenset(
    "fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid igshid igsh mc_cid mc_eid mkt_tok oly_anon_id"
    " oly_enc_id vero_id _hsenc _hsmi hsctatracking ncid cmpid cmp ocid icid icmp at_medium at_campaign at_custom1"
    " at_custom2 at_custom3 at_custom4 at_format at_link_id at_link_type at_link_origin at_ptr_name at_bbc_team"
    " spref smid smtyp wt_mc wt_zmc xtor xtref __twitter_impression _ga _gl ref_src ref_url s_cid sr_share"
    " trk trkcampaign rss phpsessid jsessionid".split()
)
# Names that some sites give to sessions and others to stories (`?sid=40105`): a session's value is long.
_SESSION_NAMES: Final = frozenset(("sid", "sessionid", "session_id"))
_MIN_SESSION_CHARS: Final = 16
_TRACKING_PREFIXES: Final = ("utm_", "mtm_", "pk_", "piwik_", "hsa_", "itm_", "ns_")
_SESSION: Final = re.compile(r"jsessionid(?:=|$)", re.IGNORECASE)
_SLASHES: Final = re.compile("/{2,}")

# What most links are: nothing to clean but a fragment. The last label has a letter first, so it is no number.
_PLAIN: Final = re.compile(
    r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,62})\.){1,8}[a-z][a-z0-9-]{1,62}"
    r"(?P<path>/[A-Za-z0-9_~!$&'()*+,;=:@/-]*(?:\.[A-Za-z0-9_~!$&'()*+,;=:@/-]+){0,8})"
    r"(?P<query>\?[A-Za-z0-9_~!$&'()*+,;=:@/?.%-]*)?"
)
_ODD_PATH: Final = re.compile(r"/[/.]")
# What `urljoin` gives back as it is, whatever the base.
_WHOLE: Final = re.compile(r"https?://[A-Za-z0-9.:-]+(?:/[^\s;?#\x00-\x1f]*)?(?:\?[^\s#]+)?")
_EDGES: Final = "".join(map(chr, range(0x21)))
_REMOVED: Final = {9: None, 10: None, 13: None}
_CONTROLS: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_HAS_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]{0,30}:")
_LABEL: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
# What a browser takes for a dot in a host.
_DOTS: Final = dict.fromkeys(map(ord, "\u3002\uff0e\uff61"), ".")
_NUMBER: Final = re.compile(r"0x[0-9a-f]*|[0-9]+")
_PATH_SAFE: Final = "%/:@!$&'()*+,;=~"
_QUERY_SAFE: Final = _PATH_SAFE + "?[]{}|^`"
_ESCAPE: Final = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")


def clean_url(href: str, base: str | None = None) -> str | None:
    """The absolute http(s) URL that a browser opens for *href* on the page *base*, without fragment and userinfo.

    ``None`` for other schemes, for what no host can be read from, and for more than `MAX_URL_CHARS`
    characters. The host is lower-case ASCII without trailing dot, numeric hosts are dotted IPv4.

    >>> clean_url(" HTTPS:\\\\\\\\user@Ex\\tample.ORG:443/a b#top")
    'https://example.org/a%20b'
    >>> clean_url("../b?c=1", "https://example.org/x/y/")
    'https://example.org/x/b?c=1'
    >>> clean_url("javascript:alert(1)", "https://example.org/") is None
    True
    """
    if len(href) > MAX_URL_CHARS:
        return None
    whole = _origin(base) + href if base and href.startswith("/") and href[1:2] != "/" else href
    plain = _PLAIN.match(whole)
    if plain and (plain.end() == len(whole) or whole[plain.end()] == "#") and not _ODD_PATH.search(plain["path"]):
        return plain[0] if len(plain[0]) <= MAX_URL_CHARS else None
    href = href.strip(_EDGES).translate(_REMOVED)
    if _CONTROLS.search(href):
        return None
    try:
        return _cleaned(_with_base(_slashes(href), base))
    except (ValueError, UnicodeError):
        return None


def absolute_url(href: str, base: str) -> str | None:
    """*href* as it stands on the page *base*, spelled as it came; ``None`` for what no URL can be read from.

    >>> absolute_url("../b", "https://example.org/a/"), absolute_url("//[::1", "https://example.org/")
    ('https://example.org/b', None)
    """
    if _WHOLE.fullmatch(href):
        return href
    try:
        return urljoin(base, href)
    except ValueError:
        return None


def _origin(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{rest.partition('/')[0]}"


def _slashes(href: str) -> str:
    """*href* with the backslashes of its path as slashes; browsers read them so in http URLs."""
    ends = [position for position in (href.find("?"), href.find("#")) if position >= 0]
    end = min(ends, default=len(href))
    return href[:end].replace("\\", "/") + href[end:]


def _with_base(href: str, base: str | None) -> str:
    scheme, colon, rest = href.partition(":")
    if _HAS_SCHEME.match(href) and colon:
        scheme = scheme.lower()
        if scheme not in _PORTS:
            raise ValueError("scheme")
        if rest.startswith("//") or not base or not base.startswith(scheme + ":"):
            return f"{scheme}://{rest.lstrip('/')}"  # browsers take any number of slashes
        return urljoin(base, rest)  # "https:path" is relative to a base of the same scheme
    if base is None:
        raise ValueError("relative")
    if href.startswith("//"):
        return urljoin(base, "//" + href.lstrip("/"))
    return urljoin(base, href)


def _cleaned(url: str) -> str | None:
    parts = urlsplit(url)
    if parts.scheme not in _PORTS:
        return None
    host = host_label(parts.netloc.rpartition("@")[2])
    if host is None:
        return None
    path = quote(_without_dots(parts.path), safe=_PATH_SAFE) or "/"
    query = quote(parts.query, safe=_QUERY_SAFE)
    port = parts.port
    netloc = host if port in (None, _PORTS[parts.scheme]) else f"{host}:{port}"
    cleaned = urlunsplit((parts.scheme, netloc, path, query, ""))
    return cleaned if port != 0 and len(cleaned) <= MAX_URL_CHARS else None


def host_label(netloc: str) -> str | None:
    """The host of ``host`` or ``host:port`` as it is looked up: lower-case A-labels, or an address; else ``None``.

    >>> host_label("BÜCHER.example.:80"), host_label("0x7f.1"), host_label("a b")
    ('xn--bcher-kva.example', '127.0.0.1', None)
    """
    if netloc.startswith("["):
        return _ipv6(netloc)
    try:
        host = unquote(netloc.rpartition(":")[0] if ":" in netloc else netloc, errors="strict")
    except UnicodeDecodeError:
        return None
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True, transitional=False).decode("ascii")
        except idna.IDNAError:
            return None
    host = host.lower().removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None
    if labels[-1].isdigit() or labels[-1].startswith("0x"):
        return _ipv4(labels)
    return host


def _ipv6(netloc: str) -> str | None:
    literal, bracket, rest = netloc[1:].partition("]")
    if not bracket or (rest and not rest.startswith(":")) or "%" in literal:
        return None
    try:
        return f"[{ipaddress.IPv6Address(literal).compressed}]"
    except ValueError:
        return None


def _ipv4(labels: list[str]) -> str | None:
    """The address that `inet_aton` reads from one to four decimal, octal or hexadecimal numbers."""
    if len(labels) > 4:
        return None
    try:
        numbers = [_ipv4_number(label) for label in labels]
    except ValueError:
        return None
    *first, last = numbers
    if any(number > 255 for number in first) or last >= 256 ** (5 - len(numbers)):
        return None
    return str(ipaddress.IPv4Address(sum(n << (24 - 8 * i) for i, n in enumerate(first)) + last))


def _ipv4_number(label: str) -> int:
    if not _NUMBER.fullmatch(label):  # int() takes signs and underscores too
        raise ValueError(label)
    if label.startswith("0x"):
        return int(label[2:] or "0", 16)
    if len(label) > 1 and label.startswith("0"):
        return int(label, 8)
    return int(label)


def _without_dots(path: str) -> str:
    """*path* without ``.`` and ``..`` segments, also when they are percent-encoded."""
    if "." not in path and "%2" not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for number, segment in enumerate(segments):
        plain = segment.replace("%2e", ".").replace("%2E", ".")
        if plain == "..":
            if len(kept) > 1:
                kept.pop()
        elif plain != ".":
            kept.append(segment)
            continue
        if number == len(segments) - 1:
            kept.append("")
    return "/".join(kept)


def normalise_url(url: str) -> str:
    """The key of the address *url*: two spellings of one page give one key. It is not meant to be requested.

    Scheme https, no ``www.``, no fragment, no default port, no tracking parameters; parameters sorted, escapes
    in one form, no slash at the end. Idempotent. What `clean_url` refuses comes back as it is.

    >>> normalise_url("http://www.Example.org/a/?utm_source=x&b=2&a=%7e#c")
    'https://example.org/a?a=~&b=2'
    """
    cleaned = clean_url(url)
    if cleaned is None:
        return url
    scheme, _, rest = cleaned.partition("://")  # a cleaned URL needs no `urlsplit`, which costs three times as much
    netloc, _, rest = rest.partition("/")
    path, _, query = rest.partition("?")
    path = _without_dots(_without_session(_one_escape(f"/{path}")))
    if "//" in path:
        path = _SLASHES.sub("/", path)
    if path.endswith("/"):
        path = path.rstrip("/") or "/"
    query = "&".join(sorted(_parameters(_one_escape(query)))) if query else ""
    return f"https://{_key_netloc(scheme, netloc)}{path}{'?' if query else ''}{query}"


def _key_netloc(scheme: str, netloc: str) -> str:
    while netloc.startswith("www.") and netloc.count(".") > 1:
        netloc = netloc[4:]
    # An http default port was dropped by cleaning; 80 on https and 443 on http are ports like any other.
    return netloc.removesuffix(":443") if scheme == "http" else netloc


def _parameters(query: str) -> Iterable[str]:
    for parameter in query.split("&"):
        name, _, value = parameter.partition("=")
        name = name.lower()
        is_session = name in _SESSION_NAMES and len(value) >= _MIN_SESSION_CHARS
        if parameter and not is_session and name not in _TRACKING and not name.startswith(_TRACKING_PREFIXES):
            yield parameter


def _without_session(path: str) -> str:
    """*path* without the session ids that servlet containers write into its segments."""
    if ";" not in path:
        return path
    return "/".join(
        ";".join(part for at, part in enumerate(segment.split(";")) if at == 0 or not _SESSION.match(part))
        for segment in path.split("/")
    )


def _one_escape(text: str) -> str:
    """*text* with needless escapes undone and the others in upper case."""
    return _ESCAPE.sub(_escape, text) if "%" in text else text


def _escape(match: re.Match[str]) -> str:
    char = chr(int(match[1], 16))
    return char if char in _UNRESERVED else match[0].upper()


def host_of(url: str) -> str:
    """The host of a cleaned URL, without port; empty where there is none."""
    netloc = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2]
    if netloc.startswith("["):
        return netloc.partition("]")[0] + "]"
    return netloc.partition(":")[0].lower()


def is_same_site(url: str, other: str) -> bool:
    """Whether both URLs belong to the same registrable domain."""
    return same_host_family(host_of(url), host_of(other))


def same_host_family(host: str, other: str) -> bool:
    """Whether both hosts have the same registrable domain; an address belongs to itself only."""
    if host.removeprefix("www.") == other.removeprefix("www."):
        return bool(host)
    return registrable_domain(host) == registrable_domain(other)


@lru_cache(maxsize=4096)
def registrable_domain(host: str) -> str:
    """The registrable domain of *host* by the packaged Public Suffix List, private part included.

    An address, a single label or a public suffix is its own domain.

    >>> registrable_domain("news.bbc.co.uk"), registrable_domain("a.github.io"), registrable_domain("127.0.0.1")
    ('bbc.co.uk', 'a.github.io', '127.0.0.1')
    >>> registrable_domain("www.paper.test"), registrable_domain("localhost"), registrable_domain("co.uk")
    ('paper.test', 'localhost', 'co.uk')
    """
    name = host.partition("#")[0].strip().translate(_DOTS).rstrip(".")
    labels = name.split(".")
    if len(labels) == 1 or name.startswith("[") or (len(labels) == 4 and all(map(str.isdecimal, labels))):
        return host
    suffix = suffix_labels(labels)
    if not suffix:
        return ".".join(labels[-2:])  # no rule matches: the list's own default is "*"
    has_name = len(labels) > suffix and labels[-suffix - 1]
    return ".".join(labels[-suffix - 1 :]) if has_name else host


def is_pathological(url: str) -> bool:
    """Whether the path of *url* repeats a segment more than twice in a row, or has more segments than any page.

    Both come from relative links that lead into themselves (the rule of Heritrix).

    >>> is_pathological("https://example.org/a/a/a/b"), is_pathological("https://example.org/2026/01/01/a")
    (True, False)
    """
    segments = url.partition("://")[2].partition("?")[0].split("/")[1:]
    if len(segments) > MAX_SEGMENTS:
        return True
    run = 1
    for before, segment in pairwise(segments):
        run = run + 1 if segment and segment == before else 1
        if run > MAX_REPEATED_SEGMENTS:
            return True
    return False
