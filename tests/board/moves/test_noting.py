"""What was wrong when the board opened: all of it at once, away with any key, and no act lost without a word."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import asking, noting, step
from slaboard.board.moves.session import Session
from slaboard.board.state import Mode
from tests.board.moves.test_asking import word
from tests.board.scenes import NOTES
from tests.board.seat import hit, hits, seated


def noted(notes: tuple[str, ...] = NOTES[1:2]) -> Session:
    """A board that has just opened with something wrong."""
    return step.fitted(noting.noted(seated(), notes), 80, 24)


def test_without_anything_wrong_the_board_just_opens() -> None:
    assert noting.noted(seated(), ()).board.mode is Mode.BOARD


@pytest.mark.parametrize("key", ["q", "escape", "enter", "question_mark", "f9", "j", "k"])
def test_a_key_that_nobody_misses_closes_it(key: str) -> None:
    session, effect = hit(noted(), key)
    assert (session.board.mode, effect, word(session)) == (Mode.BOARD, None, None)
    assert session.board.cursor_index == 0


@pytest.mark.parametrize("key", ["c", "slash", "x", "w", "space", "T"])
def test_a_key_that_would_have_done_something_says_that_it_has_not(key: str) -> None:
    """Then it does it."""
    session, effect = hit(noted(), key)
    assert (session.board.mode, effect, word(session)) == (Mode.BOARD, None, "NOTE")
    assert session.board.outcome is not None
    assert "did nothing else" in session.board.outcome.text
    after, effect = hit(session, key)
    assert effect is not None or after.board != session.board


def test_what_does_not_fit_scrolls_and_stays() -> None:
    session = hits(noted(NOTES * 9), "j", "j", "pagedown")
    assert (session.board.mode, session.board.help_top > 2) == (Mode.NOTES, True)
    later = asking.remembered(step.ticked(session, session.board.now + 2 * noting.NOTES_S, 0, 0))
    assert later.board.mode is Mode.NOTES, "somebody reads it"
    assert hits(session, "q").board.mode is Mode.BOARD


def test_where_nobody_is_it_goes_by_itself_and_leaves_a_line() -> None:
    session = noted(NOTES)
    now = session.board.now
    assert asking.remembered(step.ticked(session, now + noting.NOTES_S - 1, 0, 0)).board.mode is Mode.NOTES
    after = asking.remembered(step.ticked(session, now + noting.NOTES_S, 0, 0))
    assert after.board.mode is Mode.BOARD
    assert after.board.outcome is not None
    assert after.board.outcome.text.startswith("1 of 5 (: notes shows all): ~/.config")


@pytest.mark.parametrize("mode", [Mode.WALL, Mode.TRENDS])
def test_a_wallboard_and_the_history_come_back_when_it_goes(mode: Mode) -> None:
    """By a key, and by itself where nobody is."""
    session = seated()
    session = noting.noted(replace(session, board=replace(session.board, mode=mode)), NOTES)
    assert session.board.mode is Mode.NOTES
    assert hits(step.fitted(session, 80, 24), "q").board.mode is mode
    later = asking.remembered(step.ticked(session, session.board.now + noting.NOTES_S, 0, 0))
    assert later.board.mode is mode


def test_it_can_be_asked_for_again() -> None:
    session = hits(noted(NOTES), "q", "colon", *"notes", "enter")
    assert session.board.mode is Mode.NOTES
    later = asking.remembered(step.ticked(session, session.board.now + 999, 0, 0))
    assert later.board.mode is Mode.NOTES, "who asks for it is there"


def test_a_mistake_made_while_the_board_runs_is_said_and_kept() -> None:
    session = noting.added(seated(), NOTES[:2])
    assert (session.board.mode, word(session)) == (Mode.BOARD, "NOTE")
    assert session.board.notes == NOTES[:2]
