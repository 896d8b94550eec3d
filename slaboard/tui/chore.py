"""Chores: what the app does beside the board, each on a thread of its own, so that no picture waits for a disk."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

from slaboard import outfile, viewfile
from slaboard.board.moves.effect import Export, Keep
from slaboard.errors import SlaboardError
from slaboard.store.sqlite import SqliteStore
from slaboard.store.team.teamviews import TeamViews
from slaboard.text import clean
from slaboard.tui.courier import Delivery
from slaboard.tui.overture import homely

Tell = Callable[[Delivery], None]


def begin(chore: Keep | Export, store: Path, now: int, tell: Tell) -> None:
    """Do it on a daemon thread; `tell` is called there, too, with what became of it."""
    threading.Thread(target=lambda: tell(done(chore, store, now)), name="slaboard-chore", daemon=True).start()


def done(chore: Keep | Export, store: Path, now: int) -> Delivery:
    """Do it now; what became of it in words."""
    try:
        text = kept(chore, store, now) if isinstance(chore, Keep) else exported(chore, store, now)
    except SlaboardError as error:
        return Delivery("NO", homely(str(error)))
    return Delivery("OK", homely(text))


def kept(keep: Keep, store: Path, now: int) -> str:
    """Write a saved view; what was done, as a sentence."""
    name = keep.view.name
    if keep.view.is_team:
        with SqliteStore(store) as opened:
            team = TeamViews(opened)
            if keep.verb == "save":
                team.save(keep.view, keep.who, now)
                return f"{name} is saved for the team"
            if keep.verb == "rename":
                team.rename(name, keep.new)
                return f"{name} is called {keep.new} now, for the team"
            team.remove(name)
            return f"the team has no view {name} any more"
    if keep.verb == "save":
        return f"{name} is saved in {clean(str(viewfile.save(keep.view)), limit=400)}"
    if keep.verb == "rename":
        viewfile.rename(name, keep.new)
        return f"{name} is called {keep.new} now"
    return f"{clean(str(viewfile.remove(name)), limit=400)} is deleted"


def exported(export: Export, store: Path, now: int) -> str:
    """Write the list; where it is now, and how much."""
    with SqliteStore(store, read_only=True) as opened:
        return outfile.exported(opened, export, now)
