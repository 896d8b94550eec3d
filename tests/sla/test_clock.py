"""Replay, rule by rule: what happened to a ticket, and what its clocks then say. The rules: docs/semantics.md."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.connectors.ndjson import Ndjson
from slaboard.sla.clock import Replay, replay
from slaboard.sla.edges import left_s, state_at
from slaboard.sla.policy import PolicySet, parse
from slaboard.ticket import Bucket, ClockState, Kind, Stage, Zone
from tests.sla.story import (
    ALL,
    EVERYONE,
    PAUSING,
    after,
    after_events,
    at,
    clock_time,
    clocks,
    event,
    situation,
    story,
    team,
    the,
    told,
)

BY_STATUS = team(ALL, settings="response_by_status = true")
UPDATE = team('targets = { update = "4h" }')
INFORMED = team('targets = { update = "4h" }', settings='update_mode = "keep_informed"')

# --- the example of the specification ---------------------------------------------------------------------------

A_1 = b"""\
{"ticket":"A-1","at":"2026-01-05T09:00:00Z","kind":"created","title":"VPN down","customer":"Contoso",\
"priority":"P2","status":"New","actor":"mail","actor_kind":"customer"}
{"ticket":"A-1","at":"2026-01-05T09:04:00Z","kind":"message","direction":"out","channel":"email","actor":"autoreply","actor_kind":"automation"}
{"ticket":"A-1","at":"2026-01-05T09:20:00Z","kind":"message","direction":"out","channel":"email","actor":"ana","actor_kind":"human"}
{"ticket":"A-1","at":"2026-01-05T09:30:00Z","kind":"claim","actor":"ana"}
{"ticket":"A-1","at":"2026-01-05T09:40:00Z","kind":"engage","actor":"ana"}
{"ticket":"A-1","at":"2026-01-05T10:00:00Z","kind":"status","status":"Awaiting User Info",\
"reason":"customer","actor":"ana"}
{"ticket":"A-1","at":"2026-01-05T11:00:00Z","kind":"status","status":"Active","actor":"ana"}
{"ticket":"A-1","at":"2026-01-05T11:30:00Z","kind":"priority","priority":"P1","actor":"ana"}
{"ticket":"A-1","at":"2026-01-05T12:00:00Z","kind":"resolve","actor":"ana"}
"""
A_1_POLICY = """
[calendar.office]
timezone = "Europe/Berlin"
hours.mon = ["09:00-12:30", "13:30-17:00"]
hours.tue = ["09:00-17:00"]
hours.wed = ["09:00-17:00"]
hours.thu = ["09:00-17:00"]
hours.fri = ["09:00-15:00"]
[calendar.always]
hours = "24x7"
[status]
"New" = "respond"
"Active" = "plan"
"Awaiting User Info" = "waiting"
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


def a_1(until: str) -> Replay:
    """Ticket A-1 of SEMANTICS as it stood at a time of the day."""
    events = [event for parsed in Ndjson().read(A_1.splitlines(keepends=True)) for event in parsed.events]
    policies, problems = parse(A_1_POLICY)
    assert policies is not None, problems
    assert len(events) == 9
    return replay("A-1", [event for event in events if event.at <= at(until)], policies)


def test_the_ticket_of_the_specification_at_half_past_eleven() -> None:
    fold, now = a_1("11:30"), at("11:30")
    ticket = fold.standing
    assert (ticket.title, ticket.customer, ticket.priority) == ("VPN down", "Contoso", "P1")
    assert (ticket.status, ticket.stage, ticket.owner) == ("Active", Stage.RESOLVE, "ana")
    assert (ticket.opened_at, fold.policy_name()) == (at("09:00"), "Gold P1")

    place = fold.place(fold.clocks())
    assert place is not None
    assert (place.bucket, place.state, place.target_s) == (Bucket.RESOLUTION, ClockState.RUNNING, 14_400)
    assert (place.due_at, place.red_at, place.zone(now)) == (at("14:00"), at("14:00:01"), Zone.GREEN)
    assert left_s(place, fold.policies.calendars["always"], now) == 9000
    assert (place.met, place.policy) == (None, "Gold P1")

    response = the(fold, Bucket.RESPONSE)
    assert (response.state, response.target_s, response.elapsed_s) == (ClockState.MET, 3600, 1200)
    assert (response.stopped_at, response.met, response.skipped) == (at("09:20"), True, False)
    assert (response.policy, response.zone(now)) == ("Everyone", Zone.GREEN)
    assert told(the(fold, Bucket.RESPLAN)) == "met 40m"


def test_the_ticket_of_the_specification_at_its_end() -> None:
    assert clocks(a_1("12:00")) == {"response": "met 20m", "resplan": "met 40m", "resolution": "met 120m"}


# --- 1: origin --------------------------------------------------------------------------------------------------


def test_all_targets_count_from_the_creation() -> None:
    assert clocks(after("09:00 created")) == {
        "response": "running due 10:00",
        "resplan": "running due 13:00",
        "resolution": "running due 06T17:00",
    }


def test_a_late_response_buys_no_time() -> None:
    fold = after("09:00 created / 12:30 respond")
    assert clocks(fold) == {
        "response": "missed 210m",
        "resplan": "running due 13:00",
        "resolution": "running due 06T17:00",
    }


# --- 2: one place in the grid -----------------------------------------------------------------------------------

NO_PLAN = team('targets = { response = "1h", resolution = "16h" }')
ONLY_RESPONSE = team('targets = { response = "1h" }')


@pytest.mark.parametrize(
    ("policies", "text", "bucket"),
    [
        situation("new", EVERYONE, "09:00 created", Bucket.RESPONSE),
        situation("answered", EVERYONE, "09:00 created / 09:10 respond", Bucket.RESPLAN),
        situation("engaged", EVERYONE, "09:00 created / 09:10 engage", Bucket.RESOLUTION),
        situation("plan is not promised: the next", NO_PLAN, "09:00 created / 09:10 respond", Bucket.RESOLUTION),
        situation(
            "never an earlier one, though it runs", ONLY_RESPONSE, "09:00 created / 09:10 status status=Active", None
        ),
        situation("only the update is promised", UPDATE, "09:00 created by=customer", None),
        situation("waiting, before an answer", EVERYONE, "09:00 created / 09:10 wait", Bucket.RESPONSE),
        situation(
            "waiting, where it will return to", EVERYONE, "09:00 created / 09:10 respond / 09:20 wait", Bucket.RESPLAN
        ),
        situation("resolved", EVERYONE, "09:00 created / 09:10 resolve", None),
        situation(
            "reopened", EVERYONE, "09:00 created / 09:10 resolve / 09:30 reopen", Bucket.TOTAL_RESOLUTION
        ),
    ],
)  # fmt: skip
def test_an_open_ticket_counts_in_one_place(policies: PolicySet, text: str, bucket: Bucket | None) -> None:
    fold = after(text, policies)
    place = fold.place(fold.clocks())
    assert (None if place is None else place.bucket) is bucket


# --- 3: late means strictly later -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "result", "zone"),
    [
        situation("a second before", "09:59:59", "met 59m59s", Zone.ORANGE),
        situation("at the very target", "10:00", "met 60m", Zone.ORANGE),
        situation("a second after", "10:00:01", "missed 60m1s", Zone.RED),
    ],
)
def test_met_up_to_the_target(time: str, result: str, zone: Zone) -> None:
    response = the(after(f"09:00 created / {time} respond"), Bucket.RESPONSE)
    assert (told(response), response.zone(at(time))) == (result, zone)


@pytest.mark.parametrize(
    ("time", "zone"),
    [
        ("09:00", Zone.GREEN),
        ("09:29:59", Zone.GREEN),
        ("09:30", Zone.YELLOW),
        ("09:44:59", Zone.YELLOW),
        ("09:45", Zone.ORANGE),
        ("10:00", Zone.ORANGE),
        ("10:00:01", Zone.RED),
    ],
)
def test_a_running_clock_turns_at_its_edges(time: str, zone: Zone) -> None:
    assert the(after("09:00 created"), Bucket.RESPONSE).zone(at(time)) is zone


# --- 4: zones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "zones", "edges"),
    [
        situation("shares of their own", "100m", "yellow = 0.2, orange = 0.6", "09:20 10:00 10:40:01"),
        situation("rounded up to a whole second", "7s", "", "09:00:04 09:00:06 09:00:08"),
        situation("a floor that is earlier wins", "15m", 'orange_floor = "10m"', "09:05 09:05 09:15:01"),
        situation("a floor that is later does not", "4h", 'orange_floor = "10m"', "11:00 12:00 13:00:01"),
        situation("a floor for each", "15m", 'yellow_floor = "10m", orange_floor = "5m"', "09:05 09:10 09:15:01"),
        situation("a floor longer than the target", "15m", 'yellow_floor = "1h"', "09:00 09:11:15 09:15:01"),
        situation("no yellow at all", "1h", "yellow = 0.75", "09:45 09:45 10:00:01"),
        situation("orange only at the target", "1h", "yellow = 1, orange = 1", "10:00 10:00 10:00:01"),
        situation("a target of 0", "0s", "", "09:00 09:00 09:00:01"),
    ],
)
def test_edges(target: str, zones: str, edges: str) -> None:
    policies = team(f'targets = {{ response = "{target}" }}\nzones = {{ {zones} }}')
    clock = the(after("09:00 created", policies), Bucket.RESPONSE)
    assert [clock.yellow_at, clock.orange_at, clock.red_at] == [at(edge) for edge in edges.split()]


# --- 20: the edges of the hours ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("created", "target", "due", "red"),
    [
        situation("over the weekend", "09T16:30", "1h", "12T09:30", "12T09:30:01"),
        situation("an exact fit is the closing time", "09T16:00", "1h", "09T17:00", "12T09:00:01"),
        situation("late in the closing second", "09T16:00", "59m59s", "09T16:59:59", "09T17:00"),
        situation("created at closing time", "09T17:00", "1h", "12T10:00", "12T10:00:01"),
        situation("a target of 0 while open", "09T16:00", "0s", "09T16:00", "09T16:00:01"),
        situation("a target of 0 while closed", "09T18:00", "0s", "12T09:00", "12T09:00:01"),
        situation("a target of 0 at closing time", "09T17:00", "0s", "12T09:00", "12T09:00:01"),
    ],
)
def test_due_and_red(created: str, target: str, due: str, red: str) -> None:
    policies = team(f'targets = {{ response = "{target}" }}')
    clock = the(after(f"{created} created", policies), Bucket.RESPONSE)
    assert (clock_time(clock.due_at), clock_time(clock.red_at)) == (due, red)


@pytest.mark.parametrize(
    ("answered", "result"),
    [
        situation("at closing time", "09T17:00", "met 60m"),
        situation("in the night after", "10T03:00", "met 60m"),
        situation("at the next opening", "12T09:00", "met 60m"),
        situation("a second later", "12T09:00:01", "missed 60m1s"),
    ],
)
def test_an_answer_after_an_exact_fit(answered: str, result: str) -> None:
    assert told(the(after(f"09T16:00 created / {answered} respond"), Bucket.RESPONSE)) == result


def test_an_answer_before_the_first_opening_took_no_time() -> None:
    assert told(the(after("05T07:00 created / 05T08:30 respond"), Bucket.RESPONSE)) == "met 0m"


def test_a_target_of_0_is_missed_a_second_after_the_opening() -> None:
    policies = team('targets = { response = "0s" }')
    assert clocks(after("04T12:00 created / 05T09:00 respond", policies)) == {"response": "met 0m"}
    assert clocks(after("04T12:00 created / 05T09:00:01 respond", policies)) == {"response": "missed 0m1s"}


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        situation("running", "", Zone.GREEN),
        situation("waiting", "/ 04T13:00 wait", Zone.GREEN),
        situation("stopped", "/ 04T13:00 respond", Zone.GREEN),
        situation("stopped while waiting", "/ 04T13:00 wait / 09:30 respond", Zone.GREEN),
        situation("stopped when it had begun", "/ 09:00 respond", Zone.YELLOW),
    ],
)
def test_what_begins_with_the_first_open_instant_is_green_before_it(text: str, zone: Zone) -> None:
    settings = "response_pauses = true"
    policies = team('targets = { response = "10m" }\nzones = { yellow_floor = "10m" }', settings=settings)
    assert the(after(f"04T12:00 created {text}", policies), Bucket.RESPONSE).zone(at("04T13:00")) is zone


# --- 6, 12: waiting ---------------------------------------------------------------------------------------------

FOUR_HOURS = team('targets = { resolution = "4h" }')


@pytest.mark.parametrize(
    ("text", "resolution"),
    [
        situation("moves the due by the wait", "10:00 wait / 11:00 resume", "running due 14:00"),
        situation("several waits", "10:00 wait / 10:30 resume / 11:00 wait / 11:15 resume", "running due 13:45"),
        situation("only its business time", "12:00 wait / 06T10:00 resume", "running due 06T11:00"),
        situation("outside the hours is 0", "17:00 wait / 06T08:00 resume", "running due 13:00"),
        situation("of no length", "10:00 wait / 10:00 resume", "running due 13:00"),
        situation("twice is once", "10:00 wait / 10:30 wait / 11:00 resume", "running due 14:00"),
        situation("ended twice is once", "10:00 wait / 11:00 resume / 11:30 resume", "running due 14:00"),
        situation("begun at the due instant", "13:00 wait / 14:00 resume", "running due 13:00"),
        situation("from the creation on", "09:00 wait / 10:00 resume", "running due 14:00"),
        situation("ended by engaging", "10:00 wait / 11:00 engage", "running due 14:00"),
        situation("ended by resolving", "10:00 wait / 12:00 resolve", "met 60m"),
        situation("while late", "14:00 wait", "waiting red -60m left"),
        situation(
            "an unmapped word does not end it", "10:00 wait / 11:00 status status=Huh", "waiting green 180m left"
        ),
        situation("nor do messages", "10:00 wait / 11:00 asks / 11:30 respond", "waiting green 180m left"),
    ],
)
def test_waiting(text: str, resolution: str) -> None:
    assert clocks(after(f"09:00 created / {text}", FOUR_HOURS)) == {"resolution": resolution}


def test_waiting_outside_the_hours_moves_nothing() -> None:
    fold = after("14:00 created / 18:00 wait / 06T08:00 resume", FOUR_HOURS)
    assert clocks(fold) == {"resolution": "running due 06T10:00"}


def test_a_wait_after_an_exact_fit_moves_nothing() -> None:
    fold = after("13:00 created / 17:00 wait / 06T10:00 resume", FOUR_HOURS)
    clock = the(fold, Bucket.RESOLUTION)
    assert (clock_time(clock.due_at), clock_time(clock.red_at)) == ("17:00", "06T10:00:01")


def test_a_wait_over_the_night_as_the_specification_has_it() -> None:
    """4 h from 15:00 on 8-17 with a hold from 16:00 to 09:00 next day is 12:00 next day."""
    policies = team('calendar = "early"\ntargets = { resolution = "4h" }')
    fold = after("15:00 created / 16:00 wait / 06T09:00 resume", policies)
    assert clocks(fold) == {"resolution": "running due 06T12:00"}


def test_a_waiting_clock_keeps_its_colour_and_its_rest_and_has_no_edges() -> None:
    clock = the(after("09:00 created / 11:30 wait", FOUR_HOURS), Bucket.RESOLUTION)
    assert (clock.due_at, clock.yellow_at, clock.orange_at, clock.red_at) == (None, None, None, None)
    assert (clock.zone(at("11:30")), clock.zone(at("30T12:00"))) == (Zone.YELLOW, Zone.YELLOW)
    assert left_s(clock, FOUR_HOURS.calendars["office"], at("30T12:00")) == 90 * 60


def test_over_closed_hours_the_edges_stay() -> None:
    clock, office = the(after("16:00 created", FOUR_HOURS), Bucket.RESOLUTION), FOUR_HOURS.calendars["office"]
    states = [state_at(clock, office, at(time)) for time in ("16:59:59", "17:00", "06T09:00")]
    assert states == [ClockState.RUNNING, ClockState.CLOSED_HOURS, ClockState.RUNNING]
    assert (clock_time(clock.yellow_at), clock_time(clock.due_at)) == ("06T10:00", "06T12:00")
    assert left_s(clock, office, at("20:00")) == left_s(clock, office, at("17:00")) == 3 * 3600


def test_the_waiting_intervals_are_kept_and_a_change_of_calendar_recounts_them() -> None:
    """08:30 to 09:30 is half an hour of the office, and an hour of those who open at 8."""
    early = 'match.priority = "P1"\ncalendar = "early"\ntargets = { resolution = "4h" }'
    policies = team(early, 'targets = { resolution = "4h" }')
    waited = "16:00 created priority=P2 / 06T08:30 wait / 06T09:30 resume"
    before = the(after(waited, policies), Bucket.RESOLUTION)
    changed = the(after(f"{waited} / 06T10:00 priority priority=P1", policies), Bucket.RESOLUTION)
    assert before.waits == changed.waits == ((at("06T08:30"), at("06T09:30")),)
    assert (clock_time(before.due_at), clock_time(changed.due_at)) == ("06T12:30", "06T12:00")


# --- 7: the response clock does not pause -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "waiting", "resumed"),
    [
        situation("by itself", EVERYONE, "running due 10:00", "running due 10:00"),
        situation("where the policy says so", PAUSING, "waiting green 50m left", "running due 10:20"),
    ],
)
def test_the_response_clock_while_the_ticket_waits(policies: PolicySet, waiting: str, resumed: str) -> None:
    text = "09:00 created / 09:10 wait"
    assert clocks(after(text, policies))["response"] == waiting
    assert clocks(after(f"{text} / 09:30 resume", policies))["response"] == resumed


# --- 8: what is a response --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        situation("a message to the customer", "message direction=out"),
        situation("a call to the customer", "message direction=out channel=phone"),
        situation("a call from the customer, logged by a human", "message direction=in channel=Phone"),
    ],
)
def test_a_response(text: str) -> None:
    fold = after(f"09:00 created / 09:20 {text}")
    assert clocks(fold)["response"] == "met 20m"
    assert fold.standing.stage is Stage.PLAN


@pytest.mark.parametrize(
    "text",
    [
        situation("a claim", "claim"),
        situation("an internal note", "note"),
        situation("an automatic reply", "autoreply"),
        situation("an automatic call", "message direction=out channel=phone by=automation"),
        situation("a message from the customer", "asks"),
        situation("a message that came in, from nobody in particular", "message direction=in"),
        situation("a customer's call to a machine", "message direction=in channel=phone by=customer"),
        situation("a change of status", "status status=Active"),
        situation("engaging", "engage"),
        situation("a rating", "survey"),
    ],
)
def test_not_a_response(text: str) -> None:
    assert clocks(after(f"09:00 created / 09:20 {text}"))["response"] == "running due 10:00"


@pytest.mark.parametrize(
    "text",
    [
        situation("a human's act", "09:10 status status=Working id=s / 09:20 autoreply caused_by=s"),
        situation("a human's act, in the same instant", "09:20 autoreply caused_by=s / 09:20 wait id=s"),
        situation("whatever led to the human's act", "09:10 claim id=c caused_by=x / 09:20 autoreply caused_by=c"),
        situation("named by the store's number", "09:10 claim seq=7 / 09:20 autoreply caused_by=#7"),
        situation(
            "through a rule",
            "09:10 claim id=c / 09:10 note by=automation id=n caused_by=c / 09:20 autoreply caused_by=n",
        ),
    ],
)
def test_an_automatic_message_counts_for_the_human_act_behind_it(text: str) -> None:
    assert clocks(after(f"09:00 created / {text}"))["response"] == "met 20m"


@pytest.mark.parametrize(
    "text",
    [
        situation("nothing known", "09:20 autoreply caused_by=x"),
        situation("the creation, by a human", "09:20 autoreply caused_by=created"),
        situation("the customer's message", "09:10 asks id=m / 09:20 autoreply caused_by=m"),
        situation("a message that came in", "09:10 message direction=in id=m / 09:20 autoreply caused_by=m"),
        situation("a rating", "09:10 survey id=r / 09:20 autoreply caused_by=r"),
        situation("a customer's act", "09:10 status status=Working by=customer id=s / 09:20 autoreply caused_by=s"),
        situation(
            "a human's act, but it came in",
            "09:10 claim id=c / 09:20 message direction=in by=automation caused_by=c",
        ),
        situation("a rule", "09:10 note by=automation id=n / 09:20 autoreply caused_by=n"),
        situation("an act that comes later", "09:20 autoreply caused_by=c / 09:30 claim id=c"),
        situation("an act undone", "09:10 claim id=c / 09:11 undo caused_by=c / 09:20 autoreply caused_by=c"),
        situation("itself", "09:20 autoreply caused_by=a id=a"),
        situation("a circle", "09:10 note by=automation id=n caused_by=a / 09:20 autoreply caused_by=n id=a"),
    ],
)
def test_an_automatic_message_counts_for_nothing_else(text: str) -> None:
    assert clocks(after(f"09:00 created id=created / {text}"))["response"] == "running due 10:00"


def test_moving_on_without_an_answer_lets_the_response_run_on_beside_the_stage() -> None:
    fold = after("09:00 created / 09:20 status status=Working")
    assert fold.standing.stage is Stage.RESOLVE
    assert clocks(fold) == {
        "response": "running due 10:00",
        "resplan": "met 20m",
        "resolution": "running due 06T17:00",
    }


@pytest.mark.parametrize(
    ("text", "response"),
    [
        situation("to plan", "09:20 status status=Active", "met 20m by_status"),
        situation("to resolve", "09:20 status status=Working", "met 20m by_status"),
        situation("by engaging", "09:20 engage", "met 20m by_status"),
        situation("late", "10:20 status status=Active", "missed 80m by_status"),
        situation("to respond is no move", "09:20 status status=New", "running due 10:00"),
        situation("to waiting is no move", "09:20 status status=Awaiting", "running due 10:00"),
        situation("an answer before it is an answer", "09:10 respond / 09:20 status status=Active", "met 10m"),
    ],
)
def test_a_move_is_a_response_where_the_policy_says_so(text: str, response: str) -> None:
    assert clocks(after(f"09:00 created / {text}", BY_STATUS))["response"] == response


def test_a_move_counts_under_the_policy_of_its_instant() -> None:
    policies = team(f'match.priority = "P1"\nresponse_by_status = true\n{ALL}', ALL)
    fold = after("09:00 created / 09:20 status status=Active / 09:30 priority priority=P1", policies)
    fold.apply(event("09:40 status status=Active"))
    assert clocks(fold)["response"] == "running due 10:00", "it is where it was"
    fold.apply(event("09:50 status status=Working"))
    assert clocks(fold)["response"] == "met 50m by_status"


# --- 9: what stops Resplan --------------------------------------------------------------------------------------

SKILLED = team(ALL, settings='engage_skill = "Network"')


@pytest.mark.parametrize(
    ("policies", "text", "resplan"),
    [
        situation("engage", EVERYONE, "engage", "met 30m"),
        situation("a status mapped to a later stage", EVERYONE, "status status=Working", "met 30m"),
        situation("a claim does not", EVERYONE, "claim", "running due 13:00"),
        situation("a response does not", EVERYONE, "respond", "running due 13:00"),
        situation("nor a status mapped to plan", EVERYONE, "status status=Active", "running due 13:00"),
        situation("nor a status set by a rule", EVERYONE, "status status=Working by=automation", "running due 13:00"),
        situation("nor one set by the customer", EVERYONE, "status status=Working by=customer", "running due 13:00"),
        situation("engage with the skill", SKILLED, "engage skill=network", "met 30m"),
        situation("engage with several skills", SKILLED, "engage skill=mail,NETWORK", "met 30m"),
        situation("a status needs no skill", SKILLED, "status status=Working", "met 30m"),
    ],
)
def test_resplan(policies: PolicySet, text: str, resplan: str) -> None:
    assert clocks(after(f"09:00 created / 09:30 {text}", policies))["resplan"] == resplan


@pytest.mark.parametrize(
    ("policies", "before", "engage", "reason"),
    [
        situation("by a machine", EVERYONE, "09:00 created", "engage by=automation", "only a person"),
        situation("by the customer", EVERYONE, "09:00 created", "engage by=customer", "only a person"),
        situation(
            "while waiting, by a machine", EVERYONE, "09:00 created / 09:10 wait", "engage by=automation", "only"
        ),
        situation("when resolved", EVERYONE, "09:00 created / 09:20 resolve", "engage", "only with an open ticket"),
        situation("without the skill", SKILLED, "09:00 created", "engage skill=networking", "the skill Network"),
        situation("without any skill", SKILLED, "09:00 created", "engage", "the skill Network"),
    ],
)
def test_engaging_that_does_nothing_says_why(policies: PolicySet, before: str, engage: str, reason: str) -> None:
    fold, without = after(f"{before} / 09:30 {engage}", policies), after(before, policies)
    ((ignored, why),) = fold.ignored
    assert ignored.kind is Kind.ENGAGE
    assert reason in why
    assert (fold.standing.stage, fold.clocks()) == (without.standing.stage, without.clocks())


def test_after_a_rule_moved_the_ticket_the_next_human_status_stops_resplan() -> None:
    fold = after("09:00 created / 09:30 status status=Working by=automation")
    assert fold.standing.stage is Stage.RESOLVE
    fold.apply(event("10:00 status status=Working"))
    assert clocks(fold)["resplan"] == "met 60m"


# --- 10: skipped stages -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "text", "response", "resplan", "resolution"),
    [
        situation("by resolving", EVERYONE, "10:30 resolve", "missed 90m skipped", "met 90m skipped", "met 90m"),
        situation(
            "by a status word",
            EVERYONE,
            "10:30 status status=Resolved",
            "missed 90m skipped",
            "met 90m skipped",
            "met 90m",
        ),
        situation("by closing", EVERYONE, "10:30 close", "missed 90m skipped", "met 90m skipped", "met 90m"),
        situation(
            "New to Plan at 50, Resolved at 90, by status",
            BY_STATUS,
            "09:50 status status=Active / 10:30 resolve",
            "met 50m by_status",
            "met 90m skipped",
            "met 90m",
        ),
        situation(
            "Resolved is no move to plan or resolve",
            BY_STATUS,
            "09:50 status status=Resolved",
            "met 50m skipped",
            "met 50m skipped",
            "met 50m",
        ),
        situation(
            "nothing was skipped",
            EVERYONE,
            "09:10 respond / 09:20 engage / 10:30 resolve / 11:00 close",
            "met 10m",
            "met 20m",
            "met 90m",
        ),
        situation(
            "while it waits",
            PAUSING,
            "09:30 wait / 10:30 resolve",
            "met 30m skipped",
            "met 30m skipped",
            "met 30m",
        ),
        situation("in its first instant", EVERYONE, "09:00 resolve", "met 0m skipped", "met 0m skipped", "met 0m"),
    ],
)
def test_resolving_judges_every_bucket_that_still_runs(
    policies: PolicySet, text: str, response: str, resplan: str, resolution: str
) -> None:
    """New to Resolved at minute 90 gives 90/90/90."""
    results = {"response": response, "resplan": resplan, "resolution": resolution}
    assert clocks(after(f"09:00 created / {text}", policies)) == results


# --- 11: stages and owners --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "stage"),
    [
        situation("new", "note", Stage.RESPOND),
        situation("answered", "respond", Stage.PLAN),
        situation("engaged", "engage", Stage.RESOLVE),
        situation("a status word", "status status=Working", Stage.RESOLVE),
        situation("a stage said outright beats the word", "status status=Working stage=plan", Stage.PLAN),
        situation("a claim moves nothing", "claim", Stage.RESPOND),
        situation("a takeover moves nothing", "takeover", Stage.RESPOND),
        situation("a release moves nothing", "claim / 10:05 release", Stage.RESPOND),
        situation("never back by a status", "status status=Working / 10:05 status status=New", Stage.RESOLVE),
        situation("never back by an answer", "engage / 10:05 respond", Stage.RESOLVE),
        situation("waiting", "wait", Stage.WAITING),
        situation("waiting, then back", "wait / 10:05 status status=New", Stage.RESPOND),
        situation("waiting, then back to where it was", "engage / 10:05 wait / 10:10 resume", Stage.RESOLVE),
        situation("waiting, then further on", "wait / 10:05 status status=Active", Stage.PLAN),
        situation("answered while waiting", "wait / 10:05 respond", Stage.WAITING),
        situation("answered while waiting, then back", "wait / 10:05 respond / 10:10 resume", Stage.PLAN),
        situation("waiting, then engaged", "wait / 10:05 engage", Stage.RESOLVE),
        situation("resolved", "resolve", Stage.RESOLVED),
        situation("resolved, then closed", "resolve / 10:05 close", Stage.CLOSED),
        situation("closed, then resolved", "close / 10:05 resolve", Stage.CLOSED),
        situation("resolved, then answered", "resolve / 10:05 respond", Stage.RESOLVED),
        situation("resolved from waiting, then reopened", "wait / 10:05 resolve / 10:10 reopen", Stage.RESOLVE),
        situation("reopened", "resolve / 10:05 reopen", Stage.RESOLVE),
        situation("reopened by a status", "close / 10:05 status status=New", Stage.RESOLVE),
        situation("reopened into waiting", "close / 10:05 wait", Stage.WAITING),
        situation("reopening an open one does nothing", "reopen", Stage.RESPOND),
        situation("an unmapped word", "status status=Huh", Stage.RESPOND),
        situation("an unmapped word when engaged", "engage / 10:05 status status=Huh", Stage.RESOLVE),
        situation("an unmapped word when closed", "close / 10:05 status status=Huh", Stage.CLOSED),
    ],
)
def test_stages(text: str, stage: Stage) -> None:
    assert after(f"09:00 created / 10:00 {text}").standing.stage is stage


@pytest.mark.parametrize(
    ("status", "stage"),
    [("New", Stage.RESPOND), ("aCtIvE", Stage.PLAN), ("Huh", Stage.RESPOND), ("Awaiting", Stage.WAITING)],
)
def test_a_status_word_is_kept_as_it_came(status: str, stage: Stage) -> None:
    for text in (f"09:00 created status={status}", f"09:00 created / 09:10 status status={status}"):
        ticket = after(text).standing
        assert (ticket.status, ticket.stage) == (status, stage)


@pytest.mark.parametrize(
    ("text", "owner", "since"),
    [
        situation("nobody's", "note", None, None),
        situation("claimed", "claim actor=ana", "ana", "10:00"),
        situation("claimed for another", "claim actor=ana owner=ben", "ben", "10:00"),
        situation("taken over", "claim actor=ana / 10:05 takeover actor=ben", "ben", "10:05"),
        situation("released", "claim actor=ana / 10:05 release", None, None),
        situation("claimed while waiting", "wait / 10:05 claim actor=ben", "ben", "10:05"),
    ],
)
def test_owners(text: str, owner: str | None, since: str | None) -> None:
    ticket = after(f"09:00 created / 10:00 {text}").standing
    assert (ticket.owner, ticket.owned_at) == (owner, None if since is None else at(since))


def test_what_a_ticket_is_born_with() -> None:
    ticket = after("09:00 created title=Fire url=mailto:fire board=Network type=printer customer=Acme").standing
    assert (ticket.title, ticket.url, ticket.board, ticket.type) == ("Fire", "mailto:fire", "Network", "printer")
    assert after("09:00 created title=Fire / 09:10 title").standing.title == ""


def test_a_ticket_may_be_born_with_an_owner() -> None:
    ticket = after("09:00 created owner=ben").standing
    assert (ticket.owner, ticket.owned_at) == ("ben", at("09:00"))


# --- 13: reopen -------------------------------------------------------------------------------------------------

GRACE = team('targets = { resolution = "4h" }', settings='reopen_grace = "30m"')


@pytest.mark.parametrize(
    ("text", "resolution", "total"),
    [
        situation("without the resolved time", "10:00 resolve / 12:00 reopen", "met 60m", "running due 15:00"),
        situation("by a status word", "10:00 close / 12:00 status status=New", "met 60m", "running due 15:00"),
        situation(
            "resolved, then closed", "10:00 resolve / 11:00 close / 12:00 reopen", "met 60m", "running due 15:00"
        ),
        situation("over the night", "10:00 resolve / 06T08:00 reopen", "met 60m", "running due 06T12:00"),
        situation("resolved again", "10:00 resolve / 12:00 reopen / 13:00 resolve", "met 60m", "met 120m"),
        situation("still missed", "14:00 resolve / 15:00 reopen / 15:10 resolve", "missed 300m", "missed 310m"),
        situation("still met", "12:00 resolve / 13:00 reopen / 15:00 resolve", "met 180m", "missed 300m"),
        situation("waiting", "10:00 resolve / 11:00 reopen / 11:30 wait", "met 60m", "waiting green 150m left"),
        situation(
            "waits before and after it",
            "09:30 wait / 09:45 resume / 10:00 resolve / 11:00 reopen / 11:30 wait / 12:00 resume",
            "met 45m",
            "running due 14:45",
        ),
    ],
)
def test_reopening_freezes_the_first_result_and_counts_on_beside_it(text: str, resolution: str, total: str) -> None:
    fold = after(f"09:00 created / {text}", FOUR_HOURS)
    assert clocks(fold) == {"resolution": resolution, "total_resolution": total}


@pytest.mark.parametrize(
    ("text", "total"),
    [
        situation("running", "", "running due 15:30"),
        situation("a thank-you mail: resolved within it", "/ 12:10 resolve", "met 60m"),
        situation("resolved after it", "/ 13:00 resolve", "met 90m"),
        situation("a wait within it", "/ 12:10 wait / 12:20 resume", "running due 15:30"),
        situation("a wait over its end", "/ 12:10 wait / 13:00 resume", "running due 16:00"),
        situation("waiting since", "/ 12:10 wait", "waiting green 180m left"),
    ],
)
def test_the_grace_after_a_reopening_does_not_count(text: str, total: str) -> None:
    fold = after(f"09:00 created / 10:00 resolve / 12:00 reopen {text}", GRACE)
    assert clocks(fold) == {"resolution": "met 60m", "total_resolution": total}


def test_a_wait_within_the_grace_keeps_the_colour_from_before_it() -> None:
    """Yellow from the first second on, which the grace puts off to 10:00."""
    policies = team(
        'targets = { resolution = "10m" }\nzones = { yellow_floor = "10m" }', settings='reopen_grace = "30m"'
    )
    fold = after("09:00 created / 09:00 resolve / 09:30 reopen / 09:40 wait", policies)
    assert clocks(fold)["total_resolution"] == "waiting green 10m left"


def test_each_reopening_is_a_cycle_of_its_own() -> None:
    text = "09:00 created / 10:00 resolve / 11:00 reopen / 12:00 resolve / 14:00 reopen"
    results = {"resolution": "met 60m", "total_resolution": "met 120m", "total_resolution 2": "running due 16:00"}
    assert clocks(after(text, FOUR_HOURS)) == results


def test_graces_that_overlap_count_once() -> None:
    text = "09:00 created / 10:00 resolve / 12:00 reopen / 12:10 resolve / 12:20 reopen"
    assert clocks(after(text, GRACE))["total_resolution 2"] == "running due 15:50"


def test_response_and_resplan_are_not_opened_again() -> None:
    fold = after("09:00 created / 10:00 resolve / 12:00 reopen / 12:10 respond / 12:20 engage")
    assert clocks(fold) == {
        "response": "met 60m skipped",
        "resplan": "met 60m skipped",
        "resolution": "met 60m",
        "total_resolution": "running due 07T11:00",
    }


# --- 14: changes of what is promised ----------------------------------------------------------------------------

GOLD = team(
    'match = { priority = "P1", customer = "Contoso" }\ntargets = { response = "10m", resolution = "2h" }',
    'match.priority = ["P1", "P2"]\ntargets = { response = "30m", resolution = "3h" }',
    'match.priority = "P3"\ntargets = { resolution = "8h" }',
)
TO_GOLD = "{0} customer customer=Contoso / {0} priority priority=P1"


@pytest.mark.parametrize(
    ("text", "results"),
    [
        situation("same start, new target", "10:00 priority priority=P3", {"resolution": "running due 17:00"}),
        situation(
            "a new customer",
            "09:05 priority priority=P1 / 09:06 customer customer=Contoso",
            {"response": "running due 09:10", "resolution": "running due 11:00"},
        ),
        situation(
            "waiting is kept",
            "09:10 respond / 09:30 wait / 10:00 resume / 10:20 priority priority=P3",
            {"response": "met 10m", "resolution": "running due 06T09:30"},
        ),
        situation(
            "what stopped keeps its target",
            f"09:20 respond / {TO_GOLD.format('10:00')}",
            {"response": "met 20m", "resolution": "running due 11:00"},
        ),
        situation(
            "a breach born by the change",
            TO_GOLD.format("09:20"),
            {"response": "running due 09:10 retarget", "resolution": "running due 11:00"},
        ),
        situation(
            "it is still the change's when it has stopped",
            f"{TO_GOLD.format('09:20')} / 09:25 respond",
            {"response": "missed 25m retarget", "resolution": "running due 11:00"},
        ),
        situation(
            "a breach from before is not the change's",
            TO_GOLD.format("09:40"),
            {"response": "running due 09:10", "resolution": "running due 11:00"},
        ),
        situation(
            "a breach that the next change takes back, and a later one",
            f"09:15 respond / {TO_GOLD.format('11:40')} / 11:50 priority priority=P3 / 06T10:00 resolve",
            {"response": "met 15m", "resolution": "missed 540m"},
        ),
        situation(
            "a change of a change that was late already",
            f"{TO_GOLD.format('09:20')} / 09:40 priority priority=P2",
            {"response": "running due 09:30 retarget", "resolution": "running due 12:00"},
        ),
        situation(
            "a target that the change brings, too late",
            "09:10 priority priority=P3 / 10:00 priority priority=P2",
            {"response": "running due 09:30 retarget", "resolution": "running due 12:00"},
        ),
        situation(
            "exactly used up is not late",
            TO_GOLD.format("09:10"),
            {"response": "running due 09:10", "resolution": "running due 11:00"},
        ),
        situation(
            "what stops while it has no target has no result",
            "09:10 priority priority=P3 / 10:00 resolve",
            {"resolution": "met 60m"},
        ),
        situation("no policy any more", "09:10 priority priority=P9", {}),
        situation(
            "a policy only after a reopening",
            "09:10 priority priority=P9 / 10:00 resolve / 11:00 reopen / 12:00 priority priority=P3",
            {"total_resolution": "running due 06T10:00"},
        ),
        situation(
            "another word for the same policy",
            "10:00 priority priority=P1",
            {"response": "running due 09:30", "resolution": "running due 12:00"},
        ),
    ],
)
def test_retargeting(text: str, results: dict[str, str]) -> None:
    assert clocks(after(f"09:00 created priority=P2 / {text}", GOLD)) == results


def test_a_policy_may_be_of_a_board_or_a_type() -> None:
    policies = team('match.board = "Network"\ntargets = { response = "10m" }', 'match.type = "printer"\n' + ALL)
    promised = {
        "board=Network": "running due 09:10",
        "type=PRINTER": "running due 10:00",
        "board=Mail type=phone": None,
    }
    for words, response in promised.items():
        assert clocks(after(f"09:00 created {words}", policies)).get("response") == response


def test_retargeted_as_the_specification_has_it() -> None:
    """10:00 at 3 h, retargeted at 11:00 to 2 h, is due 12:00."""
    fold = after(f"10:00 created priority=P2 / {TO_GOLD.format('11:00')}", GOLD)
    assert told(the(fold, Bucket.RESOLUTION)) == "running due 12:00"


def test_a_wait_is_recounted_by_what_the_new_policy_lets_pause() -> None:
    policies = team(f'match.priority = "P1"\nresponse_pauses = true\n{ALL}', ALL)
    waiting = "09:00 created / 09:10 wait"
    assert clocks(after(waiting, policies))["response"] == "running due 10:00"
    changed = after(f"{waiting} / 09:30 priority priority=P1", policies)
    assert clocks(changed)["response"] == "waiting green 50m left"


# --- 18: no SLA -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("policies", "text", "reason"),
    [
        situation("promised", GOLD, "09:00 created priority=P2", None),
        situation("no policy matched", GOLD, "09:00 created priority=P9", "no policy matched"),
        situation("no priority", GOLD, "09:00 created", "no priority"),
        situation("no priority, but it needs none", EVERYONE, "09:00 created", None),
        situation("no priority any more", GOLD, "09:00 created priority=P2 / 09:10 priority", "no priority"),
        situation("no opening time", EVERYONE, "09:00 status status=New", "no opening time"),
        situation("no target from here on", ONLY_RESPONSE, "09:00 created / 09:10 respond", "no target"),
        situation("no target, waiting", ONLY_RESPONSE, "09:00 created / 09:10 respond / 09:20 wait", "no target"),
        situation("resolved: nothing is promised any more", GOLD, "09:00 created / 09:10 resolve", None),
    ],
)  # fmt: skip
def test_no_sla(policies: PolicySet, text: str, reason: str | None) -> None:
    fold = after(text, policies)
    assert fold.no_sla(fold.place(fold.clocks())) == reason


def test_a_ticket_without_a_creation_has_all_but_clocks() -> None:
    fold = after("09:00 claim actor=ana / 09:10 status status=Active / 09:20 resolve / 09:30 reopen")
    ticket = fold.standing
    assert (ticket.owner, ticket.stage, ticket.status, ticket.opened_at) == ("ana", Stage.RESOLVE, "Active", None)
    assert (fold.clocks(), fold.ignored) == ((), [])


# --- 19: imported clocks ----------------------------------------------------------------------------------------


def test_the_sources_own_due_stands_beside_ours() -> None:
    """Whatever event brings it; a clock that has stopped keeps what was said up to then."""
    first = {Bucket.RESPONSE: at("10:01"), Bucket.RESOLUTION: at("06T16:00")}
    second = {Bucket.RESPONSE: at("10:02"), Bucket.RESOLUTION: at("06T16:30")}
    events = [
        replace(event("09:00 created"), source_due=first),
        event("09:20 respond"),
        replace(event("09:30 claim"), source_due=second),
    ]
    fold = after_events(events)
    assert {clock.bucket: clock.source_due for clock in fold.clocks()} == {
        Bucket.RESPONSE: at("10:01"),
        Bucket.RESPLAN: None,
        Bucket.RESOLUTION: at("06T16:30"),
    }
    assert told(the(fold, Bucket.RESOLUTION)) == "running due 06T17:00"


# --- 23: keeping the customer informed --------------------------------------------------------------------------

ASKED = "09:00 created by=customer"


@pytest.mark.parametrize(
    ("text", "results"),
    [
        situation("a ticket that a customer opened asks", ASKED, ["running due 13:00"]),
        situation("one that the team opened does not", "09:00 created", []),
        situation("the first message starts it", "09:00 created / 10:00 asks", ["running due 14:00"]),
        situation("repeats do not move it", f"{ASKED} / 10:00 asks / 11:00 asks", ["running due 13:00"]),
        situation(
            "a customer's call starts it",
            "09:00 created / 10:00 message direction=in channel=phone by=customer",
            ["running due 14:00"],
        ),
        situation("an answer stops it", f"{ASKED} / 10:00 respond / 11:00 respond", ["met 60m"]),
        situation("a late answer", f"{ASKED} / 14:00 respond", ["missed 300m"]),
        situation("an automatic reply does not stop it", f"{ASKED} / 10:00 autoreply", ["running due 13:00"]),
        situation("a note does not stop it", f"{ASKED} / 10:00 note", ["running due 13:00"]),
        situation("a machine's message starts nothing", "09:00 created / 10:00 message direction=in by=automation", []),
        situation(
            "each cycle has its own outcome",
            f"{ASKED} / 10:00 respond / 11:00 asks / 11:10 respond / 12:00 asks",
            ["met 60m", "met 10m", "running due 16:00"],
        ),
        situation("resolution stops it", f"{ASKED} / 10:00 resolve", ["met 60m"]),
        situation("it waits with the ticket", f"{ASKED} / 10:00 wait", ["waiting green 180m left"]),
        situation("and goes on", f"{ASKED} / 10:00 wait / 11:00 resume", ["running due 14:00"]),
        situation("asked while waiting", "09:00 created / 10:00 wait / 11:00 asks", ["waiting green 240m left"]),
        situation(
            "asked while waiting, then resumed",
            "09:00 created / 10:00 wait / 11:00 asks / 12:00 resume",
            ["running due 16:00"],
        ),
        situation("asked when resolved", "09:00 created / 10:00 resolve / 11:00 asks", []),
        situation(
            "asked when resolved, then reopened",
            "09:00 created / 10:00 resolve / 11:00 asks / 11:30 reopen",
            ["running due 15:30"],
        ),
        situation(
            "asked and answered when resolved, then reopened",
            "09:00 created / 10:00 resolve / 11:00 asks / 11:10 respond / 11:30 reopen",
            [],
        ),
        situation("what was asked before the resolution", f"{ASKED} / 10:00 resolve / 11:00 reopen", ["met 60m"]),
    ],
)
def test_update(text: str, results: list[str]) -> None:
    assert list(clocks(after(text, UPDATE)).values()) == results


@pytest.mark.parametrize(
    ("text", "results"),
    [
        situation("an answer starts the next", "09:00 created / 10:00 respond", ["running due 14:00"]),
        situation(
            "and that the one after it",
            f"{ASKED} / 10:00 respond / 11:00 respond",
            ["met 60m", "met 60m", "running due 15:00"],
        ),
        situation("a question does not move it", "09:00 created / 10:00 respond / 11:00 asks", ["running due 14:00"]),
        situation("none after the end", f"{ASKED} / 10:00 resolve / 11:00 respond", ["met 60m"]),
    ],
)  # fmt: skip
def test_update_where_the_customer_is_kept_informed(text: str, results: list[str]) -> None:
    assert list(clocks(after(text, INFORMED)).values()) == results


# --- 15, 24: what a result keeps, and the past ------------------------------------------------------------------


def test_a_clock_says_by_what_it_was_judged() -> None:
    events = story("09:00 created / 09:20 respond / 10:00 wait / 10:30 resume / 11:00 resolve")
    fold = replay("T-1", events, EVERYONE, version=7)
    waits = ((at("10:00"), at("10:30")),)
    assert [(c.bucket, c.policy, c.calendar, c.policy_version, c.waits, c.due_at) for c in fold.clocks()] == [
        (Bucket.RESPONSE, "0", "office", 7, (), at("10:00")),
        (Bucket.RESPLAN, "0", "office", 7, waits, at("13:30")),
        (Bucket.RESOLUTION, "0", "office", 7, waits, at("07T09:30")),
    ]


def test_a_result_has_no_edges_and_keeps_the_zone_it_stopped_in() -> None:
    for time, zone in (("09:10", Zone.GREEN), ("09:30", Zone.YELLOW), ("10:00", Zone.ORANGE), ("11:00", Zone.RED)):
        response = the(after(f"09:00 created / {time} respond"), Bucket.RESPONSE)
        assert (response.yellow_at, response.orange_at, response.red_at) == (None, None, None)
        assert response.zone(at("30T12:00")) is zone


def test_the_past_is_the_events_up_to_then() -> None:
    events = story("09:00 created / 09:10 claim actor=ana / 09:20 respond / 10:00 takeover actor=ben / 11:00 resolve")
    then = after_events([event for event in events if event.at <= at("09:30")]).standing
    assert (then.owner, then.stage, then.changed_at) == ("ana", Stage.PLAN, at("09:20"))
