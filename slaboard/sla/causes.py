"""What counts as a response: a human's message, or an automatic one that a human's act has caused (rule 8)."""

from __future__ import annotations

from slaboard.sla.order import is_call, is_from_customer, names_of
from slaboard.ticket import ActorKind, Direction, Event, Kind


class Causes:
    """The events of one ticket that have passed, by the names under which later ones may give them as their cause."""

    def __init__(self) -> None:
        self._named: dict[str, Event] = {}
        self._passed: list[Event] = []
        """Those whose names are not in `_named` yet: few tickets are ever asked for them."""

    def pass_by(self, event: Event) -> None:
        """`event` has happened."""
        self._passed.append(event)

    def is_response(self, event: Event) -> bool:
        """A human's message to the customer, a logged call, or what a human's act on this ticket sent."""
        if event.actor_kind is ActorKind.HUMAN:
            return event.direction is Direction.OUT or is_call(event)
        if event.actor_kind is not ActorKind.AUTOMATION or event.direction is not Direction.OUT:
            return False
        root = self.root(event)
        return root is not None and is_deliberate(root)

    def root(self, event: Event) -> Event | None:
        """The nearest of the causes of `event` that was not automatic; None where the chain is lost or goes round."""
        for passed in self._passed:
            self._named.update(dict.fromkeys(names_of(passed), passed))
        self._passed.clear()
        gone_by: set[str] = set()
        while event.actor_kind is ActorKind.AUTOMATION:
            name = event.caused_by
            if name is None or name in gone_by or name not in self._named:
                return None
            gone_by.add(name)
            event = self._named[name]
        return event


def is_deliberate(event: Event) -> bool:
    """True for what a person of the team did to the ticket after it was there."""
    if event.actor_kind is not ActorKind.HUMAN or event.kind in (Kind.CREATED, Kind.SURVEY, Kind.PRUNE):
        return False
    return not is_from_customer(event)
