"""Who somebody is, proved: the PIN that a shared screen asks for before anything is done in their name. Pure."""

from __future__ import annotations

import unicodedata

from msgspec.structs import replace

from slaboard.board.moves.effect import Proof
from slaboard.board.moves.session import Session
from slaboard.board.state import Board, Prompt
from slaboard.ticket import Engineer

MOST_DIGITS = 12
"""As many as a PIN can have (slaboard.store.team.pin.MOST)."""


def known(board: Board, name: str) -> Engineer | None:
    """The person of the roster whom `name` means, in whatever case and width it was typed; None for a stranger."""
    return next((engineer for engineer in board.team if _folded(engineer.name) == _folded(name)), None)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold()


def is_needed(board: Board, who: str) -> bool:
    """True where `who` must prove it: on one's own board and command line the login has done so already."""
    engineer = known(board, who)
    return board.shared and engineer is not None and engineer.has_pin


def question(prompt: Prompt, who: str) -> Prompt:
    """`prompt`, asking for the PIN of `who`."""
    return replace(prompt, who=who, text="", back=0, hint="", choices=(), default="", is_checked=False)


def digits(text: str) -> str:
    """What of `text` can be part of a PIN."""
    return "".join(char for char in text if char.isascii() and char.isdigit())[:MOST_DIGITS]


def tried(session: Session) -> tuple[Session, Proof | None]:
    """Have the store look at what was typed; nothing was typed: nothing is tried."""
    board, prompt = session.board, session.board.prompt
    if prompt is None or prompt.is_checked or not prompt.text:
        return session, None
    number = session.tries + 1
    board = replace(board, prompt=replace(prompt, text="", back=0, hint="", is_checked=True))
    return replace(session, board=board, tries=number), Proof(prompt.who, prompt.text, number)


def awaits(session: Session, number: int) -> bool:
    """True while the question is open to which the try of that number belongs."""
    prompt = session.board.prompt
    return prompt is not None and prompt.is_checked and session.tries == number


def refused(session: Session, sentence: str) -> Session:
    """Ask once more, with why."""
    board, prompt = session.board, session.board.prompt
    if prompt is None:
        return session
    return replace(session, board=replace(board, prompt=replace(question(prompt, prompt.who), hint=sentence)))
