"""What happened today, for the wallboard: what counts as saved and as breached, and that it reads little."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.board.wall import Claimed
from slaboard.store.reports import today as questions
from slaboard.store.reports.today import today
from tests.sla.story import at
from tests.store.desk import desk

# A-1 is P2: response due 10:00, yellow and orange before; resplan due 13:00; resolution due next day.
MIDNIGHT = at("00:00")


@pytest.mark.parametrize(
    ("lines", "now", "saved", "breached"),
    [
        (("09:05 ana claim any", "09:06 ana respond"), "09:10", 0, 0),
        (("09:50 ana claim", "09:55 ana respond"), "09:58", 1, 0),
        (("09:55 ana respond",), "09:58", 0, 0),
        ((), "10:30", 0, 1),
        (("10:10 ana claim any", "10:20 ana respond"), "10:30", 0, 1),
        (("10:10 ana claim any",), "13:30", 0, 1),
    ],
    ids=[
        "kept while green", "kept at the last moment", "kept, but nobody's", "still running", "too late", "one stage",
    ],
)  # fmt: skip
def test_saved_and_breached(tmp_path: Path, lines: tuple[str, ...], now: str, saved: int, breached: int) -> None:
    """Saved: kept when yellow or orange already, on somebody's ticket. Breached: due today and not kept."""
    with desk(tmp_path / "s.db", *lines) as store:
        found = today(store, MIDNIGHT, at(now))
        assert (found.saved, found.breached) == (saved, breached)


def test_yesterday_is_another_day(tmp_path: Path) -> None:
    """Neither its results nor its claims count, nor what has been red since."""
    with desk(tmp_path / "s.db", "09:50 ana claim", "09:55 ana respond") as store:
        found = today(store, at("12:00"), at("12:30"))
        assert (found.claimed, found.saved, found.breached, found.claims) == (0, 0, 0, ())


def test_the_last_claims_newest_first_and_none_that_was_undone(tmp_path: Path) -> None:
    lines = ("09:01 mail add B-2 priority=P2", "09:05 ana claim any", "09:06 ben claim any B-2", "09:06 ben undo B-2",
             "09:10 chi takeover A-1")  # fmt: skip
    with desk(tmp_path / "s.db", *lines) as store:
        found = today(store, MIDNIGHT, at("09:30"))
        assert found.claims == (Claimed(at("09:10"), "chi", "A-1"), Claimed(at("09:05"), "ana", "A-1"))
        assert found.claimed == 2


def test_a_claim_counts_however_much_has_been_written_since(tmp_path: Path) -> None:
    with desk(tmp_path / "s.db", "09:05 ana claim any") as store:
        with store.writing() as connection:
            notes = [("A-1", at("09:10"))] * 3_000
            connection.executemany(
                "INSERT INTO events (ticket_id, at, kind, actor) VALUES (?, ?, 'note', 'ana')", notes
            )
        assert today(store, MIDNIGHT, at("09:30")).claimed == 1


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        ("RESULTS", ["SEARCH o USING INDEX outcomes_stopped (stopped_at>? AND stopped_at<?)"]),
        ("RED", ["SEARCH clocks USING COVERING INDEX clocks_red (place=? AND bucket=? AND red_at>? AND red_at<?)"]),
        ("CLAIMS", ["SEARCH e USING INDEX events_claims (at>? AND at<?)"]),
    ],
)
def test_it_reads_the_day_and_no_more(tmp_path: Path, sql: str, steps: list[str]) -> None:
    """However many results and events the store has."""
    values = {"since": 0, "now": 1}
    with desk(tmp_path / "s.db") as store:
        rows = store.ask(f"EXPLAIN QUERY PLAN {getattr(questions, sql)}", values)
        plan = [row["detail"] for row in rows if not row["detail"].startswith(("SCALAR", "CORRELATED"))]
        assert plan[: len(steps)] == steps
        assert not any(step.startswith("SCAN") for step in plan), plan
