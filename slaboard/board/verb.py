"""The verbs of the board: what can be done with a ticket, the letter of each in the menu, and what it asks first."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from slaboard.board import keys
from slaboard.board.state import Board
from slaboard.ticket import Bucket, Stage, Ticket

WAITS = ("customer", "vendor", "parts", "change window")
"""Whom one waits for, one key away."""

Sense = Callable[[Ticket, Board], str | None]
"""The sentence that says why a verb makes no sense on a ticket; None where it does, as far as the board knows."""


class Verb(Struct, frozen=True):
    """One thing people do. `id` is the action's id, and the store's verb where `field` is empty."""

    id: str
    letter: str
    """Its key in the menu, for good."""
    label: str
    """What the menu calls it."""
    title: str
    """Before the ticket's id: `Claim T-1`."""
    done: str
    """Of several tickets: `claimed`."""
    refusal: Sense
    asks: str = ""
    """What is typed first: a reason, a note, the new value; empty for nothing."""
    needs_text: bool = False
    field: str = ""
    """What of the ticket it sets."""

    @property
    def confirms(self) -> bool:
        """Somebody else loses something, so it asks first."""
        return self.id == "takeover"


def _ended(ticket: Ticket, board: Board) -> str | None:
    if ticket.stage.is_open:
        return None
    return f"{ticket.id} is {ticket.stage}. {_how('reopen', board)} it first."


def _how(verb: str, board: Board) -> str:
    """`r reopens`, or how it is reached in the menu."""
    cap, menu = keys.cap(verb, board.keys), keys.cap("menu", board.keys)
    return f"{cap or f'{menu} {BY_ID[verb].letter}'} {verb}s"


def _claim(ticket: Ticket, board: Board) -> str | None:
    if ticket.owner is not None and board.shared:  # in personal mode the store says who was first, and when
        return f"{ticket.id} is {ticket.owner}'s. {keys.cap('takeover', board.keys)} takes it over."
    return None


def _owned(ticket: Ticket, board: Board) -> str | None:
    if ticket.owner is None:
        return f"Nobody owns {ticket.id}. {keys.cap('claim', board.keys)} claims it."
    return _ended(ticket, board)


def _engage(ticket: Ticket, board: Board) -> str | None:
    resplan = ticket.clock(Bucket.RESPLAN)
    if ticket.stage is Stage.RESOLVE and (resplan is None or not resplan.is_live):
        return f"Somebody is working on {ticket.id} with the customer already."
    return _ended(ticket, board)


def _unclosed(ticket: Ticket, board: Board) -> str | None:
    return _ended(ticket, board) if ticket.stage is Stage.CLOSED else None


def _wait(ticket: Ticket, board: Board) -> str | None:
    if ticket.stage is Stage.WAITING:
        return f"{ticket.id} is waiting already. {_how('resume', board)} it."
    return _ended(ticket, board)


def _resume(ticket: Ticket, board: Board) -> str | None:
    if ticket.stage is not Stage.WAITING and ticket.stage.is_open:
        return f"{ticket.id} is not waiting, so there is nothing to resume."
    return _ended(ticket, board)


def _reopen(ticket: Ticket, board: Board) -> str | None:
    return f"{ticket.id} is open, so there is nothing to reopen." if ticket.stage.is_open else None


def _always(ticket: Ticket, board: Board) -> str | None:
    return None


VERBS = (
    Verb("claim", "c", "claim", "Claim", "claimed", _claim),
    Verb("engage", "e", "engage", "Engage on", "engaged on", _engage),
    Verb("respond", "r", "respond", "Respond on", "answered", _unclosed, "What was said (may be empty)"),
    Verb("wait", "w", "wait", "Wait on", "put on wait", _wait, "Wait for whom", needs_text=True),
    Verb("resume", "m", "resume", "Resume", "resumed", _resume),
    Verb("resolve", "v", "resolve", "Resolve", "resolved", _ended, "How (may be empty)"),
    Verb("reopen", "o", "reopen", "Reopen", "reopened", _reopen, "Why (may be empty)"),
    Verb("note", "n", "note", "Note on", "noted on", _always, "The note", needs_text=True),
    Verb("release", "d", "release", "Release", "released", _owned, "Why (may be empty)"),
    Verb("takeover", "t", "take over", "Take over", "taken over", _owned),
    Verb("priority", "p", "priority", "Set priority of", "set", _unclosed, "Priority", True, "priority"),
    Verb("customer", "u", "customer", "Set customer of", "set", _unclosed, "Customer", True, "customer"),
    Verb("title", "i", "title", "Set title of", "set", _unclosed, "Title", True, "title"),
)
"""In the order of the menu. `q` is nobody's letter: it closes the menu."""
BY_ID: Mapping[str, Verb] = {verb.id: verb for verb in VERBS}
BY_LETTER: Mapping[str, Verb] = {verb.letter: verb for verb in VERBS}


def reached(action: str, effective: Mapping[str, str]) -> str:
    """How hands get to `action`: by its keys as they are set, else by the menu, else by the commands."""
    caps, menu, commands = (keys.caps(name, effective) for name in (action, "menu", "commands"))
    if caps:
        return caps
    if menu and action in BY_ID:
        return f"{menu} {BY_ID[action].letter}"
    return f"{keys.cap('commands', effective)} {action}" if commands else ""


def sensible(verb: Verb, tickets: tuple[Ticket, ...], board: Board) -> bool:
    """True where at least one of `tickets` can have it done and has it not already."""
    return any(verb.refusal(ticket, board) is None and not _is_mine(verb, ticket, board) for ticket in tickets)


def _is_mine(verb: Verb, ticket: Ticket, board: Board) -> bool:
    """True where it would make somebody the owner of what is theirs."""
    return verb.id in ("claim", "takeover") and ticket.owner is not None and ticket.owner == board.person
