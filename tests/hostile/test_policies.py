"""Policy files of any kind: each problem has its line and says what is right, and what passes can be worked with."""

from __future__ import annotations

import re
from datetime import date
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slaboard.board.render import render
from slaboard.board.state import Board, Detail, Page
from slaboard.output import ticket_json
from slaboard.resources import shipped
from slaboard.sla.explain import explain
from slaboard.sla.policy import PolicySet, parse
from slaboard.sla.story import story as told_of
from slaboard.sla.wording import facts, lines
from slaboard.store.folding import folded
from slaboard.store.read.moment import ticket_from
from slaboard.store.rows import raw
from slaboard.text import clean, json_line
from tests.examples import examples
from tests.hostile.words import ANY, harmful
from tests.sla.story import at, story

PROPERTY = examples(30)
SAMPLES = ("policy.toml", "demo_policy.toml")
STORY = story(
    "09:00 created priority=P1 customer=Tansy / 09:10 autoreply by=automation / 09:20 respond"
    " / 09:30 priority priority=P2 / 10:00 wait / 11:00 asks / 11:30 resume / 12:00 engage"
    " / 12:30 status status=Pending / 13:00 resolve / 14:00 reopen / 15:00 customer customer=Marrow"
)
MOMENTS = (at("09:05"), at("10:30"), at("12:10"), at("20T00:00"))

# Everything a policy may say, so that no key is forgotten.
WHOLE = """
response_pauses = true
response_by_status = false
update_mode = "keep_informed"
engage_skill = "network"
reopen_grace = "30m"
zones = { yellow = 0.5, orange = 0.75, yellow_floor = "30m", orange_floor = "15m" }
[calendar.office]
timezone = "Europe/Berlin"
holidays = ["2026-12-25"]
holidays_in = "DE-BE"
days = { "2026-12-24" = ["09:00-12:00"] }
[calendar.office.hours]
mon = ["09:00-12:30", "13:30-17:00"]
tue = ["22:00-06:00"]
[status]
New = "respond"
Pending = "waiting"
[claim]
zones = ["yellow", "red"]
[[policy]]
name = "Urgent"
match = { priority = ["P1"], customer = "Tansy", board = "x", type = "y" }
calendar = "24x7"
targets = { response = "15m", resplan = "1h", resolution = "4h", update = "8h" }
[[policy]]
name = "Everyone"
calendar = "office"
targets = { response = "2h", resplan = "8h", resolution = "40h" }
"""
KEY = re.compile(r"^([ \t]*[\w\"-]+[ \t]*=[ \t]*)(.+)$", re.MULTILINE)


@cache
def texts() -> tuple[str, ...]:
    return (*((shipped("sample_data") / name).read_text(encoding="utf-8") for name in SAMPLES), WHOLE)


def works(policies: PolicySet, moments: tuple[int, ...] = MOMENTS) -> None:
    """A ticket lives through a day under `policies`, and is drawn, told and explained at any moment of it."""
    for moment in moments:
        events = [event for event in STORY if event.at <= moment]
        found = folded("T-1", events, policies, 1)
        ticket = ticket_from(found.fold, found.clocks, moment, raw)
        assert not harmful(json_line(ticket_json(ticket, policies.calendars, moment)))
        for clock in found.clocks:
            told = explain(told_of("T-1", events, policies), clock, moment)
            assert not harmful("\n".join(lines(told)))
            assert not harmful(json_line(facts(told)))
        board = Board(
            now=moment, page=Page((ticket,), 0, 1), cursor="T-1", detail=Detail(ticket, tuple(events)),
            detail_open=True, calendars=policies.calendars,
        )  # fmt: skip
        assert not harmful("\n".join("".join(text for text, _ in line) for line in render(board, 100, 40)))


def judged(text: str) -> None:
    """Either it can be worked with, or each problem says where, what and what instead."""
    found, problems = parse(text)
    assert (found is None) == bool(problems)
    for problem in problems:
        said = str(problem)
        assert problem.right, said
        assert not harmful(clean(said)), said
        assert len(said) < 3_000, said[:300]
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + 1
    if found is not None:
        works(found)


def test_the_samples_are_sound() -> None:
    for text in texts():
        assert parse(text)[1] == []
        judged(text)


VALUES = st.sampled_from(
    [
        "true", "0", "-1", "1", "1.5", "0.5", "1e400", "nan", "-inf", "0x" + "f" * 9_000, "9" * 400, "{}", "[]",
        '""', '" "', "2026-01-01", "09:00:00", "2026-01-01T09:00:00Z", '"0s"', '"1s"', '"10000h"', '"0h0m0s"', '"1d"',
        '"9999h59m59s"', '"24x7"', '["24x7"]', '"UTC"', '"Europe"', '"../x"',
        '"DE"', '"XX-YY"', '["00:00-24:00"]', '["00:00-00:00:01"]',
        '["24:00-00:00"]', '["09:00-08:59:59"]', '["09:00"]', '["09:00-10:00", "09:30-11:00"]', '["0001-01-01"]',
        '["9999-12-31"]', '["2026-02-30"]', '{ mon = ["03:00-03:00:01"] }', '{ sun = [] }', '"respond"', '"closed"',
        '["green", "red"]', "[[[[]]]]", "{ a = { b = { c = 1 } } }", '"\\u001b[31m"', '"\\u202e"', "'\\'",
        '"""\nx\n"""',
    ]
) | ANY.map(lambda text: "'" + re.sub(r"[\x00-\x1f\x7f']", "", text) + "'")  # fmt: skip


@PROPERTY
@given(which=st.integers(0, 2), changes=st.lists(st.tuples(st.integers(0, 300), VALUES), min_size=1, max_size=4))
def test_any_value_at_any_key(which: int, changes: list[tuple[int, str]]) -> None:
    text = texts()[which]
    for place, value in changes:
        spots = list(KEY.finditer(text))
        spot = spots[place % len(spots)]
        text = text[: spot.start(2)] + value + text[spot.end(2) :]
    judged(text)


TOKENS = ("[", "]", "{", "}", "=", ",", '"', "'", "\n", "#", ".", '"""', "[[policy]]", "[status]", "[calendar.office]",
          "0", "h", "\0", "\x1b", "\ufeff", "\r", "\u2028", "é", "match", "zones", "targets = {}")  # fmt: skip


@PROPERTY
@given(
    which=st.integers(0, 2),
    cuts=st.lists(
        st.tuples(st.integers(0, 8_000), st.integers(0, 40), st.sampled_from(("", *TOKENS))), min_size=1, max_size=4
    ),
)
def test_any_damage_to_a_file(which: int, cuts: list[tuple[int, int, str]]) -> None:
    text = texts()[which]
    for place, length, token in cuts:
        place %= len(text)
        text = text[:place] + token + text[place + length :]
    judged(text)


@PROPERTY
@given(
    which=st.integers(0, 2), swaps=st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=1, max_size=4)
)
def test_lines_in_any_order_and_twice(which: int, swaps: list[tuple[int, int]]) -> None:
    rows = texts()[which].split("\n")
    for one, other in swaps:
        rows.insert(other % len(rows), rows[one % len(rows)])
    judged("\n".join(rows))


@PROPERTY
@given(flips=st.lists(st.tuples(st.integers(0, 8_000), st.integers(0, 255)), min_size=1, max_size=3))
def test_any_byte_turned_over(tmp_path_factory: pytest.TempPathFactory, flips: list[tuple[int, int]]) -> None:
    from slaboard.host import document

    data = bytearray(WHOLE.encode())
    for place, value in flips:
        data[place % len(data)] ^= value
    path = tmp_path_factory.getbasetemp() / "policy.toml"
    path.write_bytes(bytes(data))
    told = ""
    try:
        judged(document.read(path))
    except document.Unreadable as error:
        told = str(error)
    assert not told or re.search(r"line \d+ is not UTF-8|binary or UTF-16", told)


@examples(8)
@given(
    day=st.sampled_from(["mon", "wed", "sun"]),
    opens=st.integers(0, 86_398),
    seconds=st.integers(1, 3),
    dates=st.lists(st.dates(date(1970, 1, 1), date(2200, 12, 31)), max_size=3, unique=True),
    target=st.sampled_from(["0s", "1s", "59s", "1h", "115h", "10000h"]),
    weekly=st.booleans(),
    zone=st.sampled_from(["UTC", "Europe/Berlin", "Pacific/Apia", "America/Recife", "Asia/Kolkata"]),
)
def test_calendars_that_hardly_ever_open(
    day: str, opens: int, seconds: int, dates: list[date], target: str, weekly: bool, zone: str
) -> None:
    """Open for a second a week, or on single dates of any year, with targets from nothing to more than a year."""
    span = f'["{clock(opens)}-{clock(min(opens + seconds, 86_399))}"]'
    days = ", ".join(f'"{each}" = {span}' for each in dates)
    judged(
        f'[calendar.rare]\ntimezone = "{zone}"\nhours = {{ {f"{day} = {span}" * weekly} }}\ndays = {{ {days} }}\n'
        f'[[policy]]\nname = "x"\ntargets = {{ response = "{target}", resolution = "{target}", update = "{target}" }}\n'
    )


def clock(second: int) -> str:
    return f"{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}"


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"[calendar.c{n}]\nhours = 1\n" for n in range(2_000)) + '[[policy]]\ncalendar = "x"\n' * 200,
        "".join(
            f'[[policy]]\nname = "p{n}"\nmatch = {{ customer = "c{n}" }}\ncalendar = "24x7"\n' for n in range(2_000)
        ),
        "".join(
            f'[[policy]]\nname = "p"\ncalendar = "24x7"\ntargets = {{ resolution = "{n}d" }}\n' for n in range(2_000)
        ),
        "[status]\n" + "".join(f'"{n}" = "{n}"\n' for n in range(10_000)),
        "".join(f"k{n} = 1\n" for n in range(10_000)),
        "x = [" + "[],\n" * 20_000 + "]",
        "x = {" + ", ".join(f"a{n} = 1" for n in range(40_000)) + "}",
        "[calendar.c.days]\n" + "".join(f'"{2000 + n // 366}-01-{n % 31 + 1:02}{n}" = []\n' for n in range(5_000)),
        '[[policy]]\nname = """' + "\n" * 900_000 + '"""',
    ],
    ids=["calendars", "policies", "durations", "statuses", "keys", "list", "inline table", "days", "lines"],
)
def test_a_file_as_large_as_may_be_is_judged(text: str) -> None:
    """Nothing takes the square of it: this would run for an hour."""
    found, problems = parse(text)
    assert found is None
    assert problems


def test_two_calendars_of_one_name_are_told() -> None:
    """Spaces and invisible characters do not count."""
    text = '[calendar.office]\nhours = "24x7"\n[calendar."office\\u200b "]\nhours = "24x7"\n'
    found, problems = parse(f'{text}[[policy]]\nname = "x"\ncalendar = "office"\ntargets = {{ resolution = "1h" }}')
    assert found is None
    assert (
        str(problems[0]) == 'line 3: a calendar named "office" is there already; give each calendar a name of its own'
    )


@pytest.mark.parametrize(
    ("key", "date"),
    [("holidays", "9999-12-31"), ("holidays", "1969-12-31"), ("days", "0001-01-01"), ("days", "2201-01-01")],
)
def test_a_date_that_nobody_means_is_told(key: str, date: str) -> None:
    """To compile a calendar up to the year 9999 took 5 s."""
    written = f'["{date}"]' if key == "holidays" else f'{{ "{date}" = ["09:00-12:00"] }}'
    policy = '[[policy]]\nname = "x"\ntargets = { resolution = "1h" }'
    found, problems = parse(f'[calendar.rare]\nhours = "24x7"\n{key} = {written}\n{policy}')
    assert found is None
    assert [str(problem) for problem in problems] == [
        f'line 3: "{date}" is outside the years 1970 to 2200; write a date of these years'
    ]


def test_a_calendar_without_a_name_is_told() -> None:
    found, problems = parse(
        '[calendar." "]\nhours = "24x7"\n[[policy]]\nname = "x"\ncalendar = " "\ntargets = { resolution = "1h" }'
    )
    assert found is None
    assert str(problems[0]) == "line 1: the calendar has no name; write [calendar.office] above it"
