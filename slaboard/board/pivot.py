"""The grid turned: a row for each priority, customer, owner or board instead of each promise; or every clock. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum

from msgspec import Struct, field
from msgspec.structs import replace

from slaboard.board.sorting import natural
from slaboard.board.views import Filter, parse_filter
from slaboard.ticket import ZONES, Bucket, Zone


class Pivot(StrEnum):
    """What a row of the grid stands for."""

    STAGE = "stage"
    """A promise; each ticket counts once, in its current stage (rule 2)."""
    CLOCKS = "clocks"
    """A promise; each running clock counts."""
    PRIORITY = "priority"
    CUSTOMER = "customer"
    OWNER = "owner"
    BOARD = "board"

    @property
    def is_named(self) -> bool:
        """True where rows are names that tickets bear."""
        return self in TURNS[1:]


TURNS = (Pivot.STAGE, Pivot.PRIORITY, Pivot.CUSTOMER, Pivot.OWNER, Pivot.BOARD)
"""In the order in which the key turns the grid."""
Counts = tuple[int, int, int, int]
"""Green, yellow, orange, red."""
NONE: Counts = (0, 0, 0, 0)
UNNAMED = {
    Pivot.PRIORITY: "no priority",
    Pivot.CUSTOMER: "no customer",
    Pivot.OWNER: "unclaimed",
    Pivot.BOARD: "no board",
}
"""How the row of those is called that have none."""


class Turned(Struct, frozen=True):
    """What was counted: by name as it compares, and how each of these is written."""

    counts: Mapping[str, Counts] = field(default_factory=dict)
    labels: Mapping[str, str] = field(default_factory=dict)


class Pivoted(Struct, frozen=True):
    """The turned grid of all tickets and, while a filter is on, of those that it lets through."""

    by: Pivot
    counts: Mapping[str, Counts] = field(default_factory=dict)
    hits: Mapping[str, Counts] | None = None
    labels: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    """All names in the order in which they are shown."""
    is_counted: bool = True
    """False where there are too many tickets for it."""
    is_partial: bool = False
    """`counts` are those of the filtered tickets: all would be too many."""


class Slice(Struct, frozen=True):
    """One row of the grid."""

    label: str
    counts: Counts
    hits: Counts | None = None
    is_rest: bool = False
    """All names that have no row of their own."""


def pivoted(by: Pivot, whole: Turned | None, hits: Turned | None, *, is_filtered: bool) -> Pivoted:
    """What was counted of all tickets and of the filtered ones, None being too many; those in need come first."""
    if whole is None and (hits is None or not is_filtered):
        return Pivoted(by, is_counted=False)
    is_partial = whole is None
    shown = whole or hits or Turned()
    beside = hits.counts if hits is not None and is_filtered and not is_partial else None
    if is_filtered and hits is None:
        return Pivoted(by, is_counted=False)
    labels = {**(hits.labels if hits is not None else {}), **shown.labels}
    counts = {name: row for name, row in shown.counts.items() if any(row)}
    return Pivoted(by, counts, beside, labels, _ordered(by, counts, beside, labels), is_partial=is_partial)


def _ordered(
    by: Pivot, counts: Mapping[str, Counts], hits: Mapping[str, Counts] | None, labels: Mapping[str, str]
) -> tuple[str, ...]:
    """Priorities as they rank, other names by what is red, orange, yellow and green, the filtered first."""

    def need(name: str) -> list[int]:
        rows = [*([hits.get(name, NONE)] if hits is not None else []), counts[name]]
        return [-number for row in rows for number in reversed(row)]

    ranked: Callable[[str], object] = lambda name: (not name, natural(labels.get(name, name)))  # noqa: E731
    worst: Callable[[str], object] = lambda name: (need(name), name)  # noqa: E731  names may be thousands
    return tuple(sorted(counts, key=ranked if by is Pivot.PRIORITY else worst))  # type: ignore[arg-type]


def held(found: Pivoted, before: Pivoted | None) -> Pivoted:
    """`found` with the names in the order they had `before`, while a hand is in the grid; new ones come last."""
    if before is None or before.by is not found.by:
        return found
    kept = [name for name in before.order if name in found.counts]
    return replace(found, order=tuple(dict.fromkeys((*kept, *found.order))))


def window(found: Pivoted, at: int, rows: int) -> tuple[int, int]:
    """The first of the names to show in `rows` rows so that number `at` is among them, and how many names are."""
    names = len(found.order)
    if names <= rows:
        return 0, names
    own = max(1, rows - 1)  # the last row is for the rest
    first = max(0, min(at, names - 1) - own + 1)
    return (names - rows, rows) if first + rows >= names and first else (first, own)


def slices(found: Pivoted, at: int, rows: int) -> list[Slice]:
    """At most `rows` rows: one a name, and what comes below them together in the last one."""
    first, own = window(found, at, rows)
    shown, rest = found.order[first : first + own], found.order[first + own :]
    drawn = [Slice(label(found, name), found.counts[name], _hits(found, [name])) for name in shown]
    if rest and rows > 1:
        drawn.append(Slice(f"{len(rest)} more", _sum(found.counts, rest), _hits(found, rest), is_rest=True))
    return drawn


def label(found: Pivoted, name: str) -> str:
    """How `name` is written."""
    return found.labels.get(name, name) or UNNAMED.get(found.by, "")


def _hits(found: Pivoted, names: Sequence[str]) -> Counts | None:
    return None if found.hits is None else _sum(found.hits, names)


def _sum(counts: Mapping[str, Counts], names: Sequence[str]) -> Counts:
    green = yellow = orange = red = 0
    for name in names:
        row = counts.get(name, NONE)
        green, yellow, orange, red = green + row[0], yellow + row[1], orange + row[2], red + row[3]
    return green, yellow, orange, red


def only(counts: Mapping[str, Counts], zones: frozenset[Zone]) -> dict[str, Counts]:
    """`counts` with nothing in zones other than `zones`; all of them where none is named."""
    if not zones:
        return dict(counts)
    found = {}
    for name, row in counts.items():
        green, yellow, orange, red = (n if zone in zones else 0 for zone, n in zip(ZONES, row, strict=True))
        found[name] = (green, yellow, orange, red)
    return found


def added(rows: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    """Counts by name, those of one name together."""
    total: dict[str, Counts] = {}
    for name, counts in rows:
        green, yellow, orange, red = (a + b for a, b in zip(total.get(name, NONE), counts, strict=True))
        total[name] = (green, yellow, orange, red)
    return total


# --- what a cell lists ------------------------------------------------------------------------------------------


def drill(by: Pivot, name: str, zone: Zone) -> tuple[str, Filter]:
    """The filter that lists a cell's tickets, as one would type it and as it is meant.

    `cust:="Tansy Bakery" o:`. A quote cannot be typed within quotes, so what is meant may be narrower.
    """
    tail = f"{zone.letter.lower()}:"
    if by in (Pivot.STAGE, Pivot.CLOCKS):
        text = f"{'in' if by is Pivot.STAGE else 'clock'}:{Bucket(name)} {tail}"
        return text, parse_filter(text)
    if by is Pivot.OWNER and not name:
        return f"unclaimed {tail}", parse_filter(f"unclaimed {tail}")
    text = f"{_TOKENS[by]}:{_quoted(name)} {tail}"
    exact, wanted = (f"={name}",), Filter(zones=frozenset({zone}))
    if by is Pivot.PRIORITY:
        return text, replace(wanted, priorities=exact)
    if by is Pivot.CUSTOMER:
        return text, replace(wanted, customers=exact)
    return text, replace(wanted, owners=exact) if by is Pivot.OWNER else replace(wanted, boards=exact)


_TOKENS = {Pivot.PRIORITY: "p", Pivot.CUSTOMER: "cust", Pivot.OWNER: "owner", Pivot.BOARD: "board"}


def _quoted(name: str) -> str:
    if '"' in name:
        return f'"{max(name.split(chr(34)), key=len)}"'
    return f'="{name}"' if not name or any(char.isspace() for char in name) else f"={name}"
