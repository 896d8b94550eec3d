"""Customers' answers as a table: one CSV row a survey, about tickets that the store has already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, tzinfo
from typing import ClassVar

from msgspec import Struct

from slaboard.connectors.base import Parsed, id_problem, shown
from slaboard.connectors.rows import fitting, rows
from slaboard.connectors.times import instant
from slaboard.text import cap
from slaboard.ticket import ActorKind, Event, Kind

REQUIRED = ("ticket", "at")
SCORES: Mapping[str, tuple[int, int]] = {"csat": (1, 5), "nps": (0, 10)}
"""From the lowest answer to the highest."""
OPTIONAL = ("actor", "note")
_NULLS = ("", "?", "null", "-")


def is_survey(names: Iterable[str]) -> bool:
    """True for the headings of a table of surveys."""
    found = {name.lower() for name in names}
    return set(REQUIRED) <= found and not found.isdisjoint(SCORES)


class SurveyCsv(Struct, frozen=True):
    """Reads a table of surveys; a time without an offset is one of `tz`."""

    tz: tzinfo = UTC
    name: ClassVar[str] = "survey_csv"

    def read(self, lines: Iterable[bytes]) -> Iterator[Parsed]:
        """One `Parsed` a row, with its answer or the problem; a heading that does not fit ends it."""
        table = rows(lines)
        heading = next(table, None)
        if heading is None or isinstance(heading, Parsed):
            yield heading or Parsed(1, problem="The file is empty; a table of surveys begins with its headings.")
            return
        line, names = heading
        if not is_survey(names):
            yield Parsed(line, problem="A table of surveys has the columns ticket, at, and csat or nps; this has not.")
            return
        known = [name.lower() for name in names]
        places = {name: known.index(name) for name in (*REQUIRED, *SCORES, *OPTIONAL) if name in known}
        for row in fitting(table, len(names), max(places.values()) + 1):
            if isinstance(row, Parsed):
                yield row
                continue
            line, cells = row
            try:
                event = self._event({name: cells[place] for name, place in places.items()})
            except ValueError as error:
                yield Parsed(line, problem=str(error))
            else:
                yield Parsed(line, () if event is None else (event,))

    def _event(self, cells: Mapping[str, str]) -> Event | None:
        """The answer of one row, None where nothing was answered; raises ValueError with a sentence."""
        ticket = cells["ticket"]
        if problem := id_problem(ticket):
            raise ValueError(f"`ticket` {problem}.")
        scores = {name: _score(name, cells[name]) for name in SCORES if name in cells and cells[name] not in _NULLS}
        if not scores:
            return None
        try:
            at = instant(cells["at"], self.tz)
        except ValueError as error:
            raise ValueError(f"`at` {error}.") from None
        said = {name: cap(cells[name]) for name in OPTIONAL if cells.get(name, "") not in _NULLS}
        return Event(
            ticket=ticket, at=at, kind=Kind.SURVEY, actor=said.get("actor"), actor_kind=ActorKind.CUSTOMER,
            note=said.get("note"), csat=scores.get("csat"), nps=scores.get("nps"),
        )  # fmt: skip


def _score(name: str, cell: str) -> int:
    low, high = SCORES[name]
    if not (cell.isascii() and cell.isdigit() and len(cell) <= 2 and low <= int(cell) <= high):
        raise ValueError(f"`{name}` is {shown(cell)}; it must be a whole number from {low} to {high}.")
    return int(cell)
