"""Rings on this screen: the bell, and whatever else the person wants, each time something is due to ring."""

from __future__ import annotations

import os
from collections.abc import Callable

from slaboard.alerts.alert import BELL, DESKTOP, OSC9, TMUX, Alert, Burst, Rules
from slaboard.alerts.messenger import Messenger
from slaboard.alerts.ringing import notification, show_in_tmux, show_on_desktop
from slaboard.board.moves import alerting
from slaboard.board.moves.session import Session
from slaboard.board.tidings import sentence
from slaboard.ticket import Zone

BEL = "\x07"


class Belfry:
    """What came in goes into the session; what is due to ring is rung. `write` reaches the terminal."""

    def __init__(self, rules: Rules | None, write: Callable[[str], None]) -> None:
        self._rules = rules or Rules()
        self._write = write
        self._messenger = Messenger(lambda _: None)  # what does not work here was said when the board opened

    def heard(self, session: Session, burst: Burst) -> Session:
        """Tickets came into zones."""
        return self.ring(alerting.entered(session, burst, self._rules))

    def ring(self, session: Session) -> Session:
        """Ring what is due."""
        session, alert = alerting.rung(session, self._rules)
        if alert is not None:
            self._rung(alert, sentence(alert, session.clock, session.board.timezone))
        return session

    def _rung(self, alert: Alert, text: str) -> None:
        ways = self._rules.ways_of(alert.burst)
        if BELL in ways:
            self._write(BEL)
        if OSC9 in ways:
            self._write(notification(text, os.environ))
        if TMUX in ways:
            show_in_tmux(self._messenger, text)
        if DESKTOP in ways:
            show_on_desktop(self._messenger, f"SLA: {alert.summary}", text, is_urgent=alert.zone is Zone.RED)
