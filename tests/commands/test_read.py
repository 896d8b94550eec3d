"""What a store says to people, programs, spreadsheets and status lines; and nothing of it is a weapon."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from slaboard.board import cells
from slaboard.board.views import Tab, View
from slaboard.store.disk.driver import connect
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run, at_noon
from tests.sla.story import at, situation

HOSTILE = '=HYPERLINK("x")\x1b]0;owned\x07 \u202eexe.\u2069 \x9b31m\u061c\r\n,"[b]x'
DANGEROUS = set(map(chr, (*range(0x20), *range(0x7F, 0xA0)))) - {"\n"} | set(
    "\u061c\u200e\u200f\u202e\u2066\u2069\u2028"
)


def hostile(path: Path) -> None:
    """A ticket of which every text is hostile, its id too."""
    with closing(connect(path)) as connection:
        connection.execute(
            "INSERT INTO tickets (id, title, customer, priority, status, owner, board, type, url, opened_at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [f"H{HOSTILE}", *[HOSTILE] * 8, at("09:00")],
        )


# --- for people -----------------------------------------------------------------------------------------------


def test_a_wallboard_is_printed_too(path: Path, run: Run) -> None:
    """Its numbers by zone, without the line that says how to leave; ids only, as on the wall itself."""
    seen = run("board", "--once", "--wall", "--size", "100x26").out
    assert "SLA by Status" in seen
    assert "R  RED" in seen
    assert "today: " in seen
    assert "leaves" not in seen
    assert "SUMMARY" not in seen
    with SqliteStore(path) as store:
        assert not any(ticket.title in seen for ticket in store.tickets(at("12:00"), view=View(Tab.ALL)))


def test_the_grid_in_words(path: Path, run: Run) -> None:
    assert run("grid").out == (
        "SLA by Status    GREEN  YELLOW  ORANGE     RED     SUM\n"
        "Response             0       0       0       1       1\n"
        "Resplan              1       0       0       0       1\n"
        "Resolution           0       0       0       0       0\n"
        "2 open: 2 on a clock, 0 waiting, 0 no SLA\n"
    )


def test_the_grid_in_a_narrow_pane(path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    with monkeypatch.context() as here:
        here.setattr(sys.stdout, "isatty", lambda: True)
        lines = run("grid").out.splitlines()
    assert lines[:2] == ["SLA            G     Y     O     R   SUM", "Response       0     0     0     1     1"]
    assert lines[4:] == ["2 open: 2 on a clock,", "0 waiting, 0 no SLA"]


def test_the_list_in_words(path: Path, run: Run) -> None:
    """With the time that is left, which is what one looks for."""
    assert run("tickets", "--all").out == (
        "R B-2          P1           Tansy              response          -00:35:00 -            Disk\n"
        "G A-1          P2           Contoso            resplan              3h 10m ana          VPN\n"
        "- C-3          P2                              resolved                    -            Old\n"
    )


@pytest.mark.parametrize(
    ("columns", "lines"),
    [
        (120, [
            "  TICKET     PRIORITY CUSTOMER           CLOCK                 LEFT OWNER      SUMMARY",
            "R B-2        P1       Tansy              response         -00:35:00 -          Disk",
            "G A-1        P2       Contoso            resplan             3h 10m ana        VPN",
        ]),
        (80, [
            "  TICKET   P   CUSTOMER     CLOCK           LEFT OWNER    SUMMARY",
            "R B-2      P1  Tansy        response   -00:35:00 -        Disk",
            "G A-1      P2  Contoso      resplan       3h 10m ana      VPN",
        ]),
        (40, ["  TICKET        LEFT SUMMARY", "R B-2      -00:35:00 Disk", "G A-1         3h 10m VPN"]),
    ],
    ids=str,
)  # fmt: skip
def test_the_list_on_a_terminal(
    path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, columns: int, lines: list[str]
) -> None:
    """No line is wider than it, whatever a title holds."""
    monkeypatch.setenv("COLUMNS", str(columns))
    with monkeypatch.context() as here:
        here.setattr(sys.stdout, "isatty", lambda: True)
        assert run("tickets").out.splitlines() == lines
    run("set", "A-1", "--title", "\u6d77" * 200, "--as", "ana")
    with monkeypatch.context() as here:
        here.setattr(sys.stdout, "isatty", lambda: True)
        assert max(map(cells.width, run("tickets").out.splitlines())) <= columns


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("--sort due", "B-2 A-1"), ("--sort -due", "A-1 B-2"), ("--sort id --limit 1", "A-1"), ("--limit 9", "B-2 A-1"),
        ("--list breached", "B-2"), ("--list mine --as ana", "A-1"), ("--list needs", ""),
        ("--sort -id --at 2026-01-05T09:05:00Z", "C-3 B-2 A-1"),
    ],
)  # fmt: skip
def test_a_list_as_the_board_has_it(path: Path, run: Run, tmp_path: Path, words: str, ids: str) -> None:
    """The same options make the same file."""
    assert " ".join(ticket["id"] for ticket in run("tickets", "--json", *words.split()).objects) == ids
    run("tickets", "--out", str(tmp_path / "x.ndjson"), *words.split())
    assert [json.loads(line)["id"] for line in (tmp_path / "x.ndjson").read_text().splitlines()] == ids.split()


def test_what_no_list_can_be(path: Path, run: Run) -> None:
    assert "'moon' is no order; there are saving, due" in run("tickets", "--sort", "moon", code=2).err
    assert "Say who acts: --as NAME" in run("tickets", "--list", "mine", code=2).err
    assert "choose one of them" in run("tickets", "--view", "x", "--sort", "due", code=2).err


def test_a_list_of_nothing_says_so_beside(path: Path, run: Run) -> None:
    """And a program that reads it gets nothing."""
    said = run("tickets", "--filter", "nowhere")
    assert (said.out, said.err) == ("", "No open ticket is listed.\n")
    assert run("tickets", "--filter", "nowhere", "--json").err == ""


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("", "B-2 A-1"), ("--all", "B-2 A-1 C-3"), ("--filter p1", "B-2"), ("--filter r:", "B-2"),
        ("--filter owner:ana", "A-1"), ("--filter disk --all", "B-2"), ("--filter old --all", "C-3"),
        ("--filter old", ""),
        ("--at 2026-01-05T09:05:00Z", "B-2 A-1 C-3"), ("--at 2026-01-05T09:05:00Z --filter unclaimed p2", "A-1 C-3"),
    ],
)  # fmt: skip
def test_which_tickets_are_listed(path: Path, run: Run, words: str, ids: str) -> None:
    arguments = words.replace("unclaimed p2", "unclaimed\0p2").split()
    said = run("tickets", "--json", *(word.replace("\0", " ") for word in arguments))
    assert " ".join(ticket["id"] for ticket in said.objects) == ids


# --- for programs ---------------------------------------------------------------------------------------------


def test_the_keys_of_a_ticket(path: Path, run: Run) -> None:
    """Those that the design names, in its order, then ours."""
    first, second = run("tickets", "--json").objects
    assert list(first) == [
        "id", "title", "customer", "priority", "status", "stage", "owner", "policy", "opened_at", "bucket", "zone",
        "due_at", "left_business_s", "left_wall_s", "no_sla", "worse", "board", "type", "url", "clocks",
    ]  # fmt: skip
    assert list(first["clocks"]) == ["response", "resplan", "resolution"]
    assert set(first["clocks"]["response"]) == {
        "state", "zone", "target_s", "elapsed_s", "due_at", "yellow_at", "orange_at", "red_at", "stopped_at", "met",
        "skipped", "by_status", "cause", "cycle", "policy_version", "drift_s",
    }  # fmt: skip
    assert (first["id"], first["zone"], first["left_business_s"], first["left_wall_s"]) == ("B-2", "red", -2100, -2100)
    assert (second["owner"], second["stage"], second["bucket"], second["due_at"]) == (
        "ana", "plan", "resplan", "2026-01-05T13:00:00Z",
    )  # fmt: skip


def test_the_keys_of_a_grid(path: Path, run: Run) -> None:
    found = run("grid", "--json").json
    row = {"green": 0, "yellow": 0, "orange": 0, "red": 0}
    assert found == {
        "at": "2026-01-05T09:50:00Z", "open": 2, "waiting": 0, "no_sla": 0,
        "buckets": {"response": row | {"red": 1}, "resplan": row | {"green": 1}, "resolution": row},
        "by_priority": {
            "P1": {"open": 1, "waiting": 0, "no_sla": 0,
                   "buckets": {"response": row | {"red": 1}, "resplan": row, "resolution": row}},
            "P2": {"open": 1, "waiting": 0, "no_sla": 0,
                   "buckets": {"response": row, "resplan": row | {"green": 1}, "resolution": row}},
        },
    }  # fmt: skip
    assert run("grid", "--json", "--at", "2026-01-05T09:05:00Z").json["open"] == 3


@pytest.mark.parametrize(
    ("form", "line"),
    [
        situation("plain", [], "R 1  O 0  Y 0  G 1  next A-1\n"),
        situation("tmux", ["--format", "tmux"], "#[fg=colour160]R1 #[fg=colour208]O0 #[fg=colour220]Y0#[default]\n"),
        situation(
            "json", ["--format", "json"],
            '{"green":1,"yellow":0,"orange":0,"red":1,"open":2,"waiting":0,"no_sla":0,"needs_claim":0,'
            '"next":"A-1","text":"R 1  O 0  Y 0  G 1","class":"red"}\n',
        ),
    ],
)  # fmt: skip
def test_a_status_line(path: Path, run: Run, form: list[str], line: str) -> None:
    assert run("status", *form).out == line


def test_a_status_of_nothing(tmp_path: Path, run: Run) -> None:
    SqliteStore.create(tmp_path / "s.db").close()
    assert run("status", "--store", str(tmp_path / "s.db")).out == "R 0  O 0  Y 0  G 0\n"
    assert run("status", "--format", "json", "--store", str(tmp_path / "s.db")).json["next"] is None


@pytest.mark.parametrize("command", ["tickets --json --csv", "status --format fancy", "grid --at"])
def test_wrong_usage(path: Path, run: Run, command: str) -> None:
    assert run(*command.split(), code=2).out == ""


# --- hostile words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    ["tickets", "tickets --json", "tickets --csv", "grid", "grid --json", "status", "status --format json", "doctor"],
)
@pytest.mark.parametrize("moment", [[], ["--at", "2026-01-05T09:50:00Z"]], ids=["now", "then"])
def test_nothing_dangerous_reaches_a_terminal(path: Path, run: Run, command: str, moment: list[str]) -> None:
    hostile(path)
    if moment and command.split()[0] not in ("tickets", "grid"):
        return
    said = run(*command.split(), *moment)
    assert not set(said.out + said.err) & DANGEROUS


def test_a_program_reads_hostile_words_as_they_came(path: Path, run: Run) -> None:
    hostile(path)
    for moment in ([], ["--at", "2026-01-05T09:50:00Z"]):
        found = next(ticket for ticket in run("tickets", "--json", *moment).objects if ticket["id"][0] == "H")
        assert {found[name] for name in ("title", "customer", "priority", "status", "owner", "url")} == {HOSTILE}


def test_no_cell_of_the_csv_is_a_formula(path: Path, run: Run) -> None:
    hostile(path)
    text = run("tickets", "--csv", "--all").out
    heading, *rows = csv.reader(text.splitlines())
    assert heading == [
        "id", "title", "customer", "priority", "status", "stage", "owner", "policy", "opened_at", "bucket", "zone",
        "due_at", "left_business_s", "left_wall_s", "no_sla",
    ]  # fmt: skip
    assert [len(row) for row in rows] == [len(heading)] * 4
    cells = {cell for row in rows for cell in row}
    assert not {cell for cell in cells if cell[:1] in tuple("=+-@\t\r") and not cell.lstrip("-").isdigit()}
    assert "-2100" in cells, "a number stays a number"


# --- the other end of a pipe ----------------------------------------------------------------------------------


def test_a_reader_that_has_enough_is_no_error(path: Path) -> None:
    """`slaboard tickets --json | head -1`, with more than a pipe holds."""
    with SqliteStore(path) as store, store.writing() as connection:
        connection.executemany(
            "INSERT INTO tickets (id, title, priority, opened_at) VALUES (?, ?, 'P2', 1767603600)",
            [(f"X-{number}", "x" * 500) for number in range(300)],
        )
    done = subprocess.run(
        ["bash", "-c", f"set -o pipefail; {sys.executable} -m slaboard tickets --json | head -1"], text=True,
        capture_output=True, timeout=60, check=False, env={**os.environ, "SLABOARD_STORE": str(path)},
    )  # fmt: skip
    assert json.loads(done.stdout)["id"]
    assert done.stderr == ""


def test_a_terminal_that_knows_only_ascii(path: Path) -> None:
    with SqliteStore(path) as store, store.writing() as connection:
        connection.execute("UPDATE tickets SET title = 'Übergrößen 板' WHERE id = 'A-1'")
    for command in (["tickets"], ["tickets", "--json"], ["tickets", "--csv"], ["claim", "A-1", "--as", "Åsa"]):
        done = subprocess.run(
            [sys.executable, "-m", "slaboard", *command], capture_output=True, timeout=60, check=False,
            env={**os.environ, "SLABOARD_STORE": str(path), "PYTHONIOENCODING": "ascii", "LC_ALL": "C"},
        )  # fmt: skip
        assert b"has stopped" not in done.stderr, (command, done.stderr)


def test_what_is_asked_of_the_past_is_not_changed_by_the_present(
    path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = run("tickets", "--json", "--at", "2026-01-05T09:50:00Z").out
    at_noon(monkeypatch, at("10:30"))
    run("resolve", "A-1", "--as", "ana")
    assert run("tickets", "--json", "--at", "2026-01-05T09:50:00Z").out == before
    assert "A-1" not in run("tickets").out
