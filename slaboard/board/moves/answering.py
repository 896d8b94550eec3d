"""Keys while a question is open: a letter, a name, a text, yes or no."""

from __future__ import annotations

from slaboard.board.moves import asking, proving
from slaboard.board.moves.asking import Step
from slaboard.board.moves.entry import edited
from slaboard.board.moves.session import Session
from slaboard.board.state import Mode


def pressed(session: Session, key: str, character: str | None, ms: int) -> Step:
    """What `key` answers; keys that answer nothing leave the question as it is."""
    mode = session.board.mode
    if key == "escape":
        return asking.cancelled(session), None
    if mode is Mode.WHO:
        return _picking(session, key, character)
    if mode is Mode.CONFIRM:
        return _confirming(session, key)
    if mode is Mode.MENU:
        return _choosing(session, character, ms)
    if mode is Mode.PIN:
        return _proving(session, key, character)
    return _typing(session, key, character)


def _typing(session: Session, key: str, character: str | None) -> Step:
    prompt, is_name = session.board.prompt, session.board.mode is Mode.NAME
    if prompt is None:
        return session, None
    if key == "enter":
        return asking.answered(session) if is_name else asking.said(session)
    if key == "tab":
        return asking.offered(session), None
    line = edited(prompt.text, prompt.back, key, character)
    return (session, None) if line is None else (asking.typed(session, line), None)


def _proving(session: Session, key: str, character: str | None) -> Step:
    prompt = session.board.prompt
    if character == "q":  # no PIN has letters
        return asking.cancelled(session), None
    if prompt is None or prompt.is_checked:
        return session, None
    if key == "enter":
        return proving.tried(session)
    line = edited(prompt.text, 0, key, character)
    return (session, None) if line is None else (asking.typed(session, line), None)


def _picking(session: Session, key: str, character: str | None) -> Step:
    if character == "q":  # nobody's letter is q, ? or /
        return asking.cancelled(session), None
    if key == "enter":
        return asking.picked_last(session)
    if character == "/":
        return asking.named(session), None
    return asking.picked(session, character) if character else (session, None)


def _confirming(session: Session, key: str) -> Step:
    if key in ("y", "Y"):
        return asking.confirmed(session)
    return (asking.cancelled(session) if key in ("n", "N", "q") else session), None


def _choosing(session: Session, character: str | None, ms: int) -> Step:
    if character in ("q", "x"):
        return asking.cancelled(session), None
    return asking.chosen(session, character, ms) if character else (session, None)
