"""SQL in every field, through every verb of the store and of the command line: it is kept as text, never run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from slaboard.board.views import Tab, View, parse_filter
from slaboard.store.base import Act
from slaboard.store.disk.driver import connect
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Engineer
from tests.hostile.shell import said
from tests.hostile.test_tickets import fill, policy
from tests.sla.story import at
from tests.store.desk import agrees, desk

INJECTIONS = (
    "x'; DROP TABLE tickets; --",
    'x"; DELETE FROM events; --',
    "x'); INSERT INTO tickets (id) VALUES ('pwned'); --",
    "' OR 1=1 --",
    "' UNION SELECT text, 1, 2 FROM policies --",
    "x' WHERE 1=1; UPDATE tickets SET owner = 'pwned'; --",
    "'||(SELECT group_concat(sql) FROM sqlite_schema)||'",
    "x'; ATTACH DATABASE 'pwned.db' AS p; CREATE TABLE p.t (x); --",
    "x'; PRAGMA writable_schema=1; DELETE FROM sqlite_schema; --",
    ":now", "?1", "@x", "$x", "%", "_", "\\%", "[", "*", "NEAR(a b)", '"a" AND NOT b', "title:x", "a*", "^x", "(((",
    "-", "''", '""',
)  # fmt: skip
"""Of quotes, comments, parameters, patterns and full-text queries."""
SOME = INJECTIONS if "SLABOARD_HYPOTHESIS_EXAMPLES" in os.environ else INJECTIONS[::9]
"""Those that the command line is told; a command takes ten times as long as an act of the store."""


def schema(path: Path) -> list[tuple[str, ...]]:
    """Every table, index, trigger and view, with its SQL."""
    connection = connect(path)
    found = [
        tuple(row) for row in connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY 1, 2")
    ]
    assert connection.execute("PRAGMA integrity_check").fetchall()[0][0] == "ok"
    connection.close()
    return found


@pytest.mark.parametrize("sql", INJECTIONS[:: 1 if SOME is INJECTIONS else 3])
def test_sql_in_the_store_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sql: str) -> None:
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "board.db"
    with desk(path, policy=policy(sql)) as store:
        store.connection.execute("PRAGMA synchronous=OFF")
        before = schema(path)
        for ticket in ("W-1", sql):
            fill(store, ticket, sql)
        store.add_engineers([Engineer(name=sql, key="q", skills=(sql,))])
        store.act(Act("takeover", "W-1", sql, sql), at("10:00"))
        store.act(Act("engage", "W-1", sql, changes={"skill": store.policy().policies[0].engage_skill}), at("10:01"))
        store.act(Act("resolve", "W-1", sql, sql), at("10:02"))
        store.act(Act("reopen", "W-1", sql, sql), at("10:03"))
        store.act(Act("close", sql, sql, sql), at("10:04"))
        found = {
            ticket.id: ticket for ticket in store.tickets(at("10:05"), view=View(Tab.ALL), ended=True, as_it_came=True)
        }
        assert set(found) == {"A-1", "W-1", sql}
        assert (found["W-1"].title, found["W-1"].customer, found["W-1"].board) == (sql, sql, sql)
        assert sql in {person.name for person in store.team()}
        assert agrees(store)
        for text in (sql, f'"{sql}"', f'owner:"{sql}"', f'cust:"{sql}"', f'-"{sql}"', f'p:"{sql}"', f"in:{sql}"):
            for source in (store, Past(store, at("10:05"))):
                view = View(Tab.ALL, parse_filter(text), person=sql)
                assert source.window(view, at("10:05"), 0, 10).total <= 3
                assert source.grid(at("10:05"), view).open <= 3
        assert store.window(View(Tab.MINE, person=sql), at("10:05"), 0, 10).total == 1
        assert store.rank(View(Tab.ALL, person=sql), at("10:05"), sql) is None, "it is closed"
    assert schema(path) == before
    assert not (tmp_path / "pwned.db").exists()


def test_sql_on_the_command_line_stays_text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each verb with SQL for each of its words."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "board.db"
    SqliteStore.create(path).close()
    monkeypatch.setenv("SLABOARD_STORE", str(path))
    before = schema(path)
    for number, sql in enumerate(SOME):
        ticket = f"W-{number}"
        said("add", f"--id={ticket}", f"--as={sql}", f"--customer={sql}", f"--priority={sql}", f"--status={sql}",
             f"--board={sql}", f"--type={sql}", f"--url={sql}", "--", sql)  # fmt: skip
        for words in (
            ["claim", "--any", ticket], ["release", ticket, f"--reason={sql}"], ["claim", "--any", ticket],
            ["wait", ticket, f"--reason={sql}"], ["resume", ticket], ["respond", ticket, f"--note={sql}"],
            ["engage", ticket, f"--skill={sql}"], ["set", ticket, f"--title={sql}", f"--customer=a{sql}"],
            ["note", ticket, "--", f"n{sql}"], ["undo", ticket], ["resolve", ticket, f"--note={sql}"],
            ["reopen", ticket, f"--reason={sql}"], ["close", ticket, f"--note={sql}"],
        ):  # fmt: skip
            said(words[0], f"--as={sql}", *words[1:])
        for words in (
            ["explain"],
            ["claim"],
            ["policy", "check"],
            ["import"],
            ["tickets", "--filter"],
            ["--theme"],
            ["backup"],
        ):
            said(*words, sql, code=None)
    assert len(said("tickets", "--all", "--json").objects) >= len(SOME)
    assert schema(path) == before
    assert said("check").code == 0
    assert not (tmp_path / "pwned.db").exists()
