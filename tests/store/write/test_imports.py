"""An import is taken back whole: what it brought goes, what others know stays, and its file may come again."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaboard.board.sight import Refresh
from slaboard.errors import Refused, UsageError
from slaboard.follow.feed import Feed
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write import imports as module
from slaboard.store.write.imports import Undone, imports, plan, undo
from slaboard.store.write.intake import GONE, Intake
from slaboard.sync import Order, Report, import_file
from slaboard.ticket import Event, Kind
from tests.follow.test_feed import NOW, SIGHT, Ear
from tests.sla.story import at
from tests.store.desk import OPENED, Dump, agrees, desk, do, dump, the, words
from tests.stores import YELLOW, Neighbour, make

LATER = at("12:00")
THROUGH = ("rev", "changed_at", "seq")
NEW = {"kind": "created", "title": "Disk", "priority": "P1"}
ANSWER = {"kind": "respond", "actor": "ana"}
RESOLVE = {"kind": "resolve", "actor": "ana"}


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "board.db") as made:
        yield made


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Two new tickets, of which one is resolved, and an answer on one that was there."""
    return lines(
        tmp_path / "a.ndjson",
        ("N-1", "09:00", NEW), ("N-1", "09:10", ANSWER), ("N-1", "09:30", RESOLVE), ("N-2", "09:05", NEW),
        ("A-1", "09:20", ANSWER),
    )  # fmt: skip


def lines(path: Path, *events: tuple[str, str, Mapping[str, Any]]) -> Path:
    """A file of event lines: ticket, clock time, and the rest."""
    path.write_text("".join(json.dumps({"ticket": t, "at": at(when), **rest}) + "\n" for t, when, rest in events))
    return path


def take(store: SqliteStore, path: Path, now: int = LATER) -> Report:
    return import_file(store, Order(str(path)), now, lambda line, reason: pytest.fail(f"line {line}: {reason}"))


def take_back(store: SqliteStore, number: int = 1, *, force: bool = False) -> Undone:
    return undo(store, plan(store, number), "ana", LATER, force=force)


def state(store: SqliteStore) -> Dump:
    """What boards show, and the events behind it."""
    return dump(store, without=THROUGH, of=("tickets", "clocks", "events"))


# --- what there was -------------------------------------------------------------------------------------------


def test_each_import_is_listed_with_what_it_brought(store: SqliteStore, file: Path) -> None:
    assert imports(store) == []
    take(store, file)
    take(store, file, LATER + 60)
    [found] = imports(store)
    assert (found.id, found.name, found.kind, found.state) == (1, "a.ndjson", "ndjson", "whole")
    assert (found.lines, found.brought, found.here, found.problems) == (5, 5, 5, 0)
    assert (found.started_at, found.undone_at, found.undone_by) == (LATER, None, None)
    take_back(store)
    take(store, file, LATER + 120)
    first, second = imports(store)
    assert (first.state, first.here, first.undone_at, first.undone_by) == ("undone", 0, LATER, "ana")
    assert (second.id, second.state, second.here) == (2, "whole", 5)


def test_an_import_that_was_broken_off_is_listed_as_such(store: SqliteStore) -> None:
    intake = Intake(store)
    record = intake.begin("x", "x.ndjson", "ndjson", None, LATER)
    intake.take(record, [(1, Event(ticket="N-1", at=OPENED, kind=Kind.CREATED))], hold_from=LATER)
    assert [(found.state, found.here) for found in imports(store)] == [("broken off", 1)]
    take_back(store)
    assert [found.state for found in imports(store)] == ["undone"]
    assert store.ask("SELECT held_until FROM state")[0][0] == 0, "nobody waits for the rest of it"
    assert agrees(store)


def test_there_is_no_such_import(store: SqliteStore) -> None:
    with pytest.raises(UsageError) as caught:
        plan(store, 7)
    assert str(caught.value) == "There is no import 7. `slaboard import list` names them."


# --- what goes and what stays ---------------------------------------------------------------------------------


def test_everything_is_as_it_was_before_the_import(store: SqliteStore, file: Path) -> None:
    before = state(store)
    take(store, file)
    wanted = plan(store, 1)
    assert (wanted.record.here, wanted.tickets, wanted.vanishing, wanted.headless) == (5, 3, 2, 0)
    assert take_back(store) == Undone(events=5, vanished=2, settled=1, noted=0, results=4)
    assert state(store) == before
    assert agrees(store)


def test_results_are_withdrawn_by_a_row_of_their_own(store: SqliteStore, file: Path) -> None:
    """The old rows stay (rule 15); the last one says that there is no result, and why."""
    take(store, file)
    held = [tuple(row) for row in store.ask("SELECT * FROM outcomes ORDER BY id")]
    take_back(store)
    rows = store.ask("SELECT * FROM outcomes ORDER BY id")
    assert [tuple(row) for row in rows[: len(held)]] == held
    assert {(row["ticket_id"], row["bucket"]) for row in rows[len(held) :]} == {
        ("N-1", "response"), ("N-1", "resplan"), ("N-1", "resolution"), ("A-1", "response"),
    }  # fmt: skip
    assert {(row["revision"], row["withdrawn"], row["why"]) for row in rows[len(held) :]} == {(1, 1, "import undone")}
    assert {row["priority"] for row in rows if row["ticket_id"] == "N-1"} == {"P1"}


def test_a_result_that_others_know_too_is_judged_anew(store: SqliteStore, file: Path, tmp_path: Path) -> None:
    """The first answer goes with its import, the second one counts."""
    take(store, file)
    take(store, lines(tmp_path / "b.ndjson", ("A-1", "09:50", ANSWER)))
    take_back(store)
    assert words(store).startswith("plan -; response met 50m")
    [_, row] = store.ask("SELECT * FROM outcomes WHERE ticket_id = 'A-1' ORDER BY revision")
    assert (row["withdrawn"], row["why"], row["elapsed_s"]) == (0, "import undone", 3_000)
    assert agrees(store)


def test_the_file_can_come_again(store: SqliteStore, file: Path) -> None:
    take(store, file)
    with_it = dump(store, without=(*THROUGH, "import_id"), of=("tickets", "clocks", "events"))
    take_back(store)
    report = take(store, file)
    assert (report.events, report.tickets) == (5, 2)
    assert dump(store, without=(*THROUGH, "import_id"), of=("tickets", "clocks", "events")) == with_it
    assert agrees(store)


def test_a_line_that_two_files_have_is_the_first_ones(store: SqliteStore, file: Path, tmp_path: Path) -> None:
    """It goes with the first, and comes back when the second is imported again."""
    take(store, file)
    second = lines(tmp_path / "b.ndjson", ("N-2", "09:05", NEW), ("N-2", "09:40", ANSWER))
    assert take(store, second).events == 1
    wanted = plan(store, 1)
    assert (wanted.vanishing, wanted.headless, wanted.later) == (1, 1, ["b.ndjson"])
    take_back(store)
    assert words(store, "N-2") == "plan -; no opening time"
    assert take(store, second).events == 1
    assert words(store, "N-2").startswith("plan -; response missed 35m")
    assert agrees(store)


def test_a_moved_log_may_be_moved_anew(store: SqliteStore, file: Path) -> None:
    import_file(store, Order(str(file), shift_to_now=True), LATER + 8 * 86_400, lambda *_: None)
    assert imports(store)[0].shift_s == 7 * 86_400
    take_back(store)
    take(store, file)
    assert imports(store)[1].shift_s is None


# --- what people did since ------------------------------------------------------------------------------------


def test_tickets_that_people_have_worked_on_are_not_pulled_from_under_them(store: SqliteStore, file: Path) -> None:
    do(store, "09:02 ben note - before it came")
    take(store, file)
    do(store, "12:01 ben claim N-2 any / 12:02 cho note N-2 - on it / 12:03 cho note - too")
    held = dump(store)
    with pytest.raises(Refused) as caught:
        take_back(store)
    assert str(caught.value) == (
        "Tickets of import 1 were worked on since (2: A-1, N-2): note 2, claim 1 by ben, cho. Nothing was taken back; "
        "with --force it is, and what they did stays."
    )
    assert dump(store) == held


def test_what_they_did_stays_when_it_is_forced(store: SqliteStore, file: Path) -> None:
    """A ticket that only the import knew of stays with its owner, and its history says why it is bare."""
    take(store, file)
    do(store, "11:50 ben claim N-2 any")
    done = take_back(store, force=True)
    assert (done.events, done.vanished, done.noted) == (5, 1, 1)
    assert words(store, "N-2") == "respond ben; no opening time"
    claim, note = store.events("N-2")
    assert (claim.kind, claim.actor) == (Kind.CLAIM, "ben")
    assert (note.kind, note.actor, note.at) == (Kind.NOTE, "slaboard", LATER)
    assert note.note == "import 1 (a.ndjson) was taken back, and with it what it said of this ticket"
    assert agrees(store)
    take(store, file)
    assert the(store, "N-2").owner == "ben"
    assert the(store, "N-2").title == "Disk"
    assert plan(store, 2).worked.tickets == 0, "what they did before it came is not in its way"


def test_what_another_program_wrote_into_a_row_stays(store: SqliteStore, file: Path) -> None:
    """Also when nobody has computed it yet; and a row that it deleted does not come back."""
    take(store, file)
    wanted = plan(store, 1)
    store.connection.execute("UPDATE tickets SET title = 'Disk 97 % full', owner = 'Hana' WHERE id = 'N-2'")
    store.connection.execute("DELETE FROM tickets WHERE id = 'A-1'")
    done = undo(store, wanted, "ana", LATER)
    assert done.vanished == 1
    assert (the(store, "N-2").title, the(store, "N-2").owner) == ("Disk 97 % full", "Hana")
    assert [row[0] for row in store.ask("SELECT id FROM tickets ORDER BY id")] == ["N-2"]
    assert [event.kind for event in store.events("A-1")] == [Kind.CREATED]
    assert agrees(store)


# --- while others are at work ---------------------------------------------------------------------------------


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """A ticket in a transaction."""
    monkeypatch.setattr(module, "TICKETS", 1)


def test_claims_get_through_between_two_batches_and_boards_follow(tmp_path: Path, small: None) -> None:
    path, ear = make(tmp_path / "s.db", NOW, [YELLOW] * 5), Ear()
    extra = lines(tmp_path / "x.ndjson", *((f"X-{n}", "09:00", NEW) for n in range(4)))
    feed = Feed(path, ear.post, lambda: ear.now)
    feed.look(SIGHT)
    claimed: list[str] = []
    with SqliteStore(path) as store, Neighbour(path) as neighbour:
        take(store, extra, NOW)
        feed.start()
        try:
            ear.next(Refresh, lambda seen: seen.page.total == 9)

            def between(events: int) -> None:
                neighbour.claim(f"T-{events}")
                claimed.append(f"T-{events}")

            undo(store, plan(store, 1), "ana", NOW, on_events=between)
            ear.next(
                Refresh,
                lambda seen: seen.page.total == 5 and {row.id for row in seen.page.rows if row.owner} == set(claimed),
            )
        finally:
            feed.close()
        assert claimed == ["T-1", "T-2", "T-3", "T-4"]
        assert agrees(store)


def test_an_import_that_runs_stops_when_it_is_taken_back(store: SqliteStore) -> None:
    intake = Intake(store)
    record = intake.begin("x", "x.ndjson", "ndjson", None, LATER)
    intake.take(record, [(1, Event(ticket="N-1", at=OPENED, kind=Kind.CREATED))], hold_from=LATER)
    take_back(store)
    with pytest.raises(Refused) as caught:
        intake.take(record, [(2, Event(ticket="N-2", at=OPENED, kind=Kind.CREATED))], hold_from=LATER)
    assert str(caught.value) == GONE
    assert [found.here for found in imports(store)] == [0]


def test_tickets_that_wait_for_another_import_go_on_waiting(store: SqliteStore, file: Path) -> None:
    """Half a history would freeze results that the other half corrects."""
    take(store, file)
    intake = Intake(store)
    record = intake.begin("x", "x.ndjson", "ndjson", None, LATER)
    intake.take(record, [(1, Event(ticket="A-1", at=at("09:15"), kind=Kind.NOTE, note="x"))], hold_from=LATER)
    take_back(store)
    assert store.ask("SELECT stale FROM tickets WHERE id = 'A-1'")[0][0] == -1
    assert store.stale() == []
    intake.finish(record, lines=1, events=1, problems=0, now=LATER)
    assert words(store).startswith("respond -; response running")
    assert agrees(store)


KILLED = """
import os, signal, sys
from pathlib import Path
from slaboard.store.write import imports as module
from slaboard.store.sqlite import SqliteStore
module.TICKETS = 1
with SqliteStore(Path(sys.argv[1])) as store:
    module.undo(
        store, module.plan(store, 1), "ana", int(sys.argv[2]), on_events=lambda _: os.kill(os.getpid(), signal.SIGKILL)
    )
"""


def test_killed_in_the_middle_it_is_finished_by_being_called_again(store: SqliteStore, file: Path) -> None:
    before = state(store)
    take(store, file)
    done = subprocess.run([sys.executable, "-c", KILLED, str(store.path), str(LATER)], check=False)
    assert done.returncode == -signal.SIGKILL
    [found] = imports(store)
    assert (found.state, 0 < found.here < 5) == ("half undone", True)
    assert agrees(store), "each ticket is with the import or without it"
    with pytest.raises(Refused) as caught:
        take(store, file)
    assert str(caught.value) == (
        "Import 1 (a.ndjson) is taken back only in part. Finish that first: slaboard import undo 1"
    )
    take_back(store)
    assert state(store) == before
    take(store, file)
    assert agrees(store)


# --- any history ----------------------------------------------------------------------------------------------

DONE = ("respond", "claim", "note", "resolve")
KINDS = ("respond", "status", "wait", "resume", "resolve", "reopen", "claim", "release", "engage", "priority", "close")
LINE = st.tuples(st.sampled_from(["A-1", "N-1", "N-2"]), st.integers(1, 30), st.sampled_from(KINDS))
CREATED = st.sets(st.sampled_from(["N-1", "N-2"]))


def written(path: Path, created: set[str], found: list[tuple[str, int, str]]) -> Path:
    """A file of these lines, none of which another file has; every creation is the first of its ticket."""
    every: list[tuple[str, str, Mapping[str, Any]]] = [(ticket, "09:00", NEW) for ticket in sorted(created)]
    every += [(ticket, f"09:{minute:02}", more(kind)) for ticket, minute, kind in found]
    return lines(path, *((ticket, when, {**rest, "id": f"{path.name} {n}"}) for n, (ticket, when, rest) in
                         enumerate(every)))  # fmt: skip


def more(kind: str) -> dict[str, Any]:
    said = {"status": {"status": "Active"}, "priority": {"priority": "P1"}}.get(kind, {})
    return {"kind": kind, "actor": "ana", **said}


def insert(store: SqliteStore, ticket: str, minute: int, kind: str) -> None:
    """What somebody did, whatever stands there."""
    store.connection.execute(
        "INSERT INTO events (ticket_id, at, kind, actor, direction) VALUES (?, ?, ?, 'ben', 'out')",
        (ticket, at(f"09:{minute:02}"), "message" if kind == "respond" else kind),
    )
    store.catch_up(LATER)


def shown(store: SqliteStore) -> Any:
    """Tickets, clocks and the results that count."""
    results = store.ask("""
        SELECT ticket_id, bucket, cycle, started_at, target_s, due_at, stopped_at, elapsed_s, met, skipped
        FROM outcomes o WHERE withdrawn = 0 AND revision = (SELECT max(revision) FROM outcomes l
            WHERE (l.ticket_id, l.bucket, l.cycle) = (o.ticket_id, o.bucket, o.cycle)) ORDER BY 1, 2, 3""")
    return dump(store, without=THROUGH, of=("tickets", "clocks")), [tuple(row) for row in results]


@settings(max_examples=20)
@given(
    CREATED, st.lists(LINE, min_size=1, max_size=8), CREATED, st.lists(LINE, max_size=6),
    st.lists(st.tuples(st.sampled_from(["A-1", "N-1"]), st.integers(1, 30), st.sampled_from(DONE)), max_size=3),
)  # fmt: skip
def test_without_the_import_it_is_as_if_it_had_never_been(
    first: set[str], a: list[tuple[str, int, str]], second: set[str], b: list[tuple[str, int, str]],
    acts: list[tuple[str, int, str]],
) -> None:  # fmt: skip
    """Import A, what others do, import B, undo A: the same as what others did, and import B."""
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        files = written(here / "a.ndjson", first, a), written(here / "b.ndjson", second, b)
        with desk(here / "with.db") as store, desk(here / "without.db") as other:
            take(store, files[0])
            for each in (store, other):
                for act in acts:
                    insert(each, *act)
                take(each, files[1])
            take_back(store, force=True)
            assert shown(store) == shown(other)
            assert agrees(store)
