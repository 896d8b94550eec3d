"""Where a clock's time went: a table of situations, random lives, and every late clock of the real log."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from slaboard.sla.autopsy import Autopsy, autopsy, is_breached, lines, spent
from slaboard.sla.clock import replay
from slaboard.sla.hands import Part, course
from slaboard.sla.order import ordered
from slaboard.sla.policy import PolicySet, parse
from slaboard.ticket import Bucket, Clock, Event
from tests.examples import examples
from tests.real_log import incidents
from tests.sla.oracle_replay import World
from tests.sla.story import ALL, EVERYONE, at, event, minutes, situation, story, team, the
from tests.sla.test_replay_oracle import END, LOG_POLICY, histories, teams

FEW = examples(20)
GRACE = team(ALL, settings='reopen_grace = "30m"')


def apart(
    text: str, bucket: Bucket = Bucket.RESOLUTION, policies: PolicySet = EVERYONE, *, now: str = "17:00"
) -> Autopsy:  # fmt: skip
    """The one clock of `bucket` after that story."""
    events = story(text)
    clock = the(replay("T-1", events, policies), bucket)
    return autopsy("T-1", clock, policies.calendars[clock.calendar], events, policies, at(now))


def shares(found: Autopsy) -> str:
    """`unseen 20m, idle ana 10m`."""
    return ", ".join(f"{s.part.value} {s.who} {minutes(s.seconds)}".replace(" None", "") for s in found.shares)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        situation("nobody looked", "09:00 created", "unseen 480m"),
        situation("a rule is nobody", "09:00 created / 10:00 note by=automation", "unseen 480m"),
        situation("a customer is nobody", "09:00 created / 10:00 asks", "unseen 480m"),
        situation("a note by somebody", "09:00 created / 10:00 note", "unseen 60m, unclaimed 420m"),
        situation("answered, not claimed", "09:00 created / 10:00 respond", "unseen 60m, unclaimed 420m"),
        situation("a claim is not work", "09:00 created / 10:00 claim", "unseen 60m, idle ana 420m"),
        situation(
            "nor is another's note",
            "09:00 created / 10:00 claim / 11:00 note actor=ben",
            "unseen 60m, idle ana 420m",
        ),
        situation(
            "the owner's note is",
            "09:00 created / 10:00 claim / 11:00 note",
            "unseen 60m, idle ana 60m, worked ana 360m",
        ),
        situation("to engage is work", "09:00 created / 10:00 engage", "unseen 60m, worked ana 420m"),
        situation(
            "a plan by a coordinator is not",
            "09:00 created / 10:00 claim / 11:00 status actor=ben status=Active",
            "unseen 60m, idle ana 420m",
        ),
        situation(
            "a status that means work is",
            "09:00 created / 10:00 claim / 11:00 status actor=ben status=Working",
            "unseen 60m, idle ana 60m, worked ben 360m",
        ),
        situation(
            "taken over",
            "09:00 created / 09:00 claim / 10:00 engage / 12:00 takeover actor=ben",
            "idle ben 300m, idle ana 60m, worked ana 120m",
        ),
        situation(
            "released", "09:00 created / 10:00 claim / 11:00 release", "unseen 60m, unclaimed 360m, idle ana 60m"
        ),
        situation(
            "claimed by who works on it",
            "09:00 created / 10:00 engage / 11:00 claim",
            "unseen 60m, worked ana 420m",
        ),
        situation(
            "waiting, then a rule wakes it",
            "09:00 created / 09:00 claim / 09:00 engage / 10:00 wait reason=vendor / 12:00 resume by=automation",
            "idle ana 300m, worked ana 60m, waiting vendor 120m",
        ),
        situation(
            "waiting, then its owner goes on",
            "09:00 created / 09:00 claim / 10:00 wait reason=vendor / 12:00 resume",
            "idle ana 60m, worked ana 300m, waiting vendor 120m",
        ),
        situation(
            "waiting over the night",
            "09:00 created / 16:00 wait / 06T10:00 resume / 06T10:30 resolve",
            "unseen 420m, unclaimed 30m, waiting 120m, outside office 960m",
        ),
        situation("assigned from the beginning", "09:00 created owner=ana", "idle ana 480m"),
        situation(
            "what was taken back",
            "09:00 created / 10:00 claim id=x / 10:00 undo caused_by=x",
            "unseen 480m",
        ),
        situation("nothing counts at night", "03:00 created", "unseen 480m, outside office 360m"),
        situation(
            "a call that the owner logs is work",
            "09:00 created / 10:00 claim / 11:00 message direction=in channel=phone",
            "unseen 60m, idle ana 60m, worked ana 360m",
        ),
        situation(
            "who was waited for first",
            "09:00 created / 10:00 wait reason=vendor / 11:00 note / 12:00 wait reason=parts",
            "unseen 60m, waiting vendor 420m",
        ),
        situation(
            "created twice",
            "09:00 created / 10:00 note / 11:00 created / 12:00 note by=automation",
            "unseen 60m, unclaimed 420m",
        ),
        situation("seen before there was a ticket", "08:00 note / 09:00 created", "unseen 480m"),
    ],
)  # fmt: skip
def test_where_the_time_of_a_resolution_went(text: str, expected: str) -> None:
    found = apart(text)
    assert shares(found) == expected
    assert sum(share.seconds for share in found.shares) == found.wall_s


def test_what_nobody_in_particular_does_to_a_ticket_of_nobody_is_no_work() -> None:
    events = [event("09:00 created"), replace(event("10:00 note"), actor=None)]
    hands = course("T-1", events, EVERYONE).hands
    assert [(hand.part, hand.who) for hand in hands] == [(Part.UNSEEN, None), (Part.UNCLAIMED, None)]


def test_to_engage_without_the_skill_is_no_work() -> None:
    policies = team(ALL, settings='engage_skill = "network"')
    found = apart(
        "09:00 created / 10:00 engage / 11:00 engage skill=mail / 12:00 engage skill=network", policies=policies
    )
    assert shares(found) == "unseen 180m, worked ana 300m"


def test_a_response_does_not_wait_so_its_time_is_somebodys() -> None:
    """Rule 7: what the other clocks call waiting counts here, in the hands of whoever holds the ticket."""
    text = "09:00 created / 09:30 claim / 10:00 wait reason=customer / 12:00 resume / 13:00 respond"
    assert shares(apart(text, Bucket.RESPONSE)) == "unseen 30m, idle ana 150m, worked ana 60m"
    assert shares(apart(text)) == "unseen 30m, idle ana 30m, worked ana 300m, waiting customer 120m"


def test_a_reopened_ticket_was_resolved_for_a_while() -> None:
    """The first result is blind to it; total resolution leaves it out, the grace for thank-you mails included."""
    text = "09:00 created / 09:00 claim / 09:00 engage / 10:00 resolve / 12:00 reopen / 13:00 engage / 14:00 resolve"
    assert shares(apart(text, policies=GRACE)) == "worked ana 60m"
    total = apart(text, Bucket.TOTAL_RESOLUTION, GRACE)
    assert shares(total) == "idle ana 30m, worked ana 120m, ended 150m"


def test_a_clock_that_waits_is_taken_apart_up_to_now() -> None:
    found = apart("09:00 created / 10:00 wait reason=parts", now="12:00")
    assert shares(found) == "unseen 60m, waiting parts 120m"
    assert shares(apart("09:00 created", now="08:00")) == ""


def test_whose_a_ticket_was_is_known_also_where_its_calendar_has_come_to_its_end() -> None:
    """A calendar of single dates has no instant at which the target is used up; no board fails because of that."""
    text = '[calendar.once]\ntimezone = "UTC"\nhours = {}\ndays = { "2025-01-01" = ["09:00-10:00"] }\n'
    policies, problems = parse(f'{text}[[policy]]\nname = "All"\ntargets = {{ response = "1h" }}\n')
    assert policies is not None, problems
    hands = course("T-1", story("09:00 created / 10:00 claim / 11:00 respond / 12:00 resolve"), policies).hands
    assert [(hand.part, hand.who) for hand in hands[:3]] == [
        (Part.UNSEEN, None), (Part.IDLE, "ana"), (Part.WORKED, "ana")
    ]  # fmt: skip
    assert hands[-1].is_ended


def test_the_lines_fit_80_columns_and_add_up() -> None:
    """Counted parts with their percent of the target, the others below; hostile names cannot move the screen."""
    text = (
        "09:00 created / 09:30 claim actor=\x1b[2Jana / 10:00 engage actor=\x1b[2Jana / 14:00 wait reason=vendor"
        " / 15:00 resume / 09T16:30 resolve"
    )
    found = apart(text)
    told = lines(found)
    assert told[0] == "T-1  Resolution  missed: 38:30:00 of 16:00:00, 22:30:00 too much"
    assert "    unseen             0:30:00    3 %  nobody" in told
    assert "    waiting            1:00:00         vendor" in told
    assert "  = elapsed          103:30:00" in told
    assert "    outside hours     64:00:00         office" in told
    assert all(len(line) <= 80 and "\x1b" not in line for line in [*told, *spent(found)])
    assert "    beside      1:00:00 waiting (vendor)" in spent(found)


def test_what_is_a_hundred_times_the_target_keeps_its_column() -> None:
    """A percent of five digits would stand against the time before it."""
    told = lines(apart("09:00 created / 10:00 claim", Bucket.RESPONSE, now="31T09:00"))
    assert not [line for line in told if re.search(r":\d\d\d", line)]
    assert any(line.endswith(" x  ana") for line in told), told


def check(found: Autopsy, clock: Clock, policies: PolicySet, events: list[Event], now: int) -> None:
    """The parts are disjoint, whole, and what the engine counts."""
    calendar = policies.calendars[clock.calendar]
    assert sum(share.seconds for share in found.shares) == found.wall_s == found.end - found.begin
    assert all(share.seconds > 0 for share in found.shares)
    edges = [(s.begin, s.end) for s in found.stretches]
    assert [begin for begin, _ in edges] + [found.end] == [found.begin] + [end for _, end in edges]
    used = clock.elapsed_s
    if used is None and clock.left_s is not None:
        used = clock.target_s - clock.left_s
    elif used is None:
        waited = sum(calendar.elapsed_s(max(a, found.begin), min(b or now, now)) for a, b in clock.waits)
        used = calendar.elapsed_s(found.begin, found.end) - waited
    assert found.counted_s == used


@FEW
@given(world=teams(), events=histories(), later=st.integers(0, 600))
def test_the_parts_of_any_life_sum_to_its_wall_time(
    world: tuple[PolicySet, World], events: list[Event], later: int
) -> None:
    """To the second; what counts is what the engine counted; and who is idle held it then."""
    policies, now = world[0], min(END, max(event.at for event in events) + later)
    for clock in replay("T-1", events, policies).clocks():
        found = autopsy("T-1", clock, policies.calendars[clock.calendar], events, policies, now)
        check(found, clock, policies, events, now)
        for stretch in found.stretches:
            then = replay("T-1", [e for e in ordered(events, policies) if e.at <= stretch.begin], policies).standing
            if stretch.part is Part.IDLE:
                assert then.owner == stretch.who
            assert stretch.part not in (Part.UNSEEN, Part.UNCLAIMED) or then.owner is None
            assert stretch.part is not Part.WAITING or then.is_waiting or then.ended_at is not None


@pytest.mark.slow
@pytest.mark.parametrize(
    "text",
    [
        situation("active is a plan", LOG_POLICY),
        situation("active is work", LOG_POLICY.replace('Active = "plan"', 'Active = "resolve"')),
    ],
)
def test_every_late_clock_of_the_real_log_is_told_to_the_second(text: str) -> None:
    """Each breached clock of all 14,955 incidents."""
    policies, problems = parse(text)
    assert policies is not None, problems
    late = tickets = 0
    parts: set[Part] = set()
    for ticket, events in incidents().items():
        now = max(event.at for event in events)
        clocks = [clock for clock in replay(ticket, events, policies).clocks() if is_breached(clock, now)]
        for clock in clocks:
            found = autopsy(ticket, clock, policies.calendars[clock.calendar], events, policies, now)
            check(found, clock, policies, events, now)
            parts |= {share.part for share in found.shares}
        late += len(clocks)
        tickets += bool(clocks)
    assert (tickets, late) > (5_000, 8_000)
    assert parts == set(Part)
