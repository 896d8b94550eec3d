"""What a report is asked for: of which time, by what, about whom."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, tzinfo

from msgspec import Struct, field

from slaboard.reports.period import UNITS, Period

FACTS = ("priority", "customer", "engineer", "bucket", "policy", "board")
"""What a result says of itself, and a report may be cut by."""
BY = (*FACTS, *UNITS)
"""What `--by` takes: a fact, or a unit of time for a trend."""
Key = str | None
"""A value that a report is cut by; None where the ticket has none."""


class Question(Struct, frozen=True):
    """One question to the store's history."""

    by: tuple[str, ...] = ()
    """Words of BY, at most one of them a unit of time."""
    period: Period = field(default_factory=Period)
    timezone: tzinfo = UTC
    """Where a day begins."""
    with_skipped: bool = True
    """Also results that the end of the ticket brought, not an act of their own (rule 10)."""
    with_by_status: bool = True
    """Also responses that a status word stopped (rule 8)."""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """By a word of FACTS: the values that count, as the store has them."""

    @property
    def unit(self) -> str | None:
        """The unit of time that the report is cut by."""
        return next((word for word in self.by if word in UNITS), None)
