"""Another policy: open clocks follow at once, finished results never change, and the preview says it beforehand."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from slaboard.board.views import Tab, View
from slaboard.sla.policy import PolicySet, parse
from slaboard.store import sqlite
from slaboard.store.base import Act
from slaboard.store.care.check import differences
from slaboard.store.disk.driver import Connection
from slaboard.store.disk.file import StoreFile
from slaboard.store.disk.turnstile import Turnstile
from slaboard.store.read.crossings import Lookout
from slaboard.store.read.promises import preview
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.pace import Pace
from slaboard.store.write.settle import BATCH
from slaboard.ticket import Bucket, Zone

NOON = 1_767_960_000
HOUR = 3600


def policy(response: str, resolution: str = "8h", *, name: str = "all") -> str:
    """One policy for every ticket, day and night."""
    targets = f'{{ response = "{response}", resplan = "4h", resolution = "{resolution}" }}'
    return f'[[policy]]\nname = "{name}"\ncalendar = "24x7"\ntargets = {targets}\n'


def parsed(text: str) -> PolicySet:
    """The policy of a text that has no problems."""
    found, problems = parse(text)
    assert found is not None, problems
    return found


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """Ten tickets, opened six minutes apart until noon: T-1 to T-3 answered, T-3 resolved, T-4 waiting."""
    with SqliteStore.create(tmp_path / "s.db") as store:
        store.apply_policy(policy("2h"), "ana", NOON - 2 * HOUR)
        for i in range(10):
            changes = {"title": f"number {i + 1}", "priority": "P2"}
            store.add(Act("add", "", "ana", changes=changes), NOON - HOUR + i * 360)
        for ticket in ("T-1", "T-2", "T-3"):
            store.act(Act("respond", ticket, "ana"), NOON - 600)
        store.act(Act("resolve", "T-3", "ana"), NOON - 300)
        store.act(Act("engage", "T-4", "ben"), NOON - 300)
        store.act(Act("wait", "T-4", "ben"), NOON - 200)
        yield store


def outcomes(store: SqliteStore) -> list[tuple[object, ...]]:
    """Every row of outcomes, whole."""
    return [tuple(row) for row in store.ask("SELECT * FROM outcomes ORDER BY id")]


def test_every_open_clock_moves_and_every_outcome_row_stays_byte_for_byte(store: SqliteStore) -> None:
    """Half the promised times: all live clocks have the new target and version; results are untouched."""
    before = outcomes(store)
    live = store.ask("SELECT count(*) FROM clocks WHERE stopped_at IS NULL")[0][0]
    version = store.apply_policy(policy("1h", "4h"), "ben", NOON)
    assert outcomes(store) == before
    rows = store.ask("SELECT bucket, target_s, policy_version FROM clocks WHERE stopped_at IS NULL")
    targets = {"response": HOUR, "resplan": 4 * HOUR, "resolution": 4 * HOUR}
    assert len(rows) == live
    assert all((row["target_s"], row["policy_version"]) == (targets[row["bucket"]], version) for row in rows)
    finished = store.ask("SELECT target_s, policy_version FROM clocks WHERE stopped_at IS NOT NULL")
    assert {tuple(row) for row in finished} <= {(2 * HOUR, 1), (4 * HOUR, 1), (8 * HOUR, 1)}
    assert list(differences(store, NOON)) == []


def test_the_preview_says_what_then_happens(store: SqliteStore) -> None:
    """Zones before and after an apply differ by exactly what the preview counted, and it wrote nothing."""
    text = policy("30m", "1h")
    revision, before = store.revision(), zones(store)
    found = preview(store, parsed(text), NOON)
    assert store.revision() == revision
    store.apply_policy(text, "ben", NOON)
    after = zones(store)
    moved = {t: (before[t], after[t]) for t in before if before[t] is not after[t]}
    assert found.open == len(before)
    assert sum(found.moved.values()) == len(moved)
    for pair, count in found.moved.items():
        assert sum(zone == pair for zone in moved.values()) == count
    assert found.born_red == sum(new is Zone.RED for _, new in moved.values()) > 0


def test_the_preview_tells_what_the_status_words_would_end(store: SqliteStore) -> None:
    """A word that comes to mean resolved ends its tickets: that is no change of zone."""
    store.connection.execute("UPDATE tickets SET status = 'Done' WHERE id IN ('T-5', 'T-6')")
    store.catch_up(NOON)
    text, before = '[status]\nDone = "resolved"\n' + policy("2h"), zones(store)
    found = preview(store, parsed(text), NOON)
    assert (found.open, found.ended, sum(found.moved.values()), found.redated) == (len(before), 2, 0, 0)
    assert "2 would be resolved or closed: that is what their status means in this file." in found.lines()
    store.apply_policy(text, "ben", NOON)
    assert set(before) - set(zones(store)) == {"T-5", "T-6"}


def zones(store: SqliteStore) -> dict[str, Zone | None]:
    """The zone in which each open ticket counts at noon."""
    tickets = store.tickets(NOON, view=View(Tab.ALL))
    return {t.id: place.zone(NOON) if (place := t.clock(t.bucket)) is not None else None for t in tickets}


def test_a_breach_born_by_the_change_says_so_and_keeps_saying_so(store: SqliteStore) -> None:
    """`cause = retarget` on what the change made late, also in the result; not on what was late by itself."""
    store.apply_policy(policy("50m"), "ben", NOON)
    causes = {row[0]: row[1] for row in store.ask("SELECT ticket_id, cause FROM clocks WHERE bucket = 'response'")}
    assert causes["T-5"] is None, "opened 36 minutes ago: not late"
    store.apply_policy(policy("10m"), "ben", NOON)
    store.act(Act("note", "T-5", "ben", text="hello"), NOON + 10)
    store.act(Act("respond", "T-5", "ben"), NOON + 20)
    row = store.ask("SELECT met, cause FROM outcomes WHERE ticket_id = 'T-5' AND bucket = 'response'")[0]
    assert (row["met"], row["cause"]) == (0, "retarget")
    assert list(differences(store, NOON + 20)) == []


URGENT = '[[policy]]\nname = "urgent"\nmatch = {{ priority = ["P1"] }}\ncalendar = "24x7"\ntargets = {{ {} }}\n'


@pytest.mark.parametrize(
    ("then", "late"),
    [
        (URGENT.format('response = "2h", resolution = "10m"'), {("T-1", "resolution", "running")}),
        (URGENT.format('response = "2h"') + policy("10m"), {("T-2", "response", "running")}),
        (
            'response_by_status = true\n[status]\nActive = "plan"\n' + URGENT.format('response = "5m"'),
            {("T-1", "response", "missed")},
        ),
    ],
    ids=["one promise more", "a promise at all", "a promise that ends otherwise"],
)
def test_what_a_policy_promises_too_late_is_its_own_breach_and_rings_no_bell(
    tmp_path: Path, then: str, late: set[tuple[str, str, str]]
) -> None:
    """T-1 is urgent and active since half an hour ago, T-2 is promised nothing; both were opened an hour ago."""
    with SqliteStore.create(tmp_path / "s.db") as store:
        store.apply_policy(URGENT.format('response = "2h"'), "ana", NOON - HOUR)
        for ticket, priority in (("T-1", "P1"), ("T-2", "P2")):
            store.add(Act("add", ticket, "ana", changes={"title": "x", "priority": priority}), NOON - HOUR)
        event = "INSERT INTO events (ticket_id, at, kind, status) VALUES ('T-1', ?, 'status', 'Active')"
        store.connection.execute(event, (NOON - HOUR // 2,))
        store.catch_up(NOON)
        lookout = Lookout()
        lookout.look(store, NOON)
        store.apply_policy(then, "ben", NOON)
        rows = store.ask("SELECT ticket_id, bucket, state FROM clocks WHERE cause = 'retarget'")
        assert {tuple(row) for row in rows} == late
        entries = [crossing.after for crossing in lookout.look(store, NOON).crossings if crossing.is_entry]
        assert Zone.RED not in entries
        store.act(Act("note", "T-1", "ben", text="hello"), NOON + 10)
        assert len(store.ask("SELECT 1 FROM clocks WHERE cause = 'retarget'")) == len(late)
        assert list(differences(store, NOON + 10)) == []


def test_a_looser_policy_takes_the_cause_back(store: SqliteStore) -> None:
    """What is not late any more has no cause."""
    store.apply_policy(policy("10m"), "ben", NOON)
    store.apply_policy(policy("9h"), "ben", NOON)
    assert {row[0] for row in store.ask("SELECT cause FROM clocks WHERE stopped_at IS NULL")} == {None}


def test_results_since_a_date_are_judged_anew_once_and_the_old_rows_stay(store: SqliteStore) -> None:
    """The old revisions are untouched, the new ones say `rejudged` and their version; the board shows the new."""
    before = outcomes(store)
    version = store.apply_policy(policy("5m", "10m"), "ben", NOON, rejudge_since=NOON - 500)
    assert outcomes(store)[: len(before)] == before
    new = store.ask("SELECT * FROM outcomes WHERE revision > 0 ORDER BY id")
    assert {(row["ticket_id"], row["bucket"]) for row in new} == {
        ("T-3", "resolution"), ("T-3", "resplan"), ("T-4", "resplan"),
    }  # fmt: skip
    assert {(row["why"], row["policy_version"]) for row in new} == {("rejudged", version)}
    (ticket,) = store.some(["T-3"], NOON)
    clock = ticket.clock(Bucket.RESOLUTION)
    assert clock is not None
    assert (clock.met, clock.target_s) == (False, 600)
    assert store.history()[-1].rejudged_since == NOON - 500
    assert list(differences(store, NOON)) == []


def test_a_past_without_any_policy_gets_its_results(tmp_path: Path) -> None:
    """Tickets imported and ended before a policy was there have no results; judged anew they have."""
    with SqliteStore.create(tmp_path / "bare.db") as bare:
        bare.add(Act("add", "T-1", "ana", changes={"title": "old"}), NOON - HOUR)
        bare.act(Act("resolve", "T-1", "ana"), NOON - 600)
        bare.apply_policy(policy("1h"), "ana", NOON)
        assert outcomes(bare) == []
        bare.apply_policy(policy("1h"), "ana", NOON, rejudge_since=NOON - HOUR)
        rows = bare.ask("SELECT bucket, met, why FROM outcomes ORDER BY bucket")
        assert [tuple(row) for row in rows] == [(b, 1, "rejudged") for b in ("resolution", "resplan", "response")]


def test_an_apply_that_was_broken_off_is_finished_by_the_next_board(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More tickets than one batch; the program dies after the first: another store's catch-up moves the rest."""
    monkeypatch.setattr(sqlite, "LONG_S", 0.0)
    path = tmp_path / "s.db"
    with SqliteStore.create(path) as store:
        store.apply_policy(policy("2h"), "ana", NOON - 2 * HOUR)
        for i in range(BATCH + 20):
            store.add(Act("add", f"T-{i}", "ana", changes={"title": "x"}), NOON)

        def die(done: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            store.apply_policy(policy("1h"), "ana", NOON, on_progress=die)
        assert store.how_stale() == 20
    with SqliteStore(path) as other:
        while other.catch_up(NOON):
            pass
        versions = other.ask("SELECT DISTINCT policy_version, target_s FROM clocks WHERE bucket = 'response'")
        assert [tuple(row) for row in versions] == [(2, HOUR)]


def test_no_turn_is_longer_for_all_that_is_open(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new version is a few rows; the tickets follow, and none of them is written but by its recomputation."""
    for i in range(2 * BATCH):
        store.add(Act("add", f"N-{i}", "ana", changes={"title": "x", "owner": "ben"}), NOON)
    turns: list[int] = []
    real = StoreFile.writing

    @contextmanager
    def counted(self: StoreFile, wait_s: float = 2.0, *, in_bulk: bool = False) -> Iterator[Connection]:
        with real(self, wait_s, in_bulk=in_bulk) as connection:
            before = connection.total_changes
            yield connection
            turns.append(connection.total_changes - before)

    monkeypatch.setattr(StoreFile, "writing", counted)
    store.apply_policy(policy("30m"), "ben", NOON)
    assert turns[0] < 10
    assert list(differences(store, NOON)) == []


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux tells who waits for a turn")
def test_a_long_turn_ends_when_somebody_waits(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """On a machine that is slow: alone a turn goes on to a whole batch, with somebody behind it, it does not."""
    monkeypatch.setattr(sqlite, "LONG_S", 60.0)
    monkeypatch.setattr(store, "_pace", Pace(10, 10))
    for i in range(BATCH):
        store.add(Act("add", f"N-{i}", "ana", changes={"title": "x"}), NOON)
    heard: list[int] = []
    store.apply_policy(policy("30m"), "ben", NOON, on_progress=heard.append)
    assert heard[0] == BATCH
    monkeypatch.setattr(Turnstile, "is_awaited", lambda self: True)
    heard.clear()
    store.apply_policy(policy("40m"), "ben", NOON, on_progress=heard.append)
    assert heard[0] == 10


def test_who_acts_before_a_ticket_has_followed_acts_under_the_policy_in_force(store: SqliteStore) -> None:
    """Of two that are still under the earlier one: claimed, the clocks are the new ones; undone, they stay so."""
    store.add(Act("add", "N-1", "ana", changes={"title": "x"}), NOON)
    store.add(Act("add", "N-2", "ana", changes={"title": "x"}), NOON)
    with store.writing() as connection:  # as a program leaves it that dies right after the first turn
        connection.execute("INSERT INTO policies VALUES (2, ?, 'ben', ?, NULL)", (policy("30m"), NOON))
        connection.execute("UPDATE state SET policy_version = 2")
    assert "N-2" in store.stale()
    store.act(Act("claim", "N-1", "ben", any_zone=True), NOON)
    store.act(Act("note", "N-2", "ben", "hello"), NOON)
    store.act(Act("undo", "N-1", "ben"), NOON + 1)
    for ticket in store.some(["N-1", "N-2"], NOON):
        clock = ticket.clock(Bucket.RESPONSE)
        assert clock is not None
        assert (clock.target_s, clock.policy_version) == (1800, 2)
    assert not {"N-1", "N-2"} & set(store.stale())
    while store.catch_up(NOON):
        pass
    assert store.stale() == []
    assert list(differences(store, NOON)) == []
