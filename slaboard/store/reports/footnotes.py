"""Footnotes to the results of a report: those of each ticket in it, or of a fair sample where there are many."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from slaboard.reports.footnote_sheet import Looked, in_time
from slaboard.reports.footnotes import Footnote
from slaboard.reports.footnotes import footnotes as of_ticket
from slaboard.reports.question import Question
from slaboard.store.reports import history
from slaboard.store.rows import outcome_clock

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

LOOKED = 1_000
"""So many tickets are looked at unless each is asked for: 0.3 s, while a million of them would take some minutes."""
_SPARE = 3
"""So many results are drawn for each of them: a ticket has about as many."""
_PAGE = 200

_COUNT = "SELECT count(*) FROM outcomes o WHERE {among}"
# Tickets of every so manieth result of those asked for, with the first result of each that was drawn.
_DRAWN = """
    SELECT o.ticket_id, min(o.id) FROM outcomes o WHERE o.id % :stride = 0 AND {among}
    GROUP BY o.ticket_id ORDER BY o.ticket_id"""
# The first result of each of some tickets: a ticket is in the sample when that one was drawn, so all are as likely.
_FIRST = """
    SELECT o.ticket_id, min(o.id) FROM json_each(:ids) i CROSS JOIN outcomes o ON o.ticket_id = i.value
    WHERE {among} GROUP BY o.ticket_id"""
# The results of some tickets, those of one in order.
_RESULTS = """
    SELECT o.* FROM json_each(:ids) i CROSS JOIN outcomes o ON o.ticket_id = i.value
    WHERE {among} ORDER BY o.ticket_id, o.id"""


def footnotes(store: SqliteStore, asked: Question, now: int, *, n: int | None = None, every: bool = False) -> Looked:
    """What there is to tell of the `n` results asked for (counted when it is not known), whatever `asked` is cut by.

    Nothing that happened after the period is in it: what was told of it stays so.
    """
    until = now + 1 if asked.period.until is None else min(asked.period.until, now + 1)
    ids, is_sample = _tickets(store, asked, n, every=every)
    found: list[Footnote] = []
    for first in range(0, len(ids), _PAGE):
        found += _of(store, asked, ids[first : first + _PAGE], until)
    return Looked(in_time(found, asked.period.since, until), len(ids), is_sample)


def _tickets(store: SqliteStore, asked: Question, n: int | None, *, every: bool) -> tuple[list[str], bool]:
    """The tickets to look at, and whether they are only some of all."""
    bound: dict[str, object] = {}
    if n is None:
        [(n,)] = store.ask(_COUNT.format(among=history.among(store, asked, bound)), bound)
    stride = 1 if every else max(1, n // (_SPARE * LOOKED))
    among = history.among(store, asked, bound, stands=history.STANDS_ALONE)
    drawn = store.ask(_DRAWN.format(among=among), {**bound, "stride": stride})
    ids = [ticket for ticket, _ in drawn]
    if stride > 1:
        first = dict(store.ask(_FIRST.format(among=among), {**bound, "ids": json.dumps(ids)}))
        ids = [ticket for ticket, number in drawn if first.get(ticket) == number]
    if every or len(ids) <= LOOKED:
        return ids, stride > 1
    return [ids[i * len(ids) // LOOKED] for i in range(LOOKED)], True


def _of(store: SqliteStore, asked: Question, ids: list[str], until: int) -> Iterator[Footnote]:
    bound: dict[str, object] = {"ids": json.dumps(ids)}
    among = history.among(store, asked, bound, stands=history.STANDS_ALONE)
    results: dict[str, list[Any]] = {}
    with store.reading():  # page by page: a read that lasts lets the log of a busy store grow
        for row in store.ask(_RESULTS.format(among=among), bound):
            results.setdefault(row["ticket_id"], []).append(row)
        histories = store.histories(ids)
    for ticket, rows in results.items():
        events = [event for event in histories.get(ticket, ()) if event.at < until]
        yield from of_ticket(ticket, [outcome_clock(row) for row in rows], events, store.policy_of, until)
