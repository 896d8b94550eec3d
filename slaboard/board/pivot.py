"""The grid turned: a row for each priority, customer, owner or board instead of each promise. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from slaboard.board.sorting import natural


class Pivot(StrEnum):
    """What a row of the grid stands for."""

    STAGE = "stage"
    """A promise: response, resplan, resolution."""
    PRIORITY = "priority"
    CUSTOMER = "customer"
    OWNER = "owner"
    BOARD = "board"


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
_TOKENS = {Pivot.PRIORITY: "p", Pivot.CUSTOMER: "cust", Pivot.OWNER: "owner", Pivot.BOARD: "board"}


@dataclass(frozen=True, slots=True)
class Pivoted:
    """The tickets on a clock by one of their facts; an empty name is for those that have none."""

    by: Pivot
    counts: Mapping[str, Counts] = field(default_factory=dict)
    hits: Mapping[str, Counts] | None = None
    """The same of the filtered tickets, while a filter is on."""
    names: tuple[str, ...] = ()
    """In the order in which they are shown."""
    is_counted: bool = True
    """False where there are too many tickets to count them by this."""


def pivoted(
    by: Pivot, counts: Mapping[str, Counts] | None, hits: Mapping[str, Counts] | None, held: Sequence[str] = ()
) -> Pivoted:
    """The counts by `by` with their order: the names `held` as they stand, then those that need the most."""
    if counts is None:
        return Pivoted(by, is_counted=False)
    if by is Pivot.PRIORITY:
        key: Callable[[str], object] = lambda name: (not name, natural(name))  # noqa: E731
    else:
        key = lambda name: ([-number for number in reversed(counts[name])], natural(name))  # noqa: E731
    kept = [name for name in held if name in counts]
    others = sorted((name for name in counts if name not in set(kept)), key=key)  # type: ignore[arg-type]
    return Pivoted(by, counts, hits, (*kept, *others))


@dataclass(frozen=True, slots=True)
class Slice:
    """One row of the turned grid."""

    label: str
    counts: Counts
    hits: Counts | None
    text: str | None
    """The filter that lists its tickets; None for a row of many names."""


def slices(found: Pivoted, rows: int) -> list[Slice]:
    """At most `rows` rows: one a name, and the rest together in the last one."""
    shown = found.names if len(found.names) <= rows else found.names[: max(0, rows - 1)]
    rest = found.names[len(shown) :]
    drawn = [
        Slice(name or UNNAMED[found.by], found.counts[name], _hits(found, [name]), token(found.by, name))
        for name in shown
    ]
    if rest and rows > 0:
        drawn.append(Slice(f"{len(rest)} others", _sum(found.counts, rest), _hits(found, rest), None))
    return drawn


def _slice(found: Pivoted, name: str) -> Slice:
    return Slice(name or UNNAMED[found.by], found.counts[name], _hits(found, [name]), token(found.by, name))


def _hits(found: Pivoted, names: Sequence[str]) -> Counts | None:
    return None if found.hits is None else _sum(found.hits, names)


def _sum(counts: Mapping[str, Counts], names: Sequence[str]) -> Counts:
    rows = [counts.get(name, NONE) for name in names]
    green, yellow, orange, red = (sum(row[i] for row in rows) for i in range(4))
    return green, yellow, orange, red


def token(by: Pivot, name: str) -> str:
    """The filter's words for tickets of exactly this name: `cust:="Tansy Bakery"`."""
    if by is Pivot.OWNER and not name:
        return "unclaimed"
    if '"' in name:  # a quote cannot be quoted: the longest part without one is looked for
        part = max(name.split('"'), key=len)
        return f'{_TOKENS[by]}:"{part}"'
    return f'{_TOKENS[by]}:="{name}"' if " " in name or not name else f"{_TOKENS[by]}:={name}"
