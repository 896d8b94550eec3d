"""The store as it was: nothing of what came later leaks in, and results are those of then."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest

from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.errors import NoSuchTicket, NotOpenedYet
from slaboard.host import aside
from slaboard.store.read import moment
from slaboard.store.read import past as past_module
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import Intake
from slaboard.ticket import Bucket, ClockState, Direction, Event, Kind, Stage, Ticket
from tests.sla.story import at, told
from tests.store.desk import POLICY, desk, do

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
    assert ([*past.all()], past.grid(0).open, dict(past.loads())) == ([], 0, {})
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


def test_what_was_judged_once_knowing_an_undo_stood_otherwise_until_then(tmp_path: Path) -> None:
    """An import brings two answers and the undo of the first: until the undo, the first was the answer."""
    answer = {"kind": Kind.MESSAGE, "direction": Direction.OUT, "actor": "ana"}
    lines = [
        Event(ticket="A-2", at=at("09:00"), kind=Kind.CREATED, priority="P2"),
        Event(ticket="A-2", at=at("09:10"), id="first", **answer),  # type: ignore[arg-type]
        Event(ticket="A-2", at=at("09:40"), **answer),  # type: ignore[arg-type]
        Event(ticket="A-2", at=at("11:00"), kind=Kind.UNDO, caused_by="first"),
    ]
    with desk(tmp_path / "s.db") as store:
        intake = Intake(store)
        record = intake.begin("c", "c", "c", None, at("12:00"))
        intake.take(record, list(enumerate(lines)))
        intake.finish(record, lines=4, events=4, problems=0, now=at("12:00"))
        for time, response in (("09:20", "met 10m"), ("10:59", "met 10m"), ("11:00", "met 40m")):
            [ticket] = Past(store, at(time)).some(["A-2"], 0)
            assert told(ticket.clocks[0]) == response, time


def test_what_others_do_meanwhile_is_seen_and_the_rest_stays_as_it_was_read(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A board in the past reads only what changed, of 100,000 tickets too; another policy changes them all."""
    do(store, "13:10 mail add B-2 title=Disk priority=P2")
    past, read = Past(store, at("13:20")), list[str]()
    assert past.grid(0).open == 1
    known = moment.tickets_at

    def watched(store: SqliteStore, page: Sequence[str], at: int, version: int) -> Iterator[Ticket]:
        read.extend(page)
        return known(store, page, at, version)

    monkeypatch.setattr("slaboard.store.read.past.tickets_at", watched)
    do(store, "13:15 mail add C-3 title=Fan priority=P2", "13:30 ana resolve B-2")
    past.renew()
    assert (past.grid(0).open, sorted(read)) == (2, ["B-2", "C-3"])
    read.clear()
    past.renew()
    assert (past.grid(0).open, read) == (2, [])
    store.apply_policy(POLICY.replace('"16h"', '"12h"'), "test", at("13:40"))
    past.renew()
    assert {clock.policy_version for t in past.tickets(0, view=View(Tab.ALL)) for clock in t.clocks} == {2}


def test_the_worst_that_is_lost_is_told_of_the_whole_list_only(store: SqliteStore) -> None:
    """As in the present: with a filter on, that line would name a ticket that the list does not mean."""
    do(store, "13:10 mail add B-2 title=Disk priority=P2")
    past = Past(store, at("14:30"))
    whole, filtered = (past.window(View(Tab.NEEDS, parse_filter(text)), 0, 0, 9) for text in ("", "p1"))
    assert (whole.worst and whole.worst.id, filtered.worst) == ("B-2", None)


def test_a_ticket_that_was_not_opened_yet_is_called_so(store: SqliteStore) -> None:
    with pytest.raises(NotOpenedYet, match="A-1 had not been opened by 2026-01-05 08:59Z"):
        Past(store, at("08:59")).detail("A-1", 0)


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


# --- any number of tickets ------------------------------------------------------------------------------------


def crowd(path: Path, tickets: int) -> SqliteStore:
    """So many tickets that were opened and answered; every third one is resolved."""
    store = SqliteStore.create(path)
    store.apply_policy(POLICY, "test", at("08:00"))
    lines = []
    for number in range(tickets):
        opened, ticket = at("09:00") + number % 600, f"C-{number:05}"
        lines.append(Event(ticket=ticket, at=opened, kind=Kind.CREATED, priority="P2", title=f"thing {number}"))
        kind = {"kind": Kind.STATUS, "status": "Resolved"} if number % 3 == 0 else {"kind": Kind.CLAIM, "actor": "ana"}
        lines.append(Event(ticket=ticket, at=opened + 600, **kind))  # type: ignore[arg-type]
    intake = Intake(store)
    record = intake.begin("c", "c", "c", None, at("12:00"))
    intake.take(record, list(enumerate(lines)))
    intake.finish(record, lines=len(lines), events=len(lines), problems=0, now=at("12:00"))
    return store


def peak(look: Callable[[], object]) -> int:
    """The most bytes that Python had taken more than before, while `look` ran."""
    tracemalloc.start()
    try:
        look()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def looked(past: Past, what: str, now: int) -> object:
    if what == "grid":
        return past.grid(now)
    return sum(1 for _ in past.tickets(now, view=View(Tab.ALL), ended=what == "ended too"))


@pytest.mark.parametrize("what", ["grid", "tickets", "ended too"])
def test_one_look_at_the_past_holds_a_page_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    """Five times as many tickets take no more memory."""
    monkeypatch.setattr(past_module, "PAGE", 20)
    monkeypatch.setattr(aside, "BATCH", 20)
    now, found = at("11:00"), []
    for tickets in (60, 300):
        seen: list[int] = []
        with crowd(tmp_path / f"{tickets}.db", tickets) as store:
            list(Past(store, now).all())  # whatever is read once and kept
            past = Past(store, now, once=True, on_tickets=seen.append)
            taken = peak(partial(looked, past, what, now))
        assert seen == [*range(20, tickets + 1, 20)]
        found.append(taken)
    assert found[1] < 2 * found[0], "all of them at once would be nine times as much"


@pytest.mark.parametrize("as_it_came", [False, True], ids=["clean", "as it came"])
@pytest.mark.parametrize("sort", [SortBy.SAVING, SortBy.OPENED, SortBy.PRIORITY])
def test_a_list_of_the_past_is_in_the_order_that_the_board_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sort: SortBy, as_it_came: bool
) -> None:
    """Read once or kept for a board, in pages or at once; ended ones come last, by their ids."""
    monkeypatch.setattr(past_module, "PAGE", 7)
    now = at("10:05")
    with crowd(tmp_path / "s.db", 60) as store:
        view = View(Tab.ALL, sort=Sort(sort, reverse=sort is SortBy.OPENED))
        board = [ticket.id for ticket in Past(store, now).window(view, now, 0, 999).rows]
        found = list(Past(store, now, once=True).tickets(now, view=view, ended=True, as_it_came=as_it_came))
        ended = [f"C-{number:05}" for number in range(0, 60, 3)]
        assert len(board) == 40
        assert [ticket.id for ticket in found] == [*board, *ended]


@pytest.mark.parametrize(
    ("sql", "steps"),
    [
        (past_module._NEXT, ["SEARCH events USING COVERING INDEX events_ticket (ticket_id>?)"]),
        (
            moment._EVENTS,
            ["SCAN i VIRTUAL TABLE INDEX 1:", "SEARCH e USING INDEX events_ticket (ticket_id=? AND at<?)",
             "USE TEMP B-TREE FOR ORDER BY"],
        ),
        (
            moment._RESULTS,
            ["SCAN i VIRTUAL TABLE INDEX 1:",
             "SEARCH o USING INDEX sqlite_autoindex_outcomes_1 (ticket_id=?)", "USE TEMP B-TREE FOR ORDER BY"],
        ),
        (
            moment._ENDED_UNDER,
            ["SCAN i VIRTUAL TABLE INDEX 1:", "SEARCH t USING INDEX sqlite_autoindex_tickets_1 (id=?)"],
        ),
    ],
    ids=["the next", "events", "results", "ended under"],
)  # fmt: skip
def test_a_page_of_the_past_is_read_by_index(store: SqliteStore, sql: str, steps: list[str]) -> None:
    bound = {"ids": "[]", "at": 0, "last": "", "limit": 1, "version": 1}
    assert [row[3] for row in store.ask(f"EXPLAIN QUERY PLAN {sql}", bound)] == steps
