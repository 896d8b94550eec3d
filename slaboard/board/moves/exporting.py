"""Taking the list along: asks for a file's name and says what goes into it. Pure; the app writes."""

from __future__ import annotations

import re

from msgspec.structs import replace

from slaboard.board.instant import stamp
from slaboard.board.moves.effect import Export
from slaboard.board.moves.entry import Line, edited, pasted
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome, touched
from slaboard.board.state import Mode, Prompt

EXPORT = "export"
MAX_FILE = 400
"""What may be typed of a file's name, in characters."""
ENDS = (".csv", ".ndjson")
"""`tab` goes from one to the other."""

Result = tuple[Session, Export | None]


def asked(session: Session, ms: int) -> Result:
    """Ask for a name; a sensible one is typed already."""
    board = session.board
    if board.grid is None:
        return outcome(session, "NO", "There is no list yet: the store has not answered."), None
    total = board.page.total
    moment = board.now if board.past_at is None else board.past_at
    store = re.sub(r"[^\w-]+", "-", board.store_name).strip("-")[:40] or "slaboard"
    name = f"{store}-{board.view.tab}-{stamp(moment, board.timezone)}{ENDS[0]}"
    title = f"Export {total:,} ticket{'' if total == 1 else 's'}"
    about = "What is listed, in its order: every one, not only those on the screen."
    prompt = Prompt(EXPORT, "", title, about, text=name, back=len(ENDS[0]), hint=_ORDINARY)
    board = replace(board, mode=Mode.EXPORT, prompt=prompt, outcome=None)
    return touched(replace(session, board=board), ms), None


_ORDINARY = "CSV for spreadsheets, NDJSON for programs: the name's end says which"


def pressed(session: Session, key: str, character: str | None) -> Result:
    """What `key` does while the name is typed."""
    prompt = session.board.prompt
    if prompt is None or key == "escape":
        return _closed(session), None
    if key == "enter":
        return _decided(session, prompt)
    if key == "tab":
        return _typed(session, prompt, _other(prompt.text)), None
    line = edited(prompt.text, prompt.back, key, character)
    return (session if line is None else _typed(session, prompt, line)), None


def paste(session: Session, text: str) -> Session:
    """`text` in the name that is typed."""
    prompt = session.board.prompt
    return session if prompt is None else _typed(session, prompt, pasted(prompt.text, prompt.back, text))


def refused(session: Session, export: Export) -> Session:
    """The name is taken: ask again, and only the same name said once more puts that file out."""
    hint = f"{export.file} is there already: enter again puts this in its place"
    prompt = Prompt(EXPORT, "", "That file is there", text=export.file, hint=hint, said=export.file)
    return replace(session, board=replace(session.board, mode=Mode.EXPORT, prompt=prompt, outcome=None))


def _decided(session: Session, prompt: Prompt) -> Result:
    file, board = prompt.text.strip(), session.board
    if not file:
        return session, None
    if not file.lower().endswith((*ENDS, ".jsonl")):
        hint = "End the name in .csv or .ndjson (tab does): it says how the file is written"
        return replace(session, board=replace(board, prompt=replace(prompt, hint=hint))), None
    export = Export(
        file, board.view, session.past_at if session.past_at is not None else board.past_at, file == prompt.said
    )
    return outcome(_closed(session), "WAIT", f"writing {file}"), export


def _other(text: str) -> Line:
    """The name with its other end."""
    for end, other in zip(ENDS, reversed(ENDS), strict=True):
        if text.lower().endswith(end):
            return text[: -len(end)] + other, len(other)
    return text + ENDS[0], len(ENDS[0])


def _typed(session: Session, prompt: Prompt, line: Line) -> Session:
    text, back = line
    changed = replace(prompt, text=text[:MAX_FILE], back=back, hint=_ORDINARY, said=None)
    return replace(session, board=replace(session.board, prompt=changed))


def _closed(session: Session) -> Session:
    return replace(session, board=replace(session.board, mode=Mode.BOARD, prompt=None))
