"""What keys do: typed letters are letters, every action has a key that works, and leaving takes intent."""

from __future__ import annotations

import pytest

from slaboard.board.keys import ACTIONS
from slaboard.board.moves import press
from slaboard.board.moves.press import Effect
from slaboard.board.state import Focus, Mode
from tests.board.seat import KEYS, hit, hits, seated


def test_every_action_does_something() -> None:
    assert {action.id for action in ACTIONS} - {"quit"} == set(press._ACTIONS)


def test_while_a_filter_is_typed_every_letter_is_a_letter() -> None:
    session = hits(seated(), "slash", *"cq4?/ü")
    assert session.board.mode is Mode.FILTER
    assert session.board.filter_text == "cq4?/ü"
    assert session.board.view.filter.words == ("cq4?/ü",)


@pytest.mark.parametrize(
    ("keys", "text"),
    [
        (["backspace"], 'owner:ben "two word'),
        (["ctrl+w"], 'owner:ben "two '),
        (["ctrl+w", "ctrl+w"], "owner:ben "),
        (["ctrl+u"], ""),
        (["f5", "tab", "delete"], 'owner:ben "two words'),
        (["left", "left", "x", "end", "y"], 'owner:ben "two worxdsy'),
        (["home", "delete", "ctrl+right", "ctrl+k"], "wner:ben"),
        (["ctrl+left", "ctrl+u"], "words"),
        (["ctrl+left", "right", "backspace"], 'owner:ben "two ords'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_editing_a_filter(keys: list[str], text: str) -> None:
    session = press.paste(hits(seated(), "slash"), 'owner:ben "two words')
    assert hits(session, *keys).board.filter_text == text


def test_enter_keeps_a_filter_and_escape_clears_it() -> None:
    session = hits(seated(), "slash", *"vpn")
    kept = hits(session, "enter")
    assert (kept.board.mode, kept.board.filter_text) == (Mode.BOARD, "vpn")
    cleared = hits(session, "escape")
    assert (cleared.board.mode, cleared.board.filter_text) == (Mode.BOARD, "")
    assert cleared.board.view.filter.is_empty


def test_backspace_in_an_empty_filter_leaves_it() -> None:
    assert hits(seated(), "slash", "v", "backspace", "backspace").board.mode is Mode.BOARD


def test_the_list_moves_while_a_filter_is_typed() -> None:
    session = hits(seated(), "slash", "down", "down", "up")
    assert (session.board.mode, session.board.cursor_index) == (Mode.FILTER, 1)


def test_a_filter_is_typed_from_the_grid_too() -> None:
    session = hits(seated(), "tab", "slash")
    assert (session.board.focus, session.board.mode) == (Focus.LIST, Mode.FILTER)


def test_pasted_text_is_never_keys() -> None:
    session = seated()
    assert press.paste(session, "cccq") == session
    typed = press.paste(hits(session, "slash"), "two\nlines\x1b[2J\t" + "x" * 500)
    assert typed.board.filter_text.startswith("two lines")
    assert "\x1b" not in typed.board.filter_text
    assert len(typed.board.filter_text) <= press.MAX_FILTER


def test_q_goes_back_level_by_level_and_then_leaves() -> None:
    session = hits(seated(), "slash", *"vpn", "enter", "question_mark", "q")
    assert session.board.mode is Mode.BOARD
    session = hits(session, "q")
    assert session.board.filter_text == ""
    assert hit(session, "q")[1] is Effect.QUIT
    assert hit(hits(session, "tab", "q"), "escape")[1] is Effect.QUIT


def test_the_opened_detail_scrolls_and_closes() -> None:
    session = hits(seated(), "enter")
    assert (session.board.detail_open, session.board.focus) == (True, Focus.DETAIL)
    for key in ("q", "escape", "enter"):
        closed = hits(session, key)
        assert (closed.board.detail_open, closed.board.focus) == (False, Focus.LIST)
    assert hits(session, "j", "j", "j").board.cursor_index == 0


def test_ctrl_c_leaves_only_when_pressed_twice() -> None:
    session = hits(seated(), "ctrl+c", ms=1_000)
    assert session.board.outcome is not None
    assert session.board.outcome.text == "press ctrl+c again to quit"
    assert hit(session, "ctrl+c", ms=2_500)[1] is Effect.QUIT
    assert hit(session, "ctrl+c", ms=9_000)[1] is None


@pytest.mark.parametrize("keys", [["slash"], ["question_mark"], ["i"], []], ids=" ".join)
def test_ctrl_q_always_leaves(keys: list[str]) -> None:
    assert hit(hits(seated(), *keys), "ctrl+q")[1] is Effect.QUIT


def test_a_key_that_means_nothing_does_nothing() -> None:
    session = seated()
    assert hits(session, "f12", "Z", "h", "l") == session


def test_reload_is_the_screens_business() -> None:
    assert hit(seated(), "r")[1] is Effect.RELOAD


def test_every_default_key_is_bound() -> None:
    assert {key for action in ACTIONS for key in action.keys} == set(KEYS)
