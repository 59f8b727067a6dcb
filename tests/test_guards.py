"""For each guard, a test that goes red when the guard is taken out.

Every push checks that the table is true to the sources; a nightly run (`MIGRATE_NIGHTLY=1`) takes
each guard out of a copy and runs its test.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FAULTS = "engine/transaction/test_faults.py"
RACES = "engine/transaction/test_races.py"
UNDO = "engine/transaction/test_undo.py"
WRITE, PLACE = "engine/transaction/write.py", "engine/transaction/replace.py"
JOURNAL, RECOVER = "engine/transaction/journal.py", "engine/transaction/recover.py"
STATE = "engine/state.py"

#: What is guarded, the file, the text of the guard, what stands instead, and the test.
GUARDS = [
    (
        "what fails is taken back",
        WRITE,
        "        raise MigrateError(_taken_back(disk, root, journal, error)) from None",
        "        raise MigrateError('') from error",
        f"{FAULTS}::test_apply",
    ),
    (
        "an interrupt is taken back",
        WRITE,
        "            if settle(disk, root, journal).failed:",
        "            if False:",
        "cli/test_transactions.py::test_a_signal_takes_all_back",
    ),
    (
        "the next run recovers",
        RECOVER,
        "            settled = settle(disk, root, journal)\n            said",
        "            settled = Settled(True, (), {}, {})\n            said",
        f"{FAULTS}::test_recovery",
    ),
    (
        "siblings are removed",
        RECOVER,
        "            discard(disk, here, sibling)",
        "            pass",
        f"{FAULTS}::test_apply",
    ),
    (
        "the journal is there before a file is touched",
        "engine/transaction/journals.py",
        "                disk.sync(descriptor)\n            finally:\n"
        "                os.close(descriptor)\n            disk.rename",
        "                pass\n            finally:\n"
        "                os.close(descriptor)\n            disk.rename",
        "engine/transaction/test_protocol.py::test_the_order_of_an_apply",
    ),
    (
        "new bytes are synced before they are in place",
        PLACE,
        "        disk.sync(descriptor)",
        "        pass",
        "engine/transaction/test_protocol.py::test_the_order_of_an_apply",
    ),
    (
        "the file is compared once more",
        PLACE,
        "    if look(folder, name) != expected:",
        "    if False:",
        f"{RACES}::test_an_editor_saves_before_the_last_comparison",
    ),
    (
        "what was displaced is looked at",
        PLACE,
        "    if swapped and not _is(folder, sibling, expected):",
        "    if False:",
        f"{RACES}::test_an_editor_saves_in_between",
    ),
    (
        "inode and time are compared",
        WRITE,
        " or one.stamp not in (None, seen.stamp)",
        "",
        f"{RACES}::test_a_file_touched_since_it_was_read_is_left",
    ),
    (
        "writes are whole",
        "engine/transaction/disk.py",
        "        while left:",
        "        if left:",
        f"{FAULTS}::test_a_disk_that_takes_little_at_a_time",
    ),
    (
        "modes and attributes are kept",
        PLACE,
        "        give(descriptor, attributes)",
        "        pass",
        f"{FAULTS}::test_a_disk_that_takes_little_at_a_time",
    ),
    (
        "what is given is there",
        "engine/transaction/attributes.py",
        "    if has_now != wanted:",
        "    if False:",
        "engine/transaction/test_attributes.py::test_a_mode_that_the_system_does_not_take_is_named",
    ),
    (
        "links on the way are not followed",
        "engine/transaction/disk.py",
        "flags | _NO_LINK, dir_fd=descriptor)",
        "flags, dir_fd=descriptor)",
        f"{UNDO}::test_a_folder_that_became_a_link_is_not_followed",
    ),
    (
        "an edited file is not taken back",
        "engine/transaction/undo.py",
        "            if seen.digest != entry.after:",
        "            if False:",
        f"{UNDO}::test_a_file_edited_since_is_left_and_named",
    ),
    (
        "journals are checked",
        JOURNAL,
        '        if mark.decode("ascii", "replace") != digest(chain.encode() + text):',
        "        if False:",
        f"{UNDO}::test_a_damaged_journal_is_told",
    ),
    (
        "paths of journals are checked",
        JOURNAL,
        "    if wrong or not _SIBLING",
        "    if not _SIBLING",
        f"{UNDO}::test_a_damaged_journal_is_told",
    ),
    (
        "one at a time",
        "engine/transaction/lock.py",
        "            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)",
        "            pass",
        f"{RACES}::test_applies_at_once",
    ),
    (
        "state is private",
        STATE,
        "    if stat.S_ISLNK(info.st_mode):",
        "    if False:",
        "engine/test_state.py::test_what_is_not_trusted",
    ),
    (
        "a configuration is no link out of the tree",
        "config/read.py",
        "    if not Path(os.path.realpath(file)).is_relative_to(project):",
        "    if False:",
        "config/test_read.py::test_a_link_out_of_the_project_is_not_followed",
    ),
    (
        "what a configuration costs has an end",
        "config/lines.py",
        "            if in_vain > _MOST:",
        "            if False:",
        "config/test_read.py::test_no_text_costs_long_to_find_lines_in",
    ),
    (
        "a pack of the tree is no way out of it",
        "engine/catalog.py",
        "        if is_of_the_tree and (why := _unread(path, folder)):",
        "        if why := None:",
        "engine/test_catalog.py::test_what_a_pack_of_the_tree_may_not_hold",
    ),
    (
        "state lies outside of the tree",
        STATE,
        "    if lies_in(base, root_of(root)):",
        "    if False:",
        "engine/test_state.py::test_it_does_not_lie_in_the_tree",
    ),
    (
        "stars give nothing back",
        "engine/gitignore.py",
        '        return f"(?=(?P<part{self._count}>{regex}))(?P=part{self._count})"',
        "        return regex",
        "engine/test_gitignore.py::test_no_pattern_takes_long",
    ),
    (
        "no expression of a pack is run without an end",
        "patterns/regex.py",
        "    return is_cheap and",
        "    return",
        "patterns/test_regex.py::test_none_is_run_that_could_take_for_ever",
    ),
    (
        "no text takes long to compare",
        "reports/differences.py",
        "    if _cost(before, after) <= _MOST:",
        "    if True:",
        "reports/test_differences.py::test_no_text_costs_more_than_its_length",
    ),
    (
        "folders of the tree are off the path",
        "__main__.py",
        "        _leave_the_tree()",
        "        pass",
        "test_trust.py::test_nothing_of_the_tree_is_imported",
    ),
    (
        "workers are not started in the tree",
        "engine/workers.py",
        "        os.chdir(Path(os.__file__).parent)",
        "        pass",
        "test_trust.py::test_nothing_of_the_tree_is_imported",
    ),
    (
        "bytes come back from the text",
        "engine/sources.py",
        "        if source.to_bytes() != data:",
        "        if False:",
        "engine/test_sources.py::test_bytes_that_do_not_come_back_are_refused",
    ),
    (
        "the text comes back from the tree",
        "languages/python.py",
        "    if printed.code != text or any(",
        "    if any(",
        "languages/test_python.py::test_a_print_that_differs_is_refused",
    ),
    (
        "escapes are no encoding for code",
        "languages/python.py",
        "    if not _reads_ascii(codec.name):",
        "    if False:",
        "languages/test_python.py::test_encoding_refused",
    ),
    (
        "edits are for the bytes that were looked at",
        "engine/project.py",
        "                if digest(read) != audit.checked[path].digest:",
        "                if False:",
        "engine/test_run.py::test_a_file_that_changes_while_it_is_looked_at",
    ),
    (
        "edits do not overlap",
        "model/text.py",
        "        if edit.span.start < done or edit.span.end < edit.span.start:",
        "        if False:",
        "model/test_text.py::test_edits_that_overlap_are_refused",
    ),
    (
        "what parsed still parses",
        "engine/plan.py",
        "        if path in refused:",
        "        if False:",
        "engine/test_plan.py::test_a_result_that_does_not_parse_leaves_the_file_as_it_was",
    ),
    (
        "a second look finds no more",
        "engine/plan.py",
        "        elif path in more:",
        "        elif False:",
        "engine/test_plan.py::test_a_second_look_that_finds_more_leaves_the_file_as_it_was",
    ),
    (
        "depth has an end",
        "languages/yaml_builder.py",
        "            if len(self._open) == _DEEPEST:",
        "            if False:",
        "languages/test_yaml.py::test_depth_without_end_is_refused_at_once",
    ),
    (
        "memory has an end",
        "engine/workers.py",
        "    _limit_memory(limits.memory)",
        "    pass",
        "engine/test_workers.py::test_a_file_that_takes_too_much_memory",
    ),
    (
        "links are not read",
        "engine/contents.py",
        "    if stat.S_ISLNK(info.st_mode):",
        "    if False:",
        "engine/test_run.py::test_what_becomes_of_a_file_before_its_turn_is_told",
    ),
    (
        "pipes are not opened",
        "engine/contents.py",
        "    if not stat.S_ISREG(info.st_mode):",
        "    if False:",
        "engine/test_run.py::test_what_becomes_of_a_file_before_its_turn_is_told",
    ),
    (
        "hard links are not parted",
        PLACE,
        "        if info.st_nlink > 1:",
        "        if False:",
        "cli/test_apply.py::test_hard_links_are_not_parted",
    ),
    (
        "what is read-only is not written",
        PLACE,
        "        if not info.st_mode & 0o222 or not _may_write(folder, name):",
        "        if False:",
        "cli/test_apply.py::test_a_read_only_file_is_left_and_named",
    ),
    (
        "git starts no monitor",
        "engine/git.py",
        '    *("-c", "core.fsmonitor=false"),\n',
        "",
        "engine/test_changed.py::test_git_starts_no_program",
    ),
    (
        "control characters are escaped",
        "reports/escape.py",
        "    return _UNSAFE.sub(_escaped, text)",
        "    return text",
        "reports/test_every_format.py::test_a_runner_that_reads_the_log_obeys_nothing_hostile",
    ),
    (
        "nothing of a worker's is shown",
        "engine/workers.py",
        "    _silence()\n    rules",
        "    rules",
        "engine/test_workers.py::test_what_a_worker_says_when_it_ends_is_not_shown",
    ),
    (
        "an annotation does not end early",
        "reports/github.py",
        '.replace("\\n", "%0A")',
        "",
        "reports/test_github.py::test_nothing_hostile_ends_a_command_or_begins_one",
    ),
    (
        "paths in SARIF are encoded",
        "reports/sarif.py",
        'quote(path.encode("utf-8", "surrogateescape"))',
        "path",
        "reports/test_sarif.py::test_paths_are_relative_and_percent_encoded",
    ),
    (
        "text in HTML is no markup",
        "reports/html/elements.py",
        "Markup(escape(shown(text)))",
        "Markup(shown(text))",
        "reports/html/test_elements.py::test_text_stays_text",
    ),
    (
        "fences in Markdown are long enough",
        "reports/markdown.py",
        '    fence = "`" * max(3, _longest_run(text) + 1)',
        '    fence = "```"',
        "reports/test_markdown.py::test_nothing_hostile_is_markup",
    ),
    (
        "what may not be looked at ends no run",
        "engine/discover.py",
        "    except PermissionError:\n        return None\n",
        "",
        "test_hostile.py::test_what_may_not_be_looked_at_is_named_where_it_is_asked_for",
    ),
]


@pytest.mark.parametrize("guard", GUARDS, ids=[one[0] for one in GUARDS])
def test_it_goes_red_without_its_guard(
    tmp_path: Path, guard: tuple[str, str, str, str, str]
) -> None:
    _, name, text, instead, test = guard
    source = (ROOT / "migrator" / name).read_text("utf-8")
    assert source.count(text) == 1
    file, _, function = test.partition("::")
    assert f"def {function}(" in (ROOT / "tests" / file).read_text("utf-8")
    if not os.environ.get("MIGRATE_NIGHTLY"):
        return
    for folder in ("migrator", "rules"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    (tmp_path / "migrator" / name).write_text(source.replace(text, instead), "utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    del environment["MIGRATE_NIGHTLY"]
    run = subprocess.run(
        [*command, str(ROOT / "tests" / test)],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 1, run.stdout
    assert " failed" in run.stdout
