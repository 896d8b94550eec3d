"""Lines of commands on a terminal: broken at words, and for programs as they are."""

from __future__ import annotations

import sys

import pytest

from slaboard.board.keys import ACTIONS
from slaboard.commands.prose import columns, folded
from tests.commands.shell import Run

LINE = "a     says something in quite a few words, and names /a/very-long/path/that-stays-whole"


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """Standard output is one, while a test has it."""
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    return monkeypatch


def test_for_programs_a_line_is_a_line() -> None:
    assert columns() is None
    assert folded(LINE, 6) == LINE


@pytest.mark.parametrize(
    ("wide", "lines"),
    [
        (100, [LINE]),
        (60, ["a     says something in quite a few words, and names",
              "      /a/very-long/path/that-stays-whole"]),
        (40, ["a     says something in quite a few", "    words, and names", "    /a/very-long/path/that-stays-whole"]),
    ],
    ids=str,
)  # fmt: skip
def test_on_a_terminal_what_goes_on_stands_further_in(
    terminal: pytest.MonkeyPatch, wide: int, lines: list[str]
) -> None:
    terminal.setenv("COLUMNS", str(wide))
    assert columns() == wide
    assert folded(LINE, 6).splitlines() == lines


@pytest.mark.parametrize("wide", [80, 40])
def test_the_keys_fit_a_terminal(run: Run, monkeypatch: pytest.MonkeyPatch, wide: int) -> None:
    """No word of them is broken."""
    plain = run("keys").out
    monkeypatch.setenv("COLUMNS", str(wide))
    with monkeypatch.context() as here:
        here.setattr(sys.stdout, "isatty", lambda: True)
        shown = run("keys").out
    assert shown.split() == plain.split()
    lines = [line for line in shown.splitlines() if "/" not in line]
    assert max(map(len, lines)) <= wide
    assert len(lines) > len(ACTIONS)
