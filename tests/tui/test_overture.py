"""The pictures before Textual: on the screen at once, the same as its own, and the terminal whole whatever happens."""

from __future__ import annotations

import io
import signal
import termios
import time
from pathlib import Path

import pytest
from msgspec.structs import replace
from rich.console import Console

from slaboard import themefile
from slaboard.board.draw.line import Line
from slaboard.board.render import render, scroll_limit
from slaboard.board.state import Mode
from slaboard.board.theme import STYLES
from slaboard.commands.options import Common
from slaboard.resources import config_dir
from slaboard.tui import themes
from slaboard.tui.curtain import ENTER, LEAVE, colour_system, painted
from slaboard.tui.overture import Overture
from slaboard.tui.widgets.palette import Palette
from tests.stores import YELLOW, make
from tests.tui.pane import Pane

TEXTUAL = b"\x1b[?2004h"
"""What Textual alone asks of a terminal: to tell pasted text apart."""
_HELD = """
import time
def held(opened, go_on=app.run):
    while not Path(sys.argv[1] + ".go").exists():
        time.sleep(0.005)
    return go_on(opened)
app.run = held
"""
_BROKEN = """
def broken(opened):
    raise ImportError("no such library")
app.run = broken
"""


@pytest.fixture
def store(tmp_path: Path) -> Path:
    now = int(time.time())  # noqa: TID251 the program's own clock runs in these tests
    return make(tmp_path / "team.db", now, [YELLOW] * 5)


def _go(store: Path) -> None:
    store.with_name(store.name + ".go").touch()


def _echoes(pane: Pane) -> bool:
    """Whether the terminal shows what is typed and hands over whole lines, as for a shell."""
    both = termios.ECHO | termios.ICANON
    return bool(termios.tcgetattr(pane.terminal)[3] & both == both)


def test_the_store_s_figures_are_there_before_textual_is(store: Path) -> None:
    """The whole first picture; Textual goes on from it, on the same screen, and gives the terminal back."""
    with Pane(store, before=_HELD) as pane:
        pane.until("1/5")
        pane.until("T-5")
        assert TEXTUAL not in pane.output
        assert not _echoes(pane)
        _go(store)
        pane.until_written(TEXTUAL)
        pane.press("q")
        assert pane.leave() == 0
        assert _echoes(pane)
    assert pane.output.count(ENTER.encode()) == pane.output.count(LEAVE.encode()) == 1


def test_keys_pressed_meanwhile_are_kept(store: Path) -> None:
    """They are shown nowhere and answered as soon as somebody can, enter among them."""
    with Pane(store, before=_HELD, size=(80, 24)) as pane:
        pane.until("1/5")
        pane.press("jj\r")
        _go(store)
        pane.until("T-3")
        pane.until("close")
        pane.press("\x03\x03")
        assert pane.leave() == 0
    assert b"jj" not in pane.output


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda n: n.name)
def test_a_signal_before_textual_leaves_the_terminal_whole(store: Path, number: signal.Signals) -> None:
    with Pane(store, before=_HELD) as pane:
        pane.until("1/5")
        pane.process.send_signal(number)
        assert pane.leave() == 128 + number
        assert pane.output.endswith(LEAVE.encode())
        assert _echoes(pane)


def test_without_textual_the_terminal_is_whole_again(store: Path) -> None:
    """A broken installation ends in the sentences of the one door, on the screen that was there before."""
    with Pane(store, before=_BROKEN) as pane:
        assert pane.leave() == 1
        assert _echoes(pane)
    assert b"no such library" in pane.output[pane.output.rfind(LEAVE.encode()) :]


def test_a_store_that_is_not_there_is_told_by_the_start_screen(tmp_path: Path) -> None:
    """What the feed had to say before the app listened is not lost."""
    with Pane(tmp_path / "no.db", before=_HELD) as pane:
        pane.until("SLA by Status")
        _go(tmp_path / "no.db")
        pane.until("There is no store")
        pane.press("q")
        assert pane.leave() == 0


@pytest.mark.parametrize("theme", ["dark", "ansi", "cool"])
@pytest.mark.parametrize(
    "environment",
    [
        {"TERM": "xterm-256color"}, {"TERM": "xterm-256color", "COLORTERM": "truecolor"}, {"TERM": "xterm"},
        {"TERM": "screen-16color"}, {"TERM": "xterm-kitty"}, {"TERM": "linux", "COLORTERM": " 24bit "},
        {"TERM": "tmux-256color", "COLORTERM": "yes"},
    ],
    ids=lambda environment: " ".join(environment.values()),
)  # fmt: skip
def test_a_line_has_the_colours_that_textual_gives_it(theme: str, environment: dict[str, str]) -> None:
    """To the byte, on any terminal: nothing blinks when the one goes on from the other."""
    loaded, _ = themefile.load(theme)
    line: Line = tuple((f"{name} ", name) for name in STYLES)
    console = Console(force_terminal=True, legacy_windows=False, _environ=environment, file=io.StringIO())
    textual_s = Palette(loaded).strip(line, 2_000).render(console)
    assert painted(line, themes.styles(loaded), colour_system(environment)) == textual_s


CONFIG = 'theem = "dusk"\ntheme = "dusk"\nmouse = "no"\n\n[keys]\nclame = "x"\nundo = "c"\n'
THEME = 'like = "dark"\n[styles.ink]\ngreen = "no colour"\n[styles.zone]\nblue = "red"\n'


@pytest.mark.parametrize("size", [(120, 30), (80, 24), (40, 12)], ids=str)
def test_all_that_is_wrong_is_in_one_message_with_file_and_line_and_the_board_opens(
    store: Path, size: tuple[int, int]
) -> None:
    """Of the config file, the keys in it and the theme; every sentence can be read at every size."""
    folder = config_dir()
    (folder / "themes").mkdir(parents=True)
    (folder / "config.toml").write_text(CONFIG)
    (folder / "themes" / "dusk.toml").write_text(THEME)
    common = Common()
    common.take({"store": str(store)})
    overture = Overture(common.settings(), clock=lambda: 1_763_736_067.0)
    notes = overture.session.board.notes
    for place in ("config.toml: line 1: theem", "config.toml: line 3: mouse", "config.toml: line 6: [keys] clame",
                  "config.toml: line 7: [keys] undo", "dusk.toml: line 3: ", "dusk.toml: line 5: "):  # fmt: skip
        assert [place in note for note in notes].count(True) == 1, (place, notes)
    board, seen = overture.session.board, ""
    assert board.mode is Mode.NOTES
    for top in range(scroll_limit(board, *size) + 1):
        lines = ["".join(text for text, _ in line) for line in render(replace(board, help_top=top), *size)]
        assert any("SLA" in line or " now " in line for line in lines), "the grid stays"
        seen += "".join("".join(lines).split())
    for note in notes:
        assert "".join(note.split())[-12:] in seen


def test_a_theme_that_is_not_there_is_told_with_the_line_that_names_it(store: Path) -> None:
    config_dir().mkdir(parents=True)
    (config_dir() / "config.toml").write_text('\ntheme = "neon"\n')
    common = Common()
    common.take({"store": str(store)})
    [note] = Overture(common.settings()).session.board.notes
    assert "config.toml: line 2: There is no theme neon" in note
    common.take({"theme": "neon"})
    [note] = Overture(common.settings()).session.board.notes
    assert note.startswith("There is no theme neon"), "the command line has no line"
