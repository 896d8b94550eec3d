"""The course of one ticket, from its events: when it was open, who claimed it, what its customer said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from msgspec import Struct, field

from slaboard.reports.question import Key
from slaboard.sla.order import is_call, ordered
from slaboard.sla.policy import PolicySet
from slaboard.ticket import ActorKind, Direction, Event, Kind

KINDS = (
    Kind.CREATED, Kind.STATUS, Kind.RESOLVE, Kind.CLOSE, Kind.REOPEN, Kind.MESSAGE, Kind.CLAIM, Kind.RELEASE,
    Kind.TAKEOVER, Kind.SURVEY, Kind.UNDO,
)  # fmt: skip
"""Events that a course is made of."""
ENDLESS = 1 << 62


class Course(Struct):
    """What one ticket went through. Instants are epoch seconds."""

    facts: Mapping[str, Key]
    """By a word of FACTS: what the ticket is now."""
    opened_at: int | None = None
    spells: list[tuple[int, int]] = field(default_factory=list)
    """From when to when it was open; the last one may be ENDLESS."""
    answers: int = 0
    """How often a person answered the customer before its first end, or in the same second."""
    claims: list[tuple[int, str, bool]] = field(default_factory=list)
    """When, whose it became, and whether it was taken over from somebody."""
    csat: list[tuple[int, int]] = field(default_factory=list)
    nps: list[tuple[int, int]] = field(default_factory=list)
    """Answers to surveys, each with its instant."""

    @property
    def first_end(self) -> int | None:
        """When it was resolved or closed for the first time, None while it never was."""
        return self.spells[0][1] if self.spells and self.spells[0][1] != ENDLESS else None

    @property
    def ends(self) -> list[int]:
        """Every time that it was resolved or closed."""
        return [end for _, end in self.spells if end != ENDLESS]

    @property
    def reopenings(self) -> list[int]:
        """Every time that it was opened again."""
        return [begin for begin, _ in self.spells[1:]]


def course(facts: Mapping[str, Key], events: Iterable[Event], policies: PolicySet) -> Course:
    """What the events (in any order, undone ones among them) come to, as the clocks see them (docs/semantics.md)."""
    found = Course(facts)
    for event in ordered(events, policies):
        if event.kind is Kind.CREATED and found.opened_at is None:
            found = Course(
                facts, event.at, [(event.at, ENDLESS)]
            )  # what came before is older than the ticket (rule 22)
            if event.stage is not None or event.status is not None:
                _status(found, event, policies)
        else:
            _STEPS.get(event.kind, _nothing)(found, event, policies)
    return found


def _nothing(found: Course, event: Event, policies: PolicySet) -> None:
    pass


def _status(found: Course, event: Event, policies: PolicySet) -> None:
    stage = event.stage or policies.stage_of(event.status)
    if stage is not None:
        (_reopened if stage.is_open else _ended)(found, event, policies)


def _ended(found: Course, event: Event, policies: PolicySet) -> None:
    if found.spells and found.spells[-1][1] == ENDLESS:
        found.spells[-1] = (found.spells[-1][0], event.at)


def _reopened(found: Course, event: Event, policies: PolicySet) -> None:
    if found.spells and found.spells[-1][1] != ENDLESS:
        found.spells.append((event.at, ENDLESS))


def _message(found: Course, event: Event, policies: PolicySet) -> None:
    if event.actor_kind is ActorKind.HUMAN and (event.direction is Direction.OUT or is_call(event)):
        end = found.first_end
        found.answers += end is None or event.at <= end


def _claimed(found: Course, event: Event, policies: PolicySet) -> None:
    found.claims.append((event.at, event.owner or event.actor or "", event.kind is Kind.TAKEOVER))


def _survey(found: Course, event: Event, policies: PolicySet) -> None:
    if event.csat is not None:
        found.csat.append((event.at, event.csat))
    if event.nps is not None:
        found.nps.append((event.at, event.nps))


_STEPS: Mapping[Kind, Callable[[Course, Event, PolicySet], None]] = {
    Kind.STATUS: _status,
    Kind.RESOLVE: _ended,
    Kind.CLOSE: _ended,
    Kind.REOPEN: _reopened,
    Kind.MESSAGE: _message,
    Kind.CLAIM: _claimed,
    Kind.TAKEOVER: _claimed,
    Kind.SURVEY: _survey,
}
