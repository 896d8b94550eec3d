"""How promises and tickets went over time, for charts: every piece of time in its place, also an empty one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec import Struct
from msgspec.structs import replace

from slaboard.reports.flow import Flow
from slaboard.reports.period import DAY_S
from slaboard.reports.promises import Group, Kept, kept
from slaboard.ticket import Bucket


class Trend(Struct, frozen=True):
    """Piece by piece in `labels`; `overall` is the whole time in one row a bucket."""

    unit: str
    labels: tuple[str, ...] = ()
    pieces: Mapping[tuple[str, Bucket], Kept] | None = None
    overall: tuple[Kept, ...] = ()
    flows: Mapping[str, Flow] | None = None
    """What came and went in each piece; None when nobody asked for tickets."""


def unit_for(seconds: int) -> str:
    """The unit that cuts so long a time into a dozen or two pieces."""
    for unit, most in (
        ("day", 21 * DAY_S),
        ("week", 190 * DAY_S),
        ("month", 5 * 366 * DAY_S),
        ("quarter", 15 * 366 * DAY_S),
    ):
        if seconds <= most:
            return unit
    return "year"


def trend(unit: str, labels: Iterable[str], groups: Iterable[Group], flows: Mapping[str, Flow] | None) -> Trend:
    """The trend of results in `groups`, which are cut by `unit`."""
    found = list(groups)
    pieces = {(row.keys[0] or "", row.bucket): row for row in kept(map(_copied, found), (unit,))}
    return Trend(unit, tuple(labels), pieces, overall(found), flows)


def overall(groups: Iterable[Group]) -> tuple[Kept, ...]:
    """All groups in one row a bucket."""
    return kept((replace(_copied(group), keys=()) for group in groups), ())


def _copied(group: Group) -> Group:
    """`group` to be added to."""
    return replace(group, used=list(group.used), wall=list(group.wall))
