"""An explanation that a customer can follow: each span, each change, each edge, and what did not count."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from slaboard.sla.clock import replay
from slaboard.sla.edges import instants
from slaboard.sla.explain import Explanation, Judgement, Version, explain
from slaboard.sla.policy import PolicySet, parse
from slaboard.sla.story import story
from slaboard.sla.wording import facts, lines
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage
from tests.sla.story import at

POLICY = """
reopen_grace = "30m"
[calendar.office]
timezone = "Europe/Berlin"
holidays = ["2026-01-07"]
days = { "2026-01-08" = ["09:00-12:00"] }
[calendar.office.hours]
mon = ["09:00-12:30", "13:30-17:00"]
tue = ["09:00-12:30", "13:30-17:00"]
wed = ["09:00-12:30", "13:30-17:00"]
thu = ["09:00-12:30", "13:30-17:00"]
fri = ["09:00-15:00"]
[calendar.night]
timezone = "Europe/Berlin"
hours = { sat = ["22:00-06:00"] }
[status]
Parked = "waiting"
[zones]
orange_floor = "20m"
[[policy]]
name = "Gold"
match = { customer = ["Contoso"] }
calendar = "24x7"
targets = { response = "15m", resplan = "1h", resolution = "4h" }
[[policy]]
name = "Night"
match = { customer = ["Owl"] }
calendar = "night"
targets = { resolution = "8h" }
[[policy]]
name = "Everyone"
calendar = "office"
engage_skill = "network"
update_mode = "keep_informed"
targets = { response = "1h", resplan = "4h", resolution = "16h", update = "4h" }
"""


@pytest.fixture(scope="module")
def policies() -> PolicySet:
    """An office with a lunch break, a holiday and a short day; a night over a Sunday; a promise around the clock."""
    found, problems = parse(POLICY)
    assert found is not None, problems
    return found


CREATED = Event(ticket="A-1", at=at("08:30"), kind=Kind.CREATED, actor="cay", actor_kind=ActorKind.CUSTOMER)


def happened(time: str, kind: Kind, **more: object) -> Event:
    return Event(**{"ticket": "A-1", "at": at(time), "kind": kind, "actor": "ana", **more})  # type: ignore[arg-type]


def told(policies: PolicySet, bucket: Bucket, now: str, *events: Event, cycle: int = 0, **more: object) -> Explanation:
    history = list(events) if events and events[0].kind is Kind.CREATED else [CREATED, *events]
    known = replay("A-1", history, policies, 2).clocks()
    clock = next(clock for clock in known if (clock.bucket, clock.cycle) == (bucket, cycle))
    return explain(story("A-1", history, policies), clock, at(now), **more)  # type: ignore[arg-type]


def test_every_line_of_a_plain_promise(policies: PolicySet) -> None:
    """Over a lunch, a holiday and a short day, for a reader who lives elsewhere."""
    assert lines(told(policies, Bucket.RESOLUTION, "10:00"), "America/New_York") == [
        "A-1  Resolution  running, green",
        "  promised   16:00:00 by policy Everyone (version 2), calendar office",
        "  hours      mon-thu 09:00-12:30 13:30-17:00, fri 09:00-15:00 Europe/Berlin",
        "  times      Europe/Berlin, the calendar's zone; in brackets America/New_York, yours",
        "    closed   Wed 2026-01-07: holiday",
        "    hours    Thu 2026-01-08: 09:00-12:00",
        "  start      Mon 2026-01-05 09:30:00 +01:00 (Mon 03:30:00), creation of customer cay",
        "  + open     Mon 2026-01-05 09:30:00 +01:00 to 12:30:00            3:00:00  sum 3:00:00",
        "  + open     Mon 2026-01-05 13:30:00 +01:00 to 17:00:00            3:30:00  sum 6:30:00",
        "  + open     Tue 2026-01-06 09:00:00 +01:00 to 12:30:00            3:30:00  sum 10:00:00",
        "  + open     Tue 2026-01-06 13:30:00 +01:00 to 17:00:00            3:30:00  sum 13:30:00",
        "  + open     Thu 2026-01-08 09:00:00 +01:00 to 11:30:00            2:30:00  sum 16:00:00",
        "  = due      Thu 2026-01-08 11:30:00 +01:00 (Thu 05:30:00)",
        "    yellow   Tue 2026-01-06 10:30:00 +01:00 (Tue 04:30:00), 8:00:00 used: 50 %",
        "    orange   Tue 2026-01-06 15:30:00 +01:00 (Tue 09:30:00), 12:00:00 used: 75 %",
        "    red      Thu 2026-01-08 11:30:01 +01:00 (Thu 05:30:01), first open second past due",
        "  now        Mon 2026-01-05 11:00:00 +01:00 (Mon 05:00:00): 1:30:00 used, 14:30:00 left",
    ]


def test_a_reader_whose_clock_shows_the_same_has_no_brackets(policies: PolicySet) -> None:
    text = "\n".join(lines(told(policies, Bucket.RESOLUTION, "10:00"), "Europe/Paris"))
    assert "  times      Europe/Berlin, the calendar's zone\n" in text
    assert "yours" not in text


def test_after_another_clock_of_the_same_calendar_its_hours_are_not_told_again(policies: PolicySet) -> None:
    first = told(policies, Bucket.RESOLUTION, "10:00")
    again = lines(told(policies, Bucket.RESPLAN, "10:00"), after=first)
    assert [line[2:8] for line in again[1:3]] == ["promis", "start "]


def test_a_floor_that_wins_is_told_with_what_is_left(policies: PolicySet) -> None:
    """20 minutes left of an hour come before three quarters of it; yellow keeps its share."""
    found = told(policies, Bucket.RESPONSE, "08:31")
    assert [(edge.by, edge.used_s) for edge in found.edges] == [("share", 1800), ("floor", 2400), ("due", 3601)]
    assert "    orange   Mon 2026-01-05 10:10:00 +01:00, 0:40:00 used: 0:20:00 left" in lines(found)


def test_a_yellow_that_would_come_after_orange_begins_with_it(policies: PolicySet) -> None:
    """A quarter of an hour with a floor of 20 minutes is orange at once, so it is never yellow."""
    found = told(policies, Bucket.RESPONSE, "08:30", replace(CREATED, customer="Contoso"))
    assert [(edge.by, edge.used_s) for edge in found.edges] == [("orange", 0), ("floor", 0), ("due", 901)]


def test_the_zones_of_a_stopped_clock_are_told_as_they_would_have_begun(policies: PolicySet) -> None:
    """With the waits that it has had; the zone it stopped in follows from them."""
    events = [
        happened("09:00", Kind.STATUS, stage=Stage.WAITING), happened("10:00", Kind.STATUS, stage=Stage.PLAN),
        happened("11:00", Kind.RESOLVE),
    ]  # fmt: skip
    found = told(policies, Bucket.RESOLUTION, "12:00", *events)
    calendar, marks = policies.calendars["office"], policies.policies[-1].zones.of(16 * 3600)
    ats = instants(calendar, CREATED.at, found.clock.waits, marks)
    assert tuple(edge.at for edge in found.edges) == ats[1:]


def test_what_stopped_a_clock_is_named(policies: PolicySet) -> None:
    """An answer, an end that skips, and a call that somebody else made: inbound, and a response all the same."""
    call = happened("08:40", Kind.MESSAGE, direction=Direction.IN, channel="phone", actor="ben")
    answered = lines(told(policies, Bucket.RESPONSE, "12:00", call))
    assert "  stopped    Mon 2026-01-05 09:40:00 +01:00 by call of ben" in answered
    assert "  judged     met: 0:10:00 used of 1:00:00, under version 2" in answered
    assert answered[-1].endswith("by ben: a response, a human spoke with the customer")
    skipped = lines(told(policies, Bucket.RESPLAN, "12:00", happened("11:00", Kind.RESOLVE)))
    assert any(line.endswith("by resolution of ana, which ended the ticket") for line in skipped)


def test_a_reopened_ticket_tells_waits_resolution_and_grace_apart(policies: PolicySet) -> None:
    """None of it counts: an hour and a half waited, then resolved over night, then half an hour for a thank-you."""
    events = [
        happened("10:30", Kind.STATUS, status="Parked"), happened("13:00", Kind.RESOLVE),
        happened("06T09:30", Kind.REOPEN),
    ]  # fmt: skip
    found = told(policies, Bucket.TOTAL_RESOLUTION, "06T14:00", *events)
    stretches = [(step.kind, step.seconds, step.note) for step in found.steps if step.kind != "open"]
    assert stretches == [("wait", 5400, "(Parked)"), ("resolved", 16_200, ""), ("grace", 1800, "")]
    assert found.counted == found.clock.target_s
    text = "\n".join(lines(found))
    assert text.startswith("A-1  Total resolution  running")
    assert "    grace    Tue 2026-01-06 10:30:00 +01:00 to 11:00:00            0:30:00" in text


def test_resolved_again_within_the_grace_it_is_resolved(policies: PolicySet) -> None:
    events = [
        happened("10:00", Kind.RESOLVE), happened("12:30", Kind.REOPEN), happened("12:40", Kind.RESOLVE),
        happened("14:00", Kind.REOPEN),
    ]  # fmt: skip
    found = told(policies, Bucket.TOTAL_RESOLUTION, "15:00", *events, cycle=1)
    kinds = [(step.kind, step.begin, step.end) for step in found.steps if step.kind != "open"]
    assert kinds == [
        ("resolved", at("10:00"), at("12:30")), ("grace", at("12:30"), at("12:40")),
        ("resolved", at("12:40"), at("14:00")), ("grace", at("14:00"), at("14:30")),
    ]  # fmt: skip


def test_a_clock_that_waits_says_since_when_and_for_whom(policies: PolicySet) -> None:
    found = told(policies, Bucket.RESPLAN, "12:00", happened("09:00", Kind.STATUS, status="Parked", reason="vendor"))
    text = lines(found)
    assert "  = used     0:30:00" in text
    assert "    waits    since Mon 2026-01-05 10:00:00 +01:00 for vendor" in text
    assert "    yellow   2:00:00 used: 50 %" in text
    assert text[-1].endswith("0:30:00 used, 3:30:00 left")


def test_a_retarget_says_what_was_promised_before_and_after(policies: PolicySet) -> None:
    """Only while this clock ran: a later cycle of Update never had the first promise."""
    to_gold = happened("09:30", Kind.CUSTOMER, customer="Contoso")
    [line] = [one for one in lines(told(policies, Bucket.RESOLUTION, "10:00", to_gold)) if "changed" in one]
    assert line == (
        "    changed  Mon 2026-01-05 09:30:00 +00:00: customer Contoso: "
        "16:00:00 by Everyone (office), from then on 4:00:00 by Gold (24x7)"
    )
    back = happened("09:40", Kind.CUSTOMER, customer="Acme")
    answer = happened("09:50", Kind.MESSAGE, direction=Direction.OUT)
    assert told(policies, Bucket.UPDATE, "10:00", to_gold, back, answer, cycle=1).retargets == ()


def test_a_new_version_of_the_policy_is_a_retarget_of_what_runs(policies: PolicySet) -> None:
    """With whose it was; of what had stopped before it is none."""
    old, _ = parse(POLICY.replace('resolution = "16h"', 'resolution = "8h"'))
    assert old is not None
    versions = [Version(1, "ana", at("08:00"), old), Version(2, "ben", at("09:00"), policies)]
    found = told(policies, Bucket.RESOLUTION, "10:00", versions=versions, version=versions[1])
    [change] = found.retargets
    assert (change.what, change.before.target_s, change.after.target_s) == ("policy version 2 of ben", 28_800, 57_600)
    assert "  version    2, applied Mon 2026-01-05 10:00:00 +01:00 by ben" in lines(found)
    ended = told(policies, Bucket.RESOLUTION, "10:00", happened("08:50", Kind.RESOLVE), versions=versions)
    assert ended.retargets == ()


def test_what_was_judged_before_is_told_with_why_it_does_not_stand(policies: PolicySet) -> None:
    before = Judgement(1, False, 7200, 3600, at("10:30"), "rejudged")
    found = told(policies, Bucket.RESOLUTION, "12:00", happened("11:00", Kind.RESOLVE), before=[before])
    assert (
        "    before   missed: 2:00:00 used of 1:00:00, under version 1; stopped Mon 2026-01-05 11:30:00 +01:00; "
        "judged anew: rejudged"
    ) in lines(found)


def test_events_that_did_not_count_are_told_with_why(policies: PolicySet) -> None:
    """An answer taken back, and an engage without the skill; each only under the clocks that it would have moved."""
    events = [
        happened("08:40", Kind.MESSAGE, direction=Direction.OUT, id="m"), happened("08:50", Kind.UNDO, caused_by="m"),
        happened("09:00", Kind.ENGAGE),
    ]  # fmt: skip
    response, resplan = (told(policies, bucket, "10:00", *events) for bucket in (Bucket.RESPONSE, Bucket.RESPLAN))
    assert lines(response)[-1] == "  left out   Mon 2026-01-05 09:40:00 +01:00 message of ana: it was taken back"
    assert [why for _, why in resplan.left_out] == ["the policy asks for somebody with the skill network"]


@pytest.mark.parametrize(
    ("opened", "said"),
    [(1_774_728_000, "the clocks go forward 1:00:00"), (1_792_868_400, "the clocks go back 1:00:00")],
    ids=["2026-03-28T20:00Z", "2026-10-24T19:00Z"],
)
def test_a_night_over_a_change_of_the_clocks_says_so(policies: PolicySet, opened: int, said: str) -> None:
    """A shift of 22 to 6 is then seven or nine hours long, which nobody can guess from its ends."""
    created = Event(ticket="A-1", at=opened, kind=Kind.CREATED, customer="Owl")
    clock = replay("A-1", [created], policies).clocks()[0]
    found = lines(explain(story("A-1", [created], policies), clock, opened))
    assert next(line.endswith(said) for line in found if "+ open" in line)


def test_the_facts_name_what_the_words_do(policies: PolicySet) -> None:
    """Closed hours are called so; who started and stopped it, each edge with its rule, each day with its reason."""
    known = facts(told(policies, Bucket.RESPONSE, "20:00", happened("08:40", Kind.MESSAGE, direction=Direction.OUT)))
    assert known["stopped_by"] == {"kind": "message", "actor": "ana", "actor_kind": "human", "at": at("08:40")}
    open_ = facts(told(policies, Bucket.RESOLUTION, "20:00"))
    assert (open_["state"], open_["elapsed_s"]) == ("closed_hours", 23_400)
    assert open_["days"] == [
        {"date": "2026-01-07", "hours": "closed", "why": "holiday"},
        {"date": "2026-01-08", "hours": "09:00-12:00", "why": "other hours"},
    ]
    assert known.keys() == open_.keys()


def test_the_page_shows_what_is_told() -> None:
    """The example of docs/explain.md, from its own policy and history."""
    text = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
    office = POLICY.replace('holidays = ["2026-01-07"]\ndays = { "2026-01-08" = ["09:00-12:00"] }', HOLIDAY)
    named = office.replace('name = "Gold"\nmatch = { customer = ["Contoso"] }\ncalendar = "24x7"', URGENT)
    policies, problems = parse(named.replace('resolution = "4h"', 'resolution = "8h"'))
    assert policies is not None, problems
    history = [
        Event(**{**CREATED_T7, "kind": Kind.CREATED, "priority": "P1"}),  # type: ignore[arg-type]
        happened("06T10:00", Kind.PRIORITY, priority="P2", ticket="T-7"),
        happened("06T11:30", Kind.STATUS, stage=Stage.WAITING, reason="customer", ticket="T-7"),
        happened("06T14:00", Kind.STATUS, stage=Stage.RESPOND, ticket="T-7"),
    ]
    clock = next(c for c in replay("T-7", history, policies, 2).clocks() if c.bucket is Bucket.RESOLUTION)
    version = Version(2, "ana", at("08:00"), policies)
    found = explain(story("T-7", history, policies), clock, at("09T09:00"), version=version)
    assert text.split("```text\n")[1].split("```")[0].splitlines() == lines(found, "America/New_York")


def test_the_page_names_every_key_of_the_facts(policies: PolicySet) -> None:
    text = (Path(__file__).parents[2] / "docs" / "explain.md").read_text(encoding="utf-8")
    answer = happened("08:40", Kind.MESSAGE, direction=Direction.OUT)
    assert [key for key in facts(told(policies, Bucket.RESPONSE, "20:00", answer)) if f"`{key}`" not in text] == []


HOLIDAY = 'holidays = ["2026-01-07"]'
URGENT = 'name = "Urgent"\nmatch = { priority = ["P1"] }\ncalendar = "office"'
CREATED_T7 = {"ticket": "T-7", "at": at("06T09:00"), "actor": "cay", "actor_kind": ActorKind.CUSTOMER}
