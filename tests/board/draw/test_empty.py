"""Lists without tickets: each says why."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import empty
from slaboard.board.state import Board, Freshness, Page
from slaboard.board.views import Tab, View
from tests.board.drawn import texts
from tests.board.factory import GRID, NOW, busy
from tests.board.scenes import scenes

OLD = Freshness(as_of=NOW - 47, error="The store is gone.")
NONE = replace(busy(), page=Page(), cursor=None)


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (Board(now=NOW), ""),
        (Board(now=NOW, past_at=NOW), "Every ticket is being looked at as it was then"),
        (replace(scenes()["loading"], freshness=Freshness(error="There is no store.")), "There is no store."),
        (scenes()["empty"], "The store is open and healthy, and holds no open tickets."),
        (replace(scenes()["empty"], past_at=1_461_164_400), "No ticket was open at 2016-04-20 17:00+02:00."),
        (
            replace(scenes()["empty"], past_at=NOW + 60, is_ahead=True, timezone="UTC"),
            "No ticket that is known now will be open at 2025-11-21 14:42Z.",
        ),
        (replace(scenes()["empty"], freshness=OLD), "At 15:40:20 the store held no open tickets."),
        (replace(scenes()["saved"], freshness=OLD), "At 15:40:20 this list was empty."),
        (scenes()["saved"], "Nothing needs claiming."),
        (scenes()["saved"], "Next to breach: T-10315 in 00:00:15, owned by Ana."),
        (NONE, "Nothing is left to save: 6 unclaimed are breached already."),
        (scenes()["nomatch"], "No ticket here matches tansy."),
        (scenes()["nomatch"], "9 of all 370 open tickets do."),
        (replace(NONE, view=View(tab=Tab.MINE)), "Nobody acts here, so no ticket is mine."),
        (replace(NONE, view=View(tab=Tab.MINE), shared=False, person="Ben"), "No ticket is Ben's."),
        (replace(NONE, view=View(tab=Tab.BREACHED)), "Nothing is breached."),
        (replace(NONE, view=View(tab=Tab.ALL), grid=GRID), "The list is being read."),
    ],
)
def test_an_empty_list_says_why(board: Board, said: str) -> None:
    """Never only a blank screen, except before the first answer."""
    drawn = texts(empty.lines(board, 100, 12))
    assert said in drawn
    assert bool(drawn.strip()) == bool(said)


def test_only_commands_that_exist_are_offered() -> None:
    """At 40x12 all of them fit."""
    for width, height in ((80, 14), (40, 6)):
        drawn = texts(empty.lines(scenes()["empty"], width, height))
        assert all(f"slaboard {verb}" in drawn for verb in ("demo", "import FILE", "add"))
