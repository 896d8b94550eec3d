"""The import command: its figures, its reasons, its codes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.commands.shell import Run
from tests.store.desk import Dump, dump

LINES = (
    '{"ticket":"N-1","at":"2026-01-05T09:00:00Z","kind":"created","priority":"P2","title":"New"}\n'
    "nonsense \x1b[31m\n"
    '{"ticket":"N-1","at":"2026-01-05T08:00:00Z","kind":"respond","actor":"ana"}\n'
    '{"ticket":"N-1","at":"2026-01-05T09:10:00Z","kind":"status","status":"Odd","actor":"ana"}\n'
)
TABLE = "Nr;Name\nN-1;Disk\n"
MAP = '[columns]\nid = "Nr"\ntitle = "Name"\n'


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "new.ndjson"
    found.write_text(LINES)
    return found


def held(path: Path) -> Dump:
    return dump(path)


def test_an_import_says_what_it_did_and_what_it_could_not(path: Path, run: Run, file: Path) -> None:
    said = run("import", str(file))
    assert said.out.splitlines() == [
        "4 lines of ndjson: added 2 events and 1 ticket; 0 events were there already; 2 lines could not be used.",
        "Note: status words that the policy maps to no stage: Odd.",
    ]
    reasons = said.err.splitlines()
    assert reasons[0].startswith("line 2: The line is not JSON")
    assert reasons[1] == "line 3: it is older than the creation of N-1"
    again = run("import", str(file)).out.splitlines()[0]
    assert again == (
        "4 lines of ndjson: added 0 events and 0 tickets; 2 events were there already; 2 lines could not be used."
    )


def test_a_rehearsal_says_the_same_and_changes_nothing(path: Path, run: Run, file: Path) -> None:
    before = held(path)
    rehearsed = run("import", str(file), "--dry-run")
    assert held(path) == before
    real = run("import", str(file))
    assert rehearsed.out.replace("would add", "added") == real.out
    assert rehearsed.err == real.err


def test_a_table_needs_its_map(path: Path, run: Run, tmp_path: Path) -> None:
    table, mapping = tmp_path / "t.csv", tmp_path / "map.toml"
    table.write_text(TABLE)
    mapping.write_text(MAP)
    refused = run("import", str(table), code=1)
    assert "The file has no column" in refused.err
    assert refused.err.endswith("Nothing of it could be used; docs/import.md says what is read.\n")
    assert run("import", str(table), "--map", str(mapping)).out.startswith("2 lines of ticket_csv: added 1 event and")
    assert run("import", str(table), "--map", str(mapping)).out == "2 lines of ticket_csv: nothing is new.\n"
    mapping.write_text("[columns]\ntitel = 'x'\n[format]\ntime = 5\n")
    said = run("import", str(table), "--map", str(mapping), code=2).err
    assert said.startswith(f"slaboard: The map {mapping} has problems: ")
    assert all(word in said for word in ("needs `id`", '"titel"', "`time`"))
    assert run("import", str(table), "--map", "none.toml", code=2).err.startswith(
        "slaboard: The map none.toml cannot be read"
    )


def test_nothing_is_no_table_to_draft_a_map_of(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("\n")
    refused = run("import", str(tmp_path / "t.csv"), "--draft-map", code=2)
    assert refused.err == "slaboard: t.csv is empty; a table of tickets begins with its headings.\n"
    assert refused.out == ""


@pytest.mark.parametrize(
    ("words", "code", "sentence"),
    [
        (["none.csv"], 2, "slaboard: none.csv cannot be read: No such file or directory.\n"),
        (["none.csv", "--tz", "Mars/Olympus"], 2,
         "slaboard: Mars/Olympus is no time zone; write one such as Europe/Berlin or UTC.\n"),
        (["none.csv", "--tz", "../../etc/passwd"], 2,
         "slaboard: ../../etc/passwd is no time zone; write one such as Europe/Berlin or UTC.\n"),
    ],
)  # fmt: skip
def test_what_cannot_be_imported(path: Path, run: Run, words: list[str], code: int, sentence: str) -> None:
    assert run("import", *words, code=code).err == sentence


def test_an_old_log_is_told_to_be_moved(path: Path, run: Run, file: Path) -> None:
    file.write_text(LINES.replace("2026-01-05", "2025-12-01").splitlines()[0] + "\n")
    for _ in range(2):
        assert run("import", str(file), "--shift-to-now").out.splitlines()[1] == "Moved by 5 weeks."


def test_a_file_of_which_nothing_can_be_used_fails(path: Path, run: Run, tmp_path: Path) -> None:
    """A job that imports at night must notice; one good line is enough, known or not."""
    file = tmp_path / "x.ndjson"
    file.write_text("nonsense\n")
    assert run("import", str(file), code=1).out.endswith("1 line could not be used.\n")
    assert run("import", str(file), "--dry-run", code=1).out.endswith("1 line could not be used.\n")
    file.write_text(LINES)
    for _ in range(2):
        assert run("import", str(file)).out.splitlines()[0].endswith("2 lines could not be used.")
    answers = tmp_path / "answers.csv"
    answers.write_text("ticket,at,csat\nX-9,2026-01-06T09:00:00Z,5\n")
    assert "There is no ticket X-9" in run("import", str(answers), code=1).err


def test_a_map_is_drafted_and_then_reads_the_file(path: Path, run: Run, tmp_path: Path) -> None:
    table, mapping = tmp_path / "t.csv", tmp_path / "map.toml"
    table.write_text("Ticket Number,Subject,Date Created\nN-7,Disk,13/01/2026 09:00\n")
    before = held(path)
    mapping.write_text(run("import", str(table), "--draft-map").out)
    assert held(path) == before
    assert "1 ticket;" in run("import", str(table), "--map", str(mapping)).out
    table.write_text("Nr,Wer\nN-7,Ana\n")
    said = run("import", str(table), "--draft-map", code=1)
    assert "which column is the number of the ticket?" in said.out
    assert said.err == "slaboard: No column looks like the number of a ticket; say it at `id`.\n"
    table.write_text(LINES)
    assert "is ndjson, which needs no map" in run("import", str(table), "--draft-map", code=2).err


def test_an_old_log_that_leaves_the_boards_empty_says_so(run: Run, tmp_path: Path) -> None:
    store = str(tmp_path / "old.db")
    run("init", store)
    file = tmp_path / "old.ndjson"
    made = LINES.splitlines()[0]
    file.write_text(f'{made}\n{{"ticket":"N-1","at":"2026-01-05T09:30:00Z","kind":"resolve","actor":"ana"}}\n')
    said = run("import", str(file), "--store", store).out
    note = "Note: no ticket of the store is open, so boards are empty; `tickets --all` and `report` are not.\n"
    assert said.endswith(note)
    assert note not in run("import", str(file), "--store", store).out, "nothing came"
