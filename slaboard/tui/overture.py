"""The board until Textual is there: its first session, its feed, and the first pictures on a bare terminal.

Importing Textual takes as long as all the rest of a start. So the store is read and its figures are on the screen
before that begins; the app then goes on from here.
"""

from __future__ import annotations

import gc
import os
import threading
import time
from collections.abc import Callable, Iterator, Mapping

from slaboard import themefile
from slaboard.alerts.alert import BELL, HOOK
from slaboard.board.keymap import keymap
from slaboard.board.moves import noting, seeing, step
from slaboard.board.moves.session import Session
from slaboard.board.render import render
from slaboard.board.saved import SavedView
from slaboard.board.sight import Refresh
from slaboard.board.state import Board, Mode
from slaboard.board.theme import PLAIN, Theme
from slaboard.board.trends import Trends
from slaboard.board.views import View
from slaboard.board.wall import Wall, is_night
from slaboard.config import Settings
from slaboard.follow.feed import Report
from slaboard.host import machine
from slaboard.store.disk.driver import version_warning
from slaboard.text import clean
from slaboard.tui import terminal
from slaboard.tui.curtain import Curtain
from slaboard.tui.early import Early, Listener, wall_clock

NIGHT = "night"
"""The theme of a wallboard at night."""
PATIENCE_S = 0.1
"""How long the import of Textual waits for the figures, which take twice as long beside it."""


def ms() -> int:
    """Milliseconds of a clock that never jumps: for what the hands do."""
    return int(time.monotonic() * 1000)


class Overture:
    """What a board begins with. `play` paints; without it nothing is painted, and the feed begins with the app."""

    def __init__(
        self, settings: Settings, *, clock: Callable[[], float] = wall_clock, early: Early | None = None,
        saved: SavedView | None = None,
    ) -> None:  # fmt: skip
        self.settings, self.clock = settings, clock
        self.keys = keymap(settings.keys, settings.key_places)
        self.theme, problems = (
            (PLAIN, []) if terminal.without_colours() else themefile.load(settings.theme, settings.theme_place)
        )
        self.session = _first(settings, int(clock()), self.keys.printed)
        if saved is not None:
            from slaboard.board.moves.viewing import shown  # most boards begin with none, and need not wait for it

            self.session = shown(self.session, saved)
        warning = version_warning()
        found = (*settings.problems, *self.keys.problems, *problems, *_mute(settings), *filter(None, [warning]))
        self.session = noting.noted(self.session, tuple(map(homely, found)))
        self._early = early or Early(settings, clock, saved)
        self.feed = self._early.feed
        self.curtain: Curtain | None = None
        self._reports: list[Report] = []
        self._has_figures = threading.Event()

    @property
    def is_night(self) -> bool:
        """The board begins as a wallboard at night."""
        return is_dim(self.session.board)

    @property
    def dress(self) -> Theme:
        """What the first picture wears."""
        return themefile.load(NIGHT)[0] if self.is_night else self.theme

    @property
    def asked_to_leave(self) -> int | None:
        """The exit code that a signal asked for before the app could hear it."""
        return None if self.curtain is None else self.curtain.asked_to_leave

    def play(self, curtain: Curtain) -> None:
        """Paint what there is, and whatever is read from now on, on `curtain` until the app listens."""
        self.curtain = curtain
        self.session = step.fitted(self.session, *curtain.size)
        self._early.begin(step.sight(self.session))
        self._early.listen(self._hear)
        with self._early.lock:
            if self.session.board.grid is None:
                self._paint()
        self._has_figures.wait(PATIENCE_S)

    def give_way(self, listener: Listener) -> list[Report]:
        """From now on reports go to `listener`; returns those that are in no picture yet."""
        self._early.listen(listener)
        if self.curtain is None:
            self._early.begin(step.sight(self.session))
        else:
            gc.freeze()  # what was imported stays
            gc.enable()
        return self._reports

    def _hear(self, report: Report) -> None:
        """On the feed's thread."""
        if isinstance(report, Refresh):
            self.session = seeing.refreshed(self.session, report, ms())
            self._paint()
            self._has_figures.set()
        else:
            self._reports.append(report)

    def _paint(self) -> None:
        if self.curtain is not None:
            self.session = step.fitted(self.session, *self.curtain.size)
            self.curtain.paint(render(self.session.board, *self.curtain.size))


def is_dim(board: Board) -> bool:
    """True for a wallboard in the hours of the night's theme."""
    return board.mode is Mode.WALL and board.colours and is_night(board.wall, board.now, board.timezone)


def homely(text: str) -> str:
    """`text` with `~` for this person's home: paths are long, and screens may be narrow."""
    home = os.path.expanduser("~")
    return text.replace(f"{home}/", "~/") if len(home) > 1 else text


def _mute(settings: Settings) -> Iterator[str]:
    """Ways of ringing that are wanted and do not work here."""
    if settings.alerts is not None and settings.alerts.ways.keys() - {BELL, HOOK}:
        from slaboard.alerts.ringing import problems  # few want more than the bell

        yield from problems(settings.alerts, os.environ)


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
            is_ahead=settings.past_at is not None and settings.past_at > now,
            past_only=settings.past_at is not None,
            mode=Mode.WALL if settings.is_wall else Mode.TRENDS if settings.is_history else Mode.BOARD,
            trends=Trends(since=now),
            wall=Wall(
                settings.wall_seconds,
                frozenset(settings.wall_show.split()),
                settings.wall_night,
                is_all=settings.is_wall,
                is_still=settings.reduce_motion,
            ),
        ),
        past_at=settings.past_at,
        wall_s=now,
    )
