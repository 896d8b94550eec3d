"""Why one message was a response or was none: its chain of causes, and the link that decides (rule 8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct

from slaboard.sla.order import is_call, is_from_customer, names_of
from slaboard.text import clean
from slaboard.ticket import ActorKind, Direction, Event, Kind


class Verdict(Struct, frozen=True):
    """One outbound message (or logged call), whether it is a response, and the link that decides it."""

    event: Event
    is_response: bool
    why: str
    chain: tuple[Event, ...]
    """The message, its cause, the cause of that, as far as they are known."""


class Chains:
    """All events of a ticket that count, by the names under which messages give them as their cause."""

    def __init__(self, counted: Iterable[Event], undone: Iterable[Event]) -> None:
        self._named: dict[str, Event] = {}
        self._place: dict[str, int] = {}
        for place, event in enumerate(counted):
            for name in names_of(event):
                self._named[name], self._place[name] = event, place
        self._undone = frozenset(name for event in undone for name in names_of(event))

    def verdict(self, event: Event, place: int, *, is_response: bool) -> Verdict:
        """What the engine said of `event`, the `place`-th that counts, and why it did."""
        chain, broken = self._chain(event, place)
        if event.actor_kind is not ActorKind.AUTOMATION:
            why = _of_a_person(event)
        elif is_response:
            why = f"it is automatic, but the {named(chain[-1])} caused it"
        elif broken is None:
            why = _of_a_root(chain[-1])
        elif len(chain) == 1:
            why = f"it is automatic and {broken}"
        else:
            why = f"it is automatic, and so is what caused it: the {named(chain[-1])} {broken}"
        return Verdict(event, is_response, why, chain)

    def _chain(self, event: Event, place: int) -> tuple[tuple[Event, ...], str | None]:
        """The links up to the first that was not automatic; else why it ends before one."""
        chain, gone_by = [event], set(names_of(event))
        while chain[-1].actor_kind is ActorKind.AUTOMATION:
            name = chain[-1].caused_by
            if not name:
                return tuple(chain), "names no cause"
            if name in gone_by:
                return tuple(chain), "names a cause that leads back to it"
            if name not in self._named:
                known = "that was taken back" if name in self._undone else "that is not known"
                return tuple(chain), f"names a cause {known}"
            if self._place[name] > place:
                return tuple(chain), "names a cause that came after it"
            gone_by.add(name)
            chain.append(self._named[name])
        return tuple(chain), None


def _of_a_person(event: Event) -> str:
    if event.actor_kind is ActorKind.CUSTOMER:
        return "the customer wrote it"
    if is_call(event):
        return "a human spoke with the customer"
    return "a human sent it" if event.direction is Direction.OUT else "it does not say that it went to the customer"


def _of_a_root(root: Event) -> str:
    if root.kind is Kind.CREATED:
        return "it is automatic and only the ticket's creation caused it"
    if root.actor_kind is ActorKind.CUSTOMER or is_from_customer(root):
        return f"it is automatic and what caused it was the customer's: the {named(root)}"
    return f"it is automatic and what caused it is no act on the ticket: the {named(root)}"


_NOUNS: Mapping[Kind, str] = {Kind.CREATED: "creation", Kind.PRIORITY: "change of priority", Kind.TITLE: "new title",
                              Kind.CUSTOMER: "change of customer", Kind.RESOLVE: "resolution"}  # fmt: skip


def named(event: Event) -> str:
    """`message of ana`, `call of ben`, `status Active of automation rule 7`: an event in a sentence, texts clean."""
    noun = "call" if event.kind is Kind.MESSAGE and is_call(event) else _NOUNS.get(event.kind, event.kind.value)
    if event.kind is Kind.STATUS:
        noun = f"status {clean(event.status or event.stage or '', limit=60)}".rstrip()
    who = [] if event.actor_kind is ActorKind.HUMAN else [event.actor_kind.value]
    who += [clean(event.actor, limit=60)] if event.actor else []
    return f"{noun} of {' '.join(who)}" if who else noun
