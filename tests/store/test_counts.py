"""The quick numbers against the slow ones: on random stores, SQL counts and sorts like Python, ticket by ticket."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from slaboard.board.counting import grid_of
from slaboard.board.state import Grid
from slaboard.board.views import Tab, View, parse_filter
from slaboard.output import grid_json
from slaboard.store.read.past import Past, matches, saving_order
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import Intake
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage, Ticket, Zone
from tests.examples import examples
from tests.sla.story import at

POLICY = """
[calendar.office]
timezone = "Europe/Berlin"
hours = { mon = ["09:00-12:30", "13:30-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"] }

[[policy]]
name = "Urgent"
match = { priority = ["P1"] }
calendar = "24x7"
targets = { response = "15m", resplan = "1h", resolution = "4h", update = "1h" }
zones = { yellow_floor = "10m", orange = 0.5 }

[[policy]]
name = "Office"
match = { priority = ["P2"] }
calendar = "office"
response_pauses = true
targets = { response = "1h", resplan = "4h", resolution = "16h" }

[[policy]]
name = "Late"
match = { priority = ["P3"] }
calendar = "office"
targets = { resolution = "0s" }
"""
DAY_S = 86_400
PEOPLE = ("ana", "Åsa", None)
TITLES = ("VPN down", "Übergrößen fehlen", "50% of 100_000 \\ files", 'a "quoted" word', "ÜBERGRÖSSEN", "disk-full", "")
CUSTOMERS = ("Contoso", "Müller & Söhne", "")
FILTERS = (
    "p1", "p:2", "priority:P", "o:", "y: o:", "r:", "g:", "unclaimed", "owner:an", "owner:åsa", "owner:x",
    "cust:müller", 'cust:"& s"', "in:response", "in:resolution", "in:plan", "vpn", "-vpn", "über", "-über", "50%",
    "_000", "\\", '"quoted" p1', "down unclaimed o: y:", "contoso in:resplan", "nobody",
    "cust:=contoso", "cust:=", 'cust:="müller & söhne"', "owner:=ana", "owner:=an", "p:=p1", "p:=", "board:desk",
    "board:=Desk o: y: r:", "board:=", "in:update", "in:update o: r:", "p1 in:update g:",
)  # fmt: skip


# --- random stores --------------------------------------------------------------------------------------------

KINDS: dict[str, dict[str, Any]] = {
    "answer": {"kind": Kind.MESSAGE, "direction": Direction.OUT},
    "question": {"kind": Kind.MESSAGE, "direction": Direction.IN, "actor_kind": ActorKind.CUSTOMER},
    "engage": {"kind": Kind.ENGAGE},
    "wait": {"kind": Kind.STATUS, "stage": Stage.WAITING},
    "resume": {"kind": Kind.STATUS, "stage": Stage.RESPOND},
    "resolve": {"kind": Kind.RESOLVE},
    "close": {"kind": Kind.CLOSE},
    "reopen": {"kind": Kind.REOPEN},
    "claim": {"kind": Kind.CLAIM},
    "release": {"kind": Kind.RELEASE},
    "urgent": {"kind": Kind.PRIORITY, "priority": "P1"},
}


@st.composite
def histories(draw: st.DrawFn) -> list[Event]:
    """Up to a dozen tickets of two days, each with a few things that happened to it, to the minute."""
    events = []
    for number in range(draw(st.integers(1, 12))):
        ticket, moment = f"T-{number}", at("08:00") + 60 * draw(st.integers(0, 1_500))
        headless = draw(st.integers(0, 9)) == 0
        if not headless:
            events.append(
                Event(
                    ticket=ticket, at=moment, kind=Kind.CREATED, actor_kind=ActorKind.CUSTOMER,
                    priority=draw(st.sampled_from(("P1", "P2", "P3", "P4", None))), title=draw(st.sampled_from(TITLES)),
                    customer=draw(st.sampled_from(CUSTOMERS)),
                    board=draw(st.sampled_from(("Desk", "Service Desk", None))),
                )
            )  # fmt: skip
        for what in draw(st.lists(st.sampled_from(sorted(KINDS)), max_size=6)):
            moment += 60 * draw(st.integers(0, 400))
            actor = draw(st.sampled_from(PEOPLE)) or "ana"
            events.append(Event(ticket=ticket, at=moment, actor=actor, **KINDS[what]))
    return events


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the policy and no ticket, to be copied."""
    path = tmp_path_factory.mktemp("counts") / "empty.db"
    with SqliteStore.create(path) as store:
        store.apply_policy(POLICY, "test", at("08:00"))
    return path


@contextmanager
def holding(empty: Path, events: list[Event]) -> Iterator[SqliteStore]:
    path = empty.with_name("one.db")
    for left in empty.parent.glob("one.db*"):
        left.unlink()
    shutil.copy(empty, path)
    with SqliteStore(path) as store:
        intake = Intake(store)
        record = intake.begin("test", "test", "test", None, 0)
        intake.take(record, [(0, event) for event in events])
        intake.finish(record, lines=0, events=len(events), problems=0, now=last(events))
        yield store


def last(events: list[Event]) -> int:
    return max((event.at for event in events), default=at("08:00"))


def numbers(grid: Grid) -> dict[str, Any]:
    """Every number of a grid; parts that hold nothing count as left out."""
    found = grid_json(grid) | {"needs": grid.needs, "breached": grid.breached_unclaimed, "next": dict(grid.next)}
    parts = {name: (part.needs, part.breached_unclaimed) for name, part in grid.by_priority.items() if part.open}
    held = {name: part for name, part in found["by_priority"].items() if grid.by_priority[name].open}
    return found | {"by_priority": held, "parts": parts}


def everybody(store: SqliteStore, now: int) -> list[Ticket]:
    """Every open ticket, read one by one, in no order."""
    return store.some([row[0] for row in store.ask("SELECT id FROM tickets WHERE ended_at IS NULL ORDER BY rev")], now)


# --- what must be equal ---------------------------------------------------------------------------------------

moments = st.lists(st.integers(0, 3 * DAY_S), min_size=1, max_size=4).map(sorted)


@examples(30)
@given(events=histories(), after=moments)
def test_the_grid_is_the_same_counted_in_sql_one_by_one_moved_on_and_replayed(
    empty: Path, events: list[Event], after: list[int]
) -> None:
    with holding(empty, events) as store:
        start = last(events)
        moving = store.grid(start)
        for now in (start + seconds for seconds in after):
            quick = store.grid(now)
            moving = store.tick(moving, now)
            slow = grid_of(everybody(store, now), now, uses_update=True)
            assert numbers(quick) == numbers(slow)
            assert numbers(moving) == numbers(quick)
            assert numbers(Past(store, now).grid(now)) == numbers(quick)
            buckets = grid_json(quick)["buckets"]
            cells = sum(sum(row.values()) for name, row in buckets.items() if name != "update")
            assert quick.open == cells + quick.waiting + quick.no_sla == len(everybody(store, now))


@examples(30)
@given(events=histories(), after=st.integers(0, 3 * DAY_S), text=st.sampled_from(FILTERS), tab=st.sampled_from(Tab))
def test_a_list_holds_and_sorts_what_the_filter_says(
    empty: Path, events: list[Event], after: int, text: str, tab: Tab
) -> None:
    now, wanted = last(events) + after, parse_filter(text)
    with holding(empty, events) as store:
        past = Past(store, now)
        for view in (View(tab, person="ana"), View(tab, wanted, "ana")):
            listed = past.window(view, now, 0, 1_000).rows
            if tab is Tab.ALL:
                slow = [ticket for ticket in everybody(store, now) if matches(ticket, view.filter, now)]
                assert [t.id for t in sorted(slow, key=lambda t: saving_order(t, now))] == [t.id for t in listed]
            page = store.window(view, now, 0, 1_000)
            assert [ticket.id for ticket in page.rows] == [ticket.id for ticket in listed]
            assert page.total == len(listed)
            for index, ticket in enumerate(listed):
                assert store.rank(view, now, ticket.id) == index
            for other in everybody(store, now):
                if other.id not in {ticket.id for ticket in listed}:
                    assert store.rank(view, now, other.id) is None
            assert numbers(store.grid(now, view)) | {"next": {}} == numbers(past.grid(now, view)) | {"next": {}}
            told = [replace(ticket, rev=0) for ticket in store.tickets(now, view=view, ended=True)]
            assert told == list(past.tickets(now, view=view, ended=True))


@examples(10)
@given(events=histories(), after=st.integers(0, 3 * DAY_S), first=st.integers(0, 12), limit=st.integers(1, 5))
def test_a_page_is_a_slice_of_the_list(empty: Path, events: list[Event], after: int, first: int, limit: int) -> None:
    now, view = last(events) + after, View(Tab.ALL)
    with holding(empty, events) as store:
        whole = [ticket.id for ticket in store.window(view, now, 0, 1_000).rows]
        page = store.window(view, now, first, limit)
        assert [ticket.id for ticket in page.rows] == whole[first : first + limit]
        assert (page.first, page.total) == (min(first, len(whole)), len(whole))
        assert store.counts(now, "ana")[Tab.ALL] == len(whole)
        for tab in Tab:
            total = store.window(View(tab, person="ana"), now, 0, 1).total
            assert store.counts(now, "ana")[tab] == total, tab


def test_updates_have_a_list_of_their_own(empty: Path) -> None:
    """T-1 and T-2 promise one within the hour and wait for it, T-3 was answered; whoever has T-2 has its update."""
    events = [
        Event(ticket=f"T-{number}", at=at("09:00"), kind=Kind.CREATED, priority="P1", actor_kind=ActorKind.CUSTOMER)
        for number in (1, 2, 3)
    ]
    events.append(Event(ticket="T-2", at=at("09:01"), kind=Kind.CLAIM, actor="ana"))
    events.append(Event(ticket="T-3", at=at("09:02"), kind=Kind.MESSAGE, direction=Direction.OUT, actor="ana"))
    now = at("09:50")
    with holding(empty, events) as store:
        for source in (store, Past(store, now)):
            for tab, ids in ((Tab.ALL, ["T-1", "T-2"]), (Tab.NEEDS, ["T-1"]), (Tab.MINE, ["T-2"]), (Tab.BREACHED, [])):
                view = View(tab, parse_filter("in:update"), "ana")
                page = source.window(view, now, 0, 9)
                assert ([ticket.id for ticket in page.rows], page.total) == (ids, len(ids))
                assert [source.rank(view, now, id_) for id_ in ids] == list(range(len(ids)))
            orange, green = View(Tab.ALL, parse_filter("in:update o:")), View(Tab.ALL, parse_filter("in:update g:"))
            assert (source.window(orange, now, 0, 9).total, source.window(green, now, 0, 9).total) == (2, 0)
            hits = source.grid(now, orange)
            assert (hits.open, dict(hits.cells)) == (2, {(Bucket.UPDATE, Zone.ORANGE): 2})


def test_a_clock_set_back_counts_afresh(empty: Path) -> None:
    created = Event(ticket="T-1", at=at("09:00"), kind=Kind.CREATED, priority="P1")
    with holding(empty, [created]) as store:
        late = store.grid(at("09:20"))
        assert numbers(store.tick(late, at("09:01"))) == numbers(store.grid(at("09:01")))


def test_what_comes_next_is_what_breaches_next(empty: Path) -> None:
    """T-1 is due at five, when the office closes; until nine next morning it can still be met, T-2 until six only."""
    with holding(
        empty,
        [
            Event(ticket="T-1", at=at("15:00"), kind=Kind.CREATED, priority="P2"),  # 16:00 to 17:00 in Berlin
            Event(ticket="T-2", at=at("16:45"), kind=Kind.CREATED, priority="P1"),
        ],
    ) as store:
        for source in (store, Past(store, at("16:46"))):
            found = next(iter(source.grid(at("16:46")).next.values()))
            assert (found.ticket, found.due_at) == ("T-2", at("17:00"))


@examples(30)
@given(events=histories(), steps=st.lists(st.integers(-DAY_S, 3 * DAY_S), min_size=1, max_size=5))
def test_moving_in_the_past_shows_what_going_there_shows(empty: Path, events: list[Event], steps: list[int]) -> None:
    """Forward or back, whatever happened in between: undos, late events and reopened tickets are none the wiser."""
    with holding(empty, events) as store:
        moving = Past(store, last(events))
        for moment in (last(events) + seconds for seconds in steps):
            there = Past(store, moment)
            moving.move(moment)
            assert numbers(moving.grid(moment)) == numbers(there.grid(moment))
            for tab in Tab:
                view = View(tab, person="ana")
                assert moving.window(view, moment, 0, 1_000) == there.window(view, moment, 0, 1_000)
                assert list(there.window(view, moment, 0, 1_000).rows) == list(there.tickets(moment, view=view))


def test_a_ticket_that_waits_is_in_no_zone_though_its_response_runs_on(empty: Path) -> None:
    """Response does not pause (rule 7), so the clock of a waiting ticket has edges; a zone still leaves it out."""
    events = [
        Event(ticket="T-1", at=at("09:00"), kind=Kind.CREATED, priority="P1"),
        Event(ticket="T-1", at=at("09:05"), kind=Kind.STATUS, stage=Stage.WAITING, actor="ana"),
    ]
    with holding(empty, events) as store:
        now = at("16:00")
        grid = store.grid(now, View(Tab.ALL, parse_filter("r:")))
        assert (grid.open, grid.waiting) == (0, 0)
        assert store.grid(now, View(Tab.ALL, parse_filter("t-1"))).waiting == 1
