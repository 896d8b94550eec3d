"""Why a ticket's clocks stand where they stand, and where their time went: what the store holds, explained."""

from __future__ import annotations

from collections.abc import Iterator

from slaboard.sla.autopsy import Autopsy, autopsy
from slaboard.sla.explain import Explanation, explain
from slaboard.store.past import Past
from slaboard.store.sqlite import SqliteStore


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


def autopsies(source: SqliteStore | Past, ticket: str, now: int) -> Iterator[Autopsy]:
    """Each clock of `ticket` taken apart, in the board's order; finished ones under the version that judged them.

    Raises NoSuchTicket.
    """
    store = source.store if isinstance(source, Past) else source
    detail = source.detail(ticket, now)
    for clock in detail.ticket.clocks:
        policies = store.policy_of(clock.policy_version)
        yield autopsy(ticket, clock, policies.calendars[clock.calendar], detail.events, policies, now)
