"""The store as it was: nothing of what came later leaks in, and results are those of then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.board.views import Tab, View, parse_filter
from slaboard.errors import NoSuchTicket
from slaboard.store.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Bucket, ClockState, Stage, Ticket
from tests.sla.story import at, told
from tests.store.desk import POLICY, desk

DAY = (
    "09:20 ana respond", "09:30 ana claim any", "09:40 ana engage", "10:00 ana wait", "11:00 ana resume",
    "11:30 ana set priority=P1 title=Disk", "12:00 ana resolve", "12:30 ben reopen", "13:00 ben close",
)  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db", *DAY) as made:
        yield made


def then(store: SqliteStore, time: str) -> Ticket:
    [ticket] = Past(store, at(time)).all()
    return ticket


@pytest.mark.parametrize(
    ("time", "stage", "owner", "title", "clocks"),
    [
        ("09:00", Stage.RESPOND, None, "VPN", ["running due 10:00", "running due 13:00", "running due 06T01:00"]),
        ("09:19:59", Stage.RESPOND, None, "VPN", ["running due 10:00", "running due 13:00", "running due 06T01:00"]),
        ("09:20", Stage.PLAN, None, "VPN", ["met 20m", "running due 13:00", "running due 06T01:00"]),
        ("09:30", Stage.PLAN, "ana", "VPN", ["met 20m", "running due 13:00", "running due 06T01:00"]),
        ("10:30", Stage.WAITING, "ana", "VPN", ["met 20m", "met 40m", "waiting green 900m left"]),
        ("11:15", Stage.RESOLVE, "ana", "VPN", ["met 20m", "met 40m", "running due 06T02:00"]),
        ("11:30", Stage.RESOLVE, "ana", "Disk", ["met 20m", "met 40m", "running due 14:00"]),
        ("12:00", Stage.RESOLVED, "ana", "Disk", ["met 20m", "met 40m", "met 120m"]),
        ("12:45", Stage.RESOLVE, "ana", "Disk", ["met 20m", "met 40m", "met 120m", "running due 14:30"]),
        ("13:00", Stage.CLOSED, "ana", "Disk", ["met 20m", "met 40m", "met 120m", "met 150m"]),
    ],
)  # fmt: skip
def test_a_ticket_at_every_turn_of_its_day(
    store: SqliteStore, time: str, stage: Stage, owner: str | None, title: str, clocks: list[str]
) -> None:
    found = then(store, time)
    assert (found.stage, found.owner, found.title, [told(clock) for clock in found.clocks]) == (
        stage,
        owner,
        title,
        clocks,
    )


def test_before_the_first_ticket_there_is_none(store: SqliteStore) -> None:
    past = Past(store, at("08:59:59"))
    assert (past.all(), past.grid(0).open, dict(past.loads())) == ([], 0, {})
    with pytest.raises(NoSuchTicket):
        past.detail("A-1", 0)


def test_the_history_of_a_ticket_ends_at_the_moment(store: SqliteStore) -> None:
    detail = Past(store, at("09:30")).detail("A-1", 0)
    assert [event.kind for event in detail.events] == ["created", "message", "claim"]


def test_an_act_that_was_undone_later_stood_until_then(tmp_path: Path) -> None:
    with desk(tmp_path / "s.db", "09:50 ana respond / 09:50:20 ana undo") as store:
        assert then(store, "09:50:10").stage is Stage.PLAN
        assert then(store, "09:50:20").stage is Stage.RESPOND
        assert then(store, "09:50:20").clocks[0].state is ClockState.RUNNING


def test_running_clocks_of_the_past_run_under_todays_policy_and_its_results_under_theirs(store: SqliteStore) -> None:
    """Rule 24."""
    store.apply_policy(POLICY.replace('"4h", resolution', '"2h", resolution'), "test", at("13:30"))
    found = then(store, "09:25")
    assert [told(clock) for clock in found.clocks][:2] == ["met 20m", "running due 11:00"]
    assert [clock.policy_version for clock in found.clocks] == [1, 2, 2]


def test_the_counts_of_the_past(store: SqliteStore) -> None:
    past = Past(store, at("11:00"))
    assert past.grid(0).row(Bucket.RESOLUTION) == (1, 0, 0, 0)
    assert past.counts(0, "ana") == {Tab.NEEDS: 0, Tab.MINE: 1, Tab.ALL: 1, Tab.BREACHED: 0}
    assert dict(past.loads()) == {"ana": 1}
    assert past.window(View(Tab.ALL, parse_filter("owner:ben")), 0, 0, 9).total == 0


def test_texts_are_clean_for_a_board_and_as_they_came_for_a_program(tmp_path: Path) -> None:
    """Also where two ids look the same once they are clean."""
    with desk(tmp_path / "s.db") as store:
        for name in ("B\u200e", "B\u200f"):
            store.connection.execute(
                "INSERT INTO tickets (id, title, priority, opened_at) VALUES (?, ?, 'P2', ?)",
                (name, f"\x1b{name}", at("09:00")),
            )
        store.catch_up(at("09:00"))
        past = Past(store, at("10:00"))
        shown = [(ticket.id, ticket.title) for ticket in past.tickets(0, view=View(Tab.ALL))]
        came = [(ticket.id, ticket.title) for ticket in past.tickets(0, view=View(Tab.ALL), as_it_came=True)]
        assert sorted(shown) == [("A-1", "VPN"), ("B", "\ufffdB"), ("B", "\ufffdB")]
        assert sorted(came) == [("A-1", "VPN"), ("B\u200e", "\x1bB\u200e"), ("B\u200f", "\x1bB\u200f")]
