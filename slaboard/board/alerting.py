"""Alerts on the board: what came in, what is due to ring, and that somebody has seen it. Pure."""

from __future__ import annotations

from msgspec.structs import replace

from slaboard import alerts
from slaboard.alerts import Alert, Burst, Rules
from slaboard.board.instant import within
from slaboard.board.moves import outcome
from slaboard.board.session import Session


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


def acknowledged(session: Session) -> Session:
    """Somebody has seen it: no bell until the next ticket enters a zone."""
    board = session.board
    if board.vigil.shown is None:
        return outcome(session, "NO", "There is no alert: nothing has entered a zone since the last look.")
    return replace(session, board=replace(board, vigil=alerts.acknowledged(board.vigil)))
