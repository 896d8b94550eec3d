"""Acts on their way and what comes of them: sent together, answered ticket by ticket, taken back together. Pure."""

from __future__ import annotations

from collections import Counter

from msgspec.structs import replace

from slaboard.board.errand import Answer, Errand
from slaboard.board.moves import marks
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome
from slaboard.board.sight import Intent
from slaboard.board.state import Mode, Report

UNDO_S = 30
"""For so long an act can be taken back; the store sees to it."""
REPORT_S = 30
"""For so long a report stays on a shared screen."""
UNDO = "undo"

Acts = tuple[Intent, ...]


def sent(session: Session, verb: str, acts: Acts, done: str) -> tuple[Session, Acts]:
    """The session while `acts`, all somebody's and of one verb, are under way."""
    tickets = tuple(act.ticket for act in acts)
    errand = Errand(verb, acts[0].who, tickets, session.clock, done=done)
    board = marks.without(session.board, tickets)
    return replace(session, board=board, errands=(*session.errands, errand)), acts


def answered(session: Session, verb: str, who: str, answer: Answer) -> Session:
    """The session after one ticket's answer; when it was the last of its errand, what has come of it all."""
    ours = next((e for e in session.errands if e.verb == verb and answer.ticket in e.awaited), None)
    errands = tuple(errand for errand in session.errands if errand is not ours)
    errand = (ours or Errand(verb, who, (answer.ticket,), session.clock)).answered(answer)
    if errand.awaited:
        return replace(session, errands=(*errands, errand))
    return _finished(replace(session, errands=errands), errand)


def _finished(session: Session, errand: Errand) -> Session:
    done = [answer for answer in errand.answers if answer.is_done]
    until = None
    if done:
        session = replace(session, board=replace(session.board, last=(errand.who, session.clock)))
        if errand.verb != UNDO:
            until = session.clock + UNDO_S
            session = replace(session, undo=tuple(Intent(UNDO, a.ticket, errand.who, a.seq) for a in done))
    if len(errand.answers) == 1:
        return outcome(session, errand.answers[0].word, errand.answers[0].text, until)
    return _told(session, errand, done, until)


def _told(session: Session, errand: Errand, done: list[Answer], until: int | None) -> Session:
    """A bulk in one line; where not all of it was done, ticket by ticket over the list."""
    what = f"{errand.done} by {errand.who}"
    if len(done) == len(errand.answers):
        return outcome(session, "OK", f"{len(done)} tickets {what}", until)
    refused = [answer for answer in errand.answers if not answer.is_done]
    words = ", ".join(f"{count} {word}" for word, count in Counter(answer.word for answer in refused).items())
    title = f"{len(done)} of {len(errand.answers)} {what}; {words}"
    session = outcome(session, "PART" if done else refused[0].word, title, until)
    board = session.board
    closes = session.clock + REPORT_S if board.shared else 0
    report = Report(title, (*refused, *done), closes)
    mode = Mode.REPORT if board.mode is Mode.BOARD else board.mode  # nobody's question is covered by it
    return replace(session, board=replace(board, report=report, mode=mode, help_top=0))


def undone(session: Session, tickets: tuple[str, ...], *, is_proven: bool = False) -> tuple[Session, Acts | None]:
    """Take the last act on this screen back, all of it, while that is possible and it is still the one on `tickets`."""
    if not session.undo or tuple(act.ticket for act in session.undo) != tickets:
        text = f"Nothing to undo: it takes back the last act here, for {UNDO_S} seconds."
        return outcome(session, "NO", text), None
    acts = tuple(replace(act, is_proven=is_proven) for act in session.undo)
    return sent(replace(session, undo=()), UNDO, acts, "taken back")
