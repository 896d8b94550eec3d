"""Every question a board asks of the store, by name; each names its index, because the planner guesses wrong.

`place > 0` stands beside every `place = ...`: SQLite uses a partial index only where its condition stands in the query.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from slaboard.board.views import Filter, Tab, View
from slaboard.text import MAX_TEXT, clean
from slaboard.ticket import Bucket, Zone

# What each cell of the grid holds at :now, by bucket and priority, straight from the covering index.
GRID = """
    SELECT c.bucket, c.priority, count(*), sum(c.yellow_at <= :now), sum(c.orange_at <= :now), sum(c.red_at <= :now),
        sum(c.owner IS NULL AND c.yellow_at <= :now AND c.red_at > :now), sum(c.owner IS NULL AND c.red_at <= :now)
    FROM clocks c {index} {join} WHERE c.place = :place AND c.place > 0 {where} GROUP BY c.bucket, c.priority"""
# Tickets that wait for somebody else, by priority.
WAITING = """
    SELECT c.priority, count(*) FROM clocks c {index} {join} WHERE c.place = 2 AND c.place > 0 {where}
    GROUP BY c.priority"""
# Open tickets that nothing is promised for, by priority.
NO_SLA = "SELECT t.priority, count(*) FROM tickets t WHERE t.no_sla IS NOT NULL {where} GROUP BY t.priority"
# The clock of a bucket that turns red next.
NEXT = """
    SELECT ticket_id, due_at, red_at, owner, calendar FROM clocks INDEXED BY clocks_red
    WHERE place = 1 AND place > 0 AND bucket = :bucket AND red_at > :now ORDER BY red_at, ticket_id LIMIT 1"""
# How many clocks crossed an edge in (:last, :now], by bucket, priority and whether somebody owns the ticket.
CROSSED = """
    SELECT bucket, priority, owner IS NULL, count(*) FROM clocks INDEXED BY clocks_{edge}
    WHERE {edge}_at > :last AND {edge}_at <= :now AND place = :place AND place > 0 GROUP BY 1, 2, 3"""

_JOIN = "JOIN tickets t ON t.id = c.ticket_id"
# The plus keeps the planner from skip-scans: after an ANALYZE it sorted the whole list by them for every page.
_ZONE_SQL = {
    Zone.GREEN: "+c.yellow_at > :now",
    Zone.YELLOW: "+c.yellow_at <= :now AND +c.orange_at > :now",
    Zone.ORANGE: "+c.orange_at <= :now AND +c.red_at > :now",
    Zone.RED: "+c.red_at <= :now",
}
_SEARCHED = ("id", "title", "customer", "owner", "status", "board")
_TEXT = " || ' ' || ".join(f"coalesce(t.{name}, '')" for name in _SEARCHED)


@dataclass(frozen=True, slots=True)
class Group:
    """One stretch of a list: tickets that share a zone, ordered by wall-clock due (rule 5)."""

    name: str
    count: str
    page: str
    """Ids from :offset on, at most :limit; `rank` counts those before a key."""
    rank: str


@dataclass(frozen=True, slots=True)
class Where:
    """A filter as SQL: conditions on `t` (tickets) and, where it needs them, on `c` (clocks), with parameters."""

    ticket: str = ""
    clock: str = ""
    values: tuple[tuple[str, object], ...] = ()


def where(wanted: Filter) -> Where:
    """`wanted` as SQL; every value is a parameter, never text in a statement."""
    parts: list[str] = []
    clock: list[str] = []
    values: dict[str, object] = {}

    def value(what: object) -> str:
        name = f"f{len(values)}"
        values[name] = what
        return f":{name}"

    def has(text: str, word: str) -> str:
        """Like `contains`; LIKE knows no case beyond ASCII, but it is ten times as fast."""
        if not word.isascii():
            return f"CONTAINS({text}, {value(word)})"
        return f"coalesce({text}, '') LIKE {value(_like(word))} ESCAPE '\\'"

    parts += [has(_TEXT, word) for word in wanted.words]
    parts += [f"NOT {has(_TEXT, word)}" for word in wanted.without]
    if wanted.priorities:
        parts.append(_any(f"t.priority REGEXP {value(priority_pattern(p))}" for p in wanted.priorities))
    if wanted.owners:
        parts.append(_any(has("t.owner", owner) for owner in wanted.owners))
    if wanted.unowned:
        parts.append("t.owner IS NULL")
    if wanted.customers:
        parts.append(_any(has("t.customer", customer) for customer in wanted.customers))
    if wanted.bucket is not None:
        buckets = [wanted.bucket.value]
        if wanted.bucket is Bucket.RESOLUTION:
            buckets.append(Bucket.TOTAL_RESOLUTION.value)
        clock.append(f"c.bucket IN ({', '.join(value(bucket) for bucket in buckets)})")
    return Where(_and(parts), _and(clock), tuple(values.items()))


def _and(parts: list[str]) -> str:
    return "".join(f" AND {part}" for part in parts)


def _any(parts: Iterable[str]) -> str:
    return f"({' OR '.join(parts)})"


def _like(word: str) -> str:
    escaped = re.sub(r"([\\%_])", r"\\\1", word)
    return f"%{escaped}%"


def contains(text: str, word: str) -> bool:
    """Whether `word` stands in `text`, whatever the case; of a word in ASCII only ASCII letters have one."""
    flags = re.IGNORECASE | re.ASCII if word.isascii() else re.IGNORECASE
    return re.search(re.escape(clean(word)), clean(text, limit=MAX_TEXT), flags) is not None


def priority_pattern(text: str) -> str:
    """`1` and `p1` mean P1, `1 - Critical`, `Priority 1`; anything else is looked for as it stands."""
    match = re.fullmatch(r"[pP]?(\d)", text)
    return rf"(?i)(^|[^0-9]){match[1]}([^0-9]|$)" if match else f"(?i){re.escape(text)}"


def grid_statement(
    template: str, wanted: Filter, *, index: str = "clocks_grid", beside: bool = False
) -> tuple[str, dict[str, object]]:  # fmt: skip
    """A grid query for `wanted`; without a filter it names the covering index and touches nothing else.

    With `beside` the clocks that are counted stand beside those by which a ticket is in a zone or a bucket.
    """
    if wanted.is_empty:
        return template.format(index=f"INDEXED BY {index}", join="", where=""), {}
    found = where(wanted)
    clock = found.clock + (f" AND {_zones(wanted.zones)}" if wanted.zones else "")
    if "{join}" not in template:
        clock = ""
    elif beside and clock:
        clock = f" AND c.ticket_id IN (SELECT c.ticket_id FROM clocks c WHERE c.place = 1 AND c.place > 0{clock})"
    return template.format(index="", join=_JOIN, where=found.ticket + clock), dict(found.values)


def _zones(zones: frozenset[Zone]) -> str:
    return f"({' OR '.join(f'({_ZONE_SQL[zone]})' for zone in Zone if zone in zones)})"


def groups(view: View) -> tuple[list[Group], dict[str, object]]:
    """The stretches of `view`, in the order a list shows them: what can be saved first (rule 5)."""
    found = where(view.filter)
    values = dict(found.values)
    condition, join = found.ticket + found.clock, "" if not found.ticket else _JOIN
    if view.tab is Tab.NEEDS:
        condition += " AND c.owner IS NULL"
    elif view.tab is Tab.MINE:
        condition += " AND c.owner = :person"
        values["person"] = view.person or ""
    order = {Tab.NEEDS: (Zone.ORANGE, Zone.YELLOW), Tab.BREACHED: (Zone.RED,)}.get(
        view.tab, (Zone.ORANGE, Zone.YELLOW, Zone.RED, Zone.GREEN)
    )
    if view.filter.zones:
        shown = (Zone.ORANGE, Zone.YELLOW, Zone.RED, Zone.GREEN) if view.tab is not Tab.BREACHED else order
        order = tuple(zone for zone in shown if zone in view.filter.zones)
    made = [_group(zone.value, 1, _ZONE_SQL[zone], join, condition) for zone in order]
    if view.tab in (Tab.ALL, Tab.MINE) and not view.filter.zones:
        made.append(_group("waiting", 2, "1", join, condition))
        if view.filter.bucket is None:
            made.append(_no_sla(view, found))
    return made, values


def _group(name: str, place: int, zone: str, join: str, condition: str) -> Group:
    index = "" if join else "INDEXED BY clocks_due"
    body = f"FROM clocks c {index} {join} WHERE c.place = {place} AND c.place > 0 AND {zone}{condition}"
    # A waiting clock has no due instant; NULLs come first and stay in the order of their ids.
    key = "(coalesce(c.due_at, 0), c.ticket_id)"
    return Group(
        name,
        f"SELECT count(*) {body}",
        f"SELECT c.ticket_id {body} ORDER BY c.due_at, c.ticket_id LIMIT :limit OFFSET :offset",
        f"SELECT count(*) {body} AND {key} < (SELECT coalesce(due_at, 0), ticket_id FROM clocks"
        f" WHERE ticket_id = :id AND place = {place})",
    )


def _no_sla(view: View, found: Where) -> Group:
    condition = found.ticket + (" AND t.owner = :person" if view.tab is Tab.MINE else "")
    index = "INDEXED BY tickets_no_sla" if view.filter.is_empty else ""
    body = f"FROM tickets t {index} WHERE t.no_sla IS NOT NULL{condition}"
    key = "(coalesce(t.opened_at, 0), t.id)"
    return Group(
        "no_sla",
        f"SELECT count(*) {body}",
        f"SELECT t.id {body} ORDER BY t.opened_at, t.id LIMIT :limit OFFSET :offset",
        f"SELECT count(*) {body} AND {key} < (SELECT coalesce(opened_at, 0), id FROM tickets WHERE id = :id)",
    )


# The group in which one ticket stands at :now, for finding its rank.
PLACE_OF = """
    SELECT CASE WHEN c.place = 2 THEN 'waiting' WHEN c.red_at <= :now THEN 'red' WHEN c.orange_at <= :now THEN 'orange'
        WHEN c.yellow_at <= :now THEN 'yellow' ELSE 'green' END
    FROM clocks c WHERE c.ticket_id = :id AND c.place IN (1, 2)"""
# The worst breached and unclaimed ticket, for the pinned line.
WORST = """
    SELECT c.ticket_id FROM clocks c INDEXED BY clocks_due
    WHERE c.place = 1 AND c.place > 0 AND +c.red_at <= :now AND c.owner IS NULL
    ORDER BY c.due_at, c.ticket_id LIMIT 1"""
# Everything about the tickets :ids (a JSON array). CROSS JOIN keeps the planner from reading the whole table, which it
# prefers where an ANALYZE was long ago and the table small.
TICKETS = "SELECT t.* FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"
# Which of them have changed since they were read.
REVS = "SELECT t.id, t.rev FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"
# What must be known of a ticket before it is computed; the rest only matters where another program wrote it.
KNOWN = """
    SELECT t.id, t.stale, t.ended_at, t.policy_version FROM json_each(:ids) i CROSS JOIN tickets t ON t.id = i.value"""
CLOCKS = "SELECT t.* FROM json_each(:ids) i CROSS JOIN clocks t ON t.ticket_id = i.value"
OUTCOMES = "SELECT t.* FROM json_each(:ids) i CROSS JOIN outcomes t ON t.ticket_id = i.value ORDER BY t.revision"
OUTCOMES_OF = "SELECT * FROM outcomes WHERE ticket_id = ? ORDER BY revision"
EVENTS = """
    SELECT t.* FROM json_each(:ids) i CROSS JOIN events t ON t.ticket_id = i.value
    ORDER BY t.ticket_id, t.at, t.order_in_instant, t.seq"""
EVENTS_OF = "SELECT * FROM events WHERE ticket_id = ? ORDER BY at, order_in_instant, seq"
# Who owns how many open tickets.
LOADS = """
    SELECT owner, count(*) FROM tickets INDEXED BY tickets_owner WHERE owner IS NOT NULL AND ended_at IS NULL
    GROUP BY owner"""
# Tickets to recompute; those that an import holds back (-1) come later.
STALE = """
    SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale > 0 AND stale <> 0
    UNION ALL SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale < -1 AND stale <> 0
    UNION ALL SELECT id FROM tickets INDEXED BY tickets_stale WHERE stale = -1 AND stale <> 0
        AND (SELECT held_until FROM state) = 0
    LIMIT :limit"""
# Whether an import holds its tickets back, and whether it has been silent for too long.
HOLDING = "SELECT held_until FROM state WHERE held_until > 0"
ABANDONED = "SELECT 1 FROM state WHERE held_until BETWEEN 1 AND :now"
