"""The sheets of a report and its trend, from a store."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from slaboard.reports import footnote_sheet, promises
from slaboard.reports.course import ENDLESS
from slaboard.reports.cut import Cut, cut
from slaboard.reports.flow import Flow
from slaboard.reports.footnote_sheet import Telling
from slaboard.reports.names import Names
from slaboard.reports.question import Question
from slaboard.reports.sheet import Sheet
from slaboard.reports.tickets import SHEETS as OF_TICKETS
from slaboard.reports.tickets import sheets as sheets_of_tickets
from slaboard.reports.trend import Trend, trend, unit_for
from slaboard.store.reports import history
from slaboard.store.reports.courses import courses, span
from slaboard.store.reports.footnotes import footnotes

if TYPE_CHECKING:
    from slaboard.store.sqlite import SqliteStore

SHEETS = ("promises", *OF_TICKETS, "footnotes")
"""What `--show` takes."""


def sheets(
    store: SqliteStore, asked: Question, names: Names, now: int, wanted: Collection[str], *, with_trend: bool = False,
    telling: Telling = Telling(),  # noqa: B008 a frozen value
    on_tickets: Callable[[int], None] | None = None,
) -> tuple[Sequence[Sheet], Trend | None]:  # fmt: skip
    """Those of SHEETS that are wanted, in that order, and how it went over time.

    Some are of tickets, not of results: every ticket is read for them, and `on_tickets` hears how many are.
    """
    made: dict[str, Sheet] = {}
    n: int | None = None
    over_time = _over_time(store, asked, now) if with_trend else None
    flows: dict[str, Flow] | None = None
    if "promises" in wanted:
        rows = promises.kept(history.promises(store, asked, names), asked.by)
        made["promises"] = promises.sheet(rows, asked.by)
        n = sum(row.n for row in rows)
    if "footnotes" in wanted:
        looked = footnotes(store, asked, now, n=n, every=telling.every_ticket)
        made["footnotes"] = footnote_sheet.sheet(looked, names, telling)
    if not set(OF_TICKETS).isdisjoint(wanted):
        groups = cut(asked, span(store)[0], now)
        counted = courses(store, asked, names, groups.until, on_tickets)
        found, by_piece = sheets_of_tickets(counted, groups, names, wanted, over_time)
        made |= found
        flows = {keys[0] or "": flow for keys, flow in by_piece.items()} if over_time is not None else None
    if over_time is None or over_time.parts is None:
        return [made[name] for name in SHEETS if name in made], None
    results = history.promises(store, over_time.asked, names)
    went = trend(over_time.parts.unit, over_time.parts.labels, results, flows)
    return [made[name] for name in SHEETS if name in made], went


def _over_time(store: SqliteStore, asked: Question, now: int) -> Cut | None:
    """The pieces of time of a trend: those asked for, else as many as can be drawn; None where nothing happened."""
    known = [at for at in (*store.ask(history.SPAN)[0], *span(store)) if at is not None]
    if not known:
        return None
    since = max(min(known), asked.period.since or 0)
    until = min(max(known), now, ENDLESS if asked.period.until is None else asked.period.until - 1) + 1
    if since >= until:
        return None
    unit = asked.unit or unit_for(until - since)
    return cut(replace(asked, by=(unit,)), since, until - 1)
