"""The time of a review and those before it."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from slaboard.reports.period import Period
from slaboard.reports.stretch import stretches, unit_within, whole
from tests.sla.story import situation

BERLIN = ZoneInfo("Europe/Berlin")


def day(text: str, tz: ZoneInfo = BERLIN) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=tz).timestamp())


NOW, LONG_AGO = day("2026-03-31"), day("2000-01-01")


@pytest.mark.parametrize(
    ("since", "until", "labels", "unit"),
    [
        situation("a quarter", "2026-01-01", "2026-04-01", "2025-Q2 2025-Q3 2025-Q4 2026-Q1", "month"),
        situation("a month", "2026-01-01", "2026-02-01", "2025-10 2025-11 2025-12 2026-01", "week"),
        situation("a week over summer time", "2026-03-23", "2026-03-30", "2026-W10 2026-W11 2026-W12 2026-W13", "day"),
        situation("a year", "2025-01-01", "2026-01-01", "2022 2023 2024 2025", "month"),
        situation("a day", "2025-03-30", "2025-03-31", "2025-03-27 2025-03-28 2025-03-29 2025-03-30", "day"),
    ],
)
def test_whole_units_follow_each_other(since: str, until: str, labels: str, unit: str) -> None:
    """Each ends where the next begins, whatever the clocks do."""
    found = stretches(Period(day(since), day(until)), LONG_AGO, NOW, BERLIN)
    assert [one.label for one in found] == labels.split()
    assert all(one.until == after.since for one, after in pairwise(found))
    assert unit_within(found[-1], BERLIN) == unit


def test_days_of_one_s_own() -> None:
    """As many days before, by their dates; without an end up to now."""
    found = stretches(Period(day("2026-03-21"), None), LONG_AGO, NOW, BERLIN)
    assert [one.label for one in found][1:] == [
        "2026-03-01 to 2026-03-10", "2026-03-11 to 2026-03-20", "2026-03-21 to 2026-03-30",
    ]  # fmt: skip
    assert whole(found[-1].since, found[-1].until, BERLIN) is None


def test_nothing_is_looked_for_before_there_was_anything() -> None:
    """The one in which the first ticket came is the first; without a begin all there is is one."""
    quarter = Period(day("2026-01-01"), day("2026-04-01"))
    assert [one.label for one in stretches(quarter, day("2025-12-31"), NOW, BERLIN)] == ["2025-Q4", "2026-Q1"]
    assert [one.label for one in stretches(quarter, day("2026-01-01"), NOW, BERLIN)] == ["2026-Q1"]
    [one] = stretches(Period(), day("2026-01-10"), NOW, BERLIN)
    assert (one.since, one.until) == (day("2026-01-10"), NOW)
    [empty] = stretches(Period(), NOW, NOW, ZoneInfo("UTC"))
    assert empty.until - empty.since == 1
    assert datetime.fromtimestamp(empty.until, UTC)
