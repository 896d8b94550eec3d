"""A ticket's events folded under a policy, whatever that policy's calendars can still answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from msgspec import Struct

from slaboard.sla.calendar import CalendarError
from slaboard.sla.clock import Replay, replay
from slaboard.sla.policy import PolicySet
from slaboard.ticket import Clock, Event

NO_TIME_LEFT = "its calendar has no time left"


class Folded(Struct, frozen=True):
    """A ticket as its events leave it, and its clocks."""

    fold: Replay
    clocks: tuple[Clock, ...]
    is_promised: bool = True
    """False when the promise cannot be counted."""

    def no_sla(self, counted: Clock | None) -> str | None:
        """Why an open ticket has no clock to count under (rule 18), None when it has one."""
        reason = self.fold.no_sla(counted)
        return reason if reason is None or self.is_promised else NO_TIME_LEFT

    def after(self, events: Iterable[Event]) -> Folded | None:
        """The ticket after `events` that come behind all it had; this one is used up. None: fold it from scratch."""
        try:
            for event in events:
                self.fold.apply(event)
            return Folded(self.fold, self.fold.clocks()) if self.is_promised else None
        except CalendarError:
            return None


def folded(ticket: str, events: Iterable[Event], policies: PolicySet, version: int) -> Folded:
    """The ticket after `events`.

    A calendar of single dates comes to its end; then a ticket is shown as one without SLA, so that no board and no
    import fails because of it.
    """
    events = list(events)
    try:
        fold = replay(ticket, events, policies, version)
        return Folded(fold, fold.clocks())
    except CalendarError:
        fold = replay(ticket, events, replace(policies, policies=()), version)
        return Folded(fold, fold.clocks(), is_promised=False)
