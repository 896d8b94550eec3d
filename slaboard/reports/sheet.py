"""A sheet: one table of a report, its rows as values for programs and as texts for people."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from msgspec import Struct

from slaboard.reports.figure import number_text, span_text

NONE = "(none)"
"""What people read where a ticket has no such value."""

Values = Mapping[str, Any]


class Column(Struct, frozen=True):
    """How people see one column."""

    heading: str
    text: Callable[[Values], str]
    is_number: bool = True
    share: Callable[[Values], float | None] | None = None
    """What a bar beside the text would be filled by, 0 to 1."""
    spare: int = 0
    """Where there is no room the column with the highest number goes first; one with 0 stays."""


class Sheet(Struct, frozen=True):
    """One table: `rows` hold what programs get, `columns` what people see of it."""

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[Values, ...]
    names: tuple[str, ...]
    """What the values of a row are called, in order; there also when there is no row."""
    note: str = ""
    told: Callable[[Values], str] | None = None
    """How a row reads as paragraphs, a line each; the sheet is a list of them then, and has no columns."""

    @property
    def headings(self) -> list[str]:
        """What stands over the columns."""
        return [column.heading for column in self.columns]

    def paragraphs(self) -> list[str]:
        """A list as people read it."""
        return [text for row in self.rows for text in self.told(row).split("\n") if text] if self.told else []

    def texts(self) -> list[list[str]]:
        """Every row as people read it."""
        return [[column.text(row) for column in self.columns] for row in self.rows]


def key_columns(names: Sequence[str]) -> Iterable[Column]:
    """Columns for what a report is cut by."""
    return (Column(_HEADINGS.get(name, name), _value(name), is_number=False) for name in names)


def number_of(name: str) -> Callable[[Values], str]:
    """How a whole number called `name` is written."""
    return lambda row: number_text(row[name])


LONG_S = 100 * 3_600
"""A span from so many seconds on is told in whole hours where it stands in a column."""


def span_of(name: str) -> Callable[[Values], str]:
    """How a number of seconds called `name` is written."""

    def text(row: Values) -> str:
        seconds = row[name]
        is_long = seconds is not None and seconds >= LONG_S
        return f"{round(seconds / 3_600):,}h" if is_long else span_text(seconds)

    return text


_HEADINGS = {"bucket": "promise"}


def _value(name: str) -> Callable[[Values], str]:
    return lambda row: NONE if row[name] is None else str(row[name]).replace("_", " " if name == "bucket" else "_")
