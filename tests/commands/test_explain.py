"""explain as a command: one clock or all, in a terminal of any width, for programs, and with nothing to tell."""

from __future__ import annotations

import shutil
import sys
from os import terminal_size
from pathlib import Path

import pytest

from slaboard.board import cells
from tests.commands.shell import Run, at_noon, store
from tests.sla.story import at
from tests.store.desk import POLICY

DAY = ("09:20 ana respond", "09:30 ana claim any", "09:40 ana engage", "10:00 ana resolve")


@pytest.mark.parametrize("width", [40, 80, 200])
def test_no_line_is_wider_than_the_terminal(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch, width: int
) -> None:
    """And nothing of the sum is lost: what has no room goes on in the next line."""
    made = str(store(tmp_path / "s.db", *DAY))
    piped = run("explain", "A-1", "--store", made).out
    monkeypatch.setattr(sys, "stdout", sys.stdout)
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(shutil, "get_terminal_size", lambda: terminal_size((width, 24)))
    shown = run("explain", "A-1", "--store", made).out
    assert max(map(cells.width, shown.splitlines())) <= width
    for words in ("sum 16:00:00", "by resolution of ana", "met: 1:00:00 used of 16:00:00"):
        assert words in piped
        assert words in " ".join(shown.split())


def test_programs_get_every_instant_in_one_form(tmp_path: Path, run: Run) -> None:
    """ISO 8601 in UTC, at any depth; all clocks have the same keys."""
    found = run("explain", "A-1", "--json", "--store", str(store(tmp_path / "s.db", *DAY))).objects
    assert [one["bucket"] for one in found] == ["response", "resplan", "resolution"]
    assert len({tuple(one) for one in found}) == 1
    response = found[0]
    assert response["steps"][0]["from"] == response["started_at"] == "2026-01-05T09:00:00Z"
    assert response["edges"][2] == {
        "zone": "red", "at": "2026-01-05T10:00:01Z", "used_s": 3601, "by": "due", "share": None, "floor_s": None,
    }  # fmt: skip
    assert response["stopped_by"]["at"] == response["messages"][0]["at"] == "2026-01-05T09:20:00Z"


def test_a_finished_clock_is_told_under_the_version_that_judged_it(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its hours too, which are others by now; judged anew it says what it was before."""
    made = str(store(tmp_path / "s.db", *DAY))
    office = '[calendar.day]\ntimezone = "Europe/London"\nhours = { mon = ["09:30-17:00"] }\n'
    (tmp_path / "p.toml").write_text(office + POLICY.replace('"24x7"', '"day"'))
    at_noon(monkeypatch, at("12:00"))
    run("policy", "apply", str(tmp_path / "p.toml"), "--yes", "--as", "ben", "--store", made)
    before = run("explain", "A-1", "--bucket", "resolution", "--store", made).out
    assert "calendar 24x7\n" in before
    assert "judged     met: 1:00:00 used of 16:00:00, under version 1\n" in before
    again = ("policy", "apply", str(tmp_path / "p.toml"), "--yes", "--as", "ben", "--rejudge-since", "2026-01-01")
    run(*again, "--store", made)
    after = run("explain", "A-1", "--bucket", "resolution", "--store", made).out
    assert "hours      mon 09:30-17:00 Europe/London\n" in after
    assert "judged     met: 0:30:00 used of 16:00:00, under version 3\n" in after
    assert "before   met: 1:00:00 used of 16:00:00, under version 1; stopped" in after
    assert "judged anew: rejudged\n" in after


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["A-9"], 6, "There is no ticket A-9 in this store."),
        (["A-1", "--at", "2026-01-05T08:00"], 6, "A-1 had not been opened by 2026-01-05 08:00Z."),
        (["A-1", "--bucket", "update"], 2, "A-1 has no update clock; it has response, resplan, resolution."),
        (["B-2"], 2, "B-2 has no clock: no priority, so nothing is promised for it."),
        (["B-2", "--bucket", "response"], 2, "B-2 has no clock: no priority, so nothing is promised for it."),
    ],
    ids=["no such ticket", "not opened yet", "no such clock", "nothing promised", "nothing promised in it"],
)
def test_where_there_is_nothing_to_tell_it_says_why(
    tmp_path: Path, run: Run, arguments: list[str], code: int, said: str
) -> None:
    made = str(store(tmp_path / "s.db", "09:50 mail add B-2 title=Fan"))
    assert said in run("explain", *arguments, "--store", made, code=code).err
