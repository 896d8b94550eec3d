"""One list as of one moment: its stretches, a page of them by key, and where a ticket stands in it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from slaboard.board.state import Grid
from slaboard.board.views import Tab, View
from slaboard.store.disk.driver import Connection
from slaboard.store.read import queries
from slaboard.store.read.queries import ZONES
from slaboard.store.read.search import Where
from slaboard.ticket import PROMISES, Bucket, Zone

NEAR = 2_000
"""So far from a known place a page is reached by stepping over tickets; from further away, from an end."""

Key = tuple[int | None, str]
"""What tickets of one stretch are sorted by: the instant they are due (or were opened), then their id."""


class Group(Struct, frozen=True):
    """One stretch of a list: tickets that share a zone, ordered by wall-clock due (rule 5)."""

    name: str
    place: int
    """As in `clocks`; 0 for tickets without SLA."""
    source: str
    """From where: a table and its index."""
    where: str
    """All conditions."""
    condition: str
    """What a ticket of the list must be, wherever it stands."""
    bounds: str = ""
    """Between which instants all of them are: where nothing is known, a page need not step over all others."""
    by: tuple[str, str] = ("c.due_at", "c.ticket_id")

    @property
    def has_undated(self) -> bool:
        """Whether some of its tickets may have no instant: they come first."""
        return self.place not in (1, 3)

    @property
    def _body(self) -> str:
        counts = " AND c.place > 0" if self.place and " INDEXED BY " in self.source else ""
        return f"FROM {self.source} WHERE {self.where}{counts}"

    def one(self) -> str:
        """The key of the ticket :id, if it is of this stretch."""
        table = self.source.partition(" INDEXED BY ")[0]
        return f"SELECT {', '.join(self.by)} FROM {table} WHERE {self.where} AND {self.by[1]} = :id"

    def values(self, what: str) -> str:
        """Every id, each with `what`."""
        return f"SELECT {self.by[1]}, {what} {self._body}{self.bounds}"

    def page(self, key: str = "", *, backwards: bool = False) -> str:
        """Instant and id of :limit tickets after :offset."""
        order = ", ".join(f"{column} DESC" if backwards else column for column in self.by)
        return (
            f"SELECT {', '.join(self.by)} {self._body}{key or self.bounds} ORDER BY {order} LIMIT :limit OFFSET :offset"
        )

    def count(self, key: str = "") -> str:
        """How many there are."""
        return f"SELECT count(*) {self._body}{key or self.bounds}"

    def parts(self, key: Key, *, backwards: bool) -> list[str]:
        """Conditions for what comes from `key` on, or before it going backwards, in that order."""
        at, id_ = self.by
        dated, undated = f" AND {at} IS NOT NULL", f" AND {at} IS NULL"
        if key[0] is None:
            return [f"{undated} AND {id_} < :id"] if backwards else [f"{undated} AND {id_} >= :id", dated]
        if not backwards:
            return [f" AND {at} >= :due AND ({at} > :due OR {id_} >= :id)"]
        before = f" AND {at} <= :due AND ({at} < :due OR {id_} < :id)"
        return [before, *([undated] if self.has_undated else [])]


class Anchor(Struct, frozen=True):
    """A ticket whose place in its stretch is known: what is near it is counted from there."""

    view: View
    group: str
    key: Key
    index: int
    """How many tickets of its stretch come before it."""


class Listing:
    """The list of `view` at `now` on one connection, in the caller's transaction."""

    def __init__(
        self, connection: Connection, view: View, now: int, found: Where, grid: Grid, *, floor: int = 0,
        among: Sequence[str] | None = None, anchor: Anchor | None = None,
    ) -> None:  # fmt: skip
        self._connection, self._view, self._found, self._grid = connection, view, found, grid
        self._bound: dict[str, object] = {**dict(found.values), "now": now, "person": view.person or "", "floor": floor}
        if among is not None:
            self._bound["among"] = json.dumps(among)
        self.groups = groups(view, found, few=among is not None)
        self._place_of = queries.UPDATE_OF if view.filter.bucket is Bucket.UPDATE else queries.PLACE_OF
        self.anchor = anchor if anchor is not None and anchor.view == view else None
        self._totals: dict[str, int] = {}

    # --- how many ---------------------------------------------------------------------------------------------

    def total(self) -> int:
        """How many tickets the list has."""
        return sum(self._total(group) for group in self.groups)

    def _total(self, group: Group) -> int:
        if group.name not in self._totals:
            known = self._known_total(group)
            self._totals[group.name] = self._number(group.count()) if known is None else known
        return self._totals[group.name]

    def _known_total(self, group: Group) -> int | None:
        """What the grid has counted already; None where it has not."""
        grid, tab = self._grid, self._view.tab
        if tab is Tab.MINE:
            return self._own_total(group) if group.place != 3 else None
        if group.name == "waiting":
            return grid.waiting
        if group.name == "no_sla":
            return grid.no_sla
        zone = Zone(group.name)
        if group.place == 3:
            return grid.cells.get((Bucket.UPDATE, zone), 0) if tab is not Tab.NEEDS else None
        if tab is Tab.NEEDS:
            return grid.unclaimed.get(zone, 0) if zone is not Zone.GREEN else None
        return sum(grid.cells.get((bucket, zone), 0) for bucket in PROMISES)

    def _own_total(self, group: Group) -> int | None:
        """Of somebody's own tickets all stretches but one are counted at once."""
        if group.place == 0 or "INDEXED BY" not in group.source:
            return None
        sql = queries.MINE.format(where=self._found.clocks)
        yellow, orange, red, counted, waiting = self._ask(sql, {})[0]
        for name, number in (
            ("orange", orange - red), ("yellow", yellow - orange), ("red", red), ("green", counted - yellow),
            ("waiting", waiting),
        ):  # fmt: skip
            self._totals[name] = number
        return self._totals[group.name]

    # --- pages ------------------------------------------------------------------------------------------------

    def page(self, first: int, limit: int) -> list[str]:
        """Up to `limit` ids from index `first` on; the first of them is known from now on."""
        ids: list[str] = []
        before = 0
        for group in self.groups:
            total = self._total(group)
            offset = max(0, first - before)
            take = min(limit - len(ids), total - offset)
            if take > 0:
                rows = self._rows(group, offset, take, total)
                if rows and not ids:
                    self.anchor = Anchor(self._view, group.name, rows[0], offset)
                ids += [id_ for _, id_ in rows]
            before += total
        return ids

    def all(self) -> list[str]:
        """Every id, in order."""
        return list(self.each())

    def each(self) -> Iterator[str]:
        """Every id, in order, one by one: a million of them need not be held."""
        for group in self.groups:
            for row in self._connection.execute(group.page(), {**self._bound, "limit": -1, "offset": 0}):
                yield row[1]

    def nearest(self, limit: int) -> list[str]:
        """The first ids of the list, read without knowing how many there are."""
        keys: list[Key] = []
        for group in self.groups:
            if len(keys) < limit:
                keys += self._keys(group.page(), limit - len(keys), 0)
        return [id_ for _, id_ in keys]

    def values(self, group: Group, what: str) -> list[tuple[str, Any]]:
        """Every id of a stretch, each with `what`."""
        return [(row[0], row[1]) for row in self._ask(group.values(what), {})]

    def beside(self, ticket: str, step: int) -> str | None:
        """The ticket of the list after `ticket` (or before it, by -1), which need not be of the list; it goes round."""
        if not self.groups:
            return None
        rows = self._ask(self._place_of, {"id": ticket})
        here = next((i for i, group in enumerate(self.groups) if rows and group.name == rows[0][0]), None)
        if here is not None:
            key: Key = (rows[0][1], ticket)
            near = self._walk(self.groups[here], key, 2 if step > 0 else 1, backwards=step < 0)
            found = [id_ for _, id_ in near if id_ != ticket]
            if found:
                return found[0]
        start = (-1 if step > 0 else len(self.groups)) if here is None else here
        for away in range(1, len(self.groups) + 1):
            group = self.groups[(start + step * away) % len(self.groups)]
            ends = self._keys(group.page(backwards=step < 0), 1, 0)
            if ends:
                return ends[0][1]
        return None

    def _rows(self, group: Group, offset: int, take: int, total: int) -> list[Key]:
        """`take` keys of a stretch of `total`, from whichever known place is nearest."""
        behind = total - offset - take
        anchor = self.anchor
        if anchor is not None and anchor.group == group.name:
            away = offset - anchor.index
            if abs(away) <= min(NEAR, offset):
                return self._rows_near(group, anchor.key, away, take)
        if offset <= behind:
            return self._keys(group.page(), take, offset)
        return self._keys(group.page(backwards=True), take, behind)[::-1]

    def _rows_near(self, group: Group, key: Key, away: int, take: int) -> list[Key]:
        back = self._walk(group, key, -away, backwards=True)[::-1] if away < 0 else []
        ahead = self._walk(group, key, max(0, away + take), backwards=False)
        return (back + ahead)[max(0, away) :][:take]

    def _walk(self, group: Group, key: Key, steps: int, *, backwards: bool) -> list[Key]:
        keys: list[Key] = []
        for part in group.parts(key, backwards=backwards):
            if len(keys) < steps:
                keys += self._keys(group.page(part, backwards=backwards), steps - len(keys), 0, key)
        return keys

    def _keys(self, sql: str, limit: int, offset: int, key: Key = (None, "")) -> list[Key]:
        bound = {"limit": limit, "offset": offset, "due": key[0], "id": key[1]}
        return [(row[0], row[1]) for row in self._ask(sql, bound)]

    # --- ranks ------------------------------------------------------------------------------------------------

    def rank(self, ticket: str) -> int | None:
        """The index of `ticket`, None when it is not in the list; it is known from now on."""
        rows = self._ask(self._place_of, {"id": ticket})
        name = rows[0][0] if rows else "no_sla"
        before = 0
        for group in self.groups:
            if group.name == name:
                own = self._ask(group.one(), {"id": ticket})
                if not own:
                    return None
                key = (own[0][0], own[0][1])
                self.anchor = Anchor(self._view, name, key, self._index(group, key))
                return before + self.anchor.index
            before += self._total(group)
        return None

    def _index(self, group: Group, key: Key) -> int:
        """How many tickets of the stretch come before `key`, counted from what is known, else from its beginning."""
        anchor = self.anchor
        if anchor is None or anchor.group != group.name:
            return self._before(group, key)
        low, high = sorted((anchor.key, key), key=_order)
        if low[0] is None and high[0] is not None:
            return self._before(group, key)
        between = self._number(
            group.count(" AND " + " AND ".join(_between(group, low))), due=low[0], id=low[1], due2=high[0], id2=high[1]
        )
        return anchor.index + (between if low == anchor.key else -between)

    def _before(self, group: Group, key: Key) -> int:
        parts = group.parts(key, backwards=True)
        return sum(self._number(group.count(part), due=key[0], id=key[1]) for part in parts)

    # --- the anchor, moved on -----------------------------------------------------------------------------------

    def moved(self, anchor: Anchor, seq: int, last: int, now: int) -> Anchor | None:
        """`anchor`, known as of entry `seq` of the ledger and `last`, as it is now; None when nothing is known."""
        group = next((group for group in self.groups if group.name == anchor.group), None)
        if group is None or group.place == 3 or self._view.filter.boards or self._view.filter.clock:
            return None
        key = {"due": anchor.key[0], "id": anchor.key[1], "seq": seq, "last": last}
        zone = f" AND {ZONES[Zone(group.name)]}" if group.place == 1 else ""
        sql = queries.MOVED_BEFORE.format(where=zone + group.condition)
        came = self._number(sql, **key, place=group.place, now=last)
        if group.place == 1 and now != last:
            for edge, sign in _GATES[Zone(group.name)]:
                sql = queries.CROSSED_BEFORE.format(edge=edge, range=queries.EDGES[edge], where=group.condition)
                came += sign * self._number(sql, **key)
        return replace(anchor, index=anchor.index + came)

    # --- asking -----------------------------------------------------------------------------------------------

    def _number(self, sql: str, **values: object) -> int:
        return int(self._ask(sql, values)[0][0] or 0)

    def _ask(self, sql: str, values: Mapping[str, object]) -> list[Any]:
        return self._connection.execute(sql, {**self._bound, **values}).fetchall()


# Through which edges tickets come into a zone's stretch, and leave it.
_GATES: Mapping[Zone, tuple[tuple[str, int], ...]] = {
    Zone.GREEN: (("yellow", -1),),
    Zone.YELLOW: (("yellow", 1), ("orange", -1)),
    Zone.ORANGE: (("orange", 1), ("red", -1)),
    Zone.RED: (("red", 1),),
}
_NEEDS, _MINE = " AND c.owner IS NULL", " AND c.owner = :person"
_SAVING = (Zone.ORANGE, Zone.YELLOW, Zone.RED, Zone.GREEN)


def groups(view: View, found: Where, *, few: bool = False) -> list[Group]:
    """The stretches of `view`, in the order a list shows them: what can be saved first (rule 5).

    With `few` they are read by the ids :among instead of through an index.
    """
    own = {Tab.NEEDS: _NEEDS, Tab.MINE: _MINE}.get(view.tab, "")
    order: tuple[Zone, ...] = {Tab.NEEDS: _SAVING[:2], Tab.BREACHED: (Zone.RED,)}.get(view.tab, _SAVING)
    if zones := view.filter.own_zones:
        shown = _SAVING if view.tab is not Tab.BREACHED else order
        order = tuple(zone for zone in shown if zone in zones)
    # A filter on the unclaimed reads the words of many, and a sort more than the due: that stands in the other index.
    index = "clocks_owner" if own == _MINE or (own and not found.clocks and view.sort.is_own) else "clocks_due"
    place = 3 if view.filter.bucket is Bucket.UPDATE else 1
    made = [_group(zone.value, place, f" AND {ZONES[zone]}", own, found, few, index) for zone in order]
    if view.tab in (Tab.ALL, Tab.MINE) and not zones and place == 1:
        made.append(_group("waiting", 2, "", own, found, few, index))
        if view.filter.bucket is None:
            made.append(_no_sla(own, found, few))
    return made


def _group(name: str, place: int, zone: str, own: str, found: Where, few: bool, index: str) -> Group:
    bounds = ""
    if place == 1 and not few:  # what is not red is not due before its calendar closed last; what is red was due by now
        bounds = " AND c.due_at <= :now" if name == Zone.RED else " AND c.due_at >= :floor"
    source = (
        "json_each(:among) i CROSS JOIN clocks c ON c.ticket_id = i.value" if few else f"clocks c INDEXED BY {index}"
    )
    condition = own + found.clocks
    return Group(name, place, source, f"c.place = {place}{zone}{condition}", condition, bounds)


def _no_sla(own: str, found: Where, few: bool) -> Group:
    condition = own + found.rows
    if few:
        source = "json_each(:among) i CROSS JOIN tickets c ON c.id = i.value"
    else:
        source = f"tickets c INDEXED BY {'tickets_owner' if own else 'tickets_no_sla'}"
    # An index of few columns for one's own few tickets, a covering one for all.
    where = f"c.ended_at IS NULL AND c.no_sla IS NOT NULL{condition}" if own else f"c.no_sla IS NOT NULL{condition}"
    return Group("no_sla", 0, source, where, condition, by=("c.opened_at", "c.id"))


def _between(group: Group, low: Key) -> tuple[str, ...]:
    at, id_ = group.by
    if low[0] is None:
        return f"{at} IS NULL", f"{id_} >= :id", f"{id_} < :id2"
    return (
        f"{at} >= :due AND ({at} > :due OR {id_} >= :id)",
        f"{at} <= :due2 AND ({at} < :due2 OR {id_} < :id2)",
    )


def _order(key: Key) -> tuple[int, str]:
    return (-1 if key[0] is None else key[0]), key[1]
