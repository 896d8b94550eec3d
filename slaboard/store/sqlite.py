"""The store in one SQLite file: opened, read and written here; what the numbers mean is decided elsewhere."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from time import monotonic
from typing import Any

from msgspec.structs import replace

from slaboard.board.state import Detail, Grid, Page
from slaboard.board.views import View
from slaboard.connectors.base import id_problem
from slaboard.errors import NoSuchTicket, Refused, StoreError, UsageError
from slaboard.host import halt
from slaboard.sla.policy import PolicySet, parse
from slaboard.store.base import Act, Done, PolicyVersion
from slaboard.store.disk.driver import Connection, Row
from slaboard.store.disk.file import StoreFile
from slaboard.store.disk.opening import create
from slaboard.store.disk.turnstile import WAIT_S
from slaboard.store.folding import folded
from slaboard.store.read import queries
from slaboard.store.read.census import Census
from slaboard.store.read.kept import Kept, read
from slaboard.store.read.live import Live
from slaboard.store.read.search import Names, where
from slaboard.store.rows import event_of, raw
from slaboard.store.team.pin import PinCheck
from slaboard.store.team.roster import Roster
from slaboard.store.write import acts, number, retrial
from slaboard.store.write.claim import claimed
from slaboard.store.write.pace import Pace
from slaboard.store.write.settle import (
    BATCH,
    MOST,
    Settled,
    next_rev,
    release,
    settle,
    settle_on,
    settle_owner,
    stored,
)
from slaboard.text import clean
from slaboard.ticket import OWNERS, Engineer, Event, Kind, Ticket, Zone

LONG_S = 0.1
"""How long a turn may be, in seconds, while nobody waits for one: on a busy machine a batch takes longer than 0.02."""


class SqliteStore(StoreFile):
    """One open store: the verbs, and what a board asks."""

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        super().__init__(path, read_only=read_only)
        self._policies: dict[int, PolicySet] = {0: NO_POLICY}
        self._kept = Kept(self.ask)
        self._schema = 0
        self._pace = Pace(BATCH, MOST)

    @classmethod
    def create(cls, path: Path) -> SqliteStore:
        """A new, empty store at `path`, never over a file that is there."""
        create(path)
        return cls(path)

    # --- catching up ------------------------------------------------------------------------------------------

    def stale(self, limit: int = BATCH) -> list[str]:
        """Ids of tickets that another program changed and nobody has recomputed yet."""
        return [row[0] for row in self.ask(queries.STALE, {"limit": limit})]

    def has_stale(self) -> bool:
        """True while `catch_up` has something to do."""
        return bool(self.stale(1)) or retrial.is_under_way(self.ask)

    def how_stale(self) -> int:
        """How many tickets that is."""
        return int(self.ask(queries.HOW_STALE, {"limit": -1})[0][0]) + int(self.ask(retrial.LEFT)[0][0])

    def catch_up(self, now: int, *, wait_s: float = WAIT_S, at_ease: bool = False) -> int:
        """Recompute a batch of tickets that another program changed or a new policy left behind, or judge some anew.

        How many it looked at; 0 when read-only. A turn `at_ease` goes on to a whole batch while nobody waits for one.
        """
        if self.read_only or not (self.has_stale() or self._abandoned(now)):
            return 0
        began = monotonic()
        with self.writing(wait_s, in_bulk=True) as connection:
            if self._abandoned(now):
                release(connection)
            looked, settled = more = self._catch_up(connection, now)
            # No more than a batch: each ticket of a million changes 13 pages, and the log should stay under 16 MB.
            while at_ease and more[0] and settled < BATCH and monotonic() - began < LONG_S and not self.is_awaited():
                more = self._catch_up(connection, now)
                looked, settled = looked + more[0], settled + more[1]
        if settled:
            self._pace.took(settled, self.turn_s)
        return looked

    def _catch_up(self, connection: Connection, now: int) -> tuple[int, int]:
        """How many tickets were looked at, and how many of them recomputed."""
        ids = [row[0] for row in connection.execute(queries.STALE, {"limit": self._pace.size}).fetchall()]
        if ids:
            settled = self._settle(connection, ids, now, behind=True).tickets
            return settled, settled
        judge = partial(settle, connection, policy_of=self.policy_of, version=self._version(connection), now=now)
        return retrial.go_on(connection, self._pace.size, lambda ids, since: judge(ids, rejudge_since=since))

    def _abandoned(self, now: int) -> bool:
        """True when an import that held its tickets back was broken off and nobody has taken it up again."""
        return bool(self.ask(queries.ABANDONED, {"now": now}))

    def _settle(
        self, connection: Connection, ids: Sequence[str], now: int, *, verify: bool = True, behind: bool = False
    ) -> Settled:
        return settle(connection, ids, self.policy_of, self._version(connection), now, verify=verify, behind=behind)

    # --- policy -----------------------------------------------------------------------------------------------

    def _forget_replaced(self) -> None:
        """Read the policies anew after a restore, which moves the schema's version; 2 us."""
        schema = int(self.ask("PRAGMA schema_version")[0][0])
        if schema != self._schema:
            self._schema, self._policies = schema, {0: NO_POLICY}
            self._kept.forget()

    def _version(self, connection: Connection) -> int:
        self._forget_replaced()
        return int(connection.execute("SELECT policy_version FROM state").fetchall()[0][0])

    def policy_version(self) -> int:
        """The version in force; 0 before the first."""
        with self.reading() as connection:
            return self._version(connection)

    def policy_of(self, version: int) -> PolicySet:
        """The policy of `version`, parsed once."""
        if version not in self._policies:
            rows = self.ask("SELECT text FROM policies WHERE version = ?", (version,))
            found, problems = parse(rows[0][0]) if rows else (None, [])
            if found is None:
                why = problems[0] if problems else "it is not in the store"
                raise StoreError(f"Version {version} of the policy in {self.path} cannot be read: {why}")
            self._policies[version] = found
        return self._policies[version]

    def policy(self) -> PolicySet:
        """The policy in force."""
        return self.policy_of(self.policy_version())

    def history(self) -> list[PolicyVersion]:
        """Every version of the policy, oldest first."""
        rows = self.ask("SELECT version, author, applied_at, text, rejudged_since FROM policies ORDER BY version")
        return [PolicyVersion(*row) for row in rows]

    def apply_policy(
        self,
        text: str,
        author: str,
        now: int,
        *,
        over: int | None = None,
        rejudge_since: int | None = None,
        on_progress: Callable[[int], None] | None = None,
    ) -> int:
        """Put a new version in force and move every open ticket's clocks to it; the version's number.

        Finished results never change (rule 15), but for those from `rejudge_since` on, which get a new revision. The
        tickets follow in batches, so that boards and claims go on meanwhile; `on_progress` hears how many have. Broken
        off, whichever board is next goes on with it. UsageError when the text has problems, Refused where another
        version than `over` is in force.
        """
        found, problems = parse(text)
        if found is None:
            raise UsageError("The policy has problems, so nothing was applied: " + "; ".join(map(str, problems)))
        with self.writing(wait_s=30.0) as connection:
            version = self._version(connection) + 1
            if over not in (None, version - 1):
                raise Refused(_OVERTAKEN.format(clean(self.history()[-1].author), version - 1))
            retrial.refuse_two(connection)
            connection.execute(
                "INSERT INTO policies VALUES (?, ?, ?, ?, ?)", (version, text, author, now, rejudge_since)
            )
            next_rev(connection)
            connection.execute("UPDATE state SET policy_version = ?", (version,))
            if rejudge_since is not None:
                retrial.begin(connection)
        self._policies[version] = found
        done, stays = 0, f"Version {version} is in force; boards go on with the tickets that do not follow it yet."
        with halt.telling(lambda: stays):
            while moved := self.catch_up(now, wait_s=30.0, at_ease=True):
                done += moved
                if on_progress is not None:
                    on_progress(done)
        return version

    # --- acts -------------------------------------------------------------------------------------------------

    def act(self, act: Act, now: int, *, wait_s: float = WAIT_S) -> Done:
        """Do it in one transaction (event, row and clocks), or raise Lost, Gone, Refused or NoSuchTicket.

        StoreBusy after `wait_s` seconds in which somebody else writes.
        """
        if len(self._policies) == 1:  # parsed before our turn, not in it: 3 ms, and more with public holidays
            self.policy()
        with self.writing(wait_s) as connection:
            self._forget_replaced()
            return self._acted(connection, act, now)

    def _acted(self, connection: Connection, act: Act, now: int) -> Done:
        row = self._caught_up(connection, act.ticket, now)
        if act.verb == "claim" and (done := claimed(connection, act, row, self.policy_of(row["current"]), now)):
            return done
        events = self.events(act.ticket)
        # A machine whose clock is behind the ticket's last event acts right after it, never before.
        now = max([now, *(event.at for event in events)])
        # Of an ended ticket nothing moves any more, whatever the policy says by now.
        version = row["current"] if row["ended_at"] is None else row["policy_version"]
        policies = self.policy_of(version)
        found = folded(act.ticket, events, policies, version)
        case = acts.Case(act, found, events, now)
        rev = next_rev(connection)
        made = stored(connection, acts.events_for(case), rev)
        # An act comes last, so its ticket only goes on; but for an undo, and for one that may change its policy.
        after = found.after(made) if act.verb != "undo" and version == row["current"] else None
        if after is not None and all(event.kind in OWNERS for event in made):
            settle_owner(connection, act.ticket, after.fold.standing.owner, now, rev)
        elif after is not None:
            settle_on(connection, act.ticket, after, self.policy_of, version, now, rev)
        else:
            self._settle(connection, [act.ticket], now, verify=act.verb == "undo")
            after = folded(act.ticket, [*events, *made], policies, version)
        acts.check_counted(made, after.fold)
        return Done(act, now, made[-1].seq, after.fold.standing.owner, acts.sentence(case, after))

    def _caught_up(self, connection: Connection, ticket: str, now: int) -> Mapping[str, Any]:
        """The row of `ticket` after what other programs wrote; NoSuchTicket when there is none."""
        self._forget_replaced()
        rows = connection.execute(_STANDS, (ticket,)).fetchall()
        if rows and (rows[0]["stale"] or _is_behind(rows[0])):
            self._settle(connection, [ticket], now, behind=True)
            rows = connection.execute(_STANDS, (ticket,)).fetchall()
        if not rows:
            raise NoSuchTicket(clean(ticket))
        row: Mapping[str, Any] = rows[0]
        return row

    def add(self, act: Act, now: int) -> Done:
        """A new ticket from `act.changes` (title, customer, priority, status, owner, ...); a free id if none is said.

        Raises UsageError for an id that is taken, or that nobody could type.
        """
        acts.check_person(act.who)
        changes: dict[str, Any] = dict(act.changes or {})
        # Before our turn: it reads every id, which takes a second where there are a million.
        last = 0 if act.ticket else int(self.ask(number.LAST)[0][0] or 0)
        with self.writing() as connection:
            ticket = act.ticket or number.free(connection, last)
            if problem := id_problem(ticket):
                raise UsageError(f"The id {problem}. Choose another --id, or leave it out.")
            if connection.execute(number.KNOWN, {"id": ticket}).fetchall():
                raise UsageError(f"There is a ticket {clean(ticket)} already. Choose another --id, or leave it out.")
            event = Event(ticket=ticket, at=now, kind=Kind.CREATED, actor=act.who, via=act.via, **changes)
            (made,) = stored(connection, [event], next_rev(connection))
            self._settle(connection, [ticket], now)
            text = f"{clean(ticket)} is on the board"
            return Done(replace(act, ticket=ticket), now, made.seq, changes.get("owner"), text)

    # --- what a board asks ------------------------------------------------------------------------------------

    def grid(self, now: int, view: View | None = None) -> Grid:
        """The grid at `now`, of all open tickets or of those that the view's filter lets through."""
        return Live(self).grid(now, view)

    def tick(self, grid: Grid, now: int) -> Grid:
        """`grid` moved on to `now`, while no ticket changed: only the edges in between are looked at."""
        if now <= grid.at:
            return self.grid(now)
        with self.reading() as connection:
            return Census(connection, 0, now, uses_update=grid.uses_update).ticked(grid)

    def counts(self, now: int, person: str | None) -> Mapping[str, int]:
        """Tickets per tab."""
        return Live(self).counts(now, person)

    def window(self, view: View, now: int, first: int, limit: int) -> Page:
        """`limit` tickets of the list from index `first` on, and how many the list has."""
        return Live(self).window(view, now, first, limit)

    def rank(self, view: View, now: int, ticket: str) -> int | None:
        """The index of `ticket` in the list, None when it is not in it."""
        return Live(self).rank(view, now, ticket)

    def some(self, ids: Sequence[str], now: int, *, as_it_came: bool = False) -> list[Ticket]:
        """The tickets of `ids`, in that order; those that are gone are left out."""
        if not ids:
            return []
        with self.reading():
            if not as_it_came:
                return self._kept.tickets(ids, now)
            found = dict(read(self.ask, ids, now, text=raw))
            return [found[id_] for id_ in ids if id_ in found]

    def events(self, ticket: str) -> tuple[Event, ...]:
        """The ticket's history, oldest first, raw; what another program wrote unreadably is left out."""
        return tuple(_readable(self.ask(queries.EVENTS_OF, (ticket,))))

    def histories(self, tickets: Sequence[str]) -> dict[str, tuple[Event, ...]]:
        """The history of each of `tickets`, as `events` gives it; a ticket without one is left out."""
        found: dict[str, list[Event]] = {}
        for event in _readable(self.ask(queries.EVENTS, {"ids": json.dumps(list(dict.fromkeys(tickets)))})):
            found.setdefault(event.ticket, []).append(event)
        return {ticket: tuple(events) for ticket, events in found.items()}

    def detail(self, ticket: str, now: int) -> Detail:
        """One ticket with its history."""
        with self.reading():
            found = self.some([ticket], now)
            if not found:
                raise NoSuchTicket(clean(ticket))
            return Detail(found[0], self.events(ticket))

    def tickets(self, now: int, *, view: View, ended: bool = False, as_it_came: bool = False) -> Iterator[Ticket]:
        """Every ticket of the view, in the list's order, then the ended ones when asked for."""
        with self.reading():  # every id at once: between two pages a ticket could move from one to the other
            batches = Live(self).batches(view, now, BATCH)
            if ended and not view.filter.zones and view.filter.bucket is None and view.filter.clock is None:
                names = [set(column) - {None} for column in zip(*self.ask(queries.ENDED_NAMES), strict=True)]
                found = where(view.filter, Names(*map(frozenset, names)))
                over = self.connection.execute(queries.ENDED.format(where=found.rows), dict(found.values))
                ended_ids = (row[0] for row in over)
                batches += [json.dumps(batch) for batch in iter(lambda: list(islice(ended_ids, BATCH)), [])]
        for batch in batches:
            yield from self.some(json.loads(batch), now, as_it_came=as_it_came)

    # --- people -----------------------------------------------------------------------------------------------

    def team(self) -> tuple[Engineer, ...]:
        """The roster, by key letter."""
        return Roster(self).everybody()

    def pin_ok(self, name: str, typed: str, now: int) -> PinCheck:
        """Whether `typed` is the PIN of `name`, and if not, what to say and how long to wait; takes 30 to 60 ms."""
        return Roster(self).pin_ok(name, typed, now)

    def add_engineers(self, engineers: Iterable[Engineer]) -> None:
        """Put people on the roster, each with a letter for good; one who is there already keeps it."""
        with self.writing() as connection:
            for person in engineers:
                connection.execute(
                    "INSERT INTO engineers (name, key, skills, active) VALUES (?, ?, ?, ?) "
                    "ON CONFLICT (name) DO NOTHING",
                    (person.name, person.key, ",".join(person.skills), person.active),
                )

    def loads(self) -> Mapping[str, int]:
        """Open tickets per owner."""
        return Live(self).loads()


NO_POLICY = PolicySet(calendars={}, statuses={}, claim_zones=frozenset(Zone), policies=(), text="")


def _is_behind(row: Mapping[str, Any]) -> bool:
    """Whether an open ticket's clocks are under an earlier policy."""
    return row["ended_at"] is None and bool(row["policy_version"] < row["current"])


def _readable(rows: Iterable[Row]) -> Iterator[Event]:
    for row in rows:
        with contextlib.suppress(ValueError, TypeError):
            yield event_of(row)


_OVERTAKEN = "{} put version {} in force meanwhile, so nothing was applied. See it: slaboard policy show"
# What must be known of a ticket before somebody acts on it.
_STANDS = """
    SELECT t.stale, t.owner, t.stage, t.ended_at, t.policy_version, s.policy_version AS current
    FROM tickets t, state s WHERE t.id = ?"""
