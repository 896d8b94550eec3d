"""Footnotes of many tickets as a sheet: of how many each is to be told, no score, no names unless asked for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from msgspec import Struct

from slaboard.reports.figure import share
from slaboard.reports.footnotes import LAST_PERCENT, SOON_S, Footnote, Sort
from slaboard.reports.names import Names
from slaboard.reports.sheet import Sheet, Values
from slaboard.text import clean

TOLD = 3
"""So many tickets are named behind each, for one to look at."""
FACTS = 20
"""And so many facts at the most are told to programs, and to people who ask for names."""


class Telling(Struct, frozen=True):
    """What one wants to be told beyond the numbers of tickets."""

    names: bool = False
    """The facts themselves, and whose act each was."""
    every_ticket: bool = False
    """Look at each ticket, however many there are."""


class Looked(Struct, frozen=True):
    """What was found, and how many tickets were looked at for it."""

    found: Sequence[Footnote]
    tickets: int
    is_sample: bool = False
    """Whether these are only some of the tickets, drawn evenly."""


_SUMMED = {
    Sort.LATE_WAIT: f"waiting began with {LAST_PERCENT} % of a target left or less",
    Sort.QUICK_REOPEN: f"a resolution was taken back by the team within {SOON_S // 60} minutes",
    Sort.HELD_IDLE: "a quarter of a target or more was held at one go without recorded work",
}
_NOTE = (
    "Facts from the record, no score: each has good reasons as often as not. slaboard autopsy TICKET tells the whole "
    "of one ticket."
)


def sheet(looked: Looked, names: Names, telling: Telling) -> Sheet:
    """One row a sort, also where there is none; people read of those that there are."""
    rows = [_row(sort, looked, names, with_names=telling.names) for sort in Sort] if looked.tickets else []

    def told(row: Values) -> str:
        if not looked.found and row is rows[0]:
            return f"Nothing to tell of {_of(looked)}."
        return _told(row, with_names=telling.names) if row["tickets"] else ""

    return Sheet("footnotes", "Footnotes", (), tuple(rows), _NAMES, _NOTE, told)


_NAMES = ("about", "tickets", "looked_at", "share", "is_sample", "sentence")


def _row(sort: Sort, looked: Looked, names: Names, *, with_names: bool) -> dict[str, object]:
    found = sorted((note for note in looked.found if note.sort is sort), key=lambda note: (note.at, note.ticket))
    n = len({note.ticket for note in found})
    sentence = f"In {n:,} of {_of(looked)}{',' * looked.is_sample} {_SUMMED[sort]}."
    values = (sort.value, n, looked.tickets, share(n, looked.tickets), looked.is_sample, sentence)
    facts = [_fact(note, names, with_names=with_names) for note in found[:FACTS]]
    return {**dict(zip(_NAMES, values, strict=True)), "facts": facts}


def _told(row: Values, *, with_names: bool) -> str:
    """Which tickets to look at; with names the facts, a line each."""
    sentence = row["sentence"].removesuffix(".")
    if with_names:
        facts = [fact["sentence"] for fact in row["facts"]]
        return "\n".join([f"{sentence}:", *facts, *["And more."] * (len(facts) == FACTS)])
    ids = list(dict.fromkeys(fact["ticket"] for fact in row["facts"]))[:TOLD]
    return f"{sentence} ({', '.join(ids)}{' ...' * (row['tickets'] > len(ids))})."


def _of(looked: Looked) -> str:
    """`480 tickets`, or what was drawn of them."""
    one = "ticket" if looked.tickets == 1 else "tickets"
    return f"{looked.tickets:,} {one}{', drawn evenly from all' if looked.is_sample else ''}"


def _fact(note: Footnote, names: Names, *, with_names: bool) -> Values:
    who = names.shown("engineer", note.who) if with_names else None
    by = f" ({who})" if who else ""
    return {
        "ticket": clean(note.ticket),
        "at": f"{datetime.fromtimestamp(note.at, UTC):%Y-%m-%dT%H:%M:%SZ}",
        "sentence": f"{clean(note.ticket)} {note.text}{by}.",
        **({"who": who} if with_names else {}),
    }


def in_time(found: Iterable[Footnote], since: int | None, until: int) -> list[Footnote]:
    """Without the reopens of another time: they are told of that one. The others belong to a result of this time."""
    return [
        note
        for note in found
        if note.sort is not Sort.QUICK_REOPEN or (note.at < until and (since is None or note.at >= since))
    ]
