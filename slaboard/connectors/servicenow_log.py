"""The incident event log in ServiceNow's words: one CSV row an update, with all columns each time.

Its rows are back-filled: `resolved_at`, `closed_at` and the like stand on every row of an incident, also on the ones
from before. They are never read; what happened is what changed from one row to the next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from functools import partial
from operator import attrgetter, itemgetter
from typing import ClassVar, NamedTuple

from msgspec import Struct, field

from slaboard.connectors.base import Parsed, id_problem, shown
from slaboard.connectors.rows import fitting, rows
from slaboard.connectors.times import day_first
from slaboard.host.aside import ByName
from slaboard.ticket import Event, Kind

REQUIRED = ("number", "sys_mod_count", "opened_at", "sys_updated_at", "incident_state")
OPTIONAL = (
    "priority",
    "caller_id",
    "assigned_to",
    "sys_updated_by",
    "opened_by",
    "contact_type",
    "category",
    "subcategory",
    "u_symptom",
)
_NULLS = ("?", "")
_DONE = ("Resolved", "Closed", "Canceled")
_STEP = 8
"""Places in `order` for the events of one row: `sys_mod_count` times this, plus the place of the kind of event."""


class ServicenowLog(Struct, frozen=True):
    """Reads the log; its times have no zone and are of `tz`.

    Rows may be sorted by incident or by time, oldest or newest first. A row older than one already read of its incident
    states everything, and the row after it states again what is different (a word repeated moves nothing when
    replayed). Of each incident the newest row and the last one read are remembered, so only a log in no order at all
    may lose a change.
    """

    tz: tzinfo = UTC
    name: ClassVar[str] = "servicenow_log"

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """One `Parsed` a row, with the events of what changed in it (often none)."""
        table = rows(lines)
        heading = next(table, None)
        if heading is None or isinstance(heading, Parsed):
            yield heading or Parsed(1, problem="The file is empty; a ServiceNow incident log begins with its headings.")
            return
        line, names = heading
        if missing := [name for name in REQUIRED if name not in names]:
            yield Parsed(line, problem=f"A ServiceNow incident log has the columns {', '.join(missing)}; this has not.")
            return
        pick, needed = _picker(names)
        log = _Log(self.tz)
        for row in fitting(table, len(names), needed):
            if isinstance(row, Parsed):
                yield row
                continue
            line, cells = row
            try:
                events, problem = log.take(_Row(*(None if cell in _NULLS else cell for cell in pick([*cells, ""]))))
            except ValueError as error:
                yield Parsed(line, problem=str(error))
            else:
                yield Parsed(line, tuple(events), problem=problem)


class _Row(NamedTuple):
    """The cells that are read, in the order of `REQUIRED` and `OPTIONAL`; None is `?`."""

    number: str | None
    mod_count: str | None
    opened_at: str | None
    updated_at: str | None
    status: str | None
    priority: str | None
    caller: str | None
    assigned_to: str | None
    updated_by: str | None
    opened_by: str | None
    contact_type: str | None
    category: str | None
    subcategory: str | None
    symptom: str | None


class _Values(NamedTuple):
    """What an incident was like; None is none, or nothing said yet."""

    customer: str | None = None
    priority: str | None = None
    title: str | None = None
    status: str | None = None
    owner: str | None = None


class _Said(NamedTuple):
    """What one row says of its incident, when (epoch seconds, then `sys_mod_count`), and whose update it was."""

    place: tuple[int, int]
    actor: str | None
    values: _Values


class _Log(Struct):
    """The rows so far: the newest of every incident, and the last one read; of most incidents on the disk."""

    tz: tzinfo
    _known: ByName[tuple[_Said, _Said]] = field(default_factory=lambda: ByName(tuple[_Said, _Said]))

    def take(self, row: _Row) -> tuple[list[Event], str | None]:
        """The events of a row, and the problem that kept the rest of it out. Raises ValueError for a useless row."""
        ticket = row.number or ""
        if problem := id_problem(ticket):
            raise ValueError(f"`number` {problem}.")
        mod_count = _mod_count(row.mod_count)
        opened_at = _instant("opened_at", row.opened_at, self.tz)
        updated_at = _instant("sys_updated_at", row.updated_at, self.tz)
        values = _Values(row.caller, row.priority, _title(row), row.status, row.assigned_to)
        said = _Said((updated_at, mod_count), row.updated_by, values)
        events = []
        known = self._known.get(ticket)
        if known is None:
            events.append(_created(ticket, opened_at, row, values.title))
            newest = _Said((opened_at, -1), None, values._replace(status=None, owner=None))
            known = newest, newest
            self._known.put(ticket, known)
        if updated_at < opened_at:
            return events, (
                f"{ticket} was updated at {row.updated_at}, before it was opened at {row.opened_at}: "
                "an event older than its ticket's creation is not used."
            )
        newest, last = known
        if said.place < newest.place:
            self._known.put(ticket, (newest, said))
            after = last if last.place > said.place else newest
            return events + _changes(ticket, _Values(), said) + _changes(ticket, values, after), None
        events += _changes(ticket, newest.values, said)
        if values.status is None:
            said = said._replace(values=values._replace(status=newest.values.status))
        self._known.put(ticket, (said, said))
        return events, None


def _created(ticket: str, opened_at: int, row: _Row, title: str | None) -> Event:
    """The creation, without a status or an owner: those of its first row came later, at that row's own time.

    The assignment group is left out: no event could say that it changed, and 2 of 5 incidents change theirs.
    """
    return Event(
        ticket=ticket,
        at=opened_at,
        kind=Kind.CREATED,
        actor=row.opened_by,
        title=title,
        customer=row.caller,
        priority=row.priority,
        channel=row.contact_type,
        type=row.category,
    )


def _changes(ticket: str, was: _Values, said: _Said) -> list[Event]:
    """What a row changed, in the order in which it is allowed: a closed ticket cannot be claimed."""
    (at, mod_count), actor, now = said
    if now == was:
        return []
    event = partial(Event, ticket=ticket, at=at, actor=actor)
    order = mod_count * _STEP
    events = []
    if now.customer != was.customer:
        events.append(event(kind=Kind.CUSTOMER, order=order + 1, customer=now.customer))
    if now.priority != was.priority:
        events.append(event(kind=Kind.PRIORITY, order=order + 2, priority=now.priority))
    if now.title != was.title:
        events.append(event(kind=Kind.TITLE, order=order + 3, title=now.title))
    if now.status not in (None, was.status):
        events.append(event(kind=Kind.STATUS, order=order + 5, status=now.status))
    if now.owner != was.owner:
        kind = Kind.CLAIM if was.owner is None else Kind.RELEASE if now.owner is None else Kind.TAKEOVER
        reopened = was.status in _DONE
        events.append(event(kind=kind, order=order + (6 if reopened else 4), owner=now.owner or was.owner))
    return sorted(events, key=attrgetter("order"))


def _title(row: _Row) -> str | None:
    """An incident of this log has no title of its own: the words it is filed under."""
    return " / ".join(filter(None, (row.category, row.subcategory, row.symptom))) or None


def _picker(names: list[str]) -> tuple[Callable[[list[str]], tuple[str, ...]], int]:
    """What picks the cells of a `_Row`, and how many cells a row must have for it."""
    place: Mapping[str, int] = {name: index for index, name in reversed(list(enumerate(names)))}
    # A column the file does not have is read from the empty cell that `read` puts at the end of every row.
    columns = [place.get(name, -1) for name in (*REQUIRED, *OPTIONAL)]
    return itemgetter(*columns), max(columns) + 1


def _mod_count(cell: str | None) -> int:
    if cell is not None and cell.isascii() and cell.isdigit() and len(cell) <= 9:
        return int(cell)
    raise ValueError(f"`sys_mod_count` is {shown(cell or '?')}; it must be a whole number.")


def _instant(column: str, cell: str | None, tz: tzinfo) -> int:
    if cell is None:
        raise ValueError(f"`{column}` is missing; without it the row has no place in time.")
    try:
        return day_first(cell, tz)
    except ValueError as error:
        raise ValueError(f"`{column}` {error}.") from None
