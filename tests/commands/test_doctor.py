"""What the doctor says of a store, a config, keys and themes; of terminals, see tests/host/test_terminal.py."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, sql
from tests.sla.story import situation


def findings(said: str, mark: str) -> list[str]:
    return [line[6:] for line in said.splitlines() if line.startswith(f"{mark} ")]


def test_a_healthy_store_is_a_line_of_ok(path: Path, run: Run) -> None:
    said = run("doctor").out
    assert f"store {path} (from SLABOARD_STORE): 3 tickets, 2 open" in findings(said, "ok  ")
    assert findings(said, "fail") == []


@pytest.mark.parametrize(
    ("statement", "sentence"),
    [
        situation(
            "a word that nobody mapped", "UPDATE tickets SET status = 'On the moon' WHERE id = 'A-1'",
            "status words that the policy maps to no stage: On the moon",
        ),
        situation(
            "an event of the future", "UPDATE events SET at = at + 2 * 86400 WHERE kind = 'claim'",
            "1 events lie more than a day in the future: is a clock or a time zone wrong?",
        ),
        situation(
            "an event of no kind", "INSERT INTO events (ticket_id, at, kind) VALUES ('A-1', 1767605400, 'party')",
            "1 events that another program wrote are of no known kind and are left out",
        ),
        situation(
            "an import that was broken off", "UPDATE tickets SET stale = -1, rev = rev + 1 WHERE id = 'A-1'",
            "1 tickets wait for an import to end; if it was broken off, run it again",
        ),
        situation(
            "an import that is half taken back",
            "INSERT INTO imports (id, source, name, kind, started_at, undone_at) VALUES (3, 'x', 'x', 'ndjson', 0, 1); "
            "UPDATE events SET import_id = 3 WHERE kind = 'claim'",
            "Import 3 is taken back only in part. Finish that with: slaboard import undo 3",
        ),
        situation(
            "no policy", "UPDATE state SET policy_version = 0",
            "No policy is in force, so nothing has a clock: slaboard policy apply FILE",
        ),
    ],
)  # fmt: skip
def test_what_the_doctor_warns_of(path: Path, run: Run, statement: str, sentence: str) -> None:
    """A warning is no reason not to open the board."""
    if sentence.startswith("No policy"):
        path = path.with_name("bare.db")
        SqliteStore.create(path).close()
    else:
        sql(path, *statement.split("; "))
        run("status")
    assert sentence in findings(run("doctor", "--store", str(path)).out, "warn")


def test_no_store_is_a_warning(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "none.db"
    said = run("doctor", "--store", str(path)).out
    assert f"There is no store at {path} (from command line). Make one: slaboard init {path}" in findings(said, "warn")


@pytest.mark.parametrize("content", [b"", b"text" * 1_000])
def test_what_is_no_store_is_a_failure(tmp_path: Path, run: Run, content: bytes) -> None:
    path = tmp_path / "odd.db"
    path.write_bytes(content)
    assert "is not a slaboard store" in findings(run("doctor", "--store", str(path), code=1).out, "fail")[0]


def test_a_damaged_store_is_a_failure(path: Path, run: Run) -> None:
    size = path.stat().st_size
    with path.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(size - size // 2))
    assert "damaged" in findings(run("doctor", code=1).out, "fail")[0]


def test_a_broken_config_and_an_unknown_theme_are_warnings(path: Path, run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "config" / "slaboard"
    folder.mkdir(parents=True)
    (folder / "config.toml").write_text("theme = 'nowhere'\nstor = 'x'\n")
    warned = " ".join(findings(run("doctor").out, "warn"))
    assert "There is no theme nowhere" in warned
    assert 'config.toml: line 2: stor = "x" is not used; perhaps store is meant' in warned
    (folder / "config.toml").write_text("theme = ")
    assert "None of its settings is used" in run("doctor").out


def test_what_a_policy_that_was_broken_off_has_not_reached(path: Path, run: Run) -> None:
    with SqliteStore(path) as store, store.writing() as connection:
        connection.execute("UPDATE state SET ours = 1")
        connection.execute("UPDATE tickets SET policy_version = 0")
    told = "2 open tickets stand under an earlier policy; a board or `slaboard grid` renews them"
    assert told in findings(run("doctor").out, "warn")
    run("grid")
    assert told not in run("doctor").out


def test_a_file_with_two_names(path: Path, run: Run) -> None:
    path.with_name("other.db").hardlink_to(path)
    assert any("another name (a hard link)" in line for line in findings(run("doctor").out, "warn"))


def test_a_healthy_config_is_told_too(path: Path, run: Run) -> None:
    """Config, keys and theme, each a line."""
    said = findings(run("doctor").out, "ok  ")
    assert [line for line in said if line.startswith(("config ", "keys: ", "theme "))] == [
        f"config {path.parent / 'config' / 'slaboard' / 'config.toml'} is not there; defaults hold",
        "keys: all as by default; slaboard keys lists them",
        next(line for line in said if line.startswith("theme dark; slaboard themes lists ")),
    ]


def test_keys_that_cannot_be_used_and_themes_that_are_not_on(path: Path, run: Run, tmp_path: Path) -> None:
    """Each with file and line, for whoever wonders why a theme is not offered."""
    folder = tmp_path / "config" / "slaboard"
    (folder / "themes").mkdir(parents=True)
    (folder / "config.toml").write_text('[keys]\nclaim = "ctrl+s"\n')
    (folder / "themes" / "mine.toml").write_text("dark = \n")
    warned = findings(run("doctor").out, "warn")
    assert any(line.startswith(f"{folder / 'config.toml'}: line 2: [keys] claim: ctrl+s may never") for line in warned)
    assert any(line.startswith(f"{folder / 'themes' / 'mine.toml'}: line 1: ") for line in warned)


def test_the_same_for_programs(path: Path, run: Run) -> None:
    """Each finding with its mark, what it is about, and what to do."""
    found = run("doctor", "--json").json["findings"]
    assert {one["mark"] for one in found} <= {"ok", "warn", "fail"}
    assert {"program", "config", "keys", "theme", "store", "terminal"} <= {one["about"] for one in found}
    lines = run("doctor").out.splitlines()
    assert [" ".join(filter(None, (f"{one['mark']:<5}", one["text"]))) for one in found if not one["do"]] == [
        line for line, one in zip(lines, found, strict=True) if not one["do"]
    ]
    assert run("doctor", "--json", "--store", str(path.with_name("none.db"))).code == 0


def test_on_a_terminal_lines_end_between_words(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """And what is not well is in bold; a file or a pipe gets one line each, plain."""
    monkeypatch.setenv("COLUMNS", "40")
    monkeypatch.setenv("TERM", "dumb")
    plain = run("doctor").out
    assert "\x1b" not in plain
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    said = run("doctor", "--store", "none.db").out
    assert all(len(line.replace("\x1b[1m", "").replace("\x1b[0m", "")) <= 40 for line in said.splitlines())
    assert "\x1b[1mwarn\x1b[0m  There is no store at none.db (from\n      command line)." in said


@pytest.mark.parametrize(
    ("environment", "config", "mark", "told"),
    [
        ({"SSH_TTY": "/dev/pts/1"}, "", "ok  ", "no browser over SSH: a ticket's link is copied instead"),
        ({"BROWSER": "true"}, "", "ok  ", "a ticket's link opens with true"),
        ({}, 'browser = ["no-such-browser"]', "warn", "no-such-browser, which is to open links, is not to be found"),
    ],
    ids=["ssh", "named", "missing"],
)
def test_what_opens_a_link_is_told(
    environment: dict[str, str], config: str, mark: str, told: str, run: Run, tmp_path: Path, path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name in ("BROWSER", "SSH_TTY", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    (tmp_path / "config" / "slaboard").mkdir(parents=True)
    (tmp_path / "config" / "slaboard" / "config.toml").write_text(config)
    assert any(line.startswith(told) for line in findings(run("doctor").out, mark))
