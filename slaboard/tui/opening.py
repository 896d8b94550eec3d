"""From a command to a board: the store is being read, its figures are painted, then Textual comes."""

from __future__ import annotations

import gc
import os
import sys

from slaboard.board.saved import SavedView
from slaboard.config import Settings
from slaboard.tui import terminal
from slaboard.tui.early import Early, wall_clock

SWITCH_S = 0.0005
"""After how long a thread that computes gives way. With Python's 5 ms a drawn line waited up to 20 ms to be written,
while the feed was reading."""


def run(settings: Settings, saved: SavedView | None = None) -> int:
    """Show the board, by a saved view if one is given, until somebody leaves it; the exit code."""
    terminal.heed_no_color()
    terminal.heed_size()
    sys.setswitchinterval(SWITCH_S)
    gc.disable()  # looking through what is imported, again and again, took 15 ms of a start
    early = Early(settings, wall_clock, saved)
    early.begin()
    from slaboard.tui import themes
    from slaboard.tui.curtain import Curtain
    from slaboard.tui.overture import Overture

    overture = Overture(settings, early=early, saved=saved)
    with Curtain(themes.styles(themes.worn(overture.dress, os.environ))) as curtain:
        overture.play(curtain)
        from slaboard.tui import app

        return app.run(overture)
