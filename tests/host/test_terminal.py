"""What is found out about a terminal and tmux, and what people are told to do about it."""

from __future__ import annotations

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.host.terminal import Terminal, findings, understood
from tests.sla.story import situation

KEYS = {"c": "claim", "ctrl+b": "move.page_up"}
TMUX = {
    "version": "3.3a", "escape-time": "20", "set-clipboard": "external", "focus-events": "0", "allow-passthrough": "0",
    "mouse": "0", "bell-action": "any", "monitor-bell": "1", "prefix": "C-a",
}  # fmt: skip
XTERM = Terminal(term="xterm-256color", colorterm="truecolor")
INSIDE = Terminal(term="tmux-256color", colorterm="truecolor", tmux=TMUX)


def told(terminal: Terminal, mark: str) -> list[str]:
    return [str(finding) for finding in findings(terminal, KEYS) if finding.mark == mark]


# --- what it says of itself -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "terminal"),
    [
        situation(
            "one that has everything",
            b"\x1bP>|kitty(0.32.1)\x1b\\\x1b[?2026;2$y\x1b[?1004;2$y\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\\x1b[?62;52;c",
            Terminal(name="kitty(0.32.1)", has_sync=True, has_focus=True, has_clipboard=True, ground="#1e1e2e"),
        ),
        situation(
            "tmux 3.3a", b"\x1bP>|tmux 3.3a\x1b\\\x1b[?1;2c",
            Terminal(name="tmux 3.3a", has_sync=False, has_focus=False, has_clipboard=False),
        ),
        situation(
            "one that knows the questions and not the modes", b"\x1b[?2026;0$y\x1b[?1004;0$y\x1b[?64;1;2c",
            Terminal(has_sync=False, has_focus=False, has_clipboard=False),
        ),
        situation(
            "eight bits a colour", b"\x1b]11;rgb:fd/f6/e3\x07\x1b[?6c",
            Terminal(has_sync=False, has_focus=False, has_clipboard=False, ground="#fdf6e3"),
        ),
        situation("one that says nothing", b"", Terminal()),
        situation("keys that were pressed meanwhile", b"jjq\x1b[A", Terminal()),
    ],
)  # fmt: skip
def test_its_answers(said: bytes, terminal: Terminal) -> None:
    assert understood(Terminal(), said) == terminal


# --- what people are told ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("terminal", [XTERM, replace(XTERM, has_sync=True, has_clipboard=True), INSIDE], ids=repr)
def test_a_good_terminal_has_nothing_to_warn_of(terminal: Terminal) -> None:
    assert told(terminal, "warn") == []
    assert told(terminal, "ok")


@pytest.mark.parametrize(
    ("terminal", "sentence"),
    [
        situation("none", replace(XTERM, is_one=False), "no terminal here: `slaboard` prints one board"),
        situation("dumb", Terminal(term="dumb"), "TERM is dumb, so the board prints itself once instead of opening."),
        situation("no TERM", Terminal(), "TERM is not set, so the board prints itself once instead of opening."),
        situation("sixteen colours", Terminal(term="xterm"), "16 colours only: orange and yellow"),
        situation("latin 1", replace(XTERM, encoding="latin-1"), "the terminal's encoding is latin-1, not UTF-8"),
        situation(
            "no tmux behind TMUX",
            replace(INSIDE, tmux={}),
            "TMUX is set, but tmux does not answer. Is the server of",
        ),
        situation(
            "another TERM in tmux",
            replace(INSIDE, term="xterm-256color"),
            "TERM is xterm-256color, but tmux is no such terminal",
        ),
        situation(
            "tmux's own escape-time",
            replace(INSIDE, tmux={**TMUX, "escape-time": "500"}),
            "escape-time is 500: tmux waits so many milliseconds behind each esc. In ~/.tmux.conf: set -sg",
        ),
        situation(
            "a key that is the prefix",
            replace(INSIDE, tmux={**TMUX, "prefix": "C-b"}),
            "ctrl+b is tmux's prefix, so `move.page_up` hears it only when it is pressed twice. Give",
        ),
        situation(
            "a key that is the other prefix",
            replace(INSIDE, tmux={**TMUX, "prefix2": "C-b"}),
            "ctrl+b is tmux's prefix2",
        ),
        situation(
            "no clipboard",
            replace(INSIDE, tmux={**TMUX, "set-clipboard": "off"}),
            "set-clipboard is off: what is copied on the board stays in tmux (prefix ] pastes it). For",
        ),
        situation("no bell", replace(INSIDE, tmux={**TMUX, "bell-action": "none"}), "tmux hides the bell"),
        situation(
            "a bell nobody watches for", replace(INSIDE, tmux={**TMUX, "monitor-bell": "0"}), "tmux hides the bell"
        ),
    ],
)
def test_what_is_warned_of(terminal: Terminal, sentence: str) -> None:
    """One sentence, and what to do about it."""
    [warning] = told(terminal, "warn")
    assert warning.startswith(sentence)


@pytest.mark.parametrize(
    ("terminal", "sentence"),
    [
        situation("its colours", XTERM, "terminal xterm-256color, 80x24, colours: 24 bit"),
        situation("its name", replace(XTERM, name="foot(1.16)"), "terminal xterm-256color (foot(1.16)), 80x24"),
        situation("no colours wanted", replace(XTERM, no_color=True), "NO_COLOR is heeded: zones are letters"),
        situation("a light ground", replace(XTERM, ground="#fdf6e3"), "its background is #fdf6e3, a light one"),
        situation("a dark ground", replace(XTERM, ground="#1e1e2e"), "its background is #1e1e2e, a dark one"),
        situation("whole pictures", replace(XTERM, has_sync=True), "synchronized output is offered: pictures"),
        situation("no whole pictures", replace(XTERM, has_sync=False), "synchronized output is not offered: only"),
        situation("a clipboard", replace(XTERM, has_sync=False, has_clipboard=True), "the clipboard takes"),
        situation("screen", replace(XTERM, is_screen=True), "screen keeps ctrl+a for itself"),
        situation(
            "256 colours in tmux",
            replace(INSIDE, colorterm=""),
            "tmux shows 256 colours. For all, where the terminal has them, in ~/.tmux.conf: set -as",
        ),
        situation(
            "all colours in tmux, unused",
            replace(INSIDE, colorterm="", tmux={**TMUX, "client_termfeatures": "bpaste,RGB,title"}),
            "tmux passes 24-bit colours on, but 256 are used. For all: export COLORTERM=truecolor",
        ),
        situation("tmux's pictures", INSIDE, "synchronized output is not offered by this tmux"),
        situation("notifications", INSIDE, "allow-passthrough is off: desktop notifications (OSC 9) stay in tmux"),
        situation(
            "notifications that pass",
            replace(INSIDE, tmux={**TMUX, "allow-passthrough": "all"}),
            "allow-passthrough is on: desktop",
        ),
        situation("the mouse", INSIDE, "the mouse stays with tmux; for clicks: set -g mouse on"),
        situation("the bell", INSIDE, "bell-action is any: the bell is heard"),
    ],
)
def test_what_is_explained(terminal: Terminal, sentence: str) -> None:
    assert any(line.startswith(sentence) for line in told(terminal, "ok")), told(terminal, "ok")


# --- real ones --------------------------------------------------------------------------------------------------

LOOK = (
    "from slaboard.host.terminal import look, findings; "
    "print('|'.join(map(str, findings(look(), {'ctrl+b': 'claim'}))))"
)


def _env(tmp_path: Path, **more: str) -> Mapping[str, str]:
    return {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", **more}


@pytest.mark.parametrize(
    ("answer", "sentence"),
    [
        (b"\x1bP>|xterm(379)\x1b\\\x1b[?2026;2$y\x1b[?64;52c", "synchronized output is offered"),
        (b"", "the bell is the terminal's own"),
    ],
    ids=["it answers", "it is silent"],
)
def test_a_terminal_is_asked_and_left_as_it_was(tmp_path: Path, answer: bytes, sentence: str) -> None:
    """Nothing of its answers is left for the shell to read, and the echo is on again."""
    script = f"{LOOK}; import sys, termios; print('ECHO', bool(termios.tcgetattr(0)[3] & termios.ECHO)); input()"
    pid, file = pty.fork()
    if not pid:
        os.execve(sys.executable, [sys.executable, "-c", script], dict(_env(tmp_path)))
    seen, answered = b"", False
    end = time.monotonic() + 60
    while b"ECHO" not in seen:
        assert select.select([file], [], [], max(0.0, end - time.monotonic()))[0], seen
        seen += os.read(file, 4096)
        if not answered and b"\x1b[c" in seen:
            answered = True
            os.write(file, answer)
    os.write(file, b"\n")
    assert os.waitpid(pid, 0)[1] == 0
    os.close(file)
    assert sentence in seen.decode()
    assert b"ECHO True" in seen


@pytest.mark.skipif(shutil.which("tmux") is None, reason="no tmux here")
def test_a_real_tmux(tmp_path: Path) -> None:
    """Its options are read by their names, its prefix is known as a key, and it is the terminal that it says."""
    socket = tmp_path / "socket"
    (tmp_path / "conf").write_text("set -sg escape-time 321\nset -g default-terminal tmux-256color\n")
    command = f'{sys.executable} -c "{LOOK}"'
    tmux = ["tmux", "-S", str(socket), "-f", str(tmp_path / "conf")]
    env = _env(tmp_path)
    (tmp_path / "run.sh").write_text(f"{command}\necho done\nexec sleep 1000\n")
    subprocess.run([*tmux, "new-session", "-d", "-x", "2000", "-y", "20", f"sh {tmp_path}/run.sh"], env=env, check=True)
    try:
        end = time.monotonic() + 60
        while "done" not in (seen := subprocess.run(
            [*tmux, "capture-pane", "-p"], env=env, capture_output=True, text=True, check=True).stdout
        ):  # fmt: skip
            assert time.monotonic() < end, seen
            time.sleep(0.05)
    finally:
        subprocess.run([*tmux, "kill-server"], env=env, check=False)
    for sentence in (
        "|tmux ", "escape-time is 321", "ctrl+b is tmux's prefix", "set-clipboard is ", "allow-passthrough is off",
    ):  # fmt: skip
        assert sentence in seen
    assert "does not answer" not in seen
