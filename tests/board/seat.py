"""Sessions for the tests of moves, questions and keys: a board of twenty tickets, and what a feed would say."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from slaboard.board.keymap import keymap
from slaboard.board.moves import seeing, step
from slaboard.board.moves.press import Result, press
from slaboard.board.moves.session import Session
from slaboard.board.sight import Refresh
from slaboard.board.state import Detail, Page
from slaboard.ticket import Engineer, Ticket
from tests.board import factory

KEYS = keymap({}).actions
SIZE = (80, 24)
TICKETS = {f"T-{number}": factory.ticket(number) for number in range(100, 160)}
IDS = tuple(TICKETS)


def seated(ids: Sequence[str] = IDS[:20], *, person: str | None = "Ben", shared: bool = False) -> Session:
    """Somebody sits down: the cursor is on the first of `ids`."""
    empty = replace(factory.busy(), page=Page(), cursor=None, cursor_index=0, detail=None, person=person, shared=shared)
    session = step.fitted(Session(empty), *SIZE)
    return heard(session, ids, ms=0)


def heard(
    session: Session,
    ids: Sequence[str],
    *,
    ms: int,
    changed: dict[str, Ticket] | None = None,
    left: int = 0,
    total: int | None = None,
    first: int = 0,
    team: tuple[Engineer, ...] = factory.TEAM,
) -> Session:
    """The session after the feed said that the list is `ids` now, `changed` the tickets that are not as they were."""
    now = TICKETS | (changed or {})
    sight = step.sight(session)
    page = Page(tuple(now[id_] for id_ in ids), first, len(ids) if total is None else total)
    others = tuple(now[id_] for id_ in sight.held if id_ not in ids)
    index = next((first + i for i, id_ in enumerate(ids) if id_ == sight.cursor), None)
    shown = now.get(sight.detail or "")
    refresh = Refresh(
        sight, session.board.now, factory.GRID, None, session.board.counts, page, index, others, left,
        Detail(shown) if shown else None, team, {}, factory.calendars(),
        marked=tuple(now[id_] for id_ in sight.marks if id_ in now),
    )  # fmt: skip
    return step.fitted(seeing.refreshed(session, refresh, ms), *SIZE)


def hit(session: Session, key: str, ms: int = 10_000, character: str | None = None) -> Result:
    """One key press; `character` is guessed from one-character keys."""
    char = character if character is not None else key if len(key) == 1 else None
    after, effect = press(session, key, char, KEYS, ms)
    return step.fitted(after, *SIZE), effect


def hits(session: Session, *keys: str, ms: int = 10_000) -> Session:
    """Several key presses that ask for nothing beside the board."""
    for key in keys:
        session, effect = hit(session, key, ms)
        assert effect is None, (key, effect)
    return session


def shown(session: Session) -> list[str]:
    """The ids that are on the screen."""
    rows = session.board.page.rows
    start = session.board.top - session.board.page.first
    return [ticket.id for ticket in rows[start : start + session.rows]]
