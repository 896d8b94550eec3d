"""BusinessCalendar: tables of situations, its laws, and hypothesis against the slow oracle."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from slaboard.errors import UsageError
from slaboard.sla.calendar import BusinessCalendar, CalendarError
from slaboard.sla.spans import ERA, FAR_ERA, FIRST, KEPT_ERAS, LAST, LAST_ERA, Eras, utc_offsets
from tests.examples import examples
from tests.sla import oracle_calendar as oracle

PROPERTY = examples(40)

HOUR = 3600
DAY = 24 * HOUR

MON_TO_FRI = ("mon", "tue", "wed", "thu", "fri")
EVERY_DAY = (*MON_TO_FRI, "sat", "sun")


def week(*spans: str, days: tuple[str, ...] = MON_TO_FRI, zone: str = "Europe/Berlin", **more: Any) -> dict[str, Any]:
    """Return a calendar's dict with the same hours, such as "09:00-17:00", on each of the days."""
    return {"timezone": zone, "hours": {day: [span.split("-") for span in spans] for day in days}, **more}


OFFICE = week("09:00-17:00")
SPLIT = week("09:00-12:30", "13:30-17:00")
NIGHTS = week("22:00-06:00", days=EVERY_DAY)
NIGHT_OF_SATURDAY = week("22:00-06:00", days=("sat",))
DAYS = week("00:00-24:00", days=EVERY_DAY)
ALWAYS = {"hours": "24x7"}
CHRISTMAS = week("09:00-17:00", holidays=["2026-12-25"], date_hours={"2026-12-24": [["09:00", "12:00"]]})
LORD_HOWE = week("01:00-03:00", days=EVERY_DAY, zone="Australia/Lord_Howe")
ONE_DAY = {"timezone": "UTC", "hours": {}, "date_hours": {"2026-06-01": [["09:00", "10:00"]]}}


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def epoch(text: str) -> int:
    return int(at(text).timestamp())


def calendar(data: dict[str, Any]) -> BusinessCalendar:
    return BusinessCalendar.from_dict(data)


# --- situations ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "start", "seconds", "due"),
    [
        pytest.param(OFFICE, "2026-01-09T16:30+01:00", HOUR, "2026-01-12T09:30+01:00", id="over the weekend"),
        pytest.param(OFFICE, "2026-01-09T16:00+01:00", HOUR, "2026-01-09T17:00+01:00", id="exact fit is the closing"),
        pytest.param(OFFICE, "2026-01-09T17:00+01:00", 1, "2026-01-12T09:00:01+01:00", id="starts at closing"),
        pytest.param(OFFICE, "2026-01-09T17:00+01:00", 0, "2026-01-12T09:00+01:00", id="zero while closed"),
        pytest.param(OFFICE, "2026-01-09T10:00+01:00", 0, "2026-01-09T10:00+01:00", id="zero while open"),
        pytest.param(OFFICE, "2026-01-05T07:00-02:00", 9 * HOUR, "2026-01-06T11:00+01:00", id="start in another zone"),
        pytest.param(OFFICE, "2026-01-05T09:00:00.999+01:00", 60, "2026-01-05T09:01+01:00", id="fractions are dropped"),
        pytest.param(SPLIT, "2026-01-05T12:00+01:00", HOUR, "2026-01-05T14:00+01:00", id="over lunch"),
        pytest.param(SPLIT, "2026-01-05T12:00+01:00", 1800, "2026-01-05T12:30+01:00", id="exact fit before lunch"),
        pytest.param(NIGHTS, "2026-01-05T23:00+01:00", 8 * HOUR, "2026-01-06T23:00+01:00", id="nights"),
        pytest.param(DAYS, "2026-01-05T23:00+01:00", 2 * HOUR, "2026-01-06T01:00+01:00", id="24:00 meets 00:00"),
        pytest.param(ALWAYS, "2026-01-05T23:00Z", 400 * DAY, "2027-02-09T23:00Z", id="24x7"),
        pytest.param(ALWAYS, "2025-01-01T00:00Z", 2000 * DAY, "2030-06-24T00:00Z", id="24x7 over two eras"),
        pytest.param(CHRISTMAS, "2026-12-24T11:00+01:00", 2 * HOUR, "2026-12-28T10:00+01:00", id="holidays"),
        pytest.param(OFFICE, "2028-02-28T16:00+01:00", 10 * HOUR, "2028-03-01T10:00+01:00", id="leap day"),
        pytest.param(OFFICE, "2026-03-27T16:00+01:00", 2 * HOUR, "2026-03-30T10:00+02:00", id="clock change between"),
        pytest.param(
            NIGHT_OF_SATURDAY, "2026-03-28T22:00+01:00", 7 * HOUR, "2026-03-29T06:00+02:00", id="7 hour night"
        ),
        pytest.param(
            NIGHT_OF_SATURDAY, "2026-10-24T22:00+02:00", 9 * HOUR, "2026-10-25T06:00+01:00", id="9 hour night"
        ),
        pytest.param(ONE_DAY, "1926-01-01T00:00Z", HOUR, "2026-06-01T10:00Z", id="nothing for a century"),
        pytest.param(ALWAYS, "0001-01-01T00:00+14:00", 1, "0001-01-01T00:00:01Z", id="before the first UTC instant"),
        pytest.param(ALWAYS, "9999-12-31T23:59:58.999999Z", 1, "9999-12-31T23:59:59Z", id="the last second of all"),
    ],
)
def test_due(data: dict[str, Any], start: str, seconds: int, due: str) -> None:
    result = calendar(data).due(at(start), seconds)
    assert result == at(due)
    assert result.tzinfo is UTC


@pytest.mark.parametrize(
    ("data", "a", "b", "seconds"),
    [
        pytest.param(OFFICE, "2026-01-09T16:30+01:00", "2026-01-12T09:30+01:00", HOUR, id="over the weekend"),
        pytest.param(OFFICE, "2026-01-12T09:30+01:00", "2026-01-09T16:30+01:00", 0, id="reversed"),
        pytest.param(OFFICE, "2026-01-12T09:30+01:00", "2026-01-12T09:30+01:00", 0, id="nothing"),
        pytest.param(OFFICE, "2026-01-10T00:00+01:00", "2026-01-12T00:00+01:00", 0, id="all of it closed"),
        pytest.param(OFFICE, "2026-01-05T09:00:00.9Z", "2026-01-05T09:00:01.1Z", 1, id="fractions are dropped"),
        pytest.param(DAYS, "2026-03-29T00:00+01:00", "2026-03-30T00:00+02:00", 23 * HOUR, id="23 hour day"),
        pytest.param(DAYS, "2026-10-25T00:00+02:00", "2026-10-26T00:00+01:00", 25 * HOUR, id="25 hour day"),
        pytest.param(LORD_HOWE, "2026-04-05T00:00+11:00", "2026-04-05T12:00+10:30", 9000, id="repeated half hour"),
        pytest.param(LORD_HOWE, "2026-10-04T00:00+10:30", "2026-10-04T12:00+11:00", 5400, id="skipped half hour"),
        pytest.param(
            week("02:15-02:45", days=("sun",)), "2026-03-29T00:00Z", "2026-03-30T00:00Z", 0, id="all of it skipped"
        ),
        pytest.param(
            week("02:15-02:45", days=("sun",)), "2026-10-25T00:00Z", "2026-10-26T00:00Z", HOUR, id="all of it repeated"
        ),
        pytest.param(
            week("22:00-10:00", "12:00-13:00", days=EVERY_DAY, zone="UTC"),
            "2026-01-05T00:00Z",
            "2026-01-06T00:00Z",
            13 * HOUR,
            id="spill beside its own day's spans",
        ),
        pytest.param(
            week("08:00-12:00", "22:00-10:00", days=EVERY_DAY, zone="UTC"),
            "2026-01-05T00:00Z",
            "2026-01-06T00:00Z",
            14 * HOUR,
            id="spill over its own day's spans counts once",
        ),
        pytest.param(
            week("22:00-22:00", days=("wed",), zone="UTC"),
            "2026-01-05T00:00Z",
            "2026-01-12T00:00Z",
            DAY,
            id="open is close: 24 hours",
        ),
        pytest.param(
            week("00:00-24:00", days=EVERY_DAY, zone="Pacific/Apia"),
            "2011-12-29T00:00-10:00",
            "2012-01-01T00:00+14:00",
            2 * DAY,
            id="the day that Samoa skipped",
        ),
        pytest.param(ALWAYS, "0001-01-01T00:00Z", "9999-12-31T23:59:59Z", LAST - FIRST, id="all of time"),
    ],
)
def test_elapsed(data: dict[str, Any], a: str, b: str, seconds: int) -> None:
    assert calendar(data).elapsed(at(a), at(b)) == seconds


@pytest.mark.parametrize(
    ("night", "small_hours", "next_night", "open_"),
    [
        pytest.param([], {}, "2026-01-06T23:00Z", (True, True, True), id="no holiday"),
        pytest.param(
            ["2026-01-06"], {}, "2026-01-06T23:00Z", (True, False, False), id="spill and opening of a holiday"
        ),
        pytest.param(["2026-01-05"], {}, "2026-01-06T23:00Z", (False, False, True), id="the shift that opens on it"),
        pytest.param([], {"2026-01-06": []}, "2026-01-06T23:00Z", (True, True, False), id="date_hours keep the spill"),
        pytest.param(
            ["2026-01-05"],
            {"2026-01-05": [["20:00", "24:00"]]},
            "2026-01-06T23:00Z",
            (False, False, True),
            id="a holiday beats date_hours",
        ),
    ],
)
def test_holidays_and_nights(
    night: list[str], small_hours: dict[str, Any], next_night: str, open_: tuple[bool, bool, bool]
) -> None:
    nights = calendar(week("22:00-06:00", days=EVERY_DAY, zone="UTC", holidays=night, date_hours=small_hours))
    instants = ("2026-01-05T23:00Z", "2026-01-06T03:00Z", next_night)
    assert tuple(nights.is_open(at(instant)) for instant in instants) == open_


@pytest.mark.parametrize(
    ("data", "start", "opens", "closes"),
    [
        pytest.param(OFFICE, "2026-01-09T16:59:59+01:00", None, "2026-01-09T17:00+01:00", id="last open second"),
        pytest.param(
            OFFICE, "2026-01-09T17:00+01:00", "2026-01-12T09:00+01:00", "2026-01-12T17:00+01:00", id="closing"
        ),
        pytest.param(OFFICE, "2026-01-12T09:00+01:00", None, "2026-01-12T17:00+01:00", id="opening"),
        pytest.param(NIGHTS, "2026-01-09T23:00+01:00", None, "2026-01-10T06:00+01:00", id="before midnight"),
        pytest.param(DAYS, "2026-01-09T23:00+01:00", None, None, id="never closes"),
        pytest.param(ALWAYS, "2026-01-09T23:00Z", None, None, id="24x7"),
        pytest.param(
            week("12:00-11:00", "11:00-12:00", days=EVERY_DAY),
            "2026-01-09T23:00Z",
            None,
            None,
            id="never closes in bits",
        ),
        pytest.param(
            {**ALWAYS, "holidays": ["2031-05-05"]}, "2020-01-01T00:00Z", None, "2031-05-05T00:00Z", id="closes years on"
        ),
        pytest.param(
            {**ALWAYS, "holidays_in": "DE"},
            "2024-02-01T00:00Z",
            None,
            "2024-03-29T00:00Z",
            id="public holidays, an era on",
        ),
        pytest.param({**ALWAYS, "holidays": ["2031-05-05"]}, "2032-01-01T00:00Z", None, None, id="closes never again"),
        pytest.param(ONE_DAY, "1999-01-01T00:00Z", "2026-06-01T09:00Z", "2026-06-01T10:00Z", id="opens decades on"),
    ],
)
def test_next_open_and_close(data: dict[str, Any], start: str, opens: str | None, closes: str | None) -> None:
    assert calendar(data).next_open(at(start)) == at(opens or start)
    assert calendar(data).next_close(at(start)) == (None if closes is None else at(closes))


def test_spans_are_clipped_and_merged() -> None:
    days = calendar(week("00:00-24:00", days=("mon", "tue"), zone="UTC"))
    clipped = days.spans_s(epoch("2026-01-05T12:00Z"), epoch("2026-01-12T06:00Z"))
    assert clipped == [
        (epoch("2026-01-05T12:00Z"), epoch("2026-01-07T00:00Z")),
        (epoch("2026-01-12T00:00Z"), epoch("2026-01-12T06:00Z")),
    ]


def test_spans_join_over_eras() -> None:
    always = calendar(ALWAYS)
    assert always.spans_s(ERA - 5, 3 * ERA + 5) == [(ERA - 5, 3 * ERA + 5)]
    assert always.spans_s(ERA - 5, ERA) == [(ERA - 5, ERA)]
    assert always.spans_s(5, 5) == always.spans_s(6, 5) == []


def test_a_night_goes_on_where_an_era_ends_west_of_greenwich() -> None:
    """At 09:30 in Honolulu, in a shift that began the evening before: the next era has to look back to it."""
    begin, end = at("2028-05-01T00:00-10:00"), at("2028-05-01T12:00-10:00")
    assert begin.timestamp() < 14 * ERA < end.timestamp()
    nights = calendar(week("22:00-12:00", days=EVERY_DAY, zone="Pacific/Honolulu"))
    assert nights.elapsed(begin, at("2028-05-01T13:00-10:00")) == 12 * HOUR
    assert nights.next_close(begin) == end


def test_public_holidays_close_the_region_that_has_them() -> None:
    womens_day = at("2027-03-08T10:00+01:00")
    assert not calendar({**OFFICE, "holidays_in": "DE-BE"}).is_open(womens_day)
    assert calendar({**OFFICE, "holidays_in": "DE-BY"}).is_open(womens_day)
    assert calendar({**OFFICE, "holidays_in": "DE"}).is_open(womens_day)
    assert not calendar({**OFFICE, "holidays_in": "DE"}).is_open(at("2027-01-01T10:00+01:00"))


# --- the edges of time and of the type -----------------------------------------------------------------------


@pytest.mark.parametrize("ask", ["due", "elapsed", "is_open", "next_open", "next_close"])
def test_a_naive_datetime_is_refused(ask: str) -> None:
    naive = datetime(2026, 1, 5, 9, 0)  # noqa: DTZ001 - the naive one is what is tested
    more = {"due": (60,), "elapsed": (naive,)}.get(ask, ())
    with pytest.raises(CalendarError, match="2026-01-05 09:00:00 has no time zone"):
        getattr(calendar(OFFICE), ask)(naive, *more)


@pytest.mark.parametrize("seconds", [1, 10**6, 10**12, 10**30])
def test_no_time_after_the_year_9999(seconds: int) -> None:
    with pytest.raises(CalendarError, match=f"less than {seconds} s of open time after 9999-12-31T23:00:00"):
        calendar(OFFICE).due(at("9999-12-31T23:00Z"), seconds)


def test_time_that_runs_out_is_an_error_and_not_a_loop() -> None:
    one_day = calendar(ONE_DAY)
    with pytest.raises(CalendarError, match="less than 3601 s"):
        one_day.due(at("2026-01-01T00:00Z"), HOUR + 1)
    with pytest.raises(CalendarError, match="never opens after 2026-06-01T10:00:00"):
        one_day.next_open(at("2026-06-01T10:00Z"))


def test_a_negative_target_is_refused() -> None:
    with pytest.raises(CalendarError, match="-1 s cannot be added"):
        calendar(OFFICE).due(at("2026-01-05T09:00Z"), -1)


def test_seconds_outside_of_the_years_1_to_9999_are_closed() -> None:
    always = calendar(ALWAYS)
    assert not always.is_open_s(FIRST - 1)
    assert not always.is_open_s(LAST)
    assert always.elapsed_s(-(10**30), 10**30) == LAST - FIRST
    assert always.spans_s(-(10**30), 10**30) == [(FIRST, LAST)]
    assert always.next_open_s(-(10**30)) == FIRST


def test_local_mean_time_has_odd_seconds() -> None:
    """Berlin was 53 minutes and 28 seconds ahead until April 1893."""
    assert calendar(OFFICE).next_open(at("1890-01-06T00:00Z")) == at("1890-01-06T08:06:32Z")


def test_equal_dicts_give_equal_calendars() -> None:
    a, b = calendar(CHRISTMAS), calendar({**CHRISTMAS, "hours": dict(reversed(CHRISTMAS["hours"].items()))})
    a.due(at("2026-01-05T09:00Z"), HOUR)  # what one has compiled makes no difference
    assert a == b
    assert hash(a) == hash(b)
    assert a != calendar(OFFICE)


def test_timezone_and_is_always() -> None:
    assert (calendar(OFFICE).timezone, calendar(OFFICE).is_always) == ("Europe/Berlin", False)
    assert (calendar(ALWAYS).timezone, calendar(ALWAYS).is_always) == ("UTC", True)
    assert (calendar(DAYS).timezone, calendar(DAYS).is_always) == ("Europe/Berlin", True)
    assert not calendar({**ALWAYS, "holidays": ["2026-12-25"]}).is_always
    days = {day: [["00:00", "24:00"]] for day in EVERY_DAY}
    until_monday = {"sun": [["00:00", "12:00"], ["12:00", "06:00"]], "mon": [["06:00", "24:00"]]}
    assert calendar({"timezone": "UTC", "hours": days | until_monday}).is_always
    assert not calendar({"timezone": "UTC", "hours": days | {"mon": [["06:00", "24:00"]]}}).is_always
    assert not calendar({**ALWAYS, "holidays_in": "DE"}).is_always
    assert not calendar({**ALWAYS, "date_hours": {"2026-12-24": []}}).is_always


def test_far_years_do_not_eat_memory() -> None:
    office = calendar(OFFICE)
    for year in range(1000, 3000, 25):
        office.is_open(datetime(year, 1, 1, tzinfo=UTC))
    assert len(office._eras) <= KEPT_ERAS


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"])
def test_far_eras_repeat_those_of_a_cycle_before(zone: str) -> None:
    opening = calendar(week("01:00-03:00", "22:00-23:00", days=("sat", "sun"), zone=zone)).opening
    eras = Eras(opening)
    for number in (FAR_ERA + 1, FAR_ERA + 95, FAR_ERA + 96, FAR_ERA + 97, FAR_ERA + 1000, LAST_ERA - 1, LAST_ERA):
        assert eras.total(number) == opening.compile(number).total


def test_a_far_special_day_counts_in_its_era_only() -> None:
    office = calendar(week("09:00-17:00", zone="UTC", holidays=["5000-01-01"]))
    assert office.elapsed(at("4999-12-31T00:00Z"), at("5000-01-03T00:00Z")) == 16 * HOUR
    assert office.elapsed(at("4000-01-01T00:00Z"), at("9999-01-01T00:00Z")) == 12_520_504 * HOUR


@pytest.mark.parametrize(
    ("zone", "start"),
    [
        ("America/Recife", "2000-09-01T00:00Z"),
        ("Asia/Gaza", "2040-09-01T00:00Z"),
        ("Africa/Casablanca", "2026-01-01T00:00Z"),
    ],
)
def test_offsets_that_change_twice_in_a_week(zone: str, start: str) -> None:
    begin = epoch(start)
    pieces = utc_offsets(zone, begin, begin + 200 * DAY)
    assert len(pieces) > 2
    for from_, until, offset in pieces:
        for t in (*range(from_, until, HOUR), until - 1):
            assert datetime.fromtimestamp(t, ZoneInfo(zone)).utcoffset() == timedelta(seconds=offset)


# --- what is wrong with a dict -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "path", "says"),
    [
        pytest.param({**OFFICE, "time_zone": 1}, ("time_zone",), 'perhaps "timezone" is meant', id="unknown key"),
        pytest.param(
            OFFICE | {7: 1}, ("?",), "a value of type int is not a key of a calendar; use timezone", id="key 7"
        ),
        pytest.param(None, (), "a value of type NoneType is not a table", id="no dict"),
        pytest.param({"hours": {"mon": [["09:00", "17:00"]]}}, ("timezone",), "is missing", id="no zone"),
        pytest.param(
            {**OFFICE, "timezone": "europe/Berln"}, ("timezone",), 'perhaps "Europe/Berlin" is meant', id="typo"
        ),
        pytest.param({**OFFICE, "timezone": "\0"}, ("timezone",), "'\\x00' is not a time zone", id="zone of NUL"),
        pytest.param({**OFFICE, "timezone": "Europe"}, ("timezone",), "is not a time zone", id="folder of zones"),
        pytest.param({**OFFICE, "timezone": 1}, ("timezone",), "type int is not a time zone", id="zone of type int"),
        pytest.param({**OFFICE, "hours": "24/7"}, ("hours",), "'24/7' is not opening hours; write \"24x7\"", id="24/7"),
        pytest.param({**OFFICE, "hours": []}, ("hours",), "type list is not a table", id="hours of type list"),
        pytest.param({**OFFICE, "hours": {"monday": []}}, ("hours", "monday"), 'perhaps "mon" is meant', id="monday"),
        pytest.param({**OFFICE, "hours": {"xyz": []}}, ("hours", "xyz"), "use mon, tue, wed", id="no weekday"),
        pytest.param(
            {**OFFICE, "hours": {"mon": "09:00-17:00"}}, ("hours", "mon"), "is not a list", id="text for list"
        ),
        pytest.param(
            {**OFFICE, "hours": {"mon": [["09:00"]]}}, ("hours", "mon", "0"), "is not a span", id="half a span"
        ),
        pytest.param(week("9:00-17:00"), ("hours", "mon", "0", "0"), "'9:00' is not a time; write HH:MM", id="9:00"),
        pytest.param(week("09:00-25:00"), ("hours", "mon", "0", "1"), "'25:00' is not a time", id="25:00"),
        pytest.param(week("09:00-24:01"), ("hours", "mon", "0", "1"), "'24:01' is not a time", id="24:01"),
        pytest.param(week("24:00-09:00"), ("hours", "mon", "0", "0"), "24:00 only to close", id="opens at 24:00"),
        pytest.param(week("०९:००-१७:००"), ("hours", "mon", "0", "0"), "is not a time", id="digits of another script"),
        pytest.param(week("09:00-12:00", "11:59-13:00"), ("hours", "mon", "1"), "overlaps", id="overlap"),
        pytest.param(week("11:59-13:00", "09:00-12:00"), ("hours", "mon", "0"), "overlaps", id="overlap, unsorted"),
        pytest.param(week("22:00-06:00", "23:00-24:00"), ("hours", "mon", "1"), "overlaps", id="overlap past midnight"),
        pytest.param({**OFFICE, "holidays": ["2026-02-30"]}, ("holidays", "0"), "is not a date", id="February 30"),
        pytest.param({**OFFICE, "holidays": ["20260102"]}, ("holidays", "0"), "write YYYY-MM-DD", id="compact date"),
        pytest.param({**OFFICE, "holidays": [date(2026, 1, 2)]}, ("holidays", "0"), "in quotes", id="a date, no text"),
        pytest.param({**OFFICE, "date_hours": {"12-24": []}}, ("date_hours", "12-24"), "is not a date", id="no year"),
        pytest.param(
            {**OFFICE, "date_hours": {"2026-12-24": [["x", "y"]]}},
            ("date_hours", "2026-12-24", "0", "0"),
            "'x' is not a time",
            id="bad time on a date",
        ),
        pytest.param({**OFFICE, "holidays_in": "de-by"}, ("holidays_in",), 'perhaps "DE-BY" is meant', id="region"),
        pytest.param({**OFFICE, "holidays_in": "Germany"}, ("holidays_in",), 'such as "DE" or "DE-BE"', id="a name"),
        pytest.param({**OFFICE, "holidays_in": "XX"}, ("holidays_in",), "no public holidays known", id="no country"),
        pytest.param({**OFFICE, "holidays_in": "DE-"}, ("holidays_in",), "no public holidays known", id="no region"),
        pytest.param(
            {**OFFICE, "holidays_in": "HolidayBase"}, ("holidays_in",), "no public holidays", id="a name in it"
        ),
        pytest.param({"timezone": "UTC"}, (), "no open time at all", id="no hours"),
        pytest.param({"timezone": "UTC", "hours": {"mon": []}}, (), "no open time at all", id="no span"),
        pytest.param(
            {**ONE_DAY, "holidays": ["2026-06-01"]}, (), "no open time at all", id="its only date is a holiday"
        ),
        pytest.param(
            {"timezone": "Europe/Berlin", "date_hours": {"2026-03-29": [["02:00", "03:00"]]}},
            (),
            "no open time at all",
            id="its only hour is skipped",
        ),
    ],
)
def test_problems(data: object, path: tuple[str, ...], says: str) -> None:
    problems = BusinessCalendar.problems(data)
    assert [sentence for where, sentence in problems if where == path and says in sentence], problems


def test_all_problems_come_at_once() -> None:
    data = {"zone": "UTC", "hours": {"mon": [["9", "17:00"]], "tues": []}, "holidays": ["x", "y"]}
    assert [path for path, _ in BusinessCalendar.problems(data)] == [
        ("zone",),
        ("timezone",),
        ("hours", "tues"),
        ("hours", "mon", "0", "0"),
        ("holidays", "0"),
        ("holidays", "1"),
    ]
    with pytest.raises(UsageError, match=r"hours\.tues: .* holidays\.1: 'y' is not a date"):
        BusinessCalendar.from_dict(data)


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary() | st.dates() | st.times(),
    lambda inner: st.lists(inner) | st.tuples(inner, inner) | st.dictionaries(st.text() | st.integers(), inner),
    max_leaves=8,
)
TIMES = st.sampled_from(["00:00", "09:00", "12:00", "24:00", "25:00", "9", ""]) | JUNK
DAY_JUNK = st.lists(st.lists(TIMES, min_size=2, max_size=2) | JUNK, max_size=3) | JUNK
CALENDAR_JUNK = st.fixed_dictionaries(
    {},
    optional={
        "timezone": st.sampled_from(["UTC", "Europe/Berlin", "Europe", "../UTC"]) | JUNK,
        "hours": st.just("24x7") | st.dictionaries(st.sampled_from(["mon", "sun", "x"]), DAY_JUNK) | JUNK,
        "holidays": st.lists(st.sampled_from(["2026-12-25", "2026-13-01"]) | JUNK) | JUNK,
        "date_hours": st.dictionaries(st.sampled_from(["2026-12-24", "0000-00-00", "x"]), DAY_JUNK) | JUNK,
        "holidays_in": st.sampled_from(["DE", "DE-BE", "DE-", "QQ"]) | JUNK,
    },
)


@PROPERTY
@given(CALENDAR_JUNK | JUNK)
def test_problems_never_raises_and_from_dict_agrees(data: object) -> None:
    problems = BusinessCalendar.problems(data)
    assert all(isinstance(part, str) for path, _ in problems for part in path)
    if problems:
        with pytest.raises(CalendarError):
            BusinessCalendar.from_dict(data)
    else:
        BusinessCalendar.from_dict(data)


# --- random calendars ----------------------------------------------------------------------------------------

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Pacific/Apia",
    "Africa/Casablanca",
)
CENTRES = (
    ("Europe/Berlin", "2026-03-29T01:00Z"),  # goes forward,
    ("Europe/Berlin", "2026-10-25T01:00Z"),  # and back
    ("America/New_York", "2026-03-08T07:00Z"),
    ("America/New_York", "2026-11-01T06:00Z"),
    ("Australia/Lord_Howe", "2026-04-04T15:00Z"),  # back half an hour,
    ("Australia/Lord_Howe", "2026-10-03T15:30Z"),  # and forward
    ("Pacific/Chatham", "2026-04-04T14:00Z"),  # back an hour from 45 past
    ("Africa/Casablanca", "2026-02-15T02:00Z"),  # begins Ramadan
    ("Pacific/Apia", "2011-12-30T10:00Z"),  # skips a day
    ("Asia/Kathmandu", "1985-12-31T18:30Z"),  # moves from 5:30 to 5:45
    ("UTC", "2028-02-29T00:00Z"),
    ("UTC", datetime.fromtimestamp(14 * ERA, UTC).isoformat()),  # an era ends
    ("UTC", "2100-02-28T12:00Z"),
)
"""Where and when something unusual happens."""


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@st.composite
def day_hours(draw: st.DrawFn, least: int = 0) -> list[list[str]]:
    """Up to three spans of whole minutes that do not overlap; the last may run past midnight or to 24:00."""
    minute = st.sampled_from(range(0, 1440, 30)) | st.integers(0, 1439)
    edges = sorted(draw(st.lists(minute, min_size=least, max_size=5, unique=True)))
    spans = [[_clock(opens), _clock(closes)] for opens, closes in zip(edges[::2], edges[1::2], strict=False)]
    if len(edges) % 2:
        spans.append([_clock(edges[-1]), draw(st.just("24:00") | st.integers(0, edges[-1]).map(_clock))])
    return spans


open_weeks = st.tuples(day_hours(1), day_hours(1)).map(lambda two: {d: two[n % 2] for n, d in enumerate(EVERY_DAY)})
hours = st.sampled_from(range(73)).map(HOUR.__mul__)  # `integers` are mostly small, or at an end
lengths = st.builds(int.__add__, hours, st.integers(0, HOUR - 1))


@st.composite
def calendars(draw: st.DrawFn) -> tuple[dict[str, Any], int]:
    """A calendar's dict, and an instant near which its zone, or seldom another one, does something unusual."""
    zone, when = draw(st.sampled_from(CENTRES))
    zones, centre = st.just(zone) | st.just(zone) | st.sampled_from(ZONES), epoch(when)
    near = [(datetime.fromtimestamp(centre, UTC).date() + timedelta(days=d)).isoformat() for d in range(-3, 4)]
    data = {
        "timezone": draw(zones),
        "hours": draw(open_weeks | open_weeks | st.dictionaries(st.sampled_from(EVERY_DAY), day_hours())),
        "holidays": draw(st.lists(st.sampled_from(near), max_size=2)),
        "date_hours": draw(st.dictionaries(st.sampled_from(near), day_hours(), max_size=2)),
    }
    assume(not BusinessCalendar.problems(data))
    return data, centre - 2 * DAY + draw(lengths)


@PROPERTY
@given(calendars(), lengths)
def test_spans_and_elapsed_agree_with_the_oracle(case: tuple[dict[str, Any], int], length: int) -> None:
    data, start = case
    spans = oracle.spans(data, start, start + length)
    assert calendar(data).spans_s(start, start + length) == spans
    assert calendar(data).elapsed_s(start, start + length) == sum(closes - opens for opens, closes in spans)


@PROPERTY
@given(calendars(), st.integers(0, 12 * HOUR))
def test_due_agrees_with_the_oracle(case: tuple[dict[str, Any], int], seconds: int) -> None:
    data, start = case
    limit = start + 8 * DAY
    expected = oracle.due(data, start, seconds, limit)
    if expected is not None:
        assert calendar(data).due_s(start, seconds) == expected
    else:
        assert calendar(data).elapsed_s(start, limit) <= seconds


@PROPERTY
@given(calendars())
def test_next_open_and_close_agree_with_the_oracle(case: tuple[dict[str, Any], int]) -> None:
    data, start = case
    subject = calendar(data)
    assert subject.is_open_s(start) == oracle.is_open(data, start)
    opens = oracle.next_open(data, start, start + 2 * DAY)
    if opens is not None:
        assert subject.next_open_s(start) == opens
    closes = oracle.next_close(data, start, start + 2 * DAY)
    if closes is not None:
        assert subject.next_close_s(start) == closes


@PROPERTY
@given(st.sampled_from(["Europe/Berlin", "America/New_York", "Africa/Monrovia"]), st.integers(0, 1800))
def test_seconds_agree_with_the_oracle(zone: str, length: int) -> None:
    """Hours with seconds, in a year when the offsets of these zones had seconds, too."""
    data = week("09:00:01-09:10:59", "09:11:07-09:20", days=EVERY_DAY, zone=zone)
    start = calendar(data).next_open_s(epoch("1880-05-05T00:00Z")) - 60
    assert calendar(data).spans_s(start, start + length) == oracle.spans(data, start, start + length, step=1)


# --- laws, in any year ---------------------------------------------------------------------------------------

INSTANTS = st.integers(epoch("1850-01-01T00:00Z"), epoch("2150-01-01T00:00Z"))
AMOUNTS = st.integers(1, 400 * DAY) | st.integers(1, 12 * HOUR)


@st.composite
def weeks(draw: st.DrawFn) -> BusinessCalendar:
    """A calendar that opens every week, so that each question has an answer."""
    data, _ = draw(calendars())
    assume(any(data["hours"].values()))
    return calendar(data)


@PROPERTY
@given(weeks(), INSTANTS, AMOUNTS)
@example(calendar(ALWAYS), ERA - 1, 1)
@example(calendar(ALWAYS), ERA - 1, ERA + 1)
def test_elapsed_until_due_is_what_was_asked(subject: BusinessCalendar, start: int, seconds: int) -> None:
    due = subject.due_s(start, seconds)
    assert subject.elapsed_s(start, due) == seconds
    assert subject.elapsed_s(start, due - 1) == seconds - 1


@PROPERTY
@given(weeks(), INSTANTS, AMOUNTS, AMOUNTS)
def test_due_is_monotone(subject: BusinessCalendar, start: int, seconds: int, more: int) -> None:
    due = subject.due_s(start, seconds)
    assert subject.due_s(start, seconds + more) > due
    assert subject.due_s(start + more, seconds) >= due
    assert subject.due_s(due, more) == subject.due_s(start, seconds + more)


@PROPERTY
@given(weeks(), st.lists(INSTANTS, min_size=3, max_size=3).map(sorted))
def test_splitting_an_interval_splits_its_elapsed_time(subject: BusinessCalendar, instants: list[int]) -> None:
    a, b, c = instants
    assert subject.elapsed_s(a, b) + subject.elapsed_s(b, c) == subject.elapsed_s(a, c)


@PROPERTY
@given(weeks(), INSTANTS)
def test_opening_is_open_and_closing_is_closed(subject: BusinessCalendar, t: int) -> None:
    opens, closes = subject.next_open_s(t), subject.next_close_s(t)
    assert opens >= t
    assert subject.is_open_s(opens)
    assert subject.is_open_s(t) == (opens == t)
    if closes is not None:
        assert not subject.is_open_s(closes)
        assert subject.elapsed_s(opens, closes) == closes - opens


@PROPERTY
@given(weeks(), st.datetimes(timezones=st.sampled_from([ZoneInfo(zone) for zone in ZONES])), AMOUNTS)
def test_the_public_doors_are_the_inner_ones(subject: BusinessCalendar, start: datetime, seconds: int) -> None:
    whole = start.replace(microsecond=0)
    t = (whole - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(seconds=1)
    assume(FIRST <= t <= LAST - 2000 * DAY)
    opened = subject.next_open_s(t)
    assert subject.is_open(start) == subject.is_open_s(t)
    assert subject.next_open(start).timestamp() == opened
    assert subject.elapsed(start, subject.next_open(start) + timedelta(hours=1)) == subject.elapsed_s(t, opened + HOUR)
