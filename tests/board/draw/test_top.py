"""The top bar: age, time and who acts, at every width."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import top
from slaboard.board.state import Board, Freshness
from tests.board.drawn import style_of, text
from tests.board.factory import NOW, busy

MINE = replace(busy(), shared=False, person="Ben")


@pytest.mark.parametrize(
    ("board", "said", "style"),
    [
        (busy(), "LIVE 0s", "top.live"),
        (replace(busy(), freshness=Freshness(as_of=NOW - 14)), "LIVE 14s", "top.live"),
        (replace(busy(), freshness=Freshness(as_of=NOW - 15)), "STALE 15s", "top.stale"),
        (replace(busy(), freshness=Freshness(as_of=NOW - 1, error="locked")), "STALE 1s", "top.stale"),
        (replace(busy(), freshness=Freshness()), "reading", "top.live"),
        (replace(busy(), freshness=Freshness(error="no store")), "NO STORE", "top.stale"),
        (replace(busy(), past_at=1_461_164_400), "PAST 2016-04-20 17:00+02:00", "top.past"),
        (replace(busy(), past_at=1_461_164_400, timezone="UTC"), "PAST 2016-04-20 15:00Z", "top.past"),
        (replace(busy(), past_at=NOW + 60, is_ahead=True), "FUTURE 20", "top.past"),
        (replace(busy(), read_only=True), "READ-ONLY", "top.readonly"),
        (busy(), "nobody acting", "top.nobody"),
        (MINE, "as Ben", "top.who"),
        (replace(MINE, person=None), "no name yet", "top.nobody"),
    ],
)
@pytest.mark.parametrize("width", [120, 80, 40])
def test_the_state_is_said_at_every_width(board: Board, said: str, style: str, width: int) -> None:
    """How old the numbers are and who acts are never dropped."""
    line = top.line(board, width)
    assert style_of([line], said) == style


@pytest.mark.parametrize(
    ("width", "said"),
    [
        (120, "LIVE 0s  Fri 21 Nov 15:41:07  SHARED · nobody acting"),
        (80, "LIVE 0s  15:41:07  nobody acting"),
        (32, "LIVE 0s  15:41  nobody acting"),
        (26, "LIVE 0s  nobody acting"),
        (10, "LIVE 0s"),
    ],
)
def test_the_time_gives_way_by_steps(width: int, said: str) -> None:
    """The day first, then the seconds, then the time."""
    assert text(top.line(busy(), width)).rstrip().endswith(said)
