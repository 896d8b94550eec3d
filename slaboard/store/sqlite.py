"""The store in one SQLite file: opened, read and written here; what the numbers mean is decided elsewhere."""

from __future__ import annotations

import contextlib
import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from slaboard.board.counting import Tallies, tab_counts
from slaboard.board.state import Detail, Grid, Next, Page
from slaboard.board.views import Filter, Tab, View
from slaboard.errors import NoSuchTicket, StoreError, UsageError
from slaboard.sla.clock import replay
from slaboard.sla.policy import PolicySet, parse
from slaboard.store import acts, queries
from slaboard.store.base import Act, Done, PolicyVersion
from slaboard.store.driver import Connection, sentences
from slaboard.store.opening import create, opened
from slaboard.store.rows import event_of, event_row, grouped_clocks, raw, ticket_of
from slaboard.store.settle import BATCH, INSERT_EVENT, Settled, next_rev, settle
from slaboard.store.turnstile import WAIT_S, Turnstile
from slaboard.text import clean
from slaboard.ticket import PROMISES, Bucket, Engineer, Event, Kind, Ticket, Zone

WAL_LIMIT = 4 * 1024 * 1024
"""Bytes of write-ahead log from which on a writer carries it into the store, while it holds the turnstile."""


class SqliteStore:
    """One open store, for one thread at a time. Opening never creates and never changes a file that is not ours."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self.path = path
        self.name = path.stem
        self.read_only = read_only
        self.connection = opened(path, read_only)
        self.connection.create_function("REGEXP", 2, _regexp, deterministic=True)
        self._inode = os.stat(path).st_ino
        self._turnstile = Turnstile(path)
        self._policies: dict[int, PolicySet] = {0: NO_POLICY}

    @classmethod
    def create(cls, path: Path) -> SqliteStore:
        """A new, empty store at `path`, never over a file that is there."""
        create(path)
        return cls(path)

    def close(self) -> None:
        """Let go of the file and of the turnstile."""
        self.connection.close()
        self._turnstile.close()

    def __enter__(self) -> SqliteStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- transactions -----------------------------------------------------------------------------------------

    @contextlib.contextmanager
    def writing(self, wait_s: float = WAIT_S) -> Iterator[Connection]:
        """One write transaction behind the turnstile; rolled back whole when the block raises."""
        if self.read_only:
            raise StoreError(f"The store {self.path} was opened for reading only. Nothing was changed.")
        with self._turnstile.turn(wait_s), sentences(self.path):
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield self.connection
            except BaseException:
                self.connection.execute("ROLLBACK")
                raise
            self.connection.execute("COMMIT")
            self._checkpoint()

    def _checkpoint(self) -> None:
        wal = self.path.with_name(self.path.name + "-wal")
        with contextlib.suppress(OSError):
            if wal.stat().st_size > WAL_LIMIT:
                self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    @contextlib.contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view of the store for several questions."""
        with sentences(self.path):
            if self.connection.in_transaction:
                yield self.connection
                return
            self.connection.execute("BEGIN")
            try:
                yield self.connection
            finally:
                self.connection.execute("COMMIT")

    def ask(self, sql: str, values: Mapping[str, object] | Sequence[object] = ()) -> list[Any]:
        """All rows of a query; none is left open, for an open SELECT holds a transaction."""
        with sentences(self.path):
            return self.connection.execute(sql, values).fetchall()

    def copy_to(self, path: Path) -> None:
        """A whole copy of the store at `path`, taken online with SQLite's backup API."""
        from slaboard.store.driver import module

        with sentences(path):
            target = module().connect(str(path))
            try:
                self.connection.backup(target)
            finally:
                target.close()

    # --- noticing ---------------------------------------------------------------------------------------------

    def data_version(self) -> int:
        """Changes with every commit of any other connection; 3 to 5 us."""
        return int(self.ask("PRAGMA data_version")[0][0])

    def revision(self) -> int:
        """Grows with everything that changes on a board."""
        return int(self.ask("SELECT rev FROM state")[0][0])

    def is_same_file(self) -> bool:
        """False once the file was replaced or deleted: what is then written to it would be lost silently."""
        try:
            return os.stat(self.path).st_ino == self._inode
        except OSError:
            return False

    def stale(self, limit: int = BATCH) -> list[str]:
        """Ids of tickets that another program changed and nobody has recomputed yet."""
        return [row[0] for row in self.ask(queries.STALE, {"limit": limit})]

    def catch_up(self, now: int) -> int:
        """Recompute a batch of tickets that another program changed; how many there were (0 when read-only)."""
        if self.read_only or not self.stale(1):
            return 0
        with self.writing() as connection:
            ids = [row[0] for row in connection.execute(queries.STALE, {"limit": BATCH}).fetchall()]
            return self._settle(connection, ids, now).tickets

    def _settle(self, connection: Connection, ids: Sequence[str], now: int, *, verify: bool = True) -> Settled:
        return settle(connection, ids, self.policy_of, self._version(connection), now, verify=verify)

    # --- policy -----------------------------------------------------------------------------------------------

    def _version(self, connection: Connection) -> int:
        return int(connection.execute("SELECT policy_version FROM state").fetchall()[0][0])

    def policy_version(self) -> int:
        """The version in force; 0 before the first."""
        return int(self.ask("SELECT policy_version FROM state")[0][0])

    def policy_of(self, version: int) -> PolicySet:
        """The policy of `version`, parsed once."""
        if version not in self._policies:
            rows = self.ask("SELECT text FROM policies WHERE version = ?", (version,))
            found, problems = _parsed(rows[0][0]) if rows else (None, ["it is not in the store"])
            if found is None:
                raise StoreError(f"Version {version} of the policy in {self.path} cannot be read: {problems[0]}")
            self._policies[version] = found
        return self._policies[version]

    def policy(self) -> PolicySet:
        """The policy in force."""
        return self.policy_of(self.policy_version())

    def history(self) -> list[PolicyVersion]:
        """Every version of the policy, oldest first."""
        rows = self.ask("SELECT version, author, applied_at, text FROM policies ORDER BY version")
        return [PolicyVersion(*row) for row in rows]

    def apply_policy(self, text: str, author: str, now: int) -> int:
        """Put a new version in force and move every open ticket's clocks to it; the version's number.

        Finished results never change (rule 15). The text must have been checked: UsageError when it has problems.
        """
        found, problems = _parsed(text)
        if found is None:
            raise UsageError("The policy has problems, so nothing was applied: " + "; ".join(map(str, problems)))
        with self.writing(wait_s=30.0) as connection:
            version = self._version(connection) + 1
            connection.execute("INSERT INTO policies VALUES (?, ?, ?, ?)", (version, text, author, now))
            connection.execute("UPDATE state SET policy_version = ?, rev = rev + 1", (version,))
            self._policies[version] = found
            rows = connection.execute("SELECT id FROM tickets WHERE ended_at IS NULL ORDER BY id").fetchall()
            ids = [row[0] for row in rows]
            for i in range(0, len(ids), BATCH):
                self._settle(connection, ids[i : i + BATCH], now, verify=False)
        return version

    # --- acts -------------------------------------------------------------------------------------------------

    def act(self, act: Act, now: int) -> Done:
        """Do it in one transaction (event, row and clocks), or raise Lost, Gone, Refused or NoSuchTicket."""
        with self.writing() as connection:
            return self._acted(connection, act, now)

    def _acted(self, connection: Connection, act: Act, now: int) -> Done:
        rows = connection.execute("SELECT stale, changed_at FROM tickets WHERE id = ?", (act.ticket,)).fetchall()
        if not rows:
            raise NoSuchTicket(clean(act.ticket))
        if rows[0]["stale"]:
            self._settle(connection, [act.ticket], now)
        events = self.events(act.ticket)
        # A machine whose clock is behind the ticket's last event acts right after it, never before.
        now = max([now, *(event.at for event in events)])
        version = self._version(connection)
        policies = self.policy_of(version)
        case = acts.Case(act, replay(act.ticket, events, policies, version), events, now)
        seq = 0
        for event in acts.events_for(case):
            seq = int(connection.execute(INSERT_EVENT, event_row(event, rev=next_rev(connection))).lastrowid or 0)
        self._settle(connection, [act.ticket], now, verify=act.verb == "undo")
        after = replay(act.ticket, self.events(act.ticket), policies, version)
        return Done(act, now, seq, after.standing.owner, acts.sentence(case, policies, after))

    def add(self, act: Act, now: int) -> Done:
        """A new ticket from `act.changes` (id, title, customer, priority, status, owner, ...)."""
        acts.check_person(act.who)
        with self.writing() as connection:
            changes = dict(act.changes or {})
            ticket = act.ticket or _free_id(connection)
            if connection.execute("SELECT 1 FROM tickets WHERE id = ?", (ticket,)).fetchall():
                raise UsageError(f"There is a ticket {clean(ticket)} already. Choose another --id, or leave it out.")
            rev = next_rev(connection)
            event = Event(ticket=ticket, at=now, kind=Kind.CREATED, actor=act.who, via=act.via, **changes)  # type: ignore[arg-type]
            seq = int(connection.execute(INSERT_EVENT, event_row(event, rev=rev)).lastrowid or 0)
            self._settle(connection, [ticket], now)
            return Done(replace(act, ticket=ticket), now, seq, changes.get("owner"), f"{clean(ticket)} is on the board")

    # --- what a board asks ------------------------------------------------------------------------------------

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid at `now`, of all open tickets or of those that the view's filter lets through."""
        wanted = view.filter if view is not None else Filter()
        tallies = Tallies()
        with self.reading() as connection:
            uses_update = self.policy().uses_update
            for place in (1, 3) if uses_update else (1,):
                for row in self._grid(connection, queries.GRID, wanted, now=now, place=place):
                    tallies.count(row)
            for priority, count in self._grid(connection, queries.WAITING, wanted, now=now):
                for tally in tallies.both(priority):
                    tally.waiting += count
            if not wanted.zones and wanted.bucket is None:
                for priority, count in self._grid(connection, queries.NO_SLA, wanted):
                    for tally in tallies.both(priority):
                        tally.no_sla += count
            grid = tallies.grid(now, uses_update=uses_update)
            return replace(grid, next=self._next(grid)) if wanted.is_empty else grid

    def _grid(self, connection: Connection, template: str, wanted: Filter, **values: object) -> list[Any]:
        sql, more = queries.grid_statement(template, wanted)
        return connection.execute(sql, {**values, **more, "now": values.get("now", 0)}).fetchall()

    def _next(self, grid: Grid) -> dict[Bucket, Next]:
        found: dict[Bucket, Next] = {}
        for bucket in PROMISES:
            if sum(grid.row(bucket)[:3]):
                names = (bucket, Bucket.TOTAL_RESOLUTION) if bucket is Bucket.RESOLUTION else (bucket,)
                rows = [
                    row
                    for name in names
                    for row in self.ask(queries.NEXT, {"bucket": name.value, "now": grid.at})
                ]  # fmt: skip
                if rows:
                    first = min(rows, key=lambda row: row["due_at"])
                    owner = clean(first["owner"]) if first["owner"] is not None else None
                    found[bucket] = Next(clean(first["ticket_id"]), first["due_at"], owner, first["calendar"])
        return found

    def tick(self, grid: Grid, now: int) -> Grid:
        """`grid` moved on to `now`, while no ticket changed: only the edges in between are looked at."""
        if now <= grid.at:
            return self.grid(now)
        moved = Tallies(grid)
        with self.reading() as connection:
            for place in (1, 3) if grid.uses_update else (1,):
                for to in (Zone.YELLOW, Zone.ORANGE, Zone.RED):
                    sql = queries.CROSSED.format(edge=to.value)
                    values = {"last": grid.at, "now": now, "place": place}
                    for bucket, priority, free, count in connection.execute(sql, values).fetchall():
                        moved.cross(to, Bucket(bucket), priority, bool(free) and place == 1, count)
            grid = moved.grid(now, uses_update=grid.uses_update)
            return replace(grid, next=self._next(grid))

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        grid = self.grid(now)
        sql = "SELECT count(*) FROM tickets WHERE owner = ? AND ended_at IS NULL"
        mine = self.ask(sql, (person,))[0][0] if person else 0
        return tab_counts(grid, int(mine))

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on, and how many the list has."""
        groups, values = queries.groups(view)
        bound = {**values, "now": now}
        ids: list[str] = []
        total = 0
        with self.reading() as connection:
            for group in groups:
                count = int(connection.execute(group.count, bound).fetchall()[0][0])
                offset = max(0, first - total)
                if count > offset and len(ids) < limit:
                    page = connection.execute(group.page, {**bound, "limit": limit - len(ids), "offset": offset})
                    ids += [row[0] for row in page.fetchall()]
                total += count
            worst = None
            if view.tab is Tab.NEEDS and view.filter.is_empty:
                found = [row[0] for row in connection.execute(queries.WORST, {"now": now}).fetchall()]
                worst = next(iter(self.some(found, now)), None)
            return Page(tuple(self.some(ids, now)), min(first, total), total, worst)

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        groups, values = queries.groups(view)
        bound = {**values, "now": now, "id": ticket}
        with self.reading() as connection:
            rows = connection.execute(queries.PLACE_OF, bound).fetchall()
            here = rows[0][0] if rows else "no_sla"
            before = 0
            for group in groups:
                if group.name == here:
                    index = int(connection.execute(group.rank, bound).fetchall()[0][0])
                    page = connection.execute(group.page, {**bound, "limit": 1, "offset": index}).fetchall()
                    return before + index if page and page[0][0] == ticket else None
                before += int(connection.execute(group.count, bound).fetchall()[0][0])
        return None

    def some(self, ids: Sequence[str], now: int, *, as_it_came: bool = False) -> list[Ticket]:
        """The tickets of `ids`, in that order; those that are gone are left out."""
        if not ids:
            return []
        text = raw if as_it_came else clean
        bound = {"ids": json.dumps(list(ids))}
        rows = {row["id"]: row for row in self.ask(queries.TICKETS, bound)}
        clocks = grouped_clocks(self.ask(queries.CLOCKS, bound))
        return [ticket_of(rows[id_], clocks.get(id_, ()), now=now, text=text) for id_ in ids if id_ in rows]

    def events(self, ticket: str) -> tuple[Event, ...]:
        """The ticket's history, oldest first, raw; what another program wrote unreadably is left out."""
        events = []
        for row in self.ask(queries.EVENTS, {"id": ticket}):
            with contextlib.suppress(ValueError, TypeError):
                events.append(event_of(row))
        return tuple(events)

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history."""
        with self.reading():
            found = self.some([ticket], now)
            if not found:
                raise NoSuchTicket(clean(ticket))
            return Detail(found[0], self.events(ticket))

    def tickets(self, now: int, *, view: View, ended: bool = False, as_it_came: bool = False) -> Iterator[Ticket]:
        """Every ticket of the view, in the list's order, then the ended ones when asked for."""
        first = 0
        while ids := self._page_ids(view, now, first):
            yield from self.some(ids, now, as_it_came=as_it_came)
            first += len(ids)
        last = ""
        condition = queries.where(view.filter)
        sql = (
            f"SELECT t.id FROM tickets t WHERE t.ended_at IS NOT NULL AND t.id > :last{condition.ticket} "
            f"ORDER BY t.id LIMIT {BATCH}"
        )
        while ended and (rows := self.ask(sql, {**dict(condition.values), "last": last})):
            last = rows[-1][0]
            yield from self.some([row[0] for row in rows], now, as_it_came=as_it_came)

    def _page_ids(self, view: View, now: int, first: int) -> list[str]:
        return [ticket.id for ticket in self.window(view, now, first, BATCH).rows]

    # --- people -----------------------------------------------------------------------------------------------

    def team(self) -> tuple[Engineer, ...]:
        """The roster, by key letter."""
        rows = self.ask("SELECT name, key, skills, active FROM engineers ORDER BY key")
        return tuple(
            Engineer(
                name=clean(row["name"]),
                key=row["key"],
                skills=tuple(row["skills"].split(",")) if row["skills"] else (),
                active=bool(row["active"]),
            )
            for row in rows
        )

    def add_engineers(self, engineers: Iterable[Engineer]) -> None:
        """Put people on the roster, each with a letter for good; one who is there already keeps it."""
        with self.writing() as connection:
            for person in engineers:
                connection.execute(
                    "INSERT INTO engineers (name, key, skills, active) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (name) DO NOTHING",
                    (person.name, person.key, ",".join(person.skills), person.active),
                )

    def loads(self) -> dict[str, int]:
        """Open tickets per owner."""
        return {clean(owner): count for owner, count in self.ask(queries.LOADS)}


NO_POLICY = PolicySet(calendars={}, statuses={}, claim_zones=frozenset(Zone), policies=(), text="")


@lru_cache(maxsize=256)
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)


def _regexp(pattern: str, value: object) -> bool:
    return value is not None and _pattern(pattern).search(str(value)) is not None


def _parsed(text: str) -> tuple[PolicySet | None, Sequence[object]]:
    return parse(text)


def _free_id(connection: Connection) -> str:
    """`T-` and the next number that no ticket has."""
    sql = "SELECT coalesce(max(CAST(substr(id, 3) AS INTEGER)), 0) + 1 FROM tickets WHERE id GLOB 'T-[0-9]*'"
    return f"T-{connection.execute(sql).fetchall()[0][0]}"
