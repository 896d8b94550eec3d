"""What keeps faults small: a safe SQLite or a loud warning, a short log, and no transaction that waits for a person."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from slaboard.commands.clock import now
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from tests.faults.page import assert_told
from tests.faults.people import ROOT, crew, pause, slaboard
from tests.tui.pane import Pane

OLD = "from slaboard.store.disk import driver; driver.version = lambda: (3, 40, 1)"
WAITS = {"confirm", "prompt", "input", "getchar", "pause", "sleep"}


def test_an_old_sqlite_is_named_by_every_command_on_the_board_and_by_doctor(path: Path) -> None:
    """Injected: the version that the driver says it has."""
    code, out, err = slaboard("claim", "T-1", "--as", "Ben", "--store", str(path), before=OLD)
    assert (code, out[:2]) == (0, "OK")
    assert err.startswith("slaboard: warning: This Python links SQLite 3.40.1, which can corrupt a store ")
    assert_told(err.removeprefix("slaboard: warning: "), path)
    assert "warn  This Python links SQLite 3.40.1" in slaboard("doctor", "--store", str(path), before=OLD)[1]
    with Pane(path, size=(80, 24), before=OLD) as pane:
        pane.shows("This Python links SQLite 3.40.1, which can corrupt a store that several processes write")
        pane.shows("Install it with: pip install pysqlite3")


def test_doctor_names_the_stopped_reader_that_keeps_the_log_long(path: Path) -> None:
    with crew("read", path) as reader, SqliteStore(path) as store:
        for number in range(3):
            store.act(Act("note", "T-1", "Ben", text=f"{number}" * 60_000), now())
        pause(reader)
        lower = "from slaboard.commands import doctor; doctor.TOO_MUCH = 100_000"
        _, out, _ = slaboard("doctor", "--store", str(path), before=lower)
        warning = next(line for line in out.splitlines() if "has grown to" in line)
        assert f"process {reader.pid} (tests.faults.crew read), which is stopped, reads in it" in warning
        assert_told(warning.removeprefix("warn").replace(" 0 MB", " 40 MB"), path)


def test_no_transaction_waits_for_a_person() -> None:
    """Between BEGIN and COMMIT nothing asks, sleeps or awaits: a question that stays open would lock everybody out."""
    found = 0
    for file in (ROOT / "slaboard").rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for block in _transactions(ast.parse(text)) if ".writing(" in text or ".turn(" in text else ():
            found += 1
            for node in ast.walk(block):
                assert not isinstance(node, ast.Await | ast.AsyncWith | ast.AsyncFor), f"{file.name}:{block.lineno}"
                if isinstance(node, ast.Call):
                    called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
                    assert called not in WAITS, f"{file.name}:{node.lineno}"
    assert found > 10


def _transactions(tree: ast.Module) -> Iterator[ast.With]:
    for node in ast.walk(tree):
        if isinstance(node, ast.With):
            calls = [item.context_expr for item in node.items if isinstance(item.context_expr, ast.Call)]
            if any(isinstance(call.func, ast.Attribute) and call.func.attr in ("writing", "turn") for call in calls):
                yield node
