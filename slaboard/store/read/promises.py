"""What a new policy would do to the open tickets, before anybody puts it in force."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from msgspec import Struct, field

from slaboard.sla.policy import PolicySet
from slaboard.sla.standing import place
from slaboard.store.folding import Folded, folded
from slaboard.store.sqlite import SqliteStore
from slaboard.store.write.settle import BATCH
from slaboard.ticket import Clock, Ticket, Zone

Progress = Callable[[int], None]
"""Called with how many tickets are done."""


class Preview(Struct):
    """Open tickets under the policy in force and under another: who would move where."""

    open: int = 0
    moved: Counter[tuple[Zone | None, Zone | None]] = field(default_factory=Counter)
    """How many would change from one zone to another; None is no SLA."""
    born_red: int = 0
    """Would be red by the change alone; it rings no bell (rule 14)."""
    redated: int = 0
    """Would be due at another instant."""
    ended: int = 0
    """Would be resolved or closed, as their status words come to mean that."""

    def lines(self) -> Iterator[str]:
        """The same in sentences."""
        if not self.open:
            yield "No ticket is open, so nothing changes now."
            return
        yield f"{self.open:,} tickets are open; {self.redated:,} would be due at another time."
        total = sum(self.moved.values())
        yield f"{total:,} would change zone" + (":" if total else ".")
        for (old, new), count in sorted(self.moved.items(), key=lambda item: -item[1]):
            yield f"  {count:>7,} from {old or 'no SLA'} to {new or 'no SLA'}"
        if self.ended:
            yield f"{self.ended:,} would be resolved or closed: that is what their status means in this file."
        if self.born_red:
            yield f"{self.born_red:,} would be born red: late by the change, not by the work."


def preview(store: SqliteStore, policies: PolicySet, now: int, on_progress: Progress | None = None) -> Preview:
    """What `policies` would make of every open ticket at `now`; nothing is written."""
    found = Preview()
    for tickets in _open(store, now):
        histories = store.histories([ticket.id for ticket in tickets])
        for ticket in tickets:
            _compare(found, ticket, folded(ticket.id, histories.get(ticket.id, ()), policies, 0), now)
        if on_progress is not None:
            on_progress(found.open)
    return found


def _open(store: SqliteStore, now: int) -> Iterator[list[Ticket]]:
    last = ""
    sql = "SELECT id FROM tickets WHERE ended_at IS NULL AND id > ? ORDER BY id LIMIT ?"
    while ids := [row[0] for row in store.ask(sql, (last, BATCH))]:
        last = ids[-1]
        yield store.some(ids, now, as_it_came=True)


def _compare(found: Preview, ticket: Ticket, new: Folded, now: int) -> None:
    found.open += 1
    if new.fold.standing.ended_at is not None:
        found.ended += 1
        return
    clocks = ticket.clock(ticket.bucket), _placed(ticket, new)
    before, after = (clock.zone(now) if clock is not None else None for clock in clocks)
    if before is not after:
        found.moved[before, after] += 1
        found.born_red += after is Zone.RED
    due, fresh = (clock.due_at if clock is not None else None for clock in clocks)
    found.redated += due != fresh


def _placed(ticket: Ticket, new: Folded) -> Clock | None:
    """The clock under which `ticket` would count; what is finished stays as it was judged (rule 15)."""
    finished = {(clock.bucket, clock.cycle): clock for clock in ticket.clocks if not clock.is_live}
    running = [clock for clock in new.clocks if (clock.bucket, clock.cycle) not in finished]
    standing = new.fold.standing
    return place(standing.stage, standing.rung, (*running, *finished.values()))
