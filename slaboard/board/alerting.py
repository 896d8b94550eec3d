"""Alerts on the board: what came in, what is due to ring, what is said of it, and that somebody has seen it. Pure."""

from __future__ import annotations

from dataclasses import replace

from slaboard import alerts
from slaboard.alerts import Alert, Burst, Entry, Rules
from slaboard.board.face import NAMES
from slaboard.board.instant import when, within
from slaboard.board.moves import outcome
from slaboard.board.session import Session
from slaboard.ticket import Bucket

TITLE = 60
"""Characters of a ticket's title in an alert's sentence."""


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


def sentence(alert: Alert, now: int, timezone: str) -> str:
    """`2 red, 5 orange; worst T-1031 (P1, Tansy Bakery), Response due 14:10: VPN down`, clean as its tickets are."""
    worst = alert.worst
    facts = ", ".join(filter(None, (worst.priority, worst.customer)))
    who = f"{worst.ticket} ({facts})" if facts else worst.ticket
    lead = f"{who} is {worst.zone}" if alert.total == 1 else f"{alert.summary}; worst {who}"
    title = worst.title if len(worst.title) <= TITLE else f"{worst.title[: TITLE - 1]}…"
    return f"{lead}, {due(worst, now, timezone)}" + (f": {title}" if title else "")


def due(entry: Entry, now: int, timezone: str) -> str:
    """`Response due 14:10`."""
    name = NAMES[Bucket.RESOLUTION if entry.bucket is Bucket.TOTAL_RESOLUTION else entry.bucket]
    return name if entry.due_at is None else f"{name} due {when(entry.due_at, now, timezone)}"
