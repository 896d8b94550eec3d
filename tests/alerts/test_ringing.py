"""What is written and run to notify somebody: never more than text, whatever a ticket says."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from slaboard.alerts.alert import Rules
from slaboard.alerts.ringing import LONGEST, desktop_arguments, notification, problems, tmux_arguments
from slaboard.ticket import Zone
from tests.hostile.words import NASTY

R = frozenset({Zone.RED})


def test_a_notification_is_one_sequence() -> None:
    """Nothing in it ends it, in tmux or outside; and it is short."""
    for text in NASTY:
        plain = notification(text, {"TERM": "xterm-256color"})
        assert re.fullmatch(r"\x1b\]9;SLA: [^\x00-\x1f\x7f-\x9f]*\x07", plain)
        assert len(plain) <= LONGEST + 20
        wrapped = notification(text, {"TERM": "tmux-256color", "TMUX": "/tmp/x,1,0"})
        assert re.fullmatch(r"\x1bPtmux;\x1b\x1b\]9;SLA: [^\x00-\x1f\x7f-\x9f]*\x07\x1b\\", wrapped)


@pytest.mark.parametrize("environment", [{"TERM": "foot"}, {"TERM": "rxvt-unicode"}, {"VTE_VERSION": "7006"}], ids=str)
def test_terminals_that_know_only_777_get_that(environment: dict[str, str]) -> None:
    """A semicolon would end its text."""
    assert notification("T-1; red", environment) == "\x1b]777;notify;SLA;T-1, red\x07"


def test_a_desktop_s_body_is_no_markup_and_no_option() -> None:
    for text in NASTY:
        arguments = desktop_arguments(text, text, is_urgent=True)
        assert arguments[:4] == ["notify-send", "--urgency=critical", "--app-name=slaboard", "--"]
        assert len(arguments) == 6
        assert not set("<>") & set(arguments[5])
        assert not any("\0" in argument for argument in arguments)


@pytest.fixture
def tmux(tmp_path: Path) -> Iterator[list[str]]:
    """A tmux server of the test's own, with a client that shows its status line."""
    if shutil.which("tmux") is None:
        pytest.skip("no tmux here")
    server = ["tmux", "-f", "/dev/null", "-S", str(tmp_path / "tmux")]
    subprocess.run([*server, "new-session", "-d", "-s", "s", "-x", "80", "-y", "10", "sh"], check=True)
    yield server
    subprocess.run([*server, "kill-server"], check=False)


def test_in_tmux_it_is_neither_a_format_nor_a_time_nor_a_command(tmux: list[str], tmp_path: Path) -> None:
    """Expanded by a real tmux, which prints it with -p instead of showing it."""
    for text in ("#(touch pwned) #[fg=red] #{pane_pid} ##", "%H:%M 100% %n", "a; kill-server", "-p"):
        arguments = [*tmux, *tmux_arguments(text)[1:]]
        where = arguments.index("display-message") + 1
        told = subprocess.run(
            [*arguments[:where], "-p", *arguments[where:]], capture_output=True, text=True, check=True, cwd=tmp_path
        ).stdout
        assert told == f"SLA: {text.replace('#', '')}\n"
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(
    ("way", "environment", "said"),
    [
        ("tmux", {}, "alerts.tmux is on, but this is not in tmux"),
        ("osc9", {"STY": "1.x"}, "alerts.osc9 is on, but GNU screen"),
        ("desktop", {"PATH": ""}, "alerts.desktop is on, but notify-send is not installed here"),
        ("tmux", {"TMUX": "x"}, None),
        ("osc9", {}, None),
        ("bell", {"PATH": ""}, None),
    ],
)
def test_ways_that_do_not_work_here_are_told(way: str, environment: dict[str, str], said: str | None) -> None:
    told = list(problems(Rules(ways={way: R}), environment))
    assert len(told) == (said is not None)
    assert said is None or told[0].startswith(said)
