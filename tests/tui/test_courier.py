"""What leaves the board: into tmux, by OSC 52 or into a browser, and the words for it are true."""

from __future__ import annotations

import os
import sys
from base64 import b64decode
from pathlib import Path

import pytest

from slaboard.board.moves.effect import Browse, Copy
from slaboard.tui import courier
from slaboard.tui.courier import Courier, Delivery

LINK = Browse("https://desk.example.com/t/1?a=b&c=$(id)", "T-1")
COPY = Copy("T-1", "T-1")


def carried(wish: Copy | Browse, *browser: str, **environment: str) -> Delivery:
    """What becomes of it where the environment is this."""
    return Courier(browser, lambda delivery: None, environment).carried(wish)


def text_in(delivery: Delivery) -> str:
    """What the terminal is given for its clipboard."""
    assert delivery.sequence.startswith("\x1b]52;c;")
    assert delivery.sequence.endswith("\x07")
    return b64decode(delivery.sequence[7:-1]).decode()


@pytest.fixture
def bin_(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of programs that comes first."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")
    return folder


def program(folder: Path, name: str, code: str) -> Path:
    """A program of a few lines of sh; what it is given it writes down beside itself."""
    path = folder / name
    path.write_text(f'#!/bin/sh\nfor part in "$@"; do printf "%s\\n" "$part"; done > {folder}/{name}.said\n{code}\n')
    path.chmod(0o755)
    return path


def said(folder: Path, name: str) -> list[str]:
    """What the program was given."""
    return (folder / f"{name}.said").read_text().splitlines()


pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="programs of sh")

# --- the clipboard ----------------------------------------------------------------------------------------------


def test_in_tmux_it_goes_into_its_buffer(bin_: Path) -> None:
    program(bin_, "tmux", f"cat > {bin_}/buffer")
    assert carried(COPY, TMUX="/tmp/t,1,0", TERM="tmux-256color") == Delivery("OK", "copied T-1 (tmux buffer)")
    assert (bin_ / "buffer").read_text() == "T-1"
    assert said(bin_, "tmux") == ["load-buffer", "-w", "-"]


def test_an_old_tmux_knows_no_clipboard_and_has_its_buffer(bin_: Path) -> None:
    program(bin_, "tmux", f'[ "$2" = -w ] && exit 1; cat > {bin_}/buffer')
    assert carried(COPY, TMUX="/tmp/t,1,0").text == "copied T-1 (tmux buffer)"
    assert (bin_ / "buffer").read_text() == "T-1"


def test_a_tmux_that_does_not_take_it_is_told(bin_: Path) -> None:
    program(bin_, "tmux", "exit 1")
    assert carried(COPY, TMUX="/tmp/t,1,0") == Delivery("NO", "T-1 was not copied: tmux did not take it.")


def test_elsewhere_the_terminal_is_asked_to_and_nothing_is_promised() -> None:
    delivery = carried(COPY, TERM="xterm-256color")
    assert text_in(delivery) == "T-1"
    assert delivery.text == "copied T-1 (OSC 52; a terminal does not say whether it took it)"


@pytest.mark.parametrize(
    ("environment", "why"), [({"STY": "1.pts-0"}, "screen passes"), ({"TERM": "linux"}, "this console has")]
)
def test_where_there_is_no_clipboard_it_says_so(environment: dict[str, str], why: str) -> None:
    delivery = carried(COPY, **environment)
    assert (delivery.word, delivery.sequence) == ("NO", "")
    assert f"T-1 was not copied: {why}" in delivery.text


# --- the browser ------------------------------------------------------------------------------------------------


def test_the_desktops_own_gets_the_link_and_no_shell_reads_it(bin_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(courier.shutil, "which", lambda name: name if name == "xdg-open" else None)  # type: ignore[attr-defined]
    program(bin_, "xdg-open", "exit 0")
    assert carried(LINK, DISPLAY=":0") == Delivery("OK", "gave the link of T-1 to xdg-open")
    assert said(bin_, "xdg-open") == [LINK.url]


def test_a_program_of_ones_own_wins_and_gets_the_link_where_it_wants_it(bin_: Path) -> None:
    mine = program(bin_, "mine", "exit 0")
    assert carried(LINK, str(mine), "--tab", BROWSER="other", SSH_TTY="/dev/pts/1").text.endswith("to mine")
    assert said(bin_, "mine") == ["--tab", LINK.url]
    carried(LINK, str(mine), "--url=%s", "--end")
    assert said(bin_, "mine") == [f"--url={LINK.url}", "--end"]


def test_browser_is_heeded_also_over_ssh(bin_: Path) -> None:
    """Editors that show a remote terminal set it to a program that opens links where the person is."""
    program(bin_, "helper", "exit 0")
    assert carried(LINK, BROWSER="helper --remote:w3m", SSH_CONNECTION="1").text.endswith("to helper")
    assert said(bin_, "helper") == ["--remote", LINK.url]


def test_a_browser_that_goes_on_running_has_the_link(bin_: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(courier, "BROWSER_S", 0.1)
    mine = program(bin_, "mine", "exec sleep 0.4")
    assert carried(LINK, str(mine)).word == "OK"


@pytest.mark.parametrize(
    ("environment", "why"),
    [
        ({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22", "DISPLAY": "localhost:10"}, "no browser over SSH"),
        ({"PATH": ""}, "no browser here"),
        ({"BROWSER": "no-such-program-as-this"}, "no-such-program-as-this cannot be run"),
        ({"BROWSER": "false"}, "false ended with 1"),
        ({"BROWSER": "a 'b"}, "BROWSER cannot be read"),
        ({"BROWSER": "  "}, "no browser here"),
    ],
    ids=["ssh", "none", "missing", "refuses", "quotes", "blanks"],
)
def test_where_no_browser_takes_it_the_link_is_copied_and_that_is_said(
    environment: dict[str, str], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    delivery = carried(LINK, **environment)
    assert delivery.text.startswith(f"{why}: copied the link of T-1 (OSC 52")
    assert text_in(delivery) == LINK.url
