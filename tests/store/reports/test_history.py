"""What a report asks of the store: which way it reads, whom a name means, and pseudonyms that last."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from slaboard.errors import UsageError
from slaboard.reports.course import Course
from slaboard.reports.names import Names
from slaboard.reports.period import Period
from slaboard.reports.question import Question
from slaboard.store.reports import courses, history
from slaboard.store.sqlite import SqliteStore
from tests.reports import past
from tests.sla.story import situation
from tests.store.desk import desk, do

DAY = 86_400


@pytest.fixture(scope="module")
def quarter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A made-up quarter."""
    with past.made(tmp_path_factory.mktemp("history") / "acme.db") as store:
        yield store


def plan(store: SqliteStore, monkeypatch: pytest.MonkeyPatch, asked: Question) -> list[str]:
    """How SQLite reads the results that `asked` is about."""
    found: list[str] = []
    ask = store.ask

    def explained(sql: str, values: Any = ()) -> list[Any]:
        if "GROUP BY" in sql:
            found.extend(row["detail"] for row in ask(f"EXPLAIN QUERY PLAN {sql}", values))
        return ask(sql, values)

    monkeypatch.setattr(store, "ask", explained)
    list(history.promises(store, asked, Names()))
    return found


@pytest.mark.parametrize(
    ("days", "step"),
    [
        situation("a week of a quarter", 7, "SEARCH o USING INDEX outcomes_stopped (stopped_at>? AND stopped_at<?)"),
        situation("most of it", 80, "SCAN o"),
    ],
)
def test_a_short_time_is_looked_up_and_a_long_one_read_from_end_to_end(
    quarter: SqliteStore, monkeypatch: pytest.MonkeyPatch, days: int, step: str
) -> None:
    """The newest revisions are found through an index that covers them, once for all."""
    found = plan(quarter, monkeypatch, Question(("priority",), Period(past.NOW - days * DAY, past.NOW)))
    assert step in found
    assert "SCAN r USING COVERING INDEX sqlite_autoindex_outcomes_1" in found
    assert any(line.startswith("SEARCH p USING COVERING INDEX sqlite_autoindex_outcomes_1") for line in found)
    assert not any("CORRELATED" in line for line in found)


def test_tickets_are_read_in_the_order_of_their_keys(quarter: SqliteStore) -> None:
    """So that a million of them are never sorted."""
    bound = {"until": past.NOW, "kinds": "[]", "after": "", "last": "T"}
    found = [row["detail"] for row in quarter.ask(f"EXPLAIN QUERY PLAN {courses.COURSES.format(only='')}", bound)]
    assert found[0] == "SEARCH t USING INDEX sqlite_autoindex_tickets_1 (id>? AND id<?)"
    assert not any("TEMP B-TREE" in step for step in found)


def test_page_by_page_they_are_the_same(quarter: SqliteStore, monkeypatch: pytest.MonkeyPatch) -> None:
    """No ticket is lost or counted twice at the end of a page."""
    asked = Question()

    done: list[int] = []

    def found() -> list[Course]:
        return list(courses.courses(quarter, asked, Names(), past.NOW, done.append))

    whole = found()
    assert len(whole) == past.TICKETS == courses.how_many(quarter, asked)
    assert done == [past.TICKETS]
    monkeypatch.setattr(courses, "PAGE", 7)
    assert found() == whole
    assert done[1:] == [*range(7, past.TICKETS, 7), past.TICKETS]


@pytest.mark.parametrize(
    ("name", "found"),
    [("contoso", ("Contoso",)), ("TANSY & SÖHNE", ("Tansy & Söhne",)), ("<B>quill</B>", ("<b>Quill</b>",))],
)
def test_a_name_means_whoever_is_called_so(quarter: SqliteStore, name: str, found: tuple[str, ...]) -> None:
    assert history.called(quarter, "customer", [name]) == found


def test_names_that_look_the_same_are_one(tmp_path: Path) -> None:
    """What cannot be seen in a name makes no second customer of it, in a filter or in a row."""
    lines = (
        "09:01 mail add B-2 customer=Con\u200btoso priority=P1", "09:02 ana claim any B-2", "09:03 ana resolve B-2",
        "09:04 ana resolve A-1",
    )  # fmt: skip
    with desk(tmp_path / "s.db", *lines) as store:
        assert set(history.called(store, "customer", ["contoso"])) == {"Contoso", "Con\u200btoso"}
        groups = list(history.promises(store, Question(("customer",)), Names()))
        assert {group.keys for group in groups} == {("Contoso",)}
        assert sum(group.n for group in groups) == 6


@pytest.mark.parametrize(
    ("name", "said"), [("Contosa", "near to it: Contoso"), ("", "there are <b>Quill"), ("\u202e", "there are <b>Quill")]
)
def test_nobody_is_called_so(quarter: SqliteStore, name: str, said: str) -> None:
    """The sentence names who is meant perhaps."""
    with pytest.raises(UsageError, match=rf"^No customer is called .*; {said}"):
        history.called(quarter, "customer", [name])


def test_pseudonyms_last(tmp_path: Path) -> None:
    """Another policy, more results and a later revision leave them as they are; another store has others."""
    with desk(tmp_path / "s.db", "10:00 ana resolve") as store, desk(tmp_path / "t.db", "10:01 ana resolve") as other:
        key = history.pseudonym_key(store)
        store.apply_policy(past.policy(), "ana", 1_800_000_000, rejudge_since=0)
        do(store, "11:00 mail add B-2 priority=P1 / 11:30 ben resolve B-2")
        assert history.pseudonym_key(store) == key != history.pseudonym_key(other)
        name = Names(key).shown("engineer", "ana")
        assert name is not None
        assert (name[:9], len(name)) == ("Engineer ", 17)
        assert Names(key).shown("customer", "ana") != name.replace("Engineer", "Customer")
        assert Names(key).shown("priority", "P1") == "P1"
