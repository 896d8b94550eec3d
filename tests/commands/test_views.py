"""`slaboard views`, and what `slaboard tickets` makes of one: listed, printed, into a file."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from slaboard import viewfile
from tests.commands.shell import Run

pytestmark = pytest.mark.usefixtures("path")


def test_one_s_own_and_the_team_s(run: Run) -> None:
    """Saved, listed, shown, used, renamed and removed."""
    assert run("views", "list").out.startswith("No view was saved yet.")
    said = run("views", "save", "Morning round", "--filter", 'cust:"Tansy" p1', "--sort=-due", "--grid", "owner")
    assert said.out == f"OK Morning round is saved in {viewfile.folder() / 'morning-round.toml'}\n"
    said = run("views", "save", "Late", "--filter", "r:", "--list", "breached", "--team", "--as", "Ana")
    assert said.out == "OK Late is saved for the team\n"
    assert run("views", "list").out.splitlines() == [
        'own   Morning round             cust:"Tansy" p1 · all tickets · by -due · grid owner',
        "team  Late                      r: · breached tickets",
    ]
    assert run("views", "show", "late", "--json").json == {
        "name": "Late", "team": True, "filter": "r:", "list": "breached", "sort": "saving", "grid": "stage",
        "saved_by": "Ana",
    }  # fmt: skip
    assert run("views", "show", "MORNING round").out.splitlines()[1] == 'filter = "cust:\\"Tansy\\" p1"'
    assert [ticket["id"] for ticket in run("tickets", "--view", "Late", "--json").objects] == ["B-2"]
    assert run("views", "rename", "Late", "Lost", "--team").out == "OK Late is called Lost now\n"
    assert run("views", "rename", "Morning round", "Dawn").code == 0
    assert [view["name"] for view in run("views", "list", "--json").objects] == ["Dawn", "Lost"]
    run("views", "remove", "Lost", "--team")
    run("views", "remove", "dawn")
    assert run("views", "list", "--json").out == ""


def test_what_cannot_be_is_a_sentence(run: Run) -> None:
    assert 'There is no view "x". None was saved yet' in run("views", "show", "x", code=2).err
    said = run("views", "save", "x", "--sort", "moon", code=2)
    assert 'sort = "moon" is not known; there are saving, due' in said.err
    assert 'The team has no view "x". None was' in run("views", "remove", "x", "--team", code=2).err
    run("views", "save", "Mine", "--filter", "p1")
    run("views", "save", "Ours", "--team", "--as", "Ana")
    assert 'no view "x". There are "Mine", "Ours".' in run("board", "--view", "x", code=2).err
    assert 'You have no view "Ours". There is "Mine".' in run("views", "remove", "Ours", code=2).err
    assert 'The team has no view "Mine". There is "Ours".' in run("views", "rename", "Mine", "y", "--team", code=2).err
    assert "choose one of them" in run("tickets", "--view", "x", "--filter", "y", code=2).err


def test_a_file_that_cannot_be_used_is_told_beside(run: Run) -> None:
    viewfile.folder().mkdir(parents=True)
    (viewfile.folder() / "bad.toml").write_text("lst = 1\n")
    said = run("views", "list")
    assert "bad.toml: line 1: lst is no part of a view; perhaps list is meant" in said.err
    assert said.out.startswith("No view was saved yet.")


def test_a_list_goes_into_a_file_once(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    assert run("tickets", "--out", str(file)).out == f"OK 2 tickets are in {file}\n"
    with file.open(encoding="utf-8", newline="") as opened:
        assert [row["id"] for row in csv.DictReader(opened)] == ["B-2", "A-1"]
    assert file.read_text() == run("tickets", "--csv").out == run("tickets", "--format", "csv").out
    assert "or say --force" in run("tickets", "--out", str(file), code=2).err
    run("tickets", "--filter", "owner:=ana", "--out", str(file), "--force")
    assert [line.split(",")[0] for line in file.read_text().splitlines()] == ["id", "A-1"]
    assert "choose one of them" in run("tickets", "--json", "--format", "csv", code=2).err
    other = tmp_path / "y"
    run("tickets", "--format", "ndjson", "--out", str(other))
    assert other.read_text() == run("tickets", "--json").out


# --- the board by a view ----------------------------------------------------------------------------------------


def test_a_board_is_printed_as_the_view_has_it(run: Run) -> None:
    """Its list, filter and grid; the past by the same view."""
    run("views", "save", "Tansy", "--filter", "cust:tansy", "--list", "all", "--grid", "customer")
    seen = run("board", "--view", "tansy", "--size", "100x20").out
    assert "SLA by Customer" in seen
    assert "[All 1 of 2]  filter: cust:tansy" in seen
    assert "B-2" in seen
    assert "A-1" not in seen
    before = run("board", "--view", "Tansy", "--once", "--size", "100x20", "--at", "2026-01-05T08:05:00Z").out
    assert "SLA by Customer" in before
    assert "PAST 2026-01-05 08:05Z" in before
    assert "SLA by Status" in run("board", "--once", "--size", "100x20").out


def test_a_view_of_mine_wants_somebody_who_acts(run: Run) -> None:
    run("views", "save", "My day", "--list", "mine")
    assert "A-1" in run("board", "--view", "My day", "--once", "--as", "ana").out
    refused = "My day lists tickets of mine, and nobody acts on this screen"
    assert f"{refused}: say --as NAME." in run("board", "--view", "My day", code=2).err
    assert f"{refused}: open it without --shared." in run("board", "--shared", "--view", "My day", code=2).err
    assert "leave out --view" in run("board", "--view", "My day", "--wall", code=2).err
