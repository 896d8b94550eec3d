"""The real program in a real terminal, on a store full of hostile words and under hostile keys."""

from __future__ import annotations

import re
import shutil
import time
from pathlib import Path

import pytest

from slaboard.store.base import Act
from slaboard.store.disk.driver import connect
from slaboard.store.sqlite import SqliteStore
from slaboard.text import cap
from tests.hostile.words import NASTY, harmful
from tests.stores import POLICY, TEAM, YELLOW, make
from tests.tui.pane import Pane, plain

SLOW = ((200, 50), (60, 16))


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every nasty word in every field, by our hand and by another program's."""
    now = int(time.time())  # noqa: TID251 the program's own clock runs in these tests
    path = tmp_path_factory.mktemp("pane") / "team.db"
    with SqliteStore.create(path) as store:
        store.connection.execute("PRAGMA synchronous=OFF")
        store.apply_policy(POLICY.replace("Everyone", "\\u001b[31m\\u202e[b]Everyone"), "\x1b[31m", now)
        store.add_engineers(TEAM)
        for number, word in enumerate(NASTY):
            changes = dict.fromkeys(("title", "customer", "priority", "status", "board", "type", "url"), word)
            store.add(Act("add", f"W-{number}", "mail", changes=changes, via=word), now - YELLOW - number)
            store.act(Act("note", f"W-{number}", "Ben", f"{word}."), now)
            store.act(Act("wait", f"W-{number}", "Ben", word), now)
            store.act(Act("resume", f"W-{number}", "Ben"), now)
    with connect(path) as other:
        for number, word in enumerate(map(cap, NASTY)):
            row = (f"{word}{number}", *[word] * 4, now - YELLOW)
            other.execute(
                "INSERT OR IGNORE INTO tickets (id, title, customer, priority, status, opened_at)"
                " VALUES (?, ?, ?, ?, ?, ?)", row,
            )  # fmt: skip
            other.execute("INSERT OR IGNORE INTO engineers (name, key) VALUES (?, ?)", (word, f"k{number}"))
    other.close()
    return path


@pytest.mark.parametrize("size", [(120, 40), *(pytest.param(size, marks=pytest.mark.slow) for size in SLOW)], ids=str)
def test_only_our_own_sequences_reach_the_terminal(hostile: Path, tmp_path: Path, size: tuple[int, int]) -> None:
    """Lists, details, reasons, help, questions, filters, pasted text, the past, and claims."""
    path = tmp_path / "team.db"
    shutil.copy(hostile, path)
    with Pane(path, size=size) as pane:
        pane.until("W-")
        for keys in ("\rq", "j!q", "j\rq", "G", "?q", "g", "c"):
            for key in keys:
                pane.press(key)
                pane.rest(0.1)
            if pane.process.poll() is not None:
                pytest.fail(f"{keys!r} ended the board")
        for text in ("\x1b[200~\x9b31m\x1b]0;owned\x07 DROP\u202e TABLE\x1b[201~", "[@click=app.quit]", "'; --", "é漢"):
            for keys in ("/", text, "\r"):
                pane.press(keys)
                pane.rest(0.1)
            assert pane.process.poll() is None, text
        pane.press("\x03\x03")
        assert pane.leave() == 0
    written = plain(pane.output)
    assert harmful(written) <= {"\r"}, sorted(harmful(written))
    for title in re.findall(rb"\x1b\]([^\x07\x1b]*)", pane.output):
        assert re.fullmatch(rb"2;(PAST )?R\d+ O\d+ Y\d+ team|22;\w*", title), title
    assert "[@click" in written or size[0] < 100, "brackets are text"


def test_no_bytes_from_a_keyboard_end_the_board(tmp_path: Path) -> None:
    """A Latin-1 terminal, a noisy line, answers of a terminal that nobody asked, a paste without an end."""
    path = make(tmp_path / "team.db", int(time.time()), [YELLOW] * 5)  # noqa: TID251
    with Pane(path, size=(100, 30)) as pane:
        pane.until("T-1")
        for noise in (
            b"\xff\xfe\xe9",
            b"\xc3",
            b"\xed\xa0\x80",
            b"\x1b[<99999999999;99999999999;99999999999M",
            b"\x1b[M\xff\xff\xff",
            b"\x1b[?99999999;1$y",
            b"\x1b]11;rgb:ffff/ffff/ffff\x1b\\",
            b"\x1bP>|x\x1b\\",
            b"\x1b[99999999999999999999R",
            b"\x9b31m",
            b"\x1b[1;1;1;1;1;1;1u",
            b"\x1b[999999999999u",
            b"\0" * 50,
            b"\x1b" * 50,
            b"\x1b[200~" + b"\xff'; --" * 500 + b"\x1b[201~",
        ):
            pane.send(noise)
            pane.rest(0.05)
            assert pane.process.poll() is None, (noise, plain(pane.output)[-2_000:])
        pane.press("\x1b\x1b")
        pane.rest(0.3)
        pane.press("\x03\x03")
        assert pane.leave() == 0
    assert "Traceback" not in plain(pane.output)
