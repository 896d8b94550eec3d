"""The incident event log: what changed from row to row, on small logs and on the real one."""

from __future__ import annotations

import tracemalloc
from collections import Counter
from collections.abc import Iterator
from functools import partial
from itertools import groupby
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors import servicenow_log
from slaboard.connectors.base import Parsed
from slaboard.connectors.files import open_lines
from slaboard.connectors.registry import detect
from slaboard.connectors.servicenow_log import OPTIONAL, REQUIRED, ServicenowLog
from slaboard.host.aside import ByName
from slaboard.ticket import ActorKind, Event, Kind
from tests.shared_data import need_shared

COLUMNS = ("resolved_at", *REQUIRED, *OPTIONAL)
OPENED = 1456707600  # 29/2/2016 01:00 UTC


def row(mod: int | str, updated: str, state: str = "New", owner: str = "?", **cells: str) -> bytes:
    """One row of INC1, opened at 01:00; `updated` is a time of that day unless it has a date."""
    values = {
        "resolved_at": "FUTURE", "number": "INC1", "sys_mod_count": str(mod), "opened_at": "29/2/2016 01:00",
        "sys_updated_at": updated if "/" in updated else f"29/2/2016 {updated}", "incident_state": state,
        "assigned_to": owner, "priority": "3 - Moderate", "caller_id": "Caller 7", "sys_updated_by": "Updated by 1",
        "category": "Category 5", "contact_type": "Phone", "opened_by": "Opened by  8",
    } | cells  # fmt: skip
    return ",".join(values.get(column, "?") for column in COLUMNS).encode() + b"\n"


def read(*rows: bytes, tz: ZoneInfo | None = None) -> list[Parsed]:
    log = ServicenowLog(tz) if tz is not None else ServicenowLog()
    return list(log.read([",".join(COLUMNS).encode() + b"\n", *rows]))


def told(parsed: Parsed) -> list[str]:
    """The events of a row in a few words."""
    return [
        f"{event.kind} {event.status or event.owner or event.priority or event.customer or event.title}".strip()
        for event in parsed.events
    ]


def test_the_first_row() -> None:
    """The creation stands at the opening time and knows nothing of the status and the owner of later."""
    [parsed] = read(row(0, "01:07", "Active", "Resolver 2"))
    created, claim, status = parsed.events
    assert created == Event(
        ticket="INC1", at=OPENED, kind=Kind.CREATED, actor="Opened by  8", title="Category 5", customer="Caller 7",
        priority="3 - Moderate", channel="Phone", type="Category 5",
    )  # fmt: skip
    assert claim == Event(
        ticket="INC1", at=OPENED + 420, kind=Kind.CLAIM, order=4, actor="Updated by 1", owner="Resolver 2"
    )
    assert status == Event(
        ticket="INC1", at=OPENED + 420, kind=Kind.STATUS, order=5, actor="Updated by 1", status="Active"
    )
    assert claim.actor_kind is ActorKind.HUMAN


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param({}, {}, [], id="nothing"),
        pytest.param({}, {"state": "Active"}, ["status Active"], id="status"),
        pytest.param({}, {"state": "-100"}, ["status -100"], id="a code is a word like any other"),
        pytest.param({}, {"state": "?"}, [], id="an unknown state keeps the last one"),
        pytest.param({}, {"owner": "R1"}, ["claim R1"], id="claim"),
        pytest.param({"owner": "R1"}, {"owner": "R2"}, ["takeover R2"], id="takeover"),
        pytest.param({"owner": "R1"}, {"owner": "?"}, ["release R1"], id="release"),
        pytest.param({}, {"priority": "1 - Critical"}, ["priority 1 - Critical"], id="priority"),
        pytest.param({}, {"priority": "?"}, ["priority None"], id="priority cleared"),
        pytest.param({}, {"caller_id": "Caller 9"}, ["customer Caller 9"], id="caller"),
        pytest.param({}, {"u_symptom": "Symptom 1"}, ["title Category 5 / Symptom 1"], id="title"),
        pytest.param({}, {"assignment_group": "Group 9"}, [], id="the group is left out"),
        pytest.param(
            {}, {"state": "Resolved", "owner": "R1"}, ["claim R1", "status Resolved"], id="claimed before it closes"
        ),
        pytest.param(
            {"state": "Closed"}, {"state": "Active", "owner": "R1"}, ["status Active", "claim R1"], id="reopened first"
        ),
        pytest.param(
            {},
            {"state": "Active", "owner": "R1", "priority": "P", "caller_id": "C", "category": "T"},
            ["customer C", "priority P", "title T", "claim R1", "status Active"],
            id="everything",
        ),
    ],
)
def test_what_changed(before: dict[str, str], after: dict[str, str], expected: list[str]) -> None:
    """A row's events are what differs from the row before, in the order in which they are allowed."""
    _, changed = read(row(0, "01:00", **before), row(1, "02:00", **after))
    assert told(changed) == expected
    assert changed.problem is None
    orders = [event.order for event in changed.events]
    assert orders == sorted(set(orders))
    assert all(8 < order < 16 for order in orders)


def test_incidents_may_be_mixed() -> None:
    """Rows of several incidents in turns give what they give apart."""
    apart = read(
        row(0, "01:10"), row(1, "02:00", "Active"), row(0, "01:20", number="INC2"), row(1, "03:00", number="INC2")
    )
    mixed = read(
        row(0, "01:10"), row(0, "01:20", number="INC2"), row(1, "02:00", "Active"), row(1, "03:00", number="INC2")
    )
    assert Counter(e for parsed in apart for e in parsed.events) == Counter(e for p in mixed for e in p.events)


def test_an_older_row_states_everything() -> None:
    """A row older than the newest is compared with nothing; then the row after it states again what is different."""
    _, older, last = read(
        row(2, "03:00", "Active", "R1"), row(1, "02:00", "Active", "R2"), row(3, "04:00", "Resolved", "R1")
    )
    assert told(older) == [
        "customer Caller 7", "priority 3 - Moderate", "title Category 5", "claim R2", "status Active", "takeover R1"
    ]  # fmt: skip
    assert [event.at - OPENED for event in older.events] == [3600] * 5 + [7200]
    assert told(last) == ["status Resolved"]


UPDATES = st.lists(
    st.tuples(
        st.sampled_from(["INC1", "INC2"]),
        st.sampled_from(["New", "Active", "Resolved"]),
        st.sampled_from(["?", "R1", "R2"]),
        st.sampled_from(["P1", "P2"]),
    ),
    max_size=12,
)


@given(UPDATES, st.booleans())
def test_replayed_every_row_is_true(updates: list[tuple[str, str, str, str]], newest_first: bool) -> None:
    """Oldest or newest first, incidents mixed: replayed up to a row's time, its incident is as the row says."""
    rows = [
        row(mod, f"01:{mod + 1:02}", state, owner, number=number, priority=priority)
        for mod, (number, state, owner, priority) in enumerate(updates)
    ]
    events = [event for parsed in read(*(reversed(rows) if newest_first else rows)) for event in parsed.events]
    events.sort(key=lambda event: (event.at, event.order))
    for mod, (number, *expected) in enumerate(updates):
        standing: dict[str, str | None] = {}
        for event in events:
            if event.ticket == number and event.at <= OPENED + 60 * (mod + 1):
                if event.kind in (Kind.CREATED, Kind.PRIORITY):
                    standing["priority"] = event.priority
                elif event.kind is Kind.STATUS:
                    standing["status"] = event.status
                elif event.kind in (Kind.CLAIM, Kind.TAKEOVER, Kind.RELEASE):
                    standing["owner"] = None if event.kind is Kind.RELEASE else event.owner
        assert [standing.get(key) or "?" for key in ("status", "owner", "priority")] == expected


def test_a_row_from_before_the_opening() -> None:
    """It gives the creation and a problem (rule 22); the next row says what it would have said."""
    first, second = read(row(0, "00:30", "Active", "R1"), row(1, "02:00", "Active", "R1"))
    assert [event.kind for event in first.events] == [Kind.CREATED]
    assert first.problem == (
        "INC1 was updated at 29/2/2016 00:30, before it was opened at 29/2/2016 01:00: "
        "an event older than its ticket's creation is not used."
    )
    assert told(second) == ["claim R1", "status Active"]


def test_times_are_of_the_zone() -> None:
    """A wall-clock time is one of the connector's zone."""
    [parsed] = read(row(0, "01:07"), tz=ZoneInfo("Europe/Rome"))
    assert [event.at for event in parsed.events] == [OPENED - 3600, OPENED - 3600 + 420]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        pytest.param(row(0, "?"), '`sys_updated_at` is "29/2/2016 ?"; a time is d/m/yyyy HH:MM', id="updated"),
        pytest.param(row(0, "01:00", sys_updated_at="?"), "`sys_updated_at` is missing", id="no update time"),
        pytest.param(
            row(0, "01:00", opened_at="?"), "`opened_at` is missing; without it the row has no", id="no opening"
        ),
        pytest.param(row(0, "01:00", opened_at="30/2/2016 01:00"), "which is no time (day is out of range", id="30/2"),
        pytest.param(row("?", "01:00"), '`sys_mod_count` is "?"; it must be a whole number.', id="no mod count"),
        pytest.param(row("-1", "01:00"), '`sys_mod_count` is "-1"', id="negative mod count"),
        pytest.param(row("9" * 30, "01:00"), "it must be a whole number", id="giant mod count"),
        pytest.param(row(0, "01:00", number="?"), "`number` is empty; every ticket needs an id.", id="no number"),
        pytest.param(b"INC1,New\n", "The row has 2 cells where the heading has 15", id="short"),
        pytest.param(row(0, "01:00", u_symptom="a,b"), "The row has 16 cells where the heading has 15", id="long"),
        pytest.param(b"\xff\n", "The line is not utf-8", id="not UTF-8"),
    ],
)
def test_refused(written: bytes, said: str) -> None:
    """A bad row is told why and leaves no trace: the next row is the incident's first."""
    bad, good = read(written, row(1, "02:00"))
    assert said in (bad.problem or "")
    assert not bad.events
    assert (bad.line, good.line) == (2, 3)
    assert [event.kind for event in good.events] == [Kind.CREATED, Kind.STATUS]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "The file is empty"),
        (b"number,opened_at\n", "has the columns sys_mod_count, sys_updated_at, incident_state; this has not"),
        (b'"open\n', "is a quote left open"),
    ],
)
def test_a_heading_that_does_not_fit(text: bytes, said: str) -> None:
    """Without its columns the file is not read at all, with one problem."""
    [parsed] = ServicenowLog().read(text.splitlines(keepends=True))
    assert said in (parsed.problem or "")


def test_optional_columns_may_be_missing() -> None:
    """The five required columns are enough."""
    rows = [",".join(REQUIRED).encode(), b"INC1,0,29/2/2016 01:00,29/2/2016 01:07,New"]
    [parsed] = ServicenowLog().read(rows)
    assert parsed.events == (
        Event(ticket="INC1", at=OPENED, kind=Kind.CREATED),
        Event(ticket="INC1", at=OPENED + 420, kind=Kind.STATUS, order=5, status="New"),
    )


@given(st.lists(st.lists(st.sampled_from(["?", "", "INC1", "1", "29/2/2016 01:00", "New", '"', "x\n"]), max_size=16)))
def test_never_raises(table: list[list[str]]) -> None:
    """Whatever the rows are, each becomes events or a problem."""
    for parsed in read(*(",".join(cells).encode() + b"\n" for cells in table)):
        assert parsed.line >= 2
        assert parsed.snapshot is None


def test_the_real_log() -> None:
    """All 90,286 rows of 14,955 incidents: what each came to, and the same on a second look."""
    with open_lines(need_shared("data", "uci_incident_event_log_open.csv.gz")) as lines:
        assert detect(lines.name, lines.head) == ServicenowLog.name
        data = list(lines)
    found = list(ServicenowLog().read(data))
    assert [parsed.line for parsed in found] == list(range(2, 90_288))
    events = [event for parsed in found for event in parsed.events]
    kinds = Counter(event.kind for event in events)
    assert kinds == {
        Kind.CREATED: 14_955, Kind.STATUS: 54_006, Kind.CLAIM: 15_808, Kind.TAKEOVER: 1_939, Kind.RELEASE: 1_568,
        Kind.TITLE: 2_090, Kind.PRIORITY: 265, Kind.CUSTOMER: 6,
    }  # fmt: skip
    before_opening = [parsed for parsed in found if parsed.problem]
    assert [parsed.line for parsed in before_opening] == [330, 336, 346, 351, 438]
    assert all("before it was opened" in (parsed.problem or "") for parsed in before_opening)
    assert sum(not parsed.events and not parsed.problem for parsed in found) == 31_293
    assert len({event.ticket for event in events}) == 14_955
    assert sum(1 for _ in groupby(event.ticket for event in events)) == 14_955  # contiguous
    # One row is older than the newest of its incident, which then says again what it said.
    assert len({(event.ticket, event.at, event.order) for event in events}) == len(set(events)) == len(events) - 1
    opened = {event.ticket: event.at for event in events if event.kind is Kind.CREATED}
    assert all(event.at >= opened[event.ticket] for event in events)
    assert list(ServicenowLog().read(data[:5_001])) == found[:5_000]


# --- any number of incidents ----------------------------------------------------------------------------------


def by_time(incidents: int) -> Iterator[bytes]:
    """Every incident three times, each round in another order: what is remembered of all is needed again."""
    yield ",".join(COLUMNS).encode() + b"\n"
    for turn, state in enumerate(("New", "Active", "Resolved")):
        for number in range(incidents):
            one = number * 7919 % incidents if turn else number
            yield row(turn, f"0{turn + 2}:00", state, f"Resolver {one % 3}", number=f"INC{one}", caller_id=f"C {one}")


@pytest.fixture
def forgetful(monkeypatch: pytest.MonkeyPatch) -> None:
    """Few incidents are at hand, the rest on the disk."""
    monkeypatch.setattr(servicenow_log, "ByName", partial(ByName, most=20))


def test_what_is_on_the_disk_is_remembered_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = list(ServicenowLog().read(by_time(300)))
    monkeypatch.setattr(servicenow_log, "ByName", partial(ByName, most=20))
    assert list(ServicenowLog().read(by_time(300))) == whole
    assert Counter(event.kind for parsed in whole for event in parsed.events) == {
        Kind.CREATED: 300, Kind.CLAIM: 300, Kind.STATUS: 900
    }  # fmt: skip


@pytest.mark.usefixtures("forgetful")
def test_memory_does_not_grow_with_the_incidents() -> None:
    """After a first reading, which fills what is kept of times and names for good."""
    peaks = []
    for incidents in (200, 200, 800):
        lines = by_time(incidents)
        tracemalloc.start()
        for _ in ServicenowLog().read(lines):
            pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 2 * peaks[1], "all of them at once would be five times as much"
