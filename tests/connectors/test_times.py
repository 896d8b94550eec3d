"""Instants as sources write them."""

from __future__ import annotations

from datetime import UTC, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.connectors import times

BERLIN = ZoneInfo("Europe/Berlin")
NINE = 1767603600  # 2026-01-05T09:00:00Z


@pytest.mark.parametrize(
    ("written", "tz", "expected"),
    [
        pytest.param("2026-01-05T09:00:00Z", BERLIN, NINE, id="Z beats the zone"),
        pytest.param("2026-01-05T10:00:00+01:00", UTC, NINE, id="offset"),
        pytest.param("2026-01-05T10:00:00.974+0100", UTC, NINE, id="offset without colon, millis floored (Jira)"),
        pytest.param("2026-01-05 10:00:00", BERLIN, NINE, id="naive, a space (GLPI)"),
        pytest.param("2026-01-05T09:00", UTC, NINE, id="no seconds"),
        pytest.param("2026-01-05", UTC, NINE - 9 * 3600, id="a date is its midnight"),
        pytest.param("2026-01-05T09:00:00.999999Z", UTC, NINE, id="fraction floored"),
        pytest.param(NINE, BERLIN, NINE, id="epoch"),
        pytest.param(NINE + 0.999, BERLIN, NINE, id="epoch fraction floored"),
        pytest.param(0, UTC, 0, id="the first second"),
        pytest.param("2200-12-31T23:59:59Z", UTC, 7289654399, id="the last second"),
        pytest.param("2026-10-25T02:30:00", BERLIN, 1792888200, id="a repeated hour is the first one"),
        pytest.param("2026-03-29T02:30:00", BERLIN, 1774747800, id="a skipped hour keeps the offset before it"),
    ],
)
def test_reads(written: str | float, tz: tzinfo, expected: int) -> None:
    """ISO-8601 and epoch seconds become whole epoch seconds."""
    assert times.instant(written, tz) == expected


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("yesterday", 'is "yesterday"; a time is ISO-8601'),
        ("", 'is ""; a time is ISO-8601'),
        ("2026-02-30T09:00:00Z", "a time is ISO-8601"),
        ("1969-12-31T23:59:59Z", "outside the years 1970 to 2200"),
        ("2201-01-01T00:00:00Z", "outside the years 1970 to 2200"),
        ("0001-01-01T00:00:00+14:00", "outside the years"),
        (1767603600000, "numbers are seconds, not milliseconds"),
        (-0.5, "outside the years"),
        (float("nan"), "outside the years"),
        (float("inf"), "outside the years"),
        (10**400, "outside the years"),
        ("\x1b[2J", 'is "\ufffd[2J"'),
    ],
)
def test_refuses(written: str | float, problem: str) -> None:
    """A wrong time is refused with what was written (harmless on a terminal) and what would be right."""
    with pytest.raises(ValueError, match=r"^is ") as caught:
        times.instant(written)
    assert problem in str(caught.value)


def test_epoch_texts() -> None:
    """In a table whose times are epoch seconds they are texts."""
    assert times.epoch("1767603600.9") == NINE
    with pytest.raises(ValueError, match="are a number such as"):
        times.epoch("2026-01-05")


def test_patterns() -> None:
    """A strptime pattern reads what ISO does not (a Jira export)."""
    assert times.by_pattern("05/Jan/26 10:00 AM", "%d/%b/%y %I:%M %p", BERLIN) == NINE
    with pytest.raises(ValueError, match="the pattern %d/%m/%Y wants another form"):
        times.by_pattern("2026-01-05", "%d/%m/%Y")


@pytest.mark.parametrize("written", ["5/1/2026 10:00", "05/01/2026 10:00"])
def test_day_first(written: str) -> None:
    """Day and month come with or without a leading zero."""
    assert times.day_first(written, BERLIN) == NINE


@pytest.mark.parametrize(
    "written", ["29/2/2017 10:00", "1/13/2026 10:00", "5/1/2026", "5/1/26 10:00", "٥/1/2026 10:00"]
)
def test_day_first_refuses(written: str) -> None:
    """A day that does not exist, or another form, is refused with the form that is read."""
    with pytest.raises(ValueError, match="d/m/yyyy HH:MM"):
        times.day_first(written, UTC)


@given(st.text() | st.integers() | st.floats())
def test_only_value_errors(written: str | float) -> None:
    """Whatever stands there, it is an instant in range or a ValueError."""
    try:
        seconds = times.instant(written, BERLIN)
    except ValueError:
        return
    assert 0 <= seconds < 7289654400
