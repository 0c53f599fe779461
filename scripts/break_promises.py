"""Breaks each promise of docs/security.md in a copy of the project, and checks that its test fails.

    python scripts/break_promises.py [WORD]

This shows that each test can fail. With WORD, only tests whose name contains it are run.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Break:
    """A change to one file that breaks a promise, and the test that must fail because of it."""

    test: str
    file: str
    before: str
    after: str


ACCESS = "tests/privacy/test_permissions.py::"
LEAKS = "tests/privacy/test_leaks.py::"
INTERRUPTED = "tests/privacy/test_interrupted_redaction.py::"
SCRATCH = "tests/privacy/test_scratch.py::"
FORGETTING = "tests/privacy/test_redaction.py::"
PROTECTING = "tests/privacy/test_office_encryption.py::"
SEALING = "tests/privacy/test_encryption.py::"
BOMBS = "tests/fuzz/test_bombs.py::"
SUPPLY = "tests/test_supply_chain.py::"

BREAKS = (
    Break(
        f"{ACCESS}test_nothing_is_made_that_others_can_read",
        "src/sgtrack/evidence/evidence_store.py",
        "path.chmod(0o400)",
        "path.chmod(0o444)",
    ),
    Break(
        f"{ACCESS}test_nothing_is_made_that_others_can_read",
        "src/sgtrack/privacy/redact_workspace.py",
        "                    make_private_file(partial)\n",
        "",
    ),
    Break(
        f"{SCRATCH}test_a_killed_command_leaves_names_in_the_workspace_only",
        "src/sgtrack/merging/bundle.py",
        "with scratch_folder(workspace.root) as scratch:",
        "with scratch_folder(path.parent) as scratch:",
    ),
    Break(
        f"{SCRATCH}test_the_next_command_deletes_what_a_killed_one_left",
        "src/sgtrack/app/context.py",
        "        remove_abandoned(workspace.root)\n",
        "",
    ),
    Break(
        "tests/privacy/test_secret_file.py::"
        "test_a_bad_secret_is_not_used_once_there_are_pseudonyms",
        "src/sgtrack/privacy/redact_workspace.py",
        "if not content and not _read_all_pseudonyms(workspace):",
        "if not content:",
    ),
    Break(
        f"{ACCESS}test_what_an_older_version_left_open_is_closed",
        "src/sgtrack/files.py",
        "        if mode & OTHERS:\n",
        "        if False:\n",
    ),
    Break(
        f"{ACCESS}test_a_disk_without_access_rights_is_reported",
        "src/sgtrack/workspace.py",
        "isinstance(ledger, Path) and ledger.exists() and",
        "if False and",
    ),
    Break(
        f"{LEAKS}test_no_command_prints_a_name",
        "src/sgtrack/app/read_entries.py",
        "snapshot.mask(tuple(entries), with_names=with_names)",
        "tuple(entries)",
    ),
    Break(
        f"{LEAKS}test_no_file_holds_a_name",
        "src/sgtrack/app/month_texts.py",
        "return masker.within(composed)",
        "return composed",
    ),
    Break(
        f"{LEAKS}test_no_file_holds_a_name",
        "src/sgtrack/app/make_report.py",
        "place(project, masker.within(entries))",
        "place(project, entries)",
    ),
    Break(
        f"{LEAKS}test_no_command_prints_another_form_of_a_name",
        "src/sgtrack/ledger/known_people.py",
        "if fold_text(name) in whole",
        "if name in whole",
    ),
    Break(
        f"{LEAKS}test_a_bundle_and_forgetting_leave_no_form_of_a_name",
        "src/sgtrack/model/name_forms.py",
        'normalize("NFKC", same).casefold()',
        'normalize("NFC", same)',
    ),
    Break(
        f"{LEAKS}test_recovering_prints_no_name_of_a_lost_record",
        "src/sgtrack/recovery/recover.py",
        "lost=masker.within(recovered.lost)",
        "lost=recovered.lost",
    ),
    Break(
        f"{INTERRUPTED}test_an_interrupt_says_what_is_done_and_the_next_command_what_is_not",
        "src/sgtrack/privacy/unfinished_redaction.py",
        "        if COMMITS.begun == commits:\n",
        "        if True:\n",
    ),
    Break(
        f"{INTERRUPTED}test_after_a_kill_the_same_command_finishes",
        "src/sgtrack/privacy/unfinished_redaction.py",
        "    _write(root, before | {words})\n",
        "",
    ),
    Break(
        f"{LEAKS}test_completion_offers_no_name",
        "src/sgtrack/app/read_entries.py",
        "snapshot.mask(tuple(suggestions[:limit]))",
        "tuple(suggestions[:limit])",
    ),
    Break(
        f"{LEAKS}test_a_bug_leaves_no_name_behind",
        "src/sgtrack/cli/error_handling.py",
        '"".join(traceback.format_tb(error.__traceback__))',
        '"".join(traceback.format_exception(error))',
    ),
    Break(
        f"{LEAKS}test_a_bug_leaves_no_name_behind",
        "src/sgtrack/cli/error_handling.py",
        "        log.unlink(missing_ok=True)\n"
        "        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)",
        "        descriptor = os.open(log, os.O_WRONLY | os.O_CREAT, 0o600)",
    ),
    Break(
        f"{FORGETTING}test_no_byte_of_the_name_is_left_and_every_figure_stands",
        "src/sgtrack/model/record_kinds.py",
        '_SIGNED = ("recorded_by", "command")',
        '_SIGNED = ("recorded_by",)',
    ),
    Break(
        f"{FORGETTING}test_no_byte_of_the_name_is_left_and_every_figure_stands",
        "src/sgtrack/privacy/redact_workspace.py",
        "    copies = find_ledger_copies(workspace)\n",
        "    copies: list[Path] = []\n",
    ),
    Break(
        f"{FORGETTING}test_no_byte_of_the_name_is_left_and_every_figure_stands",
        "src/sgtrack/ledger/redaction.py",
        "rollups.refresh(db, ",
        "len(",
    ),
    Break(
        f"{FORGETTING}test_a_name_in_altered_sums_is_forgotten_too",
        "src/sgtrack/ledger/redaction.py",
        "    rollups.rebuild(db)\n",
        "",
    ),
    Break(
        f"{FORGETTING}test_a_bundle_without_names_has_none_in_any_table",
        "src/sgtrack/merging/bundle.py",
        "        rebuild(db)\n",
        "",
    ),
    Break(
        f"{FORGETTING}test_a_bundle_without_names_has_none_in_any_table",
        "src/sgtrack/merging/bundle.py",
        '        db.execute("VACUUM")\n',
        "",
    ),
    Break(
        f"{FORGETTING}test_the_old_digests_can_no_longer_be_tried",
        "src/sgtrack/store/chain_links.py",
        'for table in ("link", "forgotten", "abridgement"):',
        'for table in ("forgotten", "abridgement"):',
    ),
    Break(
        f"{FORGETTING}test_verify_finds_changes_that_no_redaction_announces",
        "src/sgtrack/ledger/chain.py",
        "return bool(salted) and all(digest.fits(body) for digest in salted)",
        "return not linked.salt or linked.fits(body)",
    ),
    Break(
        f"{FORGETTING}test_what_fails_halfway_leaves_everything_as_it_was",
        "src/sgtrack/store/sqlite.py",
        '                        db.execute("ROLLBACK")\n                    raise',
        '                        db.execute("COMMIT")\n                    raise',
    ),
    Break(
        f"{SEALING}test_what_was_altered_is_refused_and_leaves_nothing",
        "src/sgtrack/privacy/encryption.py",
        'yield prefix + number.to_bytes(4, "big") + bytes([last]), chunk',
        'yield prefix + number.to_bytes(4, "big") + bytes([0]), chunk',
    ),
    Break(
        f"{SEALING}test_what_was_altered_is_refused_and_leaves_nothing",
        "src/sgtrack/privacy/encryption.py",
        'prefix + number.to_bytes(4, "big")',
        "prefix + bytes(4)",
    ),
    Break(
        f"{SEALING}test_a_wrong_passphrase_is_refused",
        "src/sgtrack/privacy/encryption.py",
        "p=p).derive(typed)",
        "p=p).derive(b'')",
    ),
    Break(
        f"{PROTECTING}test_any_wrong_password_is_refused",
        "src/sgtrack/privacy/office_decryption.py",
        '"verify_password": True',
        '"verify_password": False',
    ),
    Break(
        f"{PROTECTING}test_an_altered_file_is_refused",
        "src/sgtrack/privacy/office_decryption.py",
        '"verify_integrity": True',
        '"verify_integrity": False',
    ),
    Break(
        "tests/sheets/test_protected_workbooks.py::"
        "test_a_protected_file_is_refused_without_its_password",
        "src/sgtrack/privacy/office_decryption.py",
        'state = "wrong"',
        'state = "altered"',
    ),
    Break(
        "tests/sheets/test_protected_workbooks.py::"
        "test_a_zip_bomb_within_a_protected_file_is_refused",
        "src/sgtrack/sheets/xlsx_guard.py",
        "room -= len(chunk)",
        "room -= 0",
    ),
    Break(
        "tests/privacy/test_network.py::test_no_command_opens_a_connection",
        "src/sgtrack/cli/check_commands.py",
        "    integrity, place = verify_ledger(app_context(ctx), code)\n",
        "    import socket\n    socket.getaddrinfo('example.org', 80)\n"
        "    integrity, place = verify_ledger(app_context(ctx), code)\n",
    ),
    Break(
        "tests/fuzz/test_short.py",
        "src/sgtrack/sheets/headings.py",
        "except (OSError, ValueError, RecursionError):",
        "except OSError:",
    ),
    Break(
        f"{BOMBS}test_templates",
        "src/sgtrack/brief/template_sandbox.py",
        "class Sandbox(ImmutableSandboxedEnvironment):",
        "from jinja2 import Environment\nclass Sandbox(Environment):",
    ),
    Break(
        f"{BOMBS}test_a_template_that_does_not_end_is_stopped",
        "src/sgtrack/brief/template_sandbox.py",
        'raise Unbounded(f"填了 {seconds:.0f} 秒还没有填完") from None',
        "return",
    ),
    Break(
        f"{BOMBS}test_target_files",
        "src/sgtrack/targets/yaml_source.py",
        "except (YAMLError, ValueError, RecursionError):",
        "except (YAMLError, ValueError):",
    ),
    Break(
        f"{BOMBS}test_excel_files",
        "src/sgtrack/sheets/workbook_process.py",
        '            if content.startswith(b"PK"):',
        "            if False:",
    ),
    Break(
        "tests/sheets/test_hostile_workbooks.py::test_the_memory_of_the_reader_is_bounded",
        "src/sgtrack/child_process.py",
        "resource.setrlimit(resource.RLIMIT_AS, (most_memory, most_memory))",
        "pass",
    ),
    Break(
        "tests/cli/test_control_characters.py::test_command_line_words",
        "src/sgtrack/screen/output_streams.py",
        "return self.write_styled(escape_unprintable(text))",
        "return self.write_styled(text)",
    ),
    Break(
        f"{BOMBS}test_a_word_template_that_unpacks_to_too_much",
        "src/sgtrack/brief/word_rendering.py",
        "    check_packed(template)\n",
        "",
    ),
    Break(
        f"{BOMBS}test_a_template_that_is_a_link_is_not_followed_out",
        "src/sgtrack/brief/rendering.py",
        "    if copy.is_symlink():",
        "    if False:",
    ),
    Break(
        f"{BOMBS}test_evidence_that_is_a_link",
        "src/sgtrack/evidence/evidence_store.py",
        "        status = path.lstat()",
        "        status = path.stat()",
    ),
    Break(
        f"{BOMBS}test_formulas_stay_text",
        "src/sgtrack/sheets/workbook_export.py",
        "            sheet.write_string(line, column, value, form)",
        "            (sheet.write_formula if column == 4 else sheet.write_string)(\n"
        "                line, column, value, form\n"
        "            )",
    ),
    Break(
        f"{BOMBS}test_signs_that_cannot_be_seen_are_refused",
        "src/sgtrack/entry/text_cleaning.py",
        '("Cc", "Cf", "Cs", "Co", "Cn")',
        '("Cc", "Cs", "Co", "Cn")',
    ),
    Break(f"{SUPPLY}test_nothing_is_wrong_now", "requirements/licences.txt", "MIT-CMU\n", ""),
    Break(
        f"{SUPPLY}test_every_dependency_has_a_reason",
        "docs/dependencies.md",
        "| cryptography |",
        "| cryptographie |",
    ),
    Break(
        f"{SUPPLY}test_every_pinned_package_has_hashes",
        "requirements/app.txt",
        "jinja2==3.1.6 \\",
        "jinja2==3.1.6\nother==1 \\",
    ),
)


def main(word: str = "") -> int:
    """Break one promise after the other; return 1 if any test still passes, otherwise 0."""
    unnoticed = 0
    for number, one in enumerate(BREAKS, start=1):
        if word not in one.test:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            noticed, said = _noticed(one, Path(scratch) / "copy")
        unnoticed += not noticed
        print(
            f"{number:2} {'fails, as it must' if noticed else 'NOT NOTICED'}  {one.test}",
            flush=True,
        )
        # The first error is printed, so that a test that fails for another reason is noticed.
        print(next((line for line in said.splitlines() if line.startswith("E  ")), ""), flush=True)
        if not noticed:
            print(said[-1500:])
    return 1 if unnoticed else 0


def _noticed(one: Break, copy: Path) -> tuple[bool, str]:
    """Break a promise in a copy; return whether its test fails, and the output of pytest.

    A test that cannot be run at all does not count as failing.
    """
    kept = shutil.ignore_patterns(".git", ".venv", "build", "dist", ".*_cache", "__pycache__")
    shutil.copytree(ROOT, copy, ignore=kept)
    path = copy / one.file
    text = path.read_text(encoding="utf-8")
    if text.count(one.before) != 1:
        return False, f"{one.file}: {text.count(one.before)} times: {one.before}"
    path.write_text(text.replace(one.before, one.after), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", one.test, "--maxfail=1"],
        cwd=copy,
        env=os.environ | {"PYTHONPATH": str(copy / "src")},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    said = ran.stdout + ran.stderr
    # With an exit code of 2 or more, pytest could not run the test.
    return ran.returncode == 1, said


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
