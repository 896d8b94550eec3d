"""Acts at the keyboard: what is asked before one, what is refused here, and what its outcome says. Pure.

A question is bound to a ticket's id: rows may move beneath it, its meaning does not.
"""

from __future__ import annotations

from dataclasses import replace

from slaboard.board import keys
from slaboard.board.instant import utc
from slaboard.board.moves import Session, outcome, tabbed, touched, under_cursor
from slaboard.board.sight import Intent
from slaboard.board.state import Board, Mode, Prompt
from slaboard.board.views import Tab, View
from slaboard.ticket import Ticket

SWAP_MS = 400
"""A row that changed less than this before the key was not what the eye had chosen."""
SILENCE_S = 10
"""After this long without a key a question closes: no half-open claim stays on the wall."""
LAST_S = 60
"""For so long `enter` offers who acted last on this screen."""
UNDO_S = 30
MAX_NAME = 60
"""What may be typed of a name, in characters."""
IDENTITY = "identity"

Step = tuple[Session, Intent | None]
_TITLES = {"claim": "Claim", "release": "Release", "takeover": "Take over"}


def asked(session: Session, verb: str, ms: int) -> Step:
    """Begin `claim`, `release` or `takeover` of the ticket under the cursor: at once, or with a question first."""
    board = session.board
    ticket = under_cursor(board)
    if refusal := _closed_hands(session):
        return outcome(session, "NO", refusal), None
    if ticket is None:
        return outcome(session, "NO", "No ticket is under the cursor."), None
    if session.pending == ticket.id:
        return session, None
    if session.swapped_ms is not None and (since := ms - session.swapped_ms) < SWAP_MS:
        cap = keys.cap(verb, board.keys)
        text = f"the row under the cursor changed {since / 1000:.1f}s before your key: press {cap} again"
        return outcome(session, "MOVED", text), None
    if refusal := _senseless(board, ticket, verb):
        return outcome(session, "NO", refusal), None
    session = touched(session, ms)
    prompt = Prompt(verb, ticket.id, f"{_TITLES[verb]} {ticket.id}", _about(ticket), owner=ticket.owner)
    if verb == "takeover":
        return _prompted(session, Mode.CONFIRM, prompt), None
    return _whose(session, prompt)


def _closed_hands(session: Session) -> str | None:
    board = session.board
    past = session.past_at if session.past_at is not None else board.past_at
    if past is not None:
        cap = keys.cap("past.now" if board.past_only else "back", board.keys)
        short = f"This is the past: nothing can be changed. {cap} goes back to now."
        moment = f"This is the past: {utc(past).removesuffix('Z')} UTC."
        full = f"{moment} Nothing can be changed there; {cap} goes back to now."
        return full if session.width >= len(full) + 8 else short
    if board.read_only:
        return "This board is for looking only: it was asked to be, or the store cannot be written (slaboard doctor)."
    if board.freshness.is_stale(board.now) or board.grid is None:
        return "Claims are off until the store answers."
    return None


def _senseless(board: Board, ticket: Ticket, verb: str) -> str | None:
    """What can be refused before anybody is asked for a name; the store has the last word on the rest."""
    if verb != "claim" and ticket.owner is None:
        return f"Nobody owns {ticket.id}. {keys.cap('claim', board.keys)} claims it."
    if verb == "claim" and board.shared and ticket.owner is not None:
        return f"{ticket.id} is {ticket.owner}'s. {keys.cap('takeover', board.keys)} takes it over."
    return None


def _about(ticket: Ticket) -> str:
    return " · ".join(text for text in (ticket.customer, ticket.title) if text)


def _whose(session: Session, prompt: Prompt) -> Step:
    """Whose act it is: the person's whom this board belongs to, else that is asked."""
    board = session.board
    if board.person is not None and not board.shared:
        return _decided(session, prompt, board.person)
    if board.shared and board.team:
        return _prompted(session, Mode.WHO, prompt), None
    return _prompted(session, Mode.NAME, prompt), None


def _decided(session: Session, prompt: Prompt, who: str) -> Step:
    session = replace(cancelled(session), pending=prompt.ticket, pending_s=session.board.now)
    return session, Intent(prompt.verb, prompt.ticket, who)


def _prompted(session: Session, mode: Mode, prompt: Prompt) -> Session:
    board = replace(session.board, mode=mode, prompt=prompt, outcome=None)
    return heard(replace(session, board=board))


def heard(session: Session) -> Session:
    """A key was pressed while a question is open: its silence begins anew."""
    board = session.board
    if board.prompt is None:
        return session
    closes = board.now + SILENCE_S if board.shared or board.mode is Mode.CONFIRM else 0
    return remembered(replace(session, board=replace(board, prompt=replace(board.prompt, closes_at=closes))))


def remembered(session: Session) -> Session:
    """The open question with who acted last on this screen, for as long as that is offered; closed after silence."""
    board = session.board
    if board.prompt is None:
        return session
    if board.prompt.closes_at and board.now >= board.prompt.closes_at:
        return cancelled(session)
    name, at = session.last or ("", 0)
    age = board.now - at
    last = name if name and age <= LAST_S else None
    return replace(session, board=replace(board, prompt=replace(board.prompt, last=last, last_age_s=age)))


def cancelled(session: Session) -> Session:
    """No question any more."""
    return replace(session, board=replace(session.board, mode=Mode.BOARD, prompt=None))


def identified(session: Session) -> Session:
    """Ask who acts here; on a shared screen nobody does, each claim asks."""
    board = session.board
    if board.shared:
        return outcome(session, "NO", "This screen is shared: it asks at each claim and remembers nobody.")
    prompt = Prompt(IDENTITY, "", "Who acts here?", text=board.person or "")
    return _prompted(session, Mode.NAME, prompt)


# --- answers ----------------------------------------------------------------------------------------------------


def picked(session: Session, letter: str) -> Step:
    """The person of that letter; a letter that nobody has changes nothing."""
    board = session.board
    found = {engineer.key: engineer.name for engineer in board.team}
    who = found.get(letter) or found.get(letter.lower())
    if board.prompt is None or who is None:
        return session, None
    return _decided(session, board.prompt, who)


def picked_last(session: Session) -> Step:
    """Who acted last on this screen, if that is still offered."""
    prompt = session.board.prompt
    return (session, None) if prompt is None or prompt.last is None else _decided(session, prompt, prompt.last)


def named(session: Session) -> Session:
    """Type a name instead of a letter."""
    prompt = session.board.prompt
    return session if prompt is None else _prompted(session, Mode.NAME, replace(prompt, text=""))


def confirmed(session: Session) -> Step:
    """Yes, take it over."""
    prompt = session.board.prompt
    return (session, None) if prompt is None else _whose(session, prompt)


def typed(session: Session, text: str) -> Session:
    """The open question with `text` as its answer so far."""
    board = session.board
    if board.prompt is None:
        return session
    return replace(session, board=replace(board, prompt=replace(board.prompt, text=text[:MAX_NAME])))


def answered(session: Session) -> Step:
    """The typed name; whoever is on the team is meant in whatever case it was typed."""
    board, prompt = session.board, session.board.prompt
    name = " ".join(prompt.text.split()) if prompt is not None else ""
    if prompt is None or not name:
        return session, None
    name = next((engineer.name for engineer in board.team if engineer.name.lower() == name.lower()), name)
    if not board.shared:
        session = _acts_here(session, name)
    if prompt.verb == IDENTITY:
        return outcome(cancelled(session), "OK", f"{name} acts on this board until it is closed"), None
    return _decided(session, prompt, name)


def _acts_here(session: Session, name: str) -> Session:
    """`name` acts here from now on; the list of their tickets follows."""
    board = replace(session.board, person=name)
    session = replace(session, board=board)
    if board.view.tab is not Tab.MINE:
        return replace(session, board=replace(board, view=View(board.view.tab, board.view.filter, name)))
    return tabbed(session, Tab.MINE)


# --- outcomes ---------------------------------------------------------------------------------------------------


def undone(session: Session) -> Step:
    """Take the last act on this screen back, while that is possible."""
    board, undo = session.board, session.undo
    if refusal := _closed_hands(session):
        return outcome(session, "NO", refusal), None
    if undo is None:
        return outcome(session, "NO", f"Nothing to undo: it takes back the last act here, for {UNDO_S} seconds."), None
    return replace(session, undo=None, pending=undo.ticket, pending_s=board.now), undo


def done(session: Session, intent: Intent, seq: int, text: str) -> Session:
    """It is in the store for good: say so, and offer to take it back."""
    now = session.clock
    session = replace(session, pending=None, last=(intent.who, now))
    if intent.verb == "undo":
        return outcome(replace(session, undo=None), "OK", text)
    undo = Intent("undo", intent.ticket, intent.who, seq)
    return outcome(replace(session, undo=undo), "OK", text, undo_until=now + UNDO_S)


def refused(session: Session, word: str, text: str) -> Session:
    """It is not done; the store's own sentence says why."""
    return outcome(replace(session, pending=None), word, text)
