"""A report: its sheets, and what all of them are of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, tzinfo

from msgspec import Struct

from slaboard.reports.question import Question
from slaboard.reports.sheet import Sheet, Values
from slaboard.reports.trend import Trend


class Report(Struct, frozen=True):
    """What was asked, and the sheets that answer it."""

    name: str
    """The store's name."""
    asked: Question
    zone: str
    """The name of the time zone in which days begin."""
    made_at: int
    sheets: Sequence[Sheet]
    only: Mapping[str, Sequence[str]]
    """What was asked for by name, as it was written."""
    trend: Trend | None = None
    """How it went over time, for a page with charts."""
    width: int | None = None
    """How many cells a line on a terminal has; None for as many as it takes."""
    heading: str = ""
    """What it is called; else by the store's name."""

    @property
    def title(self) -> str:
        """`SLA report of acme`."""
        return self.heading or f"SLA report of {self.name}"

    @property
    def scope(self) -> str:
        """One line that says of which time and which results it is."""
        found = [_span(self.asked, self.zone)]
        found += [f"{fact} {', '.join(names)}" for fact, names in self.only.items()]
        found += ["without skipped results"] * (not self.asked.with_skipped)
        found += ["without responses by status"] * (not self.asked.with_by_status)
        return "; ".join(found)

    def values(self) -> Values:
        """The whole as programs get it: the sheet of promises is called `rows`."""
        period = self.asked.period
        return {
            "since": _iso(period.since), "until": _iso(period.until), "timezone": self.zone, "by": list(self.asked.by),
            "only": {fact: list(names) for fact, names in self.only.items()},
            "skipped": self.asked.with_skipped, "by_status": self.asked.with_by_status,
            **{"rows" if sheet.name == "promises" else sheet.name: list(sheet.rows) for sheet in self.sheets},
        }  # fmt: skip


def _iso(at: int | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _span(asked: Question, zone: str) -> str:
    """`from 2026-03-01 until before 2026-04-01 (Europe/Berlin)`."""
    since, until = (
        None if at is None else _local(at, asked.timezone) for at in (asked.period.since, asked.period.until)
    )
    if since is None and until is None:
        return f"all there is ({zone})"
    return " ".join([*(["from", since] if since else []), *(["until before", until] if until else []), f"({zone})"])


def _local(at: int, tz: tzinfo) -> str:
    """A date, with the time of day when it is not midnight."""
    moment = datetime.fromtimestamp(at, UTC).astimezone(tz)
    return moment.strftime("%Y-%m-%d" if (moment.hour, moment.minute, moment.second) == (0, 0, 0) else "%Y-%m-%d %H:%M")
