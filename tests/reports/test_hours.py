"""Calendars in words."""

from __future__ import annotations

import pytest

from slaboard.reports.hours import hours_text
from slaboard.sla.calendar import BusinessCalendar
from tests.sla.story import situation

JANUARY, FEBRUARY = 1_767_225_600, 1_769_904_000
OFFICE = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        situation("always", {"hours": "24x7"}, "around the clock"),
        situation("office", {"timezone": "UTC", "hours": OFFICE}, "mon-fri 09:00-17:00 UTC"),
        situation("nights", {"timezone": "UTC", "hours": {"sat": [["22:00", "06:30"]], "sun": [["00:00", "24:00"]]}},
                  "sat 22:00-06:30, sun 00:00-24:00 UTC"),
        situation("two spans", {"timezone": "UTC", "hours": {"mon": [["09:00", "12:00"], ["13:00", "17:00"]]}},
                  "mon 09:00-12:00 13:00-17:00 UTC"),
        situation("holidays in it and beyond",
                  {"timezone": "UTC", "hours": OFFICE, "holidays": ["2026-01-01", "2026-01-31", "2026-02-01"]},
                  "mon-fri 09:00-17:00 UTC, closed on 2 days of that time"),
        situation("public holidays, one more, and a short day",
                  {"timezone": "UTC", "hours": OFFICE, "holidays_in": "DE-BE", "holidays": ["2026-01-02"],
                   "date_hours": {"2026-01-05": [["09:00", "12:00"]]}},
                  "mon-fri 09:00-17:00 UTC, closed on public holidays (DE-BE), closed on 1 more day of that time, "
                  "other hours on 1 day of it"),
        situation("single days", {"timezone": "UTC", "hours": {}, "date_hours": {"2026-01-05": [["09:00", "12:00"]]}},
                  "on single days only, UTC, other hours on 1 day of it"),
        situation("always but for a day", {"timezone": "UTC", "hours": "24x7", "holidays": ["2026-01-01"]},
                  "mon-sun 00:00-24:00 UTC, closed on 1 day of that time"),
    ],
)  # fmt: skip
def test_in_january(data: dict[str, object], said: str) -> None:
    assert hours_text(BusinessCalendar.from_dict(data), JANUARY, FEBRUARY) == said
