"""Each row of the catalogue of faults about network and discovery has a route of the hostile site or a named test."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.chaos import test_discovery, test_network

TESTS = Path(__file__).parents[1]
# Row -> routes ("/…") of the hostile site, and tests as "file::function".
ROWS: dict[str, tuple[str, ...]] = {
    "N01 name does not resolve": ("/nx",),
    "N02 connection reset or refused": ("/reset", "commands/test_crawl.py::test_every_request_refused_exits_4"),
    "N03 slow head, slow body, hang": ("/slowhead", "/slowbody", "/hang"),
    "N04 length larger than the body": ("/shortbody",),
    "N05 length smaller than the body": ("/longbody",),
    "N06 chunks cut": ("/chunkcut",),
    "N07 gzip cut": ("/gzipcut", "network/test_body.py::test_cut_body_is_refused"),
    "N08 bomb": ("/gzipbomb", "network/test_body.py::test_limit_holds_after_decoding"),
    "N09 nested encodings": ("/gzipnest", "network/test_body.py::test_layers_are_counted"),
    "N10 two lengths": ("/dupcl", "/clte"),
    "N11 huge head": ("/bighead", "/manyheads"),
    "N12 malformed heads": ("/nostatus", "/badstatus", "/nocolon", "/folded", "/nulhead", "/status999"),
    "N13 cookie bomb": ("/cookiebomb", "chaos/test_network.py::test_no_cookie_is_ever_sent"),
    "N14 endless redirects": ("/loop", "chaos/test_network.py::test_endless_redirects_end_after_five_hops"),
    "N15 redirect to an inner address": (
        "/inner",
        "/both",
        "chaos/test_network.py::test_inner_host_is_never_asked",
        "network/test_addresses.py::test_inner_address_is_refused_in_every_spelling",
    ),
    "N16 redirect to a file": ("/tofile",),
    "N17 link to a file": ("core/test_urls.py::test_what_no_request_may_be_made_of_is_refused",),
    "N18 name that changes its address": ("network/test_resolver.py::test_name_that_turns_inner_is_refused",),
    "N19 proxy in the environment": ("chaos/test_network.py::test_proxy_in_the_environment_is_refused",),
    "N20 Retry-After": (
        "/flap",
        "never:/ok",
        "chaos/test_network.py::test_retry_after_is_waited_for",
        "network/test_manners.py::test_retry_after_values",
    ),
    "N21 robots.txt unreachable": ("r500:/robots.txt", "rhang:/robots.txt"),
    "N22 no robots.txt": ("/late",),
    "N23 robots.txt is a page": ("rhtml:/robots.txt", "network/test_manners.py::test_rules_of_robots_txt"),
    "N24 robots.txt redirects for ever": ("rloop:/robots.txt",),
    "N25 huge robots.txt": ("rbig:/robots.txt", "network/test_manners.py::test_no_bytes_of_robots_txt_raise"),
    "N26 304 that nobody asked for": ("/unasked",),
    "N27 validators are stored with the page": ("killer/test_points.py",),
    "N28 soft 404 and soft block": ("items/test_validate.py",),
    "N29 certificates": ("chaos/test_tls.py::test_certificate_of_a_stranger_is_refused",),
    "N30 uplink gone": ("commands/test_crawl.py::test_uplink_that_is_gone_stops_with_7",),
    "N31 junk behind the body": ("/junkafter",),
    "N32 type that lies": ("/liar", "/video"),
    "N33 wrong charset": ("/wrongcharset", "chaos/test_network.py::test_wrong_charset_header_does_no_harm"),
    "N34 line breaks in URLs": ("/crlf", "core/test_urls.py::test_cleaning_never_raises_and_is_stable"),
    "N35 credentials in URLs": ("/userinfo", "chaos/test_network.py::test_credentials_are_neither_sent_nor_stored"),
    "D01 billion laughs": ("/laughs.xml", "/laughsfeed.xml"),
    "D02 external entity": ("/xxe.xml", "chaos/test_discovery.py::test_entities_of_a_document_are_never_expanded"),
    "D03 one bad entry": ("/badloc.xml", "/bad.rss", "core/test_sources.py::test_bad_location_costs_one_entry"),
    "D04 sitemap loop and chain": ("/maploop.xml", "/chain/*"),
    "D05 huge sitemap": ("/big.xml", "core/test_sources.py::test_packed_sitemap_is_unpacked_up_to_its_limit"),
    "D06 empty, HTML, cut": ("/emptymap.xml", "/htmlmap.xml", "/cutmap.xml"),
    "D07 feed without measure": ("/long.rss", "core/test_sources.py::test_dates_that_cannot_be_are_none"),
    "D08 foreign hosts": ("/foreign.rss", "chaos/test_discovery.py::test_foreign_host_of_a_feed_is_not_asked"),
    "D09 every date is now": (
        "commands/test_crawl.py::test_second_run_asks_for_sources_only_and_writes_nothing",
    ),
    "D10 calendar": ("/calendar", "chaos/test_discovery.py::test_pagination_without_end_ends"),
    "D11 sessions, trackers, facets, loops": (
        "core/test_urls.py::test_spellings_of_one_address_have_one_key",
        "core/test_urls.py::test_paths_that_lead_into_themselves_are_pathological",
        "chaos/test_discovery.py::test_query_variants_of_a_path_are_bounded",
    ),
    "D12 too many links": ("/list",),
    "D13 schemes and parser tricks": ("core/test_urls.py::test_href_becomes_what_a_browser_opens",),
    "D14 hosts in other letters": ("core/test_urls.py::test_href_becomes_what_a_browser_opens",),
    "D15 endless URL": ("core/test_urls.py::test_what_no_request_may_be_made_of_is_refused",),
    "D16 chosen keys": ("core/test_urls.py::test_keys_do_not_depend_on_the_hash_seed",),
}  # fmt: skip
ROUTES = {*test_network.ROUTES, *test_discovery._routes(0)}


def test_no_row_is_left_out() -> None:
    numbers = [row.split()[0] for row in ROWS]
    assert numbers == [f"N{n:02}" for n in range(1, 36)] + [f"D{n:02}" for n in range(1, 17)]


@pytest.mark.parametrize("row", ROWS)
def test_row_has_its_route_or_test(row: str) -> None:
    missing = [
        proof for proof in ROWS[row] if not (_is_test(proof) if "::" in proof or ".py" in proof else proof in ROUTES)
    ]
    assert missing == []


def _is_test(proof: str) -> bool:
    file, _, function = proof.partition("::")
    path = TESTS / file
    if not path.is_file():
        return False
    names = {node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)}
    return function in names if function else any(name.startswith("test_") for name in names)
