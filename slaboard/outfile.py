"""A list as a file: CSV or NDJSON, streamed, whole or not at all, and never in place of another unasked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from slaboard.board.moves.effect import Export
from slaboard.board.views import View
from slaboard.errors import UsageError
from slaboard.host import place
from slaboard.output import ticket_json, tickets_csv
from slaboard.store.disk.apart import refuse_store
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line
from slaboard.ticket import Ticket

SUFFIXES = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
"""How a file is written that is called so."""


STEP = 500
"""Tickets between two looks at the progress."""


def form_of(file: str, said: str | None = None) -> str:
    """`csv` or `ndjson`: what was said, else by the name's end. UsageError where it does not tell."""
    found = said or SUFFIXES.get(Path(file).suffix.lower())
    if found is None:
        raise UsageError(f"{clean(file)} does not say how it is to be written. Call it NAME.csv or NAME.ndjson.")
    return found


class Counted:
    """Tickets on their way into a file, and how many they were; `on_tickets` hears it now and then."""

    def __init__(self, tickets: Iterable[Ticket], on_tickets: Callable[[int], None] | None = None) -> None:
        self.count = 0
        self._tickets, self._on_tickets = tickets, on_tickets

    def __iter__(self) -> Iterator[Ticket]:
        for ticket in self._tickets:
            self.count += 1
            if self._on_tickets is not None and not self.count % STEP:
                self._on_tickets(self.count)
            yield ticket


def lines(store: SqliteStore, tickets: Iterable[Ticket], form: str, moment: int) -> Iterator[str]:
    """The tickets as lines of CSV (heading first) or NDJSON, one at a time."""
    calendars = store.policy().calendars
    if form == "csv":
        yield from tickets_csv(tickets, calendars, moment)
        return
    for ticket in tickets:
        yield json_line(ticket_json(ticket, calendars, moment))


def listed(
    store: SqliteStore, view: View, now: int, at: int | None, *, ended: bool = False,
    on_tickets: Callable[[int], None] | None = None,
) -> Iterator[Ticket]:  # fmt: skip
    """The tickets of the view in its order, now or at a moment of the past, texts as they came.

    `on_tickets` hears how many of the past are looked at, before the first of them comes.
    """
    source = store if at is None else Past(store, at, once=True, on_tickets=on_tickets)
    return source.tickets(now if at is None else at, view=view, ended=ended, as_it_came=True)


def exported(store: SqliteStore, export: Export, now: int) -> str:
    """Write what a board lists; how many tickets are where, as a sentence."""
    form, path = form_of(export.file), place.path_of(export.file)
    tickets = Counted(listed(store, export.view, now, export.at))
    moment = now if export.at is None else export.at
    try:
        write(store, path, lines(store, tickets, form, moment), force=export.replaces)
    except place.Taken:  # by somebody who came meanwhile: the board asks before it sends us
        raise UsageError(f"{place.told(path)} is there already and stays as it is. Name another file.") from None
    return f"{told(tickets.count)} in {place.told(path)}"


def write(store: SqliteStore, path: Path, text: Iterable[str], *, force: bool = False) -> None:
    """All lines in a file that is whole or not there; never over `store`, over another file only with `force`."""
    refuse_store(path, store.path)
    place.write(path, text, force=force)


def told(count: int) -> str:
    """`1 ticket is`, `46 tickets are`."""
    return f"{count:,} ticket{' is' if count == 1 else 's are'}"
