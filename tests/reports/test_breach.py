"""A missed promise in words: how late, where the time went, what it waited for."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from slaboard.reports.breach import Breach, sentence, spent_sheet
from slaboard.reports.names import Names
from slaboard.sla.autopsy import Autopsy, Share
from slaboard.sla.hands import Part
from slaboard.ticket import Bucket, Clock, ClockState
from tests.sla.story import situation

HOUR = 3_600
CLOCK = Clock(
    bucket=Bucket.RESOLUTION, cycle=0, state=ClockState.MISSED, started_at=0, target_s=HOUR, policy="Gold",
    calendar="24x7", policy_version=1,
)  # fmt: skip
WORKED, IDLE = Share(Part.WORKED, "Ana", 2 * HOUR), Share(Part.IDLE, "Ben", HOUR)


def late(*shares: Share, title: str = "", priority: str | None = None, **clock: object) -> Breach:
    """T-1, late on the 5th; `Awaiting` is a status word."""
    found = Autopsy("T-1", replace(CLOCK, **clock), "UTC", 0, 9 * HOUR, (), shares)
    return Breach("T-1", title, priority, found, "2026-01-05", ("Awaiting",))


@pytest.mark.parametrize(
    ("breach", "said"),
    [
        situation("the longest part first", late(IDLE, WORKED, title="Mail is down", priority="P1"),
                  'T-1 "Mail is down" (P1), 2026-01-05: Resolution took 3h of 1h: 2h worked on (Ana), 1h held without '
                  "recorded work (Ben)."),
        situation("a wait is beside it, for whom it was", late(WORKED, Share(Part.WAITING, "customer", HOUR)),
                  "T-1, 2026-01-05: Resolution took 2h of 1h: 2h worked on (Ana). Beside that it waited 1h for the "
                  "customer, which is not counted."),
        situation("status words are told, other reasons may be names",
                  late(WORKED, Share(Part.WAITING, "Awaiting", HOUR), Share(Part.WAITING, "Bob's boss", 60)),
                  'T-1, 2026-01-05: Resolution took 2h of 1h: 2h worked on (Ana). Beside that it waited 1h for '
                  '"Awaiting" and 1m for somebody else, which is not counted.'),
        situation("three parts and the rest",
                  late(Share(Part.UNSEEN, None, 60), Share(Part.UNCLAIMED, None, 120), IDLE, WORKED),
                  "T-1, 2026-01-05: Resolution took 3h 03m of 1h: 2h worked on (Ana), 1h held without recorded work "
                  "(Ben), 2m seen and nobody's, 1m otherwise."),
        situation("never answered", late(Share(Part.UNSEEN, None, 2 * HOUR), bucket=Bucket.RESPONSE, skipped=True),
                  "T-1, 2026-01-05: Response took 2h of 1h: 2h before anybody saw it. It ended without that step."),
        situation("the promise changed", late(WORKED, cause="retarget"),
                  "T-1, 2026-01-05: Resolution took 2h of 1h: 2h worked on (Ana). A change of its priority or customer "
                  "made it late, not the work."),
        situation("nothing in it", late(), "T-1, 2026-01-05: Resolution took 0s of 1h."),
        situation("a hostile title", late(WORKED, title="\x1b]0;x\x07Mail\u202e\n" + "x" * 500),
                  f'T-1 "\ufffd]0;x\ufffdMail {"x" * 48}…", 2026-01-05: Resolution took 2h of 1h: 2h worked on (Ana).'),
    ],
)  # fmt: skip
def test_in_words(breach: Breach, said: str) -> None:
    assert sentence(breach, Names()) == said


def test_pseudonyms_hide_who() -> None:
    """A customer's wait has no name of a person."""
    told = sentence(late(WORKED, Share(Part.WAITING, "customer", HOUR)), Names(b"key"))
    assert "Ana" not in told
    assert "worked on (Engineer " in told
    assert "for the customer" in told


def test_where_the_time_of_several_went() -> None:
    """Counted parts as shares of the counted time; each reason for a wait by itself, unless it may be a name."""
    breaches = [late(WORKED, IDLE, Share(Part.WAITING, why, 60)) for why in ("customer", "Awaiting", "Bob", "Eve")]
    assert spent_sheet(breaches).texts() == [
        ["claimed but idle", "4h", "33.3 %"], ["worked", "8h", "66.7 %"], ["waiting", "2m", "-"],
        ["waiting for customer", "1m", "-"], ['waiting ("Awaiting")', "1m", "-"],
    ]  # fmt: skip
