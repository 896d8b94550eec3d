"""The time machine under somebody's hands: into the past, through it, and back."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.board.moves import seeing, step, travel
from slaboard.board.moves.press import Effect
from slaboard.board.moves.session import Session
from slaboard.board.sight import Refresh
from tests.board import factory
from tests.board.factory import NOW
from tests.board.seat import IDS, SIZE, heard, hit, hits, seated


def arrived(session: Session) -> Session:
    """The session after the feed has read the moment that it wants."""
    return heard(session, IDS[:20], ms=20_000)


def stepped(*keys: str) -> Session:
    return arrived(hits(seated(), *keys))


def second(session: Session) -> Session:
    """A second later."""
    clock = session.clock + 1
    return travel.driven(step.ticked(session, clock, 0, 20_000))


@pytest.mark.parametrize(
    ("keys", "at"),
    [
        (["left_square_bracket"], NOW - 300),
        (["left_square_bracket", "left_square_bracket", "right_square_bracket"], NOW - 300),
        (["left_curly_bracket", "right_square_bracket"], NOW - 3_300),
        (["left_curly_bracket", "right_curly_bracket"], None),
        (["left_square_bracket", "right_curly_bracket"], None),
        (["right_square_bracket"], None),
        (["left_square_bracket", "n"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_steps_lead_into_the_past_and_end_in_the_present(keys: list[str], at: int | None) -> None:
    session = hits(seated(), *keys)
    assert step.sight(session).past_at == at
    board = arrived(session).board
    assert (board.past_at, board.now) == (at, NOW if at is None else at)


def test_what_is_shown_is_marked_as_what_it_is_until_the_past_is_read() -> None:
    session = hits(seated(), "left_square_bracket")
    assert session.board.past_at is None
    assert session.board.outcome is not None
    assert "q goes back to now" in session.board.outcome.text


def test_nothing_can_be_done_in_the_past() -> None:
    for session in (hits(seated(), "left_square_bracket"), stepped("left_square_bracket")):
        after, effect = hit(session, "c")
        assert effect is None
        assert after.board.outcome is not None
        assert after.board.outcome.text == "This is the past: nothing can be changed. q goes back to now."
    wide = hit(replace(session, width=120), "T")[0].board.outcome
    assert wide is not None
    assert wide.text == ("This is the past: 2025-11-21 15:36+01:00. Nothing can be changed there; q goes back to now.")


def test_q_comes_back_to_the_present_and_then_quits() -> None:
    session, effect = hit(stepped("left_square_bracket", "slash", *"vpn", "enter"), "q")
    assert (effect, session.past_at, session.board.filter_text) == (None, NOW - 300, "")
    session, effect = hit(session, "q")
    assert (effect, session.past_at) == (None, None)
    assert hit(arrived(session), "q")[1] is Effect.QUIT


def test_a_board_that_was_opened_in_the_past_quits_until_it_has_been_in_the_present() -> None:
    opened = replace(seated(), past_at=NOW - 300, wall_s=NOW)
    opened = arrived(replace(opened, board=replace(opened.board, past_at=NOW - 300, past_only=True)))
    assert hit(opened, "q")[1] is Effect.QUIT
    returned = arrived(hits(opened, "n"))
    assert (returned.board.past_at, returned.board.now) == (None, NOW)
    assert hit(arrived(hits(returned, "left_square_bracket")), "q")[1] is None


def test_the_past_stands_while_the_clock_goes_on() -> None:
    session = stepped("left_square_bracket")
    for _ in range(30):
        session = second(session)
    assert (session.board.now, session.past_at) == (NOW - 300, NOW - 300)
    assert session.clock == NOW + 30
    assert session.board.outcome is None, "what was said has had its time"
    assert not session.board.freshness.is_stale(session.board.now)


def test_it_plays_a_minute_a_second_and_faster() -> None:
    session = second(hits(stepped("left_curly_bracket"), "P"))
    assert session.past_at == NOW - 3_540
    session = second(hits(arrived(session), "plus"))
    assert session.past_at == NOW - 3_240
    session = second(hits(arrived(session), "plus", "plus"))
    assert session.past_at == NOW - 3_180
    assert second(hits(arrived(session), "P")).past_at == NOW - 3_180


def test_what_takes_long_to_read_is_skipped_and_never_queued() -> None:
    session = second(hits(stepped("left_curly_bracket"), "P"))
    waiting = second(second(session))
    assert waiting.past_at == session.past_at
    assert second(arrived(waiting)).past_at == NOW - 3_540 + 3 * 60


def test_playing_ends_in_the_present() -> None:
    session = second(hits(stepped("left_square_bracket"), "plus", "plus", "P"))
    assert session.past_at is None
    assert session.board.outcome is not None
    assert session.board.outcome.text == "the past has come to the present, which has begun"
    board = arrived(session).board
    assert (board.past_at, board.past_speed, board.now) == (None, 0, NOW + 1)


def test_a_board_that_looks_ahead_steps_and_plays_there_and_changes_nothing() -> None:
    """It is called the future; steps lead on there, back to the present, and over it into the past."""
    ahead = replace(seated(), past_at=NOW + 600, wall_s=NOW)
    ahead = arrived(replace(ahead, board=replace(ahead.board, past_at=NOW + 600, past_only=True)))
    assert (ahead.board.is_ahead, hit(ahead, "c")[1]) == (True, None)
    assert hit(replace(ahead, width=40), "c")[0].board.outcome.text.startswith("This is the future: nothing")  # type: ignore[union-attr]
    keys = (["left_square_bracket"], ["right_square_bracket"], ["left_square_bracket"] * 2, ["left_curly_bracket"])
    assert [hits(ahead, *pressed).past_at for pressed in keys] == [NOW + 300, NOW + 900, None, NOW - 3_000]
    assert second(hits(ahead, "P")).past_at == NOW + 660


def test_back_in_the_present_nothing_is_said_of_the_past() -> None:
    assert hits(stepped("left_square_bracket"), "n").board.outcome is None


def test_the_present_does_not_play() -> None:
    session = hits(seated(), "P")
    assert session.board.past_speed == 0
    assert session.board.outcome is not None
    assert "[ steps back" in session.board.outcome.text


def test_a_step_lets_go_of_the_order_that_held() -> None:
    session = hits(seated(), "j")
    assert session.holds
    session = hits(session, "left_square_bracket")
    assert (session.holds, session.board.held_new, step.sight(session).held) == (False, None, ())


def test_the_reasons_of_a_ticket_stay_its_own_whatever_moves() -> None:
    session = hits(seated(), "exclamation_mark")
    assert step.sight(session).reason == IDS[0]
    sight = step.sight(session)
    told = Refresh(sight, NOW, factory.GRID, None, {}, session.board.page, 0, reason=("T-100  response",))
    session = step.fitted(seeing.refreshed(session, told, 20_000), *SIZE)
    assert session.board.reason == ("T-100  response",)
    assert step.sight(heard(session, IDS[1:20], ms=30_000)).reason == IDS[0]
    for key in ("q", "escape", "exclamation_mark"):
        assert step.sight(hits(session, key)).reason is None
