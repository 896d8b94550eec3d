"""A first map of a ticket table, guessed from its headings and its cells, for people to look over. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from textwrap import wrap

from msgspec import Struct

from slaboard.connectors import times
from slaboard.connectors.base import Parsed
from slaboard.connectors.rows import rows
from slaboard.text import json_line

LOOKED = 500
"""Rows whose cells are looked at."""
MOST = 40
"""So many columns that are not used are named."""
_NAMES: Mapping[str, tuple[str, ...]] = {
    "id": ("id", "ticket id", "ticket number", "ticket #", "ticket", "number", "issue key", "key", "case number",
           "case id", "incident number", "incident", "reference", "#"),
    "title": ("title", "subject", "summary", "short description", "ticket subject", "name", "description"),
    "customer": ("customer", "customer name", "company", "company name", "organization", "organisation", "account",
                 "client", "requester", "requester name", "caller", "caller id", "reporter", "from", "contact"),
    "priority": ("priority", "priority name", "severity", "urgency"),
    "status": ("status", "current status", "ticket status", "state", "incident state"),
    "owner": ("owner", "assignee", "assigned to", "agent assigned", "agent", "assigned agent", "technician",
              "resource"),
    "opened_at": ("opened at", "created at", "created", "date created", "created date", "created time", "opened",
                  "open date", "date opened", "creation date", "date entered", "raised", "logged", "submitted",
                  "reported at"),
    "responded_at": ("responded at", "first responded at", "first response at", "date responded"),
    "resolved_at": ("resolved at", "resolved", "solved at", "resolved time", "date resolved", "resolved date"),
    "closed_at": ("closed at", "closed", "closed date", "date closed", "closed time"),
    "updated_at": ("updated at", "updated", "last updated", "last update", "last modified", "modified", "updated time"),
    "url": ("url", "link"),
    "board": ("board", "queue", "group", "team", "department", "assignment group", "project", "project name"),
    "type": ("type", "ticket type", "issue type", "tracker", "category"),
}  # fmt: skip
"""What columns are mostly called, the likeliest first."""
_DATES = ("%d/%m/%Y", "%m/%d/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y", "%d/%b/%y", "%d/%b/%Y", "%d %b %Y", "%b %d, %Y")
_CLOCKS = (" %H:%M", " %H:%M:%S", " %I:%M %p", " %I:%M:%S %p", ", %H:%M", " %H:%M:%S.%f", "")
_PATTERNS = tuple(f"{date}{clock}" for date in _DATES for clock in _CLOCKS)


class Draft(Struct, frozen=True):
    """What could be guessed; `columns` may lack `id`, and then nothing can be read by it."""

    columns: Mapping[str, str]
    unused: tuple[str, ...] = ()
    times: tuple[str, ...] = ()
    """`iso`, `epoch` or patterns that read every time, the likeliest first; none where there is no time to look at."""
    is_odd: bool = False
    """There are times, and nothing that we know reads all of them."""
    priorities: tuple[str, ...] = ()


def drafted(lines: Iterable[bytes]) -> Draft:
    """What the headings and the first rows of a table say."""
    table = rows(lines, encoding="utf-8-sig")
    heading = next(table, None)
    if heading is None or isinstance(heading, Parsed):
        return Draft({})
    names = heading[1]
    columns = _columns(names)
    cells = [row[1] for row in islice(table, LOOKED) if not isinstance(row, Parsed) and len(row[1]) == len(names)]
    moments = {cell for name in columns if name.endswith("_at") for cell in _column(cells, names, columns[name])}
    found = tuple(_forms(moments))
    used = set(columns.values())
    words = Counter(_column(cells, names, columns["priority"])) if "priority" in columns else Counter[str]()
    return Draft(
        columns, tuple(name for name in names if name and name not in used), found, bool(moments) and not found,
        tuple(word for word, _ in words.most_common(12)),
    )  # fmt: skip


def _columns(names: Sequence[str]) -> dict[str, str]:
    """The column of each field; one that stands twice, or is another field's already, is nobody's."""
    once = {_folded(name): name for name, many in Counter(names).items() if many == 1 and name}
    found: dict[str, str] = {}
    for field, likely in _NAMES.items():
        column = next((once[name] for name in likely if name in once and once[name] not in found.values()), None)
        if column is not None:
            found[field] = column
    return found


def _folded(name: str) -> str:
    return re.sub(r"[\W_]+", " ", name.casefold()).strip() or name.strip()


def _column(cells: Sequence[Sequence[str]], names: Sequence[str], column: str) -> Iterator[str]:
    """What stands in a column, without what mostly means nothing."""
    place = names.index(column)
    return (row[place] for row in cells if row[place].strip() not in ("", "?", "-", "null"))


def _forms(moments: set[str]) -> Iterator[str]:
    """The forms that read all of these; none of none."""
    if not moments:
        return
    for form in ("iso", "epoch", *_PATTERNS):
        with suppress(ValueError):
            for cell in moments:
                if form == "iso":
                    times.instant(cell)
                elif form == "epoch":
                    times.epoch(cell)
                else:
                    times.by_pattern(cell, form)
            yield form


def text(draft: Draft, file: str) -> str:
    """The map in TOML, with what is to be looked at as remarks."""
    return "\n".join(_lines(draft, file)) + "\n"


def _lines(draft: Draft, file: str) -> Iterator[str]:
    yield f"# A draft for {json_line(file)}, made from its headings. Look at each line, then rehearse it:"
    yield "#   slaboard import FILE --map map.toml --dry-run"
    yield "# Every key is in docs/import.md."
    yield ""
    yield "[columns]"
    if "id" not in draft.columns:
        yield '# id = ""   <- which column is the number of the ticket? Nothing can be read without it'
    yield from (f"{field} = {json_line(column)}" for field, column in draft.columns.items())
    if draft.unused:
        unused = f"not used: {', '.join(json_line(name) for name in draft.unused[:MOST])}"
        yield from wrap(unused, 100, initial_indent="# ", subsequent_indent="#   ", break_long_words=False)
    yield ""
    yield "[format]"
    yield from _times(draft)
    yield '# timezone = "Europe/Berlin"   <- of times without an offset; else --tz says it, else UTC'
    if draft.priorities:
        yield ""
        yield "[priority]"
        yield "# What the file says = what the policy knows. Leave out what the policy matches already."
        yield from (f'# {json_line(word)} = "P2"' for word in draft.priorities)


def _times(draft: Draft) -> Iterator[str]:
    if draft.is_odd:
        yield '# time = "%d/%m/%Y %H:%M"   <- the times are in no form that was guessed: write a strptime pattern'
        return
    form, *others = draft.times or ("iso",)
    doubt = f"   # or {json_line(others[0])}, which reads them too: which is right?" if others else ""
    yield f"time = {json_line(form)}{doubt}"
