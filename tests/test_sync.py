"""Files into a store: each line once, in any order, after any interruption, with a reason for what is left out."""

from __future__ import annotations

import csv
import errno
import gzip
import json
import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from slaboard.__main__ import main
from slaboard.commands.keep import new_store
from slaboard.connectors.ticket_csv import parse_mapping
from slaboard.errors import StoreError, UsageError
from slaboard.resources import shipped
from slaboard.store.care.check import differences
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.intake import HOLD_S, Intake
from slaboard.sync import WEEK_S, Order, Report, dry_run, import_file
from slaboard.ticket import Bucket, Kind
from tests.faults.page import assert_told
from tests.shared_data import need_shared
from tests.sla.story import at, clock_time
from tests.store.desk import POLICY, Dump, dump, the, words

NOW = at("12:00")
BUSY_DAY = shipped("sample_data") / "busy_day.ndjson"
THROUGH = ("rev", "started_at", "finished_at")
"""What tells one run from another."""
Said = list[tuple[int, str]]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with made(tmp_path / "s.db") as new:
        yield new


def made(path: Path, policy: str = POLICY) -> SqliteStore:
    store = SqliteStore.create(path)
    store.apply_policy(policy, "test", at("08:00"))
    return store


def take(
    store: SqliteStore, path: Path | str, *, now: int = NOW, rehearse: bool = False, **more: Any
) -> tuple[Report, Said]:
    """Import it; the report, and the lines that could not be used."""
    said: Said = []
    do = dry_run if rehearse else import_file
    return do(store, Order(str(path), **more), now, lambda line, reason: said.append((line, reason))), said


def lines(path: Path, *events: dict[str, Any] | str, ticket: str = "A-1") -> Path:
    """A file of event lines; a key that is not said is that of a note on A-1."""
    path.write_text(
        "".join(line if isinstance(line, str) else json.dumps({"ticket": ticket, **line}) + "\n" for line in events)
    )
    return path


CREATED = {"at": "2026-01-05T09:00:00Z", "kind": "created", "title": "VPN", "priority": "P2"}
ANSWER = {"at": "2026-01-05T09:20:00Z", "kind": "respond", "actor": "ana"}
RESOLVE = {"at": "2026-01-05T10:00:00Z", "kind": "resolve", "actor": "ana"}


# --- the example that the design gives ------------------------------------------------------------------------

OFFICE = """
[calendar.office]
timezone = "Europe/Berlin"
hours = { mon = ["09:00-12:30", "13:30-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], thu = ["09:00-17:00"] }
[calendar.always]
hours = "24x7"

[status]
"New" = "respond"
"Active" = "plan"
"Awaiting User Info" = "waiting"

[[policy]]
name = "Gold P1"
match = { customer = ["Contoso"], priority = ["P1"] }
calendar = "always"
targets = { response = "15m", resplan = "1h", resolution = "4h" }
zones = { orange = 0.60, orange_floor = "10m" }

[[policy]]
name = "Everyone"
calendar = "office"
targets = { response = "1h", resplan = "4h", resolution = "16h" }
"""
EXAMPLE: list[dict[str, Any]] = [
    {"at": "2026-01-05T09:00:00Z", "kind": "created", "title": "VPN down", "customer": "Contoso", "priority": "P2",
     "status": "New", "actor": "mail", "actor_kind": "customer"},
    {"at": "2026-01-05T09:04:00Z", "kind": "message", "direction": "out", "channel": "email", "actor": "autoreply",
     "actor_kind": "automation"},
    {"at": "2026-01-05T09:20:00Z", "kind": "message", "direction": "out", "channel": "email", "actor": "ana",
     "actor_kind": "human"},
    {"at": "2026-01-05T09:30:00Z", "kind": "claim", "actor": "ana"},
    {"at": "2026-01-05T09:40:00Z", "kind": "engage", "actor": "ana"},
    {"at": "2026-01-05T10:00:00Z", "kind": "status", "status": "Awaiting User Info", "reason": "customer",
     "actor": "ana"},
    {"at": "2026-01-05T11:00:00Z", "kind": "status", "status": "Active", "actor": "ana"},
    {"at": "2026-01-05T11:30:00Z", "kind": "priority", "priority": "P1", "actor": "ana"},
    {"at": "2026-01-05T12:00:00Z", "kind": "resolve", "actor": "ana"},
]  # fmt: skip
AT_HALF_PAST_ELEVEN = {
    "id": "A-1", "title": "VPN down", "customer": "Contoso", "priority": "P1", "status": "Active", "stage": "resolve",
    "owner": "ana", "policy": "Gold P1", "opened_at": "2026-01-05T09:00:00Z", "bucket": "resolution", "zone": "green",
    "due_at": "2026-01-05T14:00:00Z", "left_business_s": 9000, "left_wall_s": 9000,
}  # fmt: skip
CLOCKS = {
    "response": {
        "state": "met", "zone": "green", "target_s": 3600, "elapsed_s": 1200, "due_at": "2026-01-05T10:00:00Z",
        "stopped_at": "2026-01-05T09:20:00Z", "met": True, "skipped": False,
    },
    "resplan": {
        "state": "met", "zone": "green", "target_s": 14400, "elapsed_s": 2400, "due_at": "2026-01-05T14:00:00Z",
        "stopped_at": "2026-01-05T09:40:00Z", "met": True, "skipped": False,
    },
    "resolution": {
        "state": "running", "zone": "green", "target_s": 14400, "elapsed_s": 5400, "due_at": "2026-01-05T14:00:00Z",
        "yellow_at": "2026-01-05T12:00:00Z", "orange_at": "2026-01-05T12:24:00Z", "red_at": "2026-01-05T14:00:01Z",
        "stopped_at": None, "met": None,
    },
}  # fmt: skip


@pytest.mark.parametrize("order", ["as written", "backwards", "shuffled"])
def test_the_example_of_the_design(tmp_path: Path, capsys: pytest.CaptureFixture[str], order: str) -> None:
    """Values of `design/SEMANTICS.md`; resplan was due 4 office hours after 10:00 in Berlin, over lunch."""
    events = {"as written": EXAMPLE, "backwards": EXAMPLE[::-1], "shuffled": EXAMPLE[::2] + EXAMPLE[1::2]}[order]
    with made(tmp_path / "s.db", OFFICE) as store:
        report, said = take(store, lines(tmp_path / "a.ndjson", *events))
        assert (report.events, report.tickets, said) == (9, 1, [])
    assert main(["tickets", "--json", "--at", "2026-01-05T11:30:00Z", "--store", str(store.path)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {key: found[key] for key in AT_HALF_PAST_ELEVEN} == AT_HALF_PAST_ELEVEN
    for bucket, clock in CLOCKS.items():
        assert {key: found["clocks"][bucket][key] for key in clock} == clock, bucket
    assert list(found["clocks"]) == list(CLOCKS)


# --- each line once, whatever happens -------------------------------------------------------------------------


def truth(store: SqliteStore) -> Dump:
    """What the store holds, but for the numbers that follow the order of the lines."""
    return dump(store, without=(*THROUGH, "seq", "import_line"), of=("tickets", "clocks", "outcomes", "events"))


@pytest.fixture(scope="module")
def busy_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """The sample day under its own policy, imported in one go."""
    with busy(tmp_path_factory.mktemp("busy") / "whole.db") as store:
        report, said = take(store, BUSY_DAY)
        assert (report.events, said) == (len(BUSY_DAY.read_text().splitlines()), [])
        yield store


def busy(path: Path) -> SqliteStore:
    return made(path, (shipped("sample_data") / "demo_policy.toml").read_text())


def test_any_order_of_the_lines_gives_the_same_store(tmp_path: Path, busy_day: SqliteStore) -> None:
    shuffled = BUSY_DAY.read_text().splitlines(keepends=True)
    random.Random(1).shuffle(shuffled)
    with busy(tmp_path / "s.db") as store:
        take(store, lines(tmp_path / "shuffled.ndjson", *shuffled))
        assert truth(store) == truth(busy_day)


def test_twice_is_once(busy_day: SqliteStore) -> None:
    before = dump(busy_day)
    report, said = take(busy_day, BUSY_DAY, now=NOW + 3600)
    assert (report.events, report.tickets, said) == (0, 0, [])
    assert report.read == report.lines
    assert dump(busy_day) == before


def test_the_same_lines_from_two_files_and_twice_in_one_are_one_event(store: SqliteStore, tmp_path: Path) -> None:
    spelled_otherwise = {**ANSWER, "at": 1767604800, "direction": "out", "kind": "message", "note": ""}
    first, _ = take(store, lines(tmp_path / "a.ndjson", CREATED, ANSWER, ANSWER, spelled_otherwise))
    second, _ = take(store, lines(tmp_path / "b.ndjson", ANSWER, CREATED, RESOLVE))
    assert (first.events, second.events) == (2, 1)


HALF = """
import sys
from pathlib import Path
from slaboard.store.sqlite import SqliteStore
from slaboard.sync import Order, import_file
calls = 0
def on_bytes(total):
    global calls
    calls += 1
    if calls == 2:
        print("half", flush=True)
        sys.stdin.readline()
with SqliteStore(Path(sys.argv[1])) as store:
    import_file(store, Order(sys.argv[2], on_bytes=on_bytes), int(sys.argv[3]), print)
"""


def broken_off(path: Path, source: Path) -> None:
    """An import that is killed after it has read the first 256 KiB."""
    with subprocess.Popen(
        [sys.executable, "-c", HALF, str(path), str(source), str(NOW)], text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n"
        process.kill()


def test_an_import_that_was_killed_and_run_again_is_like_one_that_was_not(
    tmp_path: Path, busy_day: SqliteStore
) -> None:
    with busy(tmp_path / "s.db") as store:
        broken_off(store.path, BUSY_DAY)
        events = store.ask("SELECT count(*) FROM events")[0][0]
        assert 0 < events < len(BUSY_DAY.read_text().splitlines())
        assert store.catch_up(NOW) == 0, "half a history is not judged"
        assert (store.grid(NOW).open, store.ask("SELECT count(*) FROM outcomes")[0][0]) == (0, 0)
        report, _ = take(store, BUSY_DAY)
        assert report.events == report.lines - events
        assert dump(store, without=THROUGH) == dump(busy_day, without=THROUGH)


def test_an_import_that_nobody_takes_up_again_is_shown_as_far_as_it_came(tmp_path: Path) -> None:
    with busy(tmp_path / "s.db") as store:
        broken_off(store.path, BUSY_DAY)
        assert store.catch_up(NOW + HOLD_S // 2) == 0
        while store.catch_up(NOW + 2 * HOLD_S):
            pass
        assert store.ask("SELECT count(*) FROM outcomes")[0][0] > 0
        assert list(differences(store, NOW)) == []


def test_somebody_may_act_on_a_ticket_while_it_is_imported(tmp_path: Path) -> None:
    with busy(tmp_path / "s.db") as store:
        broken_off(store.path, BUSY_DAY)
        ticket = store.ask("SELECT id FROM tickets ORDER BY id LIMIT 1")[0][0]
        assert main(["note", ticket, "mine", "--as", "ana", "--store", str(store.path)]) == 0
        assert store.events(ticket)[-1].note == "mine"


# --- what cannot be used --------------------------------------------------------------------------------------


def test_bad_lines_are_listed_and_the_rest_is_kept(store: SqliteStore, tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", CREATED, "no json\n", "\n", {"at": "soon", "kind": "note"}, ANSWER)
    report, said = take(store, path)
    assert [line for line, _ in said] == [2, 4]
    assert said[0][1].startswith("The line is not JSON")
    assert said[1][1].startswith('`at` is "soon"')
    assert (report.lines, report.events, report.problems, report.tickets) == (5, 2, 2, 1)
    assert words(store).startswith("plan -; response met 20m")


@pytest.mark.parametrize("first", [True, False], ids=["creation first", "creation last"])
def test_an_event_older_than_its_tickets_creation_is_refused(store: SqliteStore, tmp_path: Path, first: bool) -> None:
    """Also where the creation stands on a later line, and a second time."""
    old = {**ANSWER, "at": "2026-01-05T08:59:59Z"}
    path = lines(tmp_path / "a.ndjson", *((CREATED, old) if first else (old, CREATED)), RESOLVE)
    line = 2 if first else 1
    for events in (2, 0):
        held = dump(store, without=("finished_at",), of=("tickets", "events", "clocks"))
        report, said = take(store, path)
        assert said == [(line, "it is older than the creation of A-1")]
        assert (report.events, report.problems, report.refused, report.read) == (events, 1, 1, 3)
    assert dump(store, without=("finished_at",), of=("tickets", "events", "clocks")) == held, "nothing is written again"
    assert [event.kind for event in store.events("A-1")] == [Kind.CREATED, Kind.RESOLVE]
    assert words(store).startswith("resolved -; response met 60m skipped")


def test_a_late_event_is_put_where_it_belongs_and_its_result_is_judged_anew(store: SqliteStore, tmp_path: Path) -> None:
    take(store, lines(tmp_path / "a.ndjson", CREATED, {**RESOLVE, "at": "2026-01-05T11:00:00Z"}))
    assert words(store).startswith("resolved -; response missed 120m skipped")
    take(store, lines(tmp_path / "b.ndjson", ANSWER))
    assert words(store).startswith("resolved -; response met 20m; resplan met 120m skipped")
    rows = store.ask("SELECT revision, met, why FROM outcomes WHERE bucket = 'response' ORDER BY revision")
    assert [tuple(row) for row in rows] == [(0, 0, None), (1, 1, "late event")]
    assert list(differences(store, NOW)) == []


def test_a_kind_that_cannot_be_told_and_a_file_that_is_not_there(store: SqliteStore, tmp_path: Path) -> None:
    odd = tmp_path / "a.bin"
    odd.write_bytes(b"\0\1\2")
    with pytest.raises(UsageError, match="is binary or UTF-16"):
        take(store, odd)
    with pytest.raises(UsageError, match="cannot be read: No such file"):
        take(store, tmp_path / "none.csv")
    with pytest.raises(UsageError, match="cannot be read: Is a directory"):
        take(store, tmp_path)
    assert store.ask("SELECT count(*) FROM imports")[0][0] == 0


def test_status_words_that_nobody_mapped_and_tickets_without_an_opening_are_noted(
    store: SqliteStore, tmp_path: Path
) -> None:
    status = {"at": "2026-01-05T09:30:00Z", "kind": "status", "status": "On the \x1b[31mmoon"}
    report, _ = take(store, lines(tmp_path / "a.ndjson", CREATED, status, {**ANSWER, "ticket": "A-2"}))
    assert report.notes == [
        "status words that the policy maps to no stage: On the \ufffd[31mmoon",
        "tickets without an opening time, which stand under no SLA: 1",
    ]


# --- where it comes from --------------------------------------------------------------------------------------


def test_a_rehearsal_changes_nothing_and_says_the_same(tmp_path: Path) -> None:
    with busy(tmp_path / "s.db") as store:
        before, file = dump(store, without=()), store.path.read_bytes()
        rehearsed, said = take(store, BUSY_DAY, rehearse=True)
        assert (dump(store, without=()), store.path.read_bytes()) == (before, file)
        assert (rehearsed, said) == take(store, BUSY_DAY)
        assert rehearsed.events > 0


def test_gzip_is_read_directly(store: SqliteStore, tmp_path: Path) -> None:
    plain = lines(tmp_path / "a.ndjson", CREATED, ANSWER)
    packed = tmp_path / "a.ndjson.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert take(store, packed)[0].events == 2
    assert take(store, plain)[0].events == 0, "the same content is the same source, packed or not"


def test_a_file_cut_short_gives_what_stands_before_the_cut(store: SqliteStore, tmp_path: Path) -> None:
    cut = tmp_path / "day.ndjson.gz"
    cut.write_bytes(gzip.compress(BUSY_DAY.read_bytes())[:20_000])
    report, said = take(store, cut)
    assert report.events > 100
    assert "is cut short or damaged here" in said[-1][1]


def test_standard_input(store: SqliteStore, tmp_path: Path) -> None:
    source = lines(tmp_path / "a.ndjson", CREATED, "nonsense\n", ANSWER).read_bytes()
    command = [sys.executable, "-m", "slaboard", "import", "-", "--store", str(store.path)]
    for events, known in ((2, 0), (0, 2)):
        done = subprocess.run(command, input=source, capture_output=True, timeout=60, check=True)
        assert done.stderr.decode().startswith("line 2: The line is not JSON")
        assert done.stdout.decode().splitlines()[0] == (
            f"3 lines of ndjson: added {events} events and {events // 2} ticket{'' if events else 's'}; "
            f"{known} events were there already; 1 line could not be used."
        )


def test_a_pipe_is_read_but_once(store: SqliteStore, tmp_path: Path) -> None:
    """`slaboard import <(zcat day.gz)`: a second look at its beginning would steal those lines."""
    pipe = tmp_path / "day.ndjson"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(BUSY_DAY.read_bytes()), daemon=True)
    writer.start()
    report, said = take(store, pipe)
    writer.join(timeout=30)
    assert (report.events, said) == (len(BUSY_DAY.read_text().splitlines()), [])


def test_a_pipe_cannot_be_moved_to_now(store: SqliteStore) -> None:
    command = [sys.executable, "-m", "slaboard", "import", "-", "--shift-to-now", "--store", str(store.path)]
    done = subprocess.run(command, input="", text=True, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "slaboard: --shift-to-now reads the whole file first, which a pipe does not allow. Name a file.\n"
    )


@pytest.mark.parametrize(("zone", "opened"), [("UTC", "09:00"), ("Europe/Berlin", "08:00"), ("Asia/Kolkata", "03:30")])
def test_times_without_a_zone_are_of_the_one_that_is_said(
    store: SqliteStore, tmp_path: Path, zone: str, opened: str
) -> None:
    path = lines(tmp_path / "a.ndjson", {**CREATED, "at": "2026-01-05T09:00:00"})
    take(store, path, tz=ZoneInfo(zone))
    assert clock_time(the(store).opened_at) == opened


# --- an old log in the present --------------------------------------------------------------------------------

LATER = NOW + 10 * WEEK_S + 3 * 86_400


def test_an_old_log_is_moved_by_whole_weeks_and_remembered(store: SqliteStore, tmp_path: Path) -> None:
    due = {"source_due": {"response": "2026-01-05T09:30:00Z"}}
    path = lines(tmp_path / "a.ndjson", {**CREATED, **due}, RESOLVE)
    report, _ = take(store, path, now=LATER, shift_to_now=True)
    assert report.shift_s == 10 * WEEK_S
    created, resolved = store.events("A-1")
    assert (created.at, resolved.at) == (at("09:00") + 10 * WEEK_S, at("10:00") + 10 * WEEK_S)
    assert created.source_due == {Bucket.RESPONSE: at("09:30") + 10 * WEEK_S}
    before = dump(store)
    for again in (True, False):
        report, _ = take(store, path, now=LATER + 5 * WEEK_S, shift_to_now=again)
        assert (report.events, report.shift_s) == (0, 10 * WEEK_S)
        assert dump(store) == before
    assert report.notes == ["it is moved by 10 weeks, as the first time"]


def test_a_log_of_this_week_is_not_moved_and_that_is_remembered_too(store: SqliteStore, tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", CREATED)
    for _ in range(2):
        report, _ = take(store, path, now=NOW + 86_400, shift_to_now=True)
        assert report.shift_s == 0
    assert the(store).opened_at == at("09:00")


def test_what_was_imported_as_it_stands_is_not_imported_moved_as_well(store: SqliteStore, tmp_path: Path) -> None:
    path = lines(tmp_path / "a.ndjson", CREATED)
    take(store, path)
    before = dump(store)
    with pytest.raises(
        UsageError, match=r"^a\.ndjson was imported before as it stands; moved to now it would be there"
    ):
        take(store, path, now=LATER, shift_to_now=True)
    assert dump(store) == before


# --- the incident log -----------------------------------------------------------------------------------------

LOG = """\
number,incident_state,active,sys_mod_count,caller_id,opened_at,sys_updated_by,sys_updated_at,priority,assigned_to,resolved_at,closed_at
INC1,New,true,0,Caller 7,5/1/2026 09:00,Updated by 21,5/1/2026 09:05,P2,?,5/1/2026 11:00,10/1/2026 11:00
INC1,Active,true,1,Caller 7,5/1/2026 09:00,Updated by 21,5/1/2026 09:30,P1,Resolver 89,5/1/2026 11:00,10/1/2026 11:00
INC1,Awaiting,true,2,Caller 7,5/1/2026 09:00,Updated by 89,5/1/2026 10:00,P1,Resolver 89,5/1/2026 11:00,10/1/2026 11:00
INC1,Resolved,true,3,Caller 7,5/1/2026 09:00,Updated by 89,5/1/2026 11:00,P1,Resolver 89,5/1/2026 11:00,10/1/2026 11:00
INC2,New,true,0,Caller 8,5/1/2026 09:30,Updated by 21,31/2/2026 09:35,P2,?,?,?
INC2,New,true,0,Caller 8,5/1/2026 09:30,Updated by 21,5/1/2026 09:35,P2,?,?,?
"""


def test_a_log_with_back_filled_columns_is_read_row_by_row(store: SqliteStore, tmp_path: Path) -> None:
    path = tmp_path / "log.csv"
    path.write_text(LOG)
    report, said = take(store, path)
    assert (report.kind, report.lines, report.tickets, report.problems) == ("servicenow_log", 7, 2, 1)
    assert said[0][0] == 6
    assert words(store, "INC1") == (
        "resolved Resolver 89; response missed 120m skipped retarget; resplan met 60m skipped; resolution met 60m"
    )
    before = dump(store)
    assert take(store, path)[0].events == 0
    assert dump(store) == before


class Plain:
    """The incidents of the log at one moment, by plain Python: the last row of each that had been written by then."""

    WAITING = ("Awaiting User Info", "Awaiting Vendor", "Awaiting Problem", "Awaiting Evidence")
    ENDED = ("Resolved", "Closed", "Canceled")

    def __init__(self, path: Path, until: datetime) -> None:
        self.rows, self.numbers = 0, set[str]()
        found: dict[str, list[tuple[datetime, int, dict[str, str]]]] = {}
        with gzip.open(path, "rt") if path.suffix == ".gz" else path.open() as text:
            for row in csv.DictReader(text):
                self.rows += 1
                self.numbers.add(row["number"])
                opened, updated = self._time(row["opened_at"]), self._time(row["sys_updated_at"])
                if opened <= until:
                    of = found.setdefault(row["number"], [(opened, -1, {**row, "incident_state": "New"})])
                    if opened <= updated <= until:
                        of.append((updated, int(row["sys_mod_count"]), row))
        states = [self._at(rows) for rows in found.values()]
        self.open = [row for row in states if row["incident_state"] not in self.ENDED]

    @staticmethod
    def _time(cell: str) -> datetime:
        return datetime.strptime(cell, "%d/%m/%Y %H:%M").replace(tzinfo=UTC)

    @staticmethod
    def _at(rows: list[tuple[datetime, int, dict[str, str]]]) -> dict[str, str]:
        rows.sort(key=lambda row: row[:2])
        known = [row["incident_state"] for _, _, row in rows if row["incident_state"] not in ("?", "-100")]
        return {**rows[-1][2], "incident_state": known[-1]}

    def counts(self, rows: Iterable[dict[str, str]]) -> tuple[int, int]:
        rows = list(rows)
        return len(rows), sum(row["incident_state"] in self.WAITING for row in rows)


SIZES = [
    pytest.param(15_000, datetime(2016, 3, 4, 15, tzinfo=UTC), id="its first week"),
    pytest.param(None, datetime(2016, 4, 20, 15, tzinfo=UTC), id="all of it", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("rows", "moment"), SIZES)
def test_the_real_log_counts_a_moment_from_events_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], rows: int | None, moment: datetime
) -> None:
    """What was open, and what waited, at three in the afternoon is recounted without the engine."""
    source = need_shared("data", "uci_incident_event_log_open.csv.gz")
    if rows is not None:
        with gzip.open(source, "rb") as log:
            source = tmp_path / "log.csv"
            source.write_bytes(b"".join(islice(log, rows + 1)))
    plain = Plain(source, moment)
    with new_store(tmp_path / "s.db", "test") as store:
        report, said = take(store, source)
        assert (report.tickets, report.lines - 1) == (len(plain.numbers), plain.rows)
        assert [line for line, _ in said] == [330, 336, 346, 351, 438]
        assert all("before it was opened at" in reason for _, reason in said)
        if rows is None:
            assert (report.tickets, report.lines - 1) == (14_955, 90_286)
        before = revisions(store)
        assert take(store, source, now=NOW + 60)[0].events == 0
        assert revisions(store) == before
    at = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    assert main(["grid", "--json", "--at", at, "--store", str(store.path)]) == 0
    grid = json.loads(capsys.readouterr().out)
    assert (grid["open"], grid["waiting"], grid["no_sla"]) == (*plain.counts(plain.open), 0)
    cells = sum(sum(row.values()) for row in grid["buckets"].values())
    assert grid["open"] == cells + grid["waiting"] > 100
    parts = {name: (part["open"], part["waiting"]) for name, part in grid["by_priority"].items() if part["open"]}
    names = Counter(row["priority"] for row in plain.open)
    assert parts == {name: plain.counts(row for row in plain.open if row["priority"] == name) for name in names}


def revisions(store: SqliteStore) -> list[tuple[int, ...]]:
    """What changes with any row that is written anew."""
    return [
        tuple(store.ask(f"SELECT count(*), {column} FROM {table}")[0])  # noqa: S608 names of our own
        for table, column in (
            ("tickets", "sum(rev)"), ("clocks", "sum(rev)"), ("events", "sum(rev)"), ("outcomes", "sum(id)"),
            ("imports", "finished_at"),
        )
    ]  # fmt: skip


# --- a table of tickets ---------------------------------------------------------------------------------------

MAP = """
[columns]
id = "Ticket"
title = "Subject"
priority = "Urgency"
status = "State"
owner = "Agent"
opened_at = "Created"
updated_at = "Changed"
responded_at = "Answered"
resolved_at = "Solved"
closed_at = "Closed"
[format]
time = "%d.%m.%Y %H:%M"
timezone = "Europe/Berlin"
null = ["", "-"]
[priority]
High = "P2"
Emergency = "P1"
"""
HEADING = "Ticket;Subject;Urgency;State;Agent;Created;Changed;Answered;Solved;Closed"


def table(path: Path, *rows: str) -> Path:
    path.write_text("\n".join([HEADING, *rows]) + "\n")
    return path


def mapped() -> dict[str, Any]:
    found, problems = parse_mapping(MAP)
    assert found is not None, problems
    return {"mapping": found}


def told(store: SqliteStore, ticket: str = "A-1") -> list[str]:
    """Its events in words: `10:00 created`, `10:30 claim ana`."""
    return [
        " ".join(filter(None, (clock_time(e.at), e.kind.value, e.owner or e.status or e.stage or e.priority)))
        for e in store.events(ticket)
    ]


FIRST = "A-1;VPN;High;New;-;05.01.2026 10:00;05.01.2026 10:10;-;-;-"


def test_a_table_with_a_map_twice_and_then_with_changed_rows(store: SqliteStore, tmp_path: Path) -> None:
    """10:00 in Berlin is 09:00; each row says only what has changed since the one before it."""
    report, _ = take(store, table(tmp_path / "1.csv", FIRST), **mapped())
    assert (report.kind, report.events, report.tickets) == ("ticket_csv", 2, 1)
    assert told(store) == ["09:00 created P2", "09:10 status New"]
    before = dump(store)
    assert take(store, tmp_path / "1.csv", now=NOW + 60, **mapped())[0].events == 0
    assert dump(store) == before

    second = "A-1;VPN;Emergency;Active;ana;05.01.2026 10:00;05.01.2026 10:40;05.01.2026 10:20;-;-"
    take(store, table(tmp_path / "2.csv", second), **mapped())
    assert told(store)[2:] == ["09:20 message", "09:40 priority P1", "09:40 claim ana", "09:40 status Active"]
    assert words(store).startswith("plan ana; response met 20m; resplan running due 10:00")

    ended = "05.01.2026 11:00;05.01.2026 10:20;05.01.2026 10:50;05.01.2026 10:55"
    take(store, table(tmp_path / "3.csv", f"A-1;VPN;Emergency;Done;ana;05.01.2026 10:00;{ended}"), **mapped())
    assert told(store)[6:] == ["09:50 status resolved", "09:55 status Done"]
    assert words(store) == "closed ana; response met 20m; resplan met 50m skipped; resolution met 50m"
    for name in ("3.csv", "3.csv"):
        assert take(store, tmp_path / name, now=NOW + 3600, **mapped())[0].events == 0


def test_the_old_resolution_of_a_reopened_ticket_does_not_end_it_again(store: SqliteStore, tmp_path: Path) -> None:
    solved = "A-1;VPN;High;Resolved;-;05.01.2026 10:00;05.01.2026 10:30;-;05.01.2026 10:30;-"
    reopened = "A-1;VPN;High;Working;-;05.01.2026 10:00;05.01.2026 11:00;-;05.01.2026 10:30;-"
    take(store, table(tmp_path / "1.csv", solved), **mapped())
    for _ in range(2):
        take(store, table(tmp_path / "2.csv", reopened), **mapped())
        assert told(store) == ["09:00 created P2", "09:30 status Resolved", "10:00 status Working"]
    again = "A-1;VPN;High;Resolved;-;05.01.2026 10:00;05.01.2026 11:30;-;05.01.2026 11:20;-"
    take(store, table(tmp_path / "3.csv", again), **mapped())
    assert told(store)[3:] == ["10:20 status Resolved"]


def test_a_resolution_stands_at_its_own_time_although_somebody_wrote_a_note_later(
    store: SqliteStore, tmp_path: Path
) -> None:
    take(store, table(tmp_path / "1.csv", FIRST), **mapped())
    take(
        store,
        lines(tmp_path / "a.ndjson", {"at": "2026-01-05T11:30:00Z", "kind": "note", "note": "called", "actor": "ana"}),
    )
    solved = "A-1;VPN;High;Resolved;-;05.01.2026 10:00;05.01.2026 10:50;-;05.01.2026 10:50;-"
    take(store, table(tmp_path / "2.csv", solved), **mapped())
    assert words(store).startswith("resolved -; response met 50m skipped")


def test_changes_that_the_source_does_not_date_happened_now(store: SqliteStore, tmp_path: Path) -> None:
    """A source that does not move its time of change: there and back and there again are three changes."""
    take(store, table(tmp_path / "0.csv", FIRST), **mapped())
    for number, state in enumerate(("Active", "Awaiting", "Active", "Awaiting"), 1):
        path = table(tmp_path / f"{number}.csv", FIRST.replace("New", state))
        take(store, path, now=NOW, **mapped())
    assert told(store)[2:] == [f"12:00 status {state}" for state in ("Active", "Awaiting", "Active", "Awaiting")]
    assert words(store).startswith("waiting -")


def test_one_ticket_on_several_rows_of_a_table(store: SqliteStore, tmp_path: Path) -> None:
    later = FIRST.replace("New;-", "Active;ana").replace("10:10", "10:20")
    take(store, table(tmp_path / "1.csv", FIRST, later), **mapped())
    assert told(store) == ["09:00 created P2", "09:10 status New", "09:20 claim ana", "09:20 status Active"]


def test_a_table_moved_to_now(store: SqliteStore, tmp_path: Path) -> None:
    take(store, table(tmp_path / "1.csv", FIRST), now=LATER, shift_to_now=True, **mapped())
    assert the(store).opened_at == at("09:00") + 10 * WEEK_S


def test_bad_rows_of_a_table_are_listed(store: SqliteStore, tmp_path: Path) -> None:
    bad = FIRST.replace("05.01.2026 10:00", "yesterday").replace("A-1", "A-2")
    report, said = take(store, table(tmp_path / "1.csv", bad, ";;;;;;;;;x", FIRST), **mapped())
    assert [line for line, _ in said] == [2, 3]
    assert (report.tickets, report.problems) == (1, 2)


def test_a_rehearsal_without_a_place_for_its_copy_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "tickets.csv"
    file.write_text("id,title\nT-1,x\n")

    def full(**_: str) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "/tmp/slaboard-x")

    monkeypatch.setattr("slaboard.sync.tempfile.TemporaryDirectory", full)
    said = r"to try it on: No space left on device\. Name a folder in TMPDIR\."
    with new_store(tmp_path / "board.db", "test") as store, pytest.raises(StoreError, match=said):
        dry_run(store, Order(str(file)), 1_767_600_000, print)


def test_what_stops_an_import_half_way_says_what_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Batch by batch it is in the store, so `Nothing was changed` would not be true; the next time it goes on there."""
    file = tmp_path / "tickets.csv"
    file.write_text("id,title\n" + "".join(f"T-{n},x\n" for n in range(7)))
    monkeypatch.setattr("slaboard.sync.BATCH", 2)
    full = "The disk that holds /srv/team/board.db is full. Nothing was changed; make room and try again."
    with new_store(tmp_path / "board.db", "test") as store, monkeypatch.context() as here:
        take, left = Intake.take, [None] * 3

        def once_full(*arguments: Any, **options: Any) -> Any:
            if not left:
                raise StoreError(full)
            left.pop()
            return take(*arguments, **options)

        here.setattr(Intake, "take", once_full)
        with pytest.raises(StoreError) as caught:
            import_file(store, Order(str(file)), 1_767_600_000, print)
        assert_told(str(caught.value).replace("6 events", "1,000 events"), tmp_path / "board.db")
        with pytest.raises(StoreError, match="Nothing was changed"):
            dry_run(store, Order(str(file)), 1_767_600_000, print)
        here.undo()
        assert import_file(store, Order(str(file)), 1_767_600_000, print).events == 1
