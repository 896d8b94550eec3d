"""The autopsy as a command: late clocks first, one by name, and for programs."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace

from slaboard.board.sight import Sight
from slaboard.board.views import View
from slaboard.follow.reader import Reader
from slaboard.store.sqlite import SqliteStore
from tests.commands.shell import Run
from tests.sla.story import at
from tests.store.desk import do


def test_the_late_clocks_of_a_ticket(path: Path, run: Run) -> None:
    """B-2 is 50 minutes old, nobody's, and has missed a response of 15 minutes."""
    said = run("autopsy", "B-2").out.splitlines()
    assert said == [
        "B-2  Response  running: 0:50:00 of 0:15:00, 0:35:00 too much",
        "  Mon 2026-01-05 09:00:00 +00:00 to now, Mon 2026-01-05 09:50:00 +00:00",
        "    unseen             0:50:00  333 %  nobody",
        "  = counted            0:50:00  333 %",
        "  = elapsed            0:50:00",
    ]


def test_where_nothing_is_late_all_are_shown(path: Path, run: Run) -> None:
    said = run("autopsy", "A-1").out
    assert said.startswith("Nothing is late; this is where the time went so far.\n\nA-1  Response  met")
    assert said.count("= elapsed") == 3


def test_one_clock_for_programs(path: Path, run: Run) -> None:
    """Parts in seconds, instants in ISO 8601; a clock that is not there is a sentence."""
    (found,) = run("autopsy", "A-1", "--bucket", "resolution", "--json").objects
    assert (found["begin_at"], found["elapsed_wall_s"], found["counted_s"]) == ("2026-01-05T09:00:00Z", 3000, 3000)
    assert found["parts"] == [
        {"part": "unseen", "who": None, "seconds": 1200},
        {"part": "unclaimed", "who": None, "seconds": 600},
        {"part": "idle", "who": "ana", "seconds": 1200},
    ]
    assert "A-1 has no update" in run("autopsy", "A-1", "--bucket", "update", code=2).err
    assert "X-9" in run("autopsy", "X-9", code=None).err


def test_the_reasons_of_a_late_clock_end_with_where_its_time_went(path: Path) -> None:
    """On a board, by the same figures."""
    with SqliteStore(path) as store:
        do(store, "09:40 ben claim B-2 any")
        reader, sight = Reader(store), Sight(View())
        reader.read(sight, at("09:50"))
        seen = reader.look(replace(sight, reason="B-2"), at("09:50"))
    assert seen is not None
    assert seen.reason is not None
    first = seen.reason[: seen.reason.index("")]
    assert first[-2:] == ("  spent         0:40:00 unseen", "  spent         0:10:00 claimed but idle (ben)")
    assert sum("spent" in line for line in seen.reason) == 2


def test_as_it_was(path: Path, run: Run) -> None:
    """Nothing of later is in it."""
    (found,) = run("autopsy", "A-1", "--bucket", "resolution", "--at", "2026-01-05T09:10:00Z", "--json").objects
    assert found["parts"] == [{"part": "unseen", "who": None, "seconds": 600}]


def test_footnotes_follow_without_names_unless_asked_for(path: Path, run: Run) -> None:
    """What stands behind a figure is told as a fact."""
    with SqliteStore(path) as store:
        do(store, "10:00 ben resolve A-1", "10:04 ben reopen A-1")
    note = "A-1 was reopened 0:04:00 after it was resolved"
    assert run("autopsy", "A-1", "--at", "2026-01-05T10:10:00Z").out.endswith(f"\n\nNote: {note}.\n")
    assert run("autopsy", "A-1", "--names", "--at", "2026-01-05T10:10:00Z").out.endswith(f"\n\nNote: {note} (ben).\n")
    found = run("autopsy", "A-1", "--json", "--at", "2026-01-05T10:10:00Z").objects
    assert found[0]["footnotes"] == [f"{note}."]
