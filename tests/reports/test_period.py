"""Which stretch of time is meant: half-open, in one time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from slaboard.errors import UsageError
from slaboard.reports.period import UNITS, Period, instant, period, pieces
from tests.sla.story import situation

BERLIN = ZoneInfo("Europe/Berlin")


def iso(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


@pytest.mark.parametrize(
    ("word", "since", "until"),
    [
        situation("yesterday", "day", "2026-03-30T00:00+02:00", "2026-03-31T00:00+02:00"),
        situation("the last whole week", "week", "2026-03-23T00:00+01:00", "2026-03-30T00:00+02:00"),
        situation("the last whole month", "month", "2026-02-01T00:00+01:00", "2026-03-01T00:00+01:00"),
        situation("the last whole quarter", "quarter", "2025-10-01T00:00+02:00", "2026-01-01T00:00+01:00"),
        situation("the last whole year", "year", "2025-01-01T00:00+01:00", "2026-01-01T00:00+01:00"),
        situation("a day", "2026-03-29", "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00"),
        situation("a week of two years", "2026-W01", "2025-12-29T00:00+01:00", "2026-01-05T00:00+01:00"),
        situation("a month", "2026-12", "2026-12-01T00:00+01:00", "2027-01-01T00:00+01:00"),
        situation("a quarter", "2026-q4", "2026-10-01T00:00+02:00", "2027-01-01T00:00+01:00"),
        situation("a year", "2026", "2026-01-01T00:00+01:00", "2027-01-01T00:00+01:00"),
    ],
)  # fmt: skip
def test_a_period(word: str, since: str, until: str) -> None:
    """As somebody in Berlin says it on the last day of March."""
    now = iso("2026-03-31T10:00+02:00")
    assert period(word, now, BERLIN) == Period(iso(since), iso(until))


@pytest.mark.parametrize(
    "word", ["", "lately", "2026-13", "2026-W00", "2026-W54", "2026-Q5", "2026-02-30", "0000", "٢٠٢٦"]
)
def test_no_period(word: str) -> None:
    with pytest.raises(UsageError, match="is no period: write week, month or quarter"):
        period(word, 0, UTC)


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-03-29", "2026-03-29T00:00+01:00"),
        ("2026-03-29T12:00", "2026-03-29T12:00+02:00"),
        ("2026-03-29T12:00Z", "2026-03-29T12:00+00:00"),
        ("1774944000", "2026-03-31T08:00+00:00"),
    ],
)
def test_an_instant(text: str, at: str) -> None:
    """A date is its midnight here; what names no zone is of ours."""
    assert instant(text, BERLIN) == iso(at)


@pytest.mark.parametrize("text", ["", "soon", "2026-02-30", "99999999999999999999"])
def test_no_instant(text: str) -> None:
    with pytest.raises(UsageError, match="is no instant"):
        instant(text, UTC)


def test_half_open() -> None:
    """The first second is in it, the last is not."""
    assert [Period(10, 20).holds(at) for at in (9, 10, 19, 20)] == [False, True, True, False]
    assert Period().holds(0)


@pytest.mark.parametrize("unit", UNITS)
def test_pieces_touch_and_their_names_sort_as_time_goes(unit: str) -> None:
    """Two years, two changes of the clock each; every piece is the period that is called like it."""
    found = pieces(unit, iso("2024-12-30T00:00+01:00"), iso("2026-12-31T23:59+01:00"), BERLIN)
    assert len(found.edges) == len(found.labels) + 1
    assert list(found.labels) == sorted(set(found.labels))
    for i, name in enumerate(found.labels):
        assert period(name, 0, BERLIN) == Period(found.edges[i], found.edges[i + 1])
    assert found.edges[0] <= iso("2024-12-30T00:00+01:00")
    assert found.edges[-1] > iso("2026-12-31T23:59+01:00")


def test_where_the_clock_skips_midnight_the_day_begins_at_one() -> None:
    """As it did in Brazil."""
    found = pieces("day", iso("2018-11-03T12:00-03:00"), iso("2018-11-04T12:00-02:00"), ZoneInfo("America/Sao_Paulo"))
    assert found.edges[1] == iso("2018-11-04T01:00-02:00")


def test_too_many_pieces() -> None:
    """A century of days is no trend."""
    with pytest.raises(UsageError, match="more than 2,000 pieces"):
        pieces("day", 0, iso("2026-01-01T00:00Z"), UTC)
