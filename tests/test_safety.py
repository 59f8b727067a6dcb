"""What is promised about other people's files, each promise in a few words, with the tests that
show it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
FAULTS, RACES, UNDO, PROTOCOL, ANY_TREE, ATTRIBUTES = (
    f"engine/transaction/test_{name}.py"
    for name in ("faults", "races", "undo", "protocol", "any_tree", "attributes")
)
PYTHON, YAML, ELIXIR = (f"languages/test_{name}.py" for name in ("python", "yaml", "elixir"))
GENERATED = [f"test_generated_{name}.py" for name in ("python", "yaml", "elixir")]
HOSTILE = "test_hostile.py::test_every_file_ends_as_the_manifest_says"
MUTATED = "test_mutations.py::test_migrated_right_or_refused"
TRANSACTIONS, TRUST = "cli/test_transactions.py", "test_trust.py"
CHANGED = "engine/test_changed.py"

PROMISES: dict[str, dict[str, list[str]]] = {
    "bytes": {
        "outside of the edits that are reported nothing changes": [
            "model/test_text.py::test_nothing_outside_the_edits_changes",
            MUTATED,
            f"{GENERATED[0]}::test_bytes_and_places",
            f"{GENERATED[1]}::test_only_keys_and_handlers_change",
            f"{GENERATED[2]}::test_bytes_and_places",
        ],
        "each file ends in one way, and the sums are those of the walk": [HOSTILE, MUTATED],
        "what is decoded is encoded to the same bytes": [
            "model/test_text.py::test_bytes_come_back",
            "engine/test_sources.py::test_bytes_that_do_not_come_back_are_refused",
        ],
        "what is parsed is printed as the same text": [
            f"{PYTHON}::test_spans_hold_the_text_of_each_name",
            f"{PYTHON}::test_a_print_that_differs_is_refused",
        ],
        "an edit is for the text that the rule saw": [
            "engine/test_run.py::test_a_file_that_changes_while_it_is_looked_at",
        ],
        "what parsed still parses": [
            "engine/test_plan.py::test_a_result_that_does_not_parse_leaves_the_file_as_it_was",
        ],
        "a second look finds nothing more to fix": [
            "engine/test_plan.py::test_a_second_look_that_finds_more_leaves_the_file_as_it_was",
        ],
        "edits that overlap are not made, insertions at one place have an order": [
            "model/test_text.py::test_edits_that_overlap_are_refused",
            "model/test_text.py::test_insertions_at_one_place_stay_in_their_order",
        ],
        "Python: the encoding is that of the interpreter": [
            f"{PYTHON}::test_encoding",
            f"{PYTHON}::test_encoding_is_that_of_the_interpreter",
        ],
        "Python: encodings that are no ASCII, NUL and undecodable bytes are refused": [
            f"{PYTHON}::test_encoding_refused",
            HOSTILE,
        ],
        "Python: any line ends, form feeds, tabs and ends of a file": [
            f"{GENERATED[0]}::test_bytes_and_places",
        ],
        "Python: what does not parse is refused with its line": [
            f"{PYTHON}::test_refused_with_the_line",
        ],
        "YAML: nothing is dumped": [f"{GENERATED[1]}::test_only_keys_and_handlers_change"],
        "YAML: aliases are not expanded, depth costs nothing": [
            f"{YAML}::test_aliases_of_aliases_cost_nothing",
            f"{YAML}::test_an_alias_stays_one",
            f"{YAML}::test_depth_without_end_is_refused_at_once",
        ],
        "YAML: tags open and build nothing": [f"{TRUST}::test_an_audit_hook_sees_nothing", HOSTILE],
        "Elixir: edits only where a mistake cannot reach": [
            f"{ELIXIR}::test_a_mistake_reaches_no_further_than_its_module",
            f"{ELIXIR}::test_behind_a_module_that_is_not_closed_nothing_is_sure",
        ],
        "Elixir: bytes that are no UTF-8 are refused": [f"{ELIXIR}::test_bytes_that_are_refused"],
        "a file that kills, stalls or bloats its worker is named, the others are done": [
            "engine/test_workers.py::test_a_file_that_brings_its_worker_down_is_named",
            "engine/test_workers.py::test_a_file_that_takes_too_much_memory",
            "engine/test_workers.py::test_the_run_goes_on_with_a_new_worker",
            "engine/test_project.py::test_a_file_that_cannot_be_analysed_is_looked_at_once",
        ],
        "a configuration costs no more than its length": [
            "config/test_read.py::test_no_text_costs_long_to_find_lines_in",
        ],
        "the limits are configured": [f"{TRANSACTIONS}::test_limits_are_configured"],
    },
    "files": {
        "links are not followed, written through or replaced": [
            "engine/test_discover.py::test_links_are_not_followed",
            "cli/test_apply.py::test_links_are_not_written_through",
            f"{UNDO}::test_a_folder_that_became_a_link_is_not_followed",
            "config/test_read.py::test_a_link_out_of_the_project_is_not_followed",
            "engine/test_catalog.py::test_what_a_pack_of_the_tree_may_not_hold",
        ],
        "hard links are not parted": ["cli/test_apply.py::test_hard_links_are_not_parted"],
        "pipes, sockets and devices are not opened": [
            "engine/test_discover.py::test_what_is_no_file_is_named",
            "engine/test_run.py::test_what_becomes_of_a_file_before_its_turn_is_told",
        ],
        "nothing too large is read": [
            "engine/test_discover.py::test_a_file_too_large_is_skipped_before_it_is_read",
        ],
        "mode, owner and extended attributes are kept": [
            f"{ANY_TREE}::test_undo_is_the_identity_and_a_patch_makes_the_same",
            "cli/test_apply.py::test_modes_stay",
            f"{ATTRIBUTES}::test_the_package_for_macos_keeps_them",
            f"{ATTRIBUTES}::test_what_the_system_does_not_take_is_named",
            f"{ATTRIBUTES}::test_a_mode_that_the_system_does_not_take_is_named",
            "engine/test_records.py::test_mode_and_attributes_stay",
            HOSTILE,
        ],
        "what is read-only is left and named": [
            "cli/test_apply.py::test_a_read_only_file_is_left_and_named",
            HOSTILE,
        ],
        "what cannot be read, or is gone, is named": [
            HOSTILE,
            "engine/test_run.py::test_what_becomes_of_a_file_before_its_turn_is_told",
            f"{RACES}::test_a_file_that_is_gone_is_left",
        ],
        "a path that is too long is named": ["engine/test_run.py::test_a_path_too_long_is_named"],
        "a file that is given twice counts once": [
            "engine/test_run.py::test_a_file_given_twice_counts_once",
            "engine/test_discover.py::test_a_file_has_one_name_however_it_is_reached",
        ],
        "names are any bytes": [
            f"{ANY_TREE}::test_undo_is_the_identity_and_a_patch_makes_the_same",
            "cli/test_formats.py::test_a_file_name_of_any_bytes",
        ],
        "what is not the project's own is left out and counted": [
            HOSTILE,
            "engine/test_gitignore.py::test_git_matches_the_same",
            "engine/test_discover.py::test_an_ignore_file_that_cannot_be_read_is_named",
            "engine/test_gitignore.py::test_no_pattern_takes_long",
        ],
        "no git and an empty tree are fine": ["engine/test_run.py::test_an_empty_tree"],
        "apply is one transaction, synced in order": [
            f"{PROTOCOL}::test_the_order_of_an_apply",
        ],
        "a fault at any step leaves each file old or new, and the next run clears up": [
            f"{FAULTS}::test_apply",
            f"{FAULTS}::test_undo",
            f"{FAULTS}::test_recovery",
            f"{RACES}::test_kills_at_random_moments",
            f"{TRANSACTIONS}::test_a_kill_of_the_whole_command_at_any_moment",
            f"{TRANSACTIONS}::test_the_next_run_clears_up_and_says_so",
        ],
        "signals and a closed pipe leave nothing half done": [
            f"{TRANSACTIONS}::test_a_signal_takes_all_back",
            f"{TRANSACTIONS}::test_a_reader_that_leaves",
        ],
        "undo is exact": [
            f"{ANY_TREE}::test_undo_is_the_identity_and_a_patch_makes_the_same",
            f"{UNDO}::test_a_mode_given_since_is_that_of_before",
        ],
        "undo leaves and names what was edited since, and is harmless twice": [
            f"{UNDO}::test_a_file_edited_since_is_left_and_named",
            f"{UNDO}::test_twice_is_harmless",
            f"{UNDO}::test_history",
        ],
        "a damaged journal is told and not trusted": [
            f"{UNDO}::test_a_damaged_journal_is_told",
            f"{UNDO}::test_a_journal_of_another_root",
            f"{UNDO}::test_a_journal_that_is_a_link_is_not_read",
        ],
        "one lock for each root": [
            f"{RACES}::test_applies_at_once",
            f"{RACES}::test_four_processes_of_a_hook",
            f"{RACES}::test_the_second_is_told_to_wait",
            f"{RACES}::test_a_lock_dies_with_its_process",
        ],
        "what something else saves meanwhile stays, and is named": [
            f"{RACES}::test_an_editor_saves_meanwhile",
            f"{RACES}::test_an_editor_saves_in_between",
            f"{RACES}::test_an_editor_saves_before_the_last_comparison",
            f"{RACES}::test_a_file_touched_since_it_was_read_is_left",
        ],
        "state is private, outside of the tree, and not trusted when it is not": [
            "engine/test_state.py::test_it_is_the_users_alone",
            "engine/test_state.py::test_what_is_not_trusted",
            "engine/test_state.py::test_a_relative_path_would_lie_in_the_tree",
            "engine/test_state.py::test_it_does_not_lie_in_the_tree",
            f"{TRANSACTIONS}::test_a_state_folder_in_the_tree_is_not_used",
            f"{TRANSACTIONS}::test_a_state_folder_that_is_not_trusted",
        ],
    },
    "trust": {
        "nothing of the tree is run": [
            f"{TRUST}::test_an_audit_hook_sees_nothing",
            f"{TRUST}::test_nothing_of_the_tree_is_imported",
        ],
        "git starts no program": [f"{CHANGED}::test_git_starts_no_program"],
        "verify alone runs the project's command": ["cli/test_verify.py::test_how_it_ends"],
        "a configuration names no code": [
            f"{TRUST}::test_the_configuration_names_no_code",
            f"{TRUST}::test_a_pack_of_the_configuration_holds_no_code",
        ],
        "the current folder is not imported from": [
            f"{TRUST}::test_nothing_of_the_tree_is_imported",
            f"{TRUST}::test_folders_of_the_tree_are_no_path",
            "cli/test_exit_codes.py::test_modules_of_the_tree_are_not_imported",
            "test_gate_page.py::test_the_action",
            "test_gate_page.py::test_the_template",
        ],
        "patterns are matched in linear time, or under the limits of a worker": [
            "engine/test_gitignore.py::test_no_pattern_takes_long",
            "patterns/test_regex.py::test_none_is_run_that_could_take_for_ever",
        ],
    },
    "output": {
        "a terminal gets no control character": [
            "reports/test_diff.py::test_control_characters_of_a_file_do_not_reach_the_terminal",
            "reports/test_text.py::test_tabs_are_widened_and_escapes_shown",
            "engine/test_workers.py::test_what_a_worker_says_when_it_ends_is_not_shown",
            "cli/test_rules.py::test_what_a_pack_says_is_shown_escaped",
        ],
        "what is shown of any file takes time as the file is long": [
            "reports/test_differences.py::test_no_text_costs_more_than_its_length",
            "engine/test_suppress.py::test_very_many_comments_are_not_all_asked_about_each_finding",
        ],
        "the patch of a dry run makes what an apply makes": [
            "reports/test_differences.py::test_steps_make_the_one_of_the_other",
            "reports/test_diff.py::test_git_applies_the_patch",
            f"{ANY_TREE}::test_undo_is_the_identity_and_a_patch_makes_the_same",
            MUTATED,
        ],
        "no text is a command to the runner that reads the log": [
            "reports/test_every_format.py::test_a_runner_that_reads_the_log_obeys_nothing_hostile",
            "reports/test_github.py::test_nothing_hostile_ends_a_command_or_begins_one",
        ],
        "SARIF fits its schema, with relative and encoded paths": [
            "reports/test_sarif.py::test_it_fits_the_published_schema",
            "reports/test_sarif.py::test_paths_are_relative_and_percent_encoded",
        ],
        "JSON is ASCII": [HOSTILE],
        "HTML is escaped, and no data is in a script": [
            "reports/html/test_page.py::test_nothing_hostile_is_an_element_or_acts",
            "reports/html/test_elements.py::test_a_style_or_script_ends_where_it_ends",
        ],
        "Markdown is not left": ["reports/test_markdown.py::test_nothing_hostile_is_markup"],
    },
}
EACH = [
    pytest.param(tests, id=f"{part}: {promise}")
    for part, promises in PROMISES.items()
    for promise, tests in promises.items()
]


@pytest.mark.parametrize("tests", EACH)
def test_a_promise_has_its_tests(tests: list[str]) -> None:
    assert tests
    for test in tests:
        file, _, name = test.partition("::")
        assert re.search(rf"^def {name}\(", (TESTS / file).read_text("utf-8"), re.MULTILINE), test
