"""Alerts on the board: what came in, what is due to ring, and that somebody has seen it. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec.structs import replace

from slaboard.alerts import alert as alerts
from slaboard.alerts.alert import Alert, Burst, Entry, Rules
from slaboard.board.instant import within
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome
from slaboard.ticket import Ticket


def entered(session: Session, burst: Burst, rules: Rules) -> Session:
    """The session after tickets came into zones."""
    vigil = alerts.entered(session.board.vigil, burst, session.clock, rules)
    return replace(session, board=replace(session.board, vigil=vigil))


def rung(session: Session, rules: Rules) -> tuple[Session, Alert | None]:
    """What is due to ring now; nothing in quiet hours."""
    board, now = session.board, session.clock
    if not board.vigil.waiting.counts:
        return session, None
    is_quiet = within(rules.quiet, now, board.timezone)
    vigil, alert = alerts.rung(board.vigil, now, rules, is_quiet=is_quiet)
    return replace(session, board=replace(board, vigil=vigil)), alert


def refreshed(session: Session, now: Mapping[str, Ticket | None]) -> Session:
    """The alert as its tickets are `now`: what somebody took, or what ended, needs nobody else to look.

    A ticket that `now` does not know has not been read yet.
    """
    board = session.board
    shown = board.vigil.shown
    if shown is None:
        return session
    fates = {
        entry.ticket: _fate(entry, now[entry.ticket]) for entry in shown.burst.worst.values() if entry.ticket in now
    }
    return replace(session, board=replace(board, vigil=alerts.settled(board.vigil, fates)))


def _fate(entry: Entry, ticket: Ticket | None) -> str:
    if ticket is None:
        return "gone"
    if not ticket.stage.is_open:
        return f"{ticket.stage}"
    return f"{ticket.owner}'s now" if ticket.owner not in (None, entry.owner) else ""


def acknowledged(session: Session) -> Session:
    """Somebody has seen it: no bell until the next ticket enters a zone."""
    board = session.board
    if board.vigil.shown is None:
        return outcome(session, "NO", "There is no alert: nothing has entered a zone since the last look.")
    return replace(session, board=replace(board, vigil=alerts.acknowledged(board.vigil)))
