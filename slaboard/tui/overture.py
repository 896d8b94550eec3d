"""The board until Textual is there: its first session, its feed, and the first pictures on a bare terminal.

Importing Textual takes as long as all the rest of a start. So the store is read and its figures are on the screen
before that begins; the app then goes on from here.
"""

from __future__ import annotations

import gc
import sys
import threading
import time
from collections.abc import Callable, Mapping

from slaboard import machine, wardrobe
from slaboard.board import moves, seeing
from slaboard.board.keymap import keymap
from slaboard.board.render import render
from slaboard.board.session import Session
from slaboard.board.sight import Refresh
from slaboard.board.state import Board
from slaboard.board.theme import PLAIN
from slaboard.board.views import View
from slaboard.config import Settings
from slaboard.feed import Feed, Report
from slaboard.store.driver import version_warning
from slaboard.text import clean
from slaboard.tui import terminal, themes
from slaboard.tui.curtain import Curtain

SWITCH_S = 0.0005
"""After how long a thread that computes gives way. With Python's 5 ms a drawn line waited up to 20 ms to be written,
while the feed was reading."""


def run(settings: Settings) -> int:
    """Show the board until somebody leaves it; the exit code."""
    terminal.heed_no_color()
    sys.setswitchinterval(SWITCH_S)
    gc.disable()  # looking through what is imported, again and again, took 15 ms of a start
    overture = Overture(settings)
    with Curtain(themes.styles(overture.theme)) as curtain:
        overture.play(curtain)
        from slaboard.tui.app import run as go_on

        return go_on(overture)


def wall_clock() -> float:
    """Epoch seconds."""
    return time.time()  # noqa: TID251 the one place beside the commands' clock that reads it


def ms() -> int:
    """Milliseconds of a clock that never jumps: for what the hands do."""
    return int(time.monotonic() * 1000)


class Overture:
    """What a board begins with. `play` paints; without it nothing is painted, and the feed begins with the app."""

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = wall_clock) -> None:
        self.settings, self.clock = settings, clock
        self.keys = keymap(settings.keys, settings.key_places)
        self.theme, problems = (PLAIN, []) if terminal.without_colours() else wardrobe.load(settings.theme)
        self.session = _first(settings, int(clock()), self.keys.printed)
        warning = version_warning()
        if found := [*filter(None, [warning]), *settings.problems, *self.keys.problems, *problems]:
            which = f"1 of {len(found)} (slaboard doctor tells all): " if len(found) > 1 else ""
            self.session = moves.outcome(self.session, "NOTE", which + found[0])
        self.feed = Feed(settings.store, self._hear, lambda: int(clock()), read_only=settings.read_only)
        self.curtain: Curtain | None = None
        self._reports: list[Report] = []
        self._listener: Callable[[Report], None] | None = None
        self._lock = threading.Lock()

    @property
    def asked_to_leave(self) -> int | None:
        """The exit code that a signal asked for before the app could hear it."""
        return None if self.curtain is None else self.curtain.asked_to_leave

    def play(self, curtain: Curtain) -> None:
        """Begin to read, and paint what there is on `curtain` until the app listens."""
        self.curtain = curtain
        self.session = moves.fitted(self.session, *curtain.size)
        self.feed.look(moves.sight(self.session))
        self.feed.start()
        with self._lock:
            self._paint()

    def give_way(self, listener: Callable[[Report], None]) -> list[Report]:
        """From now on reports go to `listener`; returns those that are in no picture yet."""
        with self._lock:
            self._listener = listener
            if self.curtain is None:
                self.feed.look(moves.sight(self.session))
                self.feed.start()
            else:
                gc.freeze()  # what was imported stays
                gc.enable()
            return self._reports

    def _hear(self, report: Report) -> None:
        """On the feed's thread."""
        with self._lock:
            if self._listener is not None:
                self._listener(report)
            elif isinstance(report, Refresh):
                self.session = seeing.refreshed(self.session, report, ms())
                self._paint()
            else:
                self._reports.append(report)

    def _paint(self) -> None:
        if self.curtain is not None:
            self.session = moves.fitted(self.session, *self.curtain.size)
            self.curtain.paint(render(self.session.board, *self.curtain.size))


def _first(settings: Settings, now: int, keys: Mapping[str, str]) -> Session:
    """The board before the store has answered."""
    person = None if settings.shared else settings.person
    return Session(
        Board(
            now=now if settings.past_at is None else settings.past_at,
            store_name=clean(settings.store.stem),
            store_path=clean(str(settings.store)),
            view=View(person=person),
            person=person,
            shared=settings.shared,
            read_only=settings.read_only,
            keys=keys,
            timezone=settings.timezone or machine.timezone(),
            colours=not terminal.without_colours(),
            past_at=settings.past_at,
            past_only=settings.past_at is not None,
        ),
        past_at=settings.past_at,
        wall_s=now,
    )
