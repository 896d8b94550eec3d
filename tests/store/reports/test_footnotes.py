"""Footnotes to a report: exact of few tickets, a fair sample of many, and nothing from after the period."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from slaboard.reports.footnote_sheet import Looked
from slaboard.reports.footnotes import Sort
from slaboard.reports.footnotes import footnotes as of_ticket
from slaboard.reports.period import Period
from slaboard.reports.question import Question
from slaboard.store.reports import footnotes
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Event, Kind
from tests.reports import past
from tests.sla.story import at
from tests.store.desk import desk


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> SqliteStore:
    """A made-up quarter with waits, reopens and idle owners."""
    return past.made(tmp_path_factory.mktemp("footnotes") / "acme.db")


def told(found: Looked) -> Counter[Sort]:
    return Counter(sort for _, sort in {(note.ticket, note.sort) for note in found.found})


def by_hand(store: SqliteStore) -> tuple[int, Counter[Sort]]:
    """Counted ticket by ticket from what an autopsy of each would tell, by clocks that have finished."""
    found: set[tuple[str, Sort]] = set()
    tickets = 0
    for (ticket,) in store.ask("SELECT id FROM tickets"):
        detail = store.detail(ticket, past.NOW)
        clocks = [clock for clock in detail.ticket.clocks if clock.met is not None]
        tickets += bool(clocks)
        notes = of_ticket(ticket, clocks, detail.events, store.policy_of, past.NOW)
        found |= {(note.ticket, note.sort) for note in notes}
    return tickets, Counter(sort for _, sort in found)


def test_all_of_few_are_what_their_autopsies_tell(store: SqliteStore) -> None:
    looked = footnotes.footnotes(store, Question(), past.NOW)
    tickets, counted = by_hand(store)
    assert (looked.tickets, told(looked)) == (tickets, counted)
    assert not looked.is_sample
    assert len(counted) >= 2


@pytest.mark.parametrize("stride", [2, 5, 11])
def test_each_ticket_is_as_likely_in_a_sample(store: SqliteStore, stride: int) -> None:
    """Whether it has one result or nine: of as many samples as there are, it is in exactly one."""
    [(n,)] = store.ask("SELECT count(*) FROM outcomes")
    seen: Counter[str] = Counter()
    for rest in range(stride):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(footnotes, "_SPARE", 1)
            patch.setattr(footnotes, "LOOKED", n // stride)
            patch.setattr(footnotes, "_DRAWN", footnotes._DRAWN.replace(":stride = 0", f":stride = {rest}"))
            ids, is_sample = footnotes._tickets(store, Question(), stride * (n // stride), every=False)
        assert is_sample
        seen.update(ids)
    assert set(seen.values()) == {1}
    assert len(seen) == footnotes.footnotes(store, Question(), past.NOW, every=True).tickets


def test_a_cap_on_the_sample(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more are looked at, from the first to the last of all; each ticket where that is asked for."""
    monkeypatch.setattr(footnotes, "LOOKED", 7)
    monkeypatch.setattr(footnotes, "_SPARE", 1_000)
    some, every = (footnotes.footnotes(store, Question(), past.NOW, every=every) for every in (False, True))
    assert (some.tickets, some.is_sample) == (7, True)
    assert every.tickets > 70
    assert not every.is_sample


def test_only_those_that_the_report_is_about(store: SqliteStore) -> None:
    """By fact and by time; a time without results has none."""
    whole = footnotes.footnotes(store, Question(), past.NOW).tickets
    ours = footnotes.footnotes(store, Question(only={"customer": ("Contoso",)}), past.NOW).tickets
    [(expected,)] = store.ask("SELECT count(DISTINCT ticket_id) FROM outcomes WHERE customer = 'Contoso'")
    assert 0 < ours <= expected < whole
    assert footnotes.footnotes(store, Question(period=Period(0, 10)), past.NOW) == Looked([], 0)


def test_what_comes_after_a_period_changes_nothing_in_it(tmp_path: Path) -> None:
    """A reopen of the next day, within minutes, is that day's."""
    day = Question(period=Period(at("05T00:00"), at("06T00:00")))
    events = [
        Event(ticket="Z-1", at=at("09:00"), kind=Kind.CREATED, priority="P1"),
        Event(ticket="Z-1", at=at("05T23:58"), kind=Kind.RESOLVE, actor="ana"),
    ]
    with desk(tmp_path / "s.db") as store:
        past.taken(store, events, "first", at("05T23:59"))
        before = footnotes.footnotes(store, day, at("07T12:00"))
        later = [
            Event(ticket="Z-1", at=at("06T00:03"), kind=Kind.REOPEN, actor="ana"),
            Event(ticket="Z-1", at=at("06T00:04"), kind=Kind.RESOLVE, actor="ana"),
        ]
        past.taken(store, later, "later", at("06T01:00"))
        assert footnotes.footnotes(store, day, at("07T12:00")) == before
        assert told(before)[Sort.QUICK_REOPEN] == 0
        next_day = Question(period=Period(at("06T00:00"), at("07T00:00")))
        assert told(footnotes.footnotes(store, next_day, at("07T12:00")))[Sort.QUICK_REOPEN] == 1
