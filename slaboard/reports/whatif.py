"""What another policy would have made of the past: every result under both, and the tickets that flip. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TypeVar

from msgspec import Struct, field

from slaboard.reports.period import Period
from slaboard.sla.calendar import CalendarError
from slaboard.sla.clock import Replay
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet
from slaboard.ticket import Bucket, Clock, Event

Key = tuple[Bucket, int]
T = TypeVar("T")


class Result(Struct, frozen=True):
    """One finished clock, with whose ticket it was when it stopped."""

    ticket: str
    clock: Clock
    customer: str
    priority: str

    @property
    def stopped_at(self) -> int:
        """When, epoch seconds."""
        assert self.clock.stopped_at is not None
        return self.clock.stopped_at


def results(ticket: str, events: Iterable[Event], policies: PolicySet) -> Mapping[Key, Result]:
    """Every clock of `ticket` that finished, judged under `policies`; none where a calendar has no time left."""
    fold, found = Replay(ticket, policies), dict[Key, Result]()
    try:
        for event in ordered(events, policies):
            opened_at = fold.standing.opened_at
            fold.apply(event)
            now = fold.standing
            if now.opened_at != opened_at:  # created: what came before is forgotten
                found.clear()
            if len(now.done) > len(found):
                fresh = ((key, clock) for key, clock in now.done.items() if key not in found)
                found |= {key: Result(ticket, clock, now.customer, now.priority) for key, clock in fresh}
    except CalendarError:
        return {}
    return found


class Flip(Struct, frozen=True):
    """One result that would have been another."""

    before: Result
    after: Result

    @property
    def is_better(self) -> bool:
        """Missed, and would have been met."""
        return bool(self.after.clock.met)


class Row(Struct):
    """Results of one group under both policies, added up."""

    n: int = 0
    met: int = 0
    tried_n: int = 0
    tried_met: int = 0
    to_met: int = 0
    to_missed: int = 0

    def add(self, before: Result | None, after: Result | None) -> None:
        """Take in one clock; None where that policy does not promise it."""
        was, would = (None if found is None else bool(found.clock.met) for found in (before, after))
        self.n += was is not None
        self.met += was is True
        self.tried_n += would is not None
        self.tried_met += would is True
        self.to_met += was is False and would is True
        self.to_missed += was is True and would is False

    def join(self, other: Row) -> None:
        """Take in all of another."""
        for name in Row.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Foremost(Struct):
    """The few flips that a person should see: those to missed before those to kept, the latest first."""

    most: int
    _flips: list[Flip] = field(default_factory=list)

    def add(self, flips: Iterable[Flip]) -> None:
        """Take in some; at most twice as many as are shown are kept."""
        self._flips += flips
        if len(self._flips) > 2 * self.most:
            self._flips = self.all()

    def all(self) -> list[Flip]:
        """The foremost, in order."""
        return sorted(self._flips, key=lambda flip: (flip.is_better, -flip.after.stopped_at))[: self.most]


class Trial(Struct):
    """The past under the policy in force, `before`, and under another, `after`: results that stopped in `period`."""

    before: PolicySet
    after: PolicySet
    period: Period = field(default_factory=Period)
    rows: dict[tuple[Bucket, str], Row] = field(default_factory=dict)
    """By promise and customer."""
    tickets: int = 0

    def add(self, ticket: str, events: Iterable[Event]) -> list[Flip]:
        """Judge one ticket's whole history twice; what of it flips, which is counted here and kept by nobody."""
        events, flips = list(events), list[Flip]()
        old, new = results(ticket, events, self.before), results(ticket, events, self.after)
        self.tickets += 1
        for key in {**old, **new}:
            before, after = (self._counted(found.get(key)) for found in (old, new))
            one = before or after
            if one is None:
                continue
            self.rows.setdefault((key[0], one.customer), Row()).add(before, after)
            if before is not None and after is not None and before.clock.met != after.clock.met:
                flips.append(Flip(before, after))
        return flips

    def _counted(self, result: Result | None) -> Result | None:
        return result if result is not None and self.period.holds(result.stopped_at) else None

    def by_bucket(self) -> dict[Bucket, Row]:
        """The rows of all customers, in the board's order of promises."""
        return dict(sorted(self._by(lambda key: key[0]).items(), key=lambda item: list(Bucket).index(item[0])))

    def by_customer(self) -> dict[str, Row]:
        """The rows of all promises; those first that flip most."""
        found = self._by(lambda key: key[1])
        return dict(sorted(found.items(), key=lambda item: (-item[1].to_met - item[1].to_missed, -item[1].n, item[0])))

    def _by(self, of: Callable[[tuple[Bucket, str]], T]) -> dict[T, Row]:
        found: dict[T, Row] = {}
        for key, row in self.rows.items():
            found.setdefault(of(key), Row()).join(row)
        return found

    def in_order(self) -> Iterator[tuple[Bucket, str, Row]]:
        """Every row, in the board's order of promises, then by customer."""
        order = list(Bucket)
        for bucket, customer in sorted(self.rows, key=lambda key: (order.index(key[0]), key[1])):
            yield bucket, customer, self.rows[bucket, customer]
