"""Marks: ids, not lines; they go when their ticket ends or is taken."""

from __future__ import annotations

import pytest

from slaboard.board.moves import marks
from slaboard.board.moves.session import Session
from slaboard.ticket import Stage
from tests.board.factory import replace_ticket
from tests.board.seat import IDS, TICKETS, heard, hit, hits, seated


def marked(session: Session) -> list[str]:
    """The ids that are marked."""
    return list(session.board.marks)


def said(session: Session) -> str:
    """The outcome line."""
    return f"{session.board.outcome.word} {session.board.outcome.text}" if session.board.outcome else ""


def test_space_marks_and_goes_on() -> None:
    """A second one unmarks."""
    session = hits(seated(), "space", "space", "j", "space")
    assert (marked(session), session.board.cursor) == (["T-100", "T-101", "T-103"], "T-104")
    assert marked(hits(session, "k", "space")) == ["T-100", "T-101"]


def test_an_asterisk_turns_the_marks_of_the_screen_round() -> None:
    """Twice it is as before."""
    session = hits(seated(), "space", "asterisk")
    assert marked(session) == list(IDS[1 : session.rows])
    assert marked(hits(session, "asterisk")) == ["T-100"]


@pytest.mark.parametrize("key", ["backslash", "q", "escape"])
def test_marks_can_be_taken_off_at_once(key: str) -> None:
    """Going back takes them off before it leaves anything."""
    assert marked(hits(seated(), "space", "space", key)) == []


def test_marks_stay_on_their_tickets_when_rows_move() -> None:
    """Also where the ticket is on the screen no more."""
    session = hits(seated(), "space", "space")
    session = heard(session, ["T-150", "T-151", "T-152", *IDS[:17]], ms=90_000)
    assert marked(session) == ["T-100", "T-101"]


def test_a_mark_goes_when_somebody_takes_the_ticket() -> None:
    """And the screen says so: what is acted on must be what is seen."""
    session = hits(seated(), "space", "space", "space")
    taken = {"T-101": replace_ticket(TICKETS["T-101"], owner="Ana")}
    session = heard(session, IDS[:20], ms=90_000, changed=taken)
    assert marked(session) == ["T-100", "T-102"]
    assert said(session) == "MARKS T-101 is Ana's: not marked any more"


def test_a_mark_goes_when_the_ticket_ends() -> None:
    """Several are counted."""
    session = hits(seated(), "space", "space")
    ended = {id_: replace_ticket(TICKETS[id_], stage=Stage.RESOLVED) for id_ in ("T-100", "T-101")}
    session = heard(session, IDS[2:20], ms=90_000, changed=ended)
    assert (marked(session), said(session)) == ([], "MARKS T-100 is resolved, and 1 more: not marked any more")


def test_a_ticket_that_is_gone_is_marked_no_more() -> None:
    """Its row was deleted by another program."""
    session = marks.refreshed(hits(seated(), "space"), {"T-100": None})
    assert said(session) == "MARKS T-100 is gone: not marked any more"


def test_only_so_many_are_marked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each is an act of its own."""
    monkeypatch.setattr(marks, "MOST", 2)
    session = hits(seated(), "space", "space", "space")
    assert marked(session) == ["T-100", "T-101"]
    assert said(session) == "NO 2 tickets are marked: that is the most at once."
    assert len(marked(hits(seated(), "asterisk"))) == 2


def test_a_claim_takes_all_that_is_marked() -> None:
    """Whatever is under the cursor; then nothing is marked any more."""
    session, acts = hit(hits(seated(), "space", "space", "j", "j"), "c")
    assert isinstance(acts, tuple)
    assert [(act.verb, act.ticket, act.who) for act in acts] == [("claim", "T-100", "Ben"), ("claim", "T-101", "Ben")]
    assert marked(session) == []
