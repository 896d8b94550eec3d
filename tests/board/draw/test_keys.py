"""The key bar: what means something now, and nothing that would be refused."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.alerts.alert import Vigil
from slaboard.board.draw import keys as draw_keys
from slaboard.board.render import render
from slaboard.board.state import Board, Focus, Freshness, Mode
from tests.board.drawn import text, texts
from tests.board.factory import NOW, busy
from tests.board.scenes import ALERT, scenes


def bar(board: Board, width: int = 200) -> str:
    """The key bar as text."""
    return text(draw_keys.line(board, width))


@pytest.mark.parametrize("width", [200, 80, 40, 30, 20])
def test_help_and_position_are_always_there(width: int) -> None:
    """Nobody has to know that `?` exists."""
    assert "? help" in bar(busy(), width)
    assert bar(busy(), width).endswith("5/46 ")


@pytest.mark.parametrize(("width", "height"), [(200, 50), (80, 24), (40, 12), (30, 8), (29, 7), (40, 5)])
def test_a_held_order_is_said_at_every_size(width: int, height: int) -> None:
    """Beside an outcome and beside a question too."""
    for name in ("held", "claim"):
        board = replace(scenes()[name], held_new=3)
        assert "+3 new" in texts(render(board, width, height))


@pytest.mark.parametrize(
    "board",
    [
        replace(busy(), read_only=True),
        replace(busy(), past_at=NOW),
        replace(busy(), freshness=Freshness(as_of=NOW - 47)),
    ],
    ids=["read-only", "past", "stale"],
)
def test_an_act_that_would_be_refused_is_hidden(board: Board) -> None:
    """Hidden, not dim: in the bar and in the help."""
    for hidden in ("claim", "release", "take over"):
        assert hidden in bar(busy())
        assert hidden not in bar(board)
    assert "Claim it" not in texts(render(replace(board, mode=Mode.HELP), 200, 50))


@pytest.mark.parametrize(
    ("scene", "way"),
    [
        ("typing", "esc clear"),
        ("claim", "q cancel"),
        ("pin", "q cancel"),
        ("name", "esc cancel"),
        ("takeover", "n leave it"),
        ("menu", "q cancel"),
        ("wait", "esc cancel"),
        ("commands", "esc close"),
        ("views", "q close"),
        ("no_views", "q close"),
        ("save_view", "esc cancel"),
        ("export", "esc cancel"),
        ("detail", "q close"),
        ("help", "q close"),
        ("reason", "q close"),
        ("report", "q close"),
        ("notes", "other keys close"),
        ("grid", "tab back"),
        ("wall_zones", "q leaves"),
        ("trends_kept", "q back"),
    ],
)
@pytest.mark.parametrize("size", [(40, 12), (30, 8)])
def test_the_way_out_is_named_in_a_side_pane(scene: str, way: str, size: tuple[int, int]) -> None:
    """Neither a held order nor an alert that nobody has seen takes its place."""
    board = replace(scenes()[scene], held_new=0)
    if scene not in ("detail", "grid"):  # there an alert is news, and `a` is beside it
        board = replace(board, vigil=Vigil(ALERT))
    assert way in texts(render(board, *size))


@pytest.mark.parametrize(
    ("scene", "said"),
    [("busy", "q quit"), ("filtered", "q clear filter"), ("nomatch", "q clear filter"), ("marked", "q unmark"),
     ("followed", "q unfollow"), ("paused", "q go on")],
)  # fmt: skip
def test_the_hint_says_what_going_back_does_here(scene: str, said: str) -> None:
    """It quits only where nothing is left to end."""
    assert said in bar(scenes()[scene], 240)


def test_a_detail_that_is_longer_than_a_side_pane_says_how_to_scroll() -> None:
    """That is worth more there than its place in the list."""
    assert "q close c claim j k scroll ? help" in texts(render(scenes()["detail"], 40, 12))


def test_without_a_hit_the_way_back_comes_first() -> None:
    """In the smallest pane, where the sentence has no room for it."""
    assert bar(scenes()["nomatch"], 30).startswith(" q clear filter")


def test_nothing_to_pick_offers_only_to_save() -> None:
    """Keys that would do nothing are in no hint."""
    said = bar(scenes()["no_views"])
    assert "s save mine" in said
    assert "rename" not in said
    assert "enter" not in said


def test_effective_keys_are_printed() -> None:
    """A remapped key shows, an action without a key does not."""
    remapped = bar(replace(busy(), keys={"claim": "x, space", "filter": ""}))
    assert " x claim " in remapped
    assert "filter" not in remapped


@pytest.mark.parametrize(
    ("board", "said"),
    [
        (replace(busy(), focus=Focus.GRID), "enter list it  tab back to list  h j k l move"),
        (replace(busy(), focus=Focus.DETAIL), "q close  c claim  j k scroll  x more"),
        (replace(busy(), mode=Mode.HELP), "q close  j k scroll"),
        (scenes()["typing"], "enter keep  esc clear"),
        (scenes()["claim"], "q cancel  enter Ben, 14s ago  / type a name"),
        (scenes()["name"], "enter take this name  esc cancel"),
        (scenes()["takeover"], "y take over  n leave it"),
        (scenes()["menu"], "q cancel"),
        (scenes()["wait"], "enter done  esc cancel  tab next"),
        (scenes()["report"], "q close  j k scroll"),
        (scenes()["empty"], "/ filter  ? help"),
    ],
    ids=["grid", "detail", "help", "filter", "who", "name", "confirm", "menu", "text", "report", "empty"],
)
def test_each_place_has_its_keys(board: Board, said: str) -> None:
    """No key has two meanings in one place."""
    assert said in bar(board)


def test_a_question_names_its_ticket() -> None:
    """It is bound to the id, not to the row."""
    assert "locked to T-10376" in bar(scenes()["claim"])
