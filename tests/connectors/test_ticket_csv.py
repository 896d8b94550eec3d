"""Tables of tickets: maps, headings, cells."""

from __future__ import annotations

import json
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors.base import Parsed, Snapshot
from slaboard.connectors.ticket_csv import ColumnMap, TicketCsv, parse_mapping
from slaboard.ticket import Stage
from tests.shared_data import need_shared

NINE = 1767603600  # 2026-01-05T09:00:00Z


def read(text: str | bytes, mapping: ColumnMap | None = None) -> list[Parsed]:
    data = text if isinstance(text, bytes) else text.encode()
    return list(TicketCsv(mapping=mapping or ColumnMap()).read(data.splitlines(keepends=True)))


def snapshots(text: str, mapping: ColumnMap | None = None) -> list[Snapshot]:
    found = read(text, mapping)
    assert [parsed.problem for parsed in found] == [None] * len(found)
    return [parsed.snapshot for parsed in found if parsed.snapshot]


def mapped(text: str) -> ColumnMap:
    mapping, problems = parse_mapping(text)
    assert problems == []
    assert mapping is not None
    return mapping


def test_our_own_names_need_no_map() -> None:
    """Columns with the names of the tickets' JSON are read as they are; other columns are not."""
    text = "zone,id,title,status,stage,owner,opened_at,board\nred,A-1,VPN,Active,plan,ana,2026-01-05T09:00:00Z,Desk\n"
    assert snapshots(text) == [
        Snapshot(
            id="A-1", title="VPN", status="Active", stage=Stage.PLAN, owner="ana", opened_at=NINE, board="Desk"
        )
    ]  # fmt: skip


@pytest.mark.parametrize("cell", ["", "?", "null", '""', "  "])
def test_what_an_empty_cell_says(cell: str) -> None:
    """Nobody, no customer, no priority; of other fields it says nothing."""
    text = f"id,title,customer,priority,status,owner,opened_at\nA-1{f',{cell}' * 6}\n"
    assert snapshots(text) == [Snapshot(id="A-1", customer="", priority="", owner="")]


def test_a_column_that_is_not_there_says_nothing() -> None:
    """Without a column for the owner the source does not say who it is."""
    assert snapshots("id\nA-1\n") == [Snapshot(id="A-1")]


def test_a_map() -> None:
    """Every setting of a map at once."""
    mapping = mapped(
        """
        [columns]
        id = "Ticket No"
        title = "Subject"
        priority = "Prio"
        owner = "Who"
        opened_at = "Opened"
        [format]
        time = "%d.%m.%Y %H:%M"
        delimiter = "^"
        encoding = "cp1252"
        null = ["-"]
        timezone = "Europe/Berlin"
        [priority]
        Hoch = "P1"
        """
    )
    text = "Who^Ticket No^Opened^Prio^Subject\n-^7^05.01.2026 10:00^Hoch^Müller?\n?^8^-^Tief^-\n".encode("cp1252")
    assert [parsed.snapshot for parsed in read(text, mapping)] == [
        Snapshot(id="7", title="Müller?", priority="P1", owner="", opened_at=NINE),
        Snapshot(id="8", priority="Tief", owner="?"),
    ]


@pytest.mark.parametrize(
    ("time", "cell"),
    [
        ("iso", "2026-01-05T10:00:00"),
        ("iso", "2026-01-05T09:00:00Z"),
        ("epoch", "1767603600"),
        ("%d/%b/%y %I:%M %p", "05/Jan/26 10:00 AM"),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-01-05T09:00:00+0000"),
    ],
)
def test_times(time: str, cell: str) -> None:
    """Times in the map's form; without an offset they are of the map's zone, which beats the import's."""
    mapping = mapped(f'[columns]\nid="i"\nopened_at="o"\n[format]\ntime="{time}"\ntimezone="Europe/Berlin"')
    [parsed] = TicketCsv(ZoneInfo("Asia/Tokyo"), mapping).read([b"i,o\n", f"A-1,{cell}\n".encode()])
    assert parsed.snapshot == Snapshot(id="A-1", opened_at=NINE)


def test_a_cell_over_several_lines() -> None:
    """A row has the number of its first line, and its cell keeps its lines."""
    first, second = read('id,title\nA-1,"VPN\ndown, again"\nA-2,x\n')
    assert (first.line, second.line) == (2, 4)
    assert first.snapshot == Snapshot(id="A-1", title="VPN\ndown, again")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("id,title\n,x\n", "`id` is empty; every ticket needs an id.", id="no id"),
        pytest.param("id,title\n" + "i" * 201 + ",x\n", "`id` is 201 characters long", id="long id"),
        pytest.param("id,opened_at\nA-1,soon\n", '`opened_at` is "soon"; a time is ISO-8601', id="time"),
        pytest.param("id,stage\nA-1,done\n", '`stage` is "done"; it must be one of respond, plan,', id="stage"),
        pytest.param("id,title\nA-1\n", "The row has 1 cells where the heading has 2; quote a cell", id="short"),
        pytest.param("id,title\nA-1,VPN, down\n", "The row has 3 cells where the heading has 2", id="long"),
        pytest.param(b"id,title\nA-1,M\xfcller\n", "save the file as UTF-8, or name its encoding", id="encoding"),
    ],
)
def test_refused(text: str | bytes, said: str) -> None:
    """A bad row is told why, and the next one is read."""
    data = text if isinstance(text, bytes) else text.encode()
    bad, good = read(data + b"A-2,\n")
    assert said in (bad.problem or "")
    assert bad.snapshot is None
    assert good.snapshot is not None


def test_empty_cells_at_the_end() -> None:
    """Cells that are not read may be left out, and empty ones may be too many."""
    assert [snapshot.id for snapshot in snapshots("id,title,x,y\nA-1,t\nA-2,t,,,,\n")] == ["A-1", "A-2"]


@pytest.mark.parametrize(
    ("text", "columns", "said"),
    [
        pytest.param("", None, "The file is empty", id="empty"),
        pytest.param("number,title\n1,x", None, 'has no column "id": it has "number", "title". A map', id="no map"),
        pytest.param(
            "a,b\n1,x", {"id": "No", "title": "b", "url": "U"}, 'no column "No", "U": it has "a", "b"', id="map"
        ),
        pytest.param('"a\n', None, "is a quote left open", id="quote"),
        pytest.param(",".join(f"c{n}" for n in range(99)), None, '"c29" and 69 more', id="wide"),
    ],
)
def test_a_heading_that_does_not_fit(text: str, columns: dict[str, str] | None, said: str) -> None:
    """A column that is missing ends the import before anything wrong is taken, and names what the file has."""
    [parsed] = read(text, ColumnMap(columns=columns))
    assert said in (parsed.problem or "")
    assert parsed.snapshot is None


def test_a_heading_that_stands_twice() -> None:
    """The first column of a name is read, and that is said; one that is not mapped may stand often (a Jira export)."""
    told, row = read("id,title,x,x,title\nA-1,first,1,2,second\n")
    assert told.problem == 'More than one column is named "title"; the first of them is read.'
    assert row.snapshot == Snapshot(id="A-1", title="first")


def test_every_problem_of_a_map_at_once() -> None:
    """A map is told everything that is wrong with it, and is not used."""
    mapping, problems = parse_mapping(
        """
        extra = 1
        [columns]
        titel = "Subject"
        title = 3
        owner = " "
        [format]
        time = "%d/%m"
        delimiter = "::"
        encoding = "utf-16"
        null = "?"
        timezone = "Berlin"
        date = "iso"
        [priority]
        High = 1
        [status]
        """
    )
    assert mapping is None
    said = "\n".join(problems)
    assert len(problems) == 13
    for part in (
        '"extra" is not a table of a map; it has [columns], [format] and [priority].',
        '"status" is not a table of a map',
        "line 3: [columns] needs `id`; write which column of the file names the ticket.",
        '[columns] "titel" is not a field of a ticket; it must be one of id, title,',
        "[columns] `title` is 3; it must be the name of a column",
        '[columns] `owner` is " "; it must be the name of a column',
        '[format] `time` is "%d/%m"; it must be iso, epoch or a strptime pattern with a date',
        '[format] `delimiter` is "::"; it must be one character.',
        '[format] `encoding` is "utf-16"; it must be an encoding such as utf-8',
        'line 11: [format] `null` is "?"; it must be a list of texts.',
        '[format] `timezone` is "Berlin"; it must be the name of a zone, such as "Europe/Berlin".',
        '[format] "date" is not a setting; it must be one of time, delimiter, encoding, null, timezone.',
        '[priority] "High" is 1; it must be our word for it, a text.',
    ):
        assert part in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[columns", "line 1: this is not TOML: "),
        ("a = 1\na = 2", "line 2: this is not TOML: "),
        ("\nx = " + "[" * 5000, "line 2: lists or tables are nested too deeply"),
        ("[format]\nnull = 0x" + "f" * 9_000, "line 2: [format] `null` is a huge number; it must be a list of texts."),
    ],
    ids=["syntax", "twice", "depth", "number"],
)
def test_a_map_that_is_not_read(text: str, said: str) -> None:
    """A syntax error stands alone."""
    mapping, problems = parse_mapping(text)
    assert mapping is None
    assert problems[-1].startswith(said)


@pytest.mark.parametrize(
    ("time", "fits"),
    [
        ("%d/%m/%Y %H:%M", True), ("%Y-%m-%d", True), ("%d/%b/%y %I:%M %p", True), ("%d/%m/%Y %I:%M", False),
        ("%d/%m/%Y %m", False), ("%H:%M", False), ("%q", False), ("%", False), ("", False), ("ISO", False),
    ],
)  # fmt: skip
def test_patterns_that_lose_something(time: str, fits: bool) -> None:
    """A pattern that would lose the year, or half of the day, is refused before it reads anything."""
    mapping, _ = parse_mapping(f'[columns]\nid = "x"\n[format]\ntime = "{time}"')
    assert (mapping is not None) is fits


@pytest.mark.parametrize("zone", ["", "Europe", "../etc/passwd", "/etc/passwd", "Mars/Olympus", "UTC\\u0000"])
def test_zones_that_are_none(zone: str) -> None:
    """A zone is a name of the IANA database, not a path."""
    mapping, problems = parse_mapping(f'[columns]\nid = "x"\n[format]\ntimezone = "{zone}"')
    assert mapping is None
    assert "the name of a zone" in problems[0]


def test_a_jira_export() -> None:
    """A heading with repeated columns and cells of several lines, as Jira writes it."""
    path = need_shared("data", "vendor", "jira", "csv_export_shape.csv")
    mapping = mapped(
        '[columns]\nid="Issue key"\ntitle="Summary"\nstatus="Status"\nopened_at="Created"\n'
        '[format]\ntime="%d/%b/%y %I:%M %p"'
    )
    found = read(path.read_bytes(), mapping)
    assert found
    assert all(parsed.snapshot and parsed.snapshot.opened_at for parsed in found)


CELLS = st.text('ab",;\n\r\0é?0-:TZ', max_size=8) | st.sampled_from(["A-1", "2026-01-05T09:00:00Z", "plan"])


@given(st.lists(st.lists(CELLS, max_size=6), max_size=8), st.sampled_from([b"id,title,opened_at,owner,stage\n", b""]))
def test_never_raises(table: list[list[str]], heading: bytes) -> None:
    """Whatever the rows are, each becomes a snapshot or a problem."""
    for parsed in read(heading + "\n".join(",".join(row) for row in table).encode()):
        assert (parsed.snapshot is None) == (parsed.problem is not None)
        assert parsed.line >= 1


@given(st.recursive(st.text() | st.integers(), lambda x: st.lists(x) | st.dictionaries(st.text(), x), max_leaves=4))
def test_settings_of_any_type(value: Any) -> None:
    """A setting of a wrong type is a problem, never an exception."""
    text = "".join(
        f"{key} = {json.dumps(value)}\n" for key in ("time", "null", "encoding") if not isinstance(value, dict)
    )
    mapping, problems = parse_mapping(f'[columns]\nid = "x"\n[format]\n{text}')
    assert (mapping is None) == bool(problems)
