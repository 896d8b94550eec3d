"""In which order the events of one ticket count, and which of them an undo takes back (rules 11, 17 and 22)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from itertools import pairwise

from slaboard.sla.policy import PolicySet
from slaboard.ticket import ActorKind, Direction, Event, Kind, Stage

CALLS = frozenset({"phone", "call"})
"""Channels whose message by a human is a logged call, which is a response whichever way it went (rule 8)."""


class Turn(IntEnum):
    """Whose turn it is among the events of one instant that have no sequence: stop > pause > resume > start (rule 17).

    A change of what is promised goes first, so that what stops in its instant stops under it; the end goes after the
    other stops, so that an answer which comes with the solution is an answer and not a bucket skipped.
    """

    CHANGE = 0
    ACT = 1
    END = 2
    PAUSE = 3
    RESUME = 4
    START = 5


_TURNS: Mapping[Kind, Turn] = {
    Kind.PRIORITY: Turn.CHANGE,
    Kind.CUSTOMER: Turn.CHANGE,
    Kind.TITLE: Turn.CHANGE,
    Kind.RESOLVE: Turn.END,
    Kind.CLOSE: Turn.END,
    Kind.REOPEN: Turn.START,
}


def ordered(events: Iterable[Event], policies: PolicySet) -> list[Event]:
    """`events` in the order they count: by time, then sequence, then turn, where an effect follows its cause.

    What is still equal stays as it came. The creation opens its instant. Events that an `undo` takes back, and the
    undos, are left out.
    """
    kept = _without_undone(list(events))
    if all(one.at < other.at for one, other in pairwise(kept)):
        return kept  # as most histories are: no two events share an instant
    causes = {name: event for event in kept for name in names_of(event)} if any(e.caused_by for e in kept) else {}
    return sorted(kept, key=lambda e: (e.at, e.kind is not Kind.CREATED, e.order, *_turn(e, causes, policies), e.seq))


def names_of(event: Event) -> set[str]:
    """How `caused_by` may name `event`: by the source's id, or by `#` and the store's sequence."""
    return {name for name in (event.id, f"#{event.seq}" if event.seq else None) if name}


def is_call(event: Event) -> bool:
    """True when a human spoke with the customer, whoever rang."""
    return event.actor_kind is ActorKind.HUMAN and (event.channel or "").lower() in CALLS


def is_from_customer(event: Event) -> bool:
    """True for a message that came in, also where its line does not say that a customer wrote it."""
    return (
        event.kind is Kind.MESSAGE
        and event.direction is Direction.IN
        and event.actor_kind is not ActorKind.AUTOMATION
        and not is_call(event)
    )


def _without_undone(events: list[Event]) -> list[Event]:
    """The events that count. An undo may itself be undone, by a later one; it need not be later than what it undoes."""
    undos = sorted((event for event in events if event.kind is Kind.UNDO), key=lambda e: (e.at, e.order, e.seq))
    if not undos:
        return events
    undone: set[str] = set()
    for undo in undos[::-1]:
        if undo.caused_by and undone.isdisjoint(names_of(undo)):
            undone.add(undo.caused_by)
    return [event for event in events if event.kind is not Kind.UNDO and undone.isdisjoint(names_of(event))]


def _turn(event: Event, causes: Mapping[str, Event], policies: PolicySet) -> tuple[Turn, int]:
    """The turn of `event`, no earlier than that of its causes in the same instant, and how many of those there are."""
    turn, depth = _own_turn(event, policies), 0
    cause = causes.get(event.caused_by or "")
    while cause is not None and (cause.at, cause.order) == (event.at, event.order) and depth < len(causes):
        turn, depth = max(turn, _own_turn(cause, policies)), depth + 1
        cause = causes.get(cause.caused_by or "")
    return turn, depth


def _own_turn(event: Event, policies: PolicySet) -> Turn:
    if event.kind is Kind.STATUS:
        stage = event.stage or policies.stage_of(event.status)
        if stage is None:
            return Turn.ACT
        if stage is Stage.WAITING:
            return Turn.PAUSE
        return Turn.RESUME if stage.is_open else Turn.END
    return Turn.START if is_from_customer(event) else _TURNS.get(event.kind, Turn.ACT)
