"""Bringing tickets up to date: under which policy, at what cost, and what stays as it was."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from slaboard.board.views import Tab, View
from slaboard.sla.policy import PolicySet
from slaboard.store.care.check import differences
from slaboard.store.folding import NO_TIME_LEFT, Folded, folded
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write import settle as module
from slaboard.ticket import Event
from tests.sla.story import at
from tests.store.desk import OPENED, POLICY, agrees, desk, do, dump, the, words

ANSWERED = "09:20 ana respond"
RESOLVED = f"{ANSWERED} / 10:00 ana resolve"
ONLY_UPDATE = POLICY.replace('response = "1h", resplan = "4h", resolution = "16h"', 'resolution = "1h", update = "2h"')
OTHER_WORDS = POLICY.replace('Resolved = "resolved"', 'Resolved = "resolve"').replace("Everyone", "Anybody")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db") as made:
        yield made


def apply(store: SqliteStore, policy: str) -> None:
    store.apply_policy(policy, "test", at("11:00"))


# --- rule 15: what is ended stays under the policy that it ended under ----------------------------------------


@pytest.mark.parametrize("policy", [ONLY_UPDATE, OTHER_WORDS], ids=["other buckets", "other words"])
@pytest.mark.parametrize(
    "before", [RESOLVED, f"{ANSWERED} / 09:30 ana wait / 10:00 ana close"], ids=["resolved", "closed"]
)
def test_an_ended_ticket_does_not_follow_a_new_policy(store: SqliteStore, policy: str, before: str) -> None:
    do(store, before)
    held = dump(store, of=("tickets", "clocks", "outcomes"))
    apply(store, policy)
    assert dump(store, of=("tickets", "clocks", "outcomes")) == held
    assert agrees(store), "a recomputation finds nothing to change, either"
    do(store, "11:10 ana note - thanks")
    assert dump(store, of=("clocks", "outcomes")) == {name: held[name] for name in ("clocks", "outcomes")}
    past = next(iter(Past(store, at("11:30")).tickets(at("11:30"), view=View(Tab.ALL), ended=True)))
    assert past.clocks == the(store).clocks
    assert past.policy == "Everyone"


def test_a_status_word_that_ended_a_ticket_goes_on_ending_it(store: SqliteStore) -> None:
    """Under the new policy `Resolved` is a word of an open ticket; those that it ended before stay ended."""
    store.connection.execute("UPDATE tickets SET status = 'Resolved'")
    store.catch_up(at("10:00"))
    apply(store, OTHER_WORDS)
    assert words(store).startswith("resolved -; response met 60m skipped")
    do(store, "11:10 ana reopen")
    assert the(store).policy == "Anybody"
    assert agrees(store)


def test_an_open_ticket_follows_at_once_and_its_finished_clocks_do_not(store: SqliteStore) -> None:
    do(store, ANSWERED)
    held = dump(store, of=("outcomes",))
    apply(store, POLICY.replace('"1h", resplan = "4h"', '"10m", resplan = "2h"'))
    assert words(store).startswith("plan -; response met 20m; resplan running due 11:00")
    assert dump(store, of=("outcomes",)) == held
    assert agrees(store)


def test_a_late_event_of_an_ended_ticket_is_judged_under_the_policy_of_its_result(store: SqliteStore) -> None:
    do(store, "11:00 ana resolve")
    apply(store, POLICY.replace('"1h", resplan', '"5m", resplan'))
    store.connection.execute(
        "INSERT INTO events (ticket_id, at, kind, direction) VALUES ('A-1', ?, 'message', 'out')", (at("09:20"),)
    )
    store.catch_up(at("11:30"))
    assert words(store).startswith("resolved -; response met 20m; ")
    rows = store.ask("SELECT policy_version, met FROM outcomes WHERE bucket = 'response' ORDER BY revision")
    assert [tuple(row) for row in rows] == [(1, 0), (1, 1)]


@pytest.mark.parametrize("is_seen", [False, True], ids=["in one turn", "one by one"])
def test_what_is_reopened_and_ended_again_under_a_new_policy_is_judged_by_it(store: SqliteStore, is_seen: bool) -> None:
    """A thank-you mail between two polls: whether we looked meanwhile does not decide by which policy."""
    do(store, RESOLVED)
    apply(store, POLICY.replace('"16h"', '"2h"'))
    for time, kind in (("11:10", "reopen"), ("12:30", "close")):
        store.connection.execute("INSERT INTO events (ticket_id, at, kind) VALUES ('A-1', ?, ?)", (at(time), kind))
        if is_seen:
            store.catch_up(at("12:30"))
    store.catch_up(at("12:30"))
    assert words(store).endswith("resolution met 60m; total_resolution missed 140m")
    rows = store.ask("SELECT bucket, policy_version FROM outcomes WHERE bucket LIKE '%resolution' ORDER BY bucket")
    assert [tuple(row) for row in rows] == [("resolution", 1), ("total_resolution", 2)]
    assert agrees(store)


def test_a_breach_is_no_longer_of_a_change_that_was_taken_back(store: SqliteStore) -> None:
    """Urgent at 09:30 it was late by that; meanwhile it is late by itself. What a policy did is not taken back so."""

    def urgent(since: str, undone: str) -> None:
        [done] = do(store, f"{since} ana set priority=P1")
        undo = "INSERT INTO events (ticket_id, at, kind, caused_by) VALUES ('A-1', ?, 'undo', ?)"
        store.connection.execute(undo, (at(undone), f"#{done.seq}"))
        store.catch_up(at(undone))
        assert not list(differences(store, at(undone)))

    urgent("09:30", "10:10")
    assert "response running due 10:00; resplan running due 13:00;" in words(store)
    apply(store, POLICY.replace('resplan = "4h"', 'resplan = "1h"'))
    assert "resplan running due 10:00 retarget;" in words(store)
    urgent("11:10", "11:20")
    assert "response running due 10:00; resplan running due 10:00 retarget;" in words(store)


# --- cost -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "folds"),
    [(('"4h"', '"3h"'), 0), (('Closed = "closed"', 'Closed = "closed"\nGone = "closed"'), 1)],
    ids=["other times", "other rules"],
)
def test_another_policy_replays_only_where_its_rules_are_others(
    store: SqliteStore, monkeypatch: pytest.MonkeyPatch, changed: tuple[str, str], folds: int
) -> None:
    """Tickets with results: none is folded where only times change, else each once, under the new version."""
    do(store, *(f"09:00 mail add B-{n} priority=P2 / 09:20 ana respond B-{n}" for n in range(20)), ANSWERED)
    asked: list[tuple[str, int]] = []

    def counted(ticket: str, events: Any, policies: PolicySet, version: int) -> Folded:
        asked.append((ticket, version))
        return folded(ticket, events, policies, version)

    monkeypatch.setattr(module, "folded", counted)
    apply(store, POLICY.replace(*changed))
    assert sorted(asked) == sorted([("A-1", 2), *((f"B-{n}", 2) for n in range(20))] * folds)


def test_many_tickets_are_settled_with_a_handful_of_statements(store: SqliteStore) -> None:
    do(store, *(f"09:00 mail add B-{n} priority=P2" for n in range(50)))
    seen: list[str] = []
    store.connection.set_trace_callback(seen.append)
    with store.writing() as connection:
        module.settle(connection, [f"B-{n}" for n in range(50)], store.policy_of, 1, OPENED)
    store.connection.set_trace_callback(None)
    assert sum(sql.lstrip().startswith("SELECT") for sql in seen) <= 5


# --- a calendar that ends -------------------------------------------------------------------------------------

ONE_DAY = """
[calendar.fair]
timezone = "UTC"
days = { "2026-01-05" = ["09:00-12:00"] }
[[policy]]
name = "At the fair"
calendar = "fair"
targets = { response = "1h", resolution = "4h" }
"""


def test_a_ticket_whose_calendar_has_no_time_left_stands_under_no_sla_and_stops_nobody(tmp_path: Path) -> None:
    """Dates only, and they are over: the board, the acts and the past go on, and the ticket says why."""
    with desk(tmp_path / "s.db", policy=ONE_DAY) as store:
        assert words(store) == f"respond -; {NO_TIME_LEFT}"
        assert store.grid(OPENED).no_sla == 1
        do(store, "09:50 ana claim / 10:00 ana respond")
        assert next(Past(store, at("10:00")).all()).no_sla == NO_TIME_LEFT
        do(store, "10:10 ana resolve")
        assert words(store) == "resolved ana"
        assert agrees(store)


def test_a_ticket_without_events_is_folded_all_the_same(store: SqliteStore) -> None:
    assert folded("A-1", list[Event](), store.policy(), 1).no_sla(None) == "no opening time"
