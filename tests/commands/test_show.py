"""`slaboard show`: one ticket as the board's detail has it, and for programs."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from slaboard.board import cells
from tests.commands.shell import Run
from tests.commands.test_read import DANGEROUS, HOSTILE, hostile


def test_a_ticket_with_its_clocks_and_its_history(path: Path, run: Run) -> None:
    lines = run("show", "A-1").out.splitlines()
    assert lines[0].startswith("A-1  P2")
    assert [line.split()[0] for line in lines[2:5]] == ["Response", "Resplan", "Resolution"]
    assert "Owner    ana, since 09:30" in lines
    history = lines[lines.index("History, newest first") + 1 :]
    assert [line.split("  ")[1] for line in history[:2]] == ["ana claimed", "ana answered"]
    before = run("show", "A-1", "--at", "2026-01-05T09:10:00Z").out
    assert "unclaimed" in before
    assert "ana" not in before


def test_a_ticket_for_programs(path: Path, run: Run) -> None:
    """What `tickets --json` says of it, and its events by the keys of an import."""
    [ticket] = [one for one in run("tickets", "--json").objects if one["id"] == "A-1"]
    shown = run("show", "A-1", "--json").json
    events = shown.pop("events")
    assert shown == ticket
    assert [event["kind"] for event in events] == ["created", "message", "claim"]
    assert events[1] | {"event": 0} == {
        "ticket": "A-1", "at": "2026-01-05T09:20:00Z", "kind": "message", "direction": "out", "actor": "ana",
        "seq": 0, "via": events[1].get("via"), "event": 0,
    }  # fmt: skip


def test_no_such_ticket(path: Path, run: Run) -> None:
    assert "There is no ticket X in this store." in run("show", "X", code=6).err
    assert "There is no ticket (nothing) in this store." in run("show", "", code=6).err


def test_a_stranger_s_words_are_harmless_and_no_line_is_wider_than_the_terminal(
    path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    hostile(path)
    monkeypatch.setenv("COLUMNS", "40")
    with monkeypatch.context() as here:
        here.setattr(sys.stdout, "isatty", lambda: True)
        said = run("show", f"H{HOSTILE}").out
    assert not set(said) & DANGEROUS
    assert max(map(cells.width, said.splitlines())) <= 40
    assert not set(run("show", f"H{HOSTILE}", "--json").out) & DANGEROUS
