"""A store that an older slaboard made is brought to our schema when it is opened, with all that it holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from slaboard.board.views import Tab, View, parse_filter
from slaboard.errors import StoreError
from slaboard.store.disk.driver import connect
from slaboard.store.disk.opening import SCHEMA_VERSION
from slaboard.store.migrations import migrations
from slaboard.store.sqlite import SqliteStore
from tests.store.desk import OPENED, agrees, desk, do, dump

STEPS = ("m002_imports_undone", "m003_ledger_and_words")
HAPPENED = (
    "09:05 ana claim any / 09:10 mail add B-1 title=Übergrößen customer=Müller priority=P1 / 09:20 ana wait B-1",
    "09:25 mail add C-1 title=Rack priority=P9 owner=ben / 09:30 ben resolve C-1 / 09:35 mail add D-1 priority=P9",
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteStore]:
    """A store of today: claimed, waiting, ended and unpromised tickets."""
    with desk(tmp_path / "new.db", *HAPPENED) as made:
        yield made


@pytest.fixture(params=STEPS)
def old(request: pytest.FixtureRequest, store: SqliteStore, tmp_path: Path) -> Path:
    """The same rows in a file that ends before one of the steps of the schema."""
    path = tmp_path / "old.db"
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    migrations.apply(Database(connection), stop_before=request.param)
    connection.execute("ATTACH ? AS new", (str(store.path),))
    connection.execute("UPDATE main.state SET ours = 1")
    tables = [row[0] for row in connection.execute("SELECT name FROM main.sqlite_schema WHERE type = 'table'")]
    for table in (name for name in tables if name[0] != "_" and name != "state"):
        columns = ", ".join(row[0] for row in connection.execute("SELECT name FROM pragma_table_info(?)", (table,)))
        connection.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table}")  # noqa: S608
    values = "rev, policy_version, ours, held_until"
    connection.execute(f"UPDATE main.state SET ({values}) = (SELECT {values} FROM new.state)")  # noqa: S608
    connection.close()
    return path


def test_an_older_store_is_brought_to_our_schema_and_holds_the_same(old: Path, store: SqliteStore) -> None:
    """Words to search in and all; nothing is left to recompute, and the next claim is counted."""
    with SqliteStore(old) as migrated:
        assert migrated.ask("PRAGMA user_version")[0][0] == SCHEMA_VERSION
        assert dump(migrated) == dump(store)
        assert agrees(migrated)
        assert migrated.grid(OPENED) == store.grid(OPENED)
        for text in ("übergrößen", "cust:müller", "owner:ben", "p9"):
            view = View(Tab.ALL, parse_filter(text))
            assert migrated.window(view, OPENED, 0, 9) == store.window(view, OPENED, 0, 9), text
        do(migrated, "09:40 ana claim D-1 any")
        assert migrated.loads() == {"ana": 2}


def test_its_indexes_and_triggers_are_those_of_a_new_store(old: Path, store: SqliteStore) -> None:
    schema = "SELECT type, name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite%' ORDER BY name"
    with SqliteStore(old) as migrated:
        found, wanted = ([tuple(row) for row in one.ask(schema)] for one in (migrated, store))
        assert found == wanted


def test_an_older_store_that_may_only_be_read_says_what_to_do(old: Path) -> None:
    with SqliteStore(old, read_only=True) as store:
        with pytest.raises(StoreError, match="was made by an older slaboard") as told:
            store.grid(OPENED)
        assert "slaboard status" in str(told.value)
    connection = connect(old)
    assert connection.execute("PRAGMA user_version").fetchall()[0][0] < SCHEMA_VERSION
    connection.close()
