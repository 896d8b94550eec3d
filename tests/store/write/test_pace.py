"""How much a bulk writer takes on in one turn follows how long its turns are."""

from __future__ import annotations

from pathlib import Path

from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import Intake
from slaboard.store.write.pace import AIM_S, LEAST, Pace
from slaboard.ticket import Event, Kind


def settled(pace: Pace, row_s: float, turns: int = 40) -> float:
    """How long a turn is in the end where each row takes `row_s`."""
    for _ in range(turns):
        pace.took(pace.size, pace.size * row_s)
    return pace.size * row_s


def test_turns_come_to_the_length_that_is_aimed_at() -> None:
    for row_s in (0.0001, 0.0005, 0.001):
        assert 0.8 * AIM_S < settled(Pace(100, 400), row_s) < 1.2 * AIM_S


def test_a_slow_disk_and_a_quick_one_meet_the_bounds() -> None:
    slow, quick = Pace(100, 400), Pace(100, 400)
    settled(slow, 1.0)
    settled(quick, 0.0)
    assert slow.size == LEAST
    assert quick.size == 400


def test_one_turn_that_met_a_checkpoint_is_made_good_by_the_next_few() -> None:
    pace = Pace(100, 400)
    settled(pace, 0.0002)
    before = pace.size
    pace.took(pace.size, 10 * AIM_S)
    assert pace.size > before / 4
    assert settled(pace, 0.0002, turns=6) > 0.9 * AIM_S


def test_a_last_turn_of_few_rows_says_little() -> None:
    """One ticket alone has a commit of its own: nobody knows from it how many would fit."""
    pace = Pace(100, 400)
    pace.took(1, 0.001)
    assert pace.size >= 40


def test_more_than_a_turn_takes_is_taken_whole(tmp_path: Path) -> None:
    with SqliteStore.create(tmp_path / "a.db") as store:
        intake = Intake(store)
        record = intake.begin("source", "name", "ndjson", None, 0)
        events = [(n, Event(ticket=f"T-{n}", at=n, kind=Kind.CREATED)) for n in range(1_200)]
        assert intake.take(record, events) == (1_200, [])
        assert store.turn_s > 0
        assert store.ask("SELECT count(*) FROM events")[0][0] == 1_200
