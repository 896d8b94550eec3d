"""Tickets in and out, what is left, reopened ones and those solved at the first contact (docs/metrics.md)."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict

from msgspec import Struct, field

from slaboard.reports.course import Course
from slaboard.reports.cut import Cut, in_order
from slaboard.reports.figure import share, share_text, spread
from slaboard.reports.question import Key
from slaboard.reports.sheet import Column, Sheet, Values, key_columns, number_of, span_of


class Flow(Struct):
    """What came into one group of tickets and what went."""

    opened: int = 0
    reopened: int = 0
    ended: int = 0
    solved: int = 0
    """Ended for the first time."""
    answered: int = 0
    """Of those: somebody had answered the customer."""
    one_touch: int = 0
    """Of those: once only."""
    ages: list[int] = field(default_factory=list)
    """Seconds since they were opened, of those open at the end."""

    def values(self) -> Values:
        """As a row has it."""
        age = spread(self.ages)
        return {
            "opened": self.opened, "reopened": self.reopened, "ended": self.ended, "solved": self.solved,
            "reopen_rate": share(self.reopened, self.ended), "answered": self.answered, "one_touch": self.one_touch,
            "first_contact_share": share(self.one_touch, self.answered), "backlog": age.n,
            "backlog_age_mean_s": age.mean, "backlog_age_median_s": age.median, "backlog_age_p90_s": age.p90,
        }  # fmt: skip


def take(found: defaultdict[tuple[Key, ...], Flow], course: Course, cut: Cut) -> None:
    """Count one ticket."""
    if course.opened_at is None:
        return
    if (piece := cut.piece(course.opened_at)) is not None:
        found[cut.keys(course.facts, piece)].opened += 1
    for at in course.reopenings:
        if (piece := cut.piece(at)) is not None:
            found[cut.keys(course.facts, piece)].reopened += 1
    for at in course.ends:
        if (piece := cut.piece(at)) is not None:
            found[cut.keys(course.facts, piece)].ended += 1
    first = course.first_end
    if first is not None and (piece := cut.piece(first)) is not None:
        flow = found[cut.keys(course.facts, piece)]
        flow.solved += 1
        flow.answered += course.answers > 0
        flow.one_touch += course.answers == 1
    ends = cut.ends
    for begin, end in course.spells:
        for piece in range(bisect_right(ends, begin), bisect_right(ends, end)):
            found[cut.keys(course.facts, piece)].ages.append(ends[piece] - course.opened_at)


def sheet(found: dict[tuple[Key, ...], Flow], by: tuple[str, ...]) -> Sheet:
    """The groups as a sheet."""
    rows = sorted(found.items(), key=lambda item: in_order(item[0], by))
    return Sheet(
        "tickets", "Tickets in and out", (*key_columns(by), *_COLUMNS),
        tuple({**dict(zip(by, keys, strict=True)), **flow.values()} for keys, flow in rows), (*by, *_VALUES),
        "ended: resolved or closed, each time; first contact: of the tickets ended for the first time and answered, "
        "those that took one answer; backlog: open at the end of the time, and how long ago they were opened",
    )  # fmt: skip


_VALUES = tuple(Flow().values())
_COLUMNS = (
    Column("opened", number_of("opened")),
    Column("reopened", number_of("reopened"), spare=4),
    Column("ended", number_of("ended")),
    Column("reopen rate", lambda row: share_text(row["reopened"], row["ended"]), spare=2),
    Column("first contact", lambda row: share_text(row["one_touch"], row["answered"]), spare=3),
    Column("backlog", number_of("backlog")),
    Column("age median", span_of("backlog_age_median_s"), spare=5),
    Column("age p90", span_of("backlog_age_p90_s"), spare=6),
)
