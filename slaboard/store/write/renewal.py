"""Live clocks under another policy, from their own rows: what a ticket's events would say again need not be read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from slaboard.sla.calendar import BusinessCalendar, CalendarError
from slaboard.sla.clock import RETARGET
from slaboard.sla.edges import frozen, instants
from slaboard.sla.policy import Policy, PolicySet
from slaboard.sla.zones import Thresholds
from slaboard.store.disk.driver import Connection
from slaboard.store.rows import waits_of
from slaboard.ticket import Bucket, ClockState, Zone

# Live clocks of open tickets whose promise was never changed by an event, each with what its ticket is matched by. A
# total resolution that waits is left out: its last wait may have grown together with the time it was resolved.
_LIVE = """
    SELECT t.id, c.policy_version, t.customer, t.priority, t.board, t.type, c.bucket, c.cycle, c.state, c.started_at,
        c.waits, c.red_at, c.frozen_zone, c.cause
    FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value CROSS JOIN clocks c ON c.ticket_id = t.id
    WHERE t.stale = 0 AND t.ended_at IS NULL AND t.no_sla IS NULL AND c.stopped_at IS NULL
        AND NOT EXISTS (SELECT 1 FROM clocks w WHERE w.ticket_id = t.id AND w.bucket = 'total_resolution'
            AND w.state = 'waiting')
        AND NOT EXISTS (SELECT 1 FROM events e WHERE e.ticket_id = t.id AND e.kind IN ('priority', 'customer'))"""
_CLOCK = """
    UPDATE clocks SET target_s = ?, policy = ?, calendar = ?, policy_version = ?, due_at = ?, yellow_at = ?,
        orange_at = ?, red_at = ?, frozen_zone = ?, left_s = ?, cause = ?, rev = ?
    WHERE ticket_id = ? AND bucket = ? AND cycle = ?"""
_TICKET = "UPDATE tickets SET policy = ?, policy_version = ?, rev = ? WHERE id = ?"

PolicyOf = Callable[[int], PolicySet]
Row = Mapping[str, Any]
Values = tuple[Any, ...]


class Renewal:
    """The policy of one version, put in the place of older ones. What it cannot say for sure is left to a replay."""

    def __init__(self, connection: Connection, policy_of: PolicyOf, version: int, rev: int, now: int) -> None:
        self.connection, self.policy_of, self.version, self.rev, self.now = connection, policy_of, version, rev, now
        self._policies = policy_of(version)
        self._alike: dict[tuple[int, str, str], bool] = {}
        self._promises: dict[tuple[str, str], tuple[BusinessCalendar, Thresholds]] = {}

    def renew(self, tickets: Iterable[str]) -> set[str]:
        """Give `tickets`, of which only the policy is another, new clocks; the ids of those that have them now."""
        rows = self.connection.execute(_LIVE, {"ids": json.dumps(list(tickets))}).fetchall()
        renewed: list[Values] = []
        clocks: list[Values] = []
        for ticket, live in groupby(rows, itemgetter(0)):
            own = list(live)
            policy = self._policy(own[0])
            if policy is None:
                continue
            try:
                clocks += [self._clock(row, policy) for row in own]
            except CalendarError:  # no time left, which is said in another way
                continue
            renewed.append((policy.name, self.version, self.rev, ticket))
        self.connection.executemany(_CLOCK, clocks)
        self.connection.executemany(_TICKET, renewed)
        return {values[-1] for values in renewed}

    def _policy(self, row: Row) -> Policy | None:
        """The ticket's policy now; None where more than its times may differ from the one before."""
        attributes = {name: row[name] for name in ("customer", "priority", "board", "type")}
        new = self._policies.match(**attributes)
        old = self.policy_of(row["policy_version"]).match(**attributes)
        if old is None or new is None:
            return None
        key = (row["policy_version"], old.name, new.name)
        if key not in self._alike:
            statuses = self.policy_of(row["policy_version"]).statuses
            self._alike[key] = statuses == self._policies.statuses and _rules(old) == _rules(new)
        return new if self._alike[key] else None

    def _clock(self, row: Row, policy: Policy) -> Values:
        bucket, start = row["bucket"], row["started_at"]
        calendar, marks = self._promise(policy, bucket)
        waits = waits_of(row["waits"])
        edges: tuple[int | None, ...] = (None, None, None, None)
        zone: Zone | None = None
        left = None
        if row["state"] == ClockState.WAITING:
            zone, left = frozen(calendar, start, waits, marks)
        else:
            edges = instants(calendar, start, waits, marks)
        cause = caused(row, self.version, is_red(edges[3], zone, self.now), self.now)
        return (
            marks.target, policy.name, policy.calendar, self.version, *edges, zone and zone.value, left, cause,
            self.rev, row["id"], bucket, row["cycle"],
        )  # fmt: skip

    def _promise(self, policy: Policy, bucket: str) -> tuple[BusinessCalendar, Thresholds]:
        key = (policy.name, bucket)
        if key not in self._promises:
            named = Bucket.RESOLUTION if bucket == Bucket.TOTAL_RESOLUTION else Bucket(bucket)
            marks = policy.zones.of(policy.targets[named])
            self._promises[key] = self._policies.calendars[policy.calendar], marks
        return self._promises[key]


def caused(before: Row, version: int, late: bool, now: int, *, is_live: bool = True) -> str | None:
    """`retarget` for a clock that another policy has made late, or had made late: no bell rings for it (rule 14)."""
    is_other = before["policy_version"] != version
    born = is_live and is_other and late and not is_red(before["red_at"], before["frozen_zone"], now)
    return RETARGET if born or (late and before["cause"] == RETARGET) else None


def is_red(red_at: int | None, frozen_zone: str | None, now: int) -> bool:
    """Whether a clock with these edges is late at `now`."""
    return frozen_zone == Zone.RED or (red_at is not None and red_at <= now)


def _rules(policy: Policy) -> tuple[object, ...]:
    """What of a policy decides which clocks there are and when they start, wait and stop; all else is their length."""
    return (
        policy.targets.keys(), policy.response_pauses, policy.response_by_status, policy.update_mode,
        policy.engage_skill, policy.reopen_grace_s,
    )  # fmt: skip
