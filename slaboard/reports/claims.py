"""Claims, takeovers, and how long a ticket waits for its first owner (docs/metrics.md)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from msgspec import Struct, field

from slaboard.reports.course import Course
from slaboard.reports.cut import Cut, in_order
from slaboard.reports.figure import spread
from slaboard.reports.names import Names
from slaboard.reports.question import Key
from slaboard.reports.sheet import Column, Sheet, Values, key_columns, number_of, span_of


class Claims(Struct):
    """Who became owner how often, in one group."""

    claims: int = 0
    takeovers: int = 0
    waited: list[int] = field(default_factory=list)
    """Seconds from the opening to the first owner, of tickets that got their first one."""

    def values(self) -> Values:
        """As a row has it."""
        wait = spread(self.waited)
        return {
            "claims": self.claims, "takeovers": self.takeovers, "first_claims": wait.n,
            "to_claim_mean_s": wait.mean, "to_claim_median_s": wait.median, "to_claim_p90_s": wait.p90,
        }  # fmt: skip


def take(
    found: defaultdict[tuple[Key, ...], Claims], course: Course, cut: Cut, names: Names,
    engineers: Collection[Key] | None = None,
) -> None:  # fmt: skip
    """Count one ticket; each claim is its claimer's, whoever has the ticket now, and only those of `engineers`."""
    for number, (at, who, is_takeover) in enumerate(course.claims):
        piece, engineer = cut.piece(at), names.shown("engineer", who)
        if piece is None or (engineers is not None and engineer not in engineers):
            continue
        group = found[cut.keys({**course.facts, "engineer": engineer}, piece)]
        group.takeovers += is_takeover
        group.claims += not is_takeover
        if number == 0 and course.opened_at is not None:
            group.waited.append(at - course.opened_at)


def sheet(found: dict[tuple[Key, ...], Claims], by: tuple[str, ...]) -> Sheet:
    """The groups as a sheet."""
    rows = sorted(found.items(), key=lambda item: in_order(item[0], by))
    return Sheet(
        "claims", "Claims and takeovers", (*key_columns(by), *_COLUMNS),
        tuple({**dict(zip(by, keys, strict=True)), **claims.values()} for keys, claims in rows), (*by, *_VALUES),
        "to claim: by the clock on the wall, from the opening to the first owner; undone claims are not counted",
    )  # fmt: skip


_VALUES = tuple(Claims().values())
_COLUMNS = (
    Column("claims", number_of("claims")),
    Column("takeovers", number_of("takeovers")),
    Column("first claims", number_of("first_claims"), spare=2),
    Column("to claim mean", span_of("to_claim_mean_s"), spare=4),
    Column("to claim median", span_of("to_claim_median_s"), spare=1),
    Column("to claim p90", span_of("to_claim_p90_s"), spare=3),
)
