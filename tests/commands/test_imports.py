"""import list and import undo as a shell sees them; a file of such a name is `./list`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from slaboard.commands import imports as module
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run
from tests.store.desk import dump

LINES = (
    '{"ticket":"N-1","at":"2026-01-05T09:00:00Z","kind":"created","priority":"P2","title":"New"}\n'
    "nonsense\n"
    '{"ticket":"N-1","at":"2026-01-05T09:10:00Z","kind":"respond","actor":"ana"}\n'
    '{"ticket":"N-2","at":"2026-01-05T09:00:00Z","kind":"created","priority":"P1","title":"Two"}\n'
)


@pytest.fixture
def file(path: Path, run: Run) -> Path:
    made = path.with_name("new\x1b[31m.ndjson")
    made.write_text(LINES)
    run("import", str(made))
    return made


def test_nothing_was_imported_yet(path: Path, run: Run) -> None:
    assert run("import", "list").out == "Nothing was imported yet.\n"
    assert run("import", "list", "--json").out == ""


def test_imports_are_listed_for_people_and_programs(path: Path, run: Run, file: Path) -> None:
    """A name from a stranger does nothing to the terminal."""
    line = "   1  2026-01-05 09:50 UTC  ndjson          new\ufffd[31m.ndjson: 4 lines, 3 events, 1 problem\n"
    assert run("import", "list").out == line
    assert run("import", "list", "--json").objects == [
        {
            "id": 1, "name": "new\x1b[31m.ndjson", "kind": "ndjson", "state": "whole",
            "started_at": "2026-01-05T09:50:00Z", "finished_at": "2026-01-05T09:50:00Z", "lines": 4, "events": 3,
            "problems": 1, "shift_s": None, "undone_at": None, "undone_by": None,
        }
    ]  # fmt: skip


def test_an_import_is_taken_back_when_told_to(path: Path, run: Run, file: Path) -> None:
    with SqliteStore(path) as store:
        before = dump(store)
    plan = [
        "Import 1, new\ufffd[31m.ndjson (ndjson) of 2026-01-05 09:50 UTC: 3 events of 2 tickets would go.",
        "2 tickets would vanish: nothing else is known there.",
    ]
    asked = run("import", "undo", "1", code=2)
    assert asked.out.splitlines() == plan
    assert asked.err == "slaboard: Nobody can be asked here, so nothing was taken back. Say --yes to take it back.\n"
    with SqliteStore(path) as store:
        assert dump(store) == before
    assert run("import", "undo", "1", "--yes", "--as", "ben").out.splitlines() == [
        *plan,
        "OK import 1 is taken back: 3 events and 2 tickets gone, 0 tickets computed anew, 1 result withdrawn or "
        "judged anew. new\ufffd[31m.ndjson can be imported again.",
    ]
    assert run("import", "list").out.endswith("new\ufffd[31m.ndjson: undone 2026-01-05 09:50 UTC by ben\n")
    assert run("check").out == "3 tickets recomputed, 0 differences.\n"
    assert run("import", "undo", "1").out == "Import 1 was taken back already. Nothing changed.\n"
    assert run("import", str(file)).out.startswith("4 lines of ndjson: added 3 events and 2 tickets;")


def test_what_people_did_since_needs_force(path: Path, run: Run, file: Path) -> None:
    run("claim", "N-2", "--as", "ana")
    assert run("import", "undo", "1", "--yes", code=5).err == (
        "slaboard: Tickets of import 1 were worked on since (1: N-2): claim 1 by ana. Nothing was taken back; with "
        "--force it is, and what they did stays.\n"
    )
    said = run("import", "undo", "1", "--yes", "--force").out.splitlines()
    assert said[1:4] == [
        "1 ticket would vanish: nothing else is known there.",
        "1 ticket would stay with what else is known, 1 of these without an opening time and so under no SLA.",
        "1 ticket saw work since; what was done stays in the history.",
    ]
    assert "1 ticket with work of others say so in their history." in said[4]
    [bare] = [line for line in run("tickets").out.splitlines() if "N-2" in line]
    assert bare.split() == ["-", "N-2", "no", "opening", "time", "ana"]


def test_files_that_came_later_are_named(path: Path, run: Run, file: Path) -> None:
    for number in range(4):
        later = path.with_name(f"later-{number}.ndjson")
        later.write_text(LINES.splitlines(keepends=True)[3].replace("Two", f"Two {number}"))
        run("import", str(later))
    said = run("import", "undo", "1", code=2).out.splitlines()
    assert said[-1] == (
        "Lines that later files had as well go, too; import those again afterwards: later-0.ndjson, later-1.ndjson, "
        "later-2.ndjson, ..."
    )


@pytest.mark.parametrize("yes", [True, False])
def test_somebody_at_a_terminal_is_asked(
    path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    monkeypatch.setattr(module, "_agreed", lambda: yes)
    said = run("import", "undo", "1", code=0 if yes else 1)
    assert said.out.splitlines()[-1].startswith("OK import 1" if yes else "Nothing was taken back.")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["undo"], "Missing argument 'ID'"),
        (["undo", "one"], "'one' is not a valid integer"),
        (["undo", "9"], "There is no import 9. `slaboard import list` names them."),
        (["list", "9"], "Got unexpected extra argument (9)"),
    ],
)
def test_what_is_said_wrongly(path: Path, run: Run, words: list[str], sentence: str) -> None:
    assert sentence in run("import", *words, code=2).err


@pytest.mark.parametrize("word", ["list", "undo"])
def test_a_file_may_have_the_name_of_a_word(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.chdir(path.parent)
    Path(word).write_text(json.dumps({"ticket": "N-9", "at": 1767603600, "kind": "created"}) + "\n")
    assert run("import", f"./{word}").out.startswith("1 line of ndjson: added 1 event and 1 ticket;")
    assert run("import", "--tz", "UTC", word).out.startswith("1 line of ndjson: added 0 events")
    assert f"{word}: 1 line, 1 event, 0 problems" in run("import", "list").out


def test_the_help_names_the_words(path: Path, run: Run) -> None:
    said = " ".join(run("import", "--help").out.split())
    assert "`slaboard import list`" in said
    assert "`slaboard import undo ID`" in said
    assert "Usage: slaboard import undo" in run("import", "undo", "--help").out
