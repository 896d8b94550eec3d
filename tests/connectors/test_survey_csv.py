"""Answers of customers as a table."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaboard.connectors.base import Parsed
from slaboard.connectors.survey_csv import SurveyCsv
from slaboard.sync import Order, import_file
from slaboard.ticket import ActorKind, Event, Kind
from tests.sla.story import at
from tests.store.desk import desk

NINE = 1767603600  # 2026-01-05T09:00:00Z


def read(text: str) -> list[Parsed]:
    return list(SurveyCsv().read(text.encode().splitlines(keepends=True)))


def test_an_answer() -> None:
    """Scores, who gave them and what they wrote; the customer is who acts."""
    [found] = read("at;ticket;NPS;csat;actor;note;more\n2026-01-05T09:00:00Z;A-1;0;5;Pia;Thanks;x\n")
    assert found.events == (
        Event(
            ticket="A-1", at=NINE, kind=Kind.SURVEY, actor="Pia", actor_kind=ActorKind.CUSTOMER, note="Thanks", csat=5,
            nps=0,
        ),
    )  # fmt: skip


def test_a_row_without_a_score_is_no_answer() -> None:
    """Many tools write a row when they ask."""
    assert read("ticket,at,csat\nA-1,,\nA-2,,-\n") == [Parsed(2), Parsed(3)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("A-1,2026-01-05,6", '`csat` is "6"; it must be a whole number from 1 to 5.'),
        ("A-1,2026-01-05,4.5", '`csat` is "4.5"; it must be'),
        ("A-1,2026-01-05,²", '`csat` is "²"; it must be'),
        ("A-1,yesterday,5", '`at` is "yesterday"; a time is'),
        (",2026-01-05,5", "`ticket` is empty; every ticket needs an id."),
        ("A-1,2026-01-05,5,more", "The row has 4 cells where the heading has 3"),
    ],
)
def test_what_cannot_be_used(row: str, said: str) -> None:
    """A sentence for each, and the next row is read."""
    bad, good = read(f"ticket,at,csat\n{row}\nA-2,2026-01-05T09:00:00Z,1\n")
    assert bad.problem is not None
    assert bad.problem.startswith(said)
    assert [event.csat for event in good.events] == [1]


def test_another_heading() -> None:
    [found] = read("ticket,at,stars\nA-1,2026-01-05,5\n")
    assert found.problem == "A table of surveys has the columns ticket, at, and csat or nps; this has not."


def test_an_answer_about_a_ticket_that_is_not_there_waits_for_the_ticket(tmp_path: Path) -> None:
    """It puts no ticket on the board; when the ticket has come the same file brings it, and nothing twice."""
    file = tmp_path / "surveys.csv"
    file.write_text("ticket,at,csat\nA-1,2026-01-05T12:00:00Z,5\nB-2,2026-01-05T12:00:00Z,1\n")
    said: list[str] = []
    with desk(tmp_path / "s.db", "10:00 ana resolve A-1") as store:
        first = import_file(store, Order(str(file)), at("13:00"), lambda line, reason: said.append(f"{line} {reason}"))
        assert (first.kind, first.events, first.tickets, first.problems) == ("survey_csv", 1, 0, 1)
        assert said == ["3 There is no ticket B-2 in the store. Import the tickets, then this file again."]
        store.connection.execute("INSERT INTO tickets (id, opened_at) VALUES ('B-2', ?)", (at("11:00"),))
        store.catch_up(at("13:00"))
        second = import_file(store, Order(str(file)), at("13:00"), lambda line, reason: said.append(reason))
        assert (second.events, second.problems) == (1, 0)
        rows = store.ask("SELECT ticket_id, csat FROM events WHERE kind = 'survey' ORDER BY ticket_id")
        assert list(map(tuple, rows)) == [("A-1", 5), ("B-2", 1)]
