"""The obvious reference for rules 11 and 17: which events of a ticket count, and in which order."""

from __future__ import annotations

from collections.abc import Callable

from slaboard.ticket import ActorKind, Direction, Event, Kind, Stage

StageOf = Callable[[Event], Stage | None]
"""To which stage a status moves."""


def plain(word: str | None) -> str:
    """A word as policies compare it."""
    return (word or "").strip().casefold()


def names_of(e: Event) -> list[str]:
    """How others may name `e` as their cause, or take it back."""
    return [name for name in (e.id, f"#{e.seq}") if name]


def history(events: list[Event], stage_of: StageOf) -> list[Event]:
    """What counts of `events`, in order: no undo, and nothing undone."""
    kept = [e for e in events if e.kind is not Kind.UNDO and not _is_undone(e, events)]
    return sorted(kept, key=lambda e: (e.at, e.kind is not Kind.CREATED, e.order, _turn(e, kept, stage_of), e.seq))


def _turn(e: Event, events: list[Event], stage_of: StageOf) -> tuple[int, int]:
    """Rule 17: when it is the turn of `e` among those of its instant, and behind how many of its causes."""
    own = _own_turn(e, stage_of)
    for cause in events:
        if e.caused_by in names_of(cause) and (cause.at, cause.order) == (e.at, e.order):
            turn, behind = _turn(cause, events, stage_of)
            return max(own, turn), behind + 1
    return own, 0


def _own_turn(e: Event, stage_of: StageOf) -> int:
    """What is promised, then stop > pause > resume > start, where the end is the last of the stops."""
    match e.kind:
        case Kind.PRIORITY | Kind.CUSTOMER | Kind.TITLE:
            return 1
        case Kind.RESOLVE | Kind.CLOSE:
            return 3
        case Kind.REOPEN:
            return 6
        case Kind.MESSAGE if e.direction is Direction.IN and e.actor_kind is not ActorKind.AUTOMATION:
            return 2 if e.actor_kind is ActorKind.HUMAN and e.channel == "phone" else 6
        case Kind.STATUS:
            stage = stage_of(e)
            return 2 if stage is None else 3 if not stage.is_open else 4 if stage is Stage.WAITING else 5
    return 2


def _is_undone(event: Event, events: list[Event]) -> bool:
    """An undo is undone only by a later one."""
    undos = [e for e in events if e.kind is Kind.UNDO and e.caused_by in names_of(event)]
    if event.kind is Kind.UNDO:
        undos = [e for e in undos if (e.at, e.order, e.seq) > (event.at, event.order, event.seq)]
    return any(not _is_undone(e, events) for e in undos)
