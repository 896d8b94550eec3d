"""Who changed zone: told once, at the edge's own second or with the commit, and never what was so at the first look."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

from slaboard.alerts.alert import Crossing
from slaboard.store.base import Act
from slaboard.store.read import queries
from slaboard.store.read.crossings import BACK_S, WAITS, Looked, Lookout, Spot
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Bucket, Event, Zone
from tests.store.read.test_live import happen, steps
from tests.store.test_counts import empty, histories, holding, last
from tests.stores import GREEN, ORANGE, YELLOW, make

__all__ = ["empty"]

NOW = 1_763_736_067
HOUR = 3_600


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make(tmp_path / "s.db", NOW, [GREEN, YELLOW, ORANGE])


def told(looked: Looked) -> list[str]:
    """`T-1 green yellow`, one a crossing."""
    return [f"{one.ticket} {one.before or '-'} {one.after or '-'}" for one in looked.crossings]


def looking(store: SqliteStore, now: int = NOW) -> Lookout:
    """A lookout that has seen how it begins."""
    lookout = Lookout()
    assert lookout.look(store, now) == Looked()
    return lookout


# --- by time ----------------------------------------------------------------------------------------------------


def test_a_ticket_crosses_at_its_edge_s_own_second(path: Path) -> None:
    """T-2, opened 2,000 s ago with an hour for the response, turns orange after 2,700 s and red a second past due."""
    with SqliteStore(path) as store:
        lookout = looking(store)
        assert lookout.next_edge == NOW - ORANGE + HOUR + 1
        assert told(lookout.look(store, NOW + 599)) == []
        assert told(lookout.look(store, NOW + 600)) == []
        [late] = lookout.look(store, NOW + 601).crossings
        assert late == Crossing("T-3", Bucket.RESPONSE, Zone.ORANGE, Zone.RED, NOW + 601, NOW + 600)
        [saved] = lookout.look(store, NOW + 705).crossings
        assert saved == Crossing("T-2", Bucket.RESPONSE, Zone.YELLOW, Zone.ORANGE, NOW + 700, NOW + 1_600)
        assert told(lookout.look(store, NOW + 705)) == []


def test_after_a_long_sleep_a_ticket_crosses_once(path: Path) -> None:
    with SqliteStore(path) as store:
        assert told(looking(store).look(store, NOW + 10 * HOUR)) == [
            "T-3 orange red",
            "T-2 yellow red",
            "T-1 green red",
        ]


def test_a_clock_set_back_a_little_tells_nothing_twice_and_much_tells_it_again(path: Path) -> None:
    with SqliteStore(path) as store:
        lookout = looking(store)
        assert told(lookout.look(store, NOW + 601)) == ["T-3 orange red"]
        assert told(lookout.look(store, NOW + 601 - BACK_S)) == []
        assert told(lookout.look(store, NOW + 610)) == []
        assert told(lookout.look(store, NOW)) == []
        assert told(lookout.look(store, NOW + 601)) == ["T-3 orange red"]


# --- by commits -------------------------------------------------------------------------------------------------


def test_a_new_ticket_comes_and_a_done_one_goes(path: Path) -> None:
    with SqliteStore(path) as store:
        lookout = looking(store)
        store.add(Act("add", "T-9", "mail", changes={"title": "x"}), NOW - YELLOW)
        assert told(lookout.look(store, NOW)) == ["T-9 - yellow"]
        store.act(Act("resolve", "T-9", "Ana"), NOW)
        assert told(lookout.look(store, NOW)) == ["T-9 yellow -"]


def test_an_answer_takes_a_ticket_out_of_its_zone(path: Path) -> None:
    """From orange of the response to green of the resplan; a claim moves nothing."""
    with SqliteStore(path) as store:
        lookout = looking(store)
        store.act(Act("claim", "T-3", "Ana"), NOW)
        assert told(lookout.look(store, NOW)) == []
        store.act(Act("respond", "T-3", "Ana"), NOW)
        [crossing] = lookout.look(store, NOW).crossings
        assert (crossing.bucket, crossing.before, crossing.after) == (Bucket.RESPLAN, Zone.ORANGE, Zone.GREEN)
        assert not crossing.is_entry


def test_waiting_and_going_on_cross_nothing(path: Path) -> None:
    """A stopped clock keeps its colour (rule 6): nobody is rung at for a ticket that comes back as it went."""
    with SqliteStore(path) as store:
        store.act(Act("respond", "T-3", "Ana"), NOW)
        store.act(Act("engage", "T-3", "Ana"), NOW)
        later = NOW + 9 * HOUR
        lookout = looking(store, later)
        store.act(Act("wait", "T-3", "Ana", text="customer"), later)
        assert told(lookout.look(store, later)) == []
        store.act(Act("resume", "T-3", "Ana"), later + 40 * HOUR)
        assert [line for line in told(lookout.look(store, later + 40 * HOUR)) if line.startswith("T-3")] == []
        store.act(Act("wait", "T-3", "Ana", text="customer"), later + 40 * HOUR)
        lookout.look(store, later + 40 * HOUR)
        store.act(Act("resolve", "T-3", "Ana"), later + 41 * HOUR)
        assert told(lookout.look(store, later + 41 * HOUR)) == ["T-3 yellow -"]


def test_a_response_that_runs_on_while_its_ticket_waits_still_crosses(path: Path) -> None:
    """Rule 7: nobody can wait for a customer whom nobody has answered."""
    with SqliteStore(path) as store:
        lookout = looking(store)
        store.act(Act("wait", "T-3", "Ana", text="vendor"), NOW)
        assert told(lookout.look(store, NOW)) == []
        assert told(lookout.look(store, NOW + 601)) == ["T-3 orange red"]


def test_a_breach_that_a_new_priority_makes_is_no_entry(tmp_path: Path) -> None:
    """Rule 14; what it makes orange is one, for it can still be saved."""
    policy = """
[[policy]]
name = "Urgent"
match = { priority = ["P1"] }
calendar = "24x7"
targets = { response = "15m" }
[[policy]]
name = "All"
calendar = "24x7"
targets = { response = "1h" }
"""
    with SqliteStore.create(tmp_path / "s.db") as store:
        store.apply_policy(policy, "test", NOW)
        store.add(Act("add", "T-1", "mail", changes={"title": "x"}), NOW - 1_000)
        store.add(Act("add", "T-2", "mail", changes={"title": "x"}), NOW - 800)
        lookout = looking(store)
        for ticket in ("T-1", "T-2"):
            store.act(Act("set", ticket, "Ana", changes={"priority": "P1"}), NOW)
        late, near = lookout.look(store, NOW).crossings
        assert (late.after, late.is_retarget, late.is_entry) == (Zone.RED, True, False)
        assert (near.after, near.is_retarget, near.is_entry) == (Zone.ORANGE, False, True)


def test_a_ledger_that_does_not_go_on_is_said_and_begun_anew(path: Path) -> None:
    with SqliteStore(path) as store:
        lookout = looking(store)
        with store.writing() as connection:
            connection.execute("UPDATE ledger SET mark = mark + 1")
        assert lookout.look(store, NOW + 601) == Looked(is_whole=False)
        assert lookout.look(store, NOW + 602) == Looked()


# --- against a look at every clock -------------------------------------------------------------------------------


def standing(store: SqliteStore, now: int) -> tuple[dict[Spot, Zone], set[str]]:
    """Every clock in the grid with its zone, read one by one; and the tickets that wait."""
    found: dict[Spot, Zone] = {}
    waiting = set()
    for ticket in store.some([row[0] for row in store.ask("SELECT id FROM tickets")], now):
        counted = store.ask("SELECT bucket, cycle, place FROM clocks WHERE ticket_id = ? AND place > 0", (ticket.id,))
        for bucket, cycle, place in counted:
            clock = next(one for one in ticket.clocks if (one.bucket, one.cycle) == (bucket, cycle))
            found[Spot(ticket.id, place == 3)] = clock.zone(now)
            if place == WAITS:
                waiting.add(ticket.id)
    return found, waiting


@settings(max_examples=15)
@given(events=histories(), happened=steps)
def test_whatever_happens_it_tells_what_a_look_at_every_clock_tells(
    empty: Path, events: list[Event], happened: list[object]
) -> None:
    """Acts, other programs' hands, imports, policies and time; tickets that wait keep their zone and are left out."""
    now = last(events)
    with holding(empty, events) as store:
        lookout = looking(store, now)
        before, waited = standing(store, now)
        for number, step in enumerate(happened):
            earlier, now = now, happen(store, step, now, number)
            now = max(now, earlier)
            looked = lookout.look(store, now)
            after, waits = standing(store, now)
            spots = {spot for spot in before.keys() | after.keys() if spot.ticket not in waited | waits}
            expected = {(*spot, before.get(spot), after.get(spot)) for spot in spots}
            found = {
                (one.ticket, one.bucket is Bucket.UPDATE, one.before, one.after)
                for one in looked.crossings
                if one.ticket not in waited | waits
            }
            if looked.is_whole:
                assert found == {one for one in expected if one[2] is not one[3]}
            before, waited = after, waits


def test_an_idle_look_reads_no_ticket(path: Path) -> None:
    """Only the ledger's end and the next edges, each found in its index: that costs the same at any size."""
    with SqliteStore(path) as store:
        plans = [
            row["detail"]
            for sql in (
                queries.NEXT_EDGE,
                *(queries.CROSSING.format(edge=e, range=r) for e, r in queries.EDGES.items()),
            )
            for row in store.ask(f"EXPLAIN QUERY PLAN {sql}", {"now": NOW, "last": NOW - 1})
            if " c " in f"{row['detail']} "
        ]
        assert plans
        assert all(plan.startswith("SEARCH c USING") and "_at>?" in plan for plan in plans), plans
