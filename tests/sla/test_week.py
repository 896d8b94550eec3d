"""Working hours on one line."""

from __future__ import annotations

import pytest

from slaboard.sla.week import DAYS, Week, parse
from tests.sla.story import situation

OFFICE = dict.fromkeys(DAYS[:5], ("09:00-17:00",))


@pytest.mark.parametrize(
    ("text", "week"),
    [
        situation("as it is offered", "mon-fri 09:00-17:00 Europe/Berlin", Week(OFFICE, "Europe/Berlin")),
        situation("in haste", "9-17", Week(OFFICE)),
        situation("whole names and a long dash", "Monday\u2013Friday 9:00\u201317:00", Week(OFFICE)),
        situation("with a lunch", "mon 9-12:30 13:30-17", Week({"mon": ("09:00-12:30", "13:30-17:00")})),
        situation("days one by one", "mon wed 9-17", Week({"mon": ("09:00-17:00",), "wed": ("09:00-17:00",)})),
        situation("a shorter Friday", "mon-fri 9-17, fri 9-12", Week(OFFICE | {"fri": ("09:00-12:00",)})),
        situation("over the weekend", "sat-mon 8-12", Week(dict.fromkeys(("sat", "sun", "mon"), ("08:00-12:00",)))),
        situation("over midnight", "fri 22-06", Week({"fri": ("22:00-06:00",)})),
        situation("until midnight", "fri 20-24", Week({"fri": ("20:00-24:00",)})),
        situation("the zone in a part of its own", "9-17; America/Argentina/Buenos_Aires",
                  Week(OFFICE, "America/Argentina/Buenos_Aires")),
        situation("a zone of few letters", "9-17 CET", Week(OFFICE, "CET")),
        situation("a night in two digits", "mon 10-06", Week({"mon": ("10:00-06:00",)})),
        situation("a night that begins after noon", "mon 13-5", Week({"mon": ("13:00-05:00",)})),
        situation("around the clock", "24/7", Week({})),
        situation("always", "24x7 UTC", Week({}, "UTC")),
    ],
)  # fmt: skip
def test_what_people_write(text: str, week: Week) -> None:
    assert parse(text) == week


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "No hours are said. Write such as mon-fri 09:00-17:00 Europe/Berlin, or 24x7."),
        ("mon-fri 9-5", "9-5 would run past midnight. Write 9-17 for the day, or 09-05 for the night."),
        ("9:00-5:30", "9:00-5:30 would run past midnight. Write 9:00-17:30 for the day, or 09:00-05:30"),
        ("12-1", "12-1 would run past midnight. Write 12-13 for the day, or 12-01 for the night."),
        ("9-9", "9-9 would run past midnight. Write 9-21 for the day, or 09-09 for the night."),
        ("10-6", "10-6 would run past midnight. Write 10-18 for the day, or 10-06 for the night."),
        ("9am-5pm", "'9am-5pm' is no day, no hours and no time zone. Write such as mon-fri 09:00-17:00"),
        ("Europe/Berlin", "No hours are said"),
        ("mon-fri", "'mon-fri' says no hours"),
        ("mon 25-26", "'25-26' is no day, no hours and no time zone."),
        ("mon 9:60-17", "'9:60-17' is no day"),
        ("mo-fr 9-17", "'mo-fr' is no day"),
        ("24x7 mon 9-17", "24x7 and hours of days: say one of them."),
        ("x" * 500, f"{'x' * 40!r} is no day"),
    ],
)
def test_what_cannot_be_read(text: str, sentence: str) -> None:
    found = parse(text)
    assert isinstance(found, str)
    assert found.startswith(sentence)


@pytest.mark.parametrize(
    ("week", "line"),
    [
        (Week(OFFICE, "UTC"), "mon-fri 09:00-17:00 UTC"),
        (Week(OFFICE | {"fri": ("09:00-12:00",)}), "mon-thu 09:00-17:00, fri 09:00-12:00"),
        (Week({"mon": ("09:00-12:00", "13:00-17:00"), "wed": ("09:00-12:00",)}),
         "mon 09:00-12:00 13:00-17:00, wed 09:00-12:00"),
        (Week({}, "UTC"), "24x7 UTC"),
    ],
)  # fmt: skip
def test_a_week_reads_as_it_is_written(week: Week, line: str) -> None:
    """And is the same week when it is read again."""
    assert str(week) == line
    assert parse(line) == week
