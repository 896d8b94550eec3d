"""What a report asks of the store: finished results, added up by SQLite; each as its newest revision has it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import msgspec

from slaboard.errors import UsageError
from slaboard.reports.names import Names
from slaboard.reports.period import Period, Pieces, pieces
from slaboard.reports.promises import Group
from slaboard.reports.question import Question
from slaboard.ticket import Bucket

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

COLUMNS = {
    "priority": "priority",
    "customer": "customer",
    "engineer": "owner",
    "bucket": "bucket",
    "policy": "policy",
    "board": "board",
}
"""Where a fact of a report stands in `outcomes`, and all but the bucket in `tickets`."""
_WIDE = 5
"""A period of more than a fifth of all time is read from end to end: looking each result up took a third longer."""

# Results that an event, an undo, an import taken back or another policy has changed since: the last revision counts.
# Few results have more than one, so those are found through the unique index and the rest is read once, in order:
# asking each of a million results for a later one took longer than all the adding up.
STANDS = """o.withdrawn = 0 AND o.id NOT IN (
    SELECT p.id FROM outcomes r CROSS JOIN outcomes p
    ON p.ticket_id = r.ticket_id AND p.bucket = r.bucket AND p.cycle = r.cycle AND p.revision < r.revision
    WHERE r.revision > 0)"""
# The same of few results, each looked up by itself.
STANDS_ALONE = """o.withdrawn = 0 AND NOT EXISTS (
    SELECT 1 FROM outcomes r
    WHERE r.ticket_id = o.ticket_id AND r.bucket = o.bucket AND r.cycle = o.cycle AND r.revision > o.revision)"""
# Results that stopped in a period, added up by group, with the list of their times: SQLite hands a group's over in one
# text, which is sorted here for exact percentiles; to sort them there took twice as long.
GROUPS = """
    SELECT {keys}, o.bucket, count(*), sum(o.met), sum(o.skipped), sum(o.by_status),
        count(*) FILTER (WHERE o.cause = 'retarget'),
        count(*) FILTER (WHERE o.met = 1 AND o.zone IN ('yellow', 'orange') AND o.owner IS NOT NULL),
        sum(CASE WHEN o.met = 1 THEN o.target_s - o.elapsed_s ELSE 0 END),
        sum(CASE WHEN o.met = 0 THEN o.elapsed_s - o.target_s ELSE 0 END),
        '[' || group_concat(o.elapsed_s) || ']', '[' || group_concat(o.stopped_at - o.started_at) || ']'
    FROM outcomes o WHERE {among} GROUP BY {numbers}"""
# When the first and the last result of all stopped.
SPAN = """
    SELECT (SELECT min(stopped_at) FROM outcomes INDEXED BY outcomes_stopped),
        (SELECT max(stopped_at) FROM outcomes INDEXED BY outcomes_stopped)"""
# Every value of one fact, of results and of tickets.
VALUES = "SELECT DISTINCT {column} FROM outcomes UNION SELECT {column} FROM tickets"
# What never changes in a store once it is there: its first policy and its first result.
BIRTH = """
    SELECT text, author, applied_at FROM policies WHERE version = (SELECT min(version) FROM policies)
    UNION ALL
    SELECT ticket_id, started_at, stopped_at FROM outcomes WHERE id = (SELECT min(id) FROM outcomes)"""

_numbers = msgspec.json.Decoder(list[int]).decode


def promises(store: SqliteStore, asked: Question, names: Names) -> Iterator[Group]:
    """Finished results in groups; two that are called the same in the report are still two."""
    cut = piece_of(store, asked)
    if asked.unit is not None and cut is None:
        return
    bound: dict[str, object] = {}
    keys = [_key(word, cut, bound) for word in asked.by]
    sql = GROUPS.format(
        keys=", ".join(keys) or "NULL", among=among(store, asked, bound),
        numbers=", ".join(str(number + 1) for number in range(max(1, len(keys)) + 1)),
    )  # fmt: skip
    for row in store.ask(sql, bound):
        *values, bucket, n, met, skipped, by_status, retargeted, saved, spare_s, over_s, used, wall = row
        found = tuple(
            cut.labels[value] if word == asked.unit and cut else names.shown(word, value)
            for word, value in zip(asked.by, values, strict=False)
        )
        yield Group(
            found, Bucket(bucket), n, met, skipped, by_status, retargeted, saved, spare_s, over_s,
            _numbers(used), _numbers(wall),
        )  # fmt: skip


def among(store: SqliteStore, asked: Question, bound: dict[str, object], *, stands: str = STANDS) -> str:
    """The condition that picks the rows `o` of `outcomes` asked for, as they stand; `bound` gets its values.

    `stands` is how a result that was revised is left out: STANDS_ALONE where another condition picks few.
    """
    conditions = [*_in_time(store, asked.period, bound), stands, *_only(asked, bound)]
    if not asked.with_skipped:
        conditions.append("o.skipped = 0")
    if not asked.with_by_status:
        conditions.append("o.by_status = 0")
    return " AND ".join(conditions)


def piece_of(store: SqliteStore, asked: Question) -> Pieces | None:
    """The pieces of time that the results asked for fall into; None without a unit, or without any result."""
    [(first, last)] = store.ask(SPAN)
    if asked.unit is None or first is None:
        return None
    since, until = asked.period.since, asked.period.until
    first = first if since is None else max(first, since)
    last = last if until is None else min(last, until - 1)
    return pieces(asked.unit, first, last, asked.timezone) if first <= last else None


def _key(word: str, cut: Pieces | None, bound: dict[str, object]) -> str:
    """The SQL of one key: a column, or the number of the piece of time."""
    if word in COLUMNS:
        return f"o.{COLUMNS[word]}"
    assert cut is not None
    return _piece(cut.edges, 0, len(cut.edges) - 2, bound)


def _piece(edges: Sequence[int], first: int, last: int, bound: dict[str, object]) -> str:
    """Which piece from `first` to `last` holds the result, by halves: quicker than a date of each, and in any zone."""
    if first == last:
        return str(first)
    middle = (first + last + 1) // 2
    bound[f"edge{middle}"] = edges[middle]
    before, after = _piece(edges, first, middle - 1, bound), _piece(edges, middle, last, bound)
    return f"CASE WHEN o.stopped_at < :edge{middle} THEN {before} ELSE {after} END"


def _in_time(store: SqliteStore, period: Period, bound: dict[str, object]) -> Iterator[str]:
    """The period as conditions. The plus keeps the planner from the index where it would look up every second row."""
    [(first, last)] = store.ask(SPAN)
    since, until = first if period.since is None else period.since, last if period.until is None else period.until
    column = "o.stopped_at"
    if first is not None and (min(until, last) - max(since, first)) * _WIDE > last - first:
        column = "+o.stopped_at"
    if period.since is not None:
        bound["since"] = period.since
        yield f"{column} >= :since"
    if period.until is not None:
        bound["until"] = period.until
        yield f"{column} < :until"


def _only(asked: Question, bound: dict[str, object]) -> Iterator[str]:
    for fact, values in asked.only.items():
        bound[f"only_{fact}"] = json.dumps(values)
        yield f"o.{COLUMNS[fact]} IN (SELECT value FROM json_each(:only_{fact}))"


def called(store: SqliteStore, fact: str, wanted: Sequence[str]) -> tuple[str, ...]:
    """The values of `fact` as the store has them that are called so, whatever their case; UsageError where none is."""
    if fact == "bucket":
        return tuple(wanted)
    plain = Names()
    known: dict[str, list[str]] = {}
    shown: dict[str, str] = {}
    for (value,) in store.ask(VALUES.format(column=COLUMNS[fact])):
        if name := plain.shown(fact, value):
            known.setdefault(name.casefold(), []).append(value)
            shown[name.casefold()] = name
    found: list[str] = []
    for name in wanted:
        folded = (plain.shown(fact, name) or "").casefold()
        if folded not in known:
            there = _there([shown[one] for one in get_close_matches(folded, known, 3)], sorted(shown.values()))
            raise UsageError(f"No {fact} is called {plain.shown(fact, name) or '(nothing)'}; {there}.")
        found += known[folded]
    return tuple(found)


def _there(near: Sequence[str], every: Sequence[str]) -> str:
    """What there is instead: what may be meant, else some of all."""
    if near:
        return f"near to it: {', '.join(near)}"
    more = f" and {len(every) - 5:,} more" if len(every) > 5 else ""
    return f"there {'is' if len(every) == 1 else 'are'} {', '.join(every[:5])}{more}" if every else "the store has none"


def pseudonym_key(store: SqliteStore) -> bytes:
    """What makes pseudonyms: the same for one store for good, and not to be guessed from a report alone."""
    birth: list[Any] = [tuple(row) for row in store.ask(BIRTH)]
    return hashlib.blake2b(repr(birth).encode("utf-8", "replace"), digest_size=32).digest()
