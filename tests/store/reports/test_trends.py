"""The history screen's figures, each counted a second time in plain Python from the rows; and what is behind each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from slaboard.board.trends import SECTIONS, WEEKS, Figures, Flow, Kept, Section, What, part, shape
from slaboard.demo import live, weeks
from slaboard.demo.generate import PIVOT
from slaboard.store.disk.driver import connect
from slaboard.store.reports import trends as questions
from slaboard.store.reports.trends import behind, figures
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Bucket
from tests.store.desk import desk
from tests.stores import make

NOW = PIVOT + 3 * 86_400 + 17
"""A Saturday in Berlin, 17:41:17 there: the clocks there go forward eight days later."""
ZONES = ("Europe/Berlin", "Asia/Kathmandu", "America/New_York")
PROMISED = ("response", "resplan", "resolution", "total_resolution")


@pytest.fixture(scope="module", name="path")
def _path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo's past, with a result that was judged twice and one that was withdrawn."""
    path = tmp_path_factory.mktemp("trends") / "s.db"
    with SqliteStore.create(path) as store:
        live.fill(store, NOW, share=0.05)
        with store.writing() as connection:
            # Among late results of the last weeks: another revision that is kept, and one that is withdrawn.
            rows = connection.execute(
                "SELECT * FROM outcomes WHERE met = 0 AND revision = 0 ORDER BY stopped_at DESC LIMIT 4"
            ).fetchall()
            for place, row in enumerate(rows):
                again = {**dict(row), "revision": 1, "met": 1, "withdrawn": place % 2}
                again.pop("id")
                names = ", ".join(again)
                marks = ", ".join(f":{name}" for name in again)
                connection.execute(f"INSERT INTO outcomes ({names}) VALUES ({marks})", again)  # noqa: S608
    return path


@pytest.fixture(name="store")
def _store(path: Path) -> Iterator[SqliteStore]:
    with SqliteStore(path, read_only=True) as store:
        yield store


def plainly(path: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Results as they stand, tickets and clocks, row by row."""
    connection = connect(path, read_only=True)
    tables = [
        [dict(row) for row in connection.execute(f"SELECT * FROM {name}").fetchall()]  # noqa: S608
        for name in ("outcomes", "tickets", "clocks")
    ]
    connection.close()
    last: dict[tuple[object, ...], dict[str, Any]] = {}
    for row in sorted(tables[0], key=lambda row: row["revision"]):
        last[row["ticket_id"], row["bucket"], row["cycle"]] = row
    return [row for row in last.values() if not row["withdrawn"]], tables[1], tables[2]


def monday(at: int, zone: str) -> date:
    """The day with which the week of an instant began."""
    day = datetime.fromtimestamp(at, ZoneInfo(zone)).date()
    return day - timedelta(days=day.weekday())


def day_until(weeks_ago: int, zone: str) -> tuple[int, int]:
    """The day so many weeks ago, from its midnight to the same time on the clock."""
    moment = datetime.fromtimestamp(NOW, ZoneInfo(zone)).replace(tzinfo=None) - timedelta(weeks=weeks_ago)
    begin = moment.replace(hour=0, minute=0, second=0)
    return tuple(int(at.replace(tzinfo=ZoneInfo(zone)).timestamp()) for at in (begin, moment))  # type: ignore[return-value]


@pytest.mark.parametrize("zone", ZONES)
def test_each_figure_is_what_a_count_row_by_row_gives(store: SqliteStore, path: Path, zone: str) -> None:
    """Weeks, days and hours as the board's zone has them; superseded and withdrawn results do not count."""
    found = figures(store, NOW, zone)
    results, tickets, clocks = plainly(path)
    this = monday(NOW, zone)
    kept: Counter[tuple[int, str, str]] = Counter()
    for row in results:
        if row["stopped_at"] <= NOW:
            week = (this - monday(row["stopped_at"], zone)).days // 7
            is_saved = row["met"] and row["zone"] in ("yellow", "orange") and row["owner"] is not None
            for word, counts in (("n", True), ("met", row["met"]), ("saved", is_saved)):
                kept[week, row["bucket"], word] += bool(counts)
    assert found.kept == {
        (week, Bucket(name)): Kept(*(kept[week, name, word] for word in ("n", "met", "saved")))
        for week, name, word in kept
        if word == "n" and week < WEEKS
    }

    slots: Counter[tuple[int, int]] = Counter()
    for row in tickets:
        moment = datetime.fromtimestamp(row["opened_at"], ZoneInfo(zone))
        slots[moment.weekday(), moment.hour] += row["opened_at"] <= NOW
    assert found.hours == +slots

    first = min(row["opened_at"] for row in tickets)
    days = [day_until(ago, zone) for ago in range(9)]
    days = [day for place, day in enumerate(days) if place == 0 or day[0] >= first]
    late = [row["due_at"] for row in results if not row["met"] and row["bucket"] in PROMISED and row["due_at"]]
    late += [row["red_at"] for row in clocks if row["place"] == 1 and row["bucket"] in PROMISED and row["red_at"]]
    instants = {
        What.OPENED: [row["opened_at"] for row in tickets],
        What.ENDED: [row["ended_at"] for row in tickets if row["ended_at"]],
        What.BREACHED: late,
    }
    for what, times in instants.items():
        today, *past = (sum(begin <= at <= end for at in times) for begin, end in days)
        flow = found.flows[what]
        assert (flow.today, flow.past, flow.usual) == (today, tuple(past), median(past))
    assert len(days) >= 5

    since = int(datetime(this.year, this.month, this.day, tzinfo=ZoneInfo(zone)).timestamp())
    for person in found.people:
        theirs = [row for row in tickets if row["owner"] == person.name]
        assert person.held == sum(row["ended_at"] is None for row in theirs)
        assert person.claimed == sum(since <= (row["owned_at"] or 0) <= NOW for row in theirs)
        assert person.resolved == sum(since <= (row["ended_at"] or 0) <= NOW for row in theirs)
    assert [person.name for person in found.people] == sorted({row["owner"] for row in tickets} - {None} | {"Noor"})


@pytest.mark.parametrize("section", SECTIONS)
def test_as_many_tickets_are_listed_as_the_figure_says(store: SqliteStore, section: Section) -> None:
    """Behind every figure that is not nothing, in a zone whose hours begin on a quarter."""
    found = figures(store, NOW, "Asia/Kathmandu")
    rows, columns = shape(found, section)
    parts = [part(found, section, row, column) for row in range(rows) for column in range(columns)]
    asked = [one for one in parts if one is not None and one.count]
    assert asked
    for one in asked[:: 1 + len(asked) // 12]:
        items = behind(store, one, "Asia/Kathmandu")
        assert items.total == one.count == len(items.rows)
        assert all(one.span.since <= item.at < one.span.until for item in items.rows if one.what is not What.HELD), one


def test_of_many_tickets_some_are_listed_the_late_ones_first(store: SqliteStore) -> None:
    found = figures(store, NOW, "UTC")
    one = part(found, Section.KEPT, 0, 1)
    assert one is not None
    items = behind(store, one, "UTC", most=30)
    assert (len(items.rows), items.total) == (30, one.count)
    verdicts = [item.met for item in behind(store, one, "UTC").rows]
    assert verdicts == sorted(verdicts, key=bool)
    assert verdicts.count(False) == found.result(0, Bucket.RESPLAN).missed > 0


def test_a_store_without_a_past_has_no_figures(tmp_path: Path) -> None:
    """One week, so far empty, and no day to be held against."""
    with SqliteStore(make(tmp_path / "s.db", NOW), read_only=True) as store:
        found = figures(store, NOW, "Europe/Berlin")
    assert found.is_empty
    assert (len(found.weeks), len(found.days)) == (1, 1)
    assert [person.name for person in found.people] == ["Ana", "Ben", "Chi"]
    assert set(found.flows.values()) == {Flow()}


def test_times_that_another_program_wrote_as_words_are_left_out(tmp_path: Path) -> None:
    """And an owner whose name is not clean is one person, under each way it is written."""
    with desk(tmp_path / "s.db", "09:05 ana claim any") as store:
        at = int(store.ask("SELECT max(at) FROM events")[0][0])
        with store.writing() as connection:
            connection.execute("UPDATE state SET ours = 1")
            insert = "INSERT INTO tickets (id, opened_at, owner, stale) VALUES (?, ?, ?, 0)"
            connection.execute(insert, ("X-1", "yesterday", "ana\x1b[2J"))
            connection.execute("UPDATE state SET ours = 0")
        found = figures(store, at + 60, "UTC")
        assert sum(found.hours.values()) == 1
        assert {person.name for person in found.people} >= {"ana"}
        for one in found.people:
            assert one.name.isprintable()


def test_no_statement_reads_the_results_but_by_their_time(store: SqliteStore) -> None:
    """However old the store is, a screen of weeks reads weeks."""
    bound = {"since": 0, "until": NOW, "cut": 0, "most": 5, "bucket": "response"}
    for sql in (questions.LATE, questions.RESULTS.format(among=questions.JUDGED)):
        plan = [row[3] for row in store.ask(f"EXPLAIN QUERY PLAN {sql}", bound)]
        assert any("USING INDEX outcomes_stopped (stopped_at>? AND stopped_at<?)" in step for step in plan)
        assert not any(step.startswith("SCAN o") for step in plan)


def test_weeks_go_back_twelve_and_no_further_than_the_first_ticket(store: SqliteStore) -> None:
    found: Figures = figures(store, NOW, "UTC")
    assert len(found.weeks) == weeks.WEEKS
    assert found.weeks[0].until == NOW + 1
    assert datetime.fromtimestamp(found.weeks[-1].since, UTC).weekday() == 0
    later = figures(store, NOW + 40 * 7 * 86_400, "UTC")
    assert len(later.weeks) == WEEKS
