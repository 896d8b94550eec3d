"""Why a ticket's clocks stand where they stand, and where their time went: what the store holds, explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slaboard.board.state import Detail
from slaboard.sla.autopsy import Autopsy, autopsy, is_breached
from slaboard.sla.explain import Explanation, explain
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.ticket import Clock


def explanations(source: SqliteStore | Past, ticket: str, now: int) -> Iterator[Explanation]:
    """Each clock of `ticket`, the one it counts under first; finished ones under the policy version that judged them.

    Raises NoSuchTicket.
    """
    store = source.store if isinstance(source, Past) else source
    detail = source.detail(ticket, now)
    counted = detail.ticket.clock(detail.ticket.bucket)
    for clock in sorted(detail.ticket.clocks, key=lambda clock: clock is not counted):
        policies = store.policy_of(clock.policy_version)
        yield explain(ticket, clock, policies.calendars[clock.calendar], detail.events, policies, now)


def autopsies(source: SqliteStore | Past, ticket: str, now: int) -> tuple[Autopsy, ...]:
    """Each clock of `ticket` taken apart, in the board's order; finished ones under the version that judged them.

    Raises NoSuchTicket.
    """
    detail = source.detail(ticket, now)
    return taken_apart(source, detail, detail.ticket.clocks, now)


def late(source: SqliteStore | Past, detail: Detail, now: int) -> tuple[Autopsy, ...]:
    """The late clocks of a ticket taken apart."""
    return taken_apart(source, detail, [clock for clock in detail.ticket.clocks if is_breached(clock, now)], now)


def taken_apart(source: SqliteStore | Past, detail: Detail, clocks: Iterable[Clock], now: int) -> tuple[Autopsy, ...]:
    """These clocks of a ticket, in their order."""
    store = source.store if isinstance(source, Past) else source
    found = []
    for clock in clocks:
        policies = store.policy_of(clock.policy_version)
        calendar = policies.calendars[clock.calendar]
        found.append(autopsy(detail.ticket.id, clock, calendar, detail.events, policies, now))
    return tuple(found)
