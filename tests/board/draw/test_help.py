"""The help: effective keys, and what colours and signs mean."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.draw import help as draw_help
from slaboard.board.keys import ACTIONS
from slaboard.board.render import render, scroll_limit
from slaboard.board.state import Mode
from tests.board.drawn import texts
from tests.board.factory import busy

HELP = replace(busy(), mode=Mode.HELP)


@pytest.mark.parametrize("width", [200, 120, 80, 40])
def test_every_action_is_in_the_help(width: int) -> None:
    """With the keys as they are set."""
    drawn = " ".join(texts(draw_help.lines(HELP, width)).split())
    for action in ACTIONS:
        assert action.help.split()[0] in drawn
    remapped = texts(draw_help.lines(replace(HELP, keys={"claim": "x, space"}), width))
    assert "x, space" in remapped


@pytest.mark.parametrize("said", ["G green", "Y yellow", "O orange", "R red", "waiting", "closed", "later clock"])
def test_the_legend_says_what_is_told_by_colour(said: str) -> None:
    """Nothing is told by hue alone, and what is told is explained."""
    assert said in texts(draw_help.lines(HELP, 80))


@pytest.mark.parametrize(("width", "height"), [(120, 30), (40, 12), (30, 8), (29, 7)])
def test_all_of_it_can_be_reached(width: int, height: int) -> None:
    """Scrolled to its end, the last line is the legend's last."""
    last = scroll_limit(HELP, width, height)
    drawn = texts(render(replace(HELP, help_top=last), width, height))
    assert "claims are off" in " ".join(drawn.split())
    assert "more lines" not in drawn
    assert texts(render(replace(HELP, help_top=10**6), width, height)) == drawn
