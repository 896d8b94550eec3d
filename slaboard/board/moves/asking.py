"""What is asked before an act: which verb, what it says, whether to take over, and whose act it is. Pure.

A question is bound to tickets' ids: rows may move beneath it, its meaning does not.
"""

from __future__ import annotations

from msgspec.structs import replace

from slaboard.board import keys
from slaboard.board.instant import quoted
from slaboard.board.moves import acting, noting, proving
from slaboard.board.moves.acting import Acts
from slaboard.board.moves.choosing import tabbed
from slaboard.board.moves.effect import Proof
from slaboard.board.moves.entry import Line
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import CLAIMS_OFF, outcome, touched
from slaboard.board.sight import Intent
from slaboard.board.state import LAST_S, Board, Mode, Prompt, held, under_cursor
from slaboard.board.verb import BY_ID, BY_LETTER, WAITS, Verb, sensible
from slaboard.board.views import Tab
from slaboard.ticket import Ticket

SWAP_MS = 400
"""A row that changed less than this before the key was not what the eye had chosen."""
SILENCE_S, SILENCE_TYPING_S = 10, 30
"""After this long without a key a question closes: no half-open claim stays on the wall."""
_LONG = (Mode.TEXT, Mode.COMMANDS, Mode.VIEWS, Mode.EXPORT)
"""Where one types, or reads before one chooses."""
MAX_NAME, MAX_TEXT = 60, 2_000
"""What may be typed of a name and of a note, in characters."""
IDENTITY, MENU = "identity", "menu"

Step = tuple[Session, Acts | Proof | None]
Tickets = tuple[Ticket, ...]


# --- which tickets ----------------------------------------------------------------------------------------------


def asked(session: Session, verb: str, ms: int) -> Step:
    """Begin `verb` on the marked tickets, else on the one under the cursor: at once, or with questions first."""
    found = _targets(session, verb, ms)
    return (found, None) if isinstance(found, Session) else _begun(session, BY_ID[verb], found, ms)


def menu(session: Session, ms: int) -> Session:
    """Ask which verb, for the marked tickets or the one under the cursor."""
    found = _targets(session, MENU, ms)
    if isinstance(found, Session):
        return found
    return _prompted(touched(session, ms), Mode.MENU, _bound(MENU, "What now?", found))


def chosen(session: Session, letter: str, ms: int) -> Step:
    """The verb of that letter; one that nobody has, or that makes no sense here, changes nothing."""
    verb, prompt = BY_LETTER.get(letter), session.board.prompt
    if verb is None or prompt is None:
        return session, None
    tickets = tuple(ticket for id_ in prompt.tickets if (ticket := held(session.board, id_)) is not None)
    return _begun(session, verb, tickets, ms) if sensible(verb, tickets, session.board) else (session, None)


def _targets(session: Session, verb: str, ms: int) -> Tickets | Session:
    """What the hands mean; the session that says why not where nothing can be done."""
    board = session.board
    if refusal := closed_hands(session):
        return outcome(session, "NO", refusal)
    if board.marks:
        return tuple(board.marks.values())
    ticket = under_cursor(board)
    if ticket is None:
        return outcome(session, "NO", "No ticket is under the cursor.")
    if ticket.id in session.pending:
        return session
    if session.swapped_ms is not None and (since := ms - session.swapped_ms) < SWAP_MS:
        cap = keys.cap(verb, board.keys) or keys.cap("menu", board.keys)
        return outcome(
            session, "MOVED", f"the row under the cursor changed {since / 1000:.1f}s before your key: press {cap} again"
        )
    return (ticket,)


def closed_hands(session: Session) -> str | None:
    """Why nothing can be changed here now; None when something can."""
    board = session.board
    past = session.past_at if session.past_at is not None else board.past_at
    if past is not None:
        cap = keys.cap("past.now" if board.past_only else "back", board.keys)
        when = "future" if past > session.clock else "past"
        short = f"This is the {when}: nothing can be changed. {cap} goes back to now."
        moment = f"This is the {when}: {quoted(past, board.timezone)}."
        full = f"{moment} Nothing can be changed there; {cap} goes back to now."
        return full if session.width >= len(full) + 8 else short
    if board.read_only:
        return "This board is for looking only: it was asked to be, or the store cannot be written (slaboard doctor)."
    if board.freshness.is_stale(board.now) or board.grid is None:
        return CLAIMS_OFF
    return None


# --- what is asked ----------------------------------------------------------------------------------------------


def _begun(session: Session, verb: Verb, tickets: Tickets, ms: int) -> Step:
    """What can be refused before anybody is asked; the store has the last word on the rest."""
    refusals = [verb.refusal(ticket, session.board) for ticket in tickets]
    if all(refusals):
        return outcome(cancelled(session), "NO", refusals[0] or ""), None
    session = touched(session, ms)
    prompt = _bound(verb.id, verb.title, tickets)
    if verb.confirms:
        owners = sorted({ticket.owner for ticket in tickets if ticket.owner is not None})
        return _prompted(session, Mode.CONFIRM, replace(prompt, owner=" and ".join(owners))), None
    return _worded(session, prompt, tickets)


def _bound(verb: str, title: str, tickets: Tickets) -> Prompt:
    first, *more = tickets
    what = f"{len(tickets)} tickets" if more else first.id
    heading = f"{what}: what now?" if verb == MENU else f"{title} {what}"
    about = ", ".join(ticket.id for ticket in tickets) if more else _about(first)
    return Prompt(verb, first.id, heading, about, more=tuple(ticket.id for ticket in more))


def _about(ticket: Ticket) -> str:
    return " · ".join(text for text in (ticket.customer, ticket.title) if text)


def _worded(session: Session, prompt: Prompt, tickets: Tickets) -> Step:
    """What the act says: typed, where it says something."""
    verb = BY_ID[prompt.verb]
    if not verb.asks:
        return _whose(session, prompt)
    values = {getattr(ticket, verb.field) for ticket in tickets} if verb.field else set()
    text = values.pop() if len(values) == 1 else ""
    choices = _choices(verb, session.board)
    default = choices[0] if verb.id == "wait" else ""
    asked = replace(prompt, hint=verb.asks, text=text, choices=choices, default=default)
    return _prompted(session, Mode.TEXT, asked), None


def _choices(verb: Verb, board: Board) -> tuple[str, ...]:
    if verb.id == "wait":
        return WAITS
    return tuple(filter(None, board.grid.by_priority)) if verb.field == "priority" and board.grid is not None else ()


def _whose(session: Session, prompt: Prompt) -> Step:
    """Whose act it is: the person's whom this board belongs to, else that is asked."""
    board = session.board
    if board.person is not None and not board.shared:
        return _decided(session, prompt, board.person)
    prompt = replace(prompt, text="", back=0, choices=(), hint="", default="")
    return _prompted(session, Mode.WHO if board.shared and board.pickable else Mode.NAME, prompt), None


def _decided(session: Session, prompt: Prompt, who: str) -> Step:
    """The act of `who`, once that is proved where it has to be."""
    if proving.is_needed(session.board, who):
        return _prompted(session, Mode.PIN, proving.question(prompt, who)), None
    return _done(session, prompt, who)


def proven(session: Session, number: int, refusal: str | None, wait_s: int = 0) -> tuple[Session, Acts | None]:
    """What the store says of the PIN of that try: the act, or why not. Nothing once the question is closed."""
    prompt = session.board.prompt
    if prompt is None or not proving.awaits(session, number):
        return session, None
    if refusal is None:
        return _done(session, prompt, prompt.who, is_proven=True)
    if wait_s:
        return outcome(cancelled(session), "NO", f"{refusal} Nothing was changed."), None
    return heard(proving.refused(session, refusal)), None


def _done(session: Session, prompt: Prompt, who: str, *, is_proven: bool = False) -> tuple[Session, Acts | None]:
    if prompt.verb == acting.UNDO:
        return acting.undone(cancelled(session), prompt.tickets, is_proven=is_proven)
    verb = BY_ID[prompt.verb]
    changes: tuple[tuple[str, str], ...] = ()
    text = prompt.said or None
    if verb.field:
        changes, text = ((verb.field, prompt.said or ""),), None
    elif verb.id == "engage":  # the policy may ask for a skill: people bring those of the roster
        skills = next((engineer.skills for engineer in session.board.team if engineer.name == who), ())
        changes = (("skill", ",".join(skills)),) if skills else ()
    name = "set" if verb.field else verb.id
    acts = tuple(
        Intent(name, ticket, who, text=text, changes=changes, is_proven=is_proven) for ticket in prompt.tickets
    )
    return acting.sent(cancelled(session), name, acts, verb.done)


def _prompted(session: Session, mode: Mode, prompt: Prompt) -> Session:
    board = replace(session.board, mode=mode, prompt=prompt, outcome=None)
    return heard(replace(session, board=board))


def heard(session: Session) -> Session:
    """A key was pressed while a question is open: its silence begins anew."""
    board = session.board
    if board.prompt is None:
        return session
    silence = SILENCE_TYPING_S if board.mode in _LONG else SILENCE_S
    closes = board.now + silence if board.shared or board.mode is Mode.CONFIRM else 0
    return remembered(replace(session, board=replace(board, prompt=replace(board.prompt, closes_at=closes))))


def remembered(session: Session) -> Session:
    """The open question with who acted last on this screen, for as long as that is offered; closed after silence."""
    board = session.board
    if board.mode is Mode.REPORT and board.report is not None and 0 < board.report.closes_at <= board.now:
        return cancelled(session)
    if board.prompt is None:
        return noting.aged(session)
    if board.prompt.closes_at and board.now >= board.prompt.closes_at:
        return cancelled(session)
    name, at = board.last or ("", 0)
    age = board.now - at
    last = name if name and age <= LAST_S else None
    return replace(session, board=replace(board, prompt=replace(board.prompt, last=last, last_age_s=age)))


def cancelled(session: Session) -> Session:
    """No question any more, and nothing to read."""
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
    """The person of that letter; a letter that nobody on the team has changes nothing."""
    board = session.board
    found = {engineer.key: engineer.name for engineer in board.pickable}
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
    return session if prompt is None else _prompted(session, Mode.NAME, replace(prompt, text="", back=0))


def confirmed(session: Session) -> Step:
    """Yes, take it over."""
    prompt = session.board.prompt
    return (session, None) if prompt is None else _whose(session, prompt)


def typed(session: Session, line: Line) -> Session:
    """The open question with `line` as its answer so far."""
    board, (text, back) = session.board, line
    if board.prompt is None:
        return session
    if board.mode is Mode.PIN:
        text, back = proving.digits(text), 0
    most = MAX_TEXT if board.mode is Mode.TEXT else MAX_NAME
    return replace(session, board=replace(board, prompt=replace(board.prompt, text=text[:most], back=back, chosen=0)))


def offered(session: Session) -> Session:
    """The next of the answers that the question offers; the first where something else was typed."""
    prompt = session.board.prompt
    if prompt is None or not prompt.choices:
        return session
    here = prompt.choices.index(prompt.text) if prompt.text in prompt.choices else -1
    return typed(session, (prompt.choices[(here + 1) % len(prompt.choices)], 0))


def said(session: Session) -> Step:
    """What was typed is what the act says; an empty one only where it may be."""
    prompt = session.board.prompt
    text = (" ".join(prompt.text.split()) or prompt.default) if prompt is not None else ""
    if prompt is None or (not text and BY_ID[prompt.verb].needs_text):
        return session, None
    return _whose(session, replace(prompt, said=text))


def answered(session: Session) -> Step:
    """The typed name; whoever is on the team is meant in whatever case it was typed."""
    board, prompt = session.board, session.board.prompt
    name = " ".join(prompt.text.split()) if prompt is not None else ""
    if prompt is None or not name:
        return session, None
    engineer = proving.known(board, name)
    name = name if engineer is None else engineer.name
    if board.shared and engineer is not None and not engineer.active:
        left = f"{name} has left the team, so nothing is done in that name. slaboard team add brings people back."
        return outcome(cancelled(session), "NO", left), None
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
        return replace(session, board=replace(board, view=replace(board.view, person=name)))
    return tabbed(session, Tab.MINE)


def undone(session: Session) -> Step:
    """Take the last act on this screen back, while that is possible."""
    if refusal := closed_hands(session):
        return outcome(session, "NO", refusal), None
    who, tickets = session.undo[0].who if session.undo else "", tuple(act.ticket for act in session.undo)
    if not proving.is_needed(session.board, who):
        return acting.undone(session, tickets)
    what = f"{len(tickets)} tickets" if len(tickets) > 1 else tickets[0]
    prompt = Prompt(acting.UNDO, tickets[0], f"Undo on {what}", more=tickets[1:])
    return _prompted(session, Mode.PIN, proving.question(prompt, who)), None
