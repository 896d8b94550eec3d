"""In whose hands a ticket was, and when: seen by nobody, free, held, worked on, waiting, ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from enum import StrEnum

from msgspec import Struct

from slaboard.sla.calendar import CalendarError
from slaboard.sla.causes import is_deliberate
from slaboard.sla.clock import Replay
from slaboard.sla.edges import Wait
from slaboard.sla.order import is_call, ordered
from slaboard.sla.policy import PolicySet
from slaboard.sla.standing import Standing
from slaboard.ticket import OWNERS, Direction, Event, Kind, Stage


class Part(StrEnum):
    """Where a second of a clock's wall time went: each is exactly one of these (docs/history.md)."""

    UNSEEN = "unseen"
    """Nobody holds it, and no person of the team has done anything to it yet."""
    UNCLAIMED = "unclaimed"
    """A person has seen it; nobody holds it and nobody works on it."""
    IDLE = "idle"
    """Somebody holds it and has not worked on it since they got it, or since it waited."""
    WORKED = "worked"
    """Somebody works on it."""
    WAITING = "waiting"
    """It waits for somebody else, and the clock with it."""
    ENDED = "ended"
    """It was resolved and had not been reopened yet, `reopen_grace` included: only total resolution sees this."""
    OUTSIDE = "outside"
    """The clock's calendar was closed, whatever the ticket did."""


class Hand(Struct, frozen=True):
    """How things stand with a ticket from `at` on, until the next one."""

    at: int
    part: Part
    """Of UNSEEN, UNCLAIMED, IDLE and WORKED, whether it waits or not."""
    who: str | None
    """Who holds it; of what is worked on, who works."""
    is_waiting: bool = False
    reason: str | None = None
    """For whom it waits: the reason given, else the status word."""
    is_ended: bool = False


class Course(Struct, frozen=True):
    """The whole of a ticket's hands, in order, and when it was resolved before a reopen."""

    hands: tuple[Hand, ...]
    gaps: tuple[Wait, ...]


def course(ticket: str, events: Iterable[Event], policies: PolicySet) -> Course:
    """In whose hands `ticket` was, by all of its `events`, which may come in any order."""
    counted = ordered(events, policies)
    try:
        fold = Replay(ticket, policies)
        hands = tuple(_hands(fold, counted))
    except CalendarError:  # no time left in a calendar: whose a ticket was does not hang on what was promised
        fold = Replay(ticket, replace(policies, policies=()))
        hands = tuple(_hands(fold, counted))
    return Course(hands, fold.standing.gaps)


def _hands(fold: Replay, events: Iterable[Event]) -> Iterator[Hand]:
    is_seen = is_worked = False
    worker = reason = None
    for event in events:
        if event.kind is Kind.CREATED and fold.standing.opened_at is None:
            is_seen = is_worked = False  # what came before is older than the ticket, and ignored
        was_waiting = fold.standing.is_waiting
        fold.apply(event)
        if fold.ignored and fold.ignored[-1][0] is event:
            continue
        now = fold.standing
        is_seen = is_seen or is_deliberate(event)
        if now.is_waiting or now.ended_at is not None:
            is_worked = False
        elif event.kind in OWNERS:
            is_worked = is_worked and worker == now.owner
        elif _is_work(event, now, fold.policies):
            is_worked, worker = True, event.actor
        if now.is_waiting and not was_waiting:
            reason = event.reason or event.status
        part, who = _stands(now, is_seen, is_worked, worker)
        yield Hand(event.at, part, who, now.is_waiting, reason if now.is_waiting else None, now.ended_at is not None)


def _stands(now: Standing, is_seen: bool, is_worked: bool, worker: str | None) -> tuple[Part, str | None]:
    if is_worked:
        return Part.WORKED, worker
    if now.owner is not None:
        return Part.IDLE, now.owner
    return (Part.UNCLAIMED if is_seen else Part.UNSEEN), None


def _is_work(event: Event, now: Standing, policies: PolicySet) -> bool:
    """A person engages (rule 9), or the owner does something to the ticket beyond holding it."""
    if not is_deliberate(event):
        return False
    if event.kind is Kind.ENGAGE:
        return True
    is_own = event.actor is not None and event.actor == now.owner
    if event.kind is Kind.STATUS:
        stage = event.stage or policies.stage_of(event.status)
        return stage is not None and stage.is_open and (is_own or now.stage is Stage.RESOLVE)
    if event.kind is Kind.MESSAGE:
        return is_own and (event.direction is Direction.OUT or is_call(event))
    return is_own and event.kind is Kind.NOTE
