"""Standing still, following a ticket, and giving one part all the room."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.layout import layout
from slaboard.board.moves import going, seeing, step
from slaboard.board.moves.press import Effect
from slaboard.board.moves.session import Session
from slaboard.board.state import Detail, Focus
from slaboard.ticket import Event, Kind
from tests.board.factory import busy, replace_ticket
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated, shown


def said(session: Session) -> str:
    """The outcome line."""
    return f"{session.board.outcome.word} {session.board.outcome.text}" if session.board.outcome else ""


# --- pause ------------------------------------------------------------------------------------------------------


def test_a_pause_holds_the_rows_however_long_nobody_moves() -> None:
    session = hits(seated(), "p")
    before = shown(session)
    session = step.ticked(session, session.board.now + 600, 0, 900_000)
    session = heard(session, ["T-150", "T-151", *IDS[1:19]], ms=900_000, left=1, total=20)
    assert shown(session) == before
    assert (session.board.held_new, session.board.held_gone) == (1, 1)


def test_a_pause_ends_with_the_same_key_and_by_going_back() -> None:
    for key in ("p", "q"):
        session = hits(seated(), "p", key)
        assert (session.board.paused_at, session.holds) == (None, False)
    assert hit(session, "q")[1] is Effect.QUIT


def test_clocks_and_owners_go_on_while_the_rows_stand() -> None:
    session = hits(seated(), "p")
    taken = {"T-101": replace_ticket(TICKETS["T-101"], owner="Ana")}
    session = heard(session, IDS[:20], ms=90_000, changed=taken)
    assert session.board.page.rows[1].owner == "Ana"


def test_a_pause_ends_by_itself_where_it_is_nobodys_screen() -> None:
    session = hits(seated(shared=True, person=None), "p")
    at = session.board.now
    assert step.ticked(session, at + 59, 0, 69_000).board.paused_at is not None
    assert step.ticked(session, at + 60, 0, 70_000).board.paused_at is None


def test_another_list_ends_a_pause() -> None:
    assert hits(seated(), "p", "4").board.paused_at is None


# --- follow -----------------------------------------------------------------------------------------------------


def test_the_cursor_stays_on_a_followed_ticket_that_leaves_the_list() -> None:
    session = hits(seated(), "j", "f")
    session = heard(session, ["T-100", *IDS[2:20]], ms=900_000)
    assert session.board.cursor == "T-101"
    assert step.sight(session).detail == "T-101", "its news can be told only when it is read"


def test_a_followed_ticket_is_found_again_after_long_rest() -> None:
    """A list that nobody moves goes on showing its first rows; not this one."""
    session = hits(seated(), "f")
    session = heard(session, [*IDS[20:40], "T-100"], ms=900_000)
    assert session.board.cursor == "T-100"
    assert "T-100" in shown(session)


def test_its_news_are_told() -> None:
    session = hits(seated(), "f")
    for seq, kind in ((3, Kind.NOTE), (4, Kind.CLAIM)):
        detail = Detail(TICKETS["T-100"], (Event(ticket="T-100", at=1, kind=kind, actor="Ana", seq=seq),))
        session = seeing._news(replace(session, board=replace(session.board, detail=detail)))
        assert said(session) == ("NEWS T-100: Ana claimed" if seq == 4 else ""), "what was there before is no news"


def test_moving_away_ends_following() -> None:
    assert hits(seated(), "f", "j").board.follow is None
    assert hits(seated(), "f", "q").board.follow is None
    assert said(hits(seated(), "f", "f")) == "OK T-100 goes its way"


def test_there_is_nothing_to_follow() -> None:
    assert said(hits(seated([]), "f")) == "NO No ticket is under the cursor."


# --- zoom -------------------------------------------------------------------------------------------------------


def test_the_list_takes_the_room_of_the_detail() -> None:
    board = replace(busy(), zoom=Focus.LIST)
    places = layout(board, 200, 50)
    assert (places.detail.height, places.rows.width) == (0, 200)


def test_the_detail_takes_the_room_of_the_list() -> None:
    places = layout(replace(busy(), zoom=Focus.DETAIL, focus=Focus.DETAIL), 200, 50)
    assert (places.detail.width, places.rows.height) == (200, 0)


def test_zoom_needs_two_parts() -> None:
    assert said(hits(seated(), "z")) == "NO The list has all the room already."


def test_zoom_goes_where_the_hands_are_and_back() -> None:
    session = step.fitted(seated(), 200, 50)
    session, _ = hit(session, "z")
    assert session.board.zoom is Focus.LIST
    wide = step.fitted(replace(session, board=replace(session.board, zoom=None)), 200, 50)
    inside = replace(wide, board=replace(wide.board, focus=Focus.DETAIL))
    zoomed = going.zoomed(inside)
    assert zoomed.board.zoom is Focus.DETAIL
    assert going.closed(zoomed, 0).board.zoom is None
    assert going.zoomed(zoomed).board.zoom is None
