"""Saved views at a board: picked, saved, renamed, deleted."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.moves import viewing
from slaboard.board.moves.effect import Effect, Keep
from slaboard.board.moves.press import paste
from slaboard.board.moves.session import Session
from slaboard.board.pivot import Pivot
from slaboard.board.saved import SavedView
from slaboard.board.state import Mode
from slaboard.board.views import Sort, SortBy, Tab, parse_filter
from tests.board.seat import hit, hits, seated

DAWN = SavedView("Dawn", "p1 o:", Tab.NEEDS, Sort(SortBy.DUE, True), Pivot.OWNER)
DESK = SavedView("Desk", "board:=Desk", is_team=True)


def offered(session: Session | None = None, *own: SavedView) -> Session:
    """`v` was pressed, and the app has read what there is."""
    session, effect = hit(session or seated(), "v")
    assert effect is Effect.VIEWS
    session = replace(session, board=replace(session.board, team_views=(DESK,)))
    return viewing.opened(session, own, ())


def kept(session: Session, *keys: str) -> Keep:
    """What the last of the keys asks to be written."""
    *first, last = keys
    session, effect = hit(hits(session, *first), last)
    assert isinstance(effect, Keep)
    assert session.board.mode is Mode.BOARD
    return effect


def test_a_digit_shows_a_view() -> None:
    session = hits(offered(None, DAWN), "1")
    board = session.board
    assert (board.mode, board.filter_text, board.pivot) == (Mode.BOARD, "p1 o:", Pivot.OWNER)
    assert board.view.filter == parse_filter("p1 o:")
    assert board.view.sort == Sort(SortBy.DUE, True)
    assert board.outcome is not None
    assert board.outcome.text == "Dawn: p1 o: · needs claim · by -due · grid owner"


def test_arrows_choose_and_enter_shows() -> None:
    session = hits(offered(None, DAWN), "down", "enter")
    assert session.board.view.filter == parse_filter("board:=Desk")
    assert hits(offered(None, DAWN), "down", "down", "k", "enter").board.view.filter == parse_filter("board:=Desk")


def test_digits_beyond_the_last_change_nothing() -> None:
    assert hits(offered(None, DAWN), "7", "x").board.mode is Mode.VIEWS


def test_what_is_shown_is_saved_under_a_name() -> None:
    session = hits(seated(), "slash", "p", "1", "enter", "b", "s")
    found = kept(offered(session), "s", *"Day", "enter")
    assert found == Keep(
        "save", SavedView("Day", "p1", Tab.NEEDS, Sort(SortBy.DUE), Pivot.PRIORITY), who="Ben"
    )  # fmt: skip
    assert kept(offered(session), "t", *"Day", "enter").view.is_team


def test_a_name_that_is_taken_is_said_twice() -> None:
    session = hits(offered(None, DAWN), "s", *"dawn", "enter")
    prompt = session.board.prompt
    assert prompt is not None
    assert prompt.hint == "Dawn is there already: enter again puts this in its place"
    _, effect = hit(session, "enter")
    assert isinstance(effect, Keep)
    assert effect.view.name == "dawn"


def test_another_letter_is_another_name() -> None:
    session, effect = hit(hits(offered(None, DAWN), "s", *"dawn", "enter", "x"), "enter")
    assert isinstance(effect, Keep)
    assert effect.view.name == "dawnx"
    assert session.board.prompt is None


def test_no_name_is_no_view() -> None:
    session = hits(offered(), "s", "space", "enter")
    assert session.board.mode is Mode.VIEWS
    assert hits(session, "escape").board.mode is Mode.BOARD


def test_one_is_renamed_but_not_to_another_s_name() -> None:
    other = SavedView("Dusk")
    session = offered(None, DAWN, other)
    assert kept(session, "r", "backspace", *"k", "enter") == Keep("rename", DAWN, "Dawk")
    refused = hits(session, "r", *["backspace"] * 4, *"Dusk", "enter").board.prompt
    assert refused is not None
    assert refused.hint == "Dusk is there already: choose another name"


def test_one_is_deleted_after_a_question() -> None:
    session = offered(None, DAWN)
    assert hits(session, "d", "n").board.mode is Mode.BOARD
    assert hits(session, "d", "x").board.mode is Mode.VIEWS
    assert kept(session, "d", "y") == Keep("remove", DAWN)
    assert kept(session, "down", "d", "y") == Keep("remove", DESK)


def test_a_board_for_looking_only_leaves_the_team_s_views_alone() -> None:
    session = seated()
    session = replace(session, board=replace(session.board, read_only=True))
    after = hits(offered(session, DAWN), "t")
    assert after.board.mode is Mode.BOARD
    assert after.board.outcome is not None
    assert after.board.outcome.word == "NO"
    assert kept(offered(session, DAWN), "s", "x", "enter").view.name == "x"


def test_a_shared_screen_has_no_tickets_of_mine() -> None:
    session = hits(offered(seated(person=None, shared=True), SavedView("My own", tab=Tab.MINE)), "1")
    assert session.board.view.tab is Tab.NEEDS
    assert session.board.outcome is not None
    assert session.board.outcome.word == "NO"


def test_a_name_can_be_pasted() -> None:
    session = paste(hits(offered(), "s"), "Morning\nround")
    assert session.board.prompt is not None
    assert session.board.prompt.text == "Morning round"
    assert paste(offered(), "x").board.prompt == offered().board.prompt
