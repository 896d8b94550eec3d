"""What of a ticket's history moves its clocks: told once, for all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct

from slaboard.sla.clock import Replay
from slaboard.sla.edges import Wait
from slaboard.sla.order import is_call, ordered
from slaboard.sla.policy import Policy, PolicySet
from slaboard.sla.verdict import Chains, Verdict
from slaboard.ticket import Bucket, Direction, Event, Kind

TAKEN_BACK = "it was taken back"
Key = tuple[Bucket, int]
"""A clock of a ticket: its bucket and its cycle."""
Attributes = tuple[str, str, str, str]
"""Customer, priority, board and type, as policies match them."""


class Change(Struct, frozen=True):
    """A change of priority or customer that another policy follows from (rule 14)."""

    event: Event
    before: Policy | None
    after: Policy | None


class Story(Struct, frozen=True):
    """One ticket's history under one policy file, as far as clocks go."""

    ticket: str
    policies: PolicySet
    changes: tuple[Change, ...]
    verdicts: tuple[Verdict, ...]
    waits: tuple[tuple[int, Event], ...]
    """When it began to wait, each time, and by which event."""
    reopened: tuple[int, ...]
    gaps: tuple[Wait, ...]
    """When it was resolved before a reopen, grace included."""
    started: Mapping[Key, Event]
    stopped: Mapping[Key, Event]
    left_out: tuple[tuple[Event, str], ...]
    """Events that did not count, with the reason."""
    attributes: tuple[tuple[int, Attributes], ...]
    """What policies match, from when on."""


def story(ticket: str, events: Sequence[Event], policies: PolicySet) -> Story:
    """The history of `ticket`, whose events may come in any order."""
    teller = _Teller(ticket, events, policies)
    for place, event in enumerate(teller.counted):
        teller.hear(place, event)
    return teller.told()


class _Teller:
    """The engine's own fold, watched step by step."""

    def __init__(self, ticket: str, events: Sequence[Event], policies: PolicySet) -> None:
        self.fold = Replay(ticket, policies)
        self.counted = ordered(events, policies)
        here = {id(event) for event in self.counted}
        self.undone = [event for event in events if id(event) not in here and event.kind is not Kind.UNDO]
        self._chains = Chains(self.counted, self.undone)
        self._changes: list[Change] = []
        self._verdicts: list[Verdict] = []
        self._waits: list[tuple[int, Event]] = []
        self._reopened: list[int] = []
        self._started: dict[Key, Event] = {}
        self._stopped: dict[Key, Event] = {}
        self._attributes: list[tuple[int, Attributes]] = []

    def hear(self, place: int, event: Event) -> None:
        """Apply `event`, and keep what it moved."""
        before = self.fold.standing
        policy, live, was_waiting, ended = self.fold.policy(), dict(before.live), before.is_waiting, before.ended_at
        self.fold.apply(event)
        now = self.fold.standing
        if now is not before:  # the creation: what came before it is ignored
            self._forget()
            was_waiting, ended = False, None
        if event.kind in (Kind.PRIORITY, Kind.CUSTOMER) and (after := self.fold.policy()) is not policy:
            self._changes.append(Change(event, policy, after))
        if event.kind is Kind.MESSAGE and (event.direction is not Direction.IN or is_call(event)):
            answered = self.fold.causes.is_response(event)
            self._verdicts.append(self._chains.verdict(event, place, is_response=answered))
        if now.is_waiting and not was_waiting:
            self._waits.append((event.at, event))
        if ended is not None and now.ended_at is None:
            self._reopened.append(event.at)
        for bucket, clock in live.items():
            if now.live.get(bucket) is not clock:
                self._stopped[bucket, clock.cycle] = event
        for bucket, clock in now.live.items():
            if live.get(bucket) is not clock:
                self._started[bucket, clock.cycle] = event
        words = (now.customer, now.priority, now.board, now.type)
        if not self._attributes or self._attributes[-1][1] != words:
            self._attributes.append((event.at, words))

    def _forget(self) -> None:
        for kept in (self._changes, self._verdicts, self._waits, self._reopened, self._attributes):
            kept.clear()

    def told(self) -> Story:
        """All of it."""
        left_out = [(event, TAKEN_BACK) for event in self.undone] + self.fold.ignored
        return Story(
            self.fold.standing.id, self.fold.policies, tuple(self._changes), tuple(self._verdicts),
            tuple(self._waits), tuple(self._reopened), self.fold.standing.gaps, self._started, self._stopped,
            tuple(sorted(left_out, key=lambda pair: pair[0].at)), tuple(self._attributes),
        )  # fmt: skip
