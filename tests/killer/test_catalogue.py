"""Each fault of process, disk and time has tests of its own, and each exit code a test that reaches it.

docs/operations.md has the same two tables for people.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from newsbot.extensions.exitcodes import Exit

TESTS = Path(__file__).parents[1]
OPERATIONS = TESTS.parent / "docs" / "operations.md"

# Row -> tests as "file::function".
ROWS: dict[str, tuple[str, ...]] = {
    "C01 kill -9 at any instant": (
        "killer/test_points.py::test_c01_a_kill_at_each_labelled_point_loses_and_repeats_nothing",
        "killer/test_random_kills.py::test_c01_c02_kills_at_random_instants_lose_double_and_tear_nothing",
    ),
    "C02 kill -9, then go on": (
        "killer/test_random_kills.py::test_c01_c02_kills_at_random_instants_lose_double_and_tear_nothing",
        "storage/test_opening.py::test_leases_of_a_dead_process_are_leased_again",
    ),
    "C03 SIGINT twice": (
        "killer/test_neighbours.py::test_c03_c04_signals_in_the_middle_of_the_work_lose_nothing",
        "commands/test_crawl.py::test_second_signal_ends_at_once",
    ),
    "C04 SIGTERM, SIGINT, SIGHUP once": (
        "killer/test_neighbours.py::test_c03_c04_signals_in_the_middle_of_the_work_lose_nothing",
        "commands/test_crawl.py::test_signal_drains_publishes_and_exits",
    ),
    "C05 several starts at once": (
        "killer/test_neighbours.py::test_c05_of_four_starts_at_once_one_works_and_three_end_with_75",
        "storage/test_opening.py::test_c05_whoever_comes_second_learns_who_was_first",
    ),
    "C06 the holder of the lock was killed, or stopped": (
        "storage/test_opening.py::test_c06_the_lock_of_a_killed_process_is_free_at_once",
        "killer/test_neighbours.py::test_c06_a_run_that_was_stopped_keeps_its_lock_and_goes_on",
    ),
    "C07 a stale number in the lock": (
        "storage/test_opening.py::test_c07_a_foreign_number_in_the_lock_file_has_no_effect",
    ),
    "C08 the disk is full in the middle of a line": (
        "killer/test_faults.py::test_c08_c09_c10_each_call_that_fails_stops_the_run_and_loses_nothing",
        "killer/test_faults.py::test_c08_the_state_cannot_grow",
        "killer/test_full_disk.py::test_c08_c09_a_disk_of_each_size_runs_full_and_loses_nothing",
    ),
    "C09 the disk is full at fsync, link, checkpoint": (
        "killer/test_faults.py::test_c08_c09_c10_each_call_that_fails_stops_the_run_and_loses_nothing",
        "killer/test_faults.py::test_c09_a_failed_fsync_is_never_tried_again_on_the_same_file",
        "killer/test_full_disk.py::test_c08_c09_a_disk_of_each_size_runs_full_and_loses_nothing",
    ),
    "C10 no inode left": (
        "killer/test_faults.py::test_c08_c09_c10_each_call_that_fails_stops_the_run_and_loses_nothing",
        "killer/test_full_disk.py::test_c10_a_disk_of_few_inodes_loses_nothing",
    ),
    "C11 output cannot be written to": (
        "storage/test_opening.py::test_c11_an_output_folder_that_cannot_be_written_to_is_refused",
        "commands/test_crawl.py::test_unwritable_output_exits_5_before_the_first_request",
    ),
    "C12 the state cannot be written to": (
        "storage/test_opening.py::test_c12_a_state_that_cannot_be_written_to_is_refused",
    ),
    "C13 another tool holds the database": (
        "killer/test_faults.py::test_c13_another_tool_holds_the_database",
        "killer/test_faults.py::test_c13_a_backup_that_reads_holds_up_nothing",
        "killer/test_neighbours.py::test_c13_a_backup_under_way_holds_up_no_run",
    ),
    "C14 the database is damaged": (
        "storage/test_opening.py::test_c14_a_damaged_database_is_named_and_left_as_it_is",
        "storage/test_opening.py::test_c14_a_database_that_was_cut_is_refused",
        "storage/test_opening.py::test_c14_a_large_database_is_looked_through_once_a_day",
        "storage/test_rebuild.py::test_c14_c15_after_a_rebuild_nothing_is_written_a_second_time",
        "commands/test_doctor.py::test_c14_a_damaged_state_is_rebuilt",
    ),
    "C15 the state is gone, output is there": (
        "storage/test_opening.py::test_c15_a_missing_database_beside_published_files_is_refused",
        "commands/test_doctor.py::test_c15_a_folder_without_state_is_adopted",
    ),
    "C16 somebody edited or took away a file": (
        "storage/test_opening.py::test_c16_a_changed_or_missing_file_is_found_and_the_crawl_goes_on",
        "commands/test_doctor.py::test_c16_a_changed_file_is_named",
    ),
    "C17 a database of another newsbot": (
        "storage/test_opening.py::test_c17_a_database_of_a_newer_newsbot_is_refused_with_both_versions",
        "storage/test_migrations.py::test_c17_an_older_state_goes_on_where_it_was",
        "storage/test_migrations.py::test_c17_a_kill_during_the_upgrade_leaves_the_older_state",
    ),
    "C18 a torn line of somebody else": (
        "storage/test_opening.py::test_c18_a_torn_file_of_somebody_else_joins_no_record",
    ),
    "C19 a failed run writes over yesterday": (
        "storage/test_opening.py::test_c19_a_name_that_is_taken_is_never_replaced",
    ),
    "C20 out of memory": ("commands/test_crawl.py::test_memory_limit_stops_with_7",),
    "C21 out of file descriptors": (
        "commands/test_crawl.py::test_c21_too_few_file_descriptors_are_asked_for_or_named",
        "killer/test_faults.py::test_c08_c09_c10_each_call_that_fails_stops_the_run_and_loses_nothing",
    ),
    "C22 power is lost": ("killer/test_faults.py::test_c22_what_a_reader_can_see_has_been_synced_before",),
    "C23 the clock is set back": ("storage/test_opening.py::test_c23_a_clock_set_back_changes_no_order",),
    "C24 the clock is wrong by years": (
        "commands/test_crawl.py::test_c24_clock_that_differs_from_the_servers_is_told_once_and_judges_no_date",
        "items/test_clock.py::test_note_stands_where_the_clocks_are_more_than_a_day_apart",
    ),
    "C25 a network filesystem": (
        "storage/test_opening.py::test_c25_a_network_filesystem_gets_no_write_ahead_log",
    ),
    "C26 the folder is copied during a run": (
        "killer/test_copies.py::test_c26_a_copy_of_the_whole_folder_goes_on",
        "killer/test_copies.py::test_c26_a_copy_made_file_by_file_loses_and_repeats_nothing",
        "killer/test_copies.py::test_c26_the_doctor_says_of_a_state_whose_run_has_not_ended_what_that_can_mean",
    ),
    "C27 cron: no HOME, no terminal, LANG=C": (
        "commands/test_crawl.py::test_cron_has_no_home_no_terminal_and_no_locale",
    ),
    "C28 stdout or stderr is closed": (
        "commands/test_crawl.py::test_c28_closed_output_changes_no_exit_code_and_leaves_no_traceback",
    ),
    "C29 a planted symbolic link": (
        "storage/test_opening.py::test_c29_a_planted_symbolic_link_is_not_followed",
        "storage/test_opening.py::test_c11_a_folder_that_everybody_may_write_to_is_refused",
    ),
    "C30 wrong settings, arguments, site files": (
        "commands/test_crawl.py::test_bad_usage_exits_2_and_says_what_is_right",
        "commands/test_crawl.py::test_broken_site_file_exits_2_with_file_and_key",
        "commands/test_crawl.py::test_refused_start_has_its_line_in_runs_where_there_is_a_state",
    ),
    "C31 a callback raises on every page": (
        "commands/test_crawl.py::test_exception_in_a_callback_costs_pages_not_the_run",
    ),
    "C32 every request refused, every answer 500": (
        "commands/test_crawl.py::test_every_request_refused_exits_4",
        "commands/test_crawl.py::test_every_page_500_is_partial_news_of_a_read_source",
    ),
    "C33 a source offers far less than it did": (
        "commands/test_health.py::test_source_that_offers_far_less_than_its_history_is_an_alarm",
    ),
    "C34 a log without end": (
        "commands/test_crawl.py::test_c34_bad_pages_write_no_line_each_and_no_body_into_the_log",
    ),
}  # fmt: skip

EXITS: dict[Exit, str] = {
    Exit.OK: "killer/test_neighbours.py::test_c05_of_four_starts_at_once_one_works_and_three_end_with_75",
    Exit.BUG: "commands/test_crawl.py::test_exception_that_nobody_caught_ends_with_1_and_the_others_are_stored",
    Exit.USAGE: "commands/test_crawl.py::test_bad_usage_exits_2_and_says_what_is_right",
    Exit.PARTIAL: "commands/test_crawl.py::test_page_that_hangs_is_named_and_set_aside_after_three_strikes",
    Exit.NOTHING: "commands/test_crawl.py::test_every_request_refused_exits_4",
    Exit.OUTPUT: "commands/test_crawl.py::test_unwritable_output_exits_5_before_the_first_request",
    Exit.STATE: "commands/test_crawl.py::test_damaged_state_exits_6_and_is_left_alone",
    Exit.LIMIT: "commands/test_crawl.py::test_page_budget_stops_with_7_and_the_next_run_goes_on",
    Exit.BUSY: "commands/test_crawl.py::test_second_start_on_the_same_folder_exits_75",
    Exit.SIGINT: "commands/test_crawl.py::test_signal_drains_publishes_and_exits",
    Exit.SIGTERM: "commands/test_crawl.py::test_signal_drains_publishes_and_exits",
}


def test_no_row_is_left_out() -> None:
    assert [row.split()[0] for row in ROWS] == [f"C{number:02}" for number in range(1, 35)]


@pytest.mark.parametrize("row", ROWS)
def test_row_has_its_tests(row: str) -> None:
    assert [proof for proof in ROWS[row] if not _is_test(proof)] == []


def test_every_exit_code_is_reached_by_a_test() -> None:
    assert set(EXITS) == set(Exit)
    assert [proof for proof in EXITS.values() if not _is_test(proof)] == []


def test_page_on_operations_has_every_row_and_code_with_its_tests() -> None:
    text = OPERATIONS.read_text("utf-8")
    rows = {found[1]: found[2] for found in re.finditer(r"^\| (C\d\d) .*\| `([^`]*)` \|$", text, re.MULTILINE)}
    assert rows == {row.split()[0]: proofs[0].partition("::")[0] for row, proofs in ROWS.items()}
    codes = re.findall(r"^\| (\d+) \|.*\| `([^`]*)` \|$", text, re.MULTILINE)
    assert codes == [(str(int(code)), proof.partition("::")[2]) for code, proof in EXITS.items()]


def _is_test(proof: str) -> bool:
    file, _, function = proof.partition("::")
    path = TESTS / file
    if not path.is_file():
        return False
    return function in {
        node.name for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.FunctionDef)
    }
