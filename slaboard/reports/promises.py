"""How promises were kept: one row a group and bucket, from frozen results (docs/metrics.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from slaboard.reports.cut import RANK, in_order
from slaboard.reports.figure import SMALL, Spread, share, share_text, spread
from slaboard.reports.question import Key
from slaboard.reports.sheet import Column, Sheet, key_columns, number_of, span_of
from slaboard.ticket import Bucket


class Group(Struct):
    """Finished results with the same keys and bucket, added up. Spans are seconds."""

    keys: tuple[Key, ...]
    bucket: Bucket
    n: int = 0
    met: int = 0
    skipped: int = 0
    by_status: int = 0
    retargeted: int = 0
    saved: int = 0
    spare_s: int = 0
    """Business time that the kept ones had left, in sum."""
    over_s: int = 0
    """Business time that the missed ones took too long, in sum."""
    used: list[int] = field(default_factory=list)
    """Business time of each."""
    wall: list[int] = field(default_factory=list)
    """Wall-clock time of each."""

    def add(self, other: Group) -> None:
        """Take in another group that is called the same."""
        for name in ("n", "met", "skipped", "by_status", "retargeted", "saved", "spare_s", "over_s", "used", "wall"):
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Kept(Struct, frozen=True):
    """One row: how often a promise was kept in a group, and how long it took. Spans are seconds."""

    keys: tuple[Key, ...]
    bucket: Bucket
    n: int
    met: int
    skipped: int
    by_status: int
    retargeted: int
    saved: int
    used: Spread
    wall: Spread
    spare_mean_s: float | None
    over_mean_s: float | None

    @property
    def missed(self) -> int:
        """Those that were late."""
        return self.n - self.met


def kept(groups: Iterable[Group], by: Sequence[str]) -> tuple[Kept, ...]:
    """A row for each group, those called the same as one, in the order of their keys and the board's of buckets.

    `by` says what the keys are, so that buckets among them keep that order, too.
    """
    found: dict[tuple[tuple[Key, ...], Bucket], Group] = {}
    for group in groups:
        known = found.get((group.keys, group.bucket))
        if known is None:
            found[group.keys, group.bucket] = group
        else:
            known.add(group)
    rows = map(_row, found.values())
    return tuple(sorted(rows, key=lambda row: (in_order(row.keys, by), RANK[row.bucket])))


def _row(group: Group) -> Kept:
    return Kept(
        group.keys, group.bucket, group.n, group.met, group.skipped, group.by_status, group.retargeted, group.saved,
        spread(group.used), spread(group.wall), share(group.spare_s, group.met),
        share(group.over_s, group.n - group.met),
    )  # fmt: skip


def sheet(rows: Sequence[Kept], by: Sequence[str]) -> Sheet:
    """The rows as a sheet; a `bucket` among `by` stands where it was asked for, else behind the keys."""
    names = tuple(by) if "bucket" in by else (*by, "bucket")
    return Sheet(
        "promises", "Promises kept", (*key_columns(names), *_COLUMNS),
        tuple({**_keys(row, by, names), **_values(row)} for row in rows), (*names, *_VALUES),
        "kept and missed: results whose clock stopped in the period; median and p90 in business time, then by the "
        "clock on the wall; saved: kept when yellow or orange already, by somebody who had claimed it",
    )  # fmt: skip


def _keys(row: Kept, by: Sequence[str], names: Sequence[str]) -> Mapping[str, Key]:
    found = {**dict(zip(by, row.keys, strict=True)), "bucket": row.bucket.value}
    return {name: found[name] for name in names}


def _values(row: Kept) -> Mapping[str, object]:
    return {
        "n": row.n, "met": row.met, "share": share(row.met, row.n), "missed": row.missed, "small": row.n < SMALL,
        "skipped": row.skipped, "by_status": row.by_status, "retargeted": row.retargeted, "saved": row.saved,
        **spread_values("", row.used), **spread_values("wall_", row.wall),
        "spare_mean_s": row.spare_mean_s, "over_mean_s": row.over_mean_s,
    }  # fmt: skip


def spread_values(prefix: str, found: Spread) -> Mapping[str, float | None]:
    """A spread as values of a row: `wall_mean_s` and so on."""
    return {f"{prefix}mean_s": found.mean, f"{prefix}median_s": found.median, f"{prefix}p90_s": found.p90}


_VALUES = tuple(_values(_row(Group((), Bucket.RESPONSE))))
_COLUMNS = (
    Column("n", number_of("n"), spare=1),
    Column(
        "kept", lambda row: share_text(row["met"], row["n"]), share=lambda row: None if row["small"] else row["share"]
    ),
    Column("missed", number_of("missed"), spare=2),
    Column("mean", span_of("mean_s"), spare=6),
    Column("median", span_of("median_s"), spare=4),
    Column("p90", span_of("p90_s"), spare=3),
    Column("wall mean", span_of("wall_mean_s"), spare=9),
    Column("wall median", span_of("wall_median_s"), spare=8),
    Column("wall p90", span_of("wall_p90_s"), spare=7),
    Column("saved", number_of("saved"), spare=5),
)
