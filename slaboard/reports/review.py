"""A review held with a customer: promised, kept, how it moved, the breaches, what to talk about (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from slaboard.reports import breach, footnote_sheet, promised, promises
from slaboard.reports.breach import Breach
from slaboard.reports.change import change_text, difference
from slaboard.reports.cut import RANK
from slaboard.reports.figure import SMALL, share, share_text
from slaboard.reports.footnote_sheet import Looked, Telling
from slaboard.reports.names import Names
from slaboard.reports.promised import Promise
from slaboard.reports.promises import Group, Kept
from slaboard.reports.sheet import Column, Sheet, Values, key_columns
from slaboard.reports.stretch import Stretch
from slaboard.reports.talk import talk
from slaboard.reports.trend import Trend, overall
from slaboard.ticket import Bucket

WHEN = "time"
"""What the key of a stretch of time is called in a row."""


class Review(Struct, frozen=True):
    """What a store knows for a review. The stretch of the review is the last of `stretches`, and so in all below."""

    stretches: tuple[Stretch, ...]
    promises: Sequence[Promise]
    groups: Sequence[Sequence[Group]]
    """Results of each stretch, by priority."""
    trend: Trend | None
    """Piece by piece, over all stretches; overall of the last."""
    pieces: Sequence[Group]
    """Results of the last stretch, by its pieces."""
    labels: Sequence[str]
    """What those are called, also the ones without results; none in the future."""
    unit: str
    """What those pieces are."""
    tickets: Sheet
    surveys: Sheet
    """Both by stretch."""
    breaches: Sequence[Breach]
    """Those late by most first; all that is added up."""
    looked: Looked
    """What there is to tell of how these figures came to be."""


def sheets(found: Review, names: Names, limit: int, telling: Telling) -> list[Sheet]:
    """All that is told, in the order in which one talks about it; of the breaches `limit`."""
    label = found.stretches[-1].label
    labels = [stretch.label for stretch in found.stretches]
    kept = [overall(groups) for groups in found.groups]
    by_priority = promises.sheet(promises.kept(found.groups[-1], ("priority",)), ("priority",))
    by_piece = promises.kept(found.pieces, (found.unit,))
    rows = [[row for row in by_piece if row.keys[0] == name] for name in found.labels]
    missed = sum(row.missed for row in kept[-1])
    return [
        promised.promised(found.promises),
        replace(promises.sheet(kept[-1], ()), title=f"Kept in {label}"),
        replace(by_priority, name="by_priority", title="Kept, by priority"),
        moved("trend", "Against the times before", labels, kept),
        moved("pieces", f"By {found.unit}", found.labels, rows, with_change=False),
        found.tickets,
        found.surveys,
        breach.spent_sheet(found.breaches),
        breach.sheet(found.breaches[:limit], missed, names),
        promised.targets([one for one in found.promises if one.bucket is not Bucket.TOTAL_RESOLUTION]),
        talk(
            found.promises, found.breaches, kept, labels, _at(found.tickets, label), _at(found.surveys, label)
        ),
        footnote_sheet.sheet(found.looked, names, telling),
    ]  # fmt: skip


def _at(sheet: Sheet, label: str) -> Values | None:
    return next((row for row in sheet.rows if row[WHEN] == label), None)


def moved(
    name: str, title: str, labels: Sequence[str], kept: Sequence[Sequence[Kept]], *, with_change: bool = True
) -> Sheet:
    """Shares of each promise side by side, one column a time; `kept` are the rows of each time."""
    buckets = sorted({row.bucket for rows in kept for row in rows}, key=lambda bucket: RANK[bucket])
    rows = tuple(_moved(bucket, labels, kept) for bucket in buckets)
    columns = [*key_columns(("bucket",)), *(_column(i, label, len(labels)) for i, label in enumerate(labels))]
    if with_change and len(labels) > 1:
        columns.append(Column("last change", lambda row: str(row["change"]), spare=1))
    note = (
        "last change: against the time before; not clear where chance alone may have moved it so far (95 %, Newcombe)"
    )
    return Sheet(name, title, tuple(columns), rows, ("bucket", "times", "change", "change_low", "change_high"),
                 note if with_change else "")  # fmt: skip


def _column(i: int, label: str, many: int) -> Column:
    """The share in piece `i`; where there is little room the oldest goes first."""

    def text(row: Values) -> str:
        return share_text(row["times"][i]["met"], row["times"][i]["n"])

    return Column(label, text, spare=many - i if i < many - 1 else 0)


def _moved(bucket: Bucket, labels: Sequence[str], kept: Sequence[Sequence[Kept]]) -> Values:
    counts = [next(((row.met, row.n) for row in rows if row.bucket is bucket), (0, 0)) for rows in kept]
    times = [
        {"time": label, "n": n, "met": met, "share": share(met, n), "small": n < SMALL}
        for label, (met, n) in zip(labels, counts, strict=True)
    ]
    low = high = None
    text = "-"
    if len(counts) > 1:
        last, before = counts[-1], counts[-2]
        text = change_text(*last, *before)
        if min(last[1], before[1]) >= SMALL:
            low, high = difference(*last, *before)
    return {"bucket": bucket.value, "times": times, "change": text, "change_low": low, "change_high": high}
