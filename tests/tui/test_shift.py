"""A whole shift, typed into two real boards at once: both end as the store says, and as a new board would begin."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slaboard.ticket import Stage
from tests.stores import ORANGE, YELLOW, make
from tests.tui.pane import DEADLINE_S, Pane

TITLES = ("VPN drops", "Printer jams", "Mail is late", "Disk is full", "Mail bounces", "Screen is dark")
_COUNTDOWN = re.compile(r"-?\d\d:\d\d:\d\d|\d+[hm] \d\d[ms]")


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """T-1 to T-3 orange, T-4 to T-6 yellow; none comes into another zone within ten minutes."""
    now = int(time.time())  # noqa: TID251 the programs' own clock runs in this test
    return make(
        tmp_path / "team.db", now, [ORANGE, ORANGE - 9, ORANGE - 19, YELLOW, YELLOW - 9, YELLOW - 19], titles=TITLES
    )


def slaboard(store: Path, *arguments: str) -> str:
    """What a command of its own process prints."""
    command = [sys.executable, "-m", "slaboard", arguments[0], "--store", os.fspath(store), *arguments[1:]]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def told(lines: list[str]) -> list[str]:
    """What a picture says of the store: the grid, the counts, the tickets; neither countdowns nor the cursor."""
    said = [_COUNTDOWN.sub("#", line) for line in lines]
    kept = re.compile(r" ?(SLA by|Response|Resplan|Resolution|\d+ open|\[)|[> ][ !]?T-")
    return [re.sub(r"\s+", " ", line.replace(">", " ", 1)).strip() for line in said if kept.match(line)]


def work(ana: Pane, ben: Pane) -> None:
    """Ana's shift from the filter to the undo; meanwhile Ben does his, and comes second to one of her tickets."""
    ana.press("/mail\r")
    ana.shows("[Needs claim 2 of 6]")
    ana.press("q\tll\r")
    ana.shows("filter: in:response o:")
    ana.shows("1/3")
    ana.press("c")
    ana.shows("OK T-1 is Ana's")
    ben.press("c")
    ben.shows("LOST T-1 was taken by Ana")
    ana.press("xe")
    ana.shows("Ana works on T-1 with the customer")
    ben.press("/bounces\r")
    ben.shows("1/1")
    ben.press("c")
    ben.shows("OK T-5 is Ben's")
    ana.press("xron the phone\r")
    ana.shows("T-1 is answered by Ana")
    ana.press("xw\t\t\r")
    ana.shows("T-1 waits for vendor")
    ben.shows("1 waiting")
    ana.press("xm")
    ana.shows("T-1 is no longer waiting")
    ben.press("xnasks again\r")
    ben.shows("noted on T-5")
    ana.press("xvnew router\r")
    ana.shows("T-1 is resolved")
    ben.shows("5 open:")
    ana.press("u")
    ana.shows("undone on T-1")
    ben.shows("6 open:")


def test_a_whole_shift_on_two_boards_at_once(store: Path) -> None:
    quick = "app.asking.SWAP_MS = 0"
    with (
        Pane(store, person="Ana", size=(110, 30), before=quick) as ana,
        Pane(store, person="Ben", size=(80, 24), before=quick) as ben,
    ):
        ana.shows("[Needs claim 6]")
        ben.shows("[Needs claim 6]")
        ben.press("..")
        ben.shows("[All 6]")
        ben.shows("> T-1")
        work(ana, ben)
        tickets = [json.loads(line) for line in slaboard(store, "tickets", "--json").splitlines()]
        stands = {ticket["id"]: (ticket["owner"], ticket["stage"]) for ticket in tickets}
        assert stands == {
            **{f"T-{number}": (None, Stage.RESPOND) for number in (2, 3, 4, 6)},
            "T-1": ("Ana", Stage.RESOLVE),
            "T-5": ("Ben", Stage.RESPOND),
        }
        ana.press("q,,")  # no filter any more, and the list with which a board begins
        ben.press("q,,")
        for pane, person, size in ((ana, "Ana", "110x30"), (ben, "Ben", "80x24")):
            ends_as(pane, slaboard(store, "board", "--as", person, "--size", size).splitlines())


def ends_as(pane: Pane, lines: list[str]) -> None:
    """Read until the board says of the store what `lines` say; fails after the deadline."""
    wanted, end = told(lines), time.monotonic() + DEADLINE_S
    while told(pane.screen()) != wanted and time.monotonic() < end:
        pane.rest(0.05)
    assert told(pane.screen()) == wanted, "\n".join(pane.screen())
