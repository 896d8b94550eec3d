"""What comes from the store, put on the board: in its own order, or in the order that holds. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from slaboard.board import pivot
from slaboard.board.history import told
from slaboard.board.moves import alerting, marks, trending
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import CLAIMS_OFF, RESTING_MS, id_at, outcome, sight, touched
from slaboard.board.sight import Refresh
from slaboard.board.state import Board, Focus, Freshness, Mode
from slaboard.board.wall import noticed
from slaboard.ticket import Ticket


def refreshed(session: Session, refresh: Refresh, ms: int) -> Session:
    """The board with what a look at the store brought back."""
    said = session.board.outcome
    if said is not None and said.text == CLAIMS_OFF:
        session = replace(session, board=replace(session.board, outcome=None))
    at, clock = refresh.sight.past_at, session.clock
    now = clock if at is None else at
    board = replace(
        session.board,
        now=now,
        past_at=at,
        is_ahead=at is not None and at > clock,
        grid=refresh.grid,
        counts=refresh.counts,
        team=refresh.team,
        loads=refresh.loads,
        calendars=refresh.calendars,
        read_only=refresh.read_only,
        freshness=Freshness(as_of=max(now, refresh.at)),
        today=refresh.today,
        pivoted=_turned(session.board, refresh),
        team_views=refresh.team_views,
        nearest=refresh.nearest if refresh.sight.nearest == sight(session).nearest else session.board.nearest,
    )
    if board.mode is Mode.WALL and session.board.grid is not None:
        board = replace(board, wall=noticed(board.wall, session.board.grid.cells, refresh.grid.cells, now))
    if refresh.sight.reason == board.reason_of:
        board = replace(board, reason=refresh.reason)
    session = trending.seen(replace(session, board=board, wall_s=clock), refresh)
    board = session.board
    if at is None and (board.marks or board.vigil.shown is not None):
        known = _known(refresh)
        session = alerting.refreshed(marks.refreshed(session, known), known)
        board = session.board
    if refresh.sight.view != board.view:
        return session  # the list has been changed since; what it shows now is being read
    board = replace(board, hits=refresh.hits)
    if refresh.detail is not None and refresh.detail.ticket.id == board.cursor:
        board = replace(board, detail=refresh.detail)
    session = _news(replace(session, board=board))
    if session.seek and refresh.sight.seek:
        return _found(session, refresh, ms)
    is_held = session.holds and sight(session).shows(board.page) and board.page.total > 0
    return _held(session, refresh) if is_held else _placed(session, refresh, ms)


def _turned(board: Board, refresh: Refresh) -> pivot.Pivoted | None:
    """The turned grid, once it is the one that is wanted; under a hand its rows stay in their order."""
    found = refresh.pivoted
    if board.pivot is not refresh.sight.pivot or refresh.sight.view.filter != board.view.filter:
        return board.pivoted
    return pivot.held(found, board.pivoted) if found is not None and board.focus is Focus.GRID else found


def _known(refresh: Refresh) -> Mapping[str, Ticket | None]:
    """Every ticket that the look read; None for a marked or an alert's one that is gone."""
    read = (*refresh.page.rows, *refresh.others, *refresh.marked)
    return dict.fromkeys(refresh.sight.marks) | {ticket.id: ticket for ticket in read}


def _held(session: Session, refresh: Refresh) -> Session:
    """The same rows in the same order, each as its ticket is now."""
    board = session.board
    now = {ticket.id: ticket for ticket in (*refresh.page.rows, *refresh.others)}
    page = replace(
        board.page, rows=tuple(now.get(ticket.id, ticket) for ticket in board.page.rows), worst=refresh.page.worst
    )
    new, gone = board.held_new, board.held_gone
    if refresh.sight.held == tuple(ticket.id for ticket in board.page.rows):
        new, gone = max(0, refresh.page.total - session.held_total + refresh.left), refresh.left
    return replace(session, board=replace(board, page=page, held_new=new, held_gone=gone))


def _found(session: Session, refresh: Refresh, ms: int) -> Session:
    """The cursor on the ticket in need that was looked for, and the order holds from there on."""
    found, board = refresh.sight.cursor, session.board
    session = replace(session, seek=0)
    if found is None or found == board.cursor:
        return outcome(session, "OK", "No other ticket in this list needs claiming.")
    board = replace(board, cursor=found, follow=None, detail_top=0)
    session = _placed(replace(session, board=board, holds=False, moved_ms=ms), refresh, ms)
    return touched(replace(session, swapped_ms=None), ms)


def _news(session: Session) -> Session:
    """What has happened to the ticket that is followed since the last look, told where outcomes are."""
    board = session.board
    if board.follow is None or board.detail is None or board.detail.ticket.id != board.follow:
        return session
    last = max((event.seq for event in board.detail.events), default=0)
    before, session = session.followed_seq, replace(session, followed_seq=last)
    if before is None or last <= before:
        return session
    event = next(event for event in board.detail.events if event.seq == last)
    return outcome(session, "NEWS", f"{board.follow}: {told(event)}")


def _placed(session: Session, refresh: Refresh, ms: int) -> Session:
    """The list in its own order, the cursor on its ticket and, where that goes, on its line."""
    board, page = session.board, refresh.page
    index = _where(board, refresh)
    line = board.cursor_index - board.top
    is_resting = (session.moved_ms is None or ms - session.moved_ms >= RESTING_MS) and board.follow is None
    if board.top == 0 and index < max(1, session.rows):
        top = 0
    elif board.top == 0 and is_resting and not board.detail_open:
        top = index = 0
    else:
        top = min(max(0, index - line), max(0, page.total - session.rows))
    cursor = id_at(page, index)
    is_kept = board.detail_open or board.follow is not None
    if is_kept and board.cursor is not None:
        cursor = board.cursor  # an opened ticket stays open when it leaves the list, and a followed one in sight
    swapped = session.swapped_ms if cursor in (None, board.cursor) else ms
    board = replace(board, page=page, cursor=cursor, cursor_index=index, top=top)
    if session.holds:  # hands went where nothing was held yet: what they found there holds from now on
        board = replace(board, held_new=0)
    return replace(session, board=board, swapped_ms=swapped, held_total=page.total, listed=refresh.sight.view)


def _where(board: Board, refresh: Refresh) -> int:
    """The cursor's index in the list now: its ticket's, else the one it had."""
    page = refresh.page
    found = next((i for i, ticket in enumerate(page.rows, page.first) if ticket.id == board.cursor), None)
    if found is None and refresh.sight.cursor == board.cursor:
        found = refresh.index
    return min(max(0, board.cursor_index if found is None else found), max(0, page.total - 1))
