"""Checking a store."""

from __future__ import annotations

from pathlib import Path

from tests.commands.shell import Run, sql

# --- check ----------------------------------------------------------------------------------------------------


def test_a_store_that_agrees_with_its_events(path: Path, run: Run) -> None:
    assert run("check").out == "3 tickets recomputed, 0 differences.\n"


def test_each_difference_is_named(path: Path, run: Run) -> None:
    sql(path, "UPDATE clocks SET due_at = due_at + 60 WHERE ticket_id = 'A-1' AND bucket = 'resplan'")
    held = run("check", code=1)
    assert held.out.splitlines() == [
        "A-1: resplan 0: due_at is 1767618060, should be 1767618000", "3 tickets recomputed, 1 difference.",
    ]  # fmt: skip
    assert run("check", code=1).out == held.out, "it repairs nothing"


def test_what_another_program_wrote_is_computed_before_the_check(path: Path, run: Run) -> None:
    sql(
        path,
        "INSERT INTO tickets (id, priority) VALUES ('D-4', 'P2')",
        "UPDATE tickets SET owner = 'ben' WHERE id = 'B-2'",
    )
    assert run("check").out == "4 tickets recomputed, 0 differences.\n"
