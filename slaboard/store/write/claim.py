"""A claim that wins: the one act that is a race, decided by the ticket's rows alone.

To replay the ticket first, as other acts do, cost a third more. What cannot be claimed is left to the rules of
`acts`, which know the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slaboard.sla.policy import PolicySet
from slaboard.store.base import Act, Done
from slaboard.store.disk.driver import Connection
from slaboard.store.rows import clock_of
from slaboard.store.write import acts
from slaboard.store.write.settle import next_rev, settle_owner, stored
from slaboard.text import clean
from slaboard.ticket import Event, Kind, Stage

# The live clocks of a ticket.
_LIVE = "SELECT * FROM clocks WHERE ticket_id = ? AND stopped_at IS NULL"
# The last event of a ticket: an act comes behind it, also where this machine's clock is behind.
_LAST = "SELECT at, order_in_instant FROM events WHERE ticket_id = ? ORDER BY at DESC, order_in_instant DESC LIMIT 1"


def claimed(connection: Connection, act: Act, row: Mapping[str, Any], policies: PolicySet, now: int) -> Done | None:
    """The claim, written; None where the ticket's `row`, or a clock's zone, forbids it."""
    if row["owner"] is not None or row["ended_at"] is not None or row["policy_version"] != row["current"]:
        return None
    acts.check_person(act.who)
    last = connection.execute(_LAST, (act.ticket,)).fetchall()
    at, order = last[0] if last else (now, -1)
    if not (isinstance(at, int) and isinstance(order, int)):
        return None
    order, now = (order + 1 if at >= now else 0), max(at, now)
    live = connection.execute(_LIVE, (act.ticket,)).fetchall()
    clocks = list(map(clock_of, live))
    if row["stage"] != Stage.WAITING and acts.unclaimable(clocks, policies, act, now) is not None:
        return None
    rev = next_rev(connection)
    event = Event(ticket=act.ticket, at=now, order=order, kind=Kind.CLAIM, actor=act.who, via=act.via)
    (made,) = stored(connection, [event], rev)
    settle_owner(connection, act.ticket, act.who, now, rev)
    counted = next((clock for clock, row in zip(clocks, live, strict=True) if row["place"] in (1, 2)), None)
    left = acts.until_breach(counted, policies, now) if counted is not None else ""
    return Done(act, now, made.seq, act.who, f"{clean(act.ticket)} is {clean(act.who)}'s{left}")
