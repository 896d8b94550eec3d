"""A filter as SQL: conditions on `c`, clocks, tickets or the ledger."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable

from msgspec import Struct

from slaboard.board.views import Filter
from slaboard.store.read import queries
from slaboard.store.words import contains, fold, is_priority, means
from slaboard.ticket import Bucket


class Names(Struct, frozen=True):
    """Every owner and priority that there is where a filter looks: few, so that no row's need be looked into."""

    owners: frozenset[str] = frozenset()
    priorities: frozenset[str] = frozenset()


def needs_names(wanted: Filter) -> bool:
    """Whether `where` must know the names there are."""
    return bool(wanted.words or wanted.without or wanted.owners or wanted.priorities)


def _narrower(word: str, part: str) -> bool:
    return not part.startswith("=") and contains(word.removeprefix("="), part)


def narrows(new: Filter, old: Filter) -> bool:
    """Whether `old` surely finds every ticket that `new` finds, as when more letters are typed."""

    def within(longer: Iterable[str], shorter: Iterable[str]) -> bool:
        return all(any(word == part or _narrower(word, part) for part in shorter) for word in longer)

    return (
        all(any(contains(word, part) for word in new.words) for part in old.words)
        and set(old.without) <= set(new.without)
        and old.priorities in ((), new.priorities)
        and (not old.owners or (bool(new.owners) and within(new.owners, old.owners)))
        and (not old.customers or (bool(new.customers) and within(new.customers, old.customers)))
        and old.boards in ((), new.boards)
        and old.bucket in (None, new.bucket)
        and (old.clock is None or (old.clock, old.zones) == (new.clock, new.zones))
        and old.unowned <= new.unowned
    )


class Where(Struct, frozen=True):
    """A filter but for its zones: what must hold of any ticket, what of a clock besides, and the values of both."""

    tickets: str = ""
    bucket: str = ""
    values: tuple[tuple[str, object], ...] = ()
    board: str = ""
    """What must hold of the ticket's own row, `b`: that stands neither in a clock's row nor in the ledger's."""
    clock: str = ""
    """The ids of tickets some clock of which is as it must be at :now; that stands nowhere else."""

    @property
    def clocks(self) -> str:
        """All that must hold of a clock."""
        return self.tickets + self._row("c.ticket_id") + self.bucket

    @property
    def rows(self) -> str:
        """All that must hold of a row of `tickets`."""
        return self.tickets + self._row("c.id")

    def _row(self, id_: str) -> str:
        board = f" AND EXISTS (SELECT 1 FROM tickets b WHERE b.id = {id_}{self.board})" if self.board else ""
        return board + (f" AND {id_} IN ({self.clock})" if self.clock else "")


def where(wanted: Filter, names: Names) -> Where:
    """`wanted` as SQL; every value is a parameter, never text in a statement."""
    parts: list[str] = []
    values: dict[str, object] = {}

    def value(what: object) -> str:
        name = f"f{len(values)}"
        values[name] = what
        return f":{name}"

    def among(column: str, chosen: Iterable[str]) -> str:
        found = value(json.dumps(sorted(chosen)))
        return f"c.{column} IS NOT NULL AND c.{column} IN (SELECT value FROM json_each({found}))"

    def stands(word: str) -> str:
        text = f"instr(c.words, {value(fold(word))})"
        owners = [owner for owner in names.owners if contains(owner, word)]
        return f"({text} OR {among('owner', owners)})" if owners else f"({text})"

    parts += [stands(word) for word in wanted.words]
    parts += [f"NOT {stands(word)}" for word in wanted.without]
    if wanted.priorities:
        meant = {name for name in names.priorities if any(is_priority(typed, name) for typed in wanted.priorities)}
        none = "c.priority IS NULL OR " if any(is_priority(typed, "") for typed in wanted.priorities) else ""
        parts.append(f"({none}{among('priority', meant)})")
    if wanted.owners:
        parts.append(among("owner", {name for name in names.owners if any(means(o, name) for o in wanted.owners)}))
    if wanted.unowned:
        parts.append("c.owner IS NULL")
    if wanted.customers:
        # The customer stands alone on the last line.
        last = "substr(c.words, instr(c.words, char(10)) + 1)"
        meant_by = {customer: value(fold(customer.removeprefix("="))) for customer in wanted.customers}
        found = [
            f"{last} = {one}" if customer.startswith("=") else f"(instr(c.words, {one}) AND instr({last}, {one}))"
            for customer, one in meant_by.items()
        ]
        parts.append(f"({' OR '.join(found)})")
    board = f" AND ({' OR '.join(_of_board(name, value) for name in wanted.boards)})" if wanted.boards else ""
    bucket = f" AND c.bucket IN ({_buckets(wanted.bucket, value)})" if wanted.bucket is not None else ""
    clock = queries.running(_buckets(wanted.clock, value), wanted.zones) if wanted.clock is not None else ""
    return Where("".join(f" AND {part}" for part in parts), bucket, tuple(values.items()), board, clock)


def _buckets(bucket: Bucket, value: Callable[[object], str]) -> str:
    """The buckets that a row of the grid shows: the total resolution of a reopened ticket is a resolution."""
    named = [bucket, *([Bucket.TOTAL_RESOLUTION] if bucket is Bucket.RESOLUTION else [])]
    return ", ".join(value(name.value) for name in named)


def _of_board(name: str, value: Callable[[object], str]) -> str:
    """That `b` is of the board `name`."""
    text = "coalesce(b.board, '')"
    one = value(name.removeprefix("="))
    within = f"CONTAINS({text}, {one})"
    return f"({within} AND CONTAINS({one}, {text}))" if name.startswith("=") else within
