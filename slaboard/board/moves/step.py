"""The board under somebody's hands: pure moves from one session to the next. Nothing here waits or reads a clock.

Two promises are kept here. The cursor stays on its ticket, not on its line. And while hands move it, the order of the
list holds: values go on, rows that left stay as they are now, new ones are only counted.
"""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board.draw.grid import nearest_wanted, row_count
from slaboard.board.layout import layout
from slaboard.board.moves import trending
from slaboard.board.moves.session import Session
from slaboard.board.render import scroll_limit
from slaboard.board.sight import Sight
from slaboard.board.state import HOLD_S, Mode, Outcome, Page
from slaboard.board.wall import midnight

RESTING_MS = 60_000
"""After this long without a move nobody is there, and a list that shows its first rows goes on showing them."""
PAUSE_S = 60
"""After this long a pause ends on a shared screen: whoever comes by must see what is."""
OUTCOME_S = 20
"""How long an outcome stays on the screen, when it offers no undo."""
CLAIMS_OFF = "Claims off until the store answers"
"""What a key is told while it does not; taken off the screen when it does, for then it is not true any more."""


def fitted(session: Session, width: int, height: int) -> Session:
    """The session on a screen of this size: how many rows are visible, and nothing is scrolled further than it goes.

    While a question covers a part of the list, what is visible without it counts: the list comes back as it was.
    """
    board = session.board
    if board.mode.is_reading and board.help_top:
        board = replace(board, help_top=min(board.help_top, scroll_limit(board, width, height)))
    elif not board.mode.is_reading and board.detail_top:
        board = replace(board, detail_top=min(board.detail_top, scroll_limit(board, width, height)))
    places = layout(board, width, height)
    has_detail = places.detail.height > 0
    session = replace(session, board=board, width=width, height=height, has_detail=has_detail)
    if places.rows.height == 0 or board.prompt is not None:
        return session
    return replace(session, board=replace(board, top=places.first), rows=places.rows.height)


def sight(session: Session) -> Sight:
    """What the feed should read for this session."""
    board = session.board
    return Sight(
        view=board.view,
        pivot=board.pivot,
        cursor=board.cursor,
        index=board.cursor_index,
        line=max(0, board.cursor_index - board.top),
        rows=session.rows,
        held=tuple(ticket.id for ticket in board.page.rows) if session.holds else (),
        detail=_detailed(session),
        person=board.person,
        past_at=session.past_at,
        reason=board.reason_of,
        timezone=board.timezone,
        marks=(*board.marks, *board.vigil.named) if board.vigil.shown is not None else tuple(board.marks),
        nearest=nearest_wanted(board, session.width, session.height),
        seek=session.seek,
        today_from=midnight(board.now, board.timezone) if board.mode is Mode.WALL else None,
        trends=trending.want(board),
    )


def _detailed(session: Session) -> str | None:
    """The ticket whose detail is wanted."""
    board = session.board
    if board.mode is Mode.TRENDS and board.trends.opened is not None:
        return board.trends.opened
    return board.cursor if session.has_detail or board.follow is not None else None


def outcome(session: Session, word: str, text: str, undo_until: int | None = None) -> Session:
    """Say `text` in the line above the key bar."""
    said = Outcome(word, text, session.clock, undo_until)
    return replace(session, board=replace(session.board, outcome=said))


# --- moving the cursor ------------------------------------------------------------------------------------------


def touched(session: Session, ms: int) -> Session:
    """Hands are at work: from now on the order holds, unless the rows are still those of the list before."""
    if session.holds or session.listed not in (None, session.board.view):
        return replace(session, moved_ms=ms)
    board = replace(session.board, held_new=0)
    return replace(session, board=board, moved_ms=ms, holds=True, held_total=board.page.total)


def to_index(session: Session, index: int, ms: int) -> Session:
    """The cursor on the ticket at `index`, or as near as the list goes; it is unknown until the feed has read it."""
    page = session.board.page
    if not page.total:
        return session
    index = min(max(0, index), page.total - 1)
    top = min(max(session.board.top, index - max(1, session.rows) + 1), index)
    cursor = id_at(page, index)
    follow = session.board.follow if cursor == session.board.follow else None
    board = replace(session.board, cursor_index=index, cursor=cursor, top=top, detail_top=0, follow=follow)
    return touched(replace(session, board=board), ms)


def by(session: Session, lines: int, ms: int) -> Session:
    """The cursor `lines` further down, or up when negative."""
    return to_index(session, session.board.cursor_index + lines, ms)


def scrolled(session: Session, lines: int, ms: int) -> Session:
    """The list moved beneath the cursor, which goes along only where it would leave the screen."""
    board = session.board
    top = min(max(0, board.top + lines), max(0, board.page.total - session.rows))
    index = min(max(board.cursor_index, top), top + max(0, session.rows - 1))
    moved = replace(session, board=replace(board, top=top))
    return touched(moved, ms) if index == board.cursor_index else to_index(moved, index, ms)


def id_at(page: Page, index: int) -> str | None:
    """The id at `index` of the list; None where the page does not hold it."""
    place = index - page.first
    return page.rows[place].id if 0 <= place < len(page.rows) else None


def to_cell(session: Session, rows: int, columns: int) -> Session:
    """The grid's cursor moved by so many rows and columns, within the grid."""
    board = session.board
    last = max(0, row_count(board) - 1)
    row, column = board.cell
    cell = (min(max(0, row + rows), last), min(max(0, column + columns), 3))
    return replace(session, board=replace(board, cell=cell))


# --- time ------------------------------------------------------------------------------------------------------------


def ticked(session: Session, now: int, age_s: float | None, ms: int) -> Session:
    """A second later: what has had its time goes. `age_s` is how long ago the store last answered."""
    if now < session.wall_s - 1:
        session = _set_back(session, now)
    board = session.board if session.board.past_at is not None else replace(session.board, now=now)
    if age_s is not None and board.freshness.as_of:
        board = replace(board, freshness=replace(board.freshness, as_of=board.now - int(age_s)))
    said = board.outcome
    if said is not None and now >= (said.undo_until or said.at + OUTCOME_S):
        board = replace(board, outcome=None)
    session = replace(session, board=board, wall_s=now)
    if board.paused_at is not None and board.shared and now - board.paused_at >= PAUSE_S:
        session = resumed(session)
    is_still = board.prompt is not None or board.paused_at is not None
    if session.holds and not is_still and ms - (session.moved_ms or 0) >= HOLD_S * 1000:
        session = replace(session, board=replace(session.board, held_new=None), holds=False)
    if any(now - errand.since >= 1 for errand in session.errands):
        session = outcome(session, "BUSY", "the store is locked by another writer, still trying…")
    return session


def _set_back(session: Session, now: int) -> Session:
    """The machine's clock was set back: what would now last for hours, a question or an undo, ends here."""
    board = replace(session.board, outcome=None, paused_at=None, last=None)
    if board.prompt is not None:
        board = replace(board, mode=Mode.BOARD, prompt=None)
    errands = tuple(replace(errand, since=now) for errand in session.errands)
    return replace(session, board=board, undo=(), errands=errands)


def resumed(session: Session) -> Session:
    """The list goes on in its own order."""
    return replace(session, board=replace(session.board, paused_at=None, held_new=None), holds=False)
