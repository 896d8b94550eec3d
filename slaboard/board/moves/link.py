"""What leads elsewhere from a ticket: its id for the clipboard, its link for the browser. Pure."""

from __future__ import annotations

import re

from slaboard.board.moves.effect import Browse, Copy
from slaboard.board.moves.session import Session
from slaboard.board.moves.step import outcome
from slaboard.board.state import under_cursor
from slaboard.text import clean, shorten

MOST_URL = 2_000
"""A longer link is no ticket's."""
# The characters of https://www.rfc-editor.org/rfc/rfc3986#section-2; a name before the host would only deceive.
_URL = re.compile(
    r"https?://(?:[A-Za-z0-9._~%-]+|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?(?:[/?#][A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]*)?",
    re.ASCII | re.IGNORECASE,
)


def is_link(url: str) -> bool:
    """True for an address of http or https that a browser may be given."""
    return len(url) <= MOST_URL and _URL.fullmatch(url) is not None


def copied(session: Session) -> tuple[Session, Copy | None]:
    """The ids of the marked tickets, else of the one under the cursor."""
    board = session.board
    ids = tuple(board.marks) or ((board.cursor,) if board.cursor is not None else ())
    if not ids:
        return outcome(session, "NO", "No ticket is under the cursor."), None
    # In one line: what is pasted into a shell must not run there.
    text = " ".join(clean(id_) for id_ in ids)
    return session, Copy(text, clean(ids[0]) if len(ids) == 1 else f"{len(ids)} ids")


def browsed(session: Session) -> tuple[Session, Browse | None]:
    """The link of the ticket under the cursor, where it has one that is harmless."""
    ticket = under_cursor(session.board)
    if ticket is None:
        return outcome(session, "NO", "No ticket is under the cursor."), None
    if not ticket.url:
        return outcome(session, "NO", f"{ticket.id} has no link: where it came from, it had none."), None
    if not is_link(ticket.url):
        said = f"{ticket.id}'s link is no plain http address: {shorten(clean(ticket.url), 60)}"
        return outcome(session, "NO", said), None
    return session, Browse(ticket.url, ticket.id)
