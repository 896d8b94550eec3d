"""The engine on a file: each ticket as its events leave it, in the order of the board, of a file of any size."""

from __future__ import annotations

import tracemalloc
from collections import deque
from pathlib import Path

import pytest

from slaboard.commands.explain import _replayed
from slaboard.host import aside
from slaboard.sla.policy import parse
from slaboard.text import json_line
from tests.commands.shell import Run
from tests.sla.story import at
from tests.store.desk import POLICY

NOW = at("09:50")


def event(ticket: str, time: int, kind: str = "created", **more: str) -> str:
    return json_line({"ticket": ticket, "at": time, "kind": kind, "priority": "P2", **more} | more)


@pytest.fixture
def policy(tmp_path: Path) -> str:
    path = tmp_path / "policy.toml"
    path.write_text(POLICY)
    return str(path)


def test_a_file_is_told_in_the_order_of_the_board_whatever_its_own(tmp_path: Path, run: Run, policy: str) -> None:
    """Red, then green, then what has ended; a line that is there twice counts once; what is refused is said."""
    file = tmp_path / "events.ndjson"
    lines = [
        event("Z-9", at("09:00"), title="over"), event("B-2", at("09:40"), title="new"),
        event("A-1", at("08:00"), title="late"), event("Z-9", at("09:10"), "status", status="Resolved"),
        event("B-2", at("09:40"), title="new"), event("A-1", at("07:00"), "status", status="Active"),
    ]  # fmt: skip
    file.write_text("\n".join(lines))
    said = run("replay", str(file), "--policy", policy, "--at", str(NOW))
    assert [line.split() for line in said.out.splitlines()] == [
        ["A-1", "respond", "red", "late"], ["B-2", "respond", "green", "new"], ["Z-9", "resolved", "resolved", "over"],
    ]  # fmt: skip
    assert said.err == "A-1: status at 2026-01-05T07:00:00Z is left out: it is older than the ticket's creation\n"
    objects = run("replay", str(file), "--policy", policy, "--at", str(NOW), "--json").objects
    assert [found["id"] for found in objects] == ["A-1", "B-2", "Z-9"]


def test_a_larger_file_takes_no_more_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "BATCH", 10)
    policies, _ = parse(POLICY)
    assert policies is not None
    peaks = []
    for tickets in (50, 200):
        file = tmp_path / f"{tickets}.ndjson"
        opened = (event(f"T-{number}", at("09:00") + number) for number in range(tickets))
        file.write_text(
            "\n".join([*opened, *(event(f"T-{n}", at("09:20"), "claim", actor="ana") for n in range(tickets))])
        )
        deque(_replayed(str(file), policies, None, NOW), maxlen=0)  # what is read once and kept
        tracemalloc.start()
        deque(_replayed(str(file), policies, None, NOW), maxlen=0)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 2 * peaks[0], "all of them at once would be four times as much"
