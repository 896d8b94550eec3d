"""The schema is public: its page's commands work as they stand, its views are readable, its triggers see everything."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from slaboard.output import ticket_json
from slaboard.store import migrations
from slaboard.store.rows import CLOCK_COLUMNS, EVENT_COLUMNS, epoch, event_of, event_row, fingerprint
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage
from tests.sla.story import at, situation
from tests.store.desk import agrees, desk, the

PAGE = Path(__file__).parents[2] / "docs" / "store.md"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    with desk(tmp_path / "board.db", "09:20 ana respond / 09:30 ana wait") as made:
        yield made


def columns(store: SqliteStore, table: str) -> list[str]:
    return [row["name"] for row in store.ask("SELECT name FROM pragma_table_info(?)", (table,))]


def insert(store: SqliteStore, table: str, values: Mapping[str, Any]) -> None:
    """A row, as another program would write it."""
    names, marks = ", ".join(values), ", ".join("?" * len(values))
    store.connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", list(values.values()))  # noqa: S608


# --- the page -------------------------------------------------------------------------------------------------


def test_the_commands_of_the_page_do_what_it_says(store: SqliteStore) -> None:
    """Each command as it stands there, in a shell, but for Datasette; then the board has a ticket of Hana's."""
    blocks = re.findall(r"```sh\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    commands = [line for block in blocks for line in block.replace("\\\n", " ").splitlines() if "datasette" not in line]
    assert len(commands) >= 4
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", "\n".join(commands)], cwd=store.path.parent, text=True, capture_output=True,
        timeout=120, env={**os.environ, "PATH": path}, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    while store.catch_up(at("10:00")):
        pass
    inserted = the(store, store.ask("SELECT id FROM tickets WHERE id <> 'A-1'")[0][0])
    assert (inserted.owner, bool(inserted.clocks)) == ("Hana", True)
    assert agrees(store)


def test_what_may_be_changed_is_what_the_page_says() -> None:
    page = " ".join(PAGE.read_text(encoding="utf-8").split())
    assert "What you may change is `title`, `customer`, `priority`, `status`, `stage` and `owner`" in page
    assert set(migrations.EDITABLE) == {"title", "customer", "priority", "status", "stage", "owner"}


# --- the views ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("table", ["tickets", "events", "clocks", "outcomes"])
def test_a_view_shows_every_instant_as_people_read_it(store: SqliteStore, table: str) -> None:
    rows = store.ask(f"SELECT * FROM {table}_iso")  # noqa: S608
    assert len(rows) == store.ask(f"SELECT count(*) FROM {table}")[0][0] > 0  # noqa: S608
    for row in rows:
        for name in row.keys():  # noqa: SIM118 a Row is no mapping
            if (name == "at" or name.endswith("_at")) and row[name] is not None:
                assert datetime.fromisoformat(row[name]).year == 2026
                assert row[name].endswith("Z")
            assert name in columns(store, table)


def test_a_view_says_the_very_instant(store: SqliteStore) -> None:
    assert store.ask("SELECT opened_at FROM tickets_iso")[0][0] == "2026-01-05T09:00:00Z"
    assert store.ask("SELECT stopped_at FROM outcomes_iso")[0][0] == "2026-01-05T09:20:00Z"


# --- the triggers ---------------------------------------------------------------------------------------------


def test_the_triggers_watch_every_column_but_their_own_marks(store: SqliteStore) -> None:
    """A column that they did not watch could be changed without anybody noticing."""
    assert set(columns(store, "tickets")) - set(migrations._WATCHED) == {"id", "rev", "stale", "edited", "words"}


@pytest.mark.parametrize("column", migrations._WATCHED)
def test_a_change_of_any_column_is_noticed(store: SqliteStore, column: str) -> None:
    value = "9" if column == "policy_version" else "NULL"
    store.connection.execute(f"UPDATE tickets SET {column} = {value}")  # noqa: S608
    assert store.stale() == ["A-1"]


# --- rows and values ------------------------------------------------------------------------------------------

WHOLE = Event(
    ticket="A-1", at=at("09:00"), kind=Kind.MESSAGE, order=3, actor="ana", actor_kind=ActorKind.AUTOMATION, id="m1",
    caused_by="m0", title="t", customer="c", priority="p", status="s", stage=Stage.PLAN, owner="o", reason="r",
    direction=Direction.OUT, channel="email", url="u", board="b", type="y", source_due={Bucket.RESPONSE: 5}, note="n",
    skill="k", csat=5, nps=10, via="v",
)  # fmt: skip


def test_every_part_of_an_event_comes_back_as_it_went_in(store: SqliteStore) -> None:
    assert all(getattr(WHOLE, name) for name in Event.__struct_fields__ if name != "seq")
    insert(store, "events", dict(zip(EVENT_COLUMNS, event_row(WHOLE, rev=1, import_id=1, line=2), strict=True)))
    [row] = store.ask("SELECT * FROM events WHERE id = 'm1'")
    back = event_of(row)
    assert {name: getattr(back, name) for name in Event.__struct_fields__ if name != "seq"} == {
        name: getattr(WHOLE, name) for name in Event.__struct_fields__ if name != "seq"
    }
    assert (back.seq, row["fingerprint"], row["import_line"]) == (row["seq"], fingerprint(WHOLE), 2)


def test_rows_are_read_by_place_so_the_columns_have_theirs(store: SqliteStore) -> None:
    assert columns(store, "events") == ["seq", *EVENT_COLUMNS]
    assert set(columns(store, "clocks")) == set(CLOCK_COLUMNS)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        situation("a number", 1767603600, 1767603600),
        situation("a fraction", 1767603600.9, 1767603600),
        situation("digits", " 1767603600 ", 1767603600),
        situation("ISO", "2026-01-05T09:00:00Z", 1767603600),
        situation("ISO with an offset", "2026-01-05T10:00:00+01:00", 1767603600),
        situation("ISO without a zone", "2026-01-05 09:00", 1767603600),
        situation("a date", "2026-01-05", 1767571200),
        *(
            situation(repr(value), value, None)
            for value in (
                None, "", "soon", "nan", "inf", "1e400", "9999-12-31", "2026-02-30", -1, 1e18, 1767603600000, b"5",
            )
        ),
    ],
)  # fmt: skip
def test_an_instant_as_somebody_wrote_it(written: object, meant: int | None) -> None:
    assert epoch(written) == meant


def test_json_of_the_board_can_be_inserted_again(tmp_path: Path, store: SqliteStore) -> None:
    """Columns are named as in the JSON."""
    found = ticket_json(the(store), store.policy().calendars, at("10:00"))
    known = {name: value for name, value in json.loads(json.dumps(found)).items() if name in columns(store, "tickets")}
    with SqliteStore.create(tmp_path / "other.db") as other:
        insert(other, "tickets", known)
        other.catch_up(at("10:00"))
        ticket = the(other)
        assert (ticket.title, ticket.stage, ticket.opened_at) == ("VPN", Stage.WAITING, at("09:00"))
