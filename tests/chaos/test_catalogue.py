"""Each row of the catalogue of faults has a route of the hostile site or a named test: 90 of network, discovery, pages
and trust, and those of the process that need a server."""

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
    "P01 depth": ("core/test_blocks.py::test_nesting_to_the_limit_is_read_and_over_it_is_told",),
    "P02 huge page": ("/big", "chaos/test_pages.py::test_p02_p03_page_over_the_limit_is_refused_before_it_is_parsed"),
    "P03 huge text or attribute": ("chaos/test_pages.py::test_p03_one_long_text_is_read_whole",),
    "P04 attributes without end": ("core/test_page.py::test_markup_over_a_limit_is_refused",),
    "P05 tiny elements without end": (
        "core/test_page.py::test_markup_over_a_limit_is_refused",
        "core/test_page.py::test_gates_are_linear",
    ),
    "P06 patterns that backtrack": (
        "core/test_patterns.py::test_no_pattern_can_backtrack_without_end",
        "commands/test_crawl.py::test_page_that_hangs_is_named_and_set_aside_after_three_strikes",
    ),
    "P07 page that kills the parser": (
        "storage/test_opening.py::test_p07_a_page_that_kills_three_times_is_set_aside_and_its_neighbours_are_not",
    ),
    "P08 control characters": ("chaos/test_pages.py::test_p08_controls_leave_the_text_and_are_counted",),
    "P09 bytes of another charset": ("chaos/test_pages.py::test_p09_foreign_bytes_are_marked",),
    "P10 lone surrogates": (
        "chaos/test_pages.py::test_p10_lone_surrogates_become_replacement_characters",
        "core/test_sources.py::test_reference_to_a_surrogate_costs_one_entry",
    ),
    "P11 numbers that are none": (
        "chaos/test_pages.py::test_p11_numbers_that_are_none_are_noted_and_never_written",
    ),
    "P12 JSON-LD of any depth": ("chaos/test_pages.py::test_p12_json_ld_of_any_depth_costs_its_own_data_only",),
    "P13 damaged JSON-LD": ("core/test_jsonld.py::test_damage_is_read_and_noted",),
    "P14 directions and separators": ("chaos/test_pages.py::test_p14_no_text_turns_what_follows_and_no_line_is_two",),
    "P15 endless title, authors": ("chaos/test_pages.py::test_p15_endless_title_and_byline_are_cut_with_a_mark",),
    "P16 what swallows the page": (
        "chaos/test_pages.py::test_p16_what_swallows_the_rest_leaves_what_stands_before",
        "chaos/test_pages.py::test_p16_page_that_is_swallowed_whole_is_refused",
    ),
    "P17 frames, refreshes, twins": (
        "chaos/test_pages.py::test_p17_frames_and_refreshes_are_not_followed",
        "chaos/test_pages.py::test_p17_text_for_readers_without_scripts_is_a_story_and_all_of_it_is_counted",
        "storage/test_stories.py::test_the_print_twin_is_the_same_story_by_its_canonical_url",
    ),
    "P18 two stories on a page": ("chaos/test_pages.py::test_p18_the_story_is_the_one_of_this_address",),
    "P19 hidden text": ("chaos/test_pages.py::test_p19_hidden_text_is_no_story_and_is_counted",),
    "P20 entity soup": (
        "items/test_properties.py::test_repair_is_idempotent_reversible_and_sound",
        "items/test_repair.py::test_noise_costs_no_more_than_a_page",
    ),
    "T01 canonical of another site": (
        "storage/test_stories.py::test_t01_a_canonical_of_another_site_is_a_claim_only",
        "chaos/test_newspaper.py::test_copy_of_another_sites_story_stands_beside_it",
        "chaos/test_interference.py::test_lines_of_the_others_are_equal",
    ),
    "T02 one canonical for all": (
        "storage/test_stories.py::test_t02_canonicals_of_a_host_are_off_after_three_unlike_texts",
    ),
    "T03 canonical of another story": (
        "storage/test_stories.py::test_t03_a_canonical_of_another_text_on_the_host_is_a_claim_only",
    ),
    "T04 copy published first": ("storage/test_clusters.py::test_t04_a_copy_that_came_first_suppresses_nothing",),
    "T05 changed text": ("storage/test_stories.py::test_t05_any_real_change_of_text_is_a_version",),
    "T06 version bomb": (
        "storage/test_stories.py::test_t06_versions_are_capped_counted_and_marked",
        "storage/test_stories.py::test_a_block_that_differs_three_times_in_a_row_leaves_the_hash",
    ),
    "T07 claims that disagree": ("chaos/test_trust.py::test_t07_claims_that_disagree_have_one_order",),
    "T08 forged author, publisher, date": (
        "chaos/test_trust.py::test_t08_publisher_of_another_site_is_a_claim",
        "chaos/test_trust.py::test_t08_forged_date_is_a_claim",
        "items/test_validate.py::test_date_out_of_range_is_refused_and_kept_as_a_claim",
    ),
    "T09 script in the report": ("report/test_report.py::test_no_text_becomes_element_attribute_or_address",),
    "T10 formulas in CSV": ("storage/test_export.py::test_t10_no_cell_is_a_formula",),
    "T11 escapes in terminals": (
        "chaos/test_trust.py::test_t11_no_text_of_a_page_steers_a_terminal",
        "commands/test_extract_command.py::test_explanation_says_why_and_cannot_steer_the_terminal",
    ),
    "T12 names of files": ("chaos/test_trust.py::test_t12_t17_names_of_files_are_numbers_and_dates_only",),
    "T13 pickled state": (
        "test_layers.py::test_nothing_pickles",
        "test_layers.py::test_arrays_are_loaded_without_pickle",
        "spiders/test_scheduler.py::test_jobdir_is_refused_with_what_to_do",
    ),
    "T14 control ports": ("commands/test_crawl.py::test_no_port_is_open_while_it_runs",),
    "T15 archives that lie": ("commands/test_crawl.py::test_damaged_archive_gives_what_it_holds",),
    "T17 file that is being written": ("chaos/test_trust.py::test_t12_t17_names_of_files_are_numbers_and_dates_only",),
    "T18 reader and writer at once": (
        "killer/test_points.py::test_c01_a_kill_at_each_labelled_point_loses_and_repeats_nothing",
    ),
    "T19 site file of a stranger": (
        "commands/test_crawl.py::test_broken_site_file_exits_2_with_file_and_key",
        "bad/test_sweep.py::test_bad_input_is_harmless",
    ),
    "T20 removal": ("storage/test_rewrite.py::test_t20_a_forgotten_story_does_not_come_back",),
    "C04 signal while a page hangs": ("commands/test_crawl.py::test_signal_drains_publishes_and_exits",),
    "C31 exception on every page": ("commands/test_crawl.py::test_exception_in_a_callback_costs_pages_not_the_run",),
    "C32 every answer refused or 500": (
        "commands/test_crawl.py::test_every_request_refused_exits_4",
        "commands/test_crawl.py::test_every_page_500_is_partial_news_of_a_read_source",
    ),
    "C33 source that offers far less": (
        "commands/test_health.py::test_source_that_offers_far_less_than_its_history_is_an_alarm",
    ),
}  # fmt: skip
ROUTES = {*test_network.ROUTES, *test_discovery._routes(0)}


def test_no_row_is_left_out() -> None:
    numbers = [row.split()[0] for row in ROWS]
    # T16 is about a shared store that newsbot does not have.
    wanted = [
        f"{part}{n:02}" for part, last in (("N", 35), ("D", 16), ("P", 20), ("T", 20)) for n in range(1, last + 1)
    ]
    assert [number for number in numbers if number[0] != "C"] == [number for number in wanted if number != "T16"]


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
