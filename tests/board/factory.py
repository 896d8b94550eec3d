"""Boards for the tests: made-up companies, a 24x7 and two office calendars, one Friday afternoon."""

from __future__ import annotations

from functools import cache
from math import ceil
from types import MappingProxyType
from typing import Any

from msgspec.structs import replace
from msgspec.structs import replace as changed

from slaboard.board.state import (
    Board,
    Detail,
    Freshness,
    Grid,
    Next,
    Page,
)
from slaboard.board.views import Filter, Tab, View
from slaboard.sla.calendar import BusinessCalendar
from slaboard.ticket import (
    PROMISES,
    STAGE_BUCKET,
    ActorKind,
    Bucket,
    Clock,
    ClockState,
    Direction,
    Engineer,
    Event,
    Kind,
    Stage,
    Ticket,
    Zone,
)

NOW = 1_763_736_067
"""Fri 21 Nov 2025 14:41:07 UTC, 15:41:07 in Berlin, 08:41:07 in Chicago."""
HOUR = 3_600

CUSTOMERS = ("Quillfeather Press", "Tansy Bakery", "Saltmarsh Ferries", "Marrow Lane Vets", "Kestrel Yard", "Café Zürn")
TITLES = (
    "SQL server disk 97% full",
    "E-mail to the warehouse arrives an hour late",
    "Printer queue stuck on PS-02",
    "Reset MFA for the director",
    "Licence expired: CAD on three workstations",
    "Wi-Fi gone on the second floor, meeting at four",
    "Backup job failed: NAS-1",
    "VPN drops every 10 minutes",
)
TEAM = tuple(
    Engineer(name=name, key=key, active=name != "Eve")
    for name, key in (("Ana", "a"), ("Ben", "b"), ("Chi", "h"), ("Dee", "d"), ("Eve", "e"), ("Florentine", "f"))
)


@cache
def calendars() -> MappingProxyType[str, BusinessCalendar]:
    """`always`, `office` in Berlin (open at NOW) and `harbour` in Chicago (closed until 09:00, 16:00 in Berlin)."""
    week = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
    return MappingProxyType(
        {
            "always": BusinessCalendar.from_dict({"timezone": "UTC", "hours": "24x7"}),
            "office": BusinessCalendar.from_dict({"timezone": "Europe/Berlin", "hours": week}),
            "harbour": BusinessCalendar.from_dict({"timezone": "America/Chicago", "hours": week}),
        }
    )


def running(bucket: Bucket, left: int, target: int, calendar: str = "always") -> Clock:
    """A running clock with `left` business seconds at NOW, negative when late; edges at 50 % and 75 %."""
    hours = calendars()[calendar]
    used = target - left

    def edge(share: float) -> int:
        to_come = ceil(share * target) - used
        return hours.due_s(NOW, to_come) if to_come > 0 else NOW + to_come

    return Clock(
        bucket=bucket,
        state=ClockState.RUNNING,
        started_at=NOW - used,
        target_s=target,
        policy="Everyone",
        calendar=calendar,
        yellow_at=edge(0.5),
        orange_at=edge(0.75),
        due_at=edge(1.0),
        red_at=edge(1.0) + 1,
    )


def waiting(bucket: Bucket, left: int, target: int, zone: Zone) -> Clock:
    """A clock that has waited for half an hour."""
    return Clock(
        bucket=bucket,
        state=ClockState.WAITING,
        started_at=NOW - target,
        target_s=target,
        policy="Everyone",
        calendar="office",
        waits=((NOW - 1800, None),),
        frozen_zone=zone,
        left_s=left,
    )


def stopped(bucket: Bucket, elapsed: int, target: int) -> Clock:
    """A clock with a result."""
    met = elapsed <= target
    return Clock(
        bucket=bucket,
        state=ClockState.MET if met else ClockState.MISSED,
        started_at=NOW - 4 * HOUR,
        target_s=target,
        policy="Everyone",
        calendar="always",
        stopped_at=NOW - 4 * HOUR + elapsed,
        elapsed_s=elapsed,
        met=met,
    )


def ticket(number: int, left: int = HOUR, stage: Stage = Stage.RESPOND, calendar: str = "always") -> Ticket:
    """An unclaimed ticket whose clock of `stage` has `left` seconds; earlier clocks are met, later ones run."""
    bucket = STAGE_BUCKET[stage]
    clocks = []
    for each, target in zip(PROMISES, (HOUR, 4 * HOUR, 48 * HOUR), strict=True):
        later = PROMISES.index(each) - PROMISES.index(bucket)
        if later < 0:
            clocks.append(stopped(each, 1200 if number % 3 else target + 60, target))
        elif later == 0:
            clocks.append(running(each, left, target, calendar))
        else:
            clocks.append(running(each, target * (40 + number * 7 % 55) // 100, target, calendar))
    return Ticket(
        id=f"T-{number}",
        title=TITLES[number % len(TITLES)],
        customer=CUSTOMERS[number % len(CUSTOMERS)],
        priority=f"P{2 + number % 3}",
        status="New" if bucket is Bucket.RESPONSE else "Active",
        stage=stage,
        policy="Everyone",
        opened_at=NOW - 2 * HOUR,
        bucket=bucket,
        clocks=tuple(clocks),
    )


def replace_ticket(ticket: Ticket, **changes: object) -> Ticket:
    """`ticket` with other fields."""
    return changed(ticket, **changes)


LEFTS = (79, 187, 202, 234, 238, 333, 373, 418, 450, 492, 700, 880, 931, 1000, 1290, 1411, 1700, 1730, 1790)
STAGES = (Stage.RESPOND, Stage.RESPOND, Stage.PLAN, Stage.RESPOND, Stage.RESPOND, Stage.RESOLVE)


def needing(count: int = 46) -> tuple[Ticket, ...]:
    """What can still be saved, the most urgent first, with one whose calendar is closed and one with a worse clock."""
    found = []
    for i in range(count):
        left = LEFTS[i] if i < len(LEFTS) else 1790 + 97 * (i - len(LEFTS))
        stage = STAGES[i % len(STAGES)] if left < 1700 else Stage.PLAN
        found.append(ticket(10302 + i * 37 % 900, left, stage, "harbour" if i % 7 == 6 else "always"))
    found[3] = replace_ticket(found[3], worse=True, clocks=(found[3].clocks[0], running(Bucket.RESPLAN, -65, 4 * HOUR)))
    return tuple(found)


def all_open() -> tuple[Ticket, ...]:
    """Red, waiting, without a promise, owned, reopened: one of each kind, then the rest."""
    lost = replace_ticket(ticket(10403, -1526), owner="Ana", owned_at=NOW - 600)
    pausing = replace_ticket(
        ticket(10377, 5000, Stage.RESOLVE),
        stage=Stage.WAITING,
        status="Awaiting User Info",
        owner="Ben",
        clocks=(stopped(Bucket.RESPONSE, 900, HOUR), waiting(Bucket.RESOLUTION, 5000, 16 * HOUR, Zone.ORANGE)),
    )
    unpromised = replace_ticket(ticket(10399), bucket=None, clocks=(), policy=None, no_sla="no policy matched")
    reopened = replace_ticket(
        ticket(10388, 7000, Stage.RESOLVE),
        clocks=(
            stopped(Bucket.RESOLUTION, 9000, 16 * HOUR),
            running(Bucket.TOTAL_RESOLUTION, 7000, 16 * HOUR, "office"),
        ),
    )
    return (lost, pausing, unpromised, reopened, *needing(20))


GRID = Grid(
    at=NOW,
    open=370,
    waiting=14,
    no_sla=3,
    cells={
        (bucket, zone): count
        for bucket, counts in zip(PROMISES, ((26, 11, 20, 5), (68, 29, 12, 2), (109, 51, 20, 0)), strict=True)
        for zone, count in zip(Zone, counts, strict=True)
    },
    next={
        Bucket.RESPONSE: Next("T-10315", NOW + 15, "Ana", "always"),
        Bucket.RESPLAN: Next("T-10302", NOW + 202, None, "always"),
        Bucket.RESOLUTION: Next("T-10307", NOW + 70 * HOUR, "Florentine", "always"),
    },
    needs=46,
    breached_unclaimed=6,
)
"""A busy day: 353 on a clock, 14 waiting, 3 without a promise."""

HITS = Grid(
    at=NOW,
    open=9,
    waiting=1,
    cells={(Bucket.RESPONSE, Zone.GREEN): 1, (Bucket.RESPONSE, Zone.ORANGE): 2, (Bucket.RESOLUTION, Zone.GREEN): 5},
    next={Bucket.RESPONSE: Next("T-10339", NOW + 187, None, "always")},
    breached_unclaimed=1,
)


TOLD: tuple[tuple[int, Kind, dict[str, Any]], ...] = (
    (-86_400, Kind.CREATED, {"actor": "mail", "actor_kind": ActorKind.CUSTOMER, "customer": "Kestrel Yard"}),
    (-86_280, Kind.MESSAGE, {"actor": "autoreply", "actor_kind": ActorKind.AUTOMATION, "direction": Direction.OUT}),
    (300, Kind.CLAIM, {"actor": "Ana"}),
    (
        900,
        Kind.MESSAGE,
        {
            "actor": "Ana",
            "direction": Direction.OUT,
            "channel": "phone",
            "note": "Called; they cannot restart it themselves because nobody has the key to the server room.",
        },
    ),
    (1000, Kind.STATUS, {"actor": "Ana", "status": "On hold", "stage": Stage.WAITING, "reason": "customer"}),
    (
        2000,
        Kind.MESSAGE,
        {
            "actor": "Jo\x1b]0;owned\x07",
            "direction": Direction.IN,
            "channel": "email",
            "note": "[/b] the key is\x1b[2J here\r\nnow",
        },
    ),
    (2100, Kind.RELEASE, {"actor": "Ana", "reason": "shift ends"}),
)
"""A short life in seconds after 13:41, with what a hostile sender would write."""


def events(number: int) -> tuple[Event, ...]:
    """The history of ticket `number`, oldest first."""
    return tuple(
        Event(ticket=f"T-{number}", at=NOW - 2 * HOUR + after, kind=kind, **facts) for after, kind, facts in TOLD
    )


def busy() -> Board:
    """The needs tab of a full shared board, the cursor on its fifth ticket."""
    rows = needing()
    return Board(
        now=NOW,
        store_name="brightwater-msp",
        store_path="/srv/team/board.db",
        grid=GRID,
        page=Page(rows=rows, total=46, worst=ticket(10403, -1526)),
        counts={Tab.NEEDS: 46, Tab.MINE: 0, Tab.ALL: 370, Tab.BREACHED: 7},
        cursor=rows[4].id,
        cursor_index=4,
        detail=Detail(rows[4], events(int(rows[4].id[2:]))),
        freshness=Freshness(as_of=NOW),
        shared=True,
        team=TEAM,
        loads={"Ana": 2, "Ben": 14, "Chi": 1, "Florentine": 3},
        calendars=calendars(),
        timezone="Europe/Berlin",
    )


def filtered() -> Board:
    """Three of the 46 that need a claim, by a filter that was kept."""
    rows = needing()[1:46:18]
    return replace(
        busy(),
        hits=HITS,
        filter_text="tansy",
        view=View(filter=Filter(words=("tansy",))),
        page=Page(rows=rows, total=3, worst=ticket(10403, -1526)),
        cursor=rows[0].id,
        cursor_index=0,
    )
