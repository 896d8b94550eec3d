"""The bytes a terminal gets: nothing a ticket says reaches it as a sequence, and it is left whole whatever happens."""

from __future__ import annotations

import re
import signal
import statistics
import time
from pathlib import Path

import pytest

from slaboard.follow.feed import APART_S
from slaboard.host import machine
from slaboard.store.base import Act
from slaboard.store.sqlite import SqliteStore
from slaboard.tui import terminal
from tests.stores import YELLOW, Neighbour, make
from tests.tui.pane import DEADLINE_S, Pane, plain
from tests.tui.screen import Screen
from tests.tui.test_board import HOSTILE

LEFT_WHOLE = (b"\x1b[?1049l", b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?25h")
"""The screen before the board, no mouse, no bracketed paste, a cursor."""


@pytest.fixture
def store(tmp_path: Path, now: int) -> Path:
    return make(tmp_path / "team.db", now, [YELLOW] * 5)


def test_a_board_is_as_large_as_its_terminal_whatever_a_shell_has_exported(store: Path) -> None:
    """`export COLUMNS` says for ever how wide the terminal was once."""
    with Pane(store, size=(100, 30), environment={"COLUMNS": "60", "LINES": "20"}) as pane:
        pane.shows("1/5")
        assert max(map(len, pane.screen())) > 80
        assert "1/5" in pane.screen()[29]


def is_whole(pane: Pane) -> bool:
    """True when the last thing that was written of each kind, if anything was, leaves the terminal as it was."""
    return all(
        pane.output.rfind(off) >= pane.output.rfind(off[:-1] + (b"l" if off.endswith(b"h") else b"h"))
        for off in LEFT_WHOLE
    )


@pytest.mark.parametrize("size", [(200, 50), (100, 30), (40, 12)], ids=str)
def test_nothing_a_ticket_says_reaches_the_terminal_as_a_sequence(
    tmp_path: Path, now: int, size: tuple[int, int]
) -> None:
    titles = [title.encode("utf-8", "replace").decode() for title in HOSTILE]
    path = make(tmp_path / "team.db", now, [YELLOW] * len(titles), titles=titles)
    with SqliteStore(path) as other:
        for title in titles:
            if "\x1b" in title:
                other.act(Act("note", "T-1", "Ben", text=title), now)
        other.act(Act("set", "T-1", "Ben", changes={"customer": "\x1b[31mred\x1b]0;x\x07"}), now)
    with Pane(path, size=size) as pane:
        pane.until("T-14" if size[0] > 40 else "/14")
        for _ in titles:
            since = pane.press("\r")
            pane.until("close", since=since)
            pane.press("qj")
        pane.press("/[/b]\r")
        pane.press("\x03\x03")
        assert pane.leave() == 0
    written = plain(pane.output)
    strange = {char for char in written if ord(char) < 32 or 0x7F <= ord(char) < 0xA0} - {"\r", "\n"}
    assert not strange, repr(sorted(strange))
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", written)
    assert "[b]bold[/b]" in written, "brackets are text"


def test_a_key_claims_in_the_real_program(store: Path, now: int) -> None:
    with Pane(store, before="app.asking.SWAP_MS = 0") as pane:
        pane.until("1/5")
        pane.press("j")
        pane.until("2/5")
        pane.press("c")
        pane.until("is Ana's")
        pane.press("q")
        assert pane.leave() == 0
    with SqliteStore(store) as other:
        event = other.events("T-2")[-1]
    assert event.actor == "Ana"
    assert event.via is not None
    assert re.fullmatch(r"\S+@\S* /dev/\S+ personal", event.via)


def test_from_another_processs_commit_to_the_painted_cell_it_is_well_under_a_tenth_of_a_second(
    tmp_path: Path, now: int
) -> None:
    path = make(tmp_path / "team.db", now, [YELLOW] * 9)
    took = []
    with Pane(path) as pane, Neighbour(path) as neighbour:
        pane.until("1/9")
        pane.press("..")
        pane.until("[All 9]")
        for number in range(1, 9):
            since = len(pane.output)
            committed = neighbour.claim(f"T-{number}")
            pane.until("Chi", since=since)
            took.append(time.monotonic() - committed)
            pane.rest(APART_S)
    assert statistics.median(took) < 0.1, took


@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129), (signal.SIGINT, 130)], ids=lambda n: str(n)
)
def test_a_signal_leaves_the_terminal_whole(store: Path, number: signal.Signals, code: int) -> None:
    with Pane(store) as pane:
        pane.until("1/5")
        assert not is_whole(pane)
        pane.process.send_signal(number)
        assert pane.leave() == code
        assert is_whole(pane)


def test_leaving_gives_the_title_back(store: Path) -> None:
    with Pane(store) as pane:
        pane.until("1/5")
        pane.until_written(b"\x1b]2;R0 O0 Y5 team\x07")
        pane.press("q")
        assert pane.leave() == 0
        assert pane.output.rfind(terminal.GIVE_TITLE_BACK.encode()) > pane.output.rfind(b"\x1b]2;")
        assert is_whole(pane)


_CRASH = """
def broken(board, width, height):
    secret = board.page.rows[0].title if board.page.rows else ""
    if secret:
        raise ValueError(secret)
    return [(("x" * width, "text"),)] * height
app.render = broken
overture.Overture._paint = lambda self: None  # the crash comes before any picture
"""


def test_a_crash_is_written_down_and_shows_no_ticket(store: Path, tmp_path: Path) -> None:
    with Pane(store, before=_CRASH) as pane:
        assert pane.leave() == 1
        assert is_whole(pane)
    ending = pane.output[pane.output.rfind(b"\x1b[?1049l") :]
    said = [line for line in plain(ending).splitlines() if line.strip()]
    assert len(said) == 3, said
    assert "slaboard has stopped: ValueError" in said[0]
    assert b"on fire" not in pane.output
    logs = list((tmp_path / "state").rglob("crash-*.log"))
    assert len(logs) == 1
    assert str(logs[0]) in said[1]
    assert "in broken" in logs[0].read_text()
    assert "on fire" not in logs[0].read_text()


def test_a_terminal_that_goes_away_takes_the_board_along(store: Path) -> None:
    with Pane(store) as pane:
        pane.until("1/5")
        pane.hang_up()
        pane.process.wait(timeout=DEADLINE_S)


def test_no_color_means_no_colour(store: Path) -> None:
    with Pane(store, environment={"NO_COLOR": "1"}) as pane:
        pane.until("1/5")
        pane.press("q")
        assert pane.leave() == 0
    codes = {code for found in re.findall(rb"\x1b\[([\d;]*)m", pane.output) for code in found.split(b";")}
    assert codes <= {b"", b"0", b"1", b"2", b"7", b"39", b"49"}, codes


def test_an_empty_no_color_asks_for_nothing(store: Path) -> None:
    with Pane(store, environment={"NO_COLOR": ""}) as pane:
        pane.until("1/5")
        pane.press("q")
        assert pane.leave() == 0
    assert re.search(rb"\x1b\[[\d;]*38;5;", pane.output)


def test_without_a_mouse_none_is_asked_for_until_the_palette_asks(store: Path) -> None:
    """And the palette gives it back."""
    with Pane(store, settings="mouse=False") as pane:
        pane.until("1/5")
        assert b"\x1b[?1000h" not in pane.output
        pane.press(":mouse\r")
        pane.until("a click selects")
        assert b"\x1b[?1000h" in pane.output
        pane.press(":mouse\r")
        pane.until("it marks text")
        assert pane.output.rindex(b"\x1b[?1000l") > pane.output.rindex(b"\x1b[?1000h")
        pane.press("q")
        assert pane.leave() == 0


# --- whether it can run at all ----------------------------------------------------------------------------------


def test_it_says_why_it_cannot_run(monkeypatch: pytest.MonkeyPatch) -> None:
    reason = terminal.can_run()
    assert reason is not None, "pytest has no terminal"
    assert "needs a terminal" in reason


@pytest.mark.parametrize(
    ("zone", "expected"),
    [("Europe/Berlin", "Europe/Berlin"), (":America/New_York", "America/New_York"),
     ("/usr/share/zoneinfo/Asia/Tokyo", "Asia/Tokyo")],
)  # fmt: skip
def test_the_zone_of_this_machine(monkeypatch: pytest.MonkeyPatch, zone: str, expected: str) -> None:
    monkeypatch.setenv("TZ", zone)
    assert machine.timezone() == expected


@pytest.mark.parametrize("size", [(120, 40), (80, 24), (40, 12)], ids=str)
def test_what_changes_adds_up_to_the_whole_picture(store: Path, now: int, size: tuple[int, int]) -> None:
    """After a start, keys, a second and another's commit the screen is what a repaint of all of it makes."""
    with Pane(store, size=size) as pane, Neighbour(store) as neighbour:
        pane.until("1/5")
        pane.press("j.j")
        neighbour.claim("T-5")
        pane.rest(1.5)
        changed, whole = Screen(*size), Screen(*size)
        changed.feed(pane.output)
        since = pane.press("r")
        pane.until("SLA", since=since)
        pane.rest(0.2)
        whole.feed(pane.output[since:])
        pane.press("q")
        assert pane.leave() == 0
    assert re.sub(r"\d", "#", "\n".join(changed.lines)) == re.sub(r"\d", "#", "\n".join(whole.lines))


def test_an_id_is_copied_by_the_terminal(store: Path) -> None:
    """Nothing else of the ticket, and only when a key asks for it."""
    with Pane(store) as pane:
        pane.until("1/5")
        assert b"\x1b]52" not in pane.output
        pane.press("y")
        pane.until_written(b"\x1b]52;c;VC0x\x07")
        pane.shows("copied T-1 (OSC 52")
        pane.press("q")
        assert pane.leave() == 0
