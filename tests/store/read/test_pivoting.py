"""The grid turned, and all running clocks: on random stores they count as the replayed past does, ticket by ticket."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.pivot import TURNS, Counts, Pivot, Turned, drill, pivoted
from slaboard.board.views import Tab, View, parse_filter
from slaboard.store.base import Act
from slaboard.store.read import live as store_live
from slaboard.store.read.live import Live
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import ZONES, Event, Kind
from tests.examples import examples
from tests.sla.story import at
from tests.store.test_counts import DAY_S, FILTERS, empty, histories, holding, last, numbers

__all__ = ["empty"]
TURNED = [by for by in Pivot if by is not Pivot.STAGE]
MORE = ("clock:response", "clock:response o: r:", "clock:resolution p1 y:", "clock:update", "in:response clock:resl g:")


def counts(found: Turned | None) -> Mapping[str, Counts]:
    assert found is not None
    return {name: row for name, row in found.counts.items() if any(row)}


@examples(12)
@given(
    events=histories(), after=st.integers(0, 3 * DAY_S), text=st.sampled_from(("", *FILTERS, *MORE)),
    by=st.sampled_from(TURNED),
)  # fmt: skip
def test_every_turn_counts_what_the_replayed_store_counts(
    empty: Path, events: list[Event], after: int, text: str, by: Pivot
) -> None:
    now, wanted = last(events) + after, parse_filter(text)
    with holding(empty, events) as store:
        past = Past(store, now)
        assert counts(Live(store).turned(by, now, wanted)) == counts(past.turned(by, now, wanted))


@examples(8)
@given(events=histories(), text=st.sampled_from(MORE), tab=st.sampled_from(Tab), after=st.integers(0, 3 * DAY_S))
def test_a_clock_of_any_stage_can_be_listed(empty: Path, events: list[Event], text: str, tab: Tab, after: int) -> None:
    now, view = last(events) + after, View(tab, parse_filter(text), "ana")
    with holding(empty, events) as store:
        page, past = store.window(view, now, 0, 100), Past(store, now)
        listed = list(past.tickets(now, view=view))
        assert [ticket.id for ticket in page.rows] == [ticket.id for ticket in listed]
        assert page.total == len(listed)
        assert numbers(store.grid(now, view)) | {"next": {}} == numbers(past.grid(now, view)) | {"next": {}}
        assert [t.id for t in store.tickets(now, view=view, ended=True)] == [
            t.id for t in past.tickets(now, view=view, ended=True)
        ]


@examples(12)
@given(
    events=histories(), text=st.sampled_from(("", *FILTERS, *MORE)), by=st.sampled_from(TURNED),
    steps=st.lists(st.tuples(st.integers(0, DAY_S), st.sampled_from(("claim", "resolve", "set", "add", None))),
                   min_size=1, max_size=4),
)  # fmt: skip
def test_what_was_counted_is_moved_on_by_time_and_commits(
    empty: Path, events: list[Event], text: str, by: Pivot, steps: list[tuple[int, str | None]]
) -> None:
    """Claims, resolutions, other customers and new tickets, and edges that pass: as if it were counted anew."""
    now, wanted = last(events), parse_filter(text)
    with holding(empty, events) as store:
        live = Live(store)
        live.turned(by, now, wanted)
        for number, (seconds, verb) in enumerate(steps):
            now += seconds
            _do(store, verb, number, now)
            assert counts(live.turned(by, now, wanted)) == counts(Live(store).turned(by, now, wanted))
            assert counts(live.turned(by, now)) == counts(Live(store).turned(by, now))


def _do(store: SqliteStore, verb: str | None, number: int, now: int) -> None:
    if verb == "add":
        changes = {"customer": "NEW ONE", "priority": "P1", "board": "Desk"}
        store.add(Act("add", "", "ana", changes=changes), now)
    elif verb is not None:
        first = store.window(View(Tab.ALL), now, number, 1).rows
        for ticket in first:
            if verb == "set":
                store.act(Act("set", ticket.id, "ana", changes={"customer": "Other", "title": "else"}), now)
            elif verb == "resolve" or ticket.owner is None:
                store.act(Act(verb, ticket.id, "ben", any_zone=True), now)


@examples(8)
@given(events=histories(), after=st.integers(0, 3 * DAY_S), by=st.sampled_from(TURNED))
def test_a_cell_of_the_turned_grid_lists_as_many_tickets_as_it_counts(
    empty: Path, events: list[Event], after: int, by: Pivot
) -> None:
    """Exactly those of its name, whatever other names begin alike."""
    now = last(events) + after
    with holding(empty, events) as store:
        live = Live(store)
        whole = live.turned(by, now)
        found = pivoted(by, whole, None, is_filtered=False)
        for name in found.order:
            for zone, count in zip(ZONES, found.counts[name], strict=True):
                text, wanted = drill(by, found.labels.get(name, name), zone)
                assert live.window(View(Tab.ALL, wanted), now, 0, 100).total == count, text
                if '"' not in name:
                    assert parse_filter(text) == wanted


def test_customers_that_differ_in_case_only_are_one(empty: Path) -> None:
    """As for the filter; the name is written as one of them writes it."""
    names = ("ACME", "acme", "Acme Two", None)
    events = [
        Event(ticket=f"T-{i}", at=at("09:00"), kind=Kind.CREATED, priority="P1", customer=name)
        for i, name in enumerate(names)
    ]
    with holding(empty, events) as store:
        found = Live(store).turned(Pivot.CUSTOMER, at("09:01"))
        assert found is not None
        assert {name: sum(row) for name, row in found.counts.items()} == {"acme": 2, "acme two": 1, "": 1}
        assert found.labels["acme"] in names
        assert found.labels["acme two"] == "Acme Two"


def test_too_many_tickets_are_not_turned_but_by_what_an_index_has(empty: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store_live, "MOST", 3)
    events = [
        Event(ticket=f"T-{i}", at=at("09:00"), kind=Kind.CREATED, priority="P1", customer=f"C{i}") for i in range(5)
    ]
    with holding(empty, events) as store:
        now, live = at("09:01"), Live(store)
        for by in (Pivot.CUSTOMER, Pivot.BOARD, Pivot.CLOCKS):
            assert live.turned(by, now) is None
        assert counts(live.turned(Pivot.OWNER, now)) == {"": (5, 0, 0, 0)}
        assert counts(live.turned(Pivot.PRIORITY, now)) == {"p1": (5, 0, 0, 0)}
        assert counts(live.turned(Pivot.CUSTOMER, now, parse_filter("T-4"))) == {"c4": (1, 0, 0, 0)}


def test_turns_are_in_the_order_of_the_key() -> None:
    assert TURNS[0] is Pivot.STAGE
    assert {*TURNS, Pivot.CLOCKS} == set(Pivot)
