"""A board that counts once and is told what changed shows what one shows that has just been opened."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.views import Sort, SortBy, Tab, View, parse_filter
from slaboard.errors import SlaboardError
from slaboard.store.base import Act
from slaboard.store.read.live import Live
from slaboard.store.read.search import narrows
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import Intake
from slaboard.ticket import Event, Kind
from tests.examples import examples
from tests.sla.story import at
from tests.store.test_counts import DAY_S, FILTERS, POLICY, empty, histories, holding, last, numbers

__all__ = ["empty"]

# --- what may happen ------------------------------------------------------------------------------------------

ids = st.integers(1, 13).map(lambda number: f"T-{number}")
people = st.sampled_from(("ana", "Åsa", "ben"))
acts = st.builds(
    Act, st.sampled_from(("claim", "release", "takeover", "wait", "resume", "resolve", "reopen", "respond")), ids,
    people, st.none(), st.none(), st.just(True),
)  # fmt: skip
FOREIGN = (
    "UPDATE tickets SET owner = :who WHERE id = :id",
    "UPDATE tickets SET owner = NULL WHERE id = :id",
    "UPDATE tickets SET priority = :what, title = 'VPN down' WHERE id = :id",
    "UPDATE tickets SET status = 'Resolved', stage = 'resolved' WHERE id = :id",
    "DELETE FROM tickets WHERE id = :id",
    "DELETE FROM tickets WHERE id < :id",
    "DELETE FROM events WHERE ticket_id = :id AND kind <> 'created'",
    "INSERT OR REPLACE INTO tickets (id, owner, priority, title) VALUES (:id, :who, :what, 'replaced')",
    "INSERT OR REPLACE INTO tickets (id) VALUES (:id)",
    "INSERT INTO tickets (id, priority) VALUES (:id, :what) ON CONFLICT (id) DO UPDATE SET priority = :what",
    "INSERT INTO events (ticket_id, at, kind, actor) VALUES (:id, :now, 'claim', :who)",
    "UPDATE tickets SET opened_at = NULL, priority = 'P9' WHERE id = :id",
)
foreign = st.tuples(st.sampled_from(FOREIGN), ids, people, st.sampled_from(("P1", "P2", "P3", "P4")))
steps = st.lists(
    st.one_of(acts, foreign, st.integers(-600, 2 * DAY_S), st.sampled_from(("import", "policy", "nothing"))),
    min_size=1, max_size=8,
)  # fmt: skip
MORE = [
    Event(ticket=f"T-{number}", at=at("10:00") + 60 * number, kind=Kind.CREATED, priority=f"P{number % 3 + 1}",
          title="VPN again", customer="Contoso")
    for number in range(5, 20)
]  # fmt: skip
VIEWS = [
    *(View(tab, person="ana") for tab in Tab),
    *(View(tab, parse_filter("vpn"), "ana") for tab in Tab),
    View(Tab.ALL, parse_filter("p1 o: y:")),
    View(Tab.ALL, sort=Sort(SortBy.CUSTOMER)),
    View(Tab.NEEDS, sort=Sort(SortBy.DUE, reverse=True)),
]
TYPED = [
    View(Tab.ALL, parse_filter(text)) for text in ("v", "vp", "vpn d", "owner:a", "owner:an vpn", "-vpn", "-vpn p1")
]


def happen(store: SqliteStore, step: object, now: int, number: int) -> int:
    """Do one step; the moment it is then."""
    if isinstance(step, int):
        return now + step
    if isinstance(step, Act):
        try:
            return store.act(step, now).at
        except SlaboardError:
            return now
    if isinstance(step, tuple):
        sql, id_, who, what = step
        store.connection.execute(sql, {"id": id_, "who": who, "what": what, "now": now})
    elif step == "policy":
        store.apply_policy(POLICY.replace('"15m"', f'"{16 + number}m"'), "test", now)
    elif step == "import":
        intake = Intake(store)
        record = intake.begin(f"again {number}", "test", "test", None, now)
        events = [(0, event) for event in MORE]
        intake.take(record, events)
        intake.finish(record, lines=0, events=len(events), problems=0, now=now)
    return now


def same(one: Live, other: Live, view: View, now: int) -> None:
    """Fails where the two differ in anything that they show of `view`; `one` is left in the middle of the list."""
    assert numbers(one.grid(now, view)) == numbers(other.grid(now, view))
    assert one.loads() == other.loads()
    whole = other.window(view, now, 0, 1_000)
    size = len(whole.rows)
    assert whole.total == size
    for first in (size // 2, size // 2 - 2, size - 1, size + 3, size // 2 + 1):
        page = one.window(view, now, max(0, first), 3)
        assert (page.rows, page.total, page.worst) == (whole.rows[max(0, first) :][:3], size, whole.worst)
    for index in {0, size - 1, size // 2} if size else ():
        assert one.rank(view, now, whole.rows[index].id) == index
        assert one.window(view, now, index, 2).rows == whole.rows[index : index + 2]
    assert one.rank(view, now, "T-404") is None
    assert size == 0 or one.rank(view, now, whole.rows[2 * size // 3].id) == 2 * size // 3


# --- what must be equal ---------------------------------------------------------------------------------------


@examples(10)
@given(events=histories(), happened=steps, text=st.sampled_from(FILTERS), is_idle=st.booleans())
def test_whatever_happens_it_shows_what_a_new_board_shows(
    empty: Path, events: list[Event], happened: list[object], text: str, is_idle: bool
) -> None:
    """Acts, other programs' hands, imports, policies and time, also while nobody recomputes what others wrote."""
    now = last(events)
    with holding(empty, events) as store:
        lives = {view: Live(store) for view in (*VIEWS, View(Tab.ALL, parse_filter(text)))}
        for number, step in enumerate(["nothing", *happened]):
            now = happen(store, step, now, number)
            while not is_idle and store.catch_up(now):
                pass
            for view, live in lives.items():
                same(live, Live(store), view, now)


@examples(10)
@given(events=histories(), happened=steps, views=st.lists(st.sampled_from(VIEWS + TYPED), min_size=2, max_size=8))
def test_one_board_that_goes_from_list_to_list_is_right_in_each(
    empty: Path, events: list[Event], happened: list[object], views: list[View]
) -> None:
    now = last(events)
    with holding(empty, events) as store:
        live = Live(store)
        for number, view in enumerate(views):
            now = happen(store, happened[number % len(happened)], now, number)
            same(live, Live(store), view, now)


def test_the_place_of_a_ticket_moves_with_all_that_come_in_front_of_it_and_go(empty: Path) -> None:
    """By acts, by other hands and by time alone, in every stretch of the list."""
    view = View(Tab.ALL)
    with holding(empty, MORE) as store:
        for middle in range(3, 15):
            now, live = last(MORE), Live(store)
            name = live.window(view, now, middle, 1).rows[0].id
            for sql in (
                "UPDATE clocks SET due_at = due_at + 90000 WHERE ticket_id > :id AND place = 1",
                "DELETE FROM clocks WHERE ticket_id = (SELECT min(ticket_id) FROM clocks WHERE ticket_id <> :id)",
            ):
                store.connection.execute("SAVEPOINT s")
                store.connection.execute(sql, {"id": name})
                for later in (now, now + 300, now + 4_000, now + 9_000):
                    assert live.rank(view, later, name) == Live(store).rank(view, later, name)
                store.connection.execute("ROLLBACK TO s")
                store.connection.execute("RELEASE s")
                live = Live(store)
                live.rank(view, now, name)


def test_a_row_that_was_replaced_is_counted_anew(empty: Path) -> None:
    """REPLACE deletes without a trigger: who owned the ticket, and that it had no SLA."""
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        store.act(Act("claim", "T-7", "ana", any_zone=True), now)
        live.grid(now)
        assert live.loads() == {"ana": 1}
        store.connection.execute("INSERT OR REPLACE INTO tickets (id) VALUES ('T-7')")
        live.grid(now)
        assert live.loads() == {}


def test_what_is_typed_further_is_looked_for_among_what_was_found(empty: Path) -> None:
    """Nobody goes through all tickets for each letter."""
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        live.grid(now, View(Tab.ALL, parse_filter("vp")))
        asked: list[str] = []
        store.connection.set_trace_callback(asked.append)
        for text, found in (("vpn", 15), ("vpn t-7", 1), ("vpn t-7 -again", 0)):
            assert live.grid(now, View(Tab.ALL, parse_filter(text))).open == found
        assert not [sql for sql in asked if "clocks_due" in sql]
        live.grid(now, View(Tab.ALL, parse_filter("vpn")))
        store.connection.set_trace_callback(None)
        assert [sql for sql in asked if "clocks_due" in sql], "and what is taken back is looked for again"


@pytest.mark.parametrize(
    ("new", "old", "does"),
    [
        ("vpn", "vp", True), ("vp", "vpn", False), ("vpn down", "down", True), ("a -b -c", "a -b", True),
        ("a", "a -b", False), ("p1 a", "a", True), ("a", "p1 a", False), ("p1 a", "p2 a", False),
        ("owner:ana", "owner:an", True), ("owner:an", "owner:ana", False), ("x", "owner:an", False),
        ("cust:ab", "cust:a cust:c", True), ("cust:a cust:d", "cust:a", False), ("in:response", "", True),
        ("", "in:response", False), ("unclaimed", "", True), ("a", "unclaimed", False), ("VPN", "vp", True),
    ],
)  # fmt: skip
def test_when_a_filter_narrows_another(new: str, old: str, does: bool) -> None:
    assert narrows(parse_filter(new), parse_filter(old)) is does


def test_the_last_ticket_of_somebody_is_not_missed_when_it_goes(empty: Path) -> None:
    """A filter looks among the owners that there are; one who had a single ticket is none any more."""
    view = View(Tab.ALL, parse_filter("owner:ben"))
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        store.act(Act("claim", "T-7", "ben", any_zone=True), now)
        assert live.grid(now, view).open == 1
        store.act(Act("release", "T-7", "ben"), now)
        assert live.grid(now, view).open == 0


def test_a_clock_that_is_due_when_its_office_closes_is_listed_all_night(empty: Path) -> None:
    """Due at five, met until nine: it is not red, though its instant has gone by."""
    created = Event(ticket="T-1", at=at("15:00"), kind=Kind.CREATED, priority="P2")  # 16:00 to 17:00 in Berlin
    with holding(empty, [created]) as store:
        for now in (at("15:59"), at("16:00"), at("16:01"), at("23:00"), at("08:00") + DAY_S, at("08:01") + DAY_S):
            page = store.window(View(Tab.ALL), now, 0, 9)
            assert [ticket.id for ticket in page.rows] == ["T-1"]
            assert store.rank(View(Tab.ALL), now, "T-1") == 0


def test_a_ledger_that_was_shortened_or_replaced_is_not_believed(empty: Path) -> None:
    """Too much has happened, or the ledger is another store's that has come as far."""
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        for sql in (
            "DELETE FROM ledger WHERE seq <= (SELECT max(seq) FROM ledger)",
            "UPDATE ledger SET mark = mark + 1 WHERE seq = (SELECT max(seq) FROM ledger)",
        ):
            live.grid(now)
            with store.writing() as connection:
                connection.execute("DELETE FROM tickets WHERE id = (SELECT max(id) FROM tickets)")
                connection.execute(sql)
                connection.execute("INSERT INTO ledger (sign, place) VALUES (1, 9)")
            assert numbers(live.grid(now)) == numbers(Live(store).grid(now))


def test_the_ledger_stays_short(empty: Path) -> None:
    """However much happens; a board that has slept through it counts anew."""
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        live.grid(now)
        with store.writing() as connection:
            connection.execute("UPDATE state SET ours = 1")
            for number in range(700):
                connection.execute("UPDATE clocks SET owner = ?", (f"engineer {number}",))
        assert 8_000 < store.ask("SELECT count(*) FROM ledger")[0][0] < 10_000
        assert numbers(live.grid(now)) == numbers(Live(store).grid(now))


def test_who_is_told_what_changed_reads_no_other_ticket(empty: Path) -> None:
    """After a claim, and after a second: no grid is counted from scratch again."""
    with holding(empty, MORE) as store:
        now, live = last(MORE), Live(store)
        view = View(Tab.ALL, parse_filter("vpn"))
        live.grid(now, view)
        asked: list[str] = []
        store.connection.set_trace_callback(asked.append)
        store.act(Act("claim", "T-7", "ana", any_zone=True), now)
        live.grid(now + 1, view)
        live.window(view, now + 1, 0, 9)
        store.connection.set_trace_callback(None)
        assert not [
            sql for sql in asked if "FROM tickets INDEXED BY tickets_owner" in sql or "clocks_grid WHERE" in sql
        ]
