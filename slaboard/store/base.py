"""What every store can do: the verbs people use, and the questions a board asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from msgspec import Struct
from msgspec.structs import force_setattr

from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import View
from slaboard.sla.policy import PolicySet
from slaboard.store.team.pin import PinCheck
from slaboard.text import cap
from slaboard.ticket import Engineer, Ticket


class Act(Struct, frozen=True):
    """One thing a person does to one ticket, now. `verb` is the user's word; every text is as the store keeps it."""

    verb: str
    ticket: str
    who: str
    text: str | None = None
    """The note's or message's text, or why one waits, releases, reopens."""
    changes: Mapping[str, str | None] | None = None
    """For `set` and `add`: priority, customer, title, status, owner, board, type, url."""
    any_zone: bool = False
    """Claim a green ticket although the policy would rather not."""
    via: str | None = None
    """`user@host tty mode`, for the audit."""
    seq: int | None = None
    """For `undo`: which event is taken back."""

    def __post_init__(self) -> None:
        for name in ("ticket", "who", "text", "via"):
            if (value := getattr(self, name)) is not None:
                force_setattr(self, name, cap(value))
        if self.changes is not None:
            said = {name: None if value is None else cap(value) for name, value in self.changes.items()}
            force_setattr(self, "changes", said)


class Done(Struct, frozen=True):
    """An act that is in the store for good."""

    act: Act
    at: int
    seq: int
    """The event's number in commit order."""
    owner: str | None
    text: str
    """What happened, as a sentence without its first word."""


class PolicyVersion(Struct, frozen=True):
    """One version of the policy: the text as it was applied, by whom and when (epoch seconds)."""

    version: int
    author: str
    applied_at: int
    text: str
    rejudged_since: int | None = None
    """From when on finished results were judged anew under it, once, because it had not been chosen yet (rule 15)."""


class Store(Protocol):
    """A shared store. Every method may raise StoreError; `now` and every instant are epoch seconds."""

    name: str

    def act(self, act: Act, now: int) -> Done:
        """Do it in one transaction (event, row and clocks), or raise Lost, Gone, Refused or NoSuchTicket."""
        ...

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid at `now`, of all open tickets or of those that the view's filter lets through."""
        ...

    def tick(self, grid: Grid, now: int) -> Grid:
        """`grid` moved on to `now`, while no ticket changed; costs the same at any size."""
        ...

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on."""
        ...

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        ...

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        ...

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history."""
        ...

    def tickets(self, now: int, *, view: View, ended: bool = False, as_it_came: bool = False) -> Iterator[Ticket]:
        """Every ticket of the view, with the ended ones when asked for; `as_it_came` leaves texts as they came."""
        ...

    def revision(self) -> int:
        """Grows with everything that changes on a board."""
        ...

    def catch_up(self, now: int) -> int:
        """Recompute a batch of tickets that another program changed; how many there were."""
        ...

    def team(self) -> tuple[Engineer, ...]:
        """The roster, by key letter."""
        ...

    def pin_ok(self, name: str, typed: str, now: int) -> PinCheck:
        """Whether `typed` is the PIN of `name`, and if not, what to say and how long to wait."""
        ...

    def loads(self) -> Mapping[str, int]:
        """Open tickets per owner."""
        ...

    def policy(self) -> PolicySet:
        """The policy in force."""
        ...

    def history(self) -> Sequence[PolicyVersion]:
        """Every version of the policy, oldest first."""
        ...

    def close(self) -> None:
        """Let go of the store."""
        ...
