"""A list as a file: CSV or NDJSON, streamed, whole or not at all, and never in place of another unasked."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from slaboard.board.moves.effect import Export
from slaboard.board.views import View
from slaboard.errors import UsageError
from slaboard.output import ticket_json, tickets_csv
from slaboard.store.read.past import Past
from slaboard.store.sqlite import SqliteStore
from slaboard.text import clean, json_line
from slaboard.ticket import Ticket

SUFFIXES = {".csv": "csv", ".ndjson": "ndjson", ".jsonl": "ndjson"}
"""How a file is written that is called so."""


STEP = 500
"""Tickets between two looks at the progress."""


class Taken(UsageError):
    """A file of that name is there."""

    def __init__(self, path: Path) -> None:
        super().__init__(f"{clean(str(path), limit=400)} is there already. Nothing was written.")


def path_of(file: str) -> Path:
    """The file that is meant: `~` is the home, and a bare name lies in the working folder."""
    try:
        return Path(file).expanduser().absolute()
    except (RuntimeError, ValueError) as error:  # a ~name that nobody has
        raise UsageError(f"{clean(file)} is no name for a file: {clean(str(error))}.") from None


def is_taken(file: str) -> bool:
    """Whether something is there under that name; what cannot be told is told when it is written."""
    try:
        return os.path.lexists(path_of(file))
    except (UsageError, ValueError):
        return False


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


def write(path: Path, text: Iterable[str], *, replaces: bool = False) -> None:
    """All lines, then the name: until then the file has another one. Taken or UsageError where that cannot be."""
    if not replaces and os.path.lexists(path):
        raise Taken(path)
    if path.is_dir():
        raise UsageError(f"{clean(str(path), limit=400)} is a folder. Say a file in it.")
    fresh = path.with_name(f".{path.name[:200]}.{os.getpid()}-{token_hex(4)}.new")  # one board may write it twice
    try:
        _begun.add(fresh)
        try:
            with fresh.open("x", encoding="utf-8", newline="") as file:
                for line in text:
                    file.write(f"{line}\n")
            _put(fresh, path, replaces=replaces)
        finally:
            with suppress(OSError):
                fresh.unlink()
            _begun.discard(fresh)
    except FileExistsError:
        raise Taken(path) from None
    except (OSError, ValueError) as error:
        why = clean(getattr(error, "strerror", None) or str(error))
        raise UsageError(f"{clean(str(path), limit=400)} cannot be written: {why}. Nothing is there.") from error


_begun: set[Path] = set()


@atexit.register
def sweep() -> None:
    """Leave nothing half-written: a board that is closed does not wait for the thread that writes its list."""
    for fresh in list(_begun):
        with suppress(OSError):
            fresh.unlink()


def _put(fresh: Path, path: Path, *, replaces: bool) -> None:
    """Give it its name; without `replaces` only if nobody has taken it meanwhile."""
    if replaces:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a disk without hard links
        if os.path.lexists(path):
            raise FileExistsError(str(path)) from None
        fresh.replace(path)


def exported(store: SqliteStore, export: Export, now: int) -> str:
    """Write what a board lists; how many tickets are where, as a sentence."""
    form, path = form_of(export.file), path_of(export.file)
    tickets = Counted(listed(store, export.view, now, export.at))
    moment = now if export.at is None else export.at
    write(path, lines(store, tickets, form, moment), replaces=export.replaces)
    return f"{told(tickets.count)} in {clean(str(path), limit=400)}"


def told(count: int) -> str:
    """`1 ticket is`, `46 tickets are`."""
    return f"{count:,} ticket{' is' if count == 1 else 's are'}"
