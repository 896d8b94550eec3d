"""The palette: every action that makes sense now, found by a few letters. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.draw.keys import can_act
from slaboard.board.keys import ACTIONS, Action, Group
from slaboard.board.match import matching
from slaboard.board.moves.link import is_link
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import touched
from slaboard.board.state import Board, Mode, Prompt, under_cursor
from slaboard.board.verb import BY_ID, sensible
from slaboard.ticket import Ticket

COMMANDS = "commands"
MOST_RECENT = 5
"""So many of those that were chosen last come first."""
_ORDER = (Group.ACT, Group.CHOOSE, Group.BOARD, Group.PAST, Group.MOVE)
"""Moves come last: whoever looks for one has its key under the hand."""
_LOOKS = frozenset({"open", "reason", "copy"})
"""What of `Group.ACT` changes nothing."""


def opened(session: Session, ms: int) -> Session:
    """The commands that make sense now, bound to the ticket under the cursor; its row may move beneath."""
    session = touched(session, ms)
    board = session.board
    prompt = Prompt(COMMANDS, board.cursor or "", "Commands", choices=tuple(action.id for action in offered(session)))
    return replace(session, board=replace(board, mode=Mode.COMMANDS, prompt=prompt, outcome=None))


def offered(session: Session) -> list[Action]:
    """Every action that does something now: those chosen last, then by their groups."""
    found = [
        action for group in _ORDER for action in ACTIONS if action.group is group and _makes_sense(action, session)
    ]
    recent = [keys.BY_ID[id_] for id_ in session.recent if keys.BY_ID[id_] in found]
    return [*recent, *(action for action in found if action not in recent)]


def _makes_sense(action: Action, session: Session) -> bool:
    board, tickets, here = session.board, targets(session.board), under_cursor(session.board)
    if action.id in BY_ID:
        return can_act(board) and sensible(BY_ID[action.id], tickets, board)
    needs = {
        COMMANDS: False,
        "browse": here is not None and is_link(here.url),
        "undo": can_act(board) and bool(session.undo),
        "mark.clear": bool(board.marks),
        "identity": not board.shared,
        "acknowledge": board.vigil.shown is not None,
        "notes": bool(board.notes),
        "past.now": board.past_at is not None,
        "wall": board.past_at is None,
        "history": board.past_at is None,
    }
    if action.id in needs:
        return needs[action.id]
    if action.group is Group.ACT:
        return bool(tickets) and (action.id in _LOOKS or can_act(board))
    return True


def targets(board: Board) -> tuple[Ticket, ...]:
    """What an act would be done to: all that is marked, else the ticket under the cursor."""
    ticket = under_cursor(board)
    return tuple(board.marks.values()) or (() if ticket is None else (ticket,))


# --- choosing ---------------------------------------------------------------------------------------------------


def stepped(session: Session, lines: int) -> Session:
    """The command so many lines further down; from the last one on to the first."""
    board, prompt = session.board, session.board.prompt
    found = len(matching(board))
    if prompt is None or not found:
        return session
    return replace(session, board=replace(board, prompt=replace(prompt, chosen=(prompt.chosen + lines) % found)))


def chosen(board: Board) -> Action | None:
    """The command that `enter` does; None where nothing fits what is typed."""
    found = matching(board)
    place = board.prompt.chosen if board.prompt is not None else 0
    return found[place] if 0 <= place < len(found) else None


def closed(session: Session, action: Action | None = None) -> Session:
    """The board again; `action` is remembered as the last one that was chosen."""
    session = replace(session, board=replace(session.board, mode=Mode.BOARD, prompt=None))
    if action is None:
        return session
    others = tuple(id_ for id_ in session.recent if id_ != action.id)
    return replace(session, recent=(action.id, *others)[:MOST_RECENT])
