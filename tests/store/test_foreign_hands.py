"""What other programs write with plain SQL: it becomes events, gets its clocks, and nothing is invented."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from slaboard.board.views import Tab, View
from slaboard.store.care.check import differences
from slaboard.store.disk.driver import module
from slaboard.store.sqlite import SqliteStore
from slaboard.text import MAX_TEXT
from slaboard.ticket import Kind
from tests.sla.story import at, clock_time, situation
from tests.store.desk import OPENED, agrees, desk, do, dump, the, words

NOW = at("11:00")
"""When we notice."""
ANSWERED = "09:20 ana respond"
RUNNING = "response running due 10:00; resplan running due 13:00; resolution running due 06T01:00"
PLANNED = "response met 20m; resplan running due 13:00; resolution running due 06T01:00"
URGENT = "response running due 09:15; resplan running due 10:00 retarget; resolution running due 13:00"
SOLVED = "response met 20m; resplan met 60m skipped; resolution met 60m"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "s.db") as made:
        yield made


def foreign(store: SqliteStore, *statements: str, values: Sequence[object] = (), pragma: str = "") -> None:
    """Another program's connection, without a setting or function of ours.

    Of the same library as ours: two of them in one process drop each other's locks when one closes the file.
    """
    with closing(module().connect(str(store.path))) as connection, connection:
        if pragma:
            connection.execute(f"PRAGMA {pragma}")
        for statement in statements:
            connection.execute(statement, values)


def caught_up(store: SqliteStore, ticket: str = "A-1", *, now: int = NOW) -> str:
    """The ticket in words after we noticed; the new store agrees with itself."""
    while store.catch_up(now):
        pass
    assert agrees(store)
    return words(store, ticket)


# --- a changed row --------------------------------------------------------------------------------------------

CHANGES = [
    situation("a title", ANSWERED, "title = 'Disk'", ["title"], f"plan -; {PLANNED}"),
    situation("a title while it waits", "09:00 ana wait", "title = 'Disk'", ["title"],
              "waiting -; response running due 10:00; "
              "resplan waiting green 240m left; resolution waiting green 960m left"),
    situation("a title of a resolved one", f"{ANSWERED} / 10:00 ana resolve", "title = 'Disk'", ["title"],
              f"resolved -; {SOLVED}"),
    situation("a title of a closed one", f"{ANSWERED} / 10:00 ana close", "title = 'Disk'", ["title"],
              f"closed -; {SOLVED}"),
    situation("nothing", ANSWERED, "title = title", [], f"plan -; {PLANNED}"),
    situation("an owner", "", "owner = 'ben'", ["claim"], f"respond ben; {RUNNING}"),
    situation("another owner", "09:50 ana claim", "owner = 'ben'", ["takeover"], f"respond ben; {RUNNING}"),
    situation("no owner any more", "09:50 ana claim", "owner = NULL", ["release"], f"respond -; {RUNNING}"),
    situation("no owner, as a program without NULL writes it", "09:50 ana claim", "owner = ''", ["release"],
              f"respond -; {RUNNING}"),
    situation("a status that waits", ANSWERED, "status = 'Awaiting'", ["status"],
              "waiting -; response met 20m; resplan waiting yellow 120m left; resolution waiting green 840m left"),
    situation("a status that ends", ANSWERED, "status = 'Resolved'", ["status"],
              "resolved -; response met 20m; resplan met 120m skipped; resolution met 120m"),
    situation("a status that nobody has mapped", ANSWERED, "status = 'On the moon'", ["status"], f"plan -; {PLANNED}"),
    situation("a status of a resolved one that opens it", f"{ANSWERED} / 10:00 ana resolve", "status = 'Working'",
              ["status"], f"resolve -; {SOLVED}; total_resolution running due 06T02:00"),
    situation("a stage", ANSWERED, "stage = 'waiting'", ["status"],
              "waiting -; response met 20m; resplan waiting yellow 120m left; resolution waiting green 840m left"),
    situation("a stage that it has passed", f"{ANSWERED} / 09:40 ana engage", "stage = 'respond'", [],
              "resolve -; response met 20m; resplan met 40m; resolution running due 06T01:00"),
    situation("a stage that there is not", ANSWERED, "stage = 'limbo'", [], f"plan -; {PLANNED}"),
    situation("a priority", "", "priority = 'P1'", ["priority"],
              f"respond -; {URGENT}"),
    situation("no priority any more", "", "priority = NULL", ["priority"], "respond -; no priority"),
    situation("several things", "", "priority = 'P1', owner = 'ben', title = 'Disk'", ["title", "priority", "claim"],
              f"respond ben; {URGENT}"),
    situation("what is ours to write", ANSWERED,
              "bucket = 'x', policy = 'x', ended_at = 5, opened_at = 5, no_sla = 'x', rev = 0, stale = 0", [],
              f"plan -; {PLANNED}"),
    situation("what only a creation says", ANSWERED, "board = 'b', type = 't', url = 'u'", [], f"plan -; {PLANNED}"),
    situation("bytes", "", "owner = x'62656e'", ["claim"], f"respond ben; {RUNNING}"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "change", "kinds", "after"), CHANGES)
@pytest.mark.parametrize("pragma", ["", "recursive_triggers = ON"], ids=["", "recursive triggers"])
def test_an_updated_row(
    store: SqliteStore, before: str, change: str, kinds: list[str], after: str, pragma: str
) -> None:
    do(store, before)
    known = store.events("A-1")
    foreign(store, f"UPDATE tickets SET {change} WHERE id = 'A-1'", pragma=pragma)  # noqa: S608
    assert store.stale() == ["A-1"]
    assert caught_up(store) == after
    assert [event.kind for event in store.events("A-1")[len(known) :]] == kinds


@pytest.mark.parametrize(
    "statement",
    [
        pytest.param("INSERT INTO tickets (id, title, owner) VALUES ('A-1', 'Disk', 'ben') "
                     "ON CONFLICT (id) DO UPDATE SET title = excluded.title, owner = excluded.owner", id="upsert"),
        pytest.param("REPLACE INTO tickets (id, title, owner) VALUES ('A-1', 'Disk', 'ben')", id="replace"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("pragma", ["", "recursive_triggers = ON"], ids=["", "recursive triggers"])
def test_a_partial_row_says_nothing_about_the_rest(store: SqliteStore, statement: str, pragma: str) -> None:
    do(store, f"{ANSWERED} / 09:30 ana wait")
    foreign(store, statement, pragma=pragma)
    assert caught_up(store).startswith("waiting ben; response met 20m; resplan waiting green 210m left")
    ticket = the(store)
    assert (ticket.title, ticket.customer, ticket.priority, ticket.opened_at) == ("Disk", "Contoso", "P2", OPENED)
    foreign(store, statement, pragma=pragma)
    events = store.events("A-1")
    caught_up(store)
    assert store.events("A-1") == events, "the same row a second time is no news"


def test_a_dump_of_yesterday_put_back_is_noticed(store: SqliteStore) -> None:
    """`sqlite-utils rows` and `upsert` carry our own columns along, `rev` and `stale` among them."""
    [row] = store.ask("SELECT * FROM tickets")
    values = dict(zip(row.keys(), row, strict=True))
    do(store, "09:50 ana claim / 09:55 ana set title=Disk")
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    for verb in ("INSERT OR REPLACE", "UPSERT"):
        tail = ""
        if verb == "UPSERT":
            verb, tail = "INSERT", "ON CONFLICT (id) DO UPDATE SET " + ", ".join(f"{n} = excluded.{n}" for n in values)
        foreign(store, f"{verb} INTO tickets ({names}) VALUES ({marks}) {tail}", values=list(values.values()))
        assert store.stale() == ["A-1"], verb
        caught_up(store)
    assert (the(store).title, the(store).owner) == ("VPN", None)


def test_a_row_that_repeats_a_stage_it_has_passed_gives_no_event_each_time(store: SqliteStore) -> None:
    do(store, f"{ANSWERED} / 09:40 ana engage")
    for _ in range(3):
        foreign(store, "REPLACE INTO tickets (id, stage) VALUES ('A-1', 'plan')")
        caught_up(store)
    assert len(store.events("A-1")) == 3


def test_what_an_update_leaves_alone_is_older_than_a_new_event(store: SqliteStore) -> None:
    """Released by an event, and then retitled before anybody looks: the row still names the owner of before."""
    do(store, "09:50 ana claim")
    foreign(
        store,
        "INSERT INTO events (ticket_id, at, kind, actor) VALUES ('A-1', 1767607200, 'release', 'ana')",
        "UPDATE tickets SET title = 'Disk' WHERE id = 'A-1'",
    )
    assert caught_up(store).startswith("respond -; ")
    assert [event.kind for event in store.events("A-1")][2:] == ["release", "title"]


def test_a_ticket_keeps_its_id(store: SqliteStore) -> None:
    with pytest.raises(module().IntegrityError, match="a ticket keeps its id"):
        foreign(store, "UPDATE tickets SET id = 'B-1'")
    assert store.stale() == []


def test_a_deleted_ticket_leaves_every_count(store: SqliteStore) -> None:
    do(store, "09:00 mail add A-2 priority=P2")
    foreign(store, "DELETE FROM tickets WHERE id = 'A-1'")
    store.catch_up(NOW)
    assert store.grid(NOW).open == 1
    assert [ticket.id for ticket in store.window(View(Tab.ALL), NOW, 0, 10).rows] == ["A-2"]
    assert agrees(store)


# --- a new row ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "opened"),
    [
        situation("ISO in UTC", "'2026-01-05T09:30:00Z'", "09:30"),
        situation("ISO with an offset", "'2026-01-05T09:30:00+01:00'", "08:30"),
        situation("ISO without a zone", "'2026-01-05 09:30'", "09:30"),
        situation("ISO with a fraction", "'2026-01-05T09:30:00.999Z'", "09:30"),
        situation("seconds", "1767605400", "09:30"),
        situation("seconds as a text", "'1767605400'", "09:30"),
        situation("seconds with a fraction", "1767605400.9", "09:30"),
        situation("NULL: when we notice", "NULL", "11:00"),
    ],
)
def test_when_an_inserted_ticket_was_opened(store: SqliteStore, written: str, opened: str) -> None:
    foreign(store, f"INSERT INTO tickets (id, priority, opened_at) VALUES ('A-2', 'P2', {written})")  # noqa: S608
    caught_up(store, "A-2")
    ticket = the(store, "A-2")
    assert clock_time(ticket.opened_at) == opened
    assert clock_time(ticket.clocks[0].due_at) == clock_time(at(opened) + 3600)
    assert store.ask("SELECT typeof(opened_at) FROM tickets WHERE id = 'A-2'")[0][0] == "integer"


def test_a_ticket_inserted_without_an_opening_time_was_opened_then(store: SqliteStore) -> None:
    now = "SELECT CAST(strftime('%s', 'now') AS INTEGER)"
    [[before]] = store.ask(now)
    foreign(store, "INSERT INTO tickets (id, priority) VALUES ('A-2', 'P2')")
    caught_up(store, "A-2", now=before + 3600)
    opened = the(store, "A-2").opened_at
    assert opened is not None
    assert before <= opened <= store.ask(now)[0][0]


@pytest.mark.parametrize("written", ["'soon'", "'2026-13-01'", "1e18", "-5", "1767605400000", "x'00'", "''"])
def test_an_opening_time_that_nobody_can_read_is_shown_as_none(store: SqliteStore, written: str) -> None:
    foreign(store, f"INSERT INTO tickets (id, title, priority, opened_at) VALUES ('A-2', 'Disk', 'P2', {written})")  # noqa: S608
    assert caught_up(store, "A-2") == "respond -; no opening time"
    assert (the(store, "A-2").title, the(store, "A-2").opened_at) == ("Disk", None)
    foreign(store, "UPDATE tickets SET title = 'Disk full' WHERE id = 'A-2'")
    assert caught_up(store, "A-2") == "respond -; no opening time", "a new title is no opening"
    assert the(store, "A-2").title == "Disk full"


def test_everything_that_a_new_row_may_say(store: SqliteStore) -> None:
    foreign(
        store,
        """INSERT INTO tickets (id, title, customer, priority, status, owner, opened_at, board, type, url)
        VALUES ('A-2', 'Disk', 'Tansy', 'P1', 'Working', 'ben', '2026-01-05T10:30:00Z', 'b', 't', 'https://x/2')""",
    )
    assert caught_up(store, "A-2") == (
        "resolve ben; response running due 10:45; resplan met 30m; resolution running due 14:30"
    )
    ticket = the(store, "A-2")
    assert (ticket.title, ticket.customer, ticket.board, ticket.type, ticket.url) == (
        "Disk",
        "Tansy",
        "b",
        "t",
        "https://x/2",
    )
    assert [event.kind for event in store.events("A-2")] == [Kind.CREATED, Kind.CLAIM, Kind.STATUS]


def test_a_ticket_inserted_and_updated_before_anybody_looks_keeps_both(store: SqliteStore) -> None:
    """Some programs upsert as INSERT OR IGNORE of the id and an UPDATE of the rest."""
    foreign(
        store,
        "INSERT INTO tickets (id, title, opened_at) VALUES ('A-2', 'Disk', 1767605400)",
        "UPDATE tickets SET priority = 'P2', owner = 'ben' WHERE id = 'A-2'",
        "UPDATE tickets SET owner = NULL WHERE id = 'A-2'",
    )
    assert caught_up(store, "A-2").startswith("respond -; response running due 10:30")
    assert the(store, "A-2").title == "Disk"


@pytest.mark.parametrize("written", ["NULL", "''", "x'00'"])
def test_a_ticket_without_an_id_is_refused_by_the_store_itself(store: SqliteStore, written: str) -> None:
    with pytest.raises(module().IntegrityError):
        foreign(store, f"INSERT INTO tickets (id) VALUES ({written})")  # noqa: S608
    with pytest.raises(module().IntegrityError):
        foreign(store, f"INSERT INTO events (ticket_id, at, kind) VALUES ({written}, 1767605400, 'note')")  # noqa: S608


HOSTILE = "\x1b]0;owned\x07 [b]x[/b] \u202egnp.exe\u2069 \x9b31m " + "x" * 10_000


def test_hostile_text_is_stored_as_it_came_and_shown_harmlessly(store: SqliteStore) -> None:
    names = "id, title, customer, status, owner, opened_at"
    row = ["A-2\x1b[2J", *[HOSTILE] * 4, OPENED]
    foreign(store, f"INSERT INTO tickets ({names}) VALUES (?, ?, ?, ?, ?, ?)", values=row)  # noqa: S608
    while store.catch_up(NOW):
        pass
    assert agrees(store)
    shown = next(ticket for ticket in store.window(View(Tab.ALL), NOW, 0, 9).rows if ticket.id != "A-1")
    for text in (shown.id, shown.title, shown.customer, shown.status, shown.owner or ""):
        assert text.isprintable()
        assert not set(text) & set("\u202e\u2069")
    assert store.ask("SELECT title FROM tickets WHERE id <> 'A-1'")[0][0] == HOSTILE


def test_a_text_is_kept_up_to_64_ki_characters(store: SqliteStore) -> None:
    foreign(store, f"UPDATE tickets SET title = '{'x' * (MAX_TEXT + 1)}'")  # noqa: S608
    caught_up(store)
    assert store.ask("SELECT length(title) FROM tickets")[0][0] == MAX_TEXT


def test_bytes_that_are_no_utf_8_do_not_stop_the_board(store: SqliteStore) -> None:
    foreign(store, "UPDATE tickets SET title = CAST(x'ff41' AS TEXT), customer = x'ff42'")
    caught_up(store)
    assert (the(store).title, the(store).customer) == ("\ufffdA", "\ufffdB")


# --- events ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "written", ["1767605400", "'2026-01-05T09:30:00Z'", "'2026-01-05 10:30:00+01:00'", "'1767605400'"]
)
def test_an_inserted_event_counts_at_its_time(store: SqliteStore, written: str) -> None:
    foreign(store, f"INSERT INTO events (ticket_id, at, kind, direction) VALUES ('A-1', {written}, 'message', 'out')")  # noqa: S608
    assert caught_up(store).startswith("plan -; response met 30m")
    assert store.ask("SELECT DISTINCT typeof(at) FROM events")[0][0] == "integer"


def test_events_of_a_ticket_that_nobody_knew(store: SqliteStore) -> None:
    foreign(store, "INSERT INTO events (ticket_id, at, kind) VALUES ('A-2', 1767605400, 'note')")
    assert caught_up(store, "A-2") == "respond -; no opening time"
    foreign(store, "INSERT INTO events (ticket_id, at, kind, priority) VALUES ('A-2', 1767605400, 'created', 'P2')")
    assert caught_up(store, "A-2").startswith("respond -; response running due 10:30")


def test_a_row_for_a_ticket_that_only_events_know_does_not_move_its_opening(store: SqliteStore) -> None:
    """The row's opening time is its default, the moment of the insert, later than everything that is known."""
    foreign(store, "INSERT INTO events (ticket_id, at, kind, direction) VALUES ('A-2', 1767605400, 'message', 'out')")
    caught_up(store, "A-2")
    foreign(store, "REPLACE INTO tickets (id, title) VALUES ('A-2', 'Disk')")
    assert caught_up(store, "A-2") == "plan -; no opening time"


@pytest.mark.parametrize(
    ("statement", "after"),
    [
        situation("moved", "UPDATE events SET at = at + 600 WHERE kind = 'message'", "plan -; response met 30m"),
        situation("another kind", "UPDATE events SET kind = 'note' WHERE kind = 'message'",
                  "respond -; response running due 10:00"),
        situation("deleted", "DELETE FROM events WHERE kind = 'message'", "respond -; response running due 10:00"),
    ],
)  # fmt: skip
def test_a_changed_history(store: SqliteStore, statement: str, after: str) -> None:
    do(store, ANSWERED)
    foreign(store, statement)
    assert caught_up(store).startswith(after)


def test_an_event_given_to_another_ticket_leaves_the_first(store: SqliteStore) -> None:
    do(store, "09:00 mail add A-2 priority=P2", ANSWERED)
    foreign(store, "UPDATE events SET ticket_id = 'A-2' WHERE kind = 'message'")
    assert caught_up(store).startswith("respond -; response running")
    assert words(store, "A-2").startswith("plan -; response met 20m")


NONSENSE = {
    "kind": "'party'", "actor": "x'00'", "stage": "'limbo'", "direction": "'sideways'", "order_in_instant": "'first'",
    "at": "'yesterday'", "more": "'{'", "csat": "'good'",
}  # fmt: skip


@pytest.mark.parametrize("column", NONSENSE)
def test_an_event_that_makes_no_sense_is_left_out_and_said(store: SqliteStore, column: str) -> None:
    values = {"ticket_id": "'A-1'", "at": "1767605400", "kind": "'note'"} | {column: NONSENSE[column]}
    foreign(store, f"INSERT INTO events ({', '.join(values)}) VALUES ({', '.join(values.values())})")  # noqa: S608
    while store.catch_up(NOW):
        pass
    do(store, "09:50 ana claim")
    assert words(store) == f"respond ana; {RUNNING}"
    [told] = differences(store, NOW)
    assert told.startswith("Event 2 of ticket A-1 is left out: ")


# --- with sqlite-utils, as people do it -----------------------------------------------------------------------


def sqlite_utils(*words: str, rows: object) -> None:
    subprocess.run(
        [sys.executable, "-m", "sqlite_utils", *words], input=json.dumps(rows), text=True, check=True, timeout=60,
        capture_output=True,
    )  # fmt: skip


def test_sqlite_utils_insert_replace_and_upsert(store: SqliteStore) -> None:
    """Of `tickets --json` one can write back every column of that name."""
    path = str(store.path)
    new = {"id": "A-2", "title": "Disk", "priority": "P2", "opened_at": "2026-01-05T10:00:00Z"}
    sqlite_utils("insert", path, "tickets", "-", rows=[new, {**new, "id": "A-3", "owner": "ben"}])
    assert caught_up(store, "A-2").startswith("respond -; response running due 11:00")
    assert words(store, "A-3").startswith("respond ben; ")
    sqlite_utils("insert", path, "tickets", "-", "--pk", "id", "--replace", rows={"id": "A-3", "status": "Awaiting"})
    assert caught_up(store, "A-3").startswith("waiting ben; ")
    sqlite_utils("upsert", path, "tickets", "-", "--pk", "id", rows={"id": "A-3", "owner": None, "status": "Closed"})
    assert caught_up(store, "A-3").startswith("closed -; ")
    assert [event.kind.value for event in store.events("A-3")] == ["created", "claim", "status", "release", "status"]


# --- nobody is woken for nothing, and nobody stays asleep -----------------------------------------------------


def test_every_foreign_write_raises_the_revision_and_ours_leave_nothing_stale(store: SqliteStore) -> None:
    for statement in (
        "INSERT INTO tickets (id) VALUES ('A-2')",
        "UPDATE tickets SET title = 'x' WHERE id = 'A-2'",
        "INSERT INTO events (ticket_id, at, kind) VALUES ('A-2', 1767605400, 'note')",
        "DELETE FROM events WHERE ticket_id = 'A-2'",
        "DELETE FROM tickets WHERE id = 'A-2'",
    ):
        before = store.revision()
        foreign(store, statement)
        assert store.revision() > before, statement
    while store.catch_up(NOW):
        pass
    do(store, "09:50 ana claim / 09:55 ana note - x")
    assert store.stale() == []


def test_catching_up_with_nothing_to_do_writes_nothing(store: SqliteStore) -> None:
    held, version = dump(store, without=()), store.data_version()
    with SqliteStore(store.path) as other:
        assert other.catch_up(NOW) == 0
    assert (dump(store, without=()), store.data_version()) == (held, version)


def test_a_board_that_may_only_read_shows_what_is_there(store: SqliteStore) -> None:
    foreign(store, "INSERT INTO tickets (id, title) VALUES ('A-2', 'Disk')")
    with SqliteStore(store.path, read_only=True) as reader:
        assert reader.catch_up(NOW) == 0
        assert reader.grid(NOW).open == 1
        assert reader.detail("A-2", NOW).ticket.title == "Disk"


def test_a_tampered_clock_is_reported_by_check(store: SqliteStore) -> None:
    foreign(store, "UPDATE clocks SET due_at = due_at + 60 WHERE bucket = 'response'")
    assert list(differences(store, NOW)) == ["A-1: response 0: due_at is 1767607260, should be 1767607200"]


def test_a_missing_and_an_invented_clock_are_reported_by_check(store: SqliteStore) -> None:
    foreign(store, "UPDATE clocks SET cycle = 7 WHERE bucket = 'response'")
    assert list(differences(store, NOW)) == [
        "A-1: response 0 is missing",
        "A-1: response 7 should not be there",
    ]
