"""The policy file: what it says, what is wrong with it and on which line, and which policy a ticket gets."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from slaboard.resources import shipped
from slaboard.sla import policy
from slaboard.sla.policy import Policy, PolicySet, Problem, UpdateMode, parse
from slaboard.sla.zones import Zones
from slaboard.text import clean
from slaboard.ticket import Bucket, Stage, Zone
from slaboard.toml import MAX_BYTES, lines_of
from tests.examples import examples

DOCS = Path(__file__).parents[2] / "docs" / "policy.md"
ANYONE = '[[policy]]\nname = "Anyone"\ncalendar = "24x7"\ntargets = { response = "1h" }\n'
SPEC = """\
[calendar.office]
timezone = "Europe/Berlin"
hours = { mon = ["09:00-12:30", "13:30-17:00"], tue = ["09:00-17:00"], wed = ["09:00-17:00"], fri = ["09:00-15:00"] }
holidays = ["2026-12-25"]
days = { "2026-12-24" = ["09:00-12:00"] }
holidays_in = "DE-BE"
[calendar.night]
timezone = "America/New_York"
hours = { fri = ["22:00-06:00"] }
[calendar.always]
hours = "24x7"

[status]
"New" = "respond"
"Active" = "plan"
"In progress" = "resolve"
"Awaiting User Info" = "waiting"
"Resolved" = "resolved"
"Closed" = "closed"

[zones]
yellow = 0.50
orange = 0.75

[claim]
zones = ["yellow", "orange", "red"]

[[policy]]
name = "Gold P1"
match = { customer = ["Contoso"], priority = ["P1"] }
calendar = "always"
targets = { response = "15m", resplan = "1h", resolution = "4h" }
zones = { orange = 0.60, orange_floor = "10m" }

[[policy]]
name = "Everyone"
calendar = "office"
targets = { response = "1h", resplan = "4h", resolution = "16h" }
"""


def read(text: str) -> PolicySet:
    """The policy set of a file that must have no problem."""
    found, problems = parse(text)
    assert problems == []
    assert found is not None
    return found


def said(text: str) -> list[str]:
    """What is wrong with a file that must have a problem."""
    found, problems = parse(text)
    assert found is None
    assert problems
    return [str(problem) for problem in problems]


def policy_for(found: PolicySet, **attributes: str | None) -> str | None:
    """The name of the policy that a ticket of these attributes gets."""
    every: dict[str, str | None] = dict.fromkeys(("customer", "priority", "board", "type")) | attributes
    matched = found.match(**every)
    return matched.name if matched else None


# --- what a good file says ------------------------------------------------------------------------------------


def test_the_file_of_the_spec() -> None:
    """Everything in SEMANTICS' sample arrives as a value."""
    found = read(SPEC)
    assert found.policies == (
        Policy(
            name="Gold P1",
            match={"customer": frozenset({"contoso"}), "priority": frozenset({"p1"})},
            calendar="always",
            targets={Bucket.RESPONSE: 900, Bucket.RESPLAN: 3600, Bucket.RESOLUTION: 14400},
            zones=Zones(yellow=Decimal("0.50"), orange=Decimal("0.60"), orange_floor_s=600),
            response_pauses=False,
            response_by_status=False,
            update_mode="unanswered",
            engage_skill=None,
            reopen_grace_s=0,
        ),
        Policy(
            name="Everyone",
            match={},
            calendar="office",
            targets={Bucket.RESPONSE: 3600, Bucket.RESPLAN: 14400, Bucket.RESOLUTION: 57600},
        ),
    )
    assert found.statuses["Awaiting User Info"] is Stage.WAITING
    assert found.claim_zones == {Zone.YELLOW, Zone.ORANGE, Zone.RED}
    assert not found.uses_update
    assert found.text == SPEC


def test_calendars_become_opening_hours() -> None:
    """Spans, single dates, holidays and regions all count; 24x7 is there without being defined."""
    calendars = read(SPEC).calendars
    assert set(calendars) == {"office", "night", "always", "24x7"}
    berlin = dt.timezone(dt.timedelta(hours=1))
    open_at = {
        day: calendars["office"].is_open(dt.datetime(2026, *day, tzinfo=berlin))
        for day in [(1, 5, 9), (1, 5, 13), (12, 24, 11), (12, 24, 13), (12, 25, 10), (3, 9, 10), (4, 6, 10)]
    }
    assert [day for day, is_open in open_at.items() if is_open] == [(1, 5, 9), (12, 24, 11), (3, 9, 10)]
    assert calendars["24x7"].is_always


def test_toml_dates_are_holidays_too() -> None:
    """A date may be written with or without quotes."""
    hours = '[calendar.office]\ntimezone = "UTC"\nhours = { mon = ["09:00-17:00"] }\n'
    bare = read(f"{hours}holidays = [2026-12-28]\n{ANYONE}").calendars["office"]
    assert bare == read(f'{hours}holidays = ["2026-12-28"]\n{ANYONE}').calendars["office"]


def test_defaults_of_a_file_that_says_little() -> None:
    """One policy and nothing else is a whole file."""
    found = read(ANYONE)
    assert found.policies[0].zones == Zones(Decimal("0.50"), Decimal("0.75"), None, None)
    assert found.claim_zones == {Zone.YELLOW, Zone.ORANGE, Zone.RED}


def test_settings_at_the_top_hold_for_all_that_do_not_say_otherwise() -> None:
    """Also `zones`, key by key; an empty skill takes the default back."""
    top = 'response_pauses = true\nresponse_by_status = true\nupdate_mode = "keep_informed"\nreopen_grace = "30m"\n'
    zones = '[zones]\nyellow = 0.2\norange_floor = "10m"\n'
    own = 'response_pauses = false\nupdate_mode = "unanswered"\nreopen_grace = "5m"\nengage_skill = ""\n'
    first = f'[[policy]]\nname = "A"\nmatch.type = "a"\n{own}zones.orange = 0.3\ntargets = {{ update = "4h" }}\n'
    found = read(f'{top}engage_skill = "voice"\n{zones}[calendar.a]\nhours = "24x7"\n{first}{ANYONE}')
    a, anyone = found.policies
    assert (anyone.response_pauses, anyone.response_by_status, anyone.update_mode) == (True, True, "keep_informed")
    assert (anyone.engage_skill, anyone.reopen_grace_s) == ("voice", 1800)
    assert anyone.zones == Zones(Decimal("0.2"), Decimal("0.75"), None, 600)
    assert (a.response_pauses, a.response_by_status, a.update_mode) == (False, True, UpdateMode.UNANSWERED)
    assert (a.engage_skill, a.reopen_grace_s, a.calendar) == (None, 300, "a")
    assert a.zones == Zones(Decimal("0.2"), Decimal("0.3"), None, 600)
    assert found.uses_update


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("15m", 900),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1h 30m", 5400),
        ("90s", 90),
        ("1h1s", 3601),
        ("0m", 0),
        (" 2h", 7200),
    ],
)
def test_durations(written: str, seconds: int) -> None:
    """Hours, minutes and seconds in this order, each at most once."""
    assert read(ANYONE.replace("1h", written)).policies[0].targets[Bucket.RESPONSE] == seconds


def test_shares_are_exact() -> None:
    """No binary fraction: 0.07 of 100 s is 7 s, where floats make it 7.000000000000001 and so 8 s."""
    zones = read(f"[zones]\nyellow = 0.07\norange = 1\n{ANYONE}").policies[0].zones
    assert zones.yellow * 100 == 7
    assert zones.orange == 1


# --- which policy a ticket gets -------------------------------------------------------------------------------

MATCHING = (
    '[[policy]]\nname = "Gold"\nmatch = { customer = ["Contoso", "ACME Ltd"], priority = "P1" }\n'
    '[[policy]]\nname = "Nobody"\nmatch = { customer = "" }\n'
    '[[policy]]\nname = "Printers"\nmatch = { type = "Printer", board = "Service" }\n'
    '[[policy]]\nname = "P1"\nmatch = { priority = ["P1", "1 - Critical"] }\n'
).replace("match", 'calendar = "24x7"\ntargets = { response = "1h" }\nmatch')


@pytest.mark.parametrize(
    ("attributes", "name"),
    [
        ({"customer": "Contoso", "priority": "P1"}, "Gold"),
        ({"customer": " acme LTD", "priority": "p1 "}, "Gold"),
        ({"customer": "Contoso", "priority": "P2"}, None),
        ({"customer": "Fabrikam", "priority": "1 - critical"}, "P1"),
        ({"customer": "Fabrikam", "type": "printer", "board": "service", "priority": "P1"}, "Printers"),
        ({"customer": "Fabrikam", "type": "printer"}, None),
        ({"customer": "", "priority": "P1"}, "Nobody"),
        ({"priority": "P1"}, "Nobody"),
    ],
)
def test_the_first_policy_that_matches_wins(attributes: dict[str, str], name: str | None) -> None:
    """All keys must match, one word of each; case and spaces around do not count; "" is a ticket that has none."""
    assert policy_for(read(MATCHING), **attributes) == name


def test_matching_remembers_a_bounded_number_of_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same policy object comes back, and the memory does not grow with the number of customers."""
    monkeypatch.setattr(policy, "REMEMBERED", 10)
    found = read(MATCHING)
    first = found.match(customer="Contoso", priority="P1", board=None, type=None)
    assert all(policy_for(found, customer=f"C{n}", priority="P1") == "P1" for n in range(35))
    assert len(found._matched) <= 10
    assert found.match(customer="Contoso", priority="P1", board=None, type=None) is first


FEW = st.frozensets(st.sampled_from(["", "a", "b", "c"]), min_size=1)
MATCHES = st.lists(st.dictionaries(st.sampled_from(policy.ATTRIBUTES), FEW), max_size=6)


@given(MATCHES, st.fixed_dictionaries({key: st.sampled_from(["", "a", "b", "d"]) for key in policy.ATTRIBUTES}))
def test_matching_is_what_trying_each_in_turn_gives(matches: list[dict[str, frozenset[str]]], ticket: Any) -> None:
    """The shelf only saves time."""
    policies = tuple(Policy(str(n), match, "24x7", {Bucket.RESPONSE: 1}) for n, match in enumerate(matches))
    found = PolicySet({}, {}, frozenset(), policies, "").match(**ticket)
    assert found is next((each for each in policies if each.takes(ticket)), None)


@given(MATCHES)
def test_a_policy_is_unreachable_iff_an_earlier_one_covers_it(matches: list[dict[str, frozenset[str]]]) -> None:
    """Told once for each, whatever it is filed under."""
    text = "".join(
        f'[[policy]]\nname = "{n}"\ncalendar = "24x7"\ntargets.response = "1h"\n'
        + "".join(f"match.{key} = {inline(sorted(words))}\n" for key, words in match.items())
        for n, match in enumerate(matches)
    )
    policies = [Policy("", match, "24x7", {}) for match in matches]
    covered = [any(earlier.covers(each) for earlier in policies[:n]) for n, each in enumerate(policies)]
    assert sum("no ticket can reach" in problem.what for problem in parse(text)[1]) == sum(covered)


def test_stage_of_a_status_word() -> None:
    """As written, then whatever its case and the spaces around it; an unmapped word has none."""
    found = read(f'[status]\n"Pending" = "waiting"\n"PENDING" = "plan"\n"Done " = "resolved"\n{ANYONE}')
    assert found.stage_of("Pending") is Stage.WAITING
    assert found.stage_of("PENDING") is Stage.PLAN
    assert found.stage_of(" pending ") is Stage.WAITING
    assert found.stage_of("done") is Stage.RESOLVED
    assert found.stage_of("Gone") is None
    assert found.stage_of(None) is None


# --- what is wrong, and where ---------------------------------------------------------------------------------

OFFICE = '[calendar.office]\ntimezone = "UTC"\nhours = { mon = ["09:00-17:00"] }\n'
FIRST = '[[policy]]\nname = "First"\ncalendar = "24x7"\ntargets = { response = "1h" }\n'
BAD = {
    "no TOML": ('[status]\n"New" = respond\n', 2, ["not TOML"]),
    "no TOML at the end": ('[status]\n"New" =', 2, ["not TOML"]),
    "a key twice": (f"{ANYONE}calendar = 1\n", 5, ["not TOML", "overwrite"]),
    "text without quotes": (f"reopen_grace = 30m\n{ANYONE}", 1, ["not TOML", "straight quotes"]),
    "key without quotes": (f'[status]\nOn hold = "waiting"\n{ANYONE}', 2, ["not TOML", '"On hold" = ']),
    "table on two lines": (ANYONE.replace("{ ", "{\n"), 4, ["not TOML", "on one line"]),
    "table twice": (f"{OFFICE}{OFFICE}", 4, ["calendar.office twice", "under one [table]"]),
    "text that goes on": (ANYONE.replace('Anyone"', "Anyone"), 2, ["not TOML", "quotes on its line"]),
    "a backslash": (ANYONE.replace("Anyone", "C:\\path"), 2, ["not TOML", "single quotes"]),
    "no policy": ("[status]\n", None, ["no policy", "[[policy]]"]),
    "an empty list of policies": ("\npolicy = []\n", 2, ["no policy", "[[policy]]"]),
    "single brackets": (ANYONE.replace("[[policy]]", "\n[policy]"), 2, ["single brackets", "[[policy]]"]),
    "a policy that is none": ("policy = [1]", 1, ["1 in policy is not a table"]),
    "unknown key at the top": (f"calender = 1\n{ANYONE}", 1, ['"calender"', '"calendar" is meant']),
    "unknown key in a policy": (f'{ANYONE}target = "1h"\n', 5, ['"target"', '"targets" is meant']),
    "unknown key in zones": (f"[zones]\nyelow = 0.5\n{ANYONE}", 2, ['"yellow" is meant']),
    "unknown key in claim": (f"[claim]\nzone = []\n{ANYONE}", 2, ['"zones" is meant']),
    "unknown key in a calendar": (f'{OFFICE}tz = "UTC"\n{ANYONE}', 4, ["calendar.office", "known are", "timezone"]),
    "unknown match key": (f'{ANYONE}match.costumer = "x"\n', 5, ['"customer" is meant']),
    "match by status": (f'{ANYONE}match.status = "New"\n', 5, ["a status changes"]),
    "setting below a table": (f"[claim]\nresponse_pauses = true\n{ANYONE}", 2, ["top of the file"]),
    "match a number": (f"{ANYONE}match.priority = [\n'P1',\n1]\n", 7, ["1 in priority is not a text", 'write "1"']),
    "match nothing": (f"{ANYONE}match.priority = []\n", 5, ["matches no ticket", "leave the key out"]),
    "match is no table": (f'{ANYONE}match = "P1"\n', 5, ["is not a table"]),
    "no name": (ANYONE.replace('"Anyone"', '" "'), 2, ["no name"]),
    "name left out": (ANYONE.replace('name = "Anyone"', ""), 1, ["no name"]),
    "name is a number": (ANYONE.replace('"Anyone"', "7"), 2, ["7 is not a text", 'write "7"']),
    "name twice": (f'{FIRST}match.type = "x"\n{FIRST}', 7, ["taken by the policy on line 1"]),
    "unreachable, all taken": (f"{FIRST}\n{ANYONE}", 6, ["no ticket can reach", "line 1"]),
    "unreachable, superset": (
        f'{FIRST}match.type = ["a", "B"]\n{ANYONE}match = {{ type = "b", board = "x" }}\n',
        6,
        ["no ticket can reach", "line 1"],
    ),
    "unknown calendar": (f"{OFFICE}{ANYONE.replace('24x7', 'offic')}", 6, ['"office" is meant']),
    "no calendar of none": (ANYONE.replace('calendar = "24x7"', ""), 1, ["names no calendar", "defines 0", '"24x7"']),
    "no calendar of two": (
        f"{OFFICE}{OFFICE.replace('office', 'b')}{ANYONE.replace('calendar = ', '# ')}",
        7,
        ["names no calendar", "defines 2", '"office" or "b"'],
    ),
    "no targets": (ANYONE.replace("targets", "# "), 1, ["no targets", "no SLA"]),
    "empty targets": (ANYONE.replace('response = "1h"', ""), 4, ["no targets"]),
    "unknown bucket": (f'{ANYONE}[policy.targets2]\n[[policy]]\ntargets = {{ respond = "1h" }}', 7, ['"response"']),
    "total resolution": (ANYONE.replace("response", "total_resolution"), 4, ["has the target of resolution"]),
    "target in days": (ANYONE.replace("1h", "1d"), 4, ["24 hours or one working day", '"8h"']),
    "target in weeks": (ANYONE.replace("1h", "2 weeks"), 4, ["24 hours or one working day"]),
    "target without unit": (ANYONE.replace('"1h"', "15"), 4, ['"15m" for minutes']),
    "target without unit, quoted": (ANYONE.replace("1h", "15"), 4, ['"15m" for minutes']),
    "target with a fraction": (ANYONE.replace("1h", "1.5h"), 4, ["is not a duration", "1h30m"]),
    "target in disorder": (ANYONE.replace("1h", "30m1h"), 4, ["is not a duration"]),
    "target a number with a fraction": (ANYONE.replace('"1h"', "1.5"), 4, ["1.5 is not a duration", "1h30m"]),
    "target below zero": (ANYONE.replace('"1h"', "-5"), 4, ["-5 is negative", '"15m"']),
    "target below zero, quoted": (ANYONE.replace("1h", "-1h"), 4, ["is negative", '"15m"']),
    "target beyond all digits": (ANYONE.replace('"1h"', f"0x{'f' * 9_999}"), 4, ["a huge number is not", "1h30m"]),
    "target in other digits": (ANYONE.replace("1h", "\u0664\u0664"), 4, ["is not a duration", "1h30m"]),
    "target of nothing": (ANYONE.replace("1h", ""), 4, ["is not a duration"]),
    "target is true": (ANYONE.replace('"1h"', "true"), 4, ["is not a duration"]),
    "target too long": (ANYONE.replace("1h", "10001h"), 4, ["too long", "10000h"]),
    "floor in days": (f'[zones]\norange_floor = "1d"\n{ANYONE}', 2, ["one working day"]),
    "grace without unit": (f"reopen_grace = 5\n{ANYONE}", 1, ['"5m" for minutes']),
    "share above one": (f"[zones]\nyellow = 50\n{ANYONE}", 2, ["outside 0 to 1", "0.75"]),
    "share is no number": (f"[zones]\nyellow = nan\n{ANYONE}", 2, ["outside 0 to 1"]),
    "share in percent": (f'[zones]\nyellow = "50%"\n{ANYONE}', 2, ["is not a share"]),
    "share too fine": (f"[zones]\nyellow = 0.1234567\n{ANYONE}", 2, ["six decimals"]),
    "yellow after orange": (f"[zones]\nyellow = 0.9\n{ANYONE}", 2, ["yellow begins at 0.9", "above orange"]),
    "yellow after orange in a policy": (f"{ANYONE}[policy.zones]\norange = 0.4\n", 6, ["after orange at 0.4"]),
    "share beyond all digits": (f"[zones]\nyellow = 0x{'f' * 9_999}\n{ANYONE}", 2, ["a huge number", "outside 0 to 1"]),
    "zones is no table": (f"zones = 0.5\n{ANYONE}", 1, ["is not a table"]),
    "flag in quotes": (f'response_pauses = "yes"\n{ANYONE}', 1, ["true or false"]),
    "unknown update mode": (f'update_mode = "informed"\n{ANYONE}', 1, ['"keep_informed" is meant']),
    "skill is a list": (f'engage_skill = ["a"]\n{ANYONE}', 1, ["is not a text"]),
    "two skills in one": (f'engage_skill = "a,b"\n{ANYONE}', 1, ["has a comma", "one skill"]),
    "setting below the status words": (f'[status]\nreopen_grace = "5m"\n{ANYONE}', 2, ["top of the file"]),
    "key of a policy below its match": (
        f'{ANYONE}[policy.match]\ntype = "x"\ncalendar = "24x7"\n',
        7,
        ["directly under [[policy]]"],
    ),
    "unknown stage": (f'[status]\n"New" = "Respond!"\n{ANYONE}', 2, ['"respond" is meant']),
    "unknown claim zone": (f'[claim]\nzones = ["red",\n"blue"]\n{ANYONE}', 3, ['"blue" in zones', "green, yellow"]),
    "no claim zone": (f"[claim]\nzones = []\n{ANYONE}", 2, ["nothing could be claimed"]),
    "calendar without a name": (f'[calendar]\ntimezone = "UTC"\n{ANYONE}', 2, ["[calendar.office]"]),
    "calendar is no table": (f"calendar = 1\n{ANYONE}", 1, ["[calendar.office]"]),
    "unknown time zone": (OFFICE.replace("UTC", "Europe/Berln") + ANYONE, 2, ["Europe/Berlin"]),
    "time zone by its letters": (OFFICE.replace("UTC", "PST") + ANYONE, 2, ['such as "Europe/Berlin"']),
    "no time zone": (OFFICE.replace('timezone = "UTC"', "") + ANYONE, 1, ["time zone"]),
    "time zone is a number": (OFFICE.replace('"UTC"', "1") + ANYONE, 2, ["'1' is not a time zone"]),
    "never open": (f'[calendar.a]\n\ntimezone = "UTC"\n{ANYONE}', 1, ["never open", '"24x7"']),
    "hours are a word": (OFFICE.replace('{ mon = ["09:00-17:00"] }', '"9-5"') + ANYONE, 3, ['"24x7" or {']),
    "unknown weekday": (OFFICE.replace("mon", "monday") + ANYONE, 3, ["monday", "mon"]),
    "span without a dash": (OFFICE.replace("-", "..") + ANYONE, 3, ['"09:00..17:00" in mon', '"09:00-17:00"']),
    "span is a number": (OFFICE.replace('"09:00-17:00"', "9") + ANYONE, 3, ["9 in mon", '"09:00-17:00"']),
    "no such time": (OFFICE.replace("17:00", "25:00") + ANYONE, 3, ["25:00", "HH:MM"]),
    "overlapping spans": (
        f'[calendar.a]\ntimezone = "UTC"\n[calendar.a.hours]\nmon = [\n"09:00-12:00",\n"11:00-13:00",\n]\n{ANYONE}',
        6,
        ["overlaps"],
    ),
    "no such date": (f'{OFFICE}days = {{ "2026-02-30" = ["09:00-12:00"] }}\n{ANYONE}', 4, ["2026-02-30"]),
    "holiday is a number": (f"{OFFICE}holidays = [2026-12-25,\n 1226]\n{ANYONE}", 5, ["'1226' is not a date"]),
    "unknown region": (f'{OFFICE}holidays_in = "XX"\n{ANYONE}', 4, ["XX", "DE-BE"]),
}


@pytest.mark.parametrize(("text", "line", "words"), BAD.values(), ids=BAD)
def test_a_bad_file(text: str, line: int | None, words: list[str]) -> None:
    """Some problem stands on the right line, and says what is wrong and what would be right."""
    found, problems = parse(text)
    assert found is None
    assert any(problem.line == line and all(word in str(problem) for word in words) for problem in problems), [
        str(problem) for problem in problems
    ]


def test_all_errors_come_at_once_in_the_order_of_the_file() -> None:
    """One error hides no other, and none is told twice."""
    wrong = SPEC
    for good, bad in {
        "Europe/Berlin": "Mars",
        '"09:00-12:30", ': '"9", "x-12:30", ',
        '"plan"': '"planned"',
        "orange = 0.75": "orange = 75",
        '"red"': '"rot"',
        '"15m"': '"1d"',
        '"office"': '"offce"',
    }.items():
        wrong = wrong.replace(good, bad)
    lines = [problem.line for problem in parse(wrong)[1]]
    assert lines == [2, 3, 3, 15, 23, 26, 32, 37]


def test_what_follows_from_an_error_is_not_reported() -> None:
    """A calendar that cannot be read may be named, and a match that cannot be read hides no other policy."""
    assert len(said(f'[calendar.a]\nhours = {{ mon = "9-5" }}\ntimezone = "UTC"\n{ANYONE.replace("24x7", "a")}')) == 2
    assert len(said(f'{FIRST}match.typ = "x"\n{ANYONE}')) == 1
    assert len(said(f'{FIRST}match = "x"\n{ANYONE}')) == 1
    assert len(said(f'[calendar.a]\ntimezone = "UTC"\nhours = "24/7"\n{ANYONE}')) == 1
    assert len(said(f'engage_skill = "a, b"\n{FIRST}match.type = "x"\n{ANYONE}')) == 1


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("#" * (MAX_BYTES + 1), None, "1,048,577 bytes"),
        ("\na = " + "[" * 20_000 + "]" * 20_000, 2, "nested too deeply"),
        ("a = " + "[\n" * 20_000 + "]" * 20_000, 100, "nested too deeply"),
        ("\na = " + "1" * 5_000, 2, "too large"),
        ("\na = 1e9999999999999999999999", 2, "too large"),
        ("\n" + "a." * 100_000 + "a = 1", 2, "more than 60 parts"),
        ("\n[" + '"a b" . ' * 100_000 + "a]", 2, "more than 60 parts"),
    ],
    ids=["size", "depth", "depth, line by line", "whole number", "exponent", "dotted key", "dotted heading"],
)
def test_a_file_that_cannot_be_read_at_all(text: str, line: int | None, word: str) -> None:
    """Its one problem means the whole file, or where the reading had to stop."""
    found, problems = parse(text)
    assert found is None
    assert [problem.line for problem in problems] == [line]
    assert word in str(problems[0])


def test_a_problem_in_words() -> None:
    """Line, what is wrong, what would be right."""
    assert str(Problem(12, "a is b", "write c")) == "line 12: a is b; write c"
    assert str(Problem(None, "the file is empty", "")) == "the file is empty"


def test_windows_files_are_read() -> None:
    """A byte order mark and carriage returns change neither meaning nor lines."""
    bad = f"\ufeff{FIRST}{ANYONE}".replace("\n", "\r\n")
    assert [problem.line for problem in parse(bad)[1]] == [5]
    assert read("\ufeff" + ANYONE.replace("\n", "\r\n")).policies == read(ANYONE).policies


# --- lines ----------------------------------------------------------------------------------------------------


def test_lines_of_every_way_to_write_a_key() -> None:
    """Dotted, quoted, inline, arrays of tables, several lines, and what only looks like structure."""
    text = (
        '# [x]\na.b = 1 # , ]\n"c d".\'e"f\' = """\n[no]\n\\""" # \n"""""\n'
        "g = [ 1.5, # ]\n  { h = '''\n]''', i = [2026-01-01 00:00:00] },\n]\n"
        '[j."k.l"]\nm = "\\"["\n[[n]]\no = 1\n[[n]]\no = 1\n[n.p]\nq = 1\n[[n.r]]\ns = {}\n'
    )
    expected = {
        ("a",): 2, ("a", "b"): 2, ("c d",): 3, ("c d", 'e"f'): 3, ("g",): 7, ("g", "0"): 7, ("g", "1"): 8,
        ("g", "1", "h"): 8, ("g", "1", "i"): 9, ("g", "1", "i", "0"): 9, ("j",): 11, ("j", "k.l"): 11,
        ("j", "k.l", "m"): 12, ("n",): 13, ("n", "0"): 13, ("n", "0", "o"): 14, ("n", "1"): 15, ("n", "1", "o"): 16,
        ("n", "1", "p"): 17, ("n", "1", "p", "q"): 18, ("n", "1", "r"): 19, ("n", "1", "r", "0"): 19,
        ("n", "1", "r", "0", "s"): 20,
    }  # fmt: skip
    assert set(expected) == set(paths(tomllib.loads(text)))
    assert lines_of(text) == expected


def paths(value: object, above: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every path into a TOML value, the empty one left out."""
    inner = dict(value) if isinstance(value, dict) else {}
    if isinstance(value, list):
        inner = {str(n): item for n, item in enumerate(value)}
    for key, item in inner.items():
        yield (*above, key)
        yield from paths(item, (*above, key))


# --- any file at all ------------------------------------------------------------------------------------------

KEYS = {*policy.FILE_KEYS, *policy.POLICY_KEYS, *policy.CALENDAR_KEYS, *policy.ZONE_KEYS, *policy.ATTRIBUTES}
VALID = ("response", "office", "mon", "24x7", "New", "respond", "red", "09:00-17:00", "2026-12-24", "1h", "1d", "0")
WORDS = st.sampled_from([*sorted(KEYS), *VALID])
TEXTS = WORDS | st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
SCALARS = st.one_of(
    TEXTS,
    st.booleans(),
    st.integers(),
    st.floats(),
    st.dates() | st.datetimes() | st.times(),
)
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


def quoted(text: str) -> str:
    """`text` as a basic string of TOML, which unlike JSON escapes DEL, too."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def inline(value: object) -> str:
    """`value` in TOML on one line."""
    match value:
        case bool():
            return str(value).lower()
        case str():
            return quoted(value)
        case int():
            return f"0x{value:x}" if value >= 0 else str(value)
        case dict():
            return "{" + ", ".join(f"{quoted(key)} = {inline(item)}" for key, item in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(inline, value)) + "]"
        case dt.date() | dt.time():
            return value.isoformat()
    return str(value)


def written(table: dict[str, Any], above: tuple[str, ...] = ()) -> str:
    """`table` in TOML, its tables and lists of tables under headings."""
    text, below = "", ""
    for key, value in table.items():
        name = ".".join(map(quoted, (*above, key)))
        if isinstance(value, dict):
            below += f"[{name}]\n{written(value, (*above, key))}"
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            below += "".join(f"[[{name}]]\n{written(item, (*above, key))}" for item in value)
        else:
            text += f"{quoted(key)} = {inline(value)}\n"
    return text + below


def check_that_it_is_read(text: str) -> None:
    """There is a policy set or there are problems, each on one clean line."""
    found, problems = parse(text)
    assert (found is None) == bool(problems)
    for problem in problems:
        assert str(problem) == clean(str(problem), limit=10_000)
        assert problem.line is None or 1 <= problem.line <= text.count("\n") + 1


@examples(80)
@given(st.text() | st.text("[]{}=.,\"'\n #\\a1"))
@example("\x00")
@example("a = '\ud800'")
@example("=")
def test_any_text_is_read_or_refused(text: str) -> None:
    """`parse` never raises."""
    check_that_it_is_read(text)


@examples(80)
@given(st.dictionaries(TEXTS, VALUES, max_size=6), st.booleans())
def test_any_toml_is_read_or_refused_and_every_key_has_its_line(table: dict[str, Any], headed: bool) -> None:
    """Whatever types stand where."""
    text = written(table) if headed else "".join(f"{quoted(key)} = {inline(item)}\n" for key, item in table.items())
    check_that_it_is_read(text)
    assert set(lines_of(text)) == {path[:8] for path in paths(tomllib.loads(text, parse_float=Decimal))}


# --- what we ship ---------------------------------------------------------------------------------------------


def test_the_examples_of_the_docs_are_good() -> None:
    """Fragments become whole by a policy for anyone."""
    blocks = re.findall(r"^```toml\n(.*?)^```", DOCS.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        read(block if "[[policy]]" in block else block + ANYONE)


def test_the_docs_show_a_real_problem() -> None:
    """The sentence in the docs is what `check` says about the first example with that mistake in it."""
    docs = DOCS.read_text()
    block = docs.split("```toml\n")[1].split("```")[0]
    assert f"\n{said(block.replace('Berlin', 'Berln'))[0]}\n" in docs


def test_every_key_and_word_is_in_the_docs() -> None:
    """A key that nobody explains does not exist."""
    docs = DOCS.read_text()
    keys = {*policy.POLICY_KEYS, *policy.CALENDAR_KEYS, *policy.ZONE_KEYS, *policy.ATTRIBUTES, *policy.TARGETS, *Stage}
    assert [key for key in sorted(keys) if f"| `{key}` |" not in docs] == []
    assert [key for key in policy.FILE_KEYS if f"[{key}" not in docs and f"`{key}`" not in docs] == []
    assert all(f'"{mode}"' in docs for mode in UpdateMode)


DEFAULT = shipped("sample_data") / "policy.toml"


@pytest.mark.parametrize(
    ("priority", "name"),
    [
        *((word, "P1") for word in ("P1", "1 - Critical", "critical", "Urgent", "Highest", "Priority 1 - Critical")),
        *((word, "P2") for word in ("P2", "2 - High", "HIGH", "3 high", "Priority 2 - Quick Response")),
        *((word, "P3") for word in ("P3", "3 - Moderate", "Medium", "2 normal", "Priority 3 - Normal Response")),
        *((word, "P4") for word in ("P4", "4 - Low", "low", "1 low", "Lowest")),
        *((word, "Everyone") for word in ("whatever", "", None)),
    ],
)
def test_the_default_policy_knows_common_priorities(priority: str | None, name: str) -> None:
    """And leaves no ticket without SLA."""
    assert policy_for(read(DEFAULT.read_text()), customer="Contoso", priority=priority) == name


def test_the_default_policy_works_round_the_clock_for_p1_only() -> None:
    """Everybody else is helped in office hours."""
    found = read(DEFAULT.read_text())
    assert [policy.name for policy in found.policies if found.calendars[policy.calendar].is_always] == ["P1"]


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        *((word, Stage.RESPOND) for word in ("New", "open", "Waiting for support")),
        *((word, Stage.PLAN) for word in ("Active", "Assigned", "Processing (assigned)")),
        *((word, Stage.RESOLVE) for word in ("In Progress", "Work in progress")),
        *((word, Stage.WAITING) for word in ("Pending", "On Hold", "on-hold", "stalled", "Waiting for customer")),
        *((f"Awaiting {word}", Stage.WAITING) for word in ("User Info", "Vendor", "Problem", "Evidence")),
        *((word, Stage.RESOLVED) for word in ("Resolved", "solved", "Completed")),
        *((word, Stage.CLOSED) for word in ("Closed", "closed successful", "merged", "Canceled")),
    ],
)
def test_the_default_policy_knows_common_status_words(status: str, stage: Stage) -> None:
    """The words of ServiceNow, ConnectWise, Zendesk, Jira, Zammad, Znuny, RT and GLPI."""
    assert read(DEFAULT.read_text()).stage_of(status) is stage
