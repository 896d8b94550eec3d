"""The detail and the history: what a ticket's life reads like."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from msgspec.structs import replace as changed

from slaboard.board import cells
from slaboard.board.draw import detail as draw_detail
from slaboard.board.history import told
from slaboard.board.state import Detail, Page
from slaboard.sla.autopsy import Autopsy, Share
from slaboard.sla.hands import Part
from slaboard.ticket import ActorKind, Bucket, Direction, Event, Kind, Stage
from tests.board.drawn import text, texts
from tests.board.factory import NOW, all_open, busy, running

HOUR = 3600


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (
            Event(ticket="T-1", at=0, kind=Kind.CREATED, actor="mail", customer="Kestrel Yard"),
            "created by mail for Kestrel Yard",
        ),
        (Event(ticket="T-1", at=0, kind=Kind.CREATED), "created"),
        (Event(ticket="T-1", at=0, kind=Kind.CLAIM, actor="Ana"), "Ana claimed"),
        (Event(ticket="T-1", at=0, kind=Kind.CLAIM, actor="Ana", owner="Ben"), "Ana claimed for Ben"),
        (Event(ticket="T-1", at=0, kind=Kind.RELEASE, actor="Ana", reason="shift ends"), "Ana released: shift ends"),
        (
            Event(
                ticket="T-1", at=0, kind=Kind.STATUS, actor="Ana", status="On hold", stage=Stage.WAITING, reason="parts"
            ),
            "Ana set the status to On hold (waiting: parts)",
        ),
        (Event(ticket="T-1", at=0, kind=Kind.PRIORITY, actor="Ana", priority="P1"), "Ana set the priority to P1"),
        (
            Event(ticket="T-1", at=0, kind=Kind.MESSAGE, actor="Ana", direction=Direction.OUT, channel="phone"),
            "Ana answered by phone",
        ),
        (
            Event(ticket="T-1", at=0, kind=Kind.MESSAGE, direction=Direction.IN, actor_kind=ActorKind.CUSTOMER),
            "the customer wrote",
        ),
        (
            Event(ticket="T-1", at=0, kind=Kind.MESSAGE, direction=Direction.OUT, actor_kind=ActorKind.AUTOMATION),
            "a rule sent an automatic message",
        ),
        (Event(ticket="T-1", at=0, kind=Kind.SURVEY, csat=4, nps=9), "survey: 4 of 5, would recommend 9 of 10"),
        (Event(ticket="T-1", at=0, kind=Kind.UNDO, actor="Ana"), "Ana took back an act"),
        (Event(ticket="T-1", at=0, kind=Kind.NOTE, actor="A\x1b[2Jna"), "A\ufffd[2Jna noted"),
    ],
)
def test_an_event_is_told(event: Event, said: str) -> None:
    """In one clean line, with the verbs of the keys."""
    assert told(event) == said


@pytest.mark.parametrize("kind", Kind)
def test_every_kind_can_be_told(kind: Kind) -> None:
    """Also when nothing else is known."""
    assert told(Event(ticket="T-1", at=0, kind=kind))


def test_the_history_is_newest_first() -> None:
    """The end of the story is what one looks for; days are told apart."""
    drawn = texts(draw_detail.lines(busy(), 60))
    assert (
        drawn.index("14:16      Ana released")
        < drawn.index("13:46      Ana claimed")
        < drawn.index("Thu 13:41  created")
    )


def test_a_long_history_is_capped() -> None:
    """A thousand mails must not cost a second a second."""
    events = tuple(Event(ticket="T-1", at=NOW - i, kind=Kind.NOTE, actor="Ana") for i in range(1000))
    detail = Detail(busy().page.rows[4], events)
    assert texts(draw_detail.lines(replace(busy(), detail=detail), 60)).endswith("and 800 older")


def test_the_ticket_under_the_cursor_is_shown_before_its_history_is_there() -> None:
    """A detail that belongs to another ticket is not."""
    drawn = texts(draw_detail.lines(replace(busy(), cursor="T-10302"), 60))
    assert drawn.startswith("T-10302")
    assert "being read" in drawn
    gone = replace(busy(), cursor="T-0", page=Page())
    assert "Nothing is under the cursor." in texts(draw_detail.lines(gone, 60))


@pytest.mark.parametrize(
    ("index", "said"),
    [
        (0, ["R -00:25:26", "due 15:15", "Ana, since 15:31"]),
        (1, ["of 16h, waiting since 15:11", "15m of 1h, at 11:56", "Now      waiting"]),
        (2, ["No clock runs", "no policy matched"]),
        (3, ["Resolution", "Resl total O    1h 56m", "of 16h, due Mon 09:37"]),
    ],
    ids=["late", "waiting", "no SLA", "reopened"],
)
def test_a_clock_is_told_with_its_due_instant(index: int, said: list[str]) -> None:
    """Two times (rule 5): business time left, and the instant on the wall."""
    rows = all_open()
    board = replace(busy(), page=Page(rows, total=24), cursor=rows[index].id, detail=None)
    drawn = texts(draw_detail.lines(board, 70))
    assert all(part in drawn for part in said)


def test_a_bar_fills_as_the_target_is_used() -> None:
    """All bars are of one length."""
    clocks = (
        running(Bucket.RESPONSE, HOUR, HOUR),
        running(Bucket.RESPLAN, 0, HOUR),
        running(Bucket.RESOLUTION, -9, HOUR),
    )
    fresh = changed(busy().page.rows[0], clocks=clocks)
    board = replace(busy(), cursor=fresh.id, detail=Detail(fresh))
    bars = [text(line)[23:47] for line in draw_detail.lines(board, 70)[2:5]]
    assert bars == ["░" * 24, "█" * 24, "█" * 24]


def test_where_the_time_of_a_late_clock_went() -> None:
    """Between the facts and the history, in as many lines as it needs; names are no mark-up and no control."""
    late = changed(busy().page.rows[0], clocks=(running(Bucket.RESPONSE, -HOUR, HOUR),))
    clock = late.clocks[0]
    shares = (Share(Part.UNSEEN, None, HOUR), Share(Part.IDLE, "A\x1bna", HOUR), Share(Part.OUTSIDE, "office", HOUR))
    found = Autopsy(late.id, clock, "UTC", NOW - 3 * HOUR, NOW, (), shares)
    board = replace(busy(), cursor=late.id, detail=Detail(late, (), (found,)))
    drawn = texts(draw_detail.lines(board, 70))
    assert "Where the time went" in drawn
    assert "Response up to 15:41" in drawn
    assert "1h unseen, 1h claimed but idle (A\ufffdna), 1h outside hours (office)" in drawn
    assert "Where the time went" not in texts(draw_detail.lines(replace(board, detail=Detail(late)), 70))
    assert all(cells.width(text(line)) <= 30 for line in draw_detail.lines(board, 30))
