"""What happened to a ticket, told in one line an event. An event's texts come raw from mail: each is cleaned here."""

from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType

from slaboard.board.cells import safe
from slaboard.ticket import ActorKind, Direction, Event, Kind


def told(event: Event) -> str:
    """`Ana claimed`, `Ana set the status to Active (plan)`: one clean line."""
    sentence = _TOLD[event.kind](event, _who(event))
    return f"{sentence}: {safe(event.reason)}" if event.reason and event.kind is not Kind.STATUS else sentence


def quoted(event: Event) -> str:
    """What was written with it, one clean line; empty when nothing was."""
    return safe(event.note or "")


def _who(event: Event) -> str:
    if event.actor:
        return safe(event.actor)
    return {ActorKind.HUMAN: "somebody", ActorKind.AUTOMATION: "a rule", ActorKind.CUSTOMER: "the customer"}[
        event.actor_kind
    ]


def _by(event: Event) -> str:
    return f" by {safe(event.channel)}" if event.channel else ""


def _created(event: Event, who: str) -> str:
    customer = f" for {safe(event.customer)}" if event.customer else ""
    author = f" by {who}" if event.actor else ""
    return f"created{author}{customer}"


def _message(event: Event, who: str) -> str:
    if event.direction is Direction.IN:
        return f"{who} wrote{_by(event)}"
    if event.actor_kind is ActorKind.AUTOMATION:
        return f"{who} sent an automatic message{_by(event)}"
    return f"{who} answered{_by(event)}"


def _status(event: Event, who: str) -> str:
    details = ": ".join(safe(text) for text in (event.stage, event.reason) if text)
    return f"{who} set the status to {safe(event.status or '') or 'none'}" + (f" ({details})" if details else "")


def _claim(event: Event, who: str) -> str:
    return f"{who} claimed for {safe(event.owner)}" if event.owner and event.owner != event.actor else f"{who} claimed"


def _survey(event: Event, who: str) -> str:
    marks = [f"{event.csat} of 5"] if event.csat is not None else []
    marks += [f"would recommend {event.nps} of 10"] if event.nps is not None else []
    return f"survey: {', '.join(marks) or 'no answer'}"


def _set(what: str, value: Callable[[Event], str | None]) -> Callable[[Event, str], str]:
    return lambda event, who: f"{who} set the {what} to {safe(value(event) or '') or 'none'}"


def _did(verb: str) -> Callable[[Event, str], str]:
    return lambda event, who: f"{who} {verb}"


_TOLD = MappingProxyType(
    {
        Kind.CREATED: _created,
        Kind.PRIORITY: _set("priority", lambda event: event.priority),
        Kind.CUSTOMER: _set("customer", lambda event: event.customer),
        Kind.TITLE: _set("title", lambda event: event.title),
        Kind.STATUS: _status,
        Kind.MESSAGE: _message,
        Kind.CLAIM: _claim,
        Kind.RELEASE: _did("released"),
        Kind.TAKEOVER: _did("took over"),
        Kind.ENGAGE: _did("engaged"),
        Kind.RESOLVE: _did("resolved"),
        Kind.REOPEN: _did("reopened"),
        Kind.CLOSE: _did("closed"),
        Kind.NOTE: _did("noted"),
        Kind.SURVEY: _survey,
        Kind.UNDO: _did("took back an act"),
        Kind.PRUNE: _did("removed its texts"),
    }
)
