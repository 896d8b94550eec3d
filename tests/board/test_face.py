"""Faces: what a clock shows, and which clock binds."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from slaboard.board.face import binding, face, note
from slaboard.ticket import Bucket, Clock, ClockState, Stage, Ticket, Zone
from tests.board.factory import HOUR, NOW, all_open, busy, running, stopped, ticket, waiting

LOST, PAUSING, UNPROMISED, REOPENED = all_open()[:4]


@pytest.mark.parametrize(
    ("clock", "letter", "sign", "full"),
    [
        (running(Bucket.RESPONSE, 79, HOUR), "O", " ", "00:01:19"),
        (running(Bucket.RESPONSE, -1526, HOUR), "R", " ", "-00:25:26"),
        (running(Bucket.RESPONSE, 79, HOUR, "harbour"), "O", "c", "00:01:19"),
        (waiting(Bucket.RESOLUTION, 5000, HOUR, Zone.YELLOW), "Y", "w", "1h 23m"),
        (stopped(Bucket.RESPONSE, 900, HOUR), " ", " ", "met"),
        (stopped(Bucket.RESPONSE, 3601, HOUR), " ", " ", "missed"),
        (changed(stopped(Bucket.RESPONSE, 1, HOUR), state=ClockState.CANCELLED), " ", " ", "-"),
        (None, " ", " ", "-"),
    ],
    ids=["running", "late", "closed", "waiting", "met", "missed", "cancelled", "none"],
)
def test_a_clock_has_a_face(clock: Clock | None, letter: str, sign: str, full: str) -> None:
    """Letter, sign and rest; waiting and closed are different signs (rule 6)."""
    shown = face(clock, busy())
    assert (shown.letter, shown.sign, shown.full) == (letter, sign, full)


def test_the_bucket_of_the_stage_binds() -> None:
    """One coloured clock a ticket; none once it has its result."""
    planning = ticket(10_302, 79, Stage.PLAN)
    assert binding(planning) is planning.clock(Bucket.RESPLAN)
    assert binding(changed(planning, clocks=(stopped(Bucket.RESPLAN, 1, HOUR),))) is None
    assert binding(UNPROMISED) is None


def test_after_a_reopen_the_total_binds() -> None:
    """The first resolution's result is frozen; the board counts on the total (rule 13)."""
    assert binding(REOPENED) is REOPENED.clock(Bucket.TOTAL_RESOLUTION)


def test_a_closed_calendar_says_when_it_opens() -> None:
    """In the board's own zone, the longest wording first."""
    away = ticket(10_302, 79, calendar="harbour")
    shown = face(binding(away), busy())
    assert note(away, shown, busy()) == ("closed until 16:00", "closed 16:00", "closed")
    weekend = replace(busy(), now=NOW + 86_400)
    assert note(away, face(binding(away), weekend), weekend)[1] == "closed Mon 16:00"


@pytest.mark.parametrize(
    ("which", "said"), [(PAUSING, "waiting"), (UNPROMISED, "no policy matched")], ids=["waiting", "no SLA"]
)
def test_what_is_out_of_the_ordinary_is_noted(which: Ticket, said: str) -> None:
    """In words, beside the title."""
    assert note(which, face(binding(which), busy()), busy())[0] == said


def test_a_worse_later_clock_is_named() -> None:
    """Rule 2: nothing red may hide behind a green stage."""
    hidden = changed(
        ticket(1), worse=True, clocks=(running(Bucket.RESPONSE, 3000, HOUR), running(Bucket.RESPLAN, -65, HOUR))
    )
    assert note(hidden, face(binding(hidden), busy()), busy()) == ("Plan is red", "! Plan")
