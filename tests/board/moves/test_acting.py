"""Errands: answered ticket by ticket, never all or nothing, taken back together."""

from __future__ import annotations

from slaboard.board.errand import Answer
from slaboard.board.moves import acting, asking, step
from slaboard.board.moves.acting import Acts
from slaboard.board.moves.session import Session
from slaboard.board.sight import Intent
from slaboard.board.state import Mode
from tests.board.seat import hit, hits, seated

SENTENCES = {"LOST": "was taken by Ana 2 seconds ago. Nothing changed.", "GONE": "was resolved by Chi just now."}


def begun(session: Session) -> tuple[Session, Acts]:
    """Three tickets marked and claimed; nothing is answered yet."""
    session, acts = hit(hits(session, "space", "space", "space"), "c")
    assert isinstance(acts, tuple)
    return session, acts


def answered(session: Session, *words: str) -> Session:
    """The three claims answered with these words, in order."""
    for number, word in enumerate(words):
        ticket = f"T-{100 + number}"
        text = f"{ticket} {SENTENCES.get(word, 'is Ben`s')}"
        answer = Answer(ticket, word, text, 7 + number if word == "OK" else None)
        session = acting.answered(session, "claim", "Ben", answer)
    return session


def test_nothing_is_said_before_all_is_known() -> None:
    session, _ = begun(seated())
    session = answered(session, "OK", "LOST")
    assert session.board.outcome is None
    assert session.pending == {"T-102"}


def test_all_done_is_one_line() -> None:
    session = answered(begun(seated())[0], "OK", "OK", "OK")
    assert session.board.outcome is not None
    assert (session.board.outcome.word, session.board.outcome.text) == ("OK", "3 tickets claimed by Ben")
    assert (session.board.mode, session.pending) == (Mode.BOARD, frozenset())


def test_what_was_lost_is_told_ticket_by_ticket() -> None:
    session = answered(begun(seated())[0], "LOST", "OK", "GONE")
    board = session.board
    assert board.outcome is not None
    assert (board.outcome.word, board.outcome.text) == ("PART", "1 of 3 claimed by Ben; 1 LOST, 1 GONE")
    assert board.mode is Mode.REPORT
    assert board.report is not None
    assert [answer.ticket for answer in board.report.answers] == ["T-100", "T-102", "T-101"], "the lost ones first"
    assert hits(session, "q").board.mode is Mode.BOARD


def test_a_report_covers_no_question() -> None:
    session, _ = begun(seated())
    session = answered(hits(session, "slash"), "LOST", "OK", "GONE")
    assert (session.board.mode, session.board.report is not None) == (Mode.FILTER, True)


def test_a_report_leaves_a_shared_screen_by_itself() -> None:
    session, acts = hit(hits(seated(shared=True, person=None), "space", "space", "space", "c"), "b")
    assert isinstance(acts, tuple)
    session = answered(session, "LOST", "OK", "GONE")
    at = session.board.now
    assert asking.remembered(step.ticked(session, at + 29, 0, 0)).board.mode is Mode.REPORT
    assert asking.remembered(step.ticked(session, at + 30, 0, 0)).board.mode is Mode.BOARD


def test_undo_takes_back_all_that_was_done_and_no_more() -> None:
    session = hits(answered(begun(seated())[0], "OK", "LOST", "OK"), "q")
    session, acts = hit(session, "u")
    assert acts == (Intent("undo", "T-100", "Ben", 7), Intent("undo", "T-102", "Ben", 9))
    for act in acts:
        session = acting.answered(session, "undo", "Ben", Answer(act.ticket, "OK", f"undone on {act.ticket}", 20))
    assert session.board.outcome is not None
    assert session.board.outcome.text == "2 tickets taken back by Ben"
    assert hit(session, "u")[1] is None


def test_two_errands_at_once_are_told_apart() -> None:
    session, _ = hit(seated(), "c")
    session, _ = hit(hits(session, "j"), "c")
    session = acting.answered(session, "claim", "Ben", Answer("T-101", "OK", "T-101 is Ben's", 9))
    assert session.pending == {"T-100"}
    session = acting.answered(session, "claim", "Ben", Answer("T-100", "LOST", "T-100 was taken by Ana"))
    assert session.board.outcome is not None
    assert session.board.outcome.word == "LOST"
    assert hit(session, "u")[1] == (Intent("undo", "T-101", "Ben", 9),), "what was lost is nothing to take back"
