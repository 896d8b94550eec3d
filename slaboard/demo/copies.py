"""Finished tickets copied in time, within SQLite: a long past in a fraction of the time that telling it takes.

Only what is judged around the clock can be moved so: all its instants move by as much, and its spans stay.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from slaboard.demo.weeks import Copy
from slaboard.store.disk.driver import Connection
from slaboard.store.sqlite import SqliteStore
from slaboard.store.words import words_of
from slaboard.store.write.settle import next_rev

_MARKS = """CREATE TEMP TABLE IF NOT EXISTS copies (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL, told TEXT NOT NULL, later_s INTEGER NOT NULL, customer TEXT NOT NULL,
    title TEXT NOT NULL)"""
_MARK = "INSERT INTO temp.copies (id, told, later_s, customer, title) VALUES (?, ?, ?, ?, ?)"
# The rows of one table that are about the tickets to copy, in the order of the copies: new rows come behind the others.
_COPY = """
    INSERT INTO {table} ({columns}) SELECT {values} FROM temp.copies c CROSS JOIN {table} t ON t.{name} = c.told"""
_COLUMNS = "SELECT name FROM pragma_table_info(?)"
_TABLES = (("tickets", "id", ""), ("events", "ticket_id", "seq"), ("clocks", "ticket_id", ""),
           ("outcomes", "ticket_id", "id"))  # fmt: skip
"""Each with the column that names the ticket and the one that numbers its rows."""
_MOVED = frozenset(
    {"at", "opened_at", "owned_at", "ended_at", "changed_at", "started_at", "due_at", "yellow_at", "orange_at",
     "red_at", "stopped_at", "source_due"}
)  # fmt: skip
_WAITS = """CASE WHEN t.waits IS NOT NULL THEN (
    SELECT json_group_array(json_array(w.value ->> 0 + c.later_s, w.value ->> 1 + c.later_s))
    FROM json_each(t.waits) w) END"""
_NAMED = "c.id || substr(t.{0}, length(c.told) + 1)"
"""Names of events begin with their ticket's id."""
_NAMELESS = "SELECT id, title, customer, status, board FROM tickets WHERE id IN (SELECT id FROM temp.copies)"
_WORDS = "UPDATE tickets SET words = ? WHERE id = ?"


def add(store: SqliteStore, copies: Iterable[Copy]) -> None:
    """Put `copies` of tickets that are over, and around the clock, beside them."""
    with store.writing(in_bulk=True) as connection:
        rev = next_rev(connection)
        connection.execute(_MARKS)
        connection.executemany(_MARK, map(msgspec.structs.astuple, copies))
        for table, name, left_out in _TABLES:
            columns = _columns(connection, table, left_out)
            values = [_value(column, name, rev) for column in columns]
            connection.execute(
                _COPY.format(table=table, columns=", ".join(columns), values=", ".join(values), name=name)
            )
        rows = connection.execute(_NAMELESS).fetchall()
        connection.executemany(_WORDS, [(words_of(*row), row[0]) for row in rows])
        connection.execute("DROP TABLE temp.copies")


def _columns(connection: Connection, table: str, left_out: str) -> list[str]:
    return [name for (name,) in connection.execute(_COLUMNS, (table,)).fetchall() if name != left_out]


def _value(column: str, name: str, rev: int) -> str:
    """What a copy has in `column`."""
    if column == name:
        return "c.id"
    if column in _MOVED:
        return f"t.{column} + c.later_s"
    return {
        "rev": str(rev),
        "fingerprint": "NULL",
        "id": _NAMED.format("id"),
        "caused_by": _NAMED.format("caused_by"),
        "customer": "CASE WHEN t.customer IS NOT NULL THEN c.customer END",
        "title": "CASE WHEN t.title IS NOT NULL THEN c.title END",
        "words": "''",
        "waits": _WAITS,
    }.get(column, f"t.{column}")
