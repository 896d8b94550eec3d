"""A map guessed from a table: which column is what, how times are written; what is written can be read again."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slaboard.connectors.draft import Draft, drafted, text
from slaboard.connectors.ticket_csv import TicketCsv, parse_mapping
from slaboard.toml import Written
from slaboard.toml import parse as toml
from tests.shared_data import need_shared
from tests.sla.story import situation

NINE = 1767603600  # 2026-01-05T09:00:00Z


def draft(table: str) -> Draft:
    return drafted(table.encode().splitlines(keepends=True))


@pytest.mark.parametrize(
    ("heading", "columns"),
    [
        situation("names like ours", "id,title,owner", {"id": "id", "title": "title", "owner": "owner"}),
        situation(
            "a help desk's", "Ticket Number,Date Created,Subject,From,Current Status,Agent Assigned,Closed Date",
            {"id": "Ticket Number", "opened_at": "Date Created", "title": "Subject", "customer": "From",
             "status": "Current Status", "owner": "Agent Assigned", "closed_at": "Closed Date"},
        ),
        situation("a tracker's", "#;Subject;Assignee;Created;Tracker",
                  {"id": "#", "title": "Subject", "owner": "Assignee", "opened_at": "Created", "type": "Tracker"}),
        situation("a company before who asked", "Id,Requester,Organization", {"id": "Id", "customer": "Organization"}),
        situation("underscores and case", "TICKET_ID,Last-Updated", {"id": "TICKET_ID", "updated_at": "Last-Updated"}),
        situation("one that stands twice is nobody's", "id,Status,Status", {"id": "id"}),
        situation("nothing known", "Nr,Wer", {}),
        situation("nothing at all", "", {}),
    ],
)  # fmt: skip
def test_which_column_is_what(heading: str, columns: dict[str, str]) -> None:
    assert draft(heading + "\n").columns == columns


@pytest.mark.parametrize(
    ("cells", "times"),
    [
        situation("iso", ["2026-01-05T09:00:00Z", "2026-01-05 09:00"], ["iso"]),
        situation("seconds", ["1767603600"], ["epoch"]),
        situation("a day over twelve decides", ["05/01/2026 09:00", "13/01/2026 10:30"], ["%d/%m/%Y %H:%M"]),
        situation("or none does", ["05/01/2026 09:00 AM"], ["%d/%m/%Y %I:%M %p", "%m/%d/%Y %I:%M %p"]),
        situation("a month in letters", ["25/Feb/26 3:51 PM"], ["%d/%b/%y %I:%M %p"]),
        situation("with points and seconds", ["05.01.2026 09:00:01"], ["%d.%m.%Y %H:%M:%S"]),
        situation("what says nothing is left out", ["", "-", "?", "05.01.2026 09:00"], ["%d.%m.%Y %H:%M"]),
        situation("nothing to look at", [""], []),
        situation("nothing that we know", ["vorgestern"], []),
    ],
)
def test_how_times_are_written(cells: list[str], times: list[str]) -> None:
    found = draft("id,created\n" + "".join(f"A-{number},{cell}\n" for number, cell in enumerate(cells)))
    assert list(found.times) == times
    assert found.is_odd == (cells == ["vorgestern"])


def test_the_draft_reads_the_table_that_it_is_of() -> None:
    """Doubts are remarks, and so are the columns and words that are left to people."""
    table = 'Ticket Number;Date Created;Subject;Priority;Colour\nT-1;05/01/2026 09:00 AM;"VPN; down";Emergency;red\n'
    written = text(draft(table), "tickets.csv")
    assert '# "Emergency" = "P2"' in written
    assert '# not used: "Colour"' in written
    assert 'time = "%d/%m/%Y %I:%M %p"   # or "%m/%d/%Y %I:%M %p", which reads them too: which is right?' in written
    mapping, problems = parse_mapping(written)
    assert problems == []
    assert mapping is not None
    [row] = TicketCsv(mapping=mapping).read(table.encode().splitlines(keepends=True))
    assert row.snapshot is not None
    assert (row.snapshot.id, row.snapshot.title, row.snapshot.opened_at) == ("T-1", "VPN; down", NINE)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=1, max_size=5), st.text(max_size=20))
def test_whatever_the_headings_are_the_map_is_toml(names: list[str], file: str) -> None:
    """A heading comes from a stranger; none breaks out of its line."""
    quoted = ",".join(f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (*names, "id", "Priority"))
    found = drafted(f"{quoted}\n".encode(errors="replace").splitlines(keepends=True))
    read = toml(text(found, file))
    assert isinstance(read, Written), read
    assert set(read.values) <= {"columns", "format", "priority"}


@pytest.mark.parametrize("system", ["jira", "osticket", "redmine", "zendesk"])
def test_headings_of_real_programs(system: str) -> None:
    """Each is known as far as a board needs it."""
    [file] = sorted((need_shared("data/vendor") / system).glob("*.csv"))
    found = drafted(file.read_bytes().splitlines(keepends=True))
    assert {"id", "title", "priority", "status", "owner", "opened_at", "updated_at"} <= set(found.columns)
    assert parse_mapping(text(found, file.name))[1] == []
