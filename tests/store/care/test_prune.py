"""Retention: what goes is gone from the file, and all that figures are made of stays as it was, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.board.views import Tab, View, parse_filter
from slaboard.reports.footnotes import footnotes
from slaboard.reports.period import Period
from slaboard.sla.autopsy import facts
from slaboard.store.base import Act
from slaboard.store.care import prune as pruning
from slaboard.store.care.prune import Pruned, prunable, prune
from slaboard.store.read.lives import judged
from slaboard.store.read.reasons import autopsies
from slaboard.store.sqlite import SqliteStore
from slaboard.sync import Order, import_file
from slaboard.ticket import Kind
from tests.sla.story import at
from tests.store.desk import agrees, desk, do, dump, the

DAY = 86_400
NOW = at("09:00") + 500 * DAY
BEFORE = NOW - 400 * DAY
SECRET = "Q7xSecret"
LINES = (
    {"kind": "created", "at": "09:00", "title": f"{SECRET} title", "customer": "Contoso", "priority": "P2",
     "url": f"https://x/{SECRET}", "board": "Desk", "actor": f"{SECRET} Smith", "actor_kind": "customer"},
    {"kind": "message", "at": "09:05", "direction": "in", "actor": f"{SECRET} Smith", "note": f"{SECRET} asks"},
    {"kind": "message", "at": "09:10", "direction": "in", "channel": "phone", "actor": "ana", "note": f"{SECRET} rang"},
    {"kind": "claim", "at": "09:12", "actor": "ana"},
    {"kind": "title", "at": "09:15", "title": f"{SECRET} retitled"},
    {"kind": "status", "at": "09:20", "stage": "waiting", "reason": "vendor", "actor": "ana"},
    {"kind": "status", "at": "09:40", "status": "Working", "actor": "ana", "note": f"{SECRET} status"},
    {"kind": "status", "at": "09:50", "stage": "waiting", "reason": f"Mrs {SECRET}", "actor": "ana"},
    {"kind": "engage", "at": "11:00", "actor": "ana", "note": f"{SECRET} work"},
    {"kind": "resolve", "at": "18:00", "actor": "ana", "note": f"{SECRET} done"},
    {"kind": "survey", "at": "18:30", "actor_kind": "customer", "actor": f"{SECRET} Smith", "csat": 4, "note": SECRET},
)  # fmt: skip
"""A ticket with a text wherever one may be."""
ROW = "id,title,status,priority,customer\nZ-1,Q7xSecret retitled,Resolved,P2,Contoso\n"


def take(store: SqliteStore, path: Path) -> int:
    """Import a file; how many events were new."""
    return import_file(store, Order(str(path)), NOW, lambda line, reason: None).events


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Z-1 ended 500 days ago, with texts; A-1 is as old and open; B-2 ended yesterday."""
    made = tmp_path / "board.db"
    told = ({"ticket": "Z-1", **line, "at": f"2026-01-05T{line['at']}:00Z"} for line in LINES)
    (tmp_path / "old.ndjson").write_text("".join(f"{json.dumps(line)}\n" for line in told))
    with desk(made, "09:00 mail add B-2 title=Disk priority=P1", "09:05 ana note A-1 - keep this") as store:
        store.act(Act("resolve", "B-2", "ben", "kept too"), NOW - DAY)
        take(store, tmp_path / "old.ndjson")
    return made


@pytest.fixture
def store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path) as opened:
        yield opened


def pruned(store: SqliteStore) -> Pruned:
    return prune(store, BEFORE, "Hana", "hana@desk tty1 cli", NOW)


def figures(store: SqliteStore) -> object:
    """All that a report is made of: autopsies, footnotes, shares."""
    detail = store.detail("Z-1", NOW)
    told = [facts(found) for found in autopsies(store, "Z-1", NOW)]
    for one in told:  # whom it waited for is a text
        for name in ("parts", "stretches"):
            one[name] = [{**part, "who": None if part["part"] == "waiting" else part["who"]} for part in one[name]]  # type: ignore[attr-defined]
    notes = footnotes("Z-1", detail.ticket.clocks, detail.events, store.policy_of, NOW)
    return told, notes, judged(store, Period())


def test_every_text_of_an_ended_ticket_goes_from_the_file(path: Path) -> None:
    """Zeroed, not only unlinked; the log is empty. What is no text of a customer's stays."""
    assert SECRET.encode() in path.read_bytes()
    with SqliteStore(path) as store:
        assert prunable(store, BEFORE) == Pruned(1, 9)
        assert pruned(store) == Pruned(1, 9)
        assert store.empty_log()
    left = path.read_bytes()
    assert SECRET.encode() not in left
    for word in (b"Contoso", b"vendor", b"phone", b"Desk", b"keep this", b"kept too", b"VPN"):
        assert word in left
    assert not any(SECRET.encode() in file.read_bytes() for file in path.parent.glob("board.db-*"))


def test_clocks_results_and_figures_stay_byte_for_byte(store: SqliteStore) -> None:
    """Every row and column of `clocks`, `outcomes` and `policies`; every event's time, kind, order and state."""
    same = ("clocks", "outcomes", "policies", "imports", "engineers")
    told = ("title", "note", "reason", "actor", "more", "rev")
    before, shown = dump(store, without=(), of=same), figures(store)
    events = dump(store, without=told, of=("events",))["events"]
    tickets = dump(store, without=("title", "url", "words", "rev"), of=("tickets",))
    pruned(store)
    assert dump(store, without=(), of=same) == before
    assert figures(store) == shown
    assert [row for row in dump(store, without=told, of=("events",))["events"] if "prune" not in row] == events
    assert dump(store, without=("title", "url", "words", "rev"), of=("tickets",)) == tickets
    assert agrees(store), "a recomputation from the events that are left says the same"


def test_an_event_says_who_did_it_and_when(store: SqliteStore) -> None:
    pruned(store)
    last = store.events("Z-1")[-1]
    assert (last.kind, last.actor, last.via, last.at) == (Kind.PRUNE, "Hana", "hana@desk tty1 cli", NOW)
    assert [event.reason for event in store.events("Z-1") if event.kind is Kind.STATUS] == ["vendor", None, None]
    assert [event.actor for event in store.events("Z-1") if event.kind is Kind.MESSAGE] == [None, "ana"]
    assert the(store, "Z-1", now=NOW).board == "Desk"


def test_a_second_time_there_is_nothing(store: SqliteStore) -> None:
    pruned(store)
    before = dump(store, without=())
    assert pruned(store) == Pruned()
    assert dump(store, without=()) == before


def test_what_is_open_or_ended_lately_is_not_touched(store: SqliteStore) -> None:
    """Nor is one to which something has happened since it ended."""
    pruned(store)
    assert the(store, "A-1", now=NOW).title == "VPN"
    assert the(store, "B-2", now=NOW).title == "Disk"
    do(store, "09:10 ben resolve A-1")
    store.act(Act("note", "A-1", "ana", "look again"), NOW - DAY)
    assert pruned(store) == Pruned()


def test_one_that_is_reopened_meanwhile_keeps_its_texts(store: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the look for tickets and the batch's turn."""
    pages = pruning._pages

    def late(opened: SqliteStore, before: int) -> Iterator[tuple[str, list[str]]]:
        for page in pages(opened, before):
            store.act(Act("reopen", "Z-1", "ana"), NOW)
            yield page

    monkeypatch.setattr(pruning, "_pages", late)
    assert pruned(store) == Pruned()
    assert the(store, "Z-1", now=NOW).title == f"{SECRET} retitled"


def test_the_same_files_bring_no_text_back(store: SqliteStore, path: Path) -> None:
    """Neither event lines, which are known, nor a row, which would be a change of title."""
    pruned(store)
    assert take(store, path.parent / "old.ndjson") == 0
    (path.parent / "rows.csv").write_text(ROW)
    take(store, path.parent / "rows.csv")
    assert the(store, "Z-1", now=NOW).title == ""
    assert prunable(store, NOW) == Pruned(1, 2), "B-2's alone"


def test_no_search_finds_it(store: SqliteStore) -> None:
    """In the words of tickets, and on boards that add up the ledger."""
    do(store, f"09:00 mail add D-1 priority=P2 title={SECRET}", "09:05 ana resolve D-1")
    view = View(Tab.ALL, parse_filter(SECRET))
    assert {t.id for t in store.tickets(NOW, view=view, ended=True)} == {"D-1", "Z-1"}
    seen = store.ask("SELECT max(seq) FROM ledger")[0][0]
    pruned(store)
    assert list(store.tickets(NOW, view=view, ended=True)) == []
    assert store.ask("SELECT count(*) FROM ledger WHERE words LIKE '%secret%'")[0][0] == 0
    assert store.ask("SELECT count(*) FROM ledger WHERE seq > ? AND sign = 0", (seen,))[0][0] == 1


def test_the_events_of_a_deleted_ticket_are_pruned_too(store: SqliteStore) -> None:
    """Its row is gone, its history is not; it stays off the boards."""
    store.connection.execute("DELETE FROM tickets WHERE id = 'Z-1'")
    assert pruned(store) == Pruned(1, 9)
    assert store.ask("SELECT count(*) FROM tickets WHERE id = 'Z-1'")[0][0] == 0
    assert pruned(store) == Pruned()


def test_many_tickets_go_in_batches_and_claims_get_through_between_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "BATCH", 2)
    told: list[int] = []
    acts = [f"09:00 mail add D-{n} title={SECRET}" for n in range(5)] + [f"09:05 ana resolve D-{n}" for n in range(5)]
    with desk(tmp_path / "many.db", *acts) as store, SqliteStore(tmp_path / "many.db") as other:

        def between(tickets: int) -> None:
            told.append(tickets)
            verb = "release" if the(other).owner else "claim"
            other.act(Act(verb, "A-1", "ben", any_zone=True), NOW)

        assert prune(store, BEFORE, "Hana", "cli", NOW, between) == Pruned(5, 5)
    assert told == [2, 4, 5]


def test_a_json_that_another_program_broke_is_no_obstacle(store: SqliteStore) -> None:
    store.connection.execute("UPDATE state SET ours = 1")
    store.connection.execute("UPDATE events SET more = ? WHERE kind = 'survey'", (f'{{"url": {SECRET}',))
    store.connection.execute("UPDATE state SET ours = 0")
    assert pruned(store) == Pruned(1, 9)
    assert store.ask("SELECT count(*) FROM events WHERE more LIKE '%Secret%'")[0][0] == 0
