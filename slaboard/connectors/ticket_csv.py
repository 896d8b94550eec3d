"""Tickets as a table: any CSV with one row a ticket, its columns named by a map (see docs/import.md)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from slaboard import toml
from slaboard.connectors import times
from slaboard.connectors.base import Parsed, Snapshot, id_problem, shown
from slaboard.connectors.rows import fitting, is_line_encoding, rows
from slaboard.ticket import Stage
from slaboard.toml import Problem, Written

FIELDS = Snapshot.__struct_fields__
_TIMES = frozenset(name for name in FIELDS if name.endswith("_at"))
_STAGES = tuple(Stage)
_NONE_IS_SAID = frozenset({"owner", "customer", "priority"})
"""Fields whose empty cell says that there is none; elsewhere it says nothing."""


class ColumnMap(Struct, frozen=True):
    """How to read one kind of ticket table."""

    columns: Mapping[str, str] | None = None
    """From a field of `Snapshot` to a column of the file; None takes the columns that are named like fields."""
    time: str = "iso"
    """`iso`, `epoch`, or a `strptime` pattern."""
    delimiter: str | None = None
    """One character; None lets the heading decide."""
    encoding: str = "utf-8-sig"
    null: frozenset[str] = frozenset({"?", "", "null"})
    """Cells that stand for nothing."""
    tz: tzinfo | None = None
    """The zone of times without an offset; None takes the import's."""
    priority: Mapping[str, str] = field(default_factory=dict)
    """From the file's priorities to ours; one that is not named stays as it is."""

    def instant(self, cell: str, tz: tzinfo) -> int:
        """The epoch second of a cell; raises ValueError with the end of a sentence."""
        if self.time == "epoch":
            return times.epoch(cell)
        if self.time == "iso":
            return times.instant(cell, self.tz or tz)
        return times.by_pattern(cell, self.time, self.tz or tz)


class TicketCsv(Struct, frozen=True):
    """Reads a table of tickets; a time without an offset is one of the map's zone, else of `tz`."""

    tz: tzinfo = UTC
    mapping: ColumnMap = field(default_factory=ColumnMap)
    name: ClassVar[str] = "ticket_csv"

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """One `Parsed` a row with its snapshot or the problem; a heading that does not fit ends it."""
        table = rows(lines, encoding=self.mapping.encoding, delimiter=self.mapping.delimiter)
        heading = next(table, None)
        if heading is None or isinstance(heading, Parsed):
            yield heading or Parsed(1, problem="The file is empty; a table of tickets begins with its headings.")
            return
        line, names = heading
        columns = self.mapping.columns or {name: name for name in FIELDS if name in names or name == "id"}
        if missing := [column for column in columns.values() if column not in names]:
            yield Parsed(line, problem=_missing(missing, names))
            return
        counts = Counter(names)
        if twice := [column for column in columns.values() if counts[column] > 1]:
            yield Parsed(line, problem=f"More than one column is named {_listed(twice)}; the first of them is read.")
        places = {name: names.index(column) for name, column in columns.items()}
        needed = max(places.values()) + 1
        for row in fitting(table, len(names), needed):
            if isinstance(row, Parsed):
                yield row
                continue
            line, cells = row
            try:
                picked = {name: cells[place] for name, place in places.items()}
                yield Parsed(line, snapshot=self._snapshot(picked), size=sum(map(len, picked.values())))
            except ValueError as error:
                yield Parsed(line, problem=str(error))

    def _snapshot(self, cells: Mapping[str, str]) -> Snapshot:
        """One row as a ticket; raises ValueError with a sentence."""
        values: dict[str, Any] = {}
        for name, cell in cells.items():
            if cell in self.mapping.null:
                if name in _NONE_IS_SAID:
                    values[name] = ""
            elif name in _TIMES:
                try:
                    values[name] = self.mapping.instant(cell, self.tz)
                except ValueError as error:
                    raise ValueError(f"`{name}` {error}.") from None
            elif name == "stage":
                if cell not in _STAGES:
                    raise ValueError(f"`stage` is {shown(cell)}; it must be one of {', '.join(_STAGES)}.")
                values[name] = Stage(cell)
            elif name == "priority":
                values[name] = self.mapping.priority.get(cell, cell)
            else:
                values[name] = cell
        ticket = values.pop("id", "")
        if problem := id_problem(ticket):
            raise ValueError(f"`id` {problem}.")
        return Snapshot(id=ticket, **values)


def _missing(missing: list[str], names: list[str]) -> str:
    return (
        f"The file has no column {_listed(missing)}: it has {_listed(names)}. A map (`--map`) says which is which; "
        "`--draft-map` makes one to begin with."
    )


def _listed(names: Sequence[str], most: int = 30) -> str:
    """Column names for a sentence, the first `most` of them."""
    known = ", ".join(shown(name) for name in names[:most])
    return known + (f" and {len(names) - most} more" if len(names) > most else "")


def parse_mapping(text: str) -> tuple[ColumnMap | None, list[str]]:
    """The map written in TOML, or None and every problem in it, each a sentence (a syntax error stands alone)."""
    written = toml.parse(text)
    if isinstance(written, Problem):
        return None, [f"{written}."]
    tables = {name: table for name, table in written.values.items() if name in _TABLES and isinstance(table, dict)}
    problems = [
        written.problem((name,), f"{toml.shown(name)} is not a table of a map", f"it has {_TABLES_SAID}")
        for name in written.values
        if name not in tables
    ]
    columns, form, priority = (tables.get(name, {}) for name in _TABLES)
    problems += [*_column_problems(written, columns), *_format_problems(written, form)]
    problems += [
        written.problem(
            ("priority", word),
            f"[priority] {toml.shown(word)} is {toml.shown(value)}",
            "it must be our word for it, a text",
        )
        for word, value in priority.items()
        if not isinstance(value, str)
    ]
    if problems:
        return None, [f"{problem}." for problem in problems]
    settings = {name: form[name] for name in ("time", "delimiter", "encoding") if name in form}
    if "null" in form:
        settings["null"] = frozenset(form["null"])
    if "timezone" in form:
        settings["tz"] = ZoneInfo(form["timezone"])
    mapped = {name: column.strip() for name, column in columns.items()}
    return ColumnMap(columns=mapped, priority=priority, **settings), []


_TABLES = ("columns", "format", "priority")
_TABLES_SAID = "[columns], [format] and [priority]"


def _column_problems(written: Written, columns: Mapping[str, object]) -> Iterator[Problem]:
    if "id" not in columns:
        yield written.problem(("columns",), "[columns] needs `id`", "write which column of the file names the ticket")
    for name, column in columns.items():
        if name not in FIELDS:
            what, right = f"{toml.shown(name)} is not a field of a ticket", f"it must be one of {', '.join(FIELDS)}"
        elif not isinstance(column, str) or not column.strip():
            what, right = f"`{name}` is {toml.shown(column)}", "it must be the name of a column, a text"
        else:
            continue
        yield written.problem(("columns", name), f"[columns] {what}", right)


def _format_problems(written: Written, form: Mapping[str, object]) -> Iterator[Problem]:
    for key, value in form.items():
        if key not in _CHECKS:
            what, right = f"{toml.shown(key)} is not a setting", f"it must be one of {', '.join(_CHECKS)}"
        elif not _CHECKS[key][0](value):
            what, right = f"`{key}` is {toml.shown(value)}", f"it must be {_CHECKS[key][1]}"
        else:
            continue
        yield written.problem(("format", key), f"[format] {what}", right)


def _is_time(value: object) -> bool:
    """True for `iso`, `epoch`, and a pattern that keeps at least the date, and with the minutes the whole hour."""
    if value in ("iso", "epoch"):
        return True
    if not isinstance(value, str):
        return False
    probe = datetime(2026, 1, 25, 13, 47, tzinfo=UTC)
    try:
        read = datetime.strptime(probe.strftime(value), value).replace(tzinfo=UTC)
    except (ValueError, re.error):  # re.error: a directive that stands twice
        return False
    return read in (probe, probe.replace(hour=0, minute=0))


def _is_zone(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (LookupError, ValueError, OSError):  # OSError: "Europe" is a folder
        return False


_CHECKS: Mapping[str, tuple[Callable[[object], bool], str]] = {
    "time": (_is_time, 'iso, epoch or a strptime pattern with a date, such as "%d/%m/%Y %H:%M" (%p with %I)'),
    "delimiter": (
        lambda value: isinstance(value, str) and len(value) == 1 and value not in '"\r\n',
        "one character",
    ),
    "encoding": (
        lambda value: isinstance(value, str) and is_line_encoding(value),
        "an encoding such as utf-8, cp1252 or iso-8859-1; UTF-16 has to be saved as UTF-8 first",
    ),
    "null": (
        lambda value: isinstance(value, list) and all(isinstance(word, str) for word in value),
        "a list of texts",
    ),
    "timezone": (_is_zone, 'the name of a zone, such as "Europe/Berlin"'),
}
"""What a setting of [format] must be, and the words for it."""
