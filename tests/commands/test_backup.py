"""backup and restore as a shell and cron see them: one line, a question, an exit code."""

from __future__ import annotations

from pathlib import Path

import click
import pytest

from slaboard.commands import backup as module
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run
from tests.store.desk import dump

FACTS = "3 tickets, 6 events, the newest of 2026-01-05 09:30 UTC"


@pytest.fixture
def file(path: Path, run: Run) -> Path:
    made = path.with_name("copy.db")
    run("backup", str(made))
    return made


def test_a_backup_is_one_line(path: Path, run: Run) -> None:
    file = path.with_name("copy.db")
    said = run("backup", str(file))
    assert said.out.startswith(f"OK {file}: {FACTS}; ")
    assert said.out.endswith("kB, checked.\n")
    assert said.err == ""


def test_a_backup_says_the_same_to_programs(path: Path, run: Run) -> None:
    file = path.with_name("copy.db")
    said = run("backup", str(file), "--json").json
    with SqliteStore(path) as store:
        schema = store.ask("PRAGMA user_version")[0][0]
    assert said == {
        "ok": True, "file": str(file), "store": str(path), "bytes": file.stat().st_size, "tickets": 3, "events": 6,
        "newest_event": "2026-01-05T09:30:00Z", "schema": schema,
    }  # fmt: skip
    assert run("backup", str(file), "--json", code=2).json == {
        "ok": False, "error": "ERROR", "exit_code": 2,
        "sentence": f"{file} is there already and stays as it is. Name another file, or say --force.",
    }  # fmt: skip
    assert run("backup", str(file), "--json", "--force").json == said


def test_a_backup_is_a_file_and_no_stream(path: Path, run: Run) -> None:
    said = run("backup", "-", code=2)
    assert said.err == "slaboard: A backup is a file, which is checked before it gets its name. Name one.\n"


def test_without_a_store_there_is_no_backup(path: Path, run: Run) -> None:
    file, none = path.with_name("copy.db"), path.with_name("none.db")
    assert run("backup", str(file), "--store", str(none), code=3).err == (
        f"slaboard: There is no store at {none}. Make one with: slaboard init {none}\n"
    )
    assert not file.exists()


def test_a_restore_says_what_it_will_do_and_does_it_when_told_to(path: Path, run: Run, file: Path) -> None:
    run("claim", "B-2", "--as", "ana")
    with SqliteStore(path) as store:
        before = dump(store)
    plan = [
        f"Backup {file}: {FACTS}.",
        f"Store {path}: 3 tickets, 7 events, the newest of 2026-01-05 09:50 UTC.",
        "1 event of the store is not in the backup and will be gone.",
        "The store as it is now is kept beside it. Boards that are open show the backup by themselves.",
    ]
    asked = run("restore", str(file), code=2)
    assert asked.out.splitlines() == plan
    assert asked.err == "slaboard: Nobody can be asked here, so nothing was restored. Say --yes to restore it.\n"
    with SqliteStore(path) as store:
        assert dump(store) == before
    kept = path.with_name("board.db.before-restore-20260105-095000")
    assert run("restore", str(file), "--yes").out.splitlines() == [
        *plan, f"OK {path}: {FACTS}.", "1 event of the store is not in the backup and gone now.",
        f"What was there before: {kept}",
    ]  # fmt: skip
    assert run("check").out.endswith(" 0 differences.\n")
    back = run("restore", str(kept), "--yes").out.splitlines()
    assert back[-2] == "Every event of the store is in the backup; 1 that the store does not have are back."
    with SqliteStore(path) as store:
        assert dump(store) == before


@pytest.mark.parametrize("yes", [True, False])
def test_somebody_at_a_terminal_is_asked(
    path: Path, run: Run, file: Path, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    run("claim", "B-2", "--as", "ana")
    monkeypatch.setattr(module, "_agreed", lambda: yes)
    said = run("restore", str(file), code=0 if yes else 1)
    assert said.out.splitlines()[-1].startswith("What was there before" if yes else "Nothing was restored.")
    owners = {ticket["id"]: ticket["owner"] for ticket in run("tickets", "--json").objects}
    assert owners["B-2"] == (None if yes else "ana")


def test_a_damaged_store_is_replaced_and_it_says_so(path: Path, run: Run, file: Path) -> None:
    path.write_bytes(b"\xa5" * 40_000)
    said = run("restore", str(file), "--yes").out.splitlines()
    assert said == [
        f"Backup {file}: {FACTS}.",
        f"{path} is damaged, or not a store any more: it is moved aside and the backup takes its place.",
        f"OK {path}: {FACTS}.",
        f"What was there before: {path}.before-restore-20260105-095000",
        "It is another file now: boards that are open look for it once a second and open it.",
    ]
    assert run("check").code == 0


def test_a_missing_store_is_put_there(path: Path, run: Run, file: Path) -> None:
    new = path.with_name("new.db")
    said = run("restore", str(file), "--yes", "--store", str(new)).out.splitlines()
    assert said[1] == f"There is nothing at {new}; the backup is put there."
    assert run("check", "--store", str(new)).code == 0


def test_the_question_is_asked_once_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def confirm(text: str) -> bool:
        asked.append(text)
        return False

    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr(click, "confirm", confirm)
    assert not module._agreed()
    assert asked == ["Restore?"]
